// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests for {@link MethodExpression}. */
class MethodExpressionTests {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-X1", "MECHA-X2", "MECHA-X3");
    private static final Object[] ARGUMENTS = {new Order("o-1", List.of("a", "b")), "berlin"};

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    orders                               | orders
                    order-#{order.id}                    | order-o-1
                    order-#{#order.id}                   | order-o-1
                    at-#{city}/#{order.lines.size()}     | at-berlin/2
                    at-#{#p1}                            | at-berlin
                    at-#{order.lines.![length()]}        | at-1,1
                    at-#{order.lines.?[length() > 1]}    | at-
                    at-#{{order.id}.![bytes.length]}     | at-3
                    """)
    void evaluatesTemplates(String text, String value) {
        assertThat(MethodExpression.template(CODES, method(), "value", text).evaluate(ARGUMENTS))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"#order.id, o-1", "order.id, o-1", "#a1.toUpperCase(), BERLIN", "#order.id + '-' + #city, o-1-berlin"})
    void evaluatesExpressions(String text, String value) {
        assertThat(MethodExpression.expression(CODES, method(), "key", text).evaluate(ARGUMENTS))
                .isEqualTo(value);
    }

    @Test
    void isNullWhereTheExpressionIs() {
        MethodExpression expression = MethodExpression.expression(CODES, method(), "key", "#city");

        assertThat(expression.evaluate(new Object[] {ARGUMENTS[0], null})).isNull();
    }

    @Test
    void readsTheElementsOfAnArray() {
        MethodExpression expression = MethodExpression.expression(CODES, method(), "key", "#city.bytes");

        assertThat(expression.evaluate(ARGUMENTS))
                .isEqualTo(expression.evaluate(ARGUMENTS))
                .contains("98");
    }

    @Test
    void knowsWhatIsTheSameForEachCall() {
        assertThat(MethodExpression.template(CODES, method(), "value", "orders").isConstant())
                .isTrue();
        assertThat(MethodExpression.template(CODES, method(), "value", "#{city}")
                        .isConstant())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-#{ordr.id}", "order-#{#ordr}", "#{#p7}", "#{order.lines.contains(#nobody)}"})
    void refusesNamesOfNoParameter(String text) {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> MethodExpression.template(CODES, method(), "value", text))
                .withMessageContaining("which is no parameter")
                .withMessageContaining("[order, city, p0, a0, p1, a1]")
                .satisfies((wrong) -> assertThat(wrong.mistakes().get(0).code()).isEqualTo("MECHA-X2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-#{", "#{}", "#{order.}"})
    void refusesWhatIsNoExpression(String text) {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> MethodExpression.template(CODES, method(), "value", text))
                .withMessageContaining("is no expression");
    }

    private static Method method() {
        try {
            return MethodExpressionTests.class.getDeclaredMethod("place", Order.class, String.class);
        } catch (NoSuchMethodException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @SuppressWarnings("unused")
    void place(Order order, String city) {}

    /** An order. */
    record Order(String id, List<String> lines) {}
}
