// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Conflict;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.state.ForwardingBackend;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Backends whose reads and writes are wrong. */
final class MistakenWrites {

    private MistakenWrites() {}

    static StateBackend ignoringVersions(StateBackend real) {
        return changing(real, MistakenWrites::withoutPrecondition);
    }

    static UnaryOperator<StateBackend> changingKeys(UnaryOperator<String> change) {
        return real -> changing(
                real,
                mutation -> mutation instanceof Put put
                        ? new Put(change.apply(put.key()), put.value(), put.timeToLive(), put.precondition())
                        : new Remove(change.apply(mutation.key()), mutation.precondition()));
    }

    static UnaryOperator<StateBackend> changingTimeToLive(UnaryOperator<@Nullable Duration> change) {
        return real -> changing(
                real,
                mutation -> mutation instanceof Put put && put.timeToLive() != null
                        ? new Put(put.key(), put.value(), change.apply(put.timeToLive()), put.precondition())
                        : mutation);
    }

    static StateBackend takingBytesForText(StateBackend real) {
        return changing(real, mutation -> {
            Put put = (Put) mutation;
            byte[] bytes = new String(put.value().bytes(), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
            return new Put(put.key(), Value.of(bytes), put.timeToLive(), put.precondition());
        });
    }

    static StateBackend keepingTheExpiry(StateBackend real) {
        return changing(real, mutation -> {
            Entry entry = real.read(mutation.key());
            Instant expiry = entry == null ? null : entry.expiresAt();
            return expiry == null || !(mutation instanceof Put put) || put.timeToLive() != null
                    ? mutation
                    : new Put(put.key(), put.value(), Duration.ofMillis(1), put.precondition());
        });
    }

    private static StateBackend changing(StateBackend real, UnaryOperator<Mutation> change) {
        return new ForwardingBackend(real) {
            @Override
            public WriteResult write(Mutation mutation) {
                return super.write(change.apply(mutation));
            }
        };
    }

    static StateBackend takingTheValueForTheVersion(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public WriteResult write(Mutation mutation) {
                super.write(mutation);
                return new Written(new String(((Put) mutation).value().bytes(), StandardCharsets.UTF_8));
            }
        };
    }

    static StateBackend takingEmptyForAbsent(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public @Nullable Entry read(String key) {
                Entry entry = super.read(key);
                return entry == null || entry.value().bytes().length == 0 ? null : entry;
            }
        };
    }

    static StateBackend lookingBeforeWriting(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public WriteResult write(Mutation mutation) {
                Precondition precondition = mutation.precondition();
                Entry current = read(mutation.key());
                LockSupport.parkNanos(1);
                return Expectation.holds(precondition, current)
                        ? super.write(withoutPrecondition(mutation))
                        : new Conflict(Expectation.version(precondition), Expectation.version(current));
            }
        };
    }

    static StateBackend stoppingABulkAtAConflict(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public List<WriteResult> writeAll(List<Mutation> mutations) {
                List<WriteResult> results = new ArrayList<>();
                WriteResult last = new Written("none yet");
                for (Mutation mutation : mutations) {
                    last = last.applied() ? write(mutation) : last;
                    results.add(last);
                }
                return results;
            }
        };
    }

    static StateBackend writingABulkBackwards(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public List<WriteResult> writeAll(List<Mutation> mutations) {
                List<Mutation> backwards = new ArrayList<>(mutations);
                Collections.reverse(backwards);
                List<WriteResult> results = new ArrayList<>(super.writeAll(backwards));
                Collections.reverse(results);
                return results;
            }
        };
    }

    /** What a client does that keeps commands while it is not connected and sends them later. */
    static StateBackend replayingFailedWrites(StateBackend real) {
        Queue<Mutation> failed = new ConcurrentLinkedQueue<>();
        return new ForwardingBackend(real) {
            @Override
            public WriteResult write(Mutation mutation) {
                try {
                    for (Mutation late = failed.peek(); late != null; late = failed.peek()) {
                        super.write(late);
                        failed.remove();
                    }
                    return super.write(mutation);
                } catch (StateUnavailableException unavailable) {
                    failed.add(mutation);
                    throw unavailable;
                }
            }
        };
    }

    private static Mutation withoutPrecondition(Mutation mutation) {
        return mutation instanceof Put put
                ? new Put(put.key(), put.value(), put.timeToLive(), Precondition.NONE)
                : new Remove(mutation.key(), Precondition.NONE);
    }
}
