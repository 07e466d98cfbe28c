// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.MechaException;
import io.mecha.binding.SendException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Tells callers of a channel what went wrong in the words of the API. */
final class Failures {

    private Failures() {}

    /** Returns what a sender throws; what nobody can explain may have been sent. */
    static MechaException of(ChannelOptions channel, Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof MechaException known
                ? known
                : SendException.unconfirmed(channel.name(), channel.type(), cause);
    }
}
