// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The positive control of every search for the canary: each form is found where it is. */
final class CanaryTest {
    static Stream<String> leaks() {
        byte[] secret = Canary.plaintext();
        byte[] inside = ("password=" + new String(secret, ISO_8859_1) + "; next").getBytes(ISO_8859_1);
        return Stream.of(
                new String(inside, ISO_8859_1),
                "<" + HexFormat.of().formatHex(inside) + ">",
                "<" + HexFormat.of().withUpperCase().formatHex(inside) + ">",
                HexFormat.ofDelimiter(":").formatHex(inside),
                Arrays.toString(inside),
                "?p=canary%2FZw7%2BqP9%24xL%262&q=1",
                new String(new String(inside, ISO_8859_1).getBytes(UTF_16BE), ISO_8859_1),
                Base64.getEncoder().encodeToString(inside),
                Base64.getUrlEncoder().encodeToString(Arrays.copyOfRange(inside, 1, inside.length)),
                Base64.getMimeEncoder(1000, new byte[] {'\n'})
                        .encodeToString(Arrays.copyOfRange(inside, 2, inside.length)));
    }

    @ParameterizedTest
    @MethodSource("leaks")
    void everyFormOfTheCanaryIsFound(String leak) {
        assertThat(Canary.formIn("before " + leak + " after")).isPresent();
    }

    @Test
    void theSearchDoesNotFindWhatIsNotThere() {
        assertThat(Canary.formIn("malformed token at byte 11 (U+0020): not a namespace"))
                .isEmpty();
    }
}
