// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Event;
import io.mecha.binding.memory.MemoryBindingOptions;
import io.mecha.binding.memory.MemoryBroker;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import java.util.Arrays;
import java.util.Scanner;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application without a web server, run in a JVM of its own; the first argument says what it is made of. */
final class Worker {

    private Worker() {}

    public static void main(String[] arguments) {
        Class<?>[] sources =
                Arrays.stream(arguments[0].split(",")).map(Worker::source).toArray(Class<?>[]::new);
        Thread main = Thread.currentThread();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Base.class)
                .sources(sources)
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
        Thread stimulus = new Thread(() -> obey(main, context));
        stimulus.setDaemon(true);
        stimulus.start();
        print("started");
    }

    private static Class<?> source(String name) {
        try {
            return Class.forName(Worker.class.getName() + "$" + name); // allow ClassName: one of those below
        } catch (ClassNotFoundException unknown) {
            throw new IllegalArgumentException(unknown);
        }
    }

    /** Does what the test says, once the main thread is gone. */
    private static void obey(Thread main, ConfigurableApplicationContext context) {
        try {
            main.join();
        } catch (InterruptedException interrupted) {
            return;
        }
        for (Scanner commands = new Scanner(System.in, java.nio.charset.StandardCharsets.UTF_8);
                commands.hasNextLine(); ) {
            String command = commands.nextLine();
            switch (command) {
                case "interrupt" -> interrupt();
                case "close" -> context.close();
                case "end" ->
                    context.getBean(Bindings.class).subscriptions().forEach((subscription) -> subscription.close());
                default ->
                    context.getBean(Bindings.class)
                            .sender(command, String.class)
                            .send("hello");
            }
        }
    }

    /** Interrupts the thread that keeps the JVM alive, until it has noticed. */
    private static void interrupt() {
        Thread alive = Thread.getAllStackTraces().keySet().stream()
                .filter((thread) -> thread.getName().equals("mecha-keep-alive"))
                .findFirst()
                .orElseThrow();
        alive.interrupt();
        while (alive.isInterrupted() || (alive.isAlive() && alive.getState() != Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
        print("interrupted");
    }

    private static void print(String line) {
        System.out.println(line); // allow SystemOut: what the test reads
    }

    /** What every worker has. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Base implements DisposableBean {

        @Bean
        BindingBackendFactory outside(MemoryBroker broker) {
            return new OutsideFactory(broker);
        }

        @Override
        public void destroy() {
            print("destroyed");
        }
    }

    static class Handling {

        @Binding("orders")
        void on(Event<String> event) {
            print("handled");
        }
    }

    static class Local {

        @Binding("local")
        void on(Event<String> event) {
            print("handled");
        }
    }

    static class Letters {

        @Binding("orders.dead")
        void on(Event<byte[]> event) {
            print("handled");
        }
    }

    static class Ticking {

        @Binding("tick")
        void on() {}
    }

    /** Has an exit code. */
    static class Running implements ApplicationRunner, ExitCodeGenerator {

        private final Bindings bindings;
        private int code;

        Running(Bindings bindings) {
            this.bindings = bindings;
        }

        @Override
        public void run(ApplicationArguments arguments) {
            bindings.sender("orders", String.class).send("hello");
            code = 7;
        }

        @Override
        public int getExitCode() {
            return code;
        }
    }

    static class Failing implements ApplicationRunner {

        @Override
        public void run(ApplicationArguments arguments) {
            throw new IllegalStateException("no");
        }
    }

    /** Memory that is taken for something outside. */
    private record OutsideFactory(MemoryBroker broker) implements BindingBackendFactory {

        @Override
        public String type() {
            return "outside";
        }

        @Override
        public BindingBackend create(Settings settings) {
            return new OutsideBackend(
                    broker.connect(settings.channel(), settings.destination(), MemoryBindingOptions.defaults()));
        }
    }
}
