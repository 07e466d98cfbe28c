// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.util.List;

/**
 * A receiver of what a consumer takes in; the engine's side.
 *
 * @since 1.0
 */
public interface Receiver {

    /**
     * Take deliveries. Returns soon and does not throw: the work is done on other threads.
     *
     * @param deliveries at least one, in the order of the backend; calls for one key do not overlap
     */
    void receive(List<? extends Delivery> deliveries);
}
