// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.channel;

import io.mecha.MechaException;
import io.mecha.Thrown;
import io.mecha.binding.InvalidEventException;
import io.mecha.binding.SendException;

/** The translation of failures into the exceptions of the API. */
public final class Failures {

    private Failures() {}

    /**
     * Tell whether a repeated send would be refused again, whenever that is.
     *
     * @param failure failure of a send, which may be wrapped
     * @return {@code true} if a retry is of no use
     */
    public static boolean isPermanent(Throwable failure) {
        Throwable cause = Thrown.unwrap(failure);
        return cause instanceof InvalidEventException
                || (cause instanceof SendException refused && refused.permanent());
    }

    /**
     * Return the exception that a sender throws for a failure.
     *
     * @param channel the channel of the send
     * @param failure failure of the send, which may be wrapped
     * @return the failure itself if it is one of the API; otherwise one that says that the event may have been sent
     */
    public static MechaException of(ChannelOptions channel, Throwable failure) {
        Throwable cause = Thrown.unwrap(failure);
        return cause instanceof MechaException known
                ? known
                : SendException.unconfirmed(channel.name(), channel.type(), cause);
    }
}
