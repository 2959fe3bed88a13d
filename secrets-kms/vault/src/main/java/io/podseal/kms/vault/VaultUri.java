// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code hcvault://} KEK.
 *
 * @param authority host and port
 * @param mount the path of the Transit engine, without slashes at its ends
 * @param key the key's name
 */
record VaultUri(String authority, String mount, String key) {
    static final String SCHEME = "hcvault://";

    /** Without dots alone and percent signs, so that the path asked for is the path written. */
    private static final String WORD = "(?!\\.{1,2}(?:/|$))[-._~A-Za-z0-9]+";

    private static final int MAX_PORT = 65535;

    private static final Pattern FORM =
            Pattern.compile(SCHEME + "([^/]+)/(" + WORD + "(?:/" + WORD + ")*)/keys/(" + WORD + ")");

    static VaultUri parse(String uri) {
        KekUri.requireWellFormed(uri);
        Matcher matcher = FORM.matcher(uri);
        if (!matcher.matches()) {
            throw ErrorCode.CONFIGURATION.because("KEK URI '" + uri
                    + "': mount and key are letters, digits and -._~, for example hcvault://vault.example.com:8200/transit"
                    + "/keys/payments_api");
        }
        return new VaultUri(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    /** Whether it is such a path as a mount has. */
    static boolean isPath(String text) {
        return text.matches(WORD + "(?:/" + WORD + ")*");
    }

    /** Whether it is the URL of a server that can be called: Java knows no host with, say, an underscore. */
    static boolean isServer(String url) {
        try {
            URI server = new URI(url);
            return server.getHost() != null && server.getPort() <= MAX_PORT;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The path below {@code /v1/} that encrypts or decrypts. */
    String path(String operation) {
        return mount + "/" + operation + "/" + key;
    }
}
