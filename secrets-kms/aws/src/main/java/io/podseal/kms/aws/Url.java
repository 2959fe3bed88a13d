// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import io.podseal.ErrorCode;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The URLs of the settings: each is a place, without credentials and anything else. */
final class Url {
    /** Keysets pass an endpoint in the clear, so it has TLS unless it is on this machine. */
    private static final String ENDPOINT =
            "https://[-.A-Za-z0-9]+(:\\d{1,5})?/?|http://(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?/?";

    private static final int MAX_PORT = 65_535;

    private static final String PROXY = "http://[-.A-Za-z0-9]+:\\d{1,5}/?";

    private Url() {}

    static @Nullable URI endpoint(String setting, @Nullable String url) {
        return place(setting, url, ENDPOINT, "https://<host>[:<port>], or http:// on this machine");
    }

    static @Nullable URI proxy(@Nullable String url) {
        return place("proxy", url, PROXY, "http://<host>:<port>");
    }

    private static @Nullable URI place(String setting, @Nullable String url, String grammar, String form) {
        URI place = url == null || !url.matches(grammar) ? null : URI.create(url);
        if (url != null && (place == null || !canBeAsked(place))) {
            // Not shown, since somebody may have put a password into it.
            throw ErrorCode.CONFIGURATION.because(
                    "podseal.kms.aws." + setting + " is " + form + ", without credentials");
        }
        return place;
    }

    /** A name such as {@code a..b} is no host to the JDK, which says so at the first call only. */
    private static boolean canBeAsked(URI place) {
        return place.getHost() != null && place.getPort() != 0 && place.getPort() <= MAX_PORT;
    }
}
