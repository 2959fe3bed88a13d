// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a running Kubernetes control plane: constructors and methods may take a parameter of type
 * {@link LocalControlPlane}. Where its programs cannot be had, the class is skipped with a line that says what to install,
 * and failed where the environment says {@code CI=true}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ControlPlaneExtension.class)
public @interface ControlPlane {
    /**
     * Whether this class gets one of its own, for tests that kill, restart or freeze it. Otherwise one is shared by all
     * classes of the run: use namespaces that no other class uses.
     */
    boolean exclusive() default false;
}
