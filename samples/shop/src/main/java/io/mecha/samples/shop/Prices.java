// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import io.mecha.lifecycle.Reloadable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.stereotype.Component;

/** The prices that customers pay, which the owner may change while the shop is open. */
@Component
class Prices {

    private final Reloadable<Pricing> pricing;

    Prices(Reloadable<Pricing> pricing) {
        this.pricing = pricing;
    }

    BigDecimal of(Product product) {
        BigDecimal share = BigDecimal.valueOf(100L - pricing.get().discountPercent());
        return product.price().multiply(share).divide(BigDecimal.valueOf(100), 2, RoundingMode.HALF_UP);
    }

    /**
     * Pricing.
     *
     * @param discountPercent what is taken off all prices
     */
    @ConfigurationProperties("shop.pricing")
    record Pricing(@DefaultValue("0") int discountPercent) {

        Pricing {
            if (discountPercent < 0 || discountPercent > 100) {
                throw new IllegalArgumentException("A discount is 0 to 100 percent");
            }
        }
    }
}
