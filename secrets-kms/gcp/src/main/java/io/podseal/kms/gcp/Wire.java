// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.kms.v1.KeyManagementServiceSettings;
import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ProxyDetector;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the connection is made. */
record Wire(Duration connectTimeout, @Nullable InetSocketAddress proxy) {
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

    private static ProxyDetector detector(@Nullable InetSocketAddress proxy) {
        return target -> proxy == null
                ? null
                : HttpConnectProxiedSocketAddress.newBuilder()
                        .setTargetAddress((InetSocketAddress) target)
                        .setProxyAddress(resolved(proxy))
                        .build();
    }

    /** At every connection anew. */
    private static InetSocketAddress resolved(InetSocketAddress proxy) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(proxy.getHostString()), proxy.getPort());
    }
}
