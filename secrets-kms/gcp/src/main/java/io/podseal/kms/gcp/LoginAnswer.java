// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.client.http.LowLevelHttpResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An answer of the login, without the place that it may redirect to: so it is a refusal, whoever asked. */
final class LoginAnswer extends LowLevelHttpResponse {
    private final HttpURLConnection connection;
    private final int status;
    private final List<Map.Entry<String, String>> headers = new ArrayList<>();

    LoginAnswer(HttpURLConnection connection, int status) {
        this.connection = connection;
        this.status = status;
        connection.getHeaderFields().forEach((name, values) -> {
            if (name != null && !name.equalsIgnoreCase("Location")) { // null names the status line
                values.forEach(value -> headers.add(Map.entry(name, value)));
            }
        });
    }

    @Override
    public @Nullable InputStream getContent() throws IOException {
        InputStream error = connection.getErrorStream();
        return error != null || status >= 400 ? error : connection.getInputStream();
    }

    @Override
    public @Nullable String getContentEncoding() {
        return connection.getContentEncoding();
    }

    @Override
    public long getContentLength() {
        return connection.getContentLengthLong();
    }

    @Override
    public @Nullable String getContentType() {
        return connection.getContentType();
    }

    @Override
    public String getStatusLine() {
        return "HTTP " + status;
    }

    @Override
    public int getStatusCode() {
        return status;
    }

    @Override
    public String getReasonPhrase() {
        return "";
    }

    @Override
    public int getHeaderCount() {
        return headers.size();
    }

    @Override
    public String getHeaderName(int index) {
        return headers.get(index).getKey();
    }

    @Override
    public String getHeaderValue(int index) {
        return headers.get(index).getValue();
    }

    @Override
    public void disconnect() {
        connection.disconnect();
    }
}
