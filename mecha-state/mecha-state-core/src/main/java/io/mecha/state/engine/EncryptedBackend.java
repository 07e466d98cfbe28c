// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.Capabilities;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A backend that encrypts values on their way to another one, and decrypts them on the way back. */
final class EncryptedBackend implements StateBackend {

    private final StateBackend delegate;
    private final ValueCipher cipher;
    private final Capabilities capabilities;

    EncryptedBackend(StateBackend delegate, EncryptionKeys keys, String store, String prefix) {
        this.delegate = delegate;
        this.cipher = new ValueCipher(keys, store, prefix.length());
        this.capabilities = delegate.capabilities().map(Transactions.class, EncryptedTransactions::new);
    }

    @Override
    public @Nullable Entry read(String key) {
        Entry entry = delegate.read(key);
        return entry == null ? null : decrypt(key, entry);
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        Map<String, Entry> entries = new HashMap<>();
        delegate.readAll(keys).forEach((key, entry) -> entries.put(key, decrypt(key, entry)));
        return entries;
    }

    @Override
    public WriteResult write(Mutation mutation) {
        return delegate.write(encrypt(mutation));
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        return delegate.writeAll(mutations.stream().map(this::encrypt).toList());
    }

    // Decrypted only when somebody asks for the bytes, so that one unreadable value of a bulk read fails alone.
    private Entry decrypt(String key, Entry entry) {
        Value encrypted = entry.value();
        return new Entry(() -> cipher.decrypt(key, encrypted.bytes()), entry.version(), entry.expiresAt());
    }

    private Mutation encrypt(Mutation mutation) {
        if (mutation instanceof Mutation.Put put) {
            byte[] encrypted = cipher.encrypt(put.key(), put.value().bytes());
            return new Mutation.Put(put.key(), Value.of(encrypted), put.timeToLive(), put.precondition());
        }
        return mutation;
    }

    @Override
    public int maximumValueSize() {
        int maximum = delegate.maximumValueSize();
        // Bytes are always needed here, so there is always a limit to check.
        return Math.min(maximum, Integer.MAX_VALUE - 1) - ValueCipher.OVERHEAD;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        delegate.ping();
    }

    @Override
    public void close() {
        delegate.close();
    }

    /** The transactions of a backend, with encrypted values. */
    private final class EncryptedTransactions implements Transactions {

        private final Transactions transactions;

        EncryptedTransactions(Transactions transactions) {
            this.transactions = transactions;
        }

        @Override
        public int maximumOperations() {
            return transactions.maximumOperations();
        }

        @Override
        public TransactionResult execute(List<Operation> operations) {
            List<Operation> encrypted = new ArrayList<>(operations.size());
            for (Operation operation : operations) {
                encrypted.add(operation instanceof Mutation mutation ? encrypt(mutation) : operation);
            }
            return transactions.execute(encrypted);
        }
    }
}
