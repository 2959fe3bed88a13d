// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.podseal.micronaut.observation;

import org.jspecify.annotations.NullMarked;
