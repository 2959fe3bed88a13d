// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.LoginException;
import org.jspecify.annotations.Nullable;

/**
 * The file with a token's PIN: read when the token asks for it, wiped at once. A token locks itself after a few wrong PINs, so
 * one that was refused is not tried again by this process, whoever asks, however often the file is written anew.
 */
final class PinFile {
    private static final int MAX_BYTES = 1024;

    /** Of this process, since the token counts for the process too. Marks under a key that lives here alone, no PINs. */
    private static final Set<String> REFUSED = ConcurrentHashMap.newKeySet();

    /** Whose PIN is in which file: of this process too, since each store has a client of its own. */
    private static final Map<Path, String> OWNERS = new ConcurrentHashMap<>();

    /** One login to a token at a time, so that a wrong PIN is tried once. */
    private static final Map<String, ReentrantLock> LOGINS = new ConcurrentHashMap<>();

    private static final byte[] MARKING_KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(MARKING_KEY);
    }

    private final @Nullable Path file;

    PinFile(@Nullable Path file) {
        this.file = file == null ? null : file.toAbsolutePath().normalize();
    }

    /**
     * Logs in, unless the token asks for no PIN or the process is logged in already.
     *
     * @param token names the token, in the memory of refused PINs
     * @throws LoginException where the token refused
     */
    void login(AuthProvider provider, String token) throws LoginException {
        String owner = file == null ? token : OWNERS.computeIfAbsent(file, f -> token);
        if (!owner.equals(token)) {
            throw ErrorCode.CONFIGURATION.because("the PIN in " + file + " is that of " + owner
                    + ", and no PIN is tried on a second token; name one slot in podseal.keks");
        }
        ReentrantLock lock = LOGINS.computeIfAbsent(token, t -> new ReentrantLock());
        TokenFailure.await(lock, token);
        String[] mark = new String[1];
        try {
            provider.login(null, callbacks -> {
                for (Callback callback : callbacks) {
                    mark[0] = answer((PasswordCallback) callback, token);
                }
            });
        } catch (LoginException e) {
            if (mark[0] != null && TokenFailure.ckr(e).startsWith("CKR_PIN_")) {
                REFUSED.add(mark[0]);
            }
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private String answer(PasswordCallback callback, String token) {
        byte[] pin = read();
        char[] chars = new char[pin.length];
        try {
            String mark = mark(token, pin);
            if (REFUSED.contains(mark)) {
                throw ErrorCode.KMS_DENIED.because("the token refused the PIN in " + file
                        + " before, and it is not tried again, since the token would lock itself; correct the file"
                        + " (podseal.kms.pkcs11.pin-file)");
            }
            for (int i = 0; i < pin.length; i++) {
                chars[i] = (char) (pin[i] & 0xff); // the provider hands the low byte of each on, so these bytes exactly
            }
            callback.setPassword(chars);
            return mark;
        } finally {
            Arrays.fill(pin, (byte) 0);
            Arrays.fill(chars, '\0');
        }
    }

    /** The file's bytes without a line end behind them. */
    private byte[] read() {
        if (file == null) {
            throw ErrorCode.CONFIGURATION.because(
                    "the token asks for a PIN; name the file that holds it in podseal.kms.pkcs11.pin-file");
        }
        byte[] bytes = new byte[MAX_BYTES];
        try (InputStream in = Files.newInputStream(file)) {
            int end = in.readNBytes(bytes, 0, MAX_BYTES);
            boolean tooLong = end == MAX_BYTES;
            end -= end > 0 && bytes[end - 1] == '\n' ? 1 : 0;
            end -= end > 0 && bytes[end - 1] == '\r' ? 1 : 0;
            if (tooLong || end == 0) {
                throw ErrorCode.CONFIGURATION.because(
                        "the PIN file " + file + " is " + (tooLong ? "too long to be one" : "empty")
                                + "; the file of podseal.kms.pkcs11.pin-file holds the PIN and nothing else");
            }
            return Arrays.copyOf(bytes, end);
        } catch (IOException e) {
            throw ErrorCode.CONFIGURATION.because("the PIN file " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "); see to podseal.kms.pkcs11.pin-file and the file's owner");
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static String mark(String token, byte[] pin) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(MARKING_KEY, "HmacSHA256"));
            mac.update(token.getBytes(UTF_8));
            mac.update((byte) 0);
            return Base64.getEncoder().encodeToString(mac.doFinal(pin));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
