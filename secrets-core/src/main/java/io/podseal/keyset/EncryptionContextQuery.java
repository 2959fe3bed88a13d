// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The {@code context.<name>=<value>} pairs of an {@code aws-kms} KEK, as they read when decoded: the adapter sends them so,
 * and a printed policy demands them so.
 */
final class EncryptionContextQuery {
    private static final String PAIR = "context.";
    private static final Set<String> ACCOUNT =
            Set.of("kubernetes-namespace", "kubernetes-service-account", "podseal-trust-domain");
    private static final Pattern BARE_PERCENT = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private EncryptionContextQuery() {}

    /** What is wrong with the pairs of a URI that has the scheme's form, and what to do about it. */
    static Optional<String> malformed(String uri) {
        String query = uri.substring(uri.indexOf('?') + 1);
        if (query.length() == uri.length() || !query.startsWith(PAIR)) {
            return Optional.empty();
        }
        Set<String> names = new HashSet<>(ACCOUNT);
        for (String pair : query.split("&", -1)) {
            String[] parts = pair.split("=", 2);
            String name = parts[0].substring(PAIR.length());
            for (String text : new String[] {name, parts[1]}) {
                if (!isEncoded(text)) {
                    return Optional.of(KekUri.shown(text) + " is not percent-encoded UTF-8; write a literal % as %25");
                }
            }
            if (!names.add(decoded(name))) {
                return Optional.of("its encryption context names " + KekUri.shown(decoded(name))
                        + " twice, or against the account's own; leave " + KekUri.shown(parts[0]) + " out");
            }
        }
        return Optional.empty();
    }

    private static boolean isEncoded(String text) {
        return !BARE_PERCENT.matcher(text).find() && decoded(text).indexOf('\uFFFD') < 0;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
