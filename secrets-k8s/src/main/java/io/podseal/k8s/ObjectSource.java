// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One Secret or ConfigMap by its name, through the API server. */
final class ObjectSource implements SecretSource {
    private final ObjectReference object;
    private final @Nullable String secretName;
    private final boolean documentsOnly;
    private final KubernetesSourcesBuilder options;
    private final SharedClient.Lease lease;
    private final Set<ObjectWatch> watches = new CopyOnWriteArraySet<>();
    private volatile boolean started;

    /** What the last reading found; null before the first. */
    private volatile @Nullable Seen seen;

    /**
     * @param secretName the Secret that its values were sealed for; null for keyset documents
     * @param documentsOnly whether to read keyset documents only, whatever else lies beside them
     */
    ObjectSource(
            ObjectReference object,
            @Nullable String secretName,
            boolean documentsOnly,
            SharedClient client,
            KubernetesSourcesBuilder options) {
        this.object = object;
        this.secretName = secretName;
        this.documentsOnly = documentsOnly;
        this.options = options;
        this.lease = client.new Lease();
    }

    @Override
    public List<SourceItem> read() {
        return read(new StartRetry(options));
    }

    @Override
    public List<SourceItem> readWithoutWaiting() {
        return read(new StartRetry(options).withoutWaiting());
    }

    private List<SourceItem> read(StartRetry start) {
        if (started) {
            return once();
        }
        try {
            return start.call(this::ask);
        } finally {
            started = true;
        }
    }

    private List<SourceItem> once() {
        try {
            return ask();
        } catch (CallFailure failure) {
            throw failure.reason();
        }
    }

    private List<SourceItem> ask() throws CallFailure {
        ApiClient client = lease.client();
        ObjectReference resolved = object.in(client.connection().namespaceOf(object.namespace()));
        KubernetesObject found;
        try {
            found = client.get(resolved);
        } catch (CallFailure failure) {
            if (failure.kind() == CallFailure.Kind.ABSENT) {
                answered(client, resolved, Seen.NOTHING);
            } else if (failure.kind() == CallFailure.Kind.SILENT) {
                watches.forEach(ObjectWatch::distrust);
            }
            throw failure;
        }
        answered(client, resolved, seen(found));
        List<SourceItem> items = items(found, resolved);
        if (items.isEmpty()) {
            throw new CallFailure(CallFailure.Kind.ABSENT, ErrorCode.SOURCE_MISSING.because(empty(resolved)));
        }
        return items;
    }

    private void answered(ApiClient client, ObjectReference resolved, Seen now) {
        Seen before = seen;
        seen = now;
        boolean changed = before != null && !before.isSame(now);
        watches.forEach(watch -> watch.answered(client, resolved, now, changed));
    }

    private List<SourceItem> items(KubernetesObject found, ObjectReference resolved) throws CallFailure {
        Predicate<String> wanted = documentsOnly ? name -> name.endsWith(EncryptedKeyset.FILE_SUFFIX) : name -> true;
        try {
            return found.items(wanted);
        } catch (PodsealException refused) {
            throw new CallFailure(CallFailure.Kind.FINAL, refused.at(resolved.toString()));
        }
    }

    private String empty(ObjectReference resolved) {
        return documentsOnly
                ? resolved + " has no item that ends with " + EncryptedKeyset.FILE_SUFFIX
                        + "; deliver the account's keyset document there, or correct podseal.keysets"
                : resolved + " has no items; put sealed values into it";
    }

    /** What was found; under the version that was read last it needs no second look. */
    Seen seen(KubernetesObject found) {
        Seen last = seen;
        String version = found.version();
        return last != null && version != null && version.equals(last.version()) ? last : new Seen(found);
    }

    /** Whether that is not what was read last, which a watch then tells again. */
    boolean isNews(Seen told) {
        Seen last = seen;
        return last == null || !last.isSame(told);
    }

    @Override
    public @Nullable String secretName() {
        return secretName;
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public boolean isConfigured() {
        return options.isConfigured();
    }

    /** It needs none of the executor's threads. */
    @Override
    public Watch watch(Executor executor, Runnable changed) {
        ObjectWatch watch = new ObjectWatch(this, changed, options);
        watches.add(watch);
        Seen last = seen;
        if (last != null) {
            ApiClient client = lease.client();
            watch.answered(client, object.in(client.connection().namespaceOf(object.namespace())), last, false);
        }
        return watch;
    }

    /** A watch was closed. */
    void ended(ObjectWatch watch) {
        watches.remove(watch);
    }

    @Override
    public void close() {
        watches.forEach(ObjectWatch::close);
        lease.close();
    }

    @Override
    public String toString() {
        return object.toString();
    }
}
