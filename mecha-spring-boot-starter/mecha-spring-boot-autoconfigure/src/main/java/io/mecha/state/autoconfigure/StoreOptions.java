// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import io.mecha.Mistake;
import io.mecha.Secret;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.codec.Codecs;
import io.mecha.state.autoconfigure.StateProperties.Encryption;
import io.mecha.state.autoconfigure.StateProperties.NearCache;
import io.mecha.state.autoconfigure.StateProperties.Store;
import io.mecha.state.engine.EncryptionKeys;
import io.mecha.state.engine.NearCacheOptions;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StoreTuning;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The checked settings of a store that are the same on every backend. */
record StoreOptions(
        Store properties,
        @Nullable String mediaType,
        @Nullable NearCacheOptions nearCache,
        @Nullable EncryptionKeys encryption) {

    static StoreOptions check(String store, Store properties, Codecs codecs, MistakeCollector mistakes) {
        if (properties.computeAttempts() < 1) {
            mistakes.add(invalid(
                    store + ".compute-attempts",
                    "compute would try %d times.".formatted(properties.computeAttempts()),
                    "Set at least 1, or leave it out."));
        }
        return new StoreOptions(
                properties,
                mediaType(store + ".media-type", properties.mediaType(), codecs, mistakes),
                nearCache(store + ".near-cache", properties.nearCache(), mistakes),
                encryption(store + ".encryption", properties.encryption(), mistakes));
    }

    /** Returns what may change while the store is in use. */
    StoreTuning tuning() {
        return new StoreTuning(properties.timeToLive(), Math.max(1, properties.computeAttempts()), nearCache);
    }

    void apply(StateStoreComponent.Builder builder) {
        builder.mediaType(mediaType)
                .timeToLive(properties.timeToLive())
                .immutableValues(properties.immutableValues())
                .computeAttempts(Math.max(1, properties.computeAttempts()))
                .nearCache(nearCache)
                .encryption(encryption);
    }

    private static @Nullable String mediaType(
            String property, @Nullable String mediaType, Codecs codecs, MistakeCollector mistakes) {
        if (mediaType == null) {
            return null;
        }
        String wanted = mediaType.strip().toLowerCase(Locale.ROOT);
        if (codecs.mediaTypes().contains(wanted)) {
            return wanted;
        }
        mistakes.add(invalid(
                property,
                "No codec supports the media type '%s'.".formatted(mediaType),
                "Set one of %s, or add the Jackson module or a CodecFactory bean for it."
                        .formatted(String.join(", ", codecs.mediaTypes()))));
        return null;
    }

    private static @Nullable NearCacheOptions nearCache(
            String property, @Nullable NearCache nearCache, MistakeCollector mistakes) {
        if (nearCache == null) {
            return null;
        }
        if (nearCache.maximumSize() < 1) {
            mistakes.add(invalid(
                    property + ".maximum-size",
                    "A near cache cannot hold %d keys.".formatted(nearCache.maximumSize()),
                    "Set at least 1, or leave near-cache out."));
        }
        if (nearCache.timeToLive().isNegative() || nearCache.timeToLive().isZero()) {
            mistakes.add(invalid(
                    property + ".time-to-live",
                    "A near cache cannot keep copies for %s.".formatted(nearCache.timeToLive()),
                    "Set a positive duration, for example 5s, or leave near-cache out."));
        }
        try {
            return new NearCacheOptions(nearCache.maximumSize(), nearCache.timeToLive());
        } catch (IllegalArgumentException reported) {
            return null;
        }
    }

    private static @Nullable EncryptionKeys encryption(
            String property, @Nullable Encryption encryption, MistakeCollector mistakes) {
        if (encryption == null) {
            return null;
        }
        if (encryption.key() == null) {
            mistakes.add(invalid(
                    property + ".key",
                    "There are previous keys but none to write with.",
                    "Set %s.key to 32 bytes as 64 hexadecimal digits or in Base64.".formatted(property)));
            return null;
        }
        boolean good = isKey(property + ".key", encryption.key(), mistakes);
        int index = 0;
        for (Secret previous : encryption.previousKeys()) {
            good &= isKey("%s.previous-keys[%d]".formatted(property, index++), previous, mistakes);
        }
        return good ? EncryptionKeys.of(encryption.key(), encryption.previousKeys()) : null;
    }

    private static boolean isKey(String property, Secret key, MistakeCollector mistakes) {
        if (key.reveal().startsWith("${")) {
            mistakes.add(invalid(
                    property,
                    "Its placeholder cannot be resolved.",
                    "Set the property or environment variable that the placeholder names."));
            return false;
        }
        try {
            EncryptionKeys.of(key, List.of());
            return true;
        } catch (IllegalArgumentException malformed) {
            // Its message does not repeat the key.
            mistakes.add(invalid(
                    property,
                    malformed.getMessage() + ".",
                    "Set 32 random bytes as 64 hexadecimal digits or in Base64, for example from 'openssl rand"
                            + " -hex 32'."));
            return false;
        }
    }

    static Mistake invalid(String property, String problem, String action) {
        return new Mistake("MECHA-S106", property, problem, action);
    }
}
