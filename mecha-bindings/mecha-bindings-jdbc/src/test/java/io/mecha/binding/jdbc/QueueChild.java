// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.jdbc;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.Inbound;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Be another process: receive by key, and note in a table what was handled, until killed. */
final class QueueChild {

    private QueueChild() {}

    public static void main(String[] arguments) throws IOException {
        DataSource dataSource = new DriverManagerDataSource(arguments[0]);
        BindingBackend backend = TestSettings.factory(dataSource)
                .create(new TestSettings(
                        arguments[1], TestSettings.options(Duration.ofSeconds(5), Duration.ofSeconds(2))));
        JdbcTemplate template = new JdbcTemplate(dataSource);
        ConsumerRequest request = new ConsumerRequest("group", Ordering.KEY, StartAt.EARLIEST, 50, 10, false, false);
        backend.capabilities().find(Inbound.class).orElseThrow().receive(request, deliveries -> {
            for (Delivery delivery : deliveries) {
                if (delivery.current()) {
                    String body = new String(delivery.message().body(), StandardCharsets.UTF_8);
                    template.update(
                            "insert into handled (msg_key, n) values (?, ?)",
                            delivery.message().key(),
                            Integer.valueOf(body));
                    delivery.acknowledge();
                }
            }
        });
        while (System.in.read() >= 0) {
            // until the parent is gone
        }
        System.exit(0);
    }

    static Process start(String url, String destination) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        QueueChild.class.getName(),
                        url,
                        destination)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
