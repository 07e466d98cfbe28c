// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.SendException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.http.client.ClientHttpResponse;

/** A caller of the destination, one request at a time, with the configured headers. */
final class HttpCaller {

    private final ClientHttpRequestFactory requests;
    private final Map<String, String> headers;
    private final int maximumReply;

    HttpCaller(ClientHttpRequestFactory requests, Map<String, String> headers, int maximumReply) {
        this.requests = requests;
        this.headers = Map.copyOf(headers);
        this.maximumReply = maximumReply;
    }

    /**
     * An answer.
     *
     * @param body empty if there is none
     * @param whole whether the body is all there; otherwise it was longer than what is read
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, HttpHeaders headers, byte[] body, boolean whole) {

        boolean isSuccess() {
            return status / 100 == 2;
        }
    }

    /**
     * Makes a request.
     *
     * @param more headers in addition to those that are configured, which they replace
     * @throws IOException if there was no answer, or not a whole one
     */
    Answer call(HttpMethod method, URI uri, HttpHeaders more, byte @Nullable [] body) throws IOException {
        ClientHttpRequest request = requests.createRequest(uri, method);
        headers.forEach(request.getHeaders()::set);
        more.forEach((name, values) -> request.getHeaders().put(name, values));
        if (body != null && body.length > 0) {
            write(body, request);
        }
        try (ClientHttpResponse response = request.execute()) {
            InputStream stream = response.getBody();
            byte[] bytes = stream.readNBytes(maximumReply);
            boolean whole = bytes.length < maximumReply || stream.read() < 0;
            return new Answer(response.getStatusCode().value(), response.getHeaders(), bytes, whole);
        }
    }

    private static void write(byte[] body, ClientHttpRequest request) throws IOException {
        request.getHeaders().setContentLength(body.length);
        if (request instanceof StreamingHttpOutputMessage streaming) {
            streaming.setBody(body);
        } else {
            request.getBody().write(body);
        }
    }

    /** Translates what was thrown when there was no answer. */
    static SendException noAnswer(String channel, IOException e) {
        return isUnreachable(e)
                ? SendException.unreachable(channel, HttpBindingBackend.TYPE, e)
                : SendException.unconfirmed(channel, HttpBindingBackend.TYPE, e);
    }

    private static boolean isUnreachable(Throwable failure) {
        return failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof UnresolvedAddressException
                || Optional.ofNullable(failure.getCause())
                        .filter(HttpCaller::isUnreachable)
                        .isPresent();
    }
}
