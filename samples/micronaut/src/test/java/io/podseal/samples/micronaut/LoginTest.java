// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.micronaut;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.testkit.FakeKms;
import io.podseal.testkit.SealedFor;
import io.podseal.testkit.TestAccount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sample in this process, with the test kit. */
@SealedFor("payments/api")
class LoginTest {
    private static final String PASSWORD = UUID.randomUUID().toString();

    private Database database;

    @BeforeEach
    void seal(TestAccount api) throws SQLException {
        api.seal("db-credentials", "password", PASSWORD);
        database = new Database(PASSWORD);
    }

    @AfterEach
    void endTheDatabase() throws SQLException {
        database.close();
    }

    /** What the application prints that runs as that account, with the Secret of another one, or of the same. */
    private String run(TestAccount account, TestAccount owner) throws SQLException, IOException {
        String[] arguments =
                account.arguments("secrets.location", owner.location("db-credentials"), "database.url", database.url());
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
    void theSealedPasswordLogsIn(TestAccount api) throws Exception {
        assertThat(run(api, api)).contains("logged in as API").doesNotContain(PASSWORD);
    }

    @Test
    void anotherServiceAccountIsRefused(TestAccount api, @SealedFor("payments/web") TestAccount web) {
        assertThatThrownBy(() -> run(web, api))
                .hasStackTraceContaining("sealed for payments/api, running as payments/web");
    }

    @Test
    void aDeniedKmsStopsTheStartAndIsAskedOnce(TestAccount api) {
        api.kms().answers(FakeKms.DENIES);
        assertThatThrownBy(() -> run(api, api)).hasStackTraceContaining("KMS_DENIED");
        assertThat(api.kms().calls()).isEqualTo(1);
    }
}
