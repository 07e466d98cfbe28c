// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.InvalidConfigurationException;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.Reloadable;
import io.mecha.test.Eventually;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesBinding;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.validation.annotation.Validated;

class ConfigurationReloaderTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private final List<ConfigurationChange> changes = new CopyOnWriteArrayList<>();
    private @Nullable ConfigurableApplicationContext context;
    private @Nullable ConfigurationReloader reloader;
    private @Nullable ReloadableProperties properties;

    @ConfigurationProperties("pricing")
    @Validated
    record Pricing(@Positive int rate, int copy, @Nullable String currency) {}

    @ConfigurationProperties("limits")
    record Limits(int size) {}

    @ConfigurationProperties("pace")
    record Pace(Steps steps) {}

    /** A value whose reading can be interfered with. */
    record Steps(String text) {}

    /** Reads steps, once after something else was done. */
    static final class StepsReader implements Converter<String, Steps> {

        private final AtomicReference<@Nullable Runnable> before = new AtomicReference<>();

        @Override
        public Steps convert(String text) {
            Runnable action = before.getAndSet(null);
            if (action != null) {
                action.run();
            }
            return new Steps(text);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({Limits.class, Wired.class})
    static class Application {

        @Bean
        @ConfigurationPropertiesBinding
        static StepsReader stepsReader() {
            return new StepsReader();
        }

        @Bean
        static Made made() {
            Made made = new Made();
            made.setRate(1);
            return made;
        }
    }

    /** Properties of a bean that needs another one. */
    @ConfigurationProperties("wired")
    static class Wired {

        private final StepsReader reader;
        private int size;

        @Autowired
        Wired(StepsReader reader) {
            this.reader = reader;
        }

        StepsReader reader() {
            return reader;
        }

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }
    }

    /** Properties that are valid as a method makes them. */
    @ConfigurationProperties("made")
    @Validated
    static class Made {

        @Positive private int rate;

        private int size;

        public int getRate() {
            return rate;
        }

        public void setRate(int rate) {
            this.rate = rate;
        }

        public int getSize() {
            return size;
        }

        public void setSize(int size) {
            this.size = size;
        }
    }

    @AfterEach
    void close() {
        if (reloader != null) {
            reloader.stop();
        }
        if (context != null) {
            context.close();
        }
    }

    @Test
    void putsAChangedFileIntoForceAsOneChange() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        Reloadable<Pricing> pricing = start(file);
        assertThat(pricing.get().rate()).isEqualTo(1);

        yaml("pricing: { rate: 2, copy: 2, currency: EUR }");

        awaitRevision(1);
        assertThat(changes).singleElement().satisfies(change -> {
            assertThat(change.keys()).containsExactlyInAnyOrder("pricing.rate", "pricing.copy", "pricing.currency");
            assertThat(change.touches("pricing.")).isTrue();
            assertThat(change.touches("pric")).isFalse();
        });
        assertThat(pricing.get()).isEqualTo(new Pricing(2, 2, "EUR"));
        assertThat(context().getEnvironment().getProperty("pricing.rate")).isEqualTo("2");
        assertThat(reloader().history()).singleElement().matches(Reload::applied);
    }

    @Test
    void followsPlaceholdersAndIgnoresWhatIsOverridden() throws IOException {
        Path file = yaml("base: 1\npricing: { rate: '${base}', copy: 1 }\noverridden: a\nchance: ${random.uuid}");
        Reloadable<Pricing> pricing = start(file, "--overridden=b");

        yaml("base: 3\npricing: { rate: '${base}', copy: 1 }\noverridden: c\nchance: ${random.uuid}");

        awaitRevision(1);
        assertThat(changes.get(0).keys()).containsExactlyInAnyOrder("base", "pricing.rate");
        assertThat(pricing.get().rate()).isEqualTo(3);
        assertThat(context().getEnvironment().getProperty("overridden")).isEqualTo("b");
    }

    @Test
    void removesWhatIsRemoved() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1, currency: EUR }");
        Reloadable<Pricing> pricing = start(file);

        yaml("pricing: { rate: 1, copy: 1 }");

        awaitRevision(1);
        assertThat(changes.get(0).keys()).containsExactly("pricing.currency");
        assertThat(pricing.get().currency()).isNull();
    }

    @Test
    void rejectsWhatIsNotValidAndGoesOnWithWhatIs() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }\nlimits: { size: 5 }");
        Reloadable<Pricing> pricing = start(file);

        yaml("pricing: { rate: -1, copy: 2 }\nlimits: { size: 6 }");
        awaitRejection();
        assertThat(reloader().rejection()).contains("pricing.rate").doesNotContain("-1");
        assertThat(pricing.get()).isEqualTo(new Pricing(1, 1, null));
        assertThat(context().getEnvironment().getProperty("limits.size")).isEqualTo("5");

        yaml("pricing: { rate: 2, copy: 2 }\nlimits: { size: secret }");
        Eventually.eventually(PATIENCE, () -> assertThat(reloader().rejection()).contains("limits.size"));
        assertThat(reloader().rejection()).doesNotContain("secret");
        assertThat(pricing.get().rate()).isEqualTo(1);

        yaml("pricing: { rate: 2, copy: 2 }\nlimits: { size: 6 }");
        awaitRevision(1);
        assertThat(reloader().rejection()).isNull();
        assertThat(pricing.get().rate()).isEqualTo(2);
        assertThat(reloader().history()).extracting(Reload::applied).containsExactly(true, false, false);
    }

    @Test
    void rejectsAsAWholeWhatATypeDoesNotTakeThatComesMeanwhile() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }\npace.steps: a\nlimits.size: 5\nlate.size: 1");
        Reloadable<Pricing> pricing = start(file);
        ReloadableProperties all = Objects.requireNonNull(properties);
        Reloadable<?> pace = all.of(ResolvableType.forClass(Pace.class), "test");
        context().getBean(StepsReader.class).before.set(() -> all.of(ResolvableType.forClass(Late.class), "test"));

        yaml("pricing: { rate: 2, copy: 2 }\npace.steps: b\nlimits.size: 6\nlate.size: many");

        awaitRejection();
        assertThat(reloader().rejection()).contains("late.size");
        assertThat(context().getEnvironment().getProperty("limits.size")).isEqualTo("5");
        assertThat(pricing.get().rate()).isEqualTo(1);
        assertThat(pace.get()).isEqualTo(new Pace(new Steps("a")));
    }

    @Test
    void takesOverWhatOnlyBeansThatAreNotMadeAloneUse() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }\nwired.size: 1\nmade.size: 1");
        Reloadable<Pricing> pricing = start(file);
        assertThat(context().getBean(Wired.class).reader()).isNotNull();

        yaml("pricing: { rate: 2, copy: 1 }\nwired.size: 2\nmade.size: 2");

        awaitRevision(1);
        assertThat(pricing.get().rate()).isEqualTo(2);
        assertThat(reloader().rejection()).isNull();
    }

    @ConfigurationProperties("late")
    record Late(int size) {}

    @Test
    void keepsTheFormerConfigurationWhileAFileIsBrokenOrMissing() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        Reloadable<Pricing> pricing = start(file);

        yaml("pricing: { rate: 2, copy: 's3cret");
        awaitRejection();
        assertThat(reloader().rejection())
                .startsWith(file + " cannot be read (")
                .contains("Exception, line 1, column ")
                .doesNotContain("s3cret");

        Files.delete(file);
        Eventually.eventually(PATIENCE, () -> assertThat(reloader().rejection()).contains("cannot be found"));
        assertThat(pricing.get().rate()).isEqualTo(1);

        yaml("pricing: { rate: 3, copy: 3 }");
        awaitRevision(1);
        assertThat(pricing.get().rate()).isEqualTo(3);
    }

    @Test
    void followsPlaceholdersInWhatStays() throws IOException {
        Path file = yaml("base: 1\npricing.copy: 1");
        Reloadable<Pricing> pricing = start(file, "--pricing.rate=${base}");

        yaml("base: 4\npricing.copy: 1");

        awaitRevision(1);
        assertThat(changes.get(0).keys()).containsExactlyInAnyOrder("base", "pricing.rate");
        assertThat(pricing.get().rate()).isEqualTo(4);
    }

    @Test
    void readsAgainWhatCouldNotBeReadThoughNoFileChanges() throws IOException {
        Path other = directory.resolve("other.yaml");
        Files.writeString(other, "pricing.copy: 1");
        Path file = yaml("pricing.rate: 1");
        Reloadable<Pricing> pricing = start(file, "--spring.config.additional-location=" + other.toUri());
        Files.delete(other);
        yaml("pricing.rate: 2");
        awaitRejection();
        assertThat(pricing.get().rate()).isEqualTo(1);

        Files.writeString(other, "pricing.copy: 3");

        awaitRevision(1);
        assertThat(pricing.get()).isEqualTo(new Pricing(2, 3, null));
        assertThat(reloader().rejection()).isNull();
    }

    @Test
    void refusesSourcesThatAnotherLibraryReplaced() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        start(file);
        String name = context().getEnvironment().getPropertySources().stream()
                .map(PropertySource::getName)
                .filter(source -> source.startsWith("Config resource"))
                .findFirst()
                .orElseThrow();
        context().getEnvironment().getPropertySources().replace(name, new MapPropertySource(name, Map.of()));

        assertThatThrownBy(() -> new ConfigurationReloader(
                        context(),
                        new ReloadableProperties(context()),
                        List.of(file.toString()),
                        "watch",
                        Duration.ofMillis(5),
                        InstantSource.system()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("MECHA-L105");
    }

    @Test
    void takesNoHalfWrittenFileForASwap() {
        WatchedFiles.Look before = new WatchedFiles.Look(Map.of("/t/a", "1", "/f", "1"), Map.of("/t/..data", "v1"));
        WatchedFiles.Look swapped = new WatchedFiles.Look(Map.of("/t/a", "2", "/f", "1"), Map.of("/t/..data", "v2"));
        WatchedFiles.Look both = new WatchedFiles.Look(Map.of("/t/a", "2", "/f", "2"), Map.of("/t/..data", "v2"));

        assertThat(swapped.isSwappedSince(before)).isTrue();
        assertThat(both.isSwappedSince(before)).isFalse();
        assertThat(both.isSwappedSince(swapped)).isFalse();
    }

    @Test
    void rejectsOtherProfiles() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        start(file);

        yaml("spring.profiles.include: other\npricing: { rate: 2, copy: 1 }");

        awaitRejection();
        assertThat(reloader().rejection()).isNotEmpty();
        assertThat(context().getEnvironment().getProperty("pricing.rate")).isEqualTo("1");
    }

    @Test
    void tellsOthersWhereOneListenerFails() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        start(file, List.of(change -> {
            throw new AssertionError("fails");
        }));

        yaml("pricing: { rate: 2, copy: 2 }");

        awaitRevision(1);
        assertThat(changes).hasSize(1);
    }

    @Test
    void neverShowsHalfOfASwappedTree() throws IOException, InterruptedException {
        Path tree = Files.createDirectory(directory.resolve("config"));
        swap(tree, 1);
        Reloadable<Pricing> pricing = start("configtree:" + tree + "/");
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<@Nullable Pricing> torn = new AtomicReference<>();
        Thread reader = new Thread(() -> {
            while (!ended.get()) {
                Pricing now = pricing.get();
                if (now.rate() != now.copy()) {
                    torn.set(now);
                }
            }
        });
        reader.start();
        try {
            for (int i = 2; i <= 1_000; i++) {
                swap(tree, i);
                if (i % 20 == 0) {
                    awaitRate(pricing, i);
                }
            }
        } finally {
            ended.set(true);
            reader.join();
        }
        assertThat(torn).hasValue(null);
        assertThat(reloader().history()).allMatch(Reload::applied);
        assertThat(reloader().history()).hasSizeLessThanOrEqualTo(ConfigurationReloader.HISTORY);
    }

    @Test
    void refusesWhatCannotBeWatched() {
        assertThatThrownBy(() -> WatchedFiles.of(List.of("classpath:x.yaml", "/fine", "https://host/x"), "watch"))
                .isInstanceOfSatisfying(
                        InvalidConfigurationException.class,
                        failure -> assertThat(failure.mistakes())
                                .extracting("property")
                                .containsExactly("watch[0]", "watch[2]"));
    }

    @Test
    void refusesPropertiesWithoutPrefix() throws IOException {
        Path file = yaml("pricing: { rate: 1, copy: 1 }");
        start(file);

        assertThatThrownBy(() ->
                        new ReloadableProperties(context()).of(ResolvableType.forClass(String.class), "field 'x'"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("MECHA-L102");
    }

    /** Does what a kubelet does: everything new is behind a link that is replaced at once. */
    private static void swap(Path tree, int value) throws IOException {
        Path version = Files.createDirectory(tree.resolve("..v" + value));
        Files.writeString(version.resolve("pricing.rate"), Integer.toString(value));
        Files.writeString(version.resolve("pricing.copy"), Integer.toString(value));
        Path link = Files.createSymbolicLink(tree.resolve("..data_tmp"), Path.of("..v" + value));
        boolean first = !Files.exists(tree.resolve("..data"));
        Files.move(link, tree.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        if (first) {
            Files.createSymbolicLink(tree.resolve("pricing.rate"), Path.of("..data/pricing.rate"));
            Files.createSymbolicLink(tree.resolve("pricing.copy"), Path.of("..data/pricing.copy"));
        }
    }

    private Path yaml(String text) throws IOException {
        Path written = Files.writeString(directory.resolve("application.yaml.tmp"), text);
        return Files.move(written, directory.resolve("application.yaml"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Reloadable<Pricing> start(Path file, String... arguments) {
        return start(file.toUri().toString(), List.of(), arguments);
    }

    private Reloadable<Pricing> start(Path file, List<Consumer<ConfigurationChange>> listeners) {
        return start(file.toUri().toString(), listeners);
    }

    private Reloadable<Pricing> start(String location) {
        return start(location, List.of());
    }

    @SuppressWarnings("unchecked")
    private Reloadable<Pricing> start(
            String location, List<Consumer<ConfigurationChange>> listeners, String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setDefaultProperties(Map.of("spring.main.banner-mode", "off"));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--spring.config.import=" + location);
        context = application.run(all.toArray(String[]::new));
        properties = new ReloadableProperties(context);
        Reloadable<Pricing> pricing =
                (Reloadable<Pricing>) properties.of(ResolvableType.forClass(Pricing.class), "test");
        reloader = new ConfigurationReloader(
                context, properties, List.of(location), "watch", Duration.ofMillis(5), InstantSource.system());
        listeners.forEach(listener -> reloader().listen("first", listener));
        reloader.listen("test", changes::add);
        reloader.start();
        return pricing;
    }

    private ConfigurableApplicationContext context() {
        return Objects.requireNonNull(context);
    }

    private ConfigurationReloader reloader() {
        return Objects.requireNonNull(reloader);
    }

    private void awaitRevision(int revision) {
        Eventually.eventually(
                PATIENCE,
                () -> assertThat(changes)
                        .extracting(ConfigurationChange::revision)
                        .contains((long) revision));
    }

    private static void awaitRate(Reloadable<Pricing> pricing, int rate) {
        Eventually.eventually(PATIENCE, () -> assertThat(pricing.get().rate()).isEqualTo(rate));
    }

    private void awaitRejection() {
        Eventually.eventually(PATIENCE, () -> assertThat(reloader().rejection()).isNotNull());
    }
}
