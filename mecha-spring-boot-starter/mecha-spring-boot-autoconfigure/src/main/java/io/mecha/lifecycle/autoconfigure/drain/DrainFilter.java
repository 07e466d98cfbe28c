// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.lifecycle.drain.DrainSequence;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;

/**
 * A filter that counts requests, and during the drain asks clients of HTTP/1.1 to close their connections, so that their next request
 * finds another node.
 */
final class DrainFilter implements Filter, Ordered {

    private final DrainSequence sequence;
    private final HttpRequests requests;

    DrainFilter(DrainSequence sequence, HttpRequests requests) {
        this.sequence = sequence;
        this.requests = requests;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        requests.begin();
        try {
            close(request, response);
            chain.doFilter(request, response);
            if (!request.isAsyncStarted()) { // else it belongs to another thread
                close(request, response);
            }
        } finally {
            end(request);
        }
    }

    private void close(ServletRequest request, ServletResponse response) {
        if (sequence.isDraining()
                && request.getProtocol().equals("HTTP/1.1")
                && response instanceof HttpServletResponse http
                && !http.isCommitted()) {
            http.setHeader("Connection", "close");
        }
    }

    private void end(ServletRequest request) {
        if (request.isAsyncStarted()) {
            try {
                request.getAsyncContext().addListener(new End());
                return;
            } catch (IllegalStateException answered) {
                // It was dispatched or completed in the meantime.
            }
        }
        requests.end();
    }

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** The end of an asynchronous request. */
    private final class End implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            requests.end();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this); // a new cycle forgets its listeners
        }
    }
}
