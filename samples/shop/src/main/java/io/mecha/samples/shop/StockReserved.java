// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

/** The warehouse has put the goods of an order aside. */
record StockReserved(String order) {}
