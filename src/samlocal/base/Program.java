package samlocal.base;

/** This program: its version, and which classes are its own. */
public final class Program {
    public static final String VERSION = "0.1.0";
    /** The class that holds all others in the one file that is made of the sources, none in the sources. */
    private static final Class<?> WHOLE = Program.class.getEnclosingClass();
    public static final String MAIN = WHOLE == null ? "samlocal.ServerLocal" : WHOLE.getName();
    private static final String OWN = WHOLE == null ? "samlocal." : MAIN + "$";

    private Program() {
    }

    public static boolean isOwn(String className) {
        return className.startsWith(OWN);
    }
}
