// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.spi.Backend;
import io.mecha.spi.SurroundingTransaction;

/**
 * A connection to one technology, on behalf of one channel.
 *
 * <p>What can be done with the channel is a capability: {@link Outbound} to send, {@link Inbound} to receive, {@link Operations} to
 * call. What more the technology gives natively is one, too: {@link Groups}, {@link KeyOrder}, {@link Delay}, {@link Expiry},
 * {@link AttemptMemory}, {@link SurroundingTransaction}, {@link Forwarding}, {@link HandledConfirmation}, {@link RequestReply},
 * {@link MessageIdentity}, {@link Retention}.
 * The engine emulates, or refuses at start, what is absent.
 *
 * @since 1.0
 * @implSpec Thread-safe. Creating a backend must not need its server: while it cannot be reached, calls fail with {@code
 *     SendException} or {@code BindingBackendException}, receiving goes on by itself when it is back, without anybody's
 *     help.
 */
public interface BindingBackend extends Backend {

    /**
     * Tell whether messages never leave this JVM, so that nothing comes from outside, and what is not taken at its end is gone.
     *
     * @return whether it is a broker in this JVM; {@code false} by default
     */
    default boolean isLocal() {
        return false;
    }
}
