// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * A message whose sender waits on the same connection, for example an HTTP request.
 *
 * @since 1.0
 */
public interface ReplyingDelivery extends Delivery {

    /**
     * The message was handled: forget it, and answer its sender.
     *
     * @param reply the answer
     */
    void reply(Message reply);
}
