// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import io.mecha.binding.Ordering;
import io.mecha.binding.Subscription;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Show what receives from a channel, as it is now.
 *
 * @param group name of the group
 * @param state what it does now
 * @param inFlight messages that were taken and are not finished
 * @param concurrency how many are handled at once on this node
 * @param ordering which messages wait for each other
 * @param types event types it takes; empty for all
 * @param deadLetter channel of its dead letters; {@code null} for none
 * @param deadLetters messages that lie there for this group; empty if its backend cannot tell now
 * @param lag messages that the group has not acknowledged; empty if the backend cannot tell now
 * @since 1.0
 */
public record SubscriptionView(
        String group,
        Subscription.State state,
        int inFlight,
        int concurrency,
        Ordering ordering,
        List<String> types,
        @Nullable String deadLetter,
        OptionalLong deadLetters,
        OptionalLong lag) {

    public SubscriptionView {
        types = List.copyOf(types);
    }
}
