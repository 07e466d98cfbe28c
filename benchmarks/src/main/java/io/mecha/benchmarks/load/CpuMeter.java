// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Tells how much processor time a process has used, in user and kernel mode.
 *
 * @param name what the process is called in tables
 * @param used the time since the process began
 */
public record CpuMeter(String name, Supplier<Duration> used) {

    /** Measures this JVM: the callers, the client library, garbage collection and compilation. */
    static CpuMeter ofThisProcess() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new CpuMeter("client", () -> Duration.ofNanos(system.getProcessCpuTime()));
    }

    /** Measures another process and the processes that it started; where the system does not tell, nothing. */
    public static CpuMeter ofProcess(String name, ProcessHandle process) {
        return new CpuMeter(
                name,
                () -> Stream.concat(Stream.of(process), process.descendants())
                        .flatMap(handle -> handle.info().totalCpuDuration().stream())
                        .reduce(Duration.ZERO, Duration::plus));
    }
}
