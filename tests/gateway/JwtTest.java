import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** JWT authorizers of HTTP APIs and user pools of REST APIs, with tokens signed by keys of the tests. */
class JwtTest {
    private static final String POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abc";
    private static final String TEMPLATE = """
            Globals: {Function: {CodeUri: src, Runtime: java17, Handler: 'App::handle'}}
            Resources:
              Http:
                Type: AWS::Serverless::HttpApi
                Properties:
                  Auth:
                    DefaultAuthorizer: Jwt
                    Authorizers:
                      Jwt: {JwtConfiguration: {issuer: 'https://issuer.example', audience: [web, app]},
                            IdentitySource: $request.header.Authorization}
                      Query: {JwtConfiguration: {issuer: 'https://issuer.example', audience: [web]},
                              IdentitySource: $request.querystring.token}
                      Own: {JwtConfiguration: {issuer: !Sub 'https://cognito-idp.us-east-1.amazonaws.com/${Pool}',
                              audience: [!Ref Client]}}
              Rest:
                Type: AWS::Serverless::Api
                Properties:
                  StageName: v1
                  Auth:
                    Authorizers:
                      Pool: {UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'}
              Pool: {Type: AWS::Cognito::UserPool}
              Client: {Type: AWS::Cognito::UserPoolClient}
              Fn:
                Type: AWS::Serverless::Function
                Properties:
                  Events:
                    A: {Type: HttpApi, Properties: {Path: /jwt, Method: get, ApiId: !Ref Http}}
                    B: {Type: HttpApi, Properties: {Path: /query, Method: get, ApiId: !Ref Http,
                            Auth: {Authorizer: Query}}}
                    C: {Type: HttpApi, Properties: {Path: /scoped, Method: get, ApiId: !Ref Http,
                            Auth: {AuthorizationScopes: [read, write]}}}
                    D: {Type: HttpApi, Properties: {Path: /old, Method: get, ApiId: !Ref Http,
                            PayloadFormatVersion: '1.0'}}
                    E: {Type: HttpApi, Properties: {Path: /own, Method: get, ApiId: !Ref Http,
                            Auth: {Authorizer: Own}}}
                    F: {Type: Api, Properties: {Path: /pool, Method: get, RestApiId: !Ref Rest,
                            Auth: {Authorizer: Pool}}}
                    G: {Type: Api, Properties: {Path: /pool-scoped, Method: get, RestApiId: !Ref Rest,
                            Auth: {Authorizer: Pool, AuthorizationScopes: [read]}}}
            """;
    private static final String CODE = TestProject.handler("App",
            "new java.util.TreeMap<>((Map<String, Object>) ((Map<?, ?>) event.get(\"requestContext\")).get(\"authorizer\"))");
    private static RSAKey rsa;
    private static ECKey ec;
    private static TestProject project;

    @BeforeAll static void start() throws JOSEException {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        ec = new ECKeyGenerator(Curve.P_256).keyID("ec").generate();
        project = TestProject.of("template.yaml", TEMPLATE, "src/App.java", CODE, "keys.json",
                new JWKSet(List.of(rsa.toPublicJWK(), ec.toPublicJWK())).toString());
        project.withKeys(List.of(project.path("keys.json")), List.of()).start();
    }

    @AfterAll static void stop() {
        project.close();
    }

    @Test void a_valid_token_is_accepted_and_its_claims_are_strings() throws JOSEException {
        String token = token(claims -> claims.claim("groups", List.of("a", "b")).claim("n", 5).claim("ok", true)
                .expirationTime(null));
        assertEquals("{jwt={claims={aud=web, groups=[a b], iss=https://issuer.example, n=5, ok=true, sub=me}, "
                + "scopes=null}}",
                sorted(get("/jwt", token)));
        assertEquals(200, project.get("/query?token=" + token).statusCode());
        assertEquals(200, project.get("/jwt", "Authorization", token).statusCode(), "without Bearer");
        String signedByEc = signed(new ECDSASigner(ec), JWSAlgorithm.ES256, "ec", claims().build());
        assertEquals(200, get("/jwt", signedByEc).statusCode());
        assertTrue(get("/old", token).body().startsWith("{claims={"), get("/old", token).body());
    }

    @Test void problems_with_a_token_are_reported() throws JOSEException {
        HttpResponse<String> none = project.get("/jwt");
        assertEquals("401 {\"message\":\"Unauthorized\"}", none.statusCode() + " " + none.body());
        assertEquals(List.of("Bearer"), none.headers().allValues("www-authenticate"));
        assertRejected("the token has expired", token(claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(9)))));
        assertRejected("the token is not yet valid", token(claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(99)))));
        assertRejected("the token is from another issuer", token(claims -> claims.issuer("evil\r\nX-Evil: 1")));
        assertTrue(project.console().contains("from another issuer: evil  X-Evil: 1"), project.console());
        assertRejected("the token is for another audience", token(claims -> claims.audience("tv")));
        assertRejected("the token is not a signed JSON Web Token", "abc");
        assertRejected("the token is not a signed JSON Web Token", new PlainJWT(claims().build()).serialize());
        assertRejected("the token is signed with an unknown key",
                signed(new RSASSASigner(new RSAKeyGenerator(2048).generate()), JWSAlgorithm.RS256, "rsa", claims().build()));
        assertRejected("the token is signed with an unknown key", signed(new MACSigner(
                java.util.Arrays.copyOf(rsa.toPublicJWK().toJSONString().getBytes(), 64)), JWSAlgorithm.HS256, "rsa",
                claims().build()));
    }

    @Test void a_route_may_require_one_of_several_scopes() throws JOSEException {
        assertEquals(200, get("/scoped", token(claims -> claims.claim("scope", "openid write"))).statusCode());
        assertEquals(200, get("/scoped", token(claims -> claims.claim("scp", List.of("read")))).statusCode());
        HttpResponse<String> refused = get("/scoped", token(claims -> claims.claim("scope", "openid")));
        assertEquals("403 {\"message\":\"Forbidden\"}", refused.statusCode() + " " + refused.body());
        assertTrue(refused.headers().allValues("www-authenticate").get(0).contains("insufficient_scope"));
    }

    @Test void a_user_pool_of_the_template_accepts_any_issuer() throws JOSEException {
        assertEquals(200, get("/own", token(claims -> claims.issuer("https://x.example").audience("y"))).statusCode());
    }

    @Test void a_rest_api_passes_claims_of_a_user_pool() throws JOSEException {
        String token = token(claims -> claims.issuer(POOL).claim("token_use", "id").expirationTime(
                Date.from(Instant.parse("2099-01-02T03:04:05Z"))).claim("cognito:groups", List.of("a", "b")));
        assertEquals("{claims={aud=web, cognito:groups=a,b, exp=Fri Jan 02 03:04:05 UTC 2099, iss=" + POOL
                + ", sub=me, token_use=id}}", sorted(get("/pool", token)));
        assertEquals(200, project.get("/pool", "Authorization", token).statusCode());
        HttpResponse<String> old = get("/pool", token(claims -> claims.issuer(POOL).expirationTime(Date.from(Instant.now()))));
        assertEquals("401 {\"message\":\"The incoming token has expired\"}", old.statusCode() + " " + old.body());
        assertEquals(401, get("/pool", token(claims -> claims)).statusCode());
        String access = token(claims -> claims.issuer(POOL).claim("token_use", "access").claim("scope", "read"));
        assertEquals(401, get("/pool", access).statusCode());
        assertEquals(200, get("/pool-scoped", access).statusCode());
        assertEquals(401, get("/pool-scoped", token).statusCode());
    }

    @Test void without_keys_claims_are_unverified_and_a_warning_is_printed() throws JOSEException {
        try (TestProject trusting = TestProject.of("template.yaml", TEMPLATE, "src/App.java", CODE).start()) {
            assertTrue(trusting.console().contains("warning: tokens for Jwt of Http are not verified\n"
                    + "help: verify them with `--jwks FILE`"), trusting.console());
            String plain = new PlainJWT(claims().build()).serialize();
            assertEquals(200, trusting.get("/jwt", "Authorization", "Bearer " + plain).statusCode());
            assertEquals(401, trusting.get("/jwt", "Authorization", "Bearer nonsense").statusCode());
            assertEquals(401, trusting.get("/jwt").statusCode());
        }
    }

    @Test void an_invalid_key_set_is_reported_at_startup() {
        project.write("broken.json", "{}");
        for (String file : List.of("broken.json", "missing.json")) {
            String message = assertThrows(ServerLocal.Fault.class, () ->
                    new ServerLocal.Tokens(List.of(project.path(file)))).getMessage();
            assertTrue(message.startsWith("`--jwks`: "), message);
        }
    }

    private static void assertRejected(String reason, String token) {
        HttpResponse<String> response = get("/jwt", token);
        assertEquals("401 {\"message\":\"Unauthorized\"}", response.statusCode() + " " + response.body());
        assertEquals(List.of("Bearer scope=\"\" error=\"invalid_token\" error_description=\"" + reason + "\""),
                response.headers().allValues("www-authenticate"));
    }

    private static HttpResponse<String> get(String path, String token) {
        return project.get(path, "Authorization", "Bearer " + token);
    }

    /** The claims in alphabetical order. */
    private static String sorted(HttpResponse<String> response) {
        String body = response.body();
        int start = body.indexOf("claims={") + "claims={".length();
        int end = body.indexOf('}', start);
        return body.substring(0, start) + java.util.stream.Stream.of(body.substring(start, end).split(", ")).sorted()
                .collect(java.util.stream.Collectors.joining(", ")) + body.substring(end);
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder().issuer("https://issuer.example").subject("me").audience("web");
    }

    private static String token(UnaryOperator<JWTClaimsSet.Builder> change) throws JOSEException {
        return signed(new RSASSASigner(rsa), JWSAlgorithm.RS256, "rsa", change.apply(claims()).build());
    }

    private static String signed(JWSSigner signer, JWSAlgorithm algorithm, String id, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT token = new SignedJWT(new JWSHeader.Builder(algorithm).keyID(id).build(), claims);
        token.sign(signer);
        return token.serialize();
    }
}
