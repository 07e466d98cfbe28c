// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.ProtocolVersion;
import io.mecha.Capabilities;
import io.mecha.runtime.Threads;
import io.mecha.state.WriteResult;
import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.Entry;
import io.mecha.state.spi.KeyScan;
import io.mecha.state.spi.Leases;
import io.mecha.state.spi.Mutation;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A backend on Redis 7.0 or later, with one string for each key.
 *
 * <p>Reading is one {@code GET}. Writing is one {@code SET} or {@code DEL}; with a version to compare or a time to live it
 * is one call of a script. Many keys are read by {@code MGET} and written in one flush. A write without a precondition
 * replaces or removes whatever is under the key; a read or conditional write of something that this adapter did not
 * write fails.
 *
 * <p>Capabilities: change notifications unless the client speaks RESP2 only; transactions and key scan. With a cluster,
 * transactions and key scan only if the {@linkplain HashTag#STORE hash tag} keeps the store in one slot, and no change
 * notifications.
 *
 * <p>A user with restricted permissions needs {@code +get +mget +set +del +exists +getrange +time +eval +evalsha +scan
 * +ping +client|tracking}, {@code +hget +hmget +hset +pexpire} for leases and fences, and {@code +cluster|myid} in a cluster.
 *
 * @since 1.0
 */
public final class RedisStateBackend implements StateBackend {

    private static final Logger log = LoggerFactory.getLogger(RedisStateBackend.class);

    /** What Redis takes as one string. */
    private static final int MAXIMUM_STRING = 512 * 1024 * 1024;

    private static final int CHUNK = 1_000;

    /** What sends a call to a master of a cluster; nothing is ever there. */
    private static final String PING_KEY = "mecha-ping";

    private final boolean cluster;
    private final Keyspace keyspace;
    private final int maximumValueSize;
    private final ScheduledThreadPoolExecutor executor;
    private final @Nullable RedisChangeNotifications notifications;
    private final @Nullable SentinelWatch sentinels;
    private final Link<StatefulConnection<String, StoredValue>> link;
    private final Session session;
    private final Writes writes;
    private final Capabilities capabilities;

    private RedisStateBackend(Builder builder) {
        Failures failures = new Failures(builder.store);
        this.cluster = builder.client instanceof RedisClusterClient;
        this.keyspace = builder.hashTag == HashTag.STORE ? Keyspace.tagged(builder.store) : Keyspace.plain();
        this.maximumValueSize = builder.maximumValueSize;
        this.executor = executor(builder.store);
        this.link = new Link<>(() -> connect(builder.client), executor, failures, builder.timeout, () -> {});
        this.session = new Session(link, executor, failures, builder.timeout);
        this.writes = new Writes(session, keyspace);
        this.notifications = notifications(builder, failures);
        this.capabilities = capabilities(builder.hashTag);
        link.start();
        this.sentinels = builder.sentinels != null && builder.client instanceof RedisClient client
                ? new SentinelWatch(
                        client, builder.sentinels, executor(builder.store), failures, builder.timeout, this::reconnect)
                : null;
    }

    /** Leave a master that was replaced, which may go on answering. */
    private void reconnect() {
        executor.execute(() -> {
            link.reconnect();
            if (notifications != null) {
                notifications.reconnect();
            }
        });
    }

    private static ScheduledThreadPoolExecutor executor(String store) {
        return Threads.scheduler("mecha-state-redis-" + store);
    }

    private static StatefulConnection<String, StoredValue> connect(AbstractRedisClient client) {
        return client instanceof RedisClusterClient clusterClient
                ? clusterClient.connect(StoredValueCodec.INSTANCE)
                : ((RedisClient) client).connect(StoredValueCodec.INSTANCE);
    }

    private @Nullable RedisChangeNotifications notifications(Builder builder, Failures failures) {
        boolean pushes = builder.client.getOptions().getConfiguredProtocolVersion() != ProtocolVersion.RESP2;
        return pushes && builder.client instanceof RedisClient client
                ? new RedisChangeNotifications(client, keyspace, executor, failures, builder.timeout)
                : null;
    }

    private Capabilities capabilities(HashTag hashTag) {
        Capabilities present = Capabilities.none().with(Leases.class, new RedisLeases(session, keyspace, cluster));
        if (!cluster || hashTag == HashTag.STORE) {
            present = present.with(Transactions.class, new RedisTransactions(session, keyspace, writes))
                    .with(KeyScan.class, new RedisKeyScan(session, keyspace));
        }
        return notifications == null ? present : present.with(ChangeNotifications.class, notifications);
    }

    /**
     * Prepare a backend.
     *
     * @param client a client whose options come from {@link #options}; stays the caller's to shut down
     * @return a builder with defaults
     * @throws IllegalArgumentException if the client would repeat or keep commands after a connection was lost
     */
    public static Builder builder(RedisClient client) {
        if (client.getOptions().isAutoReconnect()) {
            throw new IllegalArgumentException(
                    "Set the client's options to RedisStateBackend.options(client.getOptions())");
        }
        return new Builder(client);
    }

    /**
     * Prepare a backend in a cluster.
     *
     * @param client a client whose options come from {@link #options}; stays the caller's to shut down
     * @return a builder with defaults
     * @throws IllegalArgumentException if the client would repeat or keep commands after a connection was lost
     */
    public static Builder builder(RedisClusterClient client) {
        if (client.getOptions().getDisconnectedBehavior() != DisconnectedBehavior.REJECT_COMMANDS) {
            throw new IllegalArgumentException(
                    "Set the client's options to RedisStateBackend.options(client.getOptions())");
        }
        return new Builder(client);
    }

    /**
     * Change a client's options so that no command is ever sent twice or late.
     *
     * <p>The backend reconnects by itself, and counts time-outs by itself.
     *
     * @param options any options
     * @return a changed copy
     */
    public static ClientOptions options(ClientOptions options) {
        return options.mutate()
                .autoReconnect(false)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.create())
                .build();
    }

    /**
     * Change a cluster client's options so that no command is ever sent twice or late.
     *
     * <p>Lettuce reconnects to the nodes; the backend counts time-outs by itself.
     *
     * @param options any options
     * @return a changed copy
     */
    public static ClusterClientOptions options(ClusterClientOptions options) {
        return options.mutate()
                .autoReconnect(true)
                .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.create())
                .build();
    }

    @Override
    public @Nullable Entry read(String key) {
        log.debug("GET {}", key);
        StoredValue found = session.read(Requests.get(keyspace.name(key)), key);
        return found == null ? null : entry(key, found);
    }

    private Entry entry(String key, StoredValue found) {
        Entry entry = found.entry();
        if (entry == null) {
            throw session.failures().foreign(key);
        }
        return entry;
    }

    @Override
    public Map<String, Entry> readAll(Collection<String> keys) {
        log.debug("MGET {}", keys);
        if (keys.isEmpty()) {
            return Map.of();
        }
        StatefulConnection<String, StoredValue> connection = session.connection();
        List<AsyncCommand<String, StoredValue, List<KeyValue<String, StoredValue>>>> commands =
                groups(keys).stream().map(Requests::getAll).toList();
        session.send(connection, commands);
        CompletableFuture<?>[] answers = commands.toArray(CompletableFuture<?>[]::new);
        session.await(connection, CompletableFuture.allOf(answers), false, null);
        Map<String, Entry> entries = new HashMap<>();
        for (AsyncCommand<String, StoredValue, List<KeyValue<String, StoredValue>>> command : commands) {
            for (KeyValue<String, StoredValue> found : command.join()) {
                if (found.hasValue()) {
                    String key = keyspace.key(found.getKey());
                    entries.put(key, entry(key, found.getValue()));
                }
            }
        }
        return entries;
    }

    /** Group names that one command may carry: those of one slot in a cluster. */
    private Collection<List<String>> groups(Collection<String> keys) {
        List<String> names = keys.stream().map(keyspace::name).toList();
        if (cluster) {
            return names.stream()
                    .collect(Collectors.groupingBy(SlotHash::getSlot))
                    .values();
        }
        List<List<String>> chunks = new ArrayList<>();
        for (int start = 0; start < names.size(); start += CHUNK) {
            chunks.add(names.subList(start, Math.min(start + CHUNK, names.size())));
        }
        return chunks;
    }

    @Override
    public WriteResult write(Mutation mutation) {
        log.debug("{} {}", mutation instanceof Mutation.Put ? "SET" : "DEL", mutation.key());
        return writes.write(mutation);
    }

    @Override
    public List<WriteResult> writeAll(List<Mutation> mutations) {
        log.debug("{} writes", mutations.size());
        return writes.writeAll(mutations);
    }

    @Override
    public int maximumValueSize() {
        return maximumValueSize;
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        log.debug("EVAL that may write");
        StatefulConnection<String, StoredValue> connection = session.connection();
        AsyncCommand<String, StoredValue, List<@Nullable Object>> writable = Requests.script(
                Script.WRITABLE, false, cluster ? List.of(keyspace.name(PING_KEY)) : List.of(), arguments -> {});
        Session.dispatch(connection, writable);
        CompletableFuture<Object> answer = writable.thenApply(List::size);
        session.await(connection, cluster ? answer.exceptionallyCompose(this::pinged) : answer, false, null);
    }

    /** Ask no more than whether a cluster answers a user who may not use the key that finds a master. */
    private CompletionStage<Object> pinged(Throwable failure) {
        if (!"NOPERM".equals(Failures.word(Failures.unwrap(failure)))) {
            return CompletableFuture.failedFuture(failure);
        }
        AsyncCommand<String, StoredValue, String> ping = Requests.ping();
        Session.dispatch(session.connection(), ping);
        return ping.thenApply(answer -> answer);
    }

    @Override
    public void close() {
        if (sentinels != null) {
            sentinels.close();
        }
        if (notifications != null) {
            notifications.close();
        }
        link.close();
        executor.shutdownNow();
        awaitLastAttempt();
    }

    /** Wait for an attempt to connect that was interrupted, because the client may be shut down next. */
    private void awaitLastAttempt() {
        try {
            if (!executor.awaitTermination(1, TimeUnit.SECONDS)) {
                log.debug("Closed while connecting to Redis");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The choice of the slots of a cluster for the keys of a store.
     *
     * @since 1.0
     */
    public enum HashTag {

        /** Keys are as they are, spread over all slots; the default, because it uses all nodes. */
        NONE,

        /** Keys begin with the store's name in braces, which puts the store in one slot, so on one node. */
        STORE
    }

    /**
     * A builder of backends.
     *
     * @since 1.0
     */
    public static final class Builder {

        private final AbstractRedisClient client;
        private String store = "redis";
        private Duration timeout = Duration.ofSeconds(5);
        private HashTag hashTag = HashTag.NONE;
        private @Nullable RedisURI sentinels;
        private int maximumValueSize = MAXIMUM_STRING - StoredValue.MAXIMUM_HEADER;

        private Builder(AbstractRedisClient client) {
            this.client = client;
        }

        /**
         * Set the name of the store, for messages and the hash tag.
         *
         * @param store the name; {@code redis} if not set
         * @return this builder
         */
        public Builder store(String store) {
            this.store = store;
            return this;
        }

        /**
         * Set how long a call waits for its answer.
         *
         * @param timeout positive; five seconds if not set
         * @return this builder
         */
        public Builder timeout(Duration timeout) {
            if (timeout.isZero() || timeout.isNegative()) {
                throw new IllegalArgumentException("The timeout must be positive, not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /**
         * Set which slots of a cluster the keys are in.
         *
         * @param hashTag {@link HashTag#NONE} if not set
         * @return this builder
         */
        public Builder hashTag(HashTag hashTag) {
            this.hashTag = hashTag;
            return this;
        }

        /**
         * Follow the master that sentinels announce.
         *
         * @param sentinels the sentinels and the name of the master, as the client has them; nothing is followed if not set
         * @return this builder
         */
        public Builder sentinels(RedisURI sentinels) {
            this.sentinels = sentinels;
            return this;
        }

        /**
         * Set how large a value may be.
         *
         * @param bytes at least one; Redis takes 512 MiB, less the header, which is what holds if not set
         * @return this builder
         */
        public Builder maximumValueSize(int bytes) {
            if (bytes < 1 || bytes > MAXIMUM_STRING - StoredValue.MAXIMUM_HEADER) {
                throw new IllegalArgumentException("Redis takes values of 1 to %d bytes, not %d"
                        .formatted(MAXIMUM_STRING - StoredValue.MAXIMUM_HEADER, bytes));
            }
            this.maximumValueSize = bytes;
            return this;
        }

        /**
         * Make the backend; connects in the background.
         *
         * @return a new backend, whether or not the server can be reached
         */
        public RedisStateBackend build() {
            return new RedisStateBackend(this);
        }
    }
}
