// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static io.podseal.ErrorCode.FORMAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.Refusal;
import io.podseal.SecretValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The threat model's table of tampering and parsing, through whole stores: values that look like something. */
final class HostileValuesTest {
    private final HostileItem item;

    HostileValuesTest(@TempDir Path folder) {
        this.item = new HostileItem(folder);
    }

    @ParameterizedTest
    @EnumSource
    void valuesThatLookLikeSomethingArriveByteForByteAndAreOpenedOnce(Carrier carrier) {
        List<byte[]> values = new ArrayList<>();
        for (String text : List.of(
                "",
                item.token,
                item.workload.token("other", "sealed twice"),
                "podseal:v1:",
                "${nope}",
                "${password}",
                "#{T(java.lang.System).exit(7)}",
                "\\${x}",
                "key: [yaml, 'quoted'] # comment",
                "---\n- &a !!binary b\n- *a\n",
                "1e5",
                "null",
                "line\nends\r\n",
                " \t ",
                "\ufeff\u200b\0",
                "%s {0} $(id) `id`",
                "{\"podseal\":\"v1\"}")) {
            values.add(text.getBytes(UTF_8));
        }
        values.add(new byte[] {(byte) 0xff, 0, (byte) 0xc0, (byte) 0x80});
        for (byte[] value : values) {
            try (SecretStore store =
                            item.open(carrier, item.token("password", value).getBytes(UTF_8));
                    SecretValue opened = Objects.requireNonNull(store.current().get("password"))) {
                assertThat(opened.revealBytes()).isEqualTo(value);
                assertThat(store.current().names()).containsExactly("password");
            }
        }
        byte[] last = values.get(values.size() - 1);
        try (SecretStore store = item.open(carrier, item.token("password", last).getBytes(UTF_8));
                SecretValue opened = Objects.requireNonNull(store.current().get("password"))) {
            Refusal.of(FORMAT, opened::revealString);
            Refusal.of(FORMAT, opened::revealChars);
        }
    }
}
