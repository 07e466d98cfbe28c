// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
/** A shop whose products, carts and orders live in one Mecha state store. */
@NullMarked
package io.mecha.samples.shop;

import org.jspecify.annotations.NullMarked;
