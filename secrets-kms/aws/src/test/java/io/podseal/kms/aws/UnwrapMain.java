// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.kms.Workload;
import io.podseal.store.Settings;
import java.io.File;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** Wraps for KEKs in a process whose environment is another's, and prints what happened. */
final class UnwrapMain {
    private UnwrapMain() {}

    /**
     * Does it.
     *
     * @param arguments KEKs, settings as {@code name=value}, and system properties as {@code -Dname=value}; or {@code sdk} for
     *     the SDK's own client; {@code without-sts} before them all takes that part away from the class path
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("without-sts")) {
            withoutSts(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        Map<String, String> flat = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("-D")) {
                System.setProperty(
                        argument.substring(2, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
            }
            if (argument.startsWith("kms.aws.")) {
                flat.put(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
            }
        }
        try (AwsKms kms = AwsKms.of(Settings.of(flat, Workload::duration, UnwrapMain.class.getClassLoader()))) {
            for (String argument : arguments) {
                if (argument.startsWith("aws-kms://")) {
                    System.out.println(wrap(kms, argument));
                }
            }
        }
        if (List.of(arguments).contains("sdk")) {
            System.out.println(wrapWithTheSdkAlone());
        }
    }

    private static void withoutSts(String[] arguments) throws Exception {
        List<URL> rest = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("/sts-")) {
                rest.add(Path.of(entry).toUri().toURL());
            }
        }
        try (URLClassLoader loader =
                new URLClassLoader(rest.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            Method main = loader.loadClass(UnwrapMain.class.getName()).getMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) arguments);
        }
    }

    private static String wrap(AwsKms kms, String kek) {
        try {
            return "wrapped "
                    + kms.getAead(kek)
                            .encrypt("a keyset".getBytes(UTF_8), Workload.associatedData(Workload.API))
                            .length;
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The control: what the environment does where nothing stands in its way. */
    private static String wrapWithTheSdkAlone() {
        try (KmsClient kms = KmsClient.builder()
                .region(Region.EU_CENTRAL_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            return "wrapped "
                    + kms.encrypt(request -> request.keyId(FakeAws.ARN).plaintext(SdkBytes.fromUtf8String("a keyset")))
                            .keyId();
        } catch (SdkException e) {
            return e.getClass().getSimpleName();
        }
    }
}
