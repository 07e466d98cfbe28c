// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.PropertyNames;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.engine.ChannelView;
import io.mecha.codec.Codecs;
import io.mecha.lifecycle.ConfigurationChange;
import io.mecha.lifecycle.configuration.ReloadFollower;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.core.env.Environment;

/** The channels as they take over new settings of receiving: attempts, pauses, time limits and the rate. */
final class ChannelReload implements ReloadFollower {

    private final BindingEngine engine;
    private final Codecs codecs;
    private final String application;

    ChannelReload(BindingEngine engine, Codecs codecs, String application) {
        this.engine = engine;
        this.codecs = codecs;
        this.application = application;
    }

    @Override
    public Prepared prepare(Environment environment, ConfigurationChange change) {
        if (!change.touches("mecha.bindings")) {
            return Prepared.NOTHING;
        }
        MistakeCollector mistakes = BindingProperties.KIND.mistakes();
        ComponentConfiguration<BindingProperties, BindingProperties.Channel> configuration =
                ComponentConfiguration.read(BindingProperties.KIND, environment, mistakes);
        Set<String> keys = new HashSet<>();
        List<Runnable> actions = new ArrayList<>();
        for (ChannelView channel : engine.channels()) {
            String name = channel.name();
            BindingProperties.Channel properties =
                    configuration.component(name).orElse(BindingProperties.Channel.DEFAULTS);
            SubscriptionOptions in = ChannelSettings.read(
                            configuration.propertyOf(name),
                            name,
                            channel.options().type(),
                            properties,
                            application,
                            codecs,
                            mistakes)
                    .in();
            keys.addAll(followed(channel, in, change));
            actions.add(() -> engine.tune(name, in));
        }
        mistakes.throwIfAny();
        return new Prepared(keys, () -> actions.forEach(Runnable::run));
    }

    private static Set<String> followed(ChannelView channel, SubscriptionOptions in, ConfigurationChange change) {
        SubscriptionOptions before = channel.options().in();
        boolean limit = before.timeout().isPresent() && in.timeout().isPresent();
        boolean rate = before.rate().orElse(0.0) > 0 && in.rate().orElse(0.0) > 0;
        Set<String> followed = new HashSet<>();
        for (String key : change.keys()) {
            boolean tuned = key.startsWith(PropertyNames.channel(channel.name(), "in.retry."))
                    || key.equals(PropertyNames.channel(channel.name(), "in.drain-timeout"))
                    || (limit && key.equals(PropertyNames.channel(channel.name(), "in.timeout")))
                    || (rate && key.equals(PropertyNames.channel(channel.name(), "in.rate")));
            if (tuned) {
                followed.add(key);
            }
        }
        return followed;
    }
}
