// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import io.mecha.binding.Ordering;
import java.util.OptionalLong;

/**
 * Groups, for each of which messages are kept until it has acknowledged them: the capability of queues and logs.
 *
 * @since 1.0
 */
public interface Groups {

    /**
     * Keep messages for a group from now on, though it may not receive yet.
     *
     * @param group name of the group
     * @param ordering how the group will receive; where the server must know it before the first message
     * @throws io.mecha.binding.BindingBackendException if the server did not do it
     */
    void declare(String group, Ordering ordering);

    /**
     * Count what a group has not acknowledged.
     *
     * @param group name of the group
     * @return number of messages; empty if the backend does not know the group or cannot count
     * @throws io.mecha.binding.BindingBackendException if the server cannot be asked
     */
    OptionalLong lag(String group);
}
