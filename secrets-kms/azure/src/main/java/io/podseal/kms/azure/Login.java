// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.HttpLogDetailLevel;
import com.azure.core.http.policy.HttpLogOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.util.Configuration;
import com.azure.identity.AzureCliCredentialBuilder;
import com.azure.identity.ChainedTokenCredentialBuilder;
import com.azure.identity.CredentialBuilderBase;
import com.azure.identity.EnvironmentCredentialBuilder;
import com.azure.identity.WorkloadIdentityCredentialBuilder;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who this process is at Microsoft Entra; what is null comes from the environment. */
record Login(
        @Nullable String tenantId,
        @Nullable String clientId,
        @Nullable Path tokenFile) {
    /** Workload Identity and nothing else where there is anything of it; the identity of the node never. */
    TokenCredential credentials(HttpClient http) {
        boolean none = tenantId == null && clientId == null && tokenFile == null;
        if (none && !Configuration.getGlobalConfiguration().contains("AZURE_FEDERATED_TOKEN_FILE")) {
            return new ChainedTokenCredentialBuilder()
                    .addFirst(asking(http, new EnvironmentCredentialBuilder()).build())
                    .addLast(asking(http, new AzureCliCredentialBuilder()).build())
                    .build();
        }
        WorkloadIdentityCredentialBuilder workload = asking(http, new WorkloadIdentityCredentialBuilder());
        if (tokenFile != null) {
            workload.tokenFilePath(tokenFile.toString());
        }
        if (tenantId != null) {
            workload.tenantId(tenantId);
        }
        if (clientId != null) {
            workload.clientId(clientId);
        }
        try {
            return workload.build();
        } catch (RuntimeException e) { // something is missing, or is no tenant
            throw AzureFailure.credentials(e);
        }
    }

    private static <T extends CredentialBuilderBase<T>> T asking(HttpClient http, T builder) {
        return builder.httpClient(http).httpLogOptions(silent()).retryOptions(once());
    }

    /** Never what the environment asks for: a body may hold an unwrapped key. */
    static HttpLogOptions silent() {
        return new HttpLogOptions().setLogLevel(HttpLogDetailLevel.NONE);
    }

    /** The core alone retries. */
    static RetryOptions once() {
        return new RetryOptions(new FixedDelayOptions(0, Duration.ofMillis(1)));
    }
}
