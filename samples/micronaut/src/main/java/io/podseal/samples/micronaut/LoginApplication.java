// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.micronaut;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.Micronaut;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Logs into the database, says as whom, and ends; with {@code login.again=true} it first logs in once more for each line of
 * standard input, with the password of that moment. There is nothing of Podseal in the code: see bootstrap.properties and
 * application.properties.
 */
public final class LoginApplication {
    private LoginApplication() {}

    /** Starts the application. */
    public static void main(String[] args) throws SQLException, IOException {
        try (ApplicationContext context = Micronaut.build(args)
                .mainClass(LoginApplication.class)
                .banner(false)
                .start()) {
            try (Connection connection = context.getBean(DataSource.class).getConnection()) {
                System.out.println("logged in as " + user(connection));
            }
            if (context.getProperty("login.again", Boolean.class, false)) {
                loginAtEachLine(context);
            }
        }
    }

    /** The data source keeps the password that it was made with; the environment has the current one. */
    private static void loginAtEachLine(ApplicationContext context) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            try (Connection connection = DriverManager.getConnection(
                    context.getRequiredProperty("datasources.default.url", String.class),
                    context.getRequiredProperty("datasources.default.username", String.class),
                    context.getRequiredProperty("datasources.default.password", String.class))) {
                System.out.println("logged in again as " + user(connection));
            } catch (SQLException refused) {
                System.out.println("the database refuses: " + refused.getSQLState());
            }
        }
    }

    private static String user(Connection connection) throws SQLException {
        try (var answer = connection.createStatement().executeQuery("select current_user")) {
            answer.next();
            return answer.getString(1);
        }
    }
}
