// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.event;

import io.mecha.binding.InvalidEventException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The strictness with which received events have to keep to CloudEvents, beyond the mandatory attributes.
 *
 * @param channel name of the channel
 * @param strict whether an event that breaks the types of CloudEvents is refused
 * @param irregular counts those that are taken nevertheless
 */
record Conformance(String channel, boolean strict, LongAdder irregular) {

    InvalidEventException unreadable(String reason) {
        return InvalidEventException.unreadable(channel, reason);
    }
}
