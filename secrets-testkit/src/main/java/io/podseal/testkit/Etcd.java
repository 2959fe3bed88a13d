// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/** The store of the control plane. It outlives the API server's deaths. */
final class Etcd implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Path data;
    private final URI uri;
    private final ServerProcess process;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Etcd(Path program, Path folder, ReservedPort port) throws IOException {
        data = folder.resolve("etcd");
        uri = URI.create("http://127.0.0.1:" + port.number());
        process = ServerProcess.start(
                folder.resolve("etcd.log"),
                List.of(
                        program.toString(),
                        "--data-dir=" + data,
                        "--listen-client-urls=" + uri,
                        "--advertise-client-urls=" + uri,
                        "--listen-peer-urls=http://127.0.0.1:0",
                        "--socket-reuse-port=true",
                        // Files are written all the same; only a crash of the machine could lose them.
                        "--unsafe-no-fsync=true"));
    }

    URI uri() {
        return uri;
    }

    ServerProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.kill();
    }

    /** The value as it is stored. */
    byte[] value(String key) {
        JsonObject range = new JsonObject();
        range.addProperty("key", Base64.getEncoder().encodeToString(key.getBytes(UTF_8)));
        JsonArray found = post("/v3/kv/range", range).getAsJsonArray("kvs");
        if (found == null) {
            throw new NoSuchElementException("etcd has no key " + key);
        }
        String value = found.get(0).getAsJsonObject().get("value").getAsString();
        return Base64.getDecoder().decode(value);
    }

    private JsonObject post(String path, JsonObject body) {
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri.resolve(path))
                            .timeout(DEADLINE)
                            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("etcd answered " + response.statusCode() + " to " + path);
            }
            return JsonParser.parseString(response.body()).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    List<Path> files() {
        try (Stream<Path> paths = Files.walk(data)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
