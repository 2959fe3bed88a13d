// SPDX-License-Identifier: Apache-2.0
/** What every framework's module promises alike, as tests that each of them inherits. */
@NullMarked
package io.podseal.framework;

import org.jspecify.annotations.NullMarked;
