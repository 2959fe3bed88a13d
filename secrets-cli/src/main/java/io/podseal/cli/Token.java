// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.SealedValue;

/** A token on standard input. */
final class Token {
    /** The longest token, a line end, and one byte by which the parser sees that it is too long. */
    static final int MAX_BYTES = 958_976 + 3;

    private Token() {}

    static SealedValue read(Streams streams) {
        byte[] text = Input.standardInput(MAX_BYTES, "the token", streams);
        return SealedValue.parse(SealedValue.withoutLineEnd(text), null);
    }
}
