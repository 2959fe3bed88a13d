// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import io.podseal.ServiceAccount;
import io.podseal.keyset.KeyType;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives tests a ServiceAccount with a KEK in memory, a keyset and Secrets of its own: constructors and methods of the class
 * may take a parameter of type {@link TestAccount}, or one parameter has the annotation itself, for another account. Each
 * test gets a fresh account, which is closed behind it; one that {@code @BeforeAll} took is the same for the whole class.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SealedForExtension.class)
public @interface SealedFor {
    /** The account, as {@code <namespace>/<service-account>}. */
    String value();

    /** Its trust domain. */
    String trustDomain() default ServiceAccount.DEFAULT_TRUST_DOMAIN;

    /** The type of its keyset's key. */
    KeyType type() default KeyType.AES256_GCM;
}
