// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the search looks, and that it fails where it could not have found anything. */
@Timeout(120)
final class LeakSearchTest {
    private static final int BLOCK = 1 << 20;

    @TempDir
    Path folder;

    private final Canary secret = Canary.random("secret");
    private final LeakSearch search = LeakSearch.of(secret);

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private void plantControl() throws IOException {
        file("control", search.control().text());
    }

    @Test
    void aPlaceWithoutTheControlFailsTheSearch() throws IOException {
        file("a", secret.text());
        assertThatThrownBy(() -> search.inFiles(folder))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the control was not found in the files [" + folder + "]")
                .hasMessageNotContaining(secret.text());
        plantControl();
        assertThat(search.inFiles(folder).leaks()).hasSize(1);
    }

    @Test
    void requiringNoneFailsWithThePlacesAndWithoutTheValue() throws IOException {
        plantControl();
        LeakReport clean = search.inFiles(folder);
        assertThat(clean.requireNone()).isSameAs(clean);
        assertThat(clean)
                .hasToString("0 leaks in " + clean.bytes() + " bytes of the files [" + folder + "] (1 controls found)");
        assertThat(clean.bytes()).isGreaterThan(search.control().bytes().length);
        file("a", "x".repeat(30) + secret.text());
        assertThatThrownBy(() -> search.inFiles(folder).requireNone())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("secret (raw) in " + folder.resolve("a") + " at 30")
                .hasMessageNotContaining(secret.text());
    }

    @Test
    void treesAreSearchedWithTheNamesInThem() throws IOException {
        plantControl();
        Path deep = Files.createDirectories(folder.resolve("a/b/c"));
        Files.writeString(deep.resolve("x"), secret.text());
        Files.writeString(deep.resolve("x" + secret.text()), "");
        Files.createDirectory(deep.resolve(secret.text()));
        assertThat(search.inFiles(folder).leaks())
                .extracting(Leak::place)
                .containsExactlyInAnyOrder(
                        deep.resolve("x").toString(), "a file name below " + folder, "a file name below " + folder);
    }

    @Test
    void linksAreFollowedOnlyWhereTheyAreGiven() throws IOException {
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("x"), secret.text() + search.control().text());
        Path searched = Files.createDirectory(folder.resolve("searched"));
        Path link = Files.createSymbolicLink(searched.resolve("link"), elsewhere);
        Files.writeString(searched.resolve("control"), search.control().text());
        assertThat(search.inFiles(searched).leaks()).isEmpty();
        assertThat(search.inFiles(link).leaks()).hasSize(1);
    }

    @Test
    void aMountIsSearched() throws IOException {
        KubeletMount mount = new KubeletMount(folder.resolve("mount"))
                .writeTexts(Map.of("a", secret.text(), "b", search.control().text()));
        assertThat(search.inFiles(mount.directory()).leaks()).hasSize(1);
    }

    @Test
    void anUnreadableOrAbsentFileFailsTheSearch() {
        assertThatThrownBy(() -> search.inFiles(folder.resolve("absent"))).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void formsAcrossBlocksAreFoundOnce() throws IOException {
        byte[] value = secret.bytes();
        byte[] planted = search.control().bytes();
        Random random = new Random(7);
        for (int border = -value.length; border <= 8; border++) {
            byte[] content = new byte[2 * BLOCK + 4096];
            random.nextBytes(content);
            System.arraycopy(planted, 0, content, 0, planted.length);
            System.arraycopy(value, 0, content, BLOCK + border, value.length);
            System.arraycopy(value, 0, content, content.length - value.length, value.length);
            Files.write(folder.resolve("blocks"), content);
            assertThat(search.inFiles(folder).leaks())
                    .as("offset %d", border)
                    .extracting(Leak::offset)
                    .containsExactly((long) BLOCK + border, (long) content.length - value.length);
        }
    }

    @Test
    void aSourceThatGivesFewBytesAtATimeIsSearched() throws IOException {
        byte[] content =
                ("x" + secret.text() + "yz" + secret.text() + search.control().text()).getBytes(UTF_8);
        for (int step = 1; step < 30; step++) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            int most = step;
            LeakScan scan = LeakScan.of(List.of(secret), search.control());
            scan.read("source", 100, (buffer, offset, length) -> {
                if (!rest.hasRemaining()) {
                    return -1;
                }
                int n = Math.min(most, rest.remaining());
                rest.get(buffer, offset, n);
                return n;
            });
            assertThat(scan.report("source").leaks()).extracting(Leak::offset).containsExactly(101L, 127L);
        }
    }

    /** Searches a file that is larger than its heap. */
    static final class Large {
        public static void main(String[] arguments) throws IOException {
            Canary secret = Canary.random("secret");
            LeakSearch search = LeakSearch.of(secret);
            Path file = Path.of(arguments[0]);
            long size = 1L << 30;
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.write(search.control().bytes());
                sparse.seek(size);
                sparse.write(secret.bytes());
            }
            LeakReport report = search.inFiles(file);
            System.out.println(report);
            System.out.println(report.leaks());
        }
    }

    @Test
    void aFileLargerThanTheHeapIsSearched() throws Exception {
        try (ChildJvm child =
                ChildJvm.start(Large.class, folder.resolve("large").toString())) {
            assertThat(child.line()).startsWith("1 leaks in 10737418").endsWith("(1 controls found)");
            assertThat(child.line()).contains("at 1073741824");
            assertThat(child.end()).isZero();
        }
    }

    /** An exception that prints less than it knows. */
    private static final class Terse extends RuntimeException {
        private static final long serialVersionUID = 1;

        Terse(String message, Throwable cause) {
            super(message, cause);
        }

        @Override
        public String toString() {
            return "terse";
        }
    }

    @Test
    void exceptionsAreSearchedWithCausesAndWhatTheySuppressed() {
        Throwable outer = new IllegalStateException("outer", new Terse("inner", new IOException(secret.text())));
        assertThat(search.inThrowable(outer).leaks()).isNotEmpty();

        Throwable suppressing = new IllegalStateException("outer");
        suppressing.addSuppressed(new IOException("x", new Terse(secret.text(), null)));
        assertThat(search.inThrowable(suppressing).leaks()).isNotEmpty();

        assertThat(search.inThrowable(new IllegalStateException("outer", new IOException("inner")))
                        .leaks())
                .isEmpty();
    }

    @Test
    void severalCanariesAreToldApart() {
        Canary other = Canary.random("other");
        List<Leak> leaks = new ArrayList<>(LeakSearch.of(secret, other)
                .inText(other.text() + secret.text())
                .leaks());
        assertThat(leaks).extracting(Leak::canary).containsExactly("other", "secret");
    }

    @Test
    void aCanaryTooShortToBeToldFromChanceIsRefused() {
        assertThatThrownBy(() -> Canary.of("short", "elevenbytes")).isInstanceOf(IllegalArgumentException.class);
    }
}
