// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Moto;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The grammar of what is printed, checked by moto in the place of IAM; moto does not evaluate conditions of AWS KMS. */
final class AwsPolicyIT {
    private static final String KEK =
            "aws-kms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab?context.stage=prod";

    @TempDir
    private Path folder;

    private static HttpResponse<String> createPolicy(String document) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(Moto.running().url().resolve("/"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=administrator/20260101/us-east-1/iam/aws4_request,"
                                + " SignedHeaders=host, Signature=none")
                .POST(HttpRequest.BodyPublishers.ofString("Action=CreatePolicy&Version=2010-05-08&PolicyName=p-"
                        + UUID.randomUUID() + "&PolicyDocument=" + URLEncoder.encode(document, UTF_8)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everyPolicyIsOne() throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.withAlternative(PrintedScript.both(KEK)));

        assertThat(script.files()).hasSize(3);
        for (String file : script.files()) {
            HttpResponse<String> answer = createPolicy(script.file(file));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    /** The control. */
    @Test
    void brokenPolicyIsRefused() throws Exception {
        PrintedScript script = PrintedScript.run(folder, PrintedScript.both(KEK));
        String policy = script.file(script.files().get(0));

        for (String broken : new String[] {
            policy.replace("\"Allow\"", "\"Permit\""),
            policy.replace("StringEquals", "StringIs"),
            policy.replaceFirst("}", "")
        }) {
            HttpResponse<String> answer = createPolicy(broken);
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("MalformedPolicyDocument");
        }
    }
}
