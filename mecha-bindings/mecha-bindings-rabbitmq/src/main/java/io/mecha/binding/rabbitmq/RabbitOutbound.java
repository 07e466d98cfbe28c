// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import io.mecha.binding.Receipt;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The publishing on several AMQP channels, since one takes a message at a time; messages with the same key, and those of one
 * thread without a key, use the same one and keep their order.
 */
final class RabbitOutbound implements Outbound {

    private final ConfirmChannel[] channels;
    private final int maximumBodySize;

    RabbitOutbound(ConfirmChannel[] channels, int maximumBodySize) {
        this.channels = channels;
        this.maximumBodySize = maximumBodySize;
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        String key = message.key();
        int hash = key == null ? Long.hashCode(Thread.currentThread().getId()) : key.hashCode();
        return channels[Math.floorMod(hash ^ hash >>> 16, channels.length)].publish(id, message);
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        List<CompletionStage<Receipt>> stages = new ArrayList<>(messages.size());
        for (int index = 0; index < messages.size(); index++) {
            stages.add(send(ids.get(index), messages.get(index)));
        }
        return stages;
    }

    @Override
    public int maximumBodySize() {
        return maximumBodySize;
    }

    void close() {
        for (ConfirmChannel channel : channels) {
            channel.close();
        }
    }
}
