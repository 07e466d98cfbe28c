// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.ComponentKind;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.SubscriptionOptions;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/** A reader of annotated methods as registrations, which collects mistakes on the way. */
final class HandlerReader {

    private final ComponentKind<?, ?> kind;
    private final ConfigurableListableBeanFactory beans;
    private final PropertyResolver placeholders;
    private final UnaryOperator<String> defaultGroup;
    private final MistakeCollector mistakes;
    private final List<HandlerRegistration> handlers = new ArrayList<>();
    private final List<FallbackRegistration> fallbacks = new ArrayList<>();

    /**
     * Begins to read.
     *
     * @param defaultGroup returns the group of a channel where a handler names none
     */
    HandlerReader(
            ComponentKind<?, ?> kind,
            ConfigurableListableBeanFactory beans,
            PropertyResolver placeholders,
            UnaryOperator<String> defaultGroup,
            MistakeCollector mistakes) {
        this.kind = kind;
        this.beans = beans;
        this.placeholders = placeholders;
        this.defaultGroup = defaultGroup;
        this.mistakes = mistakes;
    }

    List<HandlerRegistration> handlers() {
        return handlers;
    }

    List<FallbackRegistration> fallbacks() {
        return fallbacks;
    }

    void read(AnnotatedBean found) {
        found.methods(Binding.class).forEach((method, binding) -> {
            HandlerMethod handler = method(found, method, false);
            if (handler != null) {
                add(found, handler, binding);
            }
        });
        found.methods(BindingFallback.class).forEach((method, fallback) -> {
            HandlerMethod handler = method(found, method, true);
            if (handler != null) {
                add(handler, fallback);
            }
        });
    }

    private @Nullable HandlerMethod method(AnnotatedBean found, Method method, boolean fallback) {
        try {
            return HandlerMethod.of(BeanMethod.of(BindingHandlerMistakes.CODES, beans, found, method), fallback);
        } catch (MechaException wrong) {
            mistakes.add(HandlerMistakes.place(method), wrong);
            return null;
        }
    }

    private void add(AnnotatedBean found, HandlerMethod method, Binding binding) {
        HandlerSettings settings = settings(method);
        Binding onClass =
                binding.value().isEmpty() ? found.onClass(Binding.class).orElse(null) : null;
        String channel = settings.channel("value", onClass == null ? binding.value() : onClass.value());
        SubscriptionOptions options = settings.options(binding);
        List<String> types = new ArrayList<>(settings.types(binding));
        String sendTo = binding.sendTo().isEmpty() ? "" : settings.channel("sendTo", binding.sendTo());
        if (onClass != null) {
            options = options.orElse(settings.options(onClass));
            if (types.isEmpty()) {
                types.addAll(method.payloadTypes());
            }
        }
        Binding filtered = onClass != null && binding.filter().isEmpty() ? onClass : binding;
        checkResult(method, sendTo);
        handlers.add(new HandlerRegistration(
                method,
                channel,
                options.group().orElseGet(() -> defaultGroup.apply(channel)),
                types,
                settings.filter(filtered),
                options,
                sendTo,
                onClass == null ? "" : found.name()));
    }

    private void checkResult(HandlerMethod method, String sendTo) {
        HandlerResult result = method.result();
        if (method.parameters().isBatch() && (!result.isNothing() || result.later())) {
            reject(method, "It takes a Batch and returns something.", "Return void: the Batch takes the outcomes.");
        } else if (!sendTo.isEmpty() && result.isNothing()) {
            reject(
                    method,
                    "It returns nothing that could be sent to '%s'.".formatted(sendTo),
                    "Return the payload, or leave sendTo out.");
        }
    }

    private void add(HandlerMethod method, BindingFallback fallback) {
        HandlerSettings settings = settings(method);
        if (method.result().later() || method.result().isValue()) {
            reject(
                    method,
                    "A fallback returns neither a value nor an asynchronous result.",
                    "Return void or an Outcome.");
        }
        fallbacks.add(new FallbackRegistration(
                method, settings.channel("value", fallback.value()), settings.text(fallback.group())));
    }

    private HandlerSettings settings(HandlerMethod method) {
        return new HandlerSettings(kind, method.declared(), placeholders, mistakes);
    }

    private void reject(HandlerMethod method, String problem, String action) {
        mistakes.add(method.place(), BindingHandlerMistakes.CODES.signature(method.declared(), problem, action));
    }
}
