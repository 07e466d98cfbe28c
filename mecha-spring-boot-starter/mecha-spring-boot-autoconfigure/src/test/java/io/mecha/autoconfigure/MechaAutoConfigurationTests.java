// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.mecha.codec.Codec;
import io.mecha.codec.CodecFactory;
import io.mecha.codec.Codecs;
import io.mecha.codec.jackson.JacksonCodecs;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class MechaAutoConfigurationTests {

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(MechaAutoConfiguration.class));

    @Test
    void offersCodecsClockAndDataDirectory() {
        runner.run((context) -> {
            assertThat(context).hasSingleBean(InstantSource.class);
            assertThat(context.getBean(DataDirectory.class).path()).isEqualTo(Path.of("./mecha-data"));
            assertThat(context.getBean(Codecs.class).mediaTypes()).contains("application/json");
        });
    }

    @Test
    void backsOffWhenUserDefinesBeans() {
        Clock clock = Clock.systemUTC();
        Codecs codecs = JacksonCodecs.standard();
        DataDirectory directory = new DataDirectory(Path.of("elsewhere"));
        runner.withBean(Clock.class, () -> clock)
                .withBean(Codecs.class, () -> codecs)
                .withBean(DataDirectory.class, () -> directory)
                .run((context) -> {
                    assertThat(context.getBean(InstantSource.class)).isSameAs(clock);
                    assertThat(context.getBean(Codecs.class)).isSameAs(codecs);
                    assertThat(context.getBean(DataDirectory.class)).isSameAs(directory);
                });
    }

    @Test
    void bindsTheDataDirectory() {
        runner.withPropertyValues("mecha.data-directory=/var/lib/shop")
                .run((context) ->
                        assertThat(context.getBean(DataDirectory.class).path()).isEqualTo(Path.of("/var/lib/shop")));
    }

    @Test
    void usesTheMapperOfTheApplication() {
        runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
                .withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
                .run((context) -> {
                    byte[] json = context.getBean(Codecs.class)
                            .codec(Named.class, null)
                            .encode(new Named("x"));

                    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"first_name\":\"x\"}");
                });
    }

    @Test
    void worksWithoutSpringBootsJackson() {
        runner.withClassLoader(new FilteredClassLoader("org.springframework.boot.jackson"))
                .run((context) -> assertThat(context).hasSingleBean(Codecs.class));
    }

    @Test
    void addsCodecFactoriesOfTheApplication() {
        runner.withBean(CodecFactory.class, TextCodecFactory::new)
                .run((context) ->
                        assertThat(context.getBean(Codecs.class).mediaTypes()).contains("text/x-test"));
    }

    record Named(String firstName) {}

    /** Adds a media type. */
    private static final class TextCodecFactory implements CodecFactory {

        @Override
        public String mediaType() {
            return "text/x-test";
        }

        @Override
        public Codec<Object> codec(Type type) {
            throw new IllegalArgumentException(Map.of("type", type).toString());
        }
    }
}
