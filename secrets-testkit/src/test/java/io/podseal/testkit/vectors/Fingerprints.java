// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.crypto.tink.proto.AesCtrHmacAeadKey;
import com.google.crypto.tink.proto.AesGcmKey;
import com.google.crypto.tink.proto.HpkeKem;
import com.google.crypto.tink.proto.HpkePrivateKey;
import com.google.crypto.tink.proto.HpkePublicKey;
import com.google.crypto.tink.proto.KeyStatusType;
import com.google.crypto.tink.proto.Keyset;
import com.google.crypto.tink.proto.XAesGcmKey;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.podseal.keyset.KeyType;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/** The specification's section 3.6, written a second time: a vector must not ask the code what it should say. */
final class Fingerprints {
    private Fingerprints() {}

    static String of(Keyset keyset) {
        byte[] input = "podseal:v1:fingerprint".getBytes(US_ASCII);
        List<Keyset.Key> enabled = keyset.getKeyList().stream()
                .filter(key -> key.getStatus() == KeyStatusType.ENABLED)
                .sorted(Comparator.comparingLong(key -> Integer.toUnsignedLong(key.getKeyId())))
                .toList();
        for (Keyset.Key key : enabled) {
            input = Hpke.join(
                    input,
                    ByteBuffer.allocate(4).putInt(key.getKeyId()).array(),
                    type(key).typeName().getBytes(US_ASCII),
                    new byte[] {0},
                    material(key).toByteArray());
        }
        return "sha256:" + Base64.getUrlEncoder().withoutPadding().encodeToString(Derived.sha256(input));
    }

    static KeyType type(Keyset.Key key) {
        return switch (shortType(key)) {
            case "AesGcmKey" -> material(key).size() == 32 ? KeyType.AES256_GCM : KeyType.AES128_GCM;
            case "XAesGcmKey" -> KeyType.XAES256_GCM;
            case "AesCtrHmacAeadKey" -> KeyType.AES256_CTR_HMAC;
            default -> publicKey(key).getParams().getKem() == HpkeKem.X_WING ? KeyType.HPKE_XWING : KeyType.HPKE_X25519;
        };
    }

    private static ByteString material(Keyset.Key key) {
        ByteString value = key.getKeyData().getValue();
        try {
            return switch (shortType(key)) {
                case "AesGcmKey" -> AesGcmKey.parseFrom(value).getKeyValue();
                case "XAesGcmKey" -> XAesGcmKey.parseFrom(value).getKeyValue();
                case "AesCtrHmacAeadKey" -> {
                    AesCtrHmacAeadKey both = AesCtrHmacAeadKey.parseFrom(value);
                    yield both.getAesCtrKey()
                            .getKeyValue()
                            .concat(both.getHmacKey().getKeyValue());
                }
                default -> publicKey(key).getPublicKey();
            };
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static HpkePublicKey publicKey(Keyset.Key key) {
        ByteString value = key.getKeyData().getValue();
        try {
            return shortType(key).equals("HpkePublicKey")
                    ? HpkePublicKey.parseFrom(value)
                    : HpkePrivateKey.parseFrom(value).getPublicKey();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String shortType(Keyset.Key key) {
        String url = key.getKeyData().getTypeUrl();
        return url.substring(url.lastIndexOf('.') + 1);
    }
}
