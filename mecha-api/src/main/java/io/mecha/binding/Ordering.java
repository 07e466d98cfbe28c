// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

/**
 * The order of a subscription: which messages wait for each other.
 *
 * @since 1.0
 */
public enum Ordering {
    /** None: messages are handled as they come; a retry is overtaken by others. The default. */
    NONE,

    /**
     * Those with the same key: handled one at a time, in the order they were sent, across all nodes of the group; a retry
     * holds up its key and no other. Messages without a key wait for nobody.
     */
    KEY
}
