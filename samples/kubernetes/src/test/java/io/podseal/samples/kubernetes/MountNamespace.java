// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import java.util.List;

/** The command that gives a process mounts of its own, as the container runtime does; root, or a user namespace, may. */
final class MountNamespace {
    private static final List<List<String>> WAYS =
            List.of(List.of("unshare", "--mount"), List.of("unshare", "--map-root-user", "--mount"));

    private static final List<String> COMMAND = WAYS.stream()
            .filter(way -> Program.works(with(way, "mount", "-t", "tmpfs", "tmpfs", "/tmp")))
            .findFirst()
            .orElse(List.of());

    private MountNamespace() {}

    private static String[] with(List<String> way, String... command) {
        String[] whole = way.toArray(new String[way.size() + command.length]);
        System.arraycopy(command, 0, whole, way.size(), command.length);
        return whole;
    }

    static boolean isAllowed() {
        return !COMMAND.isEmpty();
    }

    /** Empty where it is not allowed. */
    static List<String> command() {
        return COMMAND;
    }
}
