// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import com.google.crypto.tink.KmsClient;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.keyset.KekUri;
import io.podseal.keyset.Keks;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes KMS clients of classes that the application's own settings name, directly or by the scheme of a KEK. */
final class KmsClients {
    private KmsClients() {}

    /** What {@code podseal.kms.clients} names. */
    static KmsClient supplied(String className, ClassLoader loader) {
        try {
            Object supplier =
                    Class.forName(className, true, loader).getConstructor().newInstance();
            if (supplier instanceof Supplier<?> clients && clients.get() instanceof KmsClient client) {
                return client;
            }
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            // its class says why, and its text may hold what the client was made with
            Throwable why = e instanceof InvocationTargetException && e.getCause() != null ? e.getCause() : e;
            throw ErrorCode.CONFIGURATION.because("podseal.kms.clients names " + className + ", which cannot be made ("
                    + why.getClass().getName()
                    + "); it must be on the class path, with a public no-argument constructor");
        }
        throw ErrorCode.CONFIGURATION.because(
                "podseal.kms.clients names " + className + ", which is no Supplier of a Tink KmsClient");
    }

    /**
     * The client that one of our own artifacts brings, made by its {@code public static <client> of(Settings)}; empty where
     * the artifact is not on the class path. A closed table says which class serves a scheme: nothing is discovered.
     */
    static Optional<KmsClient> adapter(KekUri kind, Settings settings, ClassLoader loader) {
        try {
            Class<?> type = Class.forName(kind.client(), true, loader);
            return Optional.of((KmsClient) type.getMethod("of", Settings.class).invoke(null, settings));
        } catch (ClassNotFoundException absent) {
            return Optional.empty();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof PodsealException refused) {
                throw refused;
            }
            if (e.getCause() instanceof LinkageError missing) {
                throw incomplete(kind, missing);
            }
            throw new IllegalStateException(kind.artifact() + " cannot be set up", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(kind.artifact() + " is of another version than podseal-core", e);
        } catch (LinkageError missing) {
            throw incomplete(kind, missing);
        }
    }

    private static PodsealException incomplete(KekUri kind, LinkageError missing) {
        return ErrorCode.CONFIGURATION.because(
                kind.artifact() + " is on the class path without the libraries that it needs"
                        + ", or with others than it was built for ("
                        + missing.getClass().getName()
                        + "); add it with its dependencies, in the version of podseal-core");
    }

    /** Closes clients of a start that failed, as those of one that did not are closed. */
    static void close(List<KmsClient> made) {
        Keks.Builder owner = Keks.builder();
        made.forEach(owner::ownedClient);
        owner.build().close();
    }
}
