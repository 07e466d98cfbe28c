// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import java.util.List;

/**
 * The components of one primitive; a bean of each primitive that wants to be seen in the endpoint.
 *
 * @since 1.0
 */
public interface MechaComponents {

    /**
     * Return the primitive.
     *
     * @return for example {@code state}
     */
    String primitive();

    /**
     * Return the components that are there now.
     *
     * @return a copy, in order of their names
     */
    List<MechaComponent> components();
}
