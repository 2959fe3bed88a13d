// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.net.URI;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A login at one server. It is made when it is needed, renewed or repeated once two thirds of its time are over, and repeated
 * once where Vault refuses what is asked with an older one. Nothing runs in between.
 */
final class VaultSession {
    private static final String RENEW = "auth/token/renew-self";

    private final VaultHttp http;
    private final URI server;
    private final VaultAuth auth;
    private final LongSupplier nanoTime;
    private @Nullable VaultToken token;

    VaultSession(VaultHttp http, URI server, VaultAuth auth, LongSupplier nanoTime) {
        this.http = http;
        this.server = server;
        this.auth = auth;
        this.nanoTime = nanoTime;
    }

    /** Asks as whoever is logged in. */
    VaultAnswer post(String path, byte[] json) {
        VaultToken known = current();
        VaultToken used = valid();
        VaultAnswer answer = http.post(url(path), json, used.value());
        if (answer.status() == 403 && used == known) {
            forget(used);
            answer = http.post(url(path), json, valid().value());
        }
        return answer;
    }

    private synchronized @Nullable VaultToken current() {
        return token;
    }

    private synchronized void forget(VaultToken refused) {
        if (token == refused) {
            token = null;
        }
    }

    private synchronized VaultToken valid() {
        long now = nanoTime.getAsLong();
        VaultToken known = token;
        if (known == null || known.isOver(now)) {
            known = logIn();
        } else if (known.isTwoThirdsOver(now)) {
            try {
                known = renewed(known);
            } catch (PodsealException e) {
                if (known.isOver(nanoTime.getAsLong())) {
                    throw e;
                } // it is good for a while yet, and the next call tries again
            }
        }
        token = known;
        return known;
    }

    private VaultToken renewed(VaultToken known) {
        if (known.isRenewable()) {
            long now = nanoTime.getAsLong();
            VaultAnswer answer = http.post(url(RENEW), "{}".getBytes(UTF_8), known.value());
            if (answer.status() == 200) {
                VaultToken renewed = token(answer, now);
                if (renewed.hasEnd()) {
                    return renewed;
                } // no time was given; that would be a token without end in the answer to a login
            }
        }
        return logIn();
    }

    private VaultToken logIn() {
        String path = auth.loginPath();
        if (path == null) {
            return new VaultToken(auth.credential(), nanoTime.getAsLong(), 0, false);
        }
        long now = nanoTime.getAsLong();
        VaultAnswer answer = http.post(url(path), auth.loginBody(), null);
        if (answer.status() != 200) {
            throw VaultFailure.ofLogin(path, answer);
        }
        return token(answer, now);
    }

    /** @param asked when it was asked for, which its time cannot have begun before */
    private VaultToken token(VaultAnswer answer, long asked) {
        byte[] value = answer.text("auth", "client_token");
        String seconds = answer.word("auth", "lease_duration");
        boolean renewable = answer.word("auth", "renewable").equals("true");
        answer.wipe();
        if (value == null || !new String(value, UTF_8).matches("[!-~]+") || !seconds.matches("[0-9]{1,9}")) {
            throw ErrorCode.KMS_UNAVAILABLE.because("Vault answered a login without a token; check that " + server
                    + " is Vault's API, and that the login" + " asks for no second factor");
        }
        return new VaultToken(new String(value, UTF_8), asked, Long.parseLong(seconds) * 1_000_000_000L, renewable);
    }

    private URI url(String path) {
        return URI.create(server + "/v1/" + path);
    }
}
