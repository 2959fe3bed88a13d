// SPDX-License-Identifier: Apache-2.0
package io.grpc;

/** Stands in for the class of that name in gRPC, which core reads by name only. */
public record Status(String code) {
    public String getCode() {
        return code;
    }
}
