// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of one Kafka cluster, shared where possible: one producer for all channels with the same send timeout, and one
 * admin client.
 *
 * <p>Nothing connects before it is used. Thread-safe.
 *
 * @since 1.0
 */
public final class KafkaCluster implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaCluster.class);

    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What Kafka takes where nothing is configured. */
    private static final Duration SESSION = Duration.ofSeconds(45);

    private static final Duration POLL_INTERVAL = Duration.ofMinutes(5);

    /** Longest wait for metadata or for room in the producer's buffer; less if the whole send may not take so long. */
    private static final Duration MOST_BLOCKING = Duration.ofSeconds(5);

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int DEFAULT_REQUEST_BYTES = 1024 * 1024;
    private static final String FEATURE = "group.version";
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final Map<String, Object> producerProperties;
    private final Map<String, Object> consumerProperties;
    private final Map<String, Object> adminProperties;
    private final Map<Duration, Producer<byte[], byte[]>> producers = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Admin admin;
    private volatile @Nullable Boolean consumerProtocol;

    /** Whether a send was not confirmed, so that the broker may be out of reach. */
    private volatile boolean doubtful;

    private boolean closed;

    /**
     * Describe a cluster.
     *
     * @param producerProperties configuration of producers by Kafka's names, {@code bootstrap.servers} at least; copied
     * @param consumerProperties configuration of consumers, in the same way
     * @param adminProperties configuration of admin clients, in the same way
     */
    public KafkaCluster(
            Map<String, ?> producerProperties, Map<String, ?> consumerProperties, Map<String, ?> adminProperties) {
        this.producerProperties = Map.copyOf(producerProperties);
        this.consumerProperties = Map.copyOf(consumerProperties);
        this.adminProperties = Map.copyOf(adminProperties);
    }

    /**
     * Describe a cluster by what all clients have in common.
     *
     * @param properties configuration by Kafka's names, {@code bootstrap.servers} at least; copied
     */
    public KafkaCluster(Map<String, ?> properties) {
        this(properties, properties, properties);
    }

    /** Tell whether both are the same cluster, as far as the configuration shows. */
    boolean same(KafkaCluster other) {
        return this == other || servers().equals(other.servers());
    }

    private String servers() {
        return String.valueOf(producerProperties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .replaceAll("[\\[\\] ]", "");
    }

    int maximumRequestSize() {
        Object size = producerProperties.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        return size == null ? DEFAULT_REQUEST_BYTES : Integer.parseInt(size.toString());
    }

    /** Return the shared producer whose sends take no longer than {@code timeout}; connects when it is first used. */
    Producer<byte[], byte[]> producer(String application, Duration timeout) {
        Producer<byte[], byte[]> known = producers.get(timeout);
        if (known != null) {
            return known;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The clients of the cluster are closed");
            }
            return producers.computeIfAbsent(timeout, key -> {
                Map<String, Object> properties = sending(application, key);
                return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            });
        } finally {
            lock.unlock();
        }
    }

    /** Forget a producer that cannot go on, so that the next send makes a new one. */
    void discard(Duration timeout, Producer<byte[], byte[]> broken) {
        if (producers.remove(timeout, broken)) {
            broken.close(Duration.ZERO);
        }
    }

    /** Remember that a send was not confirmed. */
    void doubt() {
        doubtful = true;
    }

    /**
     * Ask for a sign of life if a send was not confirmed: what the producer took and could not send counts as perhaps sent, so
     * it is better not to give it anything while the broker is gone.
     *
     * @throws KafkaException if there is none
     */
    void probe(Duration patience) {
        if (doubtful) {
            await(admin().describeCluster().clusterId(), patience);
            doubtful = false;
        }
    }

    Producer<byte[], byte[]> transactionalProducer(String application, String transactionalId) {
        Map<String, Object> properties = sending(application, PATIENCE.multipliedBy(2));
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) PATIENCE.toMillis());
        // A transaction that follows another closely is told to try again; its markers are written in milliseconds.
        properties.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 10);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE.toMillis());
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> sending(String application, Duration timeout) {
        Map<String, Object> properties = new HashMap<>(producerProperties);
        Duration blocking = MOST_BLOCKING.compareTo(timeout.dividedBy(2)) < 0 ? MOST_BLOCKING : timeout.dividedBy(2);
        int delivery = (int) Math.min(Integer.MAX_VALUE, timeout.minus(blocking).toMillis());
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, blocking.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        int linger =
                Integer.parseInt(properties.get(ProducerConfig.LINGER_MS_CONFIG).toString());
        int most = Math.max(1, Math.min((int) PATIENCE.toMillis(), delivery - linger));
        Object request = properties.get(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG);
        properties.put(
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                request == null ? most : Math.min(most, Integer.parseInt(request.toString())));
        properties.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId(properties, application + "-producer"));
        return properties;
    }

    /** Make a consumer; {@code overrides} win over what is configured, {@code defaults} do not. */
    Consumer<byte[], byte[]> consumer(String name, Map<String, ?> defaults, Map<String, ?> overrides) {
        Map<String, Object> properties = new HashMap<>(defaults);
        properties.putAll(consumerProperties);
        properties.putAll(overrides);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId(consumerProperties, name));
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Return how long a member may take from one poll to the next before the group goes on without it. */
    Duration pollInterval() {
        return consumerTime(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, POLL_INTERVAL);
    }

    /** Return how long the broker waits for a sign of life of a member, as far as it says. */
    Duration session(String group, boolean classic) {
        if (classic) {
            return consumerTime(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION);
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        try {
            Config config = await(admin().describeConfigs(List.of(resource)).all(), MOST_BLOCKING)
                    .get(resource);
            ConfigEntry entry = config == null ? null : config.get("consumer.session.timeout.ms");
            return entry == null || entry.value() == null ? SESSION : Duration.ofMillis(Long.parseLong(entry.value()));
        } catch (KafkaException | NumberFormatException e) {
            LOGGER.debug("The session timeout of group '{}' cannot be read from the broker", group, e);
            return SESSION;
        }
    }

    private Duration consumerTime(String property, Duration otherwise) {
        Object configured = consumerProperties.get(property);
        return configured == null ? otherwise : Duration.ofMillis(Long.parseLong(configured.toString()));
    }

    /** Return an id that no other client of this JVM has, because clients register under it for management. */
    private static String clientId(Map<String, Object> properties, String otherwise) {
        Object configured = properties.get(CommonClientConfigs.CLIENT_ID_CONFIG);
        return (configured == null ? otherwise : configured) + "-" + CLIENTS.incrementAndGet();
    }

    String isolation() {
        Object configured = consumerProperties.get(ConsumerConfig.ISOLATION_LEVEL_CONFIG);
        return configured == null ? "read_committed" : configured.toString();
    }

    Admin admin() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The clients of the cluster are closed");
            }
            Admin known = admin;
            if (known == null) {
                known = Admin.create(administration());
                admin = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    Map<String, Object> administration() {
        Map<String, Object> properties = new HashMap<>(adminProperties);
        properties.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int)
                PATIENCE.dividedBy(2).toMillis());
        // While no broker can be reached, each call that waits would log that it begins anew, many times a
        // second.
        properties.putIfAbsent(
                CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, MetadataRecoveryStrategy.NONE.name);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId(properties, "mecha-admin"));
        return properties;
    }

    /** Tell which protocol a group is to use; asks the broker once. */
    boolean usesConsumerProtocol(GroupProtocol wanted) {
        if (wanted != GroupProtocol.AUTO) {
            return wanted == GroupProtocol.CONSUMER;
        }
        Object configured = consumerProperties.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        if (configured != null) {
            return "consumer".equalsIgnoreCase(configured.toString());
        }
        if (List.of(
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG)
                .stream()
                .anyMatch(consumerProperties::containsKey)) {
            return false; // these belong to the classic protocol, and the other refuses them
        }
        Boolean known = consumerProtocol;
        if (known == null) {
            known = ask();
            consumerProtocol = known;
        }
        return known;
    }

    private boolean ask() {
        try {
            FinalizedVersionRange range = await(admin().describeFeatures().featureMetadata(), PATIENCE)
                    .finalizedFeatures()
                    .get(FEATURE);
            return range != null && range.maxVersionLevel() > 0;
        } catch (UnsupportedVersionException e) {
            return false;
        }
    }

    /**
     * Wait for an answer.
     *
     * @throws KafkaException what the client reports
     */
    static <T> T await(KafkaFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Send what waits, and close what is shared. Backends and their consumers are closed already. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        producers.values().forEach(producer -> producer.close(PATIENCE));
        producers.clear();
        Admin known = admin;
        if (known != null) {
            known.close(PATIENCE);
        }
    }
}
