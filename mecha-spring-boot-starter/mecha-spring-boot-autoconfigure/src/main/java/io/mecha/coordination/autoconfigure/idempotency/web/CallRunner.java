// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.coordination.CallOvertakenException;
import io.mecha.coordination.autoconfigure.idempotency.CallTransactions;
import io.mecha.coordination.autoconfigure.idempotency.CallTransactions.UndoneException;
import io.mecha.coordination.autoconfigure.idempotency.WebSettings;
import io.mecha.coordination.idempotency.Execution;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.state.StateUnavailableException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * The run of the first request with its key.
 *
 * <p>Where the handler is transactional and the state store is in the same database, its transaction is begun around the whole of it, so
 * that the response, which is written after the handler has returned, commits with it. Elsewhere the first transaction that commits
 * leaves a mark, and the response is kept afterwards.
 */
final class CallRunner {

    private static final Logger logger = LoggerFactory.getLogger(CallRunner.class);
    private static final int REFUSED = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final WebSettings settings;
    private final SingletonSupplier<Idempotency> engine;
    private final CallTransactions transactions;
    private final ObjectProvider<HandlerExceptionResolver> resolver;

    CallRunner(
            WebSettings settings,
            ObjectProvider<Idempotency> engine,
            CallTransactions transactions,
            ObjectProvider<HandlerExceptionResolver> resolver) {
        this.settings = settings;
        this.engine = SingletonSupplier.of(engine::getObject);
        this.transactions = transactions;
        this.resolver = resolver;
    }

    void run(
            Endpoint endpoint,
            Execution execution,
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain)
            throws ServletException, IOException {
        Run run = new Run(endpoint, execution, request, response, chain);
        try {
            run.run();
        } catch (CallOvertakenException overtaken) {
            run.answer(Problem.overtaken());
        } catch (StateUnavailableException away) {
            run.unavailable(away);
        } catch (BufferedResponse.TooLongException tooLong) {
            run.tooLong();
        } catch (ServletException wrapped) {
            if (!(wrapped.getRootCause() instanceof CallOvertakenException)) {
                throw wrapped;
            }
            run.answer(Problem.overtaken());
        } catch (IOException | RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable thrown) {
            throw new UndeclaredThrowableException(thrown);
        }
    }

    /** One request that runs. */
    private final class Run {

        private final Endpoint endpoint;
        private final Execution execution;
        private final HttpServletRequest request;
        private final BufferedResponse response;
        private final FilterChain chain;
        private boolean ended;
        private boolean endsInTransaction;
        private boolean rolledBack;
        private boolean handled;

        Run(
                Endpoint endpoint,
                Execution execution,
                HttpServletRequest request,
                HttpServletResponse response,
                FilterChain chain) {
            this.endpoint = endpoint;
            this.execution = execution;
            this.request = request;
            this.response = new BufferedResponse(response, settings.maximumResponseSize(), !endpoint.transactional());
            this.chain = chain;
        }

        void run() throws Throwable {
            if (endpoint.transactional()) {
                runInTransaction();
            } else {
                transactions.marking(execution, () -> chain.doFilter(request, response));
            }
            if (!ended && (!rolledBack || response.getStatus() >= REFUSED)) {
                keepAlone();
            }
            response.send();
        }

        private void runInTransaction() throws Throwable {
            try {
                rolledBack = !transactions.call(
                        endpoint.method(),
                        endpoint.owner(),
                        execution,
                        this::handleInTransaction,
                        this::endInTransaction);
                ended &= !rolledBack;
            } catch (CallOvertakenException | StateUnavailableException | BufferedResponse.TooLongException known) {
                throw known;
            } catch (Exception failed) { // allow CatchException: rethrown unless the application knows it
                ended = false;
                rolledBack = true;
                if (!handled || !isResolved(failed)) {
                    throw failed;
                }
            }
        }

        private void handleInTransaction() {
            try {
                chain.doFilter(request, response);
            } catch (IOException | ServletException | RuntimeException failed) {
                // What the handler throws has met its own transaction before: this is more than that.
                throw new UndoneException(response.isOverflown() ? new BufferedResponse.TooLongException() : failed);
            }
            if (response.isOverflown()) {
                throw new UndoneException(new BufferedResponse.TooLongException());
            }
            handled = true;
        }

        /** What commits is never run again, whatever is kept of it. */
        private void endInTransaction() {
            if (engine.obtain().joins()) {
                endsInTransaction = true;
                if (isKept()) {
                    keep();
                } else {
                    execution.completeWithoutResult();
                }
                endsInTransaction = false;
                ended = true;
            }
        }

        /** Lets the application answer the failure of a commit, as if its handler had thrown it. */
        private boolean isResolved(Exception failed) {
            HandlerExceptionResolver resolvers = resolver.getIfAvailable();
            ModelAndView view = resolvers == null || !response.clear()
                    ? null
                    : resolvers.resolveException(request, response, endpoint.handler(), failed);
            return view != null && view.isEmpty();
        }

        private boolean isKept() {
            int status = response.getStatus();
            return status < SERVER_ERROR && status != TOO_MANY_REQUESTS && status != UNAUTHORIZED;
        }

        private void keep() {
            KeptResponse kept = response.kept(settings.withoutHeaders());
            boolean tooLong = response.isOverflown() || kept.headSize() > settings.maximumResponseSize();
            if (tooLong && endsInTransaction) {
                throw new BufferedResponse.TooLongException();
            } else if (tooLong) {
                execution.completeWithoutResult();
                warn("mecha.coordination.idempotency.http.maximum-response-size");
            } else if (!execution.complete(kept.bytes())) {
                warn("mecha.coordination.idempotency.store");
            }
        }

        private void warn(String property) {
            logger.warn(
                    "The response of {} {} is too large and is not kept: who repeats the request is told that it is lost. Return less, or"
                            + " change {}.",
                    request.getMethod(),
                    endpoint.pattern(),
                    property);
        }

        /** The work is done, so that the client gets its response even where it cannot be kept. */
        private void keepAlone() {
            if (!isKept()) {
                return;
            }
            try {
                keep();
            } catch (CallOvertakenException overtaken) {
                throw overtaken;
            } catch (RuntimeException failure) { // allow CatchException: the request was done
                logger.warn(
                        "The response of {} {} could not be kept yet, and that is tried again; until then the request counts as"
                                + " running: {}",
                        request.getMethod(),
                        endpoint.pattern(),
                        failure.getMessage());
            }
        }

        private void answer(Problem problem) throws IOException {
            if (response.clear()) {
                problem.send(response, settings.documentation());
                response.send();
            }
        }

        /** Tells that nothing was committed, unless it is the application that was refused by a store of its own. */
        private void unavailable(StateUnavailableException away) throws IOException {
            if (!endsInTransaction) {
                throw away;
            }
            answer(Problem.away(away.code()));
        }

        private void tooLong() throws IOException {
            logger.warn(
                    "The response of {} {} is larger than mecha.coordination.idempotency.http.maximum-response-size, so that its"
                            + " transaction is rolled back. Return less, or raise it.",
                    request.getMethod(),
                    endpoint.pattern());
            answer(Problem.tooLarge());
        }
    }
}
