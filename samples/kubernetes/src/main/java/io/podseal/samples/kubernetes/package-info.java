// SPDX-License-Identifier: Apache-2.0
/** A control plane to try things on: {@code samples/kubernetes.sh} starts one. */
@NullMarked
package io.podseal.samples.kubernetes;

import org.jspecify.annotations.NullMarked;
