// SPDX-License-Identifier: Apache-2.0
package io.podseal.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Makes HTTP clients that go to the API server and nowhere else: no redirect, no proxy that nobody named for it. */
final class ApiHttpClients extends JdkHttpClientFactory {
    private static final String PATIENCE = "PODSEAL_PATIENCE";

    /** The library's name for what logs each call with its token and its bodies, where somebody sets its logger to TRACE. */
    private static final String LOGGING = "HttpLogging";

    private final @Nullable CaFile ca;
    private final boolean proxied;
    private final Interceptor patience;

    ApiHttpClients(Connection connection, Interceptor patience) {
        this.ca = connection.ca();
        this.proxied = connection.config().getHttpsProxy() != null
                || connection.config().getHttpProxy() != null;
        this.patience = patience;
    }

    @Override
    public HttpClient.Builder newBuilder(Config config) {
        HttpClient.Builder builder = ca == null ? super.newBuilder(config) : builder(config, ca);
        return builder.addOrReplaceInterceptor(LOGGING, null).addOrReplaceInterceptor(PATIENCE, patience);
    }

    /** What the library does itself, without its trust in the JDK's certificates besides the cluster's. */
    private HttpClient.Builder builder(Config config, CaFile trusted) {
        HttpClient.Builder builder = ((HttpClient.Factory) this).newBuilder();
        builder.tag(config.getRequestConfig());
        builder.connectTimeout(config.getConnectionTimeout(), TimeUnit.MILLISECONDS)
                .preferHttp11()
                .sslContext(null, new TrustManager[] {trusted})
                .tlsVersions(config.getTlsVersions());
        HttpClientUtils.createApplicableInterceptors(config, this).forEach(builder::addOrReplaceInterceptor);
        return builder;
    }

    /** A redirect would carry the token to wherever the answer says. */
    @Override
    protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
        builder.followRedirects(java.net.http.HttpClient.Redirect.NEVER);
        if (!proxied) {
            builder.proxy(java.net.http.HttpClient.Builder.NO_PROXY);
        }
    }
}
