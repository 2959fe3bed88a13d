// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.Moto;
import io.podseal.kms.Refusal;
import io.podseal.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the environment may decide: who this is. Where AWS is, it may not. Each in a process of its own. */
final class EnvironmentIT {
    private static final Map<String, String> KEYS = Map.of(
            "AWS_ACCESS_KEY_ID", "id-" + Refusal.CANARY,
            "AWS_SECRET_ACCESS_KEY", "key-" + Refusal.CANARY,
            "HOME", "/nonexistent");
    private static final Map<String, String> NO_METADATA =
            Map.of("AWS_EC2_METADATA_DISABLED", "true", "HOME", "/nonexistent");

    /** The SDK's endpoint rules take domains from such a file. */
    private static final String PARTITIONS = """
            {"version": "1.1", "partitions": [{"id": "aws", "regionRegex": "^[a-z]+-[a-z]+-\\\\d+$", "regions": {},
              "outputs": {"name": "aws", "dnsSuffix": "trap.invalid", "dualStackDnsSuffix": "trap.invalid",
                "supportsFIPS": true, "supportsDualStack": true, "implicitGlobalRegion": "us-east-1"}}]}
            """;

    @TempDir
    Path folder;

    /** Everything in environment, system properties and profile that would send the SDK somewhere else. */
    private Map<String, String> trapped(Map<String, String> credentials, String trap) throws IOException {
        Path profile = Files.writeString(
                folder.resolve("config"),
                "[default]\nendpoint_url = " + trap + "\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n");
        Map<String, String> environment = new HashMap<>(credentials);
        for (String name :
                List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")) {
            environment.put(name, trap);
        }
        for (String name : List.of("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_ENDPOINT_URL_STS")) {
            environment.put(name, trap);
        }
        environment.put("AWS_CONFIG_FILE", profile.toString());
        Path partitions = Files.writeString(folder.resolve("partitions.json"), PARTITIONS);
        environment.put("AWS_PARTITIONS_FILE", partitions.toString());
        environment.put("AWS_REGION", "us-west-2");
        environment.put("AWS_DEFAULT_REGION", "us-west-2");
        environment.put("AWS_USE_FIPS_ENDPOINT", "true");
        environment.put("AWS_USE_DUALSTACK_ENDPOINT", "true");
        environment.put("AWS_MAX_ATTEMPTS", "5");
        return environment;
    }

    /** Its own names only, so that nothing leaves this machine: what is asked for there is refused at once. */
    private String[] arguments(int trapPort, String hosts, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "-Djdk.net.hosts.file=" + Files.writeString(folder.resolve("hosts"), hosts),
                "-Dhttp.proxyHost=localhost",
                "-Dhttp.proxyPort=" + trapPort,
                "-Dhttps.proxyHost=localhost",
                "-Dhttps.proxyPort=" + trapPort,
                "-Dhttp.nonProxyHosts=",
                "-Daws.endpointUrl=http://localhost:" + trapPort,
                "-Daws.endpointUrlKms=http://localhost:" + trapPort));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    /** What {@link UnwrapMain} prints in a process that has this environment and no other. */
    private static String said(Map<String, String> environment, String... arguments) throws InterruptedException {
        List<String> prefix = new ArrayList<>(List.of("env", "-i"));
        environment.forEach((name, value) -> prefix.add(name + "=" + value));
        StringBuilder said = new StringBuilder();
        try (ChildJvm child = ChildJvm.start(prefix, UnwrapMain.class, arguments)) {
            for (String line = child.line(); line != null; line = child.line()) {
                said.append(line).append('\n');
            }
            assertThat(child.end()).as(said.toString()).isZero();
        }
        assertThat(said).doesNotContain(Refusal.CANARY);
        return said.toString().strip();
    }

    @Test
    void endpointsAndProxiesOfTheEnvironmentAreNotObeyed() throws Exception {
        String asked = "127.0.0.1 localhost\n127.0.0.1 kms.eu-central-1.amazonaws.com\n"
                + "127.0.0.1 kms.cn-north-1.amazonaws.com.cn\n";
        try (Wire trap = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[3]))) {
            String output = said(
                    trapped(KEYS, trap.url()),
                    arguments(
                            trap.port(),
                            asked,
                            FakeAws.KEK,
                            FakeAws.KEK.replace("aws:kms:eu-central-1", "aws-cn:kms:cn-north-1"),
                            FakeAws.KEK.replace("eu-central-1", "eu-west-1")));

            assertThat(trap.calls()).isEmpty();
            assertThat(output.lines())
                    .hasSize(3)
                    .allMatch(line -> line.startsWith("KMS_UNAVAILABLE: kms:Encrypt got no usable answer"));
            // The hosts of the first two are known here, though nobody serves there; that of the third is not.
            assertThat(output.lines().map(line -> line.contains("UnknownHostException")))
                    .containsExactly(false, false, true);
        }
    }

    /** The control of the test above: each alone leads the SDK's own client into the trap. */
    @ParameterizedTest
    @ValueSource(
            strings = {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_KMS", "AWS_CONFIG_FILE", "HTTP_PROXY", "-Dhttps.proxy"})
    void trapCatchesTheSdkAlone(String lure) throws Exception {
        try (Wire trap = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[3]))) {
            Map<String, String> environment = new HashMap<>(KEYS);
            if (lure.equals("AWS_CONFIG_FILE")) {
                Path profile = folder.resolve("config");
                environment.put(
                        lure,
                        Files.writeString(profile, "[default]\nendpoint_url = " + trap.url() + "\n")
                                .toString());
            } else if (!lure.startsWith("-D")) {
                environment.put(lure, trap.url());
            }
            List<String> arguments = new ArrayList<>(List.of(arguments(trap.port(), "127.0.0.1 localhost\n", "sdk")));
            arguments.removeIf(
                    option -> option.startsWith("-D") && !option.startsWith("-Djdk.net") && !option.startsWith(lure));

            said(environment, arguments.toArray(String[]::new));

            assertThat(trap.calls()).isNotEmpty();
        }
    }

    @Test
    void roleOfThePodsTokenIsTakenWhereTheSettingsSay() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "header.payload." + Refusal.CANARY);
        Moto moto = Moto.running();
        try (Wire trap = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[3]));
                Wire sts = Wire.before(moto.url());
                Wire kms = Wire.before(moto.url())) {
            Map<String, String> environment = trapped(NO_METADATA, trap.url());
            environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/podseal");
            environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
            String[] arguments = arguments(
                    trap.port(),
                    "127.0.0.1 localhost\n",
                    moto.kek(),
                    "kms.aws.endpoint=" + kms.url(),
                    "kms.aws.sts-endpoint=" + sts.url());

            assertThat(said(environment, arguments)).startsWith("wrapped ");
            assertThat(trap.calls()).isEmpty();
            assertThat(sts.calls()).hasSize(1);
            assertThat(sts.calls().get(0).body())
                    .contains("Action=AssumeRoleWithWebIdentity", "WebIdentityToken=header.payload." + Refusal.CANARY);
            assertThat(kms.operations()).containsExactly("Encrypt");
            assertThat(kms.calls().get(0).headers()).containsKey("x-amz-security-token");

            String[] withoutSts = Stream.concat(Stream.of("without-sts"), Stream.of(arguments))
                    .toArray(String[]::new);
            assertThat(said(environment, withoutSts))
                    .startsWith("CONFIGURATION: ")
                    .contains("software.amazon.awssdk:sts");
        }
    }

    @Test
    void refusedRoleSaysWhichPolicyToLookAt() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "header.payload." + Refusal.CANARY);
        String error =
                "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform"
                        + " sts:AssumeRoleWithWebIdentity by " + Refusal.CANARY
                        + "</Message></Error><RequestId>77</RequestId></ErrorResponse>";
        try (Wire sts = Wire.answering(call -> Wire.http(403, "", error))) {
            Map<String, String> environment = new HashMap<>(NO_METADATA);
            environment.put("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/podseal");
            environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
            String[] arguments = {FakeAws.KEK, "kms.aws.sts-endpoint=" + sts.url(), "kms.aws.region=eu-west-1"};

            assertThat(said(environment, arguments))
                    .startsWith("KMS_DENIED: ")
                    .contains("AccessDenied", "trust policy")
                    .doesNotContain("header.payload");
            assertThat(sts.calls()).hasSize(1);

            environment.put(
                    "AWS_WEB_IDENTITY_TOKEN_FILE", folder.resolve("gone").toString());
            assertThat(said(environment, arguments))
                    .startsWith("KMS_UNAVAILABLE: ")
                    .contains("NoSuchFileException");
        }
    }

    @Test
    void agentOfThePodIsAskedForCredentials() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "the-pods-own-" + Refusal.CANARY);
        Map<String, String> environment = new HashMap<>(NO_METADATA);
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());
        Moto moto = Moto.running();
        try (Wire agent = Wire.answering(call -> Wire.http(
                        200,
                        "",
                        "{\"AccessKeyId\":\"id-" + Refusal.CANARY + "\",\"SecretAccessKey\":\"key-" + Refusal.CANARY
                                + "\",\"Token\":\"session-" + Refusal.CANARY + "\","
                                + "\"Expiration\":\"2099-01-01T00:00:00Z\"}"));
                Wire broken = Wire.answering(call -> new byte[0]);
                Wire kms = Wire.before(moto.url())) {
            String[] arguments = {moto.kek(), "kms.aws.endpoint=" + kms.url()};

            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", agent.url() + "/v1/credentials");
            assertThat(said(environment, arguments)).startsWith("wrapped ");
            assertThat(agent.calls().get(0).headers()).containsEntry("authorization", "the-pods-own-" + Refusal.CANARY);
            assertThat(kms.calls().get(0).headers()).containsEntry("x-amz-security-token", "session-" + Refusal.CANARY);

            environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", broken.url() + "/v1/credentials");
            assertThat(said(environment, arguments))
                    .startsWith("KMS_UNAVAILABLE: ")
                    .contains("credentials");
        }
    }

    @Test
    void noCredentialsAtAllIsAFaultOfTheConfiguration() throws Exception {
        try (Wire kms = Wire.answering(call -> FakeAws.encrypted(FakeAws.ARN, new byte[3]))) {
            assertThat(said(NO_METADATA, FakeAws.KEK, "kms.aws.endpoint=" + kms.url()))
                    .startsWith("CONFIGURATION: no credentials for AWS KMS");
            assertThat(kms.calls()).isEmpty();
        }
    }
}
