// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import java.util.concurrent.ThreadFactory;

/** Named daemon threads, which never keep a JVM alive. */
final class DaemonThreads {
    private DaemonThreads() {}

    static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }
}
