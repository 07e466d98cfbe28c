// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.Outcome;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.codec.jackson.JacksonCodecs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SynchronousHandlersTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MemoryBroker broker = new MemoryBroker(InstantSource.system());
    private final BlockingQueue<Thread> handled = new LinkedBlockingQueue<>();
    private BindingEngine engine = engine(UnaryOperator.identity());

    @AfterEach
    void close() {
        engine.close();
        broker.close();
    }

    private BindingEngine engine(UnaryOperator<BindingBackend> decorator) {
        BindingEngine opened = BindingEngine.builder()
                .application("shop")
                .codecs(JacksonCodecs.standard())
                .source(ChannelSource.of(name -> new ChannelDefinition(
                        ChannelOptions.of(name, "memory"),
                        decorator.apply(broker.connect(name, name, new MemoryBindingOptions(null, true))))))
                .build();
        opened.start();
        return opened;
    }

    private void subscribe(SubscriptionOptions options) {
        engine.subscribe(spec(options), event -> {
            handled.add(Thread.currentThread());
            return Outcome.ack();
        });
    }

    private static SubscriptionSpec<String> spec(SubscriptionOptions options) {
        return SubscriptionSpec.of("orders", String.class).options(options).build();
    }

    private Sender<String> sender() {
        return engine.sender("orders", String.class);
    }

    private Thread next() throws InterruptedException {
        return handled.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Test
    void handlesOnTheThreadOfTheSender() {
        subscribe(SubscriptionOptions.none());

        sender().send("a");

        assertThat(handled).containsExactly(Thread.currentThread());
    }

    @Test
    void handlesOnTheThreadOfTheSenderBehindDecorators() {
        engine.close();
        engine = engine(ForwardingBackend::new);
        subscribe(SubscriptionOptions.none());

        sender().send("a");

        assertThat(handled).containsExactly(Thread.currentThread());
    }

    @Test
    void doesNotInterruptTheSender() throws Exception {
        subscribe(SubscriptionOptions.builder().timeout(PATIENCE).build());

        sender().send("a");

        assertThat(next()).isNotNull().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void handsBatchesOver() throws Exception {
        engine.subscribeBatch(spec(SubscriptionOptions.none()), batch -> handled.add(Thread.currentThread()));

        sender().send("a");

        assertThat(next()).isNotNull().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void triesAgainElsewhere() throws Exception {
        engine.subscribe(spec(SubscriptionOptions.none()), event -> {
            handled.add(Thread.currentThread());
            if (event.attempt() == 1) {
                throw new IllegalStateException("first");
            }
            return Outcome.ack();
        });

        sender().send("a");

        assertThat(next()).isEqualTo(Thread.currentThread());
        assertThat(next()).isNotNull().isNotEqualTo(Thread.currentThread());
    }

    @Test
    void doesNotCallAHandlerFromItself() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        engine.subscribe(spec(SubscriptionOptions.builder().concurrency(1).build()), event -> {
            if (event.data().equals("outer")) {
                sender().send("inner");
                assertThat(both.getCount()).isEqualTo(2);
            }
            both.countDown();
            return Outcome.ack();
        });

        sender().send("outer");

        assertThat(both.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    void keepsTheTimeoutOfARequest() {
        CountDownLatch given = new CountDownLatch(1);
        engine.subscribe(spec(SubscriptionOptions.none()), event -> {
            given.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Outcome.reply("late");
        });

        assertThatExceptionOfType(RequestTimeoutException.class)
                .isThrownBy(() -> sender().request("a", String.class, Duration.ofMillis(50)));
        given.countDown();
    }
}
