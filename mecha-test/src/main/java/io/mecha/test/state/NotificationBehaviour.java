// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.state.spi.ChangeNotifications;
import io.mecha.state.spi.ChangeNotifications.Subscription;
import io.mecha.state.spi.StateBackend;
import io.mecha.state.spi.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

abstract class NotificationBehaviour extends StateGroup {

    private static final String PROBE = "probe";

    private final List<Subscription> subscriptions = new ArrayList<>();

    NotificationBehaviour(StateBackendContract contract) {
        super(contract);
    }

    @BeforeEach
    void requireChangeNotifications() {
        capability(ChangeNotifications.class);
    }

    @AfterEach
    void closeSubscriptions() {
        subscriptions.forEach(Subscription::close);
    }

    @Test
    void tellsOfAPut() {
        Heard heard = listen(backend(), "");

        write(put("key", "value"));

        eventually(() -> assertThat(heard.keys).containsOnly("key"));
    }

    @Test
    void tellsOfAReplacement() {
        String version = written(put("key", "old"));
        Heard heard = listen(backend(), "");

        write(replace("key", "new", version));

        eventually(() -> assertThat(heard.keys).containsOnly("key"));
    }

    @Test
    void tellsOfARemoval() {
        write(put("key", "value"));
        Heard heard = listen(backend(), "");

        write(remove("key"));

        eventually(() -> assertThat(heard.keys).containsOnly("key"));
    }

    @Test
    void tellsOfABulk() {
        write(put("c", "value"));
        Heard heard = listen(backend(), "");

        backend().writeAll(List.of(put("a", "value"), put("b", "value"), remove("c")));

        eventually(() -> assertThat(heard.keys).contains("a", "b", "c"));
    }

    @Test
    void tellsOfATransaction() {
        Transactions transactions = capability(Transactions.class);
        write(put("c", "value"));
        Heard heard = listen(backend(), "");

        transactions.execute(List.of(put("a", "value"), put("b", "value"), remove("c")));

        eventually(() -> assertThat(heard.keys).contains("a", "b", "c"));
    }

    @Test
    void tellsOfAnyKey() {
        List<String> keys = List.of("a||b", "😀", "a b", "a ", "A'\"\\", "漢".repeat(KeyBehaviour.LONGEST), "{a}*?[b]");
        Heard heard = listen(backend(), "");

        keys.forEach(key -> write(put(key, "value")));

        eventually(() -> assertThat(heard.keys).containsAll(keys));
    }

    @Test
    void tellsOnlyOfKeysWithThePrefix() {
        Heard some = listen(backend(), "a%");
        Heard all = listen(backend(), "");

        List.of("a1", "A%1", "a", "b", "a%1", "xa%1").forEach(key -> write(put(key, "value")));
        write(put("a%2", "value"));

        eventually(() -> assertThat(all.keys).contains("xa%1", "a%2"));
        eventually(() -> assertThat(some.keys).contains("a%1", "a%2"));
        assertThat(some.keys).containsOnly("a%1", "a%2");
    }

    @Test
    void tellsAfterTheChangeCanBeRead() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        listen(backend(), "", key -> seen.add(key + "=" + text(key)));

        write(put("key", "value"));

        eventually(() -> assertThat(seen).contains("key=value"));
    }

    @Test
    void tellsWhatAnotherNodeDid() {
        StateBackend other = anotherNode();
        Heard heard = listen(backend(), "");

        other.write(put("put", "value"));
        other.write(remove("put"));
        other.writeAll(List.of(put("bulk", "value")));

        eventually(() -> assertThat(heard.keys).contains("put", "bulk"));
    }

    @Test
    void tellsEveryListener() {
        Heard first = listen(backend(), "");
        Heard second = listen(backend(), "k");

        write(put("key", "value"));

        eventually(() -> assertThat(first.keys).contains("key"));
        eventually(() -> assertThat(second.keys).contains("key"));
    }

    @Test
    void tellsOfOneChangeAfterTheOther() {
        AtomicInteger inside = new AtomicInteger();
        Queue<Integer> together = new ConcurrentLinkedQueue<>();
        Queue<String> keys = new ConcurrentLinkedQueue<>();
        listen(backend(), "", key -> {
            together.add(inside.incrementAndGet());
            keys.add(key);
            inside.decrementAndGet();
        });

        List<String> written = IntStream.range(0, 200).mapToObj(i -> "key-" + i).toList();
        written.parallelStream().forEach(key -> write(put(key, "value")));

        eventually(() -> assertThat(keys).containsAll(written));
        assertThat(together).containsOnly(1);
    }

    @Test
    void goesOnAfterAListenerFailed() {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        listen(backend(), "", key -> {
            seen.add(key);
            if (key.equals("bad")) {
                throw new IllegalStateException("thrown by a listener on purpose");
            }
        });
        Heard other = listen(backend(), "");

        write(put("bad", "value"));
        write(put("good", "value"));

        eventually(() -> assertThat(seen).contains("bad", "good"));
        eventually(() -> assertThat(other.keys).contains("bad", "good"));
    }

    @Test
    void fallsSilentWhenClosed() {
        Heard closed = listen(backend(), "");
        Heard open = listen(backend(), "");

        closed.subscription().close();
        closed.subscription().close();
        write(put("late", "value"));

        eventually(() -> assertThat(open.keys).contains("late"));
        assertThat(closed.keys).doesNotContain("late");
    }

    @Test
    void takesTheCloseOfASubscriptionAfterTheBackend() {
        Heard heard = listen(backend(), "");

        backend().close();

        heard.subscription().close();
    }

    private Heard listen(StateBackend backend, String prefix) {
        return listen(backend, prefix, key -> {});
    }

    /** Listen, and wait until the listening has begun: it connects in the background. */
    private Heard listen(StateBackend backend, String prefix, Consumer<String> reaction) {
        ChangeNotifications notifications =
                backend.capabilities().find(ChangeNotifications.class).orElseThrow();
        Listening listening = new Listening(reaction);
        Subscription subscription = notifications.listen(prefix, listening);
        subscriptions.add(subscription);
        eventually(() -> {
            write(put(prefix + PROBE, "value"));
            assertThat(listening.probes).as("probes heard").hasPositiveValue();
        });
        return new Heard(listening.keys, subscription);
    }

    /** The changes that a listener was told, without the probes. */
    private record Heard(Queue<String> keys, Subscription subscription) {}

    private static final class Listening implements ChangeNotifications.Listener {

        final Queue<String> keys = new ConcurrentLinkedQueue<>();
        final AtomicInteger probes = new AtomicInteger();
        private final Consumer<String> reaction;

        Listening(Consumer<String> reaction) {
            this.reaction = reaction;
        }

        @Override
        public void changed(String key) {
            if (key.endsWith(PROBE)) {
                probes.incrementAndGet();
            } else {
                keys.add(key);
                reaction.accept(key);
            }
        }

        @Override
        public void missed() {}
    }
}
