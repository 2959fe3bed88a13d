// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.store.Settings;
import java.util.HashMap;
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
     * @param arguments KEKs, and settings as {@code name=value}; or {@code sdk} for the SDK's own client
     */
    public static void main(String[] arguments) {
        Map<String, String> flat = new HashMap<>();
        for (String argument : arguments) {
            if (argument.startsWith("kms.aws.")) {
                flat.put(argument.substring(0, argument.indexOf('=')), argument.substring(argument.indexOf('=') + 1));
            }
        }
        try (AwsKms kms = AwsKms.of(Settings.of(flat, Durations::parse, UnwrapMain.class.getClassLoader()))) {
            for (String argument : arguments) {
                if (argument.startsWith("aws-kms://")) {
                    System.out.println(wrap(kms, argument));
                }
            }
        }
        if (arguments[0].equals("sdk")) {
            System.out.println(wrapWithTheSdkAlone());
        }
    }

    private static String wrap(AwsKms kms, String kek) {
        try {
            return "wrapped "
                    + kms.getAead(kek)
                            .encrypt("a keyset".getBytes(UTF_8), Accounts.associatedData(Accounts.API))
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
