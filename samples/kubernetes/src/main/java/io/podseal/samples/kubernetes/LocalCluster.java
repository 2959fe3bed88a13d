// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import io.podseal.testkit.LocalControlPlane;
import java.io.IOException;
import org.opentest4j.TestAbortedException;

/**
 * An API server with its etcd on loopback, until standard input ends. It prints where its parts are, a shell assignment in
 * each line, and then an empty line.
 */
public final class LocalCluster {
    private LocalCluster() {}

    /** Starts it. */
    public static void main(String[] args) throws IOException {
        try (LocalControlPlane plane = LocalControlPlane.start()) {
            System.out.println("api_server=" + plane.apiServer());
            System.out.println("ca_file='" + plane.caFile() + "'");
            System.out.println("kubectl='" + plane.kubectlProgram() + "'");
            System.out.println("kubeconfig='" + plane.kubeconfig() + "'");
            System.out.println("files='" + plane.kubeconfig().getParent() + "'");
            System.out.println();
            System.in.readAllBytes();
        } catch (TestAbortedException cannot) {
            System.err.println(cannot.getMessage());
            System.exit(1);
        }
    }
}
