// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.function.ServerResponse;

/** A response that comes later, to a request whose body is read once no thread waits for it any more. */
final class LaterResponse implements ServerResponse {

    private final ServerResponse later;
    private final RequestBody body;

    LaterResponse(CompletableFuture<ServerResponse> response, Duration timeout, RequestBody body) {
        this.later = ServerResponse.async(response, timeout);
        this.body = body;
    }

    @Override
    public HttpStatusCode statusCode() {
        return later.statusCode();
    }

    @Override
    public HttpHeaders headers() {
        return later.headers();
    }

    @Override
    public MultiValueMap<String, Cookie> cookies() {
        return later.cookies();
    }

    @Override
    public @Nullable ModelAndView writeTo(HttpServletRequest request, HttpServletResponse response, Context context)
            throws ServletException, IOException {
        ModelAndView view = later.writeTo(request, response, context);
        body.readLater();
        return view;
    }
}
