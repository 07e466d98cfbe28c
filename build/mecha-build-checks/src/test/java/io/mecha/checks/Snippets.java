// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Code in the docs, cut by tag from files that are compiled and tested.
 *
 * <p>In a page, {@code <!-- snippet: path/To/File.java#name -->} stands on the line before a fenced block. In the file,
 * {@code tag::name[]} and {@code end::name[]}, in comments, mark the lines. Imports of Mecha's names that they use stand before them.
 * Tests compare; to copy the code into the pages, run this class from the root of the repository. It needs no build:
 *
 * <pre>java build/mecha-build-checks/src/test/java/io/mecha/checks/Snippets.java</pre>
 */
final class Snippets {

    private static final Pattern MARK = Pattern.compile("^\\s*<!-- snippet: (\\S+)#(\\S+) -->\\s*$");
    private static final Pattern FENCE = Pattern.compile("^\\s*(```+)(\\w*).*$");

    private static final Pattern IMPORT = Pattern.compile("import (static )?io\\.mecha\\.[\\w.]*?(\\w+);");

    private final Path root;

    Snippets(Path root) {
        this.root = root;
    }

    /** Rewrite every page below {@code docs} and the README. */
    public static void main(String[] arguments) throws IOException {
        Snippets snippets = new Snippets(Path.of("").toAbsolutePath());
        for (Path page : snippets.pages()) {
            Files.writeString(page, snippets.render(Files.readString(page)));
        }
    }

    List<Path> pages() throws IOException {
        try (Stream<Path> docs =
                Files.isDirectory(root.resolve("docs")) ? Files.walk(root.resolve("docs")) : Stream.empty()) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs)
                    .filter((file) -> file.toString().endsWith(".md") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    /** Return the page with every marked block replaced by what its file says now. */
    String render(String page) throws IOException {
        List<String> result = new ArrayList<>();
        List<String> lines = page.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            result.add(lines.get(i));
            Matcher mark = MARK.matcher(lines.get(i));
            if (!mark.matches()) {
                continue;
            }
            int open = i + 1;
            int close = open < lines.size() ? close(lines, open) : -1;
            if (close < 0) {
                throw new IllegalStateException(
                        "No fenced block after " + lines.get(i).strip());
            }
            result.add(lines.get(open));
            result.addAll(region(root.resolve(mark.group(1)), mark.group(2)));
            result.add(lines.get(close));
            i = close;
        }
        return result.stream().map((line) -> line + "\n").collect(Collectors.joining());
    }

    /** List the lines of Java blocks that no mark precedes. */
    static List<Integer> unmarked(String page) {
        List<Integer> found = new ArrayList<>();
        List<String> lines = page.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                boolean marked = i > 0 && MARK.matcher(lines.get(i - 1)).matches();
                if (fence.group(2).equals("java") && !marked) {
                    found.add(i + 1);
                }
                int close = close(lines, i);
                i = close < 0 ? lines.size() : close;
            }
        }
        return found;
    }

    private static int close(List<String> lines, int open) {
        Matcher fence = FENCE.matcher(lines.get(open));
        if (!fence.matches()) {
            return -1;
        }
        for (int i = open + 1; i < lines.size(); i++) {
            if (lines.get(i).strip().equals(fence.group(1))) {
                return i;
            }
        }
        return -1;
    }

    private static List<String> region(Path file, String name) throws IOException {
        List<String> lines = Files.readString(file).lines().toList();
        int from = indexOf(lines, "tag::" + name + "[]", file);
        int to = indexOf(lines, "end::" + name + "[]", file);
        List<String> region = lines.subList(from + 1, to).stream()
                .filter((line) -> !line.matches(".*\\b(tag|end)::\\S+\\[].*"))
                .toList();
        String code = String.join("\n", region).stripIndent().stripTrailing();
        List<String> imports = imports(lines, code);
        return Stream.of(imports.stream(), imports.isEmpty() ? Stream.<String>empty() : Stream.of(""), code.lines())
                .flatMap((part) -> part)
                .toList();
    }

    /** Select those imports of the file, of Mecha's own names, that the code uses. */
    private static List<String> imports(List<String> file, String code) {
        return file.stream()
                .filter((line) -> {
                    Matcher imported = IMPORT.matcher(line);
                    return imported.matches()
                            && Pattern.compile("(?<![.\\w])" + imported.group(2)
                                            + (imported.group(1) == null ? "\\b" : "\\("))
                                    .matcher(code)
                                    .find();
                })
                .toList();
    }

    private static int indexOf(List<String> lines, String mark, Path file) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(mark)) {
                return i;
            }
        }
        throw new IllegalStateException(file + " has no " + mark);
    }
}
