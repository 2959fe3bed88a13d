// SPDX-License-Identifier: Apache-2.0
/** An application that logs into a database with a password that was sealed in a Kubernetes Secret. */
@NullMarked
package io.podseal.samples.micronaut;

import org.jspecify.annotations.NullMarked;
