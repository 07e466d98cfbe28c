// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import io.mecha.test.TcpProxy;
import java.util.Map;
import java.util.TreeMap;
import kafka.server.BrokerServer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.network.ListenerName;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** A broker in this JVM, with one way straight to it and one through a proxy. */
final class Broker implements AutoCloseable {

    static final int PARTITIONS = 4;

    /** Begins without a target: the broker has to know the proxy's port before it has its own. */
    private final TcpProxy proxy = new TcpProxy(0);

    private final EmbeddedKafkaKraftBroker broker;

    /**
     * Return the broker for the tests of this JVM that break neither it nor the way to it; it ends with the JVM. A group is
     * one for all topics there: each class of tests needs names of its own for both.
     */
    static Broker shared() {
        return Shared.BROKER;
    }

    private static final class Shared {

        static final Broker BROKER = new Broker();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close));
        }
    }

    Broker() {
        this(Map.of());
    }

    Broker(Map<String, String> more) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("listeners", "EXTERNAL://localhost:0,DIRECT://localhost:0,CONTROLLER://localhost:0");
        properties.put("advertised.listeners", "EXTERNAL://localhost:%d,DIRECT://localhost:0".formatted(proxy.port()));
        properties.put("listener.security.protocol.map", "EXTERNAL:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("inter.broker.listener.name", "DIRECT");
        properties.put("offsets.topic.num.partitions", "3");
        properties.put("transaction.state.log.num.partitions", "3");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        properties.put("group.consumer.min.heartbeat.interval.ms", "100");
        properties.put("group.consumer.heartbeat.interval.ms", "200");
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("group.consumer.min.session.timeout.ms", "1000");
        properties.put("group.consumer.session.timeout.ms", "3000");
        properties.put("offsets.retention.check.interval.ms", "60000");
        properties.putAll(more);
        broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
        broker.brokerProperties(properties);
        broker.afterPropertiesSet();
        proxy.target(port("EXTERNAL"));
    }

    private int port(String listener) {
        return broker.getCluster().brokers().get(0).boundPort(new ListenerName(listener));
    }

    /** Stop the broker as an operator does, and start it on the same data. */
    void restart() {
        BrokerServer server = broker.getCluster().brokers().get(0);
        server.shutdown();
        server.awaitShutdown();
        server.startup();
        proxy.target(port("EXTERNAL"));
    }

    TcpProxy proxy() {
        return proxy;
    }

    Map<String, Object> proxied() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + proxy.port());
    }

    Map<String, Object> direct() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, "localhost:" + port("DIRECT"));
    }

    @Override
    public void close() {
        broker.destroy();
        proxy.close();
    }
}
