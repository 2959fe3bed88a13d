// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.KekUri;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;

/**
 * The path attributes of RFC 7512 that name a key here: {@code slot-id} and {@code object} (its label), and {@code type} where
 * it says {@code secret-key}. Others are refused, since the JDK's provider cannot look a token up by them: a URI that seems to
 * say more than is checked would mislead.
 */
record Pkcs11Uri(int slot, String object) {
    static final String SCHEME = "pkcs11:";

    static Pkcs11Uri parse(String uri) {
        KekUri.requireWellFormed(uri);
        Map<String, String> attributes = new HashMap<>();
        for (String attribute : uri.substring(SCHEME.length()).split(";", -1)) {
            int equals = attribute.indexOf('=');
            String name = equals < 0 ? attribute : attribute.substring(0, equals);
            if (equals < 0 || attributes.put(name, decode(uri, attribute.substring(equals + 1))) != null) {
                throw malformed(uri, "attribute '" + name + "' has no value, or stands twice");
            }
        }
        String slot = attributes.remove("slot-id");
        String object = attributes.remove("object");
        String type = attributes.remove("type");
        if (slot == null || !slot.matches("[0-9]{1,10}") || Long.parseLong(slot) > Integer.MAX_VALUE) {
            throw malformed(
                    uri,
                    "slot-id=<number> must name the token's slot; the command line takes token= or serial= and prints the"
                            + " URI with the slot-id");
        }
        if (object == null || object.isEmpty()) {
            throw malformed(uri, "object=<label> must name the key");
        }
        if (type != null && !type.equals("secret-key")) {
            throw malformed(uri, "type must be secret-key");
        }
        if (!attributes.isEmpty()) {
            throw malformed(uri, "only slot-id, object and type are known here, not " + attributes.keySet());
        }
        return new Pkcs11Uri(Integer.parseInt(slot), object);
    }

    private static String decode(String uri, String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(uri, "a percent sign begins no hex byte");
        }
    }

    private static PodsealException malformed(String uri, String why) {
        return ErrorCode.CONFIGURATION.because("KEK URI '" + uri + "': " + why);
    }
}
