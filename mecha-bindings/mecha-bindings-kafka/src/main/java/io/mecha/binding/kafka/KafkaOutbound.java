// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.Outbound;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** The sending to the topic of a channel through the shared producer. */
final class KafkaOutbound implements Outbound {

    /** Room in a request for key, headers and what the protocol adds. */
    private static final int HEADROOM = 16 * 1024;

    private final KafkaBackend backend;

    KafkaOutbound(KafkaBackend backend) {
        this.backend = backend;
    }

    @Override
    public CompletionStage<Receipt> send(String id, Message message) {
        Producer<byte[], byte[]> producer = null;
        try {
            backend.check();
            check(message);
            backend.cluster().probe(backend.prepareTimeout());
            backend.topic().prepare(backend.prepareTimeout());
            producer = backend.cluster().producer(backend.application(), backend.sendTimeout());
            Sending sending = new Sending(backend, producer, id);
            Future<?> unused = producer.send(KafkaMessages.write(backend.topic().name(), message), sending);
            sending.queued = true;
            return sending.receipt;
        } catch (SendException e) {
            return CompletableFuture.failedFuture(e);
        } catch (KafkaException | IllegalStateException e) {
            discardIfBroken(backend, producer, e);
            return CompletableFuture.failedFuture(Failures.sending(backend.channel(), backend.sendTimeout(), false, e));
        }
    }

    private void check(Message message) {
        byte[] body = message.body();
        // What is passed on was taken once already, as it is; the client knows whether it takes it again.
        if (body != null && message.original() == null && body.length > maximumBodySize()) {
            throw Failures.sending(
                    backend.channel(),
                    backend.sendTimeout(),
                    false,
                    new RecordTooLargeException("The body has %d bytes".formatted(body.length)));
        }
    }

    private static void discardIfBroken(
            KafkaBackend backend, @Nullable Producer<byte[], byte[]> producer, Exception failure) {
        boolean broken = failure instanceof IllegalStateException
                || failure instanceof ProducerFencedException
                || failure instanceof OutOfOrderSequenceException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof InvalidPidMappingException
                || failure instanceof UnsupportedVersionException;
        if (broken && producer != null) {
            backend.cluster().discard(backend.sendTimeout(), producer);
        }
    }

    @Override
    public List<CompletionStage<Receipt>> sendAll(List<String> ids, List<? extends Message> messages) {
        List<CompletionStage<Receipt>> receipts = new ArrayList<>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            receipts.add(send(ids.get(i), messages.get(i)));
        }
        return receipts;
    }

    @Override
    public int maximumBodySize() {
        return Math.max(0, backend.cluster().maximumRequestSize() - HEADROOM);
    }

    /** One record on its way. */
    private static final class Sending implements Callback {

        final CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        private final KafkaBackend backend;
        private final Producer<byte[], byte[]> producer;
        private final String id;

        /** Whether the producer took the record; until then failures are reported by the thread that sends. */
        volatile boolean queued;

        private final Thread sender = Thread.currentThread();

        Sending(KafkaBackend backend, Producer<byte[], byte[]> producer, String id) {
            this.backend = backend;
            this.producer = producer;
            this.id = id;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            if (failure == null && metadata != null) {
                receipt.complete(new Receipt(
                        id,
                        metadata.hasOffset()
                                ? metadata.topic() + '-' + metadata.partition() + '@' + metadata.offset()
                                : null));
                return;
            }
            Exception cause =
                    failure == null ? new IllegalStateException("The producer did not report a result") : failure;
            boolean taken = queued || Thread.currentThread() != sender;
            discardIfBroken(backend, producer, cause);
            if (cause instanceof TimeoutException) {
                backend.cluster().doubt();
            }
            receipt.completeExceptionally(Failures.sending(backend.channel(), backend.sendTimeout(), taken, cause));
        }
    }
}
