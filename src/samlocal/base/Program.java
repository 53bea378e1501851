package samlocal.base;

/** This program: its version, and which classes belong to it. */
public final class Program {
    public static final String VERSION = "0.1.0";
    /** The class in which all others are nested in the bundle; null in the source tree. */
    private static final Class<?> WHOLE = Program.class.getEnclosingClass();
    public static final String MAIN = WHOLE == null ? "samlocal.ServerLocal" : WHOLE.getName();
    private static final String OWN = WHOLE == null ? "samlocal." : MAIN + "$";

    private Program() {
    }

    public static boolean isOwn(String className) {
        return className.startsWith(OWN);
    }
}
