package samlocal.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** A failure that the user can cause and fix: thrown anywhere, printed in one place, never with a stack trace. */
public final class Fault extends RuntimeException {
    /** Exit status: the project has errors. */
    public static final int PROJECT = 1;
    /** Exit status: the command line is wrong. */
    public static final int USAGE = 2;
    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;
    private final int status;

    public Fault(Problem problem, int status) {
        this(List.of(problem), status);
    }

    /** Several problems at once, at least one. */
    public Fault(List<Problem> problems, int status) {
        super(problems.get(0).message(), null, false, false);
        this.problems = problems;
        this.status = status;
    }

    public static Fault project(String message) {
        return project(message, null, null);
    }

    public static Fault project(String message, Place place) {
        return project(message, place, null);
    }

    public static Fault project(String message, Place place, String hint) {
        return new Fault(new Problem(message, place, hint), PROJECT);
    }

    public static Fault usage(String message, String hint) {
        return new Fault(new Problem(message, null, hint), USAGE);
    }

    /** A bug of this program, also reported on one line. */
    public static Fault ofOurOwn(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        String where = trace.length == 0 ? "" : " at " + trace[0];
        return project("internal error: " + error + where, null, "please report it");
    }

    /** Why a file cannot be read, without the path, which the message already has. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) return "no such file";
        if (e instanceof AccessDeniedException) return "permission denied";
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    public List<Problem> problems() {
        return problems;
    }

    public int status() {
        return status;
    }
}
