// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.binding.filter;

import io.mecha.binding.filter.CesqlToken.Kind;
import io.mecha.binding.filter.Operators.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The parser of expressions, by recursive descent, which compiles on the way.
 *
 * <p>From the tightest to the loosest: functions; {@code NOT} and {@code -}; {@code LIKE}, {@code EXISTS} and {@code IN}; {@code * / %};
 * {@code + -}; comparisons; {@code AND}, {@code OR} and {@code XOR}, which are equal among themselves. All are read from the left.
 *
 * @implNote Source: CloudEvents SQL 1.0, sections 2 "Language syntax" and 3.6 "Evaluation of the expression".
 */
final class CesqlParser {

    private static final int MAXIMUM_LENGTH = 8192;
    private static final int MAXIMUM_NESTING = 64;
    private static final int MAXIMUM_OPERATORS = 1000;

    private final String expression;
    private final List<CesqlToken> tokens;
    private int next;
    private int nesting;
    private int operators;

    private CesqlParser(String expression, List<CesqlToken> tokens) {
        this.expression = expression;
        this.tokens = tokens;
    }

    static Node parse(String expression) {
        if (expression.length() > MAXIMUM_LENGTH) {
            throw new FilterException(
                    expression, MAXIMUM_LENGTH, "it is longer than %d characters".formatted(MAXIMUM_LENGTH));
        }
        CesqlParser parser = new CesqlParser(expression, CesqlLexer.read(expression));
        Node root = parser.logic();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("an operator or the end");
        }
        return root;
    }

    private Node logic() {
        Node left = comparison();
        while (true) {
            if (takeOperator("AND")) {
                left = Operators.and(left, comparison());
            } else if (takeOperator("OR")) {
                left = Operators.or(left, comparison());
            } else if (takeOperator("XOR")) {
                left = Operators.xor(left, comparison());
            } else {
                return left;
            }
        }
    }

    private Node comparison() {
        Node left = sum();
        while (true) {
            if (takeOperator("=")) {
                left = Operators.equal(left, sum(), true);
            } else if (takeOperator("!=") || takeOperator("<>")) {
                left = Operators.equal(left, sum(), false);
            } else if (takeOperator("<")) {
                left = compare(left, (x, y) -> x < y);
            } else if (takeOperator("<=")) {
                left = compare(left, (x, y) -> x <= y);
            } else if (takeOperator(">")) {
                left = compare(left, (x, y) -> x > y);
            } else if (takeOperator(">=")) {
                left = compare(left, (x, y) -> x >= y);
            } else {
                return left;
            }
        }
    }

    private Node compare(Node left, Comparison comparison) {
        return Operators.compare(left, sum(), comparison);
    }

    private Node sum() {
        Node left = product();
        while (true) {
            if (takeOperator("+")) {
                left = Operators.calculate(left, product(), Long::sum);
            } else if (takeOperator("-")) {
                left = Operators.calculate(left, product(), (x, y) -> x - y);
            } else {
                return left;
            }
        }
    }

    private Node product() {
        Node left = membership();
        while (true) {
            if (takeOperator("*")) {
                left = Operators.calculate(left, membership(), (x, y) -> x * y);
            } else if (takeOperator("/")) {
                left = Operators.calculate(left, membership(), (x, y) -> y == 0 ? Operators.Calculation.NONE : x / y);
            } else if (takeOperator("%")) {
                left = Operators.calculate(left, membership(), (x, y) -> y == 0 ? Operators.Calculation.NONE : x % y);
            } else {
                return left;
            }
        }
    }

    private Node membership() {
        Node left = unary();
        while (true) {
            boolean wanted = !(peek().is(Kind.KEYWORD, "NOT") && takeOperator("NOT"));
            if (takeOperator("LIKE")) {
                if (peek().kind() != Kind.STRING) {
                    throw unexpected("a text in quotes");
                }
                left = Operators.like(left, take().text(), wanted);
            } else if (takeOperator("IN")) {
                expect("(");
                left = Operators.in(left, list(), wanted);
            } else if (wanted) {
                return left;
            } else {
                throw unexpected("LIKE or IN");
            }
        }
    }

    private Node unary() {
        enter();
        try {
            if (takeOperator("NOT")) {
                return Operators.not(unary());
            }
            if (takeOperator("EXISTS")) {
                return exists();
            }
            CesqlToken sign = peek();
            boolean literal = tokens.get(Math.min(next + 1, tokens.size() - 1)).kind() == Kind.INTEGER
                    && tokens.get(next + 1).start() == sign.end();
            if (literal && (sign.is(Kind.SYMBOL, "-") || sign.is(Kind.SYMBOL, "+"))) {
                take();
                return integer(sign.text() + take().text(), sign);
            }
            if (takeOperator("-")) {
                return Operators.negate(unary());
            }
            return primary();
        } finally {
            nesting--;
        }
    }

    private void enter() {
        if (++nesting > MAXIMUM_NESTING) {
            throw new FilterException(
                    expression, peek().start(), "it is nested more than %d times".formatted(MAXIMUM_NESTING));
        }
    }

    private Node primary() {
        CesqlToken token = peek();
        return switch (token.kind()) {
            case STRING -> Node.constant(take().text());
            case INTEGER -> integer(take().text(), token);
            case NAME -> named(take());
            case KEYWORD -> flag();
            case SYMBOL, END -> bracket();
        };
    }

    private Node named(CesqlToken name) {
        return peek().is(Kind.SYMBOL, "(") ? call(name) : Node.attribute(attribute(name));
    }

    private Node flag() {
        if (takeIf("TRUE")) {
            return Node.constant(true);
        }
        if (takeIf("FALSE")) {
            return Node.constant(false);
        }
        throw unexpected("a value");
    }

    private Node bracket() {
        if (!takeIf("(")) {
            throw unexpected("a value");
        }
        Node inner = logic();
        expect(")");
        return inner;
    }

    private Node integer(String text, CesqlToken token) {
        long value = Casts.parseNumber(text);
        if (Code.failed(value)) {
            throw new FilterException(expression, token.start(), "the number does not fit into 32 bits");
        }
        return Node.constant((int) value);
    }

    /** Returns the name of an attribute, which is in lower case on the wire however it is written here. */
    private String attribute(CesqlToken token) {
        String name = token.text();
        if (name.indexOf('_') >= 0) {
            throw new FilterException(expression, token.start(), "names of attributes have letters and digits only");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private Node exists() {
        CesqlToken token = peek();
        if (token.kind() != Kind.NAME) {
            throw unexpected("the name of an attribute");
        }
        take();
        if (isData(token)) {
            List<String> pointer = pointer();
            return Node.flag(event -> Code.flag(event.data(pointer) != null));
        }
        return Operators.exists(attribute(token));
    }

    private Node call(CesqlToken function) {
        countOperator(function);
        if (isData(function)) {
            List<String> pointer = pointer();
            return Node.any(event -> {
                Object found = event.data(pointer);
                return found == null ? Failure.MISSING : Casts.primitive(found);
            });
        }
        expect("(");
        List<Node> arguments = peek().is(Kind.SYMBOL, ")") ? none() : list();
        Node call = Functions.call(function.text().toUpperCase(Locale.ROOT), arguments);
        if (call == null) {
            throw new FilterException(
                    expression,
                    function.start(),
                    "there is no function %s with %d arguments".formatted(function.text(), arguments.size()));
        }
        return call;
    }

    private boolean isData(CesqlToken name) {
        return name.text().equalsIgnoreCase("DATA") && peek().is(Kind.SYMBOL, "(");
    }

    private List<String> pointer() {
        expect("(");
        CesqlToken token = peek();
        if (token.kind() != Kind.STRING) {
            throw unexpected("a JSON pointer in quotes");
        }
        take();
        expect(")");
        return JsonPointer.steps(token.text())
                .orElseThrow(() -> new FilterException(
                        expression,
                        token.start(),
                        "a JSON pointer begins with / and has ~ only in ~0 and ~1, for example '/customer/id'"));
    }

    private List<Node> none() {
        expect(")");
        return List.of();
    }

    /** Reads expressions up to the closing bracket; the opening one is taken already. */
    private List<Node> list() {
        List<Node> elements = new ArrayList<>();
        do {
            elements.add(logic());
        } while (takeIf(","));
        expect(")");
        return elements;
    }

    private CesqlToken peek() {
        return tokens.get(next);
    }

    private CesqlToken take() {
        return tokens.get(next++);
    }

    private boolean takeIf(String text) {
        CesqlToken token = peek();
        boolean found = token.is(Kind.SYMBOL, text) || token.is(Kind.KEYWORD, text);
        if (found) {
            next++;
        }
        return found;
    }

    private boolean takeOperator(String text) {
        CesqlToken token = peek();
        boolean found = takeIf(text);
        if (found) {
            countOperator(token);
        }
        return found;
    }

    private void countOperator(CesqlToken token) {
        if (++operators > MAXIMUM_OPERATORS) {
            throw new FilterException(
                    expression,
                    token.start(),
                    "it has more than %d operators and functions".formatted(MAXIMUM_OPERATORS));
        }
    }

    private void expect(String text) {
        if (!takeIf(text)) {
            throw unexpected("'%s'".formatted(text));
        }
    }

    private FilterException unexpected(String expected) {
        return new FilterException(
                expression, peek().start(), "expected %s, found %s".formatted(expected, peek().found()));
    }
}
