// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.spi;

/**
 * The order of the messages of one key, which go to one member of the group at a time: the capability behind {@code ordering: key}.
 *
 * <p>Giving back a message keeps the order, too. When {@link Delivery#release} has returned, no later message of the key comes before
 * the one that was given back: what is on its way to the receiver meanwhile has either arrived, or is not {@linkplain
 * Delivery#current() current} any more. A backend may so take back all that it handed out of the key after that message. A message
 * that is not current is given back like any other.
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
