// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** A token of the past, truly signed: the API server issues none that lives shorter than ten minutes. */
final class AgedToken {
    private static final Pattern TIME = Pattern.compile("\"(exp|iat|nbf)\":(\\d+)");

    private AgedToken() {}

    /** The same token, issued and expired that much earlier. */
    static String of(String token, long seconds, Path signingKey) throws IOException, GeneralSecurityException {
        String[] parts = token.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String earlier = TIME.matcher(claims)
                .replaceAll(time -> "\"" + time.group(1) + "\":" + (Long.parseLong(time.group(2)) - seconds));
        String signed = parts[0] + '.' + base64(earlier.getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        String pem = Files.readString(signingKey).replaceAll("-----[^-]+-----", "");
        signature.initSign(KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem))));
        signature.update(signed.getBytes(UTF_8));
        return signed + '.' + base64(signature.sign());
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
