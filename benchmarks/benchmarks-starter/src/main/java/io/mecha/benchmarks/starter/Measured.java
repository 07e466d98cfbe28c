// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that tells its parent where it listens, and what it keeps when it is asked. */
public final class Measured {

    static final String READY = "Ready at port ";
    static final String KEPT = "Kept ";

    private Measured() {}

    /** Run until standard input ends. A line of input asks what is kept after a collection of the heap. */
    public static void run(Class<?> application, String... arguments) throws IOException {
        ConfigurableApplicationContext context = SpringApplication.run(application, arguments);
        System.out.println(READY + context.getEnvironment().getProperty("local.server.port"));
        int read = System.in.read();
        while (read >= 0) {
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            long other =
                    ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed();
            System.out.println(KEPT + heap + " " + other + " "
                    + ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount() + " "
                    + ManagementFactory.getThreadMXBean().getThreadCount());
            read = System.in.read();
        }
        context.close();
    }
}
