// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.SoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that a KEK names by their label or serial number, and what an application has to name in their place. */
class TokenSlotIT {
    private static final Pattern NOTE =
            Pattern.compile(" is (pkcs11:slot-id=[0-9]+;object=kek), which podseal.keks has to name");

    @TempDir
    private static Path tokens;

    private static SoftHsm hsm;

    @TempDir
    private Path work;

    private Distribution podseal;

    @BeforeAll
    static void tokens() {
        hsm = SoftHsm.in(tokens).token("one").token("other token").token("twin").token("twin");
        hsm.key("one", "kek", "AES:32", "--sensitive").key("other token", "kek", "AES:32", "--sensitive");
    }

    @BeforeEach
    void distribution() {
        podseal = new Distribution(work, Pkcs11CommandsIT.environment(hsm));
    }

    private Distribution.Result run(String... arguments) {
        return podseal.run("", List.of(arguments));
    }

    private Distribution.Result create(String kek) {
        return run("keyset", "create", "--identity", "payments/api", "--kek", kek, "--out", "k", "--force");
    }

    private static String located(Distribution.Result created) {
        assertThat(created.done()).as("results only").matches("sha256:\\S+\n");
        Matcher note = NOTE.matcher(created.err());
        assertThat(note.find()).as(created.err()).isTrue();
        return note.group(1);
    }

    @Test
    void tokenIsFoundByItsLabelAndByItsSerialNumber() {
        String kek = located(create("pkcs11:token=one;object=kek"));
        assertThat(kek).isEqualTo(hsm.uri("one", "kek"));
        assertThat(run("keyset", "inspect", "k").done()).contains(kek);
        Matcher serial = Pattern.compile("\\(token 'one', serial '([0-9a-f]+)'\\)")
                .matcher(create("pkcs11:token=absent;object=kek").err());
        assertThat(serial.find()).isTrue();
        assertThat(located(create("pkcs11:object=kek;serial=" + serial.group(1))))
                .isEqualTo(kek);
        assertThat(located(create("pkcs11:token=other%20token;object=kek"))).isEqualTo(hsm.uri("other token", "kek"));
    }

    @Test
    void everyCommandTakesATokensLabelToo() {
        String kek = "pkcs11:token=one;object=kek";
        create(kek).done();
        String token = podseal.run("secret", List.of("seal", "--keyset", "k", "--kek", kek, "--account-bound"))
                .done();
        assertThat(podseal.run(token, List.of("open", "--keyset", "k", "--kek", kek, "--identity", "payments/api"))
                        .done())
                .isEqualTo("secret");
        String staged =
                run("keyset", "rotate", "k", "--kek", kek, "--stage").err().replaceAll("(?s).*, (\\d+)\n.*", "$1");
        run("keyset", "promote", "k", "--kek", kek, "--key", staged).done();
        run("keyset", "rotate", "k", "--kek", kek).done();
        run("keyset", "retire", "k", "--kek", kek, "--key", staged).done();
        run("keyset", "rewrap", "k", "--kek", kek, "--to", kek).done();
        assertThat(run("keyset", "inspect", "k").done()).contains(hsm.uri("one", "kek"));
    }

    @Test
    void tokenThatIsNotThereOrNotTheOnlyOneIsConfiguration() {
        assertThat(create("pkcs11:token=absent;object=kek").refused("CONFIGURATION"))
                .contains("no token fits pkcs11:token=absent;object=kek; there are slot-id=");
        assertThat(create("pkcs11:token=twin;object=kek").refused("CONFIGURATION"))
                .contains("more than one token fits");
    }

    @Test
    void moduleThatIsMissingOrNoneIsConfiguration() throws Exception {
        podseal = new Distribution(work, Map.of());
        assertThat(create("pkcs11:token=one;object=kek").refused("CONFIGURATION"))
                .contains("PODSEAL_KMS_PKCS11_MODULE");
        Path none = Files.writeString(work.resolve("none.so"), "not a library");
        podseal = new Distribution(work, Map.of("PODSEAL_KMS_PKCS11_MODULE", none.toString()));
        assertThat(create("pkcs11:token=one;object=kek").refused("CONFIGURATION"))
                .contains("PODSEAL_KMS_PKCS11_MODULE");
    }

    @Test
    void absentKeyIsDenied() {
        assertThat(create("pkcs11:token=one;object=absent").refused("KMS_DENIED"))
                .contains("no key labelled 'absent'");
    }
}
