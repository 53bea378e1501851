package samlocal.sam;

import java.util.List;
import java.util.Map;
import samlocal.template.AwsEnvironment;

/**
 * An API: what all its routes have in common.
 *
 * @param type {@code rest}, {@code http} or {@code url}, a function's own address
 * @param cors who may read its answers from other sites, or null
 * @param preflight who may ask that
 * @param responses what its own answers are made of, by gateway response type
 */
public record Api(String id, String type, Stage deployed, List<String> binaryMediaTypes, CorsRules cors,
        Guard preflight, Map<String, GatewayResponse> responses) {
    /** Where an API is deployed: the name of its stage, and the stage's variables. */
    public record Stage(AwsEnvironment aws, String name, Map<String, String> variables) {
    }

    public AwsEnvironment aws() {
        return deployed.aws();
    }

    /** The name of its stage. */
    public String stage() {
        return deployed.name();
    }

    /** The variables of its stage. */
    public Map<String, String> variables() {
        return deployed.variables();
    }

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
