// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.state.engine.StateStoreRegistry;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class StateMistakesTests {

    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, StateAutoConfiguration.class))
            .withBean("shared", FakeBackendFactory.class, () -> new FakeBackendFactory("shared"));

    @Test
    void reportsAllAtOnce() {
        fail(
                (mistakes) -> assertThat(mistakes)
                        .extracting(Mistake::code, Mistake::property)
                        .containsExactlyInAnyOrder(
                                tuple("MECHA-C002", "mecha.state.stores.a.time-to-live"),
                                tuple("MECHA-C002", "mecha.state.stores.b.compute-attempts"),
                                tuple("MECHA-C002", "mecha.state.stores.a.shared.timeout"),
                                tuple("MECHA-C003", "mecha.state.stores.a.tpye"),
                                tuple("MECHA-S102", "mecha.state.stores.c.type"),
                                tuple("MECHA-S102", "mecha.state.default-type"),
                                tuple("MECHA-S105", "mecha.state.stores[d e]"),
                                tuple("MECHA-S106", "mecha.state.stores.e.media-type"),
                                tuple("MECHA-S999", "mecha.state.stores.f.shared.table")),
                "mecha.state.default-type=nothing",
                "mecha.state.stores.a.type=shared",
                "mecha.state.stores.a.tpye=memory",
                "mecha.state.stores.a.time-to-live=soon",
                "mecha.state.stores.a.shared.timeout=never",
                "mecha.state.stores.b.type=shared",
                "mecha.state.stores.b.compute-attempts=many",
                "mecha.state.stores.c.type=redis",
                "mecha.state.stores.[d e].type=memory",
                "mecha.state.stores.e.type=memory",
                "mecha.state.stores.e.media-type=text/xml",
                "mecha.state.stores.f.type=shared",
                "mecha.state.stores.f.shared.table=refused");
    }

    @Test
    void namesTheArtifactOfAKnownType() {
        failAlone(
                "mecha.state.stores.c.type",
                "No backend of type 'redis' is on the class path; there are memory, shared.",
                "Add io.mecha:mecha-state-redis to the application, or set mecha.state.stores.c.type to one of memory,"
                        + " shared.",
                "mecha.state.stores.c.type=redis");
    }

    @Test
    void suggestsTheTypeThatWasMeant() {
        failAlone(
                "mecha.state.stores.c.type",
                "No backend of type 'rediss' is on the class path; there are memory, shared.",
                "Did you mean 'redis'? Add io.mecha:mecha-state-redis for it, or set mecha.state.stores.c.type to one of memory,"
                        + " shared.",
                "mecha.state.stores.c.type=rediss");
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        failAlone(
                "mecha.state.stores.c.tpye",
                "Nothing reads 'tpye' here.",
                "Did you mean 'type'?",
                "mecha.state.stores.c.type=memory",
                "mecha.state.stores.c.tpye=memory");
    }

    @Test
    void suggestsTheKeyOfAllStoresThatWasMeant() {
        failAlone(
                "mecha.state.defualt-type",
                "Nothing reads 'defualt-type' here.",
                "Did you mean 'default-type'?",
                "mecha.state.defualt-type=memory");
    }

    @Test
    void suggestsTheNestedKeyThatWasMeant() {
        failAlone(
                "mecha.state.stores.c.near-cache.max-size",
                "Nothing reads 'max-size' here.",
                "Known here: maximum-size, time-to-live.",
                "mecha.state.stores.c.type=memory",
                "mecha.state.stores.c.near-cache.max-size=1");
    }

    @Test
    void suggestsTheOptionThatWasMeant() {
        failAlone(
                "mecha.state.stores.c.shared.tiemout",
                "Nothing reads 'tiemout' here.",
                "Did you mean 'timeout'?",
                "mecha.state.stores.c.type=shared",
                "mecha.state.stores.c.shared.tiemout=1s");
    }

    @Test
    void suggestsTheOptionOfATypeThatWasMeantOnce() {
        failAlone(
                "mecha.state.shared.tiemout",
                "Nothing reads 'tiemout' here.",
                "Did you mean 'timeout'?",
                "mecha.state.stores.c.type=shared",
                "mecha.state.stores.d.type=shared",
                "mecha.state.shared.tiemout=1s");
    }

    @Test
    void explainsAnOptionOfATypeThatCannotBeReadOnce() {
        failAlone(
                "mecha.state.shared.timeout",
                "'never' is not a duration (\"mecha.state.shared.timeout\" from property source \"test\").",
                "Set mecha.state.shared.timeout to a number with a unit, for example 500ms, 30s, 5m, 12h or 7d.",
                "mecha.state.stores.c.type=shared",
                "mecha.state.stores.d.type=shared",
                "mecha.state.shared.timeout=never");
    }

    @Test
    void allowsOptionsOfTypesThatAreNotChosen() {
        runner.withPropertyValues("mecha.state.stores.c.type=memory", "mecha.state.stores.c.redis.timeout=1s")
                .run((context) -> assertThat(context).hasNotFailed());
    }

    @Test
    void explainsAValueThatCannotBeRead() {
        failAlone(
                "mecha.state.stores.c.time-to-live",
                "'soon' is not a duration (\"mecha.state.stores.c.time-to-live\" from property source \"test\").",
                "Set mecha.state.stores.c.time-to-live to a number with a unit, for example 500ms, 30s, 5m, 12h or 7d.",
                "mecha.state.stores.c.type=memory",
                "mecha.state.stores.c.time-to-live=soon");
    }

    @Test
    void refusesATimeToLiveOutOfBounds() {
        failAlone(
                "mecha.state.stores.c.time-to-live",
                "The time to live is out of bounds.",
                "Use one millisecond to 36,500 days, or PutOptions.noExpiry() to keep the value until it is removed.",
                "mecha.state.stores.c.type=memory",
                "mecha.state.stores.c.time-to-live=-1s");
    }

    @Test
    void refusesNearCacheOutOfBounds() {
        fail(
                (mistakes) -> assertThat(mistakes)
                        .extracting(Mistake::property, Mistake::problem)
                        .containsExactly(
                                tuple(
                                        "mecha.state.stores.c.near-cache.maximum-size",
                                        "A near cache cannot hold 0 keys."),
                                tuple(
                                        "mecha.state.stores.c.near-cache.time-to-live",
                                        "A near cache cannot keep copies for PT0S.")),
                "mecha.state.stores.c.type=memory",
                "mecha.state.stores.c.near-cache.maximum-size=0",
                "mecha.state.stores.c.near-cache.time-to-live=0s");
    }

    @Test
    void neverShowsAnEncryptionKey() {
        fail(
                (mistakes) -> {
                    assertThat(mistakes)
                            .extracting(Mistake::property)
                            .containsExactlyInAnyOrder(
                                    "mecha.state.stores.a.encryption.key",
                                    "mecha.state.stores.b.encryption",
                                    "mecha.state.stores.c.encryption.key",
                                    "mecha.state.stores.d.encryption.key",
                                    "mecha.state.stores.d.encryption.previous-keys[0]");
                    assertThat(mistakes.toString()).doesNotContain("hush", KEY);
                },
                "mecha.state.default-type=memory",
                "mecha.state.stores.a.encryption.key=hush",
                "mecha.state.stores.b.encryption=hush",
                "mecha.state.stores.c.encryption.previous-keys=" + KEY,
                "mecha.state.stores.d.encryption.key=${NOBODY_SETS_THIS}",
                "mecha.state.stores.d.encryption.previous-keys=hush");
    }

    @Test
    void keepsPrefixesOfApplicationsApart() {
        runner.withPropertyValues(
                        "spring.application.name=a||b%",
                        "mecha.state.key-prefix=application", "mecha.state.stores.c.type=shared")
                .run((context) -> assertThat(context.getBean(StateStoreRegistry.class)
                                .component("c")
                                .keyPrefix())
                        .isEqualTo("a%7C%7Cb%25||c||"));
    }

    private void failAlone(String property, String problem, String action, String... values) {
        fail(
                (mistakes) -> {
                    assertThat(mistakes).hasSize(1);
                    assertThat(mistakes.get(0).property()).isEqualTo(property);
                    assertThat(mistakes.get(0).problem()).isEqualTo(problem);
                    assertThat(mistakes.get(0).action()).isEqualTo(action);
                },
                values);
    }

    private void fail(Consumer<List<Mistake>> assertions, String... values) {
        runner.withPropertyValues(values).run((context) -> {
            assertThat(context).hasFailed();
            assertions.accept(StateAutoConfigurationTests.mistakes(context.getStartupFailure()));
        });
    }
}
