// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import io.podseal.keyset.TrustedKeyset;
import io.podseal.testkit.KubeletMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged sample in a process of its own, against a database server in this one. */
class LoginIT {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @TempDir
    Path folder;

    private final String password = UUID.randomUUID().toString();
    private Database database;
    private Path mount;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void serveDatabaseAndMount() throws IOException, SQLException {
        database = new Database(password);
        LocalKms.createKek(folder.resolve("dev.kek"));
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Keks keks =
                Keks.builder().kek(kekUri()).client(LocalKms.allowedInCluster()).build();
        String token = keyset.sealer()
                .seal(Scope.item(API, "db-credentials", "password"), password.getBytes(UTF_8))
                .token();
        mount = new KubeletMount(folder.resolve("db-credentials"))
                .write(Map.of(
                        "password",
                        token.getBytes(UTF_8),
                        "api.keyset.json",
                        Keysets.wrap(keyset, keks).toJson()))
                .directory();
    }

    @AfterEach
    void endTheDatabase() throws SQLException {
        database.close();
    }

    @Test
    void onlyTheSealedPasswordLogsIn() throws Exception {
        Ended sample = run("payments/api");
        assertThat(sample.code()).as(sample.err()).isZero();
        assertThat(sample.out()).isEqualTo("logged in as API" + System.lineSeparator());
        assertThat(sample.err()).doesNotContain(password);
    }

    @Test
    void anotherAccountIsRefusedAndToldWhy() throws Exception {
        Ended sample = run("payments/web");
        assertThat(sample.code()).isEqualTo(1);
        assertThat(sample.out()).isEmpty();
        assertThat(sample.err())
                .contains("CONTEXT_MISMATCH: item 'password' of mount " + mount)
                .contains("sealed for payments/api", "payments/web")
                .doesNotContain(password);
    }

    private Ended run(String identity) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsecrets.location=podseal:mount:" + mount,
                        "-Ddatabase.url=" + database.url(),
                        "-Dpodseal.identity=" + identity,
                        "-Dpodseal.keks=" + kekUri(),
                        "-Dpodseal.kms.local.allow-in-cluster=true",
                        "-jar",
                        System.getProperty("sample.jar"))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionError("the sample did not end: " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private String kekUri() {
        return "local-kms:" + folder.resolve("dev.kek");
    }
}
