// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** One file of the vectors: a key that everybody knows, wrapped bytes, and what becomes of them. */
record Vector(Path file, JsonNode json) {
    static final ObjectMapper JSON = new ObjectMapper();

    static List<Vector> all() {
        try (Stream<Path> files = Files.list(Path.of(
                Objects.requireNonNull(Vector.class.getResource("vectors")).toURI()))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Vector::read)
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static Vector named(String name) {
        return all().stream()
                .filter(vector -> vector.file.endsWith(name + ".json"))
                .findFirst()
                .orElseThrow();
    }

    private static Vector read(Path file) {
        try {
            return new Vector(file, JSON.readTree(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String member) {
        return json.required(member).asText();
    }

    KeyPair key() {
        BigInteger p = new BigInteger(text("p"), 16);
        BigInteger q = new BigInteger(text("q"), 16);
        BigInteger e = BigInteger.valueOf(json.required("publicExponent").asLong());
        BigInteger p1 = p.subtract(BigInteger.ONE);
        BigInteger q1 = q.subtract(BigInteger.ONE);
        BigInteger d = e.modInverse(p1.multiply(q1));
        try {
            KeyFactory rsa = KeyFactory.getInstance("RSA");
            RSAPrivateCrtKey key = (RSAPrivateCrtKey) rsa.generatePrivate(
                    new RSAPrivateCrtKeySpec(p.multiply(q), e, d, p, q, d.mod(p1), d.mod(q1), q.modInverse(p)));
            return new KeyPair(rsa.generatePublic(new RSAPublicKeySpec(key.getModulus(), e)), key);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public String toString() {
        return text("claim");
    }
}
