// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client for many sources: made when the first of them reads, closed when the last of them is. Thread-safe. */
final class SharedClient {
    private final Supplier<ApiClient> maker;
    private int leases;
    private @Nullable ApiClient client;

    SharedClient(Supplier<ApiClient> maker) {
        this.maker = maker;
    }

    private synchronized ApiClient acquire() {
        if (client == null) {
            client = make();
        }
        leases++;
        return client;
    }

    /** The client library reads what a kubeconfig names; its texts may show what it read. */
    private ApiClient make() {
        try {
            return maker.get();
        } catch (PodsealException why) {
            throw why;
        } catch (RuntimeException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("no client for the API server can be made ("
                    + e.getClass().getName() + "); check the certificates and keys that podseal.kubernetes.* name");
        }
    }

    private synchronized void release() {
        if (--leases == 0 && client != null) {
            client.close();
            client = null;
        }
    }

    /** One source's part in it. */
    final class Lease implements AutoCloseable {
        private @Nullable ApiClient held;
        private boolean closed;

        /** @throws PodsealException where none can be made */
        synchronized ApiClient client() {
            if (closed) {
                throw ErrorCode.SOURCE_UNAVAILABLE.because("closed: its store has ended");
            }
            if (held == null) {
                held = acquire();
            }
            return held;
        }

        @Override
        public synchronized void close() {
            closed = true;
            if (held != null) {
                held = null;
                release();
            }
        }
    }
}
