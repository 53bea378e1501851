package samlocal.server;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.gateway.Integration;
import samlocal.http.AllowedHosts;
import samlocal.http.Tls;
import samlocal.inspector.Inspector;
import samlocal.lambda.LambdaFunction;
import samlocal.runtime.Debug;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;

/**
 * The settings of one server.
 *
 * @param servesApis whether to serve the template's APIs in addition to the Lambda API
 * @param front what is served besides functions, and how
 * @param functions which functions run and how
 */
public record Config(Inputs inputs, Address address, LambdaFunction.Limits limits, Integration.Rules rules,
        boolean servesApis, Front front, Functions functions) {
    /**
     * The input files and values.
     *
     * @param parameters the template's, by name
     * @param variables a file with the functions' environment variables, or null
     * @param layers what stands for layers that are not here, by their ARNs, names or ids
     */
    public record Inputs(Path template, Map<String, String> parameters, Path variables, Map<String, Path> layers) {
        /** Without other layers than the template's. */
        public Inputs(Path template, Map<String, String> parameters, Path variables) {
            this(template, parameters, variables, Map.of());
        }

        /** The project that the template describes now. */
        public Project project() {
            return Project.read(template, parameters, layers);
        }
    }

    /**
     * Which clients may access the server.
     *
     * @param hosts the accepted host names
     * @param ofLambda whether the Lambda API is open to other machines
     */
    public record Exposure(AllowedHosts hosts, boolean ofLambda) {
        public static final Exposure LOCAL = new Exposure(AllowedHosts.of(List.of()), false);
    }

    /** @param port 0 picks a free one */
    public record Address(String host, int port) {
        /** The address of a server that only this process calls. */
        public static final Address LOOPBACK = new Address("127.0.0.1", 0);

        /** @throws Fault if the host name cannot be resolved */
        InetSocketAddress resolved() {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) throw Fault.usage("`--host`: no address for `" + host + "`", null);
            return address;
        }

        @Override public String toString() {
            return host + ":" + port;
        }
    }

    /**
     * Which functions run and how.
     *
     * @param only ids or names of the functions to run; all if empty
     * @param runtime overrides the functions' Runtime, or null
     * @param profile AWS profile named by {@code --profile}, or null
     * @param moreVariables another file of variables, which overrides the first, or null
     * @param watches whether to reload after edits
     * @param isEager whether to initialize functions at startup
     * @param debug the function to debug if it runs as a process of its own, or null
     */
    public record Functions(List<String> only, String runtime, String profile, Path moreVariables,
            boolean watches, boolean isEager, Debug debug) {
        static final Functions ALL = new Functions(List.of(), null, null, null, true, false, null);

        /**
         * The functions of a project that run.
         *
         * @throws Fault if a named function does not exist
         */
        List<FunctionDefinition> of(Project project) {
            List<FunctionDefinition> all = project.functions();
            only.stream().filter(name -> all.stream().noneMatch(each -> each.isNamed(name))).findFirst()
                    .ifPresent(name -> {
                        throw FunctionDefinition.unknown(name, all.stream().map(FunctionDefinition::id).toList());
                    });
            return all.stream().filter(each -> only.isEmpty() || only.stream().anyMatch(each::isNamed))
                    .map(each -> runtime == null ? each : each.withRuntime(runtime)).toList();
        }
    }

    /**
     * What is served besides functions, and how.
     *
     * @param files the requested folder of static files, or null
     * @param ssl whether HTTPS with a generated certificate is requested
     * @param certificate, key PEM files, or null
     * @param inspectorPort port, {@link Inspector#BESIDE} or {@link Inspector#OFF}
     */
    public record Front(Path files, boolean ssl, Path certificate, Path key, int inspectorPort, Exposure exposure) {
        public static final Front PLAIN = new Front(null, false, null, null, Inspector.BESIDE, Exposure.LOCAL);

        /** @throws Fault if only one of certificate and key is given, or a file does not exist */
        public Front {
            if (certificate == null != (key == null)) {
                throw Fault.usage("`--ssl-cert-file` and `--ssl-key-file` must be given together",
                        "`--ssl` alone creates a certificate for localhost");
            }
            requireFile("--ssl-cert-file", certificate);
            requireFile("--ssl-key-file", key);
        }

        private static void requireFile(String option, Path file) {
            boolean isFile = file == null || Files.exists(file) && !Files.isDirectory(file);
            if (!isFile) throw Fault.usage("`" + option + "`: no such file `" + file + "`", null);
        }

        String scheme() {
            return ssl || certificate != null ? "https" : "http";
        }
    }

    /** Few clients accept {@code *.localhost}, so the certificate lists each name, up to a limit to keep it small. */
    private static final int MOST_NAMES = 100;

    Path template() {
        return inputs.template();
    }

    Map<String, String> parameters() {
        return inputs.parameters();
    }

    Path variables() {
        return inputs.variables();
    }

    String host() {
        return address.host();
    }

    /**
     * The folder of static files, which may not exist: the requested one, relative to the working folder or, as in
     * {@code sam}, to the template; by default {@code public} beside the template.
     *
     * @throws Fault if the requested folder does not exist
     */
    Path staticFolder() {
        Path beside = template().toAbsolutePath().getParent();
        if (front.files() == null) return beside.resolve("public");
        return Stream.of(front.files(), beside.resolve(front.files())).filter(Files::isDirectory).findFirst()
                .orElseThrow(() -> Fault.usage("`--static-dir`: no such folder `" + front.files() + "`", null));
    }

    /** The inspector's port, or one of the constants of {@link Inspector}. */
    int inspectorPort() {
        boolean isShared = address.port() > 0 && front.inspectorPort() == address.port();
        return isShared ? Inspector.BESIDE : front.inspectorPort();
    }

    /** The server's certificate and key, or null for plain HTTP; {@code names} are those of its APIs. */
    Tls tls(Collection<String> names) {
        if (front.certificate() != null) return Tls.of(front.certificate(), front.key());
        if (!front.ssl()) return null;
        Stream<String> below = names.stream().sorted().limit(MOST_NAMES).map(name -> name + ".localhost");
        return Tls.selfSigned(Stream.concat(Stream.of("localhost", "*.localhost", "127.0.0.1", "::1", host()), below)
                .distinct().toList());
    }
}
