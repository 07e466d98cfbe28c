// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The reports of the shop. */
@RestController
@RequestMapping("/reports")
class ReportController {

    private final KeyValueStore<SalesReport> reports;

    ReportController(@StateStore("shop") KeyValueStore<SalesReport> reports) {
        this.reports = reports;
    }

    @GetMapping("/sales")
    SalesReport sales() {
        return reports.get(SalesReport.KEY).orElseThrow(() -> Problems.notFound("sales report"));
    }
}
