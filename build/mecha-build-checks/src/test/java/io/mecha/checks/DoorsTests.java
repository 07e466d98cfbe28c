// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.mecha.checks.fixtures.binding.Peeker;
import io.mecha.checks.fixtures.binding.Watcher;
import io.mecha.checks.fixtures.state.PlainState;
import io.mecha.checks.fixtures.state.internal.Hidden;
import io.mecha.checks.fixtures.state.spi.SpringSpi;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DoorsTests {

    private static final String PEEKER = Peeker.class.getName();

    @Test
    void seesAnApiThatKnowsSpring() {
        Doors doors =
                doors(Map.of(SpringSpi.class, "mecha-api", PlainState.class, "mecha-api", Hidden.class, "mecha-api"));

        assertThat(doors.apiKnowsOnlyTheJdk())
                .singleElement()
                .asString()
                .contains("SpringSpi uses org.springframework.core.io.Resource");
        assertThat(doors.spiKnowsNoSpring()).singleElement().asString().contains("an SPI has no Spring types");
    }

    @Test
    void seesAnEngineThatKnowsMoreThanTheApi() {
        Doors doors = doors(Map.of(Peeker.class, "mecha-binding-core", PlainState.class, "mecha-state-core"));

        assertThat(doors.enginesKnowOnlyTheApi())
                .anyMatch((offence) -> offence.contains("SpringApplication"))
                .anyMatch((offence) -> offence.contains("PlainState"));
    }

    @Test
    void seesARuntimeThatKnowsMicrometer() {
        Doors doors = doors(Map.of(Watcher.class, "mecha-runtime"));

        assertThat(doors.onlyMetricsOfTheRuntimeKnowMicrometer())
                .singleElement()
                .asString()
                .contains("Watcher uses io.micrometer.observation.Observation");
    }

    @Test
    void seesASharedRoomThatKnowsAPrimitive() {
        Doors doors = doors(Map.of(Peeker.class, "shared", PlainState.class, "mecha-api"));

        assertThat(doors.sharedRoomKnowsNoPrimitive(
                        Peeker.class.getPackageName(), Set.of(PlainState.class.getPackageName())))
                .anyMatch((offence) -> offence.startsWith(PEEKER + " uses " + PlainState.class.getName()));
        assertThat(doors.sharedRoomKnowsNoPrimitive(
                        PlainState.class.getPackageName(), Set.of(Peeker.class.getPackageName())))
                .isEmpty();
    }

    @Test
    void seesAnAdapterThatKnowsAnEngine() {
        Doors doors = doors(Map.of(Peeker.class, "mecha-state-redis", PlainState.class, "mecha-state-core"));

        assertThat(doors.adaptersKnowNoEngineAndNoOtherAdapter())
                .containsExactly(PEEKER + " uses " + PlainState.class.getName()
                        + ": an adapter knows no engine and no other adapter");
    }

    @Test
    void seesAnAdapterThatKnowsAnother() {
        Doors doors = doors(Map.of(Peeker.class, "mecha-state-redis", PlainState.class, "mecha-state-jdbc"));

        assertThat(doors.adaptersKnowNoEngineAndNoOtherAdapter()).hasSize(1);
    }

    @Test
    void letsAnAdapterUseItsOwnClasses() {
        Doors doors = doors(Map.of(Peeker.class, "mecha-state-redis", PlainState.class, "mecha-state-redis"));

        assertThat(doors.adaptersKnowNoEngineAndNoOtherAdapter()).isEmpty();
    }

    @Test
    void seesWhoKnowsTheAutoConfiguration() {
        Doors doors =
                doors(Map.of(Peeker.class, "mecha-state-redis", PlainState.class, "mecha-spring-boot-autoconfigure"));

        assertThat(doors.nobodyKnowsTheAutoConfiguration()).hasSize(1);
        assertThat(doors.onlyAutoConfigurationTouchesSpringBoot())
                .singleElement()
                .asString()
                .startsWith(PEEKER + " uses org.springframework.boot.SpringApplication");
    }

    @Test
    void seesWhoUsesInternalsOfAnotherPrimitive() {
        Doors doors = doors(
                Map.of(Peeker.class, "mecha-state-redis", PlainState.class, "mecha-api", Hidden.class, "mecha-api"));

        assertThat(doors.internalsStayInside())
                .containsExactly(PEEKER + " uses " + Hidden.class.getName()
                        + ": internals are used only inside io.mecha.checks.fixtures.state");
    }

    @Test
    void seesAPackageInTwoJars() {
        Doors doors = doors(Map.of(Peeker.class, "mecha-api", PlainState.class, "mecha-api"));
        Doors split = doors(Map.of(DoorsTests.class, "mecha-api", HabitsTests.class, "mecha-codec"));

        assertThat(doors.onePackageInOneJar()).isEmpty();
        assertThat(split.onePackageInOneJar())
                .containsExactly("io.mecha.checks is in [mecha-api, mecha-codec]: one package lives in one jar");
    }

    private static Doors doors(Map<Class<?>, String> owners) {
        Map<String, String> names = new LinkedHashMap<>();
        owners.forEach((type, module) -> names.put(type.getName(), module));
        List<House.Module> modules = names.values().stream()
                .distinct()
                .map((name) -> new House.Module(name, Path.of(name.replaceFirst("-[^-]+$", ""), name)))
                .toList();
        ClassFileImporter importer = new ClassFileImporter();
        return new Doors(new House(
                modules,
                importer.importClasses(owners.keySet().toArray(Class<?>[]::new)),
                importer.importClasses(),
                names));
    }
}
