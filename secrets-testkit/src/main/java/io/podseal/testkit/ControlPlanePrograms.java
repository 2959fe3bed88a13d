// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder with {@code etcd}, {@code kube-apiserver} and {@code kubectl}. */
record ControlPlanePrograms(Path folder) {
    private static final String ASSETS = "KUBEBUILDER_ASSETS";
    private static final String MODULE_FOLDER = "control-plane/";
    private static final String VERSION = "k8s.io/component-base/version.git";
    /** What a released build says of itself. */
    private static final List<String> KUBERNETES =
            List.of(VERSION + "Version=v1.36.3", VERSION + "Major=1", VERSION + "Minor=36");

    private static final GoModule MODULE = new GoModule(
            "control-plane",
            List.of(MODULE_FOLDER + "go.mod", MODULE_FOLDER + "go.sum", MODULE_FOLDER + "tools.go"),
            List.of(
                    new GoProgram("etcd", "go.etcd.io/etcd/server/v3", List.of()),
                    new GoProgram("kube-apiserver", "k8s.io/kubernetes/cmd/kube-apiserver", KUBERNETES),
                    new GoProgram("kubectl", "k8s.io/kubernetes/cmd/kubectl", KUBERNETES)),
            ", or name a folder with etcd, kube-apiserver and kubectl in " + ASSETS);

    /**
     * The folder that {@code KUBEBUILDER_ASSETS} names, else the one in the user's cache, built where it is not there yet.
     *
     * @throws org.opentest4j.TestAbortedException where they can be had in neither way; outside {@code CI=true} only
     */
    static ControlPlanePrograms find() {
        String assets = System.getenv(ASSETS);
        if (assets == null || assets.isBlank()) {
            return new ControlPlanePrograms(MODULE.built());
        }
        ControlPlanePrograms programs = new ControlPlanePrograms(Path.of(assets));
        for (String needed : List.of("etcd", "kube-apiserver")) {
            if (!Files.isExecutable(programs.program(needed))) {
                throw new IllegalStateException(ASSETS + " names " + assets + ", and there is no program " + needed
                        + " in it; correct or unset it");
            }
        }
        return programs;
    }

    Path program(String name) {
        return folder.resolve(name);
    }
}
