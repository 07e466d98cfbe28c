// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * The reason why a message was given up.
 *
 * @since 1.0
 */
public enum Rejection {
    /** It is no event, or its data cannot be read. */
    UNREADABLE,

    /** A handler refused it for good. */
    REFUSED,

    /** Every attempt to handle it failed. */
    FAILED
}
