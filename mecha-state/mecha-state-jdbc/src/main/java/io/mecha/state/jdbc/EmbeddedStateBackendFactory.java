// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;

/**
 * A factory of backends of type {@code embedded}: a SQLite file under {@code mecha.data-directory}.
 *
 * @since 1.0
 */
public final class EmbeddedStateBackendFactory implements StateBackendFactory {

    /** Create the factory; it has no state. */
    public EmbeddedStateBackendFactory() {}

    @Override
    public String type() {
        return EmbeddedAssembly.TYPE;
    }

    @Override
    public boolean sharesKeys() {
        return true;
    }

    @Override
    public StateBackend create(Settings settings) {
        Limits limits = Limits.of(settings.store(), settings.options(EmbeddedStateOptions.class));
        return EmbeddedAssembly.open(settings.store(), settings.dataDirectory(), limits, settings.clock());
    }
}
