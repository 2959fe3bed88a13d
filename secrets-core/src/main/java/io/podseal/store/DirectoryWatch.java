// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Tells when something in a directory changed, through the operating system's notification. */
final class DirectoryWatch implements SecretSource.Watch {
    private static final long RETRY_SECONDS = 1;

    private final Path directory;
    private final WatchService service;

    private DirectoryWatch(Path directory, WatchService service) {
        this.directory = directory;
        this.service = service;
    }

    /** A watch, or, where the operating system lends none, one that never tells: the owner polls as well. */
    static SecretSource.Watch start(Path directory, Executor executor, Runnable changed) {
        try {
            DirectoryWatch watch =
                    new DirectoryWatch(directory, directory.getFileSystem().newWatchService());
            try {
                executor.execute(() -> watch.run(changed));
            } catch (RejectedExecutionException ownersShutdown) {
                watch.close();
                throw ownersShutdown;
            }
            return watch;
        } catch (IOException outOfWatches) {
            return () -> {};
        }
    }

    private void run(Runnable changed) {
        try {
            while (true) {
                boolean registered = register();
                changed.run(); // for what happened before, the directory's removal too
                while (!registered) {
                    service.poll(RETRY_SECONDS, TimeUnit.SECONDS);
                    registered = register();
                }
                tellUntilLost(changed);
            }
        } catch (ClosedWatchServiceException closed) {
            // the store was closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean register() {
        try {
            directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            return true;
        } catch (IOException notThere) {
            return false;
        }
    }

    /** Returns when the directory is removed; another may take its place. */
    private void tellUntilLost(Runnable changed) throws InterruptedException {
        changed.run(); // for what happened before the registration
        WatchKey key;
        do {
            key = service.take();
            key.pollEvents();
            changed.run();
        } while (key.reset());
    }

    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            throw new IllegalStateException("a watch could not be closed", e);
        }
    }
}
