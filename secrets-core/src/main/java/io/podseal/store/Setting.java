// SPDX-License-Identifier: Apache-2.0
package io.podseal.store;

import org.jspecify.annotations.Nullable;

/** Every setting that this release knows: the same words in all frameworks. */
public enum Setting {
    /** Locations of values, for Micronaut. */
    IMPORT(
            "import",
            Kind.LIST,
            null,
            "Locations of values (Micronaut; Spring Boot has spring.config.import).",
            "podseal:mount:/etc/podseal/db-credentials?prefix=db."),
    /** The switch. */
    ENABLED(
            "enabled",
            Kind.BOOLEAN,
            "true",
            "With false every location gives nothing, and nothing else of Podseal runs.",
            "false"),
    /** Who this process runs as. */
    IDENTITY(
            "identity",
            Kind.STRING,
            null,
            "The ServiceAccount that this process runs as; by default the one of the pod's projected token, then POD_NAMESPACE with POD_SERVICE_ACCOUNT. Sources that disagree stop the start.",
            "payments/api"),
    /** The trust domain. */
    TRUST_DOMAIN(
            "trust-domain",
            Kind.STRING,
            "cluster.local",
            "The trust domain of the identity; clusters that must not share keysets have different ones.",
            "prod.example.com"),
    /** The account default. */
    ALLOW_DEFAULT_ACCOUNT(
            "allow-default-account",
            Kind.BOOLEAN,
            "false",
            "Whether the ServiceAccount 'default' is acceptable.",
            "true"),
    /** Where keyset documents come from. */
    KEYSETS(
            "keysets",
            Kind.LIST,
            null,
            "Where keyset documents come from, instead of the *.keyset.json items beside the values.",
            "classpath:api.keyset.json"),
    /** The accepted KEKs. */
    KEKS(
            "keks",
            Kind.LIST,
            null,
            "The exact KEK URIs that this application accepts, in order of preference. Without any, nothing can be unwrapped.",
            "local-kms:/home/me/dev.kek"),
    /** Clients that are not ours. */
    KMS_CLIENTS(
            "kms.clients",
            Kind.LIST,
            null,
            "Class names of Supplier<KmsClient> with a public no-argument constructor, for KMS clients from elsewhere.",
            "com.example.OurKmsClient"),
    /** Pinned fingerprints. */
    KEYSET_PINS(
            "keyset-pins",
            Kind.LIST,
            null,
            "Fingerprints of keysets; where given, no other keyset is trusted. Required under an RSA KEK.",
            "sha256:47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"),
    /** Which kinds of keys. */
    ACCEPT("accept", Kind.ACCEPT, "any", "any, or symmetric: refuse values sealed with a public keyset.", "symmetric"),
    /** Item-bound values only. */
    REQUIRE_ITEM_BOUND("require-item-bound", Kind.BOOLEAN, "false", "Refuse account-bound values.", "true"),
    /** Keep the unwrapped keyset. */
    KEYSET_RETAIN(
            "keyset.retain", Kind.BOOLEAN, "false", "Keep the unwrapped keyset in memory between refreshes.", "true"),
    /** The deadline of unwrapping. */
    KMS_DEADLINE(
            "kms.deadline",
            Kind.DURATION,
            "30s",
            "How long unwrapping may take: all documents, recipients and rounds together, at the start and at each refresh.",
            "20s"),
    /** The endpoint of AWS KMS. */
    AWS_ENDPOINT(
            "kms.aws.endpoint",
            Kind.STRING,
            null,
            "The URL of AWS KMS; by default the one of the region of the key ARN. Endpoints of the environment are not obeyed.",
            "https://vpce-1234.kms.eu-central-1.vpce.amazonaws.com"),
    /** The endpoint of AWS STS. */
    AWS_STS_ENDPOINT(
            "kms.aws.sts-endpoint",
            Kind.STRING,
            null,
            "The URL of AWS STS, which is asked for a role where the pod has a web identity token (IRSA); by default the one of the region.",
            "https://vpce-1234.sts.eu-central-1.vpce.amazonaws.com"),
    /** The region of AWS STS. */
    AWS_REGION(
            "kms.aws.region",
            Kind.STRING,
            null,
            "The region of AWS STS, where credentials need it; by default the region of the key ARN, which always decides where AWS KMS is asked.",
            "eu-central-1"),
    /** The proxy to AWS KMS. */
    AWS_PROXY(
            "kms.aws.proxy",
            Kind.STRING,
            null,
            "The HTTP proxy to AWS KMS; none by default, proxies of the environment are not obeyed.",
            "http://proxy.example.com:3128"),
    /** The FIPS endpoint. */
    AWS_FIPS("kms.aws.fips", Kind.BOOLEAN, "false", "Use the FIPS endpoint of the region.", "true"),
    /** Connecting. */
    AWS_CONNECT_TIMEOUT(
            "kms.aws.connect-timeout", Kind.DURATION, "2s", "How long connecting to AWS KMS may take.", "1s"),
    /** One call. */
    AWS_CALL_TIMEOUT(
            "kms.aws.call-timeout",
            Kind.DURATION,
            "10s",
            "How long one call of AWS KMS may take, connecting included; the deadline of podseal.kms.deadline holds above it.",
            "5s"),
    /** The endpoint of Google Cloud KMS. */
    GCP_ENDPOINT(
            "kms.gcp.endpoint",
            Kind.STRING,
            null,
            "The host and port of Google Cloud KMS; by default the public one.",
            "cloudkms.googleapis.com:443"),
    /** The credentials of Google Cloud. */
    GCP_CREDENTIALS_FILE(
            "kms.gcp.credentials-file",
            Kind.STRING,
            null,
            "A credentials file (JSON); by default the application default credentials.",
            "/etc/gcp/credentials.json"),
    /** The proxy to Google Cloud KMS. */
    GCP_PROXY(
            "kms.gcp.proxy",
            Kind.STRING,
            null,
            "The HTTP proxy to Google Cloud KMS and its login; none by default, proxies of the environment are not obeyed.",
            "http://proxy.example.com:3128"),
    /** Connecting. */
    GCP_CONNECT_TIMEOUT(
            "kms.gcp.connect-timeout", Kind.DURATION, "2s", "How long connecting to Google Cloud KMS may take.", "1s"),
    /** One call. */
    GCP_CALL_TIMEOUT(
            "kms.gcp.call-timeout",
            Kind.DURATION,
            "10s",
            "How long one call of Google Cloud KMS may take, connecting and the login included; the deadline of podseal.kms.deadline holds above it.",
            "5s"),
    /** The tenant. */
    AZURE_TENANT_ID(
            "kms.azure.tenant-id",
            Kind.STRING,
            null,
            "The tenant to log in to; by default what Workload Identity puts into the environment.",
            "00000000-0000-0000-0000-000000000000"),
    /** The client. */
    AZURE_CLIENT_ID(
            "kms.azure.client-id",
            Kind.STRING,
            null,
            "The identity to log in as; by default what Workload Identity puts into the environment.",
            "00000000-0000-0000-0000-000000000000"),
    /** The federated token. */
    AZURE_TOKEN_FILE(
            "kms.azure.token-file",
            Kind.STRING,
            null,
            "The federated token file; by default what Workload Identity puts into the environment.",
            "/var/run/secrets/azure/tokens/azure-identity-token"),
    /** The proxy to Azure Key Vault. */
    AZURE_PROXY(
            "kms.azure.proxy",
            Kind.STRING,
            null,
            "The HTTP proxy to Azure Key Vault and its login; none by default, proxies of the environment are not obeyed.",
            "http://proxy.example.com:3128"),
    /** Connecting. */
    AZURE_CONNECT_TIMEOUT(
            "kms.azure.connect-timeout", Kind.DURATION, "2s", "How long connecting to Azure Key Vault may take.", "1s"),
    /** One call. */
    AZURE_CALL_TIMEOUT(
            "kms.azure.call-timeout",
            Kind.DURATION,
            "10s",
            "How long an answer of Azure Key Vault or its login, and then its body, may take, connecting included; the deadline of podseal.kms.deadline holds above it.",
            "5s"),
    /** The address of Vault. */
    VAULT_ENDPOINT(
            "kms.vault.endpoint",
            Kind.STRING,
            null,
            "The URL of Vault or OpenBao; by default https:// and the host of the KEK.",
            "https://vault.example.com:8200"),
    /** The namespace. */
    VAULT_NAMESPACE("kms.vault.namespace", Kind.STRING, null, "The namespace header.", "team-a"),
    /** The way to log in. */
    VAULT_AUTH("kms.vault.auth", Kind.STRING, "kubernetes", "How to log in: kubernetes, jwt, approle or token.", "jwt"),
    /** The mount of the login. */
    VAULT_AUTH_MOUNT(
            "kms.vault.auth-mount",
            Kind.STRING,
            null,
            "Where that way to log in is mounted; by default its own name.",
            "kubernetes-prod"),
    /** The role. */
    VAULT_ROLE("kms.vault.role", Kind.STRING, null, "The role to log in with (kubernetes, jwt).", "podseal"),
    /** The token. */
    VAULT_TOKEN_FILE(
            "kms.vault.token-file",
            Kind.STRING,
            null,
            "The file with the token to log in with (kubernetes, jwt: by default the pod's own) or to use (token); read at each login.",
            "/var/run/secrets/tokens/vault"),
    /** The role id. */
    VAULT_ROLE_ID(
            "kms.vault.role-id", Kind.STRING, null, "The role id (approle).", "db02de05-fa39-4855-059b-67221c5c2f63"),
    /** The secret id. */
    VAULT_SECRET_ID_FILE(
            "kms.vault.secret-id-file",
            Kind.STRING,
            null,
            "The file with the secret id (approle), read at each login.",
            "/etc/podseal/secret-id"),
    /** The trust. */
    VAULT_CA_FILE(
            "kms.vault.ca-file",
            Kind.STRING,
            null,
            "The certificates that the one of Vault is checked against (PEM); by default those of the JVM.",
            "/etc/ssl/vault-ca.pem"),
    /** Connecting. */
    VAULT_CONNECT_TIMEOUT(
            "kms.vault.connect-timeout", Kind.DURATION, "2s", "How long connecting to Vault may take.", "1s"),
    /** One call. */
    VAULT_CALL_TIMEOUT(
            "kms.vault.call-timeout",
            Kind.DURATION,
            "10s",
            "How long one call of Vault may take, connecting included; the deadline of podseal.kms.deadline holds above it.",
            "5s"),
    /** The module. */
    PKCS11_MODULE(
            "kms.pkcs11.module",
            Kind.STRING,
            null,
            "The PKCS#11 module, the absolute path of a library; a pkcs11: KEK needs it, since its URI names no file.",
            "/usr/lib/softhsm/libsofthsm2.so"),
    /** The PIN. */
    PKCS11_PIN_FILE(
            "kms.pkcs11.pin-file",
            Kind.STRING,
            null,
            "The file with the PIN of the token, read at each login; a PIN that the token refused is not tried again by the same process.",
            "/etc/podseal/pin"),
    /** The database of NSS. */
    PKCS11_NSS_DATABASE(
            "kms.pkcs11.nss-database",
            Kind.STRING,
            null,
            "The database to open, where the module is the softoken of NSS (libsoftokn3.so).",
            "sql:/etc/pki/nssdb"),
    /** local-kms in a cluster. */
    LOCAL_ALLOW_IN_CLUSTER(
            "kms.local.allow-in-cluster",
            Kind.BOOLEAN,
            "false",
            "Let local-kms: work in a cluster. For tests and demonstrations only.",
            "true"),
    /** The API server. */
    KUBERNETES_API_SERVER(
            "kubernetes.api-server",
            Kind.STRING,
            null,
            "The URL of the API server; by default the pod's own.",
            "https://10.0.0.1:443"),
    /** The token for the API server. */
    KUBERNETES_TOKEN_FILE(
            "kubernetes.token-file",
            Kind.STRING,
            null,
            "The file with the ServiceAccount token for the API server, read again when it changes; by default the pod's own. Its account is this process's identity too.",
            "/var/run/secrets/tokens/api"),
    /** The certificate authority of the API server. */
    KUBERNETES_CA_FILE(
            "kubernetes.ca-file",
            Kind.STRING,
            null,
            "The file with the certificates that the API server's is checked against (PEM); by default the pod's own.",
            "/etc/kubernetes/ca.crt"),
    /** The namespace of objects. */
    KUBERNETES_NAMESPACE(
            "kubernetes.namespace",
            Kind.STRING,
            null,
            "The namespace of objects that are named without one; by default the pod's own.",
            "payments"),
    /** A kubeconfig. */
    KUBERNETES_KUBECONFIG(
            "kubernetes.kubeconfig",
            Kind.STRING,
            null,
            "A kubeconfig file whose current context says how to reach the API server. None is used unless it is named here.",
            "/home/me/.kube/config"),
    /** How long the first reading may take. */
    KUBERNETES_START_DEADLINE(
            "kubernetes.start-deadline",
            Kind.DURATION,
            "30s",
            "How long the start asks again where the API server cannot be reached or is too busy.",
            "1m"),
    /** Until a Secret is there. */
    KUBERNETES_WAIT_FOR_OBJECTS(
            "kubernetes.wait-for-objects",
            Kind.DURATION,
            "0s",
            "How long the start waits for an object that is not optional and does not exist yet.",
            "2m"),
    /** One answer. */
    KUBERNETES_CALL_TIMEOUT(
            "kubernetes.call-timeout",
            Kind.DURATION,
            "5s",
            "How long one answer of the API server may take, connecting included.",
            "10s"),
    /** Refresh. */
    REFRESH_ENABLED(
            "refresh.enabled",
            Kind.BOOLEAN,
            "true",
            "Whether new values are read while the application runs.",
            "false"),
    /** Between two readings. */
    REFRESH_POLL_INTERVAL(
            "refresh.poll-interval",
            Kind.DURATION,
            "60s",
            "Between two readings of a source, minus 0 to 10 % jitter.",
            "5m"),
    /** Between two rounds. */
    REFRESH_MIN_INTERVAL(
            "refresh.min-interval",
            Kind.DURATION,
            "10s",
            "Between two unwrap rounds of a store; the start is exempt.",
            "1m"),
    /** Until stale. */
    REFRESH_MAX_STALENESS(
            "refresh.max-staleness",
            Kind.DURATION,
            "10m",
            "After which a generation that could not be confirmed is STALE.",
            "30m"),
    /** Deletion. */
    REFRESH_ON_DELETE(
            "refresh.on-delete",
            Kind.ON_DELETE,
            "keep",
            "keep the last good values when the source is deleted, or fail.",
            "fail"),
    /** SpEL in values. */
    VALUES_SPEL(
            "values.spel",
            Kind.SPEL,
            "refuse",
            "A value with #{ under Spring: refuse it, or allow it, which lets everyone who can seal run code through @Value.",
            "allow"),
    /** Reserved names. */
    RESERVED_ALLOW(
            "reserved.allow",
            Kind.LIST,
            null,
            "Names that an import without a prefix may set although they are reserved.",
            "spring.datasource.password"),
    /** Conscrypt. */
    CONSCRYPT_INSTALL(
            "conscrypt.install",
            Kind.BOOLEAN,
            "false",
            "Install Conscrypt at the end of the JCA provider list, for hpke-xwing.",
            "true"),
    /** Masking. */
    SANITIZE(
            "sanitize",
            Kind.BOOLEAN,
            "true",
            "Mask values in the framework's own endpoints, also inside other properties.",
            "false");

    private final String key;
    private final Kind kind;
    private final @Nullable String defaultValue;
    private final String description;
    private final String example;

    Setting(String key, Kind kind, @Nullable String defaultValue, String description, String example) {
        this.key = key;
        this.kind = kind;
        this.defaultValue = defaultValue;
        this.description = description;
        this.example = example;
    }

    /** What a setting's value looks like. */
    public enum Kind {
        /** Text. */
        STRING,
        /** A list of texts: indexed, or split at commas. */
        LIST,
        /** {@code true} or {@code false}. */
        BOOLEAN,
        /** A duration in the framework's own notation. */
        DURATION,
        /** {@code any} or {@code symmetric}. */
        ACCEPT,
        /** {@code keep} or {@code fail}. */
        ON_DELETE,
        /** {@code refuse} or {@code allow}. */
        SPEL
    }

    /** The name, {@code podseal.} included. */
    public String fullName() {
        return "podseal." + key;
    }

    /** The name behind {@code podseal.}. */
    public String key() {
        return key;
    }

    /** What its value looks like. */
    public Kind kind() {
        return kind;
    }

    /** The default, or null where it depends or there is none. */
    public @Nullable String defaultValue() {
        return defaultValue;
    }

    /** What it does, in one or two sentences. */
    public String description() {
        return description;
    }

    /** A value that makes sense. */
    public String example() {
        return example;
    }
}
