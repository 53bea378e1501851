package samlocal.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.gateway.Integration;
import samlocal.http.Tls;
import samlocal.inspector.Inspector;
import samlocal.lambda.LambdaFunction;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;

/**
 * The settings of one server.
 *
 * @param variables a file with variables for the functions, or null
 * @param servesApis whether the template's APIs are served besides Lambda's own
 * @param front what stands before the functions
 * @param functions which functions, and how
 */
public record Config(Path template, Map<String, String> parameters, Path variables, String host, int port,
        LambdaFunction.Limits limits, Integration.Rules rules, boolean servesApis, Front front,
        Functions functions) {
    /**
     * Which functions run, and how.
     *
     * @param only ids or names of those that do, none for all
     * @param runtime what stands for their Runtime, or null
     * @param shared variables that all have beneath those of files
     * @param moreVariables another file of variables, which beats the first, or null
     * @param watches whether edits are served
     * @param isEager whether they are initialized before they are asked for
     */
    public record Functions(List<String> only, String runtime, Map<String, String> shared, Path moreVariables,
            boolean watches, boolean isEager) {
        static final Functions ALL = new Functions(List.of(), null, Map.of(), null, true, false);

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
    public record Front(Path files, boolean ssl, Path certificate, Path key, int inspectorPort) {
        public static final Front PLAIN = new Front(null, false, null, null);

        Front(Path files, boolean ssl, Path certificate, Path key) {
            this(files, ssl, certificate, key, Inspector.BESIDE);
        }

        /** Both files or neither, and both there. */
        public Front {
            if (certificate == null != (key == null)) {
                throw Fault.usage("`--ssl-cert-file` and `--ssl-key-file` need each other",
                        "`--ssl` alone makes a certificate for localhost");
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

    private static final String QUOTED_OR_NOT =
            "(\"(?:\\\\.|[^\"\\\\])*\"|'(?:\\\\.|[^'\\\\])*'|(?:\\\\.|[^\\s\"'])+)";
    private static final Pattern PAIR = Pattern.compile("\\s*(?:ParameterKey=([A-Za-z0-9]+),ParameterValue="
            + QUOTED_OR_NOT + "|([A-Za-z0-9]+)=" + QUOTED_OR_NOT + ")\\s*");
    private static final List<String> NAMES = List.of("template.yaml", "template.yml", "template.json");
    /** Few clients take {@code *.localhost}, so names are written out; a certificate should stay small. */
    private static final int MOST_NAMES = 100;

    Config(Path template, Map<String, String> parameters, Path variables, String host, int port,
            LambdaFunction.Limits limits, Integration.Rules rules, boolean servesApis) {
        this(template, parameters, variables, host, port, limits, rules, servesApis, Front.PLAIN);
    }

    Config(Path template, Map<String, String> parameters, Path variables, String host, int port,
            LambdaFunction.Limits limits, Integration.Rules rules, boolean servesApis, Front front) {
        this(template, parameters, variables, host, port, limits, rules, servesApis, front, Functions.ALL);
    }

    /**
     * The folder of static files, whether it is there or not: the one that was asked for, by the working folder or,
     * as {@code sam} has it, beside the template; else {@code public} there.
     *
     * @throws Fault if what was asked for is no folder
     */
    Path staticFolder() {
        Path beside = template.toAbsolutePath().getParent();
        if (front.files() == null) return beside.resolve("public");
        return Stream.of(front.files(), beside.resolve(front.files())).filter(Files::isDirectory).findFirst()
                .orElseThrow(() -> Fault.usage("`--static-dir`: no folder `" + front.files() + "`", null));
    }

    /** The inspector's, or one of the constants of {@link Inspector}. */
    int inspectorPort() {
        boolean isShared = port > 0 && front.inspectorPort() == port;
        return isShared ? Inspector.BESIDE : front.inspectorPort();
    }

    /** What a server shows to its clients, or null where it serves plain http; {@code names} of APIs at it. */
    Tls tls(Collection<String> names) {
        if (front.certificate() != null) return Tls.of(front.certificate(), front.key());
        if (!front.ssl()) return null;
        Stream<String> below = names.stream().sorted().limit(MOST_NAMES).map(name -> name + ".localhost");
        return Tls.selfSigned(Stream.concat(Stream.of("localhost", "*.localhost", "127.0.0.1", "::1", host), below)
                .distinct().toList());
    }

    /** The template of the working folder, by the names that {@code sam} looks for, in its order. */
    public static Path findTemplate() {
        return NAMES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow(() -> Fault.project(
                "no template.yaml, template.yml or template.json in this folder", null,
                "name one with `--template FILE`, or write a new project: samlocal init NAME"));
    }

    /** The template that a build below {@code .aws-sam} was made from, where it is found; else the same. */
    public static Path source(Path template) {
        Path path = template.toAbsolutePath().normalize();
        for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
            Path project = folder.getParent();
            if (project != null && folder.endsWith(".aws-sam")) {
                return NAMES.stream().map(project::resolve).filter(Files::isRegularFile).findFirst()
                        .orElse(template);
            }
        }
        return template;
    }

    /**
     * Parameters in the forms that {@code sam} takes: {@code K=V}, {@code ParameterKey=K,ParameterValue=V}, one an
     * argument or several in one, values in quotes where they hold blanks.
     */
    public static Map<String, String> parameters(List<String> arguments) {
        Map<String, String> parameters = new LinkedHashMap<>();
        arguments.forEach(argument -> parseParameters(argument, parameters));
        return parameters;
    }

    private static void parseParameters(String argument, Map<String, String> parameters) {
        Matcher pair = PAIR.matcher(argument);
        int end = 0;
        Map<String, String> found = new LinkedHashMap<>();
        while (end < argument.length() && pair.region(end, argument.length()).lookingAt()) {
            boolean isLong = pair.group(1) != null;
            found.put(pair.group(isLong ? 1 : 3), unquoted(pair.group(isLong ? 2 : 4)));
            end = pair.end();
        }
        Matcher whole = Pattern.compile("(?s)([A-Za-z0-9]+)=(.*)").matcher(argument);
        boolean wasQuotedInTheShell = end < argument.length() && found.size() == 1 && whole.matches();
        if (wasQuotedInTheShell) found.put(whole.group(1), whole.group(2));
        else if (end < argument.length() || found.isEmpty()) throw noParameter(argument.substring(end));
        parameters.putAll(found);
    }

    private static Fault noParameter(String text) {
        return Fault.usage("`--parameter-overrides` does not take `" + text + "`",
                "write `Name=value` or `ParameterKey=Name,ParameterValue=value`, with quotes around blanks");
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.startsWith("\"") || value.startsWith("'");
        return (isQuoted ? value.substring(1, value.length() - 1) : value).replaceAll("\\\\(.)", "$1");
    }
}
