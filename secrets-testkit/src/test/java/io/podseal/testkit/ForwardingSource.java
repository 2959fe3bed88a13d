// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A carrier that passes everything on, for one that does all but one thing. */
class ForwardingSource implements SecretSource {
    final SecretSource good;

    ForwardingSource(SecretSource good) {
        this.good = good;
    }

    @Override
    public List<SourceItem> read() {
        return good.read();
    }

    @Override
    public @Nullable String secretName() {
        return good.secretName();
    }

    @Override
    public boolean isConfigured() {
        return good.isConfigured();
    }

    @Override
    public boolean isLive() {
        return good.isLive();
    }

    @Override
    public Watch watch(Executor executor, Runnable changed) {
        return good.watch(executor, changed);
    }

    @Override
    public void close() {
        good.close();
    }

    @Override
    public String toString() {
        return good.toString();
    }
}
