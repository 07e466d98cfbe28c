// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.Optional;

/**
 * The retention of messages after they were acknowledged: the capability of logs, by which a dead letter that is too large for its
 * channel can say where the message lies instead of repeating it.
 *
 * @since 1.0
 */
public interface Retention {

    /**
     * Return where a message lies.
     *
     * @param delivery a delivery of this backend that is not finished
     * @return a short text that a person can use, too, for example {@code orders-3@42}
     */
    String position(Delivery delivery);

    /**
     * Read a message again, also one that was acknowledged.
     *
     * @param position what {@link #position} returned, now or earlier
     * @return the message; empty if it is not kept any more, or if the destination has no such position
     * @throws io.mecha.binding.BindingBackendException if the server cannot be asked
     */
    Optional<Message> read(String position);
}
