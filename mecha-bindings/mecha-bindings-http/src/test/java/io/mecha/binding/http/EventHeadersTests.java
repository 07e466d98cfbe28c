// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.binding.spi.Message;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

class EventHeadersTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, quoteCharacter = '`', textBlock = """
            plain|plain
            a b|a%20b
            50%|50%25
            "q"|%22q%22
            Grüße €|Gr%C3%BC%C3%9Fe%20%E2%82%AC
            🚚|%F0%9F%9A%9A
            a,b;c=~|a,b;c=~
            """)
    void encodesAndDecodesValues(String value, String encoded) {
        assertThat(EventHeaders.encode(value)).isEqualTo(encoded);
        assertThat(EventHeaders.decode(encoded)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "a b"       | a b
            "a \\" b"   | a " b
            "%E2%82%AC" | €
            %e2%82%ac   | €
            100%        | 100%
            %zz%4       | %zz%4
            %41%2542    | A%42
            "           | "
            """)
    void decodesWhatOthersWrite(String value, String expected) {
        assertThat(EventHeaders.decode(value)).isEqualTo(expected);
    }

    @Test
    void carriesEveryPartOfAMessage() {
        Map<String, String> attributes = Map.of("id", "1 2", "source", "/ä", "type", "t", "partitionkey", "k");
        Map<String, String> headers = Map.of("x-one", "1", "x-two", "zwölf\n", "x-three", "50%", "id", "header");
        HttpHeaders wire = new HttpHeaders();

        EventHeaders.write(Message.received("k", "text/plain; charset=utf-8", attributes, headers, null), wire);
        Message read = EventHeaders.read(wire, wire.getFirst("Content-Type"), new byte[] {1});

        assertThat(read.key()).isEqualTo("k");
        assertThat(read.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(read.attributes()).isEqualTo(attributes);
        assertThat(read.headers()).isEqualTo(headers);
        assertThat(wire.getFirst("x-three")).isEqualTo("50%");
        assertThat(wire.getFirst("x-two")).isEqualTo("UTF-8''zw%C3%B6lf%0A");
        assertThat(wire.size()).isEqualTo(9);
    }

    @Test
    void writesNoAttributeThatWouldBecomeAnother() {
        Map<String, String> attributes = new LinkedHashMap<>(Map.of("id", "1"));
        attributes.put("ID", "2");
        attributes.put("", "x");
        HttpHeaders wire = new HttpHeaders();

        EventHeaders.write(Message.received(null, null, attributes, Map.of(), null), wire);

        assertThat(wire.size()).isEqualTo(1);
        assertThat(wire.getFirst("ce-id")).isEqualTo("1");
    }

    @Test
    void refusesHeadersThatDifferOrAreNoUtf8() {
        HttpHeaders same = new HttpHeaders();
        same.add("ce-id", "a b");
        same.add("Ce-Id", "a%20b");
        HttpHeaders different = new HttpHeaders();
        different.add("ce-id", "1");
        different.add("ce-id", "2");

        assertThat(EventHeaders.read(same, null, null).attributes()).isEqualTo(Map.of("id", "a b"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventHeaders.read(different, null, null))
                .withMessageContaining("ce-id");
        for (String malformed : new String[] {"%FF", "%C3", "%ED%A0%80", "a%80b", "%C0%AF"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> EventHeaders.decode(malformed));
        }
    }

    @Test
    void leavesTheAttributesOfWholeEventsToThem() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("ce-id", "1");
        headers.add("ce-id", "2");
        headers.add("x-kept", "1");

        Message read = EventHeaders.read(headers, "Application/CloudEvents-Batch+JSON; charset=utf-8", null);

        assertThat(read.attributes()).isEmpty();
        assertThat(read.headers()).isEqualTo(Map.of("x-kept", "1"));
    }

    @Test
    void keepsSecretsAndHeadersOfTheConnectionToItself() {
        Map<String, String> own = new HashMap<>();
        for (String name :
                new String[] {"authorization", "cookie", "host", "content-length", "connection", "ce-id", "a b", ""}) {
            own.put(name, "1");
        }
        HttpHeaders wire = new HttpHeaders();
        HttpHeaders received = new HttpHeaders();
        received.set("Authorization", "Bearer x");
        received.set("Cookie", "a=b");
        received.set("X-Kept", "1");
        received.set("ce_id", "forged");
        received.set("cloudEvents_type", "forged");
        received.set("mecha-mark", "forged");

        EventHeaders.write(Message.received(null, null, Map.of(), own, null), wire);

        assertThat(wire.isEmpty()).isTrue();
        assertThat(EventHeaders.read(received, null, null).headers()).isEqualTo(Map.of("x-kept", "1"));
    }

    @Test
    void letsNoHeaderChangeAnother() {
        HttpHeaders received = new HttpHeaders();
        received.set("mecha-encoded", "x-user");
        received.set("x-user", "%61dmin");

        assertThat(EventHeaders.read(received, null, null).headers()).isEqualTo(Map.of("x-user", "%61dmin"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "%61dmin",
                "UTF-8''",
                "UTF-8''admin",
                "UTF-8''%C3%A4",
                "UTF-8''UTF-8''a",
                " a",
                "ä",
                "a\r\nb",
                "\"q\""
            })
    void carriesEveryValueOfAHeader(String value) {
        HttpHeaders wire = new HttpHeaders();

        EventHeaders.write(Message.received(null, null, Map.of(), Map.of("x-one", value), null), wire);

        assertThat(wire.getFirst("x-one")).matches("[ -~]*");
        assertThat(EventHeaders.read(wire, null, null).headers()).isEqualTo(Map.of("x-one", value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8''admin",
                "UTF-8''%61dmin",
                "UTF-8''%FF",
                "UTF-8''%c3%a4",
                "UTF-8''a%",
                "utf-8''%C3%A4",
                "UTF-8''\"a%20\""
            })
    void leavesWhatMechaDoesNotWriteAsItIs(String value) {
        HttpHeaders received = new HttpHeaders();
        received.set("x-user", value);

        assertThat(EventHeaders.read(received, null, null).headers()).isEqualTo(Map.of("x-user", value));
    }
}
