// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.keyset.KekUri;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @TempDir
    private Path folder;

    private Cli cli;

    @BeforeEach
    void makeFolder() {
        cli = new Cli(folder);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sael",
                "keyset",
                "print",
                "keyset create",
                "seal --keyset k",
                "seal --keyset k --item a/b --account-bound",
                "seal --keyset k -f m --item a/b",
                "seal --keyset k -f m --in v",
                "seal --keyset k --item a/b --with-keyset k",
                "seal --keyset k --item a/b --strip-last-applied",
                "seal --keyset k --item a",
                "seal --keyset k --item A/b",
                "seal --keyset k --item a/..",
                "seal --keyset k --item a/b/c",
                "seal --keyset k --account-bound --kek foo:bar",
                "seal --keyset k --account-bound --kek local-kms:relative",
                "seal --keyset k --account-bound --kek aws-kms://alias/mine",
                "seal --keyset k --account-bound --fingerprint sha256:short",
                "seal --keyset k --item a/b --item c/d",
                "seal --keyset k --item",
                "open --keyset k --kek local-kms:/k",
                "open --keyset k --kek local-kms:/k --identity api",
                "open --keyset k --kek local-kms:/k --identity Payments/api",
                "open --keyset k --kek local-kms:/k --identity payments/api --trust-domain UPPER",
                "open --keyset k --kek local-kms:/k --identity payments/api -f m",
                "open --keyset k --kek local-kms:/k --identity payments/api --key a",
                "open --keyset k --kek local-kms:/k --identity payments/api -f m --key a --item a/b",
                "kek create",
                "kek create kek.json",
                "keyset create --identity a/b --kek local-kms:/k --out o --type des",
                "keyset create --identity a/b --out o",
                "keyset promote f --kek local-kms:/k --key first",
                "keyset promote f --kek local-kms:/k --key 4294967296",
                "keyset retire f --kek local-kms:/k",
                "keyset rewrap f --kek local-kms:/k",
                "keyset manifest f --kind Deployment",
                "keyset manifest f --name Upper",
                "print rbac --identity a/b",
                "print rbac --identity a/b --secret Upper",
                "print rbac --identity a/b --secret inline",
                "print rbac --identity a/b --secret c/d/e",
                "print rbac --identity a/b --secret Upper/d",
                "print rbac --identity a/b --secret c --config-map /d",
                "print policy --identity a/b --kek local-kms:/k --for fun"
            })
    void wrongUsageIsToldInOneLineWithExitCodeTwo(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        assertThat(cli.run(arguments).wrongUsage()).contains("--help");
    }

    @Test
    void valueAmongTheArgumentsIsNotRepeated() {
        assertThat(cli.run("seal", "--keyset", "k", "--item", "a/b", "hunter2").wrongUsage())
                .doesNotContain("hunter2")
                .contains("standard input");
        assertThat(cli.run("seal", "--keyset", "k", "--item", "a/b", "--value=hunter2")
                        .wrongUsage())
                .doesNotContain("hunter2")
                .contains("--value");
        assertThat(cli.run("seal", "--keyset", "--password=hunter2").wrongUsage())
                .doesNotContain("hunter2");
    }

    @Test
    void fileNamesMayBeginWithAnAt() {
        assertThat(cli.run("keyset", "inspect", "@none").refused("SOURCE_MISSING"))
                .contains("@none");
    }

    @Test
    void helpAndVersionAreResults() {
        assertThat(cli.run("--help").done()).contains("seal", "open", "keyset", "kek", "print", "inspect");
        assertThat(cli.run("keyset", "--help").done()).contains("create", "rotate", "promote", "retire", "rewrap");
        assertThat(cli.run("seal", "--help").done()).contains("--account-bound");
        assertThat(cli.run("--version").done()).startsWith("podseal ");
    }

    @Test
    void stackTraceIsPrintedOnlyWithDebug() {
        String[] plain = {"keyset", "inspect", cli.file("none")};
        assertThat(cli.run(plain).err()).doesNotContain("\tat ");
        String[] debug = {"keyset", "inspect", "--debug", cli.file("none")};
        Cli.Result result = cli.run(debug);
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err()).startsWith("podseal: SOURCE_MISSING: ").contains("\tat io.podseal");
        assertThat(cli.run("--debug", "keyset", "inspect", cli.file("none")).err())
                .contains("\tat ");
    }

    @Test
    void messageStaysOnItsLineWhateverItQuotes() {
        String document = "{\"podseal\":\"v1\",\"identity\":\"" + Cli.SPIFFE_ID + "\",\"recipients\":[{\"kek\":"
                + "\"a\\npodseal: b\\u202e'$(c)\",\"encryptedKeyset\":{\"encryptedKeyset\":\"AAAA\"}}]}";
        String message = cli.given("x", "seal", "--keyset", cli.file("k", document), "--account-bound")
                .refused("CONFIGURATION");
        assertThat(message).endsWith("add --kek 'a<U+000A>podseal: b<U+202E>'\\''$(c)'");
    }

    @ParameterizedTest
    @EnumSource(KekUri.class)
    void clientsOfEverySchemeAreBundled(KekUri kind) {
        assertThat(Podseal.class.getResource("/" + kind.client().replace('.', '/') + ".class"))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "gcp-kms://projects/p/locations/l/keyRings/r/cryptoKeys/k",
                "azure-kv://v.vault.azure.net/keys/k/0123456789abcdef",
                "hcvault://vault.example.com/transit/keys/k",
                "pkcs11:token=t;object=k"
            })
    void keysOfAKmsAreMadeThere(String kek) {
        assertThat(cli.run("kek", "create", kek).refused("CONFIGURATION")).contains("local-kms:");
    }
}
