// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks. Only ratios within one run are meant to be quoted. */
@NullMarked
package io.podseal.benchmarks;

import org.jspecify.annotations.NullMarked;
