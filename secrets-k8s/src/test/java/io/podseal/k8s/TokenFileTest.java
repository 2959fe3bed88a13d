// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.testkit.KubeletMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    @TempDir
    private Path folder;

    private static ErrorCode refusal(TokenFile file) {
        try {
            file.getToken();
        } catch (PodsealException refused) {
            return refused.code();
        }
        throw new AssertionError("read");
    }

    @Test
    void theTokenIsReadWholeAndWithoutItsLineEnd() throws Exception {
        String token = "a.b-c_d=".repeat(500);
        assertThat(new TokenFile(Files.writeString(folder.resolve("token"), token + "\r\n")).getToken())
                .isEqualTo(token);
    }

    @Test
    void aRotatedTokenIsReadAndAnUnchangedFileIsNot() throws Exception {
        KubeletMount mount = new KubeletMount(folder.resolve("pod")).writeTexts(Map.of("token", "one"));
        TokenFile file = new TokenFile(mount.directory().resolve("token"));
        assertThat(file.getToken()).isEqualTo("one");
        mount.writeTexts(Map.of("token", "two"));
        assertThat(file.getToken()).as("of the same size").isEqualTo("two");

        Path plain = Files.writeString(folder.resolve("token"), "one");
        TokenFile unchanged = new TokenFile(plain);
        assertThat(unchanged.getToken()).isEqualTo("one");
        FileTime time = Files.getLastModifiedTime(plain);
        Files.writeString(plain, "two");
        Files.setLastModifiedTime(plain, time);
        assertThat(unchanged.getToken())
                .as("neither time nor size nor file differ")
                .isEqualTo("one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "a b", "a\nb", "tok\u0000en", "tok\u00e9n"})
    void whatNoHeaderMayHoldIsNoTokenAndIsNotShown(String content) throws Exception {
        TokenFile file = new TokenFile(Files.writeString(folder.resolve("token"), content));
        assertThatThrownBy(file::getToken)
                .hasMessage("SOURCE_DENIED: the token file " + folder.resolve("token") + " does not hold a token");
    }

    @Test
    void aHugeFileIsNoToken() throws Exception {
        assertThat(refusal(new TokenFile(Files.writeString(folder.resolve("token"), "x".repeat(70_000)))))
                .isEqualTo(ErrorCode.SOURCE_DENIED);
    }

    @Test
    void anAbsentFileSaysWhatToDo() {
        assertThatThrownBy(() -> new TokenFile(folder.resolve("token")).getToken())
                .hasMessageContainingAll(
                        "SOURCE_UNAVAILABLE", "automountServiceAccountToken", "podseal.kubernetes.token-file");
    }

    @Test
    void aDirectoryIsUnavailable() throws Exception {
        Files.createDirectory(folder.resolve("token"));
        assertThat(refusal(new TokenFile(folder.resolve("token")))).isEqualTo(ErrorCode.SOURCE_UNAVAILABLE);
    }
}
