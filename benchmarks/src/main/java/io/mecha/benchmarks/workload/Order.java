// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.workload;

/**
 * A small value with a few fields; about a hundred bytes of JSON.
 *
 * @param id which order
 * @param customer who ordered
 * @param quantity how many
 * @param price of one
 * @param paid whether it was paid
 */
public record Order(String id, String customer, int quantity, double price, boolean paid) {

    private static final String DESCRIPTION = "description ".repeat(75);

    /** Make an order of about a kilobyte of JSON. */
    public static Order large(int number) {
        return new Order("order-%08d".formatted(number), DESCRIPTION, 3, 19.95, true);
    }

    /** Make an order of a usual size. */
    public static Order of(int number) {
        return new Order("order-%08d".formatted(number), "customer-%06d".formatted(number), 3, 19.95, true);
    }
}
