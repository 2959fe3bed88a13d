// SPDX-License-Identifier: Apache-2.0
/**
 * The state of the imports for whoever runs the application: the health indicator {@code podseal} where
 * {@code micronaut-management} is on the class path, meters where Micrometer is. Nothing here is for applications to call.
 */
@NullMarked
package io.podseal.micronaut.observation;

import org.jspecify.annotations.NullMarked;
