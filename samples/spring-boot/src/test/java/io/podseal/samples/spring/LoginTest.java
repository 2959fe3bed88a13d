// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.testkit.SealedFor;
import io.podseal.testkit.TestAccount;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SealedFor("payments/api")
class LoginTest {
    private static final String PASSWORD = UUID.randomUUID().toString();

    private static Connection owner;
    private static String database = "";

    @BeforeAll
    static void serve() throws SQLException {
        owner = DatabaseServer.owner();
        database = DatabaseServer.start("0", PASSWORD, owner);
    }

    @AfterAll
    static void endTheDatabase() throws SQLException {
        owner.close();
    }

    @BeforeEach
    void seal(TestAccount api) {
        api.seal("db-credentials", "password", PASSWORD);
    }

    private static String run(Map<String, String> settings) {
        PrintStream stdout = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            LoginApplication.main(settings.entrySet().stream()
                    .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                    .toArray(String[]::new));
        } finally {
            System.setOut(stdout);
        }
        return printed.toString(UTF_8);
    }

    @Test
    void theSealedPasswordLogsIn(TestAccount api) {
        assertThat(run(api.settings("secrets.location", api.location("db-credentials"), "database.url", database)))
                .contains("logged in as API")
                .doesNotContain(PASSWORD);
    }

    @Test
    void anotherServiceAccountIsRefusedBeforeItReachesTheDatabase(
            TestAccount api, @SealedFor("payments/web") TestAccount web) {
        assertThatThrownBy(() ->
                        run(web.settings("secrets.location", api.location("db-credentials"), "database.url", database)))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("sealed for payments/api, running as payments/web");
    }
}
