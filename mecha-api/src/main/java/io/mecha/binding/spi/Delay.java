// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Duration;

/**
 * The later delivery of messages, by the server's clock: the capability behind {@code delay}.
 *
 * @since 1.0
 */
public interface Delay {

    /**
     * Return the longest delay.
     *
     * @return a positive duration
     */
    Duration maximum();
}
