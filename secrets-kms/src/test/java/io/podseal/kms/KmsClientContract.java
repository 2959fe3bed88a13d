// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static io.podseal.ErrorCode.AUTHENTICATION;
import static io.podseal.ErrorCode.CONFIGURATION;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import org.junit.jupiter.api.Test;

/** What every adapter is as a Tink {@code KmsClient}. */
public interface KmsClientContract {
    /** One that may wrap and unwrap with {@link #kek}. */
    KmsClient kms();

    String kek();

    @Test
    default void whatItWrapsItUnwraps() throws Exception {
        Aead kek = kms().getAead(kek());
        byte[] keyset = "keyset".getBytes(UTF_8);
        byte[] account = "account".getBytes(UTF_8);
        byte[] wrapped = kek.encrypt(keyset, account);
        assertThat(kek.decrypt(wrapped, account)).isEqualTo(keyset);
        assertThat(kek.encrypt(keyset, account)).as("another time").isNotEqualTo(wrapped);
    }

    @Test
    default void anotherAccountsContextIsRefused() throws Exception {
        Aead kek = kms().getAead(kek());
        byte[] wrapped = kek.encrypt("keyset".getBytes(UTF_8), "account".getBytes(UTF_8));
        Refusal.of(AUTHENTICATION, () -> kek.decrypt(wrapped, "another".getBytes(UTF_8)));
    }

    @Test
    default void itServesItsSchemeOnlyAndTakesNoCredentialsOfOthers() throws Exception {
        assertThat(kms().doesSupport(kek())).isTrue();
        assertThat(kms().doesSupport("local-kms:/kek")).isFalse();
        Refusal.of(CONFIGURATION, () -> kms().getAead("local-kms:/kek"));
        Refusal.of(CONFIGURATION, () -> kms().getAead(kek().substring(0, kek().indexOf(':') + 1) + "//"));
        assertThat(kms().withDefaultCredentials()).isSameAs(kms());
        assertThat(kms().withCredentials("/nowhere")).isSameAs(kms());
    }
}
