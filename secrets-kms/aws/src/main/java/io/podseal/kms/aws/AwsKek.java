// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import io.podseal.keyset.KekUri;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** A KEK URI taken apart (specification, section 5): the key, and what it binds a keyset to. */
record AwsKek(String arn, String region, boolean tink, Map<String, String> pairs) {
    static final String SCHEME = "aws-kms://";

    private static final String ASSOCIATED_DATA = "podseal:v1:keyset:";
    private static final String NAMESPACE = "kubernetes-namespace";
    private static final String SERVICE_ACCOUNT = "kubernetes-service-account";
    private static final String TRUST_DOMAIN = "podseal-trust-domain";

    /** @throws PodsealException {@code CONFIGURATION} */
    static AwsKek parse(String uri) {
        if (!uri.startsWith(SCHEME)) {
            throw ErrorCode.CONFIGURATION.because("AWS KMS serves KEKs that begin with " + SCHEME);
        }
        Map<String, String> pairs = KekUri.encryptionContext(uri);
        String[] parts = uri.substring(SCHEME.length()).split("\\?", 2);
        boolean tink = parts.length == 2 && parts[1].equals("context=tink");
        return new AwsKek(parts[0], parts[0].split(":", -1)[3], tink, pairs);
    }

    /** What AWS KMS binds the ciphertext to, logs, and lets policies compare. */
    Map<String, String> encryptionContext(byte[] associatedData) {
        if (tink) {
            return Map.of("associatedData", HexFormat.of().formatHex(associatedData));
        }
        String text = new String(associatedData, UTF_8);
        if (!text.startsWith(ASSOCIATED_DATA)) {
            throw ErrorCode.CONFIGURATION.because(
                    "AWS KMS wraps keysets here, and this is none; append ?context=tink to the KEK for other data");
        }
        ServiceAccount account = ServiceAccount.parseSpiffeId(text.substring(ASSOCIATED_DATA.length()));
        Map<String, String> context = new TreeMap<>(pairs);
        context.put(NAMESPACE, account.namespace());
        context.put(SERVICE_ACCOUNT, account.name());
        context.put(TRUST_DOMAIN, account.trustDomain());
        return context;
    }
}
