// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import io.mecha.Capabilities;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pass every call on, so that a test overrides only what it is about.
 *
 * @since 1.0
 */
public class ForwardingBackend implements StateBackend {

    private final StateBackend delegate;

    /**
     * Pass calls on.
     *
     * @param delegate what answers them
     */
    public ForwardingBackend(StateBackend delegate) {
        this.delegate = delegate;
    }

    @Override
    public @Nullable Entry read(String key) {
        return delegate.read(key);
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        return delegate.readAll(keys);
    }

    @Override
    public WriteResult write(Mutation mutation) {
        return delegate.write(mutation);
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        return delegate.writeAll(mutations);
    }

    @Override
    public int maximumValueSize() {
        return delegate.maximumValueSize();
    }

    @Override
    public Capabilities capabilities() {
        return delegate.capabilities();
    }

    @Override
    public void ping() {
        delegate.ping();
    }

    @Override
    public void close() {
        delegate.close();
    }
}
