// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * A database in memory, on a port of the loopback interface, with a user {@code API} whom only the password from standard
 * input lets in. It prints its URL and runs until it is ended.
 */
public final class DatabaseServer {
    private DatabaseServer() {}

    /**
     * Starts the server.
     *
     * @param args the port; by default any free one
     */
    public static void main(String[] args) throws Exception {
        String password = new String(System.in.readAllBytes(), UTF_8);
        if (password.isEmpty()) {
            System.err.println("Give the password of the user API on standard input.");
            System.exit(2);
        }
        System.out.println(start(args.length == 0 ? "0" : args[0], password));
        Thread.currentThread().join();
    }

    /** Starts the server on that port, and returns the URL that clients take. */
    static String start(String port, String password) throws SQLException {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        String database = "mem:payments";
        // Without an owner of its own, the first user would be a nameless administrator without a password.
        try (Connection owner = DriverManager.getConnection(
                        "jdbc:h2:" + database + ";DB_CLOSE_DELAY=-1",
                        "owner",
                        UUID.randomUUID().toString());
                PreparedStatement user = owner.prepareStatement("create user api password ?")) {
            user.setString(1, password);
            user.execute();
        }
        Server server = Server.createTcpServer("-tcpPort", port).start();
        return "jdbc:h2:tcp://localhost:" + server.getPort() + "/" + database;
    }
}
