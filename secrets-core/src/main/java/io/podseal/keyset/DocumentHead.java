// SPDX-License-Identifier: Apache-2.0
package io.podseal.keyset;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.ServiceAccount;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What both kinds of keyset document begin with, refused in the order of the specification's section 3. */
final class DocumentHead {
    static final int MAX_BYTES = 64 * 1024;

    private DocumentHead() {}

    /** Checks size, syntax, version and that there are just the members of this kind. */
    static Json.Obj read(byte[] document, String body, @Nullable String ignored, String what) {
        if (document.length > MAX_BYTES) {
            throw ErrorCode.SIZE.because(what + " has at most " + MAX_BYTES + " bytes, this has " + document.length);
        }
        Json.Obj top = Json.parseObject(document, ignored);
        String version = top.members().get("podseal") instanceof String string ? string : "";
        if (!version.matches("v(0|[1-9][0-9]*)")) {
            throw ErrorCode.FORMAT.because("not " + what + ": its member \"podseal\" must be \"v1\"");
        }
        if (!version.equals("v1")) {
            throw ErrorCode.VERSION.because(what + " of a version that this release does not know; it reads v1."
                    + " Upgrade Podseal, or make the document again");
        }
        return top.only(Set.of("podseal", "identity", body), what);
    }

    static ServiceAccount identity(Json.Obj top, String what) {
        try {
            return ServiceAccount.parseSpiffeId(top.string("identity", what));
        } catch (PodsealException.Configuration malformed) {
            throw ErrorCode.FORMAT.because(what + " has a malformed identity: " + malformed.detail());
        }
    }

    /** The beginning of a document, up to where its body's value stands. */
    static String print(ServiceAccount identity, String body) {
        return "{\n  \"podseal\": \"v1\",\n  \"identity\": " + Json.quote(identity.spiffeId()) + ",\n  \"" + body
                + "\": ";
    }
}
