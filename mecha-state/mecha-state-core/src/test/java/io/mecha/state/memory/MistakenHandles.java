// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.Capabilities;
import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.state.Precondition;
import io.mecha.state.StateUnavailableException;
import io.mecha.state.TransactionResult;
import io.mecha.state.TransactionResult.Committed;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyOperation;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.Operation;
import io.mecha.state.spi.Require;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import io.mecha.test.state.ForwardingBackend;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Backends whose capabilities, or exceptions, are wrong. */
final class MistakenHandles {

    private MistakenHandles() {}

    static StateBackend hidingACapability(StateBackend real) {
        return offering(real, Capabilities.none().with(KeyScan.class, scan(real)));
    }

    static StateBackend committingOneByOne(StateBackend real) {
        return executing(real, operations -> {
            Map<String, String> versions = new HashMap<>();
            for (Operation operation : operations) {
                TransactionResult result = transactions(real).execute(List.of(operation));
                if (!(result instanceof Committed committed)) {
                    return result;
                }
                versions.putAll(committed.versions());
            }
            return new Committed(versions);
        });
    }

    static StateBackend checkingEverythingFirst(StateBackend real) {
        return executing(
                real,
                operations -> transactions(real)
                        .execute(Stream.concat(
                                        KeyOperation.of(operations).stream()
                                                .map(operation ->
                                                        new Require(operation.key(), operation.precondition())),
                                        KeyOperation.of(operations).stream().map(MistakenHandles::withoutPrecondition))
                                .toList()));
    }

    static StateBackend forgettingRequirements(StateBackend real) {
        return executing(
                real,
                operations -> transactions(real)
                        .execute(operations.stream()
                                .filter(Mutation.class::isInstance)
                                .toList()));
    }

    private static StateBackend executing(StateBackend real, Function<List<Operation>, TransactionResult> execution) {
        return offering(real, real.capabilities().with(Transactions.class, new Transactions() {
            @Override
            public int maximumOperations() {
                return 100;
            }

            @Override
            public TransactionResult execute(List<Operation> operations) {
                return execution.apply(operations);
            }
        }));
    }

    static StateBackend takingPrefixesForPatterns(StateBackend real) {
        return scanning(
                real,
                (prefix, page) -> new Page<>(
                        all(real)
                                .filter(key -> key.matches(prefix.replace("_", ".") + ".*"))
                                .toList(),
                        null));
    }

    static StateBackend sortingByCharacter(StateBackend real) {
        return scanning(
                real,
                (prefix, page) -> new Page<>(
                        all(real).filter(key -> key.startsWith(prefix)).sorted().toList(), null));
    }

    static StateBackend pagingByOffset(StateBackend real) {
        return scanning(real, (prefix, page) -> {
            int offset = page.token() == null ? 0 : Integer.parseInt(page.token());
            List<String> keys = all(real)
                    .filter(key -> key.startsWith(prefix))
                    .skip(offset)
                    .limit(page.size())
                    .toList();
            return new Page<>(keys, keys.isEmpty() ? null : page.at(Integer.toString(offset + keys.size())));
        });
    }

    private static StateBackend scanning(StateBackend real, BiFunction<String, PageRequest, Page<String>> keys) {
        return offering(real, real.capabilities().with(KeyScan.class, new KeyScan() {
            @Override
            public boolean ordered() {
                return true;
            }

            @Override
            public Page<String> keys(String prefix, PageRequest page) {
                return keys.apply(prefix, page);
            }
        }));
    }

    static StateBackend tellingNothing(StateBackend real) {
        return offering(
                real, real.capabilities().map(ChangeNotifications.class, handle -> (prefix, listener) -> () -> {}));
    }

    static StateBackend tellingForever(StateBackend real) {
        return offering(real, real.capabilities().map(ChangeNotifications.class, handle -> (prefix, listener) -> {
            handle.listen(prefix, listener);
            return () -> {};
        }));
    }

    static StateBackend failingObscurely(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public @Nullable Entry read(String key) {
                try {
                    return super.read(key);
                } catch (StateUnavailableException unavailable) {
                    throw new IllegalStateException(unavailable);
                }
            }
        };
    }

    static StateBackend callingALostAnswerNothing(StateBackend real) {
        return new ForwardingBackend(real) {
            @Override
            public WriteResult write(Mutation mutation) {
                try {
                    return super.write(mutation);
                } catch (StateUnavailableException unavailable) {
                    throw StateUnavailableException.nothingHappened("test", "mistaken", unavailable);
                }
            }
        };
    }

    static StateBackend offering(StateBackend real, Capabilities capabilities) {
        return new ForwardingBackend(real) {
            @Override
            public Capabilities capabilities() {
                return capabilities;
            }
        };
    }

    private static Transactions transactions(StateBackend real) {
        return real.capabilities().find(Transactions.class).orElseThrow();
    }

    private static KeyScan scan(StateBackend real) {
        return real.capabilities().find(KeyScan.class).orElseThrow();
    }

    private static Stream<String> all(StateBackend real) {
        return scan(real).keys("", PageRequest.first(PageRequest.MAXIMUM_SIZE)).items().stream();
    }

    private static Operation withoutPrecondition(KeyOperation operation) {
        return operation instanceof Put put
                ? new Put(put.key(), put.value(), put.timeToLive(), Precondition.NONE)
                : operation instanceof Remove
                        ? new Remove(operation.key(), Precondition.NONE)
                        : new Require(operation.key(), Precondition.NONE);
    }
}
