// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** State stores in a Spring Boot application: properties, validation and injection. */
@NullMarked
package io.mecha.state.autoconfigure;

import org.jspecify.annotations.NullMarked;
