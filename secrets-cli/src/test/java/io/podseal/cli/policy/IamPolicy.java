// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli.policy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * As much of IAM's evaluation as these policies need (IAM User Guide, "Policy evaluation logic", "Policy variables"): one
 * statement that allows, its actions, its resource, and {@code StringEquals}, where a variable without a value matches nothing.
 */
record IamPolicy(JsonObject statement) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");

    static IamPolicy parse(String json) {
        JsonObject document = JsonParser.parseString(json).getAsJsonObject();
        JsonArray statements = document.getAsJsonArray("Statement");
        if (statements.size() != 1 || !document.get("Version").getAsString().equals("2012-10-17")) {
            throw new AssertionError(json);
        }
        return new IamPolicy(statements.get(0).getAsJsonObject());
    }

    /** Whether a call is allowed whose request has these values, the caller's tags among them. */
    boolean allows(String action, String resource, Map<String, String> request) {
        return statement.get("Effect").getAsString().equals("Allow")
                && has(statement.get("Action"), action)
                && statement.get("Resource").getAsString().equals(resource)
                && statement.getAsJsonObject("Condition").keySet().equals(Set.of("StringEquals"))
                && statement.getAsJsonObject("Condition").getAsJsonObject("StringEquals").entrySet().stream()
                        .allMatch(
                                condition -> matches(condition.getValue().getAsString(), condition.getKey(), request));
    }

    private static boolean has(JsonElement actions, String action) {
        return actions.isJsonArray()
                ? actions.getAsJsonArray().asList().stream()
                        .anyMatch(one -> one.getAsString().equals(action))
                : actions.getAsString().equals(action);
    }

    private static boolean matches(String wanted, String key, Map<String, String> request) {
        Matcher variable = VARIABLE.matcher(wanted);
        StringBuilder value = new StringBuilder();
        while (variable.find()) {
            String name = variable.group(1);
            String of = name.equals("$") ? "$" : request.get(name);
            if (of == null) {
                return false;
            }
            variable.appendReplacement(value, Matcher.quoteReplacement(of));
        }
        return variable.appendTail(value).toString().equals(request.get(key));
    }
}
