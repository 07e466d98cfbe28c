// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.MechaException;
import io.mecha.Thrown;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.runtime.BackgroundLoop;
import io.mecha.runtime.Backoff;
import io.mecha.runtime.Troubles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * The reload of an application's configuration while it runs: when watched files change, everything that Spring Boot reads at start
 * is read again, compared, validated as a whole, and then put into force or rejected as a whole.
 *
 * <p>In this order: the environment changes, one source of properties after the other, then {@link ReloadableProperties} at once, then
 * listeners are told, one after the other. Profiles are chosen at start and cannot change. Files that changed while they were read are
 * read again. Thread-safe.
 */
public final class ConfigurationReloader implements SmartLifecycle {

    /** How many reloads are remembered. */
    public static final int HISTORY = 50;

    private static final String OWN = "mecha.";
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationReloader.class);

    private final ConfigurableApplicationContext context;
    private final ReloadableProperties properties;
    private final List<String> locations;
    private final WatchedFiles files;
    private final Duration interval;
    private final Backoff pauses;
    private final InstantSource clock;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final List<ReloadFollower> followers = new CopyOnWriteArrayList<>();
    private final Deque<Reload> history = new ArrayDeque<>();
    private List<String> sources = List.of();
    private WatchedFiles.@Nullable Look done;
    private WatchedFiles.@Nullable Look last;
    private @Nullable BackgroundLoop loop;
    private int failures;
    private final AtomicLong revision = new AtomicLong();
    private final AtomicLong rejections = new AtomicLong();
    private volatile @Nullable String rejection;

    private record Listener(String work, Consumer<ConfigurationChange> target) {}

    /**
     * Prepare a reloader.
     *
     * @param context the application
     * @param properties what is replaced
     * @param locations what to watch: trees of files and files, as in {@code spring.config.import}
     * @param property the property that names them, for messages
     * @param interval how often to look at them; positive
     * @param clock tells when a reload was
     * @throws io.mecha.InvalidConfigurationException if a location is neither a tree nor a file, or others have changed what is read
     */
    public ConfigurationReloader(
            ConfigurableApplicationContext context,
            ReloadableProperties properties,
            List<String> locations,
            String property,
            Duration interval,
            InstantSource clock) {
        this.context = context;
        this.properties = properties;
        this.locations = List.copyOf(locations);
        this.files = WatchedFiles.of(locations, property);
        this.interval = interval;
        this.pauses = Backoff.doubling(interval, interval.compareTo(LONGEST) < 0 ? LONGEST : interval);
        this.clock = clock;
        ConfigurationData.requireUnchanged(context.getEnvironment(), property);
        // Trees of files are read when somebody asks, which could be after the first change.
        try {
            context.getEnvironment().getPropertySources().forEach(ConfigurationData::readWhole);
        } catch (RuntimeException changing) { // allow CatchException: the first step reads all again
            LOG.debug("A tree of files changes while it is read", Thrown.loggable(changing));
        }
    }

    /** Begin to watch, last of all that starts, so that everybody who wants to know of changes is there. */
    @Override
    public synchronized void start() {
        if (loop == null) {
            loop = new BackgroundLoop("mecha-configuration", Duration.ZERO, this::step);
            loop.start();
            LOG.info("Configuration is read again whenever {} changes", String.join(", ", locations));
        }
    }

    /** End to watch; what is in force stays in force. Waits for a reload that is under way. */
    @Override
    public synchronized void stop() {
        if (loop != null) {
            boolean unused = loop.close(CLOSING);
            loop = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return loop != null;
    }

    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    /**
     * Tell somebody of each change that is in force.
     *
     * @param name what listens, for logs
     * @param listener called on the thread that watches; what it throws is logged
     */
    public void listen(String name, Consumer<ConfigurationChange> listener) {
        listeners.add(new Listener("Listener %s of configuration changes".formatted(name), listener));
    }

    /**
     * Have a part of the application take over new settings, before listeners are told.
     *
     * @param follower the part
     */
    public void follow(ReloadFollower follower) {
        followers.add(follower);
    }

    /**
     * Return what is watched.
     *
     * @return the locations as configured
     */
    public List<String> locations() {
        return locations;
    }

    /**
     * Return why the newest configuration is not in force.
     *
     * @return the reason, without values; {@code null} if it is in force
     */
    public @Nullable String rejection() {
        return rejection;
    }

    /**
     * Return how often the configuration changed since the start of the application.
     *
     * @return zero or more
     */
    public long revision() {
        return revision.get();
    }

    /**
     * Return how often a changed configuration was rejected since the start of the application.
     *
     * @return zero or more
     */
    public long rejections() {
        return rejections.get();
    }

    /**
     * Return the last reloads.
     *
     * @return the newest first, at most {@link #HISTORY}
     */
    public List<Reload> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    /** Looks, and reads what has changed once it does not change any more. */
    private Duration step() {
        WatchedFiles.Look now = files.look();
        boolean settled = now.equals(last) || (last != null && now.isSwappedSince(last));
        last = now;
        if (!now.equals(done) && (settled || done == null)) {
            reload(now);
        }
        return failures == 0 ? interval : pauses.after(failures);
    }

    private void reload(WatchedFiles.Look seen) {
        Set<String> keys = new TreeSet<>();
        try {
            ConfigurableEnvironment live = context.getEnvironment();
            ConfigurationData read = ConfigurationData.read(live, context, sources);
            if (!files.look().equals(seen)) {
                return; // the next step looks again
            }
            List<String> before = read.replaced(live, sources);
            keys.addAll(ConfigurationDifference.between(live, read.environment(), names(live, read)));
            if (!keys.isEmpty()) {
                checkProfiles(live, read.environment());
                putIntoForce(live, read, before, new ConfigurationChange(revision.get() + 1, keys));
            }
            if (done == null) {
                files.notReadBy(read.sources()).forEach(ConfigurationReloader::warn);
            }
            sources =
                    read.sources().stream().<String>map(PropertySource::getName).toList();
            done = seen;
            failures = 0;
            rejection = null;
        } catch (RuntimeException failure) { // allow CatchException: whatever is wrong, the former configuration stays
            if (files.look().equals(seen)) { // what changes while it is read is read again
                failed(seen, keys, failure);
            }
            return;
        }
        if (!keys.isEmpty()) {
            tell(keys);
        }
    }

    /** Has all look at the new configuration before anything changes, and then changes all. */
    private void putIntoForce(
            ConfigurableEnvironment live, ConfigurationData read, List<String> before, ConfigurationChange change) {
        List<ReloadFollower.Prepared> prepared = followers.stream()
                .map(follower -> follower.prepare(read.environment(), change))
                .toList();
        ReloadableProperties.Bound bound;
        do {
            bound = properties.bind(read.environment(), change);
        } while (!properties.apply(bound, () -> read.apply(live, before)));
        prepared.forEach(ConfigurationReloader::takeOver);
        warnOfStarted(change.sortedKeys(), prepared);
    }

    /** Rejects values that do not fit until the files change; what could not be read may be read the next time. */
    private void failed(WatchedFiles.Look seen, Set<String> keys, RuntimeException failure) {
        String reason = Rejection.of(failure, seen.filesSince(done));
        if (Rejection.isOfValues(failure)) {
            done = seen;
            failures = 0;
            reject(keys, failure, reason);
            return;
        }
        if (failures++ == 0 || !reason.equals(rejection)) {
            reject(keys, failure, reason);
        }
    }

    private static void takeOver(ReloadFollower.Prepared prepared) {
        try {
            prepared.action().run();
        } catch (RuntimeException failure) { // allow CatchException: the change is in force, and the others follow
            LOG.error("Changed settings are not taken over by a part of the application", Thrown.loggable(failure));
        }
    }

    /** Tells of settings of Mecha's own that are read at start only. */
    private static void warnOfStarted(Set<String> keys, List<ReloadFollower.Prepared> prepared) {
        List<String> started = keys.stream()
                .filter(key -> key.startsWith(OWN)
                        && prepared.stream().noneMatch(part -> part.keys().contains(key)))
                .toList();
        if (!started.isEmpty()) {
            LOG.warn(
                    "{} cannot change while the application runs: what they say counts when it is started again",
                    started);
        }
    }

    private static void warn(Path unread) {
        LOG.warn(
                "{} is watched and not read: add it to spring.config.import, or remove it from what is watched",
                unread);
    }

    private static void checkProfiles(ConfigurableEnvironment live, ConfigurableEnvironment read) {
        Set<String> before = new LinkedHashSet<>(Arrays.asList(live.getActiveProfiles()));
        if (!before.equals(new LinkedHashSet<>(Arrays.asList(read.getActiveProfiles())))) {
            throw new ProfilesChangedException();
        }
    }

    private static Set<ConfigurationPropertyName> names(ConfigurableEnvironment live, ConfigurationData read) {
        Set<ConfigurationPropertyName> names = new LinkedHashSet<>();
        // Also of sources that stay: their placeholders may stand for something else now.
        live.getPropertySources().forEach(source -> ConfigurationDifference.addNames(source, names));
        read.sources().forEach(source -> ConfigurationDifference.addNames(source, names));
        return names;
    }

    private void reject(Set<String> keys, RuntimeException failure, String reason) {
        rejection = reason;
        rejections.incrementAndGet();
        remember(keys, reason);
        LOG.warn("The changed configuration is rejected, and the former one stays in force: {}", reason);
        LOG.debug("The changed configuration is rejected", Thrown.loggable(failure));
    }

    private void tell(Set<String> keys) {
        revision.incrementAndGet();
        remember(keys, null);
        ConfigurationChange change = new ConfigurationChange(revision.get(), keys);
        LOG.info("The configuration changed, revision {}: {}", change.revision(), change.sortedKeys());
        for (Listener listener : listeners) {
            try {
                listener.target().accept(change);
                Troubles.over(listener.work());
            } catch (Throwable failure) { // allow CatchException: the others are told, too
                Troubles.failed(listener.work(), failure);
            }
        }
    }

    private void remember(Set<String> keys, @Nullable String reason) {
        synchronized (history) {
            history.addFirst(new Reload(clock.instant(), revision.get(), new TreeSet<>(keys), reason));
            if (history.size() > HISTORY) {
                history.removeLast();
            }
        }
    }

    /** The failure of a configuration that chooses other profiles than the application was started with. */
    private static final class ProfilesChangedException extends MechaException {

        private static final long serialVersionUID = 1L;

        ProfilesChangedException() {
            super(
                    "MECHA-L103",
                    "The changed configuration activates other profiles than the application was started with",
                    "Restart the application to change spring.profiles.active.",
                    null);
        }
    }
}
