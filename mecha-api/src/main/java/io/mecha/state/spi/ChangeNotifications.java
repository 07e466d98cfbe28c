// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

/**
 * The news, soon after, that a key was written or removed, by whichever node; what a near cache is invalidated by.
 *
 * @since 1.0
 */
public interface ChangeNotifications {

    /**
     * Listen until closed.
     *
     * @param prefix what the keys of interest begin with; may be empty
     * @param listener called on a thread of the backend, for one change after the other
     * @return ends the listening when closed
     * @implSpec Does not need the server: connects, and connects again, in the background.
     */
    Subscription listen(String prefix, Listener listener);

    /**
     * A listener to changes; must not block.
     *
     * @since 1.0
     */
    interface Listener {

        /**
         * Learn that a key was written or removed.
         *
         * @param key the key, with the store's prefix
         */
        void changed(String key);

        /** Learn that changes may have been missed, for example because the connection was lost: trust nothing. */
        void missed();
    }

    /**
     * The end of the listening.
     *
     * @since 1.0
     */
    interface Subscription extends AutoCloseable {

        /** Stop calling the listener. Calling it again does nothing. */
        @Override
        void close();
    }
}
