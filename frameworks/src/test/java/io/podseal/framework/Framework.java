// SPDX-License-Identifier: Apache-2.0
package io.podseal.framework;

import io.podseal.PodsealException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Starts real applications of a framework, which import a location. */
public interface Framework {
    /** A property of an application that started, or null if it has none of that name. */
    @Nullable
    String property(String name, String location, Map<String, String> settings);

    /** The refusal that stops a start. */
    PodsealException refusal(String location, Map<String, String> settings);
}
