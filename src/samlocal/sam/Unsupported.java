package samlocal.sam;

/** Why a function cannot run, as the end of a sentence that begins with its name. */
record Unsupported(Kind kind, String reason) {
    /** An unsupported runtime, a project problem that is reported separately, or something else. */
    enum Kind { RUNTIME, REPORTED, OTHER }

    static Unsupported of(String reason) {
        return new Unsupported(Kind.OTHER, reason);
    }

    /** The problem with a runtime, null if there is none. */
    static Unsupported ofRuntime(String runtime) {
        RuntimeFamily family = RuntimeFamily.of(runtime).orElse(null);
        if (family != null && family.isSupported()) return null;
        return new Unsupported(Kind.RUNTIME, "needs " + runtime + ", which samlocal cannot run"
                + (family == null ? "" : "; " + family.alternative()));
    }
}
