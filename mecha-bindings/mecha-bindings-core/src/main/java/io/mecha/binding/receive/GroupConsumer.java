// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.InvalidEventException;
import io.mecha.binding.Ordering;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.channel.EngineContext;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.event.MediaTypes;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer of one group on this node, which distributes messages among the subscriptions of the group. */
final class GroupConsumer implements Receiver {

    private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
    private static final String BATCH = "application/cloudevents-batch";
    private static final int BURST = 256;

    private final ChannelContext channel;
    private final Inbound inbound;
    private final SubscriptionSettings settings;
    private final EngineContext engine;
    private final Consumer<GroupConsumer> forget;
    private final boolean keyed;
    private final KeyLanes lanes = new KeyLanes();
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Selection selection = Selection.NONE;
    private @Nullable MessageConsumer consumer;
    private boolean closed;

    /**
     * @param settings those of the first subscription; what concerns the group is the same for all
     * @param forget called when the group is closed
     */
    GroupConsumer(
            ChannelContext channel,
            Inbound inbound,
            SubscriptionSettings settings,
            EngineContext engine,
            Consumer<GroupConsumer> forget) {
        this.channel = channel;
        this.inbound = inbound;
        this.settings = settings;
        this.engine = engine;
        this.forget = forget;
        this.keyed = settings.ordering() == Ordering.KEY;
    }

    ChannelContext channel() {
        return channel;
    }

    SubscriptionSettings settings() {
        return settings;
    }

    KeyLanes lanes() {
        return lanes;
    }

    Selection selection() {
        return selection;
    }

    List<IncomingEvent> read(Delivery delivery) {
        try {
            return channel.sending().format().read(delivery);
        } catch (InvalidEventException unreadable) {
            return List.of(letter(delivery, unreadable));
        }
    }

    IncomingEvent readFirst(Delivery delivery) {
        try {
            return channel.sending().format().readFirst(delivery);
        } catch (InvalidEventException unreadable) {
            return letter(delivery, unreadable);
        }
    }

    /** Makes an event of an unreadable dead letter, whose handler could not see it otherwise, if the handler takes bytes. */
    private IncomingEvent letter(Delivery delivery, InvalidEventException unreadable) {
        Message message = delivery.message();
        if (channel.name().endsWith(DeadLetters.SUFFIX) || isLetter(message)) {
            IncomingEvent letter =
                    new UnreadableEvent(message, channel.sending().format().wrap(delivery));
            HandlerSubscription<?> target = selection.find(letter);
            if (target != null && target.payload().raw() == byte[].class) {
                return letter;
            }
        }
        throw unreadable;
    }

    private boolean isLetter(Message message) {
        Marks.Mark mark = engine.marks().of(message);
        return mark != null && mark.verified() && mark.kind() == Marks.Kind.DEAD;
    }

    @Override
    public void receive(List<? extends Delivery> deliveries) {
        int count = deliveries.size();
        for (int index = 0; index < count; index++) { // most calls have one, for which an iterator is dear
            accept(deliveries.get(index));
        }
    }

    private void accept(Delivery delivery) {
        channel.statistics().received().increment();
        HandlerSubscription<?> sole = selection.sole();
        Message message = delivery.message();
        if (sole != null && !readsFirst(message)) {
            put(new Work(delivery, sole), message.key());
        } else {
            distribute(delivery, message);
        }
    }

    /** Tells whether only the body says how many events there are, or what their key is. */
    private boolean readsFirst(Message message) {
        String contentType = message.contentType();
        return contentType != null
                && MediaTypes.holdsEvents(contentType)
                && ((keyed && message.key() == null)
                        || MediaTypes.base(contentType).startsWith(BATCH));
    }

    private void distribute(Delivery delivery, Message message) {
        Selection chosen = selection;
        if (chosen.all().isEmpty()) {
            later(delivery::release);
            return;
        }
        HandlerSubscription<?> first = chosen.all().get(0);
        List<IncomingEvent> events;
        try {
            events = read(delivery);
        } catch (InvalidEventException unreadable) {
            Work work = new Work(delivery, first);
            work.unreadable(unreadable);
            put(work, message.key());
            return;
        } catch (Throwable failure) { // allow CatchException: found again, and counted, by the worker
            put(new Work(delivery, first), message.key());
            return;
        }
        if (events.isEmpty()) {
            later(delivery::acknowledge); // a batch of nothing
            return;
        }
        SharedDelivery shared = events.size() == 1 ? null : new SharedDelivery(delivery, events.size());
        for (IncomingEvent event : events) {
            HandlerSubscription<?> target = find(chosen, event, first);
            HandlerSubscription<?> owner = target == null ? first : target;
            Work work = shared == null ? new Work(delivery, owner) : Work.part(shared, owner);
            work.event(event);
            if (target == null) {
                channel.statistics().filtered().increment();
                later(work::acknowledge);
            } else {
                put(work, event.key());
            }
        }
    }

    private static @Nullable HandlerSubscription<?> find(
            Selection chosen, IncomingEvent event, HandlerSubscription<?> first) {
        try {
            return chosen.find(event);
        } catch (Throwable failure) { // allow CatchException: found again, and counted, by the worker
            return first;
        }
    }

    private void put(Work work, @Nullable String key) {
        HandlerSubscription<?> target = work.target();
        target.taken();
        if (keyed && key != null && !lanes.enter(work, key)) {
            return;
        }
        target.makeReady(work);
    }

    /** Does what may wait for the backend. */
    private void later(Runnable task) {
        try {
            engine.workers().execute(task);
        } catch (RejectedExecutionException closing) {
            LOG.debug("A delivery was not finished, the engine is closed", closing);
        }
    }

    /** Adds a subscription; {@code false} if the group is closed already. */
    boolean add(HandlerSubscription<?> subscription) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            List<HandlerSubscription<?>> all = new ArrayList<>(selection.all());
            all.add(subscription);
            selection = new Selection(all);
            adjustLocked();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to receive. */
    void open() {
        lock.lock();
        try {
            if (!closed && consumer == null) {
                List<HandlerSubscription<?>> all = selection.all();
                int batch = 1;
                int prefetch = 1;
                for (HandlerSubscription<?> subscription : all) {
                    prefetch = Math.max(prefetch, subscription.settings().prefetch());
                    batch = Math.max(batch, subscription.settings().batchSize());
                    subscription.deadLetters().prepare();
                }
                consumer = inbound.receive(
                        new ConsumerRequest(
                                settings.group(),
                                settings.ordering(),
                                settings.startAt(),
                                prefetch,
                                Math.min(prefetch, Math.max(batch, BURST)),
                                false,
                                allHeld()),
                        this);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Pauses the consumer while every subscription is paused. */
    void adjust() {
        lock.lock();
        try {
            adjustLocked();
        } finally {
            lock.unlock();
        }
    }

    private void adjustLocked() {
        MessageConsumer open = consumer;
        if (open != null && !closed) {
            if (allHeld()) {
                open.pause();
            } else {
                open.resume();
            }
        }
    }

    private boolean allHeld() {
        return selection.all().stream()
                .allMatch(subscription -> subscription.workers().held());
    }

    /** Removes a subscription that does nothing any more; the last one closes the consumer. */
    void remove(HandlerSubscription<?> subscription) {
        lock.lock();
        try {
            List<HandlerSubscription<?>> others = new ArrayList<>(selection.all());
            if (!others.remove(subscription)) {
                return;
            }
            if (others.isEmpty()) {
                closeLocked();
            } else {
                selection = new Selection(others);
                subscription.end();
                adjustLocked();
            }
        } finally {
            lock.unlock();
        }
        forget.accept(this);
    }

    private void closeLocked() {
        closed = true;
        selection.all().forEach(HandlerSubscription::end);
        MessageConsumer open = consumer;
        try {
            if (open != null) {
                open.close();
            }
        } finally {
            selection = Selection.NONE;
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Begins nothing any more, and has nothing handed out any more. */
    void hold() {
        selection.all().forEach(HandlerSubscription::hold);
        adjust();
    }

    /** Closes the consumer, and with it every subscription. */
    void close() {
        lock.lock();
        try {
            closeLocked();
        } finally {
            lock.unlock();
        }
        forget.accept(this);
    }
}
