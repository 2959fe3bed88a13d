// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.Keks;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/**
 * Wraps a throw-away keyset with the client of a KMS, which a socket of this process answers, so that the JVM can note which
 * classes that needs: they are most of what such a command costs.
 */
final class KmsTraining {
    private static final String AWS_KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";
    private static final String AWS_ANSWER = "{\"KeyId\":\"" + AWS_KEY + "\",\"CiphertextBlob\":\"AAAA\"}";

    private KmsTraining() {}

    static void walk() {
        // Found first, before anything that this machine may have.
        System.setProperty("aws.accessKeyId", "none");
        System.setProperty("aws.secretAccessKey", "none");
        wrap("aws-kms://" + AWS_KEY, "PODSEAL_KMS_AWS_ENDPOINT", AWS_ANSWER);
    }

    private static void wrap(String kek, String endpointVariable, String answer) {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread kms = new Thread(() -> answerOnce(server, answer));
            kms.setDaemon(true);
            kms.start();
            String endpoint = "http://localhost:" + server.getLocalPort();
            ServiceAccount account = ServiceAccount.parse("any/any", ServiceAccount.DEFAULT_TRUST_DOMAIN);
            try (Keks keks = KmsSettings.of(Map.of(endpointVariable, endpoint), List.of(new Kek(kek)))
                    .keks()) {
                Keysets.wrap(Keysets.create(account, KeyType.AES256_GCM), keks);
            }
        } catch (IOException | PodsealException notToday) {
            // The archive holds less then.
        }
    }

    private static void answerOnce(ServerSocket server, String answer) {
        try (Socket socket = server.accept()) {
            socket.getInputStream().read(new byte[8192]);
            socket.getOutputStream()
                    .write(("HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nConnection: close\r\n"
                                    + "Content-Length: " + answer.length() + "\r\n\r\n" + answer)
                            .getBytes(US_ASCII));
        } catch (IOException nobodyAsked) {
            // The archive holds less then.
        }
    }
}
