// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter.used;

import io.mecha.benchmarks.starter.Measured;
import io.mecha.benchmarks.starter.web.Orders;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The web application with what the starter offers: a store in the embedded file, a sender and a handler in memory. */
@SpringBootApplication(scanBasePackageClasses = {Orders.class, UsedApplication.class})
public class UsedApplication {

    /** Run it until standard input ends. */
    public static void main(String... arguments) throws Exception {
        Measured.run(UsedApplication.class, arguments);
    }
}
