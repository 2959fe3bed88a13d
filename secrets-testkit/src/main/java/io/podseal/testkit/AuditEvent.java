// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * One request in the audit log, in its latest stage. Texts are empty where the request has no such thing.
 *
 * @param id the same in all stages
 * @param stage {@code ResponseComplete}, or {@code ResponseStarted} for a watch that is still open
 * @param verb {@code get}, {@code watch}, {@code list}, {@code create}, …
 * @param user {@code admin}, {@code system:serviceaccount:<namespace>:<name>}, …
 * @param resource {@code secrets}, …
 * @param name of the object; of a list or watch, what its field selector names
 * @param code the status of the answer
 * @param requestUri path and query
 */
public record AuditEvent(
        String id,
        String stage,
        String verb,
        String user,
        String resource,
        String subresource,
        String namespace,
        String name,
        int code,
        String requestUri) {

    static AuditEvent of(JsonObject event) {
        JsonObject object = member(event, "objectRef");
        JsonElement code = member(event, "responseStatus").get("code");
        return new AuditEvent(
                text(event, "auditID"),
                text(event, "stage"),
                text(event, "verb"),
                text(member(event, "user"), "username"),
                text(object, "resource"),
                text(object, "subresource"),
                text(object, "namespace"),
                text(object, "name"),
                code == null ? 0 : code.getAsInt(),
                text(event, "requestURI"));
    }

    private static JsonObject member(JsonObject object, String name) {
        return object.get(name) instanceof JsonObject member ? member : new JsonObject();
    }

    private static String text(JsonObject object, String name) {
        JsonElement value = object.get(name);
        return value == null ? "" : value.getAsString();
    }
}
