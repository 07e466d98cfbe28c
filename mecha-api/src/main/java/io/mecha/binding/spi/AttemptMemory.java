// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * A memory of failed attempts, so that they count after a restart: the capability of backends that keep state for each message.
 *
 * @since 1.0
 */
public interface AttemptMemory {

    /**
     * Remember that attempts failed; {@link Delivery#attempt()} begins there when the message is handed out again. Does not throw.
     *
     * @param delivery a delivery of this backend that is not finished
     * @param attempts how many attempts failed in all
     */
    void failed(Delivery delivery, int attempts);
}
