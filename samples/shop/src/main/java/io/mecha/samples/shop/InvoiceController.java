// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The invoices of customers. */
@RestController
@RequestMapping("/invoices")
class InvoiceController {

    private final KeyValueStore<Invoice> invoices;

    InvoiceController(@StateStore("shop") KeyValueStore<Invoice> invoices) {
        this.invoices = invoices;
    }

    @GetMapping("/{order}")
    Invoice get(@PathVariable String order) {
        return invoices.get(Invoice.key(order))
                .orElseThrow(() -> Problems.notFound("invoice of order '%s'".formatted(order)));
    }
}
