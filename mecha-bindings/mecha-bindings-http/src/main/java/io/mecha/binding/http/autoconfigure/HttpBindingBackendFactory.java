// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.binding.http.HttpBindingBackend;
import io.mecha.binding.http.HttpEndpoints;
import io.mecha.binding.http.HttpTargets;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.util.unit.DataSize;

/** A factory of backends of the type {@code http}. */
final class HttpBindingBackendFactory implements BindingBackendFactory {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String SERVER_HEADERS = "server.max-http-request-header-size";

    private final ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders;
    private final ObjectProvider<HttpClientSettings> clients;
    private final ObjectProvider<SslBundles> bundles;
    private final ObjectProvider<HttpEndpoints> endpoints;
    private final Environment environment;
    private final HttpTargets targets = new HttpTargets();

    HttpBindingBackendFactory(
            ObjectProvider<ClientHttpRequestFactoryBuilder<?>> builders,
            ObjectProvider<HttpClientSettings> clients,
            ObjectProvider<SslBundles> bundles,
            ObjectProvider<HttpEndpoints> endpoints,
            Environment environment) {
        this.builders = builders;
        this.clients = clients;
        this.bundles = bundles;
        this.endpoints = endpoints;
        this.environment = environment;
    }

    @Override
    public String type() {
        return "http";
    }

    @Override
    public BindingBackend create(Settings settings) {
        HttpBindingOptions options = settings.options(HttpBindingOptions.class);
        // Without a destination of its own, a channel has its name as destination: it only receives.
        boolean sends = !settings.destination().equals(settings.channel());
        HttpEndpoints router = endpoints.getIfAvailable();
        if (!sends && router == null) {
            throw mistake(
                    "MECHA-B161",
                    PropertyNames.channel(settings.channel(), "destination"),
                    ("Channel '%s' can neither send, because its destination is not a URL, nor receive, because there is no web server"
                                    + " with Spring MVC.")
                            .formatted(settings.channel()),
                    "Set the destination to a URL, or add spring-boot-starter-webmvc.",
                    null);
        }
        try {
            HttpBindingBackend.Builder builder = configure(HttpBindingBackend.builder(settings.channel()), options)
                    .clock(settings.clock());
            if (router != null) {
                builder.endpoints(router).maximumHeaderSize(headerSize(options));
            }
            if (sends) {
                builder.destination(url(settings.destination()), requests(options))
                        .targets(targets);
            }
            return builder.build();
        } catch (IllegalArgumentException | NoSuchSslBundleException e) {
            throw mistake(
                    "MECHA-B160",
                    PropertyNames.channel(settings.channel(), "http"),
                    "An option of channel '%s' cannot work: %s.".formatted(settings.channel(), e.getMessage()),
                    "Correct it there, in mecha.bindings.http, or in %s."
                            .formatted(PropertyNames.channel(settings.channel(), "destination")),
                    e);
        }
    }

    private static URI url(String destination) {
        try {
            return new URI(destination);
        } catch (URISyntaxException e) {
            // Without the cause, which repeats the text and a password in it.
            throw new IllegalArgumentException("Its destination is not a URL such as https://example.org/events");
        }
    }

    private ClientHttpRequestFactory requests(HttpBindingOptions options) {
        HttpClientSettings common = clients.getIfAvailable(HttpClientSettings::defaults);
        Duration timeout = options.timeout() != null
                ? options.timeout()
                : Objects.requireNonNullElse(common.readTimeout(), TIMEOUT);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("The timeout must be positive, not %s".formatted(timeout));
        }
        HttpClientSettings own = common.withRedirects(HttpRedirects.DONT_FOLLOW)
                .withTimeouts(Objects.requireNonNullElse(common.connectTimeout(), CONNECT_TIMEOUT), timeout);
        if (options.sslBundle() != null) {
            own = own.withSslBundle(bundles.getObject().getBundle(options.sslBundle()));
        }
        ClientHttpRequestFactoryBuilder<?> builder = builders.getIfAvailable(ClientHttpRequestFactoryBuilder::detect);
        return builder.build(own);
    }

    private static HttpBindingBackend.Builder configure(
            HttpBindingBackend.Builder builder, HttpBindingOptions options) {
        set(options.path(), builder::path);
        set(options.allowedOrigins(), builder::allowedOrigins);
        set(options.allowedRate(), builder::allowedRate);
        set(options.maximumBodySize(), size -> builder.maximumBodySize(bytes(size)));
        set(options.bodyTimeout(), builder::bodyTimeout);
        set(options.responseTimeout(), builder::responseTimeout);
        set(options.retry(), builder::retries);
        set(options.backoffPolicy(), builder::backoffPolicy);
        set(options.backoffDelay(), builder::backoffDelay);
        set(options.maximumRetryAfter(), builder::maximumRetryAfter);
        set(options.concurrency(), builder::concurrency);
        set(options.headers(), headers -> headers.forEach(builder::header));
        set(options.authorization(), secret -> builder.header("authorization", secret.reveal()));
        return builder;
    }

    // Larger headers never come to the channel.
    private int headerSize(HttpBindingOptions options) {
        DataSize server =
                Binder.get(environment).bind(SERVER_HEADERS, DataSize.class).orElse(DataSize.ofKilobytes(8));
        DataSize own = options.maximumHeaderSize();
        if (own != null && own.compareTo(server) > 0) {
            throw new IllegalArgumentException(
                    "maximum-header-size is %d bytes, but the web server takes %d, as %s says"
                            .formatted(own.toBytes(), server.toBytes(), SERVER_HEADERS));
        }
        return bytes(own == null ? server : own);
    }

    private static int bytes(DataSize size) {
        return (int) Math.min(Integer.MAX_VALUE - 8, size.toBytes());
    }

    private static <V> void set(@Nullable V value, Consumer<V> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static InvalidConfigurationException mistake(
            String code, String property, String problem, String action, @Nullable Throwable cause) {
        return new InvalidConfigurationException(List.of(new Mistake(code, property, problem, action)), cause);
    }
}
