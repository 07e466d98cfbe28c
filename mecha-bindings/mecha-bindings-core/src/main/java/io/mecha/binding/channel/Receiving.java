// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import java.util.OptionalLong;

/** The receiving half of a channel, as other channels see it. */
public interface Receiving {

    /**
     * Tell whether this node has a subscription of a group.
     *
     * @param group name of the group
     * @return {@code false} also if all its subscriptions are closed
     */
    boolean receives(String group);

    /**
     * Count the messages that a group has not acknowledged.
     *
     * @param group name of the group
     * @return the number as of at most a minute ago; empty if the backend cannot tell now
     */
    OptionalLong lag(String group);
}
