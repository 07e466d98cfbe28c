// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import io.mecha.binding.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The compiler of filters.
 *
 * <p>Expressions are CloudEvents SQL 1.0, with one function more: {@code DATA('/customer/country')} is the field of the data at a JSON
 * pointer, and {@code EXISTS DATA('/customer')} tells whether there is one. Note that in CloudEvents SQL {@code AND}, {@code OR} and
 * {@code XOR} bind equally and {@code NOT} binds tighter than a comparison: use brackets.
 *
 * @since 1.0
 * @implNote Source: CloudEvents SQL 1.0.0; CloudEvents Subscriptions API 1.0-wip, section 3.2.4.1 "Filters".
 */
public final class Filters {

    private static final int MAXIMUM_NESTING = 64;

    private Filters() {}

    /**
     * Compile a filter. Do it once: what is returned is fast, compiling is not.
     *
     * @param filter the filter
     * @return decides about events
     * @throws FilterException if an expression in it does not parse, or can never be true
     */
    public static EventPredicate compile(Filter filter) {
        return compile(filter, 0);
    }

    /**
     * Find out whether a filter can match events of some types only, so that it need not be asked about others.
     *
     * @param filter a filter that {@link #compile} accepts
     * @return the only types of events that can match, perhaps none; empty if any type might match
     */
    public static Optional<Set<String>> types(Filter filter) {
        return Optional.ofNullable(typesOf(filter)).map(Set::copyOf);
    }

    private static EventPredicate compile(Filter filter, int depth) {
        if (depth > MAXIMUM_NESTING) {
            throw new FilterException(
                    "", 0, "all, any and not are nested more than %d times".formatted(MAXIMUM_NESTING));
        }
        if (filter instanceof Filter.Exact exact) {
            return attributes(exact.attributes(), Comparison.EXACT);
        }
        if (filter instanceof Filter.Prefix prefix) {
            return attributes(prefix.attributes(), Comparison.PREFIX);
        }
        if (filter instanceof Filter.Suffix suffix) {
            return attributes(suffix.attributes(), Comparison.SUFFIX);
        }
        if (filter instanceof Filter.Not not) {
            EventPredicate inner = compile(not.filter(), depth + 1);
            return event -> !inner.test(event);
        }
        if (filter instanceof Filter.All all) {
            return all(compile(all.filters(), depth + 1));
        }
        if (filter instanceof Filter.Any any) {
            return any(compile(any.filters(), depth + 1));
        }
        return sql(((Filter.Sql) filter).expression());
    }

    private static EventPredicate[] compile(List<Filter> filters, int depth) {
        return filters.stream().map(filter -> compile(filter, depth)).toArray(EventPredicate[]::new);
    }

    private static EventPredicate sql(String expression) {
        Cesql compiled = Cesql.compile(expression);
        if (!compiled.canBeTrue()) {
            throw new FilterException(
                    expression, 0, "it is a number or a text, which is never true; compare it with something");
        }
        return compiled;
    }

    private static EventPredicate attributes(Map<String, String> attributes, Comparison comparison) {
        EventPredicate[] predicates = attributes.entrySet().stream()
                .map(entry -> attribute(entry.getKey(), entry.getValue(), comparison))
                .toArray(EventPredicate[]::new);
        return all(predicates);
    }

    private static EventPredicate attribute(String name, String wanted, Comparison comparison) {
        return event -> {
            Object found = event.attribute(name);
            if (found == null) {
                return false;
            }
            String text = found instanceof String plain ? plain : Casts.text(found);
            return switch (comparison) {
                case EXACT -> text.equals(wanted);
                case PREFIX -> text.startsWith(wanted);
                case SUFFIX -> text.endsWith(wanted);
            };
        };
    }

    private enum Comparison {
        EXACT,
        PREFIX,
        SUFFIX
    }

    private static EventPredicate all(EventPredicate[] predicates) {
        if (predicates.length == 1) {
            return predicates[0];
        }
        return event -> {
            for (EventPredicate predicate : predicates) {
                if (!predicate.test(event)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static EventPredicate any(EventPredicate[] predicates) {
        return event -> {
            for (EventPredicate predicate : predicates) {
                if (predicate.test(event)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static @Nullable Set<String> typesOf(Filter filter) {
        if (filter instanceof Filter.Exact exact) {
            String type = exact.attributes().get("type");
            return type == null ? null : Set.of(type);
        }
        if (filter instanceof Filter.All all) {
            return typesOf(all.filters(), TypeSets::intersection);
        }
        if (filter instanceof Filter.Any any) {
            return typesOf(any.filters(), TypeSets::union);
        }
        return filter instanceof Filter.Sql sql
                ? Cesql.compile(sql.expression()).types().orElse(null)
                : null;
    }

    private static @Nullable Set<String> typesOf(List<Filter> filters, TypeSets.Combination combination) {
        Set<String> types = typesOf(filters.get(0));
        for (Filter filter : filters.subList(1, filters.size())) {
            types = combination.of(types, typesOf(filter));
        }
        return types;
    }
}
