// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.micronaut;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.Micronaut;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Logs into the database, says as whom, and ends. There is nothing of Podseal in the code: see bootstrap.properties and
 * application.properties.
 */
public final class LoginApplication {
    private LoginApplication() {}

    /** Starts the application. */
    public static void main(String[] args) throws SQLException {
        try (ApplicationContext context = Micronaut.build(args)
                .mainClass(LoginApplication.class)
                .banner(false)
                .start()) {
            System.out.println("logged in as " + user(context.getBean(DataSource.class)));
        }
    }

    private static String user(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var answer = connection.createStatement().executeQuery("select current_user")) {
            answer.next();
            return answer.getString(1);
        }
    }
}
