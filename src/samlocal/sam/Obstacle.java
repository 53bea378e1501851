package samlocal.sam;

/** Why a function cannot run, as the end of a sentence that begins with its name. */
record Obstacle(Kind kind, String message) {
    /** An unsupported runtime, a project problem that is reported separately, or something else. */
    enum Kind { RUNTIME, REPORTED, OTHER }

    static Obstacle of(String message) {
        return new Obstacle(Kind.OTHER, message);
    }

    /** The problem with a runtime, null if there is none. */
    static Obstacle ofRuntime(String runtime) {
        RuntimeFamily family = RuntimeFamily.of(runtime).orElse(null);
        if (family != null && family.isSupported()) return null;
        return new Obstacle(Kind.RUNTIME, "needs " + runtime + ", which samlocal cannot run"
                + (family == null ? "" : "; " + family.alternative()));
    }
}
