// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A choice of events to receive, in one of the dialects of the CloudEvents subscriptions specification.
 *
 * <p>Attributes are compared by their text; an attribute that an event does not have never matches.
 *
 * @since 1.0
 * @implNote Source: CloudEvents Subscriptions API 1.0-wip, section 3.2.4.1 "Filters".
 */
public sealed interface Filter {

    /**
     * Match attributes that equal a text.
     *
     * @param attributes text, not empty, by name of the attribute; all must match; at least one
     * @return the filter
     */
    static Filter exact(Map<String, String> attributes) {
        return new Exact(attributes);
    }

    /**
     * Match attributes that begin with a text.
     *
     * @param attributes text, not empty, by name of the attribute; all must match; at least one
     * @return the filter
     */
    static Filter prefix(Map<String, String> attributes) {
        return new Prefix(attributes);
    }

    /**
     * Match attributes that end with a text.
     *
     * @param attributes text, not empty, by name of the attribute; all must match; at least one
     * @return the filter
     */
    static Filter suffix(Map<String, String> attributes) {
        return new Suffix(attributes);
    }

    /**
     * Match if all filters match.
     *
     * @param filters at least one
     * @return the filter
     */
    static Filter all(Filter... filters) {
        return new All(List.of(filters));
    }

    /**
     * Match if one of the filters matches.
     *
     * @param filters at least one
     * @return the filter
     */
    static Filter any(Filter... filters) {
        return new Any(List.of(filters));
    }

    /**
     * Match if a filter does not.
     *
     * @param filter the filter
     * @return the filter
     */
    static Filter not(Filter filter) {
        return new Not(filter);
    }

    /**
     * Match if an expression is true.
     *
     * @param expression a CloudEvents SQL expression; checked when it is used
     * @return the filter
     */
    static Filter sql(String expression) {
        return new Sql(expression);
    }

    /**
     * Equality.
     *
     * @param attributes text by name of the attribute
     */
    record Exact(Map<String, String> attributes) implements Filter {
        public Exact {
            attributes = some(attributes);
        }
    }

    /**
     * Beginning.
     *
     * @param attributes text by name of the attribute
     */
    record Prefix(Map<String, String> attributes) implements Filter {
        public Prefix {
            attributes = some(attributes);
        }
    }

    /**
     * End.
     *
     * @param attributes text by name of the attribute
     */
    record Suffix(Map<String, String> attributes) implements Filter {
        public Suffix {
            attributes = some(attributes);
        }
    }

    /**
     * Conjunction.
     *
     * @param filters the filters
     */
    record All(List<Filter> filters) implements Filter {
        public All {
            filters = some(filters);
        }
    }

    /**
     * Disjunction.
     *
     * @param filters the filters
     */
    record Any(List<Filter> filters) implements Filter {
        public Any {
            filters = some(filters);
        }
    }

    /**
     * Negation.
     *
     * @param filter the filter
     */
    record Not(Filter filter) implements Filter {
        public Not {
            Objects.requireNonNull(filter, "filter");
        }
    }

    /**
     * An expression.
     *
     * @param expression a CloudEvents SQL expression
     */
    record Sql(String expression) implements Filter {
        public Sql {
            Objects.requireNonNull(expression, "expression");
        }
    }

    private static Map<String, String> some(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            throw new IllegalArgumentException("A filter names at least one attribute");
        }
        attributes.forEach((name, text) -> {
            if (!name.matches("[a-z0-9]+")) {
                throw new IllegalArgumentException(
                        "'%s' cannot be the name of an attribute, which has lower-case letters and digits only"
                                .formatted(name));
            }
            if (text.isEmpty()) {
                throw new IllegalArgumentException(
                        "The filter of attribute '%s' has no text; to ask whether it is there, use EXISTS"
                                .formatted(name));
            }
        });
        return Map.copyOf(attributes);
    }

    private static List<Filter> some(List<Filter> filters) {
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("all and any have at least one filter");
        }
        return List.copyOf(filters);
    }
}
