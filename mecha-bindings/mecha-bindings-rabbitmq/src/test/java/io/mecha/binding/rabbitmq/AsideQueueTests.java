// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsideQueueTests {

    private static final String QUEUE = "orders.billing";
    private static final Map<String, Object> KEPT = Map.of("routing-key", "orders.eu", "x-delivery-count", 7);
    private static final Map<String, Object> DEATH =
            Map.of("queue", "mecha.aside.orders.billing.600000", "reason", "expired", "count", 1L);

    private static BasicProperties properties(Map<String, Object> headers) {
        return new BasicProperties.Builder().headers(headers).build();
    }

    private static Envelope envelope(String exchange, String routingKey, boolean again) {
        return new Envelope(1, again, exchange, routingKey);
    }

    @Test
    void restoresWhatTheBrokerBringsBack() {
        BasicProperties properties = properties(
                Map.of("mecha-aside", KEPT, "x-death", List.of(DEATH), "x-first-death-queue", "q", "own", 1));

        Map<?, ?> kept = AsideQueue.kept(envelope("", QUEUE, false), properties, QUEUE);
        Received restored = AsideQueue.restored(QUEUE, properties, kept);

        assertThat(kept).isEqualTo(KEPT);
        assertThat(AsideQueue.attempts(kept)).isEqualTo(7);
        assertThat(restored.routingKey()).isEqualTo("orders.eu");
        assertThat(restored.properties().getHeaders()).isEqualTo(Map.of("own", 1));
    }

    @ParameterizedTest
    @CsvSource({
        "orders,orders.billing,mecha.aside.orders.billing.600000,expired",
        "'',another,mecha.aside.orders.billing.600000,expired",
        "'',orders.billing,somebody-s,expired",
        "'',orders.billing,mecha.aside.orders.billing.600000,rejected",
        "'',orders.billing,,"
    })
    void takesNobodyElsesWord(String exchange, String routingKey, String queue, String reason) {
        Map<String, Object> headers = new HashMap<>(Map.of("mecha-aside", KEPT, "own", 1));
        if (queue != null) {
            headers.put("x-death", List.of(Map.of("queue", queue, "reason", reason)));
        }
        BasicProperties properties = properties(headers);

        Map<?, ?> kept = AsideQueue.kept(envelope(exchange, routingKey, false), properties, QUEUE);
        Received received = AsideQueue.restored(routingKey, properties, kept);

        assertThat(kept).isNull();
        assertThat(AsideQueue.attempts(kept)).isZero();
        assertThat(received.routingKey()).isEqualTo(routingKey);
        headers.remove("mecha-aside");
        assertThat(received.properties().getHeaders()).isEqualTo(headers);
    }

    @ParameterizedTest
    @CsvSource({"false,true,1", "false,false,1", "true,true,6", "true,false,2"})
    void believesACountOnlyWhereTheBrokerWroteIt(boolean again, boolean counted, int attempt) {
        BasicProperties properties = properties(Map.of("x-delivery-count", 5L));

        assertThat(WireFormat.attempt(envelope("orders", "k", again), properties, counted))
                .isEqualTo(attempt);
        assertThat(WireFormat.attempt(envelope("orders", "k", again), properties(Map.of()), counted))
                .isEqualTo(again ? 2 : 1);
    }
}
