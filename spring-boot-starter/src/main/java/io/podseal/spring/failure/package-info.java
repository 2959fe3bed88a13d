// SPDX-License-Identifier: Apache-2.0
/**
 * Reports of failed starts that say what to do, and that never show a value: also not those of Spring's own conversion and
 * binding, whose messages quote what they could not convert. Nothing here is for applications to call.
 */
@NullMarked
package io.podseal.spring.failure;

import org.jspecify.annotations.NullMarked;
