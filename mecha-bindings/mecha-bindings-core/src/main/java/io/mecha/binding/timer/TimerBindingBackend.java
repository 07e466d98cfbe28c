// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.timer;

import io.mecha.Capabilities;
import io.mecha.PropertyNames;
import io.mecha.binding.BindingBackendException;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory.Settings;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import io.mecha.runtime.ElapsedTime;
import io.mecha.state.KeyValueStore;
import io.mecha.state.spi.Leases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A channel that receives an event whenever it is time. */
final class TimerBindingBackend implements BindingBackend {

    static final String TYPE = "timer";
    private static final Logger LOG = LoggerFactory.getLogger(TimerBindingBackend.class);

    private final String channel;
    private final InstantSource clock;
    private final TimerBindingOptions options;
    private final Schedule schedule;
    private final @Nullable KeyValueStore<byte[]> store;
    private final @Nullable Leases leases;
    private final String application;
    private final Map<String, TimerGroup> groups = new ConcurrentHashMap<>();
    private final Capabilities capabilities;
    private volatile boolean closed;

    TimerBindingBackend(
            Settings settings,
            TimerBindingOptions options,
            Schedule schedule,
            @Nullable KeyValueStore<byte[]> store,
            @Nullable Leases leases) {
        this.application = settings.application();
        this.leases = leases;
        this.channel = settings.channel();
        this.clock = settings.clock();
        this.options = options;
        this.schedule = schedule;
        this.store = store;
        this.capabilities = Capabilities.none().with(Inbound.class, new Firing());
        if (store == null) {
            LOG.info(
                    "Timer channel '{}' fires on every node of the application; name a state store in"
                            + " {} to let it fire once in all.",
                    channel,
                    PropertyNames.channel(channel, "timer.store"));
        } else {
            LOG.info("Timer channel '{}' fires on one node at a time, by state store '{}'.", channel, store.name());
        }
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public void ping() {
        requireOpen("a ping");
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen(String what) {
        if (closed) {
            throw new BindingBackendException(channel, TYPE, what + " after it was closed", null);
        }
    }

    private MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
        requireOpen("receiving");
        TimerGroup group = groups.computeIfAbsent(request.group(), this::group);
        return group.join(request, receiver);
    }

    private TimerGroup group(String name) {
        Duration delay = options.initialDelay();
        TimerGroup.Line line = line();
        Instant now = line.now().instant();
        Instant notBefore = delay == null ? now : now.plus(delay);
        String key = "timer/%s/%s".formatted(channel, name);
        RunLease lease = leases == null || options.overlap()
                ? null
                : new RunLease(leases, application + "/" + key, ElapsedTime.of(clock));
        TimerRuns runs = new TimerRuns(schedule, store, key, lease, notBefore);
        return new TimerGroup(channel, line, options.overlap(), runs, this::message);
    }

    private TimerGroup.Line line() {
        if (schedule instanceof Schedule.FixedRate) {
            ElapsedTime time = ElapsedTime.of(clock);
            return new TimerGroup.Line(time::now, !time.isVirtual());
        }
        return new TimerGroup.Line(clock, clock.equals(InstantSource.system()));
    }

    /** Makes the event of an instant, which is the same on every node. */
    private Message message(Instant due) {
        String data = options.data();
        String mediaType = options.dataContentType();
        return Message.received(
                null,
                data == null ? null : mediaType == null ? "text/plain" : mediaType,
                Map.of(
                        "specversion",
                        "1.0",
                        "id",
                        "%s@%s".formatted(channel, due),
                        "source",
                        "/mecha/timer",
                        "type",
                        "mecha.timer",
                        "subject",
                        channel,
                        "time",
                        due.toString()),
                Map.of(),
                data == null ? null : data.getBytes(StandardCharsets.UTF_8));
    }

    /** The receiving side, to which nothing is sent. */
    private final class Firing implements Inbound {

        @Override
        public MessageConsumer receive(ConsumerRequest request, Receiver receiver) {
            return TimerBindingBackend.this.receive(request, receiver);
        }

        @Override
        public boolean receivesFrom(BindingBackend other) {
            return false;
        }
    }
}
