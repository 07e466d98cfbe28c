// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import io.mecha.lifecycle.Drain;
import io.mecha.runtime.drain.DrainParticipant;
import io.mecha.runtime.drain.DrainPhase;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;

/**
 * The web server in the drain: Spring Boot's graceful shutdown, while everything that requests in progress may need still works.
 *
 * <p>The server of a management port of its own goes on until the lifecycle stops it.
 */
final class WebDrain implements DrainParticipant {

    private final ListableBeanFactory beans;
    private final HttpRequests requests;

    WebDrain(ListableBeanFactory beans, HttpRequests requests) {
        this.beans = beans;
        this.requests = requests;
    }

    boolean servesHttp() {
        return beans.getBeanNamesForType(WebServerGracefulShutdownLifecycle.class, false, false).length > 0;
    }

    @Override
    public String name() {
        return "HTTP";
    }

    @Override
    public DrainPhase phase() {
        return DrainPhase.WEB;
    }

    @Override
    public void drain(Drain drain) throws InterruptedException {
        List<WebServerGracefulShutdownLifecycle> servers =
                beans.getBeansOfType(WebServerGracefulShutdownLifecycle.class, false, false).values().stream()
                        .filter(WebServerGracefulShutdownLifecycle::isRunning)
                        .toList();
        CountDownLatch idle = new CountDownLatch(servers.size());
        servers.forEach((server) -> server.stop(idle::countDown));
        // Late is late: the sequence reports it.
        boolean unused = idle.await(drain.remaining().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public List<String> unfinished() {
        long count = requests.count();
        return count == 0 ? List.of() : List.of(count == 1 ? "1 request" : count + " requests");
    }
}
