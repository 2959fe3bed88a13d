// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.store.Settings;

/** Stands in for the adapter of that name, where a setting of it is wrong. */
public final class AwsKms {
    private AwsKms() {}

    public static KmsClient of(Settings settings) {
        throw ErrorCode.CONFIGURATION.because("a setting of AWS is wrong in " + settings);
    }
}
