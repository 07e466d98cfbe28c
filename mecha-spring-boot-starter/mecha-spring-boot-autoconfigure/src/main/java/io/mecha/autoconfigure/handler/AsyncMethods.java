// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.handler;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.interceptor.AsyncExecutionInterceptor;
import org.springframework.aop.support.AopUtils;

/** Methods that a proxy runs on another thread, as with {@code @Async}. */
final class AsyncMethods {

    private AsyncMethods() {}

    /** Tells whether a call of the method on the bean returns before the method has run. */
    static boolean runsElsewhere(Object bean, Class<?> owner, Method method) {
        Object next = bean;
        while (next instanceof Advised proxy) {
            for (Advisor advisor : proxy.getAdvisors()) {
                if (advisor.getAdvice() instanceof AsyncExecutionInterceptor && applies(advisor, owner, method)) {
                    return true;
                }
            }
            next = target(proxy);
        }
        return false;
    }

    private static boolean applies(Advisor advisor, Class<?> owner, Method method) {
        if (!(advisor instanceof PointcutAdvisor some)) {
            return true;
        }
        return some.getPointcut().getClassFilter().matches(owner)
                && some.getPointcut().getMethodMatcher().matches(AopUtils.getMostSpecificMethod(method, owner), owner);
    }

    private static @Nullable Object target(Advised proxy) {
        try {
            return proxy.getTargetSource().isStatic() ? proxy.getTargetSource().getTarget() : null;
        } catch (Exception unknown) { // allow CatchException: nothing more is known of what is behind it
            return null;
        }
    }
}
