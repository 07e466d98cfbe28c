// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.spi;

import java.util.Objects;

/**
 * A lease that was granted.
 *
 * @param name what it is a lease of, with the application's prefix
 * @param owner the one that has it
 * @param token the number of this grant; higher than that of every earlier grant of the name
 * @since 1.0
 */
public record Lease(String name, String owner, long token) {

    public Lease {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(owner, "owner");
    }
}
