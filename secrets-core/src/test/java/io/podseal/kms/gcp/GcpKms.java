// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.crypto.tink.KmsClient;
import io.podseal.store.Settings;

/** Stands in for the adapter of that name, where its libraries are not on the class path. */
public final class GcpKms {
    private GcpKms() {}

    public static KmsClient of(Settings settings) {
        throw new NoClassDefFoundError("com/google/Missing for " + settings);
    }
}
