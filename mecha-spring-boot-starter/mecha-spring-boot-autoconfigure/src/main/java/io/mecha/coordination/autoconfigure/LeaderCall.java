// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure;

import io.mecha.coordination.Leadership;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/** The calls of one method with {@code @LeaderOnly}. */
final class LeaderCall implements MethodInterceptor {

    private final LeaderCalls leader;
    private final LeasedCalls calls;
    private final boolean later;

    LeaderCall(Method method, LeaderCalls leader) {
        this.leader = leader;
        this.calls = LeasedCalls.of(method, Leadership.class, true);
        this.later = CompletionStage.class.isAssignableFrom(method.getReturnType());
    }

    @Override
    public @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Leadership held = leader.beginCall();
        if (held == null) {
            return calls.skipped();
        }
        if (!later) {
            return calls.call(call, held, leader::endCall);
        }
        leader.beginLater();
        try {
            return calls.call(call, held, leader::endLater);
        } finally {
            leader.endCall();
        }
    }
}
