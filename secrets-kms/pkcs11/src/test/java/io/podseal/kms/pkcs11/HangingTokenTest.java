// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.kms.RealPart;
import io.podseal.kms.SoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login that does not end, as long as nobody writes to the pipe that is its PIN file. */
class HangingTokenTest {
    @TempDir
    private Path folder;

    private Path pipe;
    private Pkcs11Kms kms;
    private Asking hanging;

    /** A thread that asks, and what it got. */
    private static final class Asking {
        final CompletableFuture<Throwable> failure = new CompletableFuture<>();
        final Thread thread;

        Asking(Pkcs11Kms kms) {
            String kek = Tokens.hsm().uri("two", "kek");
            thread = new Thread(() ->
                    failure.complete(catchThrowable(() -> kms.getAead(kek).decrypt(new byte[100], new byte[0]))));
            thread.start();
        }

        boolean isIn(Class<?> type) {
            return Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().equals(type.getName()));
        }
    }

    @BeforeEach
    void hang() {
        Tokens.hsm();
        pipe = folder.resolve("pin");
        RealPart.run(Map.of(), "mkfifo", pipe.toString());
        kms = client(pipe);
        hanging = new Asking(kms);
        await().until(() -> hanging.isIn(PinFile.class) && hanging.isIn(Files.class));
    }

    @AfterEach
    void goOn() throws Exception {
        Files.writeString(pipe, "");
        assertThat(hanging.failure.get(1, TimeUnit.MINUTES)).isInstanceOf(PodsealException.class);
    }

    private static Pkcs11Kms client(Path pin) {
        return Pkcs11Kms.builder().module(SoftHsm.library()).pinFile(pin).build();
    }

    @Test
    void closingDoesNotWaitForIt() throws Exception {
        CompletableFuture.runAsync(kms::close).get(1, TimeUnit.MINUTES);
        assertThat(hanging.failure).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoWaitsForItCanBeCalledOff(boolean sameStore) throws Exception {
        Asking other = new Asking(sameStore ? kms : client(folder.resolve("other-pin")));
        await().until(() -> other.thread.getState() == Thread.State.WAITING && other.isIn(TokenFailure.class));
        other.thread.interrupt();
        assertThat(other.failure.get(1, TimeUnit.MINUTES))
                .isInstanceOfSatisfying(
                        PodsealException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.KMS_UNAVAILABLE));
        assertThat(hanging.failure).isNotDone();
    }
}
