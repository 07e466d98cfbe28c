// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.SanitizableData;

class SecretSanitizerTests {

    private final SecretSanitizer sanitizer = new SecretSanitizer();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mecha.state.stores.carts.encryption.key",
                "mecha.state.stores.carts.encryption.previous-keys[0]",
                "mecha.state.stores.carts.encryption.previousKeys[1]",
                "MECHA_STATE_STORES_CARTS_ENCRYPTION_KEY",
                "mecha.bindings.channels.hook.http.authorization",
                "mecha.bindings.http.authorization",
                "mecha.bindings.signing-key",
            })
    void hidesSecrets(String key) {
        assertThat(sanitizer.apply(new SanitizableData(null, key, "secret")).getValue())
                .isEqualTo(SanitizableData.SANITIZED_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mecha.state.stores.carts.type",
                "mecha.state.key-prefix",
                "mecha.bindings.channels.orders.out.key",
                "app.encryption.key",
            })
    void showsWhatIsNone(String key) {
        assertThat(sanitizer.apply(new SanitizableData(null, key, "text")).getValue())
                .isEqualTo("text");
    }
}
