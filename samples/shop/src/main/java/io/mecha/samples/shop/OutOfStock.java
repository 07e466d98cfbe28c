// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

/** There is not enough of a product. Trying again at once does not help; the dead letter keeps the order until there is. */
final class OutOfStock extends RuntimeException {

    private static final long serialVersionUID = 1L;

    OutOfStock(Product product, int wanted) {
        super("Only %d of '%s' are left, %d are wanted.".formatted(product.stock(), product.sku(), wanted));
    }
}
