// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.AnnotatedBean;
import io.mecha.autoconfigure.handler.BeanMethod;
import io.mecha.autoconfigure.handler.HandlerAttributes;
import io.mecha.autoconfigure.handler.HandlerInvoker;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.autoconfigure.handler.MethodRegistrar;
import io.mecha.autoconfigure.handler.ParameterReader;
import io.mecha.lifecycle.Drain;
import io.mecha.lifecycle.OnDrain;
import io.mecha.lifecycle.drain.DrainHook;
import io.mecha.lifecycle.drain.DrainHooks;
import io.mecha.runtime.drain.DrainPhase;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.PropertyResolver;

/** The registration of all methods with {@code @OnDrain}. */
final class DrainMethods implements MethodRegistrar<OnDrain> {

    private static final HandlerMistakes CODES = new HandlerMistakes("MECHA-L402", "MECHA-L403", "MECHA-L403");

    private final ConfigurableListableBeanFactory beans;
    private final PropertyResolver placeholders;
    private final Map<DrainPhase, DrainHooks> phases = new EnumMap<>(DrainPhase.class);

    DrainMethods(ConfigurableListableBeanFactory beans, PropertyResolver placeholders, List<DrainHooks> phases) {
        this.beans = beans;
        this.placeholders = placeholders;
        phases.forEach((hooks) -> this.phases.put(hooks.phase(), hooks));
    }

    @Override
    public Class<OnDrain> annotation() {
        return OnDrain.class;
    }

    @Override
    public void register(AnnotatedBean bean, Method method, OnDrain annotation, MistakeCollector mistakes) {
        check(method);
        HandlerInvoker invoker = BeanMethod.of(CODES, beans, bean, method)
                .invoker(method.getParameterCount() == 0 ? List.of() : List.of(drain()));
        DrainHooks hooks = Objects.requireNonNull(phases.get(phase(annotation.value())));
        new HandlerAttributes(CODES, method, placeholders, mistakes)
                .duration("timeout", annotation.timeout(), (timeout) -> {
                    positive(timeout);
                    hooks.add(new DrainHook(HandlerMistakes.place(method), annotation.order(), timeout, (drain) -> {
                        Object unused = invoker.call(drain, null);
                    }));
                });
    }

    @Override
    public void complete(MistakeCollector mistakes) {
        // Each method stands for itself.
    }

    private static void positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("no time");
        }
    }

    private static DrainPhase phase(OnDrain.Stage stage) {
        return DrainPhase.valueOf(stage.name());
    }

    private static void check(Method method) {
        boolean nothingReturned = method.getReturnType() == void.class;
        boolean onlyTheDrain = Arrays.stream(method.getParameterTypes()).allMatch(Drain.class::equals)
                && method.getParameterCount() <= 1;
        if (!nothingReturned || !onlyTheDrain) {
            throw CODES.signature(
                    method,
                    "It does not take nothing or a Drain, or it returns something.",
                    "Write void %s(Drain drain) or void %s().".formatted(method.getName(), method.getName()));
        }
    }

    private static ParameterReader drain() {
        return (drain, nothing) -> Objects.requireNonNull(drain);
    }
}
