// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import io.mecha.Capabilities;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.MessageIdentity;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.Receiver;
import io.mecha.binding.spi.SigningKeys;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A backend on RabbitMQ 3.10 or later.
 *
 * <p>The destination is an exchange, a fanout unless said otherwise; each group has a durable queue of its own, a quorum queue unless
 * said otherwise. Sends are confirmed and must reach a queue. Receiving goes on by itself after a lost connection.
 *
 * @since 1.0
 */
public final class RabbitBindingBackend implements BindingBackend {

    static final String TYPE = "rabbitmq";

    /** The longest time that a queue may hold a message, in milliseconds: 32 bits, unsigned. */
    static final Duration LONGEST = Duration.ofMillis(0xFFFF_FFFFL);

    private final RabbitServer server;
    private final Topology topology;
    private final String name;
    private final SigningKeys keys;
    private final RabbitOutbound outbound;
    private final Collection<RabbitConsumer> consumers = new CopyOnWriteArrayList<>();
    private final Capabilities capabilities;
    private volatile boolean closed;

    private RabbitBindingBackend(Builder builder) {
        this.server = builder.server;
        this.name = builder.name;
        this.keys = builder.keys;
        this.topology = builder.topology();
        Queues queues = new Queues();
        ConfirmChannel[] channels = new ConfirmChannel[builder.publishChannels];
        for (int index = 0; index < channels.length; index++) {
            channels[index] = new ConfirmChannel(server, topology, name, queues);
        }
        this.outbound = new RabbitOutbound(channels, builder.maximumMessageSize);
        this.capabilities = Capabilities.none()
                .with(Outbound.class, outbound)
                .with(Inbound.class, new Receiving())
                .with(Groups.class, queues)
                .with(KeyOrder.class, () -> 1)
                .with(Expiry.class, () -> LONGEST)
                .with(MessageIdentity.class, Received::identity)
                .with(Delay.class, () -> LONGEST);
    }

    /** The type of the queue of a group. */
    public enum QueueType {
        /** Replicated, and safe against the loss of a node; counts deliveries. The default. */
        QUORUM,

        /** On one node. */
        CLASSIC;

        String argument() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The type of an exchange, which decides how it chooses queues. */
    public enum ExchangeType {
        /** Every queue that is bound. The default. */
        FANOUT,

        /** By the routing key. */
        DIRECT,

        /** By patterns of the routing key. */
        TOPIC;

        private BuiltinExchangeType type() {
            return BuiltinExchangeType.valueOf(name());
        }
    }

    /**
     * Begin to configure a backend.
     *
     * @param server the connections to use; not closed by the backend
     * @param destination name of the exchange unless set otherwise
     * @return a builder
     */
    public static Builder builder(RabbitServer server, String destination) {
        return new Builder(server, destination);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    private final class Receiving implements Inbound {

        @Override
        public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
            RabbitConsumer consumer = new RabbitConsumer(server, topology, name, keys, request, receiver);
            consumers.removeIf(RabbitConsumer::isClosed);
            consumers.add(consumer);
            return consumer.start();
        }

        @Override
        public boolean receivesFrom(BindingBackend other) {
            return other instanceof RabbitBindingBackend target
                    && target.server == server
                    && topology.receivesFrom(target.topology);
        }
    }

    @Override
    public void ping() {
        if (closed) {
            throw SendException.closed(name);
        }
        try {
            Topology.close(server.sendingChannel());
        } catch (IOException | AlreadyClosedException e) {
            throw failure("connecting", e);
        }
    }

    private BindingBackendException failure(String what, Exception cause) {
        return Topology.denies(cause)
                ? BindingBackendException.denied(name, TYPE, what, cause)
                : new BindingBackendException(name, TYPE, what, cause);
    }

    @Override
    public void close() {
        closed = true;
        consumers.forEach(MessageConsumer::close);
        outbound.close();
    }

    /** The queues of groups. */
    private final class Queues implements Groups, ConfirmChannel.Declarations {

        private final Map<String, Ordering> declared = new ConcurrentHashMap<>();

        @Override
        public boolean any() {
            return !declared.isEmpty() || consumers.stream().anyMatch(consumer -> !consumer.isClosed());
        }

        @Override
        public void again() throws IOException {
            for (Map.Entry<String, Ordering> group : declared.entrySet()) {
                topology.queue(server::receivingChannel, group.getKey(), group.getValue());
            }
            for (RabbitConsumer consumer : consumers) {
                if (!consumer.isClosed()) {
                    consumer.declare();
                }
            }
        }

        @Override
        public void declare(String group, Ordering ordering) {
            try {
                topology.queue(server::receivingChannel, group, ordering);
                declared.put(group, ordering);
            } catch (IOException | AlreadyClosedException e) {
                throw failure("declaring queue '%s'".formatted(topology.queue(group)), e);
            }
        }

        /** Counts what waits in the queue, and what this application has of it; what other nodes have is not known. */
        @Override
        public OptionalLong lag(String group) {
            Channel channel = null;
            try {
                channel = server.receivingChannel();
                long waiting =
                        channel.queueDeclarePassive(topology.queue(group)).getMessageCount();
                return OptionalLong.of(waiting
                        + consumers.stream()
                                .filter(consumer -> consumer.receives(group))
                                .mapToInt(RabbitConsumer::inFlight)
                                .sum());
            } catch (IOException | AlreadyClosedException e) {
                if (Topology.refusal(e).startsWith("404")) {
                    return OptionalLong.empty();
                }
                throw failure("counting queue '%s'".formatted(topology.queue(group)), e);
            } finally {
                if (channel != null) {
                    Topology.close(channel);
                }
            }
        }
    }

    /**
     * A builder of backends.
     *
     * @since 1.0
     */
    public static final class Builder {

        private final RabbitServer server;
        private String name;
        private SigningKeys keys = SigningKeys.of(null, List.of());
        private String exchange;
        private ExchangeType exchangeType = ExchangeType.FANOUT;
        private QueueType queueType = QueueType.QUORUM;
        private @Nullable String routingKey;
        private List<String> bindingKeys = List.of();
        private @Nullable String queue;
        private @Nullable String deadLetterExchange;
        private @Nullable Integer deliveryLimit;
        private boolean declare = true;
        private int publishChannels = 4;
        private int maximumMessageSize = 128 * 1024 * 1024;

        private Builder(RabbitServer server, String destination) {
            this.server = server;
            this.name = destination;
            this.exchange = destination;
        }

        /**
         * Set the name of the channel, for messages.
         *
         * @param name name of the channel; default the destination
         * @return this builder
         */
        public Builder channel(String name) {
            this.name = name;
            return this;
        }

        /**
         * Set what signs the state of messages that are put aside.
         *
         * @param keys the keys of the application; default a random one
         * @return this builder
         */
        public Builder signingKeys(SigningKeys keys) {
            this.keys = keys;
            return this;
        }

        /**
         * Set the exchange.
         *
         * @param exchange its name; empty for the default exchange, whose routing keys are names of queues
         * @return this builder
         */
        public Builder exchange(String exchange) {
            this.exchange = exchange;
            return this;
        }

        /**
         * Set how the exchange chooses queues.
         *
         * @param exchangeType its type
         * @return this builder
         */
        public Builder exchangeType(ExchangeType exchangeType) {
            this.exchangeType = exchangeType;
            return this;
        }

        /**
         * Set the routing key of what is sent.
         *
         * @param routingKey at most 255 bytes; default the key of the event
         * @return this builder
         */
        public Builder routingKey(String routingKey) {
            this.routingKey = routingKey;
            return this;
        }

        /**
         * Set the routing keys that queues are bound with.
         *
         * @param bindingKeys keys or patterns; default everything on a topic exchange, the empty key on others
         * @return this builder
         */
        public Builder bindingKeys(List<String> bindingKeys) {
            this.bindingKeys = List.copyOf(bindingKeys);
            return this;
        }

        /**
         * Set one queue for every group.
         *
         * @param queue its name; default {@code <exchange>.<group>}
         * @return this builder
         */
        public Builder queue(String queue) {
            this.queue = queue;
            return this;
        }

        /**
         * Set the kind of queues.
         *
         * @param queueType the kind
         * @return this builder
         */
        public Builder queueType(QueueType queueType) {
            this.queueType = queueType;
            return this;
        }

        /**
         * Set where the broker puts what it gives up: expired messages, and those rejected without a dead letter of the channel.
         *
         * @param exchange name of an exchange, which must exist
         * @return this builder
         */
        public Builder deadLetterExchange(String exchange) {
            this.deadLetterExchange = exchange;
            return this;
        }

        /**
         * Set how often the broker delivers a message before it gives it up.
         *
         * @param deliveryLimit at least 1; default without limit
         * @return this builder
         */
        public Builder deliveryLimit(int deliveryLimit) {
            this.deliveryLimit = deliveryLimit;
            return this;
        }

        /**
         * Set whether exchanges and queues are declared.
         *
         * @param declare {@code false} to use what somebody else has made
         * @return this builder
         */
        public Builder declare(boolean declare) {
            this.declare = declare;
            return this;
        }

        /**
         * Set how many AMQP channels share the work of sending.
         *
         * @param publishChannels 1 to 64
         * @return this builder
         */
        public Builder publishChannels(int publishChannels) {
            if (publishChannels < 1 || publishChannels > 64) {
                throw new IllegalArgumentException("publish-channels must be 1 to 64, not " + publishChannels);
            }
            this.publishChannels = publishChannels;
            return this;
        }

        /**
         * Set how large a message may be.
         *
         * @param bytes at most what the broker allows
         * @return this builder
         */
        public Builder maximumMessageSize(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maximum-message-size must be positive, not " + bytes);
            }
            this.maximumMessageSize = bytes;
            return this;
        }

        /**
         * Finish.
         *
         * @return the backend, which has not connected yet
         */
        public RabbitBindingBackend build() {
            return new RabbitBindingBackend(this);
        }

        private Topology topology() {
            List<String> everything = List.of(exchangeType == ExchangeType.TOPIC ? "#" : "");
            return new Topology(
                    exchange,
                    exchangeType.type(),
                    routingKey,
                    bindingKeys.isEmpty() ? everything : bindingKeys,
                    queue,
                    queueType,
                    deadLetterExchange,
                    deliveryLimit,
                    declare);
        }
    }
}
