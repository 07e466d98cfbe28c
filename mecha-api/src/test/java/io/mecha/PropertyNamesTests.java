// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.binding.UnknownChannelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PropertyNamesTests {

    @ParameterizedTest
    @CsvSource({
        "orders, mecha.bindings.channels.orders.in.group",
        "my-orders, mecha.bindings.channels.my-orders.in.group",
        "2, mecha.bindings.channels.2.in.group",
        "orders.dead, mecha.bindings.channels[orders.dead].in.group",
        "Orders, mecha.bindings.channels[Orders].in.group",
        "my_orders, mecha.bindings.channels[my_orders].in.group"
    })
    void namesAPropertyAsItCanBeSet(String channel, String property) {
        assertThat(PropertyNames.channel(channel, "in.group")).isEqualTo(property);
    }

    @Test
    void namesStoresAlike() {
        assertThat(PropertyNames.store("carts", "type")).isEqualTo("mecha.state.stores.carts.type");
        assertThat(PropertyNames.store("carts.old")).isEqualTo("mecha.state.stores[carts.old]");
    }

    @Test
    void isWhatMessagesUse() {
        assertThat(new UnknownChannelException("orders.dead", List.of()).action())
                .contains("mecha.bindings.channels[orders.dead]");
    }
}
