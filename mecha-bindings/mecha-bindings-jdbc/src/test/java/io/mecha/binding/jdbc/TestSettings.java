// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;

/** Settings of a channel named as its destination. */
record TestSettings(String destination, JdbcBindingOptions options) implements BindingBackendFactory.Settings {

    static JdbcBindingOptions options(Duration timeout, Duration lease) {
        return new JdbcBindingOptions(
                null, null, timeout, Duration.ofMillis(200), lease, null, null, Duration.ofMillis(300));
    }

    static BindingBackend backend(JdbcBindingBackendFactory factory, String destination) {
        return factory.create(new TestSettings(destination, options(Duration.ofSeconds(2), Duration.ofSeconds(3))));
    }

    static JdbcBindingBackendFactory factory(DataSource dataSource) {
        return new JdbcBindingBackendFactory((channel, name) -> dataSource);
    }

    @Override
    public String channel() {
        return destination;
    }

    @Override
    public String application() {
        return "test";
    }

    @Override
    public <O> O options(Class<O> type) {
        return type.cast(options);
    }

    @Override
    public Path dataDirectory() {
        throw new AssertionError("not embedded");
    }

    @Override
    public SigningKeys signingKeys() {
        return SigningKeys.of(null, List.of());
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }
}
