package samlocal.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import samlocal.http.AllowedHosts;
import samlocal.inspector.Inspector;
import samlocal.lambda.LambdaFunction;
import samlocal.server.Config;

/** Options of the commands that start a server. */
final class ServerOptions {
    @Option(names = {"-p", "--port"}, paramLabel = "PORT", converter = Numbers.AnyPort.class,
            description = "port; 0 picks a free one (default: 3000)")
    private Integer port;

    @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1",
            description = "address to listen on (default: ${DEFAULT-VALUE})")
    private String host;

    @Option(names = "--allow-host", paramLabel = "NAME", split = ",",
            description = "also accept this host name (http://NAME:3000), * for any; repeatable")
    private List<String> allowedHosts = List.of();

    @Option(names = "--expose-lambda", description = "let other machines call the Lambda API (needs --host)")
    private boolean exposesLambda;

    @Option(names = "--concurrency", paramLabel = "N", defaultValue = "4", converter = Numbers.Concurrency.class,
            description = "maximum number of concurrent requests per function (default: ${DEFAULT-VALUE})")
    private int concurrency;

    @Option(names = "--fresh", description = "make each request a cold start")
    private boolean fresh;

    @Option(names = "--warm-containers", paramLabel = "WHEN",
            description = "EAGER initializes all functions at startup, LAZY on their first request (default: LAZY)")
    private Warm warm;

    @Option(names = "--no-watch", description = "do not reload after edits")
    private boolean unwatched;

    @Option(names = "--ssl", description = "serve HTTPS with a generated certificate for localhost")
    private boolean ssl;

    @Option(names = "--ssl-cert-file", paramLabel = "FILE",
            description = "serve HTTPS with this PEM certificate or chain")
    private Path certificate;

    @Option(names = "--ssl-key-file", paramLabel = "FILE", description = "PEM private key of the certificate")
    private Path key;

    @Option(names = "--inspector-port", paramLabel = "PORT", converter = Numbers.AnyPort.class,
            description = "separate port for the inspector (default: the APIs' port, at /_samlocal/)")
    private Integer inspectorPort;

    @Option(names = "--no-inspector", description = "turn the inspector off")
    private boolean uninspected;

    /** When functions are initialized. */
    enum Warm {
        EAGER, LAZY
    }

    /**
     * The configuration of a server.
     *
     * @param apis null if only the Lambda API is served
     * @param only the functions to serve; all if empty
     */
    Config config(ProjectOptions project, FunctionOptions functions, ApiOptions apis, List<String> only) {
        boolean servesApis = apis != null;
        ApiOptions front = servesApis ? apis : new ApiOptions();
        return new Config(project.inputs(functions.variables()),
                new Config.Address(host, port != null ? port : servesApis ? 3000 : 3001),
                new LambdaFunction.Limits(concurrency, fresh), front.rules(), servesApis,
                front(front.files(), !servesApis),
                functions.ofServer(project, only, !unwatched, warm == Warm.EAGER));
    }

    private Config.Front front(Path files, boolean isLambdaAlone) {
        List<String> hosts = Stream.concat(Stream.of(host), allowedHosts.stream()).toList();
        int beside = uninspected ? Inspector.OFF : Inspector.BESIDE;
        return new Config.Front(files, ssl, certificate, key,
                uninspected || inspectorPort == null ? beside : inspectorPort,
                new Config.Exposure(AllowedHosts.of(hosts), exposesLambda || isLambdaAlone));
    }
}
