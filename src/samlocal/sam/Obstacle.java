package samlocal.sam;

/** Why a function cannot run, as the end of a sentence that begins with its name. */
record Obstacle(Kind kind, String message) {
    /** An unsupported runtime, a project problem that is reported separately, or something else. */
    enum Kind { RUNTIME, REPORTED, OTHER }

    static Obstacle of(String message) {
        return new Obstacle(Kind.OTHER, message);
    }

    static Obstacle ofRuntime(String runtime) {
        return new Obstacle(Kind.RUNTIME, "needs " + runtime + "; java8 to java25 are supported");
    }
}
