// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Properties;

/** The one encapsulation for the X-Wing key of the vectors, made once: all its tokens are made from it. */
final class XWing {
    private static final Properties KEPT = kept();

    private XWing() {}

    static byte[] publicKey() {
        return bytes("publicKey");
    }

    static byte[] seal(byte[] info, byte[] plaintext) {
        return Hpke.join(bytes("encapsulatedKey"), Hpke.encrypt(Hpke.X_WING, bytes("sharedSecret"), info, plaintext));
    }

    private static byte[] bytes(String name) {
        return Base64.getDecoder().decode(KEPT.getProperty(name));
    }

    private static Properties kept() {
        try (InputStream in = XWing.class.getResourceAsStream("xwing.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
