package samlocal.sam;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.template.AwsEnvironment;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.Value;

/**
 * The authorizers of one API and what its routes ask for: SAM's Auth ("ApiAuth", "HttpApiAuth"), an OpenAPI
 * document's security ("x-amazon-apigateway-authorizer"), and CloudFormation's resources.
 */
final class Auth {
    private static final Pattern SOURCE = Pattern.compile(
            "\\$?(?:method\\.)?(?:request\\.)?(header|querystring|context|stageVariables)\\.(\\S+)");
    private static final Pattern POOL = Pattern.compile("arn:[\\w-]+:cognito-idp:([\\w-]+):\\d*:userpool/(.+)");
    private static final String AUTHORIZER = "x-amazon-apigateway-authorizer";

    /** An authorizer as it is written, whatever the form. */
    private record Written(String name, String type, String function, List<AuthorizerRules.Source> sources,
            String expression, String seconds, String payload, boolean isSimple, Mapping tokens, Value pools,
            Place place) {
    }

    private final Stack stack;
    private final boolean isRest;
    private final Mapping auth;
    private final Mapping document;
    private final boolean isKeyFromAuthorizer;
    /** By name, null for one that is not as it should be. */
    private final Map<String, AuthorizerRules> known = new LinkedHashMap<>();
    private final Set<String> keySchemes = new HashSet<>();

    /** Notes each authorizer that is none that API Gateway would take. */
    Auth(Stack stack, boolean isRest, Mapping properties, Mapping document) {
        this.stack = stack;
        this.isRest = isRest;
        this.document = document;
        this.auth = mapping(properties, "Auth");
        this.isKeyFromAuthorizer = text(properties, "ApiKeySourceType").equals("AUTHORIZER");
        known.put("AWS_IAM", AuthorizerRules.OF_IAM);
        Mapping schemes = document.value("components").isPresent()
                ? mapping(mapping(document, "components"), "securitySchemes")
                : mapping(document, "securityDefinitions");
        schemes.entries().forEach((name, scheme) -> {
            if (scheme instanceof Mapping map) stack.problems().attempt(() -> scheme(name, map));
        });
        mapping(auth, "Authorizers").entries().forEach((name, value) -> {
            known.put(name, null);
            if (value instanceof Mapping map) {
                stack.problems().attempt(() ->
                        known.put(name, rules(isRest ? sam(name, map) : samHttp(name, map))));
            }
        });
    }

    private static Mapping mapping(Mapping within, String key) {
        return within.value(key).orElse(null) instanceof Mapping map ? map : Mapping.empty(within.place());
    }

    private static String text(Mapping within, String key) {
        return Intrinsics.text(within.entries().get(key));
    }

    private static List<String> texts(Value value) {
        if (value instanceof Sequence list) return list.items().stream().map(Intrinsics::text).toList();
        return value == null || Intrinsics.text(value).isEmpty() ? List.of() : List.of(Intrinsics.text(value));
    }

    /** What a SAM event asks for, or all routes of its API do. */
    Guard ofEvent(Mapping own) {
        String name = Stream.of(text(own, "Authorizer"), text(auth, "DefaultAuthorizer"))
                .filter(each -> !each.isEmpty()).findFirst().orElse("NONE");
        String key = Stream.of(text(own, "ApiKeyRequired"), text(auth, "ApiKeyRequired"))
                .filter(each -> !each.isEmpty()).findFirst().orElse("");
        Mapping authorizer = mapping(mapping(auth, "Authorizers"), name);
        Value scopes = own.value("AuthorizationScopes").or(() -> authorizer.value("AuthorizationScopes"))
                .orElse(null);
        Place place = own.value("Authorizer").or(() -> auth.value("DefaultAuthorizer")).map(Value::place)
                .orElse(null);
        return new Guard(named(name, place), key.equals("true"), isKeyFromAuthorizer, texts(scopes));
    }

    private AuthorizerRules named(String name, Place place) {
        if (!name.equals("NONE") && !known.containsKey(name)) {
            stack.problems().error("authorizer `" + name + "` is not defined", place,
                    Nearest.to(name, known.keySet()).map(near -> "did you mean `" + near + "`?").orElse(null));
        }
        return known.get(name);
    }

    /** SAM lets a REST API's default authorizer answer preflight requests too, unless it is told not to. */
    Guard ofPreflight() {
        boolean isOpen = !isRest || text(auth, "AddDefaultAuthorizerToCorsPreflight").equals("false");
        return isOpen ? Guard.OPEN : new Guard(ofEvent(Mapping.empty(null)).authorizer(), false, false, List.of());
    }

    /** What an OpenAPI operation asks for, its document, or SAM for all. */
    Guard ofOperation(Mapping operation) {
        Value security = operation.value("security").or(() -> document.value("security")).orElse(null);
        if (!(security instanceof Sequence requirements)) return ofEvent(Mapping.empty(operation.place()));
        AuthorizerRules rules = null;
        List<String> scopes = List.of();
        boolean needsKey = false;
        for (Value requirement : requirements.items()) {
            if (!(requirement instanceof Mapping names)) continue;
            for (Map.Entry<String, Value> name : names.entries().entrySet()) {
                needsKey |= keySchemes.contains(name.getKey());
                if (rules != null || !known.containsKey(name.getKey())) continue;
                rules = known.get(name.getKey());
                scopes = texts(name.getValue());
            }
        }
        return new Guard(rules, needsKey, isKeyFromAuthorizer, scopes);
    }

    /** What a plain method or route asks for. */
    Guard ofResource(Mapping properties) {
        String type = text(properties, "AuthorizationType");
        boolean needsKey = isRest && text(properties, "ApiKeyRequired").equals("true");
        List<String> scopes = texts(properties.entries().get("AuthorizationScopes"));
        if (type.isEmpty() || type.equals("NONE")) {
            return new Guard(null, needsKey, isKeyFromAuthorizer, scopes);
        }
        if (type.equals("AWS_IAM")) {
            return new Guard(AuthorizerRules.OF_IAM, needsKey, isKeyFromAuthorizer, scopes);
        }
        String id = text(properties, "AuthorizerId");
        Stack.Resource resource = stack.resources().get(id);
        boolean isAuthorizer = resource != null
                && resource.is("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer");
        if (!isAuthorizer) throw Fault.project("`AuthorizerId` names no authorizer", properties.place());
        return new Guard(rules(plain(id, resource.properties())), needsKey, isKeyFromAuthorizer, scopes);
    }

    /** What a function's own address asks for. */
    static Guard ofUrl(Mapping config) {
        boolean isIam = text(config, "AuthType").equals("AWS_IAM");
        return isIam ? new Guard(AuthorizerRules.OF_IAM, false, false, List.of()) : Guard.OPEN;
    }

    private Written sam(String name, Mapping map) {
        Mapping identity = mapping(map, "Identity");
        boolean isPool = map.value("UserPoolArn").isPresent();
        boolean isRequest = text(map, "FunctionPayloadType").equals("REQUEST");
        String type = isPool ? "cognito_user_pools" : text(map, "FunctionPayloadType").isEmpty() ? "token"
                : text(map, "FunctionPayloadType");
        List<AuthorizerRules.Source> sources = isRequest ? samSources(identity)
                : List.of(new AuthorizerRules.Source("header", or(text(identity, "Header"), "Authorization")));
        return new Written(name, type, text(map, "FunctionArn"), sources, text(identity, "ValidationExpression"),
                text(identity, "ReauthorizeEvery"), "1.0", false, Mapping.empty(null),
                map.entries().get("UserPoolArn"), map.place());
    }

    private Written samHttp(String name, Mapping map) {
        Mapping identity = mapping(map, "Identity");
        boolean isJwt = map.value("JwtConfiguration").isPresent();
        List<AuthorizerRules.Source> sources = isJwt
                ? sources(List.of(or(text(map, "IdentitySource"), "$request.header.Authorization")), map.place())
                : samSources(identity);
        return new Written(name, isJwt ? "jwt" : "request", text(map, "FunctionArn"), sources, "",
                text(identity, "ReauthorizeEvery"), text(map, "AuthorizerPayloadFormatVersion"),
                text(map, "EnableSimpleResponses").equals("true"), mapping(map, "JwtConfiguration"), null,
                map.place());
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private static List<AuthorizerRules.Source> samSources(Mapping identity) {
        List<AuthorizerRules.Source> sources = new ArrayList<>();
        Map<String, String> kinds = new LinkedHashMap<>();
        kinds.put("Headers", "header");
        kinds.put("QueryStrings", "querystring");
        kinds.put("StageVariables", "stageVariables");
        kinds.put("Context", "context");
        kinds.forEach((key, where) -> texts(identity.entries().get(key)).forEach(name ->
                sources.add(new AuthorizerRules.Source(where, name))));
        return sources;
    }

    private static List<AuthorizerRules.Source> sources(List<String> written, Place place) {
        return written.stream().flatMap(text -> Stream.of(text.split(","))).map(String::strip)
                .filter(text -> !text.isEmpty()).map(text -> {
                    Matcher source = SOURCE.matcher(text);
                    if (source.matches()) return new AuthorizerRules.Source(source.group(1), source.group(2));
                    throw Fault.project("`" + text + "` is no identity source", place, "write such as"
                            + " `method.request.header.Authorization` or `$request.header.Authorization`");
                }).toList();
    }

    /** A security scheme; one without an authorizer asks for an API key if it is in that header. */
    private void scheme(String name, Mapping scheme) {
        boolean isIam = text(scheme, "x-amazon-apigateway-authtype").equalsIgnoreCase("awsSigv4");
        if (isIam) known.put(name, AuthorizerRules.OF_IAM);
        if (!(scheme.value(AUTHORIZER).orElse(null) instanceof Mapping map)) {
            if (!isIam && text(scheme, "name").equalsIgnoreCase("x-api-key")) keySchemes.add(name);
            return;
        }
        List<String> sources = texts(map.entries().get("identitySource"));
        boolean isImplied = sources.isEmpty() && !text(map, "type").equalsIgnoreCase("request");
        String header = "request.header." + or(text(scheme, "name"), "Authorization");
        known.put(name, rules(new Written(name, text(map, "type"), text(map, "authorizerUri"),
                sources(isImplied ? List.of(header) : sources, map.place()),
                text(map, "identityValidationExpression"), text(map, "authorizerResultTtlInSeconds"),
                text(map, "authorizerPayloadFormatVersion"), text(map, "enableSimpleResponses").equals("true"),
                mapping(map, "jwtConfiguration"), map.entries().get("providerARNs"), map.place())));
    }

    private Written plain(String name, Mapping map) {
        return new Written(name, text(map, isRest ? "Type" : "AuthorizerType"), text(map, "AuthorizerUri"),
                sources(texts(map.entries().get("IdentitySource")), map.place()),
                text(map, "IdentityValidationExpression"), text(map, "AuthorizerResultTtlInSeconds"),
                text(map, "AuthorizerPayloadFormatVersion"), text(map, "EnableSimpleResponses").equals("true"),
                mapping(map, "JwtConfiguration"), map.entries().get("ProviderARNs"), map.place());
    }

    private AuthorizerRules rules(Written written) {
        AuthorizerRules.Kind kind = kind(written);
        boolean isLambda = kind == AuthorizerRules.Kind.TOKEN || kind == AuthorizerRules.Kind.REQUEST;
        if (isLambda) check(written);
        Optional<FunctionDefinition> function = stack.functionNamed(written.function());
        if (isLambda && function.isEmpty()) {
            stack.problems().warn("authorizer " + written.name() + " has no function of this template, "
                    + "its requests are answered 500", written.place(), null);
        }
        String seconds = or(written.seconds(), isRest ? "300" : "0");
        return new AuthorizerRules(kind, written.name(), function.map(FunctionDefinition::id)
                .orElse(Stack.functionName(written.function())), isRest ? "1.0" : or(written.payload(), "2.0"),
                written.isSimple(), written.sources(), pattern(written),
                seconds.matches("\\d{1,6}") ? Integer.parseInt(seconds) : 0,
                kind == AuthorizerRules.Kind.POOL ? pools(written.pools()) : issuers(written.tokens()),
                knownOnly(texts(anyCase(written.tokens(), "audience"))));
    }

    private AuthorizerRules.Kind kind(Written written) {
        String type = written.type().toUpperCase(Locale.ROOT);
        boolean isGood = (isRest ? Set.of("TOKEN", "REQUEST", "COGNITO_USER_POOLS") : Set.of("REQUEST", "JWT"))
                .contains(type);
        if (isGood) return AuthorizerRules.Kind.valueOf(type.replace("COGNITO_USER_POOLS", "POOL"));
        throw Fault.project("authorizer " + written.name() + " is of no type that " + (isRest ? "a REST"
                : "an HTTP") + " API has: `" + written.type() + "`", written.place(), isRest
                ? "types are TOKEN, REQUEST and COGNITO_USER_POOLS" : "types are REQUEST and JWT");
    }

    private void check(Written written) {
        boolean isVersion = isRest || Set.of("", "1.0", "2.0").contains(written.payload());
        if (!isVersion) {
            throw Fault.project("authorizer " + written.name() + " has no valid `AuthorizerPayloadFormatVersion`: `"
                    + written.payload() + "`", written.place(), "it is `1.0` or `2.0`");
        }
        if (written.isSimple() && written.payload().equals("1.0")) {
            throw Fault.project("authorizer " + written.name() + " cannot have `EnableSimpleResponses` with payload"
                    + " format version 1.0", written.place(), "set `AuthorizerPayloadFormatVersion: '2.0'`");
        }
    }

    private static Pattern pattern(Written written) {
        try {
            return written.expression().isEmpty() ? null : Pattern.compile(written.expression());
        } catch (PatternSyntaxException e) {
            throw Fault.project("`ValidationExpression` of authorizer " + written.name()
                    + " is no regular expression: " + e.getDescription(), written.place());
        }
    }

    private static Value anyCase(Mapping map, String key) {
        return map.value(key).or(() -> map.value(Character.toUpperCase(key.charAt(0)) + key.substring(1)))
                .orElse(null);
    }

    /** A resource of the template has no id here that a token could name: then any will do. */
    private List<String> knownOnly(List<String> names) {
        boolean isKnown = names.stream().noneMatch(name ->
                stack.resources().containsKey(name.replaceFirst(".*/", "").replaceFirst("\\.Arn$", "")));
        return isKnown ? names : List.of();
    }

    private List<String> issuers(Mapping tokens) {
        return knownOnly(texts(anyCase(tokens, "issuer")));
    }

    private List<String> pools(Value arns) {
        List<String> issuers = texts(arns).stream().map(POOL::matcher).filter(Matcher::matches).map(pool ->
                "https://cognito-idp." + pool.group(1) + "."
                + AwsEnvironment.serviceDomain(pool.group(1)) + "/" + pool.group(2)).toList();
        return issuers.size() == texts(arns).size() ? knownOnly(issuers) : List.of();
    }
}
