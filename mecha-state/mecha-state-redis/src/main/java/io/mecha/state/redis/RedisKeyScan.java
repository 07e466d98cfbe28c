// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.spi.KeyScan;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scan of keys by {@code SCAN}.
 *
 * <p>In a cluster, all keys of the store are in the slot of its hash tag, and a script that is sent to that slot scans
 * the node that holds it. If the slot has moved since the last page, the scan starts over on the new node.
 */
final class RedisKeyScan implements KeyScan {

    /** How many steps without enough keys one page may cost, once it has a key. */
    private static final int MAXIMUM_STEPS = 8;

    /** How many keys one step looks at, at most. */
    private static final int MAXIMUM_COUNT = 1_000;

    private final Session session;
    private final Keyspace keyspace;

    RedisKeyScan(Session session, Keyspace keyspace) {
        this.session = session;
        this.keyspace = keyspace;
    }

    @Override
    public boolean ordered() {
        return false;
    }

    @Override
    public Page<String> keys(String prefix, PageRequest page) {
        ScanToken from = ScanToken.parse(prefix, page.token());
        StatefulConnection<String, StoredValue> connection = session.connection();
        Set<String> found = new LinkedHashSet<>(existing(connection, from.rest()));
        boolean resumed = page.token() != null;
        String pattern = keyspace.pattern(prefix);
        Step step = new Step(from.node(), from.cursor(), List.of());
        int count = Math.max(1, Math.min(page.size() - found.size(), MAXIMUM_COUNT));
        for (int steps = 0; found.size() < page.size() && (found.isEmpty() || steps < MAXIMUM_STEPS); steps++) {
            if (resumed && step.finished()) {
                break;
            }
            step = step(connection, step, pattern, count);
            resumed = true;
            step.names().stream()
                    .filter(keyspace::holds)
                    .map(keyspace::key)
                    .filter(key -> key.startsWith(prefix))
                    .forEach(found::add);
            count = Math.min(count * 2, MAXIMUM_COUNT);
        }
        return page(prefix, page, new ArrayList<>(found), step);
    }

    private static Page<String> page(String prefix, PageRequest page, List<String> found, Step step) {
        int size = Math.min(found.size(), page.size());
        List<String> rest = found.subList(size, found.size());
        boolean last = step.finished() && rest.isEmpty();
        PageRequest next = last ? null : page.at(new ScanToken(prefix, step.cursor(), step.node(), rest).text());
        return new Page<>(found.subList(0, size), next);
    }

    /** Leave out the keys that were removed since they were found. */
    private List<String> existing(StatefulConnection<String, StoredValue> connection, List<String> keys) {
        if (keys.isEmpty()) {
            return keys;
        }
        List<AsyncCommand<String, StoredValue, Long>> questions =
                keys.stream().map(key -> Requests.exists(keyspace.name(key))).toList();
        session.send(connection, questions);
        session.await(connection, CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new)), false, null);
        List<String> existing = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            if (questions.get(i).join() > 0) {
                existing.add(keys.get(i));
            }
        }
        return existing;
    }

    private Step step(StatefulConnection<String, StoredValue> connection, Step from, String pattern, int count) {
        if (connection instanceof StatefulRedisClusterConnection) {
            return clusterStep(connection, from, pattern, count);
        }
        AsyncCommand<String, StoredValue, KeyScanCursor<String>> scan = Requests.scan(from.cursor(), pattern, count);
        Session.dispatch(connection, scan);
        KeyScanCursor<String> cursor = Objects.requireNonNull(session.await(connection, scan, false, null));
        return new Step("", cursor.getCursor(), cursor.getKeys());
    }

    private Step clusterStep(StatefulConnection<String, StoredValue> connection, Step from, String pattern, int count) {
        List<String> names = List.of(keyspace.name(""));
        Consumer<CommandArgs<String, StoredValue>> arguments = target ->
                target.add(from.cursor()).add(from.node()).add(pattern).add(count);
        AsyncCommand<String, StoredValue, List<@Nullable Object>> known =
                Requests.script(Script.SCAN, true, names, arguments);
        CompletableFuture<List<@Nullable Object>> answer =
                session.script(connection, known, Script.SCAN, names, arguments);
        Session.dispatch(connection, known);
        List<String> result = Objects.requireNonNull(session.await(connection, answer, false, null)).stream()
                .map(String::valueOf)
                .toList();
        return new Step(result.get(0), result.get(1), result.subList(2, result.size()));
    }

    /** An answer of the server: which node, where to go on, and the names. */
    private record Step(String node, String cursor, List<String> names) {

        boolean finished() {
            return cursor.equals(ScanToken.START);
        }
    }
}
