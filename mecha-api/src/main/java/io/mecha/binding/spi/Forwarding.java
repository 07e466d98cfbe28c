// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.List;

/**
 * The acknowledgement of a message and the sending of others in one atomic step: the capability behind exactly-once pipes.
 *
 * @since 1.0
 */
public interface Forwarding {

    /**
     * Tell whether a target is part of the same system.
     *
     * @param target the backend that is to send
     * @return whether {@link #forward} works with it
     */
    boolean reaches(BindingBackend target);

    /**
     * Acknowledge and send, both or neither.
     *
     * @param delivery a delivery of this backend that is not finished
     * @param target a backend that {@link #reaches} accepts
     * @param messages what to send, in order
     * @throws io.mecha.binding.SendException if neither happened, or if nobody knows
     */
    void forward(Delivery delivery, BindingBackend target, List<? extends Message> messages);
}
