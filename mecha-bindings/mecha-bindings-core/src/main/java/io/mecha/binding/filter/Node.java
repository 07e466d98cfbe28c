// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled part of an expression, to be run as whichever type its surroundings need. */
final class Node {

    /** The type of a result before there is an event. */
    enum Type {
        BOOLEAN,
        INTEGER,
        STRING,
        ANY
    }

    private final Type type;
    private final Code.@Nullable Flag flag;
    private final Code.@Nullable Numeric number;
    private final Code.@Nullable Text text;
    private final Code.@Nullable Value value;
    private final @Nullable Object constant;
    private final @Nullable String attribute;
    private final @Nullable Set<String> types;

    private Node(
            Type type,
            Code.@Nullable Flag flag,
            Code.@Nullable Numeric number,
            Code.@Nullable Text text,
            Code.@Nullable Value value,
            @Nullable Object constant,
            @Nullable String attribute,
            @Nullable Set<String> types) {
        this.type = type;
        this.flag = flag;
        this.number = number;
        this.text = text;
        this.value = value;
        this.constant = constant;
        this.attribute = attribute;
        this.types = types;
    }

    static Node flag(Code.Flag code) {
        return new Node(Type.BOOLEAN, code, null, null, null, null, null, null);
    }

    /**
     * Makes a node that can only be true for some types of events.
     *
     * @param types the types; {@code null} if they are not known
     */
    static Node flag(@Nullable Set<String> types, Code.Flag code) {
        return new Node(Type.BOOLEAN, code, null, null, null, null, null, types);
    }

    static Node number(Code.Numeric code) {
        return new Node(Type.INTEGER, null, code, null, null, null, null, null);
    }

    static Node text(Code.Text code) {
        return new Node(Type.STRING, null, null, code, null, null, null, null);
    }

    static Node any(Code.Value code) {
        return new Node(Type.ANY, null, null, null, code, null, null, null);
    }

    static Node attribute(String name) {
        Code.Value code = event -> {
            Object found = event.attribute(name);
            if (found instanceof String) {
                return found;
            }
            return found == null ? Failure.MISSING : Casts.primitive(found);
        };
        return new Node(Type.ANY, null, null, null, code, null, name, null);
    }

    static Node constant(boolean value) {
        int outcome = Code.flag(value);
        return new Node(Type.BOOLEAN, event -> outcome, null, null, null, value, null, null);
    }

    static Node constant(int value) {
        long outcome = Code.number(value);
        return new Node(Type.INTEGER, null, event -> outcome, null, null, value, null, null);
    }

    static Node constant(String value) {
        return new Node(Type.STRING, null, null, event -> value, null, value, null, null);
    }

    Type type() {
        return type;
    }

    /** Returns the value of a literal; {@code null} for everything else. */
    @Nullable Object constant() {
        return constant;
    }

    /** Returns the name of an attribute; {@code null} for everything else. */
    @Nullable String attribute() {
        return attribute;
    }

    /** Returns the types of events for which this can be true; {@code null} if they are not known. */
    @Nullable Set<String> types() {
        return types;
    }

    Code.Flag asFlag() {
        if (flag != null) {
            return flag;
        }
        if (number != null) {
            Code.Numeric source = number;
            return event -> {
                long outcome = source.run(event);
                return Code.failed(outcome) ? Fault.ofNumber(outcome).flag() : Code.flag(Code.value(outcome) != 0);
            };
        }
        Code.Value source = asValue();
        return event -> Casts.toFlag(source.run(event));
    }

    Code.Numeric asNumber() {
        if (number != null) {
            return number;
        }
        if (flag != null) {
            Code.Flag source = flag;
            return event -> {
                int outcome = source.run(event);
                return outcome < 0 ? Fault.ofFlag(outcome).number() : outcome;
            };
        }
        Code.Value source = asValue();
        return event -> Casts.toNumber(source.run(event));
    }

    Code.Text asText() {
        if (text != null) {
            return text;
        }
        Code.Value source = asValue();
        return event -> Casts.toText(source.run(event));
    }

    Code.Value asValue() {
        if (value != null) {
            return value;
        }
        if (text != null) {
            return text::run;
        }
        if (flag != null) {
            Code.Flag source = flag;
            return event -> {
                int outcome = source.run(event);
                return outcome < 0 ? Failure.flag(Fault.ofFlag(outcome)) : (Object) (outcome == Code.TRUE);
            };
        }
        Code.Numeric source = Objects.requireNonNull(number);
        return event -> {
            long outcome = source.run(event);
            return Code.failed(outcome)
                    ? Failure.number(Fault.ofNumber(outcome), Code.value(outcome))
                    : (Object) Code.value(outcome);
        };
    }
}
