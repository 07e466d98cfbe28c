// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request while it arrives. What is there at once is read on the thread of the request; for the rest no thread waits,
 * so that a deadline ends also a sender that falls silent.
 */
final class RequestBody implements ReadListener {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int FIRST = 8 * 1024;

    private final ServletInputStream stream;
    private final long announced;
    private final int limit;
    private final long deadline;
    private final CompletableFuture<Content> content = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();
    private byte[] bytes;
    private int size;

    /**
     * The result of reading a body.
     *
     * @param bytes the body; empty if there is a fault
     * @param fault what to tell the sender; {@code null} if the body is there in full
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Content(byte[] bytes, @Nullable Reply fault) {

        private static final byte[] NOTHING = {};

        private static Content failed(Reply fault) {
            return new Content(NOTHING, fault);
        }
    }

    /**
     * Begins to read.
     *
     * @param limit most bytes
     * @param timeout how long it may take to arrive, from now
     * @throws IOException if the connection was lost
     */
    RequestBody(HttpServletRequest request, int limit, Duration timeout) throws IOException {
        this.stream = request.getInputStream();
        this.announced = request.getContentLengthLong();
        this.limit = limit;
        this.deadline = System.nanoTime() + timeout.toNanos();
        // One more than announced, so that the end is found without another array.
        this.bytes = new byte[(int) Math.min(FIRST, Math.max(announced, 0) + 1)];
    }

    /** Returns what comes of it; complete at once if all of it is here. */
    CompletableFuture<Content> content() throws IOException {
        while (!content.isDone() && size != announced && stream.available() > 0) {
            readSome();
        }
        if (size == announced) {
            finish();
        }
        return content;
    }

    /** Reads the rest as it arrives, or here where the server cannot tell when it does; once the request is asynchronous. */
    void readLater() {
        content.completeOnTimeout(Content.failed(Reply.SLOW), left(), TimeUnit.NANOSECONDS);
        try {
            stream.setReadListener(this);
        } catch (IllegalStateException | UnsupportedOperationException blocking) {
            readHere();
        }
    }

    /** Reads what a filter leaves of the stream, and waits for the rest without reading as long as the stream can tell. */
    private void readHere() {
        try {
            while (!content.isDone()) {
                if (stream.isFinished()) {
                    finish();
                } else if (stream.available() > 0 || stream.isReady()) {
                    readSome();
                } else {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
        } catch (IOException | IllegalStateException lost) {
            onError(lost);
        }
    }

    private long left() {
        return Math.max(1, deadline - System.nanoTime());
    }

    @Override
    public void onDataAvailable() throws IOException {
        lock.lock(); // a server may call from several threads, one after the other
        try {
            while (!content.isDone() && stream.isReady()) {
                readSome();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onAllDataRead() {
        lock.lock();
        try {
            finish();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable failure) {
        content.complete(Content.failed(Reply.SLOW)); // nobody is there any more, or nothing comes
    }

    private void readSome() throws IOException {
        int count = stream.read(bytes, size, bytes.length - size);
        if (count < 0) {
            finish();
            return;
        }
        size += count;
        if (size > limit) {
            content.complete(Content.failed(Reply.TOO_LARGE));
        } else if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(limit + 1L, Math.max(size * 2L, FIRST)));
        }
    }

    private void finish() {
        content.complete(new Content(size == bytes.length ? bytes : Arrays.copyOf(bytes, size), null));
    }
}
