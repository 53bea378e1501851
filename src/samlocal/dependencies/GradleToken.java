package samlocal.dependencies;

import java.util.List;
import java.util.stream.Stream;

/**
 * A word of a script, or a pair of brackets with its contents.
 *
 * @param text without quotes, empty for brackets
 * @param start offset in the script's text; {@code end} is the one after it
 * @param parts statements in braces, arguments in other brackets
 */
record GradleToken(Kind kind, String text, int start, int end, List<List<GradleToken>> parts) {
    boolean is(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isName() {
        return kind == Kind.NAME;
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    boolean isBlock() {
        return kind == Kind.BRACES;
    }

    /** This token and the tokens inside it, except those in blocks. */
    Stream<GradleToken> flat() {
        return isBlock() ? Stream.of(this) : Stream.concat(Stream.of(this),
                parts.stream().flatMap(List::stream).flatMap(GradleToken::flat));
    }

    /** The kinds of tokens; a bracket includes its contents. */
    enum Kind {
        NAME, TEXT, SIGN, PARENTHESES, BRACES, BRACKETS;

        static Kind of(char bracket) {
            return switch (bracket) {
                case '(', ')' -> PARENTHESES;
                case '{', '}' -> BRACES;
                default -> BRACKETS;
            };
        }
    }
}
