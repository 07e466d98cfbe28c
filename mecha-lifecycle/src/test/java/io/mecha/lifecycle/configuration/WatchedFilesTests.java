// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class WatchedFilesTests {

    @TempDir
    private Path directory;

    @Test
    void warnsOnceOfFilesThatAreTooManyToBeWatched(CapturedOutput output) throws IOException {
        for (String name : List.of("a", "b", "c")) {
            Files.writeString(directory.resolve(name), name);
        }
        WatchedFiles enough = WatchedFiles.of(List.of(directory.toString()), "watch", 3);
        assertThat(enough.look().files()).hasSize(3);
        assertThat(output).doesNotContain("are watched");

        WatchedFiles files = WatchedFiles.of(List.of(directory.toString()), "mecha.lifecycle.config.watch", 2);
        assertThat(files.look().files()).hasSize(2);
        assertThat(files.look().files()).hasSize(2);

        assertThat(output.getOut().split("More than 2 files are watched", -1)).hasSize(2);
        assertThat(output).contains(directory.toString(), "mecha.lifecycle.config.watch");
    }
}
