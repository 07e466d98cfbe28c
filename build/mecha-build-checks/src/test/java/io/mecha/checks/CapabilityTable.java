// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.checks;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The tables of what backends can do, made from what runs of the contracts found.
 *
 * <p>Each run leaves {@code target/mecha-capabilities/<adapter>.properties}. After {@code ./mvnw verify}, run this class from
 * the root of the repository to write the tables into the pages; it needs no build:
 *
 * <pre>java build/mecha-build-checks/src/test/java/io/mecha/checks/CapabilityTable.java</pre>
 *
 * <p>A backend whose server is absent leaves no file; its row stays as it is.
 */
final class CapabilityTable {

    private static final String BEGIN = "<!-- capabilities -->";
    private static final String END = "<!-- /capabilities -->";

    /** What a kind of backend can do, and where that is told. */
    enum Kind {
        STATE(
                "docs/state-types.md",
                "| backend | transactions | leases | key scan | change notifications | joins Spring transactions | largest value"
                        + " | does not apply |") {
            @Override
            List<String> cells(Properties report) {
                String operations = report.getProperty("limit.transaction-operations");
                boolean ordered = Boolean.parseBoolean(report.getProperty("scan.ordered"));
                return List.of(
                        operations == null ? "no" : limit(operations, "operations"),
                        yes(report, "Leases"),
                        offers(report, "KeyScan") ? ordered ? "in order" : "any order" : "no",
                        yes(report, "ChangeNotifications"),
                        yes(report, "SurroundingTransaction"),
                        limit(report.getProperty("limit.value-size"), "bytes"));
            }
        },
        BINDINGS(
                "docs/bindings-types.md",
                "| backend | sends | receives | groups | order by key | delay | expiry | remembers attempts"
                        + " | joins Spring transactions | atomic pipes | operations | largest body | does not apply |") {
            @Override
            List<String> cells(Properties report) {
                String members = report.getProperty("limit.active-members", "");
                return List.of(
                        yes(report, "Outbound"),
                        yes(report, "Inbound"),
                        yes(report, "Groups"),
                        offers(report, "KeyOrder") ? members.equals("1") ? "one node" : "all nodes" : "no",
                        offers(report, "Delay") ? days(report.getProperty("limit.delay")) : "no",
                        yes(report, "Expiry"),
                        yes(report, "AttemptMemory"),
                        yes(report, "SurroundingTransaction"),
                        yes(report, "Forwarding"),
                        report.getProperty("operations", "no").replace(",", ", "),
                        offers(report, "Outbound") ? limit(report.getProperty("limit.body-size"), "bytes") : "no");
            }
        };

        /** What reports of bindings begin with; those of state begin with the adapter. */
        private static final String PREFIX = "bindings-";

        /** Runs that only vary another one. */
        private static final Set<String> LEFT_OUT = Set.of("memory-bounded", "memory-decorated", "memory-leasing");

        final String page;
        private final String head;

        Kind(String page, String head) {
            this.page = page;
            this.head = head + "\n" + head.replaceAll("[^|]+", " --- ") + "\n";
        }

        abstract List<String> cells(Properties report);

        /** Return the backend that a report of this kind is about. */
        Optional<String> backend(Path report) {
            String name = report.getFileName().toString().replace(".properties", "");
            if (LEFT_OUT.contains(name) || name.startsWith(PREFIX) != (this == BINDINGS)) {
                return Optional.empty();
            }
            return Optional.of(name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name);
        }

        private static boolean offers(Properties report, String capability) {
            return List.of(report.getProperty("capabilities", "").split(",")).contains(capability);
        }

        private static String yes(Properties report, String capability) {
            return offers(report, capability) ? "yes" : "no";
        }

        private static String days(String duration) {
            return "%,d days".formatted(Duration.parse(duration).toDays());
        }
    }

    private final Path root;
    private final Kind kind;

    CapabilityTable(Path root, Kind kind) {
        this.root = root;
        this.kind = kind;
    }

    /** Write the tables into the pages. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        for (Kind kind : Kind.values()) {
            CapabilityTable table = new CapabilityTable(root, kind);
            Path page = root.resolve(kind.page);
            Files.writeString(page, table.render(Files.readString(page), table.measured()));
        }
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
                Optional<String> backend = kind.backend(file);
                if (backend.isPresent()) {
                    Properties report = new Properties();
                    try (Reader reader = Files.newBufferedReader(file)) {
                        report.load(reader);
                    }
                    rows.put(backend.get(), row(backend.get(), report));
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
        String table =
                kind.head + rows.values().stream().map((row) -> row + "\n").collect(Collectors.joining());
        return page.replace(BEGIN + between(page) + END, BEGIN + "\n" + table + END);
    }

    private static String between(String page) {
        int from = page.indexOf(BEGIN);
        int to = page.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalStateException("A page has no %s … %s".formatted(BEGIN, END));
        }
        return page.substring(from + BEGIN.length(), to);
    }

    String row(String name, Properties report) {
        return "| `%s` | %s | %s |"
                .formatted(name, String.join(" | ", kind.cells(report)), String.join(", ", notApplicable(report)));
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
