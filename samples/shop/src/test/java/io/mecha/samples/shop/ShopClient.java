// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.samples.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Talks to a shop over HTTP. */
final class ShopClient {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String address;

    ShopClient(String address) {
        this.address = address;
    }

    /** An answer: its status, its ETag (or nothing) and its body (or null). */
    record Answer(int status, String etag, JsonNode body) {}

    Answer get(String path) {
        return send("GET", path, null);
    }

    Answer send(String method, String path, String body, String... headers) {
        return send(method, URI.create(address + path), body, headers);
    }

    /** Does what a line with curl says. */
    Answer curl(String line) {
        String method = null;
        String body = null;
        URI uri = null;
        List<String> headers = new ArrayList<>();
        Matcher words = WORD.matcher(line.substring("curl ".length()));
        while (words.find()) {
            switch (words.group()) {
                case "-s", "-i" -> {}
                case "-X" -> method = next(words);
                case "-H" -> headers.addAll(List.of(next(words).split(": ", 2)));
                case "-d" -> body = next(words);
                default -> uri = URI.create(words.group());
            }
        }
        return send(method == null ? body == null ? "GET" : "POST" : method, uri, body, headers.toArray(String[]::new));
    }

    private static String next(Matcher words) {
        words.find();
        return words.group(1) == null ? words.group(2) : words.group(1);
    }

    private static Answer send(String method, URI uri, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        for (int index = 0; index < headers.length; index += 2) {
            request.setHeader(headers[index], headers[index + 1]);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("ETag").orElse(""),
                    response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body()));
        } catch (IOException failure) {
            throw new IllegalStateException("%s %s".formatted(method, uri), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
