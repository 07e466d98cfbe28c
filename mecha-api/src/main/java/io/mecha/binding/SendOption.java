// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * An option of an event that is sent; for {@link Sender#with(SendOption...)}.
 *
 * <p>Import the methods statically: {@code orders.with(key("c-1"), delay(Duration.ofMinutes(5))).send(order)}. Of several
 * options of one kind the last one counts.
 *
 * @since 1.0
 */
public sealed interface SendOption {

    /**
     * Set the key: events with the same key keep their order, and partitioned backends put them into one partition.
     *
     * @param key 1 to 512 characters
     * @return the option
     */
    static SendOption key(String key) {
        return new Key(key);
    }

    /**
     * Deliver the event later.
     *
     * @param delay how much later, by the backend's clock; at least one millisecond
     * @return the option
     */
    static SendOption delay(Duration delay) {
        return new Delay(delay);
    }

    /**
     * Let the event expire if it is not handled in time.
     *
     * @param timeToLive after which time it is not delivered any more; at least one millisecond
     * @return the option
     */
    static SendOption timeToLive(Duration timeToLive) {
        return new TimeToLive(timeToLive);
    }

    /**
     * Set an attribute of the event, an extension or one of {@code id}, {@code source}, {@code type}, {@code subject}, {@code
     * dataschema}.
     *
     * @param name lower-case letters and digits
     * @param value a String, Boolean, Integer, byte[], URI or Instant
     * @return the option
     */
    static SendOption attribute(String name, Object value) {
        return new Attribute(name, value);
    }

    /**
     * Set a header of the transport that is no attribute of the event.
     *
     * @param name name of the header
     * @param value any text
     * @return the option
     */
    static SendOption header(String name, String value) {
        return new Header(name, value);
    }

    /**
     * Set the subject of the event.
     *
     * @param subject what the event is about, for example the id of an order
     * @return the option
     */
    static SendOption subject(String subject) {
        return new Attribute("subject", subject);
    }

    /**
     * Set the type of the event.
     *
     * @param type for example {@code order.placed}
     * @return the option
     */
    static SendOption type(String type) {
        return new Attribute("type", type);
    }

    /**
     * Set the time of the event.
     *
     * @param time when it happened
     * @return the option
     */
    static SendOption time(Instant time) {
        return new Attribute("time", time);
    }

    /**
     * A key.
     *
     * @param key the key
     */
    record Key(String key) implements SendOption {
        public Key {
            Objects.requireNonNull(key, "key");
        }
    }

    /**
     * A delay.
     *
     * @param delay how long
     */
    record Delay(Duration delay) implements SendOption {
        public Delay {
            Objects.requireNonNull(delay, "delay");
        }
    }

    /**
     * A time to live.
     *
     * @param timeToLive how long
     */
    record TimeToLive(Duration timeToLive) implements SendOption {
        public TimeToLive {
            Objects.requireNonNull(timeToLive, "timeToLive");
        }
    }

    /**
     * An attribute.
     *
     * @param name its name
     * @param value its value
     */
    record Attribute(String name, Object value) implements SendOption {
        public Attribute {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A header.
     *
     * @param name its name
     * @param value its value
     */
    record Header(String name, String value) implements SendOption {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }
}
