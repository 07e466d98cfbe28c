// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter.plain;

import io.mecha.benchmarks.starter.Measured;
import io.mecha.benchmarks.starter.web.Orders;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A web application with Actuator. */
@SpringBootApplication(scanBasePackageClasses = Orders.class)
public class PlainApplication {

    /** Run it until standard input ends. */
    public static void main(String... arguments) throws Exception {
        Measured.run(PlainApplication.class, arguments);
    }
}
