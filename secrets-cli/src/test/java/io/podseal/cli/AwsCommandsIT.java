// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.kms.Moto;
import io.podseal.kms.Refusal;
import java.nio.file.Path;
import java.util.Map;

/** With moto in the place of AWS. */
final class AwsCommandsIT extends KmsCommands {
    @Override
    protected Kms kms(Path folder) {
        Moto moto = Moto.running();
        return new Kms(
                moto.kek(),
                moto.kek() + "?context.stage=prod",
                Map.of(
                        "PODSEAL_KMS_AWS_ENDPOINT", moto.url().toString(),
                        "AWS_ACCESS_KEY_ID", "id-" + Refusal.CANARY,
                        "AWS_SECRET_ACCESS_KEY", "key-" + Refusal.CANARY));
    }
}
