// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.podseal.k8s;

import org.jspecify.annotations.NullMarked;
