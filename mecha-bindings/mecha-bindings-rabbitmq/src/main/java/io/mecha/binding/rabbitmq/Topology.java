// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import io.mecha.Thrown;
import io.mecha.binding.Ordering;
import io.mecha.binding.rabbitmq.RabbitBindingBackend.QueueType;
import io.mecha.binding.spi.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a channel on the broker, and their declaration: one exchange for the destination, one queue for each group,
 * and one queue for each length of delay, whose messages return to the exchange when their time has come.
 *
 * @param exchange name of the exchange; empty for the default exchange, which cannot be bound to
 * @param exchangeType its type
 * @param routingKey routing key of what is sent; {@code null} for the key of the message
 * @param bindingKeys routing keys that queues are bound with
 * @param queue name of the queue of every group; {@code null} for one for each group
 * @param queueType type of queues
 * @param deadLetterExchange where the broker puts what it gives up; {@code null} for nowhere
 * @param deliveryLimit how often the broker delivers a message before it gives it up; {@code null} for no limit
 * @param declare whether exchanges and queues are made here
 */
record Topology(
        String exchange,
        BuiltinExchangeType exchangeType,
        @Nullable String routingKey,
        List<String> bindingKeys,
        @Nullable String queue,
        QueueType queueType,
        @Nullable String deadLetterExchange,
        @Nullable Integer deliveryLimit,
        boolean declare) {

    private static final Pattern TOO_LARGE = Pattern.compile("larger than (?:configured )?max size (\\d{1,18})");
    private static final String DELIVERY_LIMIT = "x-delivery-limit";
    private static final String SINGLE_ACTIVE = "x-single-active-consumer";

    /** Locks by name of the queue; several names share one, which only lets them wait for each other. */
    private static final List<ReentrantLock> MAKING =
            Stream.generate(ReentrantLock::new).limit(64).toList();

    /** What the names of queues begin with in which messages that are put aside wait. */
    private static final String ASIDE = "mecha.aside.";

    private static final long EXACT_MILLIS = 60_000;

    /** Most bytes of a short string. */
    private static final int SHORT = 255;

    /** How long after its last message is due an unused queue for delays is kept. */
    static final Duration UNUSED = Duration.ofHours(1);

    String queue(String group) {
        return queue == null ? exchange + "." + group : queue;
    }

    /** Returns the routing key for a message: its key, or that with which it came if it is passed on with the same key. */
    String routingKey(Message message) {
        if (routingKey != null) {
            return routingKey;
        }
        // On the default exchange it names a queue, and a dead letter would go back to where it came from.
        String received = exchange.isEmpty() ? null : Received.routingKey(message);
        if (received != null) {
            return received;
        }
        String key = message.key();
        return key == null || !fits(key) ? "" : key;
    }

    /** Makes the exchange, unless it exists. */
    void exchange(Channel channel) throws IOException {
        if (declare && !exchange.isEmpty()) {
            channel.exchangeDeclare(exchange, exchangeType, true);
        }
    }

    /**
     * Makes the queue of a group that keeps messages while nobody receives.
     *
     * @return whether the broker itself sees to it that one member at a time receives; {@code false} if nobody asked for it, or if
     *     the queue was made before anybody did
     */
    boolean queue(Source channels, String group, Ordering ordering) throws IOException {
        if (!declare) {
            return false;
        }
        Map<String, Object> arguments = arguments();
        boolean ordered = ordering == Ordering.KEY;
        if (ordered) {
            arguments.put(SINGLE_ACTIVE, true);
        }
        try {
            declare(channels, group, arguments);
            return ordered;
        } catch (IOException e) {
            ignoreSingleActive(e);
            bind(channels, group);
            return !ordered;
        }
    }

    private void declare(Source channels, String group, Map<String, Object> arguments) throws IOException {
        Channel channel = channels.open();
        try {
            exchange(channel);
            Map<String, Object> complete = new HashMap<>(arguments);
            if (queueType == QueueType.QUORUM
                    && givesUpUnasked(channel.getConnection().getServerProperties())) {
                complete.putIfAbsent(DELIVERY_LIMIT, -1);
            }
            make(channel, queue(group), complete);
            bind(channel, queue(group));
        } finally {
            close(channel);
        }
    }

    /**
     * Makes a durable queue, unless it exists, one thread of this process at a time: the broker says that a quorum queue is there while it
     * still starts it. Who consumes from it then loses the whole connection, and with it what all channels have received and not finished;
     * what is sent to it then is refused, or not confirmed in time.
     */
    private static void make(Channel channel, String name, Map<String, Object> arguments) throws IOException {
        ReentrantLock lock = MAKING.get(Math.floorMod(name.hashCode(), MAKING.size()));
        lock.lock();
        try {
            channel.queueDeclare(name, true, false, false, arguments);
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether the server gives up what a quorum queue has delivered 20 times unless told otherwise, as it does since 4.0. */
    static boolean givesUpUnasked(Map<String, Object> serverProperties) {
        String version = String.valueOf(serverProperties.get("version"));
        String major = version.substring(0, Math.max(0, version.indexOf('.')));
        return major.matches("\\d{1,5}") && Integer.parseInt(major) >= 4;
    }

    // The queue is there, and only differs in what can be had in another way.
    private static void ignoreSingleActive(IOException failure) throws IOException {
        if (!refusal(failure).contains(SINGLE_ACTIVE)) {
            throw failure;
        }
    }

    /** Makes a queue that ends with its connection. */
    void ephemeral(Channel channel, String group) throws IOException {
        exchange(channel);
        channel.queueDeclare(queue(group), false, true, true, Map.of());
        bind(channel, queue(group));
    }

    /** Binds a queue that exists to the exchange, which is made if it does not. */
    void bind(Source channels, String group) throws IOException {
        Channel channel = channels.open();
        try {
            exchange(channel);
            bind(channel, queue(group));
        } finally {
            close(channel);
        }
    }

    private void bind(Channel channel, String name) throws IOException {
        if (exchange.isEmpty()) {
            return;
        }
        for (String key : bindingKeys) {
            channel.queueBind(name, exchange, key);
        }
    }

    /** Rounds long delays up, so that there are not too many lengths and thus queues. */
    long delayMillis(Duration delay) {
        long millis = Math.max(1, delay.toMillis());
        return millis <= EXACT_MILLIS ? millis : (millis + 999) / 1_000 * 1_000;
    }

    /** Tells the name of the queue in which messages wait for a time, and of the exchange before it. */
    String delayQueue(long millis) {
        String name = "mecha.delay." + exchange + "." + millis;
        return fits(name)
                ? name
                : "mecha.delay." + UUID.nameUUIDFromBytes(exchange.getBytes(StandardCharsets.UTF_8)) + "." + millis;
    }

    /**
     * Makes the queue in which messages wait, and an exchange that leads nowhere else, so that they keep their routing key; the
     * broker deletes both some time after the last of them is due.
     */
    void declareDelay(Channel channel, String name, long millis) throws IOException {
        Map<String, Object> arguments = waiting(millis, exchange);
        channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true, true, Map.of());
        make(channel, name, arguments);
        channel.queueBind(name, name, "");
    }

    /**
     * Makes the queue in which what a group has put aside waits until the broker brings it back; where nothing is declared here, it is
     * used if others have made it.
     *
     * @return its name
     */
    String declareAside(Channel channel, String queue, long millis) throws IOException {
        String aside = asideQueue(queue, millis);
        if (!declare) {
            channel.queueDeclarePassive(aside);
            return aside;
        }
        Map<String, Object> arguments = waiting(millis, "");
        arguments.put("x-dead-letter-routing-key", queue);
        make(channel, aside, arguments);
        return aside;
    }

    /** Tells the name of the queue in which what a group has put aside waits. */
    static String asideQueue(String queue, long millis) {
        String name = ASIDE + queue + "." + millis;
        return fits(name) ? name : ASIDE + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns what a queue is made with from which messages go on after a time. */
    private Map<String, Object> waiting(long millis, String next) {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", queueType.argument());
        arguments.put("x-message-ttl", millis);
        arguments.put("x-expires", millis + UNUSED.toMillis());
        arguments.put("x-dead-letter-exchange", next);
        if (queueType == QueueType.QUORUM) {
            arguments.put("x-dead-letter-strategy", "at-least-once");
            arguments.put("x-overflow", "reject-publish");
        }
        return arguments;
    }

    /** Tells whether a text is short enough for what AMQP calls a short string: names, routing keys and identifiers. */
    static boolean fits(String text) {
        return text.length() <= SHORT / 3
                || (text.length() <= SHORT && text.getBytes(StandardCharsets.UTF_8).length <= SHORT);
    }

    private Map<String, Object> arguments() {
        Map<String, Object> arguments = new HashMap<>();
        arguments.put("x-queue-type", queueType.argument());
        if (deadLetterExchange != null) {
            arguments.put("x-dead-letter-exchange", deadLetterExchange);
        }
        if (deliveryLimit != null) {
            arguments.put(DELIVERY_LIMIT, deliveryLimit);
        }
        return arguments;
    }

    /** Tells whether the exchange hands to our queues what is sent to another topology of the broker, as far as patterns do not decide. */
    boolean receivesFrom(Topology other) {
        return !exchange.isEmpty()
                && exchange.equals(other.exchange)
                && (exchangeType == BuiltinExchangeType.FANOUT
                        || (other.routingKey != null && bindingKeys.contains(other.routingKey)));
    }

    /** Tells what the broker answered, if it closed the channel. */
    static String refusal(Throwable failure) {
        for (Throwable cause : Thrown.chain(failure)) {
            if (cause instanceof ShutdownSignalException signal
                    && signal.getReason() instanceof AMQP.Channel.Close close) {
                return close.getReplyCode() + " " + close.getReplyText();
            }
        }
        return "";
    }

    /** Tells whether the broker does not let the application in, or not into its virtual host. */
    static boolean denies(Throwable failure) {
        for (Throwable cause : Thrown.chain(failure)) {
            if (cause instanceof AuthenticationFailureException
                    || cause instanceof PossibleAuthenticationFailureException
                    || (cause instanceof ShutdownSignalException signal
                            && signal.getReason() instanceof AMQP.Connection.Close close
                            && (close.getReplyCode() == AMQP.ACCESS_REFUSED
                                    || close.getReplyCode() == AMQP.NOT_ALLOWED))) {
                return true;
            }
        }
        return false;
    }

    /** Returns how large a message may be, if that is what the broker complains of; otherwise more than any has. */
    static long maximumSize(String refusal) {
        Matcher matcher = TOO_LARGE.matcher(refusal);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : Long.MAX_VALUE;
    }

    static void close(Channel channel) {
        try {
            if (channel.isOpen()) {
                channel.close();
            }
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            // It is closed either way, perhaps by another thread meanwhile.
        }
    }

    /** A source of AMQP channels. */
    interface Source {

        /** Opens a channel of its own for one task. */
        Channel open() throws IOException;
    }
}
