// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.Encoding;
import io.mecha.binding.Event;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.event.AttributeText;
import io.mecha.binding.event.CloudEventFormat;
import io.mecha.binding.event.CodecPayload;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.spi.Message;
import io.mecha.codec.Codec;
import io.mecha.codec.Codecs;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.runtime.Ids;
import io.mecha.test.TestClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventFormatTests {

    private static final Codecs CODECS = JacksonCodecs.standard();

    private final TestClock clock = new TestClock();

    record Order(String id, int amount) {}

    private CloudEventFormat format(Encoding encoding) {
        return format(encoding, false);
    }

    private CloudEventFormat format(Encoding encoding, boolean immutableValues) {
        return new CloudEventFormat(
                Channels.options("orders", encoding, immutableValues).eventFormat(),
                new Ids(),
                clock,
                new LongAdder(),
                null);
    }

    private static Codec<Object> codec(Class<?> type, @Nullable String mediaType) {
        return CODECS.codec(type, mediaType);
    }

    private static <T> CodecPayload<T> payload(Class<T> type) {
        return new CodecPayload<>(type, CODECS);
    }

    private static Event.Builder<Order> order() {
        return Event.<Order>builder()
                .id("1")
                .source("/shop")
                .type("order.placed")
                .data(new Order("o-1", 3));
    }

    /** What another JVM gets. */
    private static Message overTheWire(Message message) {
        return Message.received(
                message.key(),
                message.contentType(),
                new LinkedHashMap<>(message.attributes()),
                new LinkedHashMap<>(message.headers()),
                message.body());
    }

    private IncomingEvent received(Encoding encoding, Event<?> event, Codec<Object> codec) {
        Message message = overTheWire(format(encoding).write(event, codec, null, null));
        List<IncomingEvent> events = format(Encoding.BINARY).read(message);
        assertThat(events).hasSize(1);
        return events.get(0);
    }

    private static Message structured(String json) {
        return Message.received(
                null,
                "application/cloudevents+json; charset=UTF-8",
                Map.of(),
                Map.of(),
                json.getBytes(StandardCharsets.UTF_8));
    }

    private IncomingEvent read(String json) {
        return format(Encoding.BINARY).read(structured(json)).get(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"BINARY", "STRUCTURED", "BATCH"})
    void keepsEveryAttributeAndTheData(Encoding encoding) {
        Event<Order> event = order().subject("Grüße/日本")
                .time(Instant.parse("2026-05-05T10:00:00.123456789Z"))
                .dataSchema("https://example.org/order")
                .key("c-1")
                .extension("tenant", "a\"b\\c\n")
                .extension("link", URI.create("/relative?x=1"))
                .extension("until", Instant.EPOCH)
                .extension("blob", new byte[] {1, 2, 3})
                .header("X-Trace", "ünï")
                .build();

        IncomingEvent incoming = received(encoding, event, codec(Order.class, null));
        Event<Order> read = incoming.read(payload(Order.class), 2);

        assertThat(read.id()).isEqualTo("1");
        assertThat(read.source()).isEqualTo("/shop");
        assertThat(read.type()).isEqualTo("order.placed");
        assertThat(read.subject()).contains("Grüße/日本");
        assertThat(read.time()).contains(Instant.parse("2026-05-05T10:00:00.123456789Z"));
        assertThat(read.dataSchema()).contains("https://example.org/order");
        assertThat(read.dataContentType()).contains("application/json");
        assertThat(read.key()).contains("c-1");
        assertThat(read.extensions())
                .isEqualTo(Map.of(
                        "tenant",
                        "a\"b\\c\n",
                        "link",
                        "/relative?x=1",
                        "until",
                        "1970-01-01T00:00:00Z",
                        "blob",
                        "AQID"));
        assertThat(read.headers()).isEqualTo(Map.of("x-trace", "ünï"));
        assertThat(read.attempt()).isEqualTo(2);
        assertThat(read.data()).isEqualTo(new Order("o-1", 3));
    }

    @Test
    void keepsIntegersAndBooleansOnlyWhereTheFormatHasThem() {
        Event<Order> event =
                order().extension("count", 7).extension("paid", true).build();

        IncomingEvent binary = received(Encoding.BINARY, event, codec(Order.class, null));
        IncomingEvent structured = received(Encoding.STRUCTURED, event, codec(Order.class, null));

        assertThat(List.of(attribute(binary, "count"), attribute(binary, "paid")))
                .isEqualTo(List.of("7", "true"));
        assertThat(List.of(attribute(structured, "count"), attribute(structured, "paid")))
                .isEqualTo(List.of(7, true));
        assertThat(structured.text("count")).isEqualTo("7");
    }

    private static Object attribute(IncomingEvent event, String name) {
        Object value = event.attribute(name);
        assertThat(value).isNotNull();
        return value;
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"BINARY", "STRUCTURED", "BATCH"})
    void keepsRandomTextInAttributes(Encoding encoding) {
        Random random = new Random(42);
        for (int round = 0; round < 200; round++) {
            String text = random.ints(1 + random.nextInt(40), 0, Character.MAX_CODE_POINT + 1)
                    .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .append('x')
                    .toString();

            IncomingEvent incoming =
                    received(encoding, order().extension("any", text).key(text).build(), codec(Order.class, null));

            assertThat(incoming.attribute("any")).isEqualTo(text);
            assertThat(incoming.key()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"BINARY", "STRUCTURED", "BATCH"})
    void keepsBytesOfAnySize(Encoding encoding) {
        byte[] megabyte = new byte[1 << 20];
        new Random(1).nextBytes(megabyte);
        for (byte[] data : List.of(new byte[0], new byte[] {0}, megabyte)) {
            Event<byte[]> event = Event.<byte[]>builder()
                    .id("1")
                    .source("/s")
                    .type("t")
                    .data(data)
                    .build();

            IncomingEvent incoming = received(encoding, event, codec(byte[].class, null));

            byte[] read = incoming.read(payload(byte[].class), 1).data();
            assertThat(Arrays.equals(read, data)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"BINARY", "STRUCTURED", "BATCH"})
    void keepsTextAndTheAbsenceOfData(Encoding encoding) {
        Event<String> text =
                Event.<String>builder().id("1").source("/s").type("t").data("").build();
        Event<String> none = text.toBuilder().data(null).build();

        assertThat(received(encoding, text, codec(String.class, null))
                        .read(payload(String.class), 1)
                        .payload())
                .contains("");
        assertThat(received(encoding, none, codec(String.class, null))
                        .read(payload(String.class), 1)
                        .payload())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/cbor",
                "application/x-jackson-smile",
                "application/vnd.order+json"
            })
    void writesAndReadsEveryMediaType(String mediaType) {
        CodecPayload<Order> payload = payload(Order.class);
        Event<Order> event = order().dataContentType(mediaType).build();

        for (Encoding encoding : List.of(Encoding.BINARY, Encoding.STRUCTURED, Encoding.BATCH)) {
            IncomingEvent incoming = received(encoding, event, payload.codec(mediaType));

            assertThat(incoming.read(payload, 1).data()).isEqualTo(new Order("o-1", 3));
            assertThat(incoming.attribute("datacontenttype")).isEqualTo(mediaType);
        }
    }

    @Test
    void readsTextInItsCharacterSet() {
        Message message = Message.received(
                null,
                "text/plain; charset=\"ISO-8859-1\"",
                Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"),
                Map.of(),
                "Grüße".getBytes(StandardCharsets.ISO_8859_1));

        Event<String> read = format(Encoding.BINARY).read(message).get(0).read(payload(String.class), 1);

        assertThat(read.data()).isEqualTo("Grüße");
    }

    // CloudEvents 1.0.2, "JSON Event Format", section 3.2.
    @Test
    void readsTheExamplesOfTheSpecification() {
        String head =
                "{\"specversion\":\"1.0\",\"type\":\"com.example.someevent\",\"source\":\"/mycontext\",\"id\":\"A234\","
                        + "\"time\":\"2018-04-05T17:31:00+02:00\",\"comexampleextension1\":\"value\",\"comexampleothervalue\":5,"
                        + "\"unsetextension\":null,";

        IncomingEvent xml =
                read(head + "\"datacontenttype\":\"application/xml\",\"data\":\"<much wow=\\\"xml\\\"/>\"}");
        IncomingEvent binary =
                read(head + "\"datacontenttype\":\"application/vnd.apache.thrift.binary\",\"data_base64\":\"AQID\"}");
        IncomingEvent json = read("\uFEFF" + head + "\"datacontenttype\":\"application/json\",\"data\": "
                + "{ \"appinfoA\" : \"ä\", \"appinfoB\" : 123, \"appinfoC\" : true } }");
        IncomingEvent text = read(head + "\"data\":\"I'm just a string\"}");

        assertThat(xml.read(payload(String.class), 1).data()).isEqualTo("<much wow=\"xml\"/>");
        assertThat(xml.attribute("time")).isEqualTo("2018-04-05T17:31:00+02:00");
        assertThat(xml.read(payload(String.class), 1).time()).contains(Instant.parse("2018-04-05T15:31:00Z"));
        assertThat(xml.attribute("comexampleothervalue")).isEqualTo(5);
        assertThat(xml.attribute("unsetextension")).isNull();
        assertThat(binary.read(payload(byte[].class), 1).data()).containsExactly(1, 2, 3);
        assertThat(json.read(payload(String.class), 1).data())
                .isEqualTo("{ \"appinfoA\" : \"ä\", \"appinfoB\" : 123, \"appinfoC\" : true }");
        assertThat(json.read(payload(Object.class), 1).data())
                .isEqualTo(Map.of("appinfoA", "ä", "appinfoB", 123, "appinfoC", true));
        assertThat(text.read(payload(String.class), 1).data()).isEqualTo("\"I'm just a string\"");
    }

    @Test
    void readsJsonThatIsNotUtf8() {
        byte[] body =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{\"a\":[1,\"ü\"]}}"
                        .getBytes(StandardCharsets.UTF_16BE);
        Message message = Message.received(null, "application/cloudevents+json", Map.of(), Map.of(), body);

        IncomingEvent event = format(Encoding.BINARY).read(message).get(0);

        assertThat(event.read(payload(String.class), 1).data()).isEqualTo("{\"a\":[1,\"ü\"]}");
    }

    @Test
    void readsBatchesOfAnyNumber() {
        List<Event<Order>> orders =
                List.of(order().build(), order().id("2").key("k").build());

        Message batch = format(Encoding.BATCH).writeBatch(orders, codec(Order.class, null));
        List<IncomingEvent> events = format(Encoding.BINARY).read(batch);
        Message empty = Message.received(
                null, "application/cloudevents-batch+json", Map.of(), Map.of(), "[]".getBytes(StandardCharsets.UTF_8));

        assertThat(batch.contentType()).isEqualTo("application/cloudevents-batch+json");
        assertThat(batch.key()).isNull();
        assertThat(events).extracting(IncomingEvent::id).containsExactly("1", "2");
        assertThat(events.get(1).key()).isEqualTo("k");
        assertThat(format(Encoding.BINARY).read(empty)).isEmpty();
    }

    @Test
    void fillsInWhatRawMessagesDoNotSay() {
        Message sent = overTheWire(format(Encoding.RAW).write(order().build(), codec(Order.class, null), null, null));

        IncomingEvent first = format(Encoding.RAW).read(sent).get(0);
        IncomingEvent second = format(Encoding.RAW).read(sent).get(0);

        assertThat(sent.attributes()).isEmpty();
        assertThat(first.source()).isEqualTo("/mecha");
        assertThat(first.type()).isEqualTo("mecha.raw");
        assertThat(first.attribute("time")).isEqualTo(clock.instant().toString());
        assertThat(first.id()).isNotEmpty().isNotEqualTo(second.id());
        assertThat(first.read(payload(Order.class), 1).data()).isEqualTo(new Order("o-1", 3));
    }

    @Test
    void refusesMessagesWithoutAttributesUnlessTheChannelIsRaw() {
        Message message = Message.received(null, "application/json", Map.of(), Map.of(), new byte[] {'1'});

        assertThatThrownBy(() -> format(Encoding.BINARY).read(message))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("MECHA-B202")
                .hasMessageContaining("mecha.bindings.channels.orders.encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "source", "type", "specversion"})
    void refusesEventsWithoutWhatIsRequired(String missing) {
        Map<String, String> attributes =
                new LinkedHashMap<>(Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"));
        attributes.put(missing, "");
        Message message = Message.received(null, null, attributes, Map.of(), null);

        assertThatThrownBy(() -> format(Encoding.BINARY).read(message))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("it has no attribute '" + missing + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "7",
                "{\"specversion\":\"0.3\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"x\":\"\\ud800\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"x\":{}}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"x\":1.5}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"x\":99999999999}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"id\":\"2\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data\":1,\"data_base64\":\"AQID\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"%\"}",
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\"} {}"
            })
    void refusesDocumentsThatAreNoEvent(String json) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(InvalidEventException.class)
                .hasMessageContaining("MECHA-B202");
    }

    @Test
    void refusesWhatIsTooDeepTooLongOrTooMuch() {
        String head = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",";
        String deep = head + "\"data\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        String large = head + "\"x\":\"" + "a".repeat(AttributeText.MAXIMUM_LENGTH + 1) + "\"}";
        StringBuilder many = new StringBuilder(head);
        for (int index = 0; index <= AttributeText.MAXIMUM_COUNT; index++) {
            many.append("\"x%d\":1,".formatted(index));
        }

        assertThatThrownBy(() -> read(deep)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> read(large)).isInstanceOf(InvalidEventException.class);
        assertThatThrownBy(() -> read(many + "\"y\":1}")).isInstanceOf(InvalidEventException.class);
    }

    @Test
    void refusesUnknownFormatsOfWholeEvents() {
        Message message = Message.received(null, "application/cloudevents+avro", Map.of(), Map.of(), new byte[] {1});

        assertThatThrownBy(() -> format(Encoding.BINARY).read(message)).isInstanceOf(InvalidEventException.class);
    }

    @Test
    void reportsDataThatCannotBeRead() {
        Message wrong = Message.received(
                null,
                "application/json",
                Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"),
                Map.of(),
                "{".getBytes(StandardCharsets.UTF_8));
        Message unknown = Message.received(
                null,
                "application/x-unknown",
                Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"),
                Map.of(),
                new byte[] {1});

        for (Message message : List.of(wrong, unknown)) {
            IncomingEvent event = format(Encoding.BINARY).read(message).get(0);

            assertThatThrownBy(() -> event.read(payload(Order.class), 1))
                    .isInstanceOf(InvalidEventException.class)
                    .hasMessageContaining("MECHA-B203");
        }
    }

    @Test
    void keepsHeadersAndAttributesApart() {
        Message message = Message.received(
                "k",
                null,
                Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t", "x-user", "admin", "new", "y"),
                Map.of("x-user", "alice", "ce_id", "2", "CE-type", "u", "content-type", "v", "mecha-mark", "w"),
                null);

        IncomingEvent incoming = format(Encoding.BINARY).read(message).get(0);
        Event<Order> read = incoming.read(payload(Order.class), 1);

        assertThat(read.headers()).isEqualTo(Map.of("x-user", "alice"));
        assertThat(read.extensions()).isEqualTo(Map.of("new", "y"));
        assertThat(read.id()).isEqualTo("1");
        assertThat(read.key()).contains("k");
        assertThat(incoming.toMessage().attributes()).containsEntry("x-user", "admin");
    }

    @Test
    void keepsMembersOfAWholeEventApartFromHeaders() {
        Message message = Message.received(
                null,
                "application/cloudevents+json",
                Map.of(),
                Map.of("x-user", "alice"),
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"X-User\":\"admin\"}"
                        .getBytes(StandardCharsets.UTF_8));

        Event<Order> read = format(Encoding.BINARY).read(message).get(0).read(payload(Order.class), 1);

        assertThat(read.headers()).isEqualTo(Map.of("x-user", "alice"));
    }

    @Test
    void findsFieldsOfTheData() {
        IncomingEvent event = read("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
                + "\"data\":{\"a\":{\"b\":[true,\"x\"]},\"n\":5,\"d\":1.5,\"l\":99999999999,\"\":null}}");

        assertThat(event.data(List.of("a", "b", "0"))).isEqualTo(true);
        assertThat(event.data(List.of("a", "b", "1"))).isEqualTo("x");
        assertThat(event.data(List.of("n"))).isEqualTo(5);
        for (String none : List.of("d", "l", "", "absent")) {
            assertThat(event.data(List.of(none))).isNull();
        }
        for (String none : List.of("2", "01", "-1", "x", "99999999999")) {
            assertThat(event.data(List.of("a", "b", none))).isNull();
        }
    }

    @Test
    void handsTheInstanceOnWhereValuesDoNotChange() {
        Order order = new Order("o-1", 3);
        Event<Order> event = order().data(order).extension("count", 7).build();
        Message message = format(Encoding.BINARY, true).write(event, codec(Order.class, null), null, null);

        IncomingEvent incoming = format(Encoding.BINARY, true).read(message).get(0);

        assertThat(incoming.read(payload(Order.class), 1).data()).isSameAs(order);
        assertThat(incoming.read(payload(Order.class), 1).extensions()).isEqualTo(Map.of("count", "7"));
        assertThat(incoming.read(payload(Object.class), 1).data()).isEqualTo(Map.of("id", "o-1", "amount", 3));
        assertThat(incoming.data(List.of("amount"))).isEqualTo(3);
        assertThat(format(Encoding.BINARY)
                        .read(message)
                        .get(0)
                        .read(payload(Order.class), 1)
                        .data())
                .isEqualTo(order)
                .isNotSameAs(order);
    }

    @Test
    void keepsEverythingForTheDeadLetter() {
        Event<Order> event =
                order().key("k").extension("count", 7).header("h", "v").build();
        Message shared = format(Encoding.STRUCTURED, true).write(event, codec(Order.class, null), null, null);

        for (IncomingEvent incoming : List.of(
                format(Encoding.BINARY, true).read(shared).get(0),
                format(Encoding.BINARY).read(overTheWire(shared)).get(0))) {
            IncomingEvent dead =
                    format(Encoding.BINARY).read(incoming.toMessage()).get(0);
            Event<Order> read = dead.read(payload(Order.class), 1);

            assertThat(read.data()).isEqualTo(new Order("o-1", 3));
            assertThat(read.key()).contains("k");
            assertThat(read.headers()).isEqualTo(Map.of("h", "v"));
            assertThat(read.extensions()).isEqualTo(Map.of("count", "7"));
        }
    }
}
