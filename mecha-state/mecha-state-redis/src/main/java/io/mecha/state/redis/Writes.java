// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.VersionSequence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The commands of writes: a native one where it suffices, a script where it must compare or needs the clock. */
final class Writes {

    private final Session session;
    private final Keyspace keyspace;
    private final VersionSequence versions = new VersionSequence();

    Writes(Session session, Keyspace keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    VersionSequence versions() {
        return versions;
    }

    WriteResult write(Mutation mutation) {
        StatefulConnection<String, StoredValue> connection = session.connection();
        Pending pending = prepare(connection, mutation);
        Session.dispatch(connection, pending.first());
        return Objects.requireNonNull(session.await(connection, pending.result(), true, mutation.key()));
    }

    /**
     * Write everything in waves: a wave has each key once, so that neither a redirection nor a script that the server
     * does not know can change the order of the writes to one key.
     */
    List<WriteResult> writeAll(List<Mutation> mutations) {
        StatefulConnection<String, StoredValue> connection = session.connection();
        List<@Nullable WriteResult> results = new ArrayList<>(mutations.size());
        mutations.forEach(mutation -> results.add(null));
        List<Integer> waiting = new ArrayList<>(mutations.size());
        for (int i = 0; i < mutations.size(); i++) {
            waiting.add(i);
        }
        try {
            while (!waiting.isEmpty()) {
                waiting = wave(connection, mutations, waiting, results);
            }
        } catch (StateUnavailableException e) {
            throw StateUnavailableException.mayHaveHappened(e.store(), Failures.TYPE, e.getCause());
        }
        return results.stream().map(Objects::requireNonNull).toList();
    }

    private List<Integer> wave(
            StatefulConnection<String, StoredValue> connection,
            List<Mutation> mutations,
            List<Integer> indices,
            List<@Nullable WriteResult> results) {
        Set<String> keys = new HashSet<>();
        List<Integer> now = new ArrayList<>(indices.size());
        List<Integer> later = new ArrayList<>();
        List<Pending> wave = new ArrayList<>(indices.size());
        for (int index : indices) {
            Mutation mutation = mutations.get(index);
            if (keys.add(mutation.key())) {
                now.add(index);
                wave.add(prepare(connection, mutation));
            } else {
                later.add(index);
            }
        }
        session.send(connection, wave.stream().map(Pending::first).toList());
        CompletableFuture<?>[] answers = wave.stream().map(Pending::result).toArray(CompletableFuture<?>[]::new);
        session.await(connection, CompletableFuture.allOf(answers), true, null);
        for (int i = 0; i < wave.size(); i++) {
            results.set(now.get(i), wave.get(i).result().join());
        }
        return later;
    }

    private Pending prepare(StatefulConnection<String, StoredValue> connection, Mutation mutation) {
        String name = keyspace.name(mutation.key());
        if (mutation instanceof Mutation.Put put) {
            return put.timeToLive() == null ? put(connection, put, name) : scripted(connection, put, name);
        }
        Precondition precondition = mutation.precondition();
        if (precondition instanceof Precondition.None) {
            AsyncCommand<String, StoredValue, Long> remove = Requests.remove(name);
            return new Pending(remove, remove.thenApply(count -> new WriteResult.Removed(count > 0)));
        }
        return script(
                connection,
                Script.WRITE,
                name,
                arguments -> Requests.addOther(arguments, text(precondition), "remove"),
                precondition,
                answer -> new WriteResult.Removed(answer > 0));
    }

    private Pending put(StatefulConnection<String, StoredValue> connection, Mutation.Put put, String name) {
        Precondition precondition = put.precondition();
        String version = versions.next();
        StoredValue value = StoredValue.of(version, put.value());
        if (precondition instanceof Precondition.None) {
            AsyncCommand<String, StoredValue, String> set = Requests.set(name, value);
            return new Pending(set, set.thenApply(ok -> new WriteResult.Written(version)));
        }
        if (precondition instanceof Precondition.Absent) {
            return putIfAbsent(connection, put, name, version, value);
        }
        String expected = Objects.requireNonNull(expected(precondition));
        if (expected.length() > VersionSequence.MAXIMUM_LENGTH) {
            return scripted(connection, put, name);
        }
        return script(
                connection,
                Script.REPLACE,
                name,
                arguments -> Requests.addReplacement(arguments, expected, value),
                precondition,
                answer -> new WriteResult.Written(version));
    }

    private Pending putIfAbsent(
            StatefulConnection<String, StoredValue> connection,
            Mutation.Put put,
            String name,
            String version,
            StoredValue value) {
        AsyncCommand<String, StoredValue, String> set = Requests.setIfAbsent(name, value);
        return new Pending(set, set.thenCompose(ok -> {
            if (ok != null) {
                return CompletableFuture.completedFuture(new WriteResult.Written(version));
            }
            AsyncCommand<String, StoredValue, StoredValue> head = Requests.head(name);
            Session.dispatch(connection, head);
            return head.thenApply(found -> new WriteResult.Conflict(null, actual(put.key(), found)));
        }));
    }

    private @Nullable String actual(String key, StoredValue found) {
        if (found.version() == null && !found.isEmpty()) {
            throw session.failures().foreign(key);
        }
        return found.version();
    }

    private Pending scripted(StatefulConnection<String, StoredValue> connection, Mutation.Put put, String name) {
        String version = versions.next();
        Precondition precondition = put.precondition();
        return script(
                connection,
                Script.WRITE,
                name,
                arguments -> Requests.addPut(arguments, text(precondition), put, version),
                precondition,
                answer -> new WriteResult.Written(version));
    }

    private Pending script(
            StatefulConnection<String, StoredValue> connection,
            Script script,
            String name,
            Consumer<CommandArgs<String, StoredValue>> arguments,
            Precondition precondition,
            LongFunction<WriteResult> applied) {
        List<String> names = List.of(name);
        AsyncCommand<String, StoredValue, List<@Nullable Object>> known =
                Requests.script(script, true, names, arguments);
        CompletableFuture<List<@Nullable Object>> answer = session.script(connection, known, script, names, arguments);
        return new Pending(known, answer.thenApply(result -> {
            Object first = result.get(0);
            return first instanceof Long count
                    ? applied.apply(count)
                    : new WriteResult.Conflict(expected(precondition), (String) first);
        }));
    }

    /** Return a precondition as the scripts read it. */
    static String text(Precondition precondition) {
        if (precondition instanceof Precondition.Version version) {
            return "=" + version.version();
        }
        return precondition instanceof Precondition.Absent ? "-" : "";
    }

    /** Return the version that a precondition asks for. */
    static @Nullable String expected(Precondition precondition) {
        return precondition instanceof Precondition.Version version ? version.version() : null;
    }

    /** A write on its way: the command to send first, and what comes of it. */
    private record Pending(AsyncCommand<String, StoredValue, ?> first, CompletableFuture<WriteResult> result) {}
}
