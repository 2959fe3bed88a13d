// SPDX-License-Identifier: Apache-2.0
/**
 * Google Cloud KMS as the KEK of keysets: {@code gcp-kms://projects/*}{@code /locations/*}{@code /keyRings/*}{@code
 * /cryptoKeys/*} (specification, section 5). {@link io.podseal.kms.gcp.GcpKms} is the Tink {@code KmsClient}; wrapped
 * bytes and associated data are those of every other Tink client of Google Cloud KMS. What goes over the wire and what
 * comes back is checked by CRC32C, and nothing is retried here.
 */
@NullMarked
package io.podseal.kms.gcp;

import org.jspecify.annotations.NullMarked;
