// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process has in use.
 *
 * @param threads that live
 * @param files that are open, sockets and pipes among them
 */
record InUse(int threads, long files) {
    static InUse now() {
        return new InUse(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                        .getOpenFileDescriptorCount());
    }

    /** Whether it is less than that, and so much of either more. */
    boolean isBelow(InUse earlier, int more) {
        return threads < earlier.threads + more && files < earlier.files + more;
    }
}
