// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.coordination.Idempotent;
import io.mecha.coordination.autoconfigure.idempotency.CallTransactions;
import io.mecha.coordination.autoconfigure.idempotency.WebCalls;
import io.mecha.coordination.autoconfigure.idempotency.WebSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.env.PropertyResolver;
import org.springframework.http.server.RequestPath;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** The operations whose requests may have a key: handlers with {@code @Idempotent}, and those on configured routes. */
final class Endpoints implements WebCalls {

    private final WebSettings settings;
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;
    private final CallTransactions transactions;
    private final PropertyResolver placeholders;
    private final List<PathPattern> routes = new ArrayList<>();
    private final List<PathPattern> required = new ArrayList<>();
    private volatile @Nullable List<RequestMappingHandlerMapping> sorted;
    private volatile boolean used;

    Endpoints(
            WebSettings settings,
            ObjectProvider<RequestMappingHandlerMapping> mappings,
            CallTransactions transactions,
            PropertyResolver placeholders) {
        this.settings = settings;
        this.mappings = mappings;
        this.transactions = transactions;
        this.placeholders = placeholders;
    }

    @Override
    public boolean check(MistakeCollector mistakes) {
        parse("http.routes", settings.routes(), routes, mistakes);
        parse("http.required-routes", settings.requiredRoutes(), required, mistakes);
        used = !routes.isEmpty()
                || !required.isEmpty()
                || mappings().stream()
                        .flatMap((mapping) -> mapping.getHandlerMethods().values().stream())
                        .anyMatch((handler) -> annotation(handler).isPresent());
        return used;
    }

    private void parse(String property, List<String> texts, List<PathPattern> patterns, MistakeCollector mistakes) {
        for (String text : texts) {
            try {
                patterns.add(PathPatternParser.defaultInstance.parse(text));
            } catch (PatternParseException wrong) {
                mistakes.add(settings.mistake(
                        property,
                        "'%s' is no pattern of paths: %s".formatted(text, wrong.toDetailedString()),
                        "patterns such as /orders/**"));
            }
        }
    }

    private List<RequestMappingHandlerMapping> mappings() {
        List<RequestMappingHandlerMapping> known = sorted;
        if (known == null) {
            known = mappings.orderedStream().toList();
            sorted = known;
        }
        return known;
    }

    private static MergedAnnotation<Idempotent> annotation(HandlerMethod handler) {
        return MergedAnnotations.from(handler.getMethod(), SearchStrategy.TYPE_HIERARCHY)
                .get(Idempotent.class);
    }

    /** Finds the operation of a request; {@code null} if it does not know keys, or if there is none. */
    @Nullable Endpoint find(HttpServletRequest request) {
        if (!used) {
            return null;
        }
        RequestPath path = ServletRequestPathUtils.parseAndCache(request);
        for (RequestMappingHandlerMapping mapping : mappings()) {
            HandlerExecutionChain chain = chain(mapping, request);
            if (chain != null && chain.getHandler() instanceof HandlerMethod handler) {
                return endpoint(handler, request, path);
            }
        }
        return null;
    }

    /** What cannot be mapped is answered by the dispatcher, with the failure that it finds as well. */
    private static @Nullable HandlerExecutionChain chain(
            RequestMappingHandlerMapping mapping, HttpServletRequest request) {
        try {
            return mapping.getHandler(request);
        } catch (Exception unmapped) { // allow CatchException: the dispatcher meets it again
            return null;
        }
    }

    private @Nullable Endpoint endpoint(HandlerMethod handler, HttpServletRequest request, RequestPath path) {
        MergedAnnotation<Idempotent> annotation = annotation(handler);
        boolean marked = annotation.isPresent() && annotation.getString("key").isEmpty();
        boolean demanded = matches(required, path) || (marked && annotation.getBoolean("required"));
        if (!marked && !demanded && !matches(routes, path)) {
            return null;
        }
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return new Endpoint(
                handler.getMethod(),
                handler.getBeanType(),
                handler,
                String.valueOf(pattern),
                demanded,
                settings.isStream(handler.getMethod(), handler.getBeanType()),
                transactions.isTransactional(handler.getMethod(), handler.getBeanType()),
                marked ? timeToLive(annotation.getString("timeToLive")) : settings.timeToLive());
    }

    private Duration timeToLive(String text) {
        return text.isEmpty()
                ? settings.timeToLive()
                : DurationStyle.detectAndParse(placeholders.resolveRequiredPlaceholders(text));
    }

    private static boolean matches(List<PathPattern> patterns, RequestPath path) {
        return !patterns.isEmpty()
                && patterns.stream().anyMatch((pattern) -> pattern.matches(path.pathWithinApplication()));
    }
}
