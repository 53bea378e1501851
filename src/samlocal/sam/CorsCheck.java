package samlocal.sam;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import samlocal.base.Nearest;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.Scalar;
import samlocal.template.Value;

/** Notes what SAM and API Gateway would reject in the CORS settings of an API. */
record CorsCheck(Stack stack, boolean isRest) {
    /** A static value, or where a value comes from. */
    private static final Pattern MAPPED =
            Pattern.compile("(?s)'.*'|(integration|stageVariables|context)\\..*");

    void check(Value cors) {
        if (cors instanceof Mapping map && !Intrinsics.isUnknown(cors)) {
            Set<String> known = isRest ? CorsRules.REST_KEYS : CorsRules.KEYS;
            map.entries().keySet().stream().filter(key -> !known.contains(key)).forEach(key ->
                    stack.problems().error("`" + key + "` is not a CORS property", map.keys().get(key),
                            Nearest.hint(key, known, "known are " + String.join(", ", new TreeSet<>(known)))));
        }
        if (isRest) checkQuotes(cors);
    }

    /**
     * A REST API's values become mapping expressions ("Amazon API Gateway API request and response data mapping
     * reference"): static ones have single quotes of their own, without which the API cannot be deployed.
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
            stack.problems().refuse("CORS of a REST API needs quotes within quotes: API Gateway does not take `" + text
                    + "`", cors.place(), "write \"'" + text + "'\"");
        }
    }
}
