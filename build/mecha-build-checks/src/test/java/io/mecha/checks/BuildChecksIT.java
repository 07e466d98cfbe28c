// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static io.mecha.checks.BadProject.dependency;
import static io.mecha.checks.BadProject.pom;
import static io.mecha.checks.BadProject.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Break each rule that a plugin or the compiler checks, with the poms of this build, and see it fail. */
class BuildChecksIT {

    private static final String HEADER = """
            // SPDX-License-Identifier: Apache-2.0
            // Copyright the Mecha authors.
            """;

    @TempDir
    private Path directory;

    @Test
    void formatterSeesLayoutHeadersAndUnusedImports() throws Exception {
        String log = new BadProject(directory)
                .file("m/src/main/java/bad/Layout.java", HEADER + "package bad;\n\nclass   Layout {}\n")
                .file("m/src/main/java/bad/Header.java", "package bad;\n\nclass Header {}\n")
                .file(
                        "m/src/main/java/bad/Unused.java",
                        HEADER + "package bad;\n\nimport java.util.Map;\n\nclass Unused {}\n")
                .file("m/src/main/java/bad/Fine.java", HEADER + "package bad;\n\nclass Fine {}\n")
                .maven("spotless:check@format", "--projects", ".");

        assertThat(log)
                .contains("format violations", "bad/Layout.java", "bad/Header.java", "bad/Unused.java")
                .doesNotContain("bad/Fine.java");
    }

    @Test
    void formatterSeesPackagesWithoutHeader() throws Exception {
        String log = new BadProject(directory)
                .file("m/src/main/java/bad/package-info.java", "package bad;\n")
                .file("m/src/main/java/fine/package-info.java", HEADER + "package fine;\n")
                .maven("spotless:check@format", "--projects", ".");

        assertThat(log).contains("format violations", "bad/package-info.java").doesNotContain("fine/package-info.java");
    }

    @Test
    void checkstyleSeesSizesImportsCallsAndMissingJavadoc() throws Exception {
        String log = new BadProject(directory)
                .file("m/src/main/java/bad/Calls.java", calls())
                .file("m/src/main/java/bad/Sizes.java", sizes())
                .file("m/src/test/java/bad/BadTests.java", """
                        package bad;
                        import static org.junit.jupiter.api.Assertions.assertEquals;
                        import org.hamcrest.Matchers;
                        import java.util.*;
                        class BadTests {
                            @Test
                            void shouldWork() {}
                        }
                        """)
                .file("samples/s/src/main/java/Fine.java", "class Fine { void m() { System.out.println(); } }")
                .maven("checkstyle:check@checkstyle", "--projects", ".");

        assertThat(log)
                .contains("#FileLength", "#LineLength", "#MethodLength")
                .contains("#PrintStackTrace", "#SystemOut", "#AuthorTag", "#PropertyName")
                .contains("#JavadocOfType", "#JavadocOfMethod", "#JavadocTags", "#JavadocTypeTags", "#JavadocOfField")
                .contains("#TestName", "AvoidStarImport", "Assertions.assertEquals", "org.hamcrest.Matchers")
                .doesNotContain("Fine.java");
        assertThat(log.lines().filter((line) -> line.contains("#CatchException")))
                .hasSize(1);
    }

    @Test
    void compilerAndPluginsSeeWhatIsWrongWithAModule() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "Error Prone needs JDK 21");
        BadProject project = new BadProject(directory);
        addBadSources(project);
        addBadDependencies(project);

        String log = project.maven("verify", "-Dspotless.check.skip", "-Dcheckstyle.skip", "-DskipTests");

        assertThat(result(log, "good")).as(log).isEqualTo("SUCCESS");
        assertFailure(log, "lint", "found raw type", "warnings found and -Werror specified");
        assertFailure(log, "doclint", "reference not found");
        assertFailure(log, "errorprone", "[SelfEquals]");
        assertFailure(log, "nullness", "[NullAway]");
        assertFailure(log, "undeclared", "Used undeclared dependencies found", "org.slf4j:slf4j-api");
        assertFailure(log, "banned", "BannedDependencies failed", "junit:junit");
        assertFailure(log, "diverging", "DependencyConvergence failed", "io.mecha:twin");
        assertFailure(log, "duplicate", "BanDuplicatePomDependencyVersions failed", "org.slf4j:slf4j-api");
    }

    private static void addBadSources(BadProject project) throws IOException {
        project.module("good", "")
                .file("good/src/main/java/io/mecha/good/Good.java", "package io.mecha.good;\n\nclass Good {}\n")
                .module("lint", "")
                .file("lint/src/main/java/io/mecha/lint/Bad.java", """
                        package io.mecha.lint;

                        class Bad {
                            java.util.List raw;
                        }
                        """)
                .module("doclint", "")
                .file("doclint/src/main/java/io/mecha/doclint/Bad.java", """
                        package io.mecha.doclint;

                        /** See {@link Gone}. */
                        class Bad {}
                        """)
                .module("errorprone", "")
                .file("errorprone/src/main/java/io/mecha/errorprone/Bad.java", """
                        package io.mecha.errorprone;

                        class Bad {
                            boolean same(String text) {
                                return text.equals(text);
                            }
                        }
                        """)
                .module("nullness", "")
                .file("nullness/src/main/java/io/mecha/nullness/Bad.java", """
                        package io.mecha.nullness;

                        class Bad {
                            String name() {
                                return null;
                            }
                        }
                        """);
    }

    private static void addBadDependencies(BadProject project) throws IOException {
        String slf4j = dependency("org.slf4j", "slf4j-api", "");
        project.module("direct", slf4j)
                .module("undeclared", dependency("io.mecha", "direct", version("1.0.0-SNAPSHOT")))
                .file("undeclared/src/main/java/io/mecha/undeclared/Bad.java", """
                        package io.mecha.undeclared;

                        class Bad {
                            private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(Bad.class);

                            void log() {
                                LOG.info("Hello.");
                            }
                        }
                        """)
                .stranger("junit", "junit", "4")
                .module("banned", dependency("junit", "junit", pom("4")))
                .stranger("io.mecha", "twin", "1")
                .stranger("io.mecha", "twin", "2")
                .module("left", dependency("io.mecha", "twin", pom("1")))
                .module("right", dependency("io.mecha", "twin", pom("2")))
                .module(
                        "diverging",
                        dependency("io.mecha", "left", version("1.0.0-SNAPSHOT"))
                                + dependency("io.mecha", "right", version("1.0.0-SNAPSHOT")))
                .module("duplicate", slf4j + slf4j);
    }

    private static String calls() {
        return """
                package bad;
                /** Calls. @param <T> what
                 * @%s me */
                public class Calls<T, U> {
                    public static final int FIELD = 1;
                    public Calls() {}
                    /** Do it. */
                    public int tags(int a) {
                        try { return a; } catch (Exception e) { e.printStackTrace(); }
                        try { return a; } catch (Exception e) { throw e; }
                        // allow CatchException: this is the proof of the exception
                        try { return a; } catch (Exception e) { System.out.println(); }
                    }
                }
                class Other { public void undocumented() { tags("mecha.bindings.channels.%%s.type"); } }
                public record Rec(int a) { public Rec {} }
                """.formatted("author");
    }

    private static String sizes() {
        return "package bad;\nclass Sizes {\n    void m() {\n" + "        m();\n".repeat(600) + "    } // "
                + "x".repeat(140) + "\n}\n";
    }

    private static String result(String log, String module) {
        Matcher matcher = Pattern.compile("(?m)^\\[INFO] " + module + " (?:\\S+ )?\\.+ (\\w+)")
                .matcher(log);
        return matcher.find() ? matcher.group(1) : "nothing";
    }

    /** Look only at what Maven prints between the heading of this module and that of the next. */
    private static void assertFailure(String log, String module, String... messages) {
        assertThat(result(log, module)).as(module).isEqualTo("FAILURE");
        int from = log.indexOf("Building " + module + " ");
        String end = log.substring(log.indexOf("Reactor Summary"));
        int next = log.indexOf("-----< ", from);
        String part = log.substring(from, next < 0 ? log.indexOf("Reactor Summary") : next);
        String errors = end.lines()
                .filter((line) -> line.contains("on project " + module + ":"))
                .findFirst()
                .map((line) -> end.substring(end.indexOf(line)))
                .map((text) -> text.substring(0, text.indexOf("-> [Help")))
                .orElse("");
        assertThat(part + errors).as(module).contains(messages);
    }
}
