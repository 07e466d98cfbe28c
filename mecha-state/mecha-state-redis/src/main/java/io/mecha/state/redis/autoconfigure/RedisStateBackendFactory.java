// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis.autoconfigure;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.state.redis.RedisStateBackend;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.StateBackendFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** A factory of backends of the type {@code redis}. */
final class RedisStateBackendFactory implements StateBackendFactory, AutoCloseable {

    private final BeanFactory beans;
    private final ObjectProvider<LettuceConnectionFactory> connectionFactories;
    private final ObjectProvider<DataRedisConnectionDetails> details;
    private final Clients clients = new Clients();

    RedisStateBackendFactory(
            BeanFactory beans,
            ObjectProvider<LettuceConnectionFactory> connectionFactories,
            ObjectProvider<DataRedisConnectionDetails> details) {
        this.beans = beans;
        this.connectionFactories = connectionFactories;
        this.details = details;
    }

    @Override
    public String type() {
        return "redis";
    }

    @Override
    public boolean sharesKeys() {
        return true;
    }

    @Override
    public StateBackend create(Settings settings) {
        RedisStateOptions options = settings.options(RedisStateOptions.class);
        LettuceConnectionFactory factory = connectionFactory(settings.store(), options);
        RedisStateBackend.Builder builder = builder(clients.client(factory)).store(settings.store());
        RedisURI sentinels = Clients.sentinels(factory);
        if (sentinels != null) {
            builder.sentinels(sentinels);
        }
        try {
            return configure(builder, options).build();
        } catch (IllegalArgumentException e) {
            throw mistake(
                    "MECHA-S123",
                    PropertyNames.store(settings.store(), "redis"),
                    "An option of state store '%s' cannot work: %s.".formatted(settings.store(), e.getMessage()),
                    "Correct it there or in mecha.state.redis.",
                    e);
        }
    }

    private static RedisStateBackend.Builder builder(AbstractRedisClient client) {
        return client instanceof RedisClusterClient cluster
                ? RedisStateBackend.builder(cluster)
                : RedisStateBackend.builder((RedisClient) client);
    }

    private static RedisStateBackend.Builder configure(RedisStateBackend.Builder builder, RedisStateOptions options) {
        if (options.timeout() != null) {
            builder.timeout(options.timeout());
        }
        if (options.hashTag() != null) {
            builder.hashTag(options.hashTag());
        }
        if (options.maximumValueSize() != null) {
            builder.maximumValueSize(
                    (int) Math.min(Integer.MAX_VALUE, options.maximumValueSize().toBytes()));
        }
        return builder;
    }

    private LettuceConnectionFactory connectionFactory(String store, RedisStateOptions options) {
        String name = options.connectionFactory();
        if (name != null) {
            return named(store, name);
        }
        LettuceConnectionFactory found = connectionFactories.getIfUnique();
        if (found == null) {
            boolean several = connectionFactories.stream().findAny().isPresent();
            throw mistake(
                    "MECHA-S121",
                    PropertyNames.store(store, "type"),
                    "State store '%s' has the type 'redis', but there is %s Lettuce connection factory."
                            .formatted(store, several ? "more than one" : "no"),
                    several
                            ? "Name one in %s.".formatted(PropertyNames.store(store, "redis.connection-factory"))
                            : "Add spring-boot-starter-data-redis and leave spring.data.redis.client-type at 'lettuce'.",
                    null);
        }
        refuseMasterReplica(store);
        return found;
    }

    private LettuceConnectionFactory named(String store, String name) {
        try {
            return beans.getBean(name, LettuceConnectionFactory.class);
        } catch (BeansException e) {
            throw mistake(
                    "MECHA-S122",
                    PropertyNames.store(store, "redis.connection-factory"),
                    "There is no Lettuce connection factory named '%s', which state store '%s' is to use."
                            .formatted(name, store),
                    "Write the name of a bean of the type LettuceConnectionFactory.",
                    e);
        }
    }

    private void refuseMasterReplica(String store) {
        DataRedisConnectionDetails found = details.getIfUnique();
        if (found != null && found.getMasterReplica() != null) {
            throw mistake(
                    "MECHA-S124",
                    "spring.data.redis.masterreplica.nodes",
                    "State store '%s' needs the master, which a fixed list of nodes does not identify."
                            .formatted(store),
                    "Use spring.data.redis.sentinel, spring.data.redis.cluster or the master's spring.data.redis.host.",
                    null);
        }
    }

    private static InvalidConfigurationException mistake(
            String code, String property, String problem, String action, @Nullable Throwable cause) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)), cause);
    }

    @Override
    public void close() {
        clients.close();
    }
}
