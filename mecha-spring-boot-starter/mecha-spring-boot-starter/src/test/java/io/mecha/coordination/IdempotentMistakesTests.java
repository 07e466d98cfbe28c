// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.mecha.InvalidConfigurationException;
import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.coordination.autoconfigure.idempotency.IdempotencyAutoConfiguration;
import io.mecha.coordination.autoconfigure.idempotency.web.IdempotencyWebAutoConfiguration;
import io.mecha.coordination.idempotency.Idempotency;
import io.mecha.state.StateStores;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import io.mecha.state.jdbc.autoconfigure.EmbeddedStateAutoConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class IdempotentMistakesTests {

    private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(
            MechaAutoConfiguration.class,
            StateAutoConfiguration.class,
            IdempotencyAutoConfiguration.class,
            IdempotencyWebAutoConfiguration.class);

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS)
            .withPropertyValues("mecha.state.default-type=memory");

    private final WebApplicationContextRunner web = new WebApplicationContextRunner()
            .withConfiguration(CONFIGURATIONS)
            .withConfiguration(AutoConfigurations.of(WebMvcAutoConfiguration.class))
            .withPropertyValues("mecha.state.default-type=memory");

    public static class Simple {

        private int runs;

        @Idempotent(key = "#id")
        public int run(String id) {
            return ++runs;
        }
    }

    static class Wrong {

        @Idempotent(key = "#request.id")
        public int unknown(String id) {
            return 0;
        }

        @Idempotent(key = "#id +")
        public int noExpression(String id) {
            return 0;
        }

        @Idempotent
        public int noKey(String id) {
            return 0;
        }

        @Idempotent(key = "#id", timeToLive = "soon")
        public int noTime(String id) {
            return 0;
        }

        @Idempotent(key = "#id")
        public CompletableFuture<Integer> later(String id) {
            return CompletableFuture.completedFuture(0);
        }

        @Idempotent(key = "#id")
        public Future<Integer> laterStill(String id) {
            return CompletableFuture.completedFuture(0);
        }

        @Idempotent(key = "#id")
        @SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // found by reflection
        private int hidden(String id) {
            return 0;
        }
    }

    @RestController
    static class Plain {

        @PostMapping("/plain")
        @Idempotent
        int plain() {
            return 1;
        }
    }

    @RestController
    static class Stream {

        @PostMapping("/stream")
        @Idempotent
        SseEmitter stream() {
            return new SseEmitter();
        }
    }

    @Test
    void aStoreThatIsNamedAndNotConfiguredIsRefused() {
        runner.withPropertyValues("mecha.coordination.idempotency.store=calls")
                .run((context) -> assertThat(context.getStartupFailure())
                        .isInstanceOfSatisfying(
                                InvalidConfigurationException.class,
                                (invalid) -> assertThat(invalid.mistakes())
                                        .extracting(Mistake::code, Mistake::property, Mistake::problem)
                                        .containsExactly(tuple(
                                                "MECHA-K106",
                                                "mecha.coordination.idempotency.store",
                                                "State store 'calls' is not configured; configured are: none."))));
    }

    @Test
    void reportsAllMistakesTogether() {
        runner.withBean(Wrong.class)
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .extracting((mistake) -> mistake.code() + " " + mistake.property())
                        .containsExactlyInAnyOrder(
                                "MECHA-K412 key of " + place("unknown"),
                                "MECHA-K412 key of " + place("noExpression"),
                                "MECHA-K412 key of " + place("noKey"),
                                "MECHA-K412 timeToLive of " + place("noTime"),
                                "MECHA-K411 " + place("later"),
                                "MECHA-K411 " + place("laterStill"),
                                "MECHA-K411 " + place("hidden")));
    }

    @Test
    void aResultThatComesLaterIsNotAdvisedToComeLater() {
        runner.withBean(Wrong.class)
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .filteredOn((mistake) -> mistake.property().equals(place("later")))
                        .singleElement()
                        .extracting(Mistake::action)
                        .isEqualTo("Return the result itself, and do the work before the method returns."));
    }

    @Test
    void reportsAllWrongPropertiesTogether() {
        runner.withPropertyValues(
                        "mecha.coordination.idempotency.lease=500ms",
                        "mecha.coordination.idempotency.time-to-live=0s",
                        "mecha.coordination.idempotency.maximum-wait=-1s",
                        "mecha.coordination.idempotency.http.header=no header",
                        "mecha.coordination.idempotency.http.maximum-response-size=0B")
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .extracting((mistake) -> mistake.code() + " " + mistake.property())
                        .containsExactlyInAnyOrder(
                                "MECHA-K410 mecha.coordination.idempotency.lease",
                                "MECHA-K410 mecha.coordination.idempotency.time-to-live",
                                "MECHA-K410 mecha.coordination.idempotency.maximum-wait",
                                "MECHA-K410 mecha.coordination.idempotency.http.header",
                                "MECHA-K410 mecha.coordination.idempotency.http.maximum-response-size"));
    }

    private static String place(String method) {
        return "method '%s(String)' of %s".formatted(method, Wrong.class.getName());
    }

    @Test
    void refusesStreams() {
        web.withBean(Stream.class)
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .extracting(Mistake::code)
                        .containsExactly("MECHA-K411"));
    }

    @Test
    void refusesRoutesThatAreNone() {
        web.withPropertyValues("mecha.coordination.idempotency.http.routes=/a/{")
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .extracting(Mistake::code)
                        .containsExactly("MECHA-K410"));
    }

    @Test
    void refusesTheHeaderWhereNothingReadsIt() {
        runner.withBean(Plain.class)
                .run((context) -> assertThat(mistakes(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> assertThat(mistake.problem()).contains("No Spring MVC")));
    }

    @Test
    void worksWithoutTransactions() {
        runner.withBean(Simple.class)
                .withClassLoader(new FilteredClassLoader(PlatformTransactionManager.class))
                .run((context) -> {
                    Simple simple = context.getBean(Simple.class);
                    assertThat(simple.run("one")).isEqualTo(1);
                    assertThat(simple.run("one")).isEqualTo(1);
                    assertThat(simple.run("two")).isEqualTo(2);
                });
    }

    @Test
    void keepsCallsInTheEmbeddedStore(@TempDir Path directory) {
        new ApplicationContextRunner()
                .withConfiguration(CONFIGURATIONS)
                .withConfiguration(AutoConfigurations.of(EmbeddedStateAutoConfiguration.class))
                .withPropertyValues("mecha.data-directory=" + directory)
                .withBean(Simple.class)
                .run((context) -> {
                    Simple simple = context.getBean(Simple.class);
                    assertThat(simple.run("one")).isEqualTo(1);
                    assertThat(simple.run("one")).isEqualTo(1);
                    assertThat(context.getBean(Idempotency.class)).isNotNull();
                });
    }

    @Test
    void leavesBeansAloneWhenSwitchedOff() {
        runner.withBean(Simple.class)
                .withPropertyValues("mecha.coordination.idempotency.enabled=false")
                .run((context) -> {
                    assertThat(AopUtils.isAopProxy(context.getBean(Simple.class)))
                            .isFalse();
                    assertThat(context).doesNotHaveBean(Idempotency.class);
                });
    }

    @Test
    void opensNoStoreThatNothingNeeds() {
        runner.run((context) ->
                assertThat(context.getBean(StateStores.class).names()).isEmpty());
    }

    private static List<Mistake> mistakes(Throwable failure) {
        Throwable cause = failure;
        while (cause != null && !(cause instanceof InvalidConfigurationException)) {
            cause = cause.getCause();
        }
        assertThat(cause).as(String.valueOf(failure)).isNotNull();
        return ((InvalidConfigurationException) cause).mistakes();
    }
}
