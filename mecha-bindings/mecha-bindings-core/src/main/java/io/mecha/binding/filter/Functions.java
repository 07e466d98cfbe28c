// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The built-in functions.
 *
 * @implNote Source: CloudEvents SQL 1.0, section 3.5 "Functions"; {@code IS_INT} and {@code IS_BOOL} are of its drafts.
 */
final class Functions {

    private Functions() {}

    /**
     * Compiles a call.
     *
     * @param name in upper case
     * @return the call; {@code null} if no function has this name and as many arguments
     */
    static @Nullable Node call(String name, List<Node> arguments) {
        return switch (arguments.size()) {
            case 0 -> name.equals("CONCAT") ? join(null, arguments) : null;
            case 1 -> unary(name, arguments.get(0));
            case 2 -> binary(name, arguments.get(0), arguments.get(1));
            case 3 ->
                name.equals("SUBSTRING")
                        ? substring(arguments.get(0), arguments.get(1), arguments.get(2))
                        : concat(name, arguments);
            default -> concat(name, arguments);
        };
    }

    private static @Nullable Node unary(String name, Node argument) {
        return switch (name) {
            case "LENGTH" -> number(argument, Strings::length);
            case "LOWER" -> text(argument, text -> text.toLowerCase(Locale.ROOT));
            case "UPPER" -> text(argument, text -> text.toUpperCase(Locale.ROOT));
            case "TRIM" -> text(argument, Strings::trim);
            case "ABS" -> absolute(argument);
            case "INT" -> Node.number(argument.asNumber());
            case "BOOL" -> Node.flag(argument.asFlag());
            case "STRING" -> Node.text(argument.asText());
            case "IS_INT" -> is(argument, Node.Type.INTEGER);
            case "IS_BOOL" -> is(argument, Node.Type.BOOLEAN);
            default -> concat(name, List.of(argument));
        };
    }

    private static @Nullable Node binary(String name, Node first, Node second) {
        return switch (name) {
            case "LEFT" -> part(first, second, Strings::left);
            case "RIGHT" -> part(first, second, Strings::right);
            case "SUBSTRING" ->
                part(first, second, (text, position) -> Strings.substring(text, position, Integer.MAX_VALUE));
            default -> concat(name, List.of(first, second));
        };
    }

    private static @Nullable Node concat(String name, List<Node> arguments) {
        return switch (name) {
            case "CONCAT" -> join(null, arguments);
            case "CONCAT_WS" -> join(arguments.get(0), arguments.subList(1, arguments.size()));
            default -> null;
        };
    }

    private static Node number(Node argument, ToIntFunction<String> function) {
        Code.Text code = argument.asText();
        return Node.number(event -> {
            Object outcome = code.run(event);
            return outcome instanceof String text
                    ? Code.number(function.applyAsInt(text))
                    : ((Failure) outcome).fault().number();
        });
    }

    private static Node text(Node argument, UnaryOperator<String> function) {
        Code.Text code = argument.asText();
        return Node.text(event -> {
            Object outcome = code.run(event);
            return outcome instanceof String text ? function.apply(text) : again((Failure) outcome);
        });
    }

    private static Node absolute(Node argument) {
        Code.Numeric code = argument.asNumber();
        return Node.number(event -> {
            long outcome = code.run(event);
            if (Code.failed(outcome)) {
                return Fault.ofNumber(outcome).number();
            }
            int value = Code.value(outcome);
            return value == Integer.MIN_VALUE ? Fault.MATH.number(Integer.MAX_VALUE) : Code.number(Math.abs(value));
        });
    }

    /** Tells whether a value is of a type, or is a text that can be cast to it. */
    private static Node is(Node argument, Node.Type type) {
        Code.Value code = argument.asValue();
        return Node.flag(event -> {
            Object outcome = code.run(event);
            if (outcome instanceof Failure failure) {
                return failure.fault().flag();
            }
            if (outcome instanceof String text) {
                return Code.flag(
                        type == Node.Type.INTEGER ? !Code.failed(Casts.parseNumber(text)) : Casts.parseFlag(text) >= 0);
            }
            return Code.flag(type == Node.Type.INTEGER ? outcome instanceof Integer : outcome instanceof Boolean);
        });
    }

    /** A function that takes a part of a text; its result is a String or a {@link Failure}. */
    @FunctionalInterface
    private interface Part {
        Object of(String text, int number);
    }

    private static Node part(Node first, Node second, Part part) {
        Code.Text code = first.asText();
        Code.Numeric count = second.asNumber();
        return Node.text(event -> {
            Object outcome = code.run(event);
            if (outcome instanceof Failure failure) {
                return again(failure);
            }
            long number = count.run(event);
            return Code.failed(number)
                    ? Failure.text(Fault.ofNumber(number))
                    : part.of((String) outcome, Code.value(number));
        });
    }

    private static Node substring(Node first, Node second, Node third) {
        Code.Text code = first.asText();
        Code.Numeric position = second.asNumber();
        Code.Numeric count = third.asNumber();
        return Node.text(event -> {
            Object outcome = code.run(event);
            if (outcome instanceof Failure failure) {
                return again(failure);
            }
            long start = position.run(event);
            if (Code.failed(start)) {
                return Failure.text(Fault.ofNumber(start));
            }
            long length = count.run(event);
            return Code.failed(length)
                    ? Failure.text(Fault.ofNumber(length))
                    : Strings.substring((String) outcome, Code.value(start), Code.value(length));
        });
    }

    private static Node join(@Nullable Node delimiter, List<Node> arguments) {
        Code.Text between = delimiter == null ? event -> "" : delimiter.asText();
        Code.Text[] parts = arguments.stream().map(Node::asText).toArray(Code.Text[]::new);
        return Node.text(event -> {
            Object separator = between.run(event);
            if (separator instanceof Failure failure) {
                return again(failure);
            }
            String[] texts = new String[parts.length];
            for (int i = 0; i < parts.length; i++) {
                Object outcome = parts[i].run(event);
                if (outcome instanceof Failure failure) {
                    return again(failure);
                }
                texts[i] = (String) outcome;
            }
            return String.join((String) separator, Arrays.asList(texts));
        });
    }

    /** What has a failed operand has no value of its own. */
    private static Failure again(Failure failure) {
        return Failure.text(failure.fault());
    }
}
