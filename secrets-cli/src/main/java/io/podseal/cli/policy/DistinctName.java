// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names at a KMS, where what is written under a name replaces what was there: other things have other names. */
final class DistinctName {
    private static final int DIGEST_BYTES = 8;

    private DistinctName() {}

    /** A name of at most that many characters: what can be read of it, cut where it must be, and a digest of all that it stands for. */
    static String of(String readable, String all, int maxChars) {
        String digest = "_" + digest(all);
        return readable.substring(0, Math.min(readable.length(), maxChars - digest.length())) + digest;
    }

    static String digest(String all) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
