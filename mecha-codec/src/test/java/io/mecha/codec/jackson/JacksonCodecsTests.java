// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.codec.jackson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.mecha.codec.Codec;
import io.mecha.codec.CodecException;
import io.mecha.codec.CodecFactory;
import io.mecha.codec.GenericType;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JacksonCodecsTests {

    private final JacksonCodecs codecs = JacksonCodecs.standard();

    record Line(String sku, int quantity) {}

    record Order(String id, Instant placed, List<Line> lines) {}

    private final Order order = new Order("o-1", Instant.EPOCH, List.of(new Line("apple", 2)));

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/cbor", "application/x-jackson-smile"})
    void readsBackWhatItWrote(String mediaType) {
        Codec<Object> codec = codecs.codec(Order.class, mediaType);

        byte[] bytes = codec.encode(order);

        assertThat(codec.decode(bytes)).isEqualTo(order);
        assertThat(codec.mediaType()).isEqualTo(mediaType);
    }

    @Test
    void writesJsonByDefault() {
        byte[] bytes = codecs.codec(Line.class, null).encode(new Line("apple", 2));

        assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo("{\"sku\":\"apple\",\"quantity\":2}");
    }

    @Test
    void keepsTypeArguments() {
        Codec<Object> codec = codecs.codec(new GenericType<Map<String, List<Line>>>() {}.type(), null);
        Map<String, List<Line>> value = Map.of("a", List.of(new Line("apple", 2)));

        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    @Test
    void keepsBytesAsTheyAreButApart() {
        Codec<Object> codec = codecs.codec(byte[].class, "application/json");
        byte[] value = {0, 1, -1};

        byte[] encoded = codec.encode(value);
        value[0] = 9;

        assertThat(encoded).containsExactly(0, 1, -1);
        assertThat((byte[]) codec.decode(encoded)).containsExactly(0, 1, -1).isNotSameAs(encoded);
    }

    @Test
    void keepsTextAsUtf8WithoutQuotes() {
        Codec<Object> codec = codecs.codec(String.class, null);

        assertThat(codec.encode("h\u00e9 \ud83d\ude00"))
                .isEqualTo("h\u00e9 \ud83d\ude00".getBytes(StandardCharsets.UTF_8));
        assertThat(codec.decode("h\u00e9".getBytes(StandardCharsets.UTF_8))).isEqualTo("h\u00e9");
    }

    @Test
    void keepsTheReplacementCharacter() {
        Codec<Object> codec = codecs.codec(String.class, null);

        assertThat(codec.decode(codec.encode("\ufffd \ud83d\ude00 ?"))).isEqualTo("\ufffd \ud83d\ude00 ?");
    }

    @Test
    void refusesTextThatHasNoUtf8Form() {
        Codec<Object> codec = codecs.codec(String.class, null);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.encode("\ud83d"))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-C201"));
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codec.decode(new byte[] {(byte) 0xff}))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-C202"));
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Circle.class, name = "circle"), @JsonSubTypes.Type(Square.class)})
    interface Shape {}

    record Circle(int radius) implements Shape {}

    @JsonTypeName("square")
    record Square(List<Shape> inside) implements Shape {}

    @Test
    void letsTheValueDecideWhereTheTypeIsOpen() {
        for (Type open : List.of(Object.class, Serializable.class)) {
            Codec<Object> codec = codecs.codec(open, null);

            assertThat(text(codec.encode("plain"))).isEqualTo("plain");
            assertThat(codec.encode(new byte[] {1, 2})).containsExactly(1, 2);
            assertThat(codec.mediaType()).isEqualTo("application/json");
        }
        assertThat(text(codecs.codec(CharSequence.class, null).encode("plain"))).isEqualTo("plain");
        assertThat(text(codecs.codec(Object.class, null).encode(List.of("a", 1, 2L, 1.5, true))))
                .isEqualTo("[\"a\",1,2,1.5,true]");
        assertThat(text(codecs.codec(Object.class, null).encode(order)))
                .isEqualTo(text(codecs.codec(Order.class, null).encode(order)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/cbor", "application/x-jackson-smile"})
    void keepsTypeIdsWhereTheTypeIsOpen(String mediaType) {
        List<Shape> shapes = List.of(new Circle(1), new Square(List.of(new Circle(2))));
        Map<String, List<Shape>> map = Map.of("all", shapes);
        Codec<Object> lists = codecs.codec(new GenericType<List<Shape>>() {}.type(), mediaType);
        Codec<Object> maps = codecs.codec(new GenericType<Map<String, List<Shape>>>() {}.type(), mediaType);
        Codec<Object> one = codecs.codec(Shape.class, mediaType);

        for (Type open : List.of(Object.class, List.class, new GenericType<List<Object>>() {}.type())) {
            assertThat(lists.decode(codecs.codec(open, mediaType).encode(shapes)))
                    .isEqualTo(shapes);
        }
        assertThat(maps.decode(codecs.codec(Object.class, mediaType).encode(map)))
                .isEqualTo(map);
        assertThat(one.decode(codecs.codec(Object.class, mediaType).encode(shapes.get(1))))
                .isEqualTo(shapes.get(1));
    }

    @Test
    void readsAndWritesTextAndBytesOfAnOpenType() {
        Codec<Object> text = codecs.codec(Object.class, "text/plain");
        Codec<Object> bytes = codecs.codec(Object.class, "application/octet-stream");

        assertThat(text.decode(text.encode("plain"))).isEqualTo("plain");
        assertThat((byte[]) bytes.decode(bytes.encode(new byte[] {1}))).containsExactly(1);
        assertThatExceptionOfType(CodecException.class).isThrownBy(() -> text.encode(order));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void namesTheTypeAndThePathButNeverTheValue() {
        byte[] bytes = "{\"id\":\"o-1\",\"lines\":[{\"sku\":\"apple\",\"quantity\":\"s3cret\"}]}"
                .getBytes(StandardCharsets.UTF_8);

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec(Order.class, null).decode(bytes))
                .withMessageContaining("application/json of type " + Order.class.getName())
                .withMessageContaining("InvalidFormatException at .lines[0].quantity")
                .withMessageNotContaining("s3cret")
                .withNoCause();
    }

    @Test
    void hidesTheKeysOfMaps() {
        byte[] bytes = "{\"s3cret\":{\"sku\":\"apple\",\"quantity\":\"x\"}}".getBytes(StandardCharsets.UTF_8);
        Type type = new GenericType<Map<String, Line>>() {}.type();

        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec(type, null).decode(bytes))
                .withMessageContaining("at .*.quantity")
                .withMessageNotContaining("s3cret");
    }

    @Test
    void refusesNull() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec(Line.class, null).decode("null".getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining("the bytes hold null");
    }

    @Test
    void reportsWhatCannotBeWritten() {
        assertThatExceptionOfType(CodecException.class)
                .isThrownBy(() -> codecs.codec(Cyclic.class, null).encode(new Cyclic()))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("MECHA-C201"));
    }

    static final class Cyclic {

        public Cyclic getSelf() {
            return this;
        }
    }

    @Test
    void refusesAnUnknownMediaTypeAndListsTheKnown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> codecs.codec(Line.class, "application/xml"))
                .withMessage("No codec supports the media type 'application/xml';"
                        + " known: [application/json, application/cbor, application/x-jackson-smile]");
    }

    @Test
    void knowsFormatsThatTheApplicationAdds() {
        CodecFactory reversed = new CodecFactory() {

            @Override
            public String mediaType() {
                return "text/reversed";
            }

            @Override
            public Codec<Object> codec(Type type) {
                return PlainCodec.TEXT;
            }
        };

        JacksonCodecs extended = new JacksonCodecs(JsonMapper.shared(), List.of(reversed));

        assertThat(extended.codec(Line.class, "text/reversed")).isSameAs(PlainCodec.TEXT);
        assertThat(extended.mediaTypes()).contains("text/reversed", "application/json");
    }
}
