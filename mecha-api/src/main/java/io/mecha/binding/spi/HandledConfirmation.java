// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.concurrent.CompletionStage;

/**
 * The confirmation that every group has acknowledged a message: the capability of a broker that forgets when the JVM ends, by which an
 * outbox before it can keep the message until then.
 *
 * @since 1.0
 */
public interface HandledConfirmation {

    /**
     * Send a message.
     *
     * @param message the message
     * @return completes when every group that is known now has acknowledged the message
     */
    CompletionStage<Void> sendAndAwait(Message message);
}
