// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.lifecycle.drain.DrainSequence;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** The {@link DrainFilter} of WebFlux; servers drop its header on HTTP/2. */
final class DrainWebFilter implements WebFilter, Ordered {

    private final DrainSequence sequence;
    private final HttpRequests requests;

    DrainWebFilter(DrainSequence sequence, HttpRequests requests) {
        this.sequence = sequence;
        this.requests = requests;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> {
            if (sequence.isDraining()) {
                exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
            }
            return Mono.empty();
        });
        return Mono.defer(() -> {
            requests.begin();
            return chain.filter(exchange).doFinally((signal) -> requests.end());
        });
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }
}
