// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.Encoding;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.CloudEventFormat;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.TransportRecord;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.runtime.Ids;
import io.mecha.test.TestClock;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is received from producers that keep to CloudEvents more or less. */
class ConformanceTests {

    private static final CodecPayload<byte[]> BYTES = new CodecPayload<>(byte[].class, JacksonCodecs.standard());

    private final TestClock clock = new TestClock();

    private CloudEventFormat format(ChannelOptions options, LongAdder irregular) {
        return new CloudEventFormat(options.eventFormat(), new Ids(), clock, irregular, null);
    }

    private static ChannelOptions options(boolean strict) {
        ChannelOptions options = Channels.options("orders", Encoding.BINARY, false);
        return new ChannelOptions(
                options.name(),
                options.type(),
                options.destination(),
                options.encoding(),
                options.mediaType(),
                options.source(),
                options.immutableValues(),
                options.in(),
                options.out(),
                strict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            source     | not a uri
            source     | {"x"}
            dataschema | /relative
            dataschema | not a uri
            time       | yesterday
            time       | 2026-11-25T25:00:00Z
            my_ext     | x
            """)
    void takesAndCountsWhatBreaksItsTypeUnlessItIsToBeStrict(String name, String value) {
        Map<String, String> attributes = new LinkedHashMap<>(
                Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t", "time", "2026-11-25T04:00:00Z"));
        attributes.put(name, value);
        Message message = Message.received(null, null, attributes, Map.of(), null);
        LongAdder irregular = new LongAdder();

        IncomingEvent event = format(options(false), irregular).read(message).get(0);

        assertThat(event.text(name)).isEqualTo(value);
        assertThat(event.toMessage().attributes()).containsEntry(name, value);
        assertThat(event.read(BYTES, 1).id()).isEqualTo("1");
        assertThat(irregular.sum()).isEqualTo(1);
        assertThatThrownBy(() -> format(options(true), irregular).read(message))
                .isInstanceOf(InvalidEventException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"subject", "time", "dataschema", "partitionkey", "datacontenttype"})
    void takesAnEmptyAttributeAsAbsentAndCountsItUnlessItIsToBeStrict(String name) {
        LongAdder irregular = new LongAdder();
        Message message = emptied(name);

        IncomingEvent event = format(options(false), irregular).read(message).get(0);

        assertThat(event.attribute(name)).isNull();
        assertThat(event.text(name)).isNull();
        assertThat(event.read(BYTES, 1)).satisfies(read -> {
            assertThat(read.subject()).isEmpty();
            assertThat(read.time()).isEmpty();
            assertThat(read.dataSchema()).isEmpty();
            assertThat(read.key()).isEmpty();
            assertThat(read.extensions()).isEmpty();
        });
        assertThat(irregular.sum()).isEqualTo(1);
        assertThatThrownBy(() -> format(options(true), irregular).read(message))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'%s' is empty", name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "specversion"})
    void refusesWhatEveryEventMustHaveIfItIsEmpty(String name) {
        assertThatThrownBy(() -> format(options(false), new LongAdder()).read(emptied(name)))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("no attribute '%s'", name);
    }

    @Test
    void letsAnExtensionBeEmpty() {
        LongAdder irregular = new LongAdder();

        IncomingEvent event =
                format(options(true), irregular).read(emptied("tenant")).get(0);

        assertThat(event.text("tenant")).isEmpty();
        assertThat(event.read(BYTES, 1).extensions()).containsEntry("tenant", "");
        assertThat(irregular.sum()).isZero();
    }

    @Test
    void refusesAnAttributeThatItsTransportHasWithDifferentValues() {
        Message message = Message.received(
                null,
                null,
                Map.of("specversion", "1.0", "id", "2", "source", "/s", "type", "t"),
                Map.of(),
                null,
                new Twice("id"));

        assertThatThrownBy(() -> format(options(false), new LongAdder()).read(message))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("'id' has different values");
    }

    private static Message emptied(String name) {
        Map<String, String> attributes =
                new LinkedHashMap<>(Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"));
        boolean beside = name.equals("datacontenttype");
        if (!beside) {
            attributes.put(name, "");
        }
        return Message.received(null, beside ? "" : null, attributes, Map.of(), null);
    }

    private record Twice(String contradiction) implements TransportRecord {

        @Override
        public Map<String, String> details() {
            return Map.of();
        }
    }

    @Test
    void countsNothingThatKeepsToItsTypes() {
        LongAdder irregular = new LongAdder();
        Message message = Message.received(
                null,
                null,
                Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        "1 ü",
                        "source",
                        "urn:a:b?c=%20#d",
                        "type",
                        "t",
                        "dataschema",
                        "https://example.org/a",
                        "time",
                        "2016-12-31T23:59:60.5Z"),
                Map.of(),
                null);

        format(options(true), irregular).read(message);

        assertThat(irregular.sum()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-25T04:00:00+05:30", "2026-11-25T04:00:00.5Z", "2016-12-31T23:59:60Z"})
    void showsTheTimeToFiltersAsItWasWritten(String time) {
        String json =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"time\":\"" + time + "\"}";
        IncomingEvent event = format(options(false), new LongAdder())
                .read(whole("utf-8", json.getBytes(StandardCharsets.UTF_8)))
                .get(0);

        assertThat(event.attribute("time")).isEqualTo(time);
        assertThat(event.toMessage().attributes()).containsEntry("time", time);
        assertThat(event.read(BYTES, 1).time()).contains(AttributeText.time(time));
    }

    @Test
    void readsWholeEventsInTheirCharacterSet() {
        String json = "{\"specversion\":\"1.0\",\"id\":\"ü\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"ä\":1}}";

        for (Charset charset :
                List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16LE, StandardCharsets.UTF_8)) {
            IncomingEvent event = format(options(false), new LongAdder())
                    .read(whole(charset.name(), json.getBytes(charset)))
                    .get(0);

            assertThat(event.id()).isEqualTo("ü");
            assertThat(event.data(List.of("ä"))).isEqualTo(1);
        }
        for (Message message :
                List.of(whole("no-such-set", new byte[1]), whole("us-ascii", json.getBytes(StandardCharsets.UTF_8)))) {
            assertThatThrownBy(() -> format(options(false), new LongAdder()).read(message))
                    .isInstanceOf(InvalidEventException.class);
        }
    }

    private static Message whole(String charset, byte[] body) {
        return Message.received(null, "application/cloudevents+json; charset=" + charset, Map.of(), Map.of(), body);
    }
}
