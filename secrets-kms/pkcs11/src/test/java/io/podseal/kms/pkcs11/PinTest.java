// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import io.podseal.kms.RealPart;
import io.podseal.kms.Refusal;
import io.podseal.kms.SoftHsm;
import io.podseal.kms.Workload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PinTest {
    private static final String WRONG = "wrong+" + Refusal.CANARY;

    private static SoftHsm hsm;

    @TempDir
    private Path folder;

    private Path document;
    private Path pin;

    @BeforeAll
    static void token() {
        hsm = Tokens.hsm();
    }

    @BeforeEach
    void wrapped() throws Exception {
        document = folder.resolve("api.keyset.json");
        Files.write(
                document, Workload.wrapped(Tokens.kms(), hsm.uri("one", "kek")).toJson());
        pin = folder.resolve("pin");
    }

    @Test
    void wrongPinIsTriedOnceHoweverOftenItIsAskedFor() throws Exception {
        // OpenSC's recorder between Java and the token, and a key that nobody has: the recorder knows no AES-GCM
        Path spy = RealPart.library("pkcs11-spy.so", "opensc-pkcs11");
        Path recorded = folder.resolve("recorded");
        Map<String, String> environment = new TreeMap<>(hsm.environment());
        environment.put("PKCS11SPY", SoftHsm.library().toString());
        environment.put("PKCS11SPY_OUTPUT", recorded.toString());
        Files.writeString(document, Files.readString(document).replace("object=kek", "object=absent"));
        Files.writeString(pin, WRONG);
        try (TokenProcess process = TokenProcess.start(environment, spy, pin, document)) {
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED").contains("CKR_PIN_INCORRECT", "pin-file");
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED").contains("not tried again");
            assertThat(process.says("wrap")).startsWith("KMS_DENIED").contains("not tried again");
            assertThat(process.says("client")).isEqualTo("ok");
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED").contains("not tried again");
            // written anew, with a line end behind it and another time
            Files.writeString(pin, WRONG + "\n");
            Files.setLastModifiedTime(pin, FileTime.fromMillis(1));
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED").contains("not tried again");
            assertThat(logins(recorded)).isEqualTo(1);

            Files.writeString(pin, SoftHsm.PIN + "\n");
            assertThat(process.says("unwrap")).startsWith("KMS_DENIED").contains("no key labelled");
            assertThat(logins(recorded)).isEqualTo(2);
        }
    }

    private static long logins(Path recorded) throws Exception {
        try (var lines = Files.lines(recorded, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.endsWith(": C_Login")).count();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n"})
    void lineEndBehindThePinIsNotPartOfIt(String end) throws Exception {
        Files.writeString(pin, SoftHsm.PIN + end);
        try (TokenProcess process = start()) {
            assertThat(process.says("unwrap")).isEqualTo("ok");
        }
    }

    @Test
    void pinIsHandedOnByteForByte() throws Exception {
        String umlauts = "pün+" + Refusal.CANARY;
        SoftHsm own = SoftHsm.in(folder.resolve("own")).token("own").key("own", "kek", "AES:32");
        own.changePin("own", umlauts);
        // made for another key, which shows only once the login has succeeded
        String uri = own.uri("own", "kek");
        Files.writeString(
                document,
                new String(Files.readAllBytes(document), StandardCharsets.UTF_8).replace(hsm.uri("one", "kek"), uri));
        Files.writeString(pin, umlauts);
        try (TokenProcess process = TokenProcess.start(own, pin, document)) {
            assertThat(process.says("unwrap")).startsWith("AUTHENTICATION");
        }
    }

    private TokenProcess start() {
        return TokenProcess.start(hsm, pin, document);
    }
}
