// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.kafka.KafkaBackend;
import io.mecha.binding.kafka.KafkaCluster;
import io.mecha.binding.kafka.TopicCreation;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.boot.kafka.autoconfigure.SslBundleSslEngineFactory;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.env.Environment;

/** A factory of backends of the type {@code kafka}; channels with the same client settings share their clients. */
final class KafkaBindingBackendFactory implements BindingBackendFactory, AutoCloseable {

    private final BeanFactory beans;
    private final ObjectProvider<KafkaConnectionDetails> connections;
    private final KafkaProperties properties;
    private final Environment environment;
    private final Map<Clients, KafkaCluster> clusters = new ConcurrentHashMap<>();

    KafkaBindingBackendFactory(
            BeanFactory beans,
            ObjectProvider<KafkaConnectionDetails> connections,
            KafkaProperties properties,
            Environment environment) {
        this.beans = beans;
        this.connections = connections;
        this.properties = properties;
        this.environment = environment;
    }

    /** The settings by which clients differ. */
    private record Clients(KafkaConnectionDetails connection, Map<String, Object> overrides, String isolation) {}

    @Override
    public String type() {
        return "kafka";
    }

    @Override
    public BindingBackend create(Settings settings) {
        KafkaBindingOptions options = settings.options(KafkaBindingOptions.class);
        KafkaCluster cluster = clusters.computeIfAbsent(clients(settings.channel(), options), this::cluster);
        try {
            return configure(KafkaBackend.builder(cluster, settings.channel()), settings, options)
                    .build();
        } catch (IllegalArgumentException e) {
            throw mistake(
                    "MECHA-B136",
                    PropertyNames.channel(settings.channel(), "kafka"),
                    "An option of channel '%s' cannot work: %s.".formatted(settings.channel(), e.getMessage()),
                    "Correct it there or in mecha.bindings.kafka.",
                    e);
        }
    }

    private KafkaBackend.Builder configure(
            KafkaBackend.Builder builder, Settings settings, KafkaBindingOptions options) {
        builder.topics(Stream.of(settings.destination().split(",", -1))
                        .map(String::strip)
                        .toList())
                .application(settings.application());
        if (!settings.derived()) {
            builder.pattern(options.pattern());
        }
        Duration sending = options.sendTimeout() == null ? outTimeout(settings.channel()) : options.sendTimeout();
        if (sending != null) {
            builder.sendTimeout(sending);
        }
        if (options.groupProtocol() != null) {
            builder.groupProtocol(options.groupProtocol());
        }
        if (options.revokeTimeout() != null) {
            builder.revokeTimeout(options.revokeTimeout());
        }
        if (options.transactions() != null) {
            builder.transactions(options.transactions());
        }
        KafkaBindingOptions.Topic topic = options.topic();
        if (topic != null) {
            builder.topicCreation(new TopicCreation(
                    !Boolean.FALSE.equals(topic.create()),
                    topic.partitions(),
                    topic.replicas(),
                    Objects.requireNonNullElse(topic.configs(), Map.of())));
        }
        return builder;
    }

    /** Return how long a sender waits, so that the client does not go on when nobody waits any more. */
    private @Nullable Duration outTimeout(String channel) {
        ChannelTimeouts timeouts = Binder.get(environment)
                .bind("mecha.bindings.channels", ChannelTimeouts.MAP)
                .orElse(Map.of())
                .get(channel);
        return timeouts == null ? null : timeouts.timeout();
    }

    private Clients clients(String channel, KafkaBindingOptions options) {
        Map<String, Object> overrides = new HashMap<>(Objects.requireNonNullElse(options.properties(), Map.of()));
        if (options.clientId() != null) {
            overrides.put(CommonClientConfigs.CLIENT_ID_CONFIG, options.clientId());
        }
        KafkaBindingOptions.IsolationLevel isolation =
                Objects.requireNonNullElse(options.isolationLevel(), KafkaBindingOptions.IsolationLevel.READ_COMMITTED);
        return new Clients(
                connection(channel, options.connectionDetails()),
                overrides,
                isolation.name().toLowerCase(Locale.ROOT));
    }

    private KafkaConnectionDetails connection(String channel, @Nullable String name) {
        if (name != null) {
            return named(channel, name);
        }
        KafkaConnectionDetails found = connections.getIfUnique();
        if (found == null) {
            boolean several = connections.stream().findAny().isPresent();
            throw mistake(
                    "MECHA-B134",
                    PropertyNames.channel(channel, "type"),
                    "Channel '%s' has the type 'kafka', but there are %s connection details for Kafka."
                            .formatted(channel, several ? "several" : "no"),
                    several
                            ? "Name a bean in %s.".formatted(PropertyNames.channel(channel, "kafka.connection-details"))
                            : "Do not exclude Spring Boot's KafkaAutoConfiguration, or define a KafkaConnectionDetails bean.",
                    null);
        }
        return found;
    }

    private KafkaConnectionDetails named(String channel, String name) {
        try {
            return beans.getBean(name, KafkaConnectionDetails.class);
        } catch (BeansException e) {
            throw mistake(
                    "MECHA-B135",
                    PropertyNames.channel(channel, "kafka.connection-details"),
                    "There are no connection details for Kafka named '%s', which channel '%s' is to use."
                            .formatted(name, channel),
                    "Write the name of a bean of the type KafkaConnectionDetails.",
                    e);
        }
    }

    private KafkaCluster cluster(Clients clients) {
        KafkaConnectionDetails connection = clients.connection();
        Map<String, Object> consumer = properties.buildConsumerProperties();
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, clients.isolation());
        return new KafkaCluster(
                complete(properties.buildProducerProperties(), connection.getProducer(), clients),
                complete(consumer, connection.getConsumer(), clients),
                complete(properties.buildAdminProperties(), connection.getAdmin(), clients));
    }

    private static Map<String, Object> complete(
            Map<String, Object> properties, KafkaConnectionDetails.Configuration connection, Clients clients) {
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.getBootstrapServers());
        String protocol = connection.getSecurityProtocol();
        if (protocol != null && !protocol.isEmpty()) {
            properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        }
        SslBundle bundle = connection.getSslBundle();
        if (bundle != null) {
            properties.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, SslBundleSslEngineFactory.class);
            properties.put(SslBundle.class.getName(), bundle);
        }
        properties.putAll(clients.overrides());
        return properties;
    }

    private static InvalidConfigurationException mistake(
            String code, String property, String problem, String action, @Nullable Throwable cause) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)), cause);
    }

    @Override
    public void close() {
        clusters.values().forEach(KafkaCluster::close);
        clusters.clear();
    }
}
