// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.proto.HpkePrivateKey;
import com.google.crypto.tink.proto.HpkePublicKey;
import com.google.crypto.tink.proto.KeyData.KeyMaterialType;
import com.google.crypto.tink.proto.Keyset;
import com.google.protobuf.ByteString;
import io.podseal.SecretOpener;
import io.podseal.SecretValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The worked example of docs/spec/format-v1.md is read from the page itself: neither can change without the other. */
final class SpecificationExampleTest {
    private static final Path PAGE = Path.of("..", "docs", "spec", "format-v1.md");

    /** The contents of the page's fenced blocks of that kind. */
    private static List<String> blocks(String kind) throws IOException {
        return Pattern.compile("^```" + kind + "\n(.*?)\n```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static TrustedKeyset trusted(Keyset keyset) {
        return new TrustedKeyset(Accounts.API, KeysetPolicy.parse(keyset.toByteArray()));
    }

    private static TrustedKeyset symmetric() {
        return trusted(TinkKeysets.keyset(TinkKeysets.aesGcm(42, 32)));
    }

    private static TrustedKeyset hybrid() throws IOException {
        String publicKey = "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f";
        assertThat(Files.readString(PAGE)).contains("`" + publicKey + "`");
        HpkePrivateKey template = TinkKeysets.hpkeKey(TinkKeysets.hpke(43));
        HpkePublicKey published = template.getPublicKey().toBuilder()
                .setPublicKey(ByteString.copyFrom(HexFormat.of().parseHex(publicKey)))
                .build();
        HpkePrivateKey key = template.toBuilder()
                .setPublicKey(published)
                .setPrivateKey(TinkKeysets.bytes(32))
                .build();
        return trusted(TinkKeysets.keyset(
                TinkKeysets.key(43, TinkKeysets.data("HpkePrivateKey", KeyMaterialType.ASYMMETRIC_PRIVATE, key))));
    }

    private static void opensToTheExample(SecretOpener opener, String token) {
        try (SecretValue secret = opener.open(token, Accounts.PASSWORD)) {
            assertThat(secret.revealString()).isEqualTo("example");
        }
    }

    @Test
    void tokensOpen() throws IOException {
        assertThat(blocks("token")).hasSize(2);
        opensToTheExample(symmetric().opener(), blocks("token").get(0));
        opensToTheExample(hybrid().opener(), blocks("token").get(1));
    }

    @Test
    void fingerprintsAreThose() throws IOException {
        assertThat(blocks("fingerprint")).containsExactly(symmetric().fingerprint(), hybrid().fingerprint());
    }

    @Test
    void publicDocumentIsWrittenSo() throws IOException {
        assertThat(blocks("public"))
                .containsExactly(new String(hybrid().publicKeyset().toJson(), UTF_8).strip());
    }

    @Test
    void bytesOfTheTablesAreThoseOfTheTokenAndTheKeyset() throws IOException {
        String page = Files.readString(PAGE);
        String token = blocks("token").get(0);
        int colon = token.lastIndexOf(':');
        String hex = HexFormat.of().formatHex(token.substring(0, colon).getBytes(UTF_8))
                + HexFormat.of().formatHex("example".getBytes(UTF_8))
                + HexFormat.of().formatHex(Base64.getUrlDecoder().decode(token.substring(colon + 1)));
        assertThat(table(page, "### A.1", "### A.2")).isEqualTo(hex);
        assertThat(table(page, "### A.2", "### A.3"))
                .isEqualTo(HexFormat.of()
                        .formatHex(
                                TinkKeysets.keyset(TinkKeysets.aesGcm(42, 32)).toByteArray()));
    }

    /** All bytes in the tables between two headings, joined. */
    private static String table(String page, String from, String to) {
        String part = page.substring(page.indexOf(from), page.indexOf(to));
        StringBuilder bytes = new StringBuilder();
        Pattern.compile("^\\|[^`|]*(?:\\|[^`|]*)?`((?:[0-9a-f]{2})+)` \\|", Pattern.MULTILINE)
                .matcher(part)
                .results()
                .forEach(row -> bytes.append(row.group(1)));
        return bytes.toString();
    }

    @Test
    void keysetDocumentUnwraps(@TempDir Path folder) throws IOException, GeneralSecurityException {
        Path file = folder.resolve("kek.json");
        StringBuilder kekBytes = new StringBuilder();
        for (int b = 0x20; b < 0x40; b++) {
            kekBytes.append((char) b);
        }
        ByteString value =
                ByteString.copyFrom(new byte[] {0x1a, 0x20}).concat(ByteString.copyFromUtf8(kekBytes.toString()));
        Files.writeString(
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
                "{\"primaryKeyId\":7,\"key\":[{\"keyData\":{\"typeUrl\":\"type.googleapis.com/google.crypto.tink.AesGcmKey\",\"value\":\""
                        + Base64.getEncoder().encodeToString(value.toByteArray())
                        + "\",\"keyMaterialType\":\"SYMMETRIC\"},\"status\":\"ENABLED\",\"keyId\":7,\"outputPrefixType\":\"TINK\"}]}");
        EncryptedKeyset document = EncryptedKeyset.parse(blocks("keyset")
                .get(0)
                .replace("/example/kek.json", file.toString())
                .getBytes(UTF_8));
        Keks keks = Keks.builder()
                .kek("local-kms:" + file)
                .client(LocalKms.allowedInCluster())
                .build();
        TrustedKeyset unwrapped = Accounts.unwrap(keks, Set.of(), document).get(0);
        assertThat(unwrapped.fingerprint()).isEqualTo(symmetric().fingerprint());
        opensToTheExample(unwrapped.opener(), blocks("token").get(0));
    }
}
