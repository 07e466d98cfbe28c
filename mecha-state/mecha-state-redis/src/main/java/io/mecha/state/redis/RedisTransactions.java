// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.mecha.state.Precondition;
import io.mecha.state.TransactionResult;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Transactions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Transactions as one script, which Redis runs without running anything else. */
final class RedisTransactions implements Transactions {

    private static final int MAXIMUM_OPERATIONS = 1_000;

    private final Session session;
    private final Keyspace keyspace;
    private final Writes writes;

    RedisTransactions(Session session, Keyspace keyspace, Writes writes) {
        this.session = session;
        this.keyspace = keyspace;
        this.writes = writes;
    }

    @Override
    public int maximumOperations() {
        return MAXIMUM_OPERATIONS;
    }

    @Override
    public TransactionResult execute(List<Operation> operations) {
        return execute(Fence.of(operations), KeyOperation.of(operations));
    }

    private TransactionResult execute(List<Fence> fences, List<KeyOperation> operations) {
        List<@Nullable String> versions = new ArrayList<>(operations.size());
        boolean writing = false;
        for (KeyOperation operation : operations) {
            versions.add(operation instanceof Mutation.Put ? writes.versions().next() : null);
            writing |= operation instanceof Mutation;
        }
        List<String> names = new ArrayList<>(fences.size() + operations.size());
        fences.forEach(fence -> names.add(RedisLeases.name(keyspace, fence.lease())));
        operations.forEach(operation -> names.add(keyspace.name(operation.key())));
        Consumer<CommandArgs<String, StoredValue>> arguments = target -> {
            fences.forEach(fence -> Requests.addOther(target, Long.toString(fence.token()), "fence"));
            add(target, operations, versions);
        };
        StatefulConnection<String, StoredValue> connection = session.connection();
        AsyncCommand<String, StoredValue, List<@Nullable Object>> known =
                Requests.script(Script.TRANSACT, true, names, arguments);
        CompletableFuture<List<@Nullable Object>> answer =
                session.script(connection, known, Script.TRANSACT, names, arguments);
        Session.dispatch(connection, known);
        List<@Nullable Object> result = Objects.requireNonNull(session.await(connection, answer, writing, null));
        return result.size() > 1 ? refused(fences, operations, result) : committed(operations, versions);
    }

    private static void add(
            CommandArgs<String, StoredValue> arguments,
            List<KeyOperation> operations,
            List<@Nullable String> versions) {
        for (int i = 0; i < operations.size(); i++) {
            KeyOperation operation = operations.get(i);
            String precondition = Writes.text(operation.precondition());
            String version = versions.get(i);
            if (operation instanceof Mutation.Put put && version != null) {
                Requests.addPut(arguments, precondition, put, version);
            } else {
                String kind = operation instanceof Mutation.Remove ? "remove" : "require";
                Requests.addOther(arguments, precondition, kind);
            }
        }
    }

    private static TransactionResult refused(
            List<Fence> fences, List<KeyOperation> operations, List<@Nullable Object> found) {
        int index = Math.toIntExact((Long) Objects.requireNonNull(found.get(0))) - 1;
        if (index < fences.size()) {
            Fence fence = fences.get(index);
            String newest = (String) found.get(1);
            return new TransactionResult.Fenced(
                    fence.lease(), fence.token(), newest == null ? null : (Long) Long.parseLong(newest));
        }
        KeyOperation operation = operations.get(index - fences.size());
        Precondition precondition = operation.precondition();
        return new TransactionResult.Conflict(operation.key(), Writes.expected(precondition), (String) found.get(1));
    }

    private static TransactionResult committed(List<KeyOperation> operations, List<@Nullable String> versions) {
        Map<String, String> written = new LinkedHashMap<>();
        for (int i = 0; i < operations.size(); i++) {
            String key = operations.get(i).key();
            String version = versions.get(i);
            if (version != null) {
                written.put(key, version);
            } else if (operations.get(i) instanceof Mutation.Remove) {
                written.remove(key);
            }
        }
        return new TransactionResult.Committed(written);
    }
}
