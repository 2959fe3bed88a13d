// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.podseal.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;

/** Whether a URL may be an API server's. */
final class ApiServerUrl {
    private ApiServerUrl() {}

    /** @param setting where it stands, for the message */
    static URI parse(String text, String setting) {
        try {
            return check(new URI(text), setting);
        } catch (URISyntaxException e) {
            throw ErrorCode.CONFIGURATION.because(setting + " is no URL; write, for example, https://10.0.0.1:443");
        }
    }

    /** Only https: the token goes with every call, and whoever sees it may use it. */
    static URI check(URI url, String setting) {
        if (!"https".equalsIgnoreCase(url.getScheme()) || url.getHost() == null) {
            throw ErrorCode.CONFIGURATION.because(
                    setting + " must be https://<host>[:<port>]; without TLS the token could be read on its way");
        }
        if (url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null) {
            throw ErrorCode.CONFIGURATION.because(setting + " must have no user, query or fragment");
        }
        return url;
    }
}
