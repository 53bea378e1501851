package samlocal.base;

/** Words of POSIX shell command lines. */
public final class ShellWord {
    private ShellWord() {
    }

    /** The text as one word: in single quotes, unless it has only characters that are not special in a shell. */
    public static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
