// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.keyset.LocalKms;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {
    private static final String PASSWORD = UUID.randomUUID().toString();

    @TempDir
    static Path root;

    private static Connection owner;
    private static String database = "";

    @BeforeAll
    static void sealAndServe() throws IOException, SQLException {
        ServiceAccount account = new ServiceAccount("cluster.local", "payments", "api");
        var keyset = Keysets.create(account, KeyType.AES256_GCM);
        LocalKms.createKek(root.resolve("dev.kek"));
        Keks keks = Keks.builder()
                .kek("local-kms:" + root.resolve("dev.kek"))
                .client(LocalKms.allowedInCluster())
                .build();
        Path mount = Files.createDirectory(root.resolve("db-credentials"));
        Files.write(mount.resolve("api.keyset.json"), Keysets.wrap(keyset, keks).toJson());
        Scope item = Scope.item(account, "db-credentials", "password");
        Files.writeString(
                mount.resolve("password"),
                keyset.sealer().seal(item, PASSWORD.getBytes(UTF_8)).token());
        owner = DatabaseServer.owner();
        database = DatabaseServer.start("0", PASSWORD, owner);
    }

    @AfterAll
    static void endTheDatabase() throws SQLException {
        owner.close();
    }

    private static String run(String identity) {
        PrintStream stdout = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            LoginApplication.main(new String[] {
                "--secrets.location=podseal:mount:" + root.resolve("db-credentials"),
                "--database.url=" + database,
                "--podseal.identity=" + identity,
                "--podseal.keks=local-kms:" + root.resolve("dev.kek"),
                "--podseal.kms.local.allow-in-cluster=true"
            });
        } finally {
            System.setOut(stdout);
        }
        return printed.toString(UTF_8);
    }

    @Test
    void theSealedPasswordLogsIn() {
        assertThat(run("payments/api")).contains("logged in as API").doesNotContain(PASSWORD);
    }

    @Test
    void anotherServiceAccountIsRefusedBeforeItReachesTheDatabase() {
        assertThatThrownBy(() -> run("payments/web"))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("sealed for payments/api, running as payments/web");
    }
}
