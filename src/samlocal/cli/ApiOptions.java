package samlocal.cli;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import samlocal.gateway.Integration;

/** Options of a server that serves APIs. */
final class ApiOptions {
    @Option(names = "--disable-authorizer", description = "accept requests without calling authorizers")
    private boolean unauthorized;

    @Option(names = "--strict", description = "respond to failures exactly as API Gateway does, without details")
    private boolean strict;

    @Option(names = "--cors", paramLabel = "ORIGIN", converter = Origin.class,
            description = "allow this origin (* for any) if the template configures no CORS")
    private String origin;

    @Option(names = {"-s", "--static-dir"}, paramLabel = "DIR",
            description = "folder of static files (default: public beside the template, if it exists)")
    private Path files;

    @Option(names = "--jwks", paramLabel = "FILE",
            description = "JSON Web Key Set to verify JWT and Cognito tokens; repeatable")
    private List<Path> keySets = List.of();

    @Option(names = "--api-key", paramLabel = "KEY",
            description = "accepted API key (default: any); repeatable")
    private List<String> apiKeys = List.of();

    Integration.Rules rules() {
        return new Integration.Rules(!unauthorized, strict, origin, keySets, apiKeys);
    }

    Path files() {
        return files;
    }
}
