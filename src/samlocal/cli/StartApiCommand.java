package samlocal.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Serves the APIs of the template; named as in {@code sam local}. */
@Command(name = "start-api", description = "serve the template's APIs (default)",
        footer = {"", "Example:", "  samlocal start-api --template orders/template.yaml --port 8080",
            DockerOptions.FOOTER})
final class StartApiCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;
    @Mixin private ProjectOptions project = new ProjectOptions();
    @Mixin private FunctionOptions functions = new FunctionOptions();
    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private ApiOptions apis = new ApiOptions();

    @Override public Integer call() {
        return cli.serve(project, functions, server, apis, List.of());
    }
}
