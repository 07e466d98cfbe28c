// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

/** A customer has bought something, and the warehouse does not know it yet. */
record OrderPlaced(String order) {}
