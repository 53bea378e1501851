import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The completion scripts in their shells: the completed line, or the candidates. */
class CompletionTest {
    private static final String TEMPLATE = """
            Resources:
              # AWS::Serverless::Function in a comment is none
              CreateOrder:
                Type: AWS::Serverless::Function
                Properties: {Handler: a.B, CodeUri: src}
              Table: {Type: AWS::DynamoDB::Table}
              ListOrders: {Type: 'AWS::Serverless::Function', Properties: {Handler: a.B, CodeUri: src}}
            Outputs:
              Fake: {Value: 'Type: AWS::Serverless::Function'}
            """;
    private static final String BASH = """
            source "./$1"
            COMP_WORDS=("${@:2}")
            COMP_CWORD=$(($# - 2))
            _samlocal 2>/dev/null
            printf '%s\\n' "${COMPREPLY[@]}"
            """;
    private static final String ZSH = """
            zmodload zsh/zpty
            zpty z zsh -f -i
            zpty -w z "PS1= ; autoload -U compinit; compinit -u -D"
            zpty -w z "samlocal() { print -r -- \\"RAN\\":\\$*: }; source $1; print READ''Y"
            zpty -r -m z out "*READY*"
            for line in "${@:2}"; do
              zpty -w -n z "samlocal $line"$'\\t\\n'
              zpty -r -m z out "*RAN:*:*"
              print -r -- "${${out##*RAN:}%%:*}"
            done
            zpty -d z
            """;

    @Test void bash_offers_commands_options_values_files_and_functions() throws Exception {
        try (TestProject project = project("bash")) {
            assertOffered("invoke init", project, "in");
            assertOffered("CreateOrder ListOrders", project, "invoke", "");
            assertOffered("", project, "-t", "none.yaml", "invoke", "");
            assertOffered("Other", project, "invoke", "--template", "=", "other.yaml", "O");
            assertOffered("--event --event-type", project, "invoke", "--ev");
            assertOffered("auto always", project, "--color", "=", "a");
            assertOffered("EAGER LAZY", project, "start-api", "--warm-containers", "");
            assertOffered("events/a b.json", project, "invoke", "-e", "events/a");
            assertOffered("bash zsh fish", project, "completion", "");
            assertOffered("routes", project, "help", "ro");
            assertOffered("s3 ses sns sqs stepfunctions", project, "generate-event", "s");
            assertOffered("batch-invocation delete put", project, "generate-event", "s3", "");
            assertOffered("s3/put", project, "invoke", "--event-type", "s3/p");
            assertOffered("java21", project, "invoke", "-r", "java21");
        }
    }

    @Test void zsh_completes_commands_options_values_and_functions() throws Exception {
        assumeTrue(isThere("zsh"), "zsh is not installed");
        try (TestProject project = project("zsh").with("test.zsh", ZSH)) {
            List<String> lines = List.of("inv", "invoke Cr", "-t other.yaml invoke ", "invoke --event-t", "--color=al",
                    "start-api --warm-containers L", "check --for", "completion z", "help ro",
                    "generate-event s3 pu", "invoke --event-type s3/pu", "invoke CreateOrder Lis", "start-lambda CreateOrder Lis",
                    "init --runtime java11");
            List<String> command = new ArrayList<>(List.of("zsh", "-f", "test.zsh", "script"));
            command.addAll(lines);
            TestProject.Ran ran = TestProject.run(project.folder(), Map.of("TERM", "dumb"), "",
                    command.toArray(new String[0]));
            assertEquals("""
                    invoke
                    invoke CreateOrder
                    -t other.yaml invoke Other
                    invoke --event-type
                    --color=always
                    start-api --warm-containers LAZY
                    check --format
                    completion zsh
                    help routes
                    generate-event s3 put
                    invoke --event-type s3/put
                    invoke CreateOrder Lis
                    start-lambda CreateOrder ListOrders
                    init --runtime java11
                    """, ran.out(), ran.err());
        }
    }

    @Test void fish_offers_commands_options_values_files_and_functions() throws Exception {
        assumeTrue(isThere("fish"), "fish is not installed");
        try (TestProject project = project("fish")) {
            assertEquals("init\tcreate a new project\n"
                    + "invoke\tinvoke one function and print its response\n", fish(project, "in"));
            assertEquals("CreateOrder\nListOrders\n", fish(project, "invoke "));
            assertEquals("Other\n", fish(project, "-t other.yaml invoke "));
            assertEquals("--event-type\tsend a sample event, such as s3/put (see generate-event)\n",
                    fish(project, "invoke --event-"));
            assertTrue(fish(project, "--color a").startsWith("always\t"));
            assertEquals("events/a b.json\n", fish(project, "invoke -e events/"));
            assertEquals("bash\nfish\nzsh\n", fish(project, "completion "));
            assertEquals("batch-invocation\ndelete\nput\n", fish(project, "generate-event s3 "));
            assertTrue(fish(project, "generate-event ").startsWith("alb\napigateway\n"));
            assertTrue(fish(project, "invoke --event-type s3/p").startsWith("s3/put\t"));
        }
    }

    private static TestProject project(String shell) {
        return TestProject.of("template.yaml", TEMPLATE, "other.yaml", TEMPLATE.replace("CreateOrder", "Other")
                .replace("'AWS::Serverless::Function'", "AWS::Lambda::LayerVersion"), "events/a b.json", "{}",
                "script", TestProject.cli("completion", shell).out());
    }

    private static void assertOffered(String expected, TestProject project, String... words) throws Exception {
        Files.writeString(project.path("test.bash"), BASH);
        String[] command = Stream.concat(Stream.of("bash", "test.bash", "script", "samlocal"), Stream.of(words))
                .toArray(String[]::new);
        TestProject.Ran ran = TestProject.run(project.folder(), Map.of(), "", command);
        assertEquals(expected, ran.out().strip().replace('\n', ' '), ran.err());
    }

    private static String fish(TestProject project, String line) throws Exception {
        return TestProject.run(project.folder(), Map.of(), "", "fish", "--no-config", "-c",
                "source script; complete -C 'samlocal " + line + "'").out();
    }

    private static boolean isThere(String shell) throws Exception {
        return TestProject.run(Checkout.folder(), Map.of(), "", "sh", "-c", "command -v " + shell).status()
                == 0;
    }
}
