// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ServiceAccount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Births and deaths of a control plane that no other class uses. */
@ControlPlane(exclusive = true)
@Timeout(180)
final class ControlPlaneLifeIT {
    private static final String NAMESPACES = "/api/v1/namespaces/";

    private final LocalControlPlane plane;

    ControlPlaneLifeIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    /** Starts one, prints its processes and its folder, and waits to be killed. */
    static final class Owner {
        public static void main(String[] arguments) throws IOException {
            try (LocalControlPlane plane = LocalControlPlane.start()) {
                for (long process : plane.processes()) {
                    System.out.println(process);
                }
                System.out.println(plane.auditLog().getParent());
                while (System.in.read() >= 0) {
                    System.exit(0);
                }
            }
        }
    }

    private int get(String path) {
        return plane.request(plane.adminToken(), "GET", path, null, null).statusCode();
    }

    @Test
    void aKilledServerRefusesConnectionsAndComesBackWithItsDataKeysAndAddress() {
        ServiceAccount account = new ServiceAccount("cluster.local", "kept", "api");
        plane.createNamespace("kept");
        plane.createServiceAccount(account);
        String token = plane.token(account, Duration.ofMinutes(10));
        URI address = plane.apiServer();

        plane.kill();
        assertThatThrownBy(() -> get("/version")).isInstanceOf(UncheckedIOException.class);
        assertThat(plane.etcdValue("/registry/namespaces/kept"))
                .as("etcd stays")
                .isNotEmpty();

        plane.restart();
        assertThat(plane.apiServer()).isEqualTo(address);
        assertThat(get(NAMESPACES + "kept")).isEqualTo(200);
        assertThat(plane.request(token, "GET", NAMESPACES + "kept", null, null).statusCode())
                .as("known, and not allowed")
                .isEqualTo(403);
    }

    @Test
    void aLivingServerIsRestartedToo() {
        List<Long> before = plane.processes();
        plane.restart();
        assertThat(plane.processes().get(0)).isNotEqualTo(before.get(0));
        assertThat(plane.processes().get(1)).isEqualTo(before.get(1));
        assertThat(get("/version")).isEqualTo(200);
    }

    @Test
    void aFrozenServerKeepsConnectionsAndAnswersOnceItIsThawed() throws Exception {
        plane.freeze();
        try (Socket socket = new Socket(
                InetAddress.getByName(plane.apiServer().getHost()),
                plane.apiServer().getPort())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write("GET /version HTTP/1.1\r\n\r\n".getBytes(US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(() -> get("/version"));
            plane.thaw();
            assertThat(answer.join()).isEqualTo(200);
            assertThat(socket.getInputStream().read())
                    .as("an answer to plain text, too")
                    .isEqualTo('H');
        } finally {
            plane.thaw();
        }
    }

    @Test
    void aFrozenServerCanBeKilled() {
        plane.freeze();
        plane.restart();
        assertThat(get("/version")).isEqualTo(200);
    }

    @Test
    void nothingListensBeyondLoopback() throws IOException {
        List<String> addresses = ListeningSockets.addressesOf(plane.processes());
        assertThat(addresses)
                .as("the API server's, etcd's and its peers'")
                .hasSizeGreaterThanOrEqualTo(3)
                .allMatch(ListeningSockets::isLoopback);
        try (var everywhere = new ServerSocket(0)) {
            assertThat(everywhere.isBound()).isTrue();
            assertThat(ListeningSockets.addressesOf(
                            List.of(ProcessHandle.current().pid())))
                    .as("control")
                    .anyMatch(address -> !ListeningSockets.isLoopback(address));
        }
    }

    @Test
    void closingLeavesNoProcessAndNoFolder() {
        List<Long> processes;
        Path folder;
        try (LocalControlPlane own = LocalControlPlane.start()) {
            processes = own.processes();
            folder = own.auditLog().getParent();
            assertThat(processes).allMatch(ControlPlaneLifeIT::isAlive);
            own.freeze();
        }
        assertThat(processes).noneMatch(ControlPlaneLifeIT::isAlive);
        assertThat(folder).doesNotExist();
    }

    @Test
    void theEndOfTheJvmLeavesNoProcessAndNoFolder() throws Exception {
        try (ChildJvm owner = ChildJvm.start(Owner.class)) {
            List<Long> processes = List.of(Long.parseLong(owner.line()), Long.parseLong(owner.line()));
            Path folder = Path.of(owner.line());
            assertThat(processes).allMatch(ControlPlaneLifeIT::isAlive);
            owner.proceed();
            assertThat(owner.end()).isZero();
            assertThat(processes).noneMatch(ControlPlaneLifeIT::isAlive);
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void aKilledJvmLeavesNoProcess() throws IOException {
        List<Long> processes;
        Path folder;
        try (ChildJvm owner = ChildJvm.start(Owner.class)) {
            processes = List.of(Long.parseLong(owner.line()), Long.parseLong(owner.line()));
            folder = Path.of(owner.line());
            assertThat(processes).allMatch(ControlPlaneLifeIT::isAlive);
        }
        Awaitility.await().until(() -> processes.stream().noneMatch(ControlPlaneLifeIT::isAlive));
        assertThat(folder).as("what is left").exists();
        TemporaryFolder.delete(folder);
    }

    /** A zombie, which only waits for its parent's notice, has ended. */
    private static boolean isAlive(long process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}
