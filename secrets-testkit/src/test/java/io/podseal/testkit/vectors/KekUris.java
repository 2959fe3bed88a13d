// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit.vectors;

import static io.podseal.ErrorCode.CONFIGURATION;

/** KEK URIs as an application may name them, and as it may not. */
final class KekUris {
    private static final String AWS =
            "aws-kms://arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    private static final String GCP = "gcp-kms://projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k";
    private static final String AZURE = "azure-kv://example.vault.azure.net/keys/podseal/0123456789abcdef";
    private static final String VAULT = "hcvault://vault.example:8200/transit/keys/podseal";

    private final VectorFile file = new VectorFile();

    static VectorFile file() {
        KekUris uris = new KekUris();
        uris.good();
        uris.refused();
        return uris.file;
    }

    private void good(String id, String claim, String uri) {
        file.draft("kek", "kek-" + id, claim).with("uri", uri);
    }

    private void good() {
        good("aws", "a key ARN", AWS);
        good("aws-partition", "a key ARN of another partition", AWS.replace(":aws:", ":aws-us-gov:"));
        good("aws-multi-region", "a multi-Region key", AWS.replace("1234abcd-12ab-34cd-56ef-", "mrk-"));
        good("aws-tink", "the context of stock Tink clients", AWS + "?context=tink");
        good("aws-context", "further pairs of the encryption context", AWS + "?context.team=a%20b&context.empty=");
        good("gcp", "a CryptoKey", GCP);
        good("azure", "a key version", AZURE);
        good("azure-port", "a vault's host with a port", AZURE.replace(".net/", ".net:8443/"));
        good("vault", "a Transit key", VAULT);
        good("vault-deep-mount", "a mount of several segments", VAULT.replace("/transit/", "/team/a/transit/"));
        good("vault-no-port", "a host without a port", VAULT.replace(":8200", ""));
        good("pkcs11", "an AES key object", "pkcs11:token=podseal;object=kek;type=secret-key");
        good("local", "an absolute path", "local-kms:/etc/podseal/kek.json");
        good("local-spaces", "a path with a space and an at sign", "local-kms:/a b/c@d");
        good(
                "other-scheme",
                "another scheme is for the client that the application hands in",
                "example-kms:anything?x#y");
    }

    private void refused(String line, String id, String claim, String uri) {
        file.draft("kek", "kek-refused-" + id, claim).with("uri", uri).refused(line, CONFIGURATION);
    }

    private void refused() {
        refused("U-01", "aws-user", "user info", AWS.replace("//", "//user:password@"));
        refused("U-01", "azure-user", "user info before a vault", AZURE.replace("//", "//user@"));
        refused("U-01", "vault-user", "user info before a host", VAULT.replace("//", "//token@"));
        refused("U-01", "other-user", "user info in a URI of another scheme", "example-kms://user:password@host/key");
        refused("U-01", "aws-fragment", "a fragment", AWS + "#x");
        refused("U-01", "gcp-fragment", "a fragment behind a CryptoKey", GCP + "#x");
        refused("U-01", "local-fragment", "a fragment behind a path", "local-kms:/etc/kek.json#x");
        refused("U-01", "gcp-query", "a query where none is named", GCP + "?context=tink");
        refused("U-01", "azure-query", "a query behind a key version", AZURE + "?x=y");
        refused("U-01", "vault-query", "a query behind a Transit key", VAULT + "?namespace=x");
        refused("U-01", "pkcs11-query", "a query of RFC 7512", "pkcs11:object=kek?module-path=/x.so");
        refused("U-01", "local-query", "a query behind a path", "local-kms:/etc/kek.json?x");
        refused(
                "U-02",
                "aws-alias",
                "an alias, which would switch off the check of the answering key",
                "aws-kms://arn:aws:kms:eu-west-1:111122223333:alias/podseal");
        refused("U-02", "aws-key-id", "a key id without its ARN", "aws-kms://1234abcd-12ab-34cd-56ef-1234567890ab");
        refused("U-02", "aws-account", "an account of eleven digits", AWS.replace("111122223333", "11112222333"));
        refused("U-02", "aws-query", "a query of another name", AWS + "?region=eu-west-1");
        refused("U-02", "aws-both", "two kinds of context together", AWS + "?context=tink&context.a=b");
        refused("U-02", "gcp-version", "a version behind a CryptoKey", GCP + "/cryptoKeyVersions/1");
        refused("U-02", "gcp-short", "a key ring without a key", GCP.replace("/cryptoKeys/k", ""));
        refused("U-02", "azure-no-version", "a key without its version", AZURE.replace("/0123456789abcdef", ""));
        refused("U-02", "azure-host-upper-case", "a host in upper case", AZURE.replace("example", "Example"));
        refused("U-02", "vault-no-mount", "a Transit key without its mount", VAULT.replace("/transit", ""));
        refused("U-02", "vault-no-key", "a mount without a key", VAULT.replace("/keys/podseal", ""));
        refused("U-02", "local-relative", "a relative path", "local-kms:etc/kek.json");
        refused("U-02", "local-empty", "no path", "local-kms:");
        refused("U-02", "local-line-feed", "a line feed in a path", "local-kms:/etc/kek\n.json");
        refused("U-03", "pkcs11-pin", "a PIN", "pkcs11:object=kek;pin-value=1234");
        refused("U-03", "pkcs11-pin-upper-case", "a PIN, whatever its case", "pkcs11:object=kek;PIN-Value=1234");
        refused("U-03", "pkcs11-pin-source", "where a PIN is", "pkcs11:object=kek;pin-source=file:/pin");
        for (String name :
                new String[] {"kubernetes-namespace", "kubernetes-service-account", "podseal-trust-domain"}) {
            refused(
                    "U-04",
                    "aws-" + name,
                    "a pair that a workload's identity gives",
                    AWS + "?context.a=b&context." + name + "=x");
        }
    }
}
