// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.starter;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The class paths of the applications, as jars, which an AOT cache needs. */
final class Classes {

    /** What the starter brings that an application with web and Actuator does not have. */
    private static final Pattern OF_STARTER =
            Pattern.compile("(mecha|spring-tx|spring-jdbc|spring-boot-(jdbc|sql|transaction)|caffeine|sqlite-jdbc).*");

    private final List<String> jars;

    private Classes(List<String> jars) {
        this.jars = jars;
    }

    /** Take the class path of this JVM, with directories packed into jars. */
    static Classes pack(Path directory) throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : Pattern.compile(File.pathSeparator).split(System.getProperty("java.class.path"), -1)) {
            Path path = Path.of(entry);
            jars.add(Files.isDirectory(path) ? pack(path, directory).toString() : entry);
        }
        return new Classes(jars);
    }

    String withStarter() {
        return String.join(File.pathSeparator, jars);
    }

    String plain() {
        return String.join(
                File.pathSeparator,
                jars.stream()
                        .filter(jar -> !OF_STARTER
                                .matcher(Path.of(jar).getFileName().toString())
                                .matches())
                        .toList());
    }

    private static Path pack(Path classes, Path directory) throws IOException {
        Path module = Objects.requireNonNull(
                        classes.toAbsolutePath().normalize().getParent())
                .getParent();
        Path jar = directory.resolve(Objects.requireNonNull(module).getFileName() + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            Path[] sorted = files.sorted().filter(path -> !path.equals(classes)).toArray(Path[]::new);
            for (Path path : Arrays.asList(sorted)) {
                boolean folder = Files.isDirectory(path);
                out.putNextEntry(new JarEntry(classes.relativize(path) + (folder ? "/" : "")));
                if (!folder) {
                    Files.copy(path, out);
                }
                out.closeEntry();
            }
        }
        return jar;
    }
}
