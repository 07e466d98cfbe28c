// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.http;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The web server of an application: Tomcat with Spring MVC on a free port. */
final class WebServer implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    WebServer(String... properties) {
        context = new SpringApplicationBuilder(Application.class)
                .properties("server.port=0", "spring.main.banner-mode=off", "logging.level.root=warn")
                .properties(properties)
                .run();
    }

    HttpEndpoints endpoints() {
        return context.getBean(HttpEndpoints.class);
    }

    String url(String path) {
        return "http://localhost:%s%s".formatted(context.getEnvironment().getProperty("local.server.port"), path);
    }

    @Override
    public void close() {
        SpringApplication.exit(context);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
