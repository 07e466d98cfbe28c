// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How classes are written, in main code and in tests. Each rule returns one sentence for each offence. */
final class Habits {

    private static final Set<String> BARE =
            Set.of("java.lang.RuntimeException", "java.lang.Exception", "java.lang.Throwable", "java.lang.Error");
    private static final Set<String> CLOCKS =
            Set.of("java.time.InstantSource", "java.time.Clock", "io.mecha.VirtualClock");
    private static final Set<Class<?>> EXECUTORS =
            Set.of(Thread.class, ThreadPoolExecutor.class, ForkJoinPool.class, ForkJoinWorkerThread.class, Timer.class);
    private static final Set<String> MAKERS = Set.of(
            "Thread.ofPlatform",
            "Thread.ofVirtual",
            "Thread.startVirtualThread",
            "ForkJoinPool.commonPool",
            "CompletableFuture.delayedExecutor");
    private static final String SPRING_EXECUTOR = "org.springframework.core.task.TaskExecutor";
    private static final Set<String> ASYNCHRONOUS = Set.of("runAsync", "supplyAsync");
    private static final Set<String> CHANCE = Set.of(
            "UUID.randomUUID", "ThreadLocalRandom.current", "Math.random", "Random.<init>", "SplittableRandom.<init>");
    private static final Set<String> ANSWERS =
            Set.of("getMessage", "getLocalizedMessage", "getCause", "getSuppressed", "toString", "printStackTrace");
    private static final Set<String> LAYERS =
            Set.of("util", "utils", "impl", "dto", "exception", "exceptions", "helper", "helpers", "common");
    private static final Pattern RUN_BY_MAVEN = Pattern.compile(".*(Tests|IT)");

    private Habits() {}

    static List<String> packagesAreNullMarked(JavaClasses classes) {
        return classes.stream()
                .filter((type) -> !type.getPackageName().contains(".jmh_generated"))
                .map(JavaClass::getPackage)
                .distinct()
                .filter((unit) -> !unit.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map((unit) -> unit.getName() + " has no package-info with @NullMarked")
                .sorted()
                .toList();
    }

    static List<String> packagesAreFreeOfCycles(JavaClasses classes, String root) {
        return SlicesRuleDefinition.slices()
                .matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .evaluate(classes)
                .getFailureReport()
                .getDetails();
    }

    static List<String> packagesAreNamedAfterFeatures(JavaClasses classes) {
        return classes.stream()
                .map(JavaClass::getPackageName)
                .distinct()
                .filter((name) -> Stream.of(name.split("\\.")).anyMatch(LAYERS::contains))
                .map((name) -> name + " is named after a layer, not a feature")
                .sorted()
                .toList();
    }

    static List<String> nobodySleeps(JavaClasses classes) {
        return accesses(classes)
                .filter((access) -> access.getName().equals("sleep"))
                .filter((access) -> Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                        .contains(access.getTargetOwner().getName()))
                .map((access) -> access.getDescription() + ": wait on a condition, never a delay")
                .sorted()
                .toList();
    }

    /**
     * Threads, and what makes some, come from mecha-runtime: named, virtual where there are such, and not ended by what they throw.
     *
     * @param exempt beginnings of names of classes that may make their own
     */
    static List<String> threadsComeFromTheRuntime(JavaClasses classes, Set<String> exempt) {
        return accesses(classes)
                .filter(Habits::makesThreads)
                .filter((access) ->
                        exempt.stream().noneMatch(access.getOriginOwner().getName()::startsWith))
                .map((access) -> access.getDescription()
                        + ": take Threads, Timers, BorrowedThreads or SupervisedThread of io.mecha.runtime")
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean makesThreads(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        String made = access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME) ? "" : access.getName();
        return made.isEmpty()
                ? EXECUTORS.stream().anyMatch(owner::isAssignableTo) || owner.isAssignableTo(SPRING_EXECUTOR)
                : owner.isEquivalentTo(Executors.class)
                        || MAKERS.contains(owner.getSimpleName() + "." + made)
                        || borrowsThreads(access);
    }

    /** Whether a task is run asynchronously without that somebody says where. */
    private static boolean borrowsThreads(JavaAccess<?> access) {
        return access instanceof JavaMethodCall call
                && call.getTargetOwner().isEquivalentTo(CompletableFuture.class)
                && ASYNCHRONOUS.contains(call.getName())
                && call.getTarget().getRawParameterTypes().size() == 1;
    }

    /**
     * Ids, and the chance in pauses between attempts, come from mecha-runtime. Keys and secrets do not, which need a
     * {@link java.security.SecureRandom}.
     *
     * @param exempt beginnings of names of classes that may make their own
     */
    static List<String> idsAndPausesComeFromTheRuntime(JavaClasses classes, Set<String> exempt) {
        return accesses(classes)
                .filter((access) -> CHANCE.contains(access.getTargetOwner().getSimpleName() + "." + access.getName()))
                .filter((access) ->
                        exempt.stream().noneMatch(access.getOriginOwner().getName()::startsWith))
                .map((access) -> access.getDescription() + ": take Ids or Backoff of io.mecha.runtime")
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * The clock tells the calendar and jumps when somebody sets it; what lasts is measured by elapsed time.
     *
     * @param calendars simple names of the classes that mean the calendar
     */
    static List<String> durationsAreMeasuredByElapsedTime(JavaClasses classes, Set<String> calendars) {
        return accesses(classes)
                .filter(Habits::isReadOfTheClock)
                .filter((access) -> !calendars.contains(outermost(access.getOriginOwner())))
                .map(
                        (access) -> access.getDescription()
                                + ": measure by io.mecha.runtime.ElapsedTime, or name the class among those that mean the calendar")
                .distinct()
                .sorted()
                .toList();
    }

    private static boolean isReadOfTheClock(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return (CLOCKS.contains(owner) && Set.of("instant", "millis").contains(name))
                || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
                || (owner.startsWith("java.time.") && name.equals("now"));
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(Habits::outermost).orElse(type.getSimpleName());
    }

    static List<String> nobodyThrowsBareExceptions(JavaClasses classes) {
        return accesses(classes)
                .filter((access) -> access.getName().equals(JavaConstructor.CONSTRUCTOR_NAME))
                .filter((access) -> BARE.contains(access.getTargetOwner().getName()))
                .filter((access) -> !isSuperCall(access))
                .map((access) -> access.getDescription() + ": no bare exceptions")
                .sorted()
                .toList();
    }

    /** Whatever a handler throws may throw itself when asked; one class does that with care. */
    static List<String> strangersAreAskedWithCare(JavaClasses classes, Set<String> packages) {
        return accesses(classes)
                .filter((access) -> packages.contains(access.getOriginOwner().getPackageName()))
                .filter((access) -> ANSWERS.contains(access.getName()))
                .filter((access) -> BARE.contains(access.getTargetOwner().getName()))
                .map((access) -> access.getDescription() + ": ask through io.mecha.Thrown")
                .sorted()
                .toList();
    }

    static List<String> testClassesAreRunByMaven(JavaClasses tests) {
        return tests.stream()
                .filter((type) -> type.isTopLevelClass() && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter((type) -> !RUN_BY_MAVEN.matcher(type.getSimpleName()).matches())
                .filter((type) -> hasTests(type, tests))
                .map((type) -> type.getName() + " has tests, but is named neither *Tests (Surefire) nor *IT (Failsafe)")
                .sorted()
                .toList();
    }

    static List<String> nothingIsDisabled(JavaClasses tests) {
        return tests.stream()
                .flatMap((type) -> Stream.concat(
                        Stream.of(type)
                                .filter((it) -> it.isAnnotatedWith("org.junit.jupiter.api.Disabled"))
                                .map(JavaClass::getName),
                        type.getMethods().stream()
                                .filter((method) -> method.isAnnotatedWith("org.junit.jupiter.api.Disabled"))
                                .map((method) -> method.getFullName())))
                .map((name) -> name + " is @Disabled")
                .sorted()
                .toList();
    }

    private static boolean hasTests(JavaClass type, JavaClasses tests) {
        return Stream.concat(Stream.of(type), type.getAllRawSuperclasses().stream())
                .flatMap((it) ->
                        Stream.concat(Stream.of(it), tests.stream().filter((nested) -> isNestedIn(nested, it))))
                .flatMap((it) -> it.getMethods().stream())
                .anyMatch((method) ->
                        method.getAnnotations().stream().anyMatch((annotation) -> isTest(annotation.getRawType())));
    }

    private static boolean isNestedIn(JavaClass nested, JavaClass type) {
        return nested.getName().startsWith(type.getName() + "$");
    }

    private static boolean isTest(JavaClass annotation) {
        return annotation.getName().equals("org.junit.jupiter.api.Test")
                || annotation.getName().equals("org.junit.jupiter.api.TestFactory")
                || annotation.getName().equals("org.junit.jupiter.api.TestTemplate")
                || annotation.isMetaAnnotatedWith("org.junit.jupiter.api.Test")
                || annotation.isMetaAnnotatedWith("org.junit.jupiter.api.TestTemplate");
    }

    private static boolean isSuperCall(JavaAccess<?> access) {
        return access.getOrigin() instanceof JavaConstructor
                && access.getOriginOwner()
                        .getRawSuperclass()
                        .filter((parent) -> parent.equals(access.getTargetOwner()))
                        .isPresent();
    }

    private static Stream<JavaAccess<?>> accesses(JavaClasses classes) {
        return classes.stream().flatMap((type) -> type.getAccessesFromSelf().stream());
    }
}
