// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "mecha.bindings.kafka.properties.sasl.jaas.config",
                "mecha.bindings.kafka.properties[ssl.keystore.key]",
                "mecha.bindings.channels.orders.kafka.properties.ssl.keystore.password",
                "mecha.bindings.channels.hook.http.headers.x-api-key",
                "mecha.bindings.http.headers.authorization",
                "MECHA_BINDINGS_HTTP_HEADERS_COOKIE",
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
                "mecha.bindings.kafka.properties.linger.ms",
                "mecha.bindings.channels.hook.http.path",
                "app.encryption.key",
            })
    void showsWhatIsNone(String key) {
        assertThat(sanitizer.apply(new SanitizableData(null, key, "text")).getValue())
                .isEqualTo("text");
    }

    @ParameterizedTest
    @CsvSource({
        "mecha.bindings.channels.hook.http.url, https://user:pw@host/path, https://******@host/path",
        "mecha.bindings.channels.hook.http.url, https://user:p@w@host, https://******@host",
        "mecha.state.redis.nodes, 'redis://:pw@a:1,redis://:pw@b:2', 'redis://******@a:1,redis://******@b:2'",
        "MECHA_BINDINGS_CHANNELS_HOOK_HTTP_URL, https://token@host, https://******@host",
        "mecha.bindings.channels.hook.http.url, https://host/mail?to=a@b, https://host/mail?to=a@b",
        "app.url, https://user:pw@host, https://user:pw@host"
    })
    void masksTheUserInAUrl(String key, String value, String shown) {
        assertThat(sanitizer.apply(new SanitizableData(null, key, value)).getValue())
                .isEqualTo(shown);
        assertThat(sanitizer.apply(new SanitizableData(null, key, null)).getValue())
                .isNull();
    }
}
