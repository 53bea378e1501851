package samlocal.sam;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import samlocal.base.Nearest;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Value;

/** Reports CORS settings that SAM or API Gateway would reject. */
record CorsCheck(Stack stack, String type) {
    /** A static value or a mapping expression. */
    private static final Pattern MAPPED =
            Pattern.compile("(?s)'.*'|(integration|stageVariables|context)\\..*");

    private boolean isRest() {
        return type.equals("rest");
    }

    void check(Value cors) {
        if (cors instanceof Mapping map && !Intrinsics.isUnknown(cors)) {
            Set<String> known = isRest() ? CorsRules.REST_KEYS : CorsRules.KEYS;
            map.entries().keySet().stream().filter(key -> !known.contains(key)).forEach(key ->
                    stack.problems().error("`" + key + "` is not a CORS setting of this type of API",
                            map.keys().get(key), Nearest.hint(key, known,
                            "supported are " + String.join(", ", new TreeSet<>(known)))));
        }
        if (isRest()) checkQuotes(cors);
        if (cors instanceof Mapping map && !type.equals("url")) checkCredentials(map);
    }

    /** SAM, {@code api_generator.py} and {@code http_api_generator.py}; a REST API allows all origins by default. */
    private void checkCredentials(Mapping cors) {
        Value origins = cors.value(isRest() ? "AllowOrigin" : "AllowOrigins").orElse(null);
        boolean isAny = isRest() ? origins == null || Value.text(origins).equals("'*'")
                : Value.texts(origins).equals(List.of("*"));
        if (!isAny || !cors.isTrue("AllowCredentials")) return;
        stack.problems().refuse("`AllowCredentials` cannot be true for all origins",
                cors.get("AllowCredentials").place(), "list the origins that may send credentials");
    }

    /**
     * A REST API's values become mapping expressions ("Amazon API Gateway API request and response data mapping
     * reference"): static ones must be in single quotes, or the API cannot be deployed.
     */
    private void checkQuotes(Value cors) {
        if (Intrinsics.isUnknown(cors)) return;
        if (cors instanceof Mapping map) {
            map.entries().forEach((key, value) -> {
                if (CorsRules.REST_KEYS.contains(key) && !key.equals("AllowCredentials")) checkQuotes(value);
            });
            return;
        }
        String text = String.join(",", Value.texts(cors));
        boolean isGood = stack.intrinsics().hasNoValue(text)
                || cors instanceof Scalar && MAPPED.matcher(text).matches();
        if (!isGood) {
            stack.problems().refuse("CORS of a REST API needs quotes within quotes: API Gateway does not accept `"
                    + text + "`", cors.place(), "write \"'" + text + "'\"");
        }
    }
}
