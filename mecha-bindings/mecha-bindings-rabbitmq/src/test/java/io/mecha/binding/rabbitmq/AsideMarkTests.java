// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.mecha.Secret;
import io.mecha.binding.spi.SigningKeys;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsideMarkTests {

    private static final String QUEUE = "orders.billing";
    private static final byte[] BODY = {1, 2};
    private static final Map<String, Object> DEATH =
            Map.of("queue", "mecha.aside.orders.billing.600000", "reason", "expired", "count", 1L);

    private final AsideMark mark = mark("a secret of this application", QUEUE);

    private static AsideMark mark(String key, String queue) {
        return new AsideMark(SigningKeys.of(Secret.of(key), List.of()), "orders", queue);
    }

    private static BasicProperties properties(Map<String, Object> headers) {
        return new BasicProperties.Builder().messageId("id").headers(headers).build();
    }

    /** Returns what the broker brings back of a message. */
    private static BasicProperties broughtBack(AsideMark mark) throws IOException {
        Received received = new Received("orders.eu", properties(Map.of("own", 1, "CC", List.of("elsewhere"))));
        Map<String, Object> headers =
                new HashMap<>(mark.marked(received, 7, BODY).getHeaders());
        assertThat(headers).doesNotContainKey("CC");
        headers.put("x-death", List.of(DEATH));
        headers.put("x-first-death-queue", "q");
        return properties(headers);
    }

    @Test
    void restoresWhatWasPutAside() throws IOException {
        AsideMark.Restored restored = mark.restored(QUEUE, broughtBack(mark), BODY);

        assertThat(restored.attempts()).isEqualTo(7);
        assertThat(restored.received().routingKey()).isEqualTo("orders.eu");
        assertThat(restored.received().properties().getHeaders())
                .containsOnlyKeys("own", "CC")
                .containsEntry("own", 1);
    }

    @ParameterizedTest
    @CsvSource({
        "another secret than ours,orders.billing,id,1",
        "a secret of this application,orders.shipping,id,1",
        "a secret of this application,orders.billing,another,1",
        "a secret of this application,orders.billing,id,2"
    })
    void takesNobodyElsesWord(String key, String queue, String id, byte first) throws IOException {
        BasicProperties properties =
                broughtBack(mark(key, queue)).builder().messageId(id).build();
        Map<String, Object> headers = new HashMap<>(properties.getHeaders());
        headers.remove(AsideMark.HEADER);

        AsideMark.Restored restored = mark.restored(QUEUE, properties, new byte[] {first, 2});

        assertThat(restored.attempts()).isZero();
        assertThat(restored.received().routingKey()).isEqualTo(QUEUE);
        assertThat(restored.received().properties().getHeaders()).isEqualTo(headers);
    }

    @Test
    void ignoresWhatNobodySigned() {
        Map<String, Object> forged = Map.of("routing-key", "orders.eu", "x-delivery-count", 7);
        for (Object header : List.of(forged, "text", new byte[0], new byte[40])) {
            AsideMark.Restored restored =
                    mark.restored(QUEUE, properties(Map.of(AsideMark.HEADER, header, "x-death", List.of(DEATH))), BODY);

            assertThat(restored.attempts()).isZero();
            assertThat(restored.received().routingKey()).isEqualTo(QUEUE);
            assertThat(restored.received().properties().getHeaders()).containsOnlyKeys("x-death");
        }
    }

    @ParameterizedTest
    @CsvSource({"false,true,1", "false,false,1", "true,true,6", "true,false,2"})
    void believesACountOnlyWhereTheBrokerWroteIt(boolean again, boolean counted, int attempt) {
        BasicProperties properties = properties(Map.of("x-delivery-count", 5L));

        assertThat(WireFormat.attempt(new Envelope(1, again, "orders", "k"), properties, counted))
                .isEqualTo(attempt);
        assertThat(WireFormat.attempt(new Envelope(1, again, "orders", "k"), properties(Map.of()), counted))
                .isEqualTo(again ? 2 : 1);
    }
}
