// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.podseal.micronaut.source;

import org.jspecify.annotations.NullMarked;
