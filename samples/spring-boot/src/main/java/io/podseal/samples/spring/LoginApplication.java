// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Logs into the database, says as whom, and ends. There is nothing of Podseal in the code: see application.yaml. */
@SpringBootApplication
public class LoginApplication {
    /** Starts the application. */
    public static void main(String[] args) {
        SpringApplication.run(LoginApplication.class, args).close();
    }

    @Bean
    CommandLineRunner login(DataSource dataSource) {
        return args -> System.out.println("logged in as " + user(dataSource));
    }

    private static String user(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var answer = connection.createStatement().executeQuery("select current_user")) {
            answer.next();
            return answer.getString(1);
        }
    }
}
