package samlocal.gateway;

import samlocal.http.Response;
import samlocal.report.Reply;

/** Ends the handling of a request: the gateway responds instead of the route's backend. */
final class Rejection extends Exception {
    private static final long serialVersionUID = 1;
    private final Refusal refusal;
    private final String note;
    private final String challenge;

    /**
     * Creates one with its own message.
     *
     * @param message for the client of a REST API
     * @param note for the console
     * @param challenge value of WWW-Authenticate, which REST APIs do not send, or null
     */
    Rejection(Refusal refusal, String message, String note, String challenge) {
        super(message, null, false, false);
        this.refusal = refusal;
        this.note = note;
        this.challenge = challenge;
    }

    Rejection(Refusal refusal, String note) {
        this(refusal, refusal.message(), note, null);
    }

    static Rejection unauthorized(String note, String challenge) {
        return new Rejection(Refusal.UNAUTHORIZED, Refusal.UNAUTHORIZED.message(), "unauthorized: " + note, challenge);
    }

    /** The response in the form of the request's API. */
    Reply reply(Scope scope) {
        Response response = scope.response(refusal, getMessage());
        return Reply.of(challenge == null || scope.isRest() ? response
                : response.with("www-authenticate", challenge), scope.function(), note);
    }
}
