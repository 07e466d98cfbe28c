// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorCodesTests {

    @Test
    void seesCodesWithoutEntryAndEntriesWithoutCode(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("A.java"), "super(\"MECHA-S001\"); super(\"MECHA-S002\"); \"MECHA-S0033\"");
        Files.writeString(
                directory.resolve("state.md"),
                "# State\n## MECHA-S001\nSee MECHA-S002.\n## `MECHA-S009`: gone\n### MECHA-S001\n");

        assertThat(ErrorCodes.differences(ErrorCodes.inSources(List.of(directory)), ErrorCodes.inDocs(directory)))
                .containsExactly(
                        "MECHA-S002 has no entry in docs/errors",
                        "MECHA-S009 has an entry in docs/errors but is thrown nowhere",
                        "MECHA-S001 has two entries in docs/errors");
    }
}
