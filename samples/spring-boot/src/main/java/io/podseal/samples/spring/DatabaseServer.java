// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.spring;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.tools.Server;

/**
 * A database in memory, on a port of the loopback interface, with a user {@code API} whom only the password from standard
 * input lets in; each further line there is that user's password from then on. It prints its URL and runs until it is ended.
 */
public final class DatabaseServer {
    private static final String DATABASE = "mem:payments";

    private DatabaseServer() {}

    /**
     * Starts the server.
     *
     * @param args the port; by default any free one
     */
    public static void main(String[] args) throws Exception {
        BufferedReader passwords = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String password = passwords.readLine();
        if (password == null || password.isEmpty()) {
            System.err.println("Give the password of the user API on standard input.");
            System.exit(2);
        }
        try (Connection owner = owner()) {
            System.out.println(start(args.length == 0 ? "0" : args[0], password, owner));
            for (String next = passwords.readLine(); next != null; next = passwords.readLine()) {
                tell(owner, "alter user api set password ?", next);
            }
            Thread.currentThread().join();
        }
    }

    /** Without an owner of its own, the first user would be a nameless administrator without a password. */
    static Connection owner() throws SQLException {
        return DriverManager.getConnection("jdbc:h2:" + DATABASE, "owner", String.valueOf(UUID.randomUUID()));
    }

    /** Starts the server on that port, for as long as the owner is connected, and returns the URL that clients take. */
    static String start(String port, String password, Connection owner) throws SQLException {
        tell(owner, "create user api password ?", password);
        System.setProperty("h2.bindAddress", "127.0.0.1");
        Server server = Server.createTcpServer("-tcpPort", port).start();
        return "jdbc:h2:tcp://localhost:" + server.getPort() + "/" + DATABASE;
    }

    private static void tell(Connection owner, String statement, String password) throws SQLException {
        try (PreparedStatement prepared = owner.prepareStatement(statement)) {
            prepared.setString(1, password);
            prepared.execute();
        }
    }
}
