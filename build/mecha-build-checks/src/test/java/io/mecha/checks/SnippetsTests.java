// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetsTests {

    private static final String PAGE = """
            Before

            <!-- snippet: A.java#use -->
            ```java
            stale();
            ```

            After
            """;

    @TempDir
    private Path root;

    @BeforeEach
    void writeSource() throws IOException {
        Files.writeString(root.resolve("A.java"), """
                class A {
                    // tag::use[]
                    void use() {
                        fresh();
                    }
                    // end::use[]
                }
                """);
    }

    @Test
    void replacesTheBlockByTheTaggedLines() throws IOException {
        assertThat(new Snippets(root).render(PAGE)).isEqualTo("""
                Before

                <!-- snippet: A.java#use -->
                ```java
                void use() {
                    fresh();
                }
                ```

                After
                """);
    }

    @Test
    void showsTheImportsOfMechaThatTheLinesUse() throws IOException {
        Files.writeString(root.resolve("A.java"), """
                import static io.mecha.binding.SendOption.delay;
                import static io.mecha.binding.SendOption.key;
                import io.mecha.binding.Event;
                import io.mecha.binding.Sender;
                import java.util.List;
                // tag::use[]
                void use(Sender<List<String>> sender, String key) {
                    sender.with(delay(key));
                }
                // end::use[]
                """);

        assertThat(new Snippets(root).render(PAGE)).contains("""
                ```java
                import static io.mecha.binding.SendOption.delay;
                import io.mecha.binding.Sender;

                void use(
                """.strip());
    }

    @Test
    void refusesATagThatIsNotThere() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Snippets(root).render(PAGE.replace("#use", "#gone")))
                .withMessageContaining("A.java has no tag::gone[]");
    }

    @Test
    void refusesAMarkWithoutABlock() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Snippets(root).render("<!-- snippet: A.java#use -->\n\nText\n"))
                .withMessageContaining("No fenced block");
    }

    @Test
    void findsJavaThatIsNotCutFromAFile() {
        assertThat(Snippets.unmarked(PAGE)).isEmpty();
        assertThat(Snippets.unmarked("Text\n```java\nfoo();\n```\n```yaml\na: b\n```\n"))
                .containsExactly(2);
    }
}
