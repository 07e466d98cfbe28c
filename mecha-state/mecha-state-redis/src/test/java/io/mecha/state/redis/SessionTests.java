// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTests {

    private final AsyncCommand<String, StoredValue, String> ping = Requests.ping();

    @Test
    void failsWhatIsSentWhileTheConnectionIsClosed() {
        Session.dispatch(stumbling(false), ping);

        assertThat(ping)
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .withCauseInstanceOf(RedisConnectionException.class);
    }

    @Test
    void hidesNoOtherMistake() {
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(() -> Session.dispatch(stumbling(true), ping));
    }

    @SuppressWarnings("unchecked")
    private static StatefulConnection<String, StoredValue> stumbling(boolean open) {
        return (StatefulConnection<String, StoredValue>) Proxy.newProxyInstance(
                StatefulConnection.class.getClassLoader(),
                new Class<?>[] {StatefulConnection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("isOpen")) {
                        return open;
                    }
                    throw new NullPointerException("the provider is gone");
                });
    }
}
