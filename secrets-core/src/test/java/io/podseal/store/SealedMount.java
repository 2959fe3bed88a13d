// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import com.google.crypto.tink.KmsClient;
import io.podseal.Scope;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Values of one keyset in a directory, beside its document, for another process to open by the KEK's file. */
record SealedMount(Path directory, TrustedKeyset keyset) {
    /** One without values; the client wraps the keyset. */
    static SealedMount create(Path directory, KeyType type, String kek, KmsClient client) throws IOException {
        TrustedKeyset keyset = Keysets.create(Workload.API, type);
        Files.createDirectory(directory);
        Files.write(
                directory.resolve(Workload.DOCUMENT),
                Keysets.wrap(keyset, keks(kek, client)).toJson());
        return new SealedMount(directory, keyset);
    }

    void put(String item, byte[] value) throws IOException {
        String token =
                keyset.sealer().seal(Scope.accountBound(Workload.API), value).token();
        Files.writeString(directory.resolve(item), token);
    }

    /** What the other process opens. */
    static SecretStoreBuilder store(String kek, String directory) {
        return SecretStore.of(SecretSource.mount(Path.of(directory), null))
                .identity(Workload.API)
                .keks(keks(kek, LocalKms.allowedInCluster()));
    }

    private static Keks keks(String kek, KmsClient client) {
        return Keks.builder().kek(kek).client(client).build();
    }
}
