// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.mecha.benchmarks.workload.Keys;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPut;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Calls the hop with Apache HttpClient 5, without what such calls do not need. */
final class ApacheCaller implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int OK = 200;
    private static final byte[] NOTHING = {};

    private final CloseableHttpClient client = HttpClients.custom()
            .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnTotal(CONNECTIONS)
                    .setMaxConnPerRoute(CONNECTIONS)
                    .build())
            .disableAuthCaching()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .disableRedirectHandling()
            .build();
    private final List<URI> uris = new ArrayList<>();
    private final Keys keys;
    private final byte[] value;

    ApacheCaller(URI server, Keys keys, byte[] value) {
        this.keys = keys;
        this.value = value;
        for (int number = 0; number < keys.count(); number++) {
            uris.add(server.resolve(keys.get(number)));
        }
    }

    byte[] get(int draw) throws IOException {
        return send(new HttpGet(uris.get(keys.index(draw))));
    }

    byte[] put(int draw) throws IOException {
        HttpPut request = new HttpPut(uris.get(keys.index(draw)));
        request.setEntity(new ByteArrayEntity(value, ContentType.APPLICATION_OCTET_STREAM));
        return send(request);
    }

    private byte[] send(ClassicHttpRequest request) throws IOException {
        return client.execute(request, response -> {
            if (response.getCode() != OK) {
                throw new IOException("Status " + response.getCode());
            }
            byte[] body = EntityUtils.toByteArray(response.getEntity());
            return body == null ? NOTHING : body;
        });
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
