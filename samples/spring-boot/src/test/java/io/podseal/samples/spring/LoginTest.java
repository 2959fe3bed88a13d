// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.PodsealException;
import io.podseal.testkit.FakeKms;
import io.podseal.testkit.SealedFor;
import io.podseal.testkit.TestAccount;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sample in this process, with the test kit. */
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

    /** What the application prints that runs as that account, with the Secret of another one, or of the same. */
    private static String run(TestAccount account, TestAccount owner) {
        String[] arguments =
                account.arguments("secrets.location", owner.location("db-credentials"), "database.url", database);
        PrintStream stdout = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, UTF_8));
        try {
            LoginApplication.main(arguments);
        } finally {
            System.setOut(stdout);
        }
        return printed.toString(UTF_8);
    }

    @Test
    void theSealedPasswordLogsIn(TestAccount api) {
        assertThat(run(api, api)).contains("logged in as API").doesNotContain(PASSWORD);
    }

    @Test
    void anotherServiceAccountIsRefusedBeforeItReachesTheDatabase(
            TestAccount api, @SealedFor("payments/web") TestAccount web) {
        assertThatThrownBy(() -> run(web, api))
                .isInstanceOf(PodsealException.class)
                .hasMessageContaining("sealed for payments/api, running as payments/web");
    }

    @Test
    void aDeniedKmsStopsTheStartAndIsAskedOnce(TestAccount api) {
        api.kms().answers(FakeKms.DENIES);
        assertThatThrownBy(() -> run(api, api))
                .isInstanceOf(PodsealException.class)
                .hasMessageStartingWith("KMS_DENIED");
        assertThat(api.kms().calls()).isEqualTo(1);
    }
}
