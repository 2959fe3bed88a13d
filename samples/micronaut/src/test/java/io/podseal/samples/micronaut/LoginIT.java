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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the packaged sample in a process of its own, against a database server in this one. */
class LoginIT {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");

    @TempDir
    Path folder;

    private String password = "";
    private Connection owner;
    private Server server;
    private String url;
    private Path mount;

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void serveDatabaseAndLayOutMount() throws IOException, SQLException {
        byte[] random = new byte[18];
        new SecureRandom().nextBytes(random);
        password = Base64.getUrlEncoder().encodeToString(random);
        String database = "mem:" + UUID.randomUUID();
        owner = DriverManager.getConnection("jdbc:h2:" + database);
        try (PreparedStatement user = owner.prepareStatement("create user api password ?")) {
            user.setString(1, password);
            user.execute();
        }
        System.setProperty("h2.bindAddress", "127.0.0.1");
        server = Server.createTcpServer("-tcpPort", "0").start();
        url = "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + database;
        layOutMount();
    }

    private void layOutMount() throws IOException {
        LocalKms.createKek(folder.resolve("dev.kek"));
        TrustedKeyset keyset = Keysets.create(API, KeyType.AES256_GCM);
        Keks keks =
                Keks.builder().kek(kekUri()).client(LocalKms.allowedInCluster()).build();
        String token = keyset.sealer()
                .seal(Scope.item(API, "db-credentials", "password"), password.getBytes(UTF_8))
                .token();
        mount = folder.resolve("db-credentials");
        Path version = Files.createDirectories(mount.resolve("..2026_11_21"));
        Files.writeString(version.resolve("password"), token);
        Files.write(
                version.resolve("api.keyset.json"), Keysets.wrap(keyset, keks).toJson());
        Files.createSymbolicLink(mount.resolve("..data"), version.getFileName());
        for (String item : List.of("password", "api.keyset.json")) {
            Files.createSymbolicLink(mount.resolve(item), Path.of("..data", item));
        }
    }

    @AfterEach
    void stopDatabase() throws SQLException {
        server.stop();
        owner.close();
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
                        "-Ddatabase.url=" + url,
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
