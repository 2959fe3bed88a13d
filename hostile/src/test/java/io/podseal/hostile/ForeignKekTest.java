// SPDX-License-Identifier: Apache-2.0
package io.podseal.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Scope;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import io.podseal.keyset.Keysets;
import io.podseal.store.Location;
import io.podseal.store.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A keyset document that names a KEK which the application does not leads nowhere: with the clients of all KMSs on the class path,
 * each set to a server that counts who comes.
 */
final class ForeignKekTest {
    private static final ServiceAccount API = new ServiceAccount("cluster.local", "payments", "api");
    private static final String AWS =
            "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String VAULT = "hcvault://vault.example.com:8200/transit/keys/payments_api";
    private static final String GCP = "gcp-kms://projects/p/locations/global/keyRings/r/cryptoKeys/payments-api";
    private static final String AZURE =
            "azure-kv://shop.vault.azure.net/keys/payments-api/0123456789abcdef0123456789abcdef";

    private final AtomicInteger visitors = new AtomicInteger();

    @TempDir
    Path folder;

    private ServerSocket trap;

    @BeforeEach
    void listen() throws IOException {
        trap = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread thread = new Thread(this::count, "trap");
        thread.setDaemon(true);
        thread.start();
    }

    private void count() {
        while (!trap.isClosed()) {
            try {
                trap.accept().close();
                visitors.incrementAndGet();
            } catch (IOException closed) {
                return;
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        trap.close();
    }

    private PodsealException refusalOf(String accepted, String named) throws IOException {
        Path mount = Files.createDirectories(folder.resolve("db"));
        Files.writeString(
                mount.resolve("password"),
                Keysets.create(API, KeyType.AES256_GCM)
                        .sealer()
                        .seal(Scope.item(API, "db", "password"), new byte[8])
                        .token());
        Files.writeString(mount.resolve("api.keyset.json"), document(named));
        Path token = Files.writeString(folder.resolve("token"), "a-token");
        String url = "http://127.0.0.1:" + trap.getLocalPort();
        Map<String, String> settings = Map.ofEntries(
                Map.entry("identity", "payments/api"),
                Map.entry("keks", accepted),
                Map.entry("kms.deadline", "2s"),
                Map.entry("kms.aws.endpoint", url),
                Map.entry("kms.gcp.proxy", url),
                Map.entry("kms.azure.proxy", url),
                Map.entry("kms.vault.endpoint", url),
                Map.entry("kms.vault.auth", "token"),
                Map.entry("kms.vault.token-file", token.toString()),
                Map.entry("kms.pkcs11.module", "/nowhere/module.so"),
                Map.entry("kms.pkcs11.pin-file", token.toString()));
        return catchThrowableOfType(
                PodsealException.class,
                () -> Settings.of(settings, text -> Duration.parse("PT" + text), ForeignKekTest.class.getClassLoader())
                        .store(Location.ofValues("podseal:mount:" + mount), null)
                        .open()
                        .close());
    }

    private static String document(String kek) {
        JsonObject wrapped = new JsonObject();
        wrapped.addProperty("encryptedKeyset", Base64.getEncoder().encodeToString("vault:v1:AAAA".getBytes(UTF_8)));
        JsonObject recipient = new JsonObject();
        recipient.addProperty("kek", kek);
        recipient.add("encryptedKeyset", wrapped);
        JsonArray recipients = new JsonArray();
        recipients.add(recipient);
        JsonObject document = new JsonObject();
        document.addProperty("podseal", "v1");
        document.addProperty("identity", "spiffe://cluster.local/ns/payments/sa/api");
        document.add("recipients", recipients);
        return document.toString();
    }

    /** Everything that a reader might take for its own KEK, or go and ask. */
    private List<String> foreign(String own) {
        String host = "127.0.0.1:" + trap.getLocalPort();
        List<String> all = new ArrayList<>();
        for (String scheme : List.of(
                "aws-kms",
                "gcp-kms",
                "azure-kv",
                "hcvault",
                "http",
                "https",
                "HTTP",
                "ftp",
                "ldap",
                "ldaps",
                "rmi",
                "dns",
                "iiop",
                "jar:http",
                "file",
                "jndi:ldap",
                "tcp",
                "grpc",
                "unix",
                "spiffe",
                "gopher",
                "data")) {
            for (String place :
                    List.of(host, "169.254.169.254", "[fd00:ec2::254]", "metadata.google.internal", "localhost")) {
                all.add(scheme + "://" + place + "/transit/keys/payments_api");
            }
        }
        all.addAll(List.of(
                "file:/etc/hostname",
                "file:///etc/hostname",
                "local-kms:/etc/hostname",
                "local-kms:" + folder.resolve("token"),
                "classpath:kek.json",
                "pkcs11:slot-id=0;object=kek?module-path=/tmp/evil.so",
                "pkcs11:token=any;object=kek?pin-value=1234",
                "io.podseal.kms.aws.AwsKms",
                "java.lang.Runtime",
                "${jndi:ldap://" + host + "/a}",
                "#{systemProperties}",
                "aws-kms://arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "aws-kms://arn:aws:kms:eu-central-1:999999999999:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "aws-kms://arn:aws:kms:eu-central-1:111122223333:alias/payments",
                "aws-kms://arn:aws-cn:kms:cn-north-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "aws-kms:alias/payments",
                "gcp-kms://projects/evil/locations/global/keyRings/r/cryptoKeys/payments-api",
                "azure-kv://evil.example.com/keys/payments-api/0123456789abcdef0123456789abcdef",
                "hcvault://" + host + "/transit/keys/payments_api"));
        for (String spoilt :
                List.of(own.toUpperCase(Locale.ROOT), own.replaceFirst("-|h", "%2D"), own.replace("//", "///"))) {
            all.add(spoilt);
        }
        for (String end : List.of(
                "/",
                "?",
                "#",
                " ",
                "\n",
                "\0",
                "?context=tink",
                "?endpoint=http://" + host,
                "#" + host,
                "\u200b",
                "/..",
                ";")) {
            all.add(own + end);
            all.add(end + own);
        }
        all.add(own.replace("://", "://" + host + "@"));
        all.add(own.replace("://", "://user:pass@"));
        all.add(own.replace("://", "://" + host + "/"));
        all.add(own.replace('a', '\u0430'));
        all.add(own.substring(0, own.length() - 1));
        all.add(own.substring(1));
        all.add(own + "," + own);
        all.add(own + " " + own);
        return all.stream().filter(uri -> !uri.equals(own)).distinct().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {AWS, VAULT, GCP, AZURE, "pkcs11:slot-id=0;object=kek", "local-kms:/etc/podseal/kek.json"})
    void kekThatTheApplicationDoesNotNameIsNeitherAskedNorLookedAt(String own) throws IOException {
        List<String> uris = foreign(own);
        assertThat(uris).hasSizeGreaterThan(100);
        for (String uri : uris) {
            PodsealException refusal = refusalOf(own, uri);
            assertThat(refusal).as(uri).isNotNull();
            assertThat(refusal.code()).as("%s: %s", uri, refusal.getMessage()).isEqualTo(ErrorCode.KEYSET_POLICY);
        }
        assertThat(visitors).hasValue(0);
    }

    @Test
    void controlTheKekThatItNamesIsAskedAtTheVerySameServer() throws IOException {
        assertThat(refusalOf(VAULT, VAULT).code()).isEqualTo(ErrorCode.KMS_UNAVAILABLE);
        assertThat(visitors.get()).isPositive();
    }
}
