// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code docs/configuration.md} names every setting: by its full name, or in the row of its KMS provider. */
final class SettingsPageTest {
    @ParameterizedTest
    @EnumSource(Setting.class)
    void settingIsOnThePage(Setting setting) throws IOException {
        List<String> page = Files.readAllLines(Path.of("../docs/configuration.md"));
        String name = setting.fullName();
        String group = name.substring(0, name.lastIndexOf('.')) + ".*";
        String word = name.substring(name.lastIndexOf('.') + 1);
        assertThat(page)
                .anyMatch(line -> line.startsWith("| `" + name + "` |")
                        || (line.startsWith("| `" + group + "` |") && line.contains("`" + word + "`")));
    }
}
