// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.Page;
import io.mecha.PageRequest;
import io.mecha.coordination.LeaderOnly;
import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The sales report, which one of all nodes makes every now and then. */
@Component
class SalesReports {

    private static final int PAGE = 100;

    private final KeyValueStore<Order> orders;
    private final KeyValueStore<SalesReport> reports;
    private final InstantSource clock;

    SalesReports(
            @StateStore("shop") KeyValueStore<Order> orders,
            @StateStore("shop") KeyValueStore<SalesReport> reports,
            InstantSource clock) {
        this.orders = orders;
        this.reports = reports;
        this.clock = clock;
    }

    @Scheduled(fixedDelayString = "${shop.report-every}")
    @LeaderOnly("sales-report")
    public void make() {
        int count = 0;
        BigDecimal total = BigDecimal.ZERO;
        PageRequest request = PageRequest.first(PAGE);
        while (request != null) {
            Page<String> keys = orders.keys(Order.KEYS, request);
            List<Order> page = orders.getAll(keys.items()).stream()
                    .flatMap(result -> result.value().stream())
                    .toList();
            count += page.size();
            total = page.stream().map(Order::total).reduce(total, BigDecimal::add);
            request = keys.next().orElse(null);
        }
        reports.put(SalesReport.KEY, new SalesReport(count, total, clock.instant()), PutOptions.noExpiry());
    }
}
