package samlocal.sam;

import java.util.List;

/**
 * Who may call a route.
 *
 * @param authorizer the authorizer, or null
 * @param needsKey whether an API key is required
 * @param isKeyFromAuthorizer whether the key comes from the authorizer instead of the request
 * @param scopes a token must have one of these, if there are any
 */
public record Guard(AuthorizerRules authorizer, boolean needsKey, boolean isKeyFromAuthorizer, List<String> scopes) {
    static final Guard OPEN = new Guard(null, false, false, List.of());
}
