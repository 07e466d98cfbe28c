// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The operators.
 *
 * @implNote Source: CloudEvents SQL 1.0, section 3.4 "Operators".
 */
final class Operators {

    private Operators() {}

    /** A calculation; its result is a failure if it lies outside 32 bits. */
    @FunctionalInterface
    interface Calculation {

        /** Marks a division by zero. */
        long NONE = Long.MAX_VALUE;

        long apply(long left, long right);
    }

    /** A comparison of integers. */
    @FunctionalInterface
    interface Comparison {
        boolean test(int left, int right);
    }

    static Node and(Node left, Node right) {
        Code.Flag first = left.asFlag();
        Code.Flag second = right.asFlag();
        return Node.flag(TypeSets.intersection(left.types(), right.types()), event -> {
            int outcome = first.run(event);
            return outcome == Code.TRUE ? second.run(event) : outcome;
        });
    }

    static Node or(Node left, Node right) {
        Code.Flag first = left.asFlag();
        Code.Flag second = right.asFlag();
        return Node.flag(TypeSets.union(left.types(), right.types()), event -> {
            int outcome = first.run(event);
            return outcome == Code.FALSE ? second.run(event) : outcome;
        });
    }

    static Node xor(Node left, Node right) {
        Code.Flag first = left.asFlag();
        Code.Flag second = right.asFlag();
        return Node.flag(event -> {
            int one = first.run(event);
            if (one < 0) {
                return one;
            }
            int other = second.run(event);
            return other < 0 ? other : one ^ other;
        });
    }

    static Node not(Node operand) {
        Code.Flag code = operand.asFlag();
        return Node.flag(event -> {
            int outcome = code.run(event);
            return outcome < 0 ? outcome : outcome ^ 1;
        });
    }

    static Node negate(Node operand) {
        return calculate(Node.constant(0), operand, (zero, value) -> -value);
    }

    static Node calculate(Node left, Node right, Calculation calculation) {
        Code.Numeric first = left.asNumber();
        Code.Numeric second = right.asNumber();
        return Node.number(event -> {
            long one = first.run(event);
            if (Code.failed(one)) {
                return Fault.ofNumber(one).number();
            }
            long other = second.run(event);
            if (Code.failed(other)) {
                return Fault.ofNumber(other).number();
            }
            long result = calculation.apply(Code.value(one), Code.value(other));
            return result == (int) result ? Code.number((int) result) : Fault.MATH.number();
        });
    }

    static Node compare(Node left, Node right, Comparison comparison) {
        Code.Numeric first = left.asNumber();
        Code.Numeric second = right.asNumber();
        return Node.flag(event -> {
            long one = first.run(event);
            if (Code.failed(one)) {
                return Fault.ofNumber(one).flag();
            }
            long other = second.run(event);
            return Code.failed(other)
                    ? Fault.ofNumber(other).flag()
                    : Code.flag(comparison.test(Code.value(one), Code.value(other)));
        });
    }

    /** Compiles equality: the type of the right side is the type in which both are compared. */
    static Node equal(Node left, Node right, boolean wanted) {
        if (left.attribute() != null && right.constant() instanceof String literal) {
            return attributeEquals(left.attribute(), literal, wanted);
        }
        return switch (right.type()) {
            case BOOLEAN -> wanted ? not(xor(left, right)) : xor(left, right);
            case INTEGER -> compare(left, right, wanted ? (x, y) -> x == y : (x, y) -> x != y);
            case STRING -> sameText(left.asText(), right.asText(), wanted);
            case ANY -> same(left.asValue(), right.asValue(), wanted);
        };
    }

    private static Node attributeEquals(String name, String literal, boolean wanted) {
        Set<String> types = wanted && name.equals("type") ? Set.of(literal) : null;
        return Node.flag(types, event -> {
            Object found = event.attribute(name);
            if (found instanceof String text) {
                return Code.flag(literal.equals(text) == wanted);
            }
            return found == null
                    ? Fault.MISSING_ATTRIBUTE.flag()
                    : Code.flag(literal.equals(Casts.text(found)) == wanted);
        });
    }

    private static Node sameText(Code.Text left, Code.Text right, boolean wanted) {
        return Node.flag(event -> {
            Object one = left.run(event);
            if (one instanceof Failure failure) {
                return failure.fault().flag();
            }
            Object other = right.run(event);
            return other instanceof Failure failure ? failure.fault().flag() : Code.flag(one.equals(other) == wanted);
        });
    }

    private static Node same(Code.Value left, Code.Value right, boolean wanted) {
        return Node.flag(event -> {
            Object one = left.run(event);
            if (one instanceof Failure failure) {
                return failure.fault().flag();
            }
            int outcome = same(one, right.run(event));
            return outcome < 0 ? outcome : Code.flag(outcome == Code.flag(wanted));
        });
    }

    /** Compares what did not fail with something, in the type of the latter. */
    private static int same(Object value, Object other) {
        if (other instanceof Failure failure) {
            return failure.fault().flag();
        }
        if (other instanceof String) {
            return Code.flag(other.equals(Casts.toText(value)));
        }
        if (other instanceof Boolean flag) {
            int outcome = Casts.toFlag(value);
            return outcome < 0 ? outcome : Code.flag(outcome == Code.flag(flag));
        }
        long outcome = Casts.toNumber(value);
        return Code.failed(outcome)
                ? Fault.ofNumber(outcome).flag()
                : Code.flag(Code.value(outcome) == (Integer) other);
    }

    static Node like(Node operand, String pattern, boolean wanted) {
        Code.Text code = operand.asText();
        Predicate<String> matcher = LikePattern.compile(pattern);
        return Node.flag(event -> {
            Object outcome = code.run(event);
            return outcome instanceof String text
                    ? Code.flag(matcher.test(text) == wanted)
                    : ((Failure) outcome).fault().flag();
        });
    }

    static Node exists(String name) {
        return switch (name) {
            case "id", "source", "type", "specversion" -> Node.constant(true);
            default -> Node.flag(event -> Code.flag(event.attribute(name) != null));
        };
    }

    /** Compiles membership: elements are compared in the type of the left side, from left to right, until one is equal. */
    static Node in(Node left, List<Node> elements, boolean wanted) {
        Set<String> texts = texts(elements);
        if (texts != null && (left.attribute() != null || left.type() == Node.Type.STRING)) {
            return inTexts(left, elements, texts, wanted);
        }
        Code.Value code = left.asValue();
        Code.Value[] values = values(elements);
        return Node.flag(event -> {
            Object value = code.run(event);
            int outcome = value instanceof Failure failure ? failure.fault().flag() : search(value, values, event);
            return outcome < 0 ? outcome : Code.flag(outcome == Code.flag(wanted));
        });
    }

    private static Node inTexts(Node left, List<Node> elements, Set<String> texts, boolean wanted) {
        Set<String> types = wanted && "type".equals(left.attribute()) ? texts : null;
        Code.Value code = left.asValue();
        Code.Value[] values = values(elements);
        return Node.flag(types, event -> {
            Object value = code.run(event);
            if (value instanceof String text) {
                return Code.flag(texts.contains(text) == wanted);
            }
            int outcome = value instanceof Failure failure ? failure.fault().flag() : search(value, values, event);
            return outcome < 0 ? outcome : Code.flag(outcome == Code.flag(wanted));
        });
    }

    private static int search(Object value, Code.Value[] elements, Filterable event) {
        for (Code.Value element : elements) {
            Object found = element.run(event);
            int outcome = found instanceof Failure failure ? failure.fault().flag() : same(found, value);
            if (outcome != Code.FALSE) {
                return outcome;
            }
        }
        return Code.FALSE;
    }

    /** Returns the elements as texts if all are literals. */
    private static @Nullable Set<String> texts(List<Node> elements) {
        Set<String> texts = new HashSet<>();
        for (Node element : elements) {
            if (element.constant() == null) {
                return null;
            }
            texts.add(Objects.toString(element.constant()));
        }
        return texts;
    }

    private static Code.Value[] values(List<Node> elements) {
        return elements.stream().map(Node::asValue).toArray(Code.Value[]::new);
    }
}
