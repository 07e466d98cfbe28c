// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.engine;

import static io.mecha.binding.engine.ReceiveKit.fast;
import static io.mecha.binding.engine.ReceiveKit.soon;
import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.Secret;
import io.mecha.binding.Ordering;
import io.mecha.binding.Outcome;
import io.mecha.binding.RedriveRequest;
import io.mecha.binding.RedriveResult;
import io.mecha.binding.SubscriptionSpec;
import io.mecha.binding.channel.Marks;
import io.mecha.binding.event.DeadLetterNotes;
import io.mecha.binding.spi.Message;
import io.mecha.binding.spi.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarksTests {

    private static final Secret OLD = Secret.of("the key of last year");
    private static final Secret NEW = Secret.of("the key of this year");

    private final ReceiveKit kit = new ReceiveKit();
    private final Queue<String> handled = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        kit.close();
    }

    private static Message message(@Nullable String id, String body) {
        Map<String, String> attributes = id == null ? Map.of() : Map.of("id", id);
        return Message.received(null, null, attributes, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static Message only(Marks marks, Message message, String place, String group) {
        return marks.marked(message, message.attributes(), message.headers(), Marks.Kind.ONLY, place, group, "run");
    }

    private static Message with(Message message, @Nullable String id, String body) {
        Message other = message(id, body);
        return Message.received(null, null, other.attributes(), message.headers(), other.body());
    }

    @Test
    void verifiesWhatIsSignedWithTheSameKey() {
        Message signed = only(new Marks(SigningKeys.of(OLD, List.of())), message("1", "a"), "orders", "billing");

        assertThat(new Marks(SigningKeys.of(OLD, List.of())).of(signed))
                .isEqualTo(new Marks.Mark(Marks.Kind.ONLY, "orders", "billing", "run", "", true));
        assertThat(new Marks(SigningKeys.of(NEW, List.of(OLD))).of(signed))
                .matches(mark -> mark != null && mark.verified());
        assertThat(new Marks(SigningKeys.of(NEW, List.of())).of(signed))
                .matches(mark -> mark != null && !mark.verified());
        assertThat(new Marks(SigningKeys.of(null, List.of())).of(signed))
                .matches(mark -> mark != null && !mark.verified());
    }

    @Test
    void bindsAMarkToItsMessage() {
        Marks marks = new Marks(SigningKeys.of(OLD, List.of()));
        Message event = only(marks, message("1", "a"), "orders", "billing");
        Message raw = only(marks, message(null, "a"), "orders", "billing");

        assertThat(marks.of(with(event, "2", "a"))).matches(mark -> mark != null && !mark.verified());
        assertThat(marks.of(with(event, "1", "b"))).matches(mark -> mark != null && !mark.verified());
        assertThat(marks.of(with(event, "1", "a"))).matches(mark -> mark != null && mark.verified());
        assertThat(marks.of(with(event, "1a", ""))).matches(mark -> mark != null && !mark.verified());
        assertThat(marks.of(with(event, null, "1a"))).matches(mark -> mark != null && !mark.verified());
        assertThat(marks.of(with(raw, null, "b"))).matches(mark -> mark != null && !mark.verified());
        assertThat(marks.of(with(raw, null, "a"))).matches(mark -> mark != null && mark.verified());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v1", "v1..", "v2.AAAA.AAAA", "v1.*.*", "v1.AAAA.AAAA", "v1.AAROT05F.AAAA"})
    void takesNothingElseForAMark(String text) {
        Message message = Message.received(null, null, Map.of(), Map.of("mecha-mark", text), null);

        assertThat(new Marks(SigningKeys.of(OLD, List.of())).of(message)).isNull();
    }

    @Test
    void handlesWhatIsMarkedForAnotherGroupByNobodyKnownOrForAnotherChannel() {
        kit.key = OLD;
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.id() + event.headers() + event.extensions());
            return Outcome.ack();
        });
        Marks marks = new Marks(SigningKeys.of(OLD, List.of()));

        kit.orders.send("1", only(new Marks(SigningKeys.of(NEW, List.of())), event("1"), "orders", "shipping"));
        kit.orders.send("2", only(marks, event("2"), "invoices", "shipping"));
        kit.orders.send("3", only(marks, event("3"), "orders", "shipping"));
        kit.orders.send("4", only(marks, event("4"), "orders", ReceiveKit.GROUP));

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(4));
        assertThat(handled).containsExactlyInAnyOrder("1{}{}", "2{}{}", "4{}{}");
    }

    @Test
    void leavesWhatIsNoEventToTheGroupItWasSentBackTo() {
        kit.key = OLD;
        kit.engine().subscribe(spec(), event -> Outcome.ack());

        kit.orders.send(
                "1", only(new Marks(SigningKeys.of(OLD, List.of())), message(null, "no event"), "orders", "shipping"));

        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent()).isEmpty();
    }

    @Test
    void letsNobodyElseSayWhatADeadLetterSays() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("no"));

        kit.send("1", null, Map.of("mechadeadgroup", "shipping", "mechadeadexception", "none", "mechadeadreason", "x"));

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent().get(0).attributes())
                .containsEntry("mechadeadgroup", ReceiveKit.GROUP)
                .containsEntry("mechadeadreason", "no")
                .doesNotContainKey("mechadeadexception");
    }

    @Test
    void signsWhereAnEventLies() {
        Marks marks = new Marks(SigningKeys.of(OLD, List.of()));
        Message letter = letter(marks, "orders-0@17");
        Message other = letter(marks, "orders-0@18");

        assertThat(marks.of(letter))
                .isEqualTo(new Marks.Mark(Marks.Kind.DEAD, "orders", "billing", "", "orders-0@17", true));
        assertThat(marks.of(signedAs(letter, other))).matches(mark -> mark != null && !mark.verified());
    }

    private static Message letter(Marks marks, String position) {
        Message message = message("1", "a");
        return marks.marked(
                message, message.attributes(), Map.of(), Marks.Kind.DEAD, "orders", "billing", "", position);
    }

    /** Returns a message with the payload of its mark, and the signature of another. */
    private static Message signedAs(Message message, Message other) {
        String mark = message.headers().getOrDefault("mecha-mark", "");
        String signature = other.headers().getOrDefault("mecha-mark", "");
        String forged = mark.substring(0, mark.lastIndexOf('.')) + signature.substring(signature.lastIndexOf('.'));
        return Message.received(null, null, message.attributes(), Map.of("mecha-mark", forged), message.body());
    }

    @Test
    void givesUpAWholeEventWithoutWhatWouldPassForAnotherAttribute() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("no"));
        String json =
                "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"a\",\"tenant\":\"t\",\"ID\":\"2\","
                        + "\"TYPE\":\"b\",\"MECHADEADPOSITION\":\"x\",\"PARTITION\u212aEY\":\"k\",\"my_ext\":\"y\",\"data\":\"d\"}";

        kit.orders.send("1", whole(json));

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent().get(0).attributes())
                .containsAllEntriesOf(Map.of("id", "1", "type", "a", "tenant", "t", "my_ext", "y"))
                .allSatisfy((name, value) -> assertThat(name).isLowerCase())
                .doesNotContainKey("mechadeadposition");
    }

    @Test
    void takesNothingForItsOwnThatIsWrittenInUpperCase() {
        assertThat(DeadLetterNotes.without(
                        Map.of("MechaDeadPosition", "x", "\u212aNATIVEERRORCODE", "y", "tenant", "t")))
                .isEqualTo(Map.of("tenant", "t"));
    }

    @Test
    void leavesASendersOwnWordsThatOnlyBeginLikeItsOwn() {
        Map<String, String> own = Map.of("knativeerrortrace", "x", "mechadeadline", "y", "knativearrivaltime", "z");

        assertThat(DeadLetterNotes.without(own)).isEqualTo(own);
    }

    @Test
    void replacesAllThatKnativeSaidOfAnEarlierFailureWhenItGivesUp() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("no stock"));
        String json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
                + "\"knativeerrordest\":\"http://old\",\"knativeerrorcode\":\"503\",\"knativeerrordata\":\"old\","
                + "\"knativeerrortrace\":\"kept\"}";

        kit.orders.send("1", whole(json));

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent().get(0).attributes())
                .containsEntry("knativeerrordest", "orders")
                .containsEntry("knativeerrorcode", "422")
                .containsEntry("knativeerrortrace", "kept")
                .doesNotContainKey("knativeerrordata");
    }

    @Test
    void showsWhatKnativeSaidOfAnEarlierFailureToTheHandler() {
        Queue<Object> seen = new ConcurrentLinkedQueue<>();
        kit.engine().subscribe(spec(), event -> {
            seen.add(event.extensions().get("knativeerrordest"));
            return Outcome.ack();
        });
        String json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\","
                + "\"knativeerrordest\":\"http://old\"}";

        kit.orders.send("1", whole(json));

        soon(() -> assertThat(seen).containsExactly("http://old"));
    }

    @Test
    void describesAFailureInPrintableText() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("line 1\nline 2\uD83D"));

        kit.send("1");

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent().get(0).attributes())
                .containsEntry("mechadeadreason", "line 1 line 2 ");
    }

    @Test
    void keepsTheBytesOfAnEventWithHalfACharacter() {
        kit.engine().subscribe(spec(), event -> Outcome.ack());
        String json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"subject\":\"\\ud800\"}";

        kit.orders.send("1", whole(json));

        soon(() -> assertThat(kit.broker("orders.dead").sent()).hasSize(1));
        assertThat(kit.broker("orders.dead").sent().get(0).body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(json);
    }

    @Test
    void sendsBackOnlyWhatAGroupGaveUp() {
        kit.engine().subscribe(spec(), event -> Outcome.ack());
        Map<String, String> notes = Map.of("mechadeadgroup", ReceiveKit.GROUP, "mechadeadchannel", "orders");
        kit.broker("orders.dead").declare(ReceiveKit.GROUP, Ordering.NONE);
        kit.broker("orders.dead").send("1", Message.received(null, null, notes, Map.of(), null));

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 1)).isZero();
        assertThat(kit.broker("orders.dead").lag(ReceiveKit.GROUP)).hasValue(1);
    }

    @Test
    void sendsBackWhatWasGivenUpBeforeARestartOnlyIfItNeedNotBeSigned() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("not yet"));
        kit.send("1");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));

        kit.restart().subscribe(spec(), event -> {
            handled.add(event.id());
            return Outcome.ack();
        });

        RedriveRequest request = RedriveRequest.of("orders", ReceiveKit.GROUP, 1);
        assertThat(kit.engine().redrive(request)).isEqualTo(new RedriveResult(0, 1));
        assertThat(kit.broker("orders.dead").lag(ReceiveKit.GROUP)).hasValue(1);

        assertThat(kit.engine().redrive(request.withUnsigned())).isEqualTo(new RedriveResult(1, 0));
        soon(() -> assertThat(handled).containsExactly("1"));
    }

    @Test
    void sendsBackWithoutAKeyNothingThatAStrangerPutAmongTheDeadLetters() {
        kit.engine().subscribe(spec(), event -> {
            handled.add(event.id());
            return Outcome.deadLetter("not yet");
        });
        kit.send("1");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));
        kit.broker("orders.dead").send("2", letter(new Marks(SigningKeys.of(null, List.of())), ""));
        kit.broker("orders.dead").send("3", Message.received(null, null, Map.of(), Map.of(), null));

        assertThat(kit.engine().redrive(RedriveRequest.of("orders", ReceiveKit.GROUP, 10)))
                .isEqualTo(new RedriveResult(1, 2));

        soon(() -> assertThat(handled).containsExactly("1", "1"));
    }

    @Test
    void showsAHandlerOfBytesOnlySuchUnreadableMessagesThatSomebodyKnownGaveUp() {
        kit.key = OLD;
        kit.broker("graveyard").declare(ReceiveKit.GROUP, Ordering.NONE);
        kit.engine()
                .subscribe(
                        SubscriptionSpec.of("graveyard", byte[].class)
                                .options(fast().build())
                                .build(),
                        event -> {
                            handled.add(new String(event.data(), StandardCharsets.UTF_8));
                            return Outcome.ack();
                        });
        Map<String, String> broken = Map.of("specversion", "7");

        kit.broker("graveyard").send("1", unreadable(new Marks(SigningKeys.of(null, List.of())), broken, "forged"));
        kit.broker("graveyard").send("2", unreadable(new Marks(SigningKeys.of(OLD, List.of())), broken, "signed"));

        soon(() -> assertThat(kit.broker("graveyard").acknowledged()).hasSize(2));
        assertThat(handled).containsExactly("signed");
        assertThat(kit.broker("graveyard.dead").sent()).hasSize(1);
    }

    private static Message unreadable(Marks marks, Map<String, String> attributes, String body) {
        Message message =
                Message.received(null, "text/plain", attributes, Map.of(), body.getBytes(StandardCharsets.UTF_8));
        return marks.marked(message, attributes, Map.of(), Marks.Kind.DEAD, "orders", ReceiveKit.GROUP, "", "");
    }

    @Test
    void leavesWithAKeyWhatNobodyKnownHasSigned() {
        kit.engine().subscribe(spec(), event -> Outcome.deadLetter("not yet"));
        kit.send("1");
        soon(() -> assertThat(kit.orders.acknowledged()).hasSize(1));

        kit.key = NEW;
        kit.restart().subscribe(spec(), event -> Outcome.ack());

        assertThat(kit.engine().redrive("orders", ReceiveKit.GROUP, 1)).isZero();
        assertThat(kit.broker("orders.dead").lag(ReceiveKit.GROUP)).hasValue(1);
    }

    private static Message whole(String json) {
        return Message.received(
                null, "application/cloudevents+json", Map.of(), Map.of(), json.getBytes(StandardCharsets.UTF_8));
    }

    private static SubscriptionSpec<String> spec() {
        return SubscriptionSpec.of("orders", String.class)
                .options(fast().build())
                .build();
    }

    private static Message event(String id) {
        return Message.received(
                null,
                "text/plain",
                Map.of("specversion", "1.0", "id", id, "source", "/test", "type", "t"),
                Map.of(),
                new byte[] {'x'});
    }
}
