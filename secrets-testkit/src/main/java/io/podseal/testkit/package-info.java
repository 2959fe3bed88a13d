// SPDX-License-Identifier: Apache-2.0
/**
 * For tests of applications that open sealed values, and for Podseal's own: accounts with sealed values, a KMS that fails on
 * demand, a Kubernetes control plane on loopback, the kubelet's mounts, a search for values that leaked, and what a KMS adapter
 * and a carrier have to fulfil. The vectors of the format are in {@link io.podseal.testkit.vectors}.
 *
 * <p>Everything here is for tests alone. What it starts listens on loopback only and ends with the JVM at the latest. It
 * needs Linux or macOS; what reads {@code /proc} needs Linux.
 */
@NullMarked
package io.podseal.testkit;

import org.jspecify.annotations.NullMarked;
