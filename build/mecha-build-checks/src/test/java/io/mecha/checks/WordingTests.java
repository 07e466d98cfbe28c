// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WordingTests {

    private static final List<Path> SOURCES = House.standing().modules().stream()
            .filter((module) -> module.isPublished() || module.name().equals("shop"))
            .map((module) -> module.directory().resolve("src/main/java"))
            .toList();

    @TempDir
    private Path directory;

    @Test
    void seesTypesThatAreNotDescribedByNouns() throws IOException {
        write("Bad.java", """
                /**
                 * Holds what was read.
                 */
                public final class Bad {
                    /** What a reader wants. */
                    @FunctionalInterface
                    interface Wanted {}

                    /** Makes one, which a method may say. */
                    static Bad of() {}
                }
                """);
        write("Fine.java", "/** A holder of values. */\nclass Fine {}\n");

        assertThat(Wording.typesAreDescribedByNouns(List.of(directory)))
                .hasSize(2)
                .anyMatch((offence) -> offence.contains("Bad"))
                .anyMatch((offence) -> offence.contains("Wanted"));
    }

    @Test
    void seesFreeRelatives() throws IOException {
        Path bad = write("Bad.java", "// whoever comes first\n");
        Path fine = write("Fine.java", "// the first caller\n");

        assertThat(Wording.namesWhoActs(List.of(bad, fine)))
                .containsExactly("Bad.java: say who acts instead of 'whoever'");
    }

    @Test
    void describesTypesByNouns() {
        assertThat(Wording.typesAreDescribedByNouns(SOURCES)).isEmpty();
    }

    @Test
    void namesWhoActs() {
        Stream<Path> pages = House.files(House.root().resolve("docs"), ".md").stream();

        assertThat(Wording.namesWhoActs(
                        Stream.concat(Wording.sources(SOURCES), pages).toList()))
                .isEmpty();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content);
    }
}
