// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mecha.RetryPolicy;
import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Bindings;
import io.mecha.binding.Encoding;
import io.mecha.binding.Filter;
import io.mecha.binding.Ordering;
import io.mecha.binding.Overflow;
import io.mecha.binding.StartAt;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.UnknownChannelException;
import io.mecha.binding.autoconfigure.handler.BindingHandlers;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BindingAutoConfigurationTests {

    private final FakeBackendFactory fake = new FakeBackendFactory("fake");
    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withBean(FakeBackendFactory.class, () -> fake)
            .withPropertyValues("spring.application.name=shop", "mecha.state.default-type=memory");

    @Test
    void offersMemoryWithoutAnyConfiguration(CapturedOutput output) {
        runner.run((context) -> {
            assertThat(context.getBean(Bindings.class)
                            .sender("orders", String.class)
                            .send("a")
                            .id())
                    .isNotEmpty();

            ChannelOptions options = options(context, "orders");
            assertThat(options)
                    .isEqualTo(new ChannelOptions(
                            "orders",
                            "memory",
                            "orders",
                            Encoding.BINARY,
                            null,
                            "/shop",
                            false,
                            options.in(),
                            OutOptions.DEFAULT));
            assertThat(options.in().group()).isEmpty();
            assertThat(options.in().retry()).contains(new RetryPolicy(null, null, null, null, null, null));
            assertThat(output)
                    .contains("Channel 'orders': memory 'orders', binary; not configured, default type memory; set"
                            + " mecha.bindings.channels.orders.type to choose another");
        });
    }

    @Test
    void createsConfiguredChannelsAtStartAndSaysSo(CapturedOutput output) {
        runner.withPropertyValues(
                        "mecha.bindings.channels.orders.type=fake",
                        "mecha.bindings.channels.orders.destination=orders.v1",
                        "mecha.bindings.channels.orders.fake.table=t",
                        "mecha.bindings.channels.invoices=",
                        "mecha.bindings.fake.timeout=5s")
                .run((context) -> {
                    assertThat(context.getBean(Bindings.class).names()).containsExactly("invoices", "orders");
                    assertThat(options(context, "invoices").type()).isEqualTo("memory");
                    assertThat(fake.options)
                            .containsEntry("orders", new FakeBackendFactory.Options(Duration.ofSeconds(5), "t", false));
                    assertThat(fake.settings.get("orders").destination()).isEqualTo("orders.v1");
                    assertThat(fake.settings.get("orders").application()).isEqualTo("shop");
                    assertThat(output)
                            .contains("Channel 'orders': fake 'orders.v1', binary; configured by"
                                    + " mecha.bindings.channels.orders")
                            .contains("Channel 'invoices': memory 'invoices', binary; configured by"
                                    + " mecha.bindings.channels.invoices, default type memory; set");
                });
        assertThat(fake.closed).containsExactly("orders");
    }

    @Test
    void bindsWhatSendingAndReceivingShare() {
        withOrders("encoding=structured", "media-type=application/json", "source=urn:shop", "immutable-values=true")
                .run((context) -> {
                    ChannelOptions options = options(context, "orders");

                    assertThat(options.encoding()).isEqualTo(Encoding.STRUCTURED);
                    assertThat(options.mediaType()).isEqualTo("application/json");
                    assertThat(options.source()).isEqualTo("urn:shop");
                    assertThat(options.immutableValues()).isTrue();
                });
    }

    @Test
    void bindsHowToReceive() {
        withOrders(
                        "in.group=billing",
                        "in.concurrency=8",
                        "in.ordering=key",
                        "in.start-at=latest",
                        "in.timeout=30s",
                        "in.drain-timeout=10s",
                        "in.dead-letter=lost",
                        "in.inbox.store=dedup",
                        "in.filter=tenant = 'a'",
                        "in.prefetch=50",
                        "in.rate=100",
                        "in.auto-start=false")
                .run((context) -> {
                    SubscriptionOptions in = options(context, "orders").in();

                    assertThat(in.group()).contains("billing");
                    assertThat(in.concurrency()).contains(8);
                    assertThat(in.ordering()).contains(Ordering.KEY);
                    assertThat(in.startAt()).contains(StartAt.LATEST);
                    assertThat(in.timeout()).contains(Duration.ofSeconds(30));
                    assertThat(in.drainTimeout()).contains(Duration.ofSeconds(10));
                    assertThat(in.deadLetter()).contains("lost");
                    assertThat(in.inbox()).contains(new SubscriptionOptions.Inbox("dedup", Duration.ofHours(24)));
                    assertThat(in.filter()).contains(Filter.sql("tenant = 'a'"));
                    assertThat(in.prefetch()).contains(50);
                    assertThat(in.rate()).contains(100.0);
                    assertThat(in.autoStart()).contains(false);
                });
    }

    @Test
    void bindsRetriesAndBatches() {
        withOrders(
                        "in.retry.max-attempts=3",
                        "in.retry.backoff.initial=1s",
                        "in.retry.backoff.multiplier=3",
                        "in.retry.backoff.max=1m",
                        "in.retry.backoff.jitter=0.5",
                        "in.retry.not-retryable=java.io.IOException",
                        "in.batch.size=20",
                        "in.batch.linger=5ms")
                .run((context) -> {
                    SubscriptionOptions in = options(context, "orders").in();

                    assertThat(in.retry())
                            .contains(new RetryPolicy(
                                    3,
                                    Duration.ofSeconds(1),
                                    3.0,
                                    Duration.ofMinutes(1),
                                    0.5,
                                    List.of(IOException.class)));
                    assertThat(in.batchSize()).contains(20);
                    assertThat(in.batchLinger()).contains(Duration.ofMillis(5));
                });
    }

    @Test
    void bindsHowToSend() {
        withOrders(
                        "out.key=/customer/id",
                        "out.type=order.placed",
                        "out.time-to-live=1h",
                        "out.delay-store=delays",
                        "out.timeout=5s",
                        "out.overflow=fail",
                        "out.max-in-flight=7")
                .run((context) -> assertThat(options(context, "orders").out())
                        .isEqualTo(new OutOptions(
                                "/customer/id",
                                "order.placed",
                                Duration.ofHours(1),
                                false,
                                "delays",
                                Duration.ofSeconds(5),
                                Overflow.FAIL,
                                7)));
    }

    private ApplicationContextRunner withOrders(String... settings) {
        return runner.withPropertyValues(Arrays.stream(settings)
                .map("mecha.bindings.channels.orders."::concat)
                .toArray(String[]::new));
    }

    @Test
    void makesDeadLettersLikeTheirOrigin() {
        runner.withPropertyValues(
                        "mecha.bindings.channels.orders.type=fake",
                        "mecha.bindings.channels.orders.fake.table=t",
                        "mecha.bindings.channels.orders.encoding=structured",
                        "mecha.bindings.channels.orders.out.timeout=3s",
                        "mecha.bindings.channels.orders.out.key=subject")
                .run((context) -> {
                    ChannelFactory channels = context.getBean(ChannelFactory.class);
                    ChannelOptions dead = channels.create("orders.dead", options(context, "orders"))
                            .orElseThrow()
                            .options();
                    ChannelOptions deadAgain = channels.create("orders.dead.dead", dead)
                            .orElseThrow()
                            .options();

                    assertThat(dead.type()).isEqualTo("fake");
                    assertThat(dead.destination()).isEqualTo("orders.dead");
                    assertThat(dead.encoding()).isEqualTo(Encoding.STRUCTURED);
                    assertThat(dead.out().timeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(dead.out().key()).isNull();
                    assertThat(deadAgain.type()).isEqualTo("fake");
                    assertThat(fake.options.get("orders.dead").table()).isEqualTo("t");
                    assertThat(fake.options.get("orders.dead.dead").table()).isEqualTo("t");
                    assertThat(fake.settings.get("orders.dead").derived()).isTrue();
                    assertThat(fake.settings.get("orders.dead.dead").derived()).isTrue();
                    assertThat(fake.settings.get("orders").derived()).isFalse();
                    assertThat(channels.description("orders.dead").reason())
                            .isEqualTo(
                                    "as channel 'orders'; set mecha.bindings.channels[orders.dead].type to choose another");
                });
    }

    @Test
    void takesConfiguredDeadLettersAsTheyAre() {
        runner.withPropertyValues(
                        "mecha.bindings.channels.orders.type=fake", "mecha.bindings.channels.lost.type=memory")
                .run((context) -> assertThat(context.getBean(ChannelFactory.class)
                                .create("lost", options(context, "orders"))
                                .orElseThrow()
                                .options()
                                .type())
                        .isEqualTo("memory"));
    }

    @Test
    void refusesChannelsThatAreNotConfiguredIfSaidSo() {
        runner.withPropertyValues("mecha.bindings.default-type=none", "mecha.bindings.channels.orders.type=fake")
                .run((context) -> assertThatThrownBy(
                                () -> context.getBean(Bindings.class).channel("notes"))
                        .isInstanceOf(UnknownChannelException.class)
                        .hasMessageContaining("There is no channel 'notes'; there are: orders."));
    }

    @Test
    void backsOffWhenUserDefinesBindings() {
        runner.withBean(Bindings.class, FakeBindings::new)
                .withPropertyValues("mecha.bindings.channels.orders.type=nonsense")
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Bindings.class)
                        .doesNotHaveBean(BindingLifecycle.class)
                        .doesNotHaveBean(BindingComponents.class));
    }

    @Test
    void backsOffWhenUserDefinesTheBroker() {
        MemoryBroker own = new MemoryBroker(InstantSource.system());
        runner.withBean(MemoryBroker.class, () -> own)
                .run((context) ->
                        assertThat(context.getBean(MemoryBroker.class)).isSameAs(own));
    }

    @Test
    void letsTheApplicationChangeTheEngine() {
        runner.withBean(BindingEngineCustomizer.class, () -> (builder) -> builder.channels(List.of()))
                .withPropertyValues("mecha.bindings.channels.orders.type=fake")
                .run((context) ->
                        assertThat(context.getBean(Bindings.class).names()).isEmpty());
    }

    @Test
    void overridesTheTypeOfEveryChannel() {
        runner.withBean(BindingBackendOverride.class, () -> type -> fake)
                .withPropertyValues("mecha.bindings.channels.orders.type=kafka")
                .run((context) -> assertThat(options(context, "orders").type()).isEqualTo("fake"));
    }

    @Test
    void doesNothingWhenSwitchedOff() {
        runner.withPropertyValues("mecha.bindings.enabled=false")
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(Bindings.class)
                        .doesNotHaveBean(BindingHandlers.class));
    }

    @Test
    void worksWithoutTransactions() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.transaction"))
                .run((context) -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(BindingEngine.class)
                        .doesNotHaveBean(StoreTransactions.class));
    }

    @Test
    void worksWithoutState() {
        runner.withPropertyValues("mecha.state.enabled=false")
                .run((context) -> assertThat(context).hasNotFailed().hasSingleBean(BindingEngine.class));
    }

    private static ChannelOptions options(BeanFactory context, String channel) {
        return context.getBean(BindingEngine.class).channels().stream()
                .map(ChannelView::options)
                .filter((options) -> options.name().equals(channel))
                .findFirst()
                .orElseThrow();
    }
}
