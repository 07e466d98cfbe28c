// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Links between the pages of the repository: each leads to a file that exists and, with an anchor, to one of its headings. */
final class Links {

    private static final Pattern LINK = Pattern.compile("\\]\\(([^()\\s]*)\\)");
    private static final Pattern HEADING = Pattern.compile("^#{1,6} +(.*?) *#*$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern ABSOLUTE = Pattern.compile("^[a-z][a-z+.-]*:.*");

    private final Path root;

    Links(Path root) {
        this.root = root;
    }

    /** List the links of all pages that lead nowhere, each with its page. */
    List<String> broken() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages()) {
            for (String line : prose(House.read(page))) {
                Matcher link = LINK.matcher(CODE.matcher(line).replaceAll("code"));
                while (link.find()) {
                    if (!leads(page, link.group(1))) {
                        broken.add(root.relativize(page) + ": " + link.group(1));
                    }
                }
            }
        }
        return broken;
    }

    /** Return the anchors that a page offers, made of its headings as GitHub makes them. */
    static Set<String> anchors(String page) {
        Set<String> anchors = new HashSet<>();
        for (String line : prose(page)) {
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                String anchor = heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-');
                String unique = anchor;
                for (int i = 1; anchors.contains(unique); i++) {
                    unique = anchor + "-" + i;
                }
                anchors.add(unique);
            }
        }
        return anchors;
    }

    private boolean leads(Path page, String link) {
        if (ABSOLUTE.matcher(link).matches()) {
            return true;
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        if (hash < 0 || !target.toString().endsWith(".md")) {
            return Files.exists(target);
        }
        return Files.isRegularFile(target) && anchors(House.read(target)).contains(link.substring(hash + 1));
    }

    private List<Path> pages() throws IOException {
        try (Stream<Path> files = Files.walk(root, 5)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !root.relativize(file).toString().matches("(.*/)?(target|\\..*)/.*"))
                    .sorted()
                    .toList();
        }
    }

    /** Return the lines outside fenced blocks. */
    private static List<String> prose(String page) {
        List<String> prose = new ArrayList<>();
        boolean fenced = false;
        for (String line : page.lines().toList()) {
            if (line.strip().startsWith("```")) {
                fenced = !fenced;
            } else if (!fenced) {
                prose.add(line);
            }
        }
        return prose;
    }
}
