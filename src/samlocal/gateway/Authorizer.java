package samlocal.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Json;
import samlocal.sam.AuthorizerRules;

/**
 * Authorizes a request by the rules of the template ("Use API Gateway Lambda authorizers", "Control access to HTTP APIs
 * with AWS Lambda authorizers", "... with JWT authorizers", "Control access to REST APIs using Amazon Cognito user
 * pools"). Pure: functions are invoked by {@link Admission}.
 */
record Authorizer(AuthorizerRules rules, Scope scope) {
    private static final Pattern CREDENTIAL = Pattern.compile("AWS4-\\S+ .*Credential=([^/,\\s]+)/.*");
    private static final DateTimeFormatter CLAIM_TIME =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    String name() {
        return rules.name();
    }

    Rejection failed(String note) {
        return new Rejection(Refusal.AUTHORIZER_CONFIGURATION_ERROR, "authorizer: " + note);
    }

    private boolean isToken() {
        return rules.kind() == AuthorizerRules.Kind.TOKEN;
    }

    private boolean hasForm(String token) {
        return rules.identity().token() == null || rules.identity().token().matcher(token).lookingAt();
    }

    /** The value of an identity source, or an empty string. */
    private String value(AuthorizerRules.Source source) {
        boolean isOfRequest = Set.of("header", "querystring").contains(source.where());
        return scope.value((isOfRequest ? "request." : "") + source.where() + "." + source.name());
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static boolean isNested(Object value) {
        return value instanceof Map || value instanceof List;
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    /** Authorizes by the JSON Web Token in the request. */
    Caller ofToken(Tokens tokens) throws Rejection {
        String sent = rules.identity().sources().stream().findFirst().map(this::value).orElse("");
        if (sent.isEmpty() || !hasForm(sent)) throw Rejection.unauthorized("no token for " + name(), "Bearer");
        Map<String, Object> claims = tokens.claims(sent.replaceFirst("(?i)^Bearer\\s+", ""));
        tokens.check(claims, rules, scope.request().time());
        requireScope(claims);
        Map<String, Object> texts = new LinkedHashMap<>();
        claims.forEach((name, value) -> texts.put(name, claim(name, value)));
        Map<String, Object> known = Json.object("claims", texts);
        List<String> scopes = scope.route().guard().scopes();
        if (!scope.isRest()) known.put("scopes", scopes.isEmpty() ? null : scopes);
        return Caller.of(scope.isFirstVersion() ? known : Map.of("jwt", known));
    }

    /** One of the route's scopes suffices; a user pool's access token has scopes, its identity token has none. */
    private void requireScope(Map<String, Object> claims) throws Rejection {
        List<String> wanted = scope.route().guard().scopes();
        boolean isAccess = "access".equals(claims.get("token_use"));
        if (scope.isRest() && isAccess && wanted.isEmpty()) {
            throw Rejection.unauthorized("access token, but the route has no scopes", null);
        }
        if (wanted.isEmpty() || !Collections.disjoint(wanted, Tokens.scopes(claims))) return;
        String note = "none of the scopes " + wanted;
        throw scope.isRest() ? Rejection.unauthorized(note, null)
                : new Rejection(Refusal.ACCESS_DENIED, Refusal.ACCESS_DENIED.message(), note, "Bearer scope=\""
                + String.join(" ", wanted) + "\" error=\"insufficient_scope\" error_description=\"scope is missing\"");
    }

    /** REST APIs join lists with commas and format times. */
    private String claim(String name, Object value) {
        if (scope.isRest() && value instanceof Number seconds && Set.of("exp", "iat").contains(name)) {
            return CLAIM_TIME.format(Instant.ofEpochSecond(seconds.longValue()));
        }
        if (!(value instanceof List<?> list)) return plain(value);
        String items = list.stream().map(Authorizer::plain).collect(Collectors.joining(scope.isRest() ? "," : " "));
        return scope.isRest() ? items : "[" + items + "]";
    }

    private static String plain(Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    /** IAM is not checked: the caller is assumed to be a user of this account with the access key of the signature. */
    Caller ofIam() {
        Matcher signed = CREDENTIAL.matcher(scope.request().header("Authorization").orElse(""));
        String key = signed.matches() ? signed.group(1) : null;
        boolean isFirst = scope.isFirstVersion();
        Map<String, Object> caller = Json.object(
                "accessKey", key,
                "accountId", scope.api().aws().accountId(),
                isFirst ? "caller" : "callerId", "AIDALOCAL",
                "principalOrgId", null,
                "userArn", scope.api().aws().userArn("local"),
                isFirst ? "user" : "userId", "AIDALOCAL");
        if (!isFirst) caller.put("cognitoIdentity", null);
        return new Caller(isFirst ? null : Map.of("iam", caller), isFirst ? caller : Map.of(), null,
                "IAM not checked" + (key == null ? ", not signed" : ""));
    }

    /** The values of the identity sources. */
    List<String> identity() throws Rejection {
        List<String> values = rules.identity().sources().stream().map(this::value).toList();
        boolean mustBeThere = isToken() || rules.identity().seconds() > 0 || !scope.isRest();
        boolean isLacking = mustBeThere && values.contains("") || isToken() && !hasForm(values.get(0));
        if (isLacking) throw Rejection.unauthorized("no valid identity for " + name(), null);
        return values;
    }

    /** The event for the authorizer function. */
    byte[] event(List<String> identity) {
        String arn = arn();
        if (isToken()) {
            return Json.write(Json.object(
                    "type", "TOKEN",
                    "authorizationToken", identity.get(0),
                    "methodArn", arn)).getBytes(UTF_8);
        }
        Map<String, Object> event = scope.event(rules.lambda().payload());
        event.keySet().removeAll(Set.of("body", "isBase64Encoded"));
        boolean isFirst = rules.lambda().payload().equals("1.0");
        String joined = String.join(",", identity);
        event.put("type", "REQUEST");
        event.put(isFirst ? "methodArn" : "routeArn", arn);
        if (!scope.isRest()) event.put("identitySource", isFirst ? joined : identity);
        if (!scope.isRest() && isFirst) event.put("authorizationToken", joined);
        return Json.write(event).getBytes(UTF_8);
    }

    private String arn() {
        String path = "/" + scope.api().stage() + "/" + scope.request().method() + scope.request().path();
        return scope.api().aws().arn("execute-api", Events.API_ID + path);
    }

    /** A handler's result as plain values, an empty string if it is not JSON. */
    static Object read(byte[] payload) {
        try {
            return Json.read(new String(payload, UTF_8));
        } catch (IOException e) {
            return "";
        }
    }

    /** Applies the authorizer function's result or error to the request. */
    Caller ofAnswer(Object answer) throws Rejection {
        if (answer instanceof Throwable error) {
            throw "Unauthorized".equals(error.getMessage()) ? Rejection.unauthorized("by authorizer " + name(), null)
                    : failed(name() + " failed");
        }
        Map<?, ?> fields = map(answer);
        boolean isValid = rules.lambda().isSimple() ? fields.get("isAuthorized") instanceof Boolean
                : fields.get("principalId") instanceof String && !statements(fields).isEmpty();
        if (!isValid) throw failed(name() + " returned neither a policy nor `isAuthorized`");
        if (!rules.lambda().isSimple() && isStated("Deny", fields, arn())) {
            throw new Rejection(Refusal.EXPLICITLY_DENIED, "denied");
        }
        boolean isAllowed = rules.lambda().isSimple() ? (Boolean) fields.get("isAuthorized")
                : isStated("Allow", fields, arn());
        if (!isAllowed) throw new Rejection(Refusal.ACCESS_DENIED, "denied");
        return passed(fields);
    }

    private static List<?> statements(Map<?, ?> answer) {
        Object statements = map(answer.get("policyDocument")).get("Statement");
        return isNested(statements) ? list(statements) : List.of();
    }

    private static boolean isStated(String effect, Map<?, ?> answer, String arn) {
        return statements(answer).stream().map(Authorizer::map).filter(statement ->
                effect.equals(statement.get("Effect"))).anyMatch(statement ->
                fits(statement.get("Action"), "execute-api:Invoke") && fits(statement.get("Resource"), arn));
    }

    /** Matches as in IAM: {@code *} for any text, {@code ?} for any character. */
    private static boolean fits(Object patterns, String value) {
        return list(patterns).stream().anyMatch(each -> value.matches("(?si)" + Pattern.quote(each.toString())
                .replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q")));
    }

    /** REST APIs convert context values to strings, reject maps and lists, and put them beside the principal. */
    private Caller passed(Map<?, ?> answer) throws Rejection {
        Map<String, Object> context = new LinkedHashMap<>();
        map(answer.get("context")).forEach((name, value) -> context.put(name.toString(), value));
        if (!scope.isFirstVersion()) return Caller.of(Json.object("lambda", context.isEmpty() ? null : context));
        if (scope.isRest() && context.values().stream().anyMatch(Authorizer::isNested)) {
            throw failed(name() + " has a map or list in its context");
        }
        if (scope.isRest()) context.replaceAll((name, value) -> value == null ? null : plain(value));
        if (answer.get("principalId") != null) context.put("principalId", answer.get("principalId"));
        String key = answer.get("usageIdentifierKey") instanceof String text ? text : null;
        return new Caller(context, Map.of(), key, "");
    }
}
