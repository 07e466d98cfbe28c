// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * The way in from the channel's destination: the capability to receive.
 *
 * @since 1.0
 */
public interface Inbound {

    /**
     * Begin to receive for a group.
     *
     * @param request what to receive
     * @param receiver gets the messages
     * @return stops it
     * @implSpec Returns without waiting for the server; goes on trying while it cannot be reached. Of several consumers of a group, on
     *     any nodes, each message goes to one, until it is acknowledged or its consumer ends.
     */
    MessageConsumer receive(ConsumerRequest request, Receiver receiver);

    /**
     * Tell whether what is sent to another backend arrives here: a channel would receive its own dead letters for ever.
     *
     * @param other where something is sent, of whatever type
     * @return whether it is received; {@code false} where nobody can know
     */
    boolean receivesFrom(BindingBackend other);
}
