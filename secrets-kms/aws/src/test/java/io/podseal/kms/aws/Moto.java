// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.kms.Refusal;
import io.podseal.testkit.MissingPart;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.CreateKeyRequest;

/** moto: AWS KMS and AWS STS as a server on this machine, one for all tests. It knows no IAM and serves disabled keys. */
final class Moto {
    static final Region REGION = Region.EU_CENTRAL_1;
    static final StaticCredentialsProvider CREDENTIALS = StaticCredentialsProvider.create(
            AwsBasicCredentials.create("id-" + Refusal.CANARY, "key-" + Refusal.CANARY));

    private static final Pattern RUNNING = Pattern.compile("Running on (http://\\S+)");

    private static @Nullable Moto running;

    private final URI url;

    private Moto(URI url) {
        this.url = url;
    }

    static synchronized Moto running() {
        if (running == null) {
            running = start(program());
        }
        return running;
    }

    private static Path program() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache");
        return Stream.concat(
                        Stream.of(Path.of(cache, "podseal-tests", "moto", "bin")),
                        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                                .map(Path::of))
                .map(folder -> folder.resolve("moto_server"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    MissingPart.abort("moto_server is not there: run .ci/moto, or install moto[server] with pip");
                    throw new AssertionError("unreachable");
                });
    }

    private static Moto start(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "-H", "127.0.0.1", "-p", "0")
                    .redirectErrorStream(true)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            BufferedReader output = process.inputReader();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher url = RUNNING.matcher(line);
                if (url.find()) {
                    Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "moto-output");
                    drain.setDaemon(true);
                    drain.start();
                    return new Moto(URI.create(url.group(1)));
                }
            }
            throw new IllegalStateException("moto_server ended without serving");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI url() {
        return url;
    }

    /** The SDK's own client, as whoever administers keys has it. */
    KmsClient administrator() {
        return KmsClient.builder()
                .region(REGION)
                .endpointOverride(url)
                .credentialsProvider(CREDENTIALS)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    /** The KEK URI of a new symmetric key. */
    String kek() {
        return "aws-kms://" + arn(key -> {});
    }

    /** The ARN of a new key. */
    String arn(Consumer<CreateKeyRequest.Builder> kind) {
        try (KmsClient kms = administrator()) {
            return kms.createKey(kind).keyMetadata().arn();
        }
    }
}
