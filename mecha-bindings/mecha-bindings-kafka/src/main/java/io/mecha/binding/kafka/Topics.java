// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topics that a channel receives from: one, several, or all whose names match. Only one can be sent to. */
final class Topics {

    private static final TopicCreation AS_IT_IS = new TopicCreation(false, null, null, Map.of());

    private final Supplier<Admin> admin;
    private final String channel;
    private final List<Topic> named;
    private final @Nullable Pattern pattern;

    private Topics(Supplier<Admin> admin, String channel, List<Topic> named, @Nullable Pattern pattern) {
        this.admin = admin;
        this.channel = channel;
        this.named = named;
        this.pattern = pattern;
    }

    static Topics named(Supplier<Admin> admin, String channel, List<String> names, TopicCreation creation) {
        return new Topics(
                admin,
                channel,
                names.stream()
                        .map(name -> new Topic(admin, channel, name, creation))
                        .toList(),
                null);
    }

    /** Take all whose whole names match, but for dead letters and replies of the channel itself. */
    static Topics matching(Supplier<Admin> admin, String channel, String pattern) {
        Pattern.compile(pattern); // says what is wrong in the words of the user
        String own = Pattern.quote(channel) + "\\.(dead|replies)(\\..*)?";
        return new Topics(admin, channel, List.of(), Pattern.compile("(?!" + own + "$)(?:" + pattern + ")"));
    }

    /** Return the only topic, or {@code null} if there may be more. */
    @Nullable Topic only() {
        return named.size() == 1 ? named.get(0) : null;
    }

    boolean contains(String name) {
        return pattern == null
                ? named.stream().anyMatch(topic -> topic.name().equals(name))
                : pattern.matcher(name).matches();
    }

    /** Make sure that those exist which may be created. */
    void prepare(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        named.forEach(topic -> topic.prepare(Topic.left(deadline)));
    }

    void subscribe(Consumer<byte[], byte[]> consumer, ConsumerRebalanceListener listener) {
        if (pattern == null) {
            consumer.subscribe(named.stream().map(Topic::name).toList(), listener);
        } else {
            consumer.subscribe(pattern, listener);
        }
    }

    /** Return the partitions of all topics that there are. */
    List<TopicPartition> partitions(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : pattern == null ? named : found(patience)) {
            partitions.addAll(topic.partitions(Topic.left(deadline)));
        }
        return partitions;
    }

    private List<Topic> found(Duration patience) {
        return KafkaCluster.await(admin.get().listTopics().names(), patience).stream()
                .filter(this::contains)
                .map(this::topic)
                .toList();
    }

    private Topic topic(String name) {
        return new Topic(admin, channel, name, AS_IT_IS);
    }

    /** Return what tells a topic from an earlier one of the same name. */
    String id(String name, Duration patience) {
        return Objects.requireNonNullElseGet(only(), () -> topic(name)).id(patience);
    }
}
