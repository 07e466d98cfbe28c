// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A compiled CloudEvents SQL expression. Thread-safe. */
final class Cesql implements EventPredicate {

    private final Node root;
    private final Code.Flag filter;
    private final Code.Value value;

    private Cesql(Node root) {
        this.root = root;
        value = root.asValue();
        // What is no boolean does not pass a filter, whatever it could be cast to.
        filter = root.type() == Node.Type.BOOLEAN
                ? root.asFlag()
                : event -> Code.flag(Boolean.TRUE.equals(value.run(event)));
    }

    /**
     * Compiles an expression.
     *
     * @throws FilterException if it does not parse
     */
    static Cesql compile(String expression) {
        return new Cesql(CesqlParser.parse(expression));
    }

    /** Returns {@code true} unless the result is known to be a number or a text. */
    boolean canBeTrue() {
        return root.type() == Node.Type.BOOLEAN || root.type() == Node.Type.ANY;
    }

    @Override
    public boolean test(Filterable event) {
        return filter.run(event) == Code.TRUE;
    }

    /** Returns the types of events that can match; empty if they are not known. */
    Optional<Set<String>> types() {
        return Optional.ofNullable(root.types()).map(Set::copyOf);
    }

    Result evaluate(Filterable event) {
        Object outcome = value.run(event);
        return outcome instanceof Failure failure
                ? new Result(failure.value(), failure.fault())
                : new Result(outcome, null);
    }

    /**
     * The result of an expression.
     *
     * @param value a String, an Integer or a Boolean, also after a fault
     * @param fault the first thing that went wrong, if anything
     */
    record Result(Object value, @Nullable Fault fault) {}
}
