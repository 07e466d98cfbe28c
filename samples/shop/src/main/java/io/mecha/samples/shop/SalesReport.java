// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.math.BigDecimal;
import java.time.Instant;

/** The number and the worth of all orders at some time. */
record SalesReport(int orders, BigDecimal total, Instant madeAt) {

    static final String KEY = "report/sales";
}
