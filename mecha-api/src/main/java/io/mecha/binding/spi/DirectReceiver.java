// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * A receiver that handles messages on the thread that sends them; what it offers to a broker in this JVM that is told to deliver
 * synchronously. Every receiver of the engine is one.
 *
 * @since 1.0
 */
public interface DirectReceiver extends Receiver {

    /**
     * Take a delivery, and handle it before returning, unless something stands in the way: an earlier message of its key, the limit of
     * the concurrency or of the rate, a timeout, an inbox, a batch, or a pause. Then, and if the handler fails, the rest is
     * done on other threads as after {@link #receive}. Does not throw.
     *
     * @param delivery the delivery
     */
    void receiveDirectly(Delivery delivery);
}
