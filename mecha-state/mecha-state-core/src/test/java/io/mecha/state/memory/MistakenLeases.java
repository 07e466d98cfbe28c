// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Fenced;
import io.mecha.state.spi.Fence;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.Lease;
import io.mecha.state.spi.LeaseResult;
import io.mecha.state.spi.LeaseResult.Granted;
import io.mecha.state.spi.LeaseResult.Held;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** Backends whose leases or fences are wrong. */
final class MistakenLeases {

    private static final long LONG_AGO = 1_000_000_000_000_000L;

    private MistakenLeases() {}

    /** A backend that keeps to its word, to be wrong in one thing. */
    private static class Forwarding implements Leases {

        final Leases real;

        Forwarding(Leases real) {
            this.real = real;
        }

        @Override
        public LeaseResult acquire(String name, String owner, Duration timeToLive) {
            return real.acquire(name, owner, timeToLive);
        }

        @Override
        public Set<Lease> renew(Map<Lease, Duration> leases) {
            return real.renew(leases);
        }

        @Override
        public boolean release(Lease lease) {
            return real.release(lease);
        }
    }

    private static StateBackend leasing(StateBackend real, UnaryOperator<Leases> mistake) {
        return MistakenHandles.offering(real, real.capabilities().map(Leases.class, mistake));
    }

    static StateBackend lookingBeforeGranting(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            private final Map<String, String> owners = new ConcurrentHashMap<>();
            private final AtomicLong tokens = new AtomicLong(LONG_AGO);

            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                if (owners.containsKey(name)) {
                    return new Held(timeToLive);
                }
                LockSupport.parkNanos(1_000_000);
                owners.put(name, owner);
                return new Granted(tokens.incrementAndGet(), timeToLive);
            }
        });
    }

    static StateBackend forgettingTheOwner(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                LeaseResult result = real.acquire(name, owner, timeToLive);
                if (result instanceof Granted granted && real.release(new Lease(name, owner, granted.token()))) {
                    return real.acquire(name, owner, timeToLive);
                }
                return result;
            }
        });
    }

    static StateBackend lettingAnybodyRelease(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            private final Map<String, Lease> last = new ConcurrentHashMap<>();

            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                LeaseResult result = real.acquire(name, owner, timeToLive);
                if (result instanceof Granted granted) {
                    last.put(name, new Lease(name, owner, granted.token()));
                }
                return result;
            }

            @Override
            public boolean release(Lease lease) {
                return real.release(last.getOrDefault(lease.name(), lease));
            }
        });
    }

    static StateBackend callingEverythingRenewed(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public Set<Lease> renew(Map<Lease, Duration> leases) {
                real.renew(leases);
                return leases.keySet();
            }
        });
    }

    static StateBackend renewingAllForTheLongest(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public Set<Lease> renew(Map<Lease, Duration> leases) {
                Duration longest =
                        leases.values().stream().max(Duration::compareTo).orElseThrow();
                Map<Lease, Duration> same = new HashMap<>();
                leases.keySet().forEach(lease -> same.put(lease, longest));
                return real.renew(same);
            }
        });
    }

    static StateBackend countingWholeSeconds(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                return real.acquire(name, owner, Duration.ofSeconds(timeToLive.toSeconds() + 1));
            }
        });
    }

    static StateBackend countingTokensFromOne(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                LeaseResult result = real.acquire(name, owner, timeToLive);
                return result instanceof Granted granted
                        ? new Granted(granted.token() - LONG_AGO, granted.remaining())
                        : result;
            }
        });
    }

    static StateBackend foldingCase(StateBackend real) {
        return leasing(real, leases -> new Forwarding(leases) {
            @Override
            public LeaseResult acquire(String name, String owner, Duration timeToLive) {
                return real.acquire(name.toLowerCase(Locale.ROOT), owner, timeToLive);
            }
        });
    }

    static StateBackend ignoringFences(StateBackend real) {
        return transacting(real, (transactions, operations) -> transactions.execute(onKeys(operations)));
    }

    /** What a condition that no lock keeps true amounts to. */
    static StateBackend lookingAtFencesBeforehand(StateBackend real) {
        return transacting(real, (transactions, operations) -> {
            List<Fence> fences = Fence.of(operations);
            if (!fences.isEmpty() && transactions.execute(List.copyOf(fences)) instanceof Fenced fenced) {
                return fenced;
            }
            LockSupport.parkNanos(1_000_000);
            return transactions.execute(onKeys(operations));
        });
    }

    static StateBackend takingARenewalForAGrant(StateBackend real) {
        Map<String, Boolean> renewed = new ConcurrentHashMap<>();
        StateBackend leasing = leasing(real, leases -> new Forwarding(leases) {
            @Override
            public Set<Lease> renew(Map<Lease, Duration> leases) {
                leases.keySet().forEach(lease -> renewed.put(lease.name(), true));
                return real.renew(leases);
            }
        });
        return transacting(leasing, (transactions, operations) -> {
            for (Fence fence : Fence.of(operations)) {
                if (renewed.containsKey(fence.lease())) {
                    return new Fenced(fence.lease(), fence.token(), fence.token() + 1);
                }
            }
            return transactions.execute(operations);
        });
    }

    private static List<Operation> onKeys(List<Operation> operations) {
        return List.copyOf(KeyOperation.of(operations));
    }

    /** What a backend does instead of executing a transaction. */
    @FunctionalInterface
    private interface Execution {

        TransactionResult execute(Transactions real, List<Operation> operations);
    }

    private static StateBackend transacting(StateBackend real, Execution execution) {
        return MistakenHandles.offering(
                real, real.capabilities().map(Transactions.class, transactions -> new Transactions() {
                    @Override
                    public int maximumOperations() {
                        return transactions.maximumOperations();
                    }

                    @Override
                    public TransactionResult execute(List<Operation> operations) {
                        return execution.execute(transactions, operations);
                    }
                }));
    }
}
