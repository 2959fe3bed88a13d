// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A kube-apiserver that can be started again and again, on the same port and with the same keys. */
final class ApiServer implements AutoCloseable {
    private static final Duration READY_DEADLINE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(25);
    private static final String ISSUER = "https://kubernetes.default.svc";

    /** Everything that was asked for, with bodies; but no tokens, and nothing that the server asks itself. */
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: None
                users: ["system:apiserver"]
              - level: None
                nonResourceURLs: ["/readyz*", "/livez*", "/healthz*"]
              - level: Metadata
                resources:
                  - group: ""
                    resources: ["serviceaccounts/token"]
                  - group: authentication.k8s.io
              - level: RequestResponse
            """;

    private final List<String> command;
    private final Path folder;
    private final URI uri;
    private final String adminToken;
    private volatile ServerProcess process;

    ApiServer(Path program, Path folder, ReservedPort port, URI etcd) throws IOException {
        this.folder = folder;
        this.uri = URI.create("https://127.0.0.1:" + port.number());
        this.adminToken = randomToken();
        Path signingKey = write("sa.key", signingKey());
        Path tokens = write("tokens.csv", adminToken + ",admin,admin,\"system:masters\"\n");
        Path policy = write("audit-policy.yaml", AUDIT_POLICY);
        this.command = List.of(
                program.toString(),
                "--etcd-servers=" + etcd,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port.number(),
                "--permit-port-sharing=true",
                "--cert-dir=" + certificates(),
                "--service-account-issuer=" + ISSUER,
                "--api-audiences=" + ISSUER,
                "--service-account-signing-key-file=" + signingKey,
                "--service-account-key-file=" + signingKey,
                "--token-auth-file=" + tokens,
                "--authorization-mode=RBAC",
                "--service-cluster-ip-range=10.0.0.0/24",
                // It would wait for a controller that makes default accounts, and there is none.
                "--disable-admission-plugins=ServiceAccount",
                "--audit-policy-file=" + policy,
                "--audit-log-path=" + auditLog(),
                // In MiB: in effect the log is never moved away.
                "--audit-log-maxsize=100000");
        this.process = start();
    }

    URI uri() {
        return uri;
    }

    String adminToken() {
        return adminToken;
    }

    ServerProcess process() {
        return process;
    }

    /** The server's certificate and its issuer, both made at the first start. */
    Path caFile() {
        return certificates().resolve("apiserver.crt");
    }

    Path auditLog() {
        return folder.resolve("audit.log");
    }

    /** Kills it where it still runs, and starts another; returns when that is ready. */
    void restart() throws IOException, InterruptedException {
        process.kill();
        process = start();
        awaitReady();
    }

    @Override
    public void close() {
        process.kill();
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(folder.resolve("kube-apiserver.log"), command);
    }

    /** Waits until it says that it is ready, all that it prepares at its start included. */
    KubernetesApi awaitReady() throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < READY_DEADLINE.toNanos()) {
            if (process.endsWithin(POLL)) {
                throw new IOException("kube-apiserver ended at its start:\n" + process.tail());
            }
            if (Files.exists(caFile())) {
                KubernetesApi api = new KubernetesApi(uri, caFile());
                if (api.answers(adminToken, "/readyz")) {
                    return api;
                }
            }
        }
        throw new IOException("kube-apiserver is not ready after " + READY_DEADLINE + ":\n" + process.tail());
    }

    private Path certificates() {
        return folder.resolve("certificates");
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content, UTF_8);
    }

    private static String randomToken() {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static String signingKey() {
        try {
            byte[] key = KeyPairGenerator.getInstance("RSA")
                    .generateKeyPair()
                    .getPrivate()
                    .getEncoded();
            return "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(key)
                    + "\n-----END PRIVATE KEY-----\n";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
