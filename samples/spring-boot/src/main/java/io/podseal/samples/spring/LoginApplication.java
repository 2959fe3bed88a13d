// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Logs into the database, says as whom, and ends; with {@code login.again=true} it first logs in once more for each line of
 * standard input, with the password of that moment. There is nothing of Podseal in the code: see application.yaml.
 */
@SpringBootApplication
public class LoginApplication {
    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(LoginApplication.class, args).close();
    }

    @Bean
    CommandLineRunner login(DataSource dataSource, Environment environment) {
        return args -> {
            try (Connection connection = dataSource.getConnection()) {
                System.out.println("logged in as " + user(connection));
            }
            if (environment.getProperty("login.again", boolean.class, false)) {
                loginAtEachLine(environment);
            }
        };
    }

    /** The data source keeps the password that it was made with; the environment has the current one. */
    private static void loginAtEachLine(Environment environment) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (lines.readLine() != null) {
            try (Connection connection = DriverManager.getConnection(
                    environment.getProperty("spring.datasource.url"),
                    environment.getProperty("spring.datasource.username"),
                    environment.getProperty("spring.datasource.password"))) {
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
