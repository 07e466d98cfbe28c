// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.jdbc;

import io.mecha.jdbc.PostgresNotifier;
import io.mecha.state.spi.ChangeNotifications;

/**
 * The listeners of {@link Announcer}.
 *
 * @param notifier hears it
 * @param channel where it is said
 */
record PostgresNotifications(PostgresNotifier notifier, String channel) implements ChangeNotifications {

    @Override
    public Subscription listen(String prefix, Listener listener) {
        PostgresNotifier.Ending ending = notifier.listen(channel, new PostgresNotifier.Listener() {
            @Override
            public void heard(String line) {
                if (line.startsWith(prefix)) {
                    listener.changed(line);
                }
            }

            @Override
            public void missed() {
                listener.missed();
            }
        });
        return ending::end;
    }
}
