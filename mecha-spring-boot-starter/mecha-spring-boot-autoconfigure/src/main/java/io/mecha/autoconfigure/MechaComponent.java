// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import java.util.Map;
import java.util.Optional;

/**
 * A component as operators see it: in the endpoint and in health. Never shows a stored value or a secret.
 *
 * @since 1.0
 */
public interface MechaComponent {

    /**
     * Return the name.
     *
     * @return the name, unique among the components of its primitive
     */
    String name();

    /**
     * Return what the component is made of.
     *
     * @return id of the type, for example {@code redis}
     */
    String type();

    /**
     * Return what the component can do beyond the core contract.
     *
     * @return limits by name, by simple name of the capability; a capability without limits has an empty map
     */
    Map<String, Map<String, Object>> capabilities();

    /**
     * Return what else is worth knowing.
     *
     * @return facts by name, in order
     */
    Map<String, Object> details();

    /**
     * Return what somebody should look at though the component works; health shows it and stays as it is.
     *
     * @return facts by name; empty if there are none
     */
    Map<String, Object> concerns();

    /**
     * Tell whether other processes have the same data or messages: with several nodes, the component is one for all of them.
     *
     * @return {@code false} if what the component has is of this process alone, or if nobody knows
     */
    default boolean isShared() {
        return false;
    }

    /**
     * Return which property configures the component.
     *
     * @return what its own properties begin with, or what it gets by default
     */
    String property();

    /**
     * Return where that property is set: for a component its type, or else the first by name of its own properties.
     *
     * @return for example {@code class path resource [application.yaml] - 12:13}; empty if it is not set or if nobody knows
     */
    Optional<String> origin();

    /**
     * Return how the component takes part in health and in the start.
     *
     * @return as configured
     */
    HealthOptions health();

    /**
     * Ask the component for a sign of life; may block.
     *
     * @throws io.mecha.MechaException if there is none
     */
    void ping();
}
