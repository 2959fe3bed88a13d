// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import static io.podseal.ErrorCode.CONFIGURATION;
import static io.podseal.ErrorCode.KMS_DENIED;
import static io.podseal.ErrorCode.KMS_THROTTLED;
import static io.podseal.ErrorCode.KMS_UNAVAILABLE;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import com.azure.identity.CredentialUnavailableException;
import com.microsoft.aad.msal4j.MsalServiceException;
import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Puts what Azure Key Vault or its login answered into one of our codes. Their texts are never passed on. */
final class AzureFailure {
    private static final int MAX_CAUSES = 12;
    private static final HttpHeaderName REQUEST_ID = HttpHeaderName.fromString("x-ms-request-id");
    private static final String URI = "check the key's name and version in podseal.keks";
    private static final String TENANT = "podseal.kms.azure.tenant-id and client-id, and the clock of this machine";
    private static final String GRANT_ALSO =
            " ('podseal print policy'), and see that the key is enabled and permits unwrapKey, and that the"
                    + " vault's firewall lets this network in";
    private static final String CREDENTIALS = "label the pod azure.workload.identity/use, or set"
            + " podseal.kms.azure.tenant-id, client-id and token-file";
    private static final String REACH =
            "check that the vault and its login can be reached, and that their certificates are"
                    + " trusted (podseal.kms.azure.proxy)";

    private AzureFailure() {}

    /** What a call needs to be allowed. */
    enum Right {
        READ("Microsoft.KeyVault/vaults/keys/read"),
        UNWRAP("Microsoft.KeyVault/vaults/keys/unwrap/action");

        private final String action;

        Right(String action) {
            this.action = action;
        }
    }

    static PodsealException of(RuntimeException failure, Right right, String keyId) {
        PodsealException refusal = null;
        Throwable t = failure;
        for (int depth = 0; t != null && depth < MAX_CAUSES; t = t.getCause(), depth++) {
            if (t instanceof PodsealException ours) {
                return ours;
            }
            if (t instanceof CredentialUnavailableException || t instanceof FileSystemException) {
                return credentials(t);
            }
            // what the network says outranks what was wrapped around it
            if (t instanceof IOException || t instanceof TimeoutException) {
                return unreachable(t);
            }
            if (t instanceof MsalServiceException login) {
                refusal = login(login.statusCode());
            } else if (t instanceof HttpResponseException answer && answer.getResponse() != null) {
                refusal = answered(answer.getResponse(), right, keyId);
            } else if (t instanceof ClientAuthenticationException && refusal == null) {
                refusal = because(
                        KMS_DENIED,
                        "its login was not even asked: not for the tenant of this vault; check " + TENANT,
                        t.getClass().getName());
            }
        }
        return refusal != null ? refusal : unreachable(failure);
    }

    private static PodsealException answered(HttpResponse answer, Right right, String keyId) {
        int status = answer.getStatusCode();
        String said = "HTTP " + status + requestId(answer.getHeaderValue(REQUEST_ID));
        return switch (status) {
            case 400 -> right == Right.UNWRAP ? RsaEnvelope.altered() : because(CONFIGURATION, "refused; " + URI, said);
            case 401 -> because(KMS_DENIED, "the token is refused; check " + TENANT, said);
            case 403 -> because(KMS_DENIED, "grant " + right.action + " on " + keyId + GRANT_ALSO, said);
            case 404 -> because(KMS_DENIED, "there is no " + keyId + "; recover it, or " + URI, said);
            case 429 -> because(KMS_THROTTLED, "fewer calls are asked for; spread the starts", said);
            default -> because(KMS_UNAVAILABLE, "no usable answer; redirects are not followed", said);
        };
    }

    private static PodsealException login(int status) {
        ErrorCode code = status == 429 ? KMS_THROTTLED : status >= 500 ? KMS_UNAVAILABLE : KMS_DENIED;
        return because(
                code,
                "its login gives no token; check the federated credential of this account, " + TENANT,
                "HTTP " + status);
    }

    static PodsealException credentials(Throwable failure) {
        return because(
                CONFIGURATION,
                "no usable credentials; " + CREDENTIALS,
                failure.getClass().getName());
    }

    private static PodsealException unreachable(Throwable failure) {
        return because(
                KMS_UNAVAILABLE,
                "no usable answer; " + REACH,
                failure.getClass().getName());
    }

    private static PodsealException because(ErrorCode code, String what, String said) {
        return code.because("Azure Key Vault: " + what + " (" + said + ")");
    }

    private static String requestId(@Nullable String id) {
        return id != null && id.matches("[-0-9A-Fa-f]{1,64}") ? ", request " + id : "";
    }
}
