// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mecha.InvalidConfigurationException;
import io.mecha.Secret;
import io.mecha.binding.http.HttpBindingBackend.BackoffPolicy;
import io.mecha.binding.http.HttpEndpoints;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Operations;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import io.mecha.binding.spi.SigningKeys;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.function.RouterFunction;

class HttpBindingAutoConfigurationTests {

    private static final String[] OPTIONS = {
        "mecha.bindings.http.path=/in",
        "mecha.bindings.http.allowed-origins=a,b",
        "mecha.bindings.http.allowed-rate=60",
        "mecha.bindings.http.maximum-body-size=2MB",
        "mecha.bindings.http.body-timeout=20s",
        "mecha.bindings.http.maximum-header-size=8KB",
        "mecha.bindings.http.response-timeout=10s",
        "mecha.bindings.http.retry=3",
        "mecha.bindings.http.backoff-policy=linear",
        "mecha.bindings.http.backoff-delay=1s",
        "mecha.bindings.http.timeout=5s",
        "mecha.bindings.http.maximum-retry-after=1m",
        "mecha.bindings.http.concurrency=8",
        "mecha.bindings.http.authorization=Bearer x",
        "mecha.bindings.http.headers.x-one=1",
        "mecha.bindings.http.ssl-bundle=mesh"
    };

    private static final String URL = "http://localhost:1/events";
    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            HttpBindingAutoConfiguration.class,
            HttpClientAutoConfiguration.class,
            ImperativeHttpClientAutoConfiguration.class);

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(CONFIGURATIONS);
    private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(CONFIGURATIONS);

    @Test
    void sendsToAUrlAndReceivesFromTheWebServer() {
        web.run(context -> {
            assertThat(context).hasSingleBean(HttpEndpoints.class).hasSingleBean(RouterFunction.class);
            assertThat(context.getBean(BindingBackendFactory.class).type()).isEqualTo("http");
            try (BindingBackend backend = create(context, URL)) {
                assertThat(backend.capabilities().types())
                        .isEqualTo(Set.of(Outbound.class, RequestReply.class, Operations.class, Inbound.class));
            }
        });
    }

    @Test
    void onlyReceivesWithoutADestination() {
        web.run(context -> {
            try (BindingBackend backend = create(context, "orders")) {
                assertThat(backend.capabilities().types()).isEqualTo(Set.of(Inbound.class));
                backend.ping();
            }
        });
    }

    @Test
    void onlySendsWithoutAWebServer() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.web.servlet", "jakarta.servlet"))
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(HttpEndpoints.class);
                    try (BindingBackend backend = create(context, URL)) {
                        assertThat(backend.capabilities().types())
                                .isEqualTo(Set.of(Outbound.class, RequestReply.class, Operations.class));
                    }
                });
    }

    @Test
    void saysThatAChannelCanDoNothing() {
        runner.run(context -> assertMistake(context, "orders", "MECHA-B161", "can neither send"));
    }

    @Test
    void backsOffWhenUserDefinesTheFactory() {
        BindingBackendFactory own = new OwnFactory();

        runner.withBean("httpBindingBackendFactory", BindingBackendFactory.class, () -> own)
                .run(context ->
                        assertThat(context).getBean(BindingBackendFactory.class).isSameAs(own));
    }

    @Test
    void backsOffWhenBindingsAreSwitchedOff() {
        web.withPropertyValues("mecha.bindings.enabled=false")
                .run(context -> assertThat(context)
                        .doesNotHaveBean(BindingBackendFactory.class)
                        .doesNotHaveBean(RouterFunction.class));
    }

    @Test
    void backsOffWithoutTheClient() {
        runner.withClassLoader(new FilteredClassLoader(ClientHttpRequestFactoryBuilder.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(BindingBackendFactory.class));
    }

    @Test
    void bindsOptions() {
        runner.withPropertyValues(OPTIONS).run(context -> {
            HttpBindingOptions options = new ContextSettings(context, URL).options(HttpBindingOptions.class);

            assertThat(options)
                    .isEqualTo(new HttpBindingOptions(
                            "/in",
                            List.of("a", "b"),
                            60,
                            DataSize.ofMegabytes(2),
                            Duration.ofSeconds(20),
                            DataSize.ofKilobytes(8),
                            Duration.ofSeconds(10),
                            3,
                            BackoffPolicy.LINEAR,
                            Duration.ofSeconds(1),
                            Duration.ofSeconds(5),
                            Duration.ofMinutes(1),
                            8,
                            Secret.of("Bearer x"),
                            Map.of("x-one", "1"),
                            "mesh"));
            assertThat(options.toString()).doesNotContain("Bearer");
        });
    }

    @Test
    void leavesItToChannelsToReadOptions() {
        web.withPropertyValues("mecha.bindings.http.retry=often")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void namesWhatIsReflectedOnInNativeImages() {
        RuntimeHints hints = new RuntimeHints();

        new HttpBindingAutoConfiguration.Hints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection().onType(HttpBindingOptions.class))
                .accepts(hints);
    }

    @Test
    void usesOptions() {
        web.withPropertyValues("mecha.bindings.http.maximum-body-size=2KB").run(context -> {
            try (BindingBackend backend = create(context, URL)) {
                assertThat(backend.capabilities()
                                .find(Outbound.class)
                                .orElseThrow()
                                .maximumBodySize())
                        .isEqualTo(2048);
            }
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            path=in                   | Path 'in' does not begin with a slash
            path=/a/{b}               | Path '/a/{b}' does not begin with a slash
            allowed-rate=0            | at least one request in a minute
            maximum-body-size=0B      | a size of at least one byte
            maximum-header-size=9KB   | is 9216 bytes, but the web server takes 8192, as server.max-http-request-header-size
            body-timeout=0s           | The body timeout must be positive
            response-timeout=0s       | The response timeout must be positive
            retry=-1                  | 0 to 100 retries, not -1
            backoff-delay=0s          | The backoff delay must be positive
            timeout=-1s               | The timeout must be positive, not PT-1S
            maximum-retry-after=-1s   | The longest Retry-After cannot be PT-1S
            concurrency=0             | room for at least one request
            ssl-bundle=missing        | missing
            """)
    void saysWhichOptionCannotWork(String option, String message) {
        web.withPropertyValues("mecha.bindings.http." + option)
                .withConfiguration(
                        AutoConfigurations.of(org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration.class))
                .run(context -> assertMistake(context, URL, "MECHA-B160", message));
    }

    @ParameterizedTest
    @CsvSource({"not a url", "orders.v1", "ftp://example.org/x", "http://user:pw@example.org"})
    void saysThatADestinationIsNoUrl(String destination) {
        web.run(context -> assertMistake(context, destination, "MECHA-B160", "cannot work"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:hidden@example.org", "http://user:hidden word@example.org"})
    void showsNoPassword(String destination) {
        web.run(context -> assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> create(context, destination))
                .satisfies(e -> assertThat(e).asString().doesNotContain("hidden"))
                .satisfies(e -> assertThat(e.getCause()).asString().doesNotContain("hidden")));
    }

    private static void assertMistake(ApplicationContext context, String destination, String code, String message) {
        assertThatExceptionOfType(InvalidConfigurationException.class)
                .isThrownBy(() -> create(context, destination))
                .satisfies(e -> assertThat(e.mistakes()).singleElement().satisfies(mistake -> {
                    assertThat(mistake.code()).isEqualTo(code);
                    assertThat(mistake.property()).startsWith("mecha.bindings.channels.orders.");
                    assertThat(mistake.problem()).contains(message);
                }));
    }

    private static BindingBackend create(ApplicationContext context, String destination) {
        return context.getBean(BindingBackendFactory.class).create(new ContextSettings(context, destination));
    }

    /** What the configuration of one channel comes to, options from {@code mecha.bindings.http}. */
    private record ContextSettings(ApplicationContext context, String destination)
            implements BindingBackendFactory.Settings {

        @Override
        public String channel() {
            return "orders";
        }

        @Override
        public String application() {
            return "shop";
        }

        @Override
        public <O> O options(Class<O> type) {
            Environment environment = context.getEnvironment();
            return Binder.get(environment).bindOrCreate("mecha.bindings.http", type);
        }

        @Override
        public Path dataDirectory() {
            return Path.of("target");
        }

        @Override
        public SigningKeys signingKeys() {
            return SigningKeys.of(null, List.of());
        }

        @Override
        public InstantSource clock() {
            return InstantSource.system();
        }
    }

    private static final class OwnFactory implements BindingBackendFactory {

        @Override
        public String type() {
            return "http";
        }

        @Override
        public BindingBackend create(Settings settings) {
            throw new AssertionError("Not asked for");
        }
    }
}
