// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies behind a filter whose stream refuses a listener. */
class RequestBodyTests {

    private static RequestBody body(ServletInputStream stream, Duration timeout) throws IOException {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                RequestBodyTests.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> method.getName().equals("getInputStream") ? stream : -1L);
        return new RequestBody(request, 100, timeout);
    }

    private static RequestBody.Content read(RequestBody body) throws Exception {
        var first = body.content();
        body.readLater();
        return first.get(20, TimeUnit.SECONDS);
    }

    @Test
    void readsWhatAFilterKeptInMemory() throws Exception {
        RequestBody.Content content = read(body(new Refusing("body", true), Duration.ofSeconds(20)));

        assertThat(content.fault()).isNull();
        assertThat(content.bytes()).isEqualTo("body".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void waitsForASilentSenderNoLongerThanForOthers() throws Exception {
        RequestBody.Content content = read(body(new Refusing("bo", false), Duration.ofMillis(50)));

        assertThat(content.fault()).isEqualTo(Reply.SLOW);
    }

    @Test
    void tellsASenderThatIsLostAsOneThatIsSlow() throws Exception {
        ServletInputStream stream = new Refusing("", false) {
            @Override
            public int available() throws IOException {
                throw new IOException("reset");
            }
        };
        RequestBody body = body(stream, Duration.ofSeconds(20));

        body.readLater();

        assertThat(body.content().get(20, TimeUnit.SECONDS).fault()).isEqualTo(Reply.SLOW);
    }

    /** A stream that blocks for ever when it is read with nothing there. */
    private static class Refusing extends ServletInputStream {

        private final byte[] bytes;
        private final boolean complete;
        private int position;

        Refusing(String text, boolean complete) {
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
            this.complete = complete;
        }

        @Override
        public int available() throws IOException {
            return bytes.length - position;
        }

        @Override
        public int read() {
            if (position < bytes.length) {
                return bytes[position++];
            }
            assertThat(complete).as("nothing may block here").isTrue();
            return -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int first = read();
            if (first < 0) {
                return -1;
            }
            target[offset] = (byte) first;
            return 1;
        }

        @Override
        public boolean isFinished() {
            return complete && position == bytes.length;
        }

        @Override
        public boolean isReady() {
            return position < bytes.length;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("no listener");
        }
    }
}
