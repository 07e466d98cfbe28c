// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.state.KeyValueStore;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.Versioned;
import io.mecha.state.WriteResult;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The part of a state store that timers use, and its faults. */
final class TestStore implements InvocationHandler {

    private final Map<String, Versioned<byte[]>> entries = new HashMap<>();
    private int version;
    private boolean unavailable;
    private boolean losesNextAnswer;

    @SuppressWarnings("unchecked") // a proxy has no type arguments
    KeyValueStore<byte[]> store() {
        return (KeyValueStore<byte[]>)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, this);
    }

    synchronized void unavailable(boolean unavailable) {
        this.unavailable = unavailable;
    }

    synchronized void loseNextAnswer() {
        losesNextAnswer = true;
    }

    @Override
    public synchronized @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
            throws Throwable {
        if (method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, arguments);
        }
        if (method.getName().equals("name")) {
            return "test";
        }
        if (unavailable) {
            throw StateUnavailableException.nothingHappened("test", "test", null);
        }
        Object[] all = Objects.requireNonNull(arguments);
        String key = (String) all[0];
        return switch (method.getName()) {
            case "find" -> Optional.ofNullable(entries.get(key));
            case "putIfAbsent" -> write(key, (byte[]) all[1], null);
            case "replace" -> write(key, (byte[]) all[1], (String) all[2]);
            default -> throw new AssertionError("Timers do not call " + method);
        };
    }

    private WriteResult write(String key, byte[] value, @Nullable String expected) {
        Versioned<byte[]> before = entries.get(key);
        String actual = before == null ? null : before.version();
        if (!Objects.equals(expected, actual)) {
            return new WriteResult.Conflict(expected, actual);
        }
        String next = Integer.toString(++version);
        entries.put(key, new Versioned<>(value, next, null));
        if (losesNextAnswer) {
            losesNextAnswer = false;
            throw StateUnavailableException.mayHaveHappened("test", "test", null);
        }
        return new WriteResult.Written(next);
    }
}
