// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The rules, over the house as it stands. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTests {

    /** The room of threads, and what only tests and measurements use. */
    private static final Set<String> OWN_THREADS =
            Set.of("io.mecha.runtime.", "io.mecha.test.", "io.mecha.benchmarks.", "io.mecha.samples.");

    /** Classes that mean the calendar: times of events, cron expressions, what other nodes or later runs have to read. */
    private static final Set<String> CALENDARS = Set.of(
            "Admission",
            "Billing",
            "Checkout",
            "CloudEventFormat",
            "ConfigurationReloader",
            "DelayQueue",
            "ElapsedTime",
            "EngineSetup",
            "EventFactory",
            "ExpiryBehaviour",
            "FileWatch",
            "HttpOutbound",
            "KeyLeases",
            "LeaseBehaviour",
            "LocalClock",
            "Machine",
            "MemoryLeases",
            "MemoryStateBackend",
            "OutboxRelay",
            "SalesReports",
            "StepRun",
            "TestBackend",
            "TestClock",
            "TimerBindingBackend",
            "TimerBindingBackendFactory",
            "TimerGroup");

    private static final Set<String> ENGINE_OF_BINDINGS = Set.of(
            "io.mecha.binding.event",
            "io.mecha.binding.channel",
            "io.mecha.binding.deadletter",
            "io.mecha.binding.receive",
            "io.mecha.binding.send",
            "io.mecha.binding.engine");

    private House house;
    private Doors doors;

    @BeforeAll
    void enter() {
        house = House.standing();
        doors = new Doors(house);
    }

    @Test
    void seesTheClassesOfTheHouse() {
        assertThat(house.owners()).containsEntry("io.mecha.MechaException", "mecha-api");
        assertThat(house.modules()).extracting(House.Module::name).contains("mecha-state-core", "shop");
    }

    @Test
    void keepsTheDoorsShut() {
        assertThat(doors.apiKnowsOnlyTheJdk()).isEmpty();
        assertThat(doors.spiKnowsNoSpring()).isEmpty();
        assertThat(doors.enginesKnowOnlyTheApi()).isEmpty();
        assertThat(doors.onlyMetricsOfTheRuntimeKnowMicrometer()).isEmpty();
        assertThat(doors.bindingRoomsKnowNoMoreThanTheyNeed()).isEmpty();
        assertThat(doors.sharedRoomKnowsNoPrimitive(
                        "io.mecha.autoconfigure", Set.of("io.mecha.state", "io.mecha.binding")))
                .isEmpty();
        assertThat(doors.adaptersKnowNoEngineAndNoOtherAdapter()).isEmpty();
        assertThat(doors.nobodyKnowsTheAutoConfiguration()).isEmpty();
        assertThat(doors.onlyAutoConfigurationTouchesSpringBoot()).isEmpty();
        assertThat(doors.internalsStayInside()).isEmpty();
    }

    @Test
    void keepsPackagesApart() {
        assertThat(doors.onePackageInOneJar()).isEmpty();
        assertThat(Habits.packagesAreFreeOfCycles(house.main(), "io.mecha")).isEmpty();
        assertThat(Habits.packagesAreNamedAfterFeatures(house.main())).isEmpty();
        assertThat(Habits.packagesAreNullMarked(house.main())).isEmpty();
    }

    @Test
    void keepsHabits() {
        assertThat(Habits.durationsAreMeasuredByElapsedTime(house.main(), CALENDARS))
                .isEmpty();
        assertThat(Habits.nobodySleeps(house.main())).isEmpty();
        assertThat(Habits.nobodySleeps(house.tests())).isEmpty();
        assertThat(Habits.threadsComeFromTheRuntime(house.main(), OWN_THREADS)).isEmpty();
        assertThat(Habits.idsAndPausesComeFromTheRuntime(house.main(), OWN_THREADS))
                .isEmpty();
        assertThat(Habits.nobodyThrowsBareExceptions(house.main())).isEmpty();
        assertThat(Habits.strangersAreAskedWithCare(house.main(), ENGINE_OF_BINDINGS))
                .isEmpty();
        assertThat(Habits.testClassesAreRunByMaven(house.tests())).isEmpty();
        assertThat(Habits.nothingIsDisabled(house.tests())).isEmpty();
    }

    @Test
    void wiresByTheRules() {
        List<String> imports = house.published().stream()
                .flatMap((module) -> AutoConfigurations.imports(module.classes()).stream())
                .toList();

        assertThat(AutoConfigurations.areNamedPublicFinalAndSilent(house.main()))
                .isEmpty();
        assertThat(AutoConfigurations.areListed(house.main(), imports)).isEmpty();
        assertThat(AutoConfigurations.conditionsOnClassesAreNotOnMethods(house.main()))
                .isEmpty();
    }

    @Test
    void autoConfigurationsOrderThoseOfOthersByName() {
        assertThat(AutoConfigurations.othersAreOrderedByName(house.main())).isEmpty();
    }

    @Test
    void namesClassesThatExist() {
        assertThat(house.published())
                .flatExtracting((module) -> AutoConfigurations.classNamesInStringsResolve(
                        module.directory().resolve("src/main/java"), AutoConfigurations::isOnTheClassPath))
                .isEmpty();
        assertThat(house.published())
                .flatExtracting((module) -> AutoConfigurations.classNamesInMetadataResolve(
                        module.directory().resolve("src/main/resources"), AutoConfigurations::isOnTheClassPath))
                .isEmpty();
    }
}
