// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Connect to servers on this machine. */
final class TestServers {

    private TestServers() {}

    static RabbitServer connect(int port) {
        return connect(port, "guest", "/");
    }

    /** Keeps what is put aside for so long. */
    static RabbitServer connectHolding(int port, Duration hold) {
        return new RabbitServer(
                factory(port, "guest", "/"),
                List.of(new Address("127.0.0.1", port)),
                "test",
                Duration.ofSeconds(3),
                hold);
    }

    /** Reads elapsed time from a clock, with a heartbeat of 8 s. */
    static RabbitServer connectTimed(int port, LongSupplier nanos) {
        ConnectionFactory factory = factory(port, "guest", "/");
        factory.setRequestedHeartbeat(8);
        return new RabbitServer(
                factory,
                List.of(new Address("127.0.0.1", port)),
                "test",
                Duration.ofSeconds(3),
                Duration.ofMinutes(10),
                nanos);
    }

    /** Has the broker end the connection of a client that says nothing for a second. */
    static RabbitServer connectImpatiently(int port) {
        ConnectionFactory factory = factory(port, "guest", "/");
        factory.setRequestedHeartbeat(1);
        return new RabbitServer(factory, List.of(new Address("127.0.0.1", port)), "test", Duration.ofSeconds(3));
    }

    static RabbitServer connect(int port, String password, String virtualHost) {
        return new RabbitServer(
                factory(port, password, virtualHost),
                List.of(new Address("127.0.0.1", port)),
                "test",
                Duration.ofSeconds(3));
    }

    /** Tells the name of each connection that is opened. */
    static RabbitServer connectCounting(int port, List<String> opened) {
        ConnectionFactory counting = new ConnectionFactory() {
            @Override
            public Connection newConnection(List<Address> addresses, String name) throws IOException, TimeoutException {
                opened.add(name);
                return super.newConnection(addresses, name);
            }
        };
        return new RabbitServer(counting, List.of(new Address("127.0.0.1", port)), "test", Duration.ofSeconds(3));
    }

    private static ConnectionFactory factory(int port, String password, String virtualHost) {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPassword(password);
        factory.setVirtualHost(virtualHost);
        factory.setHost("127.0.0.1");
        factory.setPort(port);
        factory.setConnectionTimeout(2_000);
        factory.setHandshakeTimeout(4_000);
        return factory;
    }
}
