// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * The asynchronous results of handlers: which types are awaited, how, and which are refused because they cannot be awaited.
 *
 * <p>Reactive types are those that Spring's registry knows: of Reactor, RxJava, Mutiny, Kotlin and the JDK, as far as their libraries are
 * on the class path. A handler whose result is not awaited would be taken for done before it ran.
 *
 * @since 1.0
 */
public final class LaterResults {

    private static final String AWAITED =
            "Return a CompletableFuture or a reactive type, or do the work before it returns.";
    private static final String SUSPENDED = "Make it a function that returns a CompletableFuture, or one that blocks.";
    private static final String UNIT = "kotlin.Unit"; // allow ClassName: optional at run time
    private static final String CONTINUATION =
            "kotlin.coroutines.Continuation"; // allow ClassName: optional at run time

    /** Interfaces whose instances do nothing until somebody asks. */
    private static final Set<Class<?>> LAZY = Set.of(Callable.class, Supplier.class, Runnable.class, Iterator.class);

    /** Types that are not awaited unless the registry knows how. */
    private static final List<String> UNKNOWN = List.of(
            "java.util.concurrent.Flow$Publisher",
            "org.reactivestreams.Publisher",
            "kotlin.Lazy", // allow ClassName: optional at run time
            "kotlin.jvm.functions.Function0", // allow ClassName: optional at run time
            "kotlin.sequences.Sequence", // allow ClassName: optional at run time
            "kotlinx.coroutines.Job", // allow ClassName: optional at run time
            "kotlinx.coroutines.flow.Flow", // allow ClassName: optional at run time
            "org.springframework.web.context.request.async.DeferredResult", // allow ClassName: optional at run time
            "org.springframework.web.context.request.async.WebAsyncTask"); // allow ClassName: optional at run time

    private static final List<Class<?>> NEVER_AWAITED = UNKNOWN.stream()
            .filter((name) -> ClassUtils.isPresent(name, LaterResults.class.getClassLoader()))
            .<Class<?>>map((name) -> ClassUtils.resolveClassName(name, LaterResults.class.getClassLoader()))
            .toList();

    private static final ClassValue<Boolean> LATER = new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
            return isAwaited(type) || isUnawaitable(type);
        }
    };

    private LaterResults() {}

    /**
     * Return the type of the value that comes later.
     *
     * @param type type that a method returns
     * @return type of the value, {@code Collection} for several; {@code null} if the type itself is that of a value
     */
    public static @Nullable ResolvableType value(ResolvableType type) {
        Class<?> raw = type.resolve(Object.class);
        if (CompletionStage.class.isAssignableFrom(raw)) {
            return type.as(CompletionStage.class).getGeneric(0);
        }
        ReactiveAdapter adapter = adapter(raw);
        if (adapter == null) {
            return null;
        }
        if (adapter.isNoValue()) {
            return ResolvableType.forClass(Void.class);
        }
        ResolvableType element = type.as(adapter.getReactiveType()).getGeneric(0);
        return adapter.isMultiValue() && !isNothing(element)
                ? ResolvableType.forClassWithGenerics(Collection.class, element)
                : element;
    }

    /**
     * Tell whether there is no value: nothing, or Kotlin's.
     *
     * @param type type of a result
     * @return whether no instance is a value
     */
    public static boolean isNothing(ResolvableType type) {
        Class<?> raw = type.resolve(Object.class);
        return raw == void.class || raw == Void.class || raw.getName().equals(UNIT);
    }

    /**
     * Refuse a method that returns what is not awaited.
     *
     * @param codes codes of mistakes
     * @param method the method
     * @param values type of its value, without what is awaited, and types inside it
     * @throws io.mecha.InvalidConfigurationException if a result would not be awaited
     */
    public static void check(HandlerMistakes codes, Method method, List<Class<?>> values) {
        check(codes, method, values, SUSPENDED, AWAITED);
    }

    /**
     * Refuse a method that returns what is not awaited, where not all that could be awaited is.
     *
     * @param codes codes of mistakes
     * @param method the method
     * @param values type of its value, without what is awaited, and types inside it
     * @param action what to do instead, one sentence
     * @throws io.mecha.InvalidConfigurationException if a result would not be awaited
     */
    public static void check(HandlerMistakes codes, Method method, List<Class<?>> values, String action) {
        check(codes, method, values, action, action);
    }

    private static void check(
            HandlerMistakes codes, Method method, List<Class<?>> values, String suspended, String action) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION)) {
            throw codes.signature(method, "It is a suspend function, which is not supported.", suspended);
        }
        for (Class<?> type : values) {
            if (isAwaited(type) || isUnawaitable(type)) {
                throw codes.signature(
                        method, "It returns a %s that is not awaited.".formatted(type.getSimpleName()), action);
            }
        }
    }

    /**
     * Tell whether an instance is no value, whatever the type is that the handler declares.
     *
     * @param returned result of a handler
     * @return whether it has to be awaited
     */
    public static boolean is(Object returned) {
        return LATER.get(returned.getClass());
    }

    /**
     * Await what a handler returned that declares nothing of the kind.
     *
     * @param returned result of a handler
     * @return the value; what was returned, if that is a value
     * @throws Exception the failure of the result
     */
    public static @Nullable Object await(@Nullable Object returned) throws Exception {
        if (returned == null || !is(returned)) {
            return returned;
        }
        try {
            return returned instanceof Future<?> future
                    ? future.get()
                    : stage(returned).toCompletableFuture().get();
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /**
     * Make a stage of what a handler returned, and subscribe to it where that is what begins the work.
     *
     * @param returned result of a handler that declares an asynchronous one
     * @return completes with the value
     * @throws IllegalStateException if it cannot be awaited
     */
    public static CompletionStage<?> stage(Object returned) {
        if (returned instanceof CompletionStage<?> stage) {
            return stage;
        }
        ReactiveAdapter adapter = adapter(returned.getClass());
        if (adapter == null) {
            throw unawaited(returned);
        }
        return ReactiveResult.of(adapter, returned);
    }

    /**
     * Make the failure of a handler whose result is not awaited.
     *
     * @param returned what it returned
     * @return the exception, to be thrown
     */
    public static IllegalStateException unawaited(Object returned) {
        return new IllegalStateException("The handler returned a %s that is not awaited. %s"
                .formatted(returned.getClass().getName(), AWAITED));
    }

    private static boolean isAwaited(Class<?> type) {
        return CompletionStage.class.isAssignableFrom(type) || adapter(type) != null;
    }

    private static boolean isUnawaitable(Class<?> type) {
        return Future.class.isAssignableFrom(type)
                || BaseStream.class.isAssignableFrom(type)
                || isLazy(type)
                || NEVER_AWAITED.stream().anyMatch((unknown) -> unknown.isAssignableFrom(type));
    }

    private static boolean isLazy(Class<?> type) {
        boolean lambda = type.isSynthetic();
        return lambda ? LAZY.stream().anyMatch((lazy) -> lazy.isAssignableFrom(type)) : LAZY.contains(type);
    }

    private static @Nullable ReactiveAdapter adapter(Class<?> type) {
        return ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
    }
}
