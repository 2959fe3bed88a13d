// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.kms.LoopbackTls;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Options for a JVM that is to trust a server of the tests. */
public final class Trust {
    private Trust() {}

    /** The value of {@code JDK_JAVA_OPTIONS} for a JVM that trusts this certificate alone. */
    public static String options(LoopbackTls tls) {
        tls.trust();
        try {
            return Stream.of("trustStore", "trustStorePassword", "trustStoreType")
                    .map(name -> "javax.net.ssl." + name)
                    .map(name -> "-D" + name + "=" + System.getProperty(name))
                    .collect(Collectors.joining(" "));
        } finally {
            LoopbackTls.distrust();
        }
    }
}
