// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.receive;

import io.mecha.binding.event.IncomingEvent;
import io.mecha.binding.filter.EventPredicate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The selection of the subscription of a group that takes an event: by its exact type, then by filters. Immutable. */
final class Selection {

    static final Selection NONE = new Selection(List.of());

    private final List<HandlerSubscription<?>> all;
    private final HandlerSubscription<?>[] others;
    private final Map<String, HandlerSubscription<?>[]> byType;
    private final boolean everything;

    /**
     * @param all in the order of subscription
     */
    Selection(List<HandlerSubscription<?>> all) {
        this.all = all;
        List<HandlerSubscription<?>> ordered = new ArrayList<>(all);
        ordered.sort(Comparator.comparingInt(Selection::rank));
        Map<String, List<HandlerSubscription<?>>> index = new HashMap<>();
        for (HandlerSubscription<?> typed : ordered) {
            for (String type : typed.matcher().types()) {
                index.computeIfAbsent(type, key -> new ArrayList<>());
            }
        }
        List<HandlerSubscription<?>> untyped = new ArrayList<>();
        for (HandlerSubscription<?> subscription : ordered) {
            if (subscription.matcher().anyType()) {
                untyped.add(subscription);
                index.values().forEach(list -> list.add(subscription));
            } else {
                subscription
                        .matcher()
                        .types()
                        .forEach(type -> index.computeIfAbsent(type, key -> new ArrayList<>())
                                .add(subscription));
            }
        }
        this.others = array(untyped);
        this.byType = new HashMap<>();
        index.forEach((type, list) -> byType.put(type, array(list)));
        this.everything = all.size() == 1 && all.get(0).matcher().everything();
    }

    private static int rank(HandlerSubscription<?> subscription) {
        Matcher matcher = subscription.matcher();
        return (matcher.anyType() ? 2 : 0) + (matcher.filtered() ? 0 : 1);
    }

    private static HandlerSubscription<?>[] array(List<HandlerSubscription<?>> list) {
        return list.toArray(HandlerSubscription<?>[]::new);
    }

    List<HandlerSubscription<?>> all() {
        return all;
    }

    /** Returns the only subscription, or {@code null} if there is none or several. */
    @Nullable HandlerSubscription<?> sole() {
        return all.size() == 1 ? all.get(0) : null;
    }

    /** Returns the subscription that takes the event, or {@code null}. */
    @Nullable HandlerSubscription<?> find(IncomingEvent event) {
        if (everything) {
            return all.get(0);
        }
        for (HandlerSubscription<?> candidate : byType.getOrDefault(event.type(), others)) {
            if (candidate.matcher().passes(event)) {
                return candidate;
            }
        }
        return null;
    }

    /** The events that a subscription takes. */
    record Matcher(boolean anyType, Set<String> types, List<EventPredicate> filters) {

        boolean filtered() {
            return !filters.isEmpty();
        }

        boolean everything() {
            return anyType && !filtered();
        }

        boolean passes(IncomingEvent event) {
            for (EventPredicate filter : filters) {
                if (!filter.test(event)) {
                    return false;
                }
            }
            return true;
        }
    }
}
