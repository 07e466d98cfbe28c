// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.Bindings;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.RequestTimeoutException;
import io.mecha.binding.Sender;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.test.Together;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

abstract class ConversationBehaviour extends EngineGroup {

    ConversationBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void answersRequests() {
        Bindings engine = engine();
        subscribe(engine, spec(1).build(), event -> Outcome.reply("re: " + event.data()));
        Sender<String> sender = engine.sender(channel(), String.class);

        assertThat(sender.request("one", String.class, patience())).isEqualTo("re: one");
        assertThat(sender.request("two", String.class, patience())).isEqualTo("re: two");
    }

    @Test
    void answersEachOfManyRequests() throws Exception {
        Bindings engine = engine();
        subscribe(
                engine,
                spec(1).options(quick(1).concurrency(8).build()).build(),
                event -> Outcome.reply("re: " + event.data()));
        Sender<String> sender = engine.sender(channel(), String.class);
        List<Callable<String>> callers = IntStream.range(0, 16)
                .<Callable<String>>mapToObj(i -> () -> sender.request("m" + i, String.class, patience()))
                .toList();

        assertThat(Together.run(callers))
                .containsExactlyElementsOf(
                        IntStream.range(0, 16).mapToObj(i -> "re: m" + i).toList());
    }

    @Test
    void givesUpARequestInTimeAndDropsALateReply() {
        Bindings engine = engine();
        CountDownLatch late = new CountDownLatch(1);
        subscribe(engine, spec(1).options(quick(1).concurrency(4).build()).build(), event -> {
            if (event.data().equals("slow")) {
                late.await(patience().toMillis(), TimeUnit.MILLISECONDS);
            }
            return Outcome.reply("re: " + event.data());
        });
        Sender<String> sender = engine.sender(channel(), String.class);
        assertThat(sender.request("warm", String.class, patience())).isEqualTo("re: warm");

        assertThatExceptionOfType(RequestTimeoutException.class)
                .isThrownBy(() -> sender.request("slow", String.class, Duration.ofMillis(200)));
        late.countDown();

        assertThat(sender.request("quick", String.class, patience())).isEqualTo("re: quick");
    }

    @Test
    void sendsResultsToAnotherChannel() {
        String next = channel() + "-next";
        BindingBackend target = anotherDestination("next");
        declare(target, APPLICATION, Ordering.NONE);
        Bindings engine = engine();
        Queue<String> results = new ConcurrentLinkedQueue<>();
        engine.subscribe(SubscriptionSpec.of(next, String.class).build(), event -> {
            results.add(event.data());
            return Outcome.ack();
        });
        subscribe(engine, spec(3).sendTo(next).build(), event -> Outcome.reply("bill for " + event.data()));

        sendTexts(engine, "m0", "m1");

        eventually(() -> assertThat(results).containsExactlyInAnyOrder("bill for m0", "bill for m1"));
        stays(() -> assertThat(results).hasSize(2));
    }
}
