// SPDX-License-Identifier: Apache-2.0
package io.podseal.spring.failure;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Explains a start that Podseal stopped. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PodsealFailureAnalyzer extends AbstractFailureAnalyzer<PodsealException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PodsealException cause) {
        return new FailureAnalysis("Podseal stopped the start. " + cause.getMessage(), action(cause.code()), cause);
    }

    private static String action(ErrorCode code) {
        return switch (code) {
            case FORMAT, VERSION, SIZE ->
                "Put a whole, unaltered token there: seal the value again with 'podseal seal', and let it be copied by a"
                        + " file or a pipe. A value that was never sealed is not accepted in a sealed place.";
            case CONTEXT_MISMATCH ->
                "A value opens only for the ServiceAccount, Secret and item that it was sealed for. Compare them with"
                        + " what 'podseal inspect' prints for the token, and with podseal.identity or the pod's"
                        + " serviceAccountName. Then seal it for this place, or put it where it belongs. Where a tool"
                        + " renames the Secret, give its original name with ?secret=.";
            case UNKNOWN_KEY ->
                "Deliver the keyset document that has this key, or seal the value again with a keyset that this"
                        + " application has.";
            case AUTHENTICATION ->
                "Take the token and the keyset document anew from where they are kept; one of them was altered, or they"
                        + " do not belong together. If they are the originals, treat this as an attack.";
            case KEYSET_POLICY ->
                "Correct the keyset or the KEK as described. podseal.keks must name, letter by letter, a KEK of the"
                        + " keyset document ('podseal keyset inspect' lists them); where podseal.keyset-pins is set, it"
                        + " must hold the keyset's fingerprint.";
            case KMS_DENIED ->
                "Let this workload decrypt with that key, and check that the key exists and is enabled. Trying again"
                        + " does not help.";
            case KMS_THROTTLED, KMS_UNAVAILABLE ->
                "Check that the KMS can be reached from here, and that podseal.keks names the right key; then start"
                        + " again. podseal.kms.deadline says how long a start waits.";
            case SOURCE_MISSING ->
                "Check that the Secret is there, or mounted there, and holds the sealed values and a keyset document"
                        + " ('podseal seal --with-keyset' puts it beside them; podseal.keysets names another place). If"
                        + " the values may be absent, import them with 'optional:podseal:…'.";
            case SOURCE_DENIED ->
                "Let this process read the source: correct a mount's mode, owner or the pod's fsGroup; for a Secret of the"
                        + " API server apply what 'podseal print rbac' prints.";
            case SOURCE_UNAVAILABLE, STALE ->
                "Check the source, and start again once it can be read. Away from a cluster podseal.kubernetes.* names the"
                        + " API server.";
            case CONFIGURATION -> "Correct the setting, the location or the item that the description names.";
        };
    }
}
