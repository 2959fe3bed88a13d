// SPDX-License-Identifier: Apache-2.0
package io.podseal.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podseal.Scope;
import io.podseal.SecretSealer;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.store.SecretSource;
import io.podseal.store.SecretStore;
import io.podseal.store.SourceItem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A carrier in memory: sealed items and their keyset document, as a Secret would bring them. */
final class SealedItems implements SecretSource {
    private static final String SECRET = "db-credentials";

    private final List<SourceItem> items = new ArrayList<>();
    private final Keks keks;

    SealedItems(KeyType type, int count, int bytes) {
        keks = freshKek();
        TrustedKeyset keyset = Keysets.create(KnownKey.API, type);
        SecretSealer sealer = keyset.sealer();
        Random random = new Random(bytes);
        for (int i = 0; i < count; i++) {
            byte[] plaintext = new byte[bytes];
            random.nextBytes(plaintext);
            String name = "item-" + i;
            items.add(new SourceItem(
                    name,
                    sealer.seal(Scope.item(KnownKey.API, SECRET, name), plaintext)
                            .token()
                            .getBytes(ISO_8859_1)));
        }
        EncryptedKeyset document = Keysets.wrap(keyset, keks);
        items.add(new SourceItem(EncryptedKeyset.fileName(KnownKey.API, type.isHybrid()), document.toJson()));
    }

    static SecretStore store(int count, int bytes) {
        return new SealedItems(KeyType.AES256_GCM, count, bytes).open();
    }

    SecretStore open() {
        return SecretStore.of(this).identity(KnownKey.API).keks(keks).open();
    }

    private static Keks freshKek() {
        try {
            Path directory = Files.createTempDirectory("podseal-benchmark");
            Path kek = directory.resolve("kek.json");
            LocalKms.createKek(kek);
            directory.toFile().deleteOnExit(); // in reverse order: the file goes first
            kek.toFile().deleteOnExit();
            return Keks.builder()
                    .kek("local-kms:" + kek)
                    .client(LocalKms.allowedInCluster())
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<SourceItem> read() {
        return items;
    }

    @Override
    public String secretName() {
        return SECRET;
    }
}
