// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process whose environment names a proxy in every place that somebody may obey, and otherwise what the test says. */
public final class ProxiedProcess implements AutoCloseable {
    private final Listening proxy = Listening.answering("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    private final Path home;

    public ProxiedProcess(Path home) throws IOException {
        this.home = home;
    }

    /** What a proxy was asked for. */
    public List<String> asked() {
        return proxy.asked;
    }

    /** Runs that {@code main} with these variables, as {@code <name>=<value>}, to its end, and gives the lines that it prints. */
    public List<String> run(Class<?> main, String... variables) throws InterruptedException {
        String url = "http://" + proxy.hostAndPort();
        int port = proxy.address().getPort();
        List<String> prefix = new ArrayList<>(List.of(
                "env",
                "-i",
                "HOME=" + home,
                "PATH=" + System.getenv("PATH"),
                "HTTPS_PROXY=" + url,
                "https_proxy=" + url,
                "HTTP_PROXY=" + url,
                "http_proxy=" + url,
                "GRPC_PROXY_EXP=" + proxy.hostAndPort(),
                "JDK_JAVA_OPTIONS=-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=" + port
                        + " -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=" + port + " -Dhttp.nonProxyHosts="
                        + " -Djava.net.useSystemProxies=true"));
        prefix.addAll(List.of(variables));
        List<String> printed = new ArrayList<>();
        try (ChildJvm jvm = ChildJvm.start(prefix, main)) {
            for (String line = jvm.line(); line != null; line = jvm.line()) {
                printed.add(line);
            }
            assertThat(jvm.end()).isZero();
        }
        return printed;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
    }
}
