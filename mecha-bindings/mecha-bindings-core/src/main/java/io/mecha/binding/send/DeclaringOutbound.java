// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.send;

import io.mecha.binding.BindingBackendException;
import io.mecha.binding.Ordering;
import io.mecha.binding.Receipt;
import io.mecha.binding.StartAt;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.channel.ChannelContext;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An outbound that declares the group of its channel before the first send, so that senders may start before receivers.
 *
 * <p>If the backend does not answer, sending goes on and fails or not by itself, and the next send declares.
 */
final class DeclaringOutbound implements Outbound {

    private static final Logger LOG = LoggerFactory.getLogger(DeclaringOutbound.class);

    private final Outbound next;
    private final Groups groups;
    private final String group;
    private final Ordering ordering;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean declared;

    private DeclaringOutbound(Outbound next, Groups groups, String group, Ordering ordering) {
        this.next = next;
        this.groups = groups;
        this.group = group;
        this.ordering = ordering;
    }

    /** Returns {@code next} itself where there is nothing to declare. */
    static Outbound around(ChannelContext channel, Outbound next) {
        SubscriptionOptions in = channel.options().in();
        Optional<Groups> groups = channel.capabilities().find(Groups.class);
        boolean fromNow = in.startAt().orElse(StartAt.EARLIEST) == StartAt.LATEST;
        return groups.isEmpty() || in.group().isEmpty() || fromNow
                ? next
                : new DeclaringOutbound(
                        next, groups.get(), in.group().get(), in.ordering().orElse(Ordering.NONE));
    }

    private void declare() {
        if (declared) {
            return;
        }
        lock.lock();
        try {
            if (!declared) {
                groups.declare(group, ordering);
                declared = true;
            }
        } catch (BindingBackendException unreachable) {
            LOG.debug("Group '{}' is declared with a later send", group, unreachable);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        declare();
        return next.send(id, message);
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        declare();
        return next.sendAll(ids, messages);
    }

    @Override
    public int maximumBodySize() {
        return next.maximumBodySize();
    }
}
