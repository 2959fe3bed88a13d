// SPDX-License-Identifier: Apache-2.0
package io.podseal;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KmsClients;
import io.podseal.keyset.Keysets;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.Socket;
import java.time.Instant;
import java.util.ServiceLoader;
import java.util.logging.Logger;

/** Classes that break the core's rules, each its own, to show that the rules are able to fail. Never run. */
final class Offenders {
    private Offenders() {}

    static final class OffenderUpwards {
        Class<?> keysets() {
            return Keysets.class;
        }
    }

    static final class OffenderForeignLibrary {
        Class<?> assertions() {
            return org.assertj.core.api.Assertions.class;
        }
    }

    static final class OffenderGlobals {
        @SuppressWarnings("deprecation")
        Object client() throws Exception {
            return KmsClients.get("x");
        }
    }

    static final class OffenderKeyMaterial {
        Object access() {
            return InsecureSecretKeyAccess.get();
        }
    }

    static final class OffenderDeserialization {
        Object read(ObjectInputStream in) throws IOException, ClassNotFoundException {
            return in.readObject();
        }
    }

    static final class OffenderSerializable implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    static final class OffenderClock {
        Object now() {
            return Instant.now();
        }
    }

    static final class OffenderDiscovery {
        Object find() {
            return ServiceLoader.load(Runnable.class);
        }
    }

    static final class OffenderClassByName {
        Object find(String name) throws ClassNotFoundException {
            return Class.forName(name);
        }
    }

    static final class OffenderLogger {
        Object log() {
            return Logger.getLogger("x");
        }
    }

    static final class OffenderSocket {
        Object open() throws IOException {
            return new Socket("127.0.0.1", 1);
        }
    }

    static final class OffenderThread {
        Object start() {
            return new Thread(() -> {});
        }
    }

    static class OffenderNotFinal {}

    static final class OffenderOpenField {
        int count;
    }

    static final class OffenderPlaintextString {
        private String plaintext = "";

        @Override
        public String toString() {
            return plaintext;
        }
    }

    record OffenderRecord(byte[] bytes) {}
}
