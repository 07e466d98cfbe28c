// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import io.mecha.binding.Receipt;
import io.mecha.binding.SendException;
import io.mecha.binding.spi.Message;
import java.util.concurrent.CompletableFuture;

/** A message that the broker has not confirmed. */
final class Pending {

    private final String id;
    private final Message message;
    private final CompletableFuture<Receipt> stage = new CompletableFuture<>();
    private volatile long since = System.nanoTime();
    private volatile boolean repeated;
    private volatile boolean unroutable;

    Pending(String id, Message message) {
        this.id = id;
        this.message = message;
    }

    String id() {
        return id;
    }

    Message message() {
        return message;
    }

    CompletableFuture<Receipt> stage() {
        return stage;
    }

    /** Returns when it was published last, as the monotonic clock counts. */
    long since() {
        return since;
    }

    boolean repeated() {
        return repeated;
    }

    boolean unroutable() {
        return unroutable;
    }

    void cameBack() {
        unroutable = true;
    }

    /** Begins the second and last try. */
    void repeat() {
        repeated = true;
        unroutable = false;
        since = System.nanoTime();
    }

    void succeed() {
        stage.complete(new Receipt(id, null));
    }

    void fail(SendException failure) {
        stage.completeExceptionally(failure);
    }
}
