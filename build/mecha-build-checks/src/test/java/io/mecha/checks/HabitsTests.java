// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HabitsTests {

    private static final String FIXTURES = "io.mecha.checks.fixtures";

    @Test
    void seesPackagesThatAreNotNullMarked() {
        assertThat(Habits.packagesAreNullMarked(fixtures("util")))
                .containsExactly(FIXTURES + ".util has no package-info with @NullMarked");
        assertThat(Habits.packagesAreNullMarked(new ClassFileImporter().importPackages("io.mecha.checks")))
                .doesNotContain("io.mecha.checks has no package-info with @NullMarked");
    }

    @Test
    void seesCycles() {
        assertThat(Habits.packagesAreFreeOfCycles(fixtures("cycle"), FIXTURES))
                .singleElement()
                .asString()
                .contains("Cycle detected", "cycle.one", "cycle.two");
    }

    @Test
    void seesLayers() {
        assertThat(Habits.packagesAreNamedAfterFeatures(fixtures("")))
                .containsExactly(FIXTURES + ".util is named after a layer, not a feature");
    }

    @Test
    void seesSleep() {
        assertThat(Habits.nobodySleeps(fixtures("habits")))
                .hasSize(2)
                .anyMatch((offence) -> offence.contains("Thread.sleep"))
                .anyMatch((offence) -> offence.contains("TimeUnit.sleep"));
    }

    @Test
    void seesThreadsThatDoNotComeFromTheRuntime() {
        assertThat(Habits.threadsComeFromTheRuntime(fixtures("habits"), Set.of()))
                .hasSize(7)
                .anyMatch((offence) -> offence.contains("SimpleAsyncTaskExecutor"))
                .anyMatch((offence) -> offence.contains("runAsync(java.lang.Runnable)"))
                .anyMatch((offence) -> offence.contains("Starter.start()"))
                .anyMatch((offence) -> offence.contains("Starter.factory()"))
                .anyMatch((offence) -> offence.contains("newCachedThreadPool"))
                .anyMatch((offence) -> offence.contains("ScheduledThreadPoolExecutor"))
                .anyMatch((offence) -> offence.contains("delayedExecutor"))
                .allMatch((offence) -> offence.contains("io.mecha.runtime"));
        assertThat(Habits.threadsComeFromTheRuntime(fixtures("habits"), Set.of(FIXTURES + ".habits.Starter")))
                .isEmpty();
    }

    @Test
    void seesIdsAndPausesThatDoNotComeFromTheRuntime() {
        assertThat(Habits.idsAndPausesComeFromTheRuntime(fixtures("habits"), Set.of()))
                .hasSize(2)
                .anyMatch((offence) -> offence.contains("UUID.randomUUID()"))
                .anyMatch((offence) -> offence.contains("ThreadLocalRandom.current()"))
                .allMatch((offence) -> offence.contains("io.mecha.runtime"));
        assertThat(Habits.idsAndPausesComeFromTheRuntime(fixtures("habits"), Set.of(FIXTURES + ".habits.Chooser")))
                .isEmpty();
    }

    @Test
    void seesDurationsThatAreMeasuredByTheClock() {
        assertThat(Habits.durationsAreMeasuredByElapsedTime(fixtures("habits"), Set.of("Calendar")))
                .hasSize(2)
                .anyMatch((offence) ->
                        offence.contains("Stopwatch.isOver()") && offence.contains("InstantSource.instant()"))
                .anyMatch((offence) -> offence.contains("System.currentTimeMillis()"));
        assertThat(Habits.durationsAreMeasuredByElapsedTime(fixtures("habits"), Set.of("Stopwatch", "Calendar")))
                .isEmpty();
    }

    @Test
    void seesBareExceptions() {
        assertThat(Habits.nobodyThrowsBareExceptions(fixtures("habits")))
                .singleElement()
                .asString()
                .contains("Thrower.fail()", "RuntimeException");
    }

    @Test
    void seesStrangersThatAreAskedDirectly() {
        assertThat(Habits.strangersAreAskedWithCare(fixtures("habits"), Set.of(FIXTURES + ".habits")))
                .singleElement()
                .asString()
                .contains("Asker.ask(", "Throwable.getMessage()");
    }

    @Test
    void seesTestsThatMavenWouldSkip() {
        assertThat(Habits.testClassesAreRunByMaven(fixtures("habits")))
                .hasSize(2)
                .anyMatch((offence) -> offence.startsWith(FIXTURES + ".habits.Forgotten "))
                .anyMatch((offence) -> offence.startsWith(FIXTURES + ".habits.ForgottenToo "));
    }

    @Test
    void seesDisabledTests() {
        assertThat(Habits.nothingIsDisabled(fixtures("habits")))
                .singleElement()
                .asString()
                .contains("isDisabled()");
    }

    private static JavaClasses fixtures(String name) {
        return new ClassFileImporter().importPackages(name.isEmpty() ? FIXTURES : FIXTURES + "." + name);
    }
}
