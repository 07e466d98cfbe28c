// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.autoconfigure.advice;

import io.mecha.autoconfigure.handler.HandlerMistakes;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.ParseException;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.TypedValue;
import org.springframework.expression.common.CompositeStringExpression;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.expression.common.TemplateParserContext;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * A text in an annotation that depends on the arguments of a call, read once: {@code #request.id}, or {@code order-#{id}}.
 *
 * <p>In both, a parameter is known by its name, with or without {@code #}, and by its position ({@code #p0}, {@code #a0}). What is no
 * parameter is refused at start, as Spring's expression language takes an unknown variable for {@code null}.
 *
 * @since 1.0
 */
public final class MethodExpression {

    private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();
    private static final SpelExpressionParser PARSER = new SpelExpressionParser();
    private static final PropertyAccessor PARAMETERS = new Parameters();

    private final Expression expression;
    private final String text;
    private final Map<String, Integer> positions;

    private MethodExpression(Expression expression, String text, Map<String, Integer> positions) {
        this.expression = expression;
        this.text = text;
        this.positions = positions;
    }

    /**
     * Read a text with expressions in it.
     *
     * @param codes codes of mistakes
     * @param method the method with the annotation
     * @param attribute name of the attribute that has the text
     * @param text for example {@code order-#{id}}; without <code>#{</code> it is the same for each call
     * @return the text of a call
     * @throws io.mecha.InvalidConfigurationException if it cannot be read, or names what is no parameter
     */
    public static MethodExpression template(HandlerMistakes codes, Method method, String attribute, String text) {
        return read(codes, method, attribute, text, true);
    }

    /**
     * Read an expression.
     *
     * @param codes codes of mistakes
     * @param method the method with the annotation
     * @param attribute name of the attribute that has the text
     * @param text for example {@code #request.id}
     * @return the value for a call, as text
     * @throws io.mecha.InvalidConfigurationException if it cannot be read, or names what is no parameter
     */
    public static MethodExpression expression(HandlerMistakes codes, Method method, String attribute, String text) {
        return read(codes, method, attribute, text, false);
    }

    private static MethodExpression read(
            HandlerMistakes codes, Method method, String attribute, String text, boolean template) {
        Map<String, Integer> positions = positions(method);
        Expression expression;
        try {
            expression =
                    template ? PARSER.parseExpression(text, new TemplateParserContext()) : PARSER.parseExpression(text);
        } catch (ParseException | IllegalStateException | IllegalArgumentException unreadable) {
            throw codes.attribute(
                    method,
                    attribute,
                    "'%s' is no expression: %s.".formatted(text, unreadable.getMessage()),
                    "Write it as Spring's expression language has it.");
        }
        List<String> unknown = new ArrayList<>();
        collect(expression, (name) -> !positions.containsKey(name), unknown);
        if (!unknown.isEmpty()) {
            throw codes.attribute(
                    method,
                    attribute,
                    "'%s' names '%s', which is no parameter.".formatted(text, unknown.get(0)),
                    "Write one of %s.".formatted(positions.keySet()));
        }
        return new MethodExpression(expression, text, positions);
    }

    private static Map<String, Integer> positions(Method method) {
        Map<String, Integer> positions = new LinkedHashMap<>();
        @Nullable String @Nullable [] names = NAMES.getParameterNames(method);
        for (int index = 0; names != null && index < names.length; index++) {
            String name = names[index];
            if (name != null) {
                positions.put(name, index);
            }
        }
        for (int index = 0; index < method.getParameterCount(); index++) {
            positions.putIfAbsent("p" + index, index);
            positions.putIfAbsent("a" + index, index);
        }
        return positions;
    }

    private static void collect(Expression expression, Predicate<String> unknown, List<String> found) {
        if (expression instanceof CompositeStringExpression several) {
            for (Expression part : several.getExpressions()) {
                collect(part, unknown, found);
            }
        } else if (expression instanceof SpelExpression one) {
            collect(one.getAST(), true, true, unknown, found);
        }
    }

    /**
     * Collects names after which there is nothing to look.
     *
     * @param outside whether names are those of parameters: inside of a projection, a selection or an index they are of the value before
     * @param first whether no dot is before the node
     */
    private static void collect(
            SpelNode node, boolean outside, boolean first, Predicate<String> unknown, List<String> found) {
        String name = name(node, outside && first);
        if (name != null && unknown.test(name)) {
            found.add(name);
        }
        boolean within =
                outside && !(node instanceof Projection || node instanceof Selection || node instanceof Indexer);
        for (int index = 0; index < node.getChildCount(); index++) {
            collect(node.getChild(index), within, !(node instanceof CompoundExpression) || index == 0, unknown, found);
        }
    }

    private static @Nullable String name(SpelNode node, boolean first) {
        if (node instanceof VariableReference variable) {
            String name = variable.toStringAST().substring(1);
            return "root".equals(name) || "this".equals(name) ? null : name;
        }
        return first && node instanceof PropertyOrFieldReference property ? property.getName() : null;
    }

    /**
     * Tell whether the text is the same for each call.
     *
     * @return whether it has no expression
     */
    public boolean isConstant() {
        return expression instanceof LiteralExpression;
    }

    /**
     * Evaluate it for a call.
     *
     * @param arguments the arguments, in order
     * @return the value as text, or {@code null} if the expression is {@code null}
     * @throws EvaluationException if it cannot be evaluated for them
     */
    public @Nullable String evaluate(@Nullable Object[] arguments) {
        if (expression instanceof LiteralExpression literal) {
            return literal.getValue();
        }
        Object value = expression.getValue(context(arguments));
        if (value == null) {
            return null;
        }
        // An array's own text is another for each instance.
        return value.getClass().isArray() ? Arrays.deepToString(new Object[] {value}) : value.toString();
    }

    private EvaluationContext context(@Nullable Object[] arguments) {
        StandardEvaluationContext context =
                new StandardEvaluationContext(new Call(positions, Arrays.asList(arguments)));
        context.addPropertyAccessor(PARAMETERS);
        positions.forEach((name, index) -> context.setVariable(name, arguments[index]));
        return context;
    }

    @Override
    public String toString() {
        return text;
    }

    /** The arguments of a call, by the names of the parameters. */
    private record Call(Map<String, Integer> positions, List<@Nullable Object> arguments) {}

    /** The parameters as properties of the call. */
    private static final class Parameters implements PropertyAccessor {

        @Override
        public Class<?>[] getSpecificTargetClasses() {
            return new Class<?>[] {Call.class};
        }

        @Override
        public boolean canRead(EvaluationContext context, @Nullable Object target, String name) {
            return target instanceof Call call && call.positions().containsKey(name);
        }

        @Override
        public TypedValue read(EvaluationContext context, @Nullable Object target, String name) {
            if (target instanceof Call call) {
                Integer position = call.positions().get(name);
                if (position != null) {
                    return new TypedValue(call.arguments().get(position));
                }
            }
            return TypedValue.NULL;
        }

        @Override
        public boolean canWrite(EvaluationContext context, @Nullable Object target, String name) {
            return false;
        }

        @Override
        public void write(EvaluationContext context, @Nullable Object target, String name, @Nullable Object value) {
            throw new IllegalStateException("A parameter cannot be written.");
        }
    }
}
