// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    private static String text(String json, String... path) {
        byte[] text = Json.text(json.getBytes(UTF_8), path);
        return text == null ? null : new String(text, UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "{\"data\":{\"plaintext\":\"AA==\"}}                                   | AA==",
                " { \"data\" : { \"plaintext\" : \"AA==\" } }                          | AA==",
                "{\"a\":[1,{\"data\":{\"plaintext\":\"B\"}}],\"data\":{\"x\":[[]],\"plaintext\":\"A\"}} | A",
                "{\"a\":\"\\\"data\\\":{\",\"data\":{\"p\":null,\"plaintext\":\"A\"}}  | A",
                "{\"a\":true,\"b\":-1.5e+3,\"data\":{\"plaintext\":\"A\\/B\\u002bC\"}}  | A/B+C",
                "{\"data\":{\"plaintext\":\"\"}}                                       | ``",
                "{\"data\":{\"other\":\"A\"},\"plaintext\":\"B\"}                      | none",
                "{\"data\":{\"plaintext\":17}}                                         | none",
                "{\"data\":{\"plaintext\":{}}}                                         | none",
                "{\"data\":\"plaintext\"}                                              | none",
                "{\"data\":{\"plaintext\":\"A                                          | none",
                "{\"data\":{\"plaintext\"                                              | none",
                "{\"data\"                                                             | none",
                "{                                                                     | none",
                "[]                                                                    | none",
                "``                                                                    | none",
                "{\"data\":{\"plaintext\":\"A\\                                        | none",
                "{\"data\":{\"plaintext\":\"A\\u00zz\"}}                               | none",
                "{\"data\":{\"plaintext\":\"A\\u00\"}}                                 | none",
                "{\"data\" \"plaintext\"}                                              | none",
                "{\"data\":?,\"x\":1}                                                  | none",
            })
    void memberIsFoundAtItsPathOnly(String json, String expected) {
        assertThat(text(json, "data", "plaintext")).isEqualTo(expected);
    }

    @Test
    void numbersAndBooleansAreReadAsWritten() {
        byte[] json = "{\"auth\":{\"lease_duration\":3600,\"renewable\":true,\"t\":\"x\"}}".getBytes(UTF_8);
        assertThat(Json.word(json, "auth", "lease_duration")).isEqualTo("3600");
        assertThat(Json.word(json, "auth", "renewable")).isEqualTo("true");
        assertThat(Json.word(json, "auth", "t")).isEmpty();
        assertThat(Json.word(json, "auth", "absent")).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadBackByAParser() {
        String odd = "a\"b\\c\n\t\u0001/ü€";
        JsonObject object = JsonParser.parseString(new String(Json.object(Map.of(odd, odd)), UTF_8))
                .getAsJsonObject();
        assertThat(object.get(odd).getAsString()).isEqualTo(odd);
    }

    @Test
    void noTruncationOrChangeOfAnAnswerEscapesAsAnotherException() {
        byte[] json =
                ("{\"request_id\":\"1\",\"a\":[{\"b\":[1,2,{\"c\":null}]},false],\"data\":{\"x\":\"\\u0041\\\"\",\"plaintext\":"
                                + "\"QUJDREVGR0g=\"},\"warnings\":null}")
                        .getBytes(UTF_8);
        Random random = new Random(7);
        for (int i = 0; i < 200_000; i++) {
            byte[] mutant = Arrays.copyOf(json, random.nextInt(json.length + 1));
            for (int changes = random.nextInt(3); changes > 0 && mutant.length > 0; changes--) {
                mutant[random.nextInt(mutant.length)] = (byte) "{}[]\":,\\u0 x".charAt(random.nextInt(12));
            }
            byte[] found = Json.text(mutant, "data", "plaintext");
            assertThat(found == null || found.length <= json.length).isTrue();
        }
    }
}
