package samlocal.sam;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An authorizer of a template.
 *
 * @param issuers, audience accepted issuers and audiences of tokens, empty for any
 */
public record AuthorizerRules(Kind kind, String name, Lambda lambda, Identity identity, List<String> issuers,
        List<String> audience) {
    /**
     * The function of a Lambda authorizer.
     *
     * @param function its logical id or name
     * @param payload payload format version of its event
     * @param isSimple whether it returns {@code isAuthorized} instead of a policy
     */
    public record Lambda(String function, String payload, boolean isSimple) {
    }

    /**
     * What identifies a caller.
     *
     * @param sources required parts of a request, such as {@code header.Authorization}
     * @param token the pattern that a token must match, or null
     * @param seconds how long a result is cached
     */
    public record Identity(List<Source> sources, Pattern token, int seconds) {
    }

    /** Lambda authorizers with a token or a request; JWT authorizers; Cognito user pools; IAM. */
    public enum Kind { TOKEN, REQUEST, JWT, POOL, IAM }

    /** A part of a request; {@code where} is header, querystring, stageVariables or context. */
    public record Source(String where, String name) {
    }

    static final AuthorizerRules OF_IAM = new AuthorizerRules(Kind.IAM, "AWS_IAM", new Lambda(null, "1.0", false),
            new Identity(List.of(), null, 0), List.of(), List.of());
}
