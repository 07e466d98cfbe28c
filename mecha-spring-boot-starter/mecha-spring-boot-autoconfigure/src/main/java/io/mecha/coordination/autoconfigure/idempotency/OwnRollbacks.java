// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.coordination.Idempotent;
import java.lang.reflect.Method;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A processor of beans that puts advice inside of the transactions of methods, to learn whether a method wants the rollback itself.
 *
 * <p>A method whose transaction was begun around it only takes part in that one, and Spring tells the owner of a transaction nothing but
 * that somebody demanded the rollback. Where the method did, with {@code setRollbackOnly} or an exception, its result is what it wanted
 * to say. Where something within did that it has called, it may know nothing of it.
 */
@SuppressWarnings("serial") // Spring's own base class says so; no processor is ever written
final class OwnRollbacks extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    @SuppressWarnings("ThreadLocalUsage") // each application has its own
    private final ThreadLocal<@Nullable Watch> watched = new ThreadLocal<>();

    OwnRollbacks() {
        this.advisor = new Inside();
    }

    /** Never makes a proxy: a bean without one has no transactions. */
    @Override
    protected boolean isEligible(Object bean, String name) {
        return false;
    }

    /** Begins to watch a method on this thread; to be closed. */
    Watch watch(Method method, Class<?> owner) {
        Watch watch = new Watch(AopUtils.getMostSpecificMethod(method, owner), watched.get());
        watched.set(watch);
        return watch;
    }

    /** One call of a method that is watched. */
    final class Watch implements AutoCloseable {

        private final Method method;
        private final @Nullable Watch outer;
        private boolean returned;
        private boolean demanded;

        private Watch(Method method, @Nullable Watch outer) {
            this.method = method;
            this.outer = outer;
        }

        private void hasReturned() {
            try {
                demanded =
                        TransactionAspectSupport.currentTransactionStatus() instanceof DefaultTransactionStatus status
                                && status.isLocalRollbackOnly();
                returned = true;
            } catch (NoTransactionException elsewhere) {
                returned = false; // Its transaction is inside of the advice.
            }
        }

        /** Tells whether the method has returned and did not want the rollback; of methods without the advice, nobody knows. */
        boolean wantedCommit() {
            return returned && !demanded;
        }

        @Override
        public void close() {
            if (outer == null) {
                watched.remove();
            } else {
                watched.set(outer);
            }
        }
    }

    /** The advice of idempotent methods and of handlers of web requests. */
    private final class Inside extends StaticMethodMatcherPointcutAdvisor {

        Inside() {
            setAdvice((MethodInterceptor) OwnRollbacks.this::invoke);
        }

        @Override
        public boolean matches(Method method, Class<?> targetClass) {
            Method specific = AopUtils.getMostSpecificMethod(method, targetClass);
            return AnnotatedElementUtils.hasAnnotation(targetClass, Idempotent.class)
                    || AnnotatedElementUtils.hasAnnotation(specific, Idempotent.class)
                    || MergedAnnotations.from(specific, SearchStrategy.TYPE_HIERARCHY)
                            .isPresent(IdempotentAdvices.REQUEST_MAPPING);
        }
    }

    private @Nullable Object invoke(MethodInvocation call) throws Throwable {
        Object result = call.proceed();
        Watch watch = watched.get();
        if (watch != null
                && call.getThis() != null
                && watch.method.equals(
                        AopUtils.getMostSpecificMethod(call.getMethod(), AopUtils.getTargetClass(call.getThis())))) {
            watch.hasReturned();
        }
        return result;
    }
}
