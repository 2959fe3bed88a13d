// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * moto: AWS KMS and AWS STS as a server on this machine, which ends with this JVM, however that ends. It takes every signature
 * for right, knows no IAM, and serves disabled keys.
 */
public final class Moto {
    /** Where its keys are. */
    public static final String REGION = "eu-central-1";

    private static final Pattern RUNNING = Pattern.compile("Running on (http://\\S+)");

    /** Held, since its standard input must stay open. */
    private final Process process;

    private final URI url;

    private Moto(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /** One for all tests. */
    public static Moto running() {
        program(); // where there is none, before a static initialiser makes an error of it
        return Shared.SERVER;
    }

    private static final class Shared {
        static final Moto SERVER = start(program());
    }

    private static Path program() {
        return RealPart.cached("moto", "moto_server");
    }

    private static Moto start(Path program) {
        try {
            Process process = RealPart.server(program.toString(), "-H", "127.0.0.1", "-p", "0")
                    .start();
            BufferedReader output = process.inputReader();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher url = RUNNING.matcher(line);
                if (url.find()) {
                    Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "moto-output");
                    drain.setDaemon(true);
                    drain.start();
                    return new Moto(process, URI.create(url.group(1)));
                }
            }
            throw new IllegalStateException("moto_server ended without serving");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens. */
    public URI url() {
        if (!process.isAlive()) {
            throw new IllegalStateException("moto_server has ended");
        }
        return url;
    }

    /** The KEK URI of a new symmetric key. */
    public String kek() {
        return "aws-kms://"
                + ask("CreateKey", "{}")
                        .getAsJsonObject("KeyMetadata")
                        .get("Arn")
                        .getAsString();
    }

    /** Asks AWS KMS for an operation of its API, as whoever administers keys. */
    public JsonObject ask(String operation, String json) {
        try {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/"))
                    .header("X-Amz-Target", "TrentService." + operation)
                    .header("Content-Type", "application/x-amz-json-1.1")
                    .header(
                            "Authorization",
                            "AWS4-HMAC-SHA256 Credential=administrator/20260101/" + REGION
                                    + "/kms/aws4_request, SignedHeaders=host, Signature=none")
                    .POST(HttpRequest.BodyPublishers.ofString(json))
                    .build();
            HttpResponse<String> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IllegalStateException(operation + ": " + answer.body());
            }
            return JsonParser.parseString(answer.body()).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
