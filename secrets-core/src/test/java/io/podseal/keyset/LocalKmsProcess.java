// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.KmsClient;
import com.google.gson.Gson;
import com.google.protobuf.MessageLite;
import io.podseal.PodsealException;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Asks for a KEK file in a process whom file modes bind, even if its user is root. */
final class LocalKmsProcess {
    private LocalKmsProcess() {}

    /** Prints what using that KEK file gives. */
    public static void main(String[] args) throws GeneralSecurityException {
        try {
            LocalKms.allowedInCluster().getAead("local-kms:" + args[0]).decrypt(new byte[40], new byte[0]);
        } catch (PodsealException refused) {
            System.out.println(refused.getMessage());
        }
    }

    static String runBoundByModes(Path kek) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "setpriv",
                        "--bounding-set=-dac_override,-dac_read_search",
                        "--inh-caps=-dac_override,-dac_read_search",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath(
                                LocalKmsProcess.class, LocalKms.class, KmsClient.class, MessageLite.class, Gson.class),
                        LocalKmsProcess.class.getName(),
                        kek.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output;
    }

    /** Where these classes were loaded from, be it a class path or a module path. */
    private static String classPath(Class<?>... classes) {
        return Arrays.stream(classes)
                .map(type -> {
                    String file = "/" + type.getName().replace('.', '/') + ".class";
                    String url = String.valueOf(type.getResource(file));
                    String root = url.substring(0, url.length() - file.length());
                    return Path.of(URI.create(root.replaceFirst("^jar:", "").replaceFirst("!$", "")))
                            .toString();
                })
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }
}
