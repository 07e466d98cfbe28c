// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.binding.UnknownChannelException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The channels of an engine; those that are used but not configured are made at their first use. */
public interface ChannelDirectory {

    /**
     * Returns the channel of a name.
     *
     * @param like a channel whose type it gets if it is made now and neither configured nor named after another; {@code null} for the
     *     default type
     * @throws UnknownChannelException if there is none and none may be made
     */
    ChannelContext channel(String name, @Nullable ChannelOptions like);

    /** Tells whether the settings of a channel are its own. */
    boolean isConfigured(String name);

    /** Returns the channels that are there now, in order of their names. */
    List<? extends ChannelContext> all();

    Set<String> names();
}
