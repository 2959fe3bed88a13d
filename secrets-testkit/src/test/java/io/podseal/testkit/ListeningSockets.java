// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Where processes listen, by what the kernel says. */
final class ListeningSockets {
    private static final String LISTENING = "0A";

    private ListeningSockets() {}

    /** As the kernel writes them: hexadecimal, words in the machine's byte order. */
    static List<String> addressesOf(List<Long> processes) throws IOException {
        Set<String> inodes = new HashSet<>();
        for (long process : processes) {
            try (Stream<Path> open = Files.list(Path.of("/proc/" + process + "/fd"))) {
                for (Path file : open.toList()) {
                    if (Files.isSymbolicLink(file)) {
                        inodes.add(Files.readSymbolicLink(file).toString());
                    }
                }
            }
        }
        List<String> addresses = new ArrayList<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns[3].equals(LISTENING) && inodes.contains("socket:[" + columns[9] + "]")) {
                    addresses.add(columns[1].substring(0, columns[1].indexOf(':')));
                }
            }
        }
        return addresses;
    }

    static boolean isLoopback(String address) {
        return address.equals("0100007F")
                || address.equals("00000000000000000000000001000000")
                || address.equals("0000000000000000FFFF00000100007F");
    }
}
