// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.PodsealException;
import io.podseal.keyset.EncryptedKeyset;
import io.podseal.keyset.Keks;
import io.podseal.keyset.Keysets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An application in a process of its own, since a login and a lost token are the whole process's. It is told on its input what
 * to do: {@code unwrap}, {@code wrap}, {@code client} for a new client. It prints {@code ok}, or the failure.
 */
final class TokenProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader printed;
    private final TokenCalls calls;

    private TokenProcess(Process process, boolean watched) throws IOException {
        this.process = process;
        this.printed = process.inputReader(UTF_8);
        this.calls = watched ? TokenCalls.of(port(printed.readLine())) : null;
    }

    private static String port(String listening) {
        return listening.substring(listening.lastIndexOf(' ') + 1);
    }

    static TokenProcess start(SoftHsm hsm, Path pinFile, Path document) {
        return start(hsm.environment(), SoftHsm.library(), List.of(), pinFile, document);
    }

    /** One whose calls to the module are counted. */
    static TokenProcess startWatched(SoftHsm hsm, Path pinFile, Path document) {
        String debugger = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0";
        return start(hsm.environment(), SoftHsm.library(), List.of(debugger), pinFile, document);
    }

    static TokenProcess start(
            Map<String, String> environment, Path module, List<String> options, Path pinFile, Path document) {
        try {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx256m"));
            command.addAll(options);
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), TokenProcess.class.getName()));
            command.addAll(List.of(module.toString(), pinFile.toString(), document.toString()));
            ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().remove("SOFTHSM2_CONF");
            builder.environment().putAll(environment);
            return new TokenProcess(builder.start(), !options.isEmpty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has it do that, and gives what it says. */
    String says(String what) throws IOException {
        process.outputWriter().write(what + "\n");
        process.outputWriter().flush();
        return printed.readLine();
    }

    /** How often it has had its token encrypt or decrypt. */
    int calls() {
        return calls.count();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.outputWriter().close();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    public static void main(String[] args) throws IOException {
        EncryptedKeyset document = EncryptedKeyset.parse(Files.readAllBytes(Path.of(args[2])));
        String kek = document.keks().iterator().next();
        Pkcs11Kms kms = kms(args);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String what = input.readLine(); what != null; what = input.readLine()) {
            try {
                Keks keks = Workload.keks(kms, kek);
                switch (what) {
                    case "client" -> kms = kms(args);
                    case "wrap" ->
                        Keysets.wrap(Keysets.create(Workload.API, io.podseal.keyset.KeyType.AES256_GCM), keks);
                    default -> Workload.unwrapOnce(keks, document);
                }
                System.out.println("ok");
            } catch (PodsealException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static Pkcs11Kms kms(String[] args) {
        return Pkcs11Kms.builder()
                .module(Path.of(args[0]))
                .pinFile(Path.of(args[1]))
                .build();
    }
}
