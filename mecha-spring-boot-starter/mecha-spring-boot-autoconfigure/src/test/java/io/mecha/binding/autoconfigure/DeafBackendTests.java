// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mecha.Capabilities;
import io.mecha.binding.Outcome;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.Rejection;
import io.mecha.codec.jackson.JacksonCodecs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is logged of a backend that takes no acknowledgement. */
@ExtendWith(OutputCaptureExtension.class)
class DeafBackendTests {

    private static final int MESSAGES = 50;

    private final AtomicInteger refused = new AtomicInteger();
    private Receiver receiver = (deliveries) -> {};

    @Test
    void tellsOnceOfAcknowledgementsThatFail(CapturedOutput output) {
        BindingEngine engine = BindingEngine.builder()
                .application("shop")
                .codecs(JacksonCodecs.standard())
                .channels(List.of(new ChannelDefinition(ChannelOptions.of("orders", "deaf"), new Deaf())))
                .build();
        engine.start();
        engine.subscribe(
                SubscriptionSpec.of("orders", byte[].class)
                        .options(
                                SubscriptionOptions.builder().deadLetter("none").build())
                        .build(),
                (event) -> Outcome.ack());

        for (int i = 0; i < MESSAGES; i++) {
            receiver.receive(List.of(new Refusing()));
        }

        await().untilAsserted(() -> assertThat(refused).hasValue(MESSAGES));
        engine.close();
        assertThat(output.toString().lines())
                .filteredOn((line) -> line.contains("the backend failed to acknowledge a message"))
                .singleElement()
                .asString()
                .contains("Group 'shop' of channel 'orders'", "1 times", "gone");
    }

    private final class Refusing implements Delivery {

        @Override
        public Message message() {
            return Message.received(
                    null,
                    "application/octet-stream",
                    Map.of("specversion", "1.0", "id", "1", "source", "/s", "type", "t"),
                    Map.of(),
                    new byte[1]);
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean current() {
            return true;
        }

        @Override
        public void acknowledge() {
            refused.incrementAndGet();
            throw new IllegalStateException("gone");
        }

        @Override
        public void release() {}

        @Override
        public void reject(Rejection rejection) {}

        @Override
        public void park() {}
    }

    private final class Deaf implements BindingBackend, Inbound {

        @Override
        public Capabilities capabilities() {
            return Capabilities.none().with(Inbound.class, this);
        }

        @Override
        public MessageConsumer receive(ConsumerRequest request, Receiver to) {
            receiver = to;
            return new MessageConsumer() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public boolean receivesFrom(BindingBackend other) {
            return false;
        }

        @Override
        public void ping() {}

        @Override
        public void close() {}
    }
}
