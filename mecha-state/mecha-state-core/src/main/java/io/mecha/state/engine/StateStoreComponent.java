// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.engine;

import com.github.benmanes.caffeine.cache.AsyncCache;
import io.mecha.Capabilities;
import io.mecha.codec.Codec;
import io.mecha.codec.Codecs;
import io.mecha.codec.GenericType;
import io.mecha.state.KeyValueStore;
import io.mecha.state.MissingCapabilityException;
import io.mecha.state.spi.StateBackend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One named state store: a backend, and around it everything that is the same on every backend.
 *
 * <p>The way of a call is assembled once, when the component is built: typed view with checks and codec → near cache →
 * encryption → backend, with an observation around the whole. A link that is not configured is not there.
 *
 * @since 1.0
 */
public final class StateStoreComponent implements AutoCloseable {

    private final String name;
    private final String type;
    private final String keyPrefix;
    private final StateBackend backend;
    private final StateBackend reserved;
    private final @Nullable NearCachedBackend nearCache;
    private final TypedStore.Settings settings;
    private final Codecs codecs;
    private final @Nullable String mediaType;
    private final @Nullable CallObserver observer;
    private final ConcurrentMap<Type, KeyValueStore<?>> views = new ConcurrentHashMap<>();

    private StateStoreComponent(Builder builder) {
        this.name = builder.name;
        this.type = builder.type;
        this.keyPrefix = builder.keyPrefix;
        this.codecs = builder.codecs;
        this.mediaType = builder.mediaType;
        this.observer = builder.observer();
        StateBackend chain =
                LeasingBackend.around(name, builder.backend, keyPrefix + LeasingBackend.RESERVED, builder.clock);
        if (builder.encryption != null) {
            chain = new EncryptedBackend(chain, builder.encryption, name, keyPrefix);
        }
        this.reserved = chain;
        this.nearCache = builder.nearCache == null
                ? null
                : new NearCachedBackend(chain, builder.nearCache, keyPrefix, builder.clock);
        this.backend = nearCache == null ? chain : nearCache;
        this.settings = new TypedStore.Settings(
                name,
                type,
                keyPrefix,
                builder.immutableValues,
                new AtomicReference<>(checked(
                        builder.name,
                        new StoreTuning(builder.timeToLive, builder.computeAttempts, builder.nearCache))));
    }

    /**
     * Return what may change while the store is in use.
     *
     * @return as it is now
     */
    public StoreTuning tuning() {
        return settings.tuning().get();
    }

    /**
     * Look whether something can be put into force.
     *
     * @param tuning new values
     * @throws io.mecha.MechaException if the time to live is out of bounds
     */
    public void check(StoreTuning tuning) {
        StoreTuning unused = checked(name, tuning);
    }

    /**
     * Change what may change while the store is in use; calls that have begun end as they began. Copies in a near cache stay as long as
     * they fit the new bounds.
     *
     * @param tuning new values; a near cache neither comes nor goes
     * @throws io.mecha.MechaException if the time to live is out of bounds; nothing changed
     */
    public void tune(StoreTuning tuning) {
        settings.tuning().set(checked(name, tuning));
        if (nearCache != null && tuning.nearCache() != null) {
            nearCache.resize(tuning.nearCache());
        }
    }

    private static StoreTuning checked(String store, StoreTuning tuning) {
        return new StoreTuning(
                StateRules.checkTimeToLive(store, tuning.timeToLive()), tuning.computeAttempts(), tuning.nearCache());
    }

    /**
     * Begin a store.
     *
     * @param name name of the store
     * @param type id of the backend's type, for messages and observations
     * @param backend where the values are kept; closed with the component
     * @param codecs how values become bytes
     * @return a builder with the defaults
     */
    public static Builder builder(String name, String type, StateBackend backend, Codecs codecs) {
        return new Builder(name, type, backend, codecs);
    }

    /**
     * Return the name of the store.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Return the id of the backend's type.
     *
     * @return for example {@code redis}
     */
    public String type() {
        return type;
    }

    /**
     * Return what every key of this store begins with in the backend.
     *
     * @return the prefix; may be empty
     */
    public String keyPrefix() {
        return keyPrefix;
    }

    /**
     * Return what the store can do beyond the core contract.
     *
     * @return handles as the backend offers them
     */
    public Capabilities capabilities() {
        return backend.capabilities();
    }

    /**
     * Return the backend for records that an engine keeps beside the values of the application, encrypted as these are and never cached.
     *
     * @return takes keys that begin with {@link #reservedPrefix}
     */
    public StateBackend reserved() {
        return reserved;
    }

    /**
     * Return what keys of an engine begin with. The application cannot read, write or list keys that contain it.
     *
     * @param feature name of the engine
     * @return the prefix, which begins with that of the store
     */
    public String reservedPrefix(String feature) {
        return keyPrefix + StateRules.RESERVED + feature + "||";
    }

    /**
     * Demand a capability.
     *
     * @param capability interface that names it
     * @throws MissingCapabilityException if the backend does not offer it
     */
    public void require(Class<?> capability) {
        if (!capabilities().types().contains(capability)) {
            throw new MissingCapabilityException(
                    name, type, capability, capabilities().types());
        }
    }

    /**
     * Return the near cache, for statistics.
     *
     * @return the cache, or empty if the store has none
     */
    public Optional<AsyncCache<?, ?>> nearCache() {
        return Optional.ofNullable(nearCache).map(NearCachedBackend::cache);
    }

    /** Ask the backend for a sign of life; throws what the backend reports if there is none. */
    public void ping() {
        backend.ping();
    }

    /**
     * Return the store for values of a class.
     *
     * @param <V> type of the values
     * @param valueType class of the values
     * @return the same instance for the same type
     */
    @SuppressWarnings("unchecked") // the view was made for exactly this type
    public <V> KeyValueStore<V> store(Class<V> valueType) {
        return (KeyValueStore<V>) store((Type) valueType);
    }

    /**
     * Return the store for values of a generic type.
     *
     * @param <V> type of the values
     * @param valueType type of the values
     * @return the same instance for the same type
     */
    @SuppressWarnings("unchecked") // the view was made for exactly this type
    public <V> KeyValueStore<V> store(GenericType<V> valueType) {
        return (KeyValueStore<V>) store(valueType.type());
    }

    /**
     * Return the store for values of a type that is known only by reflection.
     *
     * @param valueType type of the values, with its type arguments
     * @return the same instance for the same type
     * @throws IllegalArgumentException if values of the type cannot be written or read
     */
    public KeyValueStore<?> store(Type valueType) {
        return views.computeIfAbsent(valueType, this::createView);
    }

    /**
     * Return the codec that the store uses for a type.
     *
     * @param valueType type of the values, with its type arguments
     * @return writes and reads values
     * @throws IllegalArgumentException if values of the type cannot be written or read
     */
    public Codec<Object> codec(Type valueType) {
        return OpenCodec.around(codecs.codec(valueType, mediaType), valueType, codecs);
    }

    private KeyValueStore<?> createView(Type valueType) {
        TypedStore<Object> view = new TypedStore<>(settings, backend, codec(valueType), valueType.getTypeName());
        return observer == null ? view : new ObservedStore<>(view, observer);
    }

    /** Close the backend. Calling it again does nothing. */
    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return "StateStore[name=%s, type=%s, capabilities=%s]".formatted(name, type, capabilities());
    }

    /**
     * A builder of stores.
     *
     * @since 1.0
     */
    public static final class Builder {

        private static final int COMPUTE_ATTEMPTS = 100;

        private final String name;
        private final String type;
        private final StateBackend backend;
        private final Codecs codecs;
        private String keyPrefix = "";
        private @Nullable String mediaType;
        private @Nullable Duration timeToLive;
        private boolean immutableValues;
        private int computeAttempts = COMPUTE_ATTEMPTS;
        private @Nullable NearCacheOptions nearCache;
        private @Nullable EncryptionKeys encryption;
        private ObservationRegistry observations = ObservationRegistry.NOOP;
        private @Nullable MeterRegistry meters;
        private InstantSource clock = InstantSource.system();

        private Builder(String name, String type, StateBackend backend, Codecs codecs) {
            this.name = Objects.requireNonNull(name, "name");
            this.type = Objects.requireNonNull(type, "type");
            this.backend = Objects.requireNonNull(backend, "backend");
            this.codecs = Objects.requireNonNull(codecs, "codecs");
        }

        /**
         * Put a text before every key.
         *
         * @param prefix the text; empty for none, which is the default
         * @return this builder
         */
        public Builder keyPrefix(String prefix) {
            this.keyPrefix = Objects.requireNonNull(prefix, "prefix");
            return this;
        }

        /**
         * Choose the form of values other than {@code byte[]} and {@code String}.
         *
         * @param mediaType media type that the codecs know; {@code null} for JSON, which is the default
         * @return this builder
         */
        public Builder mediaType(@Nullable String mediaType) {
            this.mediaType = mediaType;
            return this;
        }

        /**
         * Keep values for a time where a call does not say otherwise.
         *
         * @param timeToLive at least one millisecond; {@code null} to keep them, which is the default
         * @return this builder
         */
        public Builder timeToLive(@Nullable Duration timeToLive) {
            this.timeToLive = timeToLive;
            return this;
        }

        /**
         * Promise that values never change once they are stored, so that memory and near caches may hand out the very
         * instance to several callers instead of a copy for each.
         *
         * @param immutable whether values are immutable; {@code false} is the default
         * @return this builder
         */
        public Builder immutableValues(boolean immutable) {
            this.immutableValues = immutable;
            return this;
        }

        /**
         * Bound how often {@code compute} tries.
         *
         * @param attempts at least one; 100 is the default
         * @return this builder
         */
        public Builder computeAttempts(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("compute needs at least one attempt, not " + attempts);
            }
            this.computeAttempts = attempts;
            return this;
        }

        /**
         * Keep copies of what was read in this JVM.
         *
         * @param options the bounds; {@code null} for no near cache, which is the default
         * @return this builder
         */
        public Builder nearCache(@Nullable NearCacheOptions options) {
            this.nearCache = options;
            return this;
        }

        /**
         * Encrypt values before they leave this JVM.
         *
         * @param keys the keys; {@code null} for no encryption, which is the default
         * @return this builder
         */
        public Builder encryption(@Nullable EncryptionKeys keys) {
            this.encryption = keys;
            return this;
        }

        /**
         * Observe every call.
         *
         * @param registry where observations go; a no-op registry, the default, costs nothing
         * @return this builder
         */
        public Builder observations(ObservationRegistry registry) {
            this.observations = Objects.requireNonNull(registry, "registry");
            this.meters = null;
            return this;
        }

        /**
         * Measure every call instead of observing it: the same meters, at less than half the cost, where nothing else looks at
         * observations.
         *
         * @param registry where the meters are
         * @return this builder
         */
        public Builder meters(MeterRegistry registry) {
            this.meters = Objects.requireNonNull(registry, "registry");
            this.observations = ObservationRegistry.NOOP;
            return this;
        }

        private @Nullable CallObserver observer() {
            if (meters != null) {
                return new MeteredCalls(name, type, meters);
            }
            return observations.isNoop() ? null : new ObservedCalls(name, type, observations);
        }

        /**
         * Set the clock that the near cache looks at.
         *
         * @param clock the clock; the system's is the default
         * @return this builder
         */
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /**
         * Assemble the store.
         *
         * @return the store
         * @throws IllegalArgumentException if the time to live is out of bounds
         */
        public StateStoreComponent build() {
            StateRules.checkTimeToLive(name, timeToLive);
            return new StateStoreComponent(this);
        }
    }
}
