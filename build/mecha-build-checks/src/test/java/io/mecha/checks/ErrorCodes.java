// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Every error code in main code has an entry in {@code docs/errors}, and every entry a code. */
final class ErrorCodes {

    private static final Pattern CODE = Pattern.compile("\\bMECHA-[A-Z][0-9]{3}\\b");
    private static final Pattern ENTRY = Pattern.compile("(?m)^#+ .*?\\b(MECHA-[A-Z][0-9]{3})\\b");

    private ErrorCodes() {}

    static Set<String> inSources(List<Path> directories) {
        return new TreeSet<>(directories.stream()
                .flatMap((directory) -> House.files(directory, ".java").stream())
                .flatMap((file) -> CODE.matcher(House.read(file)).results())
                .map(MatchResult::group)
                .toList());
    }

    static List<String> inDocs(Path directory) {
        return House.files(directory, ".md").stream()
                .flatMap((file) -> ENTRY.matcher(House.read(file)).results())
                .map((match) -> match.group(1))
                .sorted()
                .toList();
    }

    static List<String> differences(Set<String> sources, List<String> docs) {
        Set<String> documented = new TreeSet<>(docs);
        Stream<String> missing = sources.stream()
                .filter((code) -> !documented.contains(code))
                .map((code) -> code + " has no entry in docs/errors");
        Stream<String> stale = documented.stream()
                .filter((code) -> !sources.contains(code))
                .map((code) -> code + " has an entry in docs/errors but is thrown nowhere");
        Stream<String> twice = documented.stream()
                .filter((code) -> docs.indexOf(code) != docs.lastIndexOf(code))
                .map((code) -> code + " has two entries in docs/errors");
        return Stream.of(missing, stale, twice).flatMap((it) -> it).toList();
    }
}
