// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.autoconfigure.MechaAutoConfiguration;
import io.mecha.binding.Binding;
import io.mecha.binding.Bindings;
import io.mecha.binding.Sender;
import io.mecha.state.KeyValueStore;
import io.mecha.state.StateStore;
import io.mecha.state.autoconfigure.StateAutoConfiguration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.asm.ClassWriter;
import org.springframework.asm.Opcodes;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.samples.SpringsNeighbour;

/** What is annotated is subscribed, or refused with a reason. */
@ExtendWith(OutputCaptureExtension.class)
class SilentHandlersTests {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    MechaAutoConfiguration.class, StateAutoConfiguration.class, BindingAutoConfiguration.class))
            .withPropertyValues("spring.application.name=shop", "mecha.state.default-type=memory");

    private static void assertSubscribed(AssertableApplicationContext context) {
        assertThat(context).hasNotFailed();
        assertThat(context.getBean(Bindings.class).subscriptions()).hasSize(1);
    }

    @Test
    void subscribesBeansInPackagesThatBeginAsSprings() {
        runner.withBean(SpringsNeighbour.class).run(SilentHandlersTests::assertSubscribed);
    }

    @Test
    void subscribesLazyBeansThatAreDeclaredByAnInterface() {
        runner.withUserConfiguration(LazyByInterface.class).run(SilentHandlersTests::assertSubscribed);
        runner.withUserConfiguration(ByInterface.class)
                .withInitializer((context) ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(SilentHandlersTests::assertSubscribed);
    }

    @Test
    void leavesLazyBeansAloneThatAreNoneOfTheApplication() {
        runner.withConfiguration(AutoConfigurations.of(OfALibrary.class))
                .withUserConfiguration(OfThePlatform.class)
                .run((context) -> {
                    assertThat(context).hasNotFailed();
                    assertThat(context.getBeanFactory().containsSingleton("library"))
                            .isFalse();
                    assertThat(context.getBeanFactory().containsSingleton("platform"))
                            .isFalse();
                });
    }

    @Test
    void refusesAnAnnotatedClassWithoutAnnotatedMethods() {
        runner.withBean(Forgotten.class)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> {
                            assertThat(mistake.code()).isEqualTo("MECHA-B110");
                            assertThat(mistake.property()).isEqualTo("class " + Forgotten.class.getName());
                            assertThat(mistake.problem()).contains("@Binding(\"letters\")", "none of its methods");
                        }));
    }

    @Test
    void warnsOfABeanThatCannotBeSearched(CapturedOutput output) {
        RootBeanDefinition broken = new RootBeanDefinition(brokenClass());
        broken.setLazyInit(true);
        runner.withInitializer((context) -> context.addBeanFactoryPostProcessor(
                        (beans) -> ((BeanDefinitionRegistry) beans).registerBeanDefinition("broken", broken)))
                .run((context) -> assertThat(output)
                        .contains("Bean 'broken' cannot be searched for methods with @Binding")
                        .contains("no.such.Library"));
    }

    /** Makes a class with a method whose parameter cannot be loaded. */
    private static Class<?> brokenClass() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "broken/Handler", null, "java/lang/Object", null);
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_ABSTRACT, "on", "(Lno/such/Library;)V", null, null);
        writer.visitEnd();
        byte[] bytes = writer.toByteArray();
        return new ClassLoader(SilentHandlersTests.class.getClassLoader()) {
            Class<?> define() {
                return defineClass("broken.Handler", bytes, 0, bytes.length);
            }
        }.define();
    }

    @Test
    void refusesFieldsThatNobodyInjects() {
        runner.withBean(Empty.class)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> {
                            assertThat(mistake.code()).isEqualTo("MECHA-S107");
                            assertThat(mistake.property()).isEqualTo("field 'store' of " + Empty.class.getName());
                            assertThat(mistake.problem())
                                    .isEqualTo("It has @StateStore, but nothing injects it: it stays null.");
                            assertThat(mistake.action()).startsWith("Annotate it with @Autowired");
                        }));
        runner.withBean(EmptySender.class)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> assertThat(mistake.code()).isEqualTo("MECHA-B107")));
        runner.withBean(EmptySender.class, EmptySender::new, (definition) -> definition.setLazyInit(true))
                .run((context) -> assertThat(context).hasFailed());
    }

    @Test
    void refusesSettersThatNobodyCalls() {
        runner.withBean(Setter.class)
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) ->
                                assertThat(mistake.problem()).isEqualTo("It takes a Sender, which is no payload.")));
    }

    @Test
    void takesFieldsThatSomebodySets() {
        runner.withBean(Full.class).run((context) -> assertThat(context).hasNotFailed());
        runner.withBean("lazy", Full.class, () -> new Full(null), (definition) -> definition.setLazyInit(true))
                .run((context) -> assertThat(context).hasNotFailed());
    }

    @Test
    void doesNotTakeHandlersForSettersWhenSomethingElseIsWrong() {
        runner.withBean(Correct.class)
                .withPropertyValues("mecha.bindings.channels.other.type=nonsense")
                .run((context) -> assertThat(Mistakes.of(context.getStartupFailure()))
                        .singleElement()
                        .satisfies((mistake) -> assertThat(mistake.code()).isEqualTo("MECHA-B102")));
    }

    static class Impl implements Supplier<String>, Letters {

        @Override
        @Binding("letters")
        public void on(String text) {}

        @Override
        public String get() {
            return "";
        }
    }

    interface Letters {

        void on(String text);
    }

    @Configuration(proxyBeanMethods = false)
    static class LazyByInterface {

        @Bean
        @Lazy
        Letters letters() {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class ByInterface {

        @Bean
        Letters letters() {
            return new Impl();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OfThePlatform {

        @Bean
        @Lazy
        Supplier<String> platform() {
            return new Impl();
        }
    }

    /** What a library configures. */
    @org.springframework.boot.autoconfigure.AutoConfiguration
    static class OfALibrary {

        @Bean
        @Lazy
        Letters library() {
            return new Impl();
        }
    }

    @Binding("letters")
    static class Forgotten {

        void read(String text) {}
    }

    static class Empty {

        @StateStore("carts")
        @Nullable KeyValueStore<String> store;
    }

    static class EmptySender {

        @Binding("letters")
        @Nullable Sender<String> sender;
    }

    static class Setter {

        @Binding("letters")
        void setSender(Sender<String> sender) {}
    }

    static class Full {

        @StateStore("carts")
        @Autowired
        @Nullable KeyValueStore<String> injected;

        @Binding("letters")
        @Nullable Sender<String> sender;

        Full(@Binding("letters") @Nullable Sender<String> sender) {
            this.sender = sender;
        }
    }

    static class Correct {

        @Binding("letters")
        void on(String text) {}
    }
}
