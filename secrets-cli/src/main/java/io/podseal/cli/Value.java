// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.SealedValue;
import io.podseal.SecretSealer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The plaintext that a person or a pipe gives, exactly as it is read. */
final class Value {
    /** One byte more than the sealer takes: so it is the sealer that refuses. */
    private static final int MAX_BYTES = SecretSealer.MAX_PLAINTEXT_BYTES + 1;

    private Value() {}

    /** The value, which the caller zeroes. */
    static byte[] read(@Nullable Path file, Streams streams) {
        if (file == null && streams.terminal().isInput()) {
            return streams.terminal().readHidden("Value (it does not show): ", streams.in(), streams.err());
        }
        byte[] value = file == null
                ? Input.standardInput(MAX_BYTES, "the value", streams)
                : Input.read(file, MAX_BYTES, "the value", streams);
        noteOddities(value, streams);
        return value;
    }

    private static void noteOddities(byte[] value, Streams streams) {
        if (value.length == 0) {
            streams.note("the value is empty; it is sealed as an empty value");
        } else if (value[value.length - 1] == '\n') {
            streams.note("the value ends in a line feed, which is sealed with it; 'printf %s' does not add one");
        }
        if (SealedValue.isTokenLike(value)) {
            streams.note("the value begins like a token; it is sealed as it is, a token within a token");
        }
    }
}
