// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.coordination.autoconfigure.idempotency.CallNames;
import io.mecha.coordination.autoconfigure.idempotency.WebSettings;
import io.mecha.coordination.idempotency.Admission;
import io.mecha.coordination.idempotency.Execution;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.state.StateUnavailableException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A filter that answers repeated requests with the first response.
 *
 * <p>The last of the filters, so that a request is authenticated before its key means anything.
 */
final class IdempotencyFilter extends OncePerRequestFilter implements Ordered {

    private static final Set<String> METHODS = Set.of("POST", "PATCH");

    private final WebSettings settings;
    private final Endpoints endpoints;
    private final SingletonSupplier<Idempotency> engine;
    private final CallRunner runner;
    private final String application;

    IdempotencyFilter(
            WebSettings settings,
            Endpoints endpoints,
            ObjectProvider<Idempotency> engine,
            CallRunner runner,
            String application) {
        this.settings = settings;
        this.endpoints = endpoints;
        this.engine = SingletonSupplier.of(engine::getObject);
        this.runner = runner;
        this.application = application;
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !METHODS.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Endpoint endpoint = endpoints.find(request);
        List<String> lines = endpoint == null ? List.of() : Collections.list(request.getHeaders(settings.header()));
        if (endpoint == null || (lines.isEmpty() && !endpoint.required())) {
            chain.doFilter(request, response);
            return;
        }
        String key = lines.isEmpty() ? null : KeyHeader.read(lines);
        if (key == null) {
            String header = settings.header();
            send(lines.isEmpty() ? Problem.missing(header) : Problem.malformed(header), response);
        } else if (endpoint.stream()) {
            send(Problem.stream(settings.header()), response);
        } else {
            answer(endpoint, key, request, response, chain);
        }
    }

    private void answer(
            Endpoint endpoint, String key, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (RequestBody body = RequestBody.read(request, settings.maximumRequestSize())) {
            Admission admission;
            try {
                admission = engine.obtain()
                        .begin(name(endpoint, key, request), fingerprint(request, body), endpoint.timeToLive());
            } catch (StateUnavailableException away) {
                send(Problem.away(away.code()), response);
                return;
            }
            if (admission instanceof Admission.Run run) {
                try (Execution execution = run.execution()) {
                    runner.run(endpoint, execution, new CalledRequest(request, body), response, chain);
                }
            } else if (admission instanceof Admission.Replay replay) {
                KeptResponse.read(replay.result()).send(response);
            } else {
                send(problem(admission), response);
            }
        } catch (RequestBody.UnreadableException unreadable) {
            send(Problem.unreadable(unreadable.tooLarge()), response);
        }
    }

    private Problem problem(Admission admission) {
        if (admission instanceof Admission.Running running) {
            return Problem.running(settings.header(), running.remaining());
        }
        return admission instanceof Admission.Lost ? Problem.lost() : Problem.reused(settings.header());
    }

    private void send(Problem problem, HttpServletResponse response) throws IOException {
        problem.send(response, settings.documentation());
    }

    /** Keys of different clients, and of different operations, have nothing to do with each other. */
    private String name(Endpoint endpoint, String key, HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        String client = principal == null ? null : principal.getName();
        return CallNames.key(application, "http", client, request.getMethod(), endpoint.pattern(), key);
    }

    private static byte[] fingerprint(HttpServletRequest request, RequestBody body) {
        MessageDigest digest = CallNames.digest();
        CallNames.add(digest, request.getMethod());
        CallNames.add(digest, request.getRequestURI());
        CallNames.add(digest, request.getQueryString());
        CallNames.add(digest, RequestBody.contentType(request));
        digest.update(body.digest());
        return digest.digest();
    }
}
