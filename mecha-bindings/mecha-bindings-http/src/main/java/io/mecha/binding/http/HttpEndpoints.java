// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The router of requests of the application's web server to the channels that receive there: {@link #route} is a router
 * function of Spring MVC, which this class does not implement, so that it loads where Spring MVC is absent.
 *
 * <p>Thread-safe.
 *
 * @since 1.0
 */
public final class HttpEndpoints {

    private final Map<String, Registration> endpoints = new ConcurrentHashMap<>();

    /** Begin without channels. */
    public HttpEndpoints() {}

    /**
     * Find the channel that receives at the path of a request.
     *
     * @param request the request
     * @return handles it; empty if no channel has the path
     */
    public Optional<HandlerFunction<ServerResponse>> route(ServerRequest request) {
        Registration found =
                endpoints.get(request.requestPath().pathWithinApplication().value());
        return found == null ? Optional.empty() : Optional.of(found.endpoint()::handle);
    }

    /**
     * Adds an endpoint.
     *
     * @throws IllegalArgumentException if another channel has the path
     */
    Registration register(String path, String channel, Endpoint endpoint) {
        Registration mine = new Registration(path, channel, endpoint);
        Registration other = endpoints.putIfAbsent(path, mine);
        if (other != null) {
            throw new IllegalArgumentException(
                    "Path %s is that of channel '%s' already".formatted(path, other.channel()));
        }
        return mine;
    }

    /** Removes an endpoint. */
    void remove(Registration registration) {
        endpoints.remove(registration.path(), registration);
    }

    /** An endpoint at its path. */
    record Registration(String path, String channel, Endpoint endpoint) {

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
