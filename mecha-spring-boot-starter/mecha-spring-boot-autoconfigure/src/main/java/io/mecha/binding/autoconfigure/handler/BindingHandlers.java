// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.ComponentKind;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanClasses;
import io.mecha.autoconfigure.handler.HandlerScanner;
import io.mecha.autoconfigure.injection.EmptyFields;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
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

/**
 * The subscriber of the annotated methods of all beans, once all singletons are there; all mistakes in them are reported together.
 *
 * @since 1.0
 */
public final class BindingHandlers implements SmartInitializingSingleton {

    private final ComponentKind<?, ?> kind;
    private final ConfigurableListableBeanFactory beans;
    private final ObjectProvider<Bindings> bindings;
    private final PropertyResolver placeholders;
    private final UnaryOperator<String> defaultGroup;

    /**
     * Make a subscriber.
     *
     * @param kind the kind of channels
     * @param beans the beans
     * @param bindings takes the subscriptions
     * @param placeholders resolves those in annotations
     * @param defaultGroup returns the group of a channel where a handler names none
     */
    public BindingHandlers(
            ComponentKind<?, ?> kind,
            ConfigurableListableBeanFactory beans,
            ObjectProvider<Bindings> bindings,
            PropertyResolver placeholders,
            UnaryOperator<String> defaultGroup) {
        this.kind = kind;
        this.beans = beans;
        this.bindings = bindings;
        this.placeholders = placeholders;
        this.defaultGroup = defaultGroup;
    }

    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector mistakes = new MistakeCollector();
        List<AnnotatedBean> found = scan(beans, true, mistakes);
        found.stream()
                .filter((bean) -> !bean.hasMethods())
                .forEach((bean) -> bean.onClass(Binding.class)
                        .ifPresent((binding) ->
                                mistakes.add(BindingHandlerMistakes.noMethods(bean.type(), binding.value()))));
        EmptyFields.mistakes(beans, Binding.class, "MECHA-B107").forEach(mistakes::add);
        HandlerReader reader = new HandlerReader(kind, beans, placeholders, defaultGroup, mistakes);
        found.forEach(reader::read);
        checkOverlaps(reader.handlers(), mistakes);
        checkFallbacks(reader, mistakes);
        mistakes.throwIfAny();
        for (HandlerRegistration handler : reader.handlers()) {
            subscribe(handler, fallback(handler, reader.fallbacks()), mistakes);
        }
        mistakes.throwIfAny();
    }

    /** Finds the beans with handlers; whether to create lazy ones, see {@link BeanClasses}. */
    static List<AnnotatedBean> scan(
            ConfigurableListableBeanFactory beans, boolean creating, MistakeCollector mistakes) {
        return new HandlerScanner(BindingHandlerMistakes.CODES, List.of(Binding.class, BindingFallback.class))
                .scan(new BeanClasses(beans, creating), mistakes);
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
                    .ifPresent((other) -> mistakes.add(BindingHandlerMistakes.overlap(
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
                mistakes.add(BindingHandlerMistakes.fallback(
                        place,
                        "No handler of channel '%s'%s has messages for it."
                                .formatted(
                                        fallback.channel(),
                                        fallback.group().isEmpty() ? "" : " in group '" + fallback.group() + "'"),
                        "Name the channel and the group of a @Binding method, and take its payload."));
            } else if (!taken.add(messages)) {
                mistakes.add(BindingHandlerMistakes.fallback(
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
