// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An event as filters see it.
 *
 * @since 1.0
 */
public interface Filterable {

    /**
     * Return an attribute, an extension included.
     *
     * @param name name in lower case
     * @return String, Boolean, Integer, byte[], URI or Instant; {@code null} if the event does not have it
     */
    @Nullable Object attribute(String name);

    /**
     * Return a field of the data.
     *
     * @param pointer a JSON pointer, RFC 6901, for example {@code /customer/id}; compiled by the caller into its steps
     * @return String, Boolean or Integer; {@code null} if the data is no JSON, or has no such field, or it is none of these
     */
    @Nullable Object data(List<String> pointer);
}
