// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.injection.EmptyFields;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/** The subscriber of the annotated methods of all beans, once all singletons are there; all mistakes in them are reported together. */
final class BindingHandlers implements SmartInitializingSingleton {

    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<Bindings> bindings;
    private final PropertyResolver placeholders;
    private final UnaryOperator<String> defaultGroup;

    BindingHandlers(
            ConfigurableListableBeanFactory beans,
            ObjectProvider<Bindings> bindings,
            PropertyResolver placeholders,
            UnaryOperator<String> defaultGroup) {
        this.beans = beans;
        this.bindings = bindings;
        this.placeholders = placeholders;
        this.defaultGroup = defaultGroup;
    }

    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector mistakes = new MistakeCollector();
        List<HandlerScanner.Found> found = HandlerScanner.scan(new BeanClasses(beans, true), mistakes);
        EmptyFields.mistakes(beans, Binding.class, "MECHA-B107").forEach(mistakes::add);
        HandlerReader reader = new HandlerReader(beans, placeholders, defaultGroup, mistakes);
        found.forEach(reader::read);
        checkOverlaps(reader.handlers(), mistakes);
        checkFallbacks(reader, mistakes);
        mistakes.throwIfAny();
        for (HandlerRegistration handler : reader.handlers()) {
            subscribe(handler, fallback(handler, reader.fallbacks()), mistakes);
        }
        mistakes.throwIfAny();
    }

    private void subscribe(
            HandlerRegistration handler, @Nullable FallbackRegistration fallback, MistakeCollector mistakes) {
        try {
            handler.subscribe(bindings.getObject(), fallback == null ? null : fallback.method());
        } catch (MechaException refused) {
            mistakes.add(handler.method().place(), refused);
        }
    }

    private static void checkOverlaps(List<HandlerRegistration> handlers, MistakeCollector mistakes) {
        for (int index = 1; index < handlers.size(); index++) {
            HandlerRegistration handler = handlers.get(index);
            handlers.subList(0, index).stream()
                    .filter(handler::overlaps)
                    .findFirst()
                    .ifPresent((other) -> mistakes.add(HandlerMistakes.overlap(
                            handler.method().place(), other.method().place(), handler.channel(), handler.group())));
        }
    }

    private static void checkFallbacks(HandlerReader reader, MistakeCollector mistakes) {
        Set<String> taken = new HashSet<>();
        for (FallbackRegistration fallback : reader.fallbacks()) {
            String place = fallback.method().place();
            String messages = fallback.channel()
                    + ' '
                    + fallback.group()
                    + ' '
                    + fallback.method().rawPayload().getName();
            if (reader.handlers().stream().noneMatch(fallback::accepts)) {
                mistakes.add(HandlerMistakes.fallback(
                        place,
                        "No handler of channel '%s'%s has messages for it."
                                .formatted(
                                        fallback.channel(),
                                        fallback.group().isEmpty() ? "" : " in group '" + fallback.group() + "'"),
                        "Name the channel and the group of a @Binding method, and take its payload."));
            } else if (!taken.add(messages)) {
                mistakes.add(HandlerMistakes.fallback(
                        place,
                        "Channel '%s' has another fallback for the same messages.".formatted(fallback.channel()),
                        "Remove one of them, or give each its group."));
            }
        }
    }

    /** Finds the fallback of a handler: one of its group rather than one of all groups. */
    private static @Nullable FallbackRegistration fallback(
            HandlerRegistration handler, List<FallbackRegistration> fallbacks) {
        FallbackRegistration found = null;
        for (FallbackRegistration fallback : fallbacks) {
            if (fallback.accepts(handler)
                    && (found == null
                            || (found.group().isEmpty() && !fallback.group().isEmpty()))) {
                found = fallback;
            }
        }
        return found;
    }
}
