// SPDX-License-Identifier: Apache-2.0
/**
 * What to grant at a KMS, as a text for the shell: one class for each kind of KEK. What is not known here stands in angle brackets
 * and within quotes, so that a command with one of them does nothing but fail; where something is granted in one of two ways, the
 * second is commented out. Names differ where rights do, so that one text never takes what another
 * gave. Asks nobody, and needs no client of any KMS.
 */
@NullMarked
package io.podseal.cli.policy;

import org.jspecify.annotations.NullMarked;
