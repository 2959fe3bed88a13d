// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.store.Setting;
import io.podseal.store.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds the slot of a token that a {@code pkcs11:} URI names by its label or serial number. The JDK's provider tells nobody what
 * it finds but standard output, so a library cannot do this; here the process is ours.
 */
final class TokenSlot {
    private static final String SCHEME = "pkcs11:";

    /** What RFC 7512 calls a token's words, and what the provider prints in front of them. */
    private static final Map<String, String> PRINTED =
            Map.of("token", "label", "serial", "serialNumber", "manufacturer", "manufacturerID", "model", "model");

    private static final Pattern SLOTS = Pattern.compile("Slots with tokens: ([0-9, ]*)");
    private static final Pattern TOKEN = Pattern.compile("Token info for token in slot [0-9]+:\\R((?: .*\\R)*)");

    private TokenSlot() {}

    /** Whether a token's word stands in the URI, and no slot. */
    static boolean isNamedByToken(String uri) {
        List<String> names = attributes(uri).map(TokenSlot::name).toList();
        return names.stream().anyMatch(PRINTED::containsKey) && !names.contains("slot-id");
    }

    /** The URI with the slot's id in the place of the token's words. */
    static String located(String uri, Settings settings) {
        Map<String, String> wanted = attributes(uri)
                .filter(attribute -> PRINTED.containsKey(name(attribute)))
                .collect(Collectors.toMap(TokenSlot::name, TokenSlot::value, (a, b) -> b, LinkedHashMap::new));
        String configuration = "--name = podseal-tokens\nlibrary = \""
                + settings.find(Setting.PKCS11_MODULE)
                        .orElseThrow(() -> ErrorCode.CONFIGURATION.because(
                                "no PKCS#11 module; set PODSEAL_KMS_PKCS11_MODULE to the library of your token"))
                + "\"\nshowInfo = true\n"
                + settings.find(Setting.PKCS11_NSS_DATABASE)
                        .map(nss -> "nssArgs = \"configdir='" + nss
                                + "' certPrefix='' keyPrefix='' secmod='secmod.db' flags=readOnly\"\n")
                        .orElse("");
        Map<String, String> tokens = new LinkedHashMap<>();
        Matcher slots = SLOTS.matcher(printed(configuration + "slotListIndex = 0\n"));
        for (String slot : slots.find() ? slots.group(1).split(", *") : new String[0]) {
            Matcher token = TOKEN.matcher(slot.isEmpty() ? "" : printed(configuration + "slot = " + slot + "\n"));
            if (token.find()) {
                tokens.put(slot, token.group(1));
            }
        }
        List<String> found = tokens.entrySet().stream()
                .filter(token -> wanted.entrySet().stream()
                        .allMatch(word -> word(token.getValue(), word.getKey()).equals(word.getValue())))
                .map(Map.Entry::getKey)
                .toList();
        if (found.size() != 1) {
            throw ErrorCode.CONFIGURATION.because((found.isEmpty() ? "no token" : "more than one token") + " fits "
                    + uri + "; there are "
                    + tokens.entrySet().stream()
                            .map(token -> "slot-id=" + token.getKey() + " (token '" + word(token.getValue(), "token")
                                    + "', serial '" + word(token.getValue(), "serial") + "')")
                            .collect(Collectors.joining(", ")));
        }
        return SCHEME + "slot-id=" + found.get(0)
                + attributes(uri)
                        .filter(attribute -> !PRINTED.containsKey(name(attribute)))
                        .map(attribute -> ";" + attribute)
                        .collect(Collectors.joining());
    }

    /** What the provider prints while it is configured. It logs in nowhere. */
    private static String printed(String configuration) {
        Provider sunPkcs11 = Security.getProvider("SunPKCS11");
        if (sunPkcs11 == null) {
            throw ErrorCode.CONFIGURATION.because(
                    "this Java has no SunPKCS11; use one with the module jdk.crypto.cryptoki");
        }
        PrintStream before = System.out;
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        System.setOut(new PrintStream(text, true, UTF_8));
        try {
            sunPkcs11.configure(configuration);
        } catch (RuntimeException e) {
            // Of a slot whose token is not initialised, it has printed the list all the same.
            if (!SLOTS.matcher(text.toString(UTF_8)).find()) {
                throw ErrorCode.CONFIGURATION.because("the PKCS#11 module does not list its tokens ("
                        + e.getClass().getName()
                        + "); see to PODSEAL_KMS_PKCS11_MODULE, and to what the module reads itself, such as the file that"
                        + " SOFTHSM2_CONF names");
            }
        } finally {
            System.setOut(before);
        }
        return text.toString(UTF_8);
    }

    private static String word(String token, String name) {
        return token.lines()
                .filter(line -> line.strip().startsWith(PRINTED.get(name) + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    private static Stream<String> attributes(String uri) {
        return Arrays.stream(uri.substring(SCHEME.length()).split(";"));
    }

    private static String name(String attribute) {
        return attribute.replaceFirst("=.*", "");
    }

    private static String value(String attribute) {
        try {
            return URLDecoder.decode(
                    attribute.substring(attribute.indexOf('=') + 1).replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            throw ErrorCode.CONFIGURATION.because("malformed KEK URI: a percent sign begins no hex byte");
        }
    }
}
