// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.benchmarks.cesql;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.sql.Expression;
import io.cloudevents.sql.Parser;
import io.mecha.benchmarks.workload.Order;
import io.mecha.binding.Event;
import io.mecha.binding.Filter;
import io.mecha.binding.filter.EventPredicate;
import io.mecha.binding.filter.Filterable;
import io.mecha.binding.filter.Filters;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What does it cost to ask a compiled CloudEvents SQL expression about an event, here and in the SDK of CloudEvents?
 *
 * <p>Four events take turns, of which every second matches, so that the answer cannot be predicted from the code alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FilterBenchmark {

    static final String TYPE = "type = 'order.placed'";
    static final String AND = "type = 'order.placed' AND source = '/shop' AND region = 'eu'";
    static final String MISSING = "tenant = 'acme'";
    static final String LIKE = "type LIKE 'order.pl%d'";
    static final String IN = "type IN ('order.cancelled', 'order.paid', 'order.placed')";

    private static final int EVENTS = 4;

    private final Filterable[] events = new Filterable[EVENTS];
    private final CloudEvent[] sdkEvents = new CloudEvent[EVENTS];
    private final EventPredicate type = Filters.compile(Filter.sql(TYPE));
    private final EventPredicate and = Filters.compile(Filter.sql(AND));
    private final EventPredicate missing = Filters.compile(Filter.sql(MISSING));
    private final EventPredicate like = Filters.compile(Filter.sql(LIKE));
    private final EventPredicate in = Filters.compile(Filter.sql(IN));
    private final Expression sdkType = Parser.parseDefault(TYPE);
    private final Expression sdkAnd = Parser.parseDefault(AND);
    private final Expression sdkMissing = Parser.parseDefault(MISSING);
    private final Expression sdkLike = Parser.parseDefault(LIKE);
    private final Expression sdkIn = Parser.parseDefault(IN);
    private int next;

    /** Make the events. */
    public FilterBenchmark() {
        for (int number = 0; number < EVENTS; number++) {
            String type = number % 2 == 0 ? "order.placed" : "order.returned";
            events[number] = new Shown(Event.<Order>builder()
                    .id("event-" + number)
                    .source("/shop")
                    .type(type)
                    .extension("region", "eu")
                    .data(Order.of(number))
                    .build());
            sdkEvents[number] = CloudEventBuilder.v1()
                    .withId("event-" + number)
                    .withSource(URI.create("/shop"))
                    .withType(type)
                    .withExtension("region", "eu")
                    .build();
        }
    }

    /** One attribute. */
    @Benchmark
    public boolean type() {
        return type.test(event());
    }

    /** One attribute, by the SDK. */
    @Benchmark
    public Object sdkType() {
        return sdkType.evaluate(sdkEvent()).value();
    }

    /** Three clauses. */
    @Benchmark
    public boolean and() {
        return and.test(event());
    }

    /** Three clauses, by the SDK. */
    @Benchmark
    public Object sdkAnd() {
        return sdkAnd.evaluate(sdkEvent()).value();
    }

    /** An attribute that no event has. */
    @Benchmark
    public boolean missing() {
        return missing.test(event());
    }

    /** An attribute that no event has, by the SDK. */
    @Benchmark
    public Object sdkMissing() {
        return sdkMissing.evaluate(sdkEvent()).value();
    }

    /** A pattern. */
    @Benchmark
    public boolean like() {
        return like.test(event());
    }

    /** A pattern, by the SDK. */
    @Benchmark
    public Object sdkLike() {
        return sdkLike.evaluate(sdkEvent()).value();
    }

    /** A set. */
    @Benchmark
    public boolean in() {
        return in.test(event());
    }

    /** A set, by the SDK. */
    @Benchmark
    public Object sdkIn() {
        return sdkIn.evaluate(sdkEvent()).value();
    }

    private Filterable event() {
        next++;
        return events[next & (EVENTS - 1)];
    }

    private CloudEvent sdkEvent() {
        next++;
        return sdkEvents[next & (EVENTS - 1)];
    }

    /** An event as an engine shows it. */
    private static final class Shown implements Filterable {

        private final Event<Order> event;

        Shown(Event<Order> event) {
            this.event = event;
        }

        @Override
        public @Nullable Object attribute(String name) {
            return event.attribute(name);
        }

        @Override
        public @Nullable Object data(List<String> pointer) {
            return null;
        }
    }
}
