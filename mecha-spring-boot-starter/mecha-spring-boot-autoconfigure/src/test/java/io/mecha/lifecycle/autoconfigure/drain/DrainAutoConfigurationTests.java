// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.lifecycle.autoconfigure.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.autoconfigure.health.MechaHealthAutoConfiguration;
import io.mecha.lifecycle.Drain;
import io.mecha.lifecycle.OnDrain;
import io.mecha.lifecycle.OnDrain.Stage;
import io.mecha.lifecycle.autoconfigure.LifecycleAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.endpoint.LifecycleEndpointAutoConfiguration;
import io.mecha.lifecycle.autoconfigure.health.LifecycleHealthAutoConfiguration;
import io.mecha.lifecycle.drain.DrainSequence;
import io.mecha.lifecycle.drain.DrainStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

@ExtendWith(OutputCaptureExtension.class)
class DrainAutoConfigurationTests {

    @Configuration(proxyBeanMethods = false)
    @Import({
        ApplicationAvailabilityAutoConfiguration.class,
        EndpointAutoConfiguration.class,
        HealthContributorRegistryAutoConfiguration.class,
        HealthEndpointAutoConfiguration.class,
        MechaAutoConfiguration.class,
        MechaHealthAutoConfiguration.class,
        LifecycleAutoConfiguration.class,
        DrainAutoConfiguration.class,
        LifecycleEndpointAutoConfiguration.class,
        LifecycleHealthAutoConfiguration.class
    })
    static class Platform {

        @Bean
        ThreadPoolTaskExecutor tasks() {
            return new ThreadPoolTaskExecutor();
        }
    }

    /** Hooks that record how the world looks to them. */
    static class Shop implements SmartLifecycle {

        static final List<String> events = new CopyOnWriteArrayList<>();

        private final ThreadPoolTaskExecutor tasks;
        private final ApplicationAvailability availability;
        private final HealthEndpoint health;
        private volatile boolean running;

        Shop(ThreadPoolTaskExecutor tasks, ApplicationAvailability availability, HealthEndpoint health) {
            this.tasks = tasks;
            this.availability = availability;
            this.health = health;
        }

        @OnDrain(Stage.READINESS)
        void readiness() {
            events.add("readiness " + availability.getReadinessState() + " "
                    + health.healthForPath("mechaDrain").getStatus());
        }

        @OnDrain(Stage.INTAKE)
        void intake() {
            events.add("intake");
        }

        @OnDrain(timeout = "${work:5s}")
        void work(Drain drain) throws Exception {
            events.add("work " + tasks.submit(() -> "done").get() + " "
                    + (drain.remaining().compareTo(Duration.ofSeconds(5)) <= 0));
        }

        @OnDrain(order = 1)
        void broken() {
            events.add("broken");
            throw new IllegalStateException("as planned");
        }

        @OnDrain(Stage.FLUSH)
        void flush() {
            events.add("flush " + running);
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
            events.add("stopped");
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    /** Ends neither in time nor ever. */
    static class Stuck implements SmartLifecycle {

        private final CountDownLatch never = new CountDownLatch(1);

        @OnDrain
        void hang() throws InterruptedException {
            never.await();
        }

        @OnDrain(Stage.INTAKE)
        void deaf() {
            boolean interrupted = false;
            while (!interrupted) {
                try {
                    never.await();
                } catch (InterruptedException late) {
                    interrupted = true;
                }
            }
        }

        @Override
        public void start() {}

        @Override
        public void stop() {}

        @Override
        public void stop(Runnable callback) {
            // Spring waits for a callback that never comes.
        }

        @Override
        public boolean isRunning() {
            return true;
        }
    }

    static class Wrong {

        @OnDrain
        String returns() {
            return "";
        }

        @OnDrain
        void takes(String text) {}

        @OnDrain(timeout = "0s")
        void never() {}

        @OnDrain(timeout = "5")
        void unitless() {}
    }

    private static ConfigurableApplicationContext run(Class<?> bean, String... arguments) {
        SpringApplication application = new SpringApplication(Platform.class, bean);
        application.setWebApplicationType(WebApplicationType.NONE);
        return application.run(arguments);
    }

    @Test
    void drainsBeforeAnythingElseHearsOfTheEnd(CapturedOutput output) {
        Shop.events.clear();
        ConfigurableApplicationContext context = run(
                Shop.class, "--mecha.lifecycle.drain-delay=20ms", "--management.endpoint.health.show-details=always");
        HealthEndpoint health = context.getBean(HealthEndpoint.class);
        DrainSequence sequence = context.getBean(DrainSequence.class);
        assertThat(health.healthForPath("mechaDrain").getStatus()).isEqualTo(Status.UP);
        assertThat(sequence.report().status()).isEqualTo(DrainStatus.OPEN);

        context.close();
        context.close();

        assertThat(Shop.events)
                .containsExactly(
                        "readiness " + ReadinessState.REFUSING_TRAFFIC + " " + Status.OUT_OF_SERVICE,
                        "intake",
                        "work done true",
                        "broken",
                        "flush true",
                        "stopped");
        assertThat(sequence.report().status()).isEqualTo(DrainStatus.DRAINED);
        assertThat(sequence.report().unfinished())
                .singleElement()
                .asString()
                .contains("@OnDrain", "broken()", "as planned");
        assertThat(output)
                .contains("serves for another PT0.0", "Not all of the drain succeeded: @OnDrain: ", "Drained in PT")
                .doesNotContain("ends by force after");
    }

    @Test
    void drainsThoughAListenerThrows() {
        Shop.events.clear();
        ConfigurableApplicationContext context = run(Shop.class);
        context.addApplicationListener(new Thrower());

        context.close();

        assertThat(Shop.events).contains("intake", "broken", "stopped");
    }

    /** A listener that does not bear the end of readiness. */
    static final class Thrower implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

        @Override
        public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
            throw new IllegalStateException("as planned");
        }
    }

    @Test
    void endsByForceWhenTheBudgetIsSpentAndTellsSpring(CapturedOutput output) {
        ConfigurableApplicationContext context = run(Stuck.class, "--mecha.lifecycle.shutdown-budget=1s");
        long start = System.nanoTime();

        context.close();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(output)
                .contains("'deaf()'", "'hang()'", "Set mecha.lifecycle.shutdown-budget, which is PT1S")
                .contains("Shutdown phase");
    }

    @Test
    void closesOnceThoughTwoCloseAtOnce() throws InterruptedException {
        Shop.events.clear();
        ConfigurableApplicationContext context = run(Shop.class);
        List<Thread> closers = new ArrayList<>();
        for (int count = 0; count < 2; count++) {
            Thread closer = new Thread(context::close);
            closer.start();
            closers.add(closer);
        }
        for (Thread closer : closers) {
            closer.join(TimeUnit.SECONDS.toMillis(60));
        }

        assertThat(Shop.events).containsOnlyOnce("intake", "broken", "stopped");
        assertThat(context.isActive()).isFalse();
    }

    @Test
    void reportsAllMethodsThatCannotBeCalled() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class, LifecycleAutoConfiguration.class, DrainAutoConfiguration.class))
                .withBean(Wrong.class)
                .run((context) -> assertThat(context)
                        .getFailure()
                        .hasMessageContaining("MECHA-L402")
                        .hasMessageContaining("Write void returns(Drain drain) or void returns().")
                        .hasMessageContaining("Write void takes(Drain drain) or void takes().")
                        .hasMessageContaining("MECHA-L403")
                        .hasMessageContaining("'0s' cannot be used.")
                        .hasMessageContaining("'5' cannot be used."));
    }

    @Test
    void refusesADelayThatIsAsLongAsTheBudget() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        MechaAutoConfiguration.class, LifecycleAutoConfiguration.class, DrainAutoConfiguration.class))
                .withPropertyValues("mecha.lifecycle.drain-delay=30s")
                .run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("MECHA-L401"));
    }
}
