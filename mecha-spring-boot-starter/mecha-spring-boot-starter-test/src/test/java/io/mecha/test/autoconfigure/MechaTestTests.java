// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.Binding;
import io.mecha.binding.SendOption;
import io.mecha.binding.Sender;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.test.TestClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

@MechaTest({
    "mecha.state.stores.carts.type=redis",
    "mecha.state.stores.carts.redis.timeout=1s",
    "mecha.bindings.channels.orders.type=kafka",
    "mecha.bindings.channels.orders.kafka.partitions=3"
})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MechaTestTests {

    @Autowired
    @StateStore("carts")
    private KeyValueStore<String> carts;

    @Autowired
    @StateStore("undeclared")
    private KeyValueStore<String> undeclared;

    @Autowired
    private StateStoreRegistry stores;

    @Autowired
    private TestClock clock;

    @Autowired
    @Binding("orders")
    private Sender<String> sender;

    @Autowired
    private BlockingQueue<String> received;

    @Test
    @Order(1)
    void keepsEveryStoreInMemory() {
        undeclared.put("left", "over");
        carts.put("left", "over");
        carts.remove("seed");

        assertThat(stores.component("carts").type()).isEqualTo("memory");
        assertThat(stores.component("undeclared").type()).isEqualTo("memory");
    }

    @Test
    @Order(2)
    void startsEachTestWithWhatTheApplicationWroteAtStart() {
        assertThat(undeclared.get("left")).isEmpty();
        assertThat(carts.get("left")).isEmpty();
        assertThat(carts.get("seed")).contains("first");
        assertThat(carts.find("seed").orElseThrow().expiresAt())
                .isEqualTo(clock.instant().plus(Duration.ofDays(1)));
    }

    @Test
    @Order(3)
    void expiresValuesByTheTestClock(@Autowired InstantSource source) {
        carts.put("short", "lived", PutOptions.timeToLive(Duration.ofMinutes(5)));

        clock.advance(Duration.ofDays(2));

        assertThat(source).isSameAs(clock);
        assertThat(carts.get("short")).isEmpty();
        assertThat(carts.get("seed")).isEmpty();
    }

    @Test
    @Order(4)
    void bringsBackWhatExpired() {
        assertThat(carts.get("seed")).contains("first");
    }

    @Test
    void keepsEveryChannelInMemory(@Autowired BindingEngine bindings) throws InterruptedException {
        sender.send("now");

        assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("now");
        assertThat(bindings.channels())
                .allSatisfy((channel) -> assertThat(channel.options().type()).isEqualTo("memory"));
    }

    @Test
    void deliversDelayedEventsByTheTestClock() throws InterruptedException {
        sender.with(SendOption.delay(Duration.ofHours(1))).send("later");
        assertThat(received).isEmpty();

        clock.advance(Duration.ofHours(1));

        assertThat(received.poll(60, TimeUnit.SECONDS)).isEqualTo("later");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {

        @Bean
        BlockingQueue<String> received() {
            return new LinkedBlockingQueue<>();
        }

        @Bean
        Receiving receiving(BlockingQueue<String> received) {
            return new Receiving(received);
        }

        @Bean
        ApplicationRunner seed(@StateStore("carts") KeyValueStore<String> carts) {
            return (arguments) -> carts.put("seed", "first", PutOptions.timeToLive(Duration.ofDays(1)));
        }
    }

    record Receiving(BlockingQueue<String> received) {

        @Binding("orders")
        void on(String order) {
            received.add(order);
        }
    }
}
