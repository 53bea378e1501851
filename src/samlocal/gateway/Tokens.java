package samlocal.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import samlocal.base.Fault;
import samlocal.sam.AuthorizerRules;

/** Reads tokens (RFC 7519) and verifies them with local key sets (RFC 7517), if there are any. */
final class Tokens {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int MOST_BYTES = 1 << 20;
    private final Keys keys;

    /** @throws Fault if a file is not a key set */
    Tokens(List<Path> files) {
        this.keys = files.isEmpty() ? null : new Keys(files);
    }

    /** A rejected token; {@code found} is the offending value, shown only on the console. */
    private static Rejection rejected(Refusal refusal, String reason, Object found) {
        String details = CONTROL.matcher(String.valueOf(found)).replaceAll(" ");
        return new Rejection(refusal, refusal.message(),
                "unauthorized: " + reason + (details.isEmpty() ? "" : ": " + details),
                "Bearer scope=\"\" error=\"invalid_token\" error_description=\"" + reason + '"');
    }

    /** The claims of a token, verified if there are keys. */
    Map<String, Object> claims(String token) throws Rejection {
        return keys == null ? unverified(token) : keys.claims(token);
    }

    private static Map<String, Object> unverified(String token) throws Rejection {
        try {
            return JWTParser.parse(token).getJWTClaimsSet().toJSONObject();
        } catch (ParseException | NullPointerException e) {
            throw rejected(Refusal.UNAUTHORIZED, "the token is not a JSON Web Token", "");
        }
    }

    /** Checks issuer, audience and time; values that the template does not specify are not checked. */
    void check(Map<String, Object> claims, AuthorizerRules rules, Instant now) throws Rejection {
        if (!rules.issuers().isEmpty() && !rules.issuers().contains(String.valueOf(claims.get("iss")))) {
            throw rejected(Refusal.UNAUTHORIZED, "the token is from another issuer", claims.get("iss"));
        }
        Object audience = claims.containsKey("aud") ? claims.get("aud") : claims.get("client_id");
        List<?> named = audience instanceof List<?> list ? list : List.of(String.valueOf(audience));
        if (!rules.audience().isEmpty() && Collections.disjoint(rules.audience(), named)) {
            throw rejected(Refusal.UNAUTHORIZED, "the token is for another audience", audience);
        }
        if (second(claims, "exp", Long.MAX_VALUE) <= now.getEpochSecond()) {
            throw rejected(Refusal.EXPIRED_TOKEN, "the token has expired", "");
        }
        if (second(claims, "nbf", 0) > now.getEpochSecond()) {
            throw rejected(Refusal.UNAUTHORIZED, "the token is not yet valid", "");
        }
    }

    private static long second(Map<String, Object> claims, String name, long otherwise) {
        return claims.get(name) instanceof Number number ? number.longValue() : otherwise;
    }

    /** The scopes of a token. */
    static List<String> scopes(Map<String, Object> claims) {
        Object held = claims.containsKey("scope") ? claims.get("scope") : claims.get("scp");
        return held instanceof List<?> list ? list.stream().map(String::valueOf).toList()
                : held == null ? List.of() : List.of(held.toString().split(" "));
    }

    /** A separate class, so that the library is loaded only if keys are given. */
    private static final class Keys {
        private final List<JWK> keys;

        Keys(List<Path> files) {
            this.keys = files.stream().flatMap(file -> read(file).stream()).toList();
        }

        private static List<JWK> read(Path file) {
            try {
                if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` is larger than 1 MB");
                return JWKSet.parse(Files.readString(file)).getKeys();
            } catch (IOException e) {
                throw Fault.usage("`--jwks`: cannot read `" + file + "`: " + Fault.reason(e), null);
            } catch (ParseException e) {
                throw Fault.usage("`--jwks`: `" + file + "` is not a JSON Web Key Set: " + e.getMessage(),
                        "the expected form is {\"keys\": [{\"kty\": \"RSA\", ...}]}");
            }
        }

        Map<String, Object> claims(String token) throws Rejection {
            try {
                SignedJWT signed = SignedJWT.parse(token);
                String id = signed.getHeader().getKeyID();
                for (JWK key : keys) {
                    boolean mayFit = id == null || key.getKeyID() == null || id.equals(key.getKeyID());
                    if (mayFit && verifies(key, signed)) return signed.getJWTClaimsSet().toJSONObject();
                }
                throw rejected(Refusal.UNAUTHORIZED, "the token is signed with an unknown key", "");
            } catch (ParseException e) {
                throw rejected(Refusal.UNAUTHORIZED, "the token is not a signed JSON Web Token", "");
            }
        }

        private static boolean verifies(JWK key, SignedJWT token) {
            try {
                boolean isPublic = key instanceof AsymmetricJWK;
                return isPublic && token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(),
                        ((AsymmetricJWK) key).toPublicKey()));
            } catch (JOSEException e) {
                return false; // a key for another algorithm
            }
        }
    }
}
