// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.property;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/** What Boot's relaxed binding makes of a property name: names with the same form are one property. */
final class RelaxedName {
    private RelaxedName() {}

    static String of(String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            String element = name.getElement(i, ConfigurationPropertyName.Form.UNIFORM);
            if (name.isNumericIndex(i)) {
                form.append('[').append(element).append(']');
            } else {
                form.append(form.isEmpty() ? "" : ".").append(element);
            }
        }
        return form.toString();
    }
}
