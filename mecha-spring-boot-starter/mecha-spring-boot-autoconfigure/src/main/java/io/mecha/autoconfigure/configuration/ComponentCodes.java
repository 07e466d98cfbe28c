// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.configuration;

import java.util.Objects;

/**
 * The codes of the mistakes that the components of each primitive can have.
 *
 * @param unknownType of a type that is not there
 * @param noType of a component without a type where there is no default
 * @param name of a name that cannot be used
 * @param sameType of two factories for one type
 * @since 1.0
 */
public record ComponentCodes(String unknownType, String noType, String name, String sameType) {

    public ComponentCodes {
        Objects.requireNonNull(unknownType, "unknownType");
        Objects.requireNonNull(noType, "noType");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(sameType, "sameType");
    }
}
