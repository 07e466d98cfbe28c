// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.Inbound;
import io.mecha.binding.spi.Operations;
import io.mecha.binding.spi.Outbound;
import io.mecha.binding.spi.RequestReply;
import io.mecha.test.Outage;
import io.mecha.test.binding.BindingBackendContract;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;

/** Sends to the web server that it receives from. Nothing keeps messages for groups, so that what needs that is left out. */
class HttpBindingBackendContractIT extends BindingBackendContract {

    @SuppressWarnings("NullAway.Init")
    private static WebServer server;

    @BeforeAll
    static void start() {
        server = new WebServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected String adapter() {
        return "http";
    }

    @Override
    protected BindingBackend backend(String destination) {
        return HttpBindingBackend.builder(destination)
                .endpoints(server.endpoints())
                .destination(
                        URI.create(server.url("/mecha/bindings/" + destination)),
                        ClientHttpRequestFactoryBuilder.jdk().build())
                .build();
    }

    @Override
    protected Optional<BindingBackend> anotherNode(String destination) {
        return Optional.empty();
    }

    @Override
    protected Set<Class<?>> expectedCapabilities() {
        return Set.of(Inbound.class, Outbound.class, RequestReply.class, Operations.class);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.empty();
    }

    @Override
    protected boolean knowsItsDestination() {
        return false; // a server can be reached under any name
    }
}
