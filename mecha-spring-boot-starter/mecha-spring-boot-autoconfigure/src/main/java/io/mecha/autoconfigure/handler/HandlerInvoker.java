// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * An invoker of a method of a bean with values read from a message: one method handle, put together once, and no reflection for each call.
 *
 * @since 1.0
 */
public final class HandlerInvoker {

    private static final MethodHandle READ;

    static {
        try {
            READ = MethodHandles.lookup()
                    .findVirtual(
                            ParameterReader.class,
                            "read",
                            MethodType.methodType(Object.class, Object.class, Object.class));
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final MethodHandle handle;

    /**
     * Makes an invoker.
     *
     * @param codes codes of mistakes
     * @param bean the bean
     * @param method a method that can be called on it
     * @param readers a reader for each parameter, in order
     */
    HandlerInvoker(HandlerMistakes codes, Object bean, Method method, List<ParameterReader> readers) {
        this.handle = assemble(codes, method, readers).bindTo(bean);
    }

    // (bean, value…) becomes (bean, message, context, message, context…), and then (bean, message, context).
    private static MethodHandle assemble(HandlerMistakes codes, Method method, List<ParameterReader> readers) {
        int count = readers.size();
        MethodHandle target = unreflect(codes, method).asFixedArity().asType(MethodType.genericMethodType(count + 1));
        int[] order = new int[1 + 2 * count];
        for (int index = count - 1; index >= 0; index--) {
            target = MethodHandles.collectArguments(target, index + 1, READ.bindTo(readers.get(index)));
            order[1 + 2 * index] = 1;
            order[2 + 2 * index] = 2;
        }
        MethodType all = MethodType.methodType(Object.class, Object.class, Object.class, Object.class);
        return MethodHandles.permuteArguments(target, all, order);
    }

    private static MethodHandle unreflect(HandlerMistakes codes, Method method) {
        ReflectionUtils.makeAccessible(method);
        try {
            return MethodHandles.lookup().unreflect(method);
        } catch (IllegalAccessException closed) {
            throw codes.signature(
                    method,
                    "It is in a module that does not open its package.",
                    "Open the package, or make it public.");
        }
    }

    /**
     * Call the method.
     *
     * @param message what it is called for, for example an event
     * @param context what is known beside the message, for example why it failed
     * @return what the method returned; {@code null} if it returns nothing
     * @throws UnreadableParameterException if the message lacks what a parameter needs; the method was not called
     * @throws Exception what the method threw
     */
    public @Nullable Object call(Object message, @Nullable Object context) throws Exception {
        try {
            return (Object) handle.invokeExact(message, context);
        } catch (Exception | Error thrown) {
            throw thrown;
        } catch (Throwable neither) {
            throw new UndeclaredThrowableException(neither);
        }
    }
}
