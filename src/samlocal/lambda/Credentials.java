package samlocal.lambda;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.dependencies.Builds;
import samlocal.terminal.Console;

/**
 * The AWS credentials of functions, resolved as {@code sam local} does: those of the shell, unless {@code --profile} is
 * given; else those of the profile; else placeholders. They are never printed.
 */
public final class Credentials {
    private static final String KEY = "AWS_ACCESS_KEY_ID";
    private static final String SECRET = "AWS_SECRET_ACCESS_KEY";
    private static final String TOKEN = "AWS_SESSION_TOKEN";
    /** The placeholders that {@code sam local} passes, so that SDK clients can be built. */
    private static final Map<String, String> PLACEHOLDERS = variables("defaultkey", "defaultsecret", null);
    /** Only placeholders. */
    public static final Credentials NONE = new Credentials(null, null, null, null);

    private final String profile;
    private final AwsProfiles profiles;
    private final Builds builds;
    private final Console console;
    private AwsSdk sdk;
    private String reported = "";

    private Credentials(String profile, AwsProfiles profiles, Builds builds, Console console) {
        this.profile = profile;
        this.profiles = profiles;
        this.builds = builds;
        this.console = console;
    }

    /**
     * Prepares the resolution, which itself takes place when an execution environment starts.
     *
     * @param profile what {@code --profile} names, or null
     * @param builds finds the AWS SDK where a profile needs it: a role, single sign-on, a process
     * @throws Fault if the profile does not exist
     */
    public static Credentials of(String profile, Map<String, String> shell, Builds builds, Console console) {
        Credentials credentials = new Credentials(profile, new AwsProfiles(shell), builds, console);
        if (profile != null || credentials.ofShell().isEmpty()) credentials.profiles.settings(profile);
        return credentials;
    }

    /**
     * The variables with currently valid credentials. A failed resolution is reported once and replaced with
     * placeholders, since most handlers can be tried without AWS.
     */
    synchronized Map<String, String> variables() {
        if (profiles == null) return PLACEHOLDERS;
        Map<String, String> variables = new LinkedHashMap<>(resolved());
        if (profile != null) variables.put("AWS_PROFILE", profile);
        return variables;
    }

    private Map<String, String> resolved() {
        try {
            return ofShell().or(this::ofProfile).orElse(PLACEHOLDERS);
        } catch (Fault fault) {
            if (!reported.equals(fault.getMessage())) console.warn(fault.problems().get(0));
            reported = fault.getMessage();
            return PLACEHOLDERS;
        }
    }

    private Optional<Map<String, String>> ofShell() {
        if (profile != null) return Optional.empty();
        return profiles.variable(KEY).flatMap(key -> profiles.variable(SECRET).map(secret ->
                variables(key, secret, profiles.variable(TOKEN).orElse(null))));
    }

    /** A role precedes keys in the same profile, which may be used to assume it. */
    private Optional<Map<String, String>> ofProfile() {
        Map<String, String> settings = profiles.settings(profile);
        boolean hasKeys = settings.containsKey("aws_access_key_id") && settings.containsKey("aws_secret_access_key");
        if (hasKeys && !settings.containsKey("role_arn")) {
            return Optional.of(variables(settings.get("aws_access_key_id"), settings.get("aws_secret_access_key"),
                    settings.get("aws_session_token")));
        }
        boolean isForSdk = Stream.of("role_arn", "sso_session", "sso_start_url", "credential_process")
                .anyMatch(settings::containsKey);
        if (!isForSdk) return Optional.empty();
        String name = profiles.name(profile);
        if (sdk == null) sdk = AwsSdk.of(name, builds);
        AwsSdk.Keys keys = sdk.keys();
        return Optional.of(variables(keys.id(), keys.secret(), keys.token()));
    }

    private static Map<String, String> variables(String key, String secret, String token) {
        Map<String, String> variables = new LinkedHashMap<>(Map.of(KEY, key, SECRET, secret));
        if (token != null) variables.put(TOKEN, token);
        return variables;
    }
}
