// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.math.BigDecimal;
import java.time.Instant;

/** The debt of a customer for an order. */
record Invoice(String order, BigDecimal total, Instant issuedAt) {

    static String key(String order) {
        return "invoice-" + order;
    }
}
