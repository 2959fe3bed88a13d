// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.observation;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Import;

/** Health and meters of the imports, as far as the class path has what shows them. */
@AutoConfiguration
@Import({HealthOnBoot3.class, HealthOnBoot4.class, Metering.class})
public class ObservationAutoConfiguration {
    /** For Spring. */
    public ObservationAutoConfiguration() {}
}
