// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.benchmarks.starter.plain.PlainApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start of an application that has the starter and uses nothing of it. */
class UnusedStarterTests {

    private static final List<String> UNUSED = List.of(
            "com.github.benmanes.caffeine.cache.BoundedLocalCache",
            "io.mecha.binding.channel.ChannelStatistics",
            "io.mecha.binding.event.CloudEventFormat",
            "io.mecha.binding.filter.",
            "io.mecha.binding.receive.WorkerPool",
            "io.mecha.binding.send.DefaultSender",
            "io.mecha.jdbc.lease.",
            "io.mecha.state.engine.TypedStore",
            "io.mecha.state.jdbc.sqlite.",
            "org.sqlite.core.",
            "tools.jackson.dataformat.");

    @TempDir
    Path directory;

    @Test
    void opensNothingAndLoadsNothingThatOnlyUseNeeds() throws Exception {
        Path log = directory.resolve("classes.log");
        Path home = Files.createDirectory(directory.resolve("home"));

        Start start = Start.of(
                List.of("-XX:TieredStopAtLevel=1", "-Xlog:class+load:file=" + log),
                System.getProperty("java.class.path"),
                PlainApplication.class.getName(),
                home);

        Set<String> loaded = loaded(log);
        assertThat(start.classes()).isPositive();
        assertThat(loaded)
                .contains("io.mecha.state.engine.StateStoreRegistry", "io.mecha.binding.engine.BindingEngine");
        assertThat(loaded.stream().filter(name -> UNUSED.stream().anyMatch(name::startsWith)))
                .isEmpty();
        assertThat(home).isEmptyDirectory();
    }

    private static Set<String> loaded(Path log) throws Exception {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.substring(line.indexOf("] ") + 2))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .collect(Collectors.toSet());
        }
    }
}
