// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.Refusal;
import io.podseal.Scope;
import java.nio.file.Path;

/** An item that somebody hostile has laid, by any local carrier, in front of a store whose keyset documents are genuine. */
final class HostileItem {
    final Workload workload = new Workload();
    /** A genuine one for {@code password}. */
    final String token = workload.token("password", "s3cret");
    /** Where the token's payload begins. */
    final int payload = token.lastIndexOf(':') + 1;

    private final MemorySource documents = new MemorySource(null).put("a document", workload.document());
    private final Path folder;

    HostileItem(Path folder) {
        this.folder = folder;
    }

    SecretStore open(SecretSource source) {
        return workload.store(source).keysets(documents).open();
    }

    /** Opens what the carrier then has as {@code password}. */
    SecretStore open(Carrier carrier, byte[] content) {
        return open(carrier.lay(folder.resolve(Workload.SECRET), "password", content));
    }

    PodsealException refused(ErrorCode code, Carrier carrier, String content) {
        PodsealException refusal = Refusal.of(code, () -> open(carrier, content.getBytes(UTF_8)));
        assertThat(refusal.detail()).contains("item 'password' of ");
        assertThat(workload.kms.calls()).as("KMS calls").isZero();
        return refusal;
    }

    /** A token for that item. */
    String token(String name, byte[] value) {
        return workload.keyset
                .sealer()
                .seal(Scope.item(Workload.API, Workload.SECRET, name), value)
                .token();
    }
}
