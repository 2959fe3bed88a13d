// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import io.podseal.testkit.FakeKms;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The threads that ask a KMS to unwrap. */
public final class CallThreads {
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** That answer, given to a thread that is then in the list. */
    public FakeKms.Answer before(FakeKms.Answer answer) {
        return (kek, wrapped, associatedData) -> {
            threads.add(Thread.currentThread());
            return answer.decrypt(kek, wrapped, associatedData);
        };
    }

    /** In the order of their calls. */
    public List<Thread> list() {
        return List.copyOf(threads);
    }

    /** Waits for the end of all. */
    public void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
