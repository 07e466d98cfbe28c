// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.Mistake;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.BindingFallback;
import io.mecha.binding.Event;
import io.mecha.binding.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.jvm.functions.Function0;
import kotlin.sequences.Sequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // handlers are found by reflection
class LaterResultsTests {

    private static final Event<String> EVENT =
            Event.<String>builder().id("1").type("t").data("x").build();

    private final FakeBindings bindings = new FakeBindings();
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBindings.class, () -> bindings);

    private final AtomicInteger ran = new AtomicInteger();

    /** Calls the handler, and returns what becomes of the message. */
    private CompletableFuture<Outcome> handle(Object handler) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        runner.withBean("handler", Object.class, () -> handler).run((context) -> {
            assertThat(context).hasNotFailed();
            bindings.handleLater(EVENT).whenComplete((result, failure) -> {
                if (failure == null) {
                    outcome.complete(result);
                } else {
                    outcome.completeExceptionally(failure);
                }
            });
        });
        return outcome;
    }

    private List<String> mistakes(Class<?>... beans) {
        List<Mistake> mistakes = new ArrayList<>();
        ApplicationContextRunner all = runner;
        for (Class<?> bean : beans) {
            all = all.withBean(bean);
        }
        all.run((context) -> mistakes.addAll(Mistakes.of(context.getStartupFailure())));
        return mistakes.stream()
                .map((mistake) -> mistake.problem() + ' ' + mistake.action())
                .toList();
    }

    @Test
    void subscribesToAMonoAndAcknowledgesWhenItIsComplete() {
        CompletableFuture<Void> work = new CompletableFuture<>();

        CompletableFuture<Outcome> outcome = handle(new Object() {
            @Binding("orders")
            Mono<Void> on(String payload) {
                return Mono.fromFuture(() -> {
                    ran.incrementAndGet();
                    return work;
                });
            }
        });

        assertThat(ran).hasValue(1);
        assertThat(outcome).isNotDone();
        work.complete(null);
        assertThat(outcome).isCompletedWithValue(Outcome.ack());
    }

    @Test
    void failsWithTheErrorOfAMono() {
        CompletableFuture<Outcome> outcome = handle(new Object() {
            @Binding("orders")
            Mono<Void> on(String payload) {
                return Mono.error(new IllegalStateException("refused"));
            }
        });

        assertThat(outcome)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .withMessage("refused");
    }

    @Test
    void takesOutcomesAndResultsOfReactiveTypes() {
        assertThat(handle(new Object() {
                    @Binding("orders")
                    Mono<Outcome> on(String payload) {
                        return Mono.just(Outcome.drop());
                    }
                }))
                .isCompletedWithValue(Outcome.drop());
    }

    @Test
    void refusesAnOutcomeWhoseResultComesLater() {
        CompletableFuture<Outcome> outcome = handle(new Object() {
            @Binding("orders")
            Mono<Outcome> on(String payload) {
                return Mono.just(Outcome.reply(Mono.just("later")));
            }
        });

        assertThat(outcome)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("is not awaited");
    }

    @Test
    void repliesWithTheElementsOfAFlux() {
        assertThat(handle(new Object() {
                    @Binding(value = "orders", sendTo = "invoices")
                    Flux<String> on(String payload) {
                        return Flux.just("one", "two");
                    }
                }))
                .isCompletedWithValue(Outcome.reply(List.of("one", "two")));
        assertThat(bindings.senders).containsEntry("invoices", String.class);
    }

    @Test
    void acknowledgesAFluxOfNothingWhenItIsComplete() {
        assertThat(handle(new Object() {
                    @Binding("orders")
                    Flux<Void> on(String payload) {
                        return Mono.fromRunnable(ran::incrementAndGet).thenMany(Flux.empty());
                    }
                }))
                .isCompletedWithValue(Outcome.ack());
        assertThat(ran).hasValue(1);
    }

    @Test
    void awaitsPublishersOfTheJdk() {
        assertThat(handle(new Object() {
                    @Binding("orders")
                    Flow.Publisher<String> on(String payload) {
                        return JdkFlowAdapter.publisherToFlowPublisher(Flux.just("one"));
                    }
                }))
                .isCompletedWithValue(Outcome.reply(List.of("one")));
    }

    @Test
    void takesKotlinsUnitForNothing() {
        assertThat(handle(new Object() {
                    @Binding("orders")
                    CompletableFuture<Unit> on(String payload) {
                        return CompletableFuture.completedFuture(Unit.INSTANCE);
                    }
                }))
                .isCompletedWithValue(Outcome.ack());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void awaitsWhatAnUndeclaredResultTurnsOutToBe(boolean reactive) {
        runner.withBean("handler", Object.class, () -> new Object() {
                    @Binding("orders")
                    Object on(String payload) {
                        Callable<String> work = () -> "done " + ran.incrementAndGet();
                        FutureTask<String> task = new FutureTask<>(work);
                        if (!reactive) {
                            task.run();
                        }
                        return reactive ? Mono.fromCallable(work) : task;
                    }
                })
                .run((context) -> assertThat(bindings.handle(EVENT)).isEqualTo(Outcome.reply("done 1")));
    }

    @Test
    void failsWhereAnUndeclaredResultCannotBeAwaited() {
        runner.withBean("handler", Object.class, () -> new Object() {
                    @Binding("orders")
                    Object on(String payload) {
                        return Stream.of("never read");
                    }
                })
                .run((context) -> assertThatThrownBy(() -> bindings.handle(EVENT))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("is not awaited"));
    }

    @Test
    void failsWhereAResultThatCameLaterComesLaterAgain() {
        assertThat(handle(new Object() {
                    @Binding("orders")
                    CompletableFuture<Object> on(String payload) {
                        return CompletableFuture.completedFuture(Mono.just("never subscribed"));
                    }
                }))
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesResultsThatNobodyAwaits() {
        assertThat(mistakes(Unawaited.class))
                .extracting((mistake) -> mistake.substring(0, mistake.indexOf('.')))
                .containsExactlyInAnyOrder(
                        "It returns a Future that is not awaited",
                        "It returns a Callable that is not awaited",
                        "It returns a Supplier that is not awaited",
                        "It returns a Stream that is not awaited",
                        "It returns a Mono that is not awaited",
                        "It returns a CompletableFuture that is not awaited",
                        "It returns a Function0 that is not awaited",
                        "It returns a Sequence that is not awaited",
                        "It returns several outcomes for one message",
                        "It is a suspend function, which is not supported",
                        "A fallback returns neither a value nor an asynchronous result");
        assertThat(mistakes(Unawaited.class))
                .anyMatch((mistake) -> mistake.contains("Return a CompletableFuture or a reactive type"));
    }

    @Test
    void refusesAsynchronousHandlersThatReturnAtOnce() {
        assertThat(mistakes(Asynchronous.class, InTheBackground.class))
                .containsExactly("It is asynchronous, so that its messages would be acknowledged before it ran."
                        + " Remove @Async: handlers run on threads of their own. Or return a CompletableFuture.");
    }

    @Test
    void takesAsynchronousHandlersWhoseResultIsAwaited() {
        runner.withBean(Asynchronous.class).withBean(Awaited.class).run((context) -> {
            assertThat(context).hasNotFailed();
            assertThat(bindings.handleLater(EVENT).toCompletableFuture().join()).isEqualTo(Outcome.ack());
        });
    }

    @Test
    void takesNoFutureForAReply() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Outcome.reply(new CompletableFuture<>()))
                .withMessageContaining("is not awaited");
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAsync
    static class Asynchronous {}

    static class InTheBackground {

        @Async
        @Binding("orders")
        void on(String payload) {}
    }

    static class Awaited {

        @Async
        @Binding("orders")
        CompletableFuture<Void> on(String payload) {
            return CompletableFuture.completedFuture(null);
        }
    }

    static class Unawaited {

        @Binding("a")
        Future<Void> future(String payload) {
            throw new IllegalStateException();
        }

        @Binding("b")
        Callable<String> callable(String payload) {
            throw new IllegalStateException();
        }

        @Binding("c")
        Supplier<String> supplier(String payload) {
            throw new IllegalStateException();
        }

        @Binding("d")
        Stream<String> stream(String payload) {
            throw new IllegalStateException();
        }

        @Binding("e")
        List<Mono<Void>> several(String payload) {
            throw new IllegalStateException();
        }

        @Binding("f")
        Mono<CompletableFuture<Void>> nested(String payload) {
            throw new IllegalStateException();
        }

        @Binding("g")
        List<Outcome> outcomes(String payload) {
            throw new IllegalStateException();
        }

        @Binding("j")
        Function0<Unit> lambda(String payload) {
            throw new IllegalStateException();
        }

        @Binding("k")
        Sequence<String> sequence(String payload) {
            throw new IllegalStateException();
        }

        @Binding("h")
        Object suspend(String payload, Continuation<? super Unit> continuation) {
            throw new IllegalStateException();
        }

        @Binding("i")
        void works(String payload) {}

        @BindingFallback("i")
        Mono<Void> fallback(String payload) {
            throw new IllegalStateException();
        }
    }
}
