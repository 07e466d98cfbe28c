// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The servers that the channels of an application send to, each of which may ask all of them to wait.
 *
 * <p>Knows a server while a channel that sends there is open. Thread-safe.
 *
 * @since 1.0
 */
public final class HttpTargets {

    private static final Map<String, Integer> PORTS = Map.of("http", 80, "https", 443);

    private final Map<String, Shared> known = new ConcurrentHashMap<>();

    /** Begin without servers. */
    public HttpTargets() {}

    private record Shared(Hold hold, int channels) {}

    /** Returns what holds requests to the server of a URL, until it is closed as often. */
    Hold open(URI url) {
        return known.compute(
                        server(url),
                        (server, shared) -> shared == null
                                ? new Shared(new Hold(), 1)
                                : new Shared(shared.hold(), shared.channels() + 1))
                .hold();
    }

    void close(URI url) {
        known.computeIfPresent(
                server(url),
                (server, shared) -> shared.channels() == 1 ? null : new Shared(shared.hold(), shared.channels() - 1));
    }

    /** Returns how many servers are known. */
    int size() {
        return known.size();
    }

    private static String server(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int port = url.getPort() < 0 ? PORTS.getOrDefault(scheme, -1) : url.getPort();
        return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }
}
