// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.manifest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.SealedValue;
import io.podseal.SecretSealer;
import io.podseal.ServiceAccount;
import io.podseal.keyset.EncryptedKeyset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is to be sealed in a manifest, after everything was checked that needs no key. Not thread-safe, used once. */
public final class SealingPlan {
    private final Draft draft;
    private final ServiceAccount account;
    private final boolean accountBound;
    private final List<Plaintext> plaintexts = new ArrayList<>();
    private final List<String> withLineFeed = new ArrayList<>();

    private record Plaintext(SecretItem item, Scope scope) {}

    SealingPlan(SourceText source, ServiceAccount account, boolean accountBound) {
        this.draft = new Draft(source);
        this.account = account;
        this.accountBound = accountBound;
        for (SecretObject secret : draft.secrets()) {
            SecretRules.check(secret, account, accountBound);
            for (SecretItem item : secret.items()) {
                plan(secret, item);
            }
        }
    }

    private void plan(SecretObject secret, SecretItem item) {
        byte[] bytes = item.bytes();
        try {
            // Checks the key's grammar also where the name is not fixed.
            Scope place = Scope.item(account, secret.name() == null ? "unnamed" : secret.name(), item.name());
            if (isKeyset(item, bytes)) {
                return;
            }
            if (SealedValue.isTokenLike(bytes)) {
                SealedValue.parse(
                        SealedValue.withoutLineEnd(bytes), secret.name() == null ? Scope.accountBound(account) : place);
                return;
            }
            if (bytes.length > SecretSealer.MAX_PLAINTEXT_BYTES) {
                throw ErrorCode.SIZE.because(
                        "a value has at most " + SecretSealer.MAX_PLAINTEXT_BYTES + " bytes, this has " + bytes.length);
            }
            if (bytes.length > 0 && bytes[bytes.length - 1] == '\n') {
                withLineFeed.add(item.where());
            }
            plaintexts.add(new Plaintext(item, accountBound ? Scope.accountBound(account) : place));
        } catch (PodsealException refused) {
            throw refused.at(item.where());
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private boolean isKeyset(SecretItem item, byte[] bytes) {
        Optional<EncryptedKeyset> document = KeysetItem.parse(bytes);
        if (document.filter(d -> d.identity().equals(account)).isPresent()) {
            return true;
        }
        if (KeysetItem.isNamedSo(item.name())) {
            throw ErrorCode.CONFIGURATION.because("items called *" + EncryptedKeyset.FILE_SUFFIX
                    + " are keyset documents, and this is "
                    + document.map(d -> "that of " + d.identity()).orElse("none that can be read")
                    + "; it must be one of " + account + ", or have another name");
        }
        return false;
    }

    /** The items whose values end in a line feed, which would be sealed with them. */
    public List<String> withLineFeed() {
        return List.copyOf(withLineFeed);
    }

    /**
     * Seals.
     *
     * @throws PodsealException {@code SIZE} where a Secret grows beyond what Kubernetes takes, {@code FORMAT} where the file
     *     cannot be edited safely
     */
    public Manifest seal(SecretSealer sealer) {
        for (Plaintext planned : plaintexts) {
            SecretItem item = planned.item();
            byte[] bytes = item.bytes();
            try {
                String written =
                        item.written(sealer.seal(planned.scope(), bytes).token().getBytes(US_ASCII));
                draft.scalars().replace(item.value(), written);
                item.becomes(item.key(), item.value().with(written));
            } finally {
                Arrays.fill(bytes, (byte) 0);
            }
        }
        Manifest sealed = new Manifest(draft.finish());
        sealed.requireSizes();
        return sealed;
    }
}
