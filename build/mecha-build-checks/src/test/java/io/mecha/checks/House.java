// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The modules of the build with their compiled classes.
 *
 * @param modules modules in the order of the root pom
 * @param main classes of all modules, seen together
 * @param tests test classes of all modules, seen together
 * @param owners name of the module of each main class, by class name
 */
record House(List<Module> modules, JavaClasses main, JavaClasses tests, Map<String, String> owners) {

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    /** Read when a test first asks for it: tests of one JVM share what takes many seconds. */
    private static final class Standing {
        private static final House HOUSE = read();

        private static House read() {
            Path root = root();
            List<Module> modules = new ArrayList<>();
            Matcher matcher = MODULE.matcher(House.read(root.resolve("pom.xml")));
            while (matcher.find()) {
                Path directory = root.resolve(matcher.group(1));
                modules.add(new Module(directory.getFileName().toString(), directory));
            }
            modules.removeIf((module) -> module.name().equals("mecha-build-checks"));
            return of(modules);
        }
    }

    /**
     * One module.
     *
     * @param name directory name, which is the artifactId
     * @param directory where it is
     */
    record Module(String name, Path directory) {

        Path classes() {
            return directory.resolve("target/classes");
        }

        Path testClasses() {
            return directory.resolve("target/test-classes");
        }

        boolean isPublished() {
            return name.startsWith("mecha-") && !name.equals("mecha-build-checks");
        }
    }

    /** Return all modules that the root pom lists; this one has only checks and fixtures and is left out. */
    static House standing() {
        return Standing.HOUSE;
    }

    static House of(List<Module> modules) {
        Map<String, String> owners = new HashMap<>();
        for (Module module : modules) {
            for (Path file : files(module.classes(), ".class")) {
                String path = module.classes().relativize(file).toString();
                String name = path.substring(0, path.length() - ".class".length());
                owners.put(name.replace('/', '.').replace('\\', '.'), module.name());
            }
        }
        return new House(
                modules,
                load(modules.stream().map(Module::classes)),
                load(modules.stream().map(Module::testClasses)),
                owners);
    }

    /** Name the module that a class comes from; empty for the JDK and libraries. */
    String owner(JavaClass type) {
        return owners.getOrDefault(type.getBaseComponentType().getName(), "");
    }

    List<Module> published() {
        return modules.stream().filter(Module::isPublished).toList();
    }

    static Path root() {
        for (Path path = Path.of("").toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.isRegularFile(path.resolve("mvnw"))) {
                return path;
            }
        }
        throw new IllegalStateException("Not inside the repository: no mvnw in any parent directory.");
    }

    static List<Path> files(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter((path) -> path.toString().endsWith(suffix) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Leaves out what Spring generates ahead of time, in packages of the beans, and marks by two underscores. */
    private static JavaClasses load(Stream<Path> directories) {
        return new ClassFileImporter()
                .withImportOption((location) -> !location.contains("__"))
                .importPaths(directories.filter(Files::isDirectory).toList());
    }
}
