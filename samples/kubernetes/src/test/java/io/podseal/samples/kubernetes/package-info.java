// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.podseal.samples.kubernetes;

import org.jspecify.annotations.NullMarked;
