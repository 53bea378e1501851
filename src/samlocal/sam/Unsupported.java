package samlocal.sam;

/** Why a function cannot run, as the end of a sentence that begins with its name. */
record Unsupported(Kind kind, String reason) {
    /** An unsupported runtime, a project problem that is reported separately, or something else. */
    enum Kind { RUNTIME, REPORTED, OTHER }

    static Unsupported of(String reason) {
        return new Unsupported(Kind.OTHER, reason);
    }

    static Unsupported ofRuntime(String runtime) {
        return new Unsupported(Kind.RUNTIME, "needs " + runtime + "; java8 to java25 are supported");
    }
}
