// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis.autoconfigure;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.resource.ClientResources;
import io.mecha.state.redis.RedisStateBackend;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConverters;

/**
 * Clients that connect as a connection factory of the application does, but never repeat a command.
 *
 * <p>The options of a client hold for all of its connections, so the application's own client cannot be used. What is
 * expensive, threads and name resolution, is shared with it.
 */
final class Clients implements AutoCloseable {

    private final Map<LettuceConnectionFactory, LettuceConnectionFactory> copies = new ConcurrentHashMap<>();

    /** Return the client that goes where {@code original} goes; does not connect. */
    AbstractRedisClient client(LettuceConnectionFactory original) {
        return copies.computeIfAbsent(original, Clients::copy).getRequiredNativeClient();
    }

    /** Return where the sentinels are, with the settings of the connection; {@code null} if there are none. */
    static @Nullable RedisURI sentinels(LettuceConnectionFactory original) {
        RedisSentinelConfiguration configuration = original.getSentinelConfiguration();
        if (configuration == null) {
            return null;
        }
        LettuceClientConfiguration settings = original.getClientConfiguration();
        RedisURI uri = LettuceConverters.sentinelConfigurationToRedisURI(configuration);
        for (RedisURI sentinel : uri.getSentinels()) {
            sentinel.setSsl(settings.isUseSsl());
            sentinel.setStartTls(settings.isStartTls());
            sentinel.setVerifyPeer(settings.getVerifyMode());
            sentinel.setTimeout(settings.getCommandTimeout());
        }
        return uri;
    }

    private static LettuceConnectionFactory copy(LettuceConnectionFactory original) {
        LettuceConnectionFactory copy = new LettuceConnectionFactory(target(original), settings(original));
        copy.setShareNativeConnection(false);
        copy.setEagerInitialization(false);
        copy.afterPropertiesSet();
        copy.start();
        return copy;
    }

    private static RedisConfiguration target(LettuceConnectionFactory original) {
        if (original.isClusterAware()) {
            return Objects.requireNonNull(original.getClusterConfiguration());
        }
        if (original.isRedisSentinelAware()) {
            return Objects.requireNonNull(original.getSentinelConfiguration());
        }
        RedisConfiguration socket = original.getSocketConfiguration();
        return socket == null ? original.getStandaloneConfiguration() : socket;
    }

    private static LettuceClientConfiguration settings(LettuceConnectionFactory original) {
        LettuceClientConfiguration settings = original.getClientConfiguration();
        LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
                .commandTimeout(settings.getCommandTimeout())
                .shutdownTimeout(settings.getShutdownTimeout())
                .shutdownQuietPeriod(settings.getShutdownQuietPeriod())
                .clientOptions(options(original, settings));
        ClientResources resources = resources(original, settings);
        if (resources != null) {
            builder.clientResources(resources);
        }
        settings.getClientName().ifPresent(builder::clientName);
        settings.getRedisCredentialsProviderFactory().ifPresent(builder::redisCredentialsProviderFactory);
        if (settings.isUseSsl()) {
            builder.useSsl().verifyPeer(settings.getVerifyMode());
            if (settings.isStartTls()) {
                builder.useSsl().startTls();
            }
        }
        return builder.build();
    }

    private static ClientOptions options(LettuceConnectionFactory original, LettuceClientConfiguration settings) {
        ClientOptions options = settings.getClientOptions().orElseGet(ClientOptions::create);
        if (!original.isClusterAware()) {
            return RedisStateBackend.options(options);
        }
        return RedisStateBackend.options(
                options instanceof ClusterClientOptions cluster
                        ? cluster
                        : ClusterClientOptions.builder(options).build());
    }

    private static @Nullable ClientResources resources(
            LettuceConnectionFactory original, LettuceClientConfiguration settings) {
        AbstractRedisClient running = original.getNativeClient();
        return settings.getClientResources().orElseGet(() -> running == null ? null : running.getResources());
    }

    @Override
    public void close() {
        copies.values().forEach(LettuceConnectionFactory::destroy);
        copies.clear();
    }
}
