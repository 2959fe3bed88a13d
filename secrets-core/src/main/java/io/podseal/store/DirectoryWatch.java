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
import java.util.concurrent.TimeUnit;

/** Tells when something in a directory changed, through the operating system's notification. */
final class DirectoryWatch implements SecretSource.Watch {
    private static final long RETRY_SECONDS = 30;

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
            boolean registered = watch.register();
            executor.execute(() -> watch.run(registered, changed));
            return watch;
        } catch (IOException outOfWatches) {
            return () -> {};
        }
    }

    private boolean register() {
        try {
            directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            return true;
        } catch (IOException notNow) {
            return false;
        }
    }

    private void run(boolean registered, Runnable changed) {
        try {
            boolean watching = registered;
            while (true) {
                changed.run(); // first for what happened between the last reading and the registration
                if (watching) {
                    WatchKey key = service.take();
                    key.pollEvents();
                    watching = key.reset() || register(); // the directory may have been made anew
                } else {
                    service.poll(RETRY_SECONDS, TimeUnit.SECONDS);
                    watching = register();
                }
            }
        } catch (ClosedWatchServiceException closed) {
            // the store was closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
