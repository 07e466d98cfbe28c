// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeTextTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-25T04:00:00Z",
                "2026-11-25T04:05:06.1Z",
                "2026-11-25T04:05:06.123456Z",
                "2026-11-25T23:59:59.123456789Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "2024-02-29T12:00:00Z",
                "2026-11-25T04:00Z",
                "2026-11-25t04:00:00z",
                "2026-11-25T04:00:00+05:30",
                "2026-11-25T04:00:00.5-08:00"
            })
    void readsTimesAsTheJdkDoes(String text) {
        assertThat(AttributeText.time(text))
                .isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @CsvSource({
        "2016-12-31T23:59:60Z, 2016-12-31T23:59:59Z",
        "2016-12-31T15:59:60.25-08:00, 2016-12-31T23:59:59.25Z",
        "2026-11-25T04:00:00.1234567891Z, 2026-11-25T04:00:00.123456789Z",
        "2026-11-25T04:00:00.00000000000000000001+01:00, 2026-11-25T03:00:00Z"
    })
    void readsLeapSecondsAndAnyNumberOfDigits(String text, Instant expected) {
        assertThat(AttributeText.time(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D\uDE80", "grüße", "\uFFFD", "a~"})
    void takesPrintableText(String text) {
        assertThat(AttributeText.isText(text)).isTrue();
        assertThat(AttributeText.isUnicode(text)).isTrue();
        assertThat(AttributeText.clean(text)).isSameAs(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "a\u007F", "\u0085", "\uFFFE", "\uFDD0", "\uD83D", "\uDE80a", "\uD83F\uDFFF"})
    void refusesWhatCannotBePrinted(String text) {
        assertThat(AttributeText.isText(text)).isFalse();
        assertThat(AttributeText.isText(AttributeText.clean(text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2026-11-25",
                "2026-11-25T04:00:00",
                "2026-11-25 04:00:00Z",
                "2026-13-25T04:00:00Z",
                "2026-02-29T04:00:00Z",
                "2026-11-25T24:00:00Z",
                "2026-11-25T04:00:60Z",
                "2026-11-25T04:00:0xZ",
                "-026-11-25T04:00:00Z",
                "2026-11-25T04:00:00Z "
            })
    void refusesWhatIsNoTime(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> AttributeText.time(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/shop/orders",
                "/shop/orders-1_2.3~4",
                "/a/../b",
                "//shop",
                "//shop/a_b",
                "///x",
                "/a b",
                "/a%20b",
                "/a%2",
                "/a:b",
                "/grüße",
                "/a\u007F",
                "shop",
                ":shop",
                "urn:uuid:0",
                "https://shop.example/orders?a=b#c",
                "https://shop.example/<a>",
                "[",
                ""
            })
    void takesAndRefusesUrisAsTheJdkDoes(String text) {
        assertThat(AttributeText.isUri(text, false)).isEqualTo(uri(text, false));
        assertThat(AttributeText.isUri(text, true)).isEqualTo(uri(text, true));
    }

    private static boolean uri(String text, boolean absolute) {
        try {
            boolean ascii = text.chars().allMatch(character -> character < 0x7F);
            return ascii && (new URI(text).isAbsolute() || !absolute);
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    @Test
    void knowsTheCharactersOfUrisAndNames() {
        for (char character = 0; character < 0x100; character++) {
            String text = Character.toString(character);
            boolean letter = character >= 'a' && character <= 'z';
            boolean printable = character > ' ' && character < 0x7F;

            assertThat(AttributeText.isName(text)).isEqualTo(letter || (character >= '0' && character <= '9'));
            assertThat(AttributeText.mayBeUri(text)).isEqualTo(printable && !"\"<>\\^`{|}".contains(text));
        }
    }
}
