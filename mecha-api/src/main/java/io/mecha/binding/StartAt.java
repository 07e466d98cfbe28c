// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * The beginning of a group that the backend does not know yet.
 *
 * @since 1.0
 */
public enum StartAt {
    /** With the oldest message that the backend still has. The default. */
    EARLIEST,

    /** With messages sent after the group is known. */
    LATEST
}
