package samlocal.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Serves only the Lambda API. */
@Command(name = "start-lambda", description = "serve the Lambda API for the AWS CLI and SDKs",
        footer = {"", "Example:", "  samlocal start-lambda",
            "  aws lambda invoke --endpoint-url http://127.0.0.1:3001 \\",
            "      --function-name CreateOrder out.json",
            DockerOptions.FOOTER})
final class StartLambdaCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(arity = "0..*", paramLabel = "FUNCTION", description = "serve only these functions")
    private List<String> only = List.of();

    @Mixin private ProjectOptions project = new ProjectOptions();
    @Mixin private FunctionOptions functions = new FunctionOptions();
    @Mixin private ServerOptions server = new ServerOptions();

    @Override public Integer call() {
        return cli.serve(project, functions, server, null, only);
    }
}
