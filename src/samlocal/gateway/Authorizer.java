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
import samlocal.http.Request;
import samlocal.sam.AuthorizerRules;
import samlocal.sam.Route;

/**
 * Decides by what the template says ("Use API Gateway Lambda authorizers", "Control access to HTTP APIs with AWS
 * Lambda authorizers", "... with JWT authorizers", "Control access to REST APIs using Amazon Cognito user pools").
 * Pure: functions are invoked by {@link Integration}.
 */
record Authorizer(AuthorizerRules rules) {
    /**
     * Either a refusal with a note for the console, or what is known of the caller.
     *
     * @param challenge value of a refusal's WWW-Authenticate, or null
     * @param key the API key that a Lambda authorizer names, or null
     */
    record Verdict(Refusal refusal, String challenge, String note, Caller caller, String key) {
        static final Verdict PASS = passed(Caller.NOBODY);

        static Verdict passed(Caller caller) {
            return new Verdict(null, null, "", caller, null);
        }

        static Verdict refused(Refusal refusal, String note) {
            return new Verdict(refusal, null, note, null, null);
        }

        static Verdict unauthorized(String note) {
            return refused(Refusal.UNAUTHORIZED, "unauthorized: " + note);
        }

        static Verdict failed(String note) {
            return refused(Refusal.AUTHORIZER_CONFIGURATION_ERROR, "authorizer: " + note);
        }

        private Verdict challenged(String value) {
            return new Verdict(refusal, value, note, caller, key);
        }

        private Verdict noted(String text) {
            return new Verdict(refusal, challenge, text, caller, key);
        }

        /** The same with the API key that let the request pass, which a REST API tells its function. */
        Verdict withKey(String value) {
            Map<String, Object> identity = new LinkedHashMap<>(caller.identity());
            identity.put("apiKey", value);
            identity.put("apiKeyId", "local");
            return new Verdict(null, null, note, new Caller(caller.authorizer(), identity), value);
        }
    }

    private static final Pattern CREDENTIAL = Pattern.compile("AWS4-\\S+ .*Credential=([^/,\\s]+)/.*");
    private static final DateTimeFormatter CLAIM_TIME =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    String name() {
        return rules.name();
    }

    private boolean isToken() {
        return rules.kind() == AuthorizerRules.Kind.TOKEN;
    }

    /** The value of a part of a request, or an empty text. */
    private static String value(AuthorizerRules.Source source, Request request, Route route) {
        return switch (source.where()) {
            case "header" -> request.header(source.name()).orElse("");
            case "querystring" -> request.queryValue(source.name()).orElse("");
            case "stageVariables" -> route.api().variables().getOrDefault(source.name(), "");
            default -> contextValue(source.name(), request, route);
        };
    }

    private static String contextValue(String name, Request request, Route route) {
        return switch (name) {
            case "httpMethod", "http.method" -> request.method();
            case "path", "http.path" -> request.path();
            case "resourcePath" -> route.path();
            case "stage" -> route.api().stage();
            case "routeKey" -> route.toString();
            case "apiId" -> Events.API_ID;
            case "accountId" -> route.api().aws().accountId();
            case "identity.sourceIp", "http.sourceIp" -> request.sourceIp();
            case "identity.userAgent", "http.userAgent" -> request.header("User-Agent").orElse("");
            default -> "";
        };
    }

    private static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /** By a JSON Web Token in the request. */
    Verdict ofToken(Tokens tokens, Request request, Route route) {
        boolean isRest = route.api().isRest();
        String sent = rules.sources().isEmpty() ? "" : value(rules.sources().get(0), request, route);
        boolean hasForm = !sent.isEmpty() && (rules.token() == null || rules.token().matcher(sent).lookingAt());
        if (!hasForm) return Verdict.unauthorized("no token for " + name()).challenged(isRest ? null : "Bearer");
        try {
            Map<String, Object> claims = tokens.claims(sent.replaceFirst("(?i)^Bearer\\s+", ""));
            tokens.check(claims, rules, request.time());
            return scoped(claims, route);
        } catch (Tokens.InvalidToken invalid) {
            Refusal refusal = invalid.isExpired() ? Refusal.EXPIRED_TOKEN : Refusal.UNAUTHORIZED;
            String challenge = "Bearer scope=\"\" error=\"invalid_token\" error_description=\""
                    + invalid.getMessage() + '"';
            return Verdict.refused(refusal, "unauthorized: " + invalid.details())
                    .challenged(isRest ? null : challenge);
        }
    }

    /** One of the route's scopes is enough; a user pool's access token has some, its identity token has none. */
    private Verdict scoped(Map<String, Object> claims, Route route) {
        List<String> wanted = route.guard().scopes();
        boolean isRest = route.api().isRest();
        boolean isAccess = "access".equals(claims.get("token_use"));
        if (isRest && isAccess && wanted.isEmpty()) return Verdict.unauthorized("an access token, without scopes");
        List<String> held = Tokens.scopes(claims);
        if (!wanted.isEmpty() && Collections.disjoint(wanted, held)) {
            Verdict refused = isRest ? Verdict.unauthorized("none of the scopes " + wanted)
                    : Verdict.refused(Refusal.ACCESS_DENIED, "none of the scopes " + wanted);
            return refused.challenged(isRest ? null : "Bearer scope=\"" + String.join(" ", wanted)
                    + "\" error=\"insufficient_scope\" error_description=\"scope is missing\"");
        }
        return Verdict.passed(new Caller(claims(claims, route), Map.of()));
    }

    private static Map<String, Object> claims(Map<String, Object> claims, Route route) {
        boolean isRest = route.api().isRest();
        Map<String, Object> texts = new LinkedHashMap<>();
        claims.forEach((name, value) -> texts.put(name, isRest ? restClaim(name, value) : httpClaim(value)));
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("claims", texts);
        if (!isRest) told.put("scopes", route.guard().scopes().isEmpty() ? null : route.guard().scopes());
        return route.payload().equals("2.0") ? Map.of("jwt", told) : told;
    }

    private static String restClaim(String name, Object value) {
        boolean isTime = value instanceof Number && Set.of("exp", "iat").contains(name);
        if (isTime) return CLAIM_TIME.format(Instant.ofEpochSecond(((Number) value).longValue()));
        return value instanceof List<?> list ? list.stream().map(Authorizer::plain).collect(Collectors.joining(","))
                : plain(value);
    }

    private static String httpClaim(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Authorizer::plain).collect(Collectors.joining(" ", "[", "]")) : plain(value);
    }

    private static String plain(Object value) {
        return value instanceof String text ? text : Json.write(value);
    }

    /** IAM is not asked here: whoever calls is taken for a user of this account, by the key of the signature. */
    static Verdict ofIam(Request request, Route route) {
        Matcher signed = CREDENTIAL.matcher(request.header("Authorization").orElse(""));
        String key = signed.matches() ? signed.group(1) : null;
        Map<String, Object> caller = new LinkedHashMap<>();
        boolean isSecond = route.payload().equals("2.0");
        caller.put("accessKey", key);
        caller.put("accountId", route.api().aws().accountId());
        caller.put(isSecond ? "callerId" : "caller", "AIDALOCAL");
        if (isSecond) caller.put("cognitoIdentity", null);
        caller.put("principalOrgId", null);
        caller.put("userArn", route.api().aws().userArn("local"));
        caller.put(isSecond ? "userId" : "user", "AIDALOCAL");
        return Verdict.passed(isSecond ? new Caller(Map.of("iam", caller), Map.of()) : new Caller(null, caller))
                .noted("IAM not checked" + (key == null ? ", not signed" : ""));
    }

    /** The values of its sources, or null where a request lacks one that must be there. */
    List<String> identity(Request request, Route route) {
        List<String> values = rules.sources().stream().map(source -> value(source, request, route)).toList();
        boolean mustBeThere = isToken() || rules.seconds() > 0 || !route.api().isRest();
        if (mustBeThere && values.contains("")) return null;
        boolean hasForm = rules.token() == null || !isToken() || rules.token().matcher(values.get(0)).lookingAt();
        return hasForm ? values : null;
    }

    /** What it is asked. */
    byte[] event(Request request, Router.Match match, List<String> identity, String requestId) {
        Map<String, Object> event = new LinkedHashMap<>();
        String arn = arn(request, match.route());
        if (isToken()) {
            event.put("type", "TOKEN");
            event.put("authorizationToken", identity.get(0));
            event.put("methodArn", arn);
            return Json.write(event).getBytes(UTF_8);
        }
        event.putAll(Events.event(request, match.route().withPayload(rules.payload()),
                match.parameters(), requestId));
        List.of("body", "isBase64Encoded").forEach(event::remove);
        event.put("type", "REQUEST");
        event.put(rules.payload().equals("1.0") ? "methodArn" : "routeArn", arn);
        boolean isRest = match.route().api().type().equals("rest");
        if (!isRest && rules.payload().equals("2.0")) event.put("identitySource", identity);
        if (!isRest && rules.payload().equals("1.0")) {
            event.put("identitySource", String.join(",", identity));
            event.put("authorizationToken", String.join(",", identity));
        }
        return Json.write(event).getBytes(UTF_8);
    }

    private static String arn(Request request, Route route) {
        String path = "/" + route.api().stage() + "/" + request.method() + request.path();
        return route.api().aws().arn("execute-api", Events.API_ID + path);
    }

    /** A handler's answer as plain values, an empty text where it is not JSON. */
    static Object read(byte[] payload) {
        try {
            return Json.read(new String(payload, UTF_8));
        } catch (IOException e) {
            return "";
        }
    }

    /** What an answer, or an error, means for a request. */
    Verdict verdict(Object answer, Request request, Route route) {
        if (answer instanceof Throwable error) {
            return "Unauthorized".equals(error.getMessage()) ? Verdict.unauthorized(name() + " says so")
                    : Verdict.failed(name() + " failed");
        }
        Map<?, ?> fields = map(answer);
        if (rules.isSimple() && fields.get("isAuthorized") instanceof Boolean isAuthorized) {
            return isAuthorized ? passed(fields, route) : Verdict.refused(Refusal.ACCESS_DENIED, "denied");
        }
        boolean isPolicy = !rules.isSimple() && fields.get("principalId") instanceof String
                && !statements(fields).isEmpty();
        if (!isPolicy) return Verdict.failed(name() + " answered neither a policy nor `isAuthorized`");
        String arn = arn(request, route);
        if (isStated("Deny", fields, arn)) return Verdict.refused(Refusal.EXPLICITLY_DENIED, "denied");
        boolean isAllowed = isStated("Allow", fields, arn);
        return isAllowed ? passed(fields, route) : Verdict.refused(Refusal.ACCESS_DENIED, "denied");
    }

    private static List<?> statements(Map<?, ?> answer) {
        Object statements = map(answer.get("policyDocument")).get("Statement");
        return statements instanceof List<?> list ? list : statements instanceof Map ? List.of(statements)
                : List.of();
    }

    private static boolean isStated(String effect, Map<?, ?> answer, String arn) {
        return statements(answer).stream().map(Authorizer::map).filter(statement ->
                effect.equals(statement.get("Effect"))).anyMatch(statement ->
                fits(statement.get("Action"), "execute-api:Invoke") && fits(statement.get("Resource"), arn));
    }

    /** As in IAM: {@code *} for any text, {@code ?} for any character. */
    private static boolean fits(Object patterns, String value) {
        List<?> all = patterns instanceof List<?> list ? list : patterns == null ? List.of() : List.of(patterns);
        return all.stream().anyMatch(each -> value.matches("(?si)" + Pattern.quote(each.toString())
                .replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q")));
    }

    /** A REST API makes texts of all values, takes no others, and has them beside the principal. */
    private Verdict passed(Map<?, ?> answer, Route route) {
        Map<String, Object> context = new LinkedHashMap<>();
        map(answer.get("context")).forEach((name, value) -> context.put(name.toString(), value));
        if (route.payload().equals("2.0")) {
            Map<String, Object> lambda = new LinkedHashMap<>();
            lambda.put("lambda", context.isEmpty() ? null : context);
            return Verdict.passed(new Caller(lambda, Map.of()));
        }
        boolean isRest = route.api().isRest();
        if (isRest && context.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
            return Verdict.failed(name() + " has a map or list in its context");
        }
        if (isRest) context.replaceAll((name, value) -> value == null ? null : plain(value));
        if (answer.get("principalId") != null) context.put("principalId", answer.get("principalId"));
        String key = answer.get("usageIdentifierKey") instanceof String text ? text : null;
        return new Verdict(null, null, "", new Caller(context, Map.of()), key);
    }
}
