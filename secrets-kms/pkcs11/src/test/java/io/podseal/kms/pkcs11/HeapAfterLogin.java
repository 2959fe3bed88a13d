// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Logs in, and dumps its heap; it holds a control that the search has to find. */
final class HeapAfterLogin {
    private HeapAfterLogin() {}

    public static void main(String[] args) throws Exception {
        Pkcs11Kms kms = Pkcs11Kms.builder()
                .module(Path.of(args[0]))
                .pinFile(Path.of(args[1]))
                .build();
        kms.getAead(args[2]).encrypt(new byte[16], new byte[0]);
        char[] control = Files.readString(Path.of(args[3])).toCharArray();
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(args[4], false);
        System.out.println(control.length);
    }
}
