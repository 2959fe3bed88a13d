// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** What the kernel can give a process for itself, as the container runtime does; root, or a user namespace, may. */
enum Namespace {
    MOUNTS("--mount", "mount", "-t", "tmpfs", "tmpfs", "/tmp"),
    /** One without any way out. */
    NETWORK("--net", "true");

    private final List<String> command;

    Namespace(String option, String... probe) {
        this.command = List.of(List.of("unshare", option), List.of("unshare", "--map-root-user", option)).stream()
                .filter(way -> works(way, probe))
                .findFirst()
                .orElse(List.of());
    }

    private static boolean works(List<String> way, String... probe) {
        List<String> whole = new ArrayList<>(way);
        whole.addAll(List.of(probe));
        return Program.works(whole.toArray(String[]::new));
    }

    boolean isAllowed() {
        return !command.isEmpty();
    }

    /** The command that runs another with one of its own; empty where it is not allowed. */
    List<String> command() {
        return command;
    }
}
