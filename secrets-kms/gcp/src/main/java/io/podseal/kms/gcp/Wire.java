// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ProxyDetector;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the connection is made. */
record Wire(Duration connectTimeout, @Nullable String proxy) {
    /** A keyset has at most 64 KiB; an answer is hardly more. */
    private static final int MAX_ANSWER_BYTES = 128 * 1024;

    TransportChannelProvider channel() {
        return KeyManagementServiceSettings.defaultGrpcTransportProviderBuilder()
                .setMaxInboundMessageSize(MAX_ANSWER_BYTES)
                .setChannelConfigurator(this::configured)
                .build();
    }

    @SuppressWarnings("rawtypes") // as the SDK declares it
    private ManagedChannelBuilder configured(ManagedChannelBuilder channel) {
        channel.disableRetry();
        // gRPC by itself obeys GRPC_PROXY_EXP and the JVM's proxy properties
        channel.proxyDetector(detector(proxy));
        if (channel instanceof NettyChannelBuilder netty) {
            netty.withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(connectTimeout.toMillis()));
        }
        return channel;
    }

    private static ProxyDetector detector(@Nullable String proxy) {
        if (proxy == null) {
            return target -> null;
        }
        int colon = proxy.lastIndexOf(':');
        String host = proxy.substring(0, colon);
        int port = Integer.parseInt(proxy.substring(colon + 1));
        return target -> HttpConnectProxiedSocketAddress.newBuilder()
                .setTargetAddress((InetSocketAddress) target)
                .setProxyAddress(new InetSocketAddress(host, port))
                .build();
    }
}
