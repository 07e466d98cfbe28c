// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.autoconfigure.injection.InjectionQualifier;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Channel;
import io.mecha.binding.Sender;
import io.mecha.binding.autoconfigure.handler.BindingHandlerMistakes;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.PropertyResolver;

/**
 * A place that wants a sender or a channel.
 *
 * @param channel name of the channel
 * @param payload type of what is sent, without type variables; {@code null} for a channel
 */
record BindingInjectionPoint(String channel, @Nullable Type payload) {

    /** Name of the bean that makes senders of the annotation. */
    static final String SENDER_BEAN = "mechaInjectedSender";

    /** Name of the bean that makes channels of the annotation. */
    static final String CHANNEL_BEAN = "mechaInjectedChannel";

    /**
     * Reads an injection point.
     *
     * @param placeholders resolves those in the name of the channel
     * @throws InvalidConfigurationException if it is not the place for a sender or a channel
     */
    static BindingInjectionPoint of(InjectionPoint point, PropertyResolver placeholders) {
        Type payload = payload(point);
        return new BindingInjectionPoint(channel(point, annotation(point), placeholders), payload);
    }

    private static Binding annotation(InjectionPoint point) {
        return InjectionPlace.annotation(point, Binding.class)
                .orElseThrow(() -> wrong(
                        point, "It takes a Sender without saying which.", "Annotate it with @Binding(\"name\")."));
    }

    /**
     * Reads what an injection point sends, though nobody may know yet where to.
     *
     * @throws InvalidConfigurationException if it is not the place for a sender or a channel
     */
    static @Nullable Type payload(InjectionPoint point) {
        String channel = annotation(point).value();
        ResolvableType type = InjectionPlace.type(point);
        if (type.resolve() == Channel.class) {
            return null;
        }
        if (type.resolve() != Sender.class) {
            throw wrong(
                    point,
                    "@Binding is on a %s, which is neither a Sender nor a Channel.".formatted(type),
                    "Make it a Sender<type of the payload> or a Channel.");
        }
        ResolvableType payload = type.getGeneric(0);
        if (payload.resolve() == null || payload.getType() instanceof WildcardType) {
            throw wrong(
                    point,
                    "It does not say of which type the payloads of channel '%s' are.".formatted(channel),
                    "Write the type of the payload, as in Sender<OrderPlaced>.");
        }
        return InjectionPlace.withoutVariables(payload);
    }

    private static String channel(InjectionPoint point, Binding binding, PropertyResolver placeholders) {
        String channel =
                InjectionPlace.resolve(point, binding.value(), placeholders, BindingHandlerMistakes.PLACEHOLDER);
        if (!ComponentConfiguration.isName(channel)) {
            throw new InvalidConfigurationException(List.of(ComponentConfiguration.invalidName(
                    BindingProperties.KIND, InjectionPlace.describe(point), channel)));
        }
        return channel;
    }

    private static InvalidConfigurationException wrong(InjectionPoint point, String problem, String action) {
        return new InvalidConfigurationException(
                List.of(new Mistake("MECHA-B107", InjectionPlace.describe(point), problem, action)));
    }

    /**
     * The meaning of the annotation.
     *
     * @param placeholders resolves those in names of channels
     */
    record Qualifier(PropertyResolver placeholders) implements InjectionQualifier {

        @Override
        public Class<? extends Annotation> annotation() {
            return Binding.class;
        }

        @Override
        public Set<String> beans() {
            return Set.of(SENDER_BEAN, CHANNEL_BEAN);
        }

        @Override
        public Class<?> components() {
            return Bindings.class;
        }

        @Override
        public void check(InjectionPoint point) {
            of(point, placeholders);
        }
    }
}
