// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq.autoconfigure;

import com.rabbitmq.client.Address;
import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.rabbitmq.RabbitBindingBackend;
import io.mecha.binding.rabbitmq.RabbitServer;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.amqp.autoconfigure.RabbitConnectionDetails;

/** A factory of backends of the type {@code rabbitmq}; channels on one connection factory share connections. */
final class RabbitBindingBackendFactory implements BindingBackendFactory, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final BeanFactory beans;
    private final ObjectProvider<CachingConnectionFactory> connectionFactories;
    private final ObjectProvider<RabbitConnectionDetails> details;
    private final Map<CachingConnectionFactory, RabbitServer> servers = new ConcurrentHashMap<>();

    RabbitBindingBackendFactory(
            BeanFactory beans,
            ObjectProvider<CachingConnectionFactory> connectionFactories,
            ObjectProvider<RabbitConnectionDetails> details) {
        this.beans = beans;
        this.connectionFactories = connectionFactories;
        this.details = details;
    }

    @Override
    public String type() {
        return "rabbitmq";
    }

    @Override
    public BindingBackend create(Settings settings) {
        RabbitBindingOptions options = options(settings);
        CachingConnectionFactory factory = connectionFactory(settings.channel(), options.connectionFactory());
        RabbitServer server = servers.computeIfAbsent(
                factory,
                missing -> new RabbitServer(
                        missing.getRabbitConnectionFactory(),
                        addresses(missing, options.connectionFactory() == null),
                        settings.application(),
                        options.timeout() == null ? TIMEOUT : options.timeout()));
        try {
            return configure(
                            RabbitBindingBackend.builder(server, settings.destination())
                                    .signingKeys(settings.signingKeys())
                                    .channel(settings.channel()),
                            options)
                    .build();
        } catch (IllegalArgumentException e) {
            throw mistake(
                    "MECHA-B133",
                    PropertyNames.channel(settings.channel(), "rabbitmq"),
                    "An option of channel '%s' cannot work: %s.".formatted(settings.channel(), e.getMessage()),
                    "Correct it there or in mecha.bindings.rabbitmq.",
                    e);
        }
    }

    /** Leaves out where another channel leads: its dead letters would come back to it, and its replies, too. */
    static RabbitBindingOptions options(Settings settings) {
        RabbitBindingOptions options = settings.options(RabbitBindingOptions.class);
        return settings.derived()
                ? new RabbitBindingOptions(
                        options.connectionFactory(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        options.queueType(),
                        options.deadLetterExchange(),
                        options.deliveryLimit(),
                        options.declare(),
                        options.publishChannels(),
                        options.timeout(),
                        options.maximumMessageSize())
                : options;
    }

    private static RabbitBindingBackend.Builder configure(
            RabbitBindingBackend.Builder builder, RabbitBindingOptions options) {
        set(options.exchange(), builder::exchange);
        set(options.exchangeType(), builder::exchangeType);
        set(options.routingKey(), builder::routingKey);
        set(options.bindingKeys(), builder::bindingKeys);
        set(options.queue(), builder::queue);
        set(options.queueType(), builder::queueType);
        set(options.deadLetterExchange(), builder::deadLetterExchange);
        set(options.deliveryLimit(), builder::deliveryLimit);
        set(options.declare(), builder::declare);
        set(options.publishChannels(), builder::publishChannels);
        set(
                options.maximumMessageSize(),
                size -> builder.maximumMessageSize((int) Math.min(Integer.MAX_VALUE, size.toBytes())));
        return builder;
    }

    private static <V> void set(@Nullable V value, Consumer<V> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    // A factory does not tell its addresses; those of the only one are what Boot made it from.
    private List<Address> addresses(CachingConnectionFactory factory, boolean only) {
        RabbitConnectionDetails found = only ? details.getIfUnique() : null;
        return found == null
                ? List.of(new Address(factory.getHost(), factory.getPort()))
                : found.getAddresses().stream()
                        .map(address -> new Address(address.host(), address.port()))
                        .toList();
    }

    private CachingConnectionFactory connectionFactory(String channel, @Nullable String name) {
        if (name != null) {
            return named(channel, name);
        }
        CachingConnectionFactory found = connectionFactories.getIfUnique();
        if (found == null) {
            boolean several = connectionFactories.stream().findAny().isPresent();
            throw mistake(
                    "MECHA-B131",
                    PropertyNames.channel(channel, "type"),
                    "Channel '%s' has the type 'rabbitmq', but there is %s RabbitMQ connection factory."
                            .formatted(channel, several ? "more than one" : "no"),
                    several
                            ? "Name one in %s.".formatted(PropertyNames.channel(channel, "rabbitmq.connection-factory"))
                            : "Do not exclude RabbitAutoConfiguration, or define a CachingConnectionFactory bean.",
                    null);
        }
        return found;
    }

    private CachingConnectionFactory named(String channel, String name) {
        try {
            return beans.getBean(name, CachingConnectionFactory.class);
        } catch (BeansException e) {
            throw mistake(
                    "MECHA-B132",
                    PropertyNames.channel(channel, "rabbitmq.connection-factory"),
                    "There is no RabbitMQ connection factory named '%s', which channel '%s' is to use."
                            .formatted(name, channel),
                    "Write the name of a bean of the type CachingConnectionFactory.",
                    e);
        }
    }

    private static InvalidConfigurationException mistake(
            String code, String property, String problem, String action, @Nullable Throwable cause) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)), cause);
    }

    @Override
    public void close() {
        servers.values().forEach(RabbitServer::close);
        servers.clear();
    }
}
