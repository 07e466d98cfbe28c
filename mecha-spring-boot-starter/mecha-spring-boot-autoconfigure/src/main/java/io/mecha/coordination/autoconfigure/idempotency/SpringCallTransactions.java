// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.coordination.idempotency.Execution;
import io.mecha.coordination.idempotency.Idempotency;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.interceptor.TransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttributeSource;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/** Spring's transactions around calls, and the mark that the others leave as they commit. */
final class SpringCallTransactions implements CallTransactions, SmartInitializingSingleton {

    private final ListableBeanFactory beans;
    private final ObjectProvider<PlatformTransactionManager> managers;
    private final ObjectProvider<TransactionAttributeSource> attributes;
    private final SingletonSupplier<Idempotency> engine;
    private final OwnRollbacks rollbacks;

    /** The calls that run on a thread, each inside of the one before. */
    @SuppressWarnings("ThreadLocalUsage") // each application has its own
    private final ThreadLocal<@Nullable Deque<Execution>> running = new ThreadLocal<>();

    SpringCallTransactions(
            ListableBeanFactory beans,
            ObjectProvider<PlatformTransactionManager> managers,
            ObjectProvider<TransactionAttributeSource> attributes,
            ObjectProvider<Idempotency> engine,
            OwnRollbacks rollbacks) {
        this.beans = beans;
        this.managers = managers;
        this.attributes = attributes;
        this.engine = SingletonSupplier.of(engine::getObject);
        this.rollbacks = rollbacks;
    }

    @Override
    public void afterSingletonsInstantiated() {
        managers.stream()
                .filter(ConfigurableTransactionManager.class::isInstance)
                .map(ConfigurableTransactionManager.class::cast)
                .forEach((manager) -> manager.addListener(new Marker()));
    }

    @Override
    public boolean isTransactional(Method method, Class<?> owner) {
        TransactionAttribute attribute = attribute(method, owner);
        return attribute != null
                && !attribute.isReadOnly()
                && attribute.getPropagationBehavior() == TransactionDefinition.PROPAGATION_REQUIRED
                && manager(attribute) != null;
    }

    private @Nullable TransactionAttribute attribute(Method method, Class<?> owner) {
        TransactionAttributeSource source = attributes.getIfAvailable();
        return source == null ? null : source.getTransactionAttribute(method, owner);
    }

    private @Nullable PlatformTransactionManager manager(TransactionAttribute attribute) {
        String qualifier = attribute.getQualifier();
        return StringUtils.hasText(qualifier)
                ? BeanFactoryAnnotationUtils.qualifiedBeanOfType(
                        (BeanFactory) beans, PlatformTransactionManager.class, qualifier)
                : managers.getIfUnique();
    }

    @Override
    public boolean call(Method method, Class<?> owner, Execution execution, Work work, Work beforeCommit)
            throws Throwable {
        TransactionAttribute attribute = attribute(method, owner);
        PlatformTransactionManager manager = attribute == null ? null : manager(attribute);
        if (attribute == null || manager == null) {
            throw new IllegalArgumentException(method + " is not transactional");
        }
        TransactionStatus status = manager.getTransaction(attribute);
        boolean unexpected;
        try (OwnRollbacks.Watch watch = rollbacks.watch(method, owner)) {
            work.run();
            unexpected = watch.wantedCommit();
        } catch (UndoneException undone) {
            rollBack(manager, status, undone.reason());
            throw undone.reason();
        } catch (Throwable thrown) {
            if (status.isRollbackOnly() || attribute.rollbackOn(thrown)) {
                rollBack(manager, status, thrown);
            } else {
                commit(manager, status, execution::mark);
            }
            throw thrown;
        }
        if (!status.isRollbackOnly()) {
            commit(manager, status, beforeCommit);
            return true;
        }
        if (unexpected) {
            // Tells the caller, as it does where the method has begun the transaction.
            manager.commit(status);
        } else {
            manager.rollback(status);
        }
        return false;
    }

    private static void commit(PlatformTransactionManager manager, TransactionStatus status, Work before)
            throws Throwable {
        try {
            before.run();
        } catch (Throwable failed) {
            rollBack(manager, status, failed);
            throw failed;
        }
        manager.commit(status);
    }

    private static void rollBack(PlatformTransactionManager manager, TransactionStatus status, Throwable thrown) {
        try {
            manager.rollback(status);
        } catch (TransactionException failed) {
            thrown.addSuppressed(failed);
        }
    }

    @Override
    public void marking(Execution execution, Work work) throws Throwable {
        Deque<Execution> stack = running.get();
        if (stack == null) {
            stack = new ArrayDeque<>();
            running.set(stack);
        }
        stack.push(execution);
        try {
            work.run();
        } finally {
            stack.pop();
            if (stack.isEmpty()) {
                running.remove();
            }
        }
    }

    /** The listener of a manager, which lets each transaction of a call mark it. */
    private final class Marker implements TransactionExecutionListener {

        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            Deque<Execution> stack = running.get();
            if (stack != null
                    && failure == null
                    && !transaction.isReadOnly()
                    && TransactionSynchronizationManager.isSynchronizationActive()
                    && engine.obtain().joins()) {
                TransactionSynchronizationManager.registerSynchronization(new Mark(List.copyOf(stack)));
            }
        }
    }

    /** A synchronization that marks the calls of a transaction. */
    private record Mark(List<Execution> calls) implements TransactionSynchronization {

        @Override
        public void beforeCommit(boolean readOnly) {
            calls.forEach(Execution::mark);
        }
    }
}
