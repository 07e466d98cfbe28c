// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import io.mecha.runtime.ElapsedTime;
import io.mecha.spi.SurroundingTransaction;
import io.mecha.state.InvalidStateRequestException;
import io.mecha.state.Precondition;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.state.spi.Value;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a backend that has transactions and no leases of its own, on two keys for each name.
 *
 * <p>The first key has the owner and lives as long as the lease, so that the backend's clock ends it. The second has the token: grants
 * write it, and a transaction with a fence demands that it is unchanged, which renewals therefore leave alone. Only one that would
 * outlast it keeps the second key longer, and a transaction with a fence that meets that looks again.
 *
 * <p>A call takes two round trips, or more if others are at the name. Tokens begin at the time of this machine, not of the backend, and
 * times are cut to milliseconds.
 */
final class KeyLeases implements Leases {

    private static final int ATTEMPTS = 100;
    private static final Duration IDLE = Duration.ofDays(IDLE_DAYS);

    private final String store;
    private final StateBackend backend;
    private final Transactions transactions;
    private final String prefix;
    private final InstantSource clock;
    private final ElapsedTime time;

    KeyLeases(String store, StateBackend backend, Transactions transactions, String prefix, InstantSource clock) {
        this.store = store;
        this.backend = backend;
        this.transactions = transactions;
        this.prefix = prefix;
        this.clock = clock;
        this.time = ElapsedTime.of(clock);
    }

    /**
     * The content of a name's first key.
     *
     * @param owner who has the lease
     * @param token the token
     * @param millis for how long it was granted or renewed
     * @param kept until when the second key is there at least, in milliseconds since 1970
     */
    private record Holder(String owner, long token, long millis, long kept) {

        static @Nullable Holder of(@Nullable Entry entry) {
            if (entry == null) {
                return null;
            }
            String[] parts = text(entry).split(" ", 4);
            return new Holder(parts[3], Long.parseLong(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
        }

        boolean has(Lease lease) {
            return owner.equals(lease.owner()) && token == lease.token();
        }

        Put put(String key, Precondition precondition) {
            String text = "%d %d %d %s".formatted(token, millis, kept, owner);
            return KeyLeases.put(key, text, Duration.ofMillis(millis), precondition);
        }
    }

    @Override
    public LeaseResult acquire(String name, String owner, Duration timeToLive) {
        requireNoTransaction();
        String key = key(name);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long asked = time.nanos();
            Map<String, Entry> found = backend.readAll(List.of(key, fenceKey(name)));
            Entry entry = found.get(key);
            Holder holder = Holder.of(entry);
            if (entry == null || holder == null) {
                Holder next = granted(owner, found.get(fenceKey(name)), timeToLive);
                if (grant(name, next, found.get(fenceKey(name)))) {
                    return granted(next, asked);
                }
            } else if (!holder.owner().equals(owner)) {
                return new Held(remaining(holder, entry));
            } else {
                Holder longer = prolonged(name, holder, timeToLive);
                if (backend.write(longer.put(key, Precondition.version(entry.version())))
                        .applied()) {
                    return granted(longer, asked);
                }
            }
        }
        return new Held(Duration.ZERO);
    }

    private Holder granted(String owner, @Nullable Entry fence, Duration timeToLive) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        long token = Math.max(micros, fence == null ? 0 : token(fence) + 1);
        return new Holder(owner, token, timeToLive.toMillis(), kept(timeToLive));
    }

    private boolean grant(String name, Holder holder, @Nullable Entry fence) {
        Precondition unchanged = fence == null ? Precondition.ABSENT : Precondition.version(fence.version());
        return transactions
                .execute(List.of(
                        holder.put(key(name), Precondition.ABSENT),
                        fence(name, holder.token(), Duration.ofMillis(holder.millis()), unchanged)))
                .committed();
    }

    private Granted granted(Holder holder, long asked) {
        Duration left = Duration.ofMillis(holder.millis()).minusNanos(time.nanos() - asked);
        return new Granted(holder.token(), left.isNegative() ? Duration.ZERO : left);
    }

    /** What is there lasts for some time, however the clocks differ. */
    private Duration remaining(Holder holder, Entry entry) {
        Instant end = Objects.requireNonNull(entry.expiresAt(), "an end");
        long left = Duration.between(clock.instant(), end).toMillis();
        return Duration.ofMillis(Math.max(1, Math.min(left, holder.millis())));
    }

    private long kept(Duration timeToLive) {
        return clock.instant().plus(timeToLive).plus(IDLE).plus(IDLE).toEpochMilli();
    }

    /** Keep the token at least as long as is promised. */
    private Holder prolonged(String name, Holder holder, Duration timeToLive) {
        if (clock.instant().plus(timeToLive).plus(IDLE).toEpochMilli() <= holder.kept()) {
            return new Holder(holder.owner(), holder.token(), timeToLive.toMillis(), holder.kept());
        }
        Entry fence = backend.read(fenceKey(name));
        if (fence != null && token(fence) == holder.token()) {
            backend.write(fence(name, holder.token(), timeToLive, Precondition.version(fence.version())));
        }
        return new Holder(holder.owner(), holder.token(), timeToLive.toMillis(), kept(timeToLive));
    }

    @Override
    public Set<Lease> renew(Map<Lease, Duration> leases) {
        requireNoTransaction();
        Map<Lease, Duration> left = new HashMap<>(leases);
        Set<Lease> renewed = new HashSet<>();
        for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
            Map<String, Entry> found = backend.readAll(left.keySet().stream()
                    .map(lease -> key(lease.name()))
                    .distinct()
                    .toList());
            List<Lease> writing = new ArrayList<>();
            List<Mutation> writes = new ArrayList<>();
            left.forEach((lease, timeToLive) -> {
                Entry entry = found.get(key(lease.name()));
                Holder holder = Holder.of(entry);
                if (entry != null && holder != null && holder.has(lease)) {
                    writing.add(lease);
                    writes.add(prolonged(lease.name(), holder, timeToLive)
                            .put(key(lease.name()), Precondition.version(entry.version())));
                }
            });
            left.keySet().retainAll(writing);
            List<WriteResult> results = writes.isEmpty() ? List.of() : backend.writeAll(writes);
            for (int i = 0; i < results.size(); i++) {
                if (results.get(i).applied()) {
                    renewed.add(writing.get(i));
                    left.remove(writing.get(i));
                }
            }
        }
        return renewed;
    }

    @Override
    public boolean release(Lease lease) {
        requireNoTransaction();
        String key = key(lease.name());
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Entry entry = backend.read(key);
            Holder holder = Holder.of(entry);
            if (entry == null || holder == null || !holder.has(lease)) {
                return false;
            }
            if (backend.write(new Remove(key, Precondition.version(entry.version())))
                    .applied()) {
                return true;
            }
        }
        return false;
    }

    private void requireNoTransaction() {
        if (backend.capabilities()
                .find(SurroundingTransaction.class)
                .filter(SurroundingTransaction::active)
                .isPresent()) {
            throw InvalidStateRequestException.leaseInTransaction(
                    store, "its leases are ordinary keys, which the transaction on this thread would roll back");
        }
    }

    /** Return the key of a name's token. */
    String fenceKey(String name) {
        return key(name) + "-token";
    }

    /** Return the token that is in a second key. */
    static long token(Entry fence) {
        return Long.parseLong(text(fence));
    }

    private Put fence(String name, long token, Duration timeToLive, Precondition precondition) {
        Duration keep = timeToLive.plus(IDLE).plus(IDLE);
        return put(fenceKey(name), Long.toString(token), Duration.ofMillis(keep.toMillis()), precondition);
    }

    /** Names are longer than keys may be. */
    private String key(String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return prefix + HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JVM has SHA-256", impossible);
        }
    }

    private static Put put(String key, String text, Duration timeToLive, Precondition precondition) {
        return new Put(key, Value.of(text.getBytes(StandardCharsets.UTF_8)), timeToLive, precondition);
    }

    private static String text(Entry entry) {
        return new String(entry.value().bytes(), StandardCharsets.UTF_8);
    }
}
