// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.Map;
import java.util.Set;

/**
 * Calls of the other side: the capability behind {@code channel.invoke}.
 *
 * @since 1.0
 */
public interface Operations {

    /**
     * Return what can be called.
     *
     * @return names of operations; does not need the server
     */
    Set<String> names();

    /**
     * Call an operation.
     *
     * @param operation one of {@link #names()}
     * @param data what it works on; do not change it
     * @param metadata what else it needs, by name
     * @return the reply
     * @throws io.mecha.binding.InvocationException if the other side answered with an error
     * @throws io.mecha.binding.SendException if the other side could not be reached
     */
    byte[] invoke(String operation, byte[] data, Map<String, String> metadata);
}
