package samlocal.dependencies;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A call, an assignment or a declaration in a build script.
 *
 * @param path the names of the call or assignment, joined by dots: {@code sourceSets["main"].java.srcDir("x")} and
 *     {@code sourceSets.named("main") { java.srcDir 'x' }} both become {@code sourceSets.main.java.srcDir}; calls
 *     before the last have their arguments in parentheses, a declaration begins with {@code def}
 * @param operator the assignment operator, {@code by} for a delegated property of Kotlin, else empty
 * @param arguments the arguments of the last call, or the assigned value
 * @param tokens the whole statement
 */
record GradleStatement(String path, String operator, List<List<GradleToken>> arguments, List<GradleToken> tokens) {
    /** Methods that look up an element by name. */
    private static final Set<String> LOOKUPS = Set.of("named", "getByName", "getAt", "create", "register", "property",
            "findProperty", "getProperty", "gradleProperty", "maybeCreate");
    private static final int LONGEST_PATH = 1000;
    private static final Set<String> ASSIGNMENTS = Set.of("=", "+=", "<<", "by");

    static GradleStatement of(List<GradleToken> tokens) {
        int name = declared(tokens);
        if (name < 0) return new Chain(tokens).statement();
        int value = name + 1;
        while (!isAssignment(tokens.get(value))) value++;
        return new GradleStatement("def." + tokens.get(name).text(), tokens.get(value).text(),
                split(tokens.subList(value + 1, tokens.size())), tokens);
    }

    private static boolean isAssignment(GradleToken token) {
        return token.is("=") || token.isName() && token.text().equals("by");
    }

    /** The index of the name in {@code val name: Type =} or {@code Type name =}, or -1. */
    private static int declared(List<GradleToken> tokens) {
        int end = 0;
        while (end < tokens.size() && !isAssignment(tokens.get(end))) end++;
        int names = 0;
        while (names < end && tokens.get(names).isName()) names++;
        boolean isDeclared = end < tokens.size() && names > 1 && (names == end || tokens.get(names).is(":"));
        return isDeclared ? names - 1 : -1;
    }

    private static List<List<GradleToken>> split(List<GradleToken> tokens) {
        List<List<GradleToken>> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i < tokens.size() && !tokens.get(i).is(",")) continue;
            if (i > start) parts.add(tokens.subList(start, i));
            start = i + 1;
        }
        return parts;
    }

    /** The statements in the blocks of this statement. */
    List<List<GradleToken>> block() {
        return tokens.stream().flatMap(GradleToken::flat).filter(token -> token.isBlock())
                .flatMap(token -> token.parts().stream()).toList();
    }

    /** The calls in {@code a(x).b(y)} by their names, in their order; {@code a x} is a call too. */
    Map<String, List<List<GradleToken>>> calls() {
        List<GradleToken> chain = operator.isEmpty() ? tokens : arguments.stream().flatMap(List::stream).toList();
        Map<String, List<List<GradleToken>>> calls = new LinkedHashMap<>();
        for (int i = 1; i < chain.size(); i++) {
            GradleToken before = chain.get(i - 1);
            boolean isCall = chain.get(i).kind() == GradleToken.Kind.PARENTHESES && before.isName();
            if (isCall) calls.putIfAbsent(before.text(), chain.get(i).parts());
            else if (i == 1) calls.put(name(), arguments);
        }
        return calls;
    }

    boolean hasBlock() {
        return tokens.stream().flatMap(GradleToken::flat).anyMatch(GradleToken::isBlock);
    }

    /** The path, with the arguments of the last call. */
    String call() {
        return !operator.isEmpty() || arguments.isEmpty() ? path : element(path, arguments);
    }

    /** The last name of the path. */
    String name() {
        return last(path);
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String element(String path, List<List<GradleToken>> arguments) {
        String name = last(path);
        List<String> given = arguments.stream().map(each -> each.stream().flatMap(GradleToken::flat)
                .map(GradleToken::text).collect(Collectors.joining())).toList();
        boolean isLookup = LOOKUPS.contains(name) && !given.isEmpty();
        return isLookup ? path.substring(0, path.length() - name.length()) + given.get(0)
                : path + "(" + String.join(",", given) + ")";
    }

    /** Reads names, calls and indexes up to the first other token. */
    private static final class Chain {
        private final List<GradleToken> tokens;
        private String path = "";
        /** The arguments of the last call; they become part of the path when another name or call follows. */
        private List<List<GradleToken>> arguments;

        Chain(List<GradleToken> tokens) {
            this.tokens = tokens;
        }

        GradleStatement statement() {
            int at = 0;
            while (at < tokens.size() && path.length() <= LONGEST_PATH && accepts(at)) at++;
            List<GradleToken> rest = tokens.subList(at, tokens.size()).stream()
                    .filter(token -> !token.isBlock()).toList();
            String operator = !rest.isEmpty() && ASSIGNMENTS.contains(rest.get(0).text()) ? rest.get(0).text() : "";
            boolean isLookup = tokens.stream().anyMatch(GradleToken::isBlock) && LOOKUPS.contains(last(path));
            if (!operator.isEmpty() || isLookup) call(null);
            return new GradleStatement(path, operator, arguments != null ? arguments
                    : split(rest.subList(operator.isEmpty() ? 0 : 1, rest.size())), tokens);
        }

        private boolean accepts(int at) {
            GradleToken token = tokens.get(at);
            GradleToken before = at == 0 ? null : tokens.get(at - 1);
            boolean isFirst = path.isEmpty();
            boolean isNext = isFirst || before.is(".") || before.is("?.");
            boolean isQuoted = isFirst && token.isText() && at + 1 < tokens.size()
                    && tokens.get(at + 1).kind() == GradleToken.Kind.PARENTHESES;
            boolean isIndex = token.kind() == GradleToken.Kind.BRACKETS && before != null
                    && before.end() == token.start();
            GradleToken next = at + 1 < tokens.size() ? tokens.get(at + 1) : null;
            boolean isSpread = isFirst && token.kind() == GradleToken.Kind.BRACKETS && next != null && next.is("*")
                    && !token.parts().isEmpty();
            if (isSpread) push(token.parts().get(0).get(0).text()); // [compileJava, compileTestJava]*.options
            else if (isQuoted || isNext && token.isName()) push(token.text());
            else if (isIndex) push(token.parts().stream().flatMap(List::stream).map(GradleToken::text)
                    .collect(Collectors.joining()));
            else if (token.kind() == GradleToken.Kind.PARENTHESES && !isFirst) call(token.parts());
            else return token.is(".") || token.is("?.") || token.is("!!") || token.isBlock() && !isFirst
                    || token.is("*") && !isFirst && next != null && next.is(".");
            return true;
        }

        private void push(String name) {
            call(null);
            path = path.isEmpty() ? name : path + "." + name;
        }

        private void call(List<List<GradleToken>> given) {
            if (arguments != null) path = element(path, arguments);
            arguments = given;
        }
    }
}
