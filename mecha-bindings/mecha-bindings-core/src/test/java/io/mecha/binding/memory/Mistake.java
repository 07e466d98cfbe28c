// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.memory;

import io.mecha.binding.Ordering;
import io.mecha.binding.StartAt;
import io.mecha.binding.spi.AttemptMemory;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.ConsumerRequest;
import io.mecha.binding.spi.Delivery;
import io.mecha.binding.spi.HandledConfirmation;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.MessageConsumer;
import io.mecha.binding.spi.Receiver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mistake of a backend, and the behaviour that shows it. */
@SuppressWarnings("ImmutableEnumChecker") // makers keep nothing
enum Mistake {
    FORGETS_HEADERS(
            "Transfer", "carriesHeadersBesideAttributes", sending(message -> copy(message, Map.of(), message.body()))),
    LOSES_EMPTY_BODIES(
            "Transfer",
            "carriesNoBodyAndAnEmptyBody",
            sending(message ->
                    copy(message, message.headers(), message.body() == null ? new byte[0] : message.body()))),
    KEEPS_MESSAGES_FOR_NOBODY("Grouping", "handsEachMessageToEveryGroup", MistakenGroups::ignoringDeclarations),
    SHARES_MESSAGES_AMONG_GROUPS(
            "Grouping", "handsEachMessageToEveryGroup", receiving(request -> group(request, "all"))),
    GIVES_EACH_MEMBER_EVERYTHING(
            "Grouping",
            "handsEachMessageToOneMemberOfAGroup",
            receiving(request -> group(request, request.group() + UUID.randomUUID()))),
    IGNORES_WHERE_IT_RECEIVES_FROM(
            "Grouping", "knowsThatItReceivesWhatIsSentToItsDestination", real -> new ForwardingBackend(real) {
                @Override
                boolean receivesFrom(Inbound inbound, BindingBackend other) {
                    return false;
                }
            }),
    COUNTS_NOTHING("Grouping", "countsWhatAGroupHasNotAcknowledged", MistakenGroups::countingZero),
    COUNTS_UNKNOWN_GROUPS("Grouping", "countsNothingForAnUnknownGroup", MistakenGroups::countingZero),
    STARTS_LATE_GROUPS_AT_THE_END(
            "Grouping",
            "keepsMessagesForTheFirstGroupOrRefusesThem",
            receiving(request -> copy(
                    request, request.ordering(), StartAt.LATEST, request.maxInFlight(), request.maxBatch(), false))),
    KEEPS_EPHEMERAL_GROUPS(
            "Grouping",
            "forgetsAnEphemeralGroupWithItsConsumer",
            receiving(request -> copy(
                    request, request.ordering(), request.startAt(), request.maxInFlight(), request.maxBatch(), false))),
    ACKNOWLEDGES_AT_ONCE(
            "Delivering", "deliversAgainWhatWasNotFinishedWhenTheConsumerEnds", real -> new ForwardingBackend(real) {
                @Override
                void handOver(List<Delivery> deliveries, Receiver receiver) {
                    deliveries.forEach(Delivery::acknowledge);
                    receiver.receive(deliveries);
                }
            }),
    FORGETS_WHAT_IS_RELEASED("Delivering", "deliversAgainWhatWasReleased", real -> new ForwardingBackend(real) {
        @Override
        void release(Delivery delivery) {
            delivery.acknowledge();
        }
    }),
    KEEPS_THE_PLACE_OF_WHAT_IS_PUT_ASIDE(
            "Delivering", "letsOthersHaveThePlaceOfWhatWasPutAside", real -> new ForwardingBackend(real) {
                @Override
                void park(Delivery delivery) {}
            }),
    PUTS_ASIDE_NO_MORE_THAN_A_HUNDRED(
            "Delivering", "handsOutWhatComesAfterManyThatWerePutAside", real -> new ForwardingBackend(real) {
                private final AtomicInteger parked = new AtomicInteger();

                @Override
                void park(Delivery delivery) {
                    if (parked.incrementAndGet() <= 100) {
                        super.park(delivery);
                    }
                }
            }),
    FORGETS_WHAT_IS_PUT_ASIDE("Delivering", "losesNothingThatWasPutAside", real -> new ForwardingBackend(real) {
        @Override
        void park(Delivery delivery) {
            new Thread(delivery::acknowledge).start(); // not before the place is free
        }
    }),
    DELIVERS_WHAT_WAS_REJECTED("Delivering", "deliversWhatWasRejectedNeverAgain", real -> new ForwardingBackend(real) {
        @Override
        void reject(Delivery delivery) {
            delivery.release();
        }
    }),
    DELIVERS_WHAT_WAS_ACKNOWLEDGED(
            "Delivering", "acceptsAcknowledgementsInAnyOrder", real -> new ForwardingBackend(real) {
                @Override
                void acknowledge(Delivery delivery) {}
            }),
    COUNTS_NO_ATTEMPTS("Delivering", "countsAttempts", real -> new ForwardingBackend(real) {
        @Override
        int attempt(Delivery delivery) {
            return 1;
        }
    }),
    FORGETS_FAILED_ATTEMPTS("Delivering", "remembersAttemptsThatFailed", real -> new ForwardingBackend(real) {
        @Override
        void failed(AttemptMemory memory, Delivery delivery, int attempts) {}
    }),
    CLAIMS_LOST_DELIVERIES(
            "Delivering", "deliversAgainWhatWasNotFinishedWhenTheConsumerEnds", real -> new ForwardingBackend(real) {
                @Override
                boolean current(Delivery delivery) {
                    return true;
                }
            }),
    OVERFLOWS(
            "Consumers",
            "handsOutNoMoreThanThereIsRoomFor",
            receiving(request -> copy(
                    request, request.ordering(), request.startAt(), 1000, request.maxBatch(), request.ephemeral()))),
    HANDS_OUT_TOO_MUCH_AT_ONCE(
            "Consumers",
            "handsOutNoMoreAtOnceThanTheReceiverLikes",
            receiving(request -> copy(
                    request, request.ordering(), request.startAt(), request.maxInFlight(), 1000, request.ephemeral()))),
    IGNORES_PAUSES("Consumers", "handsOutNothingWhilePaused", MistakenConsumer::ignoringPauses),
    NEVER_RESUMES("Consumers", "beginsPausedWhenTold", MistakenConsumer::ignoringResumes),
    GOES_ON_AFTER_CLOSE("Consumers", "handsOutNothingAfterClose", MistakenConsumer::ignoringClose),
    DOES_NOT_WAIT_FOR_RECEIVERS("Consumers", "waitsForTheReceiverWhenClosed", MistakenConsumer::closingLater),
    IGNORES_THE_ORDER_OF_KEYS("Keys", "handsOutTheMessagesOfAKeyInOrder", real -> new ForwardingBackend(real) {
        @Override
        void handOver(List<Delivery> deliveries, Receiver receiver) {
            List<Delivery> reversed = new ArrayList<>(deliveries);
            Collections.reverse(reversed);
            receiver.receive(reversed);
        }
    }),
    GIVES_A_KEY_TO_SEVERAL_MEMBERS("Keys", "keepsTheOrderOfKeysAmongSeveralMembers", MistakenGroups::withoutOrder),
    DELIVERS_DELAYED_MESSAGES_AT_ONCE("Time", "deliversDelayedMessagesLater", sending(Mistake::withoutTimes)),
    DELIVERS_EXPIRED_MESSAGES("Time", "discardsMessagesThatExpired", sending(Mistake::withoutTimes)),
    FORWARDS_WITHOUT_ACKNOWLEDGING("Atomic", "forwardsAndAcknowledgesInOneStep", MistakenGroups::forwardingOnly),
    FORWARDS_WHAT_IS_NOT_OURS(
            "Atomic", "forwardsNothingOnceTheMessageIsNotOursAnyMore", MistakenGroups::forwardingOnly),
    CONFIRMS_TOO_EARLY("Atomic", "confirmsWhatEveryGroupAcknowledged", real -> new ForwardingBackend(real) {
        @Override
        HandledConfirmation confirmation(HandledConfirmation confirmation) {
            return message -> {
                confirmation.sendAndAwait(message);
                return CompletableFuture.completedFuture(null);
            };
        }
    });

    private final String group;
    private final String behaviour;
    private final UnaryOperator<BindingBackend> maker;

    Mistake(String group, String behaviour, UnaryOperator<BindingBackend> maker) {
        this.group = group;
        this.behaviour = behaviour;
        this.maker = maker;
    }

    String group() {
        return group;
    }

    String behaviour() {
        return behaviour;
    }

    BindingBackend makeIn(BindingBackend backend) {
        return maker.apply(backend);
    }

    private static UnaryOperator<BindingBackend> sending(UnaryOperator<Message> change) {
        return real -> new ForwardingBackend(real) {
            @Override
            Message outgoing(Message message) {
                return change.apply(message);
            }
        };
    }

    private static UnaryOperator<BindingBackend> receiving(UnaryOperator<ConsumerRequest> change) {
        return real -> new ForwardingBackend(real) {
            @Override
            MessageConsumer receive(Inbound inbound, ConsumerRequest request, Receiver receiver) {
                return super.receive(inbound, change.apply(request), receiver);
            }
        };
    }

    private static Message copy(Message message, Map<String, String> headers, byte @Nullable [] body) {
        return Message.received(message.key(), message.contentType(), message.attributes(), headers, body);
    }

    private static Message withoutTimes(Message message) {
        return copy(message, message.headers(), message.body());
    }

    private static ConsumerRequest group(ConsumerRequest request, String group) {
        return new ConsumerRequest(
                group,
                request.ordering(),
                request.startAt(),
                request.maxInFlight(),
                request.maxBatch(),
                request.ephemeral(),
                request.paused());
    }

    private static ConsumerRequest copy(
            ConsumerRequest request,
            Ordering ordering,
            StartAt startAt,
            int maxInFlight,
            int maxBatch,
            boolean ephemeral) {
        return new ConsumerRequest(
                request.group(), ordering, startAt, maxInFlight, maxBatch, ephemeral, request.paused());
    }
}
