// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A free loopback port that nobody else gets while this is open: a socket stays bound to it, without listening, and the server
 * binds beside it with {@code SO_REUSEPORT}. So there is no moment at which the port could be lost, between two runs of the
 * server neither.
 */
final class ReservedPort implements AutoCloseable {
    private final SocketChannel socket;
    private final int number;

    ReservedPort() throws IOException {
        socket = SocketChannel.open(StandardProtocolFamily.INET);
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        number = ((InetSocketAddress) socket.getLocalAddress()).getPort();
    }

    int number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
