// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A CloudEvent with a typed payload.
 *
 * <p>Immutable as far as the payload is. An event that is to be sent may leave {@code id}, {@code source}, {@code type} and
 * {@code time} open: the channel fills them in. An event that was received has all that the specification requires.
 *
 * @param <T> type of the payload
 * @since 1.0
 * @implNote Source: CloudEvents 1.0.2.
 */
public final class Event<T> {

    private final @Nullable String id;
    private final @Nullable String source;
    private final @Nullable String type;
    private final @Nullable String subject;
    private final @Nullable Instant time;
    private final @Nullable String dataContentType;
    private final @Nullable String dataSchema;
    private final @Nullable String key;
    private final Map<String, Object> extensions;
    private final Map<String, String> headers;
    private final int attempt;
    private final Supplier<Map<String, String>> transport;
    private final @Nullable T data;

    private Event(Builder<T> builder) {
        this.id = builder.id;
        this.source = builder.source;
        this.type = builder.type;
        this.subject = builder.subject;
        this.time = builder.time;
        this.dataContentType = builder.dataContentType;
        this.dataSchema = builder.dataSchema;
        this.key = builder.key;
        this.extensions = builder.extensions.isEmpty() ? Map.of() : Map.copyOf(builder.extensions);
        this.headers = builder.headers.isEmpty() ? Map.of() : Map.copyOf(builder.headers);
        this.attempt = builder.attempt;
        this.transport = builder.transport;
        this.data = builder.data;
    }

    /**
     * Make an event of a type.
     *
     * @param <T> type of the payload
     * @param type for example {@code order.placed}
     * @param data the payload
     * @return an event whose other attributes are open
     */
    public static <T> Event<T> of(String type, T data) {
        return Event.<T>builder().type(type).data(data).build();
    }

    /**
     * Begin with nothing said.
     *
     * @param <T> type of the payload
     * @return a builder
     */
    public static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /**
     * Begin with what this event says.
     *
     * @return a builder
     */
    public Builder<T> toBuilder() {
        return withData(data);
    }

    /**
     * Begin with what this event says, and another payload.
     *
     * @param <R> type of the payload
     * @param payload the payload; {@code null} for none
     * @return a builder
     */
    public <R> Builder<R> withData(@Nullable R payload) {
        Builder<R> builder = new Builder<>();
        builder.id = id;
        builder.source = source;
        builder.type = type;
        builder.subject = subject;
        builder.time = time;
        builder.dataContentType = dataContentType;
        builder.dataSchema = dataSchema;
        builder.key = key;
        builder.attempt = attempt;
        builder.data = payload;
        if (!extensions.isEmpty()) {
            builder.extensions = new TreeMap<>(extensions);
        }
        if (!headers.isEmpty()) {
            builder.headers = new TreeMap<>(headers);
        }
        return builder;
    }

    /**
     * Return the id, unique among the events of the source.
     *
     * @return the id; empty text if it is open
     */
    public String id() {
        return id == null ? "" : id;
    }

    /**
     * Return where the event comes from, as a URI reference.
     *
     * @return the source; empty text if it is open
     */
    public String source() {
        return source == null ? "" : source;
    }

    /**
     * Return what happened.
     *
     * @return the type, for example {@code order.placed}; empty text if it is open
     */
    public String type() {
        return type == null ? "" : type;
    }

    /**
     * Return what the event is about.
     *
     * @return the subject, if it has one
     */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /**
     * Return when it happened.
     *
     * @return the time, if it has one
     */
    public Optional<Instant> time() {
        return Optional.ofNullable(time);
    }

    /**
     * Return the media type of the data on the wire.
     *
     * @return the media type, if it has one
     */
    public Optional<String> dataContentType() {
        return Optional.ofNullable(dataContentType);
    }

    /**
     * Return the schema of the data, as a URI.
     *
     * @return the schema, if it has one
     */
    public Optional<String> dataSchema() {
        return Optional.ofNullable(dataSchema);
    }

    /**
     * Return the key: events with the same key keep their order. On the wire the extension {@code partitionkey}.
     *
     * @return the key, if it has one
     */
    public Optional<String> key() {
        return Optional.ofNullable(key);
    }

    /**
     * Return the extensions.
     *
     * @return value (String, Boolean, Integer, byte[], URI or Instant) by name; immutable, without order
     */
    public Map<String, Object> extensions() {
        return extensions;
    }

    /**
     * Return the headers of the transport that are no attributes of the event.
     *
     * @return text by name, in lower case; immutable, without order
     */
    public Map<String, String> headers() {
        return headers;
    }

    /**
     * Return what the transport says of the message, for example {@code topic}, {@code partition}, {@code offset} on Kafka.
     *
     * @return text by name; empty if the type says nothing, and for what was not received
     */
    public Map<String, String> transport() {
        return transport.get();
    }

    /**
     * Return how often the event was delivered, as far as the backend can tell.
     *
     * @return 1 at the first attempt; 0 for an event that was not received
     */
    public int attempt() {
        return attempt;
    }

    /**
     * Return the payload.
     *
     * @return the payload
     * @throws IllegalStateException if the event has none
     */
    public T data() {
        T present = data;
        if (present == null) {
            throw new IllegalStateException("The event '%s' has no data".formatted(id()));
        }
        return present;
    }

    /**
     * Return the payload, if there is one.
     *
     * @return the payload
     */
    public Optional<T> payload() {
        return Optional.ofNullable(data);
    }

    /**
     * Return an attribute or an extension by name.
     *
     * @param name name of the attribute, in lower case
     * @return its value, or {@code null}; never the data
     */
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "id" -> id;
            case "source" -> source;
            case "type" -> type;
            case "subject" -> subject;
            case "time" -> time;
            case "datacontenttype" -> dataContentType;
            case "dataschema" -> dataSchema;
            case "partitionkey" -> key;
            case "specversion" -> "1.0";
            default -> extensions.get(name);
        };
    }

    /** Tells everything but the payload and the headers. */
    @Override
    public String toString() {
        return "Event[id=%s, source=%s, type=%s, subject=%s, time=%s, key=%s, extensions=%s]"
                .formatted(id, source, type, subject, time, key, extensions.keySet());
    }

    /**
     * A builder of an event.
     *
     * @param <T> type of the payload
     * @since 1.0
     */
    public static final class Builder<T> {

        private @Nullable String id;
        private @Nullable String source;
        private @Nullable String type;
        private @Nullable String subject;
        private @Nullable Instant time;
        private @Nullable String dataContentType;
        private @Nullable String dataSchema;
        private @Nullable String key;
        private Map<String, Object> extensions = Map.of();
        private Map<String, String> headers = Map.of();
        private int attempt;
        private Supplier<Map<String, String>> transport = Map::of;
        private @Nullable T data;

        private Builder() {}

        /**
         * Set the id.
         *
         * @param id not empty; {@code null} leaves it open
         * @return this builder
         */
        public Builder<T> id(@Nullable String id) {
            this.id = notEmpty("id", id);
            return this;
        }

        /**
         * Set the source.
         *
         * @param source a URI reference, not empty; {@code null} leaves it open
         * @return this builder
         */
        public Builder<T> source(@Nullable String source) {
            this.source = notEmpty("source", source);
            return this;
        }

        /**
         * Set the type.
         *
         * @param type not empty; {@code null} leaves it open
         * @return this builder
         */
        public Builder<T> type(@Nullable String type) {
            this.type = notEmpty("type", type);
            return this;
        }

        /**
         * Set the subject.
         *
         * @param subject not empty; {@code null} for none
         * @return this builder
         */
        public Builder<T> subject(@Nullable String subject) {
            this.subject = notEmpty("subject", subject);
            return this;
        }

        /**
         * Set the time.
         *
         * @param time when it happened; {@code null} leaves it open
         * @return this builder
         */
        public Builder<T> time(@Nullable Instant time) {
            this.time = time;
            return this;
        }

        /**
         * Set the media type of the data.
         *
         * @param dataContentType a media type; {@code null} leaves it to the channel
         * @return this builder
         */
        public Builder<T> dataContentType(@Nullable String dataContentType) {
            this.dataContentType = notEmpty("datacontenttype", dataContentType);
            return this;
        }

        /**
         * Set the schema of the data.
         *
         * @param dataSchema a URI; {@code null} for none
         * @return this builder
         */
        public Builder<T> dataSchema(@Nullable String dataSchema) {
            this.dataSchema = notEmpty("dataschema", dataSchema);
            return this;
        }

        /**
         * Set the key.
         *
         * @param key 1 to 512 characters; {@code null} leaves it to the channel
         * @return this builder
         */
        public Builder<T> key(@Nullable String key) {
            this.key = notEmpty("partitionkey", key);
            return this;
        }

        /**
         * Set an extension.
         *
         * @param name lower-case letters and digits; not the name of an attribute
         * @param value a String, Boolean, Integer, byte[], URI or Instant
         * @return this builder
         */
        public Builder<T> extension(String name, Object value) {
            if (!ExtensionNames.isName(name) || ExtensionNames.isReserved(name)) {
                throw new IllegalArgumentException("'%s' cannot be the name of an extension".formatted(name));
            }
            if (!(value instanceof String
                    || value instanceof Boolean
                    || value instanceof Integer
                    || value instanceof byte[]
                    || value instanceof URI
                    || value instanceof Instant)) {
                throw new IllegalArgumentException("The extension '%s' cannot be a %s"
                        .formatted(name, value.getClass().getName()));
            }
            if (!(extensions instanceof TreeMap)) {
                extensions = new TreeMap<>(extensions);
            }
            extensions.put(name, value);
            return this;
        }

        /**
         * Set a header of the transport.
         *
         * @param name name of the header; kept in lower case
         * @param value any text
         * @return this builder
         */
        public Builder<T> header(String name, String value) {
            if (!(headers instanceof TreeMap)) {
                headers = new TreeMap<>(headers);
            }
            headers.put(name.toLowerCase(Locale.ROOT), Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Set how often the event was delivered.
         *
         * @param attempt 1 at the first attempt; 0 for an event that was not received
         * @return this builder
         */
        public Builder<T> attempt(int attempt) {
            this.attempt = attempt;
            return this;
        }

        /**
         * Set what the transport says of the message.
         *
         * @param details text by name; called when a handler asks
         * @return this builder
         */
        public Builder<T> transport(Supplier<Map<String, String>> details) {
            this.transport = details;
            return this;
        }

        /**
         * Set the payload.
         *
         * @param data the payload; {@code null} for none
         * @return this builder
         */
        public Builder<T> data(@Nullable T data) {
            this.data = data;
            return this;
        }

        /**
         * Finish.
         *
         * @return the event
         */
        public Event<T> build() {
            return new Event<>(this);
        }

        private static @Nullable String notEmpty(String name, @Nullable String value) {
            if (value != null && value.isEmpty()) {
                throw new IllegalArgumentException("The attribute '%s' of an event cannot be empty".formatted(name));
            }
            return value;
        }
    }
}
