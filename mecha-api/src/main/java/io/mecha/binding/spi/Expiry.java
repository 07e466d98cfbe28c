// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

import java.time.Duration;

/**
 * The end of messages that are too old, by the server's clock: the capability behind {@code time-to-live}.
 *
 * @since 1.0
 */
public interface Expiry {

    /**
     * Return the longest time to live that the server counts.
     *
     * @return a positive duration
     * @implSpec A message with a longer one is sent all the same, and kept as if it had none: those who receive it look at its expiry, too.
     */
    Duration maximum();
}
