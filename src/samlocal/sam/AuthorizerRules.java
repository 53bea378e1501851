package samlocal.sam;

import java.util.List;
import java.util.regex.Pattern;

/**
 * An authorizer of a template.
 *
 * @param function its logical id or name, for Lambda authorizers
 * @param payload format version of its event
 * @param isSimple whether it answers {@code isAuthorized} rather than a policy
 * @param sources what must be in a request, such as {@code header.Authorization}
 * @param token what a token must match, or null
 * @param seconds for which an answer counts
 * @param issuers, audience of tokens, empty where any will do
 */
public record AuthorizerRules(Kind kind, String name, String function, String payload, boolean isSimple,
        List<Source> sources, Pattern token, int seconds, List<String> issuers, List<String> audience) {
    /** Lambda functions that get a token or a request; an HTTP API's tokens; user pools; AWS's own. */
    public enum Kind { TOKEN, REQUEST, JWT, POOL, IAM }

    /** A part of a request; {@code where} is header, querystring, stageVariables or context. */
    public record Source(String where, String name) {
    }

    static final AuthorizerRules OF_IAM = new AuthorizerRules(Kind.IAM, "AWS_IAM", null, "1.0", false, List.of(),
            null, 0, List.of(), List.of());
}
