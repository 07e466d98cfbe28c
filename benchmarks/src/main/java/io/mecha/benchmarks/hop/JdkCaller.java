// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.hop;

import io.mecha.benchmarks.workload.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** Calls the hop with the HTTP client of the JDK; requests are made once. */
final class JdkCaller {

    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<HttpRequest> gets = new ArrayList<>();
    private final List<HttpRequest> puts = new ArrayList<>();
    private final Keys keys;

    JdkCaller(URI server, Keys keys, byte[] value) {
        this.keys = keys;
        for (int number = 0; number < keys.count(); number++) {
            URI uri = server.resolve(keys.get(number));
            gets.add(HttpRequest.newBuilder(uri).build());
            puts.add(HttpRequest.newBuilder(uri)
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(value))
                    .build());
        }
    }

    byte[] get(int draw) throws IOException, InterruptedException {
        return send(gets.get(keys.index(draw)));
    }

    byte[] put(int draw) throws IOException, InterruptedException {
        return send(puts.get(keys.index(draw)));
    }

    private byte[] send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != OK) {
            throw new IOException("Status " + response.statusCode());
        }
        return response.body();
    }
}
