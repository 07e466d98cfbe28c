// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.Resource;

/**
 * The files below some locations, and whether they changed.
 *
 * <p>Looked at, and not subscribed to: notifications of the operating system are lost on network and overlay file systems, which
 * is where containers have their configuration.
 */
final class WatchedFiles {

    /** The most files that are looked at. */
    private static final int MAXIMUM_FILES = 10_000;

    private static final int MAXIMUM_DEPTH = 16;
    private static final String TREE = "configtree:";
    private static final String FILE = "file:";
    private static final String OPTIONAL = "optional:";
    private static final String HIDDEN = "..";
    private static final String ABSENT = "absent";

    private static final Logger LOG = LoggerFactory.getLogger(WatchedFiles.class);

    private final List<Path> roots;
    private final String property;
    private final int most;
    private final AtomicBoolean warned = new AtomicBoolean();

    private WatchedFiles(List<Path> roots, String property, int most) {
        this.roots = List.copyOf(roots);
        this.property = property;
        this.most = most;
    }

    /**
     * The state of the files at one moment.
     *
     * @param files what the operating system says of each
     * @param links where symbolic links of directories lead, which are changed by renaming: what is behind them is complete
     */
    record Look(Map<String, String> files, Map<String, String> links) {

        /** Returns the files that changed, in order; all of them where nothing was seen before. */
        List<String> filesSince(@Nullable Look before) {
            return different(files, before == null ? Map.of() : before.files)
                    .distinct()
                    .sorted()
                    .toList();
        }

        /** Tells whether all that differs is beside links that lead elsewhere now, so that nobody is in the middle of writing. */
        boolean isSwappedSince(Look before) {
            List<Path> swapped = different(links, before.links)
                    .map(link -> Path.of(link).getParent())
                    .toList();
            return !swapped.isEmpty()
                    && different(files, before.files)
                            .allMatch(file -> swapped.stream().anyMatch(Path.of(file)::startsWith));
        }

        private static Stream<String> different(Map<String, String> now, Map<String, String> before) {
            return Stream.concat(now.keySet().stream(), before.keySet().stream())
                    .filter(path -> !Objects.equals(now.get(path), before.get(path)));
        }
    }

    /**
     * Reads locations.
     *
     * @param locations as in {@code spring.config.import}
     * @throws InvalidConfigurationException if one is neither a tree nor a file
     */
    static WatchedFiles of(List<String> locations, String property) {
        return of(locations, property, MAXIMUM_FILES);
    }

    /** Reads locations of which no more than some files are looked at. */
    static WatchedFiles of(List<String> locations, String property, int most) {
        List<Path> roots = new ArrayList<>();
        List<Mistake> mistakes = new ArrayList<>();
        for (int index = 0; index < locations.size(); index++) {
            String location = locations.get(index);
            try {
                roots.add(path(location));
            } catch (InvalidPathException wrong) {
                mistakes.add(new Mistake(
                        "MECHA-L101",
                        "%s[%d]".formatted(property, index),
                        "'%s' is neither a tree of files nor a file.".formatted(location),
                        "Write configtree:/etc/config/ for a mounted directory with a file for each property, or "
                                + "file:/etc/app/application.yaml."));
            }
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidConfigurationException(mistakes);
        }
        return new WatchedFiles(roots, property, most);
    }

    private static Path path(String location) {
        String text = location.strip();
        text = text.startsWith(OPTIONAL) ? text.substring(OPTIONAL.length()) : text;
        text = text.startsWith(TREE) ? text.substring(TREE.length()) : text;
        text = text.startsWith(FILE) ? text.substring(FILE.length()) : text;
        if (text.isBlank() || text.contains("*") || text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
            throw new InvalidPathException(location, "no path");
        }
        return Path.of(text).toAbsolutePath().normalize();
    }

    /** Returns the locations from which no source of properties was read. */
    List<Path> notReadBy(List<PropertySource<?>> sources) {
        List<Path> read = sources.stream()
                .map(WatchedFiles::file)
                .flatMap(Optional::stream)
                .toList();
        return roots.stream()
                .filter(root -> read.stream().noneMatch(file -> file.startsWith(root)))
                .toList();
    }

    private static Optional<Path> file(PropertySource<?> source) {
        if (source instanceof ConfigTreePropertySource tree) {
            return Optional.of(tree.getSource().toAbsolutePath().normalize());
        }
        return source instanceof OriginTrackedMapPropertySource map
                ? Arrays.stream(map.getPropertyNames())
                        .map(map::getOrigin)
                        .filter(TextResourceOrigin.class::isInstance)
                        .map(origin -> ((TextResourceOrigin) origin).getResource())
                        .flatMap(WatchedFiles::file)
                        .findFirst()
                : Optional.empty();
    }

    private static Stream<Path> file(@Nullable Resource resource) {
        try {
            return resource == null || !resource.isFile()
                    ? Stream.empty()
                    : Stream.of(resource.getFile().toPath().toAbsolutePath().normalize());
        } catch (IOException notAFile) {
            return Stream.empty();
        }
    }

    /** Looks at all files; a file that cannot be looked at is as good as absent. */
    Look look() {
        Map<String, String> files = new TreeMap<>();
        Map<String, String> links = new TreeMap<>();
        for (Path root : roots) {
            try {
                Files.walkFileTree(
                        root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAXIMUM_DEPTH, new Visitor(root, files, links));
            } catch (IOException absent) {
                files.put(root.toString(), ABSENT);
            }
        }
        return new Look(files, links);
    }

    private void warn(Path root) {
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "More than {} files are watched, and changes of those of {} beyond are not seen. Let {} name the directories and"
                            + " files alone that have configuration",
                    most,
                    root,
                    property);
        }
    }

    /** Notes files and links; what is below hidden directories is seen through the links to it, as Spring Boot sees it. */
    private final class Visitor extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Map<String, String> files;
        private final Map<String, String> links;

        Visitor(Path root, Map<String, String> files, Map<String, String> links) {
            this.root = root;
            this.files = files;
            this.links = links;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (Files.isSymbolicLink(directory)) {
                links.put(
                        directory.toString(), Files.readSymbolicLink(directory).toString());
            }
            boolean hidden = !directory.equals(root)
                    && directory.getFileName().toString().startsWith(HIDDEN);
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (files.size() >= most) {
                warn(root);
                return FileVisitResult.TERMINATE;
            }
            files.put(
                    file.toString(),
                    attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey());
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            files.put(file.toString(), ABSENT);
            return FileVisitResult.CONTINUE;
        }
    }
}
