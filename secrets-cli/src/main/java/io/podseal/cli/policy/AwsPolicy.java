// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.keyset.KekUri;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Policies of IAM, which compare the encryption context (specification, section 5). */
final class AwsPolicy {
    private static final String CONTEXT = "kms:EncryptionContext:";
    private static final String TAG = "aws:PrincipalTag/";
    private static final String NAMESPACE = "kubernetes-namespace";
    private static final String SERVICE_ACCOUNT = "kubernetes-service-account";

    private final Grant grant;
    private final String arn;
    private final boolean tink;

    private AwsPolicy(Grant grant) {
        this.grant = grant;
        String[] parts = grant.key().split("\\?", 2);
        this.arn = parts[0];
        this.tink = parts.length == 2 && parts[1].equals("context=tink");
    }

    static void write(Grant grant, Script script) {
        AwsPolicy policy = new AwsPolicy(grant);
        script.comment("The key's policy has to leave this to IAM, as the default one does.");
        if (grant.opens()) {
            script.section("open, this account alone: the role that its pods have");
            policy.attach(script, grant.name("open"), "<role of the pods>", "\"kms:Decrypt\"", policy.account());
            if (policy.tink) {
                script.section(
                        "A fleet needs a role for each account: no session tag has what ?context=tink binds to.");
            } else {
                script.section(
                                "open, a whole fleet under EKS Pod Identity, instead of the above: each account by the tags of its pods' sessions.")
                        .comment(
                                "A role for each cluster; nobody but Pod Identity may assume it with tags. To run this, take the '# ' away:");
                Script fleet = new Script();
                policy.attach(fleet, policy.fleet(), "<role of the fleet>", "\"kms:Decrypt\"", policy.tags());
                script.alternative(fleet);
            }
        }
        if (grant.seals()) {
            script.section(
                            "seal: whoever makes and changes keysets, or seals with a wrapped one. kms:Encrypt alone makes them and opens none;")
                    .comment("sealing with a public document (hpke-*) needs neither.");
            policy.attach(
                    script,
                    grant.name("seal"),
                    "<role of whoever seals>",
                    "[\"kms:Decrypt\", \"kms:Encrypt\"]",
                    policy.account());
        }
    }

    private String fleet() {
        return DistinctName.of(
                "podseal-open-fleet", grant.kek() + " " + grant.account().trustDomain(), Grant.MAX_NAME_CHARS);
    }

    private Map<String, String> account() {
        Map<String, String> conditions = new LinkedHashMap<>();
        if (tink) {
            conditions.put(CONTEXT + "associatedData", associatedData());
            return conditions;
        }
        conditions.put(CONTEXT + NAMESPACE, grant.account().namespace());
        conditions.put(CONTEXT + SERVICE_ACCOUNT, grant.account().name());
        return withTrustDomainAndPairs(conditions);
    }

    private Map<String, String> tags() {
        Map<String, String> conditions = new LinkedHashMap<>();
        conditions.put(CONTEXT + NAMESPACE, "${" + TAG + NAMESPACE + "}");
        conditions.put(CONTEXT + SERVICE_ACCOUNT, "${" + TAG + SERVICE_ACCOUNT + "}");
        withTrustDomainAndPairs(conditions);
        conditions.put(TAG + "eks-cluster-arn", "<ARN of the cluster>");
        return conditions;
    }

    private Map<String, String> withTrustDomainAndPairs(Map<String, String> conditions) {
        conditions.put(CONTEXT + "podseal-trust-domain", grant.account().trustDomain());
        for (Map.Entry<String, String> pair :
                KekUri.encryptionContext(grant.kek()).entrySet()) {
            String key = CONTEXT + pair.getKey();
            // IAM does not tell the letters' case in the key of a condition.
            if (conditions.keySet().stream().anyMatch(key::equalsIgnoreCase)) {
                throw ErrorCode.CONFIGURATION.because("two parts of the context have one name in " + grant.kek()
                        + ", or one has the name of the account's own; give each another name");
            }
            // IAM would take "${" for the start of a variable.
            conditions.put(key, pair.getValue().replace("${", "${$}{"));
        }
        return conditions;
    }

    private String associatedData() {
        return HexFormat.of().formatHex(("podseal:v1:keyset:" + grant.account().spiffeId()).getBytes(UTF_8));
    }

    private void attach(Script script, String name, String role, String actions, Map<String, String> conditions) {
        String file = name + ".json";
        script.file(file, """
                        {
                          "Version": "2012-10-17",
                          "Statement": [{
                            "Effect": "Allow",
                            "Action": %s,
                            "Resource": %s,
                            "Condition": {
                              "StringEquals": {
                        %s
                              }
                            }
                          }]
                        }
                        """.formatted(
                                actions,
                                JsonString.of(arn),
                                conditions.entrySet().stream()
                                        .map(condition -> "        " + JsonString.of(condition.getKey()) + ": "
                                                + JsonString.of(condition.getValue()))
                                        .collect(Collectors.joining(",\n"))))
                .command(
                        "aws",
                        "iam",
                        "put-role-policy",
                        "--role-name",
                        role,
                        "--policy-name",
                        name,
                        "--policy-document",
                        "file://" + file);
    }
}
