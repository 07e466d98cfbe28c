// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Outbound;
import java.util.List;
import org.junit.jupiter.api.Test;

abstract class LifecycleBehaviour extends BindingGroup {

    LifecycleBehaviour(BindingBackendContract contract) {
        super(contract);
    }

    @Test
    void refusesToSendAfterClose() {
        Outbound outbound = capability(Outbound.class);
        TestMessage message = TestMessage.of("late");

        backend().close();

        assertThatExceptionOfType(SendException.class)
                .isThrownBy(() -> await(outbound.send(message.id(), message)))
                .matches(failure -> !failure.mayHaveHappened(), "says that nothing was sent");
        assertThat(outbound.sendAll(List.of(message.id()), List.of(message)))
                .singleElement()
                .satisfies(stage -> assertThatThrownBy(() -> await(stage)).isInstanceOf(SendException.class));
    }

    @Test
    void closesOnlyItself() {
        declare("group");
        BindingBackend node = anotherNode();

        backend().close();

        send(node, TestMessage.of("sent after close"));
        Collector collector = Collector.acknowledging();
        receive(node, ConsumerRequest.of("group", ROOM), collector);
        eventually(() -> assertThat(collector.texts()).containsExactly("sent after close"));
    }
}
