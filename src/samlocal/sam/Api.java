package samlocal.sam;

import java.util.List;
import java.util.Map;
import samlocal.template.AwsEnvironment;

/**
 * An API: the settings that all its routes share.
 *
 * @param type {@code rest}, {@code http}, or {@code url} for a function URL
 * @param cors the CORS settings, or null
 * @param preflight who may send preflight requests
 * @param responses its gateway responses, by type
 */
public record Api(String id, String type, Stage deployed, List<String> binaryMediaTypes, CorsRules cors,
        Guard preflight, Map<String, GatewayResponse> responses) {
    /** The stage of an API and its variables. */
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
