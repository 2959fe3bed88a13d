// SPDX-License-Identifier: Apache-2.0

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Lays a Secret out as the kubelet does: a new version beside the old one, the link {@code ..data} swapped to it, and a link
 * for each item. Run it as a source file, with the libraries of the command line on the class path:
 * {@code java -cp 'secrets-cli/target/podseal/lib/*' samples/KubeletVolume.java <manifest> <directory>}.
 */
final class KubeletVolume {
    public static void main(String[] args) throws Exception {
        Map<?, ?> secret = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(Files.readString(Path.of(args[0])));
        Map<String, byte[]> items = new LinkedHashMap<>();
        entries(secret, "data").forEach((key, value) -> items.put((String) key, Base64.getDecoder().decode((String) value)));
        entries(secret, "stringData").forEach((key, value) -> items.put((String) key, ((String) value).getBytes(UTF_8)));

        Path mount = Files.createDirectories(Path.of(args[1]));
        Path version = Files.createTempDirectory(mount, "..");
        for (Map.Entry<String, byte[]> item : items.entrySet()) {
            Files.write(version.resolve(item.getKey()), item.getValue());
        }
        Path swap = Files.createSymbolicLink(mount.resolve("..data_tmp"), version.getFileName());
        Files.move(swap, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        for (String key : items.keySet()) {
            if (Files.notExists(mount.resolve(key))) {
                Files.createSymbolicLink(mount.resolve(key), Path.of("..data", key));
            }
        }
    }

    private static Map<?, ?> entries(Map<?, ?> secret, String name) {
        return secret.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }
}
