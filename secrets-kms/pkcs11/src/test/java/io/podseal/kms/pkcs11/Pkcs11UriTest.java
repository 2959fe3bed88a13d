// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pkcs11UriTest {
    @ParameterizedTest
    @CsvSource({
        "pkcs11:slot-id=2;object=kek,                  2,          kek",
        "pkcs11:object=kek;slot-id=2,                  2,          kek",
        "pkcs11:slot-id=2;object=kek;type=secret-key,  2,          kek",
        "pkcs11:slot-id=2147483647;object=k,           2147483647, k",
        "pkcs11:slot-id=0;object=a%20b+c%3B,           0,          a b+c;",
        "pkcs11:slot-id=2;object=%C3%A4,               2,          ä",
    })
    void slotAndLabelAreRead(String uri, int slot, String object) {
        assertThat(Pkcs11Uri.parse(uri)).isEqualTo(new Pkcs11Uri(slot, object));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pkcs11:",
                "pkcs11:object=kek",
                "pkcs11:slot-id=2",
                "pkcs11:slot-id=;object=kek",
                "pkcs11:slot-id=-1;object=kek",
                "pkcs11:slot-id=0x2;object=kek",
                "pkcs11:slot-id=2147483648;object=kek",
                "pkcs11:slot-id=99999999999;object=kek",
                "pkcs11:slot-id=2;object=",
                "pkcs11:slot-id=2;object",
                "pkcs11:slot-id=2;object=kek;",
                "pkcs11:slot-id=2;slot-id=2;object=kek",
                "pkcs11:slot-id=2;object=kek;type=private",
                "pkcs11:slot-id=2;object=kek;id=%01",
                "pkcs11:slot-id=2;object=kek;token=one",
                "pkcs11:slot-id=2;object=%zz",
                "pkcs11:slot-id=2;object=%4",
                "pkcs11:slot-id=2;object=kek?module-path=/tmp/evil.so",
                "pkcs11:slot-id=2;object=kek#fragment",
                "pkcs11:slot-id=2;object=kek ",
            })
    void anyOtherFormIsConfiguration(String uri) {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> Pkcs11Uri.parse(uri))
                        .detail())
                .contains(uri);
    }

    @Test
    void tokenAndSerialAreLeftToTheCommandLine() {
        for (String uri : new String[] {"pkcs11:token=one;object=kek", "pkcs11:serial=4711;object=kek"}) {
            assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> Pkcs11Uri.parse(uri))
                            .detail())
                    .contains("slot-id=<number>", "the command line");
        }
    }

    @Test
    void pinInTheUriIsRefusedAndNotRepeated() {
        for (String pin : new String[] {"pin-value", "PIN-VALUE", "pin-source"}) {
            String uri = "pkcs11:slot-id=2;object=kek;" + pin + "=" + SoftHsm.PIN;
            Refusal.of(ErrorCode.CONFIGURATION, () -> Pkcs11Uri.parse(uri));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"libsofthsm2.so", "/lib/a\"b.so", "/lib/${user.home}.so", "/lib/a'b.so", "/lib/a\nb.so"})
    void moduleThatTheProvidersNotationCannotSayIsConfiguration(String library) {
        assertThat(Refusal.of(
                                ErrorCode.CONFIGURATION,
                                () -> Pkcs11Kms.builder()
                                        .module(java.nio.file.Path.of(library))
                                        .build())
                        .detail())
                .contains("podseal.kms.pkcs11.module");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/pki/nssdb", "sql:nssdb", "sql:/etc' flags='", "sql:/etc\"", "sql:/${user.home}"})
    void databaseThatTheProvidersNotationCannotSayIsConfiguration(String database) {
        assertThat(Refusal.of(
                                ErrorCode.CONFIGURATION,
                                () -> Pkcs11Kms.builder()
                                        .module(java.nio.file.Path.of("/usr/lib/libsoftokn3.so"))
                                        .nssDatabase(database)
                                        .build())
                        .detail())
                .contains("podseal.kms.pkcs11.nss-database");
    }

    @Test
    void moduleIsAskedForByItsSetting() {
        assertThat(Refusal.of(ErrorCode.CONFIGURATION, () -> Pkcs11Kms.builder().build())
                        .detail())
                .contains("podseal.kms.pkcs11.module");
    }
}
