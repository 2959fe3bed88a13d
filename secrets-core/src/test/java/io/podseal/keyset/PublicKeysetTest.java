// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static io.podseal.ErrorCode.CONTEXT_MISMATCH;
import static io.podseal.ErrorCode.FORMAT;
import static io.podseal.ErrorCode.KEYSET_POLICY;
import static io.podseal.ErrorCode.SIZE;
import static io.podseal.ErrorCode.VERSION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import io.podseal.testkit.FakeKms;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The public keyset document, and what is refused in it. */
final class PublicKeysetTest {
    private static final TrustedKeyset KEYSET = Keysets.add(Keysets.create(Accounts.API, KeyType.HPKE_X25519));
    private static final String DOCUMENT = new String(KEYSET.publicKeyset().toJson(), UTF_8);

    private static PodsealException refused(ErrorCode code, String document) {
        return Refusal.of(code, () -> PublicKeyset.parse(document.getBytes(UTF_8)));
    }

    private static PublicKeyset parsed(String document) {
        return PublicKeyset.parse(document.getBytes(UTF_8));
    }

    private static String with(String pattern, String replacement) {
        String changed = Pattern.compile(pattern).matcher(DOCUMENT).replaceFirst(replacement);
        assertThat(changed).as(pattern).isNotEqualTo(DOCUMENT);
        return changed;
    }

    private static String replaced(String piece, String replacement) {
        assertThat(DOCUMENT).contains(piece);
        return DOCUMENT.replace(piece, replacement);
    }

    private static String body(String json) {
        return "{\"podseal\":\"v1\",\"identity\":\"" + Documents.IDENTITY + "\",\"publicKeyset\":" + json + "}";
    }

    @Test
    void ownDocumentIsReadAndWrittenAgain() {
        PublicKeyset keyset = parsed(DOCUMENT);
        assertThat(keyset.identity()).isEqualTo(Accounts.API);
        assertThat(keyset.keys()).isEqualTo(KEYSET.keys());
        assertThat(keyset.toJson()).isEqualTo(DOCUMENT.getBytes(UTF_8));
        assertThat(keyset).hasToString("PublicKeyset[" + Documents.IDENTITY + ", " + KEYSET.fingerprint() + "]");
    }

    @Test
    void whiteSpaceAndTheOrderOfMembersDoNotMatter() {
        assertThat(parsed(DOCUMENT.replaceAll("\\s", "")).fingerprint()).isEqualTo(KEYSET.fingerprint());
        assertThat(parsed(DOCUMENT.replace("\":", "\" :\t").replace(",", "\r\n,"))
                        .fingerprint())
                .isEqualTo(KEYSET.fingerprint());
        String reordered = with("(\"keyId\":[0-9]+),(\"outputPrefixType\":\"TINK\")", "$2, $1");
        assertThat(parsed(reordered).fingerprint()).isEqualTo(KEYSET.fingerprint());
    }

    @Test
    void documentOf64KiBIsReadAndOneByteMoreIsSize() {
        assertThat(PublicKeyset.parse(Documents.padded(DOCUMENT, 65_536)).fingerprint())
                .isEqualTo(KEYSET.fingerprint());
        Refusal.of(SIZE, () -> PublicKeyset.parse(Documents.padded(DOCUMENT, 65_537)));
    }

    @Test
    void syntaxVersionAndMembersAreAsStrictAsInAKeysetDocument() {
        refused(FORMAT, "");
        refused(FORMAT, DOCUMENT + "x");
        refused(FORMAT, with("\"podseal\": \"v1\"", "\"podseal\": \"v1\", \"podseal\": \"v1\""));
        refused(FORMAT, with("\"podseal\": \"v1\"", "\"podseal\": 1"));
        refused(VERSION, with("\"v1\"", "\"v2\""));
        refused(VERSION, "{\"podseal\":\"v2\",\"other\":1}");
        refused(FORMAT, with("\"podseal\": \"v1\"", "\"podseal\": \"v1\", \"comment\": \"x\""));
        refused(FORMAT, with("/ns/payments", "/ns/Payments"));
        refused(FORMAT, "{\"podseal\":\"v1\",\"identity\":\"" + Documents.IDENTITY + "\"}");
        refused(FORMAT, body("[]"));
        refused(FORMAT, body("null"));
    }

    @Test
    void keysetDocumentIsNoPublicDocument() {
        refused(FORMAT, Documents.simple());
        FakeKms kms = new FakeKms("fake-kms://a");
        Refusal.of(
                FORMAT,
                () -> PublicKeyset.parse(
                        Keysets.wrap(KEYSET, Accounts.keks(kms)).toJson()));
    }

    @Test
    void duplicateNamesInsideTheKeysetAreRefused() {
        refused(FORMAT, with("\"primaryKeyId\":", "\"primaryKeyId\": 1, \"primaryKeyId\":"));
        refused(FORMAT, with("\"status\":", "\"status\": \"DISABLED\", \"status\":"));
        refused(FORMAT, with("\"typeUrl\":", "\"typeUrl\": \"x\", \"typeUrl\":"));
    }

    @Test
    void unknownMembersInsideTheKeysetAreRefused() {
        refused(FORMAT, with("\"primaryKeyId\":", "\"comment\": 1, \"primaryKeyId\":"));
        refused(FORMAT, with("\"status\":", "\"comment\": 1, \"status\":"));
        refused(FORMAT, with("\"typeUrl\":", "\"comment\": 1, \"typeUrl\":"));
        refused(FORMAT, with("\"primaryKeyId\":", "\"keysetInfo\": {\"a\": 1, \"a\": 2}, \"primaryKeyId\":"));
    }

    @Test
    void base64InsideTheKeysetIsPaddedAndCanonical() {
        refused(FORMAT, with("\"value\":\"", "\"value\":\" "));
        refused(FORMAT, with("\"value\":\"[^\"]*\"", "\"value\":\"-_8=\""));
        refused(FORMAT, with("\"value\":\"[^\"]*\"", "\"value\":\"QUI\""));
        refused(FORMAT, with("\"value\":\"[^\"]*\"", "\"value\":\"QUJ=\""));
    }

    @Test
    void contentThatTinkWouldNotWriteIsKeysetPolicyAsInAWrappedKeyset() {
        String value = DOCUMENT.replaceFirst("(?s).*?\"value\":\"([^\"]*)\".*", "$1");
        byte[] key = Base64.getDecoder().decode(value);
        byte[] longer = Arrays.copyOf(key, key.length + 3); // field 99, empty
        longer[key.length] = (byte) 0x9a;
        longer[key.length + 1] = 6;
        refused(KEYSET_POLICY, DOCUMENT.replace(value, Base64.getEncoder().encodeToString(longer)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"primaryKeyId\":1}",
                "{\"primaryKeyId\":1,\"key\":[]}",
                "{\"primaryKeyId\":1,\"key\":[{}]}",
                "{\"key\":5}",
                "{\"primaryKeyId\":\"x\",\"key\":[1]}"
            })
    void objectThatIsNoKeysetIsKeysetPolicy(String keyset) {
        refused(KEYSET_POLICY, body(keyset));
    }

    @Test
    void privateKeysInAPublicDocumentAreRefused() throws GeneralSecurityException {
        String json = TinkJsonProtoKeysetFormat.serializeKeyset(
                KEYSET.handle(), HybridConfig2026.get(), InsecureSecretKeyAccess.get());
        refused(KEYSET_POLICY, body(json));
    }

    @Test
    void symmetricKeysInAPublicDocumentAreRefused() throws GeneralSecurityException {
        String json = TinkJsonProtoKeysetFormat.serializeKeyset(
                Keysets.create(Accounts.API, KeyType.AES256_GCM).handle(),
                AeadConfig2026.get(),
                InsecureSecretKeyAccess.get());
        refused(KEYSET_POLICY, body(json));
        refused(KEYSET_POLICY, body(json.replace("SYMMETRIC", "ASYMMETRIC_PUBLIC")));
    }

    @Test
    void statusPrefixAndIdsArePolicyInAPublicDocumentToo() {
        long primary = KEYSET.keys().get(0).id();
        long other = KEYSET.keys().get(1).id();
        refused(KEYSET_POLICY, replaced("\"TINK\"", "\"RAW\""));
        refused(KEYSET_POLICY, replaced("\"TINK\"", "\"LEGACY\""));
        refused(KEYSET_POLICY, replaced("\"TINK\"", "\"CRUNCHY\""));
        refused(KEYSET_POLICY, replaced("\"ENABLED\"", "\"DISABLED\""));
        refused(KEYSET_POLICY, replaced("\"ENABLED\"", "\"DESTROYED\""));
        refused(KEYSET_POLICY, replaced("\"ENABLED\"", "\"UNKNOWN_STATUS\""));
        refused(KEYSET_POLICY, replaced("\"keyId\":" + other, "\"keyId\":" + primary));
        refused(KEYSET_POLICY, with("\"primaryKeyId\":[0-9]+", "\"primaryKeyId\":1"));
        refused(KEYSET_POLICY, replaced("HpkePublicKey", "EciesAeadHkdfPublicKey"));
        refused(KEYSET_POLICY, replaced("HpkePublicKey", "NoSuchKey"));
    }

    @Test
    void publicDocumentSealsForItsOwnAccountOnly() {
        Refusal.of(
                CONTEXT_MISMATCH, () -> parsed(DOCUMENT).sealer().seal(Scope.accountBound(Accounts.WEB), new byte[1]));
    }
}
