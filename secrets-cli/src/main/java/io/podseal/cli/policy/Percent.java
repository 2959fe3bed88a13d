// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import java.net.URLDecoder;

/** The encoding of what a URI cannot hold as it is. */
final class Percent {
    private Percent() {}

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw ErrorCode.CONFIGURATION.because("malformed KEK URI: write a literal % as %25");
        }
    }
}
