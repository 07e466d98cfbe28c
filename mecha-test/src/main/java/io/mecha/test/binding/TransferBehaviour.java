// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.binding.SendException;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Outbound;
import io.mecha.test.Applicability;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

abstract class TransferBehaviour extends BindingGroup {

    private static final int MEGABYTE = 1_000_000;
    private static final String STRANGE = "Grüße, 漢字 🚀 100% \"quoted\" \\ a=b;c, d";

    TransferBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void carriesAnEvent() {
        TestMessage sent = TestMessage.of("text").withAttribute("subject", "s").withAttribute("extension", "x");

        Message received = transfer(sent);

        assertThat(received.body()).isEqualTo(sent.body());
        assertThat(received.contentType()).isEqualTo("text/plain");
        assertThat(received.attributes()).isEqualTo(sent.attributes());
        assertThat(received.delay()).isNull();
    }

    @Test
    void carriesHeadersBesideAttributes() {
        TestMessage sent = TestMessage.of("text").withHeader("x-one", "1").withHeader("two", "2");

        Message received = transfer(sent);

        assertThat(received.headers()).containsEntry("x-one", "1").containsEntry("two", "2");
        assertThat(received.attributes()).isEqualTo(sent.attributes());
    }

    @Test
    void carriesAHeaderNamedLikeAnAttribute() {
        TestMessage sent =
                TestMessage.of("text").withHeader("subject", "header").withAttribute("subject", "attribute");

        Message received = transfer(sent);

        assertThat(received.headers()).containsEntry("subject", "header");
        assertThat(received.attributes()).containsEntry("subject", "attribute");
    }

    @Test
    void takesNoHeaderForAnAttribute() {
        List<String> names = List.of(
                "ce-id",
                "ce_id",
                "CE_type",
                "Ce-Source",
                "cloudEvents:id",
                "cloudevents_type",
                "content-type",
                "Content-Type");
        TestMessage sent = TestMessage.of("text").withHeader("x-user", "alice").withAttribute("x-user", "admin");
        for (String name : names) {
            sent = sent.withHeader(name, "forged");
        }

        Message received = transfer(sent);

        assertThat(received.attributes()).isEqualTo(sent.attributes());
        assertThat(received.contentType()).isEqualTo(sent.contentType());
        assertThat(received.headers()).containsEntry("x-user", "alice");
    }

    @Test
    void carriesUnicode() {
        TestMessage sent =
                TestMessage.of(STRANGE).withAttribute("subject", STRANGE).withHeader("x-strange", STRANGE);

        Message received = transfer(sent);

        assertThat(received.body()).isEqualTo(sent.body());
        assertThat(received.attributes()).isEqualTo(sent.attributes());
        assertThat(received.headers()).containsEntry("x-strange", STRANGE);
    }

    @Test
    void carriesWhatForeignSendersPutIntoAttributes() {
        String strange = "a\nb\r\n\tc=\\d\u0000\u0001\u007F\u0085\uFFFE.";
        TestMessage sent = TestMessage.of("text").withAttribute("subject", strange);

        assertThat(transfer(sent).attributes()).isEqualTo(sent.attributes());
    }

    @Test
    void carriesNoAttributeUnderTheNameOfAnother() {
        TestMessage sent = TestMessage.of("text").withAttribute("tenant", "a");
        Map<String, String> attributes = new LinkedHashMap<>(sent.attributes());
        List.of("ID", "Type", "TENANT", "SPECVERSION").forEach(name -> attributes.put(name, "forged"));

        Message received = transfer(sent.withAttributes(attributes));

        assertThat(received.attributes()).containsAllEntriesOf(sent.attributes());
    }

    @Test
    void carriesManyHeadersAndLongOnes() {
        TestMessage sent = TestMessage.of("text").withHeader("x-long", "long ".repeat(800) + ".");
        for (int i = 0; i < 40; i++) {
            sent = sent.withHeader("x-" + i, "value " + i);
        }

        Message received = transfer(sent);

        assertThat(received.headers()).containsAllEntriesOf(sent.headers());
    }

    @Test
    void carriesKeys() {
        capability(KeyOrder.class);

        assertThat(transfer(TestMessage.of("text").withKey("customer 1/ä")).key())
                .isEqualTo("customer 1/ä");
        assertThat(transfer(TestMessage.of("text")).key()).isNull();
    }

    @Test
    void carriesMediaTypesAsTheyAreWritten() {
        TestMessage sent = TestMessage.of("{}");

        for (String type : List.of("application/json; charset=utf-8", "application/vnd.x+cbor;v=1", "text/plain")) {
            assertThat(transfer(sent.withContentType(type)).contentType()).isEqualTo(type);
        }
        assertThat(transfer(sent.withContentType(null)).contentType()).isNull();
    }

    @Test
    void carriesWholeEventsWithoutLookingInside() {
        TestMessage sent = TestMessage.of("not even JSON")
                .withContentType("application/cloudevents+json; charset=utf-8")
                .withAttributes(Map.of());

        Message received = transfer(sent);

        assertThat(received.contentType()).isEqualTo("application/cloudevents+json; charset=utf-8");
        assertThat(received.body()).isEqualTo(sent.body());
        assertThat(received.attributes()).isEmpty();
    }

    @Test
    void carriesMessagesThatAreNoEvents() {
        TestMessage sent = TestMessage.of("raw").withAttributes(Map.of()).withHeader("x-raw", "yes");

        Message received = transfer(sent);

        assertThat(received.attributes()).isEmpty();
        assertThat(received.headers()).containsEntry("x-raw", "yes");
        assertThat(received.body()).isEqualTo(sent.body());
    }

    @Test
    void carriesEveryByte() {
        byte[] body = new byte[512];
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) i;
        }

        assertThat(transfer(TestMessage.of("").withBody(body).withContentType("application/octet-stream"))
                        .body())
                .isEqualTo(body);
    }

    @Test
    void carriesNoBodyAndAnEmptyBody() {
        byte[] none = transfer(TestMessage.of("").withBody(null)).body();
        byte[] empty = transfer(TestMessage.of("").withBody(new byte[0])).body();

        if (contract().tellsNoBodyFromEmptyBody()) {
            assertThat(none).isNull();
            assertThat(empty).isNotNull().isEmpty();
        } else {
            assertThat(none).isNullOrEmpty();
            assertThat(empty).isNullOrEmpty();
        }
    }

    @Test
    void carriesLargeBodies() {
        byte[] body = new byte[Math.min(MEGABYTE, capability(Outbound.class).maximumBodySize())];
        Arrays.fill(body, (byte) 'x');
        body[body.length - 1] = 'y';

        assertThat(transfer(TestMessage.of("").withBody(body)).body()).isEqualTo(body);
    }

    @Test
    void statesAPositiveMaximumBodySize() {
        assertThat(capability(Outbound.class).maximumBodySize()).isPositive();
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        int maximum = capability(Outbound.class).maximumBodySize();
        Applicability.require(maximum <= 32 * MEGABYTE, "bodies may be larger than a test can make them");
        declare("group");

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> send(TestMessage.of("").withBody(new byte[maximum + 1])))
                .matches(failure -> !failure.mayHaveHappened(), "says that nothing was sent");

        send("afterwards");
        Collector collector = Collector.acknowledging();
        receive("group", collector);
        eventually(() -> assertThat(collector.texts()).containsExactly("afterwards"));
    }

    @Test
    void confirmsWithTheId() {
        declare("group");
        TestMessage message = TestMessage.of("text");

        assertThat(send(message).id()).isEqualTo(message.id());
    }

    private Message transfer(TestMessage message) {
        declare("group");
        send(message);
        Collector collector = Collector.acknowledging();
        MessageConsumer consumer = receive("group", collector);
        awaitCount(collector, 1);
        consumer.close();
        assertThat(collector.deliveries()).hasSize(1);
        return collector.message(0);
    }
}
