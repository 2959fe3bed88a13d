// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The KEK schemes of the specification's section 5, their forms, and the artifact that brings each client. */
public enum KekUri {
    /** AWS KMS, by key ARN: an alias would switch off the check of the answering key. */
    AWS(
            "aws-kms://",
            "<key ARN>[?context=tink | ?context.<name>=<value>&…]",
            "(?!.*[?&]context\\.(kubernetes-namespace|kubernetes-service-account|podseal-trust-domain)=)"
                    + "arn:aws[-a-z]*:kms:[-a-z0-9]+:[0-9]{12}:key/[-A-Za-z0-9]+"
                    + "(\\?(context=tink|context\\.[^=&#?]+=[^=&#?]*(&context\\.[^=&#?]+=[^=&#?]*)*))?",
            "io.podseal:podseal-kms-aws",
            "io.podseal.kms.aws.AwsKms"),
    /** Google Cloud KMS, by CryptoKey. */
    GCP(
            "gcp-kms://",
            "projects/*/locations/*/keyRings/*/cryptoKeys/*",
            "projects/[^/?#@]+/locations/[^/?#@]+/keyRings/[^/?#@]+/cryptoKeys/[^/?#@]+",
            "io.podseal:podseal-kms-gcp",
            "io.podseal.kms.gcp.GcpKms"),
    /** Azure Key Vault, by key version. */
    AZURE(
            "azure-kv://",
            "<vault-host>/keys/<name>/<version>",
            "[-.a-z0-9]+(:[0-9]+)?/keys/[-A-Za-z0-9]+/[A-Za-z0-9]+",
            "io.podseal:podseal-kms-azure",
            "io.podseal.kms.azure.AzureKms"),
    /** The Transit engine of Vault or OpenBao. */
    VAULT(
            "hcvault://",
            "<host[:port]>/<transit-mount>/keys/<name>",
            "[-.a-z0-9]+(:[0-9]+)?(/[^/?#@]+)+/keys/[^/?#@]+",
            "io.podseal:podseal-kms-vault",
            "io.podseal.kms.vault.VaultKms"),
    /** An AES key object of a PKCS#11 token (RFC 7512); a PIN never stands in a URI. */
    PKCS11(
            "pkcs11:",
            "<RFC 7512 attributes, without a PIN>",
            "(?i)(?!.*pin-(value|source))[^?#@\\s]+",
            "io.podseal:podseal-kms-pkcs11",
            "io.podseal.kms.pkcs11.Pkcs11Kms"),
    /** A KEK file on this machine: development, demos and tests only. */
    LOCAL(
            "local-kms:",
            "<absolute path>",
            "/[^?#\\p{Cntrl}]+",
            "io.podseal:podseal-core",
            "io.podseal.keyset.LocalKms");

    private static final int MAX_SHOWN_CHARS = 300;
    private static final int MAX_PORT = 65_535;

    private final String scheme;
    private final String form;
    private final Pattern rest;
    private final String artifact;
    private final String client;

    KekUri(String scheme, String form, String rest, String artifact, String client) {
        this.scheme = scheme;
        this.form = form;
        this.rest = Pattern.compile(rest);
        this.artifact = artifact;
        this.client = client;
    }

    /** The artifact that brings the client, as {@code <group>:<artifact>}. */
    public String artifact() {
        return artifact;
    }

    /** The class of the client that the artifact brings. */
    public String client() {
        return client;
    }

    /** The scheme that a URI begins with, if it is one of ours. */
    public static Optional<KekUri> of(String uri) {
        return Arrays.stream(values()).filter(kind -> kind.serves(uri)).findFirst();
    }

    /** Whether a URI has this scheme. */
    public boolean serves(String uri) {
        return uri.startsWith(scheme);
    }

    /**
     * What a URI of this scheme says after it.
     *
     * @throws PodsealException {@code CONFIGURATION} for a URI of another scheme, or a malformed one
     */
    public String rest(String uri) {
        requireWellFormed(uri);
        if (!serves(uri)) {
            throw ErrorCode.CONFIGURATION.because("this client serves " + scheme + " KEKs only");
        }
        return uri.substring(scheme.length());
    }

    /**
     * Checks the form of a URI whose scheme is one of ours. Another scheme may be that of a client handed in: of that, only
     * user info is refused, since URIs stand in messages.
     *
     * @throws PodsealException {@code CONFIGURATION}
     */
    public static void requireWellFormed(String uri) {
        if (uri.matches("[^/]*//[^/?#]*@.*")) {
            throw ErrorCode.CONFIGURATION.because("malformed KEK URI '" + shown(uri)
                    + "'; a KEK URI has no user info: give credentials to the KMS client");
        }
        of(uri).ifPresent(kind -> {
            if (!kind.rest.matcher(uri.substring(kind.scheme.length())).matches()) {
                throw ErrorCode.CONFIGURATION.because(
                        "malformed KEK URI '" + shown(uri) + "'; write " + kind.scheme + kind.form);
            }
            kind.malformed(uri).ifPresent(why -> {
                throw ErrorCode.CONFIGURATION.because("malformed KEK URI '" + shown(uri) + "': " + why);
            });
        });
    }

    /**
     * What the {@code context.<name>=<value>} pairs of an {@code aws-kms} KEK add to the encryption context, decoded, in their
     * order (specification, section 5); empty for every other KEK.
     *
     * @throws PodsealException {@code CONFIGURATION} for a malformed URI
     */
    public static Map<String, String> encryptionContext(String uri) {
        requireWellFormed(uri);
        return AWS.serves(uri) ? EncryptionContextQuery.pairs(uri) : Map.of();
    }

    /** What the pattern of this scheme does not see. */
    private Optional<String> malformed(String uri) {
        return switch (this) {
            case AWS -> EncryptionContextQuery.malformed(uri);
            case AZURE, VAULT -> unaskable(uri.substring(scheme.length()).split("/", 2)[0]);
            default -> Optional.empty();
        };
    }

    private static Optional<String> unaskable(String authority) {
        URI server = URI.create("https://" + authority);
        return server.getHost() != null && server.getPort() <= MAX_PORT
                ? Optional.empty()
                : Optional.of(shown(authority) + " is no host that can be asked, or its port is above " + MAX_PORT
                        + "; write a DNS name or an IPv4 address, and a port that exists");
    }

    /** A URI that nobody serves, with what would serve it. */
    static PodsealException unserved(String uri) {
        return ErrorCode.CONFIGURATION.because("no KMS client for the KEK '" + shown(uri) + "': "
                + of(uri).map(kind -> kind == LOCAL
                                ? "hand io.podseal.keyset.LocalKms to the builder"
                                : "add " + kind.artifact + " to the class path")
                        .orElseGet(() -> "its scheme is none of "
                                + Arrays.stream(values()).map(k -> k.scheme).collect(Collectors.joining(" "))
                                + "; correct it, or hand in a client that supports it"));
    }

    /** Whether unwrapping with it shows that somebody entitled wrapped: an RSA public key proves nothing. */
    static boolean provesWrapper(String uri) {
        return !uri.startsWith(AZURE.scheme);
    }

    /** URIs that a document may have brought, as {@link #shown(String)}. */
    static List<String> shown(Collection<String> uris) {
        return uris.stream().map(KekUri::shown).toList();
    }

    /** As it may stand in a message: on one line, cut, and without the part where somebody may have put a password. */
    static String shown(String uri) {
        StringBuilder out = new StringBuilder();
        uri.replaceFirst("//[^/?#]*@", "//***@")
                .replaceAll("(?i)pin-(value|source)=[^;&?]*", "pin-$1=***")
                .codePoints()
                .limit(MAX_SHOWN_CHARS)
                .forEach(c -> out.append(c >= 0x20 && c < 0x7f ? Character.toString(c) : String.format("<U+%04X>", c)));
        return out.append(uri.length() > MAX_SHOWN_CHARS ? "…" : "").toString();
    }
}
