// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * Hand out messages of one key in order, and to one member of the group at a time: the capability behind {@code ordering: key}.
 *
 * @since 1.0
 */
public interface KeyOrder {

    /**
     * Return how many members of a group can work at once on different keys.
     *
     * @return 1 where only one member is active; {@code Integer.MAX_VALUE} where there is no limit, or it is the server's
     */
    int activeMembers();
}
