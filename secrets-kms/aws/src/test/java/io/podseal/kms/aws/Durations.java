// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import java.time.Duration;
import java.util.Locale;

/** Seconds and minutes, as frameworks write them. */
final class Durations {
    private Durations() {}

    static Duration parse(String text) {
        return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    }
}
