// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStores;
import io.mecha.state.UnknownStateStoreException;
import io.mecha.state.engine.StateStoreComponent;
import io.mecha.state.engine.StateStoreRegistry;
import io.mecha.state.memory.MemoryStateBackendFactory;
import io.mecha.test.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

@ExtendWith(OutputCaptureExtension.class)
class StateAutoConfigurationTests {

    private static final String KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, StateAutoConfiguration.class));

    private final FakeBackendFactory shared = new FakeBackendFactory("shared");
    private final ApplicationContextRunner withShared =
            runner.withBean("sharedStateBackendFactory", FakeBackendFactory.class, () -> shared);

    @Test
    void offersMemoryWithoutAnyConfiguration() {
        runner.withPropertyValues("mecha.state.default-type=memory").run((context) -> {
            KeyValueStore<String> notes = context.getBean(StateStores.class).store("notes", String.class);
            notes.put("a", "1");

            assertThat(notes.get("a")).contains("1");
            assertThat(context.getBean(StateStores.class).names()).containsExactly("notes");
        });
    }

    @Test
    void createsConfiguredStoresAtStartAndSaysSo(CapturedOutput output) {
        withShared
                .withPropertyValues("mecha.state.stores.carts.type=shared", "mecha.state.stores.notes.type=memory")
                .run((context) -> {
                    assertThat(context.getBean(StateStores.class).names()).containsExactly("carts", "notes");
                    assertThat(output)
                            .contains(
                                    "State store 'carts': shared [Transactions, KeyScan, ChangeNotifications, Leases],"
                                            + " configured by mecha.state.stores.carts");
                });
    }

    @Test
    void warnsOfKeysThatOtherApplicationsWithoutANameHaveToo(CapturedOutput output) {
        ApplicationContextRunner carts = withShared.withPropertyValues("mecha.state.stores.carts.type=shared");

        carts.withPropertyValues("spring.application.name=shop")
                .run((context) -> assertThat(output).doesNotContain("set spring.application.name"));
        carts.run(
                (context) -> assertThat(output)
                        .contains(
                                "State store 'carts' has the key prefix 'application||carts||', as in every application without a name"));
    }

    @Test
    void warnsOfKeysThatStoresMayShareAndOnlyOfThose(CapturedOutput output) {
        ApplicationContextRunner two = withShared.withPropertyValues("mecha.state.key-prefix=none");

        two.withPropertyValues("mecha.state.stores.carts.type=memory", "mecha.state.stores.notes.type=memory")
                .run((context) -> assertThat(output).doesNotContain("see each other's keys"));
        two.withPropertyValues("mecha.state.stores.carts.type=shared", "mecha.state.stores.notes.type=shared")
                .run((context) -> assertThat(output).contains("see each other's keys"));
    }

    @Test
    void takesEmbeddedForStoresThatAreNotConfigured(CapturedOutput output) {
        runner.withBean("embedded", FakeBackendFactory.class, () -> new FakeBackendFactory("embedded"))
                .withPropertyValues("mecha.data-directory=./somewhere")
                .run((context) -> {
                    StateStoreRegistry stores = context.getBean(StateStoreRegistry.class);

                    assertThat(stores.component("notes").type()).isEqualTo("embedded");
                    assertThat(output)
                            .contains(
                                    "State store 'notes': embedded",
                                    "not configured, default type embedded in ./somewhere; set"
                                            + " mecha.state.stores.notes.type to choose another");
                });
    }

    @Test
    void demandsATypeWhereThereIsNoDefault() {
        runner.withPropertyValues("mecha.state.stores.notes.time-to-live=1d")
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .containsExactly(new Mistake(
                                "MECHA-S104",
                                "mecha.state.stores.notes.type",
                                "The state store has no type, and the default, embedded, is not on the class"
                                        + " path; there are memory.",
                                "Set mecha.state.stores.notes.type or mecha.state.default-type, or add"
                                        + " io.mecha:mecha-state-jdbc and org.xerial:sqlite-jdbc to the"
                                        + " application.")));
    }

    @Test
    void demandsATypeWhereTheDefaultIsNone() {
        runner.withPropertyValues("mecha.state.default-type=none", "mecha.state.stores.notes.time-to-live=1d")
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .containsExactly(new Mistake(
                                "MECHA-S104",
                                "mecha.state.stores.notes.type",
                                "The state store has no type, and mecha.state.default-type is none.",
                                "Set mecha.state.stores.notes.type.")));
    }

    @Test
    void refusesStoresThatAreNotConfiguredIfSaidSo() {
        runner.withPropertyValues("mecha.state.default-type=none", "mecha.state.stores.carts.type=memory")
                .run((context) -> {
                    StateStores stores = context.getBean(StateStores.class);

                    assertThat(stores.store("carts", String.class)).isNotNull();
                    assertThatThrownBy(() -> stores.store("notes", String.class))
                            .isInstanceOf(UnknownStateStoreException.class)
                            .hasMessageContaining("'notes' is not configured; known stores: [carts]");
                });
    }

    @Test
    void backsOffWhenUserDefinesStores() {
        runner.withBean(StateStores.class, () -> new StateStoreRegistry(List.of(), null))
                .withPropertyValues("mecha.state.stores.carts.type=nonsense")
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context).hasSingleBean(StateStores.class).doesNotHaveBean(StateComponents.class);
                });
    }

    @Test
    void backsOffWhenUserDefinesTheMemoryFactory() {
        MemoryStateBackendFactory own = new MemoryStateBackendFactory();
        runner.withBean(MemoryStateBackendFactory.class, () -> own)
                .run((context) -> assertThat(context.getBean(MemoryStateBackendFactory.class))
                        .isSameAs(own));
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(context)
                        .doesNotHaveBean(StateStores.class)
                        .doesNotHaveBean(StateInjection.class)
                        .doesNotHaveBean(KeyValueStore.class));
    }

    @Test
    void letsCustomizersChangeStores() {
        runner.withBean(StateStoreCustomizer.class, () -> (name, builder) -> builder.keyPrefix("custom-" + name))
                .withPropertyValues("mecha.state.stores.carts.type=memory")
                .run((context) -> assertThat(component(context.getBean(StateStoreRegistry.class))
                                .keyPrefix())
                        .isEqualTo("custom-carts"));
    }

    @Test
    void overridesTheTypeOfEveryStore() {
        runner.withBean(StateBackendOverride.class, () -> type -> new MemoryStateBackendFactory())
                .withPropertyValues("mecha.state.stores.carts.type=redis", "mecha.state.default-type=jdbc")
                .run((context) -> {
                    StateStoreRegistry stores = context.getBean(StateStoreRegistry.class);

                    assertThat(stores.component("carts").type()).isEqualTo("memory");
                    assertThat(stores.component("other").type()).isEqualTo("memory");
                });
    }

    @Test
    void bindsEverySetting() {
        withShared
                .withBean(TestClock.class, TestClock::new)
                .withPropertyValues(
                        "spring.application.name=shop",
                        "mecha.data-directory=/data",
                        "mecha.state.shared.timeout=2s",
                        "mecha.state.shared.batch=10",
                        "mecha.state.shared.pool.hosts=a,b",
                        "mecha.state.shared.pool.labels.x=1",
                        "mecha.state.stores.carts.type=shared",
                        "mecha.state.stores.carts.time-to-live=30d",
                        "mecha.state.stores.carts.media-type=Application/JSON",
                        "mecha.state.stores.carts.immutable-values=true",
                        "mecha.state.stores.carts.compute-attempts=3",
                        "mecha.state.stores.carts.near-cache.maximum-size=10",
                        "mecha.state.stores.carts.encryption.key=" + KEY,
                        "mecha.state.stores.carts.shared.batch=20",
                        "mecha.state.stores.carts.shared.password=hush",
                        "mecha.state.stores.carts.shared.pool.size=4",
                        "mecha.state.stores.carts.shared.pool.labels.y=2")
                .run((context) -> {
                    StateStoreComponent carts = component(context.getBean(StateStoreRegistry.class));
                    FakeBackendFactory.Options options = shared.options.get("carts");

                    assertThat(carts.keyPrefix()).isEqualTo("shop||carts||");
                    assertThat(carts.nearCache()).isPresent();
                    assertThat(shared.settings.get("carts").announcesChanges()).isTrue();
                    assertThat(shared.settings.get("carts").dataDirectory()).isEqualTo(Path.of("/data"));
                    assertThat(shared.settings.get("carts").clock()).isSameAs(context.getBean(TestClock.class));
                    assertThat(options.table()).isNull();
                    assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
                    assertThat(options.batch()).isEqualTo(20);
                    assertThat(options.fast()).isFalse();
                    assertThat(options.password().reveal()).isEqualTo("hush");
                    assertThat(options.pool().size()).isEqualTo(4);
                    assertThat(options.pool().hosts()).containsExactly("a", "b");
                    assertThat(options.pool().labels()).isEqualTo(Map.of("x", "1", "y", "2"));
                });
    }

    @Test
    void takesADeclaredStoreWithoutSettings() {
        runner.withPropertyValues("mecha.state.default-type=memory", "mecha.state.stores.carts=")
                .run((context) ->
                        assertThat(context.getBean(StateStores.class).names()).containsExactly("carts"));
    }

    @Test
    void readsOneStoreFromAFileAndTheEnvironment() {
        withShared
                .withInitializer((context) -> {
                    MutablePropertySources sources = context.getEnvironment().getPropertySources();
                    sources.addLast(new SystemEnvironmentPropertySource(
                            "of-test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            Map.of(
                                    "MECHA_STATE_STORES_MYCARTS_TYPE", "shared",
                                    "MECHA_STATE_STORES_MYCARTS_KEYPREFIX", "store")));
                    sources.addLast(
                            new MapPropertySource("file", Map.of("mecha.state.stores.my-carts.type", "memory")));
                })
                .run((context) -> {
                    assertThat(context.getBean(StateStores.class).names()).containsExactly("my-carts");
                    assertThat(context.getBean(StateStoreRegistry.class)
                                    .component("my-carts")
                                    .type())
                            .isEqualTo("shared");
                    assertThat(context.getBean(StateStoreRegistry.class)
                                    .component("my-carts")
                                    .keyPrefix())
                            .isEqualTo("my-carts||");
                });
    }

    @Test
    void findsWhatOnlyTheEnvironmentConfigures() {
        withShared
                .withInitializer((context) -> context.getEnvironment()
                        .getPropertySources()
                        .addLast(new SystemEnvironmentPropertySource(
                                "of-test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("MECHA_STATE_STORES_MYCARTS_TYPE", "shared"))))
                .withPropertyValues("mecha.state.default-type=none")
                .run((context) -> {
                    StateStoreRegistry stores = context.getBean(StateStoreRegistry.class);

                    assertThat(stores.component("my-carts").type()).isEqualTo("shared");
                    assertThat(stores.names()).containsExactly("my-carts");
                });
    }

    @Test
    void refusesANameThatDiffersInFormOnly() {
        runner.withPropertyValues("mecha.state.default-type=memory", "mecha.state.stores.my-carts.type=memory")
                .run((context) -> {
                    StateStores stores = context.getBean(StateStores.class);

                    assertThatThrownBy(() -> stores.store("myCarts", String.class))
                            .hasMessageContaining(
                                    "The application uses state store 'myCarts', but the configuration has"
                                            + " 'my-carts'.");
                });
    }

    private static StateStoreComponent component(StateStoreRegistry stores) {
        return stores.component("carts");
    }

    static List<Mistake> mistakes(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidConfigurationException invalid) {
                return invalid.mistakes();
            }
            if (cause instanceof MechaException other) {
                return List.of(new Mistake(other.code(), "", other.problem(), other.action()));
            }
        }
        throw new AssertionError("No MechaException", failure);
    }
}
