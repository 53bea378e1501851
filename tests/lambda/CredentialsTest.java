import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The credentials that functions get: those of the shell, of a profile or placeholders (AWS SDKs and Tools Reference
 * Guide, "Shared config and credentials files"; the order is that of {@code sam local}).
 */
class CredentialsTest {
    private static final String CONFIG = """
            [default]
            region = eu-west-1
            # a comment
            [profile dev]
            region=eu-central-1
            s3 =
              addressing_style = path
            [profile "two words"]
            aws_access_key_id = QUOTED
            aws_secret_access_key = SECRET
            [profile process]
            credential_process = echo '{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "S", "SessionToken": "T"}'
            [profile expired]
            sso_session = corp
            sso_account_id = 111122223333
            sso_role_name = Developer
            [sso-session corp]
            sso_region = us-east-1
            sso_start_url = https://corp.awsapps.com/start
            """;
    private static final String KEYS = """
            [default]
            aws_access_key_id = DEFAULT
            aws_secret_access_key = SECRET

            [dev]
            aws_access_key_id = DEV
            aws_secret_access_key = SECRET
            aws_session_token = TOKEN
            """;

    /** {@code key}, with {@code /token} if there is one, for a shell with these variables and files. */
    private static String resolved(String profile, String... shell) {
        return resolvedFrom(new ByteArrayOutputStream(), CONFIG, KEYS, profile, shell);
    }

    private static String resolvedFrom(ByteArrayOutputStream printed, String config, String keys, String profile,
            String... shell) {
        try (TestProject home = TestProject.of(".aws/config", config, ".aws/credentials", keys)) {
            Map<String, String> variables = new HashMap<>(Map.of("HOME", home.folder().toString()));
            for (String variable : shell) variables.put(variable.split("=")[0], variable.split("=")[1]);
            ServerLocal.Console console = console(printed);
            Map<String, String> found = ServerLocal.Credentials.of(profile, variables,
                    new ServerLocal.Builds(false, false, console), console).variables();
            console.flush();
            String token = found.get("AWS_SESSION_TOKEN");
            return found.get("AWS_ACCESS_KEY_ID") + (token == null ? "" : "/" + token);
        }
    }

    private static ServerLocal.Console console(ByteArrayOutputStream printed) {
        PrintStream out = new PrintStream(printed, true);
        return new ServerLocal.Console(out, out, "never");
    }

    @Test void the_shell_overrides_profiles_unless_one_is_given_as_an_option() {
        String[] keys = {"AWS_ACCESS_KEY_ID=SHELL", "AWS_SECRET_ACCESS_KEY=s", "AWS_PROFILE=dev"};
        assertEquals("SHELL", resolved(null, keys));
        assertEquals("DEV/TOKEN", resolved("dev", keys));
        assertEquals("SHELL/t", resolved(null, "AWS_ACCESS_KEY_ID=SHELL", "AWS_SECRET_ACCESS_KEY=s",
                "AWS_SESSION_TOKEN=t"));
    }

    @Test void a_token_must_be_signed_by_a_known_key() {
        assertEquals("DEFAULT", resolved(null, "AWS_SESSION_TOKEN=of-other-keys"));
        assertEquals("DEFAULT", resolved("default", "AWS_ACCESS_KEY_ID=SHELL", "AWS_SECRET_ACCESS_KEY=s",
                "AWS_SESSION_TOKEN=t"));
    }

    @Test void profiles_of_both_files() {
        assertEquals("DEFAULT", resolved(null));
        assertEquals("DEV/TOKEN", resolved(null, "AWS_PROFILE=dev"));
        assertEquals("QUOTED", resolved("two words"));
    }

    @Test void placeholders_are_used_only_without_credentials() {
        assertEquals("defaultkey", resolvedFrom(new ByteArrayOutputStream(), "", "", null));
        assertEquals("defaultkey", resolvedFrom(new ByteArrayOutputStream(), "[default]\nregion = eu-west-1\n", "", null));
    }

    @Test void a_profile_that_does_not_exist_is_an_error() {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> resolved("dve"));
        assertTrue(fault.getMessage().startsWith("no AWS profile named `dve`"), fault.getMessage());
        assertEquals("did you mean `dev`?", fault.problems().get(0).hint());
        assertThrows(ServerLocal.Fault.class, () -> resolved(null, "AWS_PROFILE=gone"));
        assertEquals("SHELL", resolved(null, "AWS_PROFILE=gone", "AWS_ACCESS_KEY_ID=SHELL", "AWS_SECRET_ACCESS_KEY=s"));
    }

    @Test void the_region_is_that_of_the_profile() {
        try (TestProject home = TestProject.of(".aws/config", CONFIG)) {
            ServerLocal.AwsProfiles profiles = new ServerLocal.AwsProfiles(Map.of("HOME", home.folder().toString()));
            assertEquals("eu-central-1", profiles.region("dev").orElse(""));
            assertEquals("eu-west-1", profiles.region(null).orElse(""));
            assertTrue(profiles.region("expired").isEmpty());
        }
    }

    /** Runs a function with a profile that AWS's SDK resolves. */
    private static TestProject.Ran invoked(String profile) throws Exception {
        try (TestProject project = TestProject.of("home/.aws/config", CONFIG, "src/App.java",
                "public class App { public String handle() { return System.getenv(\"AWS_ACCESS_KEY_ID\")"
                + " + System.getenv(\"AWS_SESSION_TOKEN\") + System.getenv(\"AWS_REGION\")"
                + " + System.getenv(\"AWS_ACCOUNT_ID\"); } }", "template.yaml", """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17}}
                """)) {
            Map<String, String> shell = new HashMap<>();
            shell.put("AWS_CONFIG_FILE", project.path("home/.aws/config").toString());
            for (String name : List.of("AWS_ACCESS_KEY_ID", "AWS_SESSION_TOKEN", "AWS_ACCOUNT_ID")) shell.put(name, "");
            String script = Checkout.folder().resolve("ServerLocal.java").toString();
            return TestProject.run(project.folder(), shell, "", Checkout.folder().resolve("jbang").toString(), script,
                    "invoke", "--profile", profile, "--region", "eu-south-1");
        }
    }

    @Test void a_process_gives_credentials() throws Exception {
        TestProject.Ran ran = invoked("process");
        assertEquals("\"PROCESSTeu-south-1\"", ran.out().strip(), ran.err());
    }

    @Test void an_expired_login_is_reported_and_replaced_by_placeholders() throws Exception {
        TestProject.Ran ran = invoked("expired");
        assertEquals("\"defaultkeynulleu-south-1\"", ran.out().strip(), ran.err());
        assertTrue(ran.err().contains("cannot resolve the AWS credentials of profile `expired`"), ran.err());
        assertTrue(ran.err().contains("aws sso login"), ran.err());
        assertFalse(ran.err().contains("SECRET"), ran.err());
    }
}
