// SPDX-License-Identifier: Apache-2.0
/**
 * The state of the imports for whoever runs the application: the health contributor {@code podseal} on either line of Boot,
 * and meters for Micrometer, each where its artifact is on the class path. Nothing here is for applications to call.
 */
@NullMarked
package io.podseal.spring.observation;

import org.jspecify.annotations.NullMarked;
