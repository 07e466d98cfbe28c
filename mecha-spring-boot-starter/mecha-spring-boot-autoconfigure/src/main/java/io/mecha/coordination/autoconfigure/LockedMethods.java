// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.MechaException;
import io.mecha.autoconfigure.advice.AdvisedMethod;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.autoconfigure.handler.HandlerMistakes;
import io.mecha.coordination.DistributedLocks;
import io.mecha.coordination.Locked;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.core.env.Environment;

/** All methods with {@code @Locked}. */
final class LockedMethods {

    private final Supplier<DistributedLocks> locks;
    private final Environment environment;
    private final List<LockedCall> calls = new CopyOnWriteArrayList<>();

    LockedMethods(Supplier<DistributedLocks> locks, Environment environment) {
        this.locks = locks;
        this.environment = environment;
    }

    MethodInterceptor advice(AdvisedMethod<Locked> method) {
        LockedCall call = LockedCall.of(method, locks, environment);
        calls.add(call);
        return call;
    }

    /** Makes the locks whose names are known, so that what is wrong with them or their store shows at start. */
    void prepare(MistakeCollector mistakes) {
        for (LockedCall call : calls) {
            try {
                call.prepare();
            } catch (MechaException wrong) {
                mistakes.add(HandlerMistakes.place(call.method()), wrong);
            }
        }
    }
}
