// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure.handler;

import io.mecha.autoconfigure.handler.ParameterReader;
import io.mecha.autoconfigure.handler.TextConversion;
import io.mecha.autoconfigure.handler.UnreadableParameterException;
import io.mecha.autoconfigure.injection.InjectionPlace;
import io.mecha.binding.Attribute;
import io.mecha.binding.Batch;
import io.mecha.binding.Channel;
import io.mecha.binding.Event;
import io.mecha.binding.Failure;
import io.mecha.binding.Header;
import io.mecha.binding.Sender;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/** The readers of the parameters of a handler, and the payload that they need together. */
final class HandlerParameters {

    /** Begins the names of headers that no sender can set. */
    private static final String TRANSPORT = "mecha-transport-";

    private final Method method;
    private final boolean fallback;
    private final List<ParameterReader> readers = new ArrayList<>();
    private @Nullable Type payload;
    private boolean open;
    private boolean batch;

    /**
     * Reads the parameters of a method.
     *
     * @param owner class of the bean, which says what type variables stand for
     * @param fallback whether a {@code Failure} can be passed
     * @throws io.mecha.InvalidConfigurationException if a parameter cannot get a value
     */
    HandlerParameters(Method method, Class<?> owner, boolean fallback) {
        this.method = method;
        this.fallback = fallback;
        for (int index = 0; index < method.getParameterCount(); index++) {
            readers.add(reader(new MethodParameter(method, index).withContainingClass(owner)));
        }
        if (batch && readers.size() > 1) {
            throw BindingHandlerMistakes.CODES.signature(
                    method,
                    "It takes more than a Batch.",
                    "Take the Batch alone: its events have attributes and headers.");
        }
    }

    /** Returns what reads each parameter, in order. */
    List<ParameterReader> readers() {
        return readers;
    }

    /** Returns the payload that the parameters want; bytes if they want none. */
    Type payload() {
        return payload == null ? byte[].class : payload;
    }

    /** Tells whether no parameter says of which type the payload is. */
    boolean ignoresPayload() {
        return payload == null || open;
    }

    boolean isBatch() {
        return batch;
    }

    private ParameterReader reader(MethodParameter parameter) {
        Header header = parameter.getParameterAnnotation(Header.class);
        if (header != null) {
            String name = header.value().toLowerCase(Locale.ROOT);
            if (name.startsWith(TRANSPORT)) {
                String detail = name.substring(TRANSPORT.length());
                return text(
                        parameter, "header", name, (event) -> event.transport().get(detail));
            }
            return text(parameter, "header", name, (event) -> event.headers().get(name));
        }
        Attribute attribute = parameter.getParameterAnnotation(Attribute.class);
        if (attribute != null) {
            String name = attribute.value().toLowerCase(Locale.ROOT);
            return text(parameter, "attribute", name, (event) -> event.attribute(name));
        }
        ResolvableType type = ResolvableType.forMethodParameter(parameter);
        Class<?> raw = type.resolve(Object.class);
        if (raw == Failure.class) {
            if (!fallback) {
                throw BindingHandlerMistakes.CODES.signature(
                        method,
                        "It takes a Failure, which only a fallback gets.",
                        "Annotate it with @BindingFallback.");
            }
            return (message, failure) -> failure;
        }
        if (raw == Batch.class && !fallback) {
            batch = true;
            want(type.getGeneric(0));
            return (message, failure) -> message;
        }
        if (raw == Event.class) {
            want(type.getGeneric(0));
            return (message, failure) -> message;
        }
        return payload(parameter, type, raw);
    }

    private ParameterReader payload(MethodParameter parameter, ResolvableType type, Class<?> raw) {
        if (raw == Optional.class) {
            want(type.getGeneric(0));
            return (message, failure) -> ((Event<?>) message).payload();
        }
        if (raw == Sender.class || raw == Channel.class) {
            throw BindingHandlerMistakes.CODES.signature(
                    method,
                    "It takes a %s, which is no payload.".formatted(raw.getSimpleName()),
                    "Annotate it with @Autowired, too, if it is a setter, or take the payload.");
        }
        want(type);
        if (parameter.isOptional()) {
            return (message, failure) -> ((Event<?>) message).payload().orElse(null);
        }
        return (message, failure) -> ((Event<?>) message)
                .payload()
                .orElseThrow(() -> new UnreadableParameterException("The event has no data"));
    }

    private void want(ResolvableType wanted) {
        if (payload != null) {
            throw BindingHandlerMistakes.CODES.signature(
                    method,
                    "More than one of its parameters would be the payload.",
                    "Annotate the others with @Header or @Attribute, or take the Event.");
        }
        open = wanted.resolve() == null || wanted.getType() instanceof WildcardType;
        // Bytes can be read whatever they are.
        payload = open ? byte[].class : InjectionPlace.withoutVariables(wanted);
    }

    private ParameterReader text(
            MethodParameter parameter, String what, String name, Function<Event<?>, @Nullable Object> source) {
        ResolvableType type = ResolvableType.forMethodParameter(parameter);
        boolean optional = type.resolve() == Optional.class;
        Class<?> target = optional ? type.getGeneric(0).resolve(Object.class) : type.resolve(Object.class);
        Function<Object, Object> conversion = TextConversion.to(target)
                .orElseThrow(() -> BindingHandlerMistakes.CODES.signature(
                        method,
                        "The %s '%s' cannot become a %s.".formatted(what, name, target.getSimpleName()),
                        "Make it a String, a number, a boolean, an Instant, a URI, or an Optional of those."));
        if (target.isPrimitive() || !(optional || parameter.isOptional())) {
            return (message, failure) -> {
                Object found = source.apply((Event<?>) message);
                if (found == null) {
                    throw new UnreadableParameterException("The event has no %s '%s'".formatted(what, name));
                }
                return convert(found, conversion, what, name, target);
            };
        }
        return (message, failure) -> {
            Object found = source.apply((Event<?>) message);
            Object value = found == null ? null : convert(found, conversion, what, name, target);
            return optional ? Optional.ofNullable(value) : value;
        };
    }

    // The text itself may be a secret.
    private static Object convert(
            Object found, Function<Object, Object> conversion, String what, String name, Class<?> target) {
        try {
            return conversion.apply(found);
        } catch (
                RuntimeException unreadable) { // allow CatchException: whatever a conversion says, the message lacks it
            throw new UnreadableParameterException(
                    "The %s '%s' of the event is not a %s".formatted(what, name, target.getSimpleName()));
        }
    }
}
