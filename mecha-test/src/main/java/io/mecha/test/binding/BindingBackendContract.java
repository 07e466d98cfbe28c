// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.test.binding;

import io.mecha.Capabilities;
import io.mecha.binding.Bindings;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Delay;
import io.mecha.binding.spi.Expiry;
import io.mecha.binding.spi.KeyOrder;
import io.mecha.binding.spi.Operations;
import io.mecha.binding.spi.Outbound;
import io.mecha.state.KeyValueStore;
import io.mecha.test.contract.BackendContract;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;

/**
 * A contract of what every backend of bindings does; an adapter is done when a subclass passes.
 *
 * <p>Extend it once for each server that the adapter talks to, and for each supported version. What a backend does not
 * offer shows as aborted in the report. Each run leaves {@code target/mecha-capabilities/bindings-<adapter>.properties}, from
 * which the capability table of the documentation is made.
 *
 * @since 1.0
 */
public abstract class BindingBackendContract extends BackendContract<BindingBackend> {

    private String destination = "";

    /** Prepare a contract. */
    protected BindingBackendContract() {}

    /**
     * Open a backend for a destination, for a channel of the same name.
     *
     * @param destination lower-case letters, digits and hyphens; used by the current test only, which may open several backends
     *     for it, and empty at first. Make there what the adapter does not make itself
     * @return a new backend, which the contract closes after the test
     */
    protected abstract BindingBackend backend(String destination);

    /**
     * Open a backend for a destination as another process would, with a connection of its own.
     *
     * @param destination a destination of the current test
     * @return a new backend, which the contract closes after the test; empty if only one node can see the messages
     */
    protected abstract Optional<BindingBackend> anotherNode(String destination);

    /**
     * Return how to run something in a transaction that sends join.
     *
     * @return runs transactions on the resource of the backends; empty if the backend offers no {@code SurroundingTransaction}
     */
    protected Optional<Transactional> transactional() {
        return Optional.empty();
    }

    /**
     * Build the engine on the backends of a setup and start it, so that the contract can test what the engine makes of them.
     *
     * @param setup names the engine, and opens the backends of all channels that it asks for
     * @return an engine, by the clock of the setup, that makes a channel for every name; closed after the test if it can be; empty
     *     to leave out what needs one
     */
    protected Optional<Bindings> engine(EngineSetup setup) {
        return Optional.empty();
    }

    /**
     * Return where engines remember what they have handled, and keep what the backend cannot delay.
     *
     * @return a state store that all engines share; empty to leave out what needs one
     */
    protected Optional<KeyValueStore<byte[]>> store() {
        return Optional.empty();
    }

    /**
     * Return a client of the technology itself, for tests that a message which is passed on keeps what Mecha does not understand.
     *
     * @return empty if nobody but Mecha sends there, or if a message of Mecha says all that the technology carries
     */
    protected Optional<NativeClient> nativeClient() {
        return Optional.empty();
    }

    /**
     * Tell whether messages that are sent before any group is known wait for the first group.
     *
     * @return {@code false} if sending fails instead
     */
    protected boolean waitsForFirstGroup() {
        return true;
    }

    /**
     * Tell whether bytes that are not sent as body differ from a body without bytes when received.
     *
     * @return {@code false} if both may come as either
     */
    protected boolean tellsNoBodyFromEmptyBody() {
        return true;
    }

    /**
     * Tell whether deliveries count how often a message was handed out.
     *
     * @return {@code false} if a message that comes again looks like one that comes for the first time
     */
    protected boolean countsAttempts() {
        return true;
    }

    /**
     * Tell whether deliveries that are put aside stay with the node while they are few.
     *
     * @return {@code false} if the server takes them back at once, and hands them out again much later
     */
    protected boolean holdsWhatIsPutAside() {
        return true;
    }

    /**
     * Return how many messages of a group may be put aside on a node before they hold up others.
     *
     * @return what the documentation of the backend says; any number unless overridden
     */
    protected int mostPutAside() {
        return Integer.MAX_VALUE;
    }

    /**
     * Tell whether a backend knows that it receives what is sent to its destination.
     *
     * @return {@code false} if the address to receive at and the address to send to cannot be compared
     */
    protected boolean knowsItsDestination() {
        return true;
    }

    /**
     * Open a backend for a destination on a node that a test can let stand still, for longer than others wait for it.
     *
     * @param destination a destination of the current test
     * @return a node whose hold on what it was handed out ends soon, at most after some two seconds; empty if there is nobody who would
     *     take anything away from a node that stands still
     */
    protected Optional<PausableNode> pausableNode(String destination) {
        return Optional.empty();
    }

    /**
     * Return how long a handler may work without that its message is handed out again.
     *
     * @return longer than any lease of the backend, for which the test waits
     */
    protected Duration longHandling() {
        return Duration.ofSeconds(1);
    }

    /** A client of the technology that other programs use, which carries more than a message of Mecha says. */
    public interface NativeClient {

        /**
         * Send one message that is no event, with everything that the technology can carry.
         *
         * @param destination a destination of the current test
         */
        void send(String destination);

        /**
         * Begin to watch a destination.
         *
         * @param destination a destination of the current test
         * @return returns for each message since, in order, one line for each thing that it carries beside its body
         */
        Supplier<List<List<String>>> watch(String destination);
    }

    /** A node that stands still when told to, as one does whose process is stopped or whose garbage is collected. */
    public interface PausableNode {

        /**
         * Return the backend of the node.
         *
         * @return the same for each call; the contract closes it after the test
         */
        BindingBackend backend();

        /** Stand still: neither take nor say anything, until {@link #resume()}; what was handed out is not finished by that. */
        void pause();

        /** Go on as if no time had passed; also when it does not stand still. */
        void resume();
    }

    /** A transaction manager of the application. */
    public interface Transactional {

        /**
         * Return what the transactions are on.
         *
         * @return for example a {@code DataSource}
         */
        Object resource();

        /**
         * Run in a transaction and commit it.
         *
         * @param work runs on this thread
         */
        void commit(Runnable work);

        /**
         * Run in a transaction and roll it back.
         *
         * @param work runs on this thread
         */
        void rollBack(Runnable work);
    }

    @Override
    public final String reportName() {
        return adapter().isEmpty() ? "" : "bindings-" + adapter();
    }

    @Override
    protected final Map<String, String> facts(BindingBackend backend) {
        Map<String, String> facts = new TreeMap<>();
        Capabilities capabilities = backend.capabilities();
        capabilities
                .find(Outbound.class)
                .ifPresent(handle -> facts.put("limit.body-size", Integer.toString(handle.maximumBodySize())));
        capabilities
                .find(Delay.class)
                .ifPresent(handle -> facts.put("limit.delay", handle.maximum().toString()));
        capabilities
                .find(Expiry.class)
                .ifPresent(handle ->
                        facts.put("limit.time-to-live", handle.maximum().toString()));
        capabilities
                .find(KeyOrder.class)
                .ifPresent(handle -> facts.put("limit.active-members", Integer.toString(handle.activeMembers())));
        capabilities
                .find(Operations.class)
                .ifPresent(handle ->
                        facts.put("operations", handle.names().stream().sorted().collect(Collectors.joining(","))));
        return facts;
    }

    @Override
    protected final BindingBackend newBackend() {
        destination = "t" + UUID.randomUUID().toString().substring(0, 18);
        return backend(destination);
    }

    /** Open another backend for the same test. */
    final BindingBackend open(String destination) {
        return keep(backend(destination));
    }

    /** Return the destination of the current backend; more for the same test begin with it. */
    final String destination() {
        return destination;
    }

    /** A backend's description of itself, and its end. */
    @Nested
    class Lifecycle extends LifecycleBehaviour {
        Lifecycle() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages that arrive as they were sent. */
    @Nested
    class Transfer extends TransferBehaviour {
        Transfer() {
            super(BindingBackendContract.this);
        }
    }

    /** Many senders, and several messages in one call. */
    @Nested
    class Sending extends SendBehaviour {
        Sending() {
            super(BindingBackendContract.this);
        }
    }

    /** Groups, and which messages each gets. */
    @Nested
    class Grouping extends GroupBehaviour {
        Grouping() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages are finished once, or come again. */
    @Nested
    class Delivering extends DeliveryBehaviour {
        Delivering() {
            super(BindingBackendContract.this);
        }
    }

    /** Consumers that pause, close and crash. */
    @Nested
    class Consumers extends ConsumerBehaviour {
        Consumers() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages of one key, one after another. */
    @Nested
    class Keys extends KeyOrderBehaviour {
        Keys() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages that come later, or not any more. */
    @Nested
    class Time extends TimeBehaviour {
        Time() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages sent together with something else. */
    @Nested
    class Atomic extends AtomicBehaviour {
        Atomic() {
            super(BindingBackendContract.this);
        }
    }

    /** A server that goes and comes back. */
    @Nested
    class Faults extends FaultBehaviour {
        Faults() {
            super(BindingBackendContract.this);
        }
    }

    /** A node that stands still for longer than others wait for it. */
    @Nested
    class Pauses extends PauseBehaviour {
        Pauses() {
            super(BindingBackendContract.this);
        }
    }

    /** The engine's behaviour when somebody sets the clock. */
    @Nested
    class Clocks extends ClockBehaviour {
        Clocks() {
            super(BindingBackendContract.this);
        }
    }

    /** The engine's attempts and the pauses between them. */
    @Nested
    class Retrying extends RetryBehaviour {
        Retrying() {
            super(BindingBackendContract.this);
        }
    }

    /** Events that the engine puts aside, and their way back. */
    @Nested
    class DeadLetters extends DeadLetterBehaviour {
        DeadLetters() {
            super(BindingBackendContract.this);
        }
    }

    /** Messages that are passed on untouched. */
    @Nested
    class PassingOn extends PassOnBehaviour {
        PassingOn() {
            super(BindingBackendContract.this);
        }
    }

    /** Events that the engine handles at once, and those that it handles in order. */
    @Nested
    class Lanes extends LaneBehaviour {
        Lanes() {
            super(BindingBackendContract.this);
        }
    }

    /** Events that come more than once. */
    @Nested
    class Duplicates extends DuplicateBehaviour {
        Duplicates() {
            super(BindingBackendContract.this);
        }
    }

    /** Several messages in one call of a handler. */
    @Nested
    class Batches extends BatchBehaviour {
        Batches() {
            super(BindingBackendContract.this);
        }
    }

    /** Replies and pipes. */
    @Nested
    class Conversations extends ConversationBehaviour {
        Conversations() {
            super(BindingBackendContract.this);
        }
    }

    /** Subscriptions that come and go, and what they get. */
    @Nested
    class Subscriptions extends SubscriptionBehaviour {
        Subscriptions() {
            super(BindingBackendContract.this);
        }
    }
}
