// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Capabilities;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.ChangeNotifications.Listener;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.Outage;
import io.mecha.test.TestClock;
import io.mecha.test.state.ForwardingBackend;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Play a server with several clients and a way to it that breaks, so that the contract's faults can be tried in one JVM. */
class SimulatedServer implements Outage {

    enum Way {
        OPEN,
        CUT,
        STALLED,
        LOSES_THE_NEXT_ANSWER
    }

    private final MemoryStateBackend server;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    private volatile Way way = Way.OPEN;

    SimulatedServer(TestClock clock) {
        server = new MemoryStateBackend(clock);
    }

    StateBackend connect() {
        return new Client();
    }

    @Override
    public void cut() {
        way = Way.CUT;
    }

    @Override
    public void stall() {
        way = Way.STALLED;
    }

    @Override
    public void cutDuring(Runnable call) {
        way = Way.LOSES_THE_NEXT_ANSWER;
        call.run();
    }

    @Override
    public void restore() {
        if (way != Way.OPEN) {
            way = Way.OPEN;
            listeners.forEach(Listener::missed);
        }
    }

    void forgetLeases() {
        server.forgetLeases();
    }

    StateUnavailableException nothingHappened() {
        return StateUnavailableException.nothingHappened("test", "simulated", null);
    }

    StateUnavailableException mayHaveHappened() {
        return StateUnavailableException.mayHaveHappened("test", "simulated", null);
    }

    final class Client extends ForwardingBackend {

        private final Capabilities capabilities = server.capabilities()
                .map(Transactions.class, this::transactions)
                .map(KeyScan.class, this::scan)
                .map(ChangeNotifications.class, SimulatedServer.this::notifications)
                .map(Leases.class, this::leases);
        private volatile boolean closed;

        Client() {
            super(server);
        }

        private <T> T reading(Supplier<T> call) {
            return calling(call, nothingHappened());
        }

        private <T> T writing(Supplier<T> call) {
            return calling(call, mayHaveHappened());
        }

        private <T> T calling(Supplier<T> call, StateUnavailableException answerLost) {
            if (closed) {
                throw StateUnavailableException.closed("test", "simulated");
            }
            Way before = way;
            if (before == Way.CUT) {
                throw nothingHappened();
            }
            if (before == Way.STALLED) {
                throw answerLost;
            }
            T answer = call.get();
            if (before == Way.LOSES_THE_NEXT_ANSWER) {
                way = Way.CUT;
            }
            if (way == Way.CUT) {
                throw answerLost;
            }
            return answer;
        }

        @Override
        public @Nullable Entry read(String key) {
            return reading(() -> server.read(key));
        }

        @Override
        public Map<String, Entry> readAll(Collection<String> keys) {
            return reading(() -> server.readAll(keys));
        }

        @Override
        public WriteResult write(Mutation mutation) {
            return writing(() -> server.write(mutation));
        }

        @Override
        public List<WriteResult> writeAll(List<Mutation> mutations) {
            return writing(() -> server.writeAll(mutations));
        }

        @Override
        public Capabilities capabilities() {
            return capabilities;
        }

        @Override
        public void ping() {
            reading(() -> {
                server.ping();
                return true;
            });
        }

        @Override
        public void close() {
            closed = true;
        }

        private Transactions transactions(Transactions real) {
            return new Transactions() {
                @Override
                public int maximumOperations() {
                    return real.maximumOperations();
                }

                @Override
                public TransactionResult execute(List<Operation> operations) {
                    return writing(() -> real.execute(operations));
                }
            };
        }

        private Leases leases(Leases real) {
            return new Leases() {
                @Override
                public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                    return writing(() -> real.acquire(name, owner, timeToLive));
                }

                @Override
                public Set<Lease> renew(Map<Lease, Duration> leases) {
                    return writing(() -> real.renew(leases));
                }

                @Override
                public boolean release(Lease lease) {
                    return writing(() -> real.release(lease));
                }
            };
        }

        private KeyScan scan(KeyScan real) {
            return new KeyScan() {
                @Override
                public boolean ordered() {
                    return real.ordered();
                }

                @Override
                public Page<String> keys(String prefix, PageRequest page) {
                    return reading(() -> real.keys(prefix, page));
                }
            };
        }
    }

    private ChangeNotifications notifications(ChangeNotifications real) {
        return (prefix, listener) -> {
            listeners.add(listener);
            return real.listen(prefix, new Listener() {
                @Override
                public void changed(String key) {
                    if (way == Way.OPEN) {
                        listener.changed(key);
                    }
                }

                @Override
                public void missed() {
                    listener.missed();
                }
            });
        };
    }
}
