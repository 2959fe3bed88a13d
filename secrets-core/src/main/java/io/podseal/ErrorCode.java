// SPDX-License-Identifier: Apache-2.0
package io.podseal;

/** Why something was refused or failed: a closed set, the same words in every module (specification, section 6). */
public enum ErrorCode {
    /** Not a token or not a document by the grammar, or bytes that are not UTF-8 through a text API. */
    FORMAT,
    /** It begins like ours, but its version is not 1. */
    VERSION,
    /** Over a limit, or too short to be a ciphertext. */
    SIZE,
    /** Well-formed, but for another account, trust domain, Secret or item than where it is used. */
    CONTEXT_MISMATCH,
    /** The key id is not in the trusted keysets, or its key is disabled. */
    UNKNOWN_KEY,
    /** Decryption refused: the token, its header or the wrapped keyset was altered or belongs to another key. */
    AUTHENTICATION,
    /** A keyset or KEK that this workload must not use. */
    KEYSET_POLICY,
    /** The KMS refused the caller, or the key is disabled or absent. */
    KMS_DENIED,
    /** The KMS asked for fewer calls. */
    KMS_THROTTLED,
    /** The KMS could not be reached, or gave no usable answer. */
    KMS_UNAVAILABLE,
    /** The carrier has nothing there, or there is no keyset for its tokens. */
    SOURCE_MISSING,
    /** The carrier may not be read, or holds something that must not be followed. */
    SOURCE_DENIED,
    /** The carrier cannot be read just now. */
    SOURCE_UNAVAILABLE,
    /** The current generation could not be confirmed for longer than allowed. */
    STALE,
    /** A setting or argument that makes no sense, disagrees with another, or needs an artifact that is absent. */
    CONFIGURATION;

    /**
     * An exception of this code.
     *
     * @param detail coordinates and the next step; never a value, key bytes or a payload
     */
    public PodsealException because(String detail) {
        return PodsealException.of(this, detail, null);
    }

    /**
     * An exception of this code, with the cause that a local operation gave. Exceptions of a KMS are never given as a
     * cause: their texts are not ours to show.
     */
    public PodsealException because(String detail, Throwable cause) {
        return PodsealException.of(this, detail, cause);
    }
}
