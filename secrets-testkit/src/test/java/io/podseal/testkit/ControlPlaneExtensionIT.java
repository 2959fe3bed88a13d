// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Which control plane a class gets, and for how long. */
@Timeout(180)
final class ControlPlaneExtensionIT {
    /** Which class saw which API server, and whether that was alive; filled by the classes below. */
    private static final List<String> SEEN = new ArrayList<>();

    private static final List<LocalControlPlane> PLANES = new ArrayList<>();

    static void saw(Class<?> test, LocalControlPlane plane) {
        SEEN.add(test.getSimpleName() + " " + plane.apiServer());
        PLANES.add(plane);
        plane.kubectl("get", "namespaces");
    }

    @ControlPlane
    static class First {
        @Test
        void sees(LocalControlPlane plane) {
            saw(First.class, plane);
        }
    }

    @ControlPlane
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class Second {
        private final LocalControlPlane plane;

        Second(LocalControlPlane plane) {
            this.plane = plane;
        }

        @Test
        void sees() {
            saw(Second.class, plane);
        }
    }

    @ControlPlane(exclusive = true)
    static class Own {
        @Test
        void sees(LocalControlPlane plane) {
            saw(Own.class, plane);
        }

        @Nested
        class Inner {
            @Test
            void sees(LocalControlPlane plane) {
                saw(Own.class, plane);
            }
        }
    }

    @BeforeAll
    static void requirePrograms() {
        assertThat(ControlPlanePrograms.find().program("etcd")).exists();
    }

    @Test
    void oneIsSharedAndAnExclusiveOneIsNot() {
        EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(First.class), selectClass(Second.class), selectClass(Own.class))
                .execute()
                .testEvents()
                .assertStatistics(statistics -> statistics.succeeded(4));

        Set<String> servers = new TreeSet<>(SEEN);
        assertThat(SEEN).hasSize(4);
        assertThat(servers)
                .as("one of each class, so the nested class has its outer's")
                .hasSize(3);
        assertThat(server(servers, "First")).isEqualTo(server(servers, "Second"));
        assertThat(server(servers, "Own")).isNotEqualTo(server(servers, "First"));
        assertThat(PLANES)
                .allSatisfy(plane -> assertThat(plane.auditLog()).as("closed").doesNotExist());
    }

    private static String server(Set<String> seen, String test) {
        return seen.stream()
                .filter(line -> line.startsWith(test + " "))
                .map(line -> line.substring(test.length()))
                .findFirst()
                .orElseThrow();
    }
}
