// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.spring.property.PodsealPropertySource;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

class MetadataTest {
    @Test
    void theMetadataDescribesEverySettingOfTheCoreAndNoOther() throws IOException {
        assertThat(shipped()).isEqualTo(Metadata.print());
    }

    /** Of our own jar or class folder: others on the class path have a file of this name too. */
    private static String shipped() throws IOException {
        String type = "/" + PodsealPropertySource.class.getName().replace('.', '/') + ".class";
        String url = String.valueOf(PodsealPropertySource.class.getResource(type));
        URI metadata = URI.create(url.replace(type, "/META-INF/spring-configuration-metadata.json"));
        try (var in = metadata.toURL().openStream()) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
