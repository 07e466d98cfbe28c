// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.PostgresNotifier;
import io.mecha.jdbc.SpringTransaction;
import java.util.Collection;
import java.util.List;
import org.springframework.transaction.support.TransactionSynchronization;

/**
 * The announcement of changed keys to the listeners of PostgreSQL, after the commit and in the background.
 *
 * @param notifier announces; keys have no line breaks
 * @param transaction knows the application's transactions
 * @param channel where listeners hear it
 */
record Announcer(PostgresNotifier notifier, SpringTransaction transaction, String channel) {

    /** Announce keys that were or may have been written: now, or once the surrounding transaction has committed. */
    void changed(Collection<String> keys) {
        if (transaction.active()) {
            List<String> later = List.copyOf(keys);
            transaction.onCompletion(status -> {
                if (status != TransactionSynchronization.STATUS_ROLLED_BACK) {
                    notifier.announce(channel, later);
                }
            });
        } else {
            notifier.announce(channel, keys);
        }
    }
}
