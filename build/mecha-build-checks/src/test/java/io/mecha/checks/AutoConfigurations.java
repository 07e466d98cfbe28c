// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How auto-configuration is written. Each rule returns one sentence for each offence. */
final class AutoConfigurations {

    static final String IMPORTS = "META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports";

    private static final String BOOT = "org.springframework.boot.autoconfigure.";
    private static final String ALLOWED = "// allow ClassName: ";
    private static final Pattern CLASS_NAME = Pattern.compile(
            "\"((?:ch|com|io|jakarta|java|javax|net|org|tools)(?:\\.[a-z][a-z0-9_]*)+(?:[.$][A-Z]\\w*)+)\"");

    private AutoConfigurations() {}

    static List<String> areNamedPublicFinalAndSilent(JavaClasses classes) {
        return classes.stream()
                .filter((type) -> isAutoConfiguration(type) || isNamedSo(type))
                .flatMap((type) -> Stream.of(
                                offence(
                                        type,
                                        "is named …AutoConfiguration but not annotated so",
                                        !isAutoConfiguration(type)),
                                offence(type, "is not named …AutoConfiguration", !isNamedSo(type)),
                                offence(type, "is not public and final", !isPublic(type) || !isFinal(type)),
                                offence(type, "has other public members", hasPublicMembers(type, classes)))
                        .flatMap(List::stream))
                .sorted()
                .toList();
    }

    static List<String> areListed(JavaClasses classes, Collection<String> imports) {
        Set<String> names = new HashSet<>(classes.stream()
                .filter(AutoConfigurations::isAutoConfiguration)
                .map(JavaClass::getName)
                .toList());
        Stream<String> missing = names.stream()
                .filter((name) -> !imports.contains(name))
                .map((name) -> name + " is not listed in " + IMPORTS);
        Stream<String> stale = imports.stream()
                .filter((name) -> !names.contains(name))
                .map((name) -> name + " is listed in " + IMPORTS + " but is no auto-configuration");
        return Stream.concat(missing, stale).sorted().toList();
    }

    static List<String> conditionsOnClassesAreNotOnMethods(JavaClasses classes) {
        return classes.stream()
                .flatMap((type) -> type.getMethods().stream())
                .filter((method) -> method.isAnnotatedWith(BOOT + "condition.ConditionalOnClass"))
                .map((JavaMethod method) ->
                        method.getFullName() + " has @ConditionalOnClass: put it on a nested configuration class")
                .sorted()
                .toList();
    }

    /** Classes of others may be absent: Spring warns when it reads an annotation that has them as classes, and not as names. */
    static List<String> othersAreOrderedByName(JavaClasses classes) {
        return classes.stream()
                .filter(AutoConfigurations::isAutoConfiguration)
                .flatMap((type) -> Stream.of("after", "before")
                        .flatMap((order) -> others(type, order)
                                .map((other) -> "%s has %s in %s: use %sName"
                                        .formatted(type.getName(), other.getName(), order, order))))
                .sorted()
                .toList();
    }

    private static Stream<JavaClass> others(JavaClass type, String order) {
        return Stream.of((JavaClass[]) type.getAnnotationOfType(BOOT + "AutoConfiguration")
                        .get(order)
                        .orElseThrow())
                .filter((other) -> !other.getPackageName().startsWith("io.mecha"));
    }

    /** Class names in string literals must resolve, unless the line says why not. */
    static List<String> classNamesInStringsResolve(Path sources, Predicate<String> exists) {
        return House.files(sources, ".java").stream()
                .flatMap((file) -> House.read(file)
                        .lines()
                        .filter((line) -> !line.contains(ALLOWED))
                        .flatMap((line) -> CLASS_NAME.matcher(line).results())
                        .map((match) -> match.group(1))
                        .filter((name) -> !exists.test(name))
                        .map((name) -> "%s names %s, which is not there".formatted(file.getFileName(), name)))
                .toList();
    }

    /** Names in imports, factories and service files must resolve. */
    static List<String> classNamesInMetadataResolve(Path resources, Predicate<String> exists) {
        Pattern name = Pattern.compile("[a-zA-Z_][\\w$]*(?:\\.[\\w$]+)+");
        return Stream.of(".imports", ".factories", "")
                .flatMap((suffix) ->
                        House.files(resources.resolve(suffix.isEmpty() ? "META-INF/services" : "META-INF"), suffix)
                                .stream())
                .flatMap((file) -> House.read(file)
                        .lines()
                        .map((line) -> line.replaceFirst("#.*", ""))
                        .flatMap((line) -> name.matcher(line).results())
                        .map((match) -> match.group())
                        .filter((found) -> !exists.test(found))
                        .map((found) -> "%s names %s, which is not there".formatted(file.getFileName(), found)))
                .toList();
    }

    static List<String> imports(Path classes) {
        return House.files(classes.resolve("META-INF/spring"), ".AutoConfiguration.imports").stream()
                .flatMap((file) -> House.read(file).lines())
                .map((line) -> line.replaceFirst("#.*", "").strip())
                .filter((line) -> !line.isEmpty())
                .toList();
    }

    static boolean isOnTheClassPath(String name) {
        try {
            Class.forName(name, false, AutoConfigurations.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private static boolean isAutoConfiguration(JavaClass type) {
        return type.isAnnotatedWith(BOOT + "AutoConfiguration");
    }

    private static boolean isNamedSo(JavaClass type) {
        return type.isTopLevelClass() && type.getSimpleName().endsWith("AutoConfiguration");
    }

    private static boolean hasPublicMembers(JavaClass type, JavaClasses classes) {
        boolean methods = type.getMethods().stream().anyMatch(AutoConfigurations::isPublic);
        boolean fields = type.getFields().stream().anyMatch(AutoConfigurations::isPublic);
        boolean constructors = type.getConstructors().stream()
                .anyMatch((constructor) -> isPublic(constructor)
                        && !constructor.getRawParameterTypes().isEmpty());
        boolean nested = classes.stream()
                .anyMatch((other) -> other.getName().startsWith(type.getName() + "$") && isPublic(other));
        return methods || fields || constructors || nested;
    }

    private static boolean isPublic(HasModifiers member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC);
    }

    private static boolean isFinal(HasModifiers member) {
        return member.getModifiers().contains(JavaModifier.FINAL);
    }

    private static List<String> offence(JavaClass type, String sentence, boolean found) {
        return found ? List.of(type.getName() + " " + sentence) : List.of();
    }
}
