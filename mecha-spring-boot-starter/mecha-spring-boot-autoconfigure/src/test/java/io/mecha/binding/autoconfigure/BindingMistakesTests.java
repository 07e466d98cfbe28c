// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Bindings;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class BindingMistakesTests {

    private static final String CHANNEL = "mecha.bindings.channels.orders.";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBackendFactory.class, () -> new FakeBackendFactory("fake"))
            .withPropertyValues("mecha.state.default-type=memory");

    @Test
    void namesTheArtifactOfATypeThatIsNotThere() {
        assertMistake(
                "type=kafka",
                "MECHA-B102",
                "No backend of type 'kafka' is on the class path; there are fake, memory, timer.",
                "Add io.mecha:mecha-bindings-kafka to the application, or set mecha.bindings.channels.orders.type to one"
                        + " of fake, memory, timer.");
    }

    @Test
    void reportsMistakesOfStoresAndChannelsTogether() {
        runner.withBean(AnyStore.class)
                .withPropertyValues(
                        "mecha.state.stores.carts.type=nothing",
                        CHANNEL + "in.concurrency=0",
                        "mecha.bindings.channels.payments.type=nothing")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting(Mistake::property)
                        .containsExactlyInAnyOrder(
                                "mecha.state.stores.carts.type",
                                CHANNEL + "in.concurrency",
                                "mecha.bindings.channels.payments.type"));
        runner.withBean(AnyChannel.class)
                .withPropertyValues("mecha.state.stores.carts.type=nothing", CHANNEL + "type=nothing")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting(Mistake::property)
                        .containsExactlyInAnyOrder("mecha.state.stores.carts.type", CHANNEL + "type"));
    }

    /** Has the stores made first. */
    record AnyStore(StateStores stores) {}

    /** Has the channels made first. */
    record AnyChannel(Bindings bindings) {}

    @Test
    void guessesMisspeltTypesAndKeys() {
        assertMistake(
                "type=rabitmq",
                "MECHA-B102",
                "No backend of type 'rabitmq' is on the class path; there are fake, memory, timer.",
                "Did you mean 'rabbitmq'? Add io.mecha:mecha-bindings-rabbitmq for it, or set mecha.bindings.channels.orders.type to"
                        + " one of fake, memory, timer.");
        assertMistake(
                "in.retry.max-attemps=3",
                "MECHA-C003",
                "Nothing reads 'max-attemps' here.",
                "Did you mean 'max-attempts'?");
    }

    @Test
    void showsWhereAFilterDoesNotParse() {
        runner.withPropertyValues(CHANNEL + "in.filter=tenant = = 'a'")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> {
                            assertThat(mistake.code()).isEqualTo("MECHA-B120");
                            assertThat(mistake.property()).isEqualTo(CHANNEL + "in.filter");
                            assertThat(mistake.problem()).contains("position 10", "tenant = = 'a'", "^");
                        }));
    }

    @Test
    void refusesValuesOutOfBounds() {
        assertMistake(
                "in.concurrency=0",
                "MECHA-B106",
                "A subscription cannot have concurrency 0.",
                "Set 1 to 10,000, or leave it out.");
        assertMistake(
                "in.retry.backoff.jitter=2",
                "MECHA-B106",
                "A retry policy cannot have jitter 2.0.",
                "Set 0 to 1, or leave it out.");
        assertMistake(
                "in.retry.not-retryable=no.such.Failure",
                "in.retry.not-retryable[0]",
                "MECHA-B106",
                "'no.such.Failure' is not the name of an exception.",
                "Write the full name of a class, as in java.lang.IllegalArgumentException.");
        assertMistake(
                "in.timeout=-1s",
                "MECHA-B106",
                "A subscription cannot have timeout PT-1S.",
                "Set a positive duration, or leave it out.");
        assertMistake(
                "out.max-in-flight=0",
                "MECHA-B106",
                "There cannot be 0 sends in flight.",
                "Set at least 1, or leave it out.");
        assertMistake(
                "out.key=Customer Id",
                "MECHA-B106",
                "'Customer Id' is neither an attribute nor a JSON pointer.",
                "Set for example subject, tenant or /customer/id.");
        assertMistake(
                "source=not a uri",
                "MECHA-B106",
                "The source of events is not a URI reference.",
                "Set for example /shop or urn:shop.");
    }

    @Test
    void refusesAnOutboxThatNothingCanBe() {
        assertMistake(
                "out.outbox=true",
                "MECHA-B106",
                "No type on the class path can be an outbox.",
                "Add io.mecha:mecha-bindings-jdbc to the application, or leave the outbox out.");
    }

    @Test
    void refusesStoresWhereStateIsSwitchedOff() {
        runner.withPropertyValues("mecha.state.enabled=false", CHANNEL + "in.inbox.store=dedup")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting("property", "problem")
                        .containsExactly(tuple(
                                CHANNEL + "in.inbox.store",
                                "There are no state stores, since mecha.state.enabled is false.")));
    }

    @Test
    void refusesSigningKeysThatAnybodyCouldGuess() {
        runner.withPropertyValues(
                        "mecha.bindings.signing-key=short",
                        "mecha.bindings.previous-signing-keys[0]=a long and random one",
                        "mecha.bindings.previous-signing-keys[1]=${NO_SUCH_VARIABLE_HERE}")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting("code", "property")
                        .containsExactly(
                                tuple("MECHA-B106", "mecha.bindings.signing-key"),
                                tuple("MECHA-B106", "mecha.bindings.previous-signing-keys[1]")));
    }

    @Test
    void reportsAllMistakesAtOnce() {
        runner.withPropertyValues(
                        "mecha.bindings.default-type=nothing",
                        CHANNEL + "in.timeout=soon",
                        CHANNEL + "encoding=morse",
                        CHANNEL + "tpye=fake",
                        "mecha.bindings.channels.b.type=kafka",
                        "mecha.bindings.channels.c.type=fake",
                        "mecha.bindings.channels.c.fake.table=refused",
                        "mecha.bindings.channels.d.type=fake",
                        "mecha.bindings.channels.d.fake.timeout=never",
                        "mecha.bindings.channels.[e f].type=fake")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .extracting((mistake) -> mistake.code() + ' ' + mistake.property())
                        .containsExactlyInAnyOrder(
                                "MECHA-C002 " + CHANNEL + "in.timeout",
                                "MECHA-C002 " + CHANNEL + "encoding",
                                "MECHA-C003 " + CHANNEL + "tpye",
                                "MECHA-B102 mecha.bindings.default-type",
                                "MECHA-B102 mecha.bindings.channels.b.type",
                                "MECHA-B999 mecha.bindings.channels.c.fake.table",
                                "MECHA-C002 mecha.bindings.channels.d.fake.timeout",
                                "MECHA-B105 mecha.bindings.channels[e f]"));
    }

    @Test
    void refusesAnotherSpellingOfAConfiguredChannel() {
        runner.withPropertyValues("mecha.bindings.channels.order-events.type=fake")
                .run((context) -> assertThatThrownBy(
                                () -> context.getBean(Bindings.class).channel("orderEvents"))
                        .isInstanceOf(InvalidConfigurationException.class)
                        .hasMessageContaining("The application uses channel 'orderEvents', but the configuration has"
                                + " 'order-events'."));
    }

    private void assertMistake(String setting, String code, String problem, String action) {
        assertMistake(setting, setting.substring(0, setting.indexOf('=')), code, problem, action);
    }

    private void assertMistake(String setting, String property, String code, String problem, String action) {
        runner.withPropertyValues(CHANNEL + setting)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .containsExactly(new Mistake(code, CHANNEL + property, problem, action)));
    }
}
