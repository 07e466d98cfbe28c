// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A report of what a run of a contract found: {@code target/mecha-capabilities/<name>.properties}.
 *
 * <p>What the subject says of itself, such as {@code capabilities} and {@code limit.<name>}, and {@code
 * test.<group>.<behaviour>}, which is {@code passed}, {@code failed}, {@code skipped}, or {@code aborted:} and the reason.
 * Sorted, without dates, so that equal runs give equal files.
 *
 * @since 1.0
 */
public final class ContractReport implements AfterTestExecutionCallback, TestWatcher {

    /**
     * A contract, as its report sees it.
     *
     * @since 1.0
     */
    public interface Subject {

        /**
         * Return the name of the report.
         *
         * @return letters, digits, dots and hyphens; empty text to leave no report
         */
        String reportName();

        /**
         * Return what the subject of the running test says of itself.
         *
         * @return values by name, both without line breaks
         */
        Map<String, String> reportFacts();
    }

    private static final Path DIRECTORY = Path.of("target", "mecha-capabilities");
    private static final Namespace NAMESPACE = Namespace.create(ContractReport.class);

    /** Create an extension; JUnit does. */
    public ContractReport() {}

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Subject subject =
                context.getRequiredTestInstances().findInstance(Subject.class).orElseThrow();
        run(context).describe(subject);
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        run(context).outcome(context, "passed");
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        run(context).outcome(context, "aborted: " + (cause == null ? "" : cause.getMessage()));
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        run(context).outcome(context, "failed");
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        run(context).outcome(context, "skipped");
    }

    /** Find the run of the outermost class, which ends, and writes its file, when that class is done. */
    private static Run run(ExtensionContext context) {
        ExtensionContext outermost = context;
        while (isTestClass(outermost.getParent())) {
            outermost = outermost.getParent().orElseThrow();
        }
        return outermost.getStore(NAMESPACE).computeIfAbsent(Run.class);
    }

    private static boolean isTestClass(Optional<ExtensionContext> context) {
        return context.flatMap(ExtensionContext::getTestClass).isPresent();
    }

    static final class Run implements AutoCloseable {

        private final Map<String, String> lines = new ConcurrentHashMap<>();
        private volatile @Nullable String reportName;

        void describe(Subject subject) {
            reportName = subject.reportName();
            lines.putAll(subject.reportFacts());
        }

        void outcome(ExtensionContext context, String outcome) {
            lines.put(
                    "test.%s.%s"
                            .formatted(
                                    context.getRequiredTestClass().getSimpleName(),
                                    context.getRequiredTestMethod().getName()),
                    outcome.lines().findFirst().orElse(""));
        }

        @Override
        public void close() {
            String name = reportName;
            if (name == null || name.isEmpty()) {
                return;
            }
            try {
                Files.createDirectories(DIRECTORY);
                Files.write(
                        DIRECTORY.resolve(name + ".properties"),
                        new TreeMap<>(lines)
                                .entrySet().stream()
                                        .map(line -> line.getKey() + "=" + line.getValue())
                                        .toList());
            } catch (IOException failure) {
                throw new UncheckedIOException("The report of the contract cannot be written", failure);
            }
        }
    }
}
