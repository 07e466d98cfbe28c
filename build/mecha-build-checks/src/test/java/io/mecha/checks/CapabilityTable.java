// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The table of what backends can do, made from what runs of the contract found.
 *
 * <p>Each run leaves {@code target/mecha-capabilities/<adapter>.properties}. After {@code ./mvnw verify}, run this class from
 * the root of the repository to write the table into the page; it needs no build:
 *
 * <pre>java build/mecha-build-checks/src/test/java/io/mecha/checks/CapabilityTable.java</pre>
 *
 * <p>A backend whose server is absent leaves no file; its row stays as it is.
 */
final class CapabilityTable {

    static final String PAGE = "docs/state.md";

    private static final String BEGIN = "<!-- capabilities -->";
    private static final String END = "<!-- /capabilities -->";
    private static final String HEAD = """
            | backend | transactions | key scan | change notifications | joins Spring transactions | largest value | does not apply |
            | --- | --- | --- | --- | --- | --- | --- |
            """;

    /** Runs that only vary another one. */
    private static final Set<String> LEFT_OUT = Set.of("memory-bounded", "memory-decorated");

    private final Path root;

    CapabilityTable(Path root) {
        this.root = root;
    }

    /** Write the table into the page. */
    public static void main(String[] arguments) throws IOException {
        CapabilityTable table = new CapabilityTable(Path.of("").toAbsolutePath());
        Path page = table.root.resolve(PAGE);
        Files.writeString(page, table.render(Files.readString(page), table.measured()));
    }

    /** Return the row of each backend that a report was found of, by name. */
    Map<String, String> measured() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (Stream<Path> files = Files.find(
                root,
                5,
                (file, attributes) -> file.getNameCount() > 2
                        && file.getParent().endsWith("target/mecha-capabilities")
                        && file.toString().endsWith(".properties"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".properties", "");
                if (!LEFT_OUT.contains(name)) {
                    Properties report = new Properties();
                    try (Reader reader = Files.newBufferedReader(file)) {
                        report.load(reader);
                    }
                    rows.put(name, row(name, report));
                }
            }
        }
        return rows;
    }

    /** Return the rows that the page has, by name of the backend. */
    static Map<String, String> documented(String page) {
        Map<String, String> rows = new TreeMap<>();
        between(page)
                .lines()
                .filter((line) -> line.startsWith("| `"))
                .forEach((line) -> rows.put(line.substring(3, line.indexOf('`', 3)), line));
        return rows;
    }

    /** Return the page with a table of its own rows, replaced by those that were measured. */
    String render(String page, Map<String, String> measured) {
        Map<String, String> rows = documented(page);
        rows.putAll(measured);
        String table = HEAD + rows.values().stream().map((row) -> row + "\n").collect(Collectors.joining());
        return page.replace(BEGIN + between(page) + END, BEGIN + "\n" + table + END);
    }

    private static String between(String page) {
        int from = page.indexOf(BEGIN);
        int to = page.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("%s has no %s … %s".formatted(PAGE, BEGIN, END));
        }
        return page.substring(from + BEGIN.length(), to);
    }

    static String row(String name, Properties report) {
        List<String> capabilities =
                List.of(report.getProperty("capabilities", "").split(","));
        String operations = report.getProperty("limit.transaction-operations");
        boolean ordered = Boolean.parseBoolean(report.getProperty("scan.ordered"));
        return "| `%s` | %s | %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        operations == null ? "no" : limit(operations, "operations"),
                        capabilities.contains("KeyScan") ? ordered ? "in order" : "any order" : "no",
                        capabilities.contains("ChangeNotifications") ? "yes" : "no",
                        capabilities.contains("SurroundingTransaction") ? "yes" : "no",
                        limit(report.getProperty("limit.value-size"), "bytes"),
                        String.join(", ", notApplicable(report)));
    }

    private static String limit(String limit, String unit) {
        int number = Integer.parseInt(limit);
        return number == Integer.MAX_VALUE ? "no limit" : "%,d %s".formatted(number, unit);
    }

    /** Groups of which every behaviour was aborted, other than for want of a capability, which has its own column. */
    private static Set<String> notApplicable(Properties report) {
        Map<String, List<String>> outcomes = new TreeMap<>();
        for (String key : report.stringPropertyNames()) {
            if (key.startsWith("test.")) {
                String named = key.substring("test.".length());
                outcomes.computeIfAbsent(named.substring(0, named.indexOf('.')), (group) -> new ArrayList<>())
                        .add(report.getProperty(key));
            }
        }
        outcomes.values()
                .removeIf((results) -> results.stream()
                        .anyMatch((it) -> !it.startsWith("aborted") || it.contains("backend offers no")));
        Set<String> groups = new TreeSet<>();
        outcomes.keySet().forEach((group) -> groups.add(group.toLowerCase(java.util.Locale.ROOT)));
        return groups;
    }
}
