package samlocal.sam;

import java.util.List;

/**
 * Who may call a route.
 *
 * @param authorizer that is asked, or null
 * @param needsKey whether an API key must be there
 * @param isKeyFromAuthorizer whether the authorizer names that key, rather than the request
 * @param scopes of which a token must have one
 */
public record Guard(AuthorizerRules authorizer, boolean needsKey, boolean isKeyFromAuthorizer, List<String> scopes) {
    static final Guard OPEN = new Guard(null, false, false, List.of());
}
