// SPDX-License-Identifier: Apache-2.0
/**
 * The command line {@code podseal}: one class per command, over the public API of the core.
 *
 * <p>A command reads files and standard input, writes results to standard output or to the file it is told, and everything
 * else to standard error. Values never come from arguments or the environment, and never appear in a message. Nothing of this
 * package is meant to be called from other code.
 */
@NullMarked
package io.podseal.cli;

import org.jspecify.annotations.NullMarked;
