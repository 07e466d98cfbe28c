// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.mecha.benchmarks.load.Comparison;
import io.mecha.benchmarks.load.Load;
import io.mecha.benchmarks.load.Pace;
import io.mecha.benchmarks.load.Stretch;
import io.mecha.benchmarks.postgresql.PostgresProcess;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Outcome;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How long does an event need from the transaction that sends it to its handler, and how many a second go that way?
 *
 * <p>A transaction writes a row of the application and sends; the event is relayed to the broker in this JVM after the commit,
 * and its row deleted after it was handled. Every commit is flushed.
 */
public final class OutboxBenchmark implements AutoCloseable {

    private static final Duration LATENCY = Duration.ofMillis(8);
    private static final int PER_SECOND = 5_000;
    private static final int CONNECTIONS = 16;
    private static final int SENDERS = 8;
    private static final int EVENTS = 10_000;
    private static final int PATIENCE_SECONDS = 60;
    private static final String TABLE = "create table if not exists placed (id serial primary key, customer text)";
    private static final String ROW = "insert into placed (customer) values (?)";

    private final Order order = Order.of(1);
    private final Semaphore handled = new Semaphore(0);
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transactions;
    private final OutboxChannel channel;
    private final ExecutorService senders = Executors.newFixedThreadPool(SENDERS);

    OutboxBenchmark(DataSource pool) {
        jdbc = new JdbcTemplate(pool);
        jdbc.execute(TABLE);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
        channel = new OutboxChannel(pool, event -> {
            if (event.data().equals(order)) {
                handled.release();
            }
            return Outcome.ack();
        });
    }

    /** Start a server, run all comparisons, stop it. */
    public static void run(Pace pace, PrintStream out) throws Exception {
        try (PostgresProcess server = PostgresProcess.start();
                HikariDataSource pool = server.pool(CONNECTIONS);
                OutboxBenchmark benchmark = new OutboxBenchmark(pool)) {
            out.println(server.settings());
            new Load(pace, out, List.of(server.cpu())).run(benchmark.comparisons());
        }
    }

    private List<Comparison> comparisons() {
        return List.of(
                new Comparison("a transaction at a time", 1)
                        .with("transaction", (thread, draw) -> place(0))
                        .with("transaction, and event handled", (thread, draw) -> {
                            place(1);
                            await(1);
                        })
                        .latencyAtMost(LATENCY),
                new Comparison("as many events as possible", SENDERS)
                        .withRun("1 event in each transaction", stretch -> send(stretch, EVENTS, 1))
                        .withRun("10 events in each transaction", stretch -> send(stretch, EVENTS, 10))
                        .perSecondAtLeast(PER_SECOND)
                        .withRun("100 events in each transaction", stretch -> send(stretch, EVENTS, 100))
                        .perSecondAtLeast(PER_SECOND));
    }

    /** Places an order in a transaction that sends so many events. */
    void place(int events) {
        transactions.executeWithoutResult(status -> {
            jdbc.update(ROW, order.customer());
            for (int number = 0; number < events; number++) {
                channel.sender().send(order);
            }
        });
    }

    /** Waits until so many more events were handled. */
    void await(int events) throws InterruptedException, TimeoutException {
        if (!handled.tryAcquire(events, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("%d of %d were handled".formatted(handled.availablePermits(), events));
        }
    }

    /** Sends events by several threads, and waits until all were handled. */
    void send(Stretch stretch, int events, int each) throws Exception {
        stretch.begin();
        List<Future<?>> all = new ArrayList<>();
        for (int thread = 0; thread < SENDERS; thread++) {
            all.add(senders.submit(() -> {
                for (int number = 0; number < events / each / SENDERS; number++) {
                    place(each);
                }
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        int sent = events / each / SENDERS * SENDERS * each;
        await(sent);
        stretch.end(sent);
    }

    @Override
    public void close() {
        senders.shutdown();
        channel.close();
    }
}
