// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.binding.Binding;
import io.mecha.binding.Filter;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.filter.FilterException;
import io.mecha.binding.filter.Filters;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.env.PropertyResolver;

/** A reader of the attributes of {@code @Binding} on a method, with placeholders; all mistakes in them are reported together. */
final class HandlerSettings {

    private final Method method;
    private final PropertyResolver placeholders;
    private final MistakeCollector mistakes;

    /**
     * Begins to read.
     *
     * @param mistakes takes what is wrong
     */
    HandlerSettings(Method method, PropertyResolver placeholders, MistakeCollector mistakes) {
        this.method = method;
        this.placeholders = placeholders;
        this.mistakes = mistakes;
    }

    /** Reads the name of a channel. */
    String channel(String attribute, String text) {
        String name = text(text);
        if (!ComponentConfiguration.isName(name)) {
            mistakes.add(ComponentConfiguration.invalidName(
                    BindingProperties.KIND, attribute + " of " + HandlerMistakes.place(method), name));
        }
        return name;
    }

    /** Resolves placeholders. */
    String text(String text) {
        try {
            return placeholders.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException unknown) {
            mistakes.add(HandlerMistakes.placeholder(HandlerMistakes.place(method), text));
            return "";
        }
    }

    List<String> types(Binding binding) {
        return Arrays.stream(binding.type())
                .map(this::text)
                .filter((type) -> !type.isEmpty())
                .toList();
    }

    /** Reads the filter, if there is one. */
    @Nullable Filter filter(Binding binding) {
        String expression = text(binding.filter());
        if (expression.isEmpty()) {
            return null;
        }
        Filter filter = Filter.sql(expression);
        try {
            Filters.compile(filter);
        } catch (FilterException unreadable) {
            mistakes.add(unreadable.mistake("filter of " + HandlerMistakes.place(method)));
        }
        return filter;
    }

    SubscriptionOptions options(Binding binding) {
        SubscriptionOptions.Builder options = SubscriptionOptions.builder();
        String group = text(binding.group());
        if (!group.isBlank()) {
            options.group(group);
        }
        set("concurrency", binding.concurrency(), Integer::valueOf, options::concurrency, "1 to 10,000");
        set(
                "timeout",
                binding.timeout(),
                HandlerSettings::duration,
                options::timeout,
                "a duration with unit, as in 30s");
        set("batchSize", binding.batchSize(), Integer::valueOf, options::batchSize, "1 to 10,000");
        if (binding.ordering().length > 1) {
            reject("ordering", "There is more than one ordering.", "Set one of them.");
        } else if (binding.ordering().length == 1) {
            options.ordering(binding.ordering()[0]);
        }
        RetryPolicy notRetryable = binding.notRetryable().length == 0
                ? RetryPolicy.open()
                : new RetryPolicy(null, null, null, null, null, List.of(binding.notRetryable()));
        options.retry(notRetryable);
        set(
                "maxAttempts",
                binding.maxAttempts(),
                Integer::valueOf,
                (attempts) -> options.retry(RetryPolicy.attempts(attempts).orElse(notRetryable)),
                "1 or more");
        return options.build();
    }

    private static Duration duration(String text) {
        // A number alone would be milliseconds, which nobody should have to know.
        if (text.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("no unit");
        }
        return DurationStyle.detectAndParse(text);
    }

    private <V> void set(String attribute, String text, Function<String, V> reader, Consumer<V> setter, String wanted) {
        String resolved = text(text).strip();
        if (resolved.isEmpty()) {
            return;
        }
        try {
            setter.accept(reader.apply(resolved));
        } catch (IllegalArgumentException wrong) {
            reject(attribute, "'%s' cannot be used.".formatted(resolved), "Set %s.".formatted(wanted));
        }
    }

    private void reject(String attribute, String problem, String action) {
        InvalidConfigurationException rejected = HandlerMistakes.attribute(method, attribute, problem, action);
        mistakes.add(HandlerMistakes.place(method), rejected);
    }
}
