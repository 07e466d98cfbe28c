// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import java.util.OptionalLong;

/** The receiving half of a channel, as other channels see it. */
public interface Receiving {

    /** Tells whether this node has a subscription of the group. */
    boolean receives(String group);

    /** Counts what a group has not acknowledged, as of a moment ago; empty if the backend cannot tell now. */
    OptionalLong lag(String group);
}
