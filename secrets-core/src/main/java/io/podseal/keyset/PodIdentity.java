// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who this process runs as: explicit configuration, else the {@code sub} of the projected ServiceAccount token, else
 * {@code POD_NAMESPACE} and {@code POD_SERVICE_ACCOUNT} of the downward API. Nothing here is proof: the KMS decides whose
 * keyset it unwraps. It is read so that a mistake is named before a key is used.
 */
public final class PodIdentity {
    private static final Path TOKEN_FILE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token");
    private static final String SUBJECT_PREFIX = "system:serviceaccount:";

    private final Path tokenFile;
    private final boolean required;
    private final UnaryOperator<@Nullable String> environment;

    PodIdentity(Path tokenFile, UnaryOperator<@Nullable String> environment) {
        this(tokenFile, false, environment);
    }

    private PodIdentity(Path tokenFile, boolean required, UnaryOperator<@Nullable String> environment) {
        this.tokenFile = tokenFile;
        this.required = required;
        this.environment = environment;
    }

    /** The identity of the process that this runs in. */
    public static PodIdentity ofThisProcess() {
        return new PodIdentity(TOKEN_FILE, System::getenv);
    }

    /** The same, with the token in another file than every pod's, which has to be there. */
    public PodIdentity withTokenFile(Path file) {
        return new PodIdentity(file, true, environment);
    }

    /**
     * The identity that all sources agree on.
     *
     * @param configured {@code <namespace>/<service-account>}, or null
     * @param allowDefaultAccount whether the ServiceAccount {@code default}, which every pod gets unasked, is acceptable
     * @throws PodsealException {@code CONFIGURATION} where there is no source, two disagree, or the account is
     *     {@code default}
     */
    public ServiceAccount resolve(@Nullable String configured, String trustDomain, boolean allowDefaultAccount) {
        Map<String, ServiceAccount> sources = new LinkedHashMap<>();
        if (configured != null) {
            sources.put("podseal.identity", ServiceAccount.parse(configured, trustDomain));
        }
        subject().ifPresent(sub -> sources.put("the token file " + tokenFile, ServiceAccount.parse(sub, trustDomain)));
        String namespace = environment.apply("POD_NAMESPACE");
        String account = environment.apply("POD_SERVICE_ACCOUNT");
        if (namespace != null && account != null) {
            sources.put("POD_NAMESPACE and POD_SERVICE_ACCOUNT", new ServiceAccount(trustDomain, namespace, account));
        }
        if (sources.values().stream().distinct().count() > 1) {
            throw ErrorCode.CONFIGURATION.because("the sources of this pod's identity disagree: "
                    + sources.entrySet().stream()
                            .map(e -> e.getKey() + " says " + e.getValue().namespacedName())
                            .collect(Collectors.joining(", "))
                    + "; correct podseal.identity or the pod's serviceAccountName");
        }
        ServiceAccount identity = sources.values().stream()
                .findFirst()
                .orElseThrow(
                        () -> ErrorCode.CONFIGURATION.because("this process does not know its ServiceAccount: there is"
                                + " no token file and no POD_NAMESPACE with POD_SERVICE_ACCOUNT; set"
                                + " podseal.identity=<namespace>/<service-account>"));
        if (identity.name().equals("default") && !allowDefaultAccount) {
            throw ErrorCode.CONFIGURATION.because(
                    "running as " + identity.namespacedName() + ", the account of every pod"
                            + " that names none; give the pod a ServiceAccount of its own, or set"
                            + " podseal.allow-default-account=true");
        }
        return identity;
    }

    private Optional<String> subject() {
        String token;
        try {
            token = Files.readString(tokenFile, ISO_8859_1);
        } catch (NoSuchFileException noToken) {
            if (required) {
                throw ErrorCode.CONFIGURATION.because("the token file " + tokenFile
                        + " is not there; mount a projected token, or correct podseal.kubernetes.token-file");
            }
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw ErrorCode.SOURCE_DENIED.because("the token file " + tokenFile + " may not be read", e);
        } catch (IOException e) {
            throw ErrorCode.SOURCE_UNAVAILABLE.because("the token file " + tokenFile + " cannot be read", e);
        }
        String[] parts = token.strip().split("\\.", -1);
        try {
            Object sub = Json.parseObject(Base64.getUrlDecoder().decode(parts[1]))
                    .members()
                    .get("sub");
            if (sub instanceof String subject && subject.startsWith(SUBJECT_PREFIX) && !subject.contains("/")) {
                return Optional.of(subject.substring(SUBJECT_PREFIX.length()).replace(':', '/'));
            }
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | PodsealException notAToken) {
            // refused below; nothing of a token enters a message
        }
        throw ErrorCode.CONFIGURATION.because("the token file " + tokenFile
                + " does not hold a ServiceAccount token; mount a projected token there, or nothing");
    }
}
