// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A factory of backends of type {@code memory}.
 *
 * @since 1.0
 */
public final class MemoryStateBackendFactory implements StateBackendFactory {

    private final @Nullable TransactionScope scope;

    /** Create a factory of backends that join no transaction. */
    public MemoryStateBackendFactory() {
        this.scope = null;
    }

    /**
     * Create a factory of backends that join transactions.
     *
     * @param scope tells of the transactions
     */
    public MemoryStateBackendFactory(TransactionScope scope) {
        this.scope = Objects.requireNonNull(scope, "scope");
    }

    @Override
    public String type() {
        return MemoryStateBackend.TYPE;
    }

    @Override
    public boolean sharesKeys() {
        return false;
    }

    @Override
    public StateBackend create(Settings settings) {
        MemoryStateOptions options = settings.options(MemoryStateOptions.class);
        Long maximumSize = options.maximumSize();
        if (maximumSize != null && maximumSize < 1) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-S106",
                    PropertyNames.store(settings.store(), "memory.maximum-size"),
                    "State store '%s' is to keep at most %d keys.".formatted(settings.store(), maximumSize),
                    "Set at least 1, or leave it out to keep every key.")));
        }
        return scope == null
                ? new MemoryStateBackend(settings.store(), settings.clock(), options)
                : MemoryStateBackend.joining(settings.store(), settings.clock(), options, scope);
    }
}
