// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.autoconfigure;

import io.mecha.InvalidConfigurationException;
import io.mecha.MechaException;
import io.mecha.Mistake;
import io.mecha.PropertyNames;
import io.mecha.Secret;
import io.mecha.autoconfigure.HealthOptions;
import io.mecha.autoconfigure.configuration.BackendTypes;
import io.mecha.autoconfigure.configuration.ComponentConfiguration;
import io.mecha.autoconfigure.configuration.ConfiguredComponents;
import io.mecha.autoconfigure.configuration.MistakeCollector;
import io.mecha.binding.SubscriptionOptions;
import io.mecha.binding.autoconfigure.BindingProperties.Channel;
import io.mecha.binding.channel.ChannelDefinition;
import io.mecha.binding.channel.ChannelOptions;
import io.mecha.binding.channel.ChannelSource;
import io.mecha.binding.channel.OutOptions;
import io.mecha.binding.channel.ReplyNames;
import io.mecha.binding.engine.BindingEngine;
import io.mecha.binding.memory.MemoryBindingBackendFactory;
import io.mecha.binding.receive.DeadLetters;
import io.mecha.binding.spi.BindingBackend;
import io.mecha.binding.spi.BindingBackendFactory;
import io.mecha.binding.spi.Groups;
import io.mecha.binding.spi.SigningKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.origin.Origin;

/** A builder of channels from the configuration; all mistakes in it are reported together. */
final class ChannelFactory implements ChannelSource {

    private static final String OUTBOX = "jdbc";

    /** What to add for a type that Mecha has but this application has not. */
    private static final Map<String, String> ARTIFACTS = Map.of(
            MemoryBindingBackendFactory.TYPE,
            "io.mecha:mecha-bindings-core",
            "timer",
            "io.mecha:mecha-bindings-core",
            "http",
            "io.mecha:mecha-bindings-http",
            OUTBOX,
            "io.mecha:mecha-bindings-jdbc",
            "kafka",
            "io.mecha:mecha-bindings-kafka",
            "rabbitmq",
            "io.mecha:mecha-bindings-rabbitmq");

    private static final int SIGNING_KEY_LENGTH = 16;

    private final ComponentConfiguration<BindingProperties, Channel> configuration;
    private final BindingParts parts;
    private final BackendTypes<BindingBackendFactory> types;
    private final MistakeCollector found = BindingProperties.KIND.mistakes();
    private final ConfiguredComponents<ChannelDefinition> configured;
    private final Map<String, ChannelDescription> descriptions = new ConcurrentHashMap<>();

    /** Of channels that are made like others: the one that is configured. */
    private final Map<String, String> likes = new ConcurrentHashMap<>();

    private final ChannelAnnouncer announcer;
    private final SigningKeys signingKeys;

    /** Whether there is a channel whose messages live longer than this JVM. */
    private final AtomicBoolean keeping = new AtomicBoolean();

    ChannelFactory(BindingParts parts) {
        this.parts = parts;
        this.announcer = new ChannelAnnouncer(
                this::description,
                this::isDerived,
                parts.shared().identity().named()
                        ? null
                        : parts.shared().identity().application());
        this.configuration = ComponentConfiguration.read(
                BindingProperties.KIND, parts.shared().environment(), found);
        this.types = new BackendTypes<>(
                BindingProperties.KIND,
                parts.factories(),
                BindingBackendFactory.class,
                BindingBackendFactory::type,
                ARTIFACTS,
                MemoryBindingBackendFactory.TYPE,
                found);
        this.configured = new ConfiguredComponents<ChannelDefinition>(
                configuration.names(),
                this::create,
                (channel) -> channel.backend().close(),
                found);
        if (parts.override() == null) {
            configuration.checkKeys(types.known(), found);
            types.checkDefault(configuration.properties().defaultType(), found);
        }
        checkSigningKeys();
        this.signingKeys = signingKeys();
    }

    BindingProperties properties() {
        return configuration.properties();
    }

    private void checkSigningKeys() {
        BindingProperties properties = configuration.properties();
        checkSigningKey("mecha.bindings.signing-key", properties.signingKey());
        int index = 0;
        for (Secret previous : properties.previousSigningKeys()) {
            checkSigningKey("mecha.bindings.previous-signing-keys[%d]".formatted(index++), previous);
        }
    }

    private void checkSigningKey(String property, @Nullable Secret key) {
        if (key != null
                && (key.reveal().length() < SIGNING_KEY_LENGTH || key.reveal().startsWith("${"))) {
            found.add(new Mistake(
                    "MECHA-B106",
                    property,
                    "It has less than %d characters, or its placeholder cannot be resolved."
                            .formatted(SIGNING_KEY_LENGTH),
                    "Set %s to a random secret of at least %d characters, the same on all nodes."
                            .formatted(property, SIGNING_KEY_LENGTH)));
        }
    }

    private SigningKeys signingKeys() {
        BindingProperties properties = configuration.properties();
        Secret key = properties.signingKey();
        if (key != null || parts.override() != null) {
            return SigningKeys.of(key, properties.previousSigningKeys());
        }
        SigningKeyFile file = new SigningKeyFile(parts.shared().dataDirectory(), keeping::get);
        file.check().ifPresent(found::add);
        return SigningKeys.kept(file::key, properties.previousSigningKeys());
    }

    /** Has the engine sign with the key of the application. */
    void sign(BindingEngine.Builder engine) {
        engine.signingKeys(signingKeys);
    }

    /** Returns the group of a channel where a handler names none. */
    String defaultGroup(String channel) {
        return configuration
                .component(channel)
                .map((properties) -> properties.in().group())
                .orElseGet(parts.shared().identity()::application);
    }

    ChannelAnnouncer announcer() {
        return announcer;
    }

    /** Builds every configured channel, or none if anything is wrong with any of them. */
    List<ChannelDefinition> createConfigured() {
        return configured.create();
    }

    /** Returns what is wrong with the configured channels, and keeps none of them. */
    List<Mistake> check() {
        return configured.check();
    }

    @Override
    public Optional<ChannelDefinition> create(String name, @Nullable ChannelOptions like) {
        MistakeCollector mistakes = new MistakeCollector();
        boolean configured = configuration.component(name).isPresent();
        if (!configured) {
            configuration.checkUndeclared(name, mistakes);
            mistakes.throwIfAny();
        }
        if (!configured && !isNamedAfter(name, like)) {
            configuration.warnOfLookalike(name);
        }
        if (!configured && like != null) {
            return announced(Optional.of(createLike(name, like)));
        }
        if (!configured && configuration.properties().defaultType().equals(BackendTypes.NONE)) {
            return Optional.empty();
        }
        Optional<ChannelDefinition> channel = create(name, mistakes);
        mistakes.throwIfAny();
        return announced(channel);
    }

    @Override
    public boolean isConfigured(String name) {
        return configuration.component(name).isPresent();
    }

    /** Tells whether a channel has the name that the engine gives to what serves another one. */
    private static boolean isNamedAfter(String name, @Nullable ChannelOptions like) {
        return like != null
                && (name.equals(like.name() + DeadLetters.SUFFIX) || name.equals(like.name() + ReplyNames.SUFFIX));
    }

    private Optional<ChannelDefinition> announced(Optional<ChannelDefinition> channel) {
        channel.ifPresent((created) -> announcer.created(created.options()));
        return channel;
    }

    private Optional<ChannelDefinition> create(String name, MistakeCollector mistakes) {
        Channel properties = configuration.component(name).orElse(Channel.DEFAULTS);
        String property = configuration.propertyOf(name);
        BindingBackendFactory factory = factory(property, properties, mistakes);
        ChannelOptions options = ChannelSettings.read(
                property,
                name,
                factory == null ? "" : factory.type(),
                properties,
                parts.shared().identity().application(),
                parts.shared().codecs(),
                mistakes);
        if (replacesOutbox(properties)) {
            options = options.withOut(options.out().withoutOutbox());
        }
        checkStores(property, options, mistakes);
        if (factory == null || !ComponentConfiguration.isName(name)) {
            return Optional.empty();
        }
        try {
            ChannelDefinition channel =
                    new ChannelDefinition(options, backend(factory, name, name, options.destination()));
            descriptions.put(name, describe(name, properties, factory.type()));
            return Optional.of(channel);
        } catch (MechaException invalid) {
            mistakes.add(property, invalid);
            return Optional.empty();
        }
    }

    private @Nullable BindingBackendFactory factory(String property, Channel properties, MistakeCollector mistakes) {
        BindingBackendOverride override = parts.override();
        if (override != null) {
            return override.factory(replacesOutbox(properties) ? OUTBOX : typeOf(properties));
        }
        return types.choose(
                        property + ".type",
                        properties.type(),
                        configuration.properties().defaultType(),
                        mistakes)
                .orElse(null);
    }

    private String typeOf(String channel) {
        return typeOf(configuration.component(channel).orElse(Channel.DEFAULTS));
    }

    private String typeOf(Channel properties) {
        return properties.type() == null ? configuration.properties().defaultType() : properties.type();
    }

    /** Tells whether a test replaces an outbox, too, so that what waits in the application's database stays there. */
    private boolean replacesOutbox(Channel properties) {
        return parts.override() != null && properties.out().outbox();
    }

    // The engine would find out, too, but only at the first channel and one by one.
    private void checkStores(String property, ChannelOptions options, MistakeCollector mistakes) {
        if (options.out().outbox() && types.find(OUTBOX).isEmpty()) {
            mistakes.add(new Mistake(
                    "MECHA-B106",
                    property + ".out.outbox",
                    "No type on the class path can be an outbox.",
                    "Add %s to the application, or leave the outbox out.".formatted(ARTIFACTS.get(OUTBOX))));
        }
        if (!parts.stores()
                && (options.out().delayStore() != null || options.in().inbox().isPresent())) {
            mistakes.add(new Mistake(
                    "MECHA-B106",
                    property + (options.out().delayStore() == null ? ".in.inbox.store" : ".out.delay-store"),
                    "There are no state stores, since mecha.state.enabled is false.",
                    "Set mecha.state.enabled to true, or leave the store out."));
        }
    }

    private BindingBackend backend(BindingBackendFactory factory, String name, String optionsOf, String destination) {
        BindingBackend backend = factory.create(new BackendSettings(
                configuration,
                name,
                optionsOf,
                factory.type(),
                destination,
                parts.shared().identity().application(),
                signingKeys,
                parts.shared().dataDirectory(),
                parts.shared().clock()));
        if (!backend.isLocal() && backend.capabilities().find(Groups.class).isPresent()) {
            keeping.set(true);
        }
        return backend;
    }

    // A dead letter, or a channel of replies: what it carries is made already.
    private ChannelDefinition createLike(String name, ChannelOptions like) {
        BindingBackendOverride override = parts.override();
        BindingBackendFactory factory = override == null
                ? types.find(like.type()).orElseThrow()
                : override.factory(typeOf(optionsOf(like.name())));
        OutOptions out = like.out();
        ChannelOptions options = new ChannelOptions(
                name,
                factory.type(),
                name,
                like.encoding(),
                like.mediaType(),
                like.source(),
                like.immutableValues(),
                SubscriptionOptions.none(),
                new OutOptions(null, null, null, false, null, out.timeout(), out.overflow(), out.maxInFlight()));
        ChannelDefinition channel =
                new ChannelDefinition(options, backend(factory, name, optionsOf(like.name()), name));
        ChannelDescription model = description(like.name());
        descriptions.put(
                name,
                new ChannelDescription(
                        model.property(),
                        model.origin(),
                        "as channel '%s'; set %s.type to choose another"
                                .formatted(like.name(), configuration.propertyOf(name)),
                        model.health()));
        likes.put(name, optionsOf(like.name()));
        return channel;
    }

    /** Tells whether tests have replaced the backends. */
    boolean isOverridden() {
        return parts.override() != null;
    }

    /** Tells whether a channel only serves another one. */
    boolean isDerived(String name) {
        return likes.containsKey(name);
    }

    private String optionsOf(String name) {
        return likes.getOrDefault(name, name);
    }

    @Override
    public ChannelDefinition outbox(ChannelOptions channel) {
        MistakeCollector mistakes = new MistakeCollector();
        checkStores(configuration.propertyOf(channel.name()), channel, mistakes);
        mistakes.throwIfAny();
        BindingBackendFactory factory = types.find(OUTBOX).orElseThrow();
        String name = channel.name() + ".outbox";
        ChannelOptions options = new ChannelOptions(
                name,
                OUTBOX,
                name,
                channel.encoding(),
                channel.mediaType(),
                channel.source(),
                channel.immutableValues(),
                SubscriptionOptions.none(),
                OutOptions.DEFAULT);
        try {
            return new ChannelDefinition(options, backend(factory, name, channel.name(), name));
        } catch (InvalidConfigurationException invalid) {
            throw new InvalidConfigurationException(
                    invalid.mistakes().stream()
                            .map((mistake) -> ofOutbox(mistake, name, channel.name()))
                            .toList(),
                    invalid);
        }
    }

    /** Says of a mistake where it can be corrected: an outbox has no properties of its own. */
    private Mistake ofOutbox(Mistake mistake, String outbox, String channel) {
        UnaryOperator<String> corrected = (text) -> text.replace(
                        PropertyNames.channel(outbox, "type"), PropertyNames.channel(channel, "out.outbox"))
                .replace(PropertyNames.channel(outbox), PropertyNames.channel(channel))
                .replace("Channel '%s'".formatted(outbox), "The outbox of channel '%s'".formatted(channel));
        return new Mistake(
                mistake.code(),
                corrected.apply(mistake.property()),
                corrected.apply(mistake.problem()),
                corrected.apply(mistake.action()));
    }

    ChannelDescription description(String name) {
        return descriptions.computeIfAbsent(
                name,
                (missing) -> describe(
                        missing, Channel.DEFAULTS, configuration.properties().defaultType()));
    }

    private ChannelDescription describe(String name, Channel channel, String type) {
        Optional<ConfigurationProperty> declaration = configuration.declaration(name);
        HealthOptions health = channel.health();
        if (declaration.isPresent()) {
            return new ChannelDescription(
                    configuration.propertyOf(name),
                    ComponentConfiguration.origin(declaration.get()),
                    reason(name, channel, type),
                    health);
        }
        return new ChannelDescription(
                "mecha.bindings.default-type",
                configuration.originOfDefaultType().map(Origin::toString).orElse(null),
                reason(name, channel, type),
                health);
    }

    private String reason(String name, Channel channel, String type) {
        return parts.override() != null
                ? "type overridden by tests"
                : configuration.reason(name, channel.type(), type, "");
    }
}
