// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.mecha.test.Eventually;
import io.mecha.test.Together;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.stereotype.Service;
import org.springframework.test.util.AopTestUtils;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.TransactionTemplate;

@SpringBootTest(
        webEnvironment = WebEnvironment.NONE,
        classes = IdempotentMethodsTests.Application.class,
        properties = {
            "spring.datasource.url=jdbc:h2:mem:methods;DB_CLOSE_DELAY=-1",
            "mecha.state.stores.idempotency.type=jdbc",
            "mecha.coordination.idempotency.maximum-wait=20s"
        })
class IdempotentMethodsTests {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Shipping.class, Payments.Ledger.class})
    static class Application {}

    record Request(@Nullable String id, String to) {}

    record Parcel(String to, int number) {}

    /** A result of which its codec learns too late that it cannot be written. */
    public static class Unwritable {

        public String getText() {
            throw new IllegalStateException("unwritable");
        }
    }

    @Service
    static class Shipping {

        private final AtomicInteger runs = new AtomicInteger();
        private final CountDownLatch gate = new CountDownLatch(1);
        private final Payments.Ledger ledger;

        Shipping(Payments.Ledger ledger) {
            this.ledger = ledger;
        }

        // tag::method[]
        @Idempotent(key = "#request.id")
        public Parcel ship(Request request) {
            return new Parcel(request.to(), runs.incrementAndGet());
        }
        // end::method[]

        @Idempotent(key = "#id")
        public Optional<Parcel> find(String id) {
            int run = runs.incrementAndGet();
            return id.startsWith("none") ? Optional.empty() : Optional.of(new Parcel(id, run));
        }

        @Idempotent(key = "#p0 + '-' + #p1")
        public void notify(String to, int day) {
            runs.incrementAndGet();
        }

        @Idempotent(key = "#id")
        public Unwritable unwritable(String id) {
            runs.incrementAndGet();
            return new Unwritable();
        }

        @Idempotent(key = "#id", timeToLive = "2d")
        public int fail(String id) {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
            return 7;
        }

        @Idempotent(key = "#id")
        public int slow(String id) throws InterruptedException {
            int run = runs.incrementAndGet();
            gate.await();
            return run;
        }

        @Idempotent(key = "#to")
        @Transactional
        public int book(String to) {
            ledger.insert(to);
            if (runs.incrementAndGet() == 1 && to.startsWith("late")) {
                throw new IllegalStateException("the first time");
            }
            return runs.get();
        }

        @Idempotent(key = "#to")
        public int note(String to) {
            ledger.book(to);
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first time");
            }
            return runs.get();
        }

        @Idempotent(key = "#to")
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public int bookApart(String to) {
            ledger.insert(to);
            return runs.incrementAndGet();
        }

        @Idempotent(key = "#to")
        @Transactional
        public int bookThoughRefused(String to) {
            int run = book(to);
            try {
                ledger.refuse();
            } catch (IllegalStateException ignored) {
                return -run;
            }
            return run;
        }

        @Idempotent(key = "#to")
        @Transactional
        public int bookInVain(String to) {
            TransactionInterceptor.currentTransactionStatus().setRollbackOnly();
            return book(to);
        }

        @Idempotent(key = "#to")
        @Transactional
        public int bookAndFail(String to) throws IOException {
            throw new IOException("after run " + book(to));
        }
    }

    @Autowired
    private Shipping shipping;

    @Autowired
    private Payments.Ledger ledger;

    @Autowired
    private TransactionTemplate transaction;

    @BeforeEach
    void reset() {
        runs().set(0);
    }

    private Shipping target() {
        return AopTestUtils.getUltimateTargetObject(shipping);
    }

    private AtomicInteger runs() {
        return target().runs;
    }

    @Test
    void runsOnceForEachKey() {
        Parcel first = shipping.ship(new Request("1", "ada"));

        assertThat(shipping.ship(new Request("1", "bob"))).isEqualTo(first).isEqualTo(new Parcel("ada", 1));
        assertThat(shipping.ship(new Request("2", "bob"))).isEqualTo(new Parcel("bob", 2));
    }

    @Test
    void keepsNothingAsWellAsSomething() {
        assertThat(shipping.find("some")).isEqualTo(shipping.find("some")).hasValue(new Parcel("some", 1));
        assertThat(shipping.find("none")).isEqualTo(shipping.find("none")).isEmpty();
        shipping.notify("ada", 1);
        shipping.notify("ada", 1);
        assertThat(runs()).hasValue(3);
    }

    @Test
    void keepsNoExceptions() {
        assertThatIllegalStateException().isThrownBy(() -> shipping.fail("one"));
        assertThat(shipping.fail("one")).isEqualTo(7);
        assertThat(shipping.fail("one")).isEqualTo(7);
        assertThat(runs()).hasValue(2);
    }

    @Test
    void neverRunsAgainWhatWasDoneAndCannotBeWritten() {
        assertThat(shipping.unwritable("one")).isNotNull();

        assertThatExceptionOfType(ResultLostException.class).isThrownBy(() -> shipping.unwritable("one"));
        assertThat(runs()).hasValue(1);
    }

    @Test
    void refusesKeysThatAreNone() {
        for (String id : Collections.singletonList((String) null)) {
            assertThatExceptionOfType(InvalidIdempotencyKeyException.class)
                    .isThrownBy(() -> shipping.ship(new Request(id, "ada")))
                    .withMessageContaining("MECHA-K404")
                    .withMessageContaining("is null");
        }
        for (String id : List.of(" ", "x".repeat(256))) {
            assertThatExceptionOfType(InvalidIdempotencyKeyException.class).isThrownBy(() -> shipping.find(id));
        }
        assertThat(runs()).hasValue(0);
    }

    @Test
    void waitsForTheFirstCall() throws Exception {
        CompletableFuture<List<Integer>> all = CompletableFuture.supplyAsync(() -> {
            try {
                return Together.run(Collections.nCopies(4, () -> shipping.slow("key")));
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        });
        Eventually.eventually(PATIENCE, () -> assertThat(runs()).hasValue(1));
        target().gate.countDown();

        assertThat(all.get()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void commitsTheResultWithTheTransaction() {
        assertThatIllegalStateException().isThrownBy(() -> shipping.book("late"));
        assertThat(ledger.count("late")).isZero();

        assertThat(shipping.book("late")).isEqualTo(2);
        assertThat(shipping.book("late")).isEqualTo(2);
        assertThat(ledger.count("late")).isEqualTo(1);
    }

    @Test
    void commitsTheResultWithTheTransactionOfTheCaller() {
        transaction.executeWithoutResult((status) -> {
            assertThat(shipping.book("outer")).isEqualTo(1);
            assertThat(shipping.book("outer")).isEqualTo(1);
            status.setRollbackOnly();
        });
        assertThat(ledger.count("outer")).isZero();

        Integer again = transaction.execute((status) -> shipping.book("outer"));
        assertThat(again).isEqualTo(2);
        assertThat(shipping.book("outer")).isEqualTo(2);
        assertThat(ledger.count("outer")).isEqualTo(1);
    }

    @Test
    void neverRunsAgainWhatWasCommitted() {
        assertThatIllegalStateException().isThrownBy(() -> shipping.note("eve"));

        assertThatExceptionOfType(ResultLostException.class)
                .isThrownBy(() -> shipping.note("eve"))
                .withMessageContaining("MECHA-K402");
        assertThat(ledger.count("eve")).isEqualTo(1);
    }

    @Test
    void addsTheResultToTheMarkOfATransactionOfItsOwn() {
        assertThat(shipping.bookApart("bob")).isEqualTo(1);
        assertThat(shipping.bookApart("bob")).isEqualTo(1);
        assertThat(ledger.count("bob")).isEqualTo(1);
    }

    @Test
    void marksATransactionOfItsOwnInsideThatOfItsCaller() {
        transaction.executeWithoutResult((status) -> {
            assertThat(shipping.bookApart("zoe")).isEqualTo(1);
            status.setRollbackOnly();
        });

        assertThatExceptionOfType(ResultLostException.class).isThrownBy(() -> shipping.bookApart("zoe"));
        assertThat(ledger.count("zoe")).isEqualTo(1);
    }

    @Test
    void tellsOfARollbackThatTheMethodDidNotDemandAndKeepsNothing() {
        for (int run = 1; run <= 2; run++) {
            assertThatExceptionOfType(UnexpectedRollbackException.class)
                    .isThrownBy(() -> shipping.bookThoughRefused("kim"));
            assertThat(runs()).hasValue(run);
        }
        assertThat(ledger.count("kim")).isZero();
    }

    @Test
    void returnsAndForgetsTheResultOfARollbackThatTheMethodDemands() {
        assertThat(shipping.bookInVain("lee")).isEqualTo(1);
        assertThat(shipping.bookInVain("lee")).isEqualTo(2);
        assertThat(ledger.count("lee")).isZero();
    }

    @Test
    void neverRunsAgainWhatWasCommittedInSpiteOfAnException() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> shipping.bookAndFail("max"));

        assertThatExceptionOfType(ResultLostException.class).isThrownBy(() -> shipping.bookAndFail("max"));
        assertThat(ledger.count("max")).isEqualTo(1);
    }

    @Test
    void neverRunsAgainWhatItsCallerCommittedInSpiteOfAnException() {
        transaction.executeWithoutResult(
                (status) -> assertThatExceptionOfType(IOException.class).isThrownBy(() -> shipping.bookAndFail("mia")));

        assertThatExceptionOfType(ResultLostException.class).isThrownBy(() -> shipping.bookAndFail("mia"));
        assertThat(ledger.count("mia")).isEqualTo(1);
    }
}
