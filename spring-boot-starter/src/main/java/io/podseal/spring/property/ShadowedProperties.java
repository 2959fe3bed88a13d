// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.SealedValue;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses opened properties that a source above gives as tokens. An environment variable {@code DB_PASSWORD} is the property
 * {@code db.password} to Boot, and stands above all imports: the application would log in with the token.
 */
public final class ShadowedProperties {
    private ShadowedProperties() {}

    /**
     * Checks a source.
     *
     * @throws PodsealException {@code CONFIGURATION}, naming the property and where the token stands
     */
    public static void refuse(PodsealPropertySource source, ConfigurableEnvironment environment) {
        for (String property : source.getPropertyNames()) {
            ConfigurationProperty effective = effective(property, environment);
            if (effective != null
                    && effective.getSource() != null
                    && effective.getSource().getUnderlyingSource() != source
                    && effective.getValue() instanceof CharSequence text
                    && SealedValue.isTokenLike(text.toString().getBytes(UTF_8))) {
                throw ErrorCode.CONFIGURATION.because("the property '" + property + "' of " + source.getName()
                        + " is hidden by a token, " + effective.getOrigin()
                        + ", which stands above it; give the variable or property that holds the token another name");
            }
        }
    }

    private static @Nullable ConfigurationProperty effective(String property, ConfigurableEnvironment environment) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = name.isEmpty() ? null : source.getConfigurationProperty(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }
}
