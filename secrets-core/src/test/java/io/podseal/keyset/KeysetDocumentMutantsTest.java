// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.testkit.FakeKms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One change anywhere in a keyset document has it refused, or leaves the very same keys. */
final class KeysetDocumentMutantsTest {
    private static final int AT_LEAST = Integer.getInteger("podseal.test.document-mutants", 50_000);

    private final FakeKms kms = new FakeKms("fake-kms://region-a/payments");
    private final FakeKms other = new FakeKms("fake-kms://region-b/payments");
    private final List<String> opened = new ArrayList<>();
    private final List<Throwable> foreign = new ArrayList<>();
    private final Map<ErrorCode, Integer> refused = new EnumMap<>(ErrorCode.class);
    private int unchanged;

    /** Opens it as an application does that names one of the document's two KEKs. */
    private TrustedKeyset open(String document) {
        return new KeysetUnwrapper(
                        Accounts.keks(kms), Set.of(), Duration.ofMinutes(5), new KeysetUnwrapper.Listener() {})
                .unwrap(Accounts.API, List.of(EncryptedKeyset.parse(document.getBytes(UTF_8))))
                .get(0);
    }

    /** What is of no meaning to this application: what Tink tells about keys, and the text of the recipient of another KEK. */
    private static boolean mayStayUnnoticed(KeysetDocumentMutants.Mutant mutant) {
        return mutant.path().contains("keysetInfo")
                || mutant.path().size() > 1 && mutant.path().subList(0, 2).equals(List.of("recipients", "1"));
    }

    private void attempt(KeysetDocumentMutants.Mutant mutant, String fingerprint) {
        try {
            boolean same = open(mutant.text()).fingerprint().equals(fingerprint);
            if (same && mayStayUnnoticed(mutant)) {
                unchanged++;
            } else {
                opened.add(mutant.change() + " at " + mutant.path());
            }
        } catch (PodsealException refusal) {
            refused.merge(refusal.code(), 1, Integer::sum);
        } catch (RuntimeException | Error thrown) {
            foreign.add(thrown);
        }
    }

    @Test
    void noMutantOpensOtherKeysAndNoneBreaksTheParser() {
        int tried = 0;
        int all = 0;
        for (KeyType type : List.of(KeyType.AES256_GCM, KeyType.HPKE_X25519)) {
            TrustedKeyset keyset = Keysets.create(Accounts.API, type);
            byte[] document = Keysets.wrap(keyset, Accounts.keks(kms, other)).toJson();
            assertThat(open(new String(document, UTF_8)).fingerprint()).isEqualTo(keyset.fingerprint());
            List<KeysetDocumentMutants.Mutant> mutants = KeysetDocumentMutants.of(document);
            int step = Math.max(1, mutants.size() / (AT_LEAST / 2));
            for (int i = 0; i < mutants.size(); i += step) {
                attempt(mutants.get(i), keyset.fingerprint());
                tried++;
            }
            all += mutants.size();
        }
        System.out.printf(
                "Keyset document mutants: %,d of %,d; refused %s; %,d changed nothing that is read%n",
                tried, all, refused, unchanged);
        assertThat(foreign).isEmpty();
        assertThat(opened).isEmpty();
        assertThat(tried).isGreaterThanOrEqualTo(Math.min(AT_LEAST, all));
        assertThat(refused.keySet())
                .containsExactlyInAnyOrder(
                        ErrorCode.FORMAT,
                        ErrorCode.VERSION,
                        ErrorCode.CONTEXT_MISMATCH,
                        ErrorCode.KEYSET_POLICY,
                        ErrorCode.AUTHENTICATION);
    }

    /** Whoever holds the KEK wraps whatever they like: every bit of the clear keyset turned over, and every end of it. */
    @Test
    void noContentBreaksWhatReadsIt() throws Exception {
        int tried = 0;
        for (KeyType type : List.of(KeyType.AES256_GCM, KeyType.AES256_CTR_HMAC, KeyType.HPKE_X25519)) {
            byte[] clear = TinkKeysets.of(Keysets.create(Accounts.API, type)).toByteArray();
            for (int bit = 0; bit < 8 * clear.length; bit++) {
                byte[] spoilt = clear.clone();
                spoilt[bit / 8] ^= (byte) (1 << bit % 8);
                content(spoilt);
                tried++;
            }
            for (int length = 1; length < clear.length; length++) {
                content(Arrays.copyOf(clear, length));
                tried++;
            }
        }
        System.out.printf("Keyset content mutants: %,d; refused %s%n", tried, refused);
        assertThat(foreign).isEmpty();
        assertThat(refused.get(ErrorCode.KEYSET_POLICY)).isGreaterThan(1_000);
        assertThat(refused.keySet()).containsOnly(ErrorCode.KEYSET_POLICY);
    }

    private void content(byte[] clear) throws Exception {
        try {
            Accounts.unwrap(kms, wrapped(clear));
        } catch (PodsealException refusal) {
            refused.merge(refusal.code(), 1, Integer::sum);
        } catch (RuntimeException | Error thrown) {
            foreign.add(thrown);
        }
    }

    private EncryptedKeyset wrapped(byte[] clear) throws Exception {
        byte[] associatedData = ("podseal:v1:keyset:" + Documents.IDENTITY).getBytes(UTF_8);
        String base64 = Base64.getEncoder().encodeToString(kms.kek().encrypt(clear, associatedData));
        return EncryptedKeyset.parse(Documents.of(Documents.recipient(kms.uri()).replace(Documents.WRAPPED, base64))
                .getBytes(UTF_8));
    }
}
