// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The docs, as they stand. */
class DocumentationTests {

    private final Path root = House.root();

    @Test
    void explainsEveryErrorCode() {
        List<Path> sources = House.standing().published().stream()
                .map((module) -> module.directory().resolve("src/main/java"))
                .toList();

        assertThat(ErrorCodes.differences(
                        ErrorCodes.inSources(sources), ErrorCodes.inDocs(root.resolve("docs/errors"))))
                .isEmpty();
    }

    @Test
    void showsOnlyCodeThatIsCompiled() throws IOException {
        Snippets snippets = new Snippets(root);

        for (Path page : snippets.pages()) {
            String text = House.read(page);
            assertThat(Snippets.unmarked(text))
                    .as("lines of %s with Java that is not cut from a compiled file", page)
                    .isEmpty();
            assertThat(text)
                    .as("%s: run `java build/mecha-build-checks/src/test/java/io/mecha/checks/Snippets.java`", page)
                    .isEqualTo(snippets.render(text));
        }
    }

    @Test
    void linksToPagesAndHeadingsThatExist() throws IOException {
        assertThat(new Links(root).broken()).isEmpty();
    }

    @Test
    void listsEveryProperty() {
        Set<String> expected = new TreeSet<>(PropertyTable.bound(House.standing()));
        // Read by a condition, and without an annotation of Spring.
        expected.add("mecha.state.enabled");
        expected.add("mecha.state.memory.maximum-size");
        expected.add("mecha.bindings.enabled");
        expected.add("mecha.coordination.enabled");
        expected.add("mecha.coordination.idempotency.enabled");
        for (String option : List.of("memory.capacity", "memory.synchronous")) {
            expected.add("mecha.bindings." + option);
        }
        for (String option : List.of(
                "cron", "zone", "fixed-rate", "initial-delay", "data", "data-content-type", "store", "overlap")) {
            expected.add("mecha.bindings.timer." + option);
        }

        Set<String> documented = new TreeSet<>();
        for (String page : PropertyTable.PAGES) {
            documented.addAll(PropertyTable.documented(House.read(root.resolve(page))));
        }
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void showsDefaultsAsValues() {
        for (String page : PropertyTable.PAGES) {
            assertThat(PropertyTable.wordyDefaults(House.read(root.resolve(page))))
                    .as("properties in %s whose default is neither a value in backticks nor —", page)
                    .isEmpty();
        }
    }
}
