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

    /** Tells whether what is sent will be refused again, whenever that is. */
    public static boolean isPermanent(Throwable failure) {
        Throwable cause = Thrown.unwrap(failure);
        return cause instanceof InvalidEventException
                || (cause instanceof SendException refused && refused.permanent());
    }

    /** Returns what a sender throws; what nobody can explain may have been sent. */
    public static MechaException of(ChannelOptions channel, Throwable failure) {
        Throwable cause = Thrown.unwrap(failure);
        return cause instanceof MechaException known
                ? known
                : SendException.unconfirmed(channel.name(), channel.type(), cause);
    }
}
