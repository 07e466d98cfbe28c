// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

/**
 * A compiled filter.
 *
 * <p>Thread-safe, without exceptions and without garbage for what an event does not have.
 *
 * @since 1.0
 */
@FunctionalInterface
public interface EventPredicate {

    /**
     * Decide.
     *
     * @param event the event
     * @return whether it matches; {@code false} where the expression has an error for this event
     */
    boolean test(Filterable event);
}
