// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import io.podseal.keyset.EncryptedKeyset;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which items of a carrier are values: {@code only} and {@code exclude} globs, in which {@code *} alone is special. */
record ItemFilter(List<Pattern> only, List<Pattern> exclude) {
    static ItemFilter of(List<String> only, List<String> exclude) {
        return new ItemFilter(patterns(only), patterns(exclude));
    }

    private static List<Pattern> patterns(List<String> globs) {
        return globs.stream()
                .map(glob -> Pattern.compile(
                        Arrays.stream(glob.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                        Pattern.DOTALL))
                .toList();
    }

    static boolean isKeysetDocument(String name) {
        return name.endsWith(EncryptedKeyset.FILE_SUFFIX);
    }

    /** Keyset documents are never values, whatever the globs say. */
    boolean takes(String name) {
        return !isKeysetDocument(name) && (only.isEmpty() || matches(only, name)) && !matches(exclude, name);
    }

    private static boolean matches(List<Pattern> globs, String name) {
        return globs.stream().anyMatch(glob -> glob.matcher(name).matches());
    }
}
