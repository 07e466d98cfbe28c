// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * The behaviour of a sender while the backend takes no more messages.
 *
 * @since 1.0
 */
public enum Overflow {
    /** Wait, up to the channel's {@code out.timeout}. The default. */
    BLOCK,

    /** Fail at once with {@link SendException}. */
    FAIL
}
