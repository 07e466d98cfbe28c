// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.state.KeyValueStore;
import io.mecha.state.PutOptions;
import io.mecha.state.StateStore;
import io.mecha.state.WriteResult;
import io.mecha.state.WriteResult.Written;
import io.mecha.state.spi.KeyScan;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The products of the shop. */
@RestController
@RequestMapping("/products")
class ProductController {

    private final KeyValueStore<Product> products;

    ProductController(@StateStore(value = "shop", requires = KeyScan.class) KeyValueStore<Product> products) {
        this.products = products;
    }

    @GetMapping
    Listing<Product> list(
            @RequestParam(defaultValue = "20") int size, @RequestParam(required = false) @Nullable String after) {
        return Listing.of(products, Product.KEYS, size, after);
    }

    @GetMapping("/{sku}")
    ResponseEntity<Product> get(@PathVariable String sku) {
        return products.find(Product.key(sku))
                .map(ETags::ok)
                .orElseThrow(() -> Problems.notFound("product '%s'".formatted(sku)));
    }

    /** Creates a product, or with If-Match changes one that nobody else has changed since. */
    // tag::replace[]
    @PutMapping("/{sku}")
    ResponseEntity<Product> put(
            @PathVariable String sku,
            @RequestBody Details details,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        Product product = details.of(sku);
        String key = Product.key(sku);
        WriteResult result = ifMatch == null
                ? products.putIfAbsent(key, product, PutOptions.noExpiry())
                : products.replace(key, product, ETags.version(ifMatch), PutOptions.noExpiry());
        if (result instanceof Written written) {
            HttpStatus status = ifMatch == null ? HttpStatus.CREATED : HttpStatus.OK;
            return ResponseEntity.status(status).eTag(written.version()).body(product);
        }
        throw Problems.preconditionFailed("Product '%s' is not what you think; read it again.".formatted(sku));
    }
    // end::replace[]

    /** Puts what was delivered on the shelf. */
    @PostMapping("/{sku}/deliveries")
    Product deliver(@PathVariable String sku, @RequestBody Delivery delivery) {
        if (delivery.quantity() < 1) {
            throw Problems.badRequest("A delivery brings at least one.");
        }
        Product filled = products.compute(
                Product.key(sku),
                product -> product == null ? null : product.deliver(delivery.quantity()),
                PutOptions.noExpiry());
        if (filled == null) {
            throw Problems.notFound("product '%s'".formatted(sku));
        }
        return filled;
    }

    /** The amount that was delivered. */
    record Delivery(int quantity) {}

    /** The details of a product. */
    record Details(@Nullable String name, @Nullable BigDecimal price, int stock) {

        Product of(String sku) {
            if (name == null || price == null || price.signum() < 0 || stock < 0) {
                throw Problems.badRequest("A product has a name, a price and a stock, none of them negative.");
            }
            return new Product(sku, name, price, stock);
        }
    }
}
