// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoConfigurationsTests {

    private static final String FIXTURES = "io.mecha.checks.fixtures.autoconfigure.";

    private final JavaClasses classes =
            new ClassFileImporter().importPackages("io.mecha.checks.fixtures.autoconfigure");

    @Test
    void seesWrongNamesModifiersAndMembers() {
        assertThat(AutoConfigurations.areNamedPublicFinalAndSilent(classes))
                .containsExactly(
                        FIXTURES + "TalkativeAutoConfiguration has other public members",
                        FIXTURES + "TalkativeAutoConfiguration is not public and final",
                        FIXTURES + "Wiring is not named …AutoConfiguration",
                        FIXTURES + "Wiring is not public and final");
    }

    @Test
    void seesWhatIsNotListedAndWhatIsListedInVain() {
        List<String> imports =
                List.of(FIXTURES + "QuietAutoConfiguration", FIXTURES + "Wiring", FIXTURES + "GoneAutoConfiguration");

        assertThat(AutoConfigurations.areListed(classes, imports))
                .satisfiesExactly(
                        (stale) -> assertThat(stale).startsWith(FIXTURES + "GoneAutoConfiguration is listed"),
                        (missing) ->
                                assertThat(missing).startsWith(FIXTURES + "TalkativeAutoConfiguration is not listed"));
    }

    @Test
    void seesOrderByClassesOfOthers() {
        assertThat(AutoConfigurations.othersAreOrderedByName(classes))
                .containsExactly(FIXTURES + "Wiring has java.lang.String in before: use beforeName");
    }

    @Test
    void seesConditionsOnMethods() {
        assertThat(AutoConfigurations.conditionsOnClassesAreNotOnMethods(classes))
                .singleElement()
                .asString()
                .startsWith(FIXTURES + "TalkativeAutoConfiguration.text()");
    }

    @Test
    void seesStaleClassNamesInSources(@TempDir Path sources) throws IOException {
        Files.writeString(sources.resolve("Names.java"), """
                @ConditionalOnClass(name = {"java.lang.String", "org.example.Gone"})
                String missing = "com.example.Optional"; // allow ClassName: shown to users only
                String text = "not.a.class or io.mecha.Something else";
                """);

        assertThat(AutoConfigurations.classNamesInStringsResolve(sources, AutoConfigurations::isOnTheClassPath))
                .containsExactly("Names.java names org.example.Gone, which is not there");
    }

    @Test
    void seesStaleClassNamesInMetadata(@TempDir Path resources) throws IOException {
        Path imports = resources.resolve(AutoConfigurations.IMPORTS);
        Files.createDirectories(imports.getParent());
        Files.writeString(imports, "# comment about org.example.Nothing\njava.lang.String\norg.example.Gone\n");
        Files.createDirectories(resources.resolve("META-INF/services"));
        Files.writeString(resources.resolve("META-INF/services/java.lang.Runnable"), "org.example.Lost\n");

        assertThat(AutoConfigurations.classNamesInMetadataResolve(resources, AutoConfigurations::isOnTheClassPath))
                .containsExactlyInAnyOrder(
                        imports.getFileName() + " names org.example.Gone, which is not there",
                        "java.lang.Runnable names org.example.Lost, which is not there");
    }
}
