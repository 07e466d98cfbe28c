// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of comments in main code. Each rule returns one sentence for each offence. */
final class Wording {

    private static final Pattern TYPE = Pattern.compile(
            "/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@[^\\n]*\\n\\s*)*"
                    + "(?:(?:public|private|protected|static|final|abstract|sealed|non-sealed)\\s+)*"
                    + "(?:class|interface|enum|record|@interface)\\s+(\\w+)",
            Pattern.DOTALL);
    private static final Pattern NO_NOUN = Pattern.compile(
            "\\s*\\*?\\s*(?:What|Who|Whose|Where|How|Whether|When|Tells?|Holds?|Says?|Keeps?|Makes?|Puts|Turns|Sees|Knows)\\b.*",
            Pattern.DOTALL);
    private static final Pattern WHOEVER = Pattern.compile("\\b[Ww]ho(?:m)?ever\\b");

    private Wording() {}

    /** A type is described by what it is: "A consumer of one group", not "Holds ..." or "What reads ...". */
    static List<String> typesAreDescribedByNouns(List<Path> directories) {
        return sources(directories)
                .flatMap((file) -> TYPE.matcher(House.read(file)).results())
                .filter((match) -> NO_NOUN.matcher(match.group(1)).matches())
                .map((match) -> "The description of %s does not begin with a noun phrase that says what it is"
                        .formatted(match.group(2)))
                .sorted()
                .toList();
    }

    static List<String> namesWhoActs(List<Path> files) {
        return files.stream()
                .filter((file) -> WHOEVER.matcher(House.read(file)).find())
                .map((file) -> file.getFileName() + ": say who acts instead of 'whoever'")
                .sorted()
                .toList();
    }

    static Stream<Path> sources(List<Path> directories) {
        return directories.stream().flatMap((directory) -> House.files(directory, ".java").stream());
    }
}
