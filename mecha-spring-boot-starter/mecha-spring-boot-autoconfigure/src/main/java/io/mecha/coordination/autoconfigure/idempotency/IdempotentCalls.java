// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.autoconfigure.LeaseStore;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.runtime.NodeIdentity;
import io.mecha.state.engine.StateStoreComponent;
import java.lang.reflect.Method;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.util.function.SingletonSupplier;

/** The engine and the settings that all idempotent methods share; checks at the start what their calls will need. */
final class IdempotentCalls implements SmartInitializingSingleton {

    private final IdempotencyProperties properties;
    private final IdempotentAdvices advices;
    private final LeaseStore store;
    private final SingletonSupplier<Idempotency> engine;
    private final ObjectProvider<WebCalls> web;
    private final NodeIdentity identity;
    private final CallTransactions transactions;

    IdempotentCalls(
            IdempotencyProperties properties,
            IdempotentAdvices advices,
            LeaseStore store,
            ObjectProvider<Idempotency> engine,
            ObjectProvider<WebCalls> web,
            NodeIdentity identity,
            CallTransactions transactions) {
        this.properties = properties;
        this.advices = advices;
        this.store = store;
        this.engine = SingletonSupplier.of(engine::getObject);
        this.web = web;
        this.identity = identity;
        this.transactions = transactions;
    }

    @Override
    public void afterSingletonsInstantiated() {
        MistakeCollector mistakes = new MistakeCollector();
        properties.check(mistakes);
        store.check(mistakes);
        WebCalls calls = web.getIfAvailable();
        if (calls == null) {
            advices.ofHeader().forEach((method) -> mistakes.add("", unread(method)));
        }
        boolean used = calls != null && calls.check(mistakes);
        // A lease that is out of bounds would fail the store, too.
        if ((used || !advices.made().isEmpty()) && mistakes.isEmpty()) {
            prepare(mistakes);
        }
        mistakes.throwIfAny();
    }

    private static InvalidConfigurationException unread(Method method) {
        return IdempotentAdvices.CODES.signature(
                method,
                "No Spring MVC on servlets is there to read the header of its requests.",
                "Write a key, as in @Idempotent(key = \"#request.id\"), or use Spring MVC.");
    }

    /** Looks for what the state store lacks before the first call needs it. */
    private void prepare(MistakeCollector mistakes) {
        try {
            engine.obtain();
        } catch (MechaException wrong) {
            mistakes.add(IdempotencyProperties.PREFIX + ".store", wrong);
            return;
        }
        for (IdempotentAdvice advice : advices.made()) {
            try {
                MethodCall unused = advice.prepare(this);
            } catch (InvalidConfigurationException wrong) {
                mistakes.add(advice.place(), wrong);
            }
        }
    }

    String application() {
        return identity.application();
    }

    StateStoreComponent store() {
        return store.component();
    }

    Idempotency engine() {
        return engine.obtain();
    }

    CallTransactions transactions() {
        return transactions;
    }

    Duration patience() {
        return properties.maximumWait();
    }

    Duration timeToLive() {
        return properties.timeToLive();
    }
}
