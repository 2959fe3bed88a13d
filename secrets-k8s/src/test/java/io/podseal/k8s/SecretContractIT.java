// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.store.SecretSource;
import io.podseal.testkit.ControlPlane;
import io.podseal.testkit.LiveSourceContract;
import io.podseal.testkit.LocalControlPlane;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A Secret through a real API server, with the rights to get and watch it. */
@ControlPlane
class SecretContractIT extends LiveSourceContract {
    private final LocalControlPlane plane;

    @TempDir
    private Path folder;

    private Tenant tenant;

    SecretContractIT(LocalControlPlane plane) {
        this.plane = plane;
    }

    @BeforeEach
    void tenant() {
        tenant = new Tenant(plane, folder).mayWatch("db");
    }

    @AfterEach
    void end() {
        tenant.close();
    }

    @Override
    protected SecretSource source() {
        return tenant.sources().build().secret(null, "db", null);
    }

    @Override
    protected String secretName() {
        return "db";
    }

    @Override
    protected void deliver(Map<String, byte[]> items) {
        tenant.putBytes("db", items);
    }

    @Override
    protected void remove() {
        tenant.delete("db");
    }

    @Override
    protected AutoCloseable obstruct() {
        tenant.mayNotAnyMore("db");
        return () -> tenant.mayWatch("db");
    }

    /** The API server takes 1 MiB in all, names included. */
    @Override
    protected int maxItemBytes() {
        return SecretSource.MAX_ITEM_BYTES - 1024;
    }
}
