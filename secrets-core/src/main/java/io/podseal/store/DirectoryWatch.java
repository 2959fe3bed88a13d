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

/** Tells when something in a directory changed, through the operating system's notification. */
final class DirectoryWatch implements SecretSource.Watch {
    private final WatchService service;

    private DirectoryWatch(WatchService service) {
        this.service = service;
    }

    /** A watch, or, where the operating system lends none, one that never tells: the owner polls as well. */
    static SecretSource.Watch start(Path directory, Executor executor, Runnable changed) {
        try {
            WatchService service = directory.getFileSystem().newWatchService();
            DirectoryWatch watch = new DirectoryWatch(service);
            try {
                directory.register(service, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            } catch (IOException e) {
                watch.close();
                return () -> {};
            }
            executor.execute(() -> watch.run(changed));
            return watch;
        } catch (IOException outOfWatches) {
            return () -> {};
        }
    }

    private void run(Runnable changed) {
        try {
            changed.run(); // for what happened between the last reading and the registration
            boolean valid = true;
            while (valid) {
                WatchKey key = service.take();
                key.pollEvents();
                valid = key.reset();
                changed.run();
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
