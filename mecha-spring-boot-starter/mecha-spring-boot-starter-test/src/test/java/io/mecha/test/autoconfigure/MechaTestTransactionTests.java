// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.PageRequest;
import io.mecha.binding.Binding;
import io.mecha.binding.Event;
import io.mecha.binding.Sender;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

@MechaTest({
    "mecha.state.stores.orders.type=jdbc",
    "mecha.state.stores.orders.near-cache.time-to-live=1m",
    "mecha.state.stores.sessions.type=redis",
    "mecha.bindings.channels.placed.type=kafka",
    "mecha.bindings.channels.placed.out.outbox=true",
    "mecha.bindings.channels.queue.type=jdbc",
    "mecha.bindings.channels.direct.type=kafka"
})
class MechaTestTransactionTests {

    @Autowired
    @StateStore("orders")
    private KeyValueStore<String> orders;

    @Autowired
    @StateStore("sessions")
    private KeyValueStore<String> sessions;

    @Autowired
    @Binding("placed")
    private Sender<String> placed;

    @Autowired
    @Binding("queue")
    private Sender<String> queue;

    @Autowired
    @Binding("direct")
    private Sender<String> direct;

    @Autowired
    private SentEvents sent;

    @Autowired
    private TransactionTemplate transaction;

    @Autowired
    private PlatformTransactionManager manager;

    @Test
    void undoesOnRollbackWhatADatabaseWouldUndo() {
        orders.put("o-1", "new");
        String version = orders.find("o-1").orElseThrow().version();

        assertThatIllegalStateException()
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    orders.put("o-1", "changed");
                    orders.put("o-2", "added");
                    sessions.put("s-1", "kept");
                    placed.send("never");
                    queue.send("never");
                    direct.send("at once");
                    assertThat(orders.get("o-1")).contains("changed");
                    assertThat(orders.getAll(List.of("o-1", "o-2"))).hasSize(2);
                    assertThat(orders.keys("o-", PageRequest.first(10)).items()).containsExactly("o-1", "o-2");
                    throw new IllegalStateException("roll back");
                }));

        assertThat(orders.find("o-1").orElseThrow().version()).isEqualTo(version);
        assertThat(orders.get("o-2")).isEmpty();
        assertThat(sessions.get("s-1")).contains("kept");
        assertThat(sent.to("placed", String.class)).isEmpty();
        assertThat(sent.to("queue", String.class)).isEmpty();
        assertThat(sent.to("direct", String.class)).extracting(Event::data).containsExactly("at once");
    }

    @Test
    void showsToOthersOnlyWhatIsCommitted() {
        WriteResult[] written = new WriteResult[1];
        transaction.executeWithoutResult(status -> {
            written[0] = orders.putIfAbsent("o-1", "new");
            placed.send("o-1");
            assertThat(elsewhere(() -> orders.get("o-1"))).isEmpty();
            TransactionResult refused = orders.transact(tx -> {
                tx.put("o-3", "x");
                tx.require("o-4", "none");
            });
            assertThat(refused.committed()).isFalse();
            assertThat(sent.to("placed", String.class)).isEmpty();
        });

        assertThat(written[0])
                .isInstanceOfSatisfying(
                        WriteResult.Written.class,
                        result -> assertThat(orders.find("o-1").orElseThrow().version())
                                .isEqualTo(result.version()));
        assertThat(orders.get("o-3")).isEmpty();
        assertThat(sent.to("placed", String.class)).extracting(Event::data).containsExactly("o-1");
    }

    @Test
    void commitsAnInnerTransactionAlone() {
        TransactionTemplate inner = new TransactionTemplate(manager);
        inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        transaction.executeWithoutResult(status -> {
            orders.put("outer", "x");
            inner.executeWithoutResult(other -> {
                assertThat(orders.get("outer")).isEmpty();
                orders.put("inner", "y");
                placed.send("inner");
            });
            status.setRollbackOnly();
        });

        assertThat(orders.get("outer")).isEmpty();
        assertThat(orders.get("inner")).contains("y");
        assertThat(sent.to("placed", String.class)).hasSize(1);
    }

    @Test
    void recordsResultsOfHandlersAndDeadLetters() {
        direct.send("good");
        direct.send("bad");

        Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
            assertThat(sent.to("results", String.class)).extracting(Event::data).containsExactly("good!");
            assertThat(sent.to("direct.dead", String.class))
                    .extracting(Event::data)
                    .containsExactly("bad");
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sent.to("nowhere", String.class))
                .withMessageContaining("no channel 'nowhere'");
    }

    private static <T> T elsewhere(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call).join();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        PlatformTransactionManager transactionManager() {
            return new NoResource();
        }

        @Bean
        TransactionTemplate transactionTemplate(PlatformTransactionManager manager) {
            return new TransactionTemplate(manager);
        }

        @Bean
        RealQueue realQueue() {
            return new RealQueue();
        }

        @Bean
        Handler handler() {
            return new Handler();
        }
    }

    /** The application's database, where events of an outbox may wait that no test wrote. */
    static class RealQueue implements BindingBackendFactory {

        @Override
        public String type() {
            return "jdbc";
        }

        @Override
        public BindingBackend create(Settings settings) {
            throw new IllegalStateException("A test touches '%s' of the application".formatted(settings.channel()));
        }
    }

    static class Handler {

        @Binding(value = "direct", sendTo = "results", maxAttempts = "1")
        String on(String text) {
            if (text.equals("bad")) {
                throw new IllegalArgumentException(text);
            }
            return text + "!";
        }
    }

    /** Transactions of nothing. */
    private static final class NoResource extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        private final transient ThreadLocal<Boolean> active = ThreadLocal.withInitial(() -> false);

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected boolean isExistingTransaction(Object transaction) {
            return active.get();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            active.set(true);
        }

        @Override
        protected Object doSuspend(Object transaction) {
            active.set(false);
            return this;
        }

        @Override
        protected void doResume(Object transaction, Object suspended) {
            active.set(true);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {}

        @Override
        protected void doRollback(DefaultTransactionStatus status) {}

        @Override
        protected void doSetRollbackOnly(DefaultTransactionStatus status) {}

        @Override
        protected void doCleanupAfterCompletion(Object transaction) {
            active.set(false);
        }
    }
}
