// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A request whose body was read, and is read again; it cannot be answered later than its handler returns. */
final class CalledRequest extends HttpServletRequestWrapper {

    private final RequestBody body;
    private @Nullable ServletInputStream stream;
    private @Nullable BufferedReader reader;

    CalledRequest(HttpServletRequest request, RequestBody body) {
        super(request);
        this.body = body;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (stream == null) {
            InputStream again = body.open();
            if (again == null) {
                return super.getInputStream();
            }
            stream = new Again(again);
        }
        return stream;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        if (reader == null) {
            String charset = getCharacterEncoding();
            reader = new BufferedReader(new InputStreamReader(
                    getInputStream(), charset == null ? StandardCharsets.UTF_8 : Charset.forName(charset)));
        }
        return reader;
    }

    @Override
    public boolean isAsyncSupported() {
        return false;
    }

    @Override
    public AsyncContext startAsync() {
        throw later();
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
        throw later();
    }

    private static IllegalStateException later() {
        return new IllegalStateException(
                "The response of a request with an idempotency key is kept, and cannot come later");
    }

    /** The body, once more. */
    private static final class Again extends ServletInputStream {

        private final InputStream in;
        private boolean finished;

        Again(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int read = in.read();
            finished = read < 0;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            finished = read < 0;
            return read;
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw later();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
