// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.podseal.samples.micronaut;

import org.jspecify.annotations.NullMarked;
