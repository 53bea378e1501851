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
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;

/**
 * The settings of one server.
 *
 * @param servesApis whether the template's APIs are served besides Lambda's own
 * @param front what stands before the functions
 * @param functions which functions run, and how
 */
public record Config(Inputs inputs, Address address, LambdaFunction.Limits limits, Integration.Rules rules,
        boolean servesApis, Front front, Functions functions) {
    /**
     * What is read.
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
        Project project() {
            return Project.read(template, parameters, layers);
        }
    }

    /**
     * Who is answered.
     *
     * @param hosts the names under which the server is reached
     * @param ofLambda whether Lambda's API answers other machines, too
     */
    public record Exposure(AllowedHosts hosts, boolean ofLambda) {
        public static final Exposure LOCAL = new Exposure(AllowedHosts.of(List.of()), false);
    }

    /** @param port 0 for any free one */
    public record Address(String host, int port) {
        /** For a server that only this process calls. */
        public static final Address LOOPBACK = new Address("127.0.0.1", 0);

        /** @throws Fault if the host's name has no address */
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
     * Which functions run, and how.
     *
     * @param only ids or names of those that do, none for all
     * @param runtime what stands for their Runtime, or null
     * @param profile of the user's AWS configuration that {@code --profile} names, or null
     * @param moreVariables another file of variables, which beats the first, or null
     * @param watches whether edits are served
     * @param isEager whether they are initialized before they are asked for
     */
    public record Functions(List<String> only, String runtime, String profile, Path moreVariables,
            boolean watches, boolean isEager) {
        static final Functions ALL = new Functions(List.of(), null, null, null, true, false);

        /**
         * Those of a project that run.
         *
         * @throws Fault if one that is named is not there
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
     * What stands before the functions.
     *
     * @param files folder of static files that was asked for, or null
     * @param ssl whether https is asked for
     * @param certificate, key its files, or null
     * @param inspectorPort of its own, or {@link Inspector#BESIDE} or {@link Inspector#OFF}
     */
    public record Front(Path files, boolean ssl, Path certificate, Path key, int inspectorPort, Exposure exposure) {
        public static final Front PLAIN = new Front(null, false, null, null, Inspector.BESIDE, Exposure.LOCAL);

        /** Both files or neither, and both there. */
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
            if (!isFile) throw Fault.usage("`" + option + "`: no file `" + file + "`", null);
        }

        String scheme() {
            return ssl || certificate != null ? "https" : "http";
        }
    }

    /** Few clients take {@code *.localhost}, so names are written out; a certificate should stay small. */
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
     * The folder of static files, whether it is there or not: the one that was asked for, by the working folder or,
     * as {@code sam} has it, beside the template; else {@code public} there.
     *
     * @throws Fault if there is no folder of the name that was given
     */
    Path staticFolder() {
        Path beside = template().toAbsolutePath().getParent();
        if (front.files() == null) return beside.resolve("public");
        return Stream.of(front.files(), beside.resolve(front.files())).filter(Files::isDirectory).findFirst()
                .orElseThrow(() -> Fault.usage("`--static-dir`: no folder `" + front.files() + "`", null));
    }

    /** The inspector's, or one of the constants of {@link Inspector}. */
    int inspectorPort() {
        boolean isShared = address.port() > 0 && front.inspectorPort() == address.port();
        return isShared ? Inspector.BESIDE : front.inspectorPort();
    }

    /** What a server shows to its clients, or null where it serves plain http; {@code names} of APIs at it. */
    Tls tls(Collection<String> names) {
        if (front.certificate() != null) return Tls.of(front.certificate(), front.key());
        if (!front.ssl()) return null;
        Stream<String> below = names.stream().sorted().limit(MOST_NAMES).map(name -> name + ".localhost");
        return Tls.selfSigned(Stream.concat(Stream.of("localhost", "*.localhost", "127.0.0.1", "::1", host()), below)
                .distinct().toList());
    }
}
