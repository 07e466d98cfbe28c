// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter.web;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller. */
@RestController
public class Orders {

    /** An order, as a request is answered. */
    public record Order(String id, int amount) {}

    @GetMapping("/orders")
    List<Order> orders() {
        return List.of(new Order("1", 1));
    }
}
