// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.CommandArgs;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Leases as hashes, one for each name, which scripts compare and write. A hash outlives its lease, so that tokens rise.
 *
 * <p>Their names begin with a control character, which no key does. They have the store's hash tag, if it has one, so that a
 * transaction finds them on its node.
 */
final class RedisLeases implements Leases {

    private static final String NAMESPACE = "\u0001lease:";
    private static final long IDLE_MILLIS = TimeUnit.DAYS.toMillis(IDLE_DAYS);
    private static final int CHUNK = 500;

    private final Session session;
    private final Keyspace keyspace;
    private final boolean cluster;

    RedisLeases(Session session, Keyspace keyspace, boolean cluster) {
        this.session = session;
        this.keyspace = keyspace;
        this.cluster = cluster;
    }

    /** Return the name that Redis knows a lease by. */
    static String name(Keyspace keyspace, String lease) {
        return keyspace.name(NAMESPACE + lease);
    }

    @Override
    public LeaseResult acquire(String name, String owner, Duration timeToLive) {
        List<@Nullable Object> answer =
                call(Script.ACQUIRE, name, arguments -> addTime(arguments.add(owner), timeToLive));
        long token = number(answer, 0);
        Duration remaining = Duration.of(number(answer, 1), ChronoUnit.MICROS);
        return token == 0 ? new Held(remaining) : new Granted(token, remaining);
    }

    @Override
    public boolean release(Lease lease) {
        List<@Nullable Object> answer = call(
                Script.RELEASE,
                lease.name(),
                arguments -> arguments.add(lease.owner()).add(lease.token()).add(IDLE_MILLIS));
        return number(answer, 0) > 0;
    }

    private List<@Nullable Object> call(Script script, String name, Consumer<CommandArgs<String, StoredValue>> more) {
        StatefulConnection<String, StoredValue> connection = session.connection();
        Pending pending = prepare(connection, script, List.of(name(keyspace, name)), more);
        Session.dispatch(connection, pending.first());
        return Objects.requireNonNull(session.await(connection, pending.answer(), true, null));
    }

    @Override
    public Set<Lease> renew(Map<Lease, Duration> leases) {
        StatefulConnection<String, StoredValue> connection = session.connection();
        List<List<Lease>> groups = groups(leases.keySet());
        List<Pending> pending = groups.stream()
                .map(group -> prepare(
                        connection,
                        Script.RENEW,
                        group.stream()
                                .map(lease -> name(keyspace, lease.name()))
                                .toList(),
                        arguments -> group.forEach(lease -> addTime(
                                arguments.add(lease.owner()).add(lease.token()),
                                Objects.requireNonNull(leases.get(lease))))))
                .toList();
        session.send(connection, pending.stream().map(Pending::first).toList());
        CompletableFuture<?>[] answers = pending.stream().map(Pending::answer).toArray(CompletableFuture<?>[]::new);
        session.await(connection, CompletableFuture.allOf(answers), true, null);
        Set<Lease> renewed = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            List<@Nullable Object> answer = pending.get(i).answer().join();
            for (int j = 0; j < answer.size(); j++) {
                if (number(answer, j) > 0) {
                    renewed.add(groups.get(i).get(j));
                }
            }
        }
        return renewed;
    }

    /** Group leases that one script may see: those of one slot in a cluster. */
    private List<List<Lease>> groups(Collection<Lease> leases) {
        if (cluster) {
            return List.copyOf(leases.stream()
                    .collect(Collectors.groupingBy(lease -> SlotHash.getSlot(name(keyspace, lease.name()))))
                    .values());
        }
        List<Lease> all = List.copyOf(leases);
        List<List<Lease>> chunks = new ArrayList<>();
        for (int start = 0; start < all.size(); start += CHUNK) {
            chunks.add(all.subList(start, Math.min(start + CHUNK, all.size())));
        }
        return chunks;
    }

    private Pending prepare(
            StatefulConnection<String, StoredValue> connection,
            Script script,
            List<String> names,
            Consumer<CommandArgs<String, StoredValue>> more) {
        AsyncCommand<String, StoredValue, List<@Nullable Object>> known = Requests.script(script, true, names, more);
        return new Pending(known, session.script(connection, known, script, names, more));
    }

    /** Add the time to live in microseconds, and for how many milliseconds to remember. */
    private static void addTime(CommandArgs<String, StoredValue> arguments, Duration timeToLive) {
        arguments
                .add(TimeUnit.MILLISECONDS.toMicros(timeToLive.toMillis()) + timeToLive.toNanosPart() / 1_000 % 1_000)
                .add(timeToLive.toMillis() + IDLE_MILLIS);
    }

    private static long number(List<@Nullable Object> answer, int index) {
        return (Long) Objects.requireNonNull(answer.get(index));
    }

    /** A script on its way: the command to send first, and the answer to whichever was sent. */
    private record Pending(
            AsyncCommand<String, StoredValue, List<@Nullable Object>> first,
            CompletableFuture<List<@Nullable Object>> answer) {}
}
