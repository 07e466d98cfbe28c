// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination.autoconfigure.idempotency.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response that is held back until it is kept.
 *
 * <p>One that is longer than the limit is not kept: it is sent as it comes, or is a failure where nothing may be sent before the end of
 * a transaction.
 */
final class BufferedResponse extends HttpServletResponseWrapper {

    private final int limit;
    private final boolean sendsWhatIsTooLong;
    private final KeptResponse.Before before;
    private final Buffer buffer = new Buffer();
    private @Nullable PrintWriter writer;
    private int errorStatus;
    private @Nullable String errorMessage;
    private boolean overflown;

    BufferedResponse(HttpServletResponse response, int limit, boolean sendsWhatIsTooLong) {
        super(response);
        this.limit = limit;
        this.sendsWhatIsTooLong = sendsWhatIsTooLong;
        this.before = KeptResponse.Before.of(response);
    }

    /** The failure of a response that is longer than the limit. */
    static final class TooLongException extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    /** Tells whether the response is longer than the limit, and was sent or has failed. */
    boolean isOverflown() {
        return overflown;
    }

    @Override
    public int getStatus() {
        return errorStatus == 0 ? super.getStatus() : errorStatus;
    }

    /** Returns what is kept, without some headers; names in lower case. */
    KeptResponse kept(List<String> without) {
        flushWriter();
        Map<String, List<String>> headers = before.changed((HttpServletResponse) getResponse());
        headers.keySet().removeIf((name) -> without.contains(name.toLowerCase(Locale.ROOT)));
        String error = errorStatus == 0 ? null : errorMessage == null ? "" : errorMessage;
        return new KeptResponse(getStatus(), error, super.getContentType(), headers, buffer.bytes.toByteArray());
    }

    /** Sends what was held back. */
    void send() throws IOException {
        flushWriter();
        if (errorStatus != 0) {
            super.sendError(errorStatus, errorMessage);
        } else if (!overflown && buffer.bytes.size() > 0) {
            super.setContentLength(buffer.bytes.size());
            buffer.bytes.writeTo(super.getOutputStream());
        }
    }

    private void flushWriter() {
        if (writer != null) {
            writer.flush();
        }
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return buffer;
    }

    @Override
    public PrintWriter getWriter() {
        if (writer == null) {
            String encoding = getCharacterEncoding();
            Charset charset = encoding == null ? StandardCharsets.ISO_8859_1 : Charset.forName(encoding);
            setCharacterEncoding(charset); // what the real writer would add to the content type
            writer = new PrintWriter(new OutputStreamWriter(buffer, charset));
        }
        return writer;
    }

    @Override
    public void sendError(int status) {
        sendError(status, null);
    }

    @Override
    public void sendError(int status, @Nullable String message) {
        resetBuffer();
        errorStatus = status;
        errorMessage = message;
    }

    @Override
    public void sendRedirect(String location) {
        sendRedirect(location, SC_FOUND, true);
    }

    @Override
    public void sendRedirect(String location, int status, boolean clearBuffer) {
        if (clearBuffer) {
            resetBuffer();
        }
        setStatus(status);
        setHeader("Location", location);
    }

    @Override
    public void setContentLength(int length) {
        // known at the end
    }

    @Override
    public void setContentLengthLong(long length) {
        // known at the end
    }

    @Override
    public boolean isCommitted() {
        return errorStatus != 0 || super.isCommitted();
    }

    @Override
    public void flushBuffer() throws IOException {
        flushWriter();
        if (overflown) {
            super.flushBuffer();
        }
    }

    @Override
    public void reset() {
        super.reset();
        before.headers().forEach((name, values) -> values.forEach((value) -> super.addHeader(name, value)));
        forget();
    }

    @Override
    public void resetBuffer() {
        if (overflown) {
            super.resetBuffer();
        }
        flushWriter();
        buffer.bytes.reset();
    }

    private void forget() {
        writer = null;
        errorStatus = 0;
        errorMessage = null;
        buffer.bytes.reset();
    }

    /** Begins anew, for a problem instead of what a handler wrote; does nothing if some of that was sent. */
    boolean clear() {
        boolean sent = super.isCommitted();
        if (!sent) {
            reset();
            overflown = false;
        }
        return !sent;
    }

    /** The stream of what was written so far. */
    private final class Buffer extends ServletOutputStream {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            if (!overflown && bytes.size() + (long) length > limit) {
                overflown = true;
                if (sendsWhatIsTooLong) {
                    bytes.writeTo(BufferedResponse.super.getOutputStream());
                }
                bytes.reset();
            }
            if (!overflown) {
                bytes.write(source, offset, length);
            } else if (sendsWhatIsTooLong) {
                BufferedResponse.super.getOutputStream().write(source, offset, length);
            } else {
                throw new TooLongException();
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException(
                    "The response of a request with an idempotency key is kept, and cannot come later");
        }
    }
}
