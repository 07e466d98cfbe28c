// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure;

import io.mecha.autoconfigure.configuration.ComponentParts;
import io.mecha.autoconfigure.configuration.Namespace;
import io.mecha.codec.CodecFactory;
import io.mecha.codec.Codecs;
import io.mecha.codec.jackson.JacksonCodecs;
import io.mecha.runtime.NodeIdentity;
import java.nio.file.Path;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * Auto-configuration of what all primitives share: codecs, clock, data directory and the identity of this instance. Each can be
 * replaced by a bean of its type.
 *
 * @since 1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration")
@EnableConfigurationProperties(MechaProperties.class)
public final class MechaAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    DataDirectory mechaDataDirectory(MechaProperties properties) {
        return new DataDirectory(Path.of(properties.dataDirectory()));
    }

    @Bean
    @ConditionalOnMissingBean
    InstantSource mechaClock() {
        return InstantSource.system();
    }

    /** Not that of a parent, which receives replies of its own. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    NodeIdentity mechaNodeIdentity(Environment environment) {
        return NodeIdentity.of(environment.getProperty("spring.application.name"));
    }

    @Bean
    @ConditionalOnMissingBean(Codecs.class)
    JacksonCodecs mechaCodecs(ObjectProvider<JsonMapper> mapper, ObjectProvider<CodecFactory> factories) {
        return new JacksonCodecs(
                mapper.getIfAvailable(
                        () -> JsonMapper.builder().findAndAddModules().build()),
                factories.orderedStream().toList());
    }

    /** Beside those of a parent, as the identity is. */
    @Bean
    @ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
    ComponentParts mechaComponentParts(
            Environment environment,
            NodeIdentity identity,
            Codecs codecs,
            DataDirectory dataDirectory,
            ObjectProvider<InstantSource> clock) {
        Namespace.warn(environment);
        return new ComponentParts(
                environment, identity, codecs, dataDirectory.path(), clock.getIfUnique(InstantSource::system));
    }
}
