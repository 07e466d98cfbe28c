// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A copy of the root of this build, with modules of its own that break the rules. */
final class BadProject {

    private static final String MODULE = """
            <project>
                <modelVersion>4.0.0</modelVersion>
                <parent>
                    <groupId>io.mecha</groupId>
                    <artifactId>mecha-parent</artifactId>
                    <version>1.0.0-SNAPSHOT</version>
                </parent>
                <artifactId>%s</artifactId>
                <dependencies>%s</dependencies>
            </project>
            """;
    private static final String STRANGER = """
            <project>
                <modelVersion>4.0.0</modelVersion>
                <groupId>%s</groupId>
                <artifactId>%s</artifactId>
                <version>%s</version>
                <packaging>pom</packaging>
            </project>
            """;

    private final Path directory;
    private final List<String> modules = new ArrayList<>(List.of("mecha-bom"));

    BadProject(Path directory) throws IOException {
        this.directory = directory;
        Path root = House.root();
        for (String file : List.of("LICENSE", "build/checkstyle.xml", "mecha-bom/pom.xml", ".mvn/jvm.config")) {
            Path copy = directory.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.copy(root.resolve(file), copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    BadProject module(String name, String dependencies) throws IOException {
        modules.add(name);
        return file(name + "/pom.xml", MODULE.formatted(name, dependencies));
    }

    /** Add a module that is only there to be depended on. */
    BadProject stranger(String group, String name, String version) throws IOException {
        String folder = name + "-" + version;
        modules.add(folder);
        return file(folder + "/pom.xml", STRANGER.formatted(group, name, version));
    }

    BadProject file(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    static String dependency(String group, String artifact, String more) {
        return "<dependency><groupId>%s</groupId><artifactId>%s</artifactId>%s</dependency>"
                .formatted(group, artifact, more);
    }

    static String version(String version) {
        return "<version>" + version + "</version>";
    }

    static String pom(String version) {
        return version(version) + "<type>pom</type>";
    }

    /** Run Maven, offline, with what the build around this test has downloaded; return what it prints. */
    String maven(String... arguments) throws IOException, InterruptedException {
        String list = modules.stream().map("<module>%s</module>"::formatted).collect(Collectors.joining());
        String pom = House.read(House.root().resolve("pom.xml"));
        file("pom.xml", pom.replaceFirst("(?s)<modules>.*</modules>", "<modules>" + list + "</modules>"));
        Path log = directory.resolve("maven.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("mecha.maven.home"), "bin", windows() ? "mvn.cmd" : "mvn")
                        .toString(),
                "--batch-mode",
                "--offline",
                "--fail-at-end",
                "-Dmaven.repo.local=" + System.getProperty("mecha.maven.repository")));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().remove("MAVEN_ARGS");
        builder.start().waitFor();
        return House.read(log);
    }

    private static boolean windows() {
        return System.getProperty("os.name").startsWith("Windows");
    }
}
