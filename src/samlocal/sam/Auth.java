package samlocal.sam;

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
import samlocal.template.Mapping;
import samlocal.template.Sequence;
import samlocal.template.Value;

/**
 * The authorizers of one API and the requirements of its routes, from SAM's Auth ("ApiAuth", "HttpApiAuth"), an OpenAPI
 * document's security ("x-amazon-apigateway-authorizer"), and CloudFormation resources.
 */
final class Auth {
    private static final Pattern SOURCE = Pattern.compile(
            "\\$?(?:method\\.)?(?:request\\.)?(header|querystring|context|stageVariables)\\.(\\S+)");
    private static final Pattern POOL = Pattern.compile("arn:[\\w-]+:cognito-idp:([\\w-]+):\\d*:userpool/(.+)");
    private static final String PAYLOAD = "AuthorizerPayloadFormatVersion";
    private static final String AUTHORIZER = "x-amazon-apigateway-authorizer";

    /**
     * An authorizer in any of the three forms.
     *
     * @param map its settings as written; those with the same name in each form are read from it
     * @param function name, ARN or URI of a Lambda authorizer's function
     * @param expression the regular expression that a token must match
     * @param seconds how long a result is cached
     */
    private record Written(String name, Mapping map, String type, String function, List<AuthorizerRules.Source> sources,
            String expression, String seconds) {
        String payload() {
            return Value.text(map.anyCase(PAYLOAD).orElse(null));
        }

        boolean isSimple() {
            return Value.text(map.anyCase("EnableSimpleResponses").orElse(null)).equals("true");
        }

        List<String> tokens(String key) {
            Mapping tokens = Mapping.orEmpty(map.anyCase("JwtConfiguration").orElse(null));
            return Value.texts(tokens.anyCase(key).orElse(null));
        }
    }

    private final Stack stack;
    private final boolean isRest;
    private final Mapping auth;
    private final Mapping document;
    private final boolean isKeyFromAuthorizer;
    /** Authorizers by name; the value is null for an invalid one. */
    private final Map<String, AuthorizerRules> known = new LinkedHashMap<>();
    private final Set<String> keySchemes = new HashSet<>();

    /** Reads the authorizers and reports those that API Gateway would reject. */
    Auth(Stack stack, boolean isRest, Mapping properties, Mapping document) {
        this.stack = stack;
        this.isRest = isRest;
        this.document = document;
        this.auth = properties.map("Auth");
        this.isKeyFromAuthorizer = properties.string("ApiKeySourceType").equals("AUTHORIZER");
        known.put("AWS_IAM", AuthorizerRules.OF_IAM);
        Mapping schemes = document.value("components").isPresent() ? document.map("components").map("securitySchemes")
                : document.map("securityDefinitions");
        schemes.entries().forEach((name, scheme) -> {
            if (scheme instanceof Mapping map) stack.problems().attempt(() -> addScheme(name, map));
        });
        auth.map("Authorizers").entries().forEach((name, value) -> {
            known.put(name, null);
            if (value instanceof Mapping map) {
                stack.problems().attempt(() ->
                        known.put(name, rules(isRest ? ofSam(name, map) : ofSamHttp(name, map))));
            }
        });
    }

    /** The guard of a SAM event, from its own settings or those of its API. */
    Guard ofEvent(Mapping own) {
        String name = or(or(own.string("Authorizer"), auth.string("DefaultAuthorizer")), "NONE");
        String key = or(own.string("ApiKeyRequired"), auth.string("ApiKeyRequired"));
        Value scopes = own.value("AuthorizationScopes")
                .or(() -> auth.map("Authorizers").map(name).value("AuthorizationScopes")).orElse(null);
        if (!name.equals("NONE") && !known.containsKey(name)) {
            Place place = own.value("Authorizer").or(() -> auth.value("DefaultAuthorizer")).map(Value::place)
                    .orElse(null);
            stack.problems().error("authorizer `" + name + "` is not defined", place,
                    Nearest.hint(name, known.keySet()));
        }
        return new Guard(known.get(name), key.equals("true"), isKeyFromAuthorizer, Value.texts(scopes));
    }

    /** SAM applies a REST API's default authorizer to preflight requests too, unless that is turned off. */
    Guard ofPreflight() {
        boolean isOpen = !isRest || auth.string("AddDefaultAuthorizerToCorsPreflight").equals("false");
        return isOpen ? Guard.OPEN : new Guard(ofEvent(Mapping.empty(null)).authorizer(), false, false, List.of());
    }

    /** The guard of an OpenAPI operation, from its own settings, those of the document, or SAM's. */
    Guard ofOperation(Mapping operation) {
        Value security = operation.value("security").or(() -> document.value("security")).orElse(null);
        if (!(security instanceof Sequence requirements)) return ofEvent(Mapping.empty(operation.place()));
        List<Map.Entry<String, Value>> schemes = requirements.items().stream()
                .flatMap(each -> Mapping.orEmpty(each).entries().entrySet().stream()).toList();
        boolean needsKey = schemes.stream().anyMatch(scheme -> keySchemes.contains(scheme.getKey()));
        return schemes.stream().filter(scheme -> known.get(scheme.getKey()) != null).findFirst()
                .map(scheme -> new Guard(known.get(scheme.getKey()), needsKey, isKeyFromAuthorizer,
                        Value.texts(scheme.getValue())))
                .orElse(new Guard(null, needsKey, isKeyFromAuthorizer, List.of()));
    }

    /** The guard of a CloudFormation method or route. */
    Guard ofResource(Mapping properties) {
        boolean needsKey = isRest && properties.isTrue("ApiKeyRequired");
        AuthorizerRules rules = switch (properties.string("AuthorizationType")) {
            case "", "NONE" -> null;
            case "AWS_IAM" -> AuthorizerRules.OF_IAM;
            default -> rules(ofResource(properties.string("AuthorizerId"), properties.place()));
        };
        return new Guard(rules, needsKey, isKeyFromAuthorizer, Value.texts(properties.get("AuthorizationScopes")));
    }

    /** Reports errors in an authorizer that is a separate resource. */
    void checkResource(Stack.Resource authorizer) {
        rules(ofResource(authorizer.id(), authorizer.place()));
    }

    private Written ofResource(String id, Place place) {
        Stack.Resource resource = stack.resources().get(id);
        boolean isAuthorizer = resource != null
                && resource.is("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer");
        if (!isAuthorizer) throw Fault.project("`AuthorizerId` is not an authorizer of this template", place);
        Mapping map = resource.properties();
        return written(id, map, map.string(isRest ? "Type" : "AuthorizerType"),
                Value.texts(map.get("IdentitySource")));
    }

    /** An authorizer with the keys of CloudFormation or OpenAPI, which begin with a lower-case letter. */
    private static Written written(String name, Mapping map, String type, List<String> sources) {
        return new Written(name, map, type, Backends.anyCase(map, "AuthorizerUri"), sources(sources, map.place()),
                Backends.anyCase(map, "IdentityValidationExpression"),
                Backends.anyCase(map, "AuthorizerResultTtlInSeconds"));
    }

    /** The guard of a function URL. */
    static Guard ofUrl(Mapping config) {
        boolean isIam = config.string("AuthType").equals("AWS_IAM");
        return isIam ? new Guard(AuthorizerRules.OF_IAM, false, false, List.of()) : Guard.OPEN;
    }

    private Written ofSam(String name, Mapping map) {
        Mapping identity = map.map("Identity");
        String type = map.value("UserPoolArn").isPresent() ? "cognito_user_pools"
                : or(map.string("FunctionPayloadType"), "token");
        List<AuthorizerRules.Source> sources = type.equals("REQUEST") ? samSources(identity)
                : List.of(new AuthorizerRules.Source("header", or(identity.string("Header"), "Authorization")));
        return new Written(name, map, type, map.string("FunctionArn"), sources,
                identity.string("ValidationExpression"), identity.string("ReauthorizeEvery"));
    }

    private Written ofSamHttp(String name, Mapping map) {
        Mapping identity = map.map("Identity");
        boolean isJwt = map.value("JwtConfiguration").isPresent();
        List<AuthorizerRules.Source> sources = isJwt
                ? sources(List.of(or(map.string("IdentitySource"), "$request.header.Authorization")), map.place())
                : samSources(identity);
        return new Written(name, map, isJwt ? "jwt" : "request", map.string("FunctionArn"), sources, "",
                identity.string("ReauthorizeEvery"));
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private static List<AuthorizerRules.Source> samSources(Mapping identity) {
        return Stream.of("Headers:header", "QueryStrings:querystring", "StageVariables:stageVariables",
                "Context:context").map(row -> row.split(":"))
                .flatMap(row -> Value.texts(identity.get(row[0])).stream()
                        .map(name -> new AuthorizerRules.Source(row[1], name))).toList();
    }

    private static List<AuthorizerRules.Source> sources(List<String> written, Place place) {
        return written.stream().flatMap(text -> Stream.of(text.split(","))).map(String::strip)
                .filter(text -> !text.isEmpty()).map(text -> {
                    Matcher source = SOURCE.matcher(text);
                    if (source.matches()) return new AuthorizerRules.Source(source.group(1), source.group(2));
                    throw Fault.project("`" + text + "` is not an identity source", place, "write it like"
                            + " `method.request.header.Authorization` or `$request.header.Authorization`");
                }).toList();
    }

    /** Adds a security scheme; one without an authorizer requires an API key if it names that header. */
    private void addScheme(String name, Mapping scheme) {
        boolean isIam = scheme.string("x-amazon-apigateway-authtype").equalsIgnoreCase("awsSigv4");
        if (isIam) known.put(name, AuthorizerRules.OF_IAM);
        if (!(scheme.get(AUTHORIZER) instanceof Mapping map)) {
            if (!isIam && scheme.string("name").equalsIgnoreCase("x-api-key")) keySchemes.add(name);
            return;
        }
        List<String> sources = Value.texts(map.get("identitySource"));
        boolean isImplied = sources.isEmpty() && !map.string("type").equalsIgnoreCase("request");
        String header = "request.header." + or(scheme.string("name"), "Authorization");
        known.put(name, rules(written(name, map, map.string("type"), isImplied ? List.of(header) : sources)));
    }

    private AuthorizerRules rules(Written written) {
        AuthorizerRules.Kind kind = kind(written);
        boolean isLambda = kind == AuthorizerRules.Kind.TOKEN || kind == AuthorizerRules.Kind.REQUEST;
        if (isLambda && !isRest) checkPayload(written);
        Optional<FunctionDefinition> function = stack.functionNamed(written.function(), written.map().place());
        if (isLambda && function.isEmpty()) {
            stack.problems().warn("authorizer " + written.name() + " has no function in this template: "
                    + "its requests get a 500 response", written.map().place(), null);
        }
        String seconds = or(written.seconds(), isRest ? "300" : "0");
        String name = function.map(FunctionDefinition::id).orElse(Stack.functionName(written.function()));
        return new AuthorizerRules(kind, written.name(), new AuthorizerRules.Lambda(name,
                isRest ? "1.0" : or(written.payload(), "2.0"), !isRest && written.isSimple()),
                new AuthorizerRules.Identity(written.sources(), pattern(written),
                        seconds.matches("\\d{1,6}") ? Integer.parseInt(seconds) : 0),
                kind == AuthorizerRules.Kind.POOL ? pools(written.map()) : knownOnly(written.tokens("Issuer")),
                knownOnly(written.tokens("Audience")));
    }

    private AuthorizerRules.Kind kind(Written written) {
        String type = written.type().toUpperCase(Locale.ROOT);
        boolean isGood = (isRest ? Set.of("TOKEN", "REQUEST", "COGNITO_USER_POOLS") : Set.of("REQUEST", "JWT"))
                .contains(type);
        if (isGood) return AuthorizerRules.Kind.valueOf(type.replace("COGNITO_USER_POOLS", "POOL"));
        throw Fault.project("authorizer " + written.name() + " has a type that " + (isRest ? "REST" : "HTTP")
                + " APIs do not have: `" + written.type() + "`", written.map().place(), isRest
                ? "types are TOKEN, REQUEST and COGNITO_USER_POOLS" : "types are REQUEST and JWT");
    }

    /** SAM, {@code apigatewayv2.py}; API Gateway Developer Guide, "Lambda authorizers" of HTTP APIs. */
    private void checkPayload(Written written) {
        if (written.map().anyCase(PAYLOAD).isEmpty()) {
            stack.problems().refuse("authorizer " + written.name() + " has no `" + PAYLOAD + "`", written.map().place(),
                    "it is `1.0` or `2.0`");
        }
        if (!Set.of("", "1.0", "2.0").contains(written.payload())) {
            throw Fault.project("`" + PAYLOAD + "` of authorizer " + written.name() + " must be 1.0 or 2.0, not `"
                    + written.payload() + "`", written.map().place());
        }
        if (written.isSimple() && written.payload().equals("1.0")) {
            throw Fault.project("authorizer " + written.name() + " cannot have `EnableSimpleResponses` with payload"
                    + " format version 1.0", written.map().place(), "set `AuthorizerPayloadFormatVersion: '2.0'`");
        }
    }

    private static Pattern pattern(Written written) {
        try {
            return written.expression().isEmpty() ? null : Pattern.compile(written.expression());
        } catch (PatternSyntaxException e) {
            throw Fault.project("`ValidationExpression` of authorizer " + written.name()
                    + " is not a valid regular expression: " + e.getDescription(), written.map().place());
        }
    }

    /** The names, or an empty list if one is unresolved: resources have no local id that a token could contain. */
    private List<String> knownOnly(List<String> names) {
        boolean isKnown = names.stream().noneMatch(name ->
                stack.resources().containsKey(name.replaceFirst(".*/", "").replaceFirst("^.*_|\\.Arn$", "")));
        return isKnown ? names : List.of();
    }

    private List<String> pools(Mapping map) {
        List<String> arns = Value.texts(map.value("UserPoolArn").or(() -> map.anyCase("ProviderARNs")).orElse(null));
        List<String> issuers = arns.stream().map(POOL::matcher).filter(Matcher::matches)
                .map(pool -> "https://cognito-idp." + pool.group(1) + "."
                        + AwsEnvironment.serviceDomain(pool.group(1)) + "/" + pool.group(2)).toList();
        return issuers.size() == arns.size() ? knownOnly(issuers) : List.of();
    }
}
