// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** As it is written, without what all names begin with. */
    private record Pair(String name, String value) {}

    /** What is wrong with the pairs of a URI that has the scheme's form, and what to do about it. */
    static Optional<String> malformed(String uri) {
        Set<String> names = new HashSet<>(ACCOUNT);
        for (Pair pair : written(uri)) {
            for (String text : List.of(pair.name(), pair.value())) {
                if (!isEncoded(text)) {
                    return Optional.of(KekUri.shown(text) + " is not percent-encoded UTF-8; write a literal % as %25");
                }
            }
            if (!names.add(decoded(pair.name()))) {
                return Optional.of("its encryption context names " + KekUri.shown(decoded(pair.name()))
                        + " twice, or against the account's own; leave " + KekUri.shown(PAIR + pair.name()) + " out");
            }
        }
        return Optional.empty();
    }

    /** The pairs of a URI that is not malformed, decoded, in their order. */
    static Map<String, String> pairs(String uri) {
        Map<String, String> pairs = new LinkedHashMap<>();
        written(uri).forEach(pair -> pairs.put(decoded(pair.name()), decoded(pair.value())));
        return Collections.unmodifiableMap(pairs);
    }

    private static List<Pair> written(String uri) {
        String query = uri.substring(uri.indexOf('?') + 1);
        if (query.length() == uri.length() || !query.startsWith(PAIR)) {
            return List.of();
        }
        return Arrays.stream(query.split("&", -1))
                .map(pair -> pair.substring(PAIR.length()).split("=", 2))
                .map(parts -> new Pair(parts[0], parts[1]))
                .toList();
    }

    private static boolean isEncoded(String text) {
        return !BARE_PERCENT.matcher(text).find() && decoded(text).indexOf('\uFFFD') < 0;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }
}
