// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.drain;

import static io.mecha.test.Eventually.eventually;
import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ends applications under load, each way there is; they run in JVMs of their own. */
class DrainIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern PORTS = Pattern.compile("ports (\\d+) (\\d+)");
    private static final int SIGTERM = 143;
    private static final int SENDERS = 3;

    /** How many answers with "Connection: close" each sender sees before it goes elsewhere, as behind a slow load balancer. */
    private static final int LAG = 5;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Process> processes = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private final Set<String> accepted = ConcurrentHashMap.newKeySet();

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
        threads.shutdownNow();
    }

    /** An application that runs. */
    private record Running(Process process, Path output, String main, String management) {}

    private interface End {

        void begin(Running application) throws Exception;
    }

    private Running start() throws IOException {
        Path output = Files.createTempFile(directory, "output", ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DrainApplication.class.getName(),
                        "--spring.config.name=drain",
                        "--spring.application.name=drain",
                        "--spring.main.banner-mode=off",
                        "--server.port=0",
                        "--management.server.port=0",
                        "--management.endpoints.web.exposure.include=health,shutdown,mechadrain",
                        "--management.endpoint.shutdown.access=unrestricted",
                        "--spring.datasource.url=jdbc:sqlite:" + directory.resolve("orders.db"),
                        "--mecha.data-directory=" + directory,
                        "--mecha.bindings.channels.orders.type=jdbc",
                        "--mecha.lifecycle.drain-delay=3s",
                        "--handled=" + directory.resolve("handled"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        processes.add(process);
        eventually(PATIENCE, () -> {
            if (!process.isAlive()) {
                throw new IllegalStateException("It did not start: " + read(output));
            }
            assertThat(read(output)).containsPattern(PORTS);
        });
        Matcher ports = PORTS.matcher(read(output));
        assertThat(ports.find()).isTrue();
        return new Running(process, output, "http://localhost:" + ports.group(1), "http://localhost:" + ports.group(2));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Set<String> handled() {
        return new LinkedHashSet<>(read(directory.resolve("handled")).lines().toList());
    }

    private HttpResponse<String> get(String address) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String address) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(address))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
    }

    /** Orders until it has been asked often enough to go elsewhere; every order has to be accepted. */
    private Callable<Integer> sender(Running application) {
        return () -> {
            int closing = 0;
            int sent = 0;
            while (closing < LAG) {
                String id = String.valueOf(ids.incrementAndGet());
                HttpResponse<String> response = post(application.main() + "/orders/" + id);
                assertThat(response.statusCode()).as(id).isEqualTo(200);
                accepted.add(id);
                sent++;
                if (response.headers().firstValue("connection").orElse("").equals("close")) {
                    closing++;
                }
            }
            return sent;
        };
    }

    /** Asks a probe until nobody answers, which is not before HTTP is over, and returns its distinct answers in order. */
    private Callable<List<Integer>> probe(Running application, String name) {
        return () -> {
            List<Integer> statuses = new ArrayList<>();
            while (true) {
                try {
                    int status = get(application.management() + "/actuator/health/" + name)
                            .statusCode();
                    if (statuses.isEmpty() || statuses.get(statuses.size() - 1) != status) {
                        statuses.add(status);
                    }
                } catch (IOException over) {
                    assertThatThrownBy(() -> get(application.main() + "/late")).isInstanceOf(IOException.class);
                    return statuses;
                }
            }
        };
    }

    private void endUnderLoad(int code, End end) throws Exception {
        Running application = start();
        List<Future<Integer>> senders = new ArrayList<>();
        for (int count = 0; count < SENDERS; count++) {
            senders.add(threads.submit(sender(application)));
        }
        Future<List<Integer>> readiness = threads.submit(probe(application, "readiness"));
        Future<List<Integer>> liveness = threads.submit(probe(application, "liveness"));
        CompletableFuture<HttpResponse<String>> late = http.sendAsync(
                HttpRequest.newBuilder(URI.create(application.main() + "/late")).build(), BodyHandlers.ofString());
        int before = ids.get();
        eventually(PATIENCE, () -> assertThat(ids.get()).isGreaterThan(before + 50));
        assertThat(late).isNotDone();

        end.begin(application);

        for (Future<Integer> sender : senders) {
            assertThat(sender.get()).isGreaterThanOrEqualTo(LAG);
        }
        assertThat(late.get().statusCode()).isEqualTo(200);
        assertThat(late.get().body()).isEqualTo("late");
        assertThat(application.process().waitFor(2, MINUTES)).isTrue();
        assertThat(readiness.get()).containsExactly(200, 503);
        assertThat(liveness.get()).containsExactly(200);
        assertThat(application.process().exitValue())
                .as(read(application.output()))
                .isEqualTo(code);
        assertThat(read(application.output())).doesNotContain("ERROR", "by force", "Exception");
    }

    @Test
    void losesAndFailsNothingHoweverItEnds() throws Exception {
        endUnderLoad(SIGTERM, (application) -> application.process().toHandle().destroy());
        endUnderLoad(0, (application) -> post(application.management() + "/actuator/shutdown"));
        endUnderLoad(0, (application) -> post(application.main() + "/close"));

        Running last = start();
        eventually(PATIENCE, () -> assertThat(handled()).containsAll(accepted));
        last.process().destroyForcibly();
    }
}
