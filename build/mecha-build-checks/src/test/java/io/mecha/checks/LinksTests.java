// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinksTests {

    @TempDir
    private Path root;

    @Test
    void findsLinksThatLeadNowhere() throws IOException {
        Files.createDirectories(root.resolve("docs"));
        Files.writeString(root.resolve("docs/other.md"), "# Other\n## Keep `it`, please\n");
        Files.writeString(root.resolve("README.md"), """
                # Page
                [good](docs/other.md#keep-it-please), [good](#page), [good](docs/other.md), [good](https://example.org/#no)
                [no heading](docs/other.md#absent), [no page](docs/absent.md), [no heading here](#absent)
                `[code](#absent)`
                ```
                [code](#absent)
                ```
                """);

        assertThat(new Links(root).broken())
                .containsExactly("README.md: docs/other.md#absent", "README.md: docs/absent.md", "README.md: #absent");
    }

    @Test
    void numbersHeadingsOfTheSameText() {
        assertThat(Links.anchors("# Test\n## Test\n```\n# no heading\n```\n"))
                .containsExactlyInAnyOrder("test", "test-1");
    }
}
