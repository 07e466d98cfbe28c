// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.mecha.Capabilities;
import io.mecha.InvalidConfigurationException;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.spi.StateBackend;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.SimpleTransactionStatus;
import tools.jackson.databind.json.JsonMapper;

class StoreTransactionsTests {

    private final List<String> log = new ArrayList<>();
    private final Manager ours = new Manager("ours");
    private final Manager other = new Manager("other");

    @Test
    void findsTheManagerOfTheStore() throws Exception {
        StoreTransactions transactions = new StoreTransactions(stores(true), List.of(other, ours));

        assertThat(transactions.joins("inbox")).isTrue();
        log.clear();
        assertThat(transactions.<String>call("inbox", () -> "done")).isEqualTo("done");

        assertThat(log).containsExactly("begin ours", "commit ours");
    }

    @Test
    void rollsBackWhatThrows() {
        StoreTransactions transactions = new StoreTransactions(stores(true), List.of(ours));
        transactions.joins("inbox");
        log.clear();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> transactions.call("inbox", () -> {
                    throw new IOException("no");
                }));

        assertThat(log).containsExactly("begin ours", "rollback ours");
    }

    @Test
    void doesNotJoinWithAnotherManagerOrAStoreThatCannot() {
        assertThat(new StoreTransactions(stores(true), List.of(other)).joins("inbox"))
                .isFalse();
        assertThat(new StoreTransactions(stores(false), List.of(ours)).joins("inbox"))
                .isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoreTransactions(stores(false), List.of(ours)).call("inbox", () -> "done"));
    }

    @Test
    void knowsTheManagerByItsResourceWhileTheDatabaseIsDown() throws Exception {
        Named named = new Named("ours", ours);
        Named elsewhere = new Named("elsewhere", other);
        ours.down = true;
        other.down = true;

        assertThat(new StoreTransactions(stores(true), List.of(elsewhere)).joins("inbox"))
                .isFalse();
        StoreTransactions transactions = new StoreTransactions(stores(true), List.of(elsewhere, named));
        assertThat(transactions.joins("inbox")).isTrue();

        ours.down = false;
        assertThat(transactions.<String>call("inbox", () -> "done")).isEqualTo("done");
        assertThat(log).containsExactly("begin ours", "commit ours");
    }

    @Test
    void knowsTheManagerThroughAProxyAndByItsDataSource() {
        ours.down = true;
        ProxyFactory proxy = new ProxyFactory(new Named("ours", ours));
        DataSourceNamed second = new DataSourceNamed();

        assertThat(new StoreTransactions(stores(true), List.of((PlatformTransactionManager) proxy.getProxy()))
                        .joins("inbox"))
                .isTrue();
        assertThat(new StoreTransactions(stores(true), List.of(second)).joins("inbox"))
                .isTrue();
    }

    @Test
    void refusesToStartWhileItCannotBeTold() {
        other.down = true;
        StoreTransactions transactions = new StoreTransactions(stores(true), List.of(other));

        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> transactions.joins("inbox"))
                .withMessageContaining("MECHA-B116")
                .withMessageContaining("[mecha.state.stores.inbox.type]");

        other.down = false;
        assertThat(transactions.joins("inbox")).isFalse();
    }

    @Test
    void runsNothingInATransactionThatTheStoreDoesNotSee() {
        ours.down = true;
        StoreTransactions transactions = new StoreTransactions(stores(true), List.of(new Named("ours", other)));
        other.down = true;
        assertThat(transactions.joins("inbox")).isTrue();
        other.down = false;

        assertThatExceptionOfType(IllegalTransactionStateException.class)
                .isThrownBy(() -> transactions.call("inbox", () -> log.add("handled")));

        assertThat(log).containsExactly("begin other", "rollback other");
    }

    private StateStoreRegistry stores(boolean joining) {
        Capabilities none = Capabilities.none();
        StateStoreComponent store = StateStoreComponent.builder(
                        "inbox",
                        "fake",
                        backend(joining ? none.with(SurroundingTransaction.class, new Joining()) : none),
                        new JacksonCodecs(JsonMapper.builder().build(), List.of()))
                .build();
        return new StateStoreRegistry(List.of(store), null);
    }

    private static StateBackend backend(Capabilities capabilities) {
        return (StateBackend) Proxy.newProxyInstance(
                StateBackend.class.getClassLoader(),
                new Class<?>[] {StateBackend.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "capabilities" -> capabilities;
                    case "maximumValueSize" -> 1_000;
                    default -> null;
                });
    }

    /** Begins and ends transactions. */
    private final class Manager implements PlatformTransactionManager {

        private final String name;
        private boolean active;
        private boolean down;

        Manager(String name) {
            this.name = name;
        }

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            if (down) {
                throw new CannotCreateTransactionException("down");
            }
            log.add("begin " + name);
            active = true;
            return new SimpleTransactionStatus();
        }

        @Override
        public void commit(TransactionStatus status) {
            log.add("commit " + name);
            active = false;
        }

        @Override
        public void rollback(TransactionStatus status) {
            log.add("rollback " + name);
            active = false;
        }
    }

    /** Names a resource. */
    private record Named(Object resource, Manager next) implements ResourceTransactionManager {

        @Override
        public Object getResourceFactory() {
            return resource;
        }

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            return next.getTransaction(definition);
        }

        @Override
        public void commit(TransactionStatus status) {
            next.commit(status);
        }

        @Override
        public void rollback(TransactionStatus status) {
            next.rollback(status);
        }
    }

    /** Names another resource first, as the manager of JPA does. */
    public final class DataSourceNamed implements ResourceTransactionManager {

        @Override
        public Object getResourceFactory() {
            return "entities";
        }

        public Object getDataSource() {
            return "ours";
        }

        @Override
        public TransactionStatus getTransaction(TransactionDefinition definition) {
            return ours.getTransaction(definition);
        }

        @Override
        public void commit(TransactionStatus status) {
            ours.commit(status);
        }

        @Override
        public void rollback(TransactionStatus status) {
            ours.rollback(status);
        }
    }

    /** Sees the transactions of one manager. */
    private final class Joining implements SurroundingTransaction {

        @Override
        public boolean active() {
            return ours.active;
        }

        @Override
        public Optional<String> snapshot() {
            return Optional.empty();
        }

        @Override
        public boolean on(Object resource) {
            return resource.equals("ours");
        }

        @Override
        public void afterCompletion(Runnable action) {
            action.run();
        }

        @Override
        public void afterCommit(Runnable action) {
            action.run();
        }
    }
}
