// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Values of the Secret {@code db-credentials}, sealed here for an account. */
final class SealedVolume {
    static final String SECRET = "db-credentials";

    private final ServiceAccount account;
    private final TrustedKeyset keyset;
    private final String kek;
    private final byte[] document;

    SealedVolume(ServiceAccount account, Path folder) throws IOException {
        this.account = account;
        this.keyset = Keysets.create(account, KeyType.AES256_GCM);
        Path file = folder.resolve("dev.kek");
        LocalKms.createKek(file);
        this.kek = "local-kms:" + file;
        this.document = Keysets.wrap(
                        keyset,
                        Keks.builder()
                                .kek(kek)
                                .client(LocalKms.allowedInCluster())
                                .build())
                .toJson();
    }

    /** The KEK's URI. */
    String kek() {
        return kek;
    }

    /** The keyset document and these values, sealed. */
    Map<String, byte[]> items(Map<String, byte[]> values) {
        Map<String, byte[]> items = new TreeMap<>();
        items.put("api.keyset.json", document);
        values.forEach((key, value) -> items.put(
                key,
                keyset.sealer()
                        .seal(Scope.item(account, SECRET, key), value)
                        .token()
                        .getBytes(UTF_8)));
        return items;
    }
}
