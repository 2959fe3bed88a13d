// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.micronaut;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import org.h2.tools.Server;

/** A database in memory, on a port of the loopback interface, with a user {@code API} whom only that password lets in. */
final class Database implements AutoCloseable {
    private final String name = "mem:" + UUID.randomUUID();
    private final Connection owner;
    private final Server server;

    Database(String password) throws SQLException {
        owner = DriverManager.getConnection("jdbc:h2:" + name);
        try (PreparedStatement user = owner.prepareStatement("create user api password ?")) {
            user.setString(1, password);
            user.execute();
        }
        System.setProperty("h2.bindAddress", "127.0.0.1");
        server = Server.createTcpServer("-tcpPort", "0").start();
    }

    String url() {
        return "jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/" + name;
    }

    @Override
    public void close() throws SQLException {
        server.stop();
        owner.close();
    }
}
