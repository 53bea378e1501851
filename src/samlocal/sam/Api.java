package samlocal.sam;

import java.util.List;
import java.util.Map;

/**
 * An API: all that its routes have in common.
 *
 * @param type {@code rest}, {@code http} or {@code url}, a function's own address
 * @param stage name of its stage
 * @param variables the stage's
 * @param cors who may read its answers from other sites, or null
 * @param preflight who may ask that
 * @param responses what its own answers are made of, by gateway response type
 */
public record Api(String id, String type, String stage, Map<String, String> variables, List<String> binaryMediaTypes,
        CorsRules cors, Guard preflight, Map<String, GatewayResponse> responses) {
    public boolean isRest() {
        return type.equals("rest");
    }

    public boolean isUrl() {
        return type.equals("url");
    }

    /** The logical id in its own stack. */
    public String name() {
        return id.replaceFirst(".*/", "");
    }
}
