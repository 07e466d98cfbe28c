// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.Precondition;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.Mutation.Put;
import io.mecha.state.spi.Mutation.Remove;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Value;
import io.mecha.test.Applicability;
import io.mecha.test.contract.ContractGroup;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A group of tests of the contract of state. */
abstract class StateGroup extends ContractGroup<StateBackend, StateBackendContract> {

    /** Long enough to be readable for the rest of a test. */
    static final Duration LONG = Duration.ofHours(1);

    /** Short enough to wait for. */
    static final Duration SHORT = Duration.ofMillis(300);

    StateGroup(StateBackendContract contract) {
        super(contract);
    }

    final StateBackend anotherNode() {
        StateBackend node = contract().anotherNode().orElse(null);
        Applicability.require(node != null, "only one node can see the keys");
        return keep(Objects.requireNonNull(node));
    }

    final WriteResult write(Mutation mutation) {
        return backend().write(mutation);
    }

    /** Write and return the new version. */
    final String written(Mutation mutation) {
        return version(write(mutation));
    }

    final Entry stored(String key) {
        Entry entry = backend().read(key);
        assertThat(entry).as("entry of '%s'", key).isNotNull();
        return Objects.requireNonNull(entry);
    }

    /** Return the stored text, or {@code null} if there is none. */
    final @Nullable String text(String key) {
        Entry entry = backend().read(key);
        return entry == null ? null : text(entry);
    }

    /** Return the stored texts by key, without the keys that have none. */
    final Map<String, String> texts(String... keys) {
        return read(List.of(keys), StateGroup::text);
    }

    /** Return the versions by key, without the keys that have no value. */
    final Map<String, String> versions(Collection<String> keys) {
        return read(keys, Entry::version);
    }

    private Map<String, String> read(Collection<String> keys, Function<Entry, String> part) {
        return backend().readAll(keys).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> part.apply(entry.getValue())));
    }

    static String text(Entry entry) {
        return new String(entry.value().bytes(), StandardCharsets.UTF_8);
    }

    static String version(WriteResult result) {
        assertThat(result).isInstanceOf(Written.class);
        return ((Written) result).version();
    }

    static Put put(String key, String text) {
        return put(key, text, null, Precondition.NONE);
    }

    static Put put(String key, String text, Duration timeToLive) {
        return put(key, text, timeToLive, Precondition.NONE);
    }

    static Put put(String key, String text, @Nullable Duration timeToLive, Precondition precondition) {
        return new Put(key, Value.of(text.getBytes(StandardCharsets.UTF_8)), timeToLive, precondition);
    }

    static Put putIfAbsent(String key, String text) {
        return put(key, text, null, Precondition.ABSENT);
    }

    static Put replace(String key, String text, String version) {
        return put(key, text, null, Precondition.version(version));
    }

    static Remove remove(String key) {
        return new Remove(key, Precondition.NONE);
    }

    static Remove remove(String key, String version) {
        return new Remove(key, Precondition.version(version));
    }
}
