// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesObjectTest {
    private static Secret secret(@Nullable String version, @Nullable Map<String, String> data) {
        return new SecretBuilder()
                .withNewMetadata()
                .withName("db")
                .withResourceVersion(version)
                .endMetadata()
                .withData(data)
                .build();
    }

    private static Seen seen(@Nullable String version, Map<String, String> data) {
        return new Seen(KubernetesObject.of(secret(version, data)));
    }

    @Test
    void itemsAreDecodedInTheOrderOfNames() {
        KubernetesObject object = KubernetesObject.of(secret("1", Map.of("b", "Yg==", "a", "", "c", "/+8=")));
        assertThat(object.items(name -> true))
                .extracting(item -> item.name() + " " + item.content().length)
                .containsExactly("a 0", "b 1", "c 2");
        assertThat(object.items("b"::equals)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Yg", "Yg=", "Yh==", "Y-==", "Yg==\n", " Yg==", "hunter2!", "\u20ac"})
    void otherSpellingsOfBase64AreRefusedAndNotShown(String value) {
        KubernetesObject object = KubernetesObject.of(secret("1", Map.of("item", value)));
        assertThatThrownBy(() -> object.items(name -> true))
                .hasMessage("FORMAT: item 'item': not base64")
                .hasNoCause();
    }

    @Test
    void anObjectWithoutItemsHasNone() {
        assertThat(KubernetesObject.of(secret("1", null)).items(name -> true)).isEmpty();
        ConfigMap empty = new ConfigMapBuilder().withNewMetadata().endMetadata().build();
        assertThat(KubernetesObject.of(empty).items(name -> true)).isEmpty();
    }

    @Test
    void limitsAreThoseOfSources() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i <= 10_000; i++) {
            many.put("item-" + i, "");
        }
        assertThatThrownBy(() -> KubernetesObject.of(secret("1", many)).items(name -> true))
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIZE));
        String big = "AAAA".repeat(349_526);
        assertThatThrownBy(() ->
                        KubernetesObject.of(secret("1", Map.of("big", big))).items(name -> true))
                .hasMessageContaining("'big'")
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SIZE));
    }

    @Test
    void theSameItemsUnderAnotherVersionAreNoNews() {
        assertThat(seen("1", Map.of("a", "YQ==")).isSame(seen("2", Map.of("a", "YQ=="))))
                .isTrue();
        assertThat(seen("1", Map.of("a", "YQ==")).isSame(seen("2", Map.of("a", "Yg=="))))
                .isFalse();
        assertThat(seen("1", Map.of("a", "YQ==")).isSame(seen("2", Map.of("aY", "Q=="))))
                .isFalse();
        assertThat(seen("1", Map.of()).isSame(Seen.NOTHING)).isFalse();
        assertThat(Seen.NOTHING.isSame(Seen.NOTHING)).isTrue();
    }

    @Test
    void withoutVersionsTheItemsDecide() {
        assertThat(seen(null, Map.of("a", "YQ==")).isSame(seen(null, Map.of("a", "Yg=="))))
                .isFalse();
        assertThat(seen(null, Map.of("a", "YQ==")).isSame(seen(null, Map.of("a", "YQ=="))))
                .isTrue();
        assertThat(seen(null, Map.of()).isSame(Seen.NOTHING)).isFalse();
    }

    @Test
    void versionsCountUp() {
        Map<String, String> none = Map.of();
        assertThat(seen("10", none).isNotOlderThan(seen("9", none))).isTrue();
        assertThat(seen("9", Map.of("a", "")).isNotOlderThan(seen("10", none))).isFalse();
        assertThat(seen("other", Map.of("a", "")).isNotOlderThan(seen("9", none)))
                .isFalse();
        assertThat(Seen.NOTHING.isNotOlderThan(seen("9", none))).isFalse();
        assertThat(Seen.NOTHING.isNotOlderThan(Seen.NOTHING)).isTrue();
    }

    @Test
    void noContentIsInItsText() {
        assertThat(KubernetesObject.of(secret("7", Map.of("a", "aHVudGVyMg=="))))
                .hasToString("KubernetesObject[7, 1 items]");
        assertThat(seen("7", Map.of("a", "aHVudGVyMg==")).toString()).doesNotContain("aHVudGVyMg");
    }
}
