// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.Secret;
import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.configuration.ComponentCodes;
import io.mecha.autoconfigure.configuration.ComponentKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * State properties. Bound by a {@link io.mecha.autoconfigure.configuration.ComponentConfiguration}, which reports every mistake
 * at once, and not by Spring Boot, which stops at the first.
 *
 * @param defaultType Type of stores that do not set one; 'none' refuses stores that are not configured. Without it,
 *     'embedded' where its adapter is on the class path.
 * @param keyPrefix Prefix of keys in stores that do not set one: 'application', 'store', 'none' or any other text.
 * @param stores State stores, by name.
 */
@ConfigurationProperties("mecha.state")
record StateProperties(
        @Nullable String defaultType,
        @Nullable String keyPrefix,
        @DefaultValue Map<String, Store> stores) {

    /** How stores are configured. */
    static final ComponentKind<StateProperties, Store> KIND = new ComponentKind<>(
            "mecha.state",
            "stores",
            "state store",
            new ComponentCodes("MECHA-S102", "MECHA-S104", "MECHA-S105", "MECHA-S108"),
            new StateProperties(null, null, Map.of()),
            Store.DEFAULTS,
            StateProperties::stores);

    /**
     * One state store.
     *
     * @param type Type of the backend, for example 'embedded', 'memory', 'jdbc' or 'redis'.
     * @param keyPrefix Prefix of keys: 'application' for application and store, 'store' for the store alone, shared
     *     between applications, 'none', or any other text.
     * @param timeToLive How long values are kept where a call does not say otherwise. Without it, until they are
     *     removed.
     * @param mediaType Form of stored values: 'application/json', or 'application/cbor' and
     *     'application/x-jackson-smile' where Jackson's modules for them are on the class path.
     * @param immutableValues Whether values never change once stored, so that memory and near caches may hand out the
     *     instance itself.
     * @param computeAttempts How often compute tries before it gives up.
     * @param nearCache Copies of what was read, in this JVM.
     * @param encryption Encryption of values before they leave this JVM.
     * @param health Health of the store.
     */
    record Store(
            @Nullable String type,
            @Nullable String keyPrefix,
            @Nullable Duration timeToLive,
            @Nullable String mediaType,
            @DefaultValue("false") boolean immutableValues,
            @DefaultValue("100") int computeAttempts,
            @Nullable NearCache nearCache,
            @Nullable Encryption encryption,
            @NestedConfigurationProperty @DefaultValue HealthOptions health) {

        static final Store DEFAULTS = new Store(null, null, null, null, false, 100, null, null, HealthOptions.DEFAULTS);
    }

    /**
     * Bounds of a near cache; setting one of them switches it on.
     *
     * @param maximumSize Most keys kept.
     * @param timeToLive Longest time that a copy is kept, and thus that a change by another node may go unseen where
     *     the backend cannot tell.
     */
    record NearCache(
            @DefaultValue("10000") long maximumSize,
            @DefaultValue("5s") Duration timeToLive) {}

    /**
     * Keys of encryption.
     *
     * @param key Key to write and read with: 32 bytes as 64 hexadecimal digits or in Base64.
     * @param previousKeys Keys of the past, to read with, in the same form.
     */
    record Encryption(@Nullable Secret key, @DefaultValue List<Secret> previousKeys) {}
}
