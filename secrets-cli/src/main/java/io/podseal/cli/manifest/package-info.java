// SPDX-License-Identifier: Apache-2.0
/**
 * Edits Kubernetes manifests by source positions: only the values that are sealed change, every other byte of the file stays.
 *
 * <p>A file is read as YAML events, and never written out from them. After each edit the new text is read again and its
 * events are compared with those that were meant; a difference is a refusal, never a file. What two readers of YAML might
 * understand differently (anchors, merge keys, duplicate names, unquoted numbers) is refused where it touches a value.
 * Values are never part of a message. Manifests are immutable.
 */
@NullMarked
package io.podseal.cli.manifest;

import org.jspecify.annotations.NullMarked;
