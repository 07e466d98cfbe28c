// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/**
 * What an adapter implements to carry messages.
 *
 * <p>An adapter moves bytes and headers, and says what its technology can do. Events, codecs, filters, retry, dead letters and
 * order are the engine's.
 */
@NullMarked
package io.mecha.binding.spi;

import org.jspecify.annotations.NullMarked;
