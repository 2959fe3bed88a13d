// SPDX-License-Identifier: Apache-2.0
package com.google.api.gax.rpc;

/** Stands in for the class of that name in Google's gax, which core reads by name only. */
public interface StatusCode {
    Object getCode();
}
