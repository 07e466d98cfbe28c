// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** What all primitives share in a Spring Boot application: codecs, clock, data directory, failure analysis. */
@NullMarked
package io.mecha.autoconfigure;

import org.jspecify.annotations.NullMarked;
