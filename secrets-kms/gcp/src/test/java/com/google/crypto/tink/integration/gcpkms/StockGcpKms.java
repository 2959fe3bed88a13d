// SPDX-License-Identifier: Apache-2.0
package com.google.crypto.tink.integration.gcpkms;

import com.google.api.services.cloudkms.v1.CloudKMS;
import com.google.crypto.tink.KmsClient;

/** Reaches the one seam by which Tink's own tests give its client another endpoint. */
public final class StockGcpKms {
    private StockGcpKms() {}

    /** Tink's own client, as it is, asking there. */
    public static KmsClient asking(CloudKMS api) {
        return new GcpKmsClient().withCloudKms(api);
    }
}
