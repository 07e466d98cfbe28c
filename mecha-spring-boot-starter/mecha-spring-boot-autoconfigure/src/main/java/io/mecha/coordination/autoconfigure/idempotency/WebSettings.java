// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency;

import io.mecha.Mistake;
import java.lang.reflect.Method;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;

/**
 * The settings of web requests with keys.
 *
 * @since 1.0
 */
public final class WebSettings {

    /** Headers of one message on its way, not of the response. */
    private static final List<String> OF_THE_CONNECTION =
            List.of("date", "connection", "keep-alive", "transfer-encoding", "content-length", "content-type");

    private static final List<String> SECRET =
            List.of("Set-Cookie", "Authorization", "Authentication-Info", "Proxy-Authentication-Info");

    private final IdempotencyProperties properties;
    private final List<String> withoutHeaders;

    WebSettings(IdempotencyProperties properties) {
        this.properties = properties;
        List<String> secret = properties.http().secretHeaders();
        this.withoutHeaders = Stream.concat(OF_THE_CONNECTION.stream(), (secret == null ? SECRET : secret).stream())
                .map((name) -> name.toLowerCase(Locale.ROOT))
                .toList();
    }

    /**
     * Return the name of the header.
     *
     * @return the name
     */
    public String header() {
        return properties.http().header();
    }

    /**
     * Return the routes that know keys.
     *
     * @return patterns of paths
     */
    public List<String> routes() {
        return properties.http().routes();
    }

    /**
     * Return the routes that need keys.
     *
     * @return patterns of paths
     */
    public List<String> requiredRoutes() {
        return properties.http().requiredRoutes();
    }

    /**
     * Return how large a request may be.
     *
     * @return bytes of the body
     */
    public long maximumRequestSize() {
        return properties.http().maximumRequestSize().toBytes();
    }

    /**
     * Return how large a response may be.
     *
     * @return bytes of the body
     */
    public int maximumResponseSize() {
        return (int) properties.http().maximumResponseSize().toBytes();
    }

    /**
     * Return the headers that are not kept.
     *
     * @return names in lower case
     */
    public List<String> withoutHeaders() {
        return withoutHeaders;
    }

    /**
     * Return where the keys of the application are documented.
     *
     * @return an address, if any
     */
    public @Nullable URI documentation() {
        return properties.http().documentation();
    }

    /**
     * Return how long responses are kept.
     *
     * @return where an annotation does not say otherwise
     */
    public Duration timeToLive() {
        return properties.timeToLive();
    }

    /**
     * Tell whether a handler writes its response later than it returns, or piece by piece.
     *
     * @param method the handler
     * @param owner class of its bean
     * @return whether its responses cannot be kept
     */
    public boolean isStream(Method method, Class<?> owner) {
        return IdempotentAdvices.isStream(ResolvableType.forMethodReturnType(method, owner));
    }

    /**
     * Describe a setting that cannot be used.
     *
     * @param property its name, below those of idempotency
     * @param problem one sentence
     * @param wanted what to set instead
     * @return the mistake
     */
    public Mistake mistake(String property, String problem, String wanted) {
        return IdempotencyProperties.mistake(property, problem, wanted);
    }
}
