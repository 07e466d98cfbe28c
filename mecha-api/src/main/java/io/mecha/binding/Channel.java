// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.util.Map;
import java.util.Set;

/**
 * The operations of a channel, such as a query, a request or a mail.
 *
 * <p>Thread-safe and blocking.
 *
 * @since 1.0
 */
public interface Channel {

    /**
     * Return the name.
     *
     * @return name of the channel
     */
    String name();

    /**
     * Return what can be called.
     *
     * @return names of operations, for example {@code get} and {@code post}; empty if the type has none
     */
    Set<String> operations();

    /**
     * Call an operation and wait for the reply.
     *
     * @param operation one of {@link #operations()}
     * @param data what the operation works on; may be empty; not copied
     * @param metadata what else the operation needs, by name
     * @return the reply; may be empty
     * @throws InvocationException if the other side answered with an error
     * @throws SendException if the other side could not be reached
     * @throws InvalidEventException if the channel has no such operation
     */
    byte[] invoke(String operation, byte[] data, Map<String, String> metadata);
}
