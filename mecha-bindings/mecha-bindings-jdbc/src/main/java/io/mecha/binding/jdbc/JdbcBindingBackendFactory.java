// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.jdbc.JdbcBindingOptions.InitializeSchema;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.jdbc.DataSourceUrls;
import io.mecha.jdbc.Database;
import io.mecha.jdbc.PostgresNotifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * A factory of backends of type {@code jdbc}: a table of a data source as a queue.
 *
 * <p>Channels on one data source share a connection that listens and what runs in the background, until the last of them is
 * closed.
 *
 * @since 1.0
 */
public final class JdbcBindingBackendFactory implements BindingBackendFactory {

    static final String TYPE = "jdbc";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);
    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
    private static final int BATCH = 500;
    private static final int LARGEST_BATCH = 10_000;
    private static final int NAME_LENGTH = 200;
    private static final DataSize BODY = DataSize.ofMegabytes(8);
    private static final DataSize LARGEST_BODY = DataSize.ofMegabytes(512);

    private final DataSources dataSources;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<DataSource, Shared> databases = new HashMap<>();

    /**
     * Create a factory.
     *
     * @param dataSources finds the data source of a channel, when it is made
     */
    public JdbcBindingBackendFactory(DataSources dataSources) {
        this.dataSources = Objects.requireNonNull(dataSources, "dataSources");
    }

    /**
     * The data sources of the application.
     *
     * @since 1.0
     */
    @FunctionalInterface
    public interface DataSources {

        /**
         * Find the data source of a channel.
         *
         * @param channel name of the channel, for messages
         * @param name name of the data source; {@code null} for the only one
         * @return the data source
         * @throws InvalidConfigurationException if there is none, or none of that name, or several
         */
        DataSource find(String channel, @Nullable String name);
    }

    private static final class Shared {

        private final QueueDatabase database;
        private int users;

        Shared(QueueDatabase database) {
            this.database = database;
        }
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public BindingBackend create(Settings settings) {
        JdbcBindingOptions options = settings.options(JdbcBindingOptions.class);
        check(settings, options);
        DataSource dataSource = dataSources.find(settings.channel(), options.dataSource());
        refuseStarving(settings, dataSource);
        QueueDatabase database = share(dataSource, options);
        DataSize body = options.maximumBodySize() == null ? BODY : options.maximumBodySize();
        return new JdbcBindingBackend(
                new JdbcConsumer.Settings(
                        database,
                        new QueueGroups(database, settings.channel(), settings.destination()),
                        settings.channel(),
                        settings.destination(),
                        or(options.pollInterval(), POLL_INTERVAL),
                        or(options.lease(), LEASE),
                        options.maximumBatch() == null ? BATCH : options.maximumBatch()),
                (int) body.toBytes(),
                () -> release(dataSource));
    }

    /**
     * Create the tables of a data source unless they are there, and wait for them as long as a call does.
     *
     * @param dataSource where connections come from
     * @param options options of a channel
     * @return whether the tables are there now
     */
    public static boolean createTables(DataSource dataSource, JdbcBindingOptions options) {
        QueueDatabase database = open(dataSource, options);
        try {
            return database.isReady();
        } finally {
            database.close();
        }
    }

    private static QueueDatabase open(DataSource dataSource, JdbcBindingOptions options) {
        return new QueueDatabase(
                dataSource,
                options.initializeSchema() != InitializeSchema.NEVER,
                or(options.timeout(), TIMEOUT),
                or(options.purgeInterval(), PURGE_INTERVAL));
    }

    private QueueDatabase share(DataSource dataSource, JdbcBindingOptions options) {
        lock.lock();
        try {
            Shared shared = databases.computeIfAbsent(dataSource, missing -> new Shared(open(dataSource, options)));
            shared.users++;
            return shared.database;
        } finally {
            lock.unlock();
        }
    }

    private void release(DataSource dataSource) {
        lock.lock();
        try {
            Shared shared = databases.get(dataSource);
            if (shared != null && --shared.users == 0) {
                databases.remove(dataSource);
                shared.database.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What receives on PostgreSQL listens for as long as it is there. */
    private static void refuseStarving(Settings settings, DataSource dataSource) {
        if (DataSourceUrls.databaseOf(dataSource).orElse(null) == Database.POSTGRESQL
                && PostgresNotifier.starves(dataSource)) {
            throw new InvalidConfigurationException(List.of(new Mistake(
                    "MECHA-B140",
                    PropertyNames.channel(settings.channel(), "type"),
                    "The channel listens for messages on a connection of its own, and the pool has only one.",
                    "Give the pool two connections or more, as with spring.datasource.hikari.maximum-pool-size.")));
        }
    }

    private static Duration or(@Nullable Duration configured, Duration otherwise) {
        return configured == null ? otherwise : configured;
    }

    private static void check(Settings settings, JdbcBindingOptions options) {
        List<Mistake> mistakes = new ArrayList<>();
        String prefix = PropertyNames.channel(settings.channel(), "");
        atLeast(mistakes, prefix + "jdbc.timeout", options.timeout(), Duration.ofMillis(1));
        atLeast(mistakes, prefix + "jdbc.poll-interval", options.pollInterval(), Duration.ofMillis(1));
        atLeast(mistakes, prefix + "jdbc.lease", options.lease(), SHORTEST_LEASE);
        atLeast(mistakes, prefix + "jdbc.purge-interval", options.purgeInterval(), Duration.ofMillis(1));
        Integer batch = options.maximumBatch();
        if (batch != null && (batch < 1 || batch > LARGEST_BATCH)) {
            mistakes.add(mistake(prefix + "jdbc.maximum-batch", batch, "1 and " + LARGEST_BATCH));
        }
        DataSize body = options.maximumBodySize();
        if (body != null && (body.toBytes() < 1 || body.compareTo(LARGEST_BODY) > 0)) {
            mistakes.add(mistake(prefix + "jdbc.maximum-body-size", body, "1B and 512MB"));
        }
        if (settings.destination().isEmpty() || settings.destination().length() > NAME_LENGTH) {
            mistakes.add(
                    mistake(prefix + "destination", settings.destination(), "1 and " + NAME_LENGTH + " characters"));
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
    }

    private static void atLeast(List<Mistake> mistakes, String property, @Nullable Duration value, Duration least) {
        if (value != null && value.compareTo(least) < 0) {
            mistakes.add(mistake(property, value, least + " and more"));
        }
    }

    private static Mistake mistake(String property, Object value, String bounds) {
        return new Mistake(
                "MECHA-B139",
                property,
                "The value '%s' is out of bounds.".formatted(value),
                "Set one between %s.".formatted(bounds));
    }
}
