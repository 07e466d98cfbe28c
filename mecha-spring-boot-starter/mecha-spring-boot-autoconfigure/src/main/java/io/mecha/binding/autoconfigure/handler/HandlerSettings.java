// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.ComponentKind;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.HandlerAttributes;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.binding.Binding;
import io.mecha.binding.Filter;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.filter.FilterException;
import io.mecha.binding.filter.Filters;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;

/** A reader of the attributes of {@code @Binding} on a method, with placeholders; all mistakes in them are reported together. */
final class HandlerSettings {

    private final ComponentKind<?, ?> kind;
    private final HandlerAttributes attributes;
    private final Method method;
    private final MistakeCollector mistakes;

    /**
     * Begins to read.
     *
     * @param kind the kind of channels
     * @param mistakes takes what is wrong
     */
    HandlerSettings(ComponentKind<?, ?> kind, Method method, PropertyResolver placeholders, MistakeCollector mistakes) {
        this.kind = kind;
        this.attributes = new HandlerAttributes(BindingHandlerMistakes.CODES, method, placeholders, mistakes);
        this.method = method;
        this.mistakes = mistakes;
    }

    /** Reads the name of a channel. */
    String channel(String attribute, String text) {
        String name = text(text);
        if (!ComponentConfiguration.isName(name)) {
            mistakes.add(
                    ComponentConfiguration.invalidName(kind, attribute + " of " + HandlerMistakes.place(method), name));
        }
        return name;
    }

    /** Resolves placeholders. */
    String text(String text) {
        return attributes.text(text);
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
        attributes.set("concurrency", binding.concurrency(), Integer::valueOf, options::concurrency, "1 to 10,000");
        attributes.duration("timeout", binding.timeout(), options::timeout);
        attributes.set("batchSize", binding.batchSize(), Integer::valueOf, options::batchSize, "1 to 10,000");
        if (binding.ordering().length > 1) {
            attributes.reject("ordering", "There is more than one ordering.", "Set one of them.");
        } else if (binding.ordering().length == 1) {
            options.ordering(binding.ordering()[0]);
        }
        RetryPolicy notRetryable = binding.notRetryable().length == 0
                ? RetryPolicy.open()
                : new RetryPolicy(null, null, null, null, null, List.of(binding.notRetryable()));
        options.retry(notRetryable);
        attributes.set(
                "maxAttempts",
                binding.maxAttempts(),
                Integer::valueOf,
                (attempts) -> options.retry(RetryPolicy.attempts(attempts).orElse(notRetryable)),
                "1 or more");
        return options.build();
    }
}
