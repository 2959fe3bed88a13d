// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One program of a {@link GoModule}.
 *
 * @param name its file name
 * @param source the package with its {@code main}
 * @param linked what the linker sets: variable=value
 */
record GoProgram(String name, String source, List<String> linked) {
    private static final int NEEDED_MINOR = 26;
    private static final int BUILD_MINUTES = 40;

    /**
     * Go as it is: no other tool chain is fetched, the module's checksums are not added to, and nothing but Go is needed.
     */
    private static final Map<String, String> SETTINGS =
            Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "-mod=readonly", "GOWORK", "off", "CGO_ENABLED", "0");

    void build(Path sources, Path output, Path log) throws IOException {
        StringBuilder linker = new StringBuilder("-s -w");
        linked.forEach(variable -> linker.append(" -X ").append(variable));
        String target = output.resolve(name).toString();
        int code = run(go("build", "-trimpath", "-ldflags=" + linker, "-o", target, source)
                .directory(sources.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())));
        if (code != 0) {
            throw new IOException("go build " + source + " failed:\n" + ServerProcess.tail(log));
        }
    }

    /** Skips the test where there is no such Go, and fails it under {@code CI=true}. */
    static void requireGo(String module, String otherwise) throws IOException {
        String version = version();
        Matcher parts = Pattern.compile("go1\\.(\\d+)").matcher(version);
        if (parts.lookingAt() && Integer.parseInt(parts.group(1)) >= NEEDED_MINOR) {
            return;
        }
        MissingPart.abort("The test kit's " + module + " is built by Go 1." + NEEDED_MINOR + " or later, and here is "
                + (version.isEmpty() ? "none" : version) + ": install it" + otherwise);
    }

    private static String version() throws IOException {
        Process process;
        try {
            process = go("env", "GOVERSION").start();
        } catch (IOException noGo) {
            return "";
        }
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    }

    private static ProcessBuilder go(String... arguments) {
        List<String> command = new ArrayList<>(List.of("go"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(SETTINGS);
        return builder;
    }

    private static int run(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        try {
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                throw new IOException("go did not end within " + BUILD_MINUTES + " minutes");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while go was building", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
