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
     * Return the channel of a name; make it if it is not there yet.
     *
     * @param name name of the channel
     * @param like a channel whose type it gets if it is made now and neither configured nor named after another; {@code null} for the
     *     default type
     * @return the same instance for the same name
     * @throws UnknownChannelException if there is none and none may be made
     */
    ChannelContext channel(String name, @Nullable ChannelOptions like);

    /**
     * Tell whether the settings of a channel are its own.
     *
     * @param name name of the channel
     * @return {@code false} if it is made like another channel or with defaults
     */
    boolean isConfigured(String name);

    /**
     * Return the channels that are there now.
     *
     * @return a copy, in order of their names
     */
    List<? extends ChannelContext> all();

    /**
     * Return the names of the channels that are there now.
     *
     * @return a copy, in alphabetical order
     */
    Set<String> names();
}
