// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import io.mecha.binding.spi.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceivedTests {

    private static final byte[] BODY = {1};

    @Test
    void keepsWhatTheMessageCannotSay() {
        BasicProperties properties = RabbitNativeClient.properties();
        Message message = WireFormat.message("orders.eu", properties, BODY);

        BasicProperties passed = WireFormat.properties("e-1", message, 5);

        assertThat(passed)
                .usingRecursiveComparison()
                .ignoringFields("headers", "deliveryMode", "bodySize")
                .isEqualTo(properties);
        Map<String, Object> expected = new HashMap<>(properties.getHeaders());
        expected.put(WireFormat.SEQUENCE, 5L);
        assertThat(passed.getHeaders()).isEqualTo(expected);
        assertThat(passed.getDeliveryMode()).isEqualTo(2);
        assertThat(Received.routingKey(message)).isEqualTo("orders.eu");
    }

    @Test
    void leavesOutWhatTellsTheBrokerToDoSomething() {
        BasicProperties properties = new BasicProperties.Builder()
                .expiration("1000")
                .userId("somebody")
                .replyTo("amq.rabbitmq.reply-to")
                .headers(Map.of("CC", List.of("copies"), "BCC", List.of("more"), "x-delivery-count", 4))
                .build();
        Message message = WireFormat.message("", properties, BODY);

        BasicProperties passed = WireFormat.properties("e-1", message, 5);

        assertThat(passed.getExpiration()).isNull();
        assertThat(passed.getUserId()).isNull();
        assertThat(passed.getReplyTo()).isNull();
        assertThat(passed.getMessageId()).isEqualTo("e-1");
        assertThat(passed.getHeaders()).isEqualTo(Map.of(WireFormat.SEQUENCE, 5L));
    }

    @Test
    void writesNoAttributeThatWouldBecomeAnother() {
        Map<String, String> attributes = Map.of("id", "1", "ID", "2", "", "x");

        BasicProperties written =
                WireFormat.properties("1", Message.received(null, null, attributes, Map.of(), BODY), 5);

        assertThat(written.getHeaders()).isEqualTo(Map.of("cloudEvents:id", "1", WireFormat.SEQUENCE, 5L));
    }

    @Test
    void readsTheSameAfterPassingOnWhateverCameTwice() {
        for (String other : List.of("cloudEvents:ID", "cloudEvents:Id", "cloudEvents_id", "cloudEvents:iD")) {
            BasicProperties properties = new BasicProperties.Builder()
                    .headers(
                            Map.of("cloudEvents:id", "1", other, "2", "cloudEvents:Type", "a", "cloudEvents:TYPE", "b"))
                    .build();
            Message received = WireFormat.message("", properties, BODY);

            BasicProperties passed = WireFormat.properties("1", received, 5);

            assertThat(received.attributes()).containsEntry("id", "1");
            assertThat(passed.getHeaders()).hasSize(3).containsEntry("cloudEvents:id", "1");
            assertThat(WireFormat.message("", passed, BODY).attributes()).isEqualTo(received.attributes());
        }
    }

    @Test
    void writesWhatTheMessageSaysDifferently() {
        BasicProperties properties = new BasicProperties.Builder()
                .headers(Map.of("X-Changed", 1, "x-gone", 2, "cloudEvents_id", "1", "cloudEvents:type", "a"))
                .build();
        Message received = WireFormat.message("", properties, BODY);
        Message changed = Message.received(
                "other",
                null,
                Map.of("id", "1", "type", "b", "partitionkey", "p"),
                Map.of("x-changed", "3", "x-new", "4"),
                BODY,
                received.original());

        Map<String, Object> passed = WireFormat.properties("e-1", changed, 5).getHeaders();

        assertThat(passed)
                .isEqualTo(Map.of(
                        "x-changed",
                        "3",
                        "x-new",
                        "4",
                        "cloudEvents_id",
                        "1",
                        "cloudEvents:type",
                        "b",
                        "cloudEvents:partitionkey",
                        "p",
                        WireFormat.KEY,
                        "other",
                        WireFormat.SEQUENCE,
                        5L));
        assertThat(Received.routingKey(changed)).isNull();
        assertThat(WireFormat.message("", WireFormat.properties("e-1", changed, 5), BODY)
                        .key())
                .isEqualTo("other");
    }
}
