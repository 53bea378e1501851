///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Serves an AWS SAM project in Java on this machine: no Docker, no build step
//DEPS info.picocli:picocli:4.7.7
//DEPS org.yaml:snakeyaml:2.5
//DEPS com.google.code.gson:gson:2.13.2
//DEPS org.ow2.asm:asm:9.9.1
//DEPS com.nimbusds:nimbus-jose-jwt:10.10
//DEPS dev.harrel:json-schema:1.8.2
//DEPS com.amazonaws:aws-lambda-java-core:1.4.0
//DEPS com.amazonaws:aws-lambda-java-events:3.16.1
//DEPS com.amazonaws:aws-lambda-java-serialization:1.1.6
//DEPS eu.maveniverse.maven.mima:context:2.4.48
//DEPS eu.maveniverse.maven.mima.runtime:standalone-static:2.4.48
//DEPS eu.maveniverse.maven.mima.extensions:mmr:2.4.48
//DEPS org.codehaus.plexus:plexus-utils:3.6.1
//DEPS org.slf4j:slf4j-nop:1.7.36

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import com.google.gson.stream.MalformedJsonException;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreeScanner;
import dev.harrel.jsonschema.Dialects;
import dev.harrel.jsonschema.SchemaResolver;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.GsonNode;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import eu.maveniverse.maven.mima.extensions.mmr.MavenModelReader;
import eu.maveniverse.maven.mima.extensions.mmr.ModelRequest;
import eu.maveniverse.maven.mima.extensions.mmr.ModelResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Proxy;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.URLStreamHandler;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.CodeSigner;
import java.security.CodeSource;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Queue;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.annotation.processing.Processor;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.apache.maven.model.InputLocation;
import org.apache.maven.model.Model;
import org.apache.maven.model.Parent;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.model.PluginManagement;
import org.apache.maven.model.building.ModelBuildingException;
import org.apache.maven.model.building.ModelProblem;
import org.apache.maven.model.io.xpp3.MavenXpp3Reader;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.codehaus.plexus.util.xml.pull.XmlPullParserException;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.collection.DependencyCollectionException;
import org.eclipse.aether.graph.DefaultDependencyNode;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.graph.DependencyNode;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.WorkspaceReader;
import org.eclipse.aether.repository.WorkspaceRepository;
import org.eclipse.aether.resolution.ArtifactDescriptorException;
import org.eclipse.aether.resolution.ArtifactDescriptorResult;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.VersionResolutionException;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.repository.SimpleArtifactDescriptorPolicy;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/**
 * Serves an AWS SAM project on 127.0.0.1:3000. It reads template.yaml, maps the API events to routes, compiles the
 * Java handlers from CodeUri in memory, runs them in this JVM as AWS would, and picks up an edit on the next request.
 * Run it with JBang: {@code jbang ServerLocal.java --help}.
 *
 * <p>The file is one program, told top-down in rooms; a room names only rooms below it. Four flows lead through:
 * <pre>
 * request   socket, Gateway, Router, Integration, Admission (may it pass?), Validation, Events (request to event),
 *           LambdaFunction, JavaRuntime, Events (answer to response), Cors, socket
 * call      socket, Gateway, LambdaApi, LambdaFunction, JavaRuntime, LambdaApi, socket
 * template  template.yaml, Template (YAML to values), Globals, Intrinsics (known values), Stack, Apis with Auth, Models
 *           and Backends, Router
 * code      CodeUri, Sources (what is on disk), Compiler, CodeLoader, the handler
 * </pre>
 *
 * <p><b>Freshness.</b> Nothing watches the disk. A request looks: at the template by its time and size, and at the
 * sources of the function it reaches, so that it meets all that was saved before it. File times tick in steps of a
 * few milliseconds, so a file that has just changed is read again until its time is old enough to be believed.
 * What was found becomes one immutable {@link Gateway.Deployment} or {@link Codebase.Build}, swapped in whole;
 * a request under way ends on the one that it started with.
 *
 * <p><b>Isolation.</b> An {@link ExecutionEnvironment} is to this program what a sandbox is to AWS: a loader with the
 * function's code and libraries, statics of its own, one request at a time. Above the function's loader there are
 * only the JDK and AWS's core interfaces; AWS's serialization library and {@link JavaRuntime} sit beside it, where
 * handlers cannot see them. {@code JavaRuntime} is loaded anew for each environment, so that it
 * is plain Java against the very interfaces that the handler sees; what crosses is bytes in, bytes out. The process
 * itself cannot be had twice: calls to {@code System.getenv}, {@code exit} and the standard streams are rewritten as
 * classes are loaded ({@link CodeLoader}), what the JDK prints for a function is told by its thread group
 * ({@link ProcessStreams}), and locale and time zone change hands with the thread ({@link ProcessDefaults}).
 *
 * <p><b>Failing.</b> Whatever a handler does ends its execution environment at most. It runs in a thread that nobody
 * else uses; who waits for it waits as long as the template's Timeout. When memory is short, all of the function's
 * memory is let go before anything else is done.
 *
 * <p><b>Failures</b> that a user can cause and mend are {@link Fault}s, thrown anywhere, printed by {@link Cli} or, in
 * a running server, by {@link DevServer}. A handler's exception stays itself until {@link Gateway} reports it.
 */
public class ServerLocal {
    static final String VERSION = "0.1.0";

    private ServerLocal() {
    }

    public static void main(String[] arguments) {
        Debuggee.endWithParent();
        System.exit(Cli.run(arguments, System.out, System.err));
    }

    // ---- Cli: commands, options and exit statuses ------------------------------------------------------------------

    /** The command line: 0 is success, 1 a project that is wrong, 2 a command line that is wrong. */
    @Command(name = "samlocal", versionProvider = Cli.Version.class,
            description = "Serve an AWS SAM project on this machine: no Docker, no build step.",
            subcommands = {Cli.StartApi.class, Cli.StartLambda.class, Cli.Invoke.class, Cli.GenerateEvent.class,
                Cli.Routes.class, Cli.Verify.class, Cli.Print.class, Cli.Init.class, Cli.Explain.class},
            sortOptions = false, customSynopsis = "samlocal [COMMAND] [OPTIONS]",
            optionListHeading = "%nOptions:%n", commandListHeading = "%nCommands:%n",
            footer = {"", "Examples:", "  samlocal", "  samlocal --template orders/template.yaml --port 3001",
                "  samlocal invoke CreateOrder --event event.json", "  samlocal routes --format json", "",
                "All options of a command: samlocal help COMMAND"})
    static final class Cli implements Callable<Integer> {
        /** What the first screen of help shows. */
        private static final Set<String> FIRST_SHOWN = Set.of("--template-file", "--port", "--env-vars",
                "--parameter-overrides", "--debug-port", "--config-env", "--color", "--help", "--version");
        @Mixin private ProjectOptions project = new ProjectOptions();
        @Mixin private FunctionOptions functions = new FunctionOptions();
        @Mixin private ServerOptions server = new ServerOptions();

        @Option(names = {"-h", "--help"}, usageHelp = true, scope = ScopeType.INHERIT,
                description = "show this help and exit")
        private boolean asksForHelp;

        @Option(names = {"-V", "--version"}, versionHelp = true, description = "show the version and exit")
        private boolean asksForVersion;

        @Option(names = "--color", paramLabel = "WHEN", defaultValue = "auto", scope = ScopeType.INHERIT,
                description = "auto, always or never (default: ${DEFAULT-VALUE})")
        private Color color = Color.auto;

        @Option(names = "--debug", scope = ScopeType.INHERIT,
                description = "say where options come from, and where this program fails")
        private boolean debug;

        private final PrintStream out;
        private final PrintStream err;
        private final CommandLine commands;
        private final Arguments arguments;
        private List<String> given = List.of();

        /** When to use colour. */
        enum Color {
            auto, always, never
        }

        private Cli(Map<String, String> environment, PrintStream out, PrintStream err) {
            this.out = out;
            this.err = err;
            this.commands = new CommandLine(this);
            this.arguments = new Arguments(commands, environment);
        }

        /** Runs one command and returns the exit status; a server runs until the process is ended. */
        static int run(String[] arguments, PrintStream out, PrintStream err) {
            return run(arguments, System.getenv(), out, err);
        }

        /** Runs one command as in a shell that has these variables. */
        static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
            return new Cli(environment, out, err).run(List.of(arguments));
        }

        private int run(List<String> words) {
            given = words;
            commands.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
            commands.setCaseInsensitiveEnumValuesAllowed(true);
            commands.setUsageHelpWidth(100);
            commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Cli::firstOptions);
            DockerOptions.addTo(commands);
            commands.getSubcommands().get("generate-event").setUnmatchedOptionsArePositionalParams(true);
            commands.setExecutionStrategy(this::execute);
            commands.setExecutionExceptionHandler((e, command, parsed) -> failed(e));
            commands.setParameterExceptionHandler((e, given) -> misused(e));
            try {
                return commands.execute(arguments.complete(words).toArray(new String[0]));
            } catch (Fault fault) {
                return failed(fault);
            }
        }

        private static String firstOptions(CommandLine.Help help) {
            CommandLine.Help.Layout layout = help.createDefaultLayout();
            layout.addOptions(help.commandSpec().options().stream()
                    .filter(option -> FIRST_SHOWN.contains(option.longestName())).toList(),
                    help.createDefaultParamLabelRenderer());
            return layout.toString();
        }

        private int execute(ParseResult parsed) {
            try {
                ParseResult last = Arguments.last(parsed);
                if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
                    return new CommandLine.RunLast().execute(parsed);
                }
                Optional<Debuggee> debuggee = FunctionOptions.of(last.commandSpec())
                        .flatMap(options -> options.debuggee(last.commandSpec().name().equals("invoke")));
                if (debuggee.isPresent()) return debuggee.get().run(given, console());
                prepare(last);
                return new CommandLine.RunLast().execute(parsed);
            } catch (Fault fault) {
                return failed(fault);
            }
        }

        /** What is to be said and done before a command runs. */
        private void prepare(ParseResult parsed) {
            Console console = console();
            arguments.warnings().forEach(console::warn);
            if (debug) arguments.origins().forEach(console::note);
            DockerOptions.remark(parsed).ifPresent(console::note);
            ProjectOptions.of(parsed.commandSpec()).flatMap(ProjectOptions::remark).ifPresent(console::note);
            FunctionOptions.of(parsed.commandSpec()).flatMap(FunctionOptions::remark).ifPresent(console::note);
            boolean saves = FunctionOptions.of(parsed.commandSpec()).filter(FunctionOptions::saves).isPresent();
            if (saves) console.note("saved " + arguments.save(parsed));
        }

        @Override public Integer call() {
            return serve(project, functions, server, List.of(), true);
        }

        private int serve(ProjectOptions project, FunctionOptions functions, ServerOptions server, List<String> only,
                boolean servesApis) {
            Console console = console();
            int port = server.port(servesApis ? 3000 : 3001);
            functions.log().ifPresent(console::copyFunctionsTo);
            Config config = new Config(project.template(), project.parameters(), functions.variables(), server.host(),
                    port, server.limits(), server.rules(), servesApis, server.front(),
                    functions.config(project, only, null, server.watches(), server.isEager()));
            new DevServer(config, console, project.builds(console)).serve();
            return 0;
        }

        private Console console() {
            return new Console(out, err, color.name());
        }

        /** For commands whose standard output is a result. */
        private Console besideResults() {
            return new Console(err, err, color.name());
        }

        private int failed(Exception e) {
            Fault fault = e instanceof Fault expected ? expected : Fault.ofOurOwn(e);
            fault.problems().forEach(console()::fail);
            if (debug && fault != e) e.printStackTrace(err);
            return fault.status();
        }

        private int misused(ParameterException e) {
            CommandSpec command = e.getCommandLine().getCommandSpec();
            Place place = e.getArgSpec() == null ? null : arguments.origin(e.getArgSpec()).orElse(null);
            String hint = e instanceof UnmatchedArgumentException unmatched ? nearest(unmatched, command) : null;
            console().fail(new Problem(message(e, command).replace('\'', '`'), place, hint));
            err.println("try: " + command.qualifiedName() + " --help");
            return Fault.USAGE;
        }

        private String message(ParameterException e, CommandSpec command) {
            if (!(e instanceof UnmatchedArgumentException unmatched)) return e.getMessage();
            String wrong = unmatched.getUnmatched().get(0);
            boolean isCommand = command == commands.getCommandSpec() && !wrong.startsWith("-");
            return isCommand ? "unknown command `" + wrong + "`" : e.getMessage();
        }

        private String nearest(UnmatchedArgumentException e, CommandSpec command) {
            String wrong = e.getUnmatched().get(0);
            List<String> known = wrong.startsWith("-") ? Arguments.shownNames(command)
                    : List.copyOf(commands.getSubcommands().keySet());
            return Nearest.to(wrong.replaceFirst("=.*", ""), known).map(near -> "did you mean `" + near + "`?")
                    .orElse(null);
        }

        /** Serves, under the name that {@code sam local} gives it. */
        @Command(name = "start-api", sortOptions = false, abbreviateSynopsis = true,
                description = "serve the template's APIs (default)", optionListHeading = "%nOptions:%n",
                footer = DockerOptions.FOOTER)
        static final class StartApi implements Callable<Integer> {
            @ParentCommand private Cli cli;
            @Mixin private ProjectOptions project = new ProjectOptions();
            @Mixin private FunctionOptions functions = new FunctionOptions();
            @Mixin private ServerOptions server = new ServerOptions();

            @Override public Integer call() {
                return cli.serve(project, functions, server, List.of(), true);
            }
        }

        /** Serves Lambda's own API alone. */
        @Command(name = "start-lambda", sortOptions = false,
                abbreviateSynopsis = true, optionListHeading = "%nOptions:%n", footer = DockerOptions.FOOTER,
                description = "serve the functions to the AWS CLI and SDKs")
        static final class StartLambda implements Callable<Integer> {
            @ParentCommand private Cli cli;

            @Parameters(arity = "0..*", paramLabel = "FUNCTION", description = "serve these functions only")
            private List<String> only = List.of();

            @Mixin private ProjectOptions project = new ProjectOptions();
            @Mixin private FunctionOptions functions = new FunctionOptions();
            @Mixin private ServerOptions server = new ServerOptions();

            @Override public Integer call() {
                return cli.serve(project, functions, server, only, false);
            }
        }

        /** Calls one function. */
        @Command(name = "invoke", sortOptions = false, abbreviateSynopsis = true,
                description = "call one function and print its answer", optionListHeading = "%nOptions:%n",
                footer = DockerOptions.FOOTER)
        static final class Invoke implements Callable<Integer> {
            @ParentCommand private Cli cli;

            @Parameters(arity = "0..1", paramLabel = "FUNCTION",
                    description = "logical id or name; not needed where there is one only")
            private String function;

            @Option(names = {"-e", "--event"}, paramLabel = "FILE",
                    description = "file with the event as JSON, - for standard input (default: {})")
            private String event;

            @Option(names = "--event-type", paramLabel = "SERVICE/TYPE",
                    description = "send the sample that generate-event prints, such as s3/put")
            private String eventType;

            @Option(names = "--no-event", description = "send {}")
            private boolean noEvent;

            @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME",
                    description = "use this in the place of the template's Runtime, such as java17")
            private String runtime;

            @Mixin private ProjectOptions project = new ProjectOptions();
            @Mixin private FunctionOptions functions = new FunctionOptions();

            @Override public Integer call() throws IOException {
                Console console = cli.besideResults();
                functions.log().ifPresent(console::copyFunctionsTo);
                byte[] event = event(console);
                Json.faultIn(event).ifPresent(fault -> {
                    throw Fault.project("the event is no JSON: " + fault);
                });
                byte[] sent = event.length == 0 ? "{}".getBytes(UTF_8) : event;
                Call call = new Call(UUID.randomUUID().toString(), sent, null, true);
                LambdaFunction.Outcome outcome = new DevServer(config(), console, project.builds(console))
                        .invoke(function, call).outcome();
                return print(outcome, console);
            }

            private Config config() {
                return new Config(project.template(), project.parameters(), functions.variables(), "127.0.0.1", 0,
                        new LambdaFunction.Limits(1, false), new Integration.Rules(true, false, null), false,
                        Config.Front.PLAIN, functions.config(project, List.of(), runtime, true, false));
            }

            private int print(LambdaFunction.Outcome outcome, Console console) {
                if (outcome instanceof LambdaFunction.Answer answer) return print(answer.payload(), console, 0);
                if (outcome instanceof LambdaFunction.Failure failure) {
                    console.report(Traces.render(failure));
                    return print(Traces.json(failure), console, Fault.PROJECT);
                }
                if (outcome instanceof LambdaFunction.Broken broken) throw new Fault(broken.errors(), Fault.PROJECT);
                throw Fault.project((function == null ? "the function" : function) + " "
                        + ((LambdaFunction.Unavailable) outcome).reason());
            }

            private byte[] event(Console console) throws IOException {
                if (eventType != null) return GenerateEvent.sample(eventType.split("[/: ]", 2)).getBytes(UTF_8);
                if (event == null || noEvent) return "{}".getBytes(UTF_8);
                if (!event.equals("-")) return file(Path.of(event));
                console.note("reading the event from standard input");
                return System.in.readAllBytes();
            }

            private static byte[] file(Path file) {
                try {
                    if (Files.isDirectory(file)) throw Fault.project("`" + file + "` is a folder, not an event");
                    return Files.readAllBytes(file);
                } catch (IOException e) {
                    throw Fault.project("cannot read the event `" + file + "`: " + Fault.reason(e));
                }
            }

            private int print(byte[] payload, Console console, int status) {
                String text = new String(payload, UTF_8) + "\n";
                cli.console().print(text);
                console.copyFunctions(text);
                return status;
            }
        }

        /** Prints a sample event; its options are those of the sample. */
        @Command(name = "generate-event", description = "print a sample event, such as: generate-event s3 put")
        static final class GenerateEvent implements Callable<Integer> {
            @ParentCommand private Cli cli;

            @Parameters(arity = "0..*", paramLabel = "SERVICE TYPE [--NAME VALUE]",
                    description = "which event, and what it holds; without them: what there is")
            private List<String> words = new ArrayList<>();

            @Override public Integer call() {
                boolean asks = words.size() < 2 || words.contains("--help") || words.contains("-h");
                cli.console().print(asks ? list() : sample(words.toArray(new String[0])) + "\n");
                return 0;
            }

            private String list() {
                List<List<String>> rows = new ArrayList<>();
                rows.add(List.of("SERVICE", "TYPE", "OPTIONS"));
                SampleEvents.all().stream().filter(sample -> words.isEmpty() || words.contains(sample.service()))
                        .forEach(sample -> rows.add(List.of(sample.service(), sample.type(), sample.options().keySet()
                                .stream().map(name -> "--" + name).collect(Collectors.joining(" ")))));
                return Table.of(rows, "");
            }

            /** Service, type, and options as {@code --name value} or {@code --name=value}, to the event in JSON. */
            static String sample(String... words) {
                Map<String, String> options = new LinkedHashMap<>();
                for (int i = 2; i < words.length; i++) {
                    String[] option = words[i].split("=", 2);
                    boolean isApart = option.length == 1 && i + 1 < words.length;
                    if (!words[i].startsWith("--") || option.length == 1 && !isApart) {
                        throw Fault.usage("`" + words[i] + "` must be an option with a value", null);
                    }
                    options.put(option[0].substring(2), isApart ? words[++i] : option[1]);
                }
                String type = words.length < 2 ? "" : words[1];
                return SampleEvents.of(words[0], type).orElseThrow(() -> unknown(words[0], type)).render(options);
            }

            private static Fault unknown(String service, String type) {
                String wanted = service + " " + type;
                List<String> known = SampleEvents.all().stream().map(one -> one.service() + " " + one.type()).toList();
                return Fault.usage("no event `" + wanted.strip() + "`", Nearest.to(wanted, known)
                        .map(near -> "did you mean `" + near + "`?").orElse("see: samlocal generate-event"));
            }
        }

        /** Prints the routes. */
        @Command(name = "routes", description = "print the routes")
        static final class Routes implements Callable<Integer> {
            @ParentCommand private Cli cli;
            @Mixin private ProjectOptions project = new ProjectOptions();

            @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table",
                    description = "table or json (default: ${DEFAULT-VALUE})")
            private Format format;

            /** How the routes are printed. */
            enum Format {
                table, json
            }

            @Override public Integer call() {
                Console console = cli.console();
                Project read = Project.read(project.template(), project.parameters());
                read.remarks().forEach(console::warn);
                console.print(format == Format.json ? json(read) : table(read));
                return 0;
            }

            private static String json(Project project) {
                return Json.writePretty(project.routes().stream().map(Routes::row).toList()) + "\n";
            }

            private static Map<String, Object> row(Route route) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("api", route.api().id());
                row.put("type", route.api().type());
                row.put("method", route.method());
                row.put("path", route.path());
                row.put("function", route.backend() instanceof Backend.Lambda ? route.function() : null);
                row.put("handler", route.handler());
                row.put("source", route.source().toString());
                return row;
            }

            private static String table(Project project) {
                List<List<String>> rows = new ArrayList<>();
                rows.add(List.of("METHOD", "PATH", "FUNCTION", "HANDLER", "API"));
                project.routes().forEach(route -> rows.add(
                        List.of(route.method(), route.path(), route.function(), route.handler(), route.api().type())));
                project.functionsWithoutRoute().forEach(function -> rows.add(
                        List.of("-", "-", function.id(), orDash(function.handler()), "-")));
                return Table.of(rows, "");
            }

            private static String orDash(String text) {
                return text.isEmpty() ? "-" : text;
            }
        }

        /** Tells what would not work. */
        @Command(name = "check", aliases = "validate",
                description = "say what would not work")
        static final class Verify implements Callable<Integer> {
            @ParentCommand private Cli cli;
            @Mixin private ProjectOptions project = new ProjectOptions();

            @Option(names = "--lint", hidden = true, description = "what is done anyway")
            private boolean lint;

            @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "table",
                    description = "table or json (default: ${DEFAULT-VALUE})")
            private Routes.Format format;

            @Override public Integer call() {
                List<Check.Finding> findings = new Check(project.builds(cli.besideResults()))
                        .run(project.template(), project.parameters());
                cli.console().print(format == Routes.Format.json ? json(findings) : table(findings));
                return count(findings, Check.Severity.error) == 0 ? 0 : Fault.PROJECT;
            }

            private static int count(List<Check.Finding> findings, Check.Severity severity) {
                return (int) findings.stream().filter(finding -> finding.severity() == severity).count();
            }

            private static String table(List<Check.Finding> findings) {
                List<List<String>> rows = new ArrayList<>();
                for (Check.Finding finding : findings) {
                    rows.add(List.of(finding.severity().name(), finding.where(), finding.message()));
                    if (finding.hint() != null) rows.add(List.of("", "", "help: " + finding.hint()));
                }
                return Table.of(rows, "") + Console.count(count(findings, Check.Severity.error), "error") + ", "
                        + Console.count(count(findings, Check.Severity.warning), "warning") + "\n";
            }

            private static String json(List<Check.Finding> findings) {
                Map<String, Object> report = new LinkedHashMap<>();
                report.put("errors", count(findings, Check.Severity.error));
                report.put("warnings", count(findings, Check.Severity.warning));
                report.put("findings", findings.stream().map(Verify::row).toList());
                return Json.writePretty(report) + "\n";
            }

            private static Map<String, Object> row(Check.Finding finding) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("severity", finding.severity());
                row.put("where", finding.where());
                row.put("message", finding.message());
                row.put("hint", finding.hint());
                return row;
            }
        }

        /** Prints the template as JSON. */
        @Command(name = "template", description = "print the template as JSON")
        static final class Print implements Callable<Integer> {
            @ParentCommand private Cli cli;
            @Mixin private ProjectOptions project = new ProjectOptions();

            @Option(names = "--resolved", description = "with all that can be known replaced")
            private boolean resolved;

            @Override public Integer call() {
                Console console = cli.console();
                Template template = Template.read(project.template());
                template.warnings().forEach(console::warn);
                Mapping root = resolved ? resolve(template, console) : template.root();
                console.print(Json.writePretty(root.plain()) + "\n");
                return 0;
            }

            private Mapping resolve(Template template, Console console) {
                Problems problems = new Problems();
                Path folder = project.template().toAbsolutePath().getParent();
                Intrinsics intrinsics = Intrinsics.of(template, folder, project.parameters(), problems);
                Mapping root = intrinsics.resolveAll();
                intrinsics.warnOfMissingValues();
                problems.throwIfAny();
                problems.dangling().forEach(console::warn);
                problems.warnings().forEach(console::warn);
                return root;
            }
        }

        /** Writes a new project. */
        @Command(name = "init", description = "write a new project that runs at once", sortOptions = false,
                abbreviateSynopsis = true, optionListHeading = "%nOptions:%n",
                footer = {"", "Example:", "  samlocal init shop --layout gradle"})
        static final class Init implements Callable<Integer> {
            @ParentCommand private Cli cli;

            @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "sam-app",
                    description = "folder to write it to, new or empty (default: ${DEFAULT-VALUE})")
            private String name;

            @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "the same, as sam has it")
            private String otherName;

            @Option(names = {"-o", "--output-dir"}, paramLabel = "DIR", description = "folder that the name is in")
            private Path folder;

            @Option(names = "--layout", paramLabel = "LAYOUT", defaultValue = "maven",
                    description = "maven, gradle or plain, a folder of Java files (default: ${DEFAULT-VALUE})")
            private Scaffold.Layout layout;

            @Option(names = {"-d", "--dependency-manager"}, paramLabel = "NAME", hidden = true)
            private Scaffold.Layout otherLayout;

            @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME",
                    description = "java11, java17, java21 or java25 (default: the newest that runs here)")
            private String runtime = Scaffold.newestRuntime();

            @Option(names = {"-a", "--architecture"}, paramLabel = "NAME", defaultValue = "x86_64",
                    description = "x86_64 or arm64 (default: ${DEFAULT-VALUE})")
            private String architecture;

            @Option(names = {"-p", "--package-type"}, paramLabel = "TYPE", hidden = true, defaultValue = "Zip")
            private String packageType;

            @Option(names = "--app-template", paramLabel = "NAME", hidden = true, defaultValue = "hello-world")
            private String template;

            @Option(names = {"--no-interactive", "--no-tracing", "--no-application-insights",
                "--no-structured-logging"}, hidden = true)
            private boolean asksNothing;

            @Override public Integer call() {
                require("--package-type", packageType, "Zip");
                require("--app-template", template, "hello-world");
                Path named = Path.of(otherName != null ? otherName : name);
                Path target = folder == null ? named : folder.resolve(named);
                List<String> files = new Scaffold(otherLayout != null ? otherLayout : layout, runtime,
                        architecture).write(target);
                cli.console().print("wrote " + files.size() + " files to " + target + "\n\n"
                        + Scaffold.nextSteps(target));
                return 0;
            }

            private static void require(String option, String value, String only) {
                if (!value.equals(only)) throw Fault.usage("`" + option + "` is " + only + " only, not " + value, null);
            }
        }

        /** Prints what {@code --help} of a command prints. */
        @Command(name = "help", description = "explain a command")
        static final class Explain implements Callable<Integer> {
            @ParentCommand private Cli cli;

            @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "the command, all of them without it")
            private List<String> names = List.of();

            @Override public Integer call() {
                String name = names.isEmpty() ? "" : names.get(0);
                Map<String, CommandLine> known = cli.commands.getSubcommands();
                if (!name.isEmpty() && !known.containsKey(name)) {
                    throw Fault.usage("unknown command `" + name + "`", Nearest.to(name, known.keySet())
                            .map(near -> "did you mean `" + near + "`?").orElse("see: samlocal help"));
                }
                cli.console().print(known.getOrDefault(name, cli.commands).getUsageMessage());
                return 0;
            }
        }

        /** The line of {@code --version}. */
        static final class Version implements IVersionProvider {
            @Override public String[] getVersion() {
                return new String[] {"samlocal " + VERSION + " (Java " + Runtime.version() + ")"};
            }
        }
    }

    // ---- Arguments: the command line, with what the environment and samconfig files add ----------------------------

    /**
     * Words of a command line in the order in which picocli takes them, the command first, and after them the options
     * that are not among them: from environment variables, else from a samconfig file.
     */
    static final class Arguments {
        private static final Map<String, List<String>> VARIABLES = Map.of(
                "--template-file", List.of("SAM_TEMPLATE_FILE"), "--debug", List.of("SAM_DEBUG"),
                "--debug-port", List.of("SAM_DEBUG_PORT"), "--debug-args", List.of("DEBUGGER_ARGS"),
                "--region", List.of("AWS_REGION", "AWS_DEFAULT_REGION"));
        /** What {@code sam} calls its commands in the files; other commands look at what a server would serve. */
        private static final Map<String, String> SECTIONS = Map.of("samlocal", "local_start_api",
                "start-api", "local_start_api", "start-lambda", "local_start_lambda", "invoke", "local_invoke");
        /** Values of this type start with no file that another option names. */
        private static final Set<String> NEVER_SAVED = Set.of("--save-params", "--config-file", "--config-env");
        private final CommandLine commands;
        private final Map<String, String> environment;
        private final List<Problem> warnings = new ArrayList<>();
        private final Map<String, Place> places = new LinkedHashMap<>();
        private final List<String> origins = new ArrayList<>();
        private ParseResult given;

        Arguments(CommandLine commands, Map<String, String> environment) {
            this.commands = commands;
            this.environment = environment;
        }

        /** The result of the command that was named last. */
        static ParseResult last(ParseResult parsed) {
            return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
        }

        /** All names of the options that help shows. */
        static List<String> shownNames(CommandSpec command) {
            return command.options().stream().filter(option -> !option.hidden())
                    .flatMap(option -> Arrays.stream(option.names())).filter(name -> name.startsWith("--")).toList();
        }

        /** What is wrong and does not stop a command. */
        List<Problem> warnings() {
            return warnings;
        }

        /** Which options come from where, for those who want to know. */
        List<String> origins() {
            return origins;
        }

        /** Where in a file the value of an option stands. */
        Optional<Place> origin(ArgSpec option) {
            return option.isOption() ? Optional.ofNullable(places.get(((OptionSpec) option).longestName()))
                    : Optional.empty();
        }

        /**
         * The words with what there is besides them.
         *
         * @throws Fault if a samconfig file cannot be used
         */
        List<String> complete(List<String> words) {
            List<String> ordered = commandFirst(words);
            try {
                given = last(commands.parseArgs(ordered.toArray(new String[0])));
            } catch (ParameterException e) {
                return ordered;
            }
            boolean asksForHelp = given.isUsageHelpRequested() || given.isVersionHelpRequested();
            if (asksForHelp || ProjectOptions.of(given.commandSpec()).isEmpty()) return ordered;
            List<String> added = new ArrayList<>();
            for (OptionSpec option : given.commandSpec().options()) {
                if (!given.hasMatchedOption(option)) fromEnvironment(option, added);
            }
            fromFile(added);
            int end = ordered.indexOf("--") < 0 ? ordered.size() : ordered.indexOf("--");
            ordered.addAll(end, added);
            return ordered;
        }

        /** Options before the command are those of the command; {@code local} is what {@code sam} has before it. */
        private List<String> commandFirst(List<String> words) {
            List<String> ordered = new ArrayList<>(words);
            for (int i = 0; i < ordered.size(); i = end(ordered, i)) {
                String word = ordered.get(i);
                if (word.equals("local")) ordered.remove(i--);
                else if (word.equals("help")) {
                    ordered.removeIf("local"::equals);
                    return ordered;
                } else if (commands.getSubcommands().containsKey(word)) {
                    ordered.add(0, ordered.remove(i));
                    return ordered;
                } else if (!word.startsWith("-") || word.equals("--")) return ordered;
            }
            return ordered;
        }

        /** The position after the word at one and the values of the option that it may be. */
        private int end(List<String> words, int position) {
            int most = position < 0 ? 0 : known(words.get(position)).map(option -> option.arity().max()).orElse(0);
            int next = position + 1;
            while (next < words.size() && next - position <= most && !words.get(next).matches("-.+")
                    && (most == 1 || !commands.getSubcommands().containsKey(words.get(next)))) next++;
            return next;
        }

        private Optional<OptionSpec> known(String name) {
            return Stream.concat(Stream.of(commands), commands.getSubcommands().values().stream())
                    .map(command -> command.getCommandSpec().findOption(name)).filter(Objects::nonNull).findFirst();
        }

        private void fromEnvironment(OptionSpec option, List<String> added) {
            VARIABLES.getOrDefault(option.longestName(), List.of()).stream()
                    .filter(name -> !environment.getOrDefault(name, "").isEmpty()).findFirst()
                    .ifPresent(name -> {
                        String value = environment.get(name);
                        if (option.arity().max() > 0) added.addAll(List.of(option.longestName(), value));
                        else if (SamConfig.isTrue(value)) added.add(option.longestName());
                        origins.add(option.longestName() + " " + value + " by the variable " + name);
                        places.put(option.longestName(), null);
                    });
        }

        private void fromFile(List<String> added) {
            Path template = given.matchedOptionValue("--template-file", fromEnvironment(added));
            Path file = given.matchedOptionValue("--config-file", null);
            String name = given.matchedOptionValue("--config-env", "default");
            String command = given.commandSpec().name();
            String section = SECTIONS.getOrDefault(command, "local_start_api");
            SamConfig.find(template, file, warnings).ifPresent(config -> {
                Map<String, Value> settings = config.settings(name, section, warnings);
                settings.forEach((key, value) -> fromFile(config, key, value, added));
                if (SECTIONS.containsKey(command)) config.warnOfUnknown(name, section, keys(), warnings);
            });
        }

        private static Path fromEnvironment(List<String> added) {
            int position = added.indexOf("--template-file");
            return position < 0 ? null : Path.of(added.get(position + 1));
        }

        private List<String> keys() {
            return given.commandSpec().options().stream().flatMap(option -> Arrays.stream(option.names()))
                    .filter(name -> name.startsWith("--")).map(Arguments::key).toList();
        }

        private static String key(String option) {
            return option.substring(2).replace('-', '_');
        }

        private void fromFile(SamConfig config, String key, Value value, List<String> added) {
            OptionSpec option = given.commandSpec().options().stream().filter(each -> Arrays.stream(each.names())
                    .anyMatch(name -> name.startsWith("--") && key(name).equals(key))).findFirst().orElse(null);
            boolean isTaken = option == null || given.hasMatchedOption(option)
                    || places.containsKey(option.longestName());
            if (isTaken) return;
            places.put(option.longestName(), value.place());
            List<String> texts = config.texts(key, value, option);
            origins.add(option.longestName() + " " + String.join(" ", texts) + " by " + value.place());
            boolean isFlag = option.arity().max() == 0;
            if (isFlag && SamConfig.isTrue(texts.get(0))) added.add(option.longestName());
            if (!isFlag) texts.forEach(text -> added.addAll(List.of(option.longestName(), text)));
        }

        /** Writes the options of the command line to a samconfig file, and says to which. */
        String save(ParseResult parsed) {
            Map<String, Object> values = new LinkedHashMap<>();
            for (OptionSpec option : given.commandSpec().options()) {
                boolean isSaved = given.hasMatchedOption(option) && !NEVER_SAVED.contains(option.longestName());
                if (isSaved) values.put(key(option.longestName()), saved(option));
            }
            Path file = parsed.matchedOptionValue("--config-file", null);
            Path template = parsed.matchedOptionValue("--template-file", null);
            String name = parsed.matchedOptionValue("--config-env", "default");
            return SamConfig.save(template, file, name, SECTIONS.get(given.commandSpec().name()), values);
        }

        private static Object saved(OptionSpec option) {
            List<String> texts = option.originalStringValues();
            if (option.arity().max() == 0) return true;
            if (option.longestName().equals("--parameter-overrides")) return String.join(" ", texts);
            return option.isMultiValue() ? texts : texts.get(texts.size() - 1);
        }
    }

    // ---- Options: what commands share ------------------------------------------------------------------------------

    /** The options of each command that reads a template. */
    static final class ProjectOptions {
        @Option(names = {"-t", "--template", "--template-file"}, paramLabel = "FILE",
                description = "template (default: template.yaml, template.yml or template.json)")
        private Path template;

        @Option(names = "--parameter-overrides", paramLabel = "NAME=VALUE", arity = "1..*",
                description = "values of the template's parameters")
        private List<String> overrides = List.of();

        @Option(names = "--region", paramLabel = "REGION",
                description = "AWS_REGION of the functions, AWS::Region of the template (default: us-east-1)")
        private String region;

        @Option(names = "--config-file", paramLabel = "FILE",
                description = "file with options (default: samconfig.toml, .yaml or .yml beside the template)")
        private Path configFile;

        @Option(names = "--config-env", paramLabel = "NAME", defaultValue = "default",
                description = "environment in that file whose options count (default: ${DEFAULT-VALUE})")
        private String configEnvironment;

        @Option(names = "--offline", description = "download nothing: use the libraries that are here")
        private boolean offline;

        static Optional<ProjectOptions> of(CommandSpec command) {
            return Optional.ofNullable(command.mixins().get("project")).map(spec -> (ProjectOptions) spec.userObject());
        }

        /** The template as it is written, never the copy that a build of it has left. */
        Path template() {
            return template == null ? Config.findTemplate() : Config.source(template);
        }

        /** Says so where another template is read than was named. */
        Optional<String> remark() {
            return Optional.ofNullable(template).filter(named -> !Config.source(named).equals(named))
                    .map(named -> "`" + Place.display(named) + "` is a build of `"
                            + Place.display(Config.source(named)) + "`, which is served as it is now");
        }

        Map<String, String> parameters() {
            Map<String, String> parameters = new LinkedHashMap<>(Config.parameters(overrides));
            if (region != null) parameters.put(Intrinsics.REGION_PARAMETER, region);
            return parameters;
        }

        Builds builds(Console console) {
            return new Builds(offline, console);
        }
    }

    /** The options of each command that runs functions. */
    static final class FunctionOptions {
        @Option(names = {"-n", "--env-vars"}, paramLabel = "FILE",
                description = "environment variables per function, as JSON or .env")
        private Path variables;

        @Option(names = "--container-env-vars", paramLabel = "FILE",
                description = "more of them, while a debugger can attach")
        private Path debugVariables;

        @Option(names = "--profile", paramLabel = "NAME", description = "AWS_PROFILE of the functions")
        private String profile;

        @Option(names = {"-d", "--debug-port"}, paramLabel = "PORT", split = ",",
                description = "let debuggers attach to this port; invoke waits for one, a server does not")
        private List<Integer> debugPorts = List.of();

        @Option(names = "--debug-args", paramLabel = "OPTIONS", description = "options of the JVM while debugging")
        private String debugOptions = "";

        @Option(names = {"-l", "--log-file"}, paramLabel = "FILE",
                description = "write what functions print to this file too")
        private Path log;

        @Option(names = "--save-params", description = "save the options of this command line in samconfig.toml")
        private boolean saves;

        static Optional<FunctionOptions> of(CommandSpec command) {
            return Optional.ofNullable(command.mixins().get("functions"))
                    .map(spec -> (FunctionOptions) spec.userObject());
        }

        Path variables() {
            return variables;
        }

        boolean saves() {
            return saves;
        }

        /** What a debugger is to attach to, where one is asked for and this process is not it yet. */
        Optional<Debuggee> debuggee(boolean waits) {
            if (debugPorts.isEmpty() || ProcessDefaults.isDebugged()) return Optional.empty();
            return Optional.of(Debuggee.at(debugPorts.get(0), debugOptions, waits));
        }

        /** Says so where more than one port was asked for. */
        Optional<String> remark() {
            return debugPorts.size() < 2 ? Optional.empty()
                    : Optional.of("one port debugs all functions: " + debugPorts.get(0));
        }

        /** The file to copy the functions' output to, empty at start. */
        Optional<PrintStream> log() {
            if (log == null) return Optional.empty();
            try {
                return Optional.of(new PrintStream(Files.newOutputStream(log), true, UTF_8));
            } catch (IOException e) {
                throw Fault.usage("`--log-file`: cannot write `" + log + "`: " + Fault.reason(e), null);
            }
        }

        /** Which functions run, and how; {@code runtime} may be null. */
        Config.Functions config(ProjectOptions project, List<String> only, String runtime, boolean watches,
                boolean isEager) {
            Map<String, String> shared = new LinkedHashMap<>();
            if (project.region != null) {
                shared.put("AWS_REGION", project.region);
                shared.put("AWS_DEFAULT_REGION", project.region);
            }
            if (profile != null) shared.put("AWS_PROFILE", profile);
            Path more = ProcessDefaults.isDebugged() ? debugVariables : null;
            return new Config.Functions(only, runtime, shared, more, watches, isEager);
        }
    }

    /** The options of a server. */
    static final class ServerOptions {
        @Option(names = {"-p", "--port"}, paramLabel = "PORT",
                description = "port to listen on, 0 for any free one (default: 3000, start-lambda 3001)")
        private Integer port;

        @Option(names = "--host", paramLabel = "HOST", defaultValue = "127.0.0.1",
                description = "address to listen on (default: ${DEFAULT-VALUE})")
        private String host;

        @Option(names = "--concurrency", paramLabel = "N", defaultValue = "4",
                description = "most requests that a function runs at once (default: ${DEFAULT-VALUE})")
        private int concurrency;

        @Option(names = "--fresh", description = "make each request a cold start")
        private boolean fresh;

        @Option(names = "--warm-containers", paramLabel = "WHEN",
                description = "EAGER starts all functions at once, LAZY each with its first request (default: LAZY)")
        private Warm warm;

        @Option(names = "--no-watch", description = "keep serving what was read first, whatever is edited")
        private boolean unwatched;

        @Option(names = "--disable-authorizer", description = "let requests pass without asking authorizers")
        private boolean unauthorized;

        @Option(names = "--strict", description = "answer failures in the gateway's words, without what is wrong")
        private boolean strict;

        @Option(names = "--cors", paramLabel = "ORIGIN",
                description = "let front ends of this origin in, * for any, where the template has no CORS")
        private String origin;

        @Option(names = {"-s", "--static-dir"}, paramLabel = "DIR",
                description = "folder of static files (default: public beside the template, if it is there)")
        private Path files;

        @Option(names = "--ssl", description = "serve https with a certificate of its own for localhost")
        private boolean ssl;

        @Option(names = "--ssl-cert-file", paramLabel = "FILE",
                description = "serve https with this certificate, or chain of them, in PEM")
        private Path certificate;

        @Option(names = "--ssl-key-file", paramLabel = "FILE", description = "private key of the certificate")
        private Path key;

        @Option(names = "--inspector-port", paramLabel = "PORT",
                description = "port of the inspector's page (default: that of the APIs, below /_samlocal/)")
        private Integer inspectorPort;

        @Option(names = "--no-inspector", description = "keep and show no requests")
        private boolean uninspected;

        @Option(names = "--jwks", paramLabel = "FILE",
                description = "key set that tokens of JWT and Cognito authorizers are verified with; repeatable")
        private List<Path> keySets = List.of();

        @Option(names = "--api-key", paramLabel = "KEY",
                description = "API key that is known, any without it; repeatable")
        private List<String> apiKeys = List.of();

        /** When functions are initialized. */
        enum Warm {
            EAGER, LAZY
        }

        Config.Front front() {
            int beside = uninspected ? Inspector.OFF : Inspector.BESIDE;
            return new Config.Front(files, ssl, certificate, key,
                    uninspected || inspectorPort == null ? beside : port("--inspector-port", inspectorPort));
        }

        Integration.Rules rules() {
            return new Integration.Rules(!unauthorized, strict, origin, keySets, apiKeys);
        }

        int port(int otherwise) {
            return port("--port", port == null ? otherwise : port);
        }

        private static int port(String option, int wanted) {
            if (wanted >= 0 && wanted <= 65535) return wanted;
            throw Fault.usage("`" + option + "` is a number from 0 to 65535, not " + wanted, null);
        }

        String host() {
            return host;
        }

        LambdaFunction.Limits limits() {
            if (concurrency >= 1 && concurrency <= 1000) return new LambdaFunction.Limits(concurrency, fresh);
            throw Fault.usage("`--concurrency` is a number from 1 to 1000, not " + concurrency, null);
        }

        boolean watches() {
            return !unwatched;
        }

        boolean isEager() {
            return warm == Warm.EAGER;
        }
    }

    /** The options of {@code sam local} that concern containers, or what is so here anyway: taken, and left alone. */
    static final class DockerOptions {
        static final String FOOTER = "%nsam local's options for Docker are taken, and have no effect here.%n";
        private static final List<String> COMMANDS = List.of("start-api", "start-lambda", "invoke");
        private static final List<String> FLAGS = List.of("--skip-pull-image", "--force-image-build", "--shutdown",
                "--no-memory-limit", "--mount-symlinks", "--no-mount-symlinks", "--beta-features",
                "--no-beta-features", "--language-extensions", "--no-language-extensions");
        private static final List<String> VALUES = List.of("--debugger-path", "-v --docker-volume-basedir",
                "--layer-cache-basedir", "--docker-network", "--container-host", "--container-host-interface",
                "--add-host", "--container-dns", "-ii --invoke-image", "--debug-function", "--durable-execution-name");
        /** What makes {@code sam} read another kind of project. */
        private static final List<String> TERRAFORM = List.of("--hook-name", "--terraform-plan-file");

        private DockerOptions() {
        }

        static void addTo(CommandLine commands) {
            addTo(commands.getCommandSpec());
            COMMANDS.forEach(name -> addTo(commands.getSubcommands().get(name).getCommandSpec()));
        }

        private static void addTo(CommandSpec command) {
            FLAGS.forEach(name -> command.addOption(OptionSpec.builder(name).hidden(true).build()));
            Stream.of(VALUES, TERRAFORM).flatMap(List::stream).forEach(names -> command.addOption(
                    OptionSpec.builder(names.split(" ")).hidden(true).type(List.class).auxiliaryTypes(String.class)
                            .arity("1").build()));
        }

        /**
         * One line about those that were given.
         *
         * @throws Fault where one asks for what is not to be had
         */
        static Optional<String> remark(ParseResult parsed) {
            TERRAFORM.stream().filter(parsed::hasMatchedOption).findFirst().ifPresent(name -> {
                throw Fault.usage("`" + name + "`: Terraform projects are not read, only templates", null);
            });
            String given = Stream.of(FLAGS, VALUES).flatMap(List::stream)
                    .map(names -> names.substring(names.indexOf("--"))).filter(parsed::hasMatchedOption)
                    .collect(Collectors.joining(", "));
            return given.isEmpty() ? Optional.empty()
                    : Optional.of("no effect here, where functions run without Docker: " + given);
        }
    }

    // ---- SamConfig: options that a project keeps in a file ---------------------------------------------------------

    /**
     * A samconfig file (SAM Developer Guide, "AWS SAM CLI configuration file"): options by environment and command,
     * with those of {@code global} beneath.
     */
    record SamConfig(Path file, Mapping root) {
        private static final List<String> NAMES = List.of("samconfig.toml", "samconfig.yaml", "samconfig.yml");
        private static final int MOST_BYTES = 1 << 20;
        private static final Pattern HEADER = Pattern.compile("\\s*\\[.*");
        private static final String PARAMETERS = "parameter_overrides";

        /** Whether a text says yes, as {@code sam} reads it. */
        static boolean isTrue(String text) {
            return text.matches("(?i)true|1|yes|on|t|y");
        }

        /**
         * The file that was named, else the first in the template's folder; either may be null.
         *
         * @throws Fault if the named one is not there, or if it cannot be read
         */
        static Optional<SamConfig> find(Path template, Path named, List<Problem> warnings) {
            Path folder = folder(template);
            if (named == null) return find(folder, warnings).map(SamConfig::read);
            return Optional.of(read(Stream.of(named, folder.resolve(named)).filter(Files::exists).findFirst()
                    .orElseThrow(() -> Fault.usage("`--config-file`: no file `" + named + "`", null))));
        }

        private static Path folder(Path template) {
            Path folder = template == null ? null : Config.source(template).getParent();
            return folder == null ? Path.of("") : folder;
        }

        private static Optional<Path> find(Path folder, List<Problem> warnings) {
            List<Path> found = NAMES.stream().map(folder::resolve).filter(Files::isRegularFile).toList();
            if (found.size() > 1) {
                warnings.add(new Problem("`" + Place.display(found.get(0)) + "` is read, `" + found.get(1).getFileName()
                        + "` is not", null, "name another one with `--config-file FILE`"));
            }
            return found.stream().findFirst();
        }

        private static SamConfig read(Path file) {
            String name = Place.display(file);
            try {
                if (Files.isRegularFile(file) && Files.size(file) > MOST_BYTES) {
                    throw Fault.project("`" + name + "` has more than 1 MB");
                }
                String text = Files.readString(file);
                if (name.endsWith(".toml")) return new SamConfig(file, Toml.read(name, text));
                if (!name.matches(".*\\.ya?ml")) throw Fault.usage("`" + name + "` is no .toml, .yaml or .yml", null);
                if (Template.values(name, text) instanceof Mapping map) return new SamConfig(file, map);
                throw Fault.project("`" + name + "` must be a map of environments");
            } catch (CharacterCodingException e) {
                throw Fault.project("`" + name + "` is not UTF-8 text");
            } catch (IOException e) {
                throw Fault.project("cannot read `" + name + "`: " + Fault.reason(e));
            }
        }

        /** The options of a command in an environment, by their keys. */
        Map<String, Value> settings(String environment, String section, List<Problem> warnings) {
            if (root.value("version").map(Value::plain).filter(Number.class::isInstance).isEmpty()) {
                warnings.add(new Problem("no `version`, without which sam refuses this file",
                        new Place(Place.display(file), List.of(), 0, 0, 0), "write `version = 0.1` in its first line"));
            }
            if (!environment.equals("default") && !root.entries().containsKey(environment)) {
                List<String> known = root.entries().keySet().stream().filter(key -> !key.equals("version")).toList();
                warnings.add(new Problem("`" + Place.display(file) + "` has no environment `" + environment + "`", null,
                        "it has " + String.join(", ", known)));
            }
            Map<String, Value> settings = new LinkedHashMap<>(parameters(environment, "global").entries());
            settings.putAll(parameters(environment, section).entries());
            return settings;
        }

        private Mapping parameters(String environment, String section) {
            return root.mapping(environment).mapping(section).mapping("parameters");
        }

        /** Tells of keys that name no option, and of a section that is most likely meant for this command. */
        void warnOfUnknown(String environment, String section, Collection<String> known, List<Problem> warnings) {
            Mapping own = parameters(environment, section);
            own.keys().forEach((key, place) -> {
                if (known.contains(key)) return;
                warnings.add(new Problem("`" + key + "` is no option of this command", place,
                        Nearest.to(key.replace('-', '_'), known).map(near -> "did you mean `" + near + "`?")
                                .orElse(null)));
            });
            root.mapping(environment).keys().forEach((key, place) -> {
                String meant = "local_" + key.replace('-', '_').replaceFirst("^local_", "");
                if (key.equals(section) || !meant.equals(section)) return;
                warnings.add(new Problem("`" + key + "` is not read", place, "did you mean `" + section + "`?"));
            });
        }

        /**
         * A value as the words that a command line would have for it.
         *
         * @throws Fault if an option takes no such value
         */
        List<String> texts(String key, Value value, OptionSpec option) {
            if (key.equals(PARAMETERS)) return List.of(String.join(" ", overrides(value)));
            if (value instanceof Sequence list && option.isMultiValue()) {
                return list.items().stream().map(item -> text(key, item)).toList();
            }
            String text = text(key, value);
            boolean isFlag = option.arity().max() == 0;
            if (isFlag && !isTrue(text) && !text.matches("(?i)false|0|no|off|f|n")) {
                throw new Fault(new Problem("`" + key + "` is true or false", value.place(), null), Fault.USAGE);
            }
            return List.of(option.type() == Path.class ? path(text) : text);
        }

        private static String text(String key, Value value) {
            if (value instanceof Scalar scalar) return scalar.text();
            throw new Fault(new Problem("`" + key + "` takes one value", value.place(), null), Fault.USAGE);
        }

        /** By the working folder, as {@code sam} has it; else beside this file. */
        private String path(String text) {
            Path beside = file.resolveSibling(text);
            return !Files.exists(Path.of(text)) && Files.exists(beside) ? beside.toString() : text;
        }

        /** Parameters of the template: one text, a list of texts, or a map. */
        private static List<String> overrides(Value value) {
            if (value instanceof Scalar scalar) return List.of(scalar.text());
            if (value instanceof Sequence list) return list.items().stream().map(SamConfig::overrides)
                    .flatMap(List::stream).toList();
            List<String> pairs = new ArrayList<>();
            ((Mapping) value).entries().forEach((name, each) -> pairs.add(name + "="
                    + quoted(each instanceof Sequence list ? list.items().stream().map(SamConfig::parameter)
                            .collect(Collectors.joining(",")) : parameter(each))));
            return pairs;
        }

        private static String parameter(Value value) {
            String text = text(PARAMETERS, value);
            return value.plain() instanceof Boolean isTrue ? isTrue ? "True" : "False" : text;
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }

        /**
         * Writes options into the section of a command, in the place of those of the same name, and leaves all else
         * as it is.
         *
         * @return the file's name
         * @throws Fault if it is no TOML file, or cannot be written
         */
        static String save(Path template, Path named, String environment, String section, Map<String, Object> values) {
            Path file = named != null ? named : find(folder(template), new ArrayList<>())
                    .orElse(folder(template).resolve(NAMES.get(0)));
            String name = Place.display(file);
            if (!name.endsWith(".toml")) throw Fault.usage("`--save-params` writes TOML, not `" + name + "`", null);
            try {
                List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file)
                        : List.of("version = 0.1"));
                if (Files.exists(file)) read(file);
                put(lines, "[" + environment + "." + section + ".parameters]", values);
                Files.write(file, lines);
                return name;
            } catch (IOException e) {
                throw Fault.project("cannot write `" + name + "`: " + Fault.reason(e));
            }
        }

        private static void put(List<String> lines, String header, Map<String, Object> values) {
            int start = IntStream.range(0, lines.size()).filter(i -> lines.get(i).replaceAll("\\s|#.*", "")
                    .equals(header)).findFirst().orElse(-1);
            if (start < 0) {
                lines.addAll(List.of("", header));
                start = lines.size() - 1;
            }
            int first = start + 1;
            int end = IntStream.range(first, lines.size()).filter(i -> HEADER.matcher(lines.get(i)).matches())
                    .findFirst().orElse(lines.size());
            lines.subList(first, end).removeIf(line -> values.containsKey(line.replaceFirst("\\s*=.*", "").strip()));
            lines.addAll(first, values.entrySet().stream()
                    .map(entry -> entry.getKey() + " = " + toml(entry.getValue())).toList());
        }

        private static String toml(Object value) {
            if (value instanceof List<?> list) {
                return list.stream().map(SamConfig::toml).collect(Collectors.joining(", ", "[", "]"));
            }
            String text = value.toString();
            return text.matches("true|false|0|[1-9]\\d{0,8}") ? text : Json.write(text);
        }
    }

    // ---- Debuggee: this program in a process that debuggers can attach to ------------------------------------------

    /**
     * A JVM takes its debug agent at its start only, and this one has started: so the program runs again in a process
     * of its own, which ends with this one.
     *
     * @param agent the JVM's options for it
     * @param waits whether the program starts when a debugger has come
     */
    record Debuggee(int port, List<String> agent, boolean waits) {
        private static final String MARK = "samlocal.debuggee";

        /**
         * One for a port, which must be free.
         *
         * @param options more options of the JVM; an agent of their own counts
         * @throws Fault if the port is no port, or is taken
         */
        static Debuggee at(int port, String options, boolean waits) {
            if (port < 1 || port > 65535) {
                throw Fault.usage("`--debug-port` is a number from 1 to 65535, not " + port, null);
            }
            List<String> agent = Arrays.stream(options.split("\\s+")).filter(option -> !option.isEmpty())
                    .collect(Collectors.toCollection(ArrayList::new));
            if (agent.stream().anyMatch(option -> option.contains("jdwp"))) return new Debuggee(port, agent, waits);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                agent.add(0, "-agentlib:jdwp=transport=dt_socket,server=y,quiet=y,suspend=" + (waits ? "y" : "n")
                        + ",address=127.0.0.1:" + free.getLocalPort());
                return new Debuggee(port, agent, waits);
            } catch (IOException e) {
                throw Fault.project("cannot debug at 127.0.0.1:" + port + ": address already in use", null,
                        "end what listens there, or choose another port with `--debug-port`");
            }
        }

        /** Runs the program with its arguments, and returns its exit status. */
        int run(List<String> arguments, Console console) {
            console.note("debuggers attach to 127.0.0.1:" + port + (waits ? ", the program waits for one" : ""));
            try {
                Process process = new ProcessBuilder(command(arguments)).inheritIO().start();
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
                return process.waitFor();
            } catch (IOException e) {
                throw Fault.project("cannot start a process for the debugger: " + Fault.reason(e));
            } catch (InterruptedException e) {
                throw Fault.project("interrupted");
            }
        }

        private List<String> command(List<String> arguments) {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(agent);
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-D" + MARK + "=true", "-cp", System.getProperty("java.class.path"),
                    ServerLocal.class.getName()));
            command.addAll(arguments);
            return command;
        }

        private static void end(Process process) {
            process.destroy();
            try {
                if (!process.waitFor(2, TimeUnit.SECONDS)) process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        }

        /** In such a process: the end of the one that started it, however it came, is its own. */
        static void endWithParent() {
            if (!Boolean.getBoolean(MARK)) return;
            ProcessHandle.current().parent().ifPresent(parent ->
                    parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
        }
    }

    // ---- Scaffold: the files of a new project ----------------------------------------------------------------------

    /** A project with one function behind one path, for this program as for {@code sam build} and {@code deploy}. */
    record Scaffold(Layout layout, String runtime, String architecture) {
        /** What builds it. */
        enum Layout {
            maven, gradle, plain
        }

        private static final List<Integer> RELEASES = List.of(25, 21, 17, 11);
        private static final String CODE = "HelloWorldFunction/";

        Scaffold {
            if (RELEASES.stream().noneMatch(release -> runtime.equals("java" + release))) {
                throw Fault.usage("`--runtime` is java11, java17, java21 or java25, not " + runtime, null);
            }
            if (!architecture.equals("x86_64") && !architecture.equals("arm64")) {
                throw Fault.usage("`--architecture` is x86_64 or arm64, not " + architecture, null);
            }
        }

        /** The newest of AWS's runtimes that this JVM can run. */
        static String newestRuntime() {
            return "java" + RELEASES.stream().filter(release -> release <= Runtime.version().feature()).findFirst()
                    .orElseThrow();
        }

        /**
         * Writes the files, and returns their names.
         *
         * @throws Fault if the folder is not new or empty
         */
        List<String> write(Path folder) {
            if (!isFree(folder)) {
                throw Fault.project("`" + folder + "` is not empty", null, "name a new folder: samlocal init NAME");
            }
            Map<String, String> files = files(stackName(folder));
            try {
                for (Map.Entry<String, String> file : files.entrySet()) {
                    Path path = folder.resolve(file.getKey());
                    Files.createDirectories(path.getParent());
                    Files.writeString(path, file.getValue());
                }
            } catch (IOException e) {
                throw Fault.project("cannot write to `" + folder + "`: " + Fault.reason(e));
            }
            return List.copyOf(files.keySet());
        }

        private static boolean isFree(Path folder) {
            if (!Files.exists(folder)) return true;
            try (Stream<Path> files = Files.list(folder)) {
                return files.findAny().isEmpty();
            } catch (IOException e) {
                return false;
            }
        }

        /** CloudFormation takes letters, digits and hyphens, a letter first. */
        private static String stackName(Path folder) {
            String name = folder.toAbsolutePath().normalize().getFileName() == null ? ""
                    : folder.toAbsolutePath().normalize().getFileName().toString();
            String letters = name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^[^A-Za-z]+|-+$", "");
            return letters.isEmpty() ? "sam-app" : letters.substring(0, Math.min(100, letters.length()));
        }

        static String nextSteps(Path folder) {
            return """
                    cd %s
                    samlocal
                    curl 'http://127.0.0.1:3000/hello?name=you'
                    """.formatted(folder.toString().contains(" ") ? "'" + folder + "'" : folder);
        }

        private Map<String, String> files(String name) {
            Map<String, String> files = new LinkedHashMap<>();
            files.put("template.yaml", template(name));
            files.put("samconfig.toml", SAM_CONFIG.formatted(name));
            files.put("README.md", README.formatted(name, TESTS.get(layout)));
            files.put(".gitignore", ".aws-sam/\ntarget/\nbuild/\n.gradle/\n*.class\n");
            files.put("events/event.json", EVENT);
            String sources = layout == Layout.plain ? CODE : CODE + "src/main/java/";
            String tests = layout == Layout.plain ? "tests/" : CODE + "src/test/java/";
            files.put(sources + "helloworld/App.java", layout == Layout.plain ? PLAIN_APP : APP);
            files.put(tests + "helloworld/AppTest.java", layout == Layout.plain ? PLAIN_TEST : TEST);
            files.putAll(build(runtime.substring(4)));
            return files;
        }

        private Map<String, String> build(String release) {
            return switch (layout) {
                case maven -> Map.of(CODE + "pom.xml", POM.replace("RELEASE", release));
                case gradle -> Map.of(CODE + "build.gradle", GRADLE.replace("RELEASE", release),
                        CODE + "settings.gradle", "rootProject.name = 'HelloWorldFunction'\n");
                case plain -> Map.of(CODE + "Makefile", MAKEFILE.replace("RELEASE", release));
            };
        }

        private String template(String name) {
            String handler = layout == Layout.plain ? "handle" : "handleRequest";
            String metadata = layout == Layout.plain ? "    Metadata:\n      BuildMethod: makefile\n" : "";
            return TEMPLATE.formatted(name, runtime, architecture, metadata, handler);
        }

        private static final String TEMPLATE = """
                AWSTemplateFormatVersion: '2010-09-09'
                Transform: AWS::Serverless-2016-10-31
                Description: %s

                Globals:
                  Function:
                    Runtime: %s
                    Architectures: [%s]
                    MemorySize: 512
                    Timeout: 20

                Resources:
                  HelloWorldFunction:
                    Type: AWS::Serverless::Function
                %s    Properties:
                      CodeUri: HelloWorldFunction
                      Handler: helloworld.App::%s
                      Environment:
                        Variables:
                          GREETING: hello
                      Events:
                        HelloWorld:
                          Type: Api
                          Properties:
                            Path: /hello
                            Method: get

                Outputs:
                  HelloWorldApi:
                    Description: Where the API answers
                    Value: !Sub https://${ServerlessRestApi}.execute-api.${AWS::Region}.amazonaws.com/Prod/hello
                  HelloWorldFunction:
                    Description: The function's ARN
                    Value: !GetAtt HelloWorldFunction.Arn
                """;

        private static final String SAM_CONFIG = """
                version = 0.1

                [default.global.parameters]
                stack_name = "%s"

                [default.deploy.parameters]
                capabilities = "CAPABILITY_IAM"
                confirm_changeset = true
                resolve_s3 = true
                """;

        private static final String APP = """
                package helloworld;

                import com.amazonaws.services.lambda.runtime.Context;
                import com.amazonaws.services.lambda.runtime.RequestHandler;
                import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
                import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;
                import java.util.Map;

                /** Greets whom the query names. */
                public class App implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                    @Override
                    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent request,
                            Context context) {
                        Map<String, String> query = request.getQueryStringParameters();
                        String name = query == null ? "world" : query.getOrDefault("name", "world");
                        String greeting = System.getenv().getOrDefault("GREETING", "hello");
                        return new APIGatewayProxyResponseEvent()
                                .withStatusCode(200)
                                .withHeaders(Map.of("Content-Type", "text/plain"))
                                .withBody(greeting + " " + name);
                    }
                }
                """;

        private static final String TEST = """
                package helloworld;

                import static org.junit.jupiter.api.Assertions.assertEquals;

                import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
                import java.util.Map;
                import org.junit.jupiter.api.Test;

                class AppTest {
                    @Test
                    void greetsTheWorld() {
                        assertEquals("hello world", body(new APIGatewayProxyRequestEvent()));
                    }

                    @Test
                    void greetsWhomTheQueryNames() {
                        assertEquals("hello you", body(new APIGatewayProxyRequestEvent()
                                .withQueryStringParameters(Map.of("name", "you"))));
                    }

                    private static String body(APIGatewayProxyRequestEvent request) {
                        return new App().handleRequest(request, null).getBody();
                    }
                }
                """;

        private static final String PLAIN_APP = """
                package helloworld;

                import java.util.Map;

                /** Greets whom the query names. */
                public class App {
                    public Map<String, Object> handle(Map<String, Object> request) {
                        Object query = request.get("queryStringParameters");
                        Object name = query instanceof Map ? ((Map<?, ?>) query).get("name") : null;
                        String greeting = System.getenv().getOrDefault("GREETING", "hello");
                        return Map.of("statusCode", 200,
                                "headers", Map.of("Content-Type", "text/plain"),
                                "body", greeting + " " + (name == null ? "world" : name));
                    }
                }
                """;

        private static final String PLAIN_TEST = """
                package helloworld;

                import java.util.Map;

                /** Fails with an error where the function is wrong. */
                public class AppTest {
                    public static void main(String[] arguments) {
                        assertBody("hello world", Map.of());
                        assertBody("hello you", Map.of("queryStringParameters", Map.of("name", "you")));
                        System.out.println("2 passed");
                    }

                    private static void assertBody(String expected, Map<String, Object> request) {
                        Object body = new App().handle(request).get("body");
                        if (!expected.equals(body)) throw new AssertionError(body);
                    }
                }
                """;

        private static final String EVENT = """
                {
                  "resource": "/hello",
                  "path": "/hello",
                  "httpMethod": "GET",
                  "headers": {"Accept": "*/*"},
                  "queryStringParameters": {"name": "event"},
                  "pathParameters": null,
                  "requestContext": {"resourcePath": "/hello", "httpMethod": "GET", "stage": "Prod"},
                  "body": null,
                  "isBase64Encoded": false
                }
                """;

        private static final Map<Layout, String> TESTS = Map.of(
                Layout.maven, "mvn -f HelloWorldFunction test",
                Layout.gradle, "gradle -p HelloWorldFunction test",
                Layout.plain, "javac -d build $(find HelloWorldFunction tests -name '*.java') && "
                        + "java -cp build helloworld.AppTest");

        private static final String README = """
                # %s

                One function behind `GET /hello`, for AWS Lambda and API Gateway.

                ```
                samlocal                                      # serves http://127.0.0.1:3000/hello
                samlocal invoke --event events/event.json     # calls the function alone
                %s
                sam build && sam deploy                       # puts it on AWS
                ```

                `template.yaml` says what there is, `HelloWorldFunction` is its code. An edit of either is live with the
                next request to `samlocal`.
                """;

        private static final String POM = """
                <?xml version="1.0" encoding="UTF-8"?>
                <project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                    xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>helloworld</groupId>
                  <artifactId>HelloWorldFunction</artifactId>
                  <version>1.0</version>

                  <properties>
                    <maven.compiler.source>RELEASE</maven.compiler.source>
                    <maven.compiler.target>RELEASE</maven.compiler.target>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>

                  <dependencies>
                    <dependency>
                      <groupId>com.amazonaws</groupId>
                      <artifactId>aws-lambda-java-core</artifactId>
                      <version>1.4.0</version>
                    </dependency>
                    <dependency>
                      <groupId>com.amazonaws</groupId>
                      <artifactId>aws-lambda-java-events</artifactId>
                      <version>3.16.1</version>
                    </dependency>
                    <dependency>
                      <groupId>org.junit.jupiter</groupId>
                      <artifactId>junit-jupiter</artifactId>
                      <version>5.14.4</version>
                      <scope>test</scope>
                    </dependency>
                  </dependencies>

                  <build>
                    <plugins>
                      <plugin>
                        <artifactId>maven-compiler-plugin</artifactId>
                        <version>3.14.1</version>
                      </plugin>
                      <plugin>
                        <artifactId>maven-surefire-plugin</artifactId>
                        <version>3.5.4</version>
                      </plugin>
                    </plugins>
                  </build>
                </project>
                """;

        private static final String GRADLE = """
                plugins {
                    id 'java'
                }

                repositories {
                    mavenCentral()
                }

                dependencies {
                    implementation 'com.amazonaws:aws-lambda-java-core:1.4.0'
                    implementation 'com.amazonaws:aws-lambda-java-events:3.16.1'
                    testImplementation 'org.junit.jupiter:junit-jupiter:5.14.4'
                    testRuntimeOnly 'org.junit.platform:junit-platform-launcher'
                }

                java {
                    sourceCompatibility = JavaVersion.toVersion('RELEASE')
                    targetCompatibility = JavaVersion.toVersion('RELEASE')
                }

                test {
                    useJUnitPlatform()
                }
                """;

        private static final String MAKEFILE = """
                # For sam build: compiles the sources into the folder that is deployed.
                build-HelloWorldFunction:
                \tjavac --release RELEASE -d "$(ARTIFACTS_DIR)" $$(find . -name '*.java')
                """;
    }

    // ---- Check: what would not work --------------------------------------------------------------------------------

    /** Looks at all of a project without serving it: template, routes, code, handlers, variables. */
    static final class Check {
        /** How bad a finding is; the words are those that are printed. */
        enum Severity {
            ok, warning, error
        }

        /** One finding: {@code where} is a place or a function, {@code hint} may be null. */
        record Finding(Severity severity, String where, String message, String hint) {
        }

        private static final Set<String> METHODS = Set.of("ANY", "GET", "PUT", "POST", "DELETE", "PATCH", "HEAD",
                "OPTIONS");
        private final Map<Codebase.Key, Codebase> codebases = new HashMap<>();
        private final Set<Codebase> compiled = new HashSet<>();
        private final List<Finding> findings = new ArrayList<>();
        private final Builds builds;

        Check(Builds builds) {
            this.builds = builds;
        }

        /** Everything that was found, good and bad, in the order of the template. */
        List<Finding> run(Path template, Map<String, String> parameters) {
            try {
                check(Project.read(template, parameters), Place.display(template));
            } catch (Fault fault) {
                fault.problems().forEach(problem -> add(Severity.error, problem));
            }
            return findings;
        }

        private void check(Project project, String template) {
            long apis = project.routes().stream().map(Route::api).distinct().count();
            add(Severity.ok, template, Console.count(project.functions().size(), "function") + ", "
                    + Console.count((int) apis, "API") + ", " + Console.count(project.routes().size(), "route"), null);
            project.warnings().forEach(warning -> add(Severity.warning, warning));
            Stream.of(project.dangling(), project.obstacles()).flatMap(List::stream)
                    .forEach(problem -> add(Severity.error, problem));
            project.routes().forEach(this::check);
            project.functions().forEach(this::check);
        }

        private void add(Severity severity, Problem problem) {
            String where = problem.place() == null ? "" : problem.place().toString();
            add(severity, where, problem.message(), problem.hint());
        }

        private void add(Severity severity, String where, String message, String hint) {
            findings.add(new Finding(severity, where, message, hint));
        }

        /** What API Gateway refuses when it is deployed, or could never reach. */
        private void check(Route route) {
            String where = route.source() == null ? route.toString() : route.source().toString();
            if (route.path().matches(".*\\{[^}]*\\+}.+")) {
                add(Severity.error, where, "`" + route + "` never matches: a proxy is the end of a path", null);
            } else if (!route.path().startsWith("/") && !route.path().equals("$default")) {
                add(Severity.error, where, "`" + route + "` never matches: a path begins with a slash", null);
            }
            if (!METHODS.contains(route.method())) {
                add(Severity.error, where, "`" + route.method() + "` is no method", null);
            }
        }

        private void check(FunctionDefinition function) {
            if (function.obstacle() != null) {
                add(Severity.warning, function.id(), function.obstacle(), null);
            } else if (Files.exists(function.code())) {
                if (function.isTooNew()) {
                    add(Severity.warning, function.id(), DevServer.tooNew(function), DevServer.newerJava(function));
                }
                checkCode(function);
            }
        }

        private void checkCode(FunctionDefinition function) {
            Codebase.Key key = new Codebase.Key(function.code(), function.layers(), function.release());
            Codebase codebase = codebases.computeIfAbsent(key, each -> new Codebase(each, builds,
                    problems -> problems.forEach(problem -> add(Severity.warning, problem))));
            Codebase.Build build = codebase.current();
            int before = findings.size();
            if (compiled.add(codebase)) build.errors().forEach(error -> add(Severity.error, error));
            if (build.errors().isEmpty()) checkHandler(function, build);
            boolean isGood = findings.stream().skip(before).noneMatch(finding -> finding.severity() == Severity.error);
            if (isGood && build.errors().isEmpty()) {
                add(Severity.ok, function.id(), function.handler() + ", "
                        + Console.count(build.sources().size(), "file"), null);
            }
        }

        private void checkHandler(FunctionDefinition function, Codebase.Build build) {
            try (Sandbox sandbox = new Sandbox(build.jars())) {
                CodeLoader code = sandbox.load(build.classes(), build.folders());
                Optional<String> problem = sandbox.inspect(code, function.handler());
                problem.ifPresent(message -> add(Severity.error, function.place().toString(),
                        function.id() + ": " + message, nearest(function, build, code)));
            }
            Set<String> set = ExecutionEnvironment.variables(function).keySet();
            String type = function.handler().replaceFirst("::.*", "");
            CodeLoader.variablesRead(type, build.classes()).stream().filter(name -> !set.contains(name)).forEach(name ->
                    add(Severity.warning, function.id(), "reads the variable `" + name + "`, which nothing sets",
                            null));
        }

        /** The class or the method that was most likely meant. */
        private static String nearest(FunctionDefinition function, Codebase.Build build, CodeLoader code) {
            String[] parts = function.handler().split("::", 2);
            Optional<String> type = build.classes().containsKey(parts[0]) ? Optional.empty()
                    : Nearest.to(parts[0], build.classes().keySet());
            Optional<String> method = parts.length < 2 ? Optional.empty()
                    : Nearest.to(parts[1], methods(parts[0], code));
            return type.or(() -> method).map(near -> "did you mean `" + near + "`?").orElse(null);
        }

        private static List<String> methods(String type, CodeLoader code) {
            try {
                return Arrays.stream(Class.forName(type, false, code).getMethods()).map(Method::getName).distinct()
                        .toList();
            } catch (ClassNotFoundException | LinkageError e) {
                return List.of();
            }
        }
    }

    // ---- DevServer: wires the rooms together -----------------------------------------------------------------------

    /** Holds the current deployment, and replaces it when the template changes. */
    static final class DevServer implements AutoCloseable {
        private static final int MOST_SPARE = 3;
        private final Config config;
        private final Console console;
        private final Codebases codebases;
        private final Sandboxes sandboxes = new Sandboxes();
        private volatile Gateway.Deployment deployment;
        private Variables variables;
        private Variables moreVariables;
        private Watched template;
        private final Builds builds;
        private StaticFiles files;
        private final Report report;
        private Gateway gateway;

        DevServer(Config config, Console console) {
            this(config, console, new Builds(false, console));
        }

        DevServer(Config config, Console console, Builds builds) {
            this.config = config;
            this.console = console;
            this.builds = builds;
            this.codebases = new Codebases(this::codebase);
            this.report = new Report(console);
        }

        /** Serves until this process ends. */
        void serve() {
            start();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                close();
            }
        }

        /** Opens the port and returns; compiling goes on in the background. */
        DevServer start() {
            long started = System.nanoTime();
            prepareProcess();
            Project project = Project.read(config.template(), config.parameters()).requireRunnable();
            template = new Watched(watched(project));
            deployment = deploy(project);
            files = new StaticFiles(config.servesApis() ? config.staticFolder() : null);
            gateway = new Gateway(this::current, config.rules(), files, config.tls(deployment.byName().keySet()),
                    report);
            gateway.inspect(Place.display(config.template()), config.inspectorPort());
            gateway.listen(config.host(), config.port());
            console.report(greeting(project, System.nanoTime() - started));
            inBackground("compile", this::compileAll);
            inBackground("warm up", this::warmUp);
            inBackground("watch", codebases::follow);
            return this;
        }

        /**
         * Invokes one function, the only one where {@code name} is null.
         *
         * @throws Fault if there is no such function
         */
        LambdaFunction.Run invoke(String name, Call call) {
            prepareProcess();
            Map<String, LambdaFunction> functions =
                    deploy(Project.read(config.template(), config.parameters()).requireRunnable()).functions();
            Collection<String> ids = new TreeSet<>(functions.keySet());
            if (name == null && ids.size() != 1) {
                throw Fault.project("which function? this template has " + String.join(", ", ids), null,
                        "name one: samlocal invoke FUNCTION");
            }
            String wanted = name == null ? ids.iterator().next() : name;
            LambdaFunction function = LambdaApi.find(wanted, functions)
                    .orElseThrow(() -> FunctionDefinition.unknown(wanted, ids));
            try (codebases) {
                return function.invoke(call);
            }
        }

        /** One process for all functions, in which they shall meet what they meet on AWS. */
        private static void prepareProcess() {
            ProcessStreams.install();
            ProcessDefaults.OF_LAMBDA.apply();
        }

        private Collection<Path> watched(Project project) {
            Set<Path> files = new LinkedHashSet<>(project.files());
            if (config.variables() != null && !isPipe(config.variables())) files.add(config.variables());
            return files;
        }

        /** What a shell hands over as {@code <(command)} can be read but once. */
        private static boolean isPipe(Path file) {
            return file != null && Files.exists(file) && !Files.isRegularFile(file);
        }

        /** What is done in advance may fail: the request that needs it will tell. */
        private void guarded(Runnable work) {
            try {
                work.run();
            } catch (RuntimeException | LinkageError error) {
                Fault fault = error instanceof Fault expected ? expected : Fault.ofOurOwn(error);
                console.report(console.errors(fault.problems()));
            }
        }

        private void warmUp() {
            deployment.functions().values().stream().filter(LambdaFunction::isServed).limit(MOST_SPARE)
                    .forEach(function -> sandboxes.prepare(Dependencies.lent()));
        }

        private void inBackground(String name, Runnable work) {
            Thread thread = new Thread(() -> guarded(work), name);
            thread.setDaemon(true);
            thread.start();
        }

        /** The port that is listened on. */
        int port() {
            return gateway.port();
        }

        @Override public void close() {
            gateway.close();
            deployment.functions().values().forEach(LambdaFunction::retire);
            codebases.close();
        }

        /** The deployment of the template as it is saved now; a template that is broken leaves the last good one. */
        private Gateway.Deployment current() {
            if (config.functions().watches()) template.ifChanged(this::reload);
            return deployment;
        }

        private Collection<Path> reload(Collection<Path> watched) {
            long started = System.nanoTime();
            String name = Place.display(config.template());
            try {
                Project project = Project.read(config.template(), config.parameters()).requireRunnable();
                deployment = deploy(project);
                console.reportNow("reload  " + name + " in " + Console.millis(System.nanoTime() - started) + "\n"
                        + summary(project));
                return watched(project);
            } catch (RuntimeException error) {
                Fault fault = error instanceof Fault expected ? expected : Fault.ofOurOwn(error);
                deployment = deployment.with(fault.problems());
                console.reportNow("reload  failed, what " + name + " last said is served\n"
                        + console.errors(fault.problems()));
                return watched;
            }
        }

        /** Functions that are the same as before keep their warm execution environments. */
        private Gateway.Deployment deploy(Project project) {
            if (variables == null || !isPipe(config.variables())) variables = Variables.read(config.variables());
            if (moreVariables == null) moreVariables = Variables.read(config.functions().moreVariables());
            Map<String, LambdaFunction> before = deployment == null ? Map.of() : deployment.functions();
            Map<String, LambdaFunction> functions = new HashMap<>();
            for (FunctionDefinition written : config.functions().of(project)) {
                FunctionDefinition definition = written.with(variables(written));
                LambdaFunction known = before.get(definition.id());
                boolean isSame = known != null && known.definition().isSameAs(definition);
                functions.put(definition.id(), isSame ? known : function(definition));
            }
            before.values().stream().filter(known -> !functions.containsValue(known)).forEach(LambdaFunction::retire);
            List<Route> routes = config.servesApis() ? project.routes() : List.of();
            return new Gateway.Deployment(new Router(reachable(routes)), byName(routes), functions);
        }

        private Map<String, String> variables(FunctionDefinition function) {
            Map<String, String> all = new LinkedHashMap<>(config.functions().shared());
            all.putAll(variables.of(function));
            all.putAll(moreVariables.of(function));
            return all;
        }

        private static Map<String, Router> byName(List<Route> routes) {
            Map<String, List<Route>> byName = new LinkedHashMap<>();
            for (Route route : routes) {
                boolean isUrl = route.api().isUrl();
                Stream.of(route.api().id(), isUrl ? route.function() : route.api().id()).distinct().forEach(id ->
                        byName.computeIfAbsent(id.replaceFirst(".*/", "").toLowerCase(Locale.ROOT),
                                name -> new ArrayList<>()).add(route));
            }
            Map<String, Router> routers = new HashMap<>();
            byName.forEach((name, own) -> routers.put(name, new Router(own)));
            return routers;
        }

        /** A function's own address takes every path, so it is served where there is nothing else. */
        private static List<Route> reachable(List<Route> routes) {
            List<Route> ofApis = routes.stream().filter(route -> !route.api().isUrl()).toList();
            return ofApis.isEmpty() ? routes : ofApis;
        }

        private LambdaFunction function(FunctionDefinition definition) {
            Codebase.Key key = new Codebase.Key(definition.code(), definition.layers(), definition.release());
            return new LambdaFunction(definition, codebases.of(key), sandboxes, config.limits(), console);
        }

        private Codebase codebase(Codebase.Key key) {
            return new Codebase(key, builds, problems -> reportMissing(key, problems), config.functions().watches());
        }

        private void reportMissing(Codebase.Key key, List<Problem> problems) {
            Codebase codebase = codebases.of(key);
            String functions = deployment == null ? "" : deployment.functions().values().stream()
                    .filter(function -> function.codebase() == codebase).map(function -> function.definition().id())
                    .sorted().collect(Collectors.joining(", "));
            String of = functions.isEmpty() ? "" : " of " + functions;
            console.reportNow(problems.isEmpty() ? "libraries  complete" + of
                    : "libraries  missing" + of + "\n" + console.errors(problems));
        }

        private void compileAll() {
            List<Codebase> all = deployment.functions().values().stream()
                    .filter(LambdaFunction::isServed).map(LambdaFunction::codebase).distinct().toList();
            all.forEach(this::compile);
            if (config.functions().isEager()) deployment.functions().values().forEach(LambdaFunction::initialize);
            Compiler.rehearse();
        }

        private void compile(Codebase codebase) {
            guarded(() -> {
                List<Problem> errors = codebase.current().errors();
                if (!errors.isEmpty()) console.reportNow("does not compile\n" + console.errors(errors));
            });
        }

        /** What is said of a function whose Runtime is newer than this JVM. */
        static String tooNew(FunctionDefinition function) {
            int here = Runtime.version().feature();
            return function.id() + " is for Java " + function.release() + ", this is Java " + here;
        }

        /** The command that helps. */
        static String newerJava(FunctionDefinition function) {
            return "jbang --java " + function.release() + " ServerLocal.java";
        }

        private String greeting(Project project, long nanos) {
            StringBuilder text = new StringBuilder();
            text.append(console.paint(Console.Style.BOLD, "samlocal " + VERSION)).append("   ");
            text.append(Place.display(config.template())).append("   ready in ").append(Console.millis(nanos));
            text.append("\n\n").append(summary(project));
            if (gateway.isReachableFromElsewhere()) {
                text.append("  warning: ").append(config.host()).append(" is reachable from other machines\n");
            }
            gateway.inspectorAddress().ifPresent(page -> text.append("  inspector: ").append(page).append('\n'));
            text.append("\n  → ");
            text.append(console.paint(Console.Style.BOLD, url())).append("   edit, save, send; Press CTRL+C to quit");
            return text.toString();
        }

        private String summary(Project project) {
            StringBuilder text = new StringBuilder(config.servesApis() ? routes(project) : functions(project));
            List<String> notes = notes(project);
            if (!notes.isEmpty()) text.append('\n');
            notes.forEach(note -> text.append("  ").append(note).append('\n'));
            project.remarks().forEach(remark -> text.append(console.warning(remark)));
            return text.toString();
        }

        private String url() {
            String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
            return config.front().scheme() + "://" + host + ":" + port();
        }

        /** By its logical id, of an API or a function. */
        private String urlOf(String name) {
            return config.front().scheme() + "://" + name + ".localhost:" + port() + "/";
        }

        private static String routes(Project project) {
            List<List<String>> rows = project.routes().stream().map(route ->
                    List.of(route.method(), route.path(), route.function(), route.handler(), route.api().type()))
                            .toList();
            return rows.isEmpty() ? "  no routes\n" : Table.of(rows, "  ");
        }

        private static String functions(Project project) {
            return project.functions().isEmpty() ? "  no functions\n" : Table.of(project.functions().stream()
                    .map(function -> List.of("call", function.id(), function.handler())).toList(), "  ");
        }

        private Optional<String> unchecked(Route route) {
            AuthorizerRules rules = route.guard().authorizer();
            if (rules == null) return Optional.empty();
            String of = " of " + route.api().id();
            return switch (rules.kind()) {
                case IAM -> Optional.of("IAM" + of + " is not checked, its requests pass");
                case JWT, POOL -> config.rules().keySets().isEmpty() ? Optional.of("warning: tokens for " + rules.name()
                        + of + " are read without being verified; give its keys with --jwks FILE") : Optional.empty();
                default -> Optional.empty();
            };
        }

        private List<String> notes(Project project) {
            List<String> notes = new ArrayList<>();
            String direct = !config.servesApis() ? "" : project.functionsWithoutRoute().stream()
                    .map(FunctionDefinition::id)
                    .collect(Collectors.joining(", "));
            if (!direct.isEmpty()) notes.add("no route: " + direct + "   try: samlocal invoke");
            if (config.rules().authorizes()) {
                project.routes().stream().flatMap(route -> unchecked(route).stream()).distinct().forEach(notes::add);
            }
            boolean isAlone = project.routes().stream().map(Route::api).distinct().count() == 1;
            List<String> apis = project.routes().stream().map(Route::api).filter(api -> !api.isUrl()).map(Api::name)
                    .distinct().map(this::urlOf).toList();
            if (apis.size() > 1) notes.add("each API alone: " + String.join(", ", apis));
            project.routes().stream().filter(route -> !isAlone && route.api().isUrl()).forEach(route ->
                    notes.add("function URL: " + urlOf(route.function())));
            files.shown().ifPresent(folder -> notes.add("static files: " + Place.display(folder)));
            project.layers().forEach(layer -> notes.add("layer " + layer.id() + ": " + Place.display(layer.content())));
            project.functions().stream().filter(function -> function.obstacle() != null)
                    .forEach(function -> notes.add("not served: " + function.id() + " " + function.obstacle()));
            project.functions().stream().filter(FunctionDefinition::isTooNew).forEach(function ->
                    notes.add("warning: " + tooNew(function) + "; try: " + newerJava(function)));
            return notes;
        }
    }

    // ---- Config: what was asked for --------------------------------------------------------------------------------

    /**
     * The settings of one server.
     *
     * @param variables a file with variables for the functions, or null
     * @param servesApis whether the template's APIs are served besides Lambda's own
     * @param front what stands before the functions
     * @param functions which functions, and how
     */
    record Config(Path template, Map<String, String> parameters, Path variables, String host, int port,
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
        record Functions(List<String> only, String runtime, Map<String, String> shared, Path moreVariables,
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
        record Front(Path files, boolean ssl, Path certificate, Path key, int inspectorPort) {
            static final Front PLAIN = new Front(null, false, null, null);

            Front(Path files, boolean ssl, Path certificate, Path key) {
                this(files, ssl, certificate, key, Inspector.BESIDE);
            }

            /** Both files or neither, and both there. */
            Front {
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
        static Path findTemplate() {
            return NAMES.stream().map(Path::of).filter(Files::exists).findFirst().orElseThrow(() -> Fault.project(
                    "no template.yaml, template.yml or template.json in this folder", null,
                    "name one with `--template FILE`"));
        }

        /** The template that a build below {@code .aws-sam} was made from, where it is found; else the same. */
        static Path source(Path template) {
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
        static Map<String, String> parameters(List<String> arguments) {
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

    /** Variables from a file: those for all functions, and those for one by its logical id, path or name. */
    record Variables(Map<String, String> all, Map<String, Map<String, String>> byFunction) {
        private static final int MOST_BYTES = 1 << 20;
        private static final Pattern LINE = Pattern.compile(
                "\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*="
                + "\\s*(?:\"((?:\\\\.|[^\"\\\\])*)\"|'([^']*)'|(.*?))\\s*(?:\\s#.*)?");

        /** Reads JSON in the form of {@code sam local}'s {@code --env-vars}, or lines as in {@code .env} files. */
        static Variables read(Path file) {
            if (file == null) return new Variables(Map.of(), Map.of());
            try {
                boolean isFile = Files.exists(file) && !Files.isDirectory(file);
                if (!isFile) throw Fault.usage("`--env-vars`: no file `" + file + "`", null);
                if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` has more than 1 MB");
                String text = Files.readString(file).replaceFirst("^\uFEFF", "");
                return text.stripLeading().startsWith("{") ? ofJson(file, Json.read(text)) : ofLines(file, text);
            } catch (IOException e) {
                throw Fault.project("cannot read `" + file + "`: " + Fault.reason(e), null,
                        "write {\"Function\": {\"NAME\": \"value\"}} or lines NAME=value");
            }
        }

        private static Variables ofJson(Path file, Object json) {
            Map<String, Map<String, String>> byFunction = new LinkedHashMap<>();
            ((Map<?, ?>) json).forEach((function, variables) -> {
                if (!(variables instanceof Map<?, ?> map)) {
                    throw Fault.project("`" + file + "`: `" + function + "` must be an object with variables", null,
                            "write {\"Parameters\": {\"NAME\": \"value\"}} for all functions");
                }
                Map<String, String> texts = new LinkedHashMap<>();
                map.forEach((name, value) -> texts.put(name.toString(), text(value)));
                byFunction.put(function.toString(), texts);
            });
            Map<String, String> all = byFunction.remove("Parameters");
            return new Variables(all == null ? Map.of() : all, byFunction);
        }

        private static String text(Object value) {
            return value == null || value instanceof Map || value instanceof List ? "" : value.toString();
        }

        private static Variables ofLines(Path file, String text) {
            Map<String, String> all = new LinkedHashMap<>();
            List<String> lines = text.lines().toList();
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).isBlank() || lines.get(i).stripLeading().startsWith("#")) continue;
                Matcher line = LINE.matcher(lines.get(i));
                if (!line.matches()) {
                    throw Fault.project("this is no variable",
                            new Place(Place.display(file), lines, i + 1, 1, lines.get(i).length()),
                            "write NAME=value");
                }
                String quoted = line.group(2) == null ? line.group(3) : unescaped(line.group(2));
                all.put(line.group(1), quoted == null ? line.group(4) : quoted);
            }
            return new Variables(all, Map.of());
        }

        private static String unescaped(String text) {
            return Pattern.compile("\\\\(.)").matcher(text).replaceAll(escape ->
                    escape.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(escape.group(1)));
        }

        /** Those of one function: what names it beats what is for all. */
        Map<String, String> of(FunctionDefinition function) {
            Map<String, String> variables = new LinkedHashMap<>(all);
            String id = function.id().substring(function.id().lastIndexOf('/') + 1);
            Stream.of(id, function.id(), function.name()).map(byFunction::get)
                    .filter(found -> found != null && !found.isEmpty()).findFirst().ifPresent(variables::putAll);
            return variables;
        }
    }

    // ---- Gateway: HTTP in, HTTP out --------------------------------------------------------------------------------

    /** The JDK's HTTP server in the place of API Gateway: one exchange to one invocation, and a line on the console. */
    static final class Gateway implements AutoCloseable {
        /**
         * What is served.
         *
         * @param router of all APIs together
         * @param byName of each API, and of each function with a URL, by its logical id in small letters
         * @param functions by logical id
         * @param problems why it is not that of the template as it is saved now, empty if it is
         */
        record Deployment(Router router, Map<String, Router> byName, Map<String, LambdaFunction> functions,
                List<Problem> problems) {
            Deployment(Router router, Map<String, Router> byName, Map<String, LambdaFunction> functions) {
                this(router, byName, functions, List.of());
            }

            Deployment with(List<Problem> others) {
                return new Deployment(router, byName, functions, others);
            }

            private static final Pattern NAMED = Pattern.compile("([^.]+)\\.localhost(:\\d+)?");

            /** By the Host header: {@code http://MyApi.localhost:3000} is that API alone. */
            Router router(Request request) {
                String named = request.header("Host").orElse("").toLowerCase(Locale.ROOT);
                if (!named.contains(".localhost")) return router;
                Matcher host = NAMED.matcher(named);
                return host.matches() ? byName.getOrDefault(host.group(1), router) : router;
            }
        }

        private static final Pattern STAGED = Pattern.compile("/([^/]+)(/.*)?");
        /** RFC 9110, section 5.6.2. */
        private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
        private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t]]");
        /** API Gateway's limit for a payload, "Amazon API Gateway quotas". */
        private static final int MOST_BYTES = 10 << 20;
        /** The same: "total combined size of request line and header values". */
        private static final int MOST_HEADER_BYTES = 10_240;
        private static final int MOST_LINE_CHARACTERS = 8_000;
        /** Clients that may come at the same moment. */
        private static final int BACKLOG = 1_024;

        private final Supplier<Deployment> deployment;
        private final Report report;
        private final ExecutorService threads = Executors.newCachedThreadPool(Gateway::thread);
        private final LambdaApi lambda;
        private final Integration integration;
        private final Outlet outlet = new Outlet(Duration.ofSeconds(60));
        private final StaticFiles files;
        private final Tls tls;
        private final History history = new History();
        private Inspector inspector;
        private HttpServer inspectorServer;
        private HttpServer server;

        /** {@code rules} are those of the answers, see {@link Integration}; {@code tls} is null for plain http. */
        Gateway(Supplier<Deployment> deployment, Integration.Rules rules, StaticFiles files, Tls tls,
                Report report) {
            this.deployment = deployment;
            this.files = files;
            this.tls = tls;
            this.report = report;
            this.lambda = new LambdaApi(threads, report);
            this.integration = new Integration(rules, threads, report);
        }

        private static Thread thread(Runnable work) {
            Thread thread = new Thread(work, "request");
            thread.setDaemon(true);
            return thread;
        }

        /**
         * Opens a port, 0 for any free one.
         *
         * @throws Fault if it is taken, not allowed, or the host has no such address
         */
        void listen(String host, int port) {
            // Without this every answer on a kept connection waits 40 ms for the client's acknowledgement.
            System.setProperty("sun.net.httpserver.nodelay", "true");
            // A client that never ends its request holds a thread no longer than this, in seconds.
            System.setProperty("sun.net.httpserver.maxReqTime", "60");
            // A pool of a test's or a browser's connections is kept; of more than 200 the JDK would close each again.
            System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
            // What is never held in memory, beside the JDK's own 380 KB; below it, too many headers get an answer.
            System.setProperty("sun.net.httpserver.maxReqHeaders", "1000");
            server = create(host, port, "--port");
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            new Thread(new Reopening(), server::start, "start").start();
        }

        private HttpServer create(String host, int port, String option) {
            try {
                return create(address(host, port));
            } catch (BindException e) {
                String reason = Fault.reason(e).toLowerCase(Locale.ROOT);
                throw Fault.project("cannot listen on " + host + ":" + port + ": " + reason, null,
                        "end what listens there, or choose another port with `" + option + "`, 0 for any");
            } catch (IOException e) {
                throw Fault.project("cannot listen on " + host + ":" + port + ": " + Fault.reason(e));
            }
        }

        private HttpServer create(InetSocketAddress address) throws IOException {
            if (tls == null) return HttpServer.create(address, BACKLOG);
            HttpsServer secure = HttpsServer.create(address, BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls.context()));
            return secure;
        }

        /** The JDK server's threads. A lack of memory may end the one that listens: then the port is opened anew. */
        private final class Reopening extends ThreadGroup {
            Reopening() {
                super("server");
            }

            @Override public void uncaughtException(Thread thread, Throwable error) {
                if (!thread.getName().equals("HTTP-Dispatcher")) {
                    report.errors(Fault.ofOurOwn(error).problems());
                    return;
                }
                InetSocketAddress address = server.getAddress();
                server.stop(0);
                listen(address.getHostString(), address.getPort());
            }
        }

        /**
         * From now on, keeps the last requests, and shows them to browsers on this machine, on a port of its own or
         * beside the APIs; to be called before these are listened to.
         *
         * @param title of the page
         * @param port 0 for any free one, or one of the constants of {@link Inspector}
         * @throws Fault if it is taken
         */
        void inspect(String title, int port) {
            if (port == Inspector.OFF) return;
            report.onFinished(history::add);
            inspector = new Inspector(history, () -> subject(title), this::perform);
            if (port == Inspector.BESIDE) return;
            inspectorServer = create("127.0.0.1", port, "--inspector-port");
            inspectorServer.createContext("/", exchange -> {
                try (exchange) {
                    send(exchange, inspector.reply(head(exchange).with(body(exchange))));
                }
            });
            inspectorServer.setExecutor(threads);
            inspectorServer.start();
        }

        private InspectorData.Subject subject(String title) {
            Deployment current = deployment.get();
            List<InspectorData.Target> targets = new ArrayList<>();
            current.byName().forEach((name, router) -> router.routes().forEach(route -> {
                boolean isReached = current.router().routes().stream().filter(other ->
                        other.toString().equals(route.toString())).findFirst().filter(route::equals).isPresent();
                targets.add(new InspectorData.Target(route, isReached ? null : name + ".localhost:" + port()));
            }));
            return new InspectorData.Subject(title, tls == null ? "http" : "https", port(), targets,
                    current.functions().values().stream().map(LambdaFunction::definition).toList(),
                    current.problems(), System.identityHashCode(current));
        }

        private long perform(Request request, String note) throws IOException {
            long started = System.nanoTime();
            Reply reply = replyToAny(request);
            if (reply.end() != null) {
                reply.response().body().writeTo(OutputStream.nullOutputStream());
                reply = reply.end().get();
            }
            tell(request, reply.noted(note), started);
            return history.number(request);
        }

        private static InetSocketAddress address(String host, int port) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) throw Fault.usage("`--host`: no address for `" + host + "`", null);
            return address;
        }

        int port() {
            return server.getAddress().getPort();
        }

        /** Where the page of the inspector is, if it is anywhere. */
        Optional<String> inspectorAddress() {
            HttpServer where = inspectorServer == null ? server : inspectorServer;
            return Optional.ofNullable(inspector).map(on -> (tls == null ? "http" : "https") + "://127.0.0.1:"
                    + where.getAddress().getPort() + Inspector.ROOT + "/");
        }

        boolean isReachableFromElsewhere() {
            return !server.getAddress().getAddress().isLoopbackAddress();
        }

        @Override public void close() {
            server.stop(0);
            if (inspectorServer != null) inspectorServer.stop(0);
            outlet.close();
            threads.shutdownNow();
        }

        private void handle(HttpExchange exchange) throws IOException {
            long started = System.nanoTime();
            try (exchange) {
                Request request = head(exchange);
                Reply reply = null;
                try {
                    request = request.with(body(exchange));
                } catch (RuntimeException | Error error) {
                    reply = faulty(Fault.ofOurOwn(error));
                }
                boolean isInspected = inspector != null && inspectorServer == null && Inspector.isMeant(request);
                if (isInspected) send(exchange, inspector.reply(request));
                else answer(exchange, request, reply == null ? replyToAny(request) : reply, started);
            }
        }

        private Reply replyToAny(Request request) {
            try {
                return reply(request);
            } catch (Fault fault) {
                return faulty(fault);
            } catch (RuntimeException | Error error) {
                return faulty(Fault.ofOurOwn(error));
            }
        }

        /** What is streamed is told of when it has ended. */
        private void answer(HttpExchange exchange, Request request, Reply reply, long started) throws IOException {
            if (reply.end() == null) tell(request, reply, started);
            try {
                send(exchange, reply.response());
            } finally {
                if (reply.end() != null) tell(request, reply.end().get(), started);
            }
        }

        private void tell(Request request, Reply reply, long started) {
            boolean isCall = LambdaApi.serves(request.path()) && !reply.function().equals("-");
            report.finished(new Finished(isCall ? Finished.Kind.call : Finished.Kind.request, request, reply,
                    System.nanoTime() - started));
        }

        private static Reply faulty(Fault fault) {
            return new Reply(Response.message(500, fault.getMessage()), "-", null, fault.problems(), List.of(), null);
        }

        private Reply reply(Request request) {
            if (LambdaApi.serves(request.path())) return lambda.reply(request, deployment.get().functions());
            Optional<Response> refusal = refusal(request);
            if (refusal.isPresent()) return Reply.of(refusal.get(), "-", "refused");
            Deployment current = deployment.get();
            Router router = current.router(request);
            if (request.body().length > MOST_BYTES) {
                return Reply.of(integration.unrouted(Refusal.REQUEST_TOO_LARGE, request, router), "-", "over 10 MB");
            }
            Optional<Reply> preflight = integration.preflight(request, router, current.functions());
            if (preflight.isPresent()) return preflight.get();
            Optional<Reply> file = router == current.router() ? file(request, router) : Optional.empty();
            return file.or(() -> target(request, router).or(() -> belowStage(request, router))
                    .map(target -> integration.reply(target.request(), target.match(), current.functions())))
                    .orElseGet(() -> notFound(router, request));
        }

        /** The JDK's decoder stumbles over chunks of 2 GB and more; they end the connection, as other bad ones do. */
        private static byte[] body(HttpExchange exchange) throws IOException {
            try {
                return exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw new IOException("malformed body", e);
            }
        }

        /** What API Gateway turns away unseen, "Amazon API Gateway quotas", and what no console should print. */
        private static Optional<Response> refusal(Request request) {
            if (!TOKEN.matcher(request.method()).matches()) return Optional.of(Response.message(400, "Bad Request"));
            String query = request.query() == null ? "" : request.query();
            int line = request.method().length() + request.path().length() + query.length() + 11;
            if (line > MOST_LINE_CHARACTERS) return Optional.of(Response.message(414, "Request-URI Too Long"));
            int values = request.headers().stream().mapToInt(header -> header.getValue().length()).sum();
            return line + values <= MOST_HEADER_BYTES ? Optional.empty()
                    : Optional.of(Response.message(431, "Request Header Fields Too Large"));
        }

        /** A file goes before routes that take whatever is left, and behind those that name the path. */
        private Optional<Reply> file(Request request, Router router) {
            boolean isTaken = Stream.of(request.method(), "GET").anyMatch(method -> router
                    .match(method, request.path()).filter(match -> !match.isGreedy()).isPresent());
            if (isTaken) return Optional.empty();
            return files.find(request).map(found -> Reply.of(integration.shared(found, request), "-", "file"));
        }

        /** A request, its path less the stage, and its route. */
        private record Target(Request request, Router.Match match) {
        }

        private static Optional<Target> target(Request request, Router router) {
            return router.match(request.method(), request.path()).or(() -> options(router, request))
                    .map(match -> new Target(request, match));
        }

        /** AWS's addresses begin with the stage; here it may stand in front of paths that no route has. */
        private static Optional<Target> belowStage(Request request, Router router) {
            Matcher path = STAGED.matcher(request.path());
            if (!path.matches()) return Optional.empty();
            Request below = request.at(path.group(2) == null ? "/" : path.group(2));
            return target(below, router).filter(target -> target.match().route().api().stage().equals(path.group(1)));
        }

        /** A request without its body. */
        private static Request head(HttpExchange exchange) {
            List<Map.Entry<String, String>> headers = new ArrayList<>();
            exchange.getRequestHeaders().forEach((name, values) -> values.forEach(value ->
                    headers.add(Map.entry(Events.titleCase(name), value))));
            URI uri = exchange.getRequestURI();
            boolean isRooted = uri.getScheme() == null && uri.getRawAuthority() != null;
            String path = isRooted ? "//" + uri.getRawAuthority() + uri.getRawPath() : uri.getRawPath();
            return new Request(exchange.getRequestMethod(), path, uri.getRawQuery(), exchange.getProtocol(),
                    headers, new byte[0], exchange.getRemoteAddress().getAddress().getHostAddress(),
                    exchange.getLocalAddress().getPort(), Instant.now(),
                    exchange instanceof HttpsExchange ? "https" : "http");
        }

        /** OPTIONS without a route of its own goes to the handler of the method that the browser asks for. */
        private static Optional<Router.Match> options(Router router, Request request) {
            if (!request.method().equals("OPTIONS")) return Optional.empty();
            return request.header("Access-Control-Request-Method")
                    .flatMap(method -> router.match(method.toUpperCase(Locale.ROOT), request.path()))
                    .or(() -> router.matchAnyMethod(request.path()));
        }

        private Reply notFound(Router router, Request request) {
            String nearest = router.nearest(request.method(), request.path()).stream()
                    .map(Route::toString).collect(Collectors.joining(", "));
            String note = nearest.isEmpty() ? "no route" : "no route; nearest: " + nearest;
            return Reply.of(integration.unrouted(Refusal.MISSING_AUTHENTICATION_TOKEN, request, router), "-", note);
        }

        private void send(HttpExchange exchange, Response response) throws IOException {
            response.headers().forEach((name, values) ->
                    values.forEach(value -> exchange.getResponseHeaders().add(name, onOneLine(value))));
            boolean mayHaveBody = response.mayHaveBody() && !exchange.getRequestMethod().equals("HEAD");
            long length = response.body().length();
            if (!mayHaveBody && length > 0 && response.mayHaveBody()) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
            }
            try (Outlet.Writing writing = outlet.open()) {
                // The JDK's server takes -1 for no content, and 0 for content of a length that is not known.
                exchange.sendResponseHeaders(response.status(), !mayHaveBody || length == 0 ? -1 : Math.max(length, 0));
                if (length == 0) return;
                write(response.body(), exchange, mayHaveBody ? writing.to(exchange.getResponseBody())
                        : OutputStream.nullOutputStream());
                writing.moves();
                if (mayHaveBody) exchange.getResponseBody().close();
            }
        }

        /** The JDK's server writes the lower byte of each character, which must not end the line. */
        private static String onOneLine(String value) {
            boolean isLatin = value.chars().allMatch(character -> character < 256);
            return CONTROL.matcher(isLatin ? value : Events.inLatin1(value)).replaceAll(" ");
        }

        /** What fails is thrown on: only then does the JDK's server forget the connection. */
        private static void write(Body body, HttpExchange exchange, OutputStream client) throws IOException {
            try {
                body.writeTo(client);
            } catch (IOException e) {
                breakOff(exchange);
                throw e;
            }
        }

        /** Ends the connection amid an answer that failed: on being closed, the JDK's server would end it as whole. */
        private static void breakOff(HttpExchange exchange) {
            Thread.currentThread().interrupt(); // who writes while interrupted closes the channel
            try {
                exchange.getResponseBody().write(0);
                exchange.getResponseBody().flush();
            } catch (IOException closed) {
                return;
            } finally {
                Thread.interrupted();
            }
        }
    }

    // ---- Outlet: an answer's way to a client that may not take it --------------------------------------------------

    /**
     * Guards writes. A client that takes no byte for a while would hold its thread for ever, so that thread is
     * interrupted, which closes the channel that it waits for. The JDK server's own limit counts a handler's time too.
     */
    static final class Outlet implements AutoCloseable {
        private static final int PIECE = 1 << 14;
        private final long patience;
        private final Set<Writing> writings = ConcurrentHashMap.newKeySet();
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Outlet::thread);

        Outlet(Duration patience) {
            this.patience = patience.toNanos();
            long step = this.patience / 4;
            clock.scheduleWithFixedDelay(this::look, step, step, TimeUnit.NANOSECONDS);
        }

        private static Thread thread(Runnable work) {
            Thread thread = new Thread(work, "outlet");
            thread.setDaemon(true);
            return thread;
        }

        private void look() {
            writings.forEach(Writing::interruptIfStuck);
        }

        /** What the current thread writes from now on, to be closed by it. */
        Writing open() {
            Writing writing = new Writing();
            writings.add(writing);
            return writing;
        }

        @Override public void close() {
            clock.shutdownNow();
        }

        /** One answer under way. */
        final class Writing implements AutoCloseable {
            private static final long AT_REST = Long.MAX_VALUE;
            private final Thread thread = Thread.currentThread();
            private volatile long moved = System.nanoTime();
            private boolean isOver;

            /** A stream in pieces, each of which must be taken in time. */
            OutputStream to(OutputStream stream) {
                return new FilterOutputStream(stream) {
                    @Override public void write(byte[] bytes, int offset, int length) throws IOException {
                        for (int done = 0; done < length; done += PIECE) {
                            moves();
                            out.write(bytes, offset + done, Math.min(PIECE, length - done));
                        }
                        moved = AT_REST;
                    }

                    @Override public void flush() throws IOException {
                        moves();
                        out.flush();
                        moved = AT_REST;
                    }
                };
            }

            /** From now on, something is being written; between its writes, an answer may take its time. */
            void moves() {
                moved = System.nanoTime();
            }

            private synchronized void interruptIfStuck() {
                long since = moved;
                if (!isOver && since != AT_REST && System.nanoTime() - since > patience) thread.interrupt();
            }

            /** Leaves the thread as it was, for the next request. */
            @Override public synchronized void close() {
                isOver = true;
                writings.remove(this);
                Thread.interrupted();
            }
        }
    }

    // ---- Inspector: what goes on here, for a browser on this machine ------------------------------------------------

    /**
     * The page at {@code /_samlocal/} and what it asks for: the routes and functions, the last requests, new ones as
     * they come, and requests to be sent. It shows all that was sent, tokens too, and starts functions; so it answers
     * nobody but the browsers of this machine: to clients and Host names of loopback (another name may be one that a
     * site has bound to this address), never to pages of other sites (Origin, Sec-Fetch-Site; there is no CORS), and it
     * changes nothing without a header that no other site's page can send.
     */
    static final class Inspector {
        /** Answers a request as any other and tells of it, with a note; returns its number in the history. */
        interface Sender {
            long send(Request request, String note) throws IOException;
        }

        /** In the place of a port: the one of the APIs, or none at all. */
        static final int BESIDE = -1;
        static final int OFF = -2;
        static final String ROOT = "/_samlocal";
        private static final String MARK = "X-Samlocal-Inspector";
        private static final Pattern LOOPBACK = Pattern.compile("127\\..*|0:0:0:0:0:0:0:1(%.*)?");
        private static final Pattern LOOPBACK_NAME =
                Pattern.compile("(?i)(127\\.0\\.0\\.1|localhost|\\[::1])(:\\d{1,5})?");
        private static final Pattern API_NAME = Pattern.compile("(?i).+\\.localhost(:\\d{1,5})?");
        private static final Pattern ONE = Pattern.compile("/api/requests/(\\d{1,18})(?:/(\\w+))?");
        private static final Pattern TARGET = Pattern.compile("/[!-~&&[^#]]*");
        private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
        private static final Pattern VALUE = Pattern.compile("[\t -~\u0080-\u00FF]*");
        /** A browser has six connections to a server, and a page holds one. */
        private static final int MOST_WATCHERS = 24;
        private static final int PING_MILLIS = 15_000;
        /** Under load, a page is told of what came in this time at once. */
        private static final int PAUSE_MILLIS = 100;

        private final History history;
        private final Supplier<InspectorData.Subject> subject;
        private final Sender sender;
        private final SecureRandom random = new SecureRandom();
        private final String process = UUID.randomUUID().toString();
        private final Semaphore watchers = new Semaphore(MOST_WATCHERS);

        Inspector(History history, Supplier<InspectorData.Subject> subject, Sender sender) {
            this.history = history;
            this.subject = subject;
            this.sender = sender;
        }

        /** Whether a request to the APIs' port is for this: before any route, but not under the name of an API. */
        static boolean isMeant(Request request) {
            String path = request.path();
            boolean isBelow = path.startsWith(ROOT)
                    && (path.length() == ROOT.length() || path.charAt(ROOT.length()) == '/');
            return isBelow && request.header("Host").filter(host -> API_NAME.matcher(host).matches()).isEmpty();
        }

        /** Answers, or says why not. */
        Response reply(Request request) {
            return sealed(objection(request).map(reason -> Response.message(403, reason)).orElseGet(() -> {
                try {
                    return answer(request);
                } catch (Fault fault) {
                    return Response.message(400, fault.getMessage());
                } catch (IOException e) {
                    return Response.message(400, Fault.reason(e));
                } catch (RuntimeException error) {
                    return Response.message(500, Fault.ofOurOwn(error).getMessage());
                }
            }));
        }

        private static Response sealed(Response response) {
            Response sealed = response.with("Cache-Control", "no-store").with("X-Content-Type-Options", "nosniff")
                    .with("Referrer-Policy", "no-referrer").with("X-Frame-Options", "DENY")
                    .with("Cross-Origin-Resource-Policy", "same-origin")
                    .with("Cross-Origin-Opener-Policy", "same-origin");
            return sealed.headers().containsKey("Content-Security-Policy") ? sealed
                    : sealed.with("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        }

        private static Optional<String> objection(Request request) {
            List<String> hosts = values(request, "Host");
            if (!LOOPBACK.matcher(request.sourceIp()).matches()) {
                return Optional.of("the inspector answers clients on the machine that it runs on only");
            }
            if (hosts.size() != 1 || !LOOPBACK_NAME.matcher(hosts.get(0)).matches()) {
                return Optional.of("the inspector answers to 127.0.0.1, localhost and [::1] only; open "
                        + request.scheme() + "://127.0.0.1:" + request.port() + ROOT + "/");
            }
            String own = request.scheme() + "://" + hosts.get(0);
            boolean isOwn = values(request, "Origin").stream().allMatch(own::equalsIgnoreCase)
                    && (Set.of("none", "same-origin").contains(request.header("Sec-Fetch-Site").orElse("none"))
                    || isVisit(request));
            if (!isOwn) return Optional.of("the inspector refuses requests from pages of other sites");
            return isRead(request) || request.header(MARK).isPresent() ? Optional.empty()
                    : Optional.of("the inspector changes nothing without the header " + MARK);
        }

        /** Following a link to the page: that shows it to a person, and nothing to the site with the link. */
        private static boolean isVisit(Request request) {
            return request.method().equals("GET") && request.path().matches(ROOT + "/?|/")
                    && request.header("Sec-Fetch-Mode").orElse("").equals("navigate")
                    && request.header("Sec-Fetch-Dest").orElse("").equals("document");
        }

        private static boolean isRead(Request request) {
            return request.method().equals("GET") || request.method().equals("HEAD");
        }

        private static List<String> values(Request request, String header) {
            return request.headers().stream().filter(each -> each.getKey().equals(header)).map(Map.Entry::getValue)
                    .toList();
        }

        private Response answer(Request request) throws IOException {
            String path = request.path().equals("/") ? "" : request.path().replaceFirst("^" + ROOT, "");
            Matcher one = ONE.matcher(path);
            if (one.matches()) return one(request, Long.parseLong(one.group(1)), one.group(2));
            String method = isRead(request) ? "GET" : request.method();
            return switch (method + " " + path) {
                case "GET " -> new Response(308, Map.of("Location", List.of(ROOT + "/")), new byte[0]);
                case "GET /" -> page();
                case "GET /api/project" -> Response.json(200, InspectorData.project(subject.get()));
                case "GET /api/sample" -> sample(request);
                case "GET /api/requests" -> requests(request);
                case "GET /api/live" -> new Response(200, Map.of("Content-Type", List.of("text/event-stream")),
                        request.method().equals("GET") ? new Live() : Body.of(new byte[0]));
                case "POST /api/send" -> sent(sender.send(request(request), "from the inspector"));
                case "POST /api/clear" -> cleared();
                default -> Response.message(404, "the inspector has no `" + method + " " + request.path() + "`");
            };
        }

        private Response page() {
            byte[] bytes = new byte[18];
            random.nextBytes(bytes);
            String nonce = Base64.getEncoder().encodeToString(bytes);
            return Response.of(200, "text/html; charset=utf-8", InspectorPage.of(nonce)).with("Content-Security-Policy",
                    "default-src 'none'; script-src 'nonce-" + nonce + "'; style-src 'nonce-" + nonce + "'; "
                    + "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                    + "require-trusted-types-for 'script'");
        }

        private static Response sample(Request request) {
            return Response.of(200, "application/json", SampleEvents.all().stream().filter(sample ->
                    sample.service().equals(parameter(request, "service"))
                    && sample.type().equals(parameter(request, "type"))).findFirst().orElseThrow(() ->
                    Fault.usage("no such sample event", null)).render(Map.of()));
        }

        /** Those that fit what is looked for, the newest first. */
        private Response requests(Request request) {
            Predicate<History.Entry> wanted = InspectorData.search(parameter(request, "q"),
                    parameter(request, "errors").equals("1"));
            List<Object> found = new ArrayList<>();
            history.after(0).stream().filter(wanted).forEach(entry -> found.add(0, InspectorData.summary(entry)));
            return Response.json(200, Map.of("requests", found, "last", history.last()));
        }

        private static String parameter(Request request, String name) {
            String query = request.query() == null ? "" : request.query();
            return Stream.of(query.split("&")).filter(pair -> pair.startsWith(name + "=")).findFirst()
                    .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8)).orElse("");
        }

        private Response one(Request request, long number, String part) throws IOException {
            History.Entry entry = history.find(number).orElse(null);
            if (entry == null) return Response.message(404, "request " + number + " is no longer kept");
            if (!isRead(request)) return "replay".equals(part) ? replay(entry) : Response.message(405, "only GET");
            if (part == null) return Response.json(200, InspectorData.detail(entry, subject.get()));
            Kept kept = InspectorData.part(entry, part).filter(each -> !each.isCut()).orElse(null);
            if (kept == null) return Response.message(404, "request " + number + " has no " + part + " in full");
            String name = entry.function().replaceAll("[^A-Za-z0-9_-]+", "-") + "-" + number + "-" + part;
            return new Response(200, Map.of("Content-Type", List.of("application/octet-stream"), "Content-Disposition",
                    List.of("attachment; filename=\"" + name + (part.equals("event") ? ".json\"" : "\""))),
                    kept.bytes());
        }

        private Response replay(History.Entry entry) throws IOException {
            if (entry.body().isCut()) throw Fault.usage("the body was too long to be kept", null);
            Request again = entry.request();
            return sent(sender.send(new Request(again.method(), again.path(), again.query(), again.protocol(),
                    again.headers(), again.body(), again.sourceIp(), again.port(), Instant.now(), again.scheme()),
                    "replay of " + entry.number()));
        }

        private static Response sent(long number) {
            return Response.json(200, Map.of("number", number));
        }

        private Response cleared() {
            history.clear();
            return Response.json(200, Map.of());
        }

        /** The request that is asked for, with what any client adds. */
        private Request request(Request asked) throws IOException {
            if (!(Json.read(new String(asked.body(), UTF_8)) instanceof Map<?, ?> wanted)) {
                throw Fault.usage("a request to be sent is an object", null);
            }
            InspectorData.Subject now = subject.get();
            String method = text(wanted, "method", TOKEN);
            String[] target = text(wanted, "path", TARGET).split("\\?", 2);
            byte[] body = body(wanted);
            Map<String, List<String>> headers = new LinkedHashMap<>();
            headers.put("Host", List.of(now.host()));
            headers.put("User-Agent", List.of("samlocal/" + VERSION));
            headers.put("Accept", List.of("*/*"));
            headers.putAll(headers(wanted));
            headers.remove("Content-Length");
            if (body.length > 0) headers.put("Content-Length", List.of(String.valueOf(body.length)));
            List<Map.Entry<String, String>> all = headers.entrySet().stream().flatMap(header -> header.getValue()
                    .stream().map(value -> Map.entry(header.getKey(), value))).toList();
            return new Request(method, target[0], target.length > 1 ? target[1] : null, "HTTP/1.1", all, body,
                    "127.0.0.1", now.port(), Instant.now(), now.scheme());
        }

        private static String text(Map<?, ?> wanted, String name, Pattern form) {
            String text = wanted.get(name) instanceof String given ? given : "";
            if (form.matcher(text).matches()) return text;
            throw Fault.usage("this is no " + name + " of a request: `" + text + "`", null);
        }

        private static Map<String, List<String>> headers(Map<?, ?> wanted) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            if (!(wanted.get("headers") instanceof List<?> pairs)) return headers;
            for (Object pair : pairs) {
                boolean isPair = pair instanceof List<?> two && two.size() == 2
                        && TOKEN.matcher(String.valueOf(two.get(0))).matches()
                        && VALUE.matcher(String.valueOf(two.get(1))).matches();
                if (!isPair) throw Fault.usage("this is no header: " + Json.write(pair), null);
                headers.computeIfAbsent(Events.titleCase(((List<?>) pair).get(0).toString()), name -> new ArrayList<>())
                        .add(((List<?>) pair).get(1).toString());
            }
            return headers;
        }

        /** As text, or that of a request that is kept. */
        private byte[] body(Map<?, ?> wanted) {
            if (!(wanted.get("bodyOf") instanceof Number number)) {
                return wanted.get("body") instanceof String text ? text.getBytes(UTF_8) : new byte[0];
            }
            Kept body = history.find(number.longValue()).map(History.Entry::body).orElse(null);
            if (body != null && !body.isCut()) return body.bytes();
            throw Fault.usage("the body of request " + number + " is not kept in full", null);
        }


        /** Server-sent events: one at first, then one whenever there is news. */
        private final class Live implements Body {
            @Override public long length() {
                return -1;
            }

            @Override public void writeTo(OutputStream client) throws IOException {
                if (!watchers.tryAcquire()) {
                    write(client, "busy", Map.of());
                    return;
                }
                try {
                    follow(client);
                } catch (InterruptedException e) {
                    throw new InterruptedIOException(e.getMessage());
                } finally {
                    watchers.release();
                }
            }

            private void follow(OutputStream client) throws IOException, InterruptedException {
                long version = history.version();
                long last = history.last();
                write(client, "hello", Map.of("process", process, "last", last));
                while (true) {
                    long now = history.await(version, PING_MILLIS);
                    if (now == version) write(client, "ping", Map.of());
                    else last = tell(client, last);
                    version = now;
                    Thread.sleep(PAUSE_MILLIS);
                }
            }

            private long tell(OutputStream client, long last) throws IOException {
                List<History.Entry> entries = history.after(last);
                write(client, "news", Map.of("requests", entries.stream().map(InspectorData::summary).toList(),
                        "first", history.first(), "revision", subject.get().revision()));
                return entries.isEmpty() ? last : entries.get(entries.size() - 1).number();
            }

            private void write(OutputStream client, String event, Map<String, Object> data) throws IOException {
                client.write(("event: " + event + "\ndata: " + Json.write(data) + "\n\n").getBytes(UTF_8));
                client.flush();
            }
        }
    }

    // ---- InspectorData: requests and routes as the inspector's page has them ---------------------------------------

    /** What the page shows, as plain values for JSON. */
    static final class InspectorData {
        /**
         * What there is to be called.
         *
         * @param title of the page, such as the template's path
         * @param scheme, port where the APIs are
         * @param problems why the template as it is now saved is not what is served
         * @param revision another number for each deployment
         */
        record Subject(String title, String scheme, int port, List<Target> targets,
                Collection<FunctionDefinition> functions, List<Problem> problems, int revision) {
            String host() {
                return "127.0.0.1:" + port;
            }
        }

        /** A route, and the Host by which it is reached where an address alone does not reach it, else null. */
        record Target(Route route, String host) {
        }

        private static final int MOST_SHOWN = 500;
        private static final int MOST_PROBLEMS = 20;
        private static final int LINES_AROUND = 3;
        private static final int MOST_SOURCE_BYTES = 1 << 20;
        private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+)}");
        private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
        private static final Comparator<Target> ORDER = Comparator
                .<Target, String>comparing(target -> target.route().api().id())
                .thenComparing(target -> target.route().path())
                .thenComparing(target -> METHODS.indexOf(target.route().method()));
        /** What a client makes anew for each request. */
        private static final Set<String> OF_THE_CLIENT =
                Set.of("Host", "Content-Length", "Connection", "Transfer-Encoding", "Expect", "Upgrade");

        private InspectorData() {
        }

        static Map<String, Object> project(Subject subject) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("version", VERSION);
            fields.put("title", subject.title());
            fields.put("address", subject.scheme() + "://" + subject.host());
            fields.put("revision", subject.revision());
            fields.put("problems", subject.problems().stream().limit(MOST_PROBLEMS)
                    .map(problem -> problem(problem, Instant.MAX)).toList());
            fields.put("routes", subject.targets().stream().sorted(ORDER).map(InspectorData::route).toList());
            fields.put("functions", subject.functions().stream().map(InspectorData::function)
                    .sorted(Comparator.comparing(function -> function.get("id").toString())).toList());
            fields.put("samples", SampleEvents.all().stream().map(sample -> Map.of("service", sample.service(), "type",
                    sample.type(), "description", sample.description())).toList());
            return fields;
        }

        private static Map<String, Object> route(Target target) {
            Route route = target.route();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("method", route.method());
            fields.put("path", route.path());
            fields.put("api", route.api().id());
            fields.put("type", route.api().type());
            fields.put("function", route.function());
            fields.put("handler", route.handler());
            fields.put("host", target.host());
            fields.put("parameters", PARAMETER.matcher(route.path()).results().map(each -> each.group(1)).toList());
            fields.put("needs", needs(route));
            fields.put("place", route.source() == null ? null : route.source().toString());
            return fields;
        }

        /** What requests must have, such as {@code header.X-Api-Key}. */
        private static List<String> needs(Route route) {
            List<String> needs = new ArrayList<>();
            if (route.checks() != null) needs.addAll(route.checks().parameters());
            Guard guard = route.guard();
            if (guard.needsKey() && !guard.isKeyFromAuthorizer()) needs.add("header.X-Api-Key");
            if (guard.authorizer() != null) guard.authorizer().sources().stream()
                    .filter(source -> Set.of("header", "querystring").contains(source.where()))
                    .forEach(source -> needs.add(source.where() + "." + source.name()));
            return needs.stream().distinct().toList();
        }

        private static Map<String, Object> function(FunctionDefinition function) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", function.id());
            fields.put("handler", function.handler());
            fields.put("runtime", function.runtime());
            fields.put("obstacle", function.obstacle());
            return fields;
        }

        /** A row of the list. */
        static Map<String, Object> summary(History.Entry entry) {
            Request request = entry.request();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("number", entry.number());
            fields.put("time", request.time().toEpochMilli());
            fields.put("kind", entry.kind().name());
            fields.put("method", request.method());
            fields.put("path", cut(target(request)));
            fields.put("status", entry.status());
            fields.put("millis", Math.round(entry.nanos() / 1e5) / 10.0);
            fields.put("function", entry.function());
            fields.put("cold", entry.invoked() == null ? null : entry.invoked().initNanos() > 0);
            fields.put("failed", entry.isFailed());
            fields.put("notes", entry.notes().stream().map(InspectorData::cut).toList());
            return fields;
        }

        private static String cut(String text) {
            return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "…" : text;
        }

        private static String target(Request request) {
            return request.path() + (request.query() == null ? "" : "?" + request.query());
        }

        /** All that is kept of a request. */
        static Map<String, Object> detail(History.Entry entry, Subject subject) {
            Map<String, Object> fields = summary(entry);
            Request request = entry.request();
            fields.put("path", target(request));
            fields.put("protocol", request.protocol());
            fields.put("headers", request.headers().stream().map(each -> List.of(each.getKey(), each.getValue()))
                    .toList());
            fields.put("body", content(entry.body()));
            fields.put("responseHeaders", entry.headers().entrySet().stream().flatMap(header -> header.getValue()
                    .stream().map(value -> List.of(header.getKey(), value))).toList());
            fields.put("response", content(entry.content()));
            fields.put("problems", entry.problems().stream().limit(MOST_PROBLEMS)
                    .map(problem -> problem(problem, request.time())).toList());
            fields.put("curl", entry.body().isCut() ? null : curl(entry, subject));
            if (entry.invoked() != null) fields.put("invoked", invoked(entry.invoked()));
            return fields;
        }

        private static Map<String, Object> invoked(History.Invoked invoked) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("requestId", invoked.requestId());
            fields.put("event", content(invoked.event()));
            fields.put("answer", content(invoked.answer()));
            fields.put("initMillis", Math.round(invoked.initNanos() / 1e5) / 10.0);
            fields.put("log", invoked.log().text());
            fields.put("isLogCut", invoked.log().isCut());
            fields.put("trace", invoked.trace());
            return fields;
        }

        private static Map<String, Object> content(Kept kept) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("length", kept.length());
            fields.put("isCut", kept.isCut());
            Optional<String> text = kept.text();
            if (text.isPresent()) fields.put("text", text.get());
            else fields.put("hex", HexFormat.ofDelimiter(" ").formatHex(kept.bytes(), 0,
                    Math.min(kept.bytes().length, MOST_SHOWN)));
            return fields;
        }

        /** A part of a request by the name that it has in an address. */
        static Optional<Kept> part(History.Entry entry, String name) {
            return Optional.ofNullable(switch (name) {
                case "body" -> entry.body();
                case "response" -> entry.content();
                case "event" -> entry.invoked() == null ? null : entry.invoked().event();
                case "answer" -> entry.invoked() == null ? null : entry.invoked().answer();
                default -> null;
            });
        }

        /** A problem, with the lines around its place; {@code time} tells whether the file has changed since. */
        private static Map<String, Object> problem(Problem problem, Instant time) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("message", problem.message());
            fields.put("hint", problem.hint());
            Place place = problem.place();
            if (place == null) return fields;
            boolean isKnown = !place.lines().isEmpty();
            List<String> lines = isKnown ? place.lines() : lines(place.file());
            int first = Math.max(1, place.line() - LINES_AROUND);
            int last = Math.min(lines.size(), place.line() + LINES_AROUND);
            fields.put("place", place.length() == 0 ? place.file() + ":" + place.line() : place.toString());
            fields.put("line", place.line());
            fields.put("caret", isKnown && place.line() > 0 ? place.caret() : null);
            fields.put("first", first);
            fields.put("lines", place.line() > 0 && first <= last ? lines.subList(first - 1, last) : List.of());
            fields.put("isChanged", !isKnown && modified(place.file()).isAfter(time));
            return fields;
        }

        /** A source that may be gone by now. */
        private static List<String> lines(String file) {
            try {
                Path path = Path.of(file);
                return Files.size(path) > MOST_SOURCE_BYTES ? List.of() : Files.readAllLines(path);
            } catch (IOException | InvalidPathException e) {
                return List.of();
            }
        }

        private static Instant modified(String file) {
            try {
                return Files.getLastModifiedTime(Path.of(file)).toInstant();
            } catch (IOException | InvalidPathException e) {
                return Instant.MAX;
            }
        }

        /** The command that sends a request again, for a POSIX shell; what belongs to a connection is curl's own. */
        static String curl(History.Entry entry, Subject subject) {
            Request request = entry.request();
            String host = request.header("Host").orElse(subject.host());
            boolean isName = host.matches("(?i)([\\w-]+\\.)?localhost:" + subject.port());
            StringBuilder text = new StringBuilder("curl --globoff --path-as-is");
            if (request.method().equals("HEAD")) text.append(" --head");
            else text.append(" -X ").append(quoted(request.method()));
            text.append(' ').append(quoted(subject.scheme() + "://" + (isName ? host : subject.host())
                    + target(request)));
            boolean isUsual = isName || host.equals(subject.host());
            if (!isUsual) text.append(" \\\n  -H ").append(quoted("Host: " + host));
            request.headers().stream().filter(header -> !OF_THE_CLIENT.contains(header.getKey()))
                    .forEach(header -> text.append(" \\\n  -H ").append(quoted(header(header))));
            return entry.body().length() == 0 ? text.toString() : withBody(text, request, entry.body());
        }

        /** Without a type of its own, curl would give it one; what is no text comes from standard input. */
        private static String withBody(StringBuilder text, Request request, Kept body) {
            if (request.header("Content-Type").isEmpty()) text.append(" \\\n  -H ").append(quoted("Content-Type:"));
            return body.text().map(words -> text + " \\\n  --data-raw " + quoted(words)).orElseGet(() ->
                    "printf %s " + Base64.getEncoder().encodeToString(body.bytes()) + " | base64 -d | " + text
                    + " \\\n  --data-binary @-");
        }

        private static String header(Map.Entry<String, String> header) {
            return header.getKey() + (header.getValue().isEmpty() ? ";" : ": " + header.getValue());
        }

        private static String quoted(String text) {
            return text.matches("[A-Za-z0-9_./:-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
        }

        /** Whether a request has all of the words in anything of it, and none of those with a minus in front. */
        static Predicate<History.Entry> search(String words, boolean onlyFailed) {
            List<String> all = Stream.of(words.toLowerCase(Locale.ROOT).strip().split("\\s+"))
                    .filter(word -> !word.isEmpty() && !word.equals("-")).toList();
            return entry -> (!onlyFailed || entry.isFailed()) && (all.isEmpty() || all.stream().allMatch(word ->
                    word.startsWith("-") ? !texts(entry).contains(word.substring(1)) : texts(entry).contains(word)));
        }

        private static String texts(History.Entry entry) {
            Request request = entry.request();
            StringBuilder text = new StringBuilder(entry.number() + " " + request.method() + " " + target(request) + " "
                    + entry.status() + " " + entry.function() + " " + String.join(" ", entry.notes()) + "\n");
            request.headers().forEach(header -> text.append(header).append('\n'));
            text.append(entry.headers()).append('\n');
            Stream<Kept> parts = Stream.of("body", "response", "event", "answer")
                    .flatMap(name -> part(entry, name).stream());
            parts.forEach(kept -> text.append(new String(kept.bytes(), UTF_8)).append('\n'));
            if (entry.invoked() != null) text.append(entry.invoked().log().text()).append(entry.invoked().trace());
            return text.toString().toLowerCase(Locale.ROOT);
        }
    }

    // ---- Integration: a matched request to its function and back ---------------------------------------------------

    /**
     * What API Gateway does around a function: authorization, the event, the response, its own words for failures, and
     * CORS ("Lambda proxy integrations in API Gateway", "Gateway response types", "Create AWS Lambda proxy integrations
     * for HTTP APIs").
     */
    static final class Integration {
        /**
         * How answers are made.
         *
         * @param authorizes whether authorizers are asked
         * @param strict whether failures are answered in the gateway's words only, without what is wrong
         * @param keySets files with the keys of JSON Web Tokens
         * @param apiKeys those that are known; if there are none, any will do
         * @param origin whom a front end may come from where the template does not say, {@code *} for anywhere, or null
         */
        record Rules(boolean authorizes, boolean strict, String origin, List<Path> keySets, List<String> apiKeys) {
            Rules(boolean authorizes, boolean strict, String origin) {
                this(authorizes, strict, origin, List.of(), List.of());
            }
        }

        private static final Pattern ENCODED = Pattern.compile("\"(isB|b)ase64Encoded\"\\s*:\\s*\"?true");
        private final Rules rules;
        private final Admission admission;
        private final Direct direct = new Direct();
        private final ExecutorService threads;

        /** {@code threads} run functions for which a request does not wait to the end. */
        Integration(Rules rules, ExecutorService threads, Report report) {
            this.rules = rules;
            this.admission = new Admission(rules.authorizes(), rules.keySets(), rules.apiKeys(), report);
            this.threads = threads;
        }

        /** The gateway's own answer to a preflight request, where the template or a rule has CORS. */
        Optional<Reply> preflight(Request request, Router router, Map<String, LambdaFunction> functions) {
            if (!request.method().equals("OPTIONS")) return Optional.empty();
            boolean hasRoute = router.match("OPTIONS", request.path()).isPresent();
            return router.matchAnyMethod(request.path())
                    .or(() -> router.onlyApi().filter(route -> !route.api().isRest())
                            .map(route -> new Router.Match(route, Map.of())))
                    .flatMap(match -> cors(match.route().api()).flatMap(cors ->
                            cors.preflight(request, match.route().api(), router.methods(match.route()), hasRoute))
                            .map(response -> permitted(response, request, match, functions)));
        }

        private Reply permitted(Response response, Request request, Router.Match match,
                Map<String, LambdaFunction> functions) {
            Route route = match.route().withGuard(match.route().api().preflight());
            Scope scope = Scope.of(request, new Router.Match(route, match.parameters()));
            Authorizer.Verdict verdict = admission.verdict(scope, functions);
            return verdict.refusal() == null ? Reply.of(response, "-", "CORS preflight") : refused(verdict, scope);
        }

        private Optional<Cors> cors(Api api) {
            return Cors.of(api, rules.origin());
        }

        /** An answer that is no API's, for the front ends that a rule lets in. */
        Response shared(Response response, Request request) {
            return rules.origin() == null ? response
                    : new Cors(CorsRules.ofAnyRequest(rules.origin())).added(response, request);
        }

        /** An answer where no route was found, as the only API that there is gives it, or any of its kind. */
        Response unrouted(Refusal refusal, Request request, Router router) {
            Route route = router.onlyApi().orElse(null);
            if (route == null) return shared(router.isRest() ? refusal.ofRest() : refusal.ofHttp(), request);
            Response response = Scope.of(request, new Router.Match(route, Map.of())).response(refusal);
            return cors(route.api()).map(cors -> cors.added(response, request, route.api())).orElse(response);
        }

        /** Gives a request to what answers its route, unless it may not pass, and makes a response of the answer. */
        Reply reply(Request request, Router.Match match, Map<String, LambdaFunction> functions) {
            Scope scope = Scope.of(request, match);
            Api api = scope.api();
            Authorizer.Verdict verdict = admission.verdict(scope, functions);
            Reply reply = verdict.refusal() != null ? refused(verdict, scope)
                    : invalidRequest(scope).orElseGet(() -> answer(scope, verdict.caller(), functions))
                    .noted(verdict.note());
            Response response = Events.identified(reply.response(), api, scope.requestId());
            return reply.with(cors(api).map(cors -> cors.added(response, request, api)).orElse(response));
        }

        private static Reply refused(Authorizer.Verdict verdict, Scope scope) {
            Response response = scope.response(verdict.refusal());
            return Reply.of(verdict.challenge() == null ? response
                    : response.with("www-authenticate", verdict.challenge()), scope.function(), verdict.note());
        }

        private static Optional<Reply> invalidRequest(Scope scope) {
            return Validation.of(scope).map(invalid -> Reply.of(
                    scope.response(invalid.refusal(), invalid.message()), scope.function(), invalid.note()));
        }

        private Reply answer(Scope scope, Caller caller, Map<String, LambdaFunction> functions) {
            boolean isFunction = scope.route().backend() instanceof Backend.Lambda;
            return isFunction ? invoke(scope, caller, functions.get(scope.function())) : direct.reply(scope);
        }

        private Reply invoke(Scope scope, Caller caller, LambdaFunction function) {
            Route route = scope.route();
            byte[] event = Events.event(scope.request(), route, scope.match().parameters(), scope.requestId(), caller);
            if (event.length > Invocation.MOST_BYTES) {
                return scope.refused(Refusal.REQUEST_TOO_LARGE, "event over 6 MB");
            }
            Backend.Lambda backend = (Backend.Lambda) route.backend();
            if (backend.isStreamed()) return streamed(scope, event, function);
            Call call = new Call(scope.requestId(), event);
            boolean mayBeLate = backend.timeoutMillis() > 0 && !ProcessDefaults.isDebugged()
                    && backend.timeoutMillis() <= function.definition().timeoutSeconds() * 1000L;
            if (!mayBeLate) return reply(scope, function.invoke(call));
            Future<LambdaFunction.Run> run = built(call, function);
            return await(run, backend.timeoutMillis()).map(ended -> reply(scope, ended))
                    .orElseGet(() -> scope.refused(Refusal.INTEGRATION_TIMEOUT,
                            "no answer in " + backend.timeoutMillis() + " ms, the function goes on"));
        }

        /** A run whose code is built: the time that takes, with libraries to fetch perhaps, is not the function's. */
        private Future<LambdaFunction.Run> built(Call call, LambdaFunction function) {
            CountDownLatch built = new CountDownLatch(1);
            Future<LambdaFunction.Run> run = threads.submit(() -> {
                try {
                    return function.invoke(call, built::countDown);
                } finally {
                    built.countDown();
                }
            });
            try {
                built.await();
                return run;
            } catch (InterruptedException e) {
                throw Fault.project("the server ends");
            }
        }

        /** The function's run, if it ends in time; 0 for any time. */
        private static Optional<LambdaFunction.Run> await(Future<LambdaFunction.Run> run, long millis) {
            try {
                return Optional.of(millis == 0 ? run.get() : run.get(millis, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                throw Fault.project("the server ends");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Fault fault ? fault : Fault.ofOurOwn(e.getCause());
            }
        }

        /** The client sees what the function writes when it is written; what fails before that is told as ever. */
        private Reply streamed(Scope scope, byte[] event, LambdaFunction function) {
            AnswerStream stream = new AnswerStream();
            Future<LambdaFunction.Run> run = threads.submit(() -> {
                boolean isWhole = false;
                try {
                    LambdaFunction.Run ended = function.invoke(new Call(scope.requestId(), event, null, false, stream));
                    isWhole = ended.outcome() instanceof LambdaFunction.Answer;
                    return ended;
                } finally {
                    stream.end(isWhole);
                }
            });
            byte[] start = stream.start(scope.api().isRest());
            if (start.length == 0) {
                LambdaFunction.Run ended = await(run, 0).orElseThrow();
                if (!(ended.outcome() instanceof LambdaFunction.Answer)) return reply(scope, ended);
            }
            return streaming(scope, start, stream, run);
        }

        private Reply streaming(Scope scope, byte[] start, AnswerStream stream, Future<LambdaFunction.Run> run) {
            try {
                Response head = Events.streamedHead(start, scope.route())
                        .with(stream.body(Events.streamedContent(start)));
                return Reply.streamed(head, () -> Reply.of(head, await(run, 0).orElseThrow()).noted("streamed"));
            } catch (Events.InvalidResponse invalid) {
                stream.leave();
                return invalid(await(run, 0).orElseThrow(), scope, invalid);
            }
        }

        private Reply reply(Scope scope, LambdaFunction.Run run) {
            LambdaFunction.Outcome outcome = run.outcome();
            if (outcome instanceof LambdaFunction.Answer answer) return answered(scope, run, answer);
            if (outcome instanceof LambdaFunction.Failure failure) return failed(scope, run, failure);
            if (outcome instanceof LambdaFunction.Broken broken) return broken(scope, run, broken);
            String reason = scope.function() + " " + ((LambdaFunction.Unavailable) outcome).reason();
            return Reply.of(orStrict(Response.message(501, reason), scope), run).noted(reason);
        }

        private Response orStrict(Response told, Scope scope) {
            return rules.strict() ? scope.response(Refusal.INTEGRATION_FAILURE)
                    : scope.headed(told, Refusal.INTEGRATION_FAILURE);
        }

        private Reply answered(Scope scope, LambdaFunction.Run run, LambdaFunction.Answer answer) {
            String accept = scope.request().header("Accept").orElse("");
            try {
                Response response = Events.response(answer.payload(), scope.route(), accept);
                String payload = new String(answer.payload(), UTF_8);
                boolean isKept = payload.contains("ase64Encoded") && !Events.decodes(scope.api(), accept)
                        && ENCODED.matcher(payload).find();
                return Reply.of(response, run)
                        .noted(isKept ? "base64 as it is: BinaryMediaTypes has no `" + accept + "`" : "");
            } catch (Events.InvalidResponse invalid) {
                return invalid(run, scope, invalid);
            }
        }

        private Reply invalid(LambdaFunction.Run run, Scope scope, Events.InvalidResponse invalid) {
            List<Problem> problems = invalid.details().stream().map(detail -> new Problem(detail, null, null)).toList();
            return Reply.of(orStrict(invalid.response(), scope), run).noted("invalid response format").with(problems);
        }

        private Reply failed(Scope scope, LambdaFunction.Run run, LambdaFunction.Failure failure) {
            boolean isTold = failure.isTimeout() && !rules.strict();
            Refusal refusal = isTold ? Refusal.INTEGRATION_TIMEOUT : Refusal.INTEGRATION_FAILURE;
            return Reply.of(scope.response(refusal), run);
        }

        private Reply broken(Scope scope, LambdaFunction.Run run, LambdaFunction.Broken broken) {
            String summary = scope.function() + " " + broken.summary();
            boolean wantsPage = scope.request().header("Accept").orElse("").contains("text/html");
            Response response = wantsPage ? Events.errorPage(summary, broken.errors())
                    : Events.errors(summary, broken.errors());
            return Reply.of(orStrict(response, scope), run);
        }
    }

    // ---- Admission: asks authorizers, and remembers their answers --------------------------------------------------

    /** Decides whether a request may pass, by what guards its route. */
    static final class Admission {
        /** An authorizer's answer in the code that gave it, for as long as it may be used again. */
        private record Known(Object answer, long until) {
        }

        private static final int MOST_KNOWN = 10_000;
        private final boolean authorizes;
        private final Tokens tokens;
        private final List<String> apiKeys;
        private final Report report;
        private final Map<List<Object>, Known> known = new ConcurrentHashMap<>();

        /** @throws Fault if a key set cannot be read */
        Admission(boolean authorizes, List<Path> keySets, List<String> apiKeys, Report report) {
            this.authorizes = authorizes;
            this.tokens = new Tokens(keySets);
            this.apiKeys = apiKeys;
            this.report = report;
        }

        /** The authorizer's verdict, then that of the API key. */
        Authorizer.Verdict verdict(Scope scope, Map<String, LambdaFunction> functions) {
            Guard guard = scope.route().guard();
            if (!authorizes) return Authorizer.Verdict.PASS;
            Authorizer.Verdict verdict = guard.authorizer() == null ? Authorizer.Verdict.PASS
                    : verdict(new Authorizer(guard.authorizer()), scope, functions);
            if (verdict.refusal() != null || !guard.needsKey()) return verdict;
            String key = guard.isKeyFromAuthorizer() ? verdict.key() : scope.request().header("X-Api-Key").orElse("");
            boolean isKnown = key != null && !key.isEmpty() && (apiKeys.isEmpty() || apiKeys.contains(key));
            return isKnown ? verdict.withKey(key)
                    : Authorizer.Verdict.refused(Refusal.INVALID_API_KEY, "no API key that is known");
        }

        private Authorizer.Verdict verdict(Authorizer authorizer, Scope scope, Map<String, LambdaFunction> functions) {
            return switch (authorizer.rules().kind()) {
                case IAM -> Authorizer.ofIam(scope.request(), scope.route());
                case JWT, POOL -> authorizer.ofToken(tokens, scope.request(), scope.route());
                case TOKEN, REQUEST -> byFunction(authorizer, scope, functions);
            };
        }

        private Authorizer.Verdict byFunction(Authorizer authorizer, Scope scope,
                Map<String, LambdaFunction> functions) {
            List<String> identity = authorizer.identity(scope.request(), scope.route());
            if (identity == null) return Authorizer.Verdict.unauthorized("no identity for " + authorizer.name());
            String id = authorizer.rules().function();
            LambdaFunction function = LambdaApi.find(id, functions).orElse(null);
            if (function == null) return Authorizer.Verdict.failed("no function " + id);
            return authorizer.verdict(answer(authorizer, identity, function, scope), scope.request(), scope.route());
        }

        /** The authorizer's answer as plain values, or its failure; not asked again while an answer counts. */
        private Object answer(Authorizer authorizer, List<String> identity, LambdaFunction function, Scope scope) {
            int code = function.isServed() ? System.identityHashCode(function.codebase().current()) : 0;
            List<Object> key = List.of(scope.api().id(), authorizer.name(), identity, function, code);
            Known before = known.get(key);
            if (before != null && before.until() > System.nanoTime()) return before.answer();
            byte[] event = authorizer.event(scope.request(), scope.match(), identity, scope.requestId());
            LambdaFunction.Outcome outcome = function.invoke(new Call(scope.requestId(), event)).outcome();
            if (outcome instanceof LambdaFunction.Failure failure) {
                report.failed("authorizer " + authorizer.name(), failure);
                return failure.error();
            }
            Object answer = outcome instanceof LambdaFunction.Answer good ? Authorizer.read(good.payload()) : "";
            if (known.size() > MOST_KNOWN) known.clear();
            long seconds = authorizer.rules().seconds();
            if (seconds > 0 && !identity.isEmpty() && answer instanceof Map) {
                known.put(key, new Known(answer, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds)));
            }
            return answer;
        }
    }

    // ---- Direct: answers without a function ------------------------------------------------------------------------

    /**
     * MOCK and HTTP integrations ("Set up mock integrations in API Gateway", "HTTP integrations for REST APIs", "Create
     * HTTP proxy integrations for HTTP APIs").
     */
    static final class Direct {
        private static final int MOST_BYTES = 10 << 20;
        private static final Pattern STATUS = Pattern.compile("\"?statusCode\"?\\s*:\\s*\"?([2-5]\\d\\d)");
        private static final Pattern VARIABLE = Pattern.compile("\\{([^{}+]+)\\+?}");
        /** What is between two neighbours only (RFC 9110, section 7.6.1), or the client's own. */
        private static final Set<String> OF_THE_CONNECTION = Set.of("connection", "content-length", "expect", "host",
                "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
                "upgrade");

        private HttpClient client;

        /** The answer of a route without a function. */
        Reply reply(Scope scope) {
            Backend backend = scope.route().backend();
            if (backend instanceof Backend.Mock mock) return mock(mock, scope);
            if (backend instanceof Backend.Http http) return http(http, scope);
            if (backend instanceof Backend.Missing) {
                return Reply.of(Response.message(502, "No function defined for resource method"), "-",
                        "no function of this template is behind it");
            }
            String reason = scope.route() + " is not served: " + ((Backend.Unsupported) backend).reason();
            return Reply.of(Response.message(501, reason), "-", reason);
        }

        private static Reply mock(Backend.Mock mock, Scope scope) {
            Matcher status = STATUS.matcher(rendered(mock.requests(), scope));
            if (!status.find()) return scope.refused(Refusal.API_CONFIGURATION_ERROR, "mock without `statusCode`");
            return mapped(mock.answers(), status.group(1), Map.of(), new byte[0], scope);
        }

        /** The template for the request's type, else the one for JSON, else the body itself. */
        private static String rendered(Map<String, String> templates, Scope scope) {
            String type = scope.request().header("Content-Type").orElse("application/json").replaceFirst("\\s*;.*", "");
            String template = templates.getOrDefault(type, templates.get("application/json"));
            return template == null ? new String(scope.request().body(), UTF_8) : scope.render(template);
        }

        /** By the first pattern that fits the status, else by the answer that has none. */
        private static Reply mapped(List<Backend.Mapped> answers, String status, Map<String, List<String>> headers,
                byte[] body, Scope scope) {
            Optional<Backend.Mapped> answer = answers.stream().filter(each -> each.pattern() != null
                    && each.pattern().matcher(status).matches()).findFirst()
                    .or(() -> answers.stream().filter(each -> each.pattern() == null).findFirst());
            if (answer.isEmpty()) {
                return scope.refused(Refusal.API_CONFIGURATION_ERROR, "no integration response for " + status);
            }
            Map.Entry<String, String> template = answer.get().templates().entrySet().stream().findFirst()
                    .orElse(Map.entry("application/json", ""));
            boolean hasTemplate = !answer.get().templates().isEmpty();
            byte[] content = hasTemplate ? scope.render(template.getValue()).getBytes(UTF_8) : body;
            Response response = new Response(answer.get().status(), Map.of("Content-Type",
                    List.of(template.getKey())), content);
            for (Map.Entry<String, String> parameter : answer.get().parameters().entrySet()) {
                String name = parameter.getKey().replaceFirst("^method\\.response\\.(multivalue)?header\\.", "");
                String value = scope.value(parameter.getValue(), headers);
                if (!value.isEmpty()) response = response.with(name, value);
            }
            return Reply.of(response, "-", "");
        }

        private Reply http(Backend.Http http, Scope scope) {
            try {
                HttpResponse<InputStream> answer = client().send(request(http, scope),
                        HttpResponse.BodyHandlers.ofInputStream());
                byte[] body = bounded(answer.body());
                Map<String, List<String>> headers = kept(answer.headers().map());
                return http.isProxy() ? Reply.of(new Response(answer.statusCode(), headers, body), "-", "")
                        : mapped(http.answers(), String.valueOf(answer.statusCode()), headers, body, scope);
            } catch (HttpTimeoutException e) {
                return scope.refused(Refusal.INTEGRATION_TIMEOUT, "no answer in " + http.timeoutMillis() + " ms");
            } catch (IOException e) {
                return scope.refused(Refusal.INTEGRATION_UNREACHABLE, http.uri() + ": " + Fault.reason(e));
            } catch (IllegalArgumentException e) {
                return scope.refused(Refusal.INTEGRATION_FAILURE, http.uri() + ": " + e.getMessage());
            } catch (InterruptedException e) {
                throw Fault.project("the server ends");
            }
        }

        private synchronized HttpClient client() {
            if (client == null) client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            return client;
        }

        private static byte[] bounded(InputStream stream) throws IOException {
            try (stream) {
                byte[] body = stream.readNBytes(MOST_BYTES + 1);
                if (body.length > MOST_BYTES) throw new IOException("the answer has more than 10 MB");
                return body;
            }
        }

        private static Map<String, List<String>> kept(Map<String, List<String>> headers) {
            Map<String, List<String>> kept = new LinkedHashMap<>(headers);
            kept.keySet().removeIf(name -> name.startsWith(":")
                    || OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)));
            return kept;
        }

        private static HttpRequest request(Backend.Http http, Scope scope) {
            Request request = scope.request();
            byte[] body = http.isProxy() || http.requests().isEmpty() ? request.body()
                    : rendered(http.requests(), scope).getBytes(UTF_8);
            HttpRequest.Builder sent = HttpRequest.newBuilder(URI.create(address(http, scope)))
                    .timeout(Duration.ofMillis(http.timeoutMillis()))
                    .method(http.method().equals("ANY") ? request.method() : http.method(), body.length == 0
                            ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
            headers(http, scope).forEach((name, values) -> values.forEach(value -> sent.header(name, value)));
            return sent.build();
        }

        private static Map<String, List<String>> headers(Backend.Http http, Scope scope) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            scope.request().headers().forEach(header -> {
                boolean isPassed = http.isProxy() || header.getKey().equals("Content-Type");
                if (!isPassed) return;
                headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue());
            });
            put(http, "header", headers, scope);
            headers.keySet().removeIf(name -> OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT)));
            return headers;
        }

        /** What mappings say of a part of the request: {@code integration.request.x.NAME}, {@code append:x.NAME}. */
        private static void put(Backend.Http http, String part, Map<String, List<String>> values, Scope scope) {
            http.parameters().forEach((target, source) -> {
                Matcher named = Pattern.compile("(integration\\.request\\.|append:|overwrite:|remove:)" + part
                        + "\\.(.+)").matcher(target);
                if (!named.matches()) return;
                if (!named.group(1).equals("append:")) values.remove(named.group(2));
                if (named.group(1).equals("remove:")) return;
                values.computeIfAbsent(named.group(2), name -> new ArrayList<>()).add(scope.value(source, Map.of()));
            });
        }

        private static String address(Backend.Http http, Scope scope) {
            Map<String, List<String>> path = new HashMap<>();
            scope.match().parameters().forEach((name, value) -> path.put(name, new ArrayList<>(List.of(value))));
            put(http, "path", path, scope);
            String address = VARIABLE.matcher(http.uri()).replaceAll(variable -> Matcher.quoteReplacement(
                    String.join("", path.getOrDefault(variable.group(1), List.of("")))));
            String other = http.parameters().get("overwrite:path");
            if (other != null) {
                address = address.replaceFirst("^(\\w+://[^/]*).*", "$1") + scope.value(other, Map.of());
            }
            String query = query(http, scope);
            return query.isEmpty() ? address : address + (address.contains("?") ? "&" : "?") + query;
        }

        private static String query(Backend.Http http, Scope scope) {
            String sent = scope.request().query();
            boolean isAsSent = http.isProxy() && http.parameters().keySet().stream()
                    .noneMatch(name -> name.contains("querystring."));
            if (isAsSent) return sent == null ? "" : sent;
            Map<String, List<String>> values = http.isProxy() ? Events.queryValues(scope.request())
                    : new LinkedHashMap<>();
            put(http, "querystring", values, scope);
            return values.entrySet().stream().flatMap(each -> each.getValue().stream().map(value ->
                    URLEncoder.encode(each.getKey(), UTF_8) + "=" + URLEncoder.encode(value, UTF_8)))
                    .collect(Collectors.joining("&"));
        }
    }

    // ---- AnswerStream: what a function writes, on its way to the client -------------------------------------------

    /**
     * Between a function and its client while it still runs ("Response streaming for Lambda functions"): the handler's
     * thread writes, the request's thread reads. What is written goes on its way when it is flushed, or fills a buffer;
     * a handler that is faster than its client waits for it.
     */
    static final class AnswerStream extends OutputStream {
        private static final int CHUNK = 8 << 10;
        private static final int MOST_CHUNKS = 64;
        /** "Lambda quotas": the size of a streamed answer. */
        private static final long MOST_BYTES = 200L << 20;

        private final Deque<byte[]> chunks = new ArrayDeque<>();
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
        private long written;
        private boolean isEnded;
        private boolean isWhole;

        @Override public void write(int character) throws IOException {
            write(new byte[] {(byte) character}, 0, 1);
        }

        @Override public synchronized void write(byte[] part, int offset, int length) throws IOException {
            written += length;
            if (written > MOST_BYTES) throw new IOException("a streamed answer has 200 MB at most");
            pending.write(part, offset, length);
            if (pending.size() >= CHUNK) flush();
        }

        @Override public synchronized void flush() throws IOException {
            try {
                while (chunks.size() >= MOST_CHUNKS && !isEnded) wait();
            } catch (InterruptedException e) {
                throw new InterruptedIOException(e.getMessage());
            }
            if (pending.size() > 0 && !isEnded) chunks.add(pending.toByteArray());
            pending.reset();
            notifyAll();
        }

        /** Ends it for both sides; only if the answer is whole, what was not flushed is part of it. */
        synchronized void end(boolean whole) {
            if (isEnded) return;
            if (whole && pending.size() > 0) chunks.add(pending.toByteArray());
            isWhole = whole;
            isEnded = true;
            notifyAll();
        }

        /** The client is gone: what is still written is dropped. */
        synchronized void leave() {
            isEnded = true;
            chunks.clear();
            notifyAll();
        }

        /** What has been flushed, null at the end. */
        private synchronized byte[] next() throws IOException {
            try {
                while (chunks.isEmpty() && !isEnded) wait();
            } catch (InterruptedException e) {
                throw new InterruptedIOException(e.getMessage());
            }
            notifyAll();
            return chunks.poll();
        }

        private synchronized boolean isBroken() {
            return isEnded && !isWhole;
        }

        /** What is first, as much of it as shows whether it has a head; a function URL's may have none. */
        byte[] start(boolean hasHead) {
            ByteArrayOutputStream start = new ByteArrayOutputStream();
            try {
                byte[] chunk = next();
                while (chunk != null) {
                    start.write(chunk);
                    if (!Events.mayBeHead(start.toByteArray(), hasHead)) break;
                    chunk = next();
                }
                return start.toByteArray();
            } catch (IOException e) {
                return start.toByteArray();
            }
        }

        /** The rest, behind what was read of it already. */
        Body body(byte[] first) {
            return new Body() {
                private final List<byte[]> kept = new ArrayList<>();
                private long length;

                @Override public long length() {
                    return -1;
                }

                @Override public Kept kept() {
                    return Kept.of(kept, length);
                }

                @Override public void writeTo(OutputStream client) throws IOException {
                    try {
                        for (byte[] chunk = first; chunk != null; chunk = next()) {
                            if (length < Kept.MOST) kept.add(chunk);
                            length += chunk.length;
                            client.write(chunk);
                            client.flush();
                        }
                        if (isBroken()) throw new IOException("the function failed");
                    } finally {
                        leave();
                    }
                }
            };
        }
    }

    // ---- LambdaApi: Lambda's own HTTP API --------------------------------------------------------------------------

    /**
     * Invokes functions directly, as the AWS CLI and SDKs ask for it: Invoke, GetFunction, GetFunctionConfiguration and
     * ListFunctions of the Lambda API Reference, with its errors.
     */
    static final class LambdaApi {
        private static final String PREFIX = "/2015-03-31/functions";
        private static final Pattern PATH = Pattern.compile(PREFIX + "/(.+?)(/invocations|/configuration)?/?");
        private static final Pattern NAME = Pattern.compile("(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-[a-z]+)+-\\d:)?"
                + "(\\d{12}:)?(function:)?([a-zA-Z0-9_/-]+)(:(\\$LATEST|[a-zA-Z0-9_-]+))?");
        /** "Lambda quotas": the payload of an invocation that nobody waits for. */
        private static final int MOST_EVENT_BYTES = 1 << 20;
        private static final int RETRIES = 2;

        private final Executor threads;
        private final Report report;

        /** {@code threads} run what nobody waits for. */
        LambdaApi(Executor threads, Report report) {
            this.threads = threads;
            this.report = report;
        }

        /** Whether a path, percent-encoded, is of this API. */
        static boolean serves(String path) {
            return path.equals(PREFIX) || path.startsWith(PREFIX + "/");
        }

        /** Answers a request to one of the functions, which are known by logical id. */
        Reply reply(Request request, Map<String, LambdaFunction> functions) {
            Matcher path = PATH.matcher(request.path());
            if (!path.matches()) {
                return request.method().equals("GET") ? list(functions)
                        : refused(405, "MethodNotAllowedException", request.method() + " is not allowed here");
            }
            String name = URLDecoder.decode(path.group(1).replace("+", "%2B"), UTF_8);
            Matcher parts = NAME.matcher(name);
            if (!parts.matches()) return invalidName(name);
            Optional<LambdaFunction> function = find(parts.group(7), functions);
            if (function.isEmpty()) return unknown(parts.group(7), functions.keySet());
            boolean isInvocation = "/invocations".equals(path.group(2));
            if (isInvocation && !request.method().equals("POST") || !isInvocation && !request.method().equals("GET")) {
                return refused(405, "MethodNotAllowedException", request.method() + " is not allowed here");
            }
            FunctionDefinition definition = function.get().definition();
            if (isInvocation) return invoke(request, function.get());
            return path.group(2) == null ? answer(Map.of("Configuration", configuration(definition)))
                    : answer(configuration(definition));
        }

        /** By logical id, with or without that of its stack, or by FunctionName. */
        static Optional<LambdaFunction> find(String name, Map<String, LambdaFunction> functions) {
            if (functions.containsKey(name)) return Optional.of(functions.get(name));
            return functions.values().stream().filter(function -> function.definition().name().equals(name)
                    || function.definition().id().endsWith("/" + name)).findFirst();
        }

        private static Reply list(Map<String, LambdaFunction> functions) {
            return answer(Map.of("Functions", functions.values().stream().map(LambdaFunction::definition)
                    .sorted(Comparator.comparing(FunctionDefinition::id)).map(LambdaApi::configuration).toList()));
        }

        private static Map<String, Object> configuration(FunctionDefinition function) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("FunctionName", function.name());
            fields.put("FunctionArn", function.arn());
            fields.put("Runtime", function.runtime());
            fields.put("Handler", function.handler());
            fields.put("Timeout", function.timeoutSeconds());
            fields.put("MemorySize", function.memoryMegabytes());
            fields.put("Version", "$LATEST");
            fields.put("PackageType", "Zip");
            fields.put("State", "Active");
            fields.put("LastUpdateStatus", "Successful");
            fields.put("Environment", Map.of("Variables", function.environment()));
            return fields;
        }

        private static Reply answer(Object body) {
            return Reply.of(Response.json(200, body), "-", "");
        }

        private static Reply invalidName(String name) {
            return refused(400, "ValidationException", "1 validation error detected: Value '" + name
                    + "' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression"
                    + " pattern: " + NAME);
        }

        private static Reply unknown(String name, Collection<String> functions) {
            String note = Nearest.to(name, functions).map(near -> "no function; nearest: " + near)
                    .orElse("no function");
            String message = "Function not found: " + Intrinsics.functionArn(name);
            return Reply.of(refused(404, "ResourceNotFoundException", message).response(), "-", note);
        }

        /** An error in the form from which SDKs make their typed exceptions. */
        private static Reply refused(int status, String type, String message) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("Type", status < 500 ? "User" : "Service");
            body.put("Message", message);
            return Reply.of(Response.json(status, body).with("x-amzn-ErrorType", type), "-", message);
        }

        private Reply invoke(Request request, LambdaFunction function) {
            String type = request.header("X-Amz-Invocation-Type").orElse("RequestResponse");
            boolean isEvent = type.equals("Event");
            int most = isEvent ? MOST_EVENT_BYTES : Invocation.MOST_BYTES;
            if (request.body().length > most) {
                return refused(413, "RequestTooLargeException", "Request must be smaller than " + most
                        + " bytes for the InvokeFunction operation");
            }
            Optional<String> fault = Json.faultIn(request.body());
            if (fault.isPresent()) {
                return refused(400, "InvalidRequestContentException",
                        "Could not parse request body into json: " + fault.get());
            }
            Optional<String> context = clientContext(request);
            if (!context.map(Json::isObject).orElse(true)) {
                return refused(400, "InvalidRequestContentException",
                        "Client context must be a valid Base64-encoded JSON object.");
            }
            byte[] event = request.body().length == 0 ? "{}".getBytes(UTF_8) : request.body();
            String requestId = UUID.randomUUID().toString();
            Call call = new Call(requestId, event, context.orElse(null), true);
            return switch (type) {
                case "RequestResponse" -> reply(function.invoke(call), request);
                case "Event" -> queued(call, function, request);
                case "DryRun" -> done(204, requestId, function);
                default -> refused(400, "InvalidParameterValueException", "Invalid invocation type: " + type);
            };
        }

        /** In JSON; an empty text where it is not in base64. */
        private static Optional<String> clientContext(Request request) {
            try {
                return request.header("X-Amz-Client-Context")
                        .map(text -> new String(Base64.getDecoder().decode(text), UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.of("");
            }
        }

        private static Reply done(int status, String requestId, LambdaFunction function) {
            Response response = new Response(status, Map.of(), new byte[0]).with("x-amzn-RequestId", requestId);
            return Reply.of(response, function.definition().id(), "");
        }

        private static Reply reply(LambdaFunction.Run run, Request request) {
            LambdaFunction.Outcome outcome = run.outcome();
            if (outcome instanceof LambdaFunction.Answer answer) {
                return Reply.of(result(answer.payload(), answer.log(), run.call(), request), run);
            }
            if (outcome instanceof LambdaFunction.Failure failure) {
                return Reply.of(result(Traces.json(failure), failure.log(), run.call(), request)
                        .with("X-Amz-Function-Error", "Unhandled"), run);
            }
            if (outcome instanceof LambdaFunction.Broken broken) {
                return Reply.of(Events.errors(run.function() + " " + broken.summary(), broken.errors())
                        .with("x-amzn-ErrorType", "ServiceException"), run);
            }
            return refused(502, "InvalidRuntimeException",
                    run.function() + " " + ((LambdaFunction.Unavailable) outcome).reason());
        }

        private static Response result(byte[] payload, FunctionLog.Transcript log, Call call, Request request) {
            Response response = new Response(200, Map.of("Content-Type", List.of("application/json")), payload)
                    .with("x-amzn-RequestId", call.requestId()).with("X-Amz-Executed-Version", "$LATEST");
            boolean wantsTail = request.header("X-Amz-Log-Type").orElse("").equals("Tail");
            return wantsTail ? response.with("X-Amz-Log-Result", Base64.getEncoder().encodeToString(log.tail()))
                    : response;
        }

        /** What nobody waits for: tried again twice if it fails ("Asynchronous invocation"). */
        private Reply queued(Call call, LambdaFunction function, Request request) {
            threads.execute(() -> run(call, function, request, 0));
            return done(202, call.requestId(), function);
        }

        private void run(Call call, LambdaFunction function, Request request, int tries) {
            long started = System.nanoTime();
            LambdaFunction.Run run = function.invoke(call);
            if (run.outcome() instanceof LambdaFunction.Answer) return;
            String then = tries == RETRIES ? "given up after " + RETRIES + " retries"
                    : "retry " + (tries + 1) + " of " + RETRIES + " in " + (tries + 1) + " s";
            report.finished(new Finished(Finished.Kind.event, request, reply(run, request).noted(then),
                    System.nanoTime() - started));
            if (tries == RETRIES) return;
            CompletableFuture.delayedExecutor(tries + 1L, TimeUnit.SECONDS, threads)
                    .execute(() -> run(call, function, request, tries + 1));
        }
    }

    // ---- History: the last requests ---------------------------------------------------------------------------------

    /**
     * Keeps the last requests, as many as a person looks at and no more memory than nobody misses. What is kept is what
     * there was, not a copy of it; of an exception only its text, since it holds on to all of its function's code.
     */
    static final class History {
        /**
         * What a function was given, and what came of it.
         *
         * @param answer its payload, or what Lambda says of its failure; nothing where it did not run
         * @param initNanos how long a cold start took, 0 for a warm environment
         * @param trace of what it has thrown, or an empty text
         */
        record Invoked(String requestId, Kept event, Kept answer, long initNanos, FunctionLog.Transcript log,
                String trace) {
            private static final FunctionLog.Transcript NOTHING = new FunctionLog.Transcript();

            static Invoked of(LambdaFunction.Run run) {
                Kept event = Kept.of(run.call().event());
                String id = run.call().requestId();
                if (run.outcome() instanceof LambdaFunction.Answer answer) {
                    Kept payload = run.call().stream() == null ? Kept.of(answer.payload()) : Kept.of(new byte[0]);
                    return new Invoked(id, event, payload, run.initNanos(), answer.log(), "");
                }
                if (run.outcome() instanceof LambdaFunction.Failure failure) {
                    return new Invoked(id, event, Kept.of(Traces.json(failure)), run.initNanos(), failure.log(),
                            Traces.render(failure));
                }
                return new Invoked(id, event, Kept.of(new byte[0]), 0, NOTHING, "");
            }

            private long bytes() {
                return event.bytes().length + answer.bytes().length + trace.length();
            }
        }

        /**
         * A request that was answered.
         *
         * @param number from 1, in the order in which they were answered
         * @param request with that part of its body that is kept
         * @param content of the response
         * @param invoked null where no function was asked
         */
        record Entry(long number, Finished.Kind kind, Request request, Kept body, int status,
                Map<String, List<String>> headers, Kept content, String function, List<String> notes,
                List<Problem> problems, long nanos, Invoked invoked) {
            private static Entry of(Finished finished) {
                Request request = finished.request();
                Kept body = Kept.of(request.body());
                Reply reply = finished.reply();
                List<Problem> problems = finished.failure().map(failure -> List.of(Traces.problem(failure)))
                        .orElse(reply.problems());
                return new Entry(0, finished.kind(), body.isCut() ? request.with(body.bytes()) : request, body,
                        finished.status(), reply.response().headers(), reply.response().body().kept(),
                        finished.function(), finished.notes(), problems, finished.nanos(),
                        reply.run() == null ? null : Invoked.of(reply.run()));
            }

            private Entry with(long other) {
                return new Entry(other, kind, request, body, status, headers, content, function, notes, problems, nanos,
                        invoked);
            }

            /** Whether its function, or who answered for it, has failed. */
            boolean isFailed() {
                return status >= 400 || !problems.isEmpty();
            }

            /** About how much memory it takes, its log aside. */
            private long bytes() {
                return 2_000 + body.bytes().length + content.bytes().length + (invoked == null ? 0 : invoked.bytes());
            }
        }

        private static final int MOST = 200;
        private static final long MOST_BYTES = 32 << 20;
        private final Deque<Entry> entries = new ArrayDeque<>();
        private long bytes;
        private long last;
        private long version;

        /** Keeps one more, and drops the oldest where they are too many or too much. */
        void add(Finished finished) {
            Entry entry = Entry.of(finished);
            synchronized (this) {
                entries.add(entry.with(++last));
                bytes += entry.bytes();
                while (entries.size() > MOST || bytes > MOST_BYTES) bytes -= entries.remove().bytes();
                change();
            }
        }

        synchronized void clear() {
            entries.clear();
            bytes = 0;
            change();
        }

        private void change() {
            version++;
            notifyAll();
        }

        /** Another number after each change. */
        synchronized long version() {
            return version;
        }

        /** The version when it is another, or that same one after a while. */
        synchronized long await(long known, long millis) throws InterruptedException {
            if (version == known) wait(millis);
            return version;
        }

        /** The number of the newest request, 0 if there was none. */
        synchronized long last() {
            return last;
        }

        /** The number of the oldest that is kept, or of the next if there is none. */
        synchronized long first() {
            return entries.isEmpty() ? last + 1 : entries.peek().number();
        }

        /** Those with greater numbers, in their order. */
        synchronized List<Entry> after(long number) {
            return entries.stream().filter(entry -> entry.number() > number).toList();
        }

        synchronized Optional<Entry> find(long number) {
            return entries.stream().filter(entry -> entry.number() == number).findFirst();
        }

        /** The number of a request that has just been answered, 0 if it is no longer kept. */
        synchronized long number(Request request) {
            Iterator<Entry> newest = entries.descendingIterator();
            while (newest.hasNext()) {
                Entry entry = newest.next();
                if (entry.request().time() == request.time()) return entry.number(); // that very object
            }
            return 0;
        }
    }

    // ---- Report: what a running server tells -----------------------------------------------------------------------

    /**
     * A request that has been answered: what the console's line is made of, and what others may keep.
     *
     * @param nanos until the answer was made; if it was streamed, until it had ended
     */
    record Finished(Kind kind, Request request, Reply reply, long nanos) {
        /** To an API, to Lambda's own, or a function that was called by that and nobody waits for. */
        enum Kind {
            request, call, event
        }

        int status() {
            return reply.response().status();
        }

        /** Logical id of what answered, {@code -} where that was the gateway itself. */
        String function() {
            return reply.function();
        }

        /** The id that the function's context has, if one was invoked. */
        Optional<String> requestId() {
            return Optional.ofNullable(reply.run()).map(run -> run.call().requestId());
        }

        /** What went wrong and what else happened on the way, in few words each. */
        List<String> notes() {
            Stream<String> thrown = failure().stream().map(failure -> Traces.headline(failure.error()));
            Stream<String> ran = Stream.ofNullable(reply.run()).map(LambdaFunction.Run::note)
                    .filter(note -> !note.isEmpty());
            return Stream.of(thrown, reply.notes().stream(), ran).flatMap(notes -> notes).toList();
        }

        /** What the function has thrown, or the runtime for it. */
        Optional<LambdaFunction.Failure> failure() {
            return Optional.ofNullable(reply.run()).map(LambdaFunction.Run::outcome)
                    .filter(LambdaFunction.Failure.class::isInstance).map(LambdaFunction.Failure.class::cast);
        }
    }

    /** Tells of each request on the console, and to whoever has asked for it. */
    static final class Report {
        private static final Pattern METHOD = Pattern.compile("[!-~]{1,20}");
        /** Characters of a path on the console. */
        private static final int MOST_SHOWN = 500;
        private final Console console;
        private final List<Consumer<Finished>> listeners = new CopyOnWriteArrayList<>();

        Report(Console console) {
            this.console = console;
        }

        /** From now on {@code listener} gets each request, in the thread that answers it; it must be quick. */
        void onFinished(Consumer<Finished> listener) {
            listeners.add(listener);
        }

        /** A request has been answered. */
        void finished(Finished finished) {
            String details = details(finished).stripTrailing();
            console.reportNow(details.isEmpty() ? line(finished) : line(finished) + "\n" + details);
            listeners.forEach(listener -> listener.accept(finished));
        }

        /** A function that a request needs besides its own has failed. */
        void failed(String what, LambdaFunction.Failure failure) {
            console.report(what + ": " + Traces.render(failure));
        }

        /** Something went wrong outside of a request. */
        void errors(List<Problem> errors) {
            console.report(console.errors(errors));
        }

        private String details(Finished finished) {
            return finished.failure().map(Traces::render).orElseGet(() -> console.errors(finished.reply().problems()));
        }

        private String line(Finished finished) {
            Reply reply = finished.reply();
            boolean isRequest = finished.kind() == Finished.Kind.request;
            String sent = finished.request().method();
            String verb = !isRequest ? finished.kind().name() : METHOD.matcher(sent).matches() ? sent : "?";
            String path = finished.request().path();
            String shown = path.length() > MOST_SHOWN ? path.substring(0, MOST_SHOWN) + "…" : path;
            String notes = String.join("  ", finished.notes());
            return console.paint(Console.Style.BOLD, String.format("%-6s", verb)) + "  "
                    + (isRequest ? shown : reply.function()) + "  "
                    + console.paint(style(finished.status()), String.valueOf(finished.status()))
                    + console.paint(Console.Style.DIM, String.format("  %6s", Console.millis(finished.nanos())))
                    + "  " + reply.function() + (notes.isEmpty() ? "" : "  " + notes);
        }

        private static Console.Style style(int status) {
            if (status < 300) return Console.Style.SUCCESS;
            if (status < 400) return Console.Style.HELP;
            return status < 500 ? Console.Style.WARNING : Console.Style.ERROR;
        }
    }

    // ---- Traces: a handler's exception as its author wants to see it -----------------------------------------------

    /** Renders a failure: the runtime's frames cut, a library's folded, the first own frame given as a path. */
    static final class Traces {
        private static final int MOST_LIBRARY_FRAMES = 2;
        private static final int MOST_CAUSES = 10;
        private static final int MOST_FRAMES = 100;
        private static final int MOST_CHARACTERS = 2000;

        private Traces() {
        }

        /** The trace of a failure, causes and all; ends in a line break. */
        static String render(LambdaFunction.Failure failure) {
            StringBuilder text = new StringBuilder();
            List<Throwable> errors = causes(failure.error());
            errors.stream().flatMap(error -> place(error, failure.build()).stream()).findFirst()
                    .ifPresent(place -> text.append("  --> ").append(place).append('\n'));
            for (Throwable error : errors) {
                text.append(error == errors.get(0) ? "" : "Caused by: ").append(describe(error)).append('\n');
                frames(error, failure.build(), text);
            }
            nearest(failure).ifPresent(name -> text.append("help: did you mean `").append(name).append("`?\n"));
            return text.toString();
        }

        /** The class that was most likely meant by a handler that names none. */
        private static Optional<String> nearest(LambdaFunction.Failure failure) {
            String missing = failure.error() instanceof RuntimeFault fault ? fault.getMessage() : "";
            return missing.startsWith(RuntimeFault.NO_CLASS) && failure.error().getCause() == null
                    ? Nearest.to(missing.substring(RuntimeFault.NO_CLASS.length()), failure.build().classes().keySet())
                    : Optional.empty();
        }

        /** What went wrong on one line, the first frame that is in a source of the project, and what helps. */
        static Problem problem(LambdaFunction.Failure failure) {
            Place place = causes(failure.error()).stream().flatMap(error -> frame(error, failure.build()).stream())
                    .findFirst().map(frame -> new Place(Place.display(failure.build().source(frame.getClassName(),
                            frame.getFileName())), List.of(), frame.getLineNumber(), 1, 0)).orElse(null);
            return new Problem(headline(failure.error()), place,
                    nearest(failure).map(name -> "did you mean `" + name + "`?").orElse(null));
        }

        /** What Lambda answers for it: {@code errorMessage}, {@code errorType}, {@code stackTrace}. */
        static byte[] json(LambdaFunction.Failure failure) {
            Map<String, Object> fields = new LinkedHashMap<>();
            Throwable error = failure.error();
            if (error instanceof RuntimeFault fault) {
                fields.put("errorMessage", fault.isPlatforms()
                        ? "RequestId: " + failure.requestId() + " Error: " + fault.getMessage() : fault.getMessage());
                if (fault.type() != null) fields.put("errorType", fault.type());
            } else {
                String message = orElse(error::getLocalizedMessage, null);
                fields.put("errorMessage", message == null ? error.getClass().getName() : message);
                fields.put("errorType", error.getClass().getName());
                if (!failure.inInit()) fields.put("stackTrace", stack(error).stream().map(Object::toString).toList());
            }
            return Json.write(fields).getBytes(UTF_8);
        }

        /** The error and its causes, as many as can be of use: a handler's exception may name ever new ones. */
        private static List<Throwable> causes(Throwable first) {
            List<Throwable> causes = new ArrayList<>();
            for (Throwable error = first; error != null && causes.size() < MOST_CAUSES; error = cause(error)) {
                Throwable next = error;
                if (causes.stream().anyMatch(known -> known == next)) break;
                causes.add(error);
            }
            return causes;
        }

        private static Throwable cause(Throwable error) {
            return orElse(error::getCause, null);
        }

        private static List<StackTraceElement> stack(Throwable error) {
            StackTraceElement[] frames = orElse(error::getStackTrace, null);
            return frames == null ? List.of() : Arrays.stream(frames).filter(Objects::nonNull).toList();
        }

        /** What a handler's own exception class says of itself, or something else where that fails too. */
        private static <T> T orElse(Supplier<T> answer, T otherwise) {
            try {
                return answer.get();
            } catch (Throwable inTheAnswer) {
                return otherwise;
            }
        }

        /** Type and message on one line. */
        static String headline(Throwable error) {
            String text = describe(error);
            String name = error.getClass().getName();
            return (text.startsWith(name) ? error.getClass().getSimpleName() + text.substring(name.length()) : text)
                    .lines().findFirst().orElse(name);
        }

        /** As {@code toString} has it, cut where it runs on. */
        private static String describe(Throwable error) {
            String text = orElse(error::toString, error.getClass().getName());
            String known = text == null ? error.getClass().getName() : text;
            return known.length() > MOST_CHARACTERS ? known.substring(0, MOST_CHARACTERS) + "…" : known;
        }

        private static Optional<String> place(Throwable error, Codebase.Build build) {
            return frame(error, build).map(frame -> Place.display(build.source(frame.getClassName(),
                    frame.getFileName())) + ":" + frame.getLineNumber());
        }

        private static Optional<StackTraceElement> frame(Throwable error, Codebase.Build build) {
            return stack(error).stream()
                    .filter(frame -> build.source(frame.getClassName(), frame.getFileName()) != null).findFirst();
        }

        private static void frames(Throwable error, Codebase.Build build, StringBuilder text) {
            List<StackTraceElement> folded = new ArrayList<>();
            for (StackTraceElement frame : ownFrames(error)) {
                if (build.classes().isEmpty() || build.classes().containsKey(frame.getClassName())) {
                    flush(folded, text);
                    text.append("    at ").append(frame).append('\n');
                } else {
                    folded.add(frame);
                }
            }
            flush(folded, text);
        }

        /** The frames above the runtime's first one, less the reflection by which it calls a method. */
        private static List<StackTraceElement> ownFrames(Throwable error) {
            List<StackTraceElement> frames = stack(error).stream().limit(MOST_FRAMES)
                    .takeWhile(frame -> !frame.getClassName().startsWith(ServerLocal.class.getName() + "$"))
                    .collect(Collectors.toCollection(ArrayList::new));
            while (!frames.isEmpty() && isReflection(frames.get(frames.size() - 1))) frames.remove(frames.size() - 1);
            return frames;
        }

        private static boolean isReflection(StackTraceElement frame) {
            return frame.getClassName()
                    .matches("(jdk\\.internal|java\\.lang)\\.(reflect|invoke)\\..*|java\\.lang\\.Class");
        }

        private static void flush(List<StackTraceElement> folded, StringBuilder text) {
            if (folded.size() > MOST_LIBRARY_FRAMES) {
                String type = folded.get(0).getClassName();
                String where = type.contains(".") ? type.substring(0, type.lastIndexOf('.')) : type;
                text.append("    ... ").append(folded.size()).append(" frames in ").append(where).append('\n');
            } else {
                folded.forEach(frame -> text.append("    at ").append(frame).append('\n'));
            }
            folded.clear();
        }
    }

    // ---- Authorizer: whether a request may reach its function ------------------------------------------------------

    /**
     * Decides by what the template says ("Use API Gateway Lambda authorizers", "Control access to HTTP APIs with AWS
     * Lambda authorizers", "... with JWT authorizers", "Control access to REST APIs using Amazon Cognito user pools").
     * Pure: functions are invoked by {@link Integration}.
     */
    record Authorizer(AuthorizerRules rules) {
        /**
         * Either a refusal with a note for the console, or what is known of the caller.
         *
         * @param challenge value of a refusal's WWW-Authenticate, or null
         * @param key the API key that a Lambda authorizer names, or null
         */
        record Verdict(Refusal refusal, String challenge, String note, Caller caller, String key) {
            static final Verdict PASS = passed(Caller.NOBODY);

            static Verdict passed(Caller caller) {
                return new Verdict(null, null, "", caller, null);
            }

            static Verdict refused(Refusal refusal, String note) {
                return new Verdict(refusal, null, note, null, null);
            }

            static Verdict unauthorized(String note) {
                return refused(Refusal.UNAUTHORIZED, "unauthorized: " + note);
            }

            static Verdict failed(String note) {
                return refused(Refusal.AUTHORIZER_CONFIGURATION_ERROR, "authorizer: " + note);
            }

            private Verdict challenged(String value) {
                return new Verdict(refusal, value, note, caller, key);
            }

            private Verdict noted(String text) {
                return new Verdict(refusal, challenge, text, caller, key);
            }

            /** The same with the API key that let the request pass, which a REST API tells its function. */
            Verdict withKey(String value) {
                Map<String, Object> identity = new LinkedHashMap<>(caller.identity());
                identity.put("apiKey", value);
                identity.put("apiKeyId", "local");
                return new Verdict(null, null, note, new Caller(caller.authorizer(), identity), value);
            }
        }

        private static final String ARN = "arn:aws:execute-api:us-east-1:123456789012:1234567890/";
        private static final Pattern CREDENTIAL = Pattern.compile("AWS4-\\S+ .*Credential=([^/,\\s]+)/.*");
        private static final DateTimeFormatter CLAIM_TIME =
                DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss 'UTC' yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

        String name() {
            return rules.name();
        }

        private boolean isToken() {
            return rules.kind() == AuthorizerRules.Kind.TOKEN;
        }

        /** The value of a part of a request, or an empty text. */
        private static String value(AuthorizerRules.Source source, Request request, Route route) {
            return switch (source.where()) {
                case "header" -> request.header(Events.titleCase(source.name())).orElse("");
                case "querystring" -> Events.queryValue(request, source.name()).orElse("");
                case "stageVariables" -> route.api().variables().getOrDefault(source.name(), "");
                default -> contextValue(source.name(), request, route);
            };
        }

        private static String contextValue(String name, Request request, Route route) {
            return switch (name) {
                case "httpMethod", "http.method" -> request.method();
                case "path", "http.path" -> request.path();
                case "resourcePath" -> route.path();
                case "stage" -> route.api().stage();
                case "routeKey" -> route.toString();
                case "apiId" -> "1234567890";
                case "accountId" -> "123456789012";
                case "identity.sourceIp", "http.sourceIp" -> request.sourceIp();
                case "identity.userAgent", "http.userAgent" -> request.header("User-Agent").orElse("");
                default -> "";
            };
        }

        private static Map<?, ?> map(Object value) {
            return value instanceof Map<?, ?> map ? map : Map.of();
        }

        /** By a JSON Web Token in the request. */
        Verdict ofToken(Tokens tokens, Request request, Route route) {
            boolean isRest = route.api().isRest();
            String sent = rules.sources().isEmpty() ? "" : value(rules.sources().get(0), request, route);
            boolean hasForm = !sent.isEmpty() && (rules.token() == null || rules.token().matcher(sent).lookingAt());
            if (!hasForm) return Verdict.unauthorized("no token for " + name()).challenged(isRest ? null : "Bearer");
            try {
                Map<String, Object> claims = tokens.claims(sent.replaceFirst("(?i)^Bearer\\s+", ""));
                tokens.check(claims, rules, request.time());
                return scoped(claims, route);
            } catch (Tokens.InvalidToken invalid) {
                Refusal refusal = invalid.isExpired() ? Refusal.EXPIRED_TOKEN : Refusal.UNAUTHORIZED;
                String challenge = "Bearer scope=\"\" error=\"invalid_token\" error_description=\""
                        + invalid.getMessage() + '"';
                return Verdict.refused(refusal, "unauthorized: " + invalid.details())
                        .challenged(isRest ? null : challenge);
            }
        }

        /** One of the route's scopes is enough; a user pool's access token has some, its identity token has none. */
        private Verdict scoped(Map<String, Object> claims, Route route) {
            List<String> wanted = route.guard().scopes();
            boolean isRest = route.api().isRest();
            boolean isAccess = "access".equals(claims.get("token_use"));
            if (isRest && isAccess && wanted.isEmpty()) return Verdict.unauthorized("an access token, without scopes");
            List<String> held = Tokens.scopes(claims);
            if (!wanted.isEmpty() && Collections.disjoint(wanted, held)) {
                Verdict refused = isRest ? Verdict.unauthorized("none of the scopes " + wanted)
                        : Verdict.refused(Refusal.ACCESS_DENIED, "none of the scopes " + wanted);
                return refused.challenged(isRest ? null : "Bearer scope=\"" + String.join(" ", wanted)
                        + "\" error=\"insufficient_scope\" error_description=\"scope is missing\"");
            }
            return Verdict.passed(new Caller(claims(claims, route), Map.of()));
        }

        private static Map<String, Object> claims(Map<String, Object> claims, Route route) {
            boolean isRest = route.api().isRest();
            Map<String, Object> texts = new LinkedHashMap<>();
            claims.forEach((name, value) -> texts.put(name, isRest ? restClaim(name, value) : httpClaim(value)));
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("claims", texts);
            if (!isRest) told.put("scopes", route.guard().scopes().isEmpty() ? null : route.guard().scopes());
            return route.payload().equals("2.0") ? Map.of("jwt", told) : told;
        }

        private static String restClaim(String name, Object value) {
            boolean isTime = value instanceof Number && Set.of("exp", "iat").contains(name);
            if (isTime) return CLAIM_TIME.format(Instant.ofEpochSecond(((Number) value).longValue()));
            return value instanceof List<?> list ? list.stream().map(Authorizer::plain).collect(Collectors.joining(","))
                    : plain(value);
        }

        private static String httpClaim(Object value) {
            return value instanceof List<?> list
                    ? list.stream().map(Authorizer::plain).collect(Collectors.joining(" ", "[", "]")) : plain(value);
        }

        private static String plain(Object value) {
            return value instanceof String text ? text : Json.write(value);
        }

        /** IAM is not asked here: whoever calls is taken for a user of this account, by the key of the signature. */
        static Verdict ofIam(Request request, Route route) {
            Matcher signed = CREDENTIAL.matcher(request.header("Authorization").orElse(""));
            String key = signed.matches() ? signed.group(1) : null;
            String user = "arn:aws:iam::123456789012:user/local";
            Map<String, Object> caller = new LinkedHashMap<>();
            boolean isSecond = route.payload().equals("2.0");
            caller.put("accessKey", key);
            caller.put("accountId", "123456789012");
            caller.put(isSecond ? "callerId" : "caller", "AIDALOCAL");
            if (isSecond) caller.put("cognitoIdentity", null);
            caller.put("principalOrgId", null);
            caller.put("userArn", user);
            caller.put(isSecond ? "userId" : "user", "AIDALOCAL");
            return Verdict.passed(isSecond ? new Caller(Map.of("iam", caller), Map.of()) : new Caller(null, caller))
                    .noted("IAM not checked" + (key == null ? ", not signed" : ""));
        }

        /** The values of its sources, or null where a request lacks one that must be there. */
        List<String> identity(Request request, Route route) {
            List<String> values = rules.sources().stream().map(source -> value(source, request, route)).toList();
            boolean mustBeThere = isToken() || rules.seconds() > 0 || !route.api().isRest();
            if (mustBeThere && values.contains("")) return null;
            boolean hasForm = rules.token() == null || !isToken() || rules.token().matcher(values.get(0)).lookingAt();
            return hasForm ? values : null;
        }

        /** What it is asked. */
        byte[] event(Request request, Router.Match match, List<String> identity, String requestId) {
            Map<String, Object> event = new LinkedHashMap<>();
            String arn = arn(request, match.route());
            if (isToken()) {
                event.put("type", "TOKEN");
                event.put("authorizationToken", identity.get(0));
                event.put("methodArn", arn);
                return Json.write(event).getBytes(UTF_8);
            }
            event.putAll(Events.event(request, match.route().withPayload(rules.payload()),
                    match.parameters(), requestId));
            List.of("body", "isBase64Encoded").forEach(event::remove);
            event.put("type", "REQUEST");
            event.put(rules.payload().equals("1.0") ? "methodArn" : "routeArn", arn);
            boolean isRest = match.route().api().type().equals("rest");
            if (!isRest && rules.payload().equals("2.0")) event.put("identitySource", identity);
            if (!isRest && rules.payload().equals("1.0")) {
                event.put("identitySource", String.join(",", identity));
                event.put("authorizationToken", String.join(",", identity));
            }
            return Json.write(event).getBytes(UTF_8);
        }

        private static String arn(Request request, Route route) {
            return ARN + route.api().stage() + "/" + request.method() + request.path();
        }

        /** A handler's answer as plain values, an empty text where it is not JSON. */
        static Object read(byte[] payload) {
            try {
                return Json.read(new String(payload, UTF_8));
            } catch (IOException e) {
                return "";
            }
        }

        /** What an answer, or an error, means for a request. */
        Verdict verdict(Object answer, Request request, Route route) {
            if (answer instanceof Throwable error) {
                return "Unauthorized".equals(error.getMessage()) ? Verdict.unauthorized(name() + " says so")
                        : Verdict.failed(name() + " failed");
            }
            Map<?, ?> fields = map(answer);
            if (rules.isSimple() && fields.get("isAuthorized") instanceof Boolean isAuthorized) {
                return isAuthorized ? passed(fields, route) : Verdict.refused(Refusal.ACCESS_DENIED, "denied");
            }
            boolean isPolicy = !rules.isSimple() && fields.get("principalId") instanceof String
                    && !statements(fields).isEmpty();
            if (!isPolicy) return Verdict.failed(name() + " answered neither a policy nor `isAuthorized`");
            String arn = arn(request, route);
            if (isStated("Deny", fields, arn)) return Verdict.refused(Refusal.EXPLICITLY_DENIED, "denied");
            boolean isAllowed = isStated("Allow", fields, arn);
            return isAllowed ? passed(fields, route) : Verdict.refused(Refusal.ACCESS_DENIED, "denied");
        }

        private static List<?> statements(Map<?, ?> answer) {
            Object statements = map(answer.get("policyDocument")).get("Statement");
            return statements instanceof List<?> list ? list : statements instanceof Map ? List.of(statements)
                    : List.of();
        }

        private static boolean isStated(String effect, Map<?, ?> answer, String arn) {
            return statements(answer).stream().map(Authorizer::map).filter(statement ->
                    effect.equals(statement.get("Effect"))).anyMatch(statement ->
                    fits(statement.get("Action"), "execute-api:Invoke") && fits(statement.get("Resource"), arn));
        }

        /** As in IAM: {@code *} for any text, {@code ?} for any character. */
        private static boolean fits(Object patterns, String value) {
            List<?> all = patterns instanceof List<?> list ? list : patterns == null ? List.of() : List.of(patterns);
            return all.stream().anyMatch(each -> value.matches("(?si)" + Pattern.quote(each.toString())
                    .replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q")));
        }

        /** A REST API makes texts of all values, takes no others, and has them beside the principal. */
        private Verdict passed(Map<?, ?> answer, Route route) {
            Map<String, Object> context = new LinkedHashMap<>();
            map(answer.get("context")).forEach((name, value) -> context.put(name.toString(), value));
            if (route.payload().equals("2.0")) {
                Map<String, Object> lambda = new LinkedHashMap<>();
                lambda.put("lambda", context.isEmpty() ? null : context);
                return Verdict.passed(new Caller(lambda, Map.of()));
            }
            boolean isRest = route.api().isRest();
            if (isRest && context.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
                return Verdict.failed(name() + " has a map or list in its context");
            }
            if (isRest) context.replaceAll((name, value) -> value == null ? null : plain(value));
            if (answer.get("principalId") != null) context.put("principalId", answer.get("principalId"));
            String key = answer.get("usageIdentifierKey") instanceof String text ? text : null;
            return new Verdict(null, null, "", new Caller(context, Map.of()), key);
        }
    }

    // ---- Tokens: JSON Web Tokens and the keys that they are signed with ---------------------------------------------

    /** Reads tokens (RFC 7519) and verifies them with local key sets (RFC 7517), where there are any. */
    static final class Tokens {
        /** A token that does not let in, and why. */
        static final class InvalidToken extends Exception {
            private static final long serialVersionUID = 1;
            private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
            private final String found;
            private final boolean expired;

            InvalidToken(String reason, boolean expired) {
                this(reason, "", expired);
            }

            /** {@code found} is what the token has, for the console alone. */
            InvalidToken(String reason, Object found, boolean expired) {
                super(reason, null, false, false);
                this.found = CONTROL.matcher(String.valueOf(found)).replaceAll(" ");
                this.expired = expired;
            }

            String details() {
                return found.isEmpty() ? getMessage() : getMessage() + ": " + found;
            }

            boolean isExpired() {
                return expired;
            }
        }

        private static final int MOST_BYTES = 1 << 20;
        private final Keys keys;

        /** @throws Fault if a file is no key set */
        Tokens(List<Path> files) {
            this.keys = files.isEmpty() ? null : new Keys(files);
        }

        /** The claims of a token, which are verified if there are keys. */
        Map<String, Object> claims(String token) throws InvalidToken {
            return keys == null ? unverified(token) : keys.claims(token);
        }

        private static Map<String, Object> unverified(String token) throws InvalidToken {
            try {
                return JWTParser.parse(token).getJWTClaimsSet().toJSONObject();
            } catch (ParseException | NullPointerException e) {
                throw new InvalidToken("the token is no JSON Web Token", false);
            }
        }

        /** By issuer, audience and time; what the template does not know is not checked. */
        void check(Map<String, Object> claims, AuthorizerRules rules, Instant now) throws InvalidToken {
            if (!rules.issuers().isEmpty() && !rules.issuers().contains(String.valueOf(claims.get("iss")))) {
                throw new InvalidToken("the token is from another issuer", claims.get("iss"), false);
            }
            Object audience = claims.containsKey("aud") ? claims.get("aud") : claims.get("client_id");
            List<?> named = audience instanceof List<?> list ? list : List.of(String.valueOf(audience));
            if (!rules.audience().isEmpty() && Collections.disjoint(rules.audience(), named)) {
                throw new InvalidToken("the token is for another audience", audience, false);
            }
            if (second(claims, "exp", Long.MAX_VALUE) <= now.getEpochSecond()) {
                throw new InvalidToken("the token has expired", true);
            }
            if (second(claims, "nbf", 0) > now.getEpochSecond()) {
                throw new InvalidToken("the token is not yet valid", false);
            }
        }

        private static long second(Map<String, Object> claims, String name, long otherwise) {
            return claims.get(name) instanceof Number number ? number.longValue() : otherwise;
        }

        /** What the token may be used for. */
        static List<String> scopes(Map<String, Object> claims) {
            Object held = claims.containsKey("scope") ? claims.get("scope") : claims.get("scp");
            return held instanceof List<?> list ? list.stream().map(String::valueOf).toList()
                    : held == null ? List.of() : List.of(held.toString().split(" "));
        }

        /** Kept apart, so that the library is only loaded where keys are given. */
        private static final class Keys {
            private final List<JWK> keys;

            Keys(List<Path> files) {
                this.keys = files.stream().flatMap(file -> read(file).stream()).toList();
            }

            private static List<JWK> read(Path file) {
                try {
                    if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` has more than 1 MB");
                    return JWKSet.parse(Files.readString(file)).getKeys();
                } catch (IOException e) {
                    throw Fault.usage("`--jwks`: cannot read `" + file + "`: " + Fault.reason(e), null);
                } catch (ParseException e) {
                    throw Fault.usage("`--jwks`: `" + file + "` is no JSON Web Key Set: " + e.getMessage(),
                            "it must look like {\"keys\": [{\"kty\": \"RSA\", …}]}");
                }
            }

            Map<String, Object> claims(String token) throws InvalidToken {
                try {
                    SignedJWT signed = SignedJWT.parse(token);
                    String id = signed.getHeader().getKeyID();
                    for (JWK key : keys) {
                        boolean mayFit = id == null || key.getKeyID() == null || id.equals(key.getKeyID());
                        if (mayFit && verifies(key, signed)) return signed.getJWTClaimsSet().toJSONObject();
                    }
                    throw new InvalidToken("the token is signed with none of the known keys", false);
                } catch (ParseException e) {
                    throw new InvalidToken("the token is no signed JSON Web Token", false);
                }
            }

            private static boolean verifies(JWK key, SignedJWT token) {
                try {
                    boolean isPublic = key instanceof AsymmetricJWK;
                    return isPublic && token.verify(new DefaultJWSVerifierFactory().createJWSVerifier(token.getHeader(),
                            ((AsymmetricJWK) key).toPublicKey()));
                } catch (JOSEException e) {
                    return false; // a key for another algorithm
                }
            }
        }
    }

    // ---- Cors: which other sites may read an answer ----------------------------------------------------------------

    /**
     * Pure: the answers to preflight requests and the headers of all others, as each kind of API has them ("Enabling
     * CORS for a REST API resource", "Configuring CORS for HTTP APIs", for function URLs "Cross-origin resource
     * sharing"). A REST API leaves ordinary answers to the handler, the others put their own headers in its place.
     */
    record Cors(CorsRules rules) {
        private static final String ALLOW = "Access-Control-Allow-";
        private static final List<String> ALL_METHODS = List.of("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST",
                "PUT");

        /** What the template says for an API, else what a person asked for, {@code origin}, if anything does. */
        static Optional<Cors> of(Api api, String origin) {
            if (api.cors() != null) return Optional.of(new Cors(api.cors()));
            return Optional.ofNullable(origin).map(CorsRules::ofAnyRequest).map(Cors::new);
        }

        /**
         * The answer to a preflight request; a REST API's path may have a route of its own for it. Where the template
         * has CORS, the others answer OPTIONS from any site, and an HTTP API whatever has no route.
         */
        Optional<Response> preflight(Request request, Api api, Set<String> methodsOfPath, boolean hasRoute) {
            if (api.cors() != null && api.isRest()) {
                return methodsOfPath.contains("OPTIONS") ? Optional.empty() : Optional.of(mock(methodsOfPath));
            }
            boolean isPreflight = api.cors() != null ? request.header("Origin").isPresent() || !hasRoute
                    : request.header("Origin").isPresent()
                    && request.header("Access-Control-Request-Method").isPresent();
            if (!isPreflight) return Optional.empty();
            Response empty = new Response(api.isUrl() ? 200 : 204, Map.of(), new byte[0]);
            String origin = allowed(request);
            if (origin == null) return Optional.of(empty);
            Map<String, List<String>> fields = new LinkedHashMap<>();
            putOrigin(origin, fields);
            put(ALLOW + "Methods", orAsked(rules.methods(), request.header("Access-Control-Request-Method")), fields);
            put(ALLOW + "Headers", orAsked(rules.headers(), request.header("Access-Control-Request-Headers")), fields);
            put("Access-Control-Max-Age", rules.maxAge(), fields);
            return Optional.of(new Response(empty.status(), fields, empty.body()));
        }

        /** With credentials a browser takes no asterisk. */
        private String orAsked(String value, Optional<String> asked) {
            return value != null && !value.equals("*") ? value : value == null ? null : asked.orElse("*");
        }

        /** The OPTIONS method that SAM adds to the paths of a REST API. */
        private Response mock(Set<String> methodsOfPath) {
            Set<String> all = new TreeSet<>(methodsOfPath.contains("ANY") ? ALL_METHODS : methodsOfPath);
            all.add("OPTIONS");
            Map<String, List<String>> fields = new LinkedHashMap<>();
            fields.put("Content-Type", List.of("application/json"));
            put(ALLOW + "Origin", rules.origins().get(0), fields);
            put(ALLOW + "Methods", rules.methods() == null ? String.join(",", all) : rules.methods(), fields);
            put(ALLOW + "Headers", rules.headers(), fields);
            put("Access-Control-Max-Age", rules.maxAge(), fields);
            if (rules.credentials()) put(ALLOW + "Credentials", "true", fields);
            return new Response(200, fields, "{}\n".getBytes(UTF_8));
        }

        /** An ordinary answer with the gateway's headers in the place of the handler's. */
        Response added(Response response, Request request, Api api) {
            if (api.cors() != null && api.isRest()) return response;
            if (api.cors() == null) return added(response, request);
            Map<String, List<String>> fields = new LinkedHashMap<>(response.headers());
            fields.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
            return added(new Response(response.status(), fields, response.body()), request);
        }

        /** An answer with these headers, unless it has its own. */
        Response added(Response response, Request request) {
            Map<String, List<String>> fields = new LinkedHashMap<>(response.headers());
            String origin = allowed(request);
            boolean hasOwn = fields.keySet().stream().anyMatch((ALLOW + "Origin")::equalsIgnoreCase);
            if (origin != null && !hasOwn) {
                putOrigin(origin, fields);
                put("Access-Control-Expose-Headers", rules.exposed(), fields);
            }
            return new Response(response.status(), fields, response.body());
        }

        /** The value of the header for the site that a request comes from, or null. */
        private String allowed(Request request) {
            String origin = request.header("Origin").orElse(null);
            if (origin == null) return null;
            if (rules.origins().contains("*")) return "*";
            boolean isAllowed = rules.origins().stream().anyMatch(each -> each.equalsIgnoreCase(origin)
                    || each.endsWith("://*") && origin.startsWith(each.substring(0, each.length() - 1)));
            return isAllowed ? origin : null;
        }

        private void putOrigin(String origin, Map<String, List<String>> fields) {
            put(ALLOW + "Origin", origin, fields);
            if (rules.credentials()) put(ALLOW + "Credentials", "true", fields);
            if (!origin.equals("*")) put("Vary", "Origin", fields);
        }

        private static void put(String name, String value, Map<String, List<String>> fields) {
            if (value != null && !value.isEmpty()) fields.put(name, List.of(value));
        }
    }

    // ---- Validation: whether a request is as its API wants it ------------------------------------------------------

    /**
     * What is wrong with a request ("Request validation for REST APIs"), and in which words the gateway says so.
     *
     * @param note what exactly, for the console
     */
    record Validation(Refusal refusal, String message, String note) {
        private static final int MOST_FAULTS = 3;

        /** The first thing that is wrong, parameters before the body. */
        static Optional<Validation> of(Scope scope) {
            Checks checks = scope.route().checks();
            return checks == null ? Optional.empty() : ofParameters(checks, scope).or(() -> ofBody(checks, scope));
        }

        private static Optional<Validation> ofParameters(Checks checks, Scope scope) {
            List<String> missing = checks.parameters().stream()
                    .filter(name -> scope.value("method.request." + name, Map.of()).isEmpty())
                    .map(name -> name.replaceFirst("^\\w+\\.", "")).toList();
            return missing.isEmpty() ? Optional.empty() : Optional.of(new Validation(Refusal.BAD_REQUEST_PARAMETERS,
                    "Missing required request parameters: " + missing, "missing: " + String.join(", ", missing)));
        }

        private static Optional<Validation> ofBody(Checks checks, Scope scope) {
            String type = scope.request().header("Content-Type").orElse("application/json").replaceFirst("\\s*;.*", "");
            String schema = checks.schemas().get(type);
            if (schema == null) return Optional.empty();
            byte[] body = scope.request().body();
            String note = body.length == 0 ? checks.isBodyRequired() ? "no body" : ""
                    : Json.faultIn(body).map(fault -> "no JSON: " + fault)
                    .orElseGet(() -> Schemas.faults(schema, new String(body, UTF_8)));
            return note.isEmpty() ? Optional.empty()
                    : Optional.of(new Validation(Refusal.BAD_REQUEST_BODY, "Invalid request body", note));
        }

        /** Kept apart, so that the library is only loaded where a template has models. */
        private static final class Schemas {
            private static final URI SCHEMA = URI.create("urn:samlocal:model");

            private Schemas() {
            }

            static String faults(String schema, String body) {
                try {
                    Validator validator = new ValidatorFactory().withDefaultDialect(new Dialects.Draft4Dialect())
                            .withDialect(new Dialects.Draft4Dialect()).withDisabledSchemaValidation(true)
                            .withSchemaResolver(uri -> SchemaResolver.Result.empty())
                            .withJsonNodeFactory(new GsonNode.Factory()).createValidator();
                    validator.registerSchema(SCHEMA, schema);
                    Validator.Result result = validator.validate(SCHEMA, body);
                    return result.isValid() ? "" : result.getErrors().stream().limit(MOST_FAULTS).map(error ->
                            (error.getInstanceLocation().isEmpty() ? "the body" : error.getInstanceLocation()) + ": "
                            + error.getError()).collect(Collectors.joining("; "));
                } catch (RuntimeException e) {
                    return "the model cannot be used: " + e.getMessage();
                }
            }
        }
    }

    // ---- Scope: what parameter mappings and templates may refer to -------------------------------------------------

    /**
     * A request on its way through an API ("Parameter mapping", "Mapping template variables" of API Gateway's Developer
     * Guide; of templates only plain references).
     */
    record Scope(Request request, Router.Match match, String requestId, Map<String, Object> error) {
        private static final Pattern BRACES = Pattern.compile("\\$\\{([^}]*)}");
        private static final Pattern STEP = Pattern.compile("\\.(\\w+)|\\['([^']*)']|\\[(\\d+)]");

        Scope(Request request, Router.Match match, String requestId) {
            this(request, match, requestId, Map.of());
        }

        /** With a new id. */
        static Scope of(Request request, Router.Match match) {
            return new Scope(request, match, Events.randomId());
        }

        Route route() {
            return match.route();
        }

        Api api() {
            return match.route().api();
        }

        String function() {
            return match.route().function();
        }

        /** The answer of the gateway itself, with a note for the console. */
        Reply refused(Refusal refusal, String note) {
            return Reply.of(response(refusal), function(), note);
        }

        Response response(Refusal refusal) {
            return response(refusal, refusal.message());
        }

        /** The answer of the gateway itself, to which a REST API's gateway response may give another form. */
        Response response(Refusal refusal, String message) {
            Response usual = refusal.of(api(), message);
            return own(refusal).map(own -> formed(usual, own, refusal, message)).orElse(usual);
        }

        /** Another answer to a failure, with the headers that the API gives to such. */
        Response headed(Response response, Refusal refusal) {
            return own(refusal).map(own -> headed(response, own)).orElse(response);
        }

        private Optional<GatewayResponse> own(Refusal refusal) {
            return refusal.types().stream().map(api().responses()::get).filter(Objects::nonNull).findFirst();
        }

        private Response headed(Response response, GatewayResponse own) {
            Response headed = response;
            for (Map.Entry<String, String> header : own.headers().entrySet()) {
                String value = value(header.getValue(), Map.of());
                if (!value.isEmpty()) headed = headed.with(header.getKey(), value);
            }
            return headed;
        }

        private Response formed(Response usual, GatewayResponse own, Refusal refusal, String message) {
            Map<String, Object> known = new LinkedHashMap<>();
            known.put("message", message);
            known.put("messageString", Json.write(message));
            known.put("responseType", refusal.types().get(0));
            Scope scope = new Scope(request, match, requestId, known);
            Response headed = scope.headed(usual.with(own.status() == 0 ? usual.status() : own.status()), own);
            return own.templates().entrySet().stream().findFirst().map(template -> headed
                    .with("Content-Type", template.getKey())
                    .with(Body.of(scope.render(template.getValue()).getBytes(UTF_8)))).orElse(headed);
        }

        /** The value of a mapping such as {@code method.request.header.X}, {@code $context.stage}, {@code 'fixed'}. */
        String value(String mapping, Map<String, List<String>> answer) {
            boolean isFixed = mapping.length() > 1 && mapping.startsWith("'") && mapping.endsWith("'");
            if (isFixed) return mapping.substring(1, mapping.length() - 1);
            if (BRACES.matcher(mapping).find()) {
                return BRACES.matcher(mapping).replaceAll(part ->
                        Matcher.quoteReplacement(value("$" + part.group(1), answer)));
            }
            String bare = mapping.replaceFirst("^\\$", "").replaceFirst("^method\\.", "");
            String[] parts = bare.split("\\.", 3);
            String rest = bare.replaceFirst("^[^.]*\\.", "");
            return switch (parts[0]) {
                case "request" -> parts.length < 3 ? request.path() : ofRequest(parts[1], parts[2]);
                case "context" -> text(step(context(), rest.split("\\.")));
                case "stageVariables" -> route().api().variables().getOrDefault(rest, "");
                case "integration" -> header(parts[parts.length - 1].replaceFirst("^\\w*header\\.", ""), answer);
                default -> mapping;
            };
        }

        private static String header(String name, Map<String, List<String>> headers) {
            return headers.entrySet().stream().filter(each -> each.getKey().equalsIgnoreCase(name))
                    .map(each -> each.getValue().get(0)).findFirst().orElse("");
        }

        private String ofRequest(String where, String name) {
            return switch (where) {
                case "header", "multivalueheader" -> request.header(Events.titleCase(name)).orElse("");
                case "querystring", "multivaluequerystring" -> Events.queryValue(request, name).orElse("");
                case "path" -> match.parameters().getOrDefault(name, "");
                default -> "";
            };
        }

        private Map<String, Object> context() {
            Object known = Events.event(request, route().withPayload("1.0"), match.parameters(), requestId)
                    .get("requestContext");
            @SuppressWarnings("unchecked")
            Map<String, Object> context = (Map<String, Object>) known;
            context.put("error", error);
            return context;
        }

        private static Object step(Object value, String... names) {
            Object reached = value;
            for (String name : names) reached = reached instanceof Map<?, ?> map ? map.get(name) : null;
            return reached;
        }

        private static String text(Object value) {
            return value == null ? "" : value instanceof String text ? text : Json.write(value);
        }

        /** A template with its references replaced. */
        String render(String template) {
            return Backend.REFERENCE.matcher(template).replaceAll(part -> Matcher.quoteReplacement(reference(part)));
        }

        private String reference(MatchResult part) {
            Matcher named = Backend.REFERENCE.matcher(part.group());
            if (!named.matches()) throw new IllegalArgumentException(part.group());
            boolean isClosed = named.group("open") == null && named.group("close") != null;
            return reference(named) + (isClosed ? "}" : "");
        }

        private String reference(Matcher named) {
            if (named.group("whole") != null) return new String(request.body(), UTF_8);
            if (named.group("scope") != null) return value(named.group("scope") + "." + named.group("name"), Map.of());
            String argument = named.group("argument");
            return named.group("function").equals("json") ? json(argument)
                    : Stream.of("path", "querystring", "header").map(where -> ofRequest(where, argument))
                    .filter(value -> !value.isEmpty()).findFirst().orElse("");
        }

        /** A part of the body by a path such as {@code $.a.b[0]}, as JSON. */
        private String json(String path) {
            try {
                Object value = Json.read(new String(request.body(), UTF_8));
                Matcher step = STEP.matcher(path);
                while (step.find()) {
                    String name = step.group(1) != null ? step.group(1) : step.group(2);
                    boolean isIndex = step.group(3) != null && value instanceof List<?> list
                            && Integer.parseInt(step.group(3)) < list.size();
                    value = isIndex ? ((List<?>) value).get(Integer.parseInt(step.group(3))) : step(value, name);
                }
                return value == null ? "" : Json.write(value);
            } catch (IOException | NumberFormatException e) {
                return "";
            }
        }
    }

    /**
     * What goes back, and what is told of it.
     *
     * @param function logical id of what answered, {@code -} where that was the gateway itself
     * @param run the function's invocation, or null
     * @param problems why there is no better answer, empty if there is one or the function has thrown
     * @param notes what is to be said besides what the run tells, in few words each
     * @param end what is to be told once an answer that is streamed has ended, null for others
     */
    record Reply(Response response, String function, LambdaFunction.Run run, List<Problem> problems,
            List<String> notes, Supplier<Reply> end) {
        static Reply of(Response response, String function, String note) {
            return new Reply(response, function, null, List.of(), List.of(), null).noted(note);
        }

        /** The answer of a function, or the gateway's where that has none. */
        static Reply of(Response response, LambdaFunction.Run run) {
            return new Reply(response, run.function(), run, run.outcome() instanceof LambdaFunction.Broken broken
                    ? broken.errors() : List.of(), List.of(), null);
        }

        static Reply streamed(Response response, Supplier<Reply> end) {
            return new Reply(response, "-", null, List.of(), List.of(), end);
        }

        /** With a further note, unless it is empty. */
        Reply noted(String more) {
            if (more.isEmpty()) return this;
            List<String> all = Stream.concat(notes.stream(), Stream.of(more)).toList();
            return new Reply(response, function, run, problems, all, end);
        }

        Reply with(Response other) {
            return new Reply(other, function, run, problems, notes, end);
        }

        Reply with(List<Problem> others) {
            return new Reply(response, function, run, others, notes, end);
        }
    }

    // ---- Refusal: the gateway's own words --------------------------------------------------------------------------

    /**
     * Why the gateway itself answers, and how each kind of API says so: a REST API by its gateway response types
     * ("Gateway response types for API Gateway"), with the error type in a header; HTTP APIs and function URLs in fewer
     * words.
     */
    enum Refusal {
        MISSING_AUTHENTICATION_TOKEN(403, "Missing Authentication Token", "MissingAuthenticationToken", 404,
                "Not Found"),
        UNAUTHORIZED(401, "Unauthorized", "Unauthorized", 401, "Unauthorized"),
        EXPIRED_TOKEN(401, "The incoming token has expired", "Unauthorized", 401, "Unauthorized"),
        ACCESS_DENIED(403, "User is not authorized to access this resource", "AccessDenied", 403, "Forbidden"),
        EXPLICITLY_DENIED(403, "User is not authorized to access this resource with an explicit deny", "AccessDenied",
                403, "Forbidden"),
        INVALID_API_KEY(403, "Forbidden", "Forbidden", 403, "Forbidden"),
        AUTHORIZER_CONFIGURATION_ERROR(500, null, "AuthorizerConfiguration", 500, "Internal Server Error"),
        BAD_REQUEST_BODY(400, "Invalid request body", "BadRequest", 400, "Bad Request"),
        BAD_REQUEST_PARAMETERS(400, "Missing required request parameters", "BadRequest", 400, "Bad Request"),
        API_CONFIGURATION_ERROR(500, "Internal server error", "InternalServerError", 500, "Internal Server Error"),
        REQUEST_TOO_LARGE(413, "Request Too Long", "RequestTooLarge", 413, "Request Entity Too Large"),
        INTEGRATION_TIMEOUT(504, "Endpoint request timed out", "InternalServerError", 503, "Service Unavailable"),
        /** Of another server. */
        INTEGRATION_UNREACHABLE(504, "Network error communicating with endpoint", "InternalServerError", 503,
                "Service Unavailable"),
        INTEGRATION_FAILURE(502, "Internal server error", "InternalServerError", 500, "Internal Server Error");

        private final int restStatus;
        private final String restMessage;
        private final String errorType;
        private final int httpStatus;
        private final String httpMessage;

        Refusal(int restStatus, String restMessage, String errorType, int httpStatus, String httpMessage) {
            this.restStatus = restStatus;
            this.restMessage = restMessage;
            this.errorType = errorType + "Exception";
            this.httpStatus = httpStatus;
            this.httpMessage = httpMessage;
        }

        /** The usual answer of an API. */
        Response of(Api api, String message) {
            return api.isRest() ? ofRest(message) : api.isUrl() ? ofUrl() : ofHttp();
        }

        String message() {
            return restMessage;
        }

        /** The types of gateway response that it may have, the most special first. */
        List<String> types() {
            return List.of(this == EXPLICITLY_DENIED ? "ACCESS_DENIED" : name(),
                    restStatus < 500 ? "DEFAULT_4XX" : "DEFAULT_5XX");
        }

        /** The answer of any REST API. */
        Response ofRest() {
            return ofRest(restMessage);
        }

        private Response ofRest(String message) {
            boolean isDenial = this == ACCESS_DENIED || this == EXPLICITLY_DENIED;
            Map<String, Object> body = new HashMap<>();
            body.put(isDenial ? "Message" : "message", message);
            return Response.of(restStatus, "application/json", Json.write(body)).with("x-amzn-ErrorType", errorType);
        }

        /** The answer of any HTTP API. */
        Response ofHttp() {
            return Response.message(httpStatus, httpMessage);
        }

        /** Function URLs answer as HTTP APIs do, but 502 for what the function did wrong, in plain words. */
        private Response ofUrl() {
            return switch (this) {
                case INTEGRATION_FAILURE, INTEGRATION_TIMEOUT ->
                        Response.of(502, "application/json", "Internal Server Error");
                case ACCESS_DENIED, UNAUTHORIZED -> Response.json(403, Map.of("Message", "Forbidden"))
                        .with("x-amzn-ErrorType", "AccessDeniedException");
                default -> ofHttp();
            };
        }
    }

    // ---- StaticFiles: files of a folder as answers -----------------------------------------------------------------

    /**
     * The files of a folder as they are when a request comes, with conditions and single ranges (RFC 9110, sections 13
     * and 14), for GET and HEAD. Nothing outside the folder is found, by whatever spelling or link.
     *
     * @param folder need not be there; null for none
     */
    record StaticFiles(Path folder) {
        /** A part of a file. */
        private record Slice(Path file, long start, long length) implements Body {
            @Override public void writeTo(OutputStream client) throws IOException {
                try (InputStream in = Files.newInputStream(file)) {
                    in.skipNBytes(start);
                    byte[] buffer = new byte[1 << 14];
                    for (long left = length; left > 0;) {
                        int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                        if (count < 0) throw new EOFException("`" + file + "` became shorter");
                        client.write(buffer, 0, count);
                        left -= count;
                    }
                }
            }
        }

        private static final Map<String, String> TYPES = types("""
                text/html html htm
                text/css css
                text/javascript js mjs cjs
                text/plain txt log text
                text/markdown md
                text/csv csv
                text/xml xml
                application/json json map
                application/manifest+json webmanifest
                application/yaml yaml yml
                image/svg+xml svg
                image/png png
                image/jpeg jpg jpeg
                image/gif gif
                image/webp webp
                image/avif avif
                image/bmp bmp
                image/x-icon ico
                font/woff woff
                font/woff2 woff2
                font/ttf ttf
                font/otf otf
                audio/mpeg mp3
                audio/wav wav
                audio/ogg ogg
                video/mp4 mp4
                video/webm webm
                application/pdf pdf
                application/wasm wasm
                application/zip zip
                application/gzip gz
                """);
        private static final Pattern TEXT = Pattern.compile("text/.*|.*(json|xml|yaml)");
        private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
        private static final DateTimeFormatter DATE =
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

        private static Map<String, String> types(String table) {
            Map<String, String> types = new HashMap<>();
            table.lines().map(line -> line.split(" ")).forEach(row ->
                    Stream.of(row).skip(1).forEach(extension -> types.put(extension, row[0])));
            return Map.copyOf(types);
        }

        /** The folder, if it is there. */
        Optional<Path> shown() {
            return Optional.ofNullable(folder).filter(Files::isDirectory);
        }

        /** The media type by a file's extension, with its charset where it is text. */
        static String type(String name) {
            String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            String type = TYPES.getOrDefault(extension, "application/octet-stream");
            return TEXT.matcher(type).matches() ? type + "; charset=utf-8" : type;
        }

        /** The answer to a request for a file that is there; a folder is its {@code index.html}. */
        Optional<Response> find(Request request) {
            if (folder == null || !Set.of("GET", "HEAD").contains(request.method())) return Optional.empty();
            String path = request.path();
            boolean hasSlash = path.endsWith("/");
            Optional<Path> found = locate(path);
            boolean isFolder = found.filter(Files::isDirectory).isPresent();
            if (!isFolder) return hasSlash ? Optional.empty() : found.flatMap(file -> file(file, request));
            Optional<Path> index = locate((hasSlash ? path : path + "/") + "index.html");
            return index.flatMap(file -> file(file, request)).map(file -> hasSlash ? file : slash(request));
        }

        private static Response slash(Request request) {
            String query = request.query() == null ? "" : "?" + request.query();
            Response response = new Response(302, Map.of("Location", List.of(request.path() + "/" + query),
                    "Cache-Control", List.of("no-cache")), new byte[0]);
            return response;
        }

        /** The real file or folder of a path, percent-encoded, unless it lies outside. */
        private Optional<Path> locate(String path) {
            try {
                Path root = folder.toRealPath();
                Path found = root;
                if (path.contains("//")) return Optional.empty();
                for (String segment : path.substring(1).split("/")) found = found.resolve(name(segment));
                Path real = found.toRealPath();
                return real.startsWith(root) ? Optional.of(real) : Optional.empty();
            } catch (IOException | IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        /** One name, in which no part of a path may hide. */
        private static String name(String segment) {
            String name = URLDecoder.decode(segment.replace("+", "%2B"), UTF_8);
            boolean isPath = name.equals("..") || name.equals(".") || name.matches("(?s).*[/\\\\\\x00].*");
            if (isPath) throw new IllegalArgumentException(segment);
            return name;
        }

        private static Optional<Response> file(Path file, Request request) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                boolean isServed = attributes.isRegularFile() && Files.isReadable(file);
                return isServed ? Optional.of(answer(file, attributes, request)) : Optional.empty();
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private static Response answer(Path file, BasicFileAttributes attributes, Request request) {
            long size = attributes.size();
            long nanos = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
            Instant modified = attributes.lastModifiedTime().toInstant().truncatedTo(ChronoUnit.SECONDS);
            Map<String, List<String>> fields = new LinkedHashMap<>();
            fields.put("ETag", List.of('"' + Long.toHexString(nanos) + "-" + Long.toHexString(size) + '"'));
            fields.put("Last-Modified", List.of(DATE.format(modified)));
            fields.put("Cache-Control", List.of("no-cache"));
            Response head = new Response(200, fields, new byte[0]);
            if (isKnown(request, head, modified)) return head.with(304);
            Response full = head.with("Content-Type", type(file.getFileName().toString()))
                    .with("Accept-Ranges", "bytes");
            return ranged(file, size, request, full).orElse(full.with(new Slice(file, 0, size)));
        }

        /** Whether the client has this very file. */
        private static boolean isKnown(Request request, Response head, Instant modified) {
            Optional<String> tags = request.header("If-None-Match");
            if (tags.isEmpty()) {
                return request.header("If-Modified-Since").flatMap(StaticFiles::date)
                        .filter(since -> !modified.isAfter(since)).isPresent();
            }
            return Stream.of(tags.get().split(",")).map(tag -> tag.strip().replaceFirst("^W/", ""))
                    .anyMatch(tag -> tag.equals("*") || tag.equals(head.headers().get("ETag").get(0)));
        }

        private static Optional<Instant> date(String text) {
            try {
                return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }

        /** The part that is asked for; several, or one that is no range, are not heeded, as the RFC allows. */
        private static Optional<Response> ranged(Path file, long size, Request request, Response full) {
            Matcher range = RANGE.matcher(request.header("Range").orElse("").replace(" ", ""));
            boolean isWanted = request.method().equals("GET") && range.matches() && !range.group().equals("bytes=-")
                    && request.header("If-Range").map(known -> full.headers().get("ETag").contains(known)
                            || full.headers().get("Last-Modified").contains(known)).orElse(true);
            if (!isWanted) return Optional.empty();
            boolean isSuffix = range.group(1).isEmpty();
            long start = isSuffix ? Math.max(0, size - number(range.group(2), 0)) : number(range.group(1), 0);
            long end = isSuffix ? size - 1 : Math.min(size - 1, number(range.group(2), size - 1));
            boolean isReversed = !isSuffix && number(range.group(2), Long.MAX_VALUE) < start;
            if (isReversed) return Optional.empty();
            if (start >= size) {
                return Optional.of(full.with(416).with("Content-Range", "bytes */" + size));
            }
            Response part = full.with(206).with("Content-Range", "bytes " + start + "-" + end + "/" + size);
            return Optional.of(part.with(new Slice(file, start, end - start + 1)));
        }

        private static long number(String digits, long otherwise) {
            return digits.isEmpty() ? otherwise : Long.parseLong(digits);
        }
    }

    // ---- Tls: a certificate and its key ----------------------------------------------------------------------------

    /**
     * What a server shows to its clients: a certificate, those that it was issued by, and its private key.
     *
     * @param chain the server's own certificate first
     */
    record Tls(List<X509Certificate> chain, PrivateKey key) {
        /** One part of a PEM file (RFC 7468); {@code bytes} are null where they are no base64. */
        private record Block(String type, byte[] bytes, boolean isEncrypted) {
        }

        private static final Pattern BLOCK =
                Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
        private static final int MOST_BYTES = 1 << 20;

        /**
         * From two PEM files, which may be one and the same. Keys are PKCS#8, or what older tools write: PKCS#1 for
         * RSA, SEC 1 for elliptic curves.
         *
         * @throws Fault if they cannot be read, or do not belong together
         */
        static Tls of(Path certificate, Path key) {
            List<X509Certificate> chain = blocks(certificate).stream().filter(block ->
                    block.type().equals("CERTIFICATE")).map(block -> certificate(block, certificate)).toList();
            if (chain.isEmpty()) {
                throw Fault.project("no certificate in `" + certificate + "`", null,
                        "it must be PEM: `-----BEGIN CERTIFICATE-----`");
            }
            Tls tls = new Tls(chain, key(key, chain.get(0).getPublicKey(), certificate));
            tls.requireChain(certificate);
            return tls;
        }

        private static List<Block> blocks(Path file) {
            try {
                if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` has more than 1 MB");
                return BLOCK.matcher(Files.readString(file, ISO_8859_1)).results().map(found ->
                        block(found.group(1), found.group(2))).toList();
            } catch (IOException e) {
                throw Fault.project("cannot read `" + file + "`: " + Fault.reason(e));
            }
        }

        private static Block block(String type, String text) {
            boolean isEncrypted = type.startsWith("ENCRYPTED") || text.contains("ENCRYPTED");
            try {
                return new Block(type, isEncrypted ? null : Base64.getMimeDecoder().decode(text), isEncrypted);
            } catch (IllegalArgumentException e) {
                return new Block(type, null, false);
            }
        }

        private static X509Certificate certificate(Block block, Path file) {
            try {
                if (block.bytes() == null) throw new CertificateException("no base64");
                return (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.bytes()));
            } catch (CertificateException e) {
                throw Fault.project("cannot read a certificate in `" + file + "`: " + e.getMessage());
            }
        }

        private static PrivateKey key(Path file, PublicKey other, Path certificate) {
            Block block = blocks(file).stream().filter(each -> each.type().endsWith("PRIVATE KEY")).findFirst()
                    .orElseThrow(() -> Fault.project("no private key in `" + file + "`", null,
                            "it must be PEM: `-----BEGIN PRIVATE KEY-----`"));
            if (block.isEncrypted()) {
                throw Fault.project("the private key in `" + file + "` is encrypted", null,
                        "make a plain copy: openssl pkey -in " + file + " -out plain.pem");
            }
            if (block.bytes() == null || block.bytes().length < 2 || block.bytes()[0] != Der.SEQUENCE) {
                throw Fault.project("cannot read the private key in `" + file + "`");
            }
            try {
                return keyOf(block, other);
            } catch (GeneralSecurityException e) {
                String reason = e instanceof InvalidKeySpecException ? "it is of another kind" : e.getMessage();
                throw Fault.project("the private key in `" + file + "` does not fit the first certificate in `"
                        + certificate + "`: " + reason);
            }
        }

        private static Signature signature(PublicKey key) throws NoSuchAlgorithmException {
            return switch (key.getAlgorithm()) {
                case "RSA" -> Signature.getInstance("SHA256withRSA");
                case "EC" -> Signature.getInstance("SHA256withECDSA");
                default -> throw new NoSuchAlgorithmException("RSA and EC are served, not " + key.getAlgorithm());
            };
        }

        /** The key, which must be the counterpart of another. */
        private static PrivateKey keyOf(Block block, PublicKey other) throws GeneralSecurityException {
            Signature signature = signature(other);
            byte[] encoded = block.type().equals("PRIVATE KEY") ? block.bytes() : Der.of(Der.SEQUENCE,
                    Der.of(Der.INTEGER, new byte[1]), Der.firstIn(other.getEncoded()),
                    Der.of(Der.OCTETS, block.bytes()));
            PrivateKey key = KeyFactory.getInstance(other.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            signature.initSign(key);
            byte[] proof = signature.sign();
            signature.initVerify(other);
            if (!signature.verify(proof)) throw new InvalidKeyException("it belongs to another one");
            return key;
        }

        private void requireChain(Path file) {
            for (int i = 0; i + 1 < chain.size(); i++) {
                if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                    throw Fault.project("certificate " + (i + 1) + " in `" + file + "` is not issued by the next one",
                            null, "begin with the server's own; the issuer of each comes next");
                }
            }
        }

        /** A new one, good for a year, for names and addresses. */
        static Tls selfSigned(List<String> hosts) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec("secp256r1"));
                KeyPair pair = generator.generateKeyPair();
                byte[] content = content(pair.getPublic(), hosts);
                Signature signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(pair.getPrivate());
                signature.update(content);
                byte[] encoded = Der.of(Der.SEQUENCE, content, Der.ECDSA_WITH_SHA256, Der.bits(signature.sign()));
                return new Tls(List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(encoded))), pair.getPrivate());
            } catch (GeneralSecurityException e) {
                throw Fault.project("cannot make a certificate: " + e.getMessage(), null,
                        "name one with `--ssl-cert-file` and `--ssl-key-file`");
            }
        }

        /** RFC 5280, section 4.1: TBSCertificate of version 3. */
        private static byte[] content(PublicKey key, List<String> hosts) {
            byte[] name = Der.of(Der.SEQUENCE, Der.of(Der.SET, Der.of(Der.SEQUENCE, Der.hex("0603550403"),
                    Der.of(Der.TEXT, "samlocal".getBytes(UTF_8)))));
            byte[] serial = new byte[8];
            new SecureRandom().nextBytes(serial);
            serial[0] = 1;
            Instant now = Instant.now();
            byte[] validity = Der.of(Der.SEQUENCE, Der.time(now.minus(1, ChronoUnit.DAYS)),
                    Der.time(now.plus(365, ChronoUnit.DAYS)));
            return Der.of(Der.SEQUENCE, Der.of(0xa0, Der.of(Der.INTEGER, new byte[] {2})),
                    Der.of(Der.INTEGER, serial), Der.ECDSA_WITH_SHA256, name, validity, name, key.getEncoded(),
                    Der.of(0xa3, Der.of(Der.SEQUENCE, Der.SERVER_ONLY, names(hosts))));
        }

        /** Section 4.2.1.6: the names that it is for. */
        private static byte[] names(List<String> hosts) {
            byte[][] names = hosts.stream().map(Tls::name).toArray(byte[][]::new);
            return Der.of(Der.SEQUENCE, Der.hex("0603551d11"), Der.of(Der.OCTETS, Der.of(Der.SEQUENCE, names)));
        }

        private static byte[] name(String host) {
            try {
                boolean isAddress = host.contains(":") || host.matches("[0-9.]+");
                if (isAddress) return Der.of(0x87, InetAddress.getByName(host).getAddress());
            } catch (UnknownHostException e) {
                // that nothing can listen there is told by who tries
            }
            return Der.of(0x82, host.getBytes(UTF_8));
        }

        /** What the JDK's server takes. */
        SSLContext context() {
            try {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("server", key, new char[0], chain.toArray(new X509Certificate[0]));
                KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                managers.init(store, new char[0]);
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(managers.getKeyManagers(), null, null);
                return context;
            } catch (GeneralSecurityException | IOException e) {
                throw Fault.project("cannot serve https with this certificate: " + e.getMessage());
            }
        }

        /** Distinguished encoding rules (ITU-T X.690): a tag, a length of 65,535 at most, the content. */
        private static final class Der {
            static final int INTEGER = 0x02;
            static final int OCTETS = 0x04;
            static final int TEXT = 0x0c;
            static final int SEQUENCE = 0x30;
            static final int SET = 0x31;
            static final byte[] ECDSA_WITH_SHA256 = of(SEQUENCE, hex("06082a8648ce3d040302"));
            /** The extension extKeyUsage with serverAuth. */
            static final byte[] SERVER_ONLY = of(SEQUENCE, hex("0603551d25"),
                    of(OCTETS, of(SEQUENCE, hex("06082b06010505070301"))));

            private Der() {
            }

            static byte[] of(int tag, byte[]... parts) {
                int length = Stream.of(parts).mapToInt(part -> part.length).sum();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                out.write(tag);
                if (length > 255) out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
                else if (length > 127) out.write(0x81);
                out.write(length);
                Stream.of(parts).forEach(out::writeBytes);
                return out.toByteArray();
            }

            static byte[] hex(String digits) {
                return HexFormat.of().parseHex(digits);
            }

            static byte[] bits(byte[] bytes) {
                return of(0x03, new byte[1], bytes);
            }

            static byte[] time(Instant instant) {
                String text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
                return of(0x17, text.getBytes(UTF_8));
            }

            /** The first element of a sequence, tag and length included; none here is longer than 127 bytes. */
            static byte[] firstIn(byte[] sequence) {
                int start = sequence[1] > 0 ? 2 : 2 + (sequence[1] & 0x7f);
                return Arrays.copyOfRange(sequence, start, start + 2 + sequence[start + 1]);
            }
        }
    }

    // ---- Events: request to event, handler's answer to response ----------------------------------------------------

    /**
     * A request as it came.
     *
     * @param path percent-encoded
     * @param query as sent, null if there is none
     * @param headers in title case, repeated ones repeatedly
     * @param port that it came in on
     * @param scheme {@code http} or {@code https}
     */
    record Request(String method, String path, String query, String protocol, List<Map.Entry<String, String>> headers,
            byte[] body, String sourceIp, int port, Instant time, String scheme) {
        Request(String method, String path, String query, String protocol, List<Map.Entry<String, String>> headers,
                byte[] body, String sourceIp, int port, Instant time) {
            this(method, path, query, protocol, headers, body, sourceIp, port, time, "http");
        }

        /** The same request to another path. */
        Request at(String other) {
            return new Request(method, other, query, protocol, headers, body, sourceIp, port, time, scheme);
        }

        Request with(byte[] content) {
            return new Request(method, path, query, protocol, headers, content, sourceIp, port, time, scheme);
        }

        /** The last value of a header, by its name in title case. */
        Optional<String> header(String name) {
            return headers.stream().filter(header -> header.getKey().equals(name)).map(Map.Entry::getValue)
                    .reduce((first, second) -> second);
        }
    }

    /**
     * What is known of who sends a request.
     *
     * @param authorizer the event's {@code authorizer}, or null
     * @param identity more for the event's {@code identity}, in format 1.0
     */
    record Caller(Map<String, Object> authorizer, Map<String, Object> identity) {
        static final Caller NOBODY = new Caller(null, Map.of());
    }

    /**
     * Bytes to be looked at later, not more than a first part of them.
     *
     * @param length of all of them, -1 where it is not known
     */
    record Kept(byte[] bytes, long length) {
        static final int MOST = 256 << 10;

        /** The bytes themselves, or where there are too many, a copy of the first. */
        static Kept of(byte[] bytes) {
            return new Kept(bytes.length > MOST ? Arrays.copyOf(bytes, MOST) : bytes, bytes.length);
        }

        /** The first of the chunks that were sent. */
        static Kept of(List<byte[]> chunks, long length) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            chunks.forEach(chunk -> bytes.write(chunk, 0, Math.min(chunk.length, MOST - bytes.size())));
            return new Kept(bytes.toByteArray(), length);
        }

        boolean isCut() {
            return bytes.length != length;
        }

        /** As text, if it is UTF-8 and nothing that no text has; a last character that was cut is left out. */
        Optional<String> text() {
            int end = bytes.length;
            while (isCut() && end > Math.max(0, bytes.length - 4) && (bytes[end - 1] & 0xC0) == 0x80) end--;
            if (isCut() && end > 0 && bytes[end - 1] < 0) end--;
            try {
                String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end)).toString();
                return text.indexOf(0) < 0 ? Optional.of(text) : Optional.empty();
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
    }

    /** A response's content, written when its head is on the way. */
    interface Body {
        /** In bytes, -1 where it is not known yet. */
        long length();

        /** @throws IOException if the client is gone, or what is to be written ends before its time */
        void writeTo(OutputStream client) throws IOException;

        /** What is known of it once it has been written. */
        default Kept kept() {
            return new Kept(new byte[0], length());
        }

        static Body of(byte[] bytes) {
            return new Body() {
                @Override public long length() {
                    return bytes.length;
                }

                @Override public Kept kept() {
                    return Kept.of(bytes);
                }

                @Override public void writeTo(OutputStream client) throws IOException {
                    client.write(bytes);
                }
            };
        }
    }

    /** What goes back to the client. */
    record Response(int status, Map<String, List<String>> headers, Body body) {
        Response(int status, Map<String, List<String>> headers, byte[] body) {
            this(status, headers, Body.of(body));
        }

        static Response of(int status, String contentType, String body) {
            return new Response(status, Map.of("Content-Type", List.of(contentType)), body.getBytes(UTF_8));
        }

        static Response json(int status, Object body) {
            return of(status, "application/json", Json.write(body) + "\n");
        }

        /** The gateway's own answers. */
        static Response message(int status, String message) {
            return of(status, "application/json", Json.write(Map.of("message", message)));
        }

        Response with(int other) {
            return new Response(other, headers, body);
        }

        Response with(Body other) {
            return new Response(status, headers, other);
        }

        Response with(String header, String value) {
            Map<String, List<String>> more = new LinkedHashMap<>(headers);
            more.put(header, List.of(value));
            return new Response(status, more, body);
        }

        /** RFC 9110: these have none, whatever the handler says. */
        boolean mayHaveBody() {
            return status >= 200 && status != 204 && status != 304;
        }
    }

    /**
     * Pure: a request to the event of its API, a handler's answer to the response. REST APIs have payload format
     * version 1.0 (API Gateway Developer Guide, "Lambda proxy integrations in API Gateway"), HTTP APIs that or 2.0
     * ("Create AWS Lambda proxy integrations for HTTP APIs"), function URLs 2.0.
     */
    static final class Events {
        private static final String ACCOUNT = "123456789012";
        private static final Pattern PORT = Pattern.compile(":\\d*$");
        private static final Map<String, Object> NO_CLAIMS = noClaims();
        private static final DateTimeFormatter REQUEST_TIME =
                DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH).withZone(ZoneOffset.UTC);
        /** What a REST API keeps to itself. */
        private static final Set<String> DROPPED = Set.of("Connection", "Content-Length", "Content-Md5", "Expect",
                "Max-Forwards", "Proxy-Authenticate", "Server", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
                "Www-Authenticate");
        private static final Set<String> DROPPED_BY_HTTP = Set.of("Connection", "Transfer-Encoding", "Upgrade", "Te",
                "Trailer");
        /** Who called is not known where nobody asks. */
        private static final List<String> NOT_AUTHENTICATED = List.of("cognitoIdentityPoolId", "accountId",
                "cognitoIdentityId", "caller", "accessKey", "principalOrgId", "cognitoAuthenticationType",
                "cognitoAuthenticationProvider", "userArn", "user");
        /** The connection is the server's, not the handler's. */
        private static final Set<String> NOT_SETTABLE = Set.of("connection", "content-length", "transfer-encoding");
        /** What REST APIs and function URLs give another name ("Amazon API Gateway important notes"). */
        private static final Set<String> REMAPPED = Set.of("authorization", "connection", "content-length",
                "content-md5", "date", "expect", "host", "max-forwards", "proxy-authenticate", "server", "te",
                "trailer", "upgrade", "user-agent", "www-authenticate");
        private static final Set<String> ANSWER_KEYS =
                Set.of("statusCode", "body", "headers", "multiValueHeaders", "isBase64Encoded", "base64Encoded");
        /** What an HTTP API passes on as text; a form, or a body without a type, is base64. */
        private static final Pattern TEXT_TYPES =
                Pattern.compile("(?i)(text/.*|application/(json|xml|javascript))\\s*(;.*)?");

        private static final String PAGE = """
                <!doctype html><html lang="en"><meta charset="utf-8"><title>%s</title><style>
                :root { color-scheme: light dark } body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem }
                pre { overflow: auto; padding: .5rem; border-left: .25rem solid #c33 }
                </style><h1>%s</h1>
                """;

        private Events() {
        }

        private static Map<String, Object> noClaims() {
            Map<String, Object> none = new LinkedHashMap<>();
            none.put("claims", null);
            none.put("scopes", null);
            return Collections.unmodifiableMap(none);
        }

        /** The event as JSON in UTF-8, in the format that the route asks for. */
        static byte[] event(Request request, Route route, Map<String, String> pathParameters, String requestId,
                Caller caller) {
            Map<String, Object> event = event(request, route, pathParameters, requestId);
            @SuppressWarnings("unchecked")
            Map<String, Object> context = (Map<String, Object>) event.get("requestContext");
            boolean isFirst = route.payload().equals("1.0");
            if (caller.authorizer() != null) context.put("authorizer", caller.authorizer());
            else if (isFirst && !route.api().isRest()) context.put("authorizer", NO_CLAIMS);
            if (isFirst) {
                @SuppressWarnings("unchecked")
                Map<String, Object> identity = (Map<String, Object>) context.get("identity");
                identity.putAll(caller.identity());
            } else if (route.api().isUrl() && caller.authorizer() != null) {
                context.put("accountId", ACCOUNT);
            }
            return Json.write(event).getBytes(UTF_8);
        }

        /** The event as plain values. */
        static Map<String, Object> event(Request request, Route route, Map<String, String> pathParameters,
                String requestId) {
            return route.payload().equals("1.0") ? firstVersion(request, route, pathParameters, requestId)
                    : secondVersion(request, route, pathParameters, requestId);
        }

        /** All values of all query parameters, decoded. */
        static Map<String, List<String>> queryValues(Request request) {
            return query(request.query(), "&");
        }

        /** The last value of a query parameter. */
        static Optional<String> queryValue(Request request, String name) {
            return Optional.ofNullable(query(request.query(), "&").get(name)).map(values ->
                    values.get(values.size() - 1));
        }

        private static Map<String, Object> firstVersion(Request request, Route route,
                Map<String, String> pathParameters, String requestId) {
            boolean isRest = route.api().isRest();
            Map<String, List<String>> headers = headers(request, isRest ? DROPPED : DROPPED_BY_HTTP);
            Map<String, List<String>> query = query(request.query(), isRest ? "[&;]" : "&");
            Map<String, Object> event = new LinkedHashMap<>();
            if (!isRest) event.put("version", "1.0");
            event.put("resource", route.path());
            event.put("path", isRest ? restPath(request) : httpPath(request.path()));
            event.put("httpMethod", request.method());
            event.put("headers", orNull(lastValues(headers)));
            event.put("multiValueHeaders", orNull(headers));
            event.put("queryStringParameters", orNull(lastValues(query)));
            event.put("multiValueQueryStringParameters", orNull(query));
            event.put("pathParameters", orNull(isRest ? pathParameters : decoded(pathParameters)));
            event.put("stageVariables", orNull(route.api().variables()));
            event.put("requestContext", requestContext(request, route, requestId));
            putBody(request, route.api(), event);
            return event;
        }

        private static Map<String, Object> secondVersion(Request request, Route route,
                Map<String, String> pathParameters, String requestId) {
            Map<String, String> headers = joinedHeaders(request);
            String cookies = route.api().isUrl() ? headers.get("cookie") : headers.remove("cookie");
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("version", "2.0");
            event.put("routeKey", routeKey(route));
            boolean isUrl = route.api().isUrl();
            event.put("rawPath", isUrl ? request.path() : stagePath(request, route.api()));
            event.put("rawQueryString", request.query() == null ? "" : request.query());
            if (cookies != null) event.put("cookies", List.of(cookies.split("; *")));
            event.put("headers", headers);
            putIfAny(event, "queryStringParameters", joined(query(request.query(), "&")));
            event.put("requestContext", secondContext(request, route, requestId));
            putIfAny(event, "pathParameters", isUrl ? Map.of() : decoded(pathParameters));
            putIfAny(event, "stageVariables", route.api().variables());
            putBody(request, route.api(), event);
            if (event.get("body") == null) event.remove("body");
            return event;
        }

        /** As sent, with one slash in front. */
        private static String restPath(Request request) {
            String path = request.path();
            int first = 0;
            while (path.startsWith("//", first)) first++;
            return path.substring(first);
        }

        private static String routeKey(Route route) {
            return route.path().endsWith("$default") ? "$default" : route.toString();
        }

        private static void putIfAny(Map<String, Object> event, String key, Map<String, String> values) {
            if (!values.isEmpty()) event.put(key, values);
        }

        /** Decoded, and below the stage unless that is the default one. */
        private static String stagePath(Request request, Api api) {
            String path = httpPath(request.path());
            return api.stage().equals("$default") ? path : "/" + api.stage() + path;
        }

        private static String before(char mark, String text) {
            int end = text.indexOf(mark);
            return end < 0 ? text : text.substring(0, end);
        }

        private static String decodePath(String path) {
            return decode(path.replace("+", "%2B"));
        }

        /** An HTTP API decodes the path before it looks for a query. */
        private static String httpPath(String path) {
            return before('?', decodePath(path));
        }

        private static Map<String, String> decoded(Map<String, String> parameters) {
            Map<String, String> decoded = new LinkedHashMap<>();
            parameters.forEach((name, value) -> decoded.put(name, decodePath(value)));
            return decoded;
        }

        /** In lower case, repeated ones joined by commas, cookies by semicolons. */
        private static Map<String, String> joinedHeaders(Request request) {
            Map<String, String> joined = new TreeMap<>();
            headers(request, DROPPED_BY_HTTP).forEach((name, values) ->
                    joined.put(name.toLowerCase(Locale.ROOT), String.join(name.equals("Cookie") ? "; " : ",", values)));
            return joined;
        }

        private static Map<String, String> joined(Map<String, List<String>> query) {
            Map<String, String> joined = new LinkedHashMap<>();
            query.forEach((name, values) -> joined.put(name, String.join(",", values)));
            return joined;
        }

        private static Map<String, Object> secondContext(Request request, Route route, String requestId) {
            String domain = domain(request);
            boolean isUrl = route.api().isUrl();
            Map<String, Object> http = new LinkedHashMap<>();
            http.put("method", request.method());
            http.put("path", isUrl ? request.path() : stagePath(request, route.api()));
            http.put("protocol", request.protocol());
            http.put("sourceIp", request.sourceIp());
            http.put("userAgent", request.header("User-Agent").orElse(""));
            Map<String, Object> context = new LinkedHashMap<>();
            context.put("accountId", isUrl ? "anonymous" : ACCOUNT);
            context.put("apiId", "1234567890");
            context.put("domainName", domain);
            context.put("domainPrefix", before('.', domain));
            context.put("http", http);
            context.put("requestId", isUrl ? requestId : shortId(requestId));
            context.put("routeKey", routeKey(route));
            context.put("stage", route.api().stage());
            context.put("time", REQUEST_TIME.format(request.time()));
            context.put("timeEpoch", request.time().toEpochMilli());
            return context;
        }

        /** A request's id: a UUID of version 4 that is random, and no secret. */
        static String randomId() {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            long first = random.nextLong() & ~0xF000L | 0x4000L;
            return new UUID(first, random.nextLong() & ~0L >>> 2 | 1L << 63).toString();
        }

        /** API Gateway's second kind of id, eleven bytes in base64, made of the first. */
        static String shortId(String requestId) {
            return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(requestId.replace("-", "").getBytes(UTF_8), 11));
        }

        private static String domain(Request request) {
            return PORT.matcher(request.header("Host").orElse("localhost")).replaceFirst("");
        }

        private static <T> Map<String, T> orNull(Map<String, T> map) {
            return map.isEmpty() ? null : map;
        }

        private static Map<String, String> lastValues(Map<String, List<String>> values) {
            Map<String, String> last = new LinkedHashMap<>();
            values.forEach((name, all) -> last.put(name, all.get(all.size() - 1)));
            return last;
        }

        private static Map<String, List<String>> headers(Request request, Set<String> dropped) {
            Map<String, List<String>> headers = new TreeMap<>();
            for (Map.Entry<String, String> header : request.headers()) {
                if (dropped.contains(header.getKey())) continue;
                headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>()).add(header.getValue());
            }
            headers.computeIfAbsent("X-Amzn-Trace-Id", name -> List.of(traceId(request.time())));
            headers.merge("X-Forwarded-For", List.of(request.sourceIp()), Events::joined);
            headers.put("X-Forwarded-Port", List.of(String.valueOf(request.port())));
            headers.put("X-Forwarded-Proto", List.of(request.scheme()));
            return headers;
        }

        private static List<String> joined(List<String> before, List<String> added) {
            return List.of(String.join(", ", before) + ", " + added.get(0));
        }

        private static String traceId(Instant time) {
            String random = randomId().replace("-", "").substring(0, 24);
            return "Root=1-" + Long.toHexString(time.getEpochSecond()) + "-" + random;
        }

        /** {@code X-FOO-bar} to {@code X-Foo-Bar}. */
        static String titleCase(String name) {
            StringBuilder title = new StringBuilder(name.toLowerCase(Locale.ROOT));
            for (int i = 0; i < title.length(); i++) {
                if (i == 0 || title.charAt(i - 1) == '-') title.setCharAt(i, Character.toUpperCase(title.charAt(i)));
            }
            return title.toString();
        }

        /** A REST API parts a query at {@code ;} too, and gives a name without a value the empty text. */
        private static Map<String, List<String>> query(String query, String separator) {
            Map<String, List<String>> values = new LinkedHashMap<>();
            if (query == null) return values;
            for (String pair : query.split(separator)) {
                if (pair.isEmpty()) continue;
                String[] parts = pair.split("=", 2);
                String value = parts.length == 1 ? "" : decode(parts[1]);
                values.computeIfAbsent(decode(parts[0]), name -> new ArrayList<>()).add(value);
            }
            return values;
        }

        private static String decode(String text) {
            try {
                return URLDecoder.decode(text, UTF_8);
            } catch (IllegalArgumentException e) {
                return text;
            }
        }

        private static Map<String, Object> requestContext(Request request, Route route, String requestId) {
            String domain = domain(request);
            Map<String, Object> context = new LinkedHashMap<>();
            context.put("resourceId", route.api().isRest() ? "123456" : null);
            context.put("resourcePath", route.path());
            context.put("httpMethod", request.method());
            context.put("extendedRequestId", shortId(requestId));
            context.put("requestTime", REQUEST_TIME.format(request.time()));
            String path = route.api().isRest() ? restPath(request) : httpPath(request.path());
            context.put("path", route.api().stage().equals("$default") ? path : "/" + route.api().stage() + path);
            context.put("accountId", ACCOUNT);
            context.put("protocol", request.protocol());
            context.put("stage", route.api().stage());
            context.put("domainPrefix", before('.', domain));
            context.put("requestTimeEpoch", request.time().toEpochMilli());
            context.put("requestId", route.api().isRest() ? requestId : shortId(requestId));
            context.put("identity", identity(request));
            context.put("domainName", domain);
            if (route.api().isRest()) context.put("deploymentId", "abc123");
            context.put("apiId", "1234567890");
            if (route.operation() != null) context.put("operationName", route.operation());
            return context;
        }

        private static Map<String, Object> identity(Request request) {
            Map<String, Object> identity = new LinkedHashMap<>();
            NOT_AUTHENTICATED.forEach(absent -> identity.put(absent, null));
            identity.put("sourceIp", request.sourceIp());
            identity.put("userAgent", request.header("User-Agent").orElse(null));
            return identity;
        }

        private static void putBody(Request request, Api api, Map<String, Object> event) {
            byte[] body = request.body();
            Optional<String> text = body.length == 0 || isBinary(request, api) ? Optional.empty() : text(body);
            boolean isEncoded = body.length > 0 && text.isEmpty();
            event.put("body", isEncoded ? Base64.getEncoder().encodeToString(body) : text.orElse(null));
            event.put("isBase64Encoded", isEncoded);
        }

        /** By what the template says for a REST API, by the type alone for others. */
        private static boolean isBinary(Request request, Api api) {
            String type = request.header("Content-Type").orElse("");
            if (!api.isRest()) return !TEXT_TYPES.matcher(type).matches();
            return isBinaryType(type, api);
        }

        private static boolean isBinaryType(String type, Api api) {
            if (api.binaryMediaTypes().isEmpty()) return false;
            String bare = type.replaceFirst("\\s*;.*", "");
            return api.binaryMediaTypes().stream().anyMatch(media -> media.equals("*/*")
                    || bare.matches("(?i)" + Pattern.quote(media).replace("*", "\\E.*\\Q")));
        }

        private static Optional<String> text(byte[] bytes) {
            try {
                return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }

        /** An answer that is no proxy response: one detail a fault. */
        static final class InvalidResponse extends Exception {
            private static final long serialVersionUID = 1;
            private final transient List<String> details;

            InvalidResponse(List<String> details) {
                super(String.join("; ", details), null, false, false);
                this.details = details;
            }

            List<String> details() {
                return details;
            }

            Response response() {
                Map<String, Object> body = new LinkedHashMap<>();
                body.put("error", "Invalid response format");
                body.put("details", details);
                return Response.json(500, body);
            }
        }

        /** Checks a handler's answer and makes it a response; {@code accept} is what the client would like to get. */
        static Response response(byte[] payload, Route route, String accept) throws InvalidResponse {
            String json = new String(payload, UTF_8);
            return route.payload().equals("1.0") ? new Answer(object(json), route, accept).response()
                    : inferred(json, route);
        }

        /** A response with the headers by which each kind of API names the request. */
        static Response identified(Response response, Api api, String requestId) {
            if (api.type().equals("http")) return response.with("apigw-requestid", shortId(requestId));
            Response named = response.with("x-amzn-RequestId", requestId);
            return api.isRest() ? named.with("x-amz-apigw-id", shortId(requestId)) : named;
        }

        /**
         * Whether base64 is decoded for a client: by a REST API if the first type that it accepts is binary ("Return
         * binary media from a Lambda proxy integration"), by others always.
         */
        static boolean decodes(Api api, String accept) {
            return !api.isRest() || isBinaryType(before(',', accept).strip(), api);
        }

        /** "Lambda proxy integration format for response streaming": a JSON object, eight zeros, the content. */
        private static final byte[] END_OF_HEAD = new byte[8];
        private static final int LONGEST_HEAD = 16 << 10;
        private static final Pattern HEAD = Pattern.compile("(?s)\\s*(\\{\\s*(\"(statusCode|headers|multiValueHeaders|"
                + "cookies)\".*|\"?[a-zA-Z]*|}.*))?");

        /** Whether more is needed to tell whether a streamed answer begins with a head. */
        static boolean mayBeHead(byte[] start, boolean mustHave) {
            if (headLength(start) >= 0 || start.length > LONGEST_HEAD) return false;
            return mustHave || HEAD.matcher(new String(start, UTF_8)).matches();
        }

        private static int headLength(byte[] start) {
            return new String(start, ISO_8859_1).indexOf(new String(END_OF_HEAD, ISO_8859_1));
        }

        /** Status and headers of a streamed answer; a function URL's that has none is good, and of any type. */
        static Response streamedHead(byte[] start, Route route) throws InvalidResponse {
            int length = headLength(start);
            if (length >= 0) {
                Map<Object, Object> fields = new HashMap<>(object(new String(start, 0, length, UTF_8)));
                fields.putIfAbsent("statusCode", 200);
                return new Answer(fields, route, "").response();
            }
            if (route.api().isUrl()) return Response.of(200, "application/octet-stream", "");
            throw new InvalidResponse(List.of("the streamed answer has no head, it must begin with a JSON object with "
                    + "`statusCode` and eight zero bytes within 16 KB"));
        }

        /** What was read of a streamed answer's content. */
        static byte[] streamedContent(byte[] start) {
            int length = headLength(start);
            return length < 0 ? start : Arrays.copyOfRange(start, length + END_OF_HEAD.length, start.length);
        }

        /** In format 2.0 an answer without a status is the body of a good one. */
        private static Response inferred(String json, Route route) throws InvalidResponse {
            Object answer;
            try {
                answer = Json.read(json);
            } catch (IOException | NumberFormatException e) {
                return Response.of(200, "application/json", json);
            }
            if (answer instanceof Map<?, ?> map && map.containsKey("statusCode")) {
                return new Answer(map, route, "").response();
            }
            boolean isText = answer instanceof String;
            return Response.of(200, "application/json", answer == null ? "" : isText ? answer.toString() : json);
        }

        private static Map<?, ?> object(String json) throws InvalidResponse {
            try {
                Object answer = Json.read(json);
                if (answer instanceof Map<?, ?> map) return map;
                throw new InvalidResponse(List.of("the answer is " + shown(answer)
                        + ", it must be an object with `statusCode`"));
            } catch (IOException | NumberFormatException e) {
                String start = json.length() > 80 ? json.substring(0, 80) + "…" : json;
                throw new InvalidResponse(List.of("the answer is no JSON: "
                        + (json.isBlank() ? "it is empty" : start)));
            }
        }

        /** A value and its kind, cut short, for a detail. */
        private static String shown(Object value) {
            if (value == null) return "null";
            String kind = value instanceof Map ? "an object" : value instanceof List ? "an array"
                    : value instanceof String ? "a string" : value instanceof Number ? "a number" : "a boolean";
            String json = Json.write(value);
            return kind + " (" + (json.length() > 80 ? json.substring(0, 80) + "…" : json) + ")";
        }

        /** One answer under examination: every field is read, and each fault noted, before it is refused. */
        private static final class Answer {
            private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
            private static final Pattern STATUS = Pattern.compile("[2-5]\\d\\d(\\.0)?");
            private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t]]");
            private final Map<?, ?> fields;
            private final List<String> faults = new ArrayList<>();

            private final Route route;
            private final String accept;

            Answer(Map<?, ?> fields, Route route, String accept) {
                this.fields = fields;
                this.route = route;
                this.accept = accept;
            }

            Response response() throws InvalidResponse {
                int status = status();
                Map<String, List<String>> headers = headers();
                byte[] body = body(isBase64());
                checkKeys();
                if (!faults.isEmpty()) throw new InvalidResponse(faults);
                return new Response(status, headers, body);
            }

            private void checkKeys() {
                if (!route.api().isRest()) return;
                fields.forEach((key, value) -> {
                    boolean isKnown = value == null || ANSWER_KEYS.contains(key);
                    if (!isKnown) fault(key.toString(), value, "left out, no such field is known");
                });
            }

            private void fault(String field, Object value, String wanted) {
                faults.add("`" + field + "` is " + shown(value) + ", it must be " + wanted);
            }

            private int status() {
                Object status = fields.get("statusCode");
                if (status == null && route.api().isRest()) return 200;
                String text = status instanceof Number || status instanceof String ? status.toString() : "";
                if (STATUS.matcher(text).matches()) return Integer.parseInt(text.substring(0, 3));
                fault("statusCode", status, "a whole number from 200 to 599");
                return 500;
            }

            private boolean isBase64() {
                boolean hasOldName = route.api().isRest() && fields.get("base64Encoded") != null;
                Object flag = fields.get(hasOldName ? "base64Encoded" : "isBase64Encoded");
                if (flag == null || flag instanceof Boolean) return Boolean.TRUE.equals(flag);
                if (flag instanceof String text && text.matches("(?i)true|false")) return Boolean.parseBoolean(text);
                fault("isBase64Encoded", flag, "true or false");
                return false;
            }

            private byte[] body(boolean isBase64) {
                Object body = fields.get("body");
                if (body == null) return new byte[0];
                if (!(body instanceof String text)) {
                    fault("body", body, "a string or absent");
                    return new byte[0];
                }
                byte[] decoded = isBase64 ? decoded(text) : null;
                return isBase64 && decodes(route.api(), accept) ? decoded : text.getBytes(UTF_8);
            }

            private byte[] decoded(String text) {
                try {
                    return Base64.getDecoder().decode(text);
                } catch (IllegalArgumentException e) {
                    fault("body", text, "base64, as `isBase64Encoded` says");
                    return new byte[0];
                }
            }

            /** First the repeated ones, then the single ones that are not among them already. */
            private Map<String, List<String>> headers() {
                Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                boolean isFirst = route.payload().equals("1.0");
                if (isFirst) map("multiValueHeaders").forEach((name, value) -> repeated(name, value, headers));
                map("headers").forEach((name, value) -> header("headers", name, value, headers));
                if (!isFirst) cookies(headers);
                if (route.api().isRest() || route.api().isUrl()) remap(headers);
                headers.keySet().removeIf(name -> NOT_SETTABLE.contains(name.toLowerCase(Locale.ROOT)));
                headers.computeIfAbsent("Content-Type", name -> List.of("application/json"));
                return headers;
            }

            private static void remap(Map<String, List<String>> headers) {
                List.copyOf(headers.keySet()).stream().filter(name -> REMAPPED.contains(name.toLowerCase(Locale.ROOT)))
                        .forEach(name -> headers.put("x-amzn-Remapped-" + name, headers.remove(name)));
            }

            private void cookies(Map<String, List<String>> headers) {
                Object cookies = fields.get("cookies");
                if (cookies instanceof List<?> list) {
                    list.forEach(cookie -> header("cookies", "Set-Cookie", cookie, headers));
                }
                else if (cookies != null) fault("cookies", cookies, "an array of strings");
            }

            private void repeated(Object name, Object value, Map<String, List<String>> headers) {
                if (value instanceof List<?> values) {
                    values.forEach(item -> header("multiValueHeaders", name, item, headers));
                } else {
                    fault("multiValueHeaders." + name, value, "an array of strings");
                }
            }

            private Map<?, ?> map(String field) {
                Object value = fields.get(field);
                if (value instanceof Map<?, ?> map) return map;
                if (value != null) fault(field, value, "an object");
                return Map.of();
            }

            private void header(String field, Object name, Object value, Map<String, List<String>> headers) {
                if (value == null) return;
                if (value instanceof Map || value instanceof List) {
                    fault(field + "." + name, value, "a string");
                } else if (!HEADER_NAME.matcher(name.toString()).matches()) {
                    fault(field, name, "named as HTTP allows");
                } else if (CONTROL.matcher(value.toString()).find()) {
                    fault(field + "." + name, value, "without control characters");
                } else {
                    add(name.toString(), inLatin1(value.toString()), headers);
                }
            }

            private static void add(String name, String value, Map<String, List<String>> headers) {
                List<String> values = headers.computeIfAbsent(name, key -> new ArrayList<>());
                if (!values.contains(value)) values.add(value);
            }
        }

        /** The bytes of UTF-8 as characters, of which the JDK's server makes bytes again. */
        static String inLatin1(String value) {
            return new String(value.getBytes(UTF_8), ISO_8859_1);
        }

        /** Compile errors for a program that calls. */
        static Response errors(String summary, List<Problem> errors) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("message", summary);
            body.put("errors", errors.stream().map(Events::error).toList());
            return Response.json(500, body);
        }

        private static Map<String, Object> error(Problem problem) {
            Place place = problem.place();
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("file", place == null ? null : place.file());
            error.put("line", place == null ? null : place.line());
            error.put("column", place == null ? null : place.column());
            String hint = problem.hint() == null ? "" : "; " + problem.hint();
            error.put("message", problem.message() + hint);
            error.put("source", place == null ? null : place.source().strip());
            return error;
        }

        /** Compile errors for a person who looks with a browser. */
        static Response errorPage(String summary, List<Problem> errors) {
            StringBuilder page = new StringBuilder(PAGE.formatted(escaped(summary), escaped(summary)));
            for (Problem error : errors) {
                page.append("<h2>").append(escaped(error.message())).append("</h2>");
                if (error.place() == null) continue;
                page.append("<p>").append(escaped(error.place().toString())).append("<pre>")
                        .append(escaped(error.place().source())).append('\n').append(error.place().caret())
                        .append("</pre>");
            }
            return Response.of(500, "text/html; charset=utf-8", page.append("</html>\n").toString());
        }

        private static String escaped(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
        }
    }

    // ---- Router: method and path to route and path parameters ------------------------------------------------------

    /**
     * Pure: finds the route of a request (API Gateway Developer Guide, "proxy integrations" for REST APIs, "routes" for
     * HTTP APIs): literal before parameter before proxy before the default route, a method before any. A REST API
     * decides so segment by segment, an HTTP API takes a route that fits in full before all that take a rest. Of what
     * several APIs find, the most specific path is taken, else the first.
     */
    static final class Router {
        /** A route and the values of its path parameters as they stand in the path, percent-encoded. */
        record Match(Route route, Map<String, String> parameters) {
            /** Whether the route takes paths of any length. */
            boolean isGreedy() {
                return route.path().endsWith("$default") || route.path().contains("+}");
            }
        }

        /**
         * A route, and the names of its path's parameters.
         *
         * @param rank a digit a segment, 1 literal, 2 parameter, 3 proxy: the smaller text is the more specific path
         * @param place among all routes
         * @param rest how the path goes on from a proxy that is not its end, or null
         */
        private record Candidate(Route route, List<String> names, String rank, int place, Pattern rest) {
            boolean isAny() {
                return route.method().equals("ANY");
            }

            boolean takes(String method) {
                return isAny() ? ANY.contains(method) : route.method().equals(method);
            }

            boolean takesRest() {
                return rank.indexOf('3') >= 0 || rank.equals("4");
            }
        }

        /** A route that fits a path, and the values of its parameters, which lack the slash at the path's end. */
        private record Found(Candidate candidate, List<String> values) {
            String rank() {
                return candidate.rank();
            }

            int place() {
                return candidate.place();
            }

            /** A slash at the path's end is a part of what an HTTP API's proxy takes. */
            Match match(boolean hasSlash) {
                Route route = candidate.route();
                List<String> names = candidate.names();
                Map<String, String> parameters = new LinkedHashMap<>();
                for (int i = 0; i < names.size(); i++) parameters.put(names.get(i), values.get(i));
                boolean keepsSlash = hasSlash && rank().endsWith("3") && !route.api().isRest();
                if (keepsSlash) parameters.merge(names.get(names.size() - 1), "/", String::concat);
                return new Match(route, parameters);
            }
        }

        /** What may follow after some segments, and the routes that end there. */
        private static final class Node {
            private final Map<String, Node> literals = new HashMap<>();
            private final List<Candidate> ends = new ArrayList<>();
            private final List<Candidate> proxies = new ArrayList<>();
            private Node parameter;

            /** A literal segment matches as written and percent-encoded, as a client must send all but ASCII. */
            Node literal(String segment) {
                String encoded = URLEncoder.encode(segment, UTF_8).replace("+", "%20");
                Node node = literals.getOrDefault(segment, literals.getOrDefault(encoded, new Node()));
                literals.put(segment, node);
                literals.put(encoded, node);
                return node;
            }

            Node parameter() {
                if (parameter == null) parameter = new Node();
                return parameter;
            }

            private Node next(String segment) {
                Node node = literals.get(segment);
                return node != null || segment.indexOf('%') < 0 ? node
                        : literals.get(ESCAPE.matcher(segment).replaceAll(hex -> hex.group().toUpperCase(Locale.ROOT)));
            }

            /** Visits all that matches a path from here on, the more specific before, until it is told to stop. */
            boolean visit(String path, int start, List<String> values, Predicate<Found> stops) {
                int slash = path.indexOf('/', start);
                String segment = path.substring(start, slash < 0 ? path.length() : slash);
                Node literal = next(segment);
                if (literal != null && literal.visitBelow(path, slash, values, stops)) return true;
                if (parameter != null && !segment.isEmpty()
                        && parameter.visitBelow(path, slash, with(segment, values), stops)) return true;
                String rest = path.substring(start);
                return !rest.isEmpty() && proxies.stream().anyMatch(proxy -> visit(proxy, rest, values, stops));
            }

            private boolean visitBelow(String path, int slash, List<String> values,
                    Predicate<Found> stops) {
                if (slash >= 0) return visit(path, slash + 1, values, stops);
                for (Candidate end : ends) if (stops.test(new Found(end, values))) return true;
                return false;
            }

            private static boolean visit(Candidate proxy, String rest, List<String> values,
                    Predicate<Found> stops) {
                if (proxy.rest() == null) return stops.test(new Found(proxy, with(rest, values)));
                Matcher matcher = proxy.rest().matcher(rest);
                if (!matcher.matches()) return false;
                List<String> all = new ArrayList<>(values);
                for (int i = 1; i <= matcher.groupCount(); i++) all.add(matcher.group(i));
                return stops.test(new Found(proxy, all));
            }

            private static List<String> with(String value, List<String> values) {
                List<String> all = new ArrayList<>(values);
                all.add(value);
                return all;
            }
        }

        private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+?)(\\+?)}");
        private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
        /** What API Gateway has for any method. */
        private static final Set<String> ANY = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
        private static final int MOST_NEAR = 3;
        private final Map<String, Tree> apis = new LinkedHashMap<>();
        private final List<Route> routes;

        Router(List<Route> routes) {
            this.routes = routes;
            IntStream.range(0, routes.size()).mapToObj(place -> candidate(routes.get(place), place))
                    .sorted(Comparator.comparing(Candidate::isAny)).forEach(candidate -> apis
                    .computeIfAbsent(candidate.route().api().id(), id -> new Tree(candidate.route().api().isRest()))
                    .add(candidate));
        }

        /** All of its routes. */
        List<Route> routes() {
            return routes;
        }

        /** Whether an unknown path is answered as by a REST API: where there is one, or no API at all. */
        boolean isRest() {
            return routes.isEmpty() || routes.stream().anyMatch(route -> route.api().type().equals("rest"));
        }

        private static Candidate candidate(Route route, int place) {
            if (route.path().endsWith("$default")) return new Candidate(route, List.of(), "4", place, null);
            List<String> segments = segments(route);
            List<String> names = segments.stream().map(PARAMETER::matcher).filter(Matcher::matches)
                    .map(parameter -> parameter.group(1)).toList();
            String rank = segments.stream().map(segment -> isProxy(segment) ? "3" : isParameter(segment) ? "2" : "1")
                    .collect(Collectors.joining());
            int proxy = rank.indexOf('3');
            boolean goesOn = proxy >= 0 && proxy < rank.length() - 1;
            return new Candidate(route, names, rank, place,
                    goesOn ? pattern(segments.subList(proxy, segments.size())) : null);
        }

        private static List<String> segments(Route route) {
            return List.of(normal(route.path()).substring(1).split("/"));
        }

        /** The routes of one API. */
        private static final class Tree {
            private final boolean isRest;
            private final Node root = new Node();
            private final List<Candidate> defaults = new ArrayList<>();

            Tree(boolean isRest) {
                this.isRest = isRest;
            }

            void add(Candidate candidate) {
                if (candidate.rank().equals("4")) {
                    defaults.add(candidate);
                    return;
                }
                Node node = root;
                for (String segment : segments(candidate.route())) {
                    if (isProxy(segment)) {
                        node.proxies.add(candidate);
                        node.proxies.sort(Comparator.comparing(proxy -> proxy.rest() == null));
                        return;
                    }
                    node = isParameter(segment) ? node.parameter() : node.literal(segment);
                }
                node.ends.add(candidate);
            }

            /** From the most specific path to the least, and of each a method before any; tells whether it stopped. */
            private boolean visit(String path, Predicate<Found> stops) {
                if (root.visit(path, 1, List.of(), stops)) return true;
                return defaults.stream().anyMatch(each -> stops.test(new Found(each, List.of())));
            }

            Optional<Found> first(String path, Predicate<Candidate> wanted) {
                if (isRest) return find(path, wanted);
                return find(path, candidate -> !candidate.takesRest() && wanted.test(candidate))
                        .or(() -> find(path, candidate -> candidate.takesRest() && wanted.test(candidate)));
            }

            private Optional<Found> find(String path, Predicate<Candidate> wanted) {
                List<Found> found = new ArrayList<>(1);
                visit(path, each -> wanted.test(each.candidate()) && found.add(each));
                return found.stream().findFirst();
            }

            Stream<Route> all(String path) {
                List<Route> all = new ArrayList<>();
                visit(path, each -> !all.add(each.candidate().route()));
                return all.stream();
            }
        }

        private static boolean isParameter(String segment) {
            return PARAMETER.matcher(segment).matches();
        }

        private static boolean isProxy(String segment) {
            return segment.endsWith("+}") && isParameter(segment);
        }

        private static Pattern pattern(List<String> segments) {
            return Pattern.compile(segments.stream().map(segment -> isProxy(segment) ? "(.+)"
                    : isParameter(segment) ? "([^/]+)" : Pattern.quote(segment))
                    .collect(Collectors.joining("/")));
        }

        /** A trailing slash makes no difference, and neither do several at the beginning. */
        private static String normal(String path) {
            int end = path.length();
            while (end > 0 && path.charAt(end - 1) == '/') end--;
            int start = 0;
            while (start < end && path.charAt(start) == '/') start++;
            return start == 1 ? path.substring(0, end) : "/" + path.substring(start, end);
        }

        /** The most specific path that has the method; {@code path} as sent, percent-encoded. */
        Optional<Match> match(String method, String path) {
            return first(path, candidate -> candidate.takes(method));
        }

        /** The most specific path, whatever its method. */
        Optional<Match> matchAnyMethod(String path) {
            return first(path, candidate -> true);
        }

        private Optional<Match> first(String path, Predicate<Candidate> wanted) {
            String normal = normal(path);
            return apis.values().stream().flatMap(api -> api.first(normal, wanted).stream())
                    .min(Comparator.comparing(Found::rank).thenComparing(Found::place))
                    .map(found -> found.match(path.endsWith("/")));
        }

        /** The methods that a route's API has for its path, {@code ANY} among them. */
        Set<String> methods(Route of) {
            return routes.stream().filter(route -> route.path().equals(of.path())
                    && route.api().id().equals(of.api().id())).map(Route::method).collect(Collectors.toSet());
        }

        /** Any route of the one API that there is: it answers for paths that it does not have. */
        Optional<Route> onlyApi() {
            return routes.stream().map(Route::api).distinct().count() == 1 ? Optional.of(routes.get(0))
                    : Optional.empty();
        }

        /** What may have been meant where nothing matches: the path's other methods, else paths that look alike. */
        List<Route> nearest(String method, String path) {
            List<Route> samePath = apis.values().stream().flatMap(api -> api.all(normal(path))).limit(MOST_NEAR)
                    .toList();
            if (!samePath.isEmpty()) return samePath;
            String near = Nearest.to(normal(path), routes.stream().map(Route::path).toList()).orElse("");
            return routes.stream().filter(route -> route.path().equals(near)).limit(MOST_NEAR).toList();
        }
    }

    // ---- LambdaFunction: one function and its execution environments -----------------------------------------------

    /** A function of the template, ready to be invoked from any thread. */
    static final class LambdaFunction {
        /** How an invocation ended. */
        sealed interface Outcome permits Answer, Failure, Broken, Unavailable {
        }

        /** The handler's answer, most often JSON. */
        record Answer(byte[] payload, FunctionLog.Transcript log) implements Outcome {
        }

        /** The handler, or what AWS's runtime does for it, has thrown. */
        record Failure(Throwable error, boolean inInit, Codebase.Build build, String requestId,
                FunctionLog.Transcript log) implements Outcome {
            boolean isTimeout() {
                return error instanceof RuntimeFault fault && RuntimeFault.TIMEOUT.equals(fault.type());
            }
        }

        /** The code does not compile. */
        record Broken(List<Problem> errors) implements Outcome {
            String summary() {
                return "does not compile: " + Console.count(errors.size(), "error");
            }
        }

        /** The function cannot run here. */
        record Unavailable(String reason) implements Outcome {
        }

        /**
         * An invocation from its event to its end.
         *
         * @param function logical id
         * @param initNanos how long a new execution environment took to start, 0 where a warm one was used
         * @param compiled what was compiled for it, or null
         */
        record Run(String function, Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
            boolean isCold() {
                return initNanos > 0;
            }

            /** What happened on the way, or an empty text. */
            String note() {
                if (outcome instanceof Broken broken) return broken.summary();
                if (compiled != null) return compiled.toString();
                return isCold() ? "cold start" : "";
            }
        }

        private final FunctionDefinition definition;
        private final Codebase codebase;
        private final Sandboxes sandboxes;
        private final Console console;
        private final Environments environments;

        /** How many environments a function may have, and whether each request gets a new one. */
        record Limits(int environments, boolean fresh) {
        }

        LambdaFunction(FunctionDefinition definition, Codebase codebase, Sandboxes sandboxes, Limits limits,
                Console console) {
            this.definition = definition;
            this.codebase = codebase;
            this.sandboxes = sandboxes;
            this.console = console;
            this.environments = new Environments(sandboxes, limits.environments(), limits.fresh());
        }

        FunctionDefinition definition() {
            return definition;
        }

        Codebase codebase() {
            return codebase;
        }

        boolean isServed() {
            return definition.obstacle() == null;
        }

        /**
         * Invokes the function with an event, in the code as it is saved now; waits while its environments are busy.
         *
         * @throws Fault if its code cannot be read
         */
        Run invoke(Call call) {
            return invoke(call, () -> { });
        }

        /** The same; {@code built} runs when the code is ready to be called. */
        Run invoke(Call call, Runnable built) {
            if (!isServed()) return new Run(definition.id(), call, new Unavailable(definition.obstacle()), 0, null);
            Codebase.Compiled compiled = null;
            while (true) {
                Codebase.Build build = codebase.current();
                built.run();
                if (compiled == null) compiled = build.news();
                if (!build.errors().isEmpty()) return run(call, new Broken(build.errors()), 0, compiled);
                Turn turn = new Turn(call, build);
                environments.place(turn);
                if (turn.number() > 0) return start(turn, compiled);
                if (turn.environment() != null) return run(call, outcome(turn, turn.environment()), 0, compiled);
            }
        }

        private Run run(Call call, Outcome outcome, long initNanos, Codebase.Compiled compiled) {
            return new Run(definition.id(), call, outcome, initNanos, compiled);
        }

        /** Gives a turn to a new environment. */
        private Run start(Turn turn, Codebase.Compiled compiled) {
            ExecutionEnvironment made = environment(turn.build(), turn.number());
            try {
                made.start(this::sandbox);
                made.take(turn);
            } catch (Fault fault) {
                throw fault;
            } catch (Throwable error) {
                made.logFailedInit(turn.call(), error);
                Failure failure = new Failure(error, true, turn.build(), turn.call().requestId(), made.log());
                return run(turn.call(), failure, 0, compiled);
            } finally {
                environments.isMade();
                if (!made.isUsable()) environments.giveBack(made);
            }
            return run(turn.call(), outcome(turn, made), made.startNanos(), compiled);
        }

        private ExecutionEnvironment environment(Codebase.Build build, int number) {
            String mark = console.paint(Console.Style.DIM, definition.id() + (number > 1 ? "#" + number : "") + " | ");
            return new ExecutionEnvironment(definition, build, number, environments::next,
                    lines -> {
                        console.reportLines(mark, lines);
                        console.copyFunctions(lines.endsWith("\n") ? lines : lines + "\n");
                    });
        }

        /** How a turn ends that an environment has taken. */
        private Outcome outcome(Turn turn, ExecutionEnvironment environment) {
            try {
                return new Answer(environment.await(turn), turn.log());
            } catch (Throwable error) {
                return new Failure(error, false, turn.build(), turn.call().requestId(), environment.log());
            } finally {
                if (!turn.isReturned()) environments.giveBack(environment);
            }
        }

        /** Makes a first environment ready, if the code allows it; its first request tells what is wrong otherwise. */
        void initialize() {
            if (!isServed()) return;
            Codebase.Build build = codebase.current();
            int number = build.errors().isEmpty() ? environments.makeFirst() : 0;
            if (number == 0) return;
            ExecutionEnvironment environment = environment(build, number);
            try {
                environment.start(this::sandbox);
            } catch (Throwable error) {
                environment.logFailedInit(new Call(UUID.randomUUID().toString(), new byte[0]), error);
            } finally {
                environments.isMade();
                environments.giveBack(environment);
            }
        }

        private Sandbox sandbox(Codebase.Build build) {
            Sandbox sandbox = sandboxes.take(build.jars());
            sandbox.load(build.classes(), build.folders());
            if (sandbox.fits(definition.handler())) return sandbox;
            sandbox.close();
            Sandbox another = new Sandbox(build.jars());
            another.load(build.classes(), build.folders());
            return another;
        }

        /** Ends the environments that wait; those that are busy end with their request. */
        void retire() {
            environments.retire();
        }
    }

    // ---- Environments: which execution environment takes a request -------------------------------------------------

    /**
     * The execution environments of one function, and the requests that wait for one. An environment that is done goes
     * on with the next request in its own thread, at once. Another one is made where requests wait and none comes free:
     * each has a copy of all classes, which the JVM has to load, and to compile for the processor, once more.
     */
    static final class Environments {
        private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(20);
        private final Sandboxes sandboxes;
        private final int most;
        private final boolean areKept;
        private final Deque<ExecutionEnvironment> idle = new ArrayDeque<>();
        private final Deque<Turn> waiting = new ArrayDeque<>();
        private final Queue<Integer> numbers;
        private int starting;
        private long cameFree = System.nanoTime();
        private boolean isRetired;

        /** At most so many at a time; {@code fresh}: one for each request. */
        Environments(Sandboxes sandboxes, int most, boolean fresh) {
            this.sandboxes = sandboxes;
            this.most = most;
            this.areKept = !fresh;
            this.numbers = IntStream.rangeClosed(1, most).boxed().collect(Collectors.toCollection(PriorityQueue::new));
        }

        /**
         * Gives a turn to an environment, or lets its caller make one, see {@link Turn#number()}. If it has neither
         * then, its code is not the newest any more, and another turn must be tried.
         *
         * @throws Fault if the server ends
         */
        void place(Turn turn) {
            for (ExecutionEnvironment old = enter(turn); old != null; old = enter(turn)) end(old);
            try {
                while (turn.isWaiting() && !turn.await(PATIENCE)) makeRoom(turn);
            } catch (InterruptedException e) {
                throw Fault.project("the server ends");
            }
        }

        /** An environment that must be ended first, because its code is old; null if the turn has found its place. */
        private synchronized ExecutionEnvironment enter(Turn turn) {
            ExecutionEnvironment environment = idle.pollFirst();
            if (environment != null && !(environment.isUsable() && environment.build() == turn.build())) {
                return environment;
            }
            if (environment != null) environment.take(turn);
            else if (numbers.size() == most) make(turn);
            else waiting.add(turn);
            return null;
        }

        private void make(Turn turn) {
            starting++;
            turn.make(numbers.remove());
        }

        /** The number of the environment that the caller has to make, 0 if there is one already. */
        synchronized int makeFirst() {
            if (numbers.size() < most) return 0;
            starting++;
            return numbers.remove();
        }

        /** For a turn that has waited, unless environments come free or one is being made. */
        private synchronized void makeRoom(Turn turn) {
            boolean isStuck = starting == 0 && System.nanoTime() - cameFree > PATIENCE;
            if (isStuck && !numbers.isEmpty() && waiting.remove(turn)) make(turn);
        }

        /** Tells that the environment that a turn's caller has made can be used, or cannot. */
        synchronized void isMade() {
            starting--;
            cameFree = System.nanoTime();
        }

        /** Tells what an environment does next, in its own thread; null if it waits, or is at its end. */
        Turn next(ExecutionEnvironment environment) {
            synchronized (this) {
                cameFree = System.nanoTime();
                Turn first = waiting.pollFirst();
                boolean isOver = isRetired || !areKept || !environment.isUsable();
                if (!isOver && first != null && first.build() == environment.build()) return first;
                if (first != null) first.tryAgain();
                if (!isOver) {
                    idle.addFirst(environment);
                    return null;
                }
            }
            end(environment);
            return null;
        }

        /** Takes back an environment that has not gone on by itself. */
        void giveBack(ExecutionEnvironment environment) {
            Turn turn = next(environment);
            if (turn != null) environment.take(turn);
        }

        private void end(ExecutionEnvironment environment) {
            boolean isClean = environment.isUsable() && !environment.hasThreads();
            if (isClean) sandboxes.giveBack(environment.close());
            else environment.discard();
            synchronized (this) {
                numbers.add(environment.number());
                Turn first = waiting.pollFirst();
                if (first != null) first.tryAgain();
            }
        }

        /** Ends those that wait; those that are busy end with their request. */
        void retire() {
            List<ExecutionEnvironment> ended;
            synchronized (this) {
                isRetired = true;
                ended = List.copyOf(idle);
                idle.clear();
            }
            ended.forEach(this::end);
        }
    }

    // ---- ExecutionEnvironment: one copy of a function's code with its own statics and variables --------------------

    /**
     * A request for an invocation.
     *
     * @param event in JSON
     * @param clientContext in JSON, or null
     * @param isDirect whether it came by Lambda's own API, whose callers see the platform's lines in the log
     * @param stream where the answer is to be written bit by bit, or null
     */
    record Call(String requestId, byte[] event, String clientContext, boolean isDirect, OutputStream stream) {
        Call(String requestId, byte[] event, String clientContext, boolean isDirect) {
            this(requestId, event, clientContext, isDirect, null);
        }

        /** For the gateway. */
        Call(String requestId, byte[] event) {
            this(requestId, event, null, false, null);
        }
    }

    /** How a step ended, handed from an environment's thread to the one that waits without taking any memory. */
    static class Handover<T> {
        private final Thread waiting = Thread.currentThread();
        private volatile boolean isOver;
        private T result;
        private Throwable error;

        /** The first ending counts; tells whether it is this one. */
        synchronized boolean end(T given, Throwable thrown) {
            if (isOver) return false;
            result = given;
            error = thrown;
            signal();
            return true;
        }

        final boolean isOver() {
            return isOver;
        }

        final void signal() {
            isOver = true;
            LockSupport.unpark(waiting);
        }

        /** False if there was no end in that time, in nanoseconds. */
        final boolean await(long nanos) throws InterruptedException {
            long until = System.nanoTime() + nanos;
            while (!isOver) {
                long left = until - System.nanoTime();
                if (left <= 0) return false;
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) throw new InterruptedException();
            }
            return true;
        }

        final T get() throws Throwable {
            if (error != null) throw error;
            return result;
        }
    }

    /** A request's turn in an environment that has its code: waits for one, runs there, and ends with an answer. */
    static final class Turn extends Handover<byte[]> {
        private final Call call;
        private final Codebase.Build build;
        private volatile ExecutionEnvironment environment;
        private volatile int number;
        private volatile long begun;
        private boolean isReturned;
        private FunctionLog.Transcript log;

        Turn(Call call, Codebase.Build build) {
            this.call = call;
            this.build = build;
        }

        Call call() {
            return call;
        }

        Codebase.Build build() {
            return build;
        }

        /** The environment that has taken it, or null. */
        ExecutionEnvironment environment() {
            return environment;
        }

        /** Of the environment that its caller has to make, 0 if it has not. */
        int number() {
            return number;
        }

        void make(int given) {
            number = given;
        }

        boolean isWaiting() {
            return environment == null && number == 0;
        }

        /** Gives it up, before any environment has taken it. */
        void tryAgain() {
            signal();
        }

        /** What is left of so much time since it began to run; all of it before that. */
        private long left(long nanos) {
            return begun == 0 ? nanos : begun + nanos - System.nanoTime();
        }

        /** {@code returned}: the environment goes on by itself. */
        private synchronized boolean end(byte[] answer, FunctionLog.Transcript transcript, boolean returned) {
            boolean counts = end(answer, null);
            if (counts) {
                log = transcript;
                isReturned = returned;
            }
            return counts;
        }

        /** What was logged for it, if it has ended well. */
        synchronized FunctionLog.Transcript log() {
            return log;
        }

        /** Whether its environment is in use again, or at rest. */
        synchronized boolean isReturned() {
            return isReturned;
        }
    }

    /** What AWS calls by this name: code that was loaded and initialized, and runs one request at a time. */
    static final class ExecutionEnvironment {
        /** Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle": the init phase. */
        private static final long MOST_INIT_SECONDS = 10;
        private static final long GRACE_MILLIS = 200;
        /** Memory to tell of its lack with. */
        private static final int RESERVE = 1 << 19;
        /** Of the shell's variables, besides those that the template names. */
        private static final Set<String> PASSED = Set.of("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CONFIG_FILE",
                "AWS_SHARED_CREDENTIALS_FILE", "PATH");

        private final FunctionDefinition definition;
        private final Codebase.Build build;
        private final int number;
        private final FunctionLog log;
        private final Map<String, String> variables;
        private final ProcessStreams.Group group;
        private final ExecutorService executor;
        private final Function<ExecutionEnvironment, Turn> next;
        private volatile Handover<?> current;
        private ProcessDefaults defaults;
        private Sandbox sandbox;
        private LambdaRuntime runtime;
        private long initNanos;
        private long startNanos;
        private volatile Thread thread;
        private volatile boolean usable = true;
        private volatile byte[] reserve;

        /** One that is not started; {@code next} tells what it does after a turn, {@code log} takes whole lines. */
        ExecutionEnvironment(FunctionDefinition definition, Codebase.Build build, int number,
                Function<ExecutionEnvironment, Turn> next, Consumer<String> log) {
            this.definition = definition;
            this.build = build;
            this.number = number;
            this.next = next;
            this.log = new FunctionLog(log);
            this.variables = variables(definition);
            this.defaults = ProcessDefaults.ofLambda(variables.get("TZ"));
            this.group = new ProcessStreams.Group(definition.id(), this.log);
            this.executor = Executors.newSingleThreadExecutor(this::thread);
        }

        /** In a group of its own: a handler that interrupts its group must not reach the server's threads. */
        private Thread thread(Runnable work) {
            Thread made = new Thread(group, work, "main");
            made.setDaemon(true);
            thread = made;
            return made;
        }

        /** Runs the function's initialization, of which anything may be thrown; then it is of no use any more. */
        void start(Function<Codebase.Build, Sandbox> sandboxes) throws Throwable {
            try {
                long asked = System.nanoTime();
                sandbox = sandboxes.apply(build);
                long started = System.nanoTime();
                runtime = initialized();
                initNanos = System.nanoTime() - started;
                startNanos = System.nanoTime() - asked;
                reserve = new byte[RESERVE];
            } catch (Throwable error) {
                usable = false;
                throw error;
            }
        }

        private LambdaRuntime initialized() throws Throwable {
            Handover<LambdaRuntime> handover = new Handover<>();
            executor.execute(() -> {
                try {
                    handover.end(inside(handover, () -> sandbox.start(variables, log, this::exited)), null);
                } catch (Throwable error) {
                    handover.end(null, error);
                }
            });
            long most = TimeUnit.SECONDS.toNanos(MOST_INIT_SECONDS + definition.timeoutSeconds());
            if (!handover.await(most)) timeOut(handover);
            return handover.get();
        }

        /** The code has asked for the end of its process, in whichever thread, and whatever it does with the error. */
        private void exited(Error fault) {
            usable = false;
            Handover<?> asking = current;
            if (asking != null) asking.end(null, fault);
        }

        /** How long it took to start, with the loading of its libraries; 0 if it has not. */
        long startNanos() {
            return startNanos;
        }

        Codebase.Build build() {
            return build;
        }

        /** Its place among the environments of its function, from 1. */
        int number() {
            return number;
        }

        /** False after an error that would have ended the process on AWS. */
        boolean isUsable() {
            return usable;
        }

        /** What is logged since the last invocation began. */
        FunctionLog.Transcript log() {
            return log.transcript();
        }

        /** Runs the handler in the environment's thread, and as long as all goes well it goes on with further turns. */
        void take(Turn turn) {
            turn.environment = this;
            executor.execute(() -> {
                Turn now = turn;
                while (now != null) {
                    now.environment = this;
                    now = run(now) ? next.apply(this) : null;
                }
            });
        }

        /** Tells whether the environment, and nobody else, decides what it does next. */
        private boolean run(Turn turn) {
            try {
                byte[] answer = inside(turn, () -> invoke(turn));
                if (turn.isOver()) return false;
                end(turn.call, turn.begun, "");
                return turn.end(answer, log.transcript(), usable);
            } catch (Throwable error) {
                turn.end(null, error);
                return false;
            }
        }

        private byte[] invoke(Turn turn) throws Throwable {
            turn.begun = System.nanoTime();
            Call call = turn.call;
            log.begin(call.requestId(), call.isDirect());
            long deadline = System.currentTimeMillis() + definition.timeoutSeconds() * 1000L;
            return runtime.invoke(new Invocation(call.requestId(), call.event(), deadline, definition.arn(),
                    call.clientContext(), call.stream()));
        }

        /** The answer to a turn that this environment has taken; what the handler throws is thrown. */
        byte[] await(Turn turn) throws Throwable {
            long most = TimeUnit.SECONDS.toNanos(definition.timeoutSeconds());
            try {
                while (!turn.await(turn.left(most))) if (turn.left(most) <= 0) timeOut(turn);
                return turn.get();
            } catch (OutOfMemoryError error) {
                throw failed(turn, letGo(error));
            } catch (Throwable error) {
                throw failed(turn, error);
            }
        }

        private Throwable failed(Turn turn, Throwable error) {
            usable = usable && !(error instanceof VirtualMachineError || error instanceof IOError
                    || error instanceof RuntimeFault fault && fault.isPlatforms());
            log.failure(error);
            end(turn.call, turn.begun, status(error));
            return error;
        }

        /** Ends the log of an invocation; only those who call directly see its report, which takes its time to make. */
        private void end(Call call, long started, String status) {
            log.end(call.isDirect() ? report(started, status) : "");
        }

        /**
         * Gives all memory of the function's code back before anything is done that takes some. An error keeps the
         * classes of its frames, and so what their statics hold: a copy of it is told on.
         */
        private OutOfMemoryError letGo(OutOfMemoryError error) {
            usable = false;
            runtime = null;
            sandbox = null;
            thread.setContextClassLoader(null);
            executor.shutdown();
            OutOfMemoryError copy = new OutOfMemoryError(error.getMessage());
            copy.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
            return copy;
        }

        /** What the log says of an invocation that found no code to run. */
        void logFailedInit(Call call, Throwable error) {
            log.begin(call.requestId(), call.isDirect());
            log.failure(error);
            end(call, System.nanoTime(), status(error));
        }

        private static String status(Throwable error) {
            if (!(error instanceof RuntimeFault fault) || fault.type() == null) return "";
            return fault.type().equals(RuntimeFault.TIMEOUT) ? "\tStatus: timeout"
                    : "\tStatus: error\tError Type: " + fault.type();
        }

        /** The last line of an invocation's log (Lambda Developer Guide, "Log and monitor Java Lambda functions"). */
        private String report(long started, String status) {
            double millis = (System.nanoTime() - started) / 1e6;
            double init = initNanos / 1e6;
            initNanos = 0;
            Runtime machine = Runtime.getRuntime();
            long used = (machine.totalMemory() - machine.freeMemory() >> 20) + 1;
            return String.format(Locale.ROOT, "Duration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB"
                    + "\tMax Memory Used: %d MB%s%s", millis, (long) Math.ceil(millis + init),
                    definition.memoryMegabytes(), Math.min(used, definition.memoryMegabytes()),
                    init == 0 ? "" : String.format(Locale.ROOT, "\tInit Duration: %.2f ms", init), status);
        }

        /** Code that may throw anything. */
        private interface Step<T> {
            T run() throws Throwable;
        }

        /** Runs a step as the function's own; it is for the environment's thread, in which all of its code runs. */
        private <T> T inside(Handover<?> handover, Step<T> step) throws Throwable {
            current = handover;
            try {
                thread.setContextClassLoader(sandbox.code());
                defaults.apply();
                T result = step.run();
                defaults = ProcessDefaults.current();
                return result;
            } catch (Throwable error) {
                reserve = null;
                throw error;
            } finally {
                current = null;
                ProcessDefaults.OF_LAMBDA.apply();
            }
        }

        /** Stops the thread, as far as the JVM lets it be stopped, and tells where it was. */
        private void timeOut(Handover<?> handover) throws InterruptedException {
            if (ProcessDefaults.isDebugged()) handover.await(Long.MAX_VALUE); // a breakpoint has no limit
            StackTraceElement[] frames = thread.getStackTrace();
            String seconds = String.format(Locale.ROOT, "%.2f", (double) definition.timeoutSeconds());
            RuntimeFault fault = new RuntimeFault(RuntimeFault.TIMEOUT, "Task timed out after " + seconds + " seconds");
            fault.setStackTrace(RuntimeFault.ownFrames(frames));
            if (!handover.end(null, fault)) return;
            usable = false;
            thread.interrupt();
            endStarted();
            thread.join(GRACE_MILLIS);
            if (isBusy() && ProcessDefaults.stop(thread)) thread.join(GRACE_MILLIS);
            if (isBusy()) log.println("the thread of this request cannot be stopped, it goes on in the background");
        }

        /** Ends the threads that the code has started, as the end of its process would; says where that fails. */
        private void endStarted() {
            List<Thread> started = group.started(thread);
            if (started.isEmpty()) return;
            started.forEach(Thread::interrupt);
            CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
                List<Thread> left = started.stream().filter(Thread::isAlive)
                        .filter(each -> !ProcessDefaults.stop(each)).toList();
                if (!left.isEmpty()) {
                    log.println(Console.count(left.size(), "thread") + " of old code cannot be stopped: "
                            + left.stream().map(Thread::getName).limit(5).collect(Collectors.joining(", ")));
                }
            });
        }

        /** A thread of the pool stays when its work is done: what it does then is wait for more. */
        private boolean isBusy() {
            return thread.isAlive() && Arrays.stream(thread.getStackTrace()).anyMatch(frame ->
                    frame.getClassName().startsWith(ServerLocal.class.getName() + "$"));
        }

        /** Whether the code has left threads behind, which may go on in it. */
        boolean hasThreads() {
            return !group.started(thread).isEmpty();
        }

        /** Ends the function's code and returns the sandbox that it ran in. */
        Sandbox close() {
            usable = false;
            endStarted();
            executor.shutdown();
            sandbox.unload();
            return sandbox;
        }

        /** Ends all of it. */
        void discard() {
            usable = false;
            endStarted();
            executor.shutdown();
            if (sandbox != null) sandbox.close();
        }

        /**
         * All variables of the function's process (Lambda Developer Guide, "Defined runtime environment variables").
         * As with {@code sam local}, the shell's value of a variable that the template names beats the template's; a
         * file's value beats both.
         */
        static Map<String, String> variables(FunctionDefinition definition) {
            Map<String, String> variables = new TreeMap<>(defined(definition));
            definition.environment().forEach((name, value) -> variables.put(name, shell(name, value)));
            variables.putAll(definition.overrides());
            return Collections.unmodifiableMap(variables);
        }

        private static Map<String, String> defined(FunctionDefinition definition) {
            String region = shell("AWS_REGION", shell("AWS_DEFAULT_REGION", "us-east-1"));
            Map<String, String> variables = new HashMap<>();
            variables.put("AWS_SAM_LOCAL", "true");
            variables.put("AWS_LAMBDA_FUNCTION_NAME", definition.name());
            variables.put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
            variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(definition.memoryMegabytes()));
            variables.put("AWS_LAMBDA_FUNCTION_TIMEOUT", String.valueOf(definition.timeoutSeconds()));
            variables.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + definition.name());
            variables.putAll(definition.logging());
            variables.put("AWS_LAMBDA_LOG_STREAM_NAME", logStream());
            variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
            variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_"
                    + (definition.runtime().isEmpty() ? "java" : definition.runtime()));
            variables.put("AWS_ACCOUNT_ID", "123456789012");
            variables.put("AWS_REGION", region);
            variables.put("AWS_DEFAULT_REGION", region);
            variables.put("AWS_ACCESS_KEY_ID", shell("AWS_ACCESS_KEY_ID", "defaultkey"));
            variables.put("AWS_SECRET_ACCESS_KEY", shell("AWS_SECRET_ACCESS_KEY", "defaultsecret"));
            variables.put("LAMBDA_TASK_ROOT", definition.code().toString());
            variables.put("_HANDLER", definition.handler());
            variables.put("LANG", "en_US.UTF-8");
            variables.put("TZ", ":UTC");
            System.getenv().forEach((name, value) -> {
                if (PASSED.contains(name) || name.startsWith("AWS_ENDPOINT_URL")) variables.put(name, value);
            });
            return variables;
        }

        private static String shell(String name, String otherwise) {
            return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
        }

        private static String logStream() {
            String day = DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC).format(Instant.now());
            return day + "/[$LATEST]" + UUID.randomUUID().toString().replace("-", "");
        }
    }

    // ---- FunctionLog: what a function prints -----------------------------------------------------------------------

    /**
     * Takes what an execution environment prints, by any thread and in any pieces, and gives whole lines to the
     * console as they come; keeps the end of what an invocation logged for those who ask for it.
     */
    static final class FunctionLog extends OutputStream {
        private static final int MOST_LINE = 1 << 16;
        private final Consumer<String> lines;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private Transcript transcript = new Transcript();
        private boolean hasBegun;
        private String requestId;
        private boolean showsPlatform;

        FunctionLog(Consumer<String> lines) {
            this.lines = lines;
        }

        @Override public void write(int character) {
            write(new byte[] {(byte) character}, 0, 1);
        }

        @Override public synchronized void write(byte[] bytes, int offset, int length) {
            int end = offset + length;
            int afterLast = end;
            while (afterLast > offset && bytes[afterLast - 1] != '\n') afterLast--;
            line.write(bytes, offset, afterLast - offset);
            if (afterLast > offset) giveLines();
            line.write(bytes, afterLast, end - afterLast);
            if (line.size() > MOST_LINE) givePart();
        }

        /** What there is of an endless line, less the first bytes of a character that is not whole yet. */
        private void givePart() {
            byte[] bytes = line.toByteArray();
            int end = bytes.length;
            while (end > bytes.length - 4 && (bytes[end - 1] & 0xC0) == 0x80) end--;
            boolean isStart = (bytes[end - 1] & 0xC0) == 0xC0;
            int whole = isStart ? end - 1 : bytes.length;
            line.reset();
            line.write(bytes, 0, whole);
            giveLines();
            line.write(bytes, whole, bytes.length - whole);
        }

        private void giveLines() {
            if (line.size() == 0) return;
            String text = line.toString(UTF_8);
            line.reset();
            lines.accept(text);
            keep(text);
        }

        private void keep(String text) {
            transcript.add(text.endsWith("\n") ? text : text + "\n");
        }

        /** An entry of its own. */
        synchronized void println(String text) {
            giveLines();
            lines.accept(text);
            keep(text);
        }

        /** The line that starts an invocation's log; {@code isShown} whether anybody sees such lines. */
        synchronized void begin(String id, boolean isShown) {
            giveLines();
            if (hasBegun) transcript = new Transcript();
            hasBegun = true;
            transcript.begin();
            requestId = id;
            showsPlatform = isShown;
            platform("START RequestId: " + id + " Version: $LATEST");
        }

        /** The two lines that end it. */
        synchronized void end(String report) {
            giveLines();
            platform("END RequestId: " + requestId);
            platform("REPORT RequestId: " + requestId + "\t" + report);
        }

        private void platform(String text) {
            if (!showsPlatform) return;
            lines.accept(text);
            keep(text);
        }

        /** What AWS's runtime logs of an error; the console has words of its own for that. */
        synchronized void failure(Throwable error) {
            giveLines();
            boolean isTimeout = error instanceof RuntimeFault fault && RuntimeFault.TIMEOUT.equals(fault.type());
            keep(isTimeout ? Instant.now() + " " + requestId + " " + error.getMessage() : trace(error));
        }

        private static String trace(Throwable error) {
            try {
                StringWriter text = new StringWriter();
                error.printStackTrace(new PrintWriter(text));
                return error.getMessage() + ": " + error.getClass().getName() + "\n" + text;
            } catch (Throwable inTheError) {
                return error.getClass().getName();
            }
        }

        /** What has been logged since the last invocation began, and will be until the next one does. */
        synchronized Transcript transcript() {
            return transcript;
        }

        /** The log of one invocation, the newest of it; the first one's has what initialization printed in front. */
        static final class Transcript {
            private static final int MOST = 1 << 15;
            /** Lambda API Reference, "Invoke": the header X-Amz-Log-Result. */
            private static final int MOST_TAIL = 4096;
            private StringBuilder text;
            private int beginning;
            private boolean isCut;

            private synchronized void add(String lines) {
                if (text == null) text = new StringBuilder();
                int from = Math.max(0, lines.length() - MOST);
                text.append(lines, from, lines.length());
                isCut |= from > 0;
                if (text.length() > 2 * MOST) dropOldest();
            }

            private void dropOldest() {
                int dropped = text.length() - MOST;
                text.delete(0, dropped);
                beginning = Math.max(0, beginning - dropped);
                isCut = true;
            }

            private synchronized void begin() {
                beginning = text == null ? 0 : text.length();
            }

            synchronized String text() {
                return text == null ? "" : text.toString();
            }

            /** Whether the oldest of it was dropped. */
            synchronized boolean isCut() {
                return isCut;
            }

            /** Its end as callers of Lambda's own API get it, without the initialization, at most 4 KB. */
            synchronized byte[] tail() {
                byte[] bytes = text == null ? new byte[0] : text.substring(beginning).getBytes(UTF_8);
                return bytes.length <= MOST_TAIL ? bytes
                        : Arrays.copyOfRange(bytes, bytes.length - MOST_TAIL, bytes.length);
            }
        }
    }

    // ---- ProcessDefaults: what code can change for the whole process -----------------------------------------------

    /**
     * The defaults of the JVM that a handler's own code may set. On AWS it has a process for itself, with English
     * texts and UTC; here each execution environment finds those that it left, and leaves AWS's behind. Environments
     * that run at the same time with different ones may meet each other's.
     */
    record ProcessDefaults(Locale locale, Locale display, Locale format, TimeZone zone) {
        static final ProcessDefaults OF_LAMBDA = ofLambda(null);

        /** As on AWS; {@code zone} is the variable TZ such as {@code :UTC}, or null. */
        static ProcessDefaults ofLambda(String zone) {
            String id = zone == null ? "UTC" : zone.replaceFirst("^:", "");
            return new ProcessDefaults(Locale.US, Locale.US, Locale.US, TimeZone.getTimeZone(id));
        }

        static ProcessDefaults current() {
            return new ProcessDefaults(Locale.getDefault(), Locale.getDefault(Locale.Category.DISPLAY),
                    Locale.getDefault(Locale.Category.FORMAT), TimeZone.getDefault());
        }

        void apply() {
            if (equals(current())) return;
            Locale.setDefault(locale);
            Locale.setDefault(Locale.Category.DISPLAY, display);
            Locale.setDefault(Locale.Category.FORMAT, format);
            TimeZone.setDefault(zone);
        }

        /** Whether a debugger may be attached. */
        static boolean isDebugged() {
            return Agent.IS_THERE;
        }

        /** Asked once: the system's answer is slow, and has the start only of a long command line. */
        private static final class Agent {
            static final boolean IS_THERE = Stream.concat(
                    Stream.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").map(System::getenv),
                    ProcessHandle.current().info().commandLine().stream())
                    .anyMatch(options -> options != null && options.matches("(?s).*-(agentlib:|Xrun)jdwp.*"));
        }

        /** Stops a thread where the JVM still can, up to Java 19; tells whether it has tried. */
        static boolean stop(Thread thread) {
            try {
                Thread.class.getMethod("stop").invoke(thread);
                return true;
            } catch (ReflectiveOperationException e) {
                return false;
            }
        }
    }

    // ---- Codebases: all code of a server, kept up to date -----------------------------------------------------------

    /**
     * All code that a server runs. While {@link #follow()} runs, what is saved is compiled before anybody asks for it,
     * and on Linux a request learns from the system's events that nothing has changed, without a look at the files.
     */
    static final class Codebases implements AutoCloseable {
        private static final long TICK_MILLIS = 20;
        private final Map<Codebase.Key, Codebase> all = new ConcurrentHashMap<>();
        private final Function<Codebase.Key, Codebase> maker;
        private volatile boolean isClosed;

        Codebases(Function<Codebase.Key, Codebase> maker) {
            this.maker = maker;
        }

        Codebase of(Codebase.Key key) {
            return all.computeIfAbsent(key, maker);
        }

        /** Looks for changes until this is closed. */
        void follow() {
            try (FileEvents events = FileEvents.open()) {
                while (!isClosed) {
                    Thread.sleep(TICK_MILLIS);
                    events.poll();
                    all.values().forEach(each -> each.keepUp(events));
                }
            } catch (InterruptedException e) {
                return;
            }
        }

        /** Ends following, and keeps on disk what the next start can begin with. */
        @Override public void close() {
            isClosed = true;
            all.values().forEach(Codebase::store);
        }
    }

    // ---- Codebase: one CodeUri with its layers, and its newest build -----------------------------------------------

    /**
     * The sources of the functions that share a CodeUri, compiled when they change. A caller of {@link #current()}
     * never sees code older than what was saved when it called.
     */
    static final class Codebase {
        /** What makes two functions share one: code, layers and the release to compile for. */
        record Key(Path code, List<Path> layers, int release) {
        }

        /**
         * Code that functions can run.
         *
         * @param classes binary names to class files
         * @param folders with resources and classes that were compiled elsewhere
         * @param jars libraries
         * @param errors why it does not compile, empty if it does
         * @param sources where the classes came from
         * @param compiled what the compiler did for it
         * @param isTold whether somebody was told of that
         */
        record Build(Map<String, byte[]> classes, List<Path> folders, List<Jar> jars, List<Problem> errors,
                Set<Path> sources, Compiled compiled, AtomicBoolean isTold) {
            /** The file that a class of this build was compiled from, or null. */
            Path source(String className, String fileName) {
                if (fileName == null || !classes.containsKey(className)) return null;
                Path inPackage = Path.of(className.replace('.', '/')).resolveSibling(fileName);
                return sources.stream().filter(source -> source.endsWith(inPackage)).findFirst()
                        .or(() -> sources.stream().filter(source -> source.endsWith(fileName)).findFirst())
                        .orElse(null);
            }

            /** What the compiler did, for the first who asks; null for all others, and if it did nothing. */
            Compiled news() {
                return compiled.files() > 0 && isTold.compareAndSet(false, true) ? compiled : null;
            }
        }

        /** How many files the compiler read, and how long it took. */
        record Compiled(int files, long nanos) {
            @Override public String toString() {
                return "compiled " + Console.count(files, "file") + " in " + Console.millis(nanos);
            }
        }

        private static final long NET_NANOS = TimeUnit.SECONDS.toNanos(2);
        private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
        /** Looking for changes in the background takes one part in so many of the time. */
        private static final int LEISURE = 50;
        private final Sources sources;
        private final Maker maker;
        private final Packages packages = Packages.here();
        private final Consumer<List<Problem>> told;
        private final boolean watches;
        private volatile Build build;
        private volatile boolean isRefreshing;
        private Sources.Snapshot snapshot;
        private long scanned;
        private long nextLook = System.nanoTime();

        /** With {@code told} of what the build files ask for in vain, whenever that changes. */
        Codebase(Key key, Builds builds, Consumer<List<Problem>> told) {
            this(key, builds, told, true);
        }

        /** One that keeps its first build where it does not watch. */
        Codebase(Key key, Builds builds, Consumer<List<Problem>> told, boolean watches) {
            this.told = told;
            this.sources = new Sources(key.code(), key.layers(), builds);
            this.maker = new Maker(key.toString(), key.release(), builds);
            this.watches = watches;
        }

        /** The build of what is on disk now. */
        Build current() {
            long asked = System.nanoTime();
            // In this order: whoever takes note of a change first says that it is at it, and last that it is done.
            if (sources.isUnchanged() && !isRefreshing) return build;
            synchronized (this) {
                boolean isCurrent = build != null && (!watches || scanned - asked > 0);
                return isCurrent ? build : refresh();
            }
        }

        private Build refresh() {
            long started = System.nanoTime();
            isRefreshing = true;
            try {
                Sources.Snapshot found = sources.scan();
                tell(found.problems());
                if (!found.equals(snapshot)) build = built(found);
                snapshot = found;
                scanned = started;
                isRefreshing = false;
                return build;
            } finally {
                if (isRefreshing) sources.forget();
            }
        }

        private void tell(List<Problem> problems) {
            boolean isTold = problems.equals(snapshot == null ? List.of() : snapshot.problems());
            if (!isTold) told.accept(problems);
        }

        private Build built(Sources.Snapshot found) {
            long started = System.nanoTime();
            Maker.Made made = maker.make(found);
            List<Path> folders = Stream.of(found.folders(), made.folders()).flatMap(List::stream).toList();
            List<Problem> errors = packages.explained(made.errors(), found.problems());
            return new Build(made.classes(), folders, Dependencies.jars(found), errors, found.texts().keySet(),
                    new Compiled(made.files(), System.nanoTime() - started), new AtomicBoolean());
        }

        /** Called again and again in the background: compiles what was saved, once it looks complete. */
        void keepUp(FileEvents events) {
            if (build == null || !watches) return;
            try {
                boolean isDue = System.nanoTime() - nextLook > 0;
                boolean differs = isDue && look(events);
                if (differs || sources.hasSettled()) current();
            } catch (RuntimeException e) {
                return; // the next request will tell
            }
        }

        private boolean look(FileEvents events) {
            long started = System.nanoTime();
            boolean differs = sources.differs(events);
            long now = System.nanoTime();
            nextLook = now + Math.max(sources.hearsEvents() ? NET_NANOS : LOOK_NANOS, (now - started) * LEISURE);
            return differs;
        }

        /** Keeps the newest build on disk for the next start. */
        void store() {
            maker.store();
        }
    }

    // ---- Maker: sources to classes, with as little work as can be ---------------------------------------------------

    /** Makes classes from sources: from what is stored, from the last ones and an edit, or from all sources. */
    static final class Maker {
        /**
         * Classes, or errors.
         *
         * @param folders on the class path, with resources and classes that were made too
         * @param files how many sources a compiler read
         */
        record Made(Map<String, byte[]> classes, List<Path> folders, List<Problem> errors, int files) {
        }

        private static final Pattern INVOLVED = Pattern.compile(".*\\.class|lombok\\.config");
        private static final long QUIET_MILLIS = 1000;
        private final Executor later = CompletableFuture.delayedExecutor(QUIET_MILLIS, TimeUnit.MILLISECONDS);
        private final Languages languages;
        private final Weaver weaver;
        private final ClassStore store;
        private final int release;
        private Compiler compiler;
        private Compiler.Setup setup;
        private Output good = Output.NONE;
        private Runnable unstored;

        /** With a name for what it stores. */
        Maker(String name, int release, Builds builds) {
            this.languages = new Languages(builds);
            this.weaver = new Weaver(builds);
            this.store = new ClassStore(name);
            this.release = release;
        }

        /** The classes of sources as they are now. */
        Made make(Sources.Snapshot found) {
            Compiler.Setup wanted = setup(found);
            if (!wanted.equals(setup)) {
                renew(wanted);
                good = store.read(wanted.toString(), found.texts());
            }
            if (good.texts().equals(found.texts())) return made(good, 0);
            return found.foreign().isEmpty() ? edited(found) : mixed(found);
        }

        private static Made made(Output output, int files) {
            return new Made(output.classes(), List.copyOf(output.folders()), List.of(), files);
        }

        /** A compiler keeps parsed jars in memory, so another jar takes another compiler. */
        private void renew(Compiler.Setup wanted) {
            if (compiler != null) compiler.close();
            compiler = new Compiler(wanted);
            setup = wanted;
        }

        private Made edited(Sources.Snapshot found) {
            Increment increment = new Increment(compiler, good, found.java());
            Compiler.Result result = increment.run();
            if (!result.errors().isEmpty()) return failed(result.errors(), increment.files());
            keep(woven(found, result.output()));
            return made(good, increment.files());
        }

        private static Made failed(List<Problem> errors, int files) {
            return new Made(Map.of(), List.of(), errors, files);
        }

        /** Compilers of other languages read all sources at once. */
        private Made mixed(Sources.Snapshot found) {
            Languages.Result foreign = languages.compile(found);
            if (!foreign.errors().isEmpty()) return failed(foreign.errors(), found.texts().size());
            try (Compiler both = new Compiler(setup.with(foreign.folder()))) {
                Compiler.Result result = both.compile(found.java(), Map.of());
                if (!result.errors().isEmpty()) return failed(result.errors(), found.texts().size());
                Output all = result.output().with(found.texts(), foreign.classes(), foreign.folder());
                keep(woven(found, all));
                return made(good, found.texts().size());
            }
        }

        private Output woven(Sources.Snapshot found, Output output) {
            boolean isWoven = found.recipes().stream().anyMatch(recipe -> recipe.tools().containsKey("aspectj"));
            if (!isWoven || output.classes().isEmpty()) return output;
            List<Path> classPath = Stream.concat(setup.folders().stream(), setup.jars().stream().map(Jar::path))
                    .toList();
            return output.woven(weaver.weave(output.classes(), classPath,
                    found.told("aspectj").stream().map(Path::of).toList()));
        }

        private void keep(Output output) {
            String madeFor = setup.toString();
            Runnable writing = () -> store.write(madeFor, output);
            good = output;
            synchronized (store) {
                unstored = writing;
            }
            later.execute(() -> storeIf(writing));
        }

        /** Nothing is stored while one edit follows another. */
        private void storeIf(Runnable writing) {
            synchronized (store) {
                if (unstored == writing) store();
            }
        }

        /** Stores what was made last, if it is not stored. */
        void store() {
            synchronized (store) {
                if (unstored != null) unstored.run();
                unstored = null;
            }
        }

        private Compiler.Setup setup(Sources.Snapshot found) {
            List<Recipe> recipes = found.recipes();
            int wanted = recipes.stream().mapToInt(Recipe::release).filter(each -> each > 0).findFirst()
                    .orElse(release);
            Map<Path, Stamp> involved = new TreeMap<>(found.others());
            involved.keySet().removeIf(path -> !INVOLVED.matcher(path.getFileName().toString()).matches());
            return new Compiler.Setup(found.folders(), involved, Dependencies.compileJars(found),
                    recipes.stream().flatMap(recipe -> recipe.processors().stream()).distinct()
                            .map(path -> new Jar(path, Stamp.of(path))).toList(),
                    recipes.stream().flatMap(recipe -> recipe.options().stream()).toList(), wanted);
        }
    }

    // ---- ClassStore: class files on disk for the next start ---------------------------------------------------------

    /**
     * What was made of one codebase last, on disk. It counts for the setup that it was made with, and where a text is
     * not the one it was made from, only that file is compiled again.
     */
    static final class ClassStore {
        private static final String FORMAT = "samlocal classes 1";
        private static final long MOST_BYTES = 500L << 20;
        private static final int MOST_FILES = 2000;
        private static final int MOST_OF_ONE = 100 << 20;
        private final Path file;

        /** One by the name of its codebase. */
        ClassStore(String name) {
            String unique = Cache.hash(FORMAT + VERSION + Runtime.version() + name);
            this.file = Cache.folder().resolve("classes").resolve(unique);
        }

        /**
         * What is stored, or nothing if that was made with another setup, is damaged, or is not there.
         *
         * @param texts the sources now; those that differ are unknown in what is returned
         */
        Output read(String setup, Map<Path, String> texts) {
            try {
                boolean isFit = Files.exists(file) && Files.size(file) < MOST_OF_ONE;
                return isFit ? read(setup, texts, ByteBuffer.wrap(Files.readAllBytes(file))) : Output.NONE;
            } catch (IOException | BufferUnderflowException | IllegalArgumentException e) {
                return Output.NONE;
            }
        }

        private Output read(String setup, Map<Path, String> texts, ByteBuffer in) throws IOException {
            boolean isWhole = in.getLong() == checksum(in.slice());
            if (!isWhole || !text(in).equals(Cache.hash(setup))) return Output.NONE;
            boolean isSeparable = in.get() == 1;
            Map<Path, String> same = new HashMap<>();
            for (int left = in.getInt(); left > 0; left--) {
                Path path = Path.of(text(in));
                String now = texts.get(path);
                boolean isSame = text(in).equals(now == null ? "" : Cache.hash(now));
                same.put(path, isSame ? now : null);
            }
            Map<String, byte[]> classes = new HashMap<>();
            Map<String, Path> origins = new HashMap<>();
            for (int left = in.getInt(); left > 0; left--) {
                String name = text(in);
                String origin = text(in);
                if (!origin.isEmpty()) origins.put(name, Path.of(origin));
                classes.put(name, bytes(in));
            }
            List<Path> folders = resources(in);
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
            return new Output(same, classes, origins, folders, isSeparable);
        }

        private static List<Path> resources(ByteBuffer in) throws IOException {
            List<Path> folders = new ArrayList<>();
            for (int left = in.getInt(); left > 0; left--) {
                Path folder = Scratch.folder();
                for (int files = in.getInt(); files > 0; files--) {
                    Path to = folder.resolve(text(in));
                    Files.createDirectories(to.getParent());
                    Files.write(to, bytes(in));
                }
                folders.add(folder);
            }
            return folders;
        }

        private static String text(ByteBuffer in) {
            return new String(bytes(in), UTF_8);
        }

        private static byte[] bytes(ByteBuffer in) {
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) throw new BufferUnderflowException();
            byte[] bytes = new byte[length];
            in.get(bytes);
            return bytes;
        }

        private static long checksum(ByteBuffer bytes) {
            CRC32 checksum = new CRC32();
            checksum.update(bytes);
            return checksum.getValue();
        }

        /** Stores an output; a store that cannot be written is no failure. */
        void write(String setup, Output output) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                write(setup, output, new DataOutputStream(bytes));
                if (bytes.size() > MOST_OF_ONE) return;
                byte[] content = bytes.toByteArray();
                byte[] whole = ByteBuffer.allocate(Long.BYTES + content.length)
                        .putLong(checksum(ByteBuffer.wrap(content))).put(content).array();
                Cache.write(file, whole);
                Cache.tidy(file.getParent(), MOST_FILES, MOST_BYTES);
            } catch (IOException e) {
                return;
            }
        }

        private static void write(String setup, Output output, DataOutputStream out) throws IOException {
            write(out, Cache.hash(setup).getBytes(UTF_8));
            out.writeByte(output.isSeparable() ? 1 : 0);
            out.writeInt(output.texts().size());
            for (Map.Entry<Path, String> each : output.texts().entrySet()) {
                write(out, each.getKey().toString().getBytes(UTF_8));
                write(out, Cache.hash(each.getValue()).getBytes(UTF_8));
            }
            out.writeInt(output.classes().size());
            for (Map.Entry<String, byte[]> each : output.classes().entrySet()) {
                Path origin = output.origins().get(each.getKey());
                write(out, each.getKey().getBytes(UTF_8));
                write(out, origin == null ? new byte[0] : origin.toString().getBytes(UTF_8));
                write(out, each.getValue());
            }
            out.writeInt(output.folders().size());
            for (Path folder : output.folders()) writeFolder(out, folder);
        }

        private static void writeFolder(DataOutputStream out, Path folder) throws IOException {
            try (Stream<Path> all = Files.walk(folder)) {
                List<Path> files = all.filter(Files::isRegularFile).toList();
                out.writeInt(files.size());
                for (Path each : files) {
                    write(out, folder.relativize(each).toString().getBytes(UTF_8));
                    write(out, Files.readAllBytes(each));
                }
            }
        }

        private static void write(DataOutputStream out, byte[] bytes) throws IOException {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    // ---- Increment: what an edit touches ----------------------------------------------------------------------------

    /**
     * Compiles the files that an edit touches, so that the class files are those that compiling all files would give.
     *
     * <p>What a file means depends on the types whose simple names it says, in whatever way (inlined constants and
     * unused imports leave no trace in a class file, but their names stand in the text), and on the types that it can
     * reach from those: a type's {@link Header} says the names of all that can be reached through it. So an edit that
     * changes a header, makes a type or takes one away touches the files that say its name, or the name of a type
     * through which it can be reached. Names are compared without regard to packages and scopes, which makes moves,
     * imports and shadowing no cases of their own. What is touched is compiled together with what was edited, again
     * and again until no further header changes. Where that fails, all headers of touched files count as changed
     * before the errors are believed.
     */
    static final class Increment {
        private final Compiler compiler;
        private final Output before;
        private final Map<Path, String> now;
        private final Set<Path> touched = new HashSet<>();
        private final Set<String> names = new HashSet<>();
        private final Map<byte[], Header> headers = new IdentityHashMap<>();
        private int files;

        /** From an output to what these texts give. */
        Increment(Compiler compiler, Output before, Map<Path, String> now) {
            this.compiler = compiler;
            this.before = before.isSeparable() ? before : Output.NONE;
            this.now = now;
            Map<Path, String> texts = this.before.texts();
            Stream.of(texts, now).flatMap(each -> each.keySet().stream())
                    .filter(path -> texts.get(path) == null || !texts.get(path).equals(now.get(path)))
                    .forEach(touched::add);
        }

        /** Compiles, and returns the whole output or the errors. */
        Compiler.Result run() {
            while (true) {
                Output rest = before.without(touched);
                Map<Path, String> sources = new TreeMap<>(now);
                sources.keySet().retainAll(touched);
                Compiler.Result result = compiler.compile(sources, rest.classes());
                files += sources.size();
                boolean isAll = sources.size() == now.size();
                if (isAll || result.isSyntax() || !spreads(sources, rest, result)) return result.over(rest, now);
            }
        }

        /** How many files the compiler read, some of them more than once. */
        int files() {
            return files;
        }

        private boolean spreads(Map<Path, String> sources, Output rest, Compiler.Result result) {
            int size = touched.size();
            Map<String, byte[]> made = result.output().classes();
            if (!result.errors().isEmpty()) {
                suspectAll(sources);
            } else if (!result.output().isSeparable()) {
                touched.addAll(now.keySet());
            } else {
                findChanged(rest, made);
                made.keySet().stream().filter(rest.classes()::containsKey).map(rest.origins()::get)
                        .forEach(touched::add);
            }
            touch(Stream.of(before.classes(), made).flatMap(each -> each.values().stream()).toList());
            return touched.size() > size;
        }

        /** All types of the touched files; files without a type may still be all that there is of a package. */
        private void suspectAll(Map<Path, String> sources) {
            names.addAll(compiler.declared(sources));
            before.origins().forEach((name, path) -> {
                if (touched.contains(path)) names.addAll(Header.words(name));
            });
            now.keySet().stream().filter(path -> !before.origins().containsValue(path)).forEach(touched::add);
        }

        private void findChanged(Output rest, Map<String, byte[]> made) {
            Map<String, byte[]> was = new HashMap<>(before.classes());
            was.keySet().removeAll(rest.classes().keySet());
            Stream.of(was, made).flatMap(each -> each.keySet().stream()).distinct().forEach(name -> {
                Header old = header(was.get(name));
                Header young = header(made.get(name));
                if (!Objects.equals(old, young)) {
                    Stream.of(old, young).filter(Objects::nonNull).forEach(each -> names.addAll(each.own()));
                }
            });
            Set<String> packages = packages(Stream.of(rest.classes(), made));
            Set<String> packagesBefore = packages(Stream.of(before.classes()));
            Stream.of(packages, packagesBefore).flatMap(Set::stream)
                    .filter(each -> packages.contains(each) != packagesBefore.contains(each))
                    .forEach(each -> names.addAll(Header.words(each)));
        }

        private static Set<String> packages(Stream<Map<String, byte[]>> classes) {
            Set<String> packages = new HashSet<>();
            classes.flatMap(each -> each.keySet().stream()).forEach(name -> {
                int end = name.lastIndexOf('.');
                while (end > 0 && packages.add(name.substring(0, end))) end = name.lastIndexOf('.', end - 1);
            });
            return packages;
        }

        private Header header(byte[] classFile) {
            return classFile == null ? null : headers.computeIfAbsent(classFile, Header::of);
        }

        /** Touches the files that say a changed name, or the name of a type whose header leads to one. */
        private void touch(List<byte[]> classes) {
            if (names.isEmpty()) return;
            Set<String> reached = new HashSet<>(names);
            Set<Header> unreached = Collections.newSetFromMap(new IdentityHashMap<>());
            classes.stream().map(this::header).filter(Objects::nonNull).forEach(unreached::add);
            Predicate<Header> leads = header -> !Collections.disjoint(header.said(), reached);
            boolean grows = true;
            while (grows) {
                List<Header> found = unreached.stream().filter(leads).toList();
                found.forEach(header -> reached.addAll(header.own()));
                unreached.removeAll(found);
                grows = !found.isEmpty();
            }
            now.forEach((path, text) -> {
                if (!touched.contains(path) && Header.says(text, reached)) touched.add(path);
            });
        }    }

    // ---- Compiler: javac in memory ---------------------------------------------------------------------------------

    /** Compiles sources from memory to memory; keeps its file manager, and with it the parsed jars, between runs. */
    static final class Compiler implements AutoCloseable {
        /**
         * Class files, or the errors, at most {@link #MOST_ERRORS}.
         *
         * @param isSyntax whether the errors kept the compiler from looking at anything but syntax
         */
        record Result(Output output, List<Problem> errors, boolean isSyntax) {
            /** With the classes of the files that were not compiled. */
            Result over(Output rest, Map<Path, String> texts) {
                return errors.isEmpty() ? new Result(rest.joined(output, texts), errors, false) : this;
            }
        }

        /**
         * What a compiler is made for.
         *
         * @param folders on the class path, as the jars
         * @param involved other files that its output depends on
         * @param processors jars with annotation processors; where there are none, the class path is looked through
         * @param options of javac, as a build file has them
         * @param release of Java; this JVM's own where it is 0 or newer
         */
        record Setup(List<Path> folders, Map<Path, Stamp> involved, List<Jar> jars, List<Jar> processors,
                List<String> options, int release) {
            /** With one more folder on the class path. */
            Setup with(Path folder) {
                return new Setup(Stream.concat(folders.stream(), Stream.of(folder)).toList(), involved, jars,
                        processors, options, release);
            }
        }

        static final int MOST_ERRORS = 100;
        private static final int REHEARSALS = 5;
        /** Arguments for annotation processors and modules; others are about files, warnings and what is set here. */
        private static final Pattern PASSED_ON = Pattern.compile("-A.*|--add-(exports|modules|reads)=.*");
        private static final String REHEARSAL = """
                import com.amazonaws.services.lambda.runtime.Context;
                import com.amazonaws.services.lambda.runtime.RequestHandler;
                import com.amazonaws.services.lambda.runtime.events.*;
                import java.util.*;
                import java.util.stream.*;
                class Rehearsal implements RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
                    record Item(String name, int count) { }
                    private final Map<String, List<Item>> items = new HashMap<>();
                    public APIGatewayProxyResponseEvent handleRequest(APIGatewayProxyRequestEvent event,
                            Context context) {
                        for (Item item : items.getOrDefault(event.getPath(), List.of())) {
                            if (item.count() > 1) context.getLogger().log(item.name() + "=" + item.count());
                        }
                        String body = items.values().stream().flatMap(List::stream).map(Item::name).sorted()
                                .collect(Collectors.joining(",", "[", "]"));
                        return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody(body);
                    }
                }
                """;
        private final Setup setup;
        private JavaCompiler javac;
        private List<String> options;
        private StandardJavaFileManager files;
        private Processors processors;

        /** One that gets ready when it is needed first. */
        Compiler(Setup setup) {
            this.setup = setup;
        }

        private void open() {
            if (javac != null) return;
            javac = ToolProvider.getSystemJavaCompiler();
            if (javac == null) throw Fault.project("this is a Java runtime without a compiler: a JDK is needed");
            processors = Processors.of(setup);
            options = options(setup, processors != null);
            files = javac.getStandardFileManager(null, Locale.ENGLISH, UTF_8);
            Stream<Path> libraries = Stream.concat(setup.folders().stream(), setup.jars().stream().map(Jar::path));
            try {
                files.setLocationFromPaths(StandardLocation.CLASS_PATH,
                        Stream.concat(Stream.of(Dependencies.core()), libraries).toList());
                files.setLocationFromPaths(StandardLocation.SOURCE_PATH, List.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Compiles a little for the sake of the JIT: the first runs of javac are several times slower. */
        static void rehearse() {
            try (Compiler compiler = new Compiler(new Setup(List.of(), Map.of(), Dependencies.lent(), List.of(),
                    List.of("-proc:none"), 0))) {
                Map<Path, String> source = Map.of(Path.of("Rehearsal.java"), REHEARSAL);
                for (int i = 0; i < REHEARSALS; i++) compiler.compile(source, Map.of());
            }
        }

        private static List<String> options(Setup setup, boolean hasProcessors) {
            List<String> options = new ArrayList<>(List.of("-g", "-parameters", "-implicit:none",
                    "-Xlint:none", "-Xmaxerrs", String.valueOf(MOST_ERRORS)));
            int here = Runtime.version().feature();
            boolean takesFull = hasProcessors && here >= 21;
            if (!hasProcessors || takesFull) options.add(hasProcessors ? "-proc:full" : "-proc:none");
            setup.options().stream().filter(option -> PASSED_ON.matcher(option).matches()).forEach(options::add);
            boolean isOpened = options.stream().anyMatch(option -> option.startsWith("--add-exports"));
            String release = String.valueOf(setup.release());
            if (setup.release() > 0 && setup.release() < here) {
                options.addAll(isOpened ? List.of("-source", release, "-target", release)
                        : List.of("--release", release));
            }
            return options;
        }

        @Override public void close() {
            if (javac == null) return;
            try {
                if (processors != null) processors.close();
                files.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /**
         * Compiles sources together.
         *
         * @param others classes that they may refer to, which come before the class path
         */
        Result compile(Map<Path, String> sources, Map<String, byte[]> others) {
            if (sources.isEmpty()) return new Result(Output.NONE, List.of(), false);
            open();
            DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
            MemoryFiles output = new MemoryFiles(files, others);
            StringWriter crash = new StringWriter();
            AtomicBoolean isPastSyntax = new AtomicBoolean();
            JavacTask task = task(sources, crash, output, diagnostics);
            task.addTaskListener(listener(isPastSyntax));
            boolean good = task.call();
            if (good) {
                boolean isSeparable = output.isSeparable() && (processors == null || processors.areIsolating());
                return new Result(new Output(sources, output.classes(), output.origins(), output.folders(),
                        isSeparable), List.of(), false);
            }
            List<Problem> errors = diagnostics.getDiagnostics().stream()
                    .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR).map(Compiler::problem)
                    .toList();
            return new Result(Output.NONE, errors.isEmpty() ? List.of(crashed(crash.toString())) : errors,
                    !isPastSyntax.get());
        }

        private JavacTask task(Map<Path, String> sources, Writer crash, JavaFileManager output,
                DiagnosticCollector<JavaFileObject> diagnostics) {
            List<Source> units = sources.entrySet().stream().map(entry -> new Source(entry.getKey(), entry.getValue()))
                    .toList();
            JavacTask task = (JavacTask) javac.getTask(crash, output, diagnostics, options, null, units);
            if (processors != null) task.setProcessors(processors.renewed());
            return task;
        }

        private static TaskListener listener(AtomicBoolean isPastSyntax) {
            return new TaskListener() {
                @Override public void started(TaskEvent event) {
                    if (event.getKind() == TaskEvent.Kind.ENTER) isPastSyntax.set(true);
                }
            };
        }

        /** The words of the names of the packages and types that sources declare. */
        Set<String> declared(Map<Path, String> sources) {
            Set<String> words = new HashSet<>();
            try {
                JavacTask task = task(sources, new StringWriter(), files, new DiagnosticCollector<>());
                for (CompilationUnitTree unit : task.parse()) {
                    words.addAll(Header.words(String.valueOf(unit.getPackageName())));
                    new TreeScanner<Void, Void>() {
                        @Override public Void visitClass(ClassTree type, Void nothing) {
                            words.addAll(Header.words(type.getSimpleName().toString()));
                            return super.visitClass(type, nothing);
                        }
                    }.scan(unit, null);
                }
                return words;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** What the compiler cannot take, such as an expression of thousands of terms, ends it without a diagnostic. */
        private static Problem crashed(String output) {
            String cause = output.lines().filter(line -> line.matches("\\S*(Error|Exception)\\b.*")).findFirst()
                    .orElse("no reason given");
            return new Problem("the compiler failed: " + cause, null, "look at the source that was edited last");
        }

        private static Problem problem(Diagnostic<? extends JavaFileObject> diagnostic) {
            List<String> message = diagnostic.getMessage(Locale.ENGLISH).lines().map(String::strip).toList();
            String hint = message.size() > 1 ? String.join(", ", message.subList(1, message.size())) : null;
            return new Problem(message.get(0), place(diagnostic), hint);
        }

        /** By offsets, since the compiler's own columns count a tab as eight and point at a call's parenthesis. */
        private static Place place(Diagnostic<? extends JavaFileObject> diagnostic) {
            if (!(diagnostic.getSource() instanceof Source source)) return null;
            String file = Place.display(source.path());
            if (diagnostic.getStartPosition() == Diagnostic.NOPOS) return new Place(file, List.of(), 0, 0, 0);
            String text = source.text();
            int start = (int) Math.min(diagnostic.getStartPosition(), text.length());
            int lineStart = text.lastIndexOf('\n', start - 1) + 1;
            int line = (int) text.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
            int length = (int) Math.max(1, diagnostic.getEndPosition() - start);
            return new Place(file, text.lines().toList(), line, start - lineStart + 1, length);
        }

        /** A source text in memory under the path that it was read from. */
        private static final class Source extends SimpleJavaFileObject {
            private final Path path;
            private final String text;

            Source(Path path, String text) {
                super(path.toUri(), Kind.SOURCE);
                this.path = path;
                this.text = text;
            }

            Path path() {
                return path;
            }

            String text() {
                return text;
            }

            @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        }

        /** A source that an annotation processor writes and the compiler reads. */
        private static final class Written extends SimpleJavaFileObject {
            private final StringWriter text = new StringWriter();
            private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

            Written(String name, Kind kind) {
                super(URI.create("memory:///" + name.replace('.', '/') + kind.extension), kind);
            }

            @Override public Writer openWriter() {
                return text;
            }

            @Override public OutputStream openOutputStream() {
                return bytes;
            }

            @Override public InputStream openInputStream() {
                return new ByteArrayInputStream(toByteArray());
            }

            @Override public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return bytes.size() > 0 ? bytes.toString(UTF_8) : text.toString();
            }

            byte[] toByteArray() {
                return bytes.size() > 0 ? bytes.toByteArray() : text.toString().getBytes(UTF_8);
            }
        }

        /** A class file in memory. */
        private static final class Known extends SimpleJavaFileObject {
            private final String name;
            private final byte[] bytes;

            Known(String name, byte[] bytes) {
                super(URI.create("memory:///" + name.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
                this.name = name;
                this.bytes = bytes;
            }

            String name() {
                return name;
            }

            String packageName() {
                return name.substring(0, Math.max(0, name.lastIndexOf('.')));
            }

            @Override public InputStream openInputStream() {
                return new ByteArrayInputStream(bytes);
            }
        }

        /** Catches what is written; reads known classes from memory, and all else through the kept file manager. */
        private static final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {
            private final Map<String, Written> classes = new ConcurrentHashMap<>();
            private final Map<String, Path> origins = new ConcurrentHashMap<>();
            private final Map<String, List<JavaFileObject>> known;
            private boolean isSeparable = true;
            private Path folder;

            MemoryFiles(StandardJavaFileManager files, Map<String, byte[]> known) {
                super(files);
                this.known = known.entrySet().stream().map(each -> new Known(each.getKey(), each.getValue()))
                        .collect(Collectors.groupingBy(Known::packageName, Collectors.toList()));
            }

            @Override public Iterable<JavaFileObject> list(Location location, String packageName,
                    Set<JavaFileObject.Kind> kinds, boolean recurse) throws IOException {
                Iterable<JavaFileObject> others = super.list(location, packageName, kinds, recurse);
                boolean isOurs = location == StandardLocation.CLASS_PATH && kinds.contains(JavaFileObject.Kind.CLASS);
                List<JavaFileObject> own = isOurs ? known(packageName, recurse) : List.of();
                if (own.isEmpty()) return others;
                List<JavaFileObject> all = new ArrayList<>(own);
                others.forEach(all::add);
                return all;
            }

            private List<JavaFileObject> known(String packageName, boolean recurse) {
                if (!recurse) return known.getOrDefault(packageName, List.of());
                return known.entrySet().stream().filter(each -> (each.getKey() + ".").startsWith(packageName + "."))
                        .flatMap(each -> each.getValue().stream()).toList();
            }

            @Override public String inferBinaryName(Location location, JavaFileObject file) {
                return file instanceof Known own ? own.name() : super.inferBinaryName(location, file);
            }

            @Override public JavaFileObject getJavaFileForOutput(Location location, String name,
                    JavaFileObject.Kind kind, FileObject sibling) {
                Written written = new Written(name, kind);
                if (kind == JavaFileObject.Kind.CLASS) classes.put(name, written);
                if (sibling instanceof Source source) origins.put(name, source.path());
                else isSeparable = false;
                return written;
            }

            /** Resources go to a folder on disk, since frameworks list folders of them. */
            @Override public FileObject getFileForOutput(Location location, String packageName, String name,
                    FileObject sibling) throws IOException {
                if (folder == null) folder = Scratch.folder();
                isSeparable = false;
                Path file = folder.resolve(packageName.replace('.', '/')).resolve(name).normalize();
                if (!file.startsWith(folder)) throw new IOException(name + " is outside of the output folder");
                Files.createDirectories(file.getParent());
                fileManager.setLocationFromPaths(StandardLocation.CLASS_OUTPUT, List.of(folder));
                return fileManager.getFileForOutput(StandardLocation.CLASS_OUTPUT, packageName, name, null);
            }

            @Override public FileObject getFileForInput(Location location, String packageName, String name)
                    throws IOException {
                boolean isOutput = location == StandardLocation.CLASS_OUTPUT
                        || location == StandardLocation.SOURCE_OUTPUT;
                return isOutput && folder == null ? null : super.getFileForInput(location, packageName, name);
            }

            @Override public boolean hasLocation(Location location) {
                return location == StandardLocation.CLASS_OUTPUT || super.hasLocation(location);
            }

            /** The kept file manager outlives a task. */
            @Override public void close() {
            }

            Map<String, byte[]> classes() {
                Map<String, byte[]> bytes = new HashMap<>();
                classes.forEach((name, written) -> bytes.put(name, written.toByteArray()));
                return bytes;
            }

            Map<String, Path> origins() {
                return Map.copyOf(origins);
            }

            List<Path> folders() {
                return folder == null ? List.of() : List.of(folder);
            }

            /** Whether all that was written is the classes of the sources, and nothing of a processor's. */
            boolean isSeparable() {
                return isSeparable;
            }
        }

        /** The annotation processors of a class path, in a loader that is kept: javac's own is new for each run. */
        private static final class Processors {
            private static final String LISTED = "META-INF/gradle/incremental.annotation.processors";
            private final URLClassLoader loader;
            private final Set<String> named;

            private Processors(URLClassLoader loader, Set<String> named) {
                this.loader = loader;
                this.named = named;
            }

            /** Null if there are none, or none are wanted. */
            static Processors of(Setup setup) {
                if (setup.options().contains("-proc:none")) return null;
                List<Path> path = (setup.processors().isEmpty() ? setup.jars() : setup.processors()).stream()
                        .map(Jar::path).toList();
                int names = setup.options().indexOf("-processor") + 1;
                Set<String> named = names == 0 ? Set.of() : Set.of(setup.options().get(names).split(","));
                Processors found = new Processors(new URLClassLoader(CodeLoader.urls(path), new CompilerOnly()), named);
                if (!named.isEmpty() || found.services().findAny().isPresent()) return found;
                found.close();
                return null;
            }

            private Stream<ServiceLoader.Provider<Processor>> services() {
                return ServiceLoader.load(Processor.class, loader).stream();
            }

            /** New processors: each serves one run. */
            List<Processor> renewed() {
                return services().filter(each -> named.isEmpty() || named.contains(each.type().getName()))
                        .map(ServiceLoader.Provider::get).toList();
            }

            /**
             * Whether each says that it looks at one type at a time, in the file that Gradle reads it from (Gradle User
             * Manual, "Incremental annotation processing").
             */
            boolean areIsolating() {
                Set<String> isolating = new HashSet<>();
                try {
                    for (URL url : Collections.list(loader.getResources(LISTED))) {
                        try (InputStream in = url.openStream()) {
                            new String(in.readAllBytes(), UTF_8).lines().map(String::strip)
                                    .filter(line -> line.toLowerCase(Locale.ROOT).endsWith(",isolating"))
                                    .forEach(line -> isolating.add(line.substring(0, line.lastIndexOf(','))));
                        }
                    }
                } catch (IOException e) {
                    return false;
                }
                return services().allMatch(each -> isolating.contains(each.type().getName()));
            }

            void close() {
                CodeLoader.close(loader);
            }
        }

        /** Shows annotation processors the JDK, its compiler included, and nothing of this program. */
        private static final class CompilerOnly extends ClassLoader {
            CompilerOnly() {
                super(ClassLoader.getPlatformClassLoader());
            }

            @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
                boolean isCompiler = name.startsWith("com.sun.tools.") || name.startsWith("com.sun.source.")
                        || name.startsWith("jdk.");
                if (!isCompiler) throw new ClassNotFoundException(name);
                return ClassLoader.getSystemClassLoader().loadClass(name);
            }
        }
    }

    // ---- Output: classes and what they were made from ---------------------------------------------------------------

    /**
     * Classes, and the texts that they were made from.
     *
     * @param texts sources, null where a text is not known any more
     * @param classes binary names to class files
     * @param origins binary names to the files that declare the classes; a generated class has none
     * @param folders with resources and classes that were made too
     * @param isSeparable whether a file's classes depend on that file and what it refers to, and can be made without
     *     the others
     */
    record Output(Map<Path, String> texts, Map<String, byte[]> classes, Map<String, Path> origins,
            List<Path> folders, boolean isSeparable) {
        static final Output NONE = new Output(Map.of(), Map.of(), Map.of(), List.of(), true);

        /** Without the classes of some files. */
        Output without(Set<Path> files) {
            Map<String, byte[]> fewer = new HashMap<>(classes);
            fewer.keySet().removeIf(name -> files.contains(origins.get(name)));
            return new Output(texts, fewer, origins, folders, isSeparable);
        }

        /** With the classes that were made of the other files, which gives the classes of these texts. */
        Output joined(Output other, Map<Path, String> all) {
            Map<String, byte[]> more = new HashMap<>(classes);
            more.putAll(other.classes);
            Map<String, Path> from = new HashMap<>(origins);
            from.keySet().retainAll(classes.keySet());
            from.putAll(other.origins);
            return new Output(all, more, from, Stream.concat(folders.stream(), other.folders.stream()).toList(),
                    isSeparable && other.isSeparable);
        }

        /** With classes of another compiler. */
        Output with(Map<Path, String> all, Map<String, byte[]> others, Path folder) {
            Map<String, byte[]> more = new HashMap<>(others);
            more.putAll(classes);
            return new Output(all, more, origins, Stream.concat(folders.stream(), Stream.of(folder)).toList(), false);
        }

        /** With other class files for the same texts. */
        Output woven(Map<String, byte[]> others) {
            return new Output(texts, others, origins, folders, false);
        }
    }

    // ---- Header: what other files can see of a class ----------------------------------------------------------------

    /**
     * What other files can see of a class: its class file less code, private methods and debug information.
     *
     * @param own words of its simple name
     * @param members names and modifiers of the types that it declares
     * @param rest all else
     * @param said the words of the rest, the names of types among them
     */
    record Header(Set<String> own, Set<String> members, ByteBuffer rest, Set<String> said) {
        private static final Pattern PRIMITIVES = Pattern.compile("[BCDFIJSZ]*L(?=.)");

        /** Of a class file; null for a class that only its own file can see. */
        static Header of(byte[] classFile) {
            Visible visible = new Visible();
            new ClassReader(classFile).accept(visible, ClassReader.SKIP_CODE);
            if (visible.isHidden) return null;
            byte[] rest = visible.written.toByteArray();
            return new Header(visible.own, visible.members, ByteBuffer.wrap(rest), said(rest));
        }

        /** From descriptors and signatures as they stand in the constant pool (JVM Specification, 4.4.7). */
        private static Set<String> said(byte[] classFile) {
            Set<String> said = new HashSet<>();
            ClassReader reader = new ClassReader(classFile);
            IntStream.range(1, reader.getItemCount()).map(reader::getItem)
                    .filter(offset -> offset > 0 && reader.readByte(offset - 1) == 1)
                    .mapToObj(offset -> new String(classFile, offset + 2, reader.readUnsignedShort(offset), UTF_8))
                    .forEach(text -> scan(text, word -> {
                        said.add(PRIMITIVES.matcher(word).replaceFirst(""));
                        return said.add(word) || true;
                    }));
            return said;
        }

        /** The identifiers in a text, parted at dollar signs. */
        static Set<String> words(String text) {
            Set<String> words = new HashSet<>();
            scan(text, words::add);
            return words;
        }

        /** Whether one of these words is among a source's identifiers, those in comments and literals included. */
        static boolean says(String source, Set<String> words) {
            return source.contains("\\u") || !scan(source, word -> !words.contains(word));
        }

        /** Hands word by word on until that returns false; false if it did. */
        private static boolean scan(String text, Predicate<String> step) {
            int start = -1;
            for (int i = 0; i <= text.length(); i++) {
                boolean isPart = i < text.length() && text.charAt(i) != '$'
                        && Character.isJavaIdentifierPart(text.charAt(i));
                if (isPart && start < 0) start = i;
                if (isPart || start < 0) continue;
                if (!step.test(text.substring(start, i))) return false;
                start = -1;
            }
            return true;
        }

        /** Writes what is visible. */
        private static final class Visible extends ClassVisitor {
            private static final int HIDDEN = Opcodes.ACC_PRIVATE | Opcodes.ACC_SYNTHETIC;
            private final ClassWriter written;
            private final Set<String> members = new TreeSet<>();
            private Set<String> own;
            private String name;
            private boolean isHidden;
            private boolean hidesNothing;

            Visible() {
                this(new ClassWriter(0));
            }

            private Visible(ClassWriter written) {
                super(Opcodes.ASM9, written);
                this.written = written;
            }

            @Override public void visit(int version, int access, String name, String signature, String superName,
                    String[] interfaces) {
                this.name = name;
                own = words(name.substring(name.lastIndexOf('/') + 1));
                isHidden = (access & Opcodes.ACC_SYNTHETIC) != 0;
                hidesNothing = superName == null || superName.startsWith("java/lang/") && interfaces.length == 0;
                super.visit(Opcodes.V17, access, name, signature, superName, interfaces);
            }

            @Override public void visitSource(String source, String debug) {
                return;
            }

            @Override public void visitNestHost(String host) {
                return;
            }

            @Override public void visitNestMember(String member) {
                return;
            }

            @Override public void visitOuterClass(String owner, String method, String descriptor) {
                isHidden = true;
            }

            @Override public void visitInnerClass(String inner, String outer, String simpleName, int access) {
                if (inner.equals(name) && simpleName != null) own = words(simpleName);
                if (name.equals(outer)) members.add(simpleName + " " + access);
            }

            /** A private field hides an inherited one all the same. */
            @Override public FieldVisitor visitField(int access, String field, String descriptor, String signature,
                    Object value) {
                if ((access & HIDDEN) == 0) return super.visitField(access, field, descriptor, signature, value);
                boolean isSynthetic = (access & Opcodes.ACC_SYNTHETIC) != 0;
                return hidesNothing || isSynthetic ? null : super.visitField(access, field, "I", null, null);
            }

            @Override public MethodVisitor visitMethod(int access, String method, String descriptor, String signature,
                    String[] exceptions) {
                boolean isOwn = (access & HIDDEN) != 0 && (access & Opcodes.ACC_BRIDGE) == 0;
                return isOwn ? null : super.visitMethod(access, method, descriptor, signature, exceptions);
            }
        }
    }

    // ---- Languages: compilers of the other languages of the JVM -----------------------------------------------------

    /**
     * Compiles Kotlin, Scala and Groovy with their own compilers, in the version of the language's library on the
     * class path. They run in this process, each in a loader that is kept: a warm one is several times faster.
     */
    static final class Languages {
        /**
         * What compilers made.
         *
         * @param folder with the classes, or null if there are none
         */
        record Result(Path folder, List<Problem> errors) {
            static final Result NOTHING = new Result(null, List.of());

            /** The classes by binary names. */
            Map<String, byte[]> classes() {
                if (folder == null) return Map.of();
                Map<String, byte[]> classes = new HashMap<>();
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
                        String name = folder.relativize(file).toString().replace(File.separatorChar, '.');
                        classes.put(name.replaceFirst("\\.class$", ""), Files.readAllBytes(file));
                    }
                    return classes;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** Runs a compiler: its loader, its arguments; all that it prints is read. False if it failed. */
        private interface Main {
            boolean run(ClassLoader loader, String[] arguments, PrintStream out) throws ReflectiveOperationException;
        }

        /**
         * One language.
         *
         * @param library by which jar its version is known; the group is the version
         * @param compilers coordinates of its compiler, with {@code %s} for the version
         * @param arguments besides those that all have
         */
        private record Language(String name, String suffix, Pattern library, List<String> compilers,
                List<String> arguments, Main main) {
        }

        private static final List<Language> ALL = List.of(
                new Language("Kotlin", ".kt", Pattern.compile("kotlin-stdlib-(\\d[\\w.-]*)\\.jar"),
                        List.of("org.jetbrains.kotlin:kotlin-compiler-embeddable:%s"),
                        List.of("-no-stdlib", "-no-reflect", "-java-parameters", "-jvm-target", "17"),
                        Languages::kotlin),
                new Language("Scala", ".scala", Pattern.compile("scala3-library_3-(\\d[\\w.-]*)\\.jar"),
                        List.of("org.scala-lang:scala3-compiler_3:%s"), List.of("-color:never"), Languages::scala3),
                new Language("Scala", ".scala", Pattern.compile("scala-library-(2[\\w.-]*)\\.jar"),
                        List.of("org.scala-lang:scala-compiler:%s"), List.of("-usejavacp:false"), Languages::scala2),
                new Language("Groovy", ".groovy", Pattern.compile("groovy-(\\d[\\w.-]*)\\.jar"),
                        List.of("org.apache.groovy:groovy:%s"), List.of("-j", "--parameters"), Languages::groovy));
        private static final Pattern ERROR = Pattern.compile("(?:-- (?:\\[\\w+] )?[^:]*Error: )?(?:file://)?"
                + "(\\S.*?\\.(?:kt|scala|groovy|java)): ?(\\d+)(?::(\\d+))?:? ?(?:error: )?(.*)");
        private static final Pattern COLUMN = Pattern.compile(" *@ line \\d+, column (\\d+)\\.|(\\s*)\\^\\s*");
        private static final Pattern WARNING = Pattern.compile("-- .*Warning: .*|.*: (?:warning|info): .*");

        private final Builds builds;
        private final Map<List<Path>, URLClassLoader> loaders = new HashMap<>();

        Languages(Builds builds) {
            this.builds = builds;
        }

        /** Compiles what is not Java; Java sources are read for the names in them. */
        Result compile(Sources.Snapshot sources) {
            if (sources.foreign().isEmpty()) return Result.NOTHING;
            try {
                Path folder = Scratch.folder();
                List<Problem> errors = new ArrayList<>();
                List<String> suffixes = sources.foreign().keySet().stream().map(Languages::suffix).distinct().toList();
                for (String suffix : suffixes) errors.addAll(compile(suffix, sources, folder));
                return new Result(folder, errors);
            } catch (IOException e) {
                throw Fault.project("cannot write to the folder for temporary files: " + Fault.reason(e));
            }
        }

        private static String suffix(Path path) {
            String name = path.getFileName().toString();
            return name.substring(name.lastIndexOf('.'));
        }

        private List<Problem> compile(String suffix, Sources.Snapshot sources, Path folder) {
            List<Path> jars = Dependencies.compileJars(sources).stream().map(Jar::path).toList();
            for (Language language : ALL) {
                if (!language.suffix().equals(suffix)) continue;
                Optional<String> version = jars.stream().map(jar ->
                        language.library().matcher(jar.getFileName().toString())).filter(Matcher::matches)
                        .map(matcher -> matcher.group(1)).findFirst();
                if (version.isPresent()) return compile(language, version.get(), sources, jars, folder);
            }
            Path first = sources.foreign().keySet().stream().filter(path -> path.toString().endsWith(suffix))
                    .findFirst().orElseThrow();
            String name = ALL.stream().filter(each -> each.suffix().equals(suffix)).findFirst().orElseThrow().name();
            return List.of(new Problem(name + " needs its library, which is not on the class path",
                    new Place(Place.display(first), List.of(), 0, 0, 0), "add it to the dependencies of the build"));
        }

        private List<Problem> compile(Language language, String version, Sources.Snapshot sources, List<Path> jars,
                Path folder) {
            Recipe compiler = builds.libraries(language.compilers().stream().map(each -> each.formatted(version))
                    .toList(), "the compiler of " + language.name());
            if (!compiler.problems().isEmpty()) return compiler.problems();
            List<String> arguments = new ArrayList<>(language.arguments());
            arguments.addAll(plugins(language, version, sources));
            Stream<Path> classPath = Stream.of(List.of(Dependencies.core(), folder), sources.folders(), jars)
                    .flatMap(List::stream);
            arguments.addAll(List.of("-cp", classPath.map(Path::toString)
                    .collect(Collectors.joining(File.pathSeparator)), "-d", folder.toString()));
            sources.foreign().keySet().stream().filter(path -> path.toString().endsWith(language.suffix()))
                    .map(Path::toString).forEach(arguments::add);
            sources.java().keySet().stream().map(Path::toString).forEach(arguments::add);
            return run(language, loader(compiler.runtime()), arguments.toArray(String[]::new));
        }

        /** Kotlin's plugins that open classes and add constructors, by the presets that Maven's and Gradle's know. */
        private List<String> plugins(Language language, String version, Sources.Snapshot sources) {
            List<String> arguments = new ArrayList<>();
            if (!language.name().equals("Kotlin")) return arguments;
            for (String name : sources.told("kotlin")) {
                boolean constructs = name.equals("jpa") || name.equals("no-arg");
                String plugin = constructs ? "noarg" : "allopen";
                Recipe found = builds.libraries(List.of("org.jetbrains.kotlin:kotlin-" + plugin
                        + "-compiler-plugin-embeddable:" + version), "Kotlin's plugin " + name);
                found.runtime().stream().filter(jar -> jar.getFileName().toString().contains(plugin)).forEach(jar ->
                        arguments.addAll(List.of("-Xplugin=" + jar, "-P",
                        "plugin:org.jetbrains.kotlin." + plugin + ":preset=" + name)));
            }
            return arguments;
        }

        private synchronized URLClassLoader loader(List<Path> jars) {
            return loaders.computeIfAbsent(jars, all ->
                    new URLClassLoader(CodeLoader.urls(all), ClassLoader.getPlatformClassLoader()));
        }

        private static List<Problem> run(Language language, ClassLoader loader, String[] arguments) {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            boolean isDone = ProcessStreams.captured(language.name(), printed, loader, () -> {
                try (PrintStream out = new PrintStream(printed, true, UTF_8)) {
                    return language.main().run(loader, arguments, out);
                } catch (InvocationTargetException e) {
                    printed.writeBytes(String.valueOf(e.getCause().getMessage()).getBytes(UTF_8));
                } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                    printed.writeBytes(e.toString().getBytes(UTF_8));
                }
                return false;
            });
            return isDone ? List.of() : errors(language, printed.toString(UTF_8));
        }

        private static List<Problem> errors(Language language, String printed) {
            List<String> lines = printed.lines().toList();
            List<Problem> errors = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                Matcher error = ERROR.matcher(lines.get(i));
                boolean isError = !WARNING.matcher(lines.get(i)).matches() && error.matches();
                if (isError) errors.add(error(error, lines.subList(i + 1, lines.size())));
            }
            return errors.isEmpty() ? List.of(new Problem("the compiler of " + language.name() + " failed: "
                    + lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("no reason given"), null, null))
                    : errors;
        }

        /** Scala 3 tells the message below the source line, all others beside the place. */
        private static Problem error(Matcher error, List<String> after) {
            Path file = Path.of(error.group(1)).toAbsolutePath().normalize();
            String message = error.group(4).replaceFirst("^-+$", "").strip();
            if (message.isEmpty()) {
                message = after.stream().filter(line -> line.matches("\\s*\\|\\s*[^\\s^|].*")).findFirst()
                        .map(line -> line.replaceFirst("\\s*\\|\\s*", "")).orElse("does not compile");
            }
            int column = error.group(3) == null ? column(after) : Integer.parseInt(error.group(3));
            return new Problem(message, new Place(Place.display(file), lines(file), Integer.parseInt(error.group(2)),
                    column, 1), null);
        }

        /** Groovy writes it below the message, Scala 2 as a caret below the source line. */
        private static int column(List<String> after) {
            return after.stream().limit(3).map(COLUMN::matcher).filter(Matcher::matches).findFirst().map(found ->
                    found.group(1) != null ? Integer.parseInt(found.group(1)) : found.group(2).length() + 1).orElse(1);
        }

        private static List<String> lines(Path file) {
            try {
                return Files.readAllLines(file);
            } catch (IOException e) {
                return List.of();
            }
        }

        private static boolean kotlin(ClassLoader loader, String[] arguments, PrintStream out)
                throws ReflectiveOperationException {
            Class<?> compiler = loader.loadClass("org.jetbrains.kotlin.cli.jvm.K2JVMCompiler");
            Object code = compiler.getMethod("exec", PrintStream.class, String[].class)
                    .invoke(compiler.getConstructor().newInstance(), out, arguments);
            return code.toString().equals("OK");
        }

        private static boolean scala2(ClassLoader loader, String[] arguments, PrintStream out)
                throws ReflectiveOperationException {
            return (boolean) loader.loadClass("scala.tools.nsc.Main").getMethod("process", String[].class)
                    .invoke(null, (Object) arguments);
        }

        private static boolean scala3(ClassLoader loader, String[] arguments, PrintStream out)
                throws ReflectiveOperationException {
            Object reporter = loader.loadClass("dotty.tools.dotc.Main").getMethod("process", String[].class)
                    .invoke(null, (Object) arguments);
            return !(boolean) reporter.getClass().getMethod("hasErrors").invoke(reporter);
        }

        private static boolean groovy(ClassLoader loader, String[] arguments, PrintStream out)
                throws ReflectiveOperationException {
            loader.loadClass("org.codehaus.groovy.tools.FileSystemCompiler")
                    .getMethod("commandLineCompile", String[].class).invoke(null, (Object) arguments);
            return true;
        }
    }

    // ---- Weaver: aspects into classes -------------------------------------------------------------------------------

    /**
     * Weaves aspects of AspectJ into compiled classes, as aspectj-maven-plugin and Gradle's post-compile weaving do
     * (AspectJ Development Environment Guide, "Post-compile weaving").
     */
    static final class Weaver {
        private static final String WEAVER = "org.aspectj:aspectjweaver:1.9.25.1";
        private final Builds builds;

        Weaver(Builds builds) {
            this.builds = builds;
        }

        /**
         * The classes with aspects woven in.
         *
         * @param classes by binary names
         * @param classPath what they refer to
         * @param aspects jars of aspects; those among the classes count too
         */
        Map<String, byte[]> weave(Map<String, byte[]> classes, List<Path> classPath, List<Path> aspects) {
            Recipe weaver = builds.libraries(List.of(WEAVER), "AspectJ");
            if (!weaver.problems().isEmpty()) throw new Fault(weaver.problems(), Fault.PROJECT);
            OutputStream printed = OutputStream.nullOutputStream();
            try (URLClassLoader loader = new URLClassLoader(CodeLoader.urls(weaver.runtime()),
                    ClassLoader.getPlatformClassLoader())) {
                Path folder = Scratch.folder(classes);
                List<Path> withAspects = Stream.concat(aspects.stream(), Stream.of(folder)).toList();
                Map<String, byte[]> woven = ProcessStreams.captured("AspectJ", printed, loader, () ->
                        weave(classes, loader, folder, classPath, withAspects));
                Scratch.delete(folder);
                return woven;
            } catch (IOException e) {
                throw Fault.project("AspectJ cannot weave: " + Fault.reason(e));
            }
        }

        /** The weaver gives nothing for a class that no aspect concerns. */
        private static Map<String, byte[]> weave(Map<String, byte[]> classes, ClassLoader loader, Path folder,
                List<Path> classPath, List<Path> aspects) {
            Map<String, byte[]> woven = new HashMap<>();
            try {
                Object adaptor = adaptor(loader, folder, classPath, aspects, woven);
                Method weave = adaptor.getClass().getMethod("weaveClass", String.class, byte[].class);
                for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                    byte[] changed = (byte[]) weave.invoke(adaptor, each.getKey(), each.getValue());
                    woven.put(each.getKey(), changed == null ? each.getValue() : changed);
                }
                return woven;
            } catch (InvocationTargetException e) {
                throw Fault.project("AspectJ cannot weave: " + e.getCause());
            } catch (ReflectiveOperationException e) {
                throw Fault.project("AspectJ cannot weave: " + e);
            }
        }

        private static Object adaptor(ClassLoader loader, Path folder, List<Path> classPath, List<Path> aspects,
                Map<String, byte[]> generated) throws ReflectiveOperationException {
            Class<?> handler = loader.loadClass("org.aspectj.weaver.tools.GeneratedClassHandler");
            Object keeper = Proxy.newProxyInstance(loader, new Class<?>[] {handler}, (proxy, method, arguments) -> {
                generated.put((String) arguments[0], (byte[]) arguments[arguments.length - 1]);
                return null;
            });
            Path platform = Path.of(System.getProperty("java.home"), "lib", "jrt-fs.jar");
            List<Path> all = Stream.of(List.of(folder), classPath, List.of(platform)).flatMap(List::stream).toList();
            return loader.loadClass("org.aspectj.weaver.tools.WeavingAdaptor")
                    .getConstructor(handler, URL[].class, URL[].class)
                    .newInstance(keeper, CodeLoader.urls(all), CodeLoader.urls(aspects));
        }
    }

    // ---- ProcessStreams: standard output and error of the process, shared out --------------------------------------

    /** Hands on what a function's threads print to the function's log, and all else to where it went before. */
    static final class ProcessStreams extends OutputStream {
        /** The threads of one execution environment: those that its code starts belong to it too. */
        static final class Group extends ThreadGroup {
            private final OutputStream log;

            @SuppressWarnings("removal") // up to Java 18 a group without threads stays with its parent, unless it is so
            Group(String name, OutputStream log) {
                super(name);
                this.log = log;
                setDaemon(true);
            }

            /** As in a process of its own: the default handler, else a trace on its standard error. */
            @Override public void uncaughtException(Thread thread, Throwable error) {
                Thread.UncaughtExceptionHandler handler = Thread.getDefaultUncaughtExceptionHandler();
                if (handler != null) {
                    handler.uncaughtException(thread, error);
                } else {
                    PrintStream stream = new PrintStream(log, true, UTF_8);
                    stream.print("Exception in thread \"" + thread.getName() + "\" ");
                    error.printStackTrace(stream);
                }
            }

            /** The threads that the function's code has started; those of the JVM's common pool are everybody's. */
            List<Thread> started(Thread own) {
                Thread[] threads = new Thread[activeCount() + 16];
                int count = enumerate(threads);
                return Arrays.stream(threads, 0, count).filter(thread -> thread != own
                        && !(thread instanceof ForkJoinWorkerThread worker
                        && worker.getPool() == ForkJoinPool.commonPool())).toList();
            }
        }

        /** Compilers are recursive: more than a plain thread's. */
        private static final long STACK = 16 << 20;
        private final OutputStream otherwise;

        private ProcessStreams(OutputStream otherwise) {
            this.otherwise = otherwise;
        }

        /** Takes System.out and System.err over, once. */
        static synchronized void install() {
            if (!(System.out instanceof Shared)) System.setOut(new Shared(System.out));
            if (!(System.err instanceof Shared)) System.setErr(new Shared(System.err));
        }

        private static final class Shared extends PrintStream {
            Shared(PrintStream otherwise) {
                super(new ProcessStreams(otherwise), true, UTF_8);
            }
        }

        /** Runs a tool of the JVM in a thread of its own; what it prints goes to a stream. */
        static <T> T captured(String name, OutputStream printed, ClassLoader loader, Supplier<T> work) {
            install();
            CompletableFuture<T> done = new CompletableFuture<>();
            Thread thread = new Thread(new Group(name, printed), () -> {
                Thread.currentThread().setContextClassLoader(loader);
                try {
                    done.complete(work.get());
                } catch (Throwable error) {
                    done.completeExceptionally(error);
                }
            }, name, STACK);
            thread.setDaemon(true);
            thread.start();
            return done.join();
        }

        private OutputStream target() {
            ThreadGroup group = Thread.currentThread().getThreadGroup();
            while (group != null && !(group instanceof Group)) group = group.getParent();
            return group instanceof Group function ? function.log : otherwise;
        }

        @Override public void write(int character) throws IOException {
            target().write(character);
        }

        @Override public void write(byte[] bytes, int offset, int length) throws IOException {
            target().write(bytes, offset, length);
        }

        @Override public void flush() throws IOException {
            target().flush();
        }
    }

    // ---- Sandbox: what can be loaded before a function's own code ---------------------------------------------------

    /**
     * Sandboxes in hand, by their libraries: one is always made in advance. Those that hold nothing but AWS's own
     * libraries are handed on to the next version of the code; {@link Sandbox#fits} tells whether it can. Not for
     * ever, because the serialization library's caches keep the classes that they have seen.
     */
    static final class Sandboxes {
        private static final int MOST_USES = 20;
        private static final long AFTER_THE_REQUEST = 50;
        private final Executor background = CompletableFuture.delayedExecutor(AFTER_THE_REQUEST, TimeUnit.MILLISECONDS);
        private final Map<List<Jar>, BlockingDeque<CompletableFuture<Sandbox>>> ready = new ConcurrentHashMap<>();

        /** Makes one in this thread and keeps it. */
        void prepare(List<Jar> jars) {
            CompletableFuture<Sandbox> made = new CompletableFuture<>();
            ready(jars).add(made);
            complete(made, jars);
        }

        private BlockingDeque<CompletableFuture<Sandbox>> ready(List<Jar> jars) {
            return ready.computeIfAbsent(jars, key -> new LinkedBlockingDeque<>());
        }

        private static void complete(CompletableFuture<Sandbox> made, List<Jar> jars) {
            try {
                made.complete(new Sandbox(jars));
            } catch (Throwable error) {
                made.completeExceptionally(error);
            }
        }

        /** One for its taker alone. */
        Sandbox take(List<Jar> jars) {
            CompletableFuture<Sandbox> taken = ready(jars).pollFirst();
            if (ready(jars).isEmpty()) background.execute(() -> prepareIfNone(jars));
            try {
                return taken == null ? new Sandbox(jars) : taken.join();
            } catch (CompletionException e) {
                return new Sandbox(jars); // what failed in advance, for lack of memory say, may succeed now
            }
        }

        private void prepareIfNone(List<Jar> jars) {
            if (ready(jars).isEmpty()) prepare(jars);
        }

        /** Takes one back whose function has ended in good order. */
        void giveBack(Sandbox sandbox) {
            boolean isReusable = sandbox.jars().equals(Dependencies.lent()) && sandbox.uses() < MOST_USES;
            if (isReusable) ready(sandbox.jars()).addFirst(CompletableFuture.completedFuture(sandbox));
            else sandbox.close();
        }
    }

    /**
     * All of an execution environment that does not depend on the function's own code: AWS's core interfaces at the
     * top, the libraries below, and, beside those and unseen by them, AWS's serialization library and
     * {@link JavaRuntime}. That library caches classes in static fields, so every environment has a copy; warming it
     * up takes longer than compiling a handler, which is why sandboxes are made in advance by {@link Sandboxes}.
     */
    static final class Sandbox implements AutoCloseable {
        private final List<Jar> jars;
        private final OwnClasses core;
        private final CodeLoader libraries;
        private final OwnClasses runtime;
        private CodeLoader code;
        private int uses;
        private List<?> types;

        /** Loads and warms up all of it. */
        Sandbox(List<Jar> jars) {
            this.jars = jars;
            // The JVM wants the outer class of nested ones that share private members in the same loader.
            Set<String> rooms = Set.of(JavaRuntime.class.getName(), ServerLocal.class.getName());
            core = new OwnClasses(Dependencies.core(), ClassLoader.getPlatformClassLoader(),
                    Set.of(LambdaSystem.class.getName()));
            libraries = new CodeLoader(Map.of(), jars.stream().map(Jar::path).toList(), core);
            runtime = new OwnClasses(Dependencies.serialization(), core, rooms);
            try {
                runtime.loadClass(JavaRuntime.class.getName()).getMethod("warmUp", ClassLoader.class)
                        .invoke(null, libraries);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        List<Jar> jars() {
            return jars;
        }

        /** How many versions of the code it has held. */
        int uses() {
            return uses;
        }

        /** Puts a function's classes and folders on top of the libraries. */
        CodeLoader load(Map<String, byte[]> classes, List<Path> folders) {
            code = new CodeLoader(classes, folders, libraries);
            libraries.serve(code);
            uses++;
            return code;
        }

        /** The loader of the function's own code. */
        CodeLoader code() {
            return code;
        }

        /** Takes the function's code away again. */
        void unload() {
            callDrivers("unload");
            CodeLoader.close(code);
        }

        /** Only where there are any: the module of JDBC takes its time to load. */
        private void callDrivers(String method) {
            if (code.getResource("META-INF/services/java.sql.Driver") == null) return;
            try {
                code.adopt(Drivers.class).getMethod(method).invoke(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        /**
         * Whether a handler meets the serialization library as in a new sandbox. Some event types change how the
         * library writes dates from then on, so a used sandbox fits handlers of the same types only.
         */
        boolean fits(String handler) {
            List<?> wanted = (List<?>) call("types", code, handler);
            boolean fits = types == null || wanted == null || types.equals(wanted);
            types = wanted;
            return fits;
        }

        /** What is wrong with a handler, found without running any of its code. */
        Optional<String> inspect(CodeLoader code, String handler) {
            return Optional.ofNullable((String) call("inspect", code, handler));
        }

        private Object call(String method, CodeLoader code, String handler) {
            try {
                return runtime.loadClass(JavaRuntime.class.getName())
                        .getMethod(method, ClassLoader.class, String.class).invoke(null, code, handler);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Starts the runtime with its handler; the handler's initialization may throw anything. */
        LambdaRuntime start(Map<String, String> environment, OutputStream log, Consumer<Error> exited)
                throws Throwable {
            try {
                core.loadClass(LambdaSystem.class.getName())
                        .getMethod("start", Map.class, OutputStream.class, Consumer.class)
                        .invoke(null, environment, log, exited);
                callDrivers("load");
                return (LambdaRuntime) runtime.loadClass(JavaRuntime.class.getName())
                        .getConstructor(ClassLoader.class, Map.class, OutputStream.class)
                        .newInstance(code, environment, log);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        @Override public void close() {
            if (code != null) callDrivers("unload");
            Stream.of(code, libraries, runtime, core).filter(Objects::nonNull).forEach(CodeLoader::close);
        }

        /** Defines some classes of this program again; those that cross the border it shares with it. */
        private static final class OwnClasses extends URLClassLoader {
            private static final Set<String> SHARED =
                    Set.of(LambdaRuntime.class.getName(), Invocation.class.getName(), RuntimeFault.class.getName());
            private static final String NESTED = JavaRuntime.class.getName() + "$";

            private final Set<String> own;

            OwnClasses(Path jar, ClassLoader parent, Set<String> own) {
                super(CodeLoader.urls(List.of(jar)), parent);
                this.own = own;
            }

            @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
                if (SHARED.contains(name)) return Class.forName(name);
                boolean isOwn = own.contains(name) || name.startsWith(NESTED)
                        && own.contains(JavaRuntime.class.getName());
                return isOwn ? defineAgain(name) : super.findClass(name);
            }

            private Class<?> defineAgain(String name) throws ClassNotFoundException {
                byte[] bytes = CodeLoader.classFile(name);
                return defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    // ---- JavaRuntime: finds the handler's method, makes its arguments, writes its answer ---------------------------

    /**
     * Runs one handler as AWS's Java runtime does (Lambda Developer Guide, "Define Lambda function handler in Java").
     * A copy of this class is loaded in each execution environment, see the overview.
     */
    public static final class JavaRuntime implements LambdaRuntime {
        private static final int MOST_CAUSES = 100;
        private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.";
        private static final Comparator<Method> PREFERENCE =
                Comparator.comparing(Method::isBridge).thenComparing(JavaRuntime::weight, Comparator.reverseOrder());
        private final ClassLoader code;
        private final Map<String, String> environment;
        private final Logger logger;
        private final CustomPojoSerializer customSerializer;
        private final RequestStreamHandler handler;

        /** Finds and constructs the handler that {@code _HANDLER} names; its own code may throw anything. */
        public JavaRuntime(ClassLoader code, Map<String, String> environment, OutputStream log) throws Throwable {
            this.code = code;
            this.environment = environment;
            this.logger = new Logger(new PrintStream(log, true, UTF_8),
                    LogFormat.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT")),
                    LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED")));
            shareLogger();
            this.customSerializer = customSerializer(code);
            this.handler = handler(environment.get("_HANDLER"));
        }

        /** The one that the function brings as a service, or null. */
        private static CustomPojoSerializer customSerializer(ClassLoader code) {
            List<CustomPojoSerializer> found = ServiceLoader.load(CustomPojoSerializer.class, code).stream()
                    .map(ServiceLoader.Provider::get).toList();
            if (found.size() > 1) {
                throw new RuntimeFault(CLIENT + "TooManyServiceProvidersFoundException",
                        "Too many serializers provided inside the META-INF/services folder, only one is allowed");
            }
            return found.isEmpty() ? null : found.get(0);
        }

        /**
         * Loads the serialization library's classes, and changes nothing: an event type with a mixin gets a mapper of
         * its own, where one without would put a date module on the mapper that all others share.
         */
        public static void warmUp(ClassLoader libraries) throws Exception {
            Class<?> event;
            try {
                event = Class.forName("com.amazonaws.services.lambda.runtime.events.SQSEvent", true, libraries);
            } catch (ClassNotFoundException | LinkageError e) {
                return; // a function may bring another library of that name
            }
            PojoSerializer<Object> serializer = serializer(event, libraries);
            String sample = "{\"Records\": [{\"body\": \"\", \"attributes\": {\"a\": \"b\"}}]}";
            serializer.toJson(serializer.fromJson(new ByteArrayInputStream(sample.getBytes(UTF_8))),
                    new ByteArrayOutputStream());
        }

        /** What is wrong with a handler, or null; its code is loaded and not run. */
        public static String inspect(ClassLoader code, String handler) {
            try {
                typesOf(code, handler);
                return null;
            } catch (ClassNotFoundException e) {
                return RuntimeFault.NO_CLASS + e.getMessage();
            } catch (NoSuchMethodException e) {
                return "The handler's class has no public zero-argument constructor";
            } catch (RuntimeFault | LinkageError | ReflectiveOperationException e) {
                return e.getMessage();
            }
        }

        /** The names of the types that a handler takes and returns, or null if it is not one. */
        public static List<String> types(ClassLoader code, String handler) {
            try {
                return typesOf(code, handler).stream().map(Type::getTypeName).toList();
            } catch (ReflectiveOperationException | RuntimeFault | LinkageError e) {
                return null;
            }
        }

        private static List<Type> typesOf(ClassLoader code, String handler) throws ReflectiveOperationException {
            int separator = handler.lastIndexOf("::");
            Class<?> type = Class.forName(separator < 0 ? handler : handler.substring(0, separator), false, code);
            if (separator < 0) {
                type.getConstructor();
                return RequestStreamHandler.class.isAssignableFrom(type) ? List.of()
                        : List.of(requestHandlerTypes(type));
            }
            Method method = preferred(type, handler.substring(separator + 2));
            if (!Modifier.isStatic(method.getModifiers())) type.getConstructor();
            return Stream.concat(Arrays.stream(method.getGenericParameterTypes()),
                    Stream.of(method.getGenericReturnType())).toList();
        }

        @Override public byte[] invoke(Invocation invocation) throws Throwable {
            Limited answer = new Limited();
            OutputStream target = invocation.stream() == null ? answer : invocation.stream();
            try {
                Context context = new InvocationContext(invocation, environment, logger.of(invocation.requestId()),
                        ClientData.read(invocation.clientContext()));
                handler.handleRequest(new ByteArrayInputStream(invocation.event()), target, context);
            } catch (Throwable error) {
                throw withoutOurFrames(error, new HashSet<>());
            }
            Thread.interrupted(); // the next request is not to meet this one's
            return answer.bytes();
        }

        /** Cuts the frames of this program off, as AWS's runtime cuts its own; of causes and suppressed ones too. */
        private static Throwable withoutOurFrames(Throwable error, Set<Integer> seen) {
            if (error == null || !seen.add(System.identityHashCode(error)) || seen.size() > MOST_CAUSES) return error;
            try {
                error.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
                withoutOurFrames(error.getCause(), seen);
                for (Throwable suppressed : error.getSuppressed()) withoutOurFrames(suppressed, seen);
            } catch (Throwable inTheError) {
                return error; // an exception class of the handler's own that misbehaves
            }
            return error;
        }

        /** An answer up to Lambda's limit; what goes beyond is counted only ("Lambda quotas"). */
        private static final class Limited extends ByteArrayOutputStream {
            private long size;

            @Override public synchronized void write(int character) {
                write(new byte[] {(byte) character}, 0, 1);
            }

            @Override public synchronized void write(byte[] part, int offset, int length) {
                size += length;
                if (size <= Invocation.MOST_BYTES) super.write(part, offset, length);
            }

            byte[] bytes() {
                if (size <= Invocation.MOST_BYTES) return toByteArray();
                throw new RuntimeFault("Function.ResponseSizeTooLarge", "Response payload size (" + size
                        + " bytes) exceeded maximum allowed payload size (" + Invocation.MOST_BYTES + " bytes).");
            }
        }

        /** {@code LambdaRuntime.getLogger()} of AWS's core library, which its log4j2 appender uses. */
        private void shareLogger() throws ReflectiveOperationException {
            Field field = com.amazonaws.services.lambda.runtime.LambdaRuntime.class.getDeclaredField("logger");
            field.setAccessible(true);
            field.set(null, logger);
        }

        private RequestStreamHandler handler(String name) throws Throwable {
            int separator = name.lastIndexOf("::");
            if (name.isEmpty() || separator == 0 || name.endsWith("::")) {
                throw new RuntimeFault(null, "Invalid handler: `" + name + "'");
            }
            Class<?> type = load(separator < 0 ? name : name.substring(0, separator));
            return separator < 0 ? ofInterface(type) : ofMethod(type, preferred(type, name.substring(separator + 2)));
        }

        private Class<?> load(String name) {
            try {
                return Class.forName(name, true, code);
            } catch (ClassNotFoundException e) {
                boolean isAnother = e.getCause() != null || !name.equals(e.getMessage());
                throw new RuntimeFault(e.getClass().getName(), RuntimeFault.NO_CLASS + name, isAnother ? e : null);
            } catch (RuntimeFault fault) {
                throw fault;
            } catch (Throwable error) {
                withoutOurFrames(error, new HashSet<>());
                throw new RuntimeFault(error.getClass().getName(), "Error loading class " + name
                        + (error.getMessage() == null ? "" : ": " + error.getMessage()), error);
            }
        }

        private RequestStreamHandler ofInterface(Class<?> type) throws Throwable {
            if (RequestStreamHandler.class.isAssignableFrom(type)) return (RequestStreamHandler) instance(type);
            Type[] types = requestHandlerTypes(type);
            @SuppressWarnings("unchecked")
            RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) instance(type);
            return new Typed(types[0], types[1], handler::handleRequest);
        }

        private static Object instance(Class<?> type) throws Throwable {
            try {
                return type.getConstructor().newInstance();
            } catch (NoSuchMethodException e) {
                throw new RuntimeFault(Exception.class.getName(), "Class " + type.getName() + whyNotConstructed(type));
            } catch (IllegalAccessException | InstantiationException e) {
                throw new RuntimeFault(e.getClass().getName(),
                        e.getMessage() == null ? e.getClass().getName() : e.getMessage());
            } catch (InvocationTargetException e) {
                throw withoutOurFrames(e.getCause(), new HashSet<>());
            }
        }

        private static String whyNotConstructed(Class<?> type) {
            boolean isInner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            return isInner ? " cannot be instantiated because it is a non-static inner class"
                    : " has no public zero-argument constructor";
        }

        private static Type[] requestHandlerTypes(Class<?> type) {
            if (!RequestHandler.class.isAssignableFrom(type)) {
                throw new RuntimeFault(null, "Class does not implement an appropriate handler interface: "
                        + type.getName());
            }
            Type[] found = Generics.argumentsOf(RequestHandler.class, type, Map.of());
            String unfit = "Class " + type.getName()
                    + " does not implement RequestHandler with concrete type parameters";
            if (found == null) throw new RuntimeFault(null, unfit);
            if (found.length != 2) {
                throw new RuntimeFault(null,
                        "Invalid class signature for RequestHandler. Expected two generic types, got " + found.length);
            }
            Arrays.stream(found).filter(Generics::isUnbounded).findFirst().ifPresent(parameter -> {
                throw new RuntimeFault(null, unfit + ": parameter " + parameter + " has no upper bound.");
            });
            return found;
        }

        /** The first method of that name, in the runtime's order of preference, whose parameters it can supply. */
        private static Method preferred(Class<?> type, String name) {
            return methods(type, name).filter(method -> method.getName().equals(name)).sorted(PREFERENCE)
                    .filter(Shape::isAccepted).findFirst().orElseThrow(() -> new RuntimeFault(null,
                    "No public method named " + name + " with appropriate method signature found on class "
                    + type.getName()));
        }

        private static Stream<Method> methods(Class<?> type, String name) {
            try {
                return Arrays.stream(type.getMethods());
            } catch (NoClassDefFoundError e) {
                throw new RuntimeFault(e.getClass().getName(), "Error loading method " + name + " on class "
                        + type.getName(), e);
            }
        }

        private static int weight(Method method) {
            Class<?>[] types = method.getParameterTypes();
            boolean endsInContext = types.length > 0 && types[types.length - 1] == Context.class;
            return types.length + (endsInContext ? 1 : 0);
        }

        private RequestStreamHandler ofMethod(Class<?> type, Method method) throws Throwable {
            Object target = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
            List<Type> parameters = List.of(method.getGenericParameterTypes());
            if (Shape.hasStream(parameters)) return new Streamed(target, method, parameters);
            Type input = parameters.isEmpty() || parameters.get(0) == Context.class ? null : parameters.get(0);
            return new Typed(input, method.getGenericReturnType(), (event, context) ->
                    call(target, method, Shape.arguments(parameters, Map.of(Context.class, context), event)));
        }

        private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        /** Which parameters a method handler may have. */
        private static final class Shape {
            static boolean hasStream(List<Type> types) {
                return types.contains(InputStream.class) || types.contains(OutputStream.class);
            }

            /** {@code ()}, {@code (Context)}, {@code (X)}, {@code (X, Context)}, and with streams in the place of X. */
            static boolean isAccepted(Method method) {
                List<Type> types = new ArrayList<>(List.of(method.getGenericParameterTypes()));
                if (types.size() > 1 && types.get(types.size() - 1) == Context.class) types.remove(types.size() - 1);
                if (types.isEmpty()) return true;
                if (types.size() == 1) return types.get(0) != Context.class || method.getParameterCount() == 1;
                return types.equals(List.of(InputStream.class, OutputStream.class));
            }

            /** The known arguments by their type; the event is for all others. */
            static Object[] arguments(List<Type> types, Map<?, ?> known, Object event) {
                return types.stream().map(type -> known.containsKey(type) ? known.get(type) : event).toArray();
            }
        }

        /** A handler that reads and writes bytes itself. */
        private record Streamed(Object target, Method method, List<Type> parameters)
                implements RequestStreamHandler {
            @Override public void handleRequest(InputStream event, OutputStream answer, Context context) {
                Map<Object, Object> known =
                        Map.of(InputStream.class, event, OutputStream.class, answer, Context.class, context);
                try {
                    call(target, method, Shape.arguments(parameters, known, null));
                    if (!parameters.contains(OutputStream.class)) answer.write("null".getBytes(UTF_8));
                } catch (Throwable error) {
                    throw Thrown.asIs(error);
                }
            }
        }

        /** What a typed handler does with its event. */
        private interface Body {
            Object apply(Object event, Context context) throws Throwable;
        }

        /** A handler of objects, with AWS's serialization on both sides. */
        private final class Typed implements RequestStreamHandler {
            private final Type inputType;
            private final Type outputType;
            private final PojoSerializer<Object> input;
            private final PojoSerializer<Object> output;
            private final Body body;

            /** {@code input} is null where the handler takes no event. */
            Typed(Type input, Type output, Body body) {
                this.inputType = input;
                this.outputType = output == void.class || output == Void.class ? null : output;
                this.input = input == null ? null : serializer(input, false);
                this.output = outputType == null ? null : serializer(outputType, false);
                this.body = body;
            }

            @Override public void handleRequest(InputStream event, OutputStream answer, Context context)
                    throws IOException {
                boolean isAndroid = isAndroid(context.getClientContext());
                Object argument = input == null ? null
                        : read(isAndroid ? serializer(inputType, true) : input, event);
                Object result = run(argument, context);
                if (output == null) answer.write("null".getBytes(UTF_8));
                else write(isAndroid ? serializer(outputType, true) : output, result, answer);
            }

            private Object read(PojoSerializer<Object> serializer, InputStream event) {
                try {
                    return serializer.fromJson(event);
                } catch (Throwable error) {
                    throw new RuntimeException("An error occurred during JSON parsing", error);
                }
            }

            private Object run(Object argument, Context context) {
                try {
                    return body.apply(argument, context);
                } catch (Throwable error) {
                    throw Thrown.asIs(error);
                }
            }

            private void write(PojoSerializer<Object> serializer, Object result, OutputStream answer) {
                try {
                    serializer.toJson(result, answer);
                } catch (Throwable error) {
                    throw new RuntimeException("An error occurred during JSON serialization of response", error);
                }
            }
        }

        private static boolean isAndroid(ClientContext client) {
            return client != null && client.getEnvironment() != null
                    && "Android".equalsIgnoreCase(client.getEnvironment().get("platform"));
        }

        /** The function's own, AWS's for its events, else Jackson's; Android's clients are answered by Gson's rules. */
        private PojoSerializer<Object> serializer(Type type, boolean isAndroid) {
            if (customSerializer != null) return new Custom(customSerializer, type);
            boolean isEvent = type instanceof Class<?> known && LambdaEventSerializers
                    .isLambdaSupportedEvent(known.getName());
            return isAndroid && !isEvent ? GsonFactory.getInstance().getSerializer(type) : serializer(type, code);
        }

        /** The function's own serializer for one type. */
        private record Custom(CustomPojoSerializer serializer, Type type) implements PojoSerializer<Object> {
            @Override public Object fromJson(InputStream input) {
                return serializer.fromJson(input, type);
            }

            @Override public Object fromJson(String input) {
                return serializer.fromJson(input, type);
            }

            @Override public void toJson(Object value, OutputStream output) {
                serializer.toJson(value, output, type);
            }
        }

        @SuppressWarnings("unchecked")
        private static PojoSerializer<Object> serializer(Type type, ClassLoader code) {
            if (type instanceof Class<?> known && LambdaEventSerializers.isLambdaSupportedEvent(known.getName())) {
                return LambdaEventSerializers.serializerFor((Class<Object>) known, code);
            }
            return JacksonFactory.getInstance().getSerializer(type);
        }

        /** Lets a checked exception of the handler's through where none is declared. */
        private static final class Thrown {
            @SuppressWarnings("unchecked")
            static <T extends Throwable> RuntimeException asIs(Throwable error) throws T {
                throw (T) error;
            }
        }

        /** The type arguments of an interface, looked for up the hierarchy. */
        private static final class Generics {
            /** Null where the type does not have the interface, or has it without arguments. */
            static Type[] argumentsOf(Class<?> wanted, Type type, Map<Type, Type> known) {
                ParameterizedType generic = type instanceof ParameterizedType parameterized ? parameterized : null;
                Class<?> raw = (Class<?>) (generic == null ? type : generic.getRawType());
                Type[] arguments = generic == null ? null : bound(generic.getActualTypeArguments(), known);
                // AWS's runtime takes the arguments of an interface that extends the wanted one for that one's own.
                boolean isFound = raw.isInterface() && wanted.isAssignableFrom(raw) && generic != null;
                if (isFound || raw == wanted) return arguments;
                return supertypes(raw).map(supertype -> argumentsOf(wanted, supertype, bindings(raw, arguments)))
                        .filter(Objects::nonNull).findFirst().orElse(null);
            }

            private static Type[] bound(Type[] arguments, Map<Type, Type> known) {
                return Arrays.stream(arguments).map(argument -> known.getOrDefault(argument, argument))
                        .toArray(Type[]::new);
            }

            private static Stream<Type> supertypes(Class<?> type) {
                return Stream.concat(Arrays.stream(type.getGenericInterfaces()),
                        Stream.ofNullable(type.getGenericSuperclass()));
            }

            private static Map<Type, Type> bindings(Class<?> raw, Type[] arguments) {
                Map<Type, Type> bindings = new HashMap<>();
                for (int i = 0; arguments != null && i < arguments.length; i++) {
                    bindings.put(raw.getTypeParameters()[i], arguments[i]);
                }
                return bindings;
            }

            static boolean isUnbounded(Type type) {
                return type instanceof TypeVariable<?> variable
                        && List.of(variable.getBounds()).equals(List.of(Object.class));
            }
        }

        /** Each call is one entry of the log (Lambda Developer Guide, "Log and monitor Java Lambda functions"). */
        private static final class Logger implements LambdaLogger {
            private static final DateTimeFormatter TIME =
                    DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
            private final PrintStream log;
            private final LogFormat format;
            private final LogLevel least;
            private String requestId;

            Logger(PrintStream log, LogFormat format, LogLevel least) {
                this.log = log;
                this.format = format;
                this.least = least;
            }

            Logger of(String requestId) {
                this.requestId = requestId;
                return this;
            }

            @Override public void log(String message) {
                log(message, LogLevel.UNDEFINED);
            }

            @Override public void log(byte[] message) {
                log(message, LogLevel.UNDEFINED);
            }

            @Override public void log(String message, LogLevel level) {
                if (!isWanted(level)) return;
                boolean isPlain = level == LogLevel.UNDEFINED;
                if (format == LogFormat.JSON) print(json(message, level));
                else print(isPlain ? String.valueOf(message) : "[" + level + "] " + message);
            }

            @Override public void log(byte[] message, LogLevel level) {
                if (isWanted(level)) print(new String(message, UTF_8));
            }

            private boolean isWanted(LogLevel level) {
                return level == LogLevel.UNDEFINED || level.ordinal() >= least.ordinal();
            }

            private String json(String message, LogLevel level) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("timestamp", TIME.format(Instant.now()));
                entry.put("message", message);
                entry.put("level", level);
                if (requestId != null) entry.put("AWSRequestId", requestId);
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                GsonFactory.getInstance().getSerializer(Map.class).toJson(entry, text);
                return text.toString(UTF_8);
            }

            private void print(String entry) {
                log.print(entry.endsWith("\n") ? entry : entry + "\n");
            }
        }

        /** What a mobile application says of itself: the names are those of the JSON that AWS's mobile SDKs send. */
        private static final class ClientData implements ClientContext {
            private App client;
            private Map<String, String> custom;
            private Map<String, String> env;

            /** Null where there is none. */
            static ClientData read(String json) {
                if (json == null || json.isBlank()) return null;
                return GsonFactory.getInstance().getSerializer(ClientData.class).fromJson(json);
            }

            @Override public Client getClient() {
                return client;
            }

            @Override public Map<String, String> getCustom() {
                return custom;
            }

            @Override public Map<String, String> getEnvironment() {
                return env;
            }
        }

        /** The application. */
        private static final class App implements Client {
            private String installation_id;
            private String app_title;
            private String app_version_name;
            private String app_version_code;
            private String app_package_name;

            @Override public String getInstallationId() {
                return installation_id;
            }

            @Override public String getAppTitle() {
                return app_title;
            }

            @Override public String getAppVersionName() {
                return app_version_name;
            }

            @Override public String getAppVersionCode() {
                return app_version_code;
            }

            @Override public String getAppPackageName() {
                return app_package_name;
            }
        }

        /** The context object, complete (Lambda Developer Guide, "Using the Lambda context object"). */
        private record InvocationContext(Invocation invocation, Map<String, String> environment, LambdaLogger logger,
                ClientContext client) implements Context {
            @Override public String getAwsRequestId() {
                return invocation.requestId();
            }

            @Override public String getLogGroupName() {
                return environment.get("AWS_LAMBDA_LOG_GROUP_NAME");
            }

            @Override public String getLogStreamName() {
                return environment.get("AWS_LAMBDA_LOG_STREAM_NAME");
            }

            @Override public String getFunctionName() {
                return environment.get("AWS_LAMBDA_FUNCTION_NAME");
            }

            @Override public String getFunctionVersion() {
                return environment.get("AWS_LAMBDA_FUNCTION_VERSION");
            }

            @Override public String getInvokedFunctionArn() {
                return invocation.functionArn();
            }

            @Override public CognitoIdentity getIdentity() {
                return null;
            }

            @Override public ClientContext getClientContext() {
                return client;
            }

            @Override public int getRemainingTimeInMillis() {
                return (int) Math.max(0, invocation.deadline() - System.currentTimeMillis());
            }

            @Override public int getMemoryLimitInMB() {
                return Integer.parseInt(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
            }

            @Override public LambdaLogger getLogger() {
                return logger;
            }
        }
    }

    // ---- CodeLoader: class loaders, and System as one function sees it ---------------------------------------------

    /**
     * Loads either a function's libraries or, over those, its own classes and resources, which come first as they do
     * on AWS. In all of them the calls that reach the process (getenv, exit, halt, shutdown hooks, and method
     * references to them) are turned to {@link LambdaSystem}: each execution environment has a process of its own.
     */
    static final class CodeLoader extends URLClassLoader {
        private static final List<byte[]> PROCESS_CALLS =
                Stream.of("getenv", "exit", "halt", "ShutdownHook", "printStackTrace", "Ljava/io/PrintStream;")
                .map(word -> word.getBytes(UTF_8)).toList();

        private final Map<String, byte[]> classes;
        private final List<Container> containers;
        private volatile CodeLoader application;
        private Path written;

        static {
            registerAsParallelCapable();
            // The JDK's cache of jars is shared: one loader's closing would break another's reading, and it goes stale.
            URLConnection.setDefaultUseCaches("jar", false);
        }

        /** A loader for class files in memory and those below folders and jars; {@code parent} comes last. */
        CodeLoader(Map<String, byte[]> classes, List<Path> classPath, ClassLoader parent) {
            super(urls(classPath), parent);
            this.classes = classes;
            this.containers = classPath.stream().map(Container::open).toList();
        }

        /** A folder, or a jar that stays open as long as the loader. */
        private record Container(URL url, Path folder, JarFile jar) {
            static Container open(Path path) {
                if (Files.isDirectory(path)) return new Container(CodeLoader.url(path), path, null);
                try {
                    return new Container(CodeLoader.url(path), null,
                            new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version()));
                } catch (IOException e) {
                    throw Fault.project("cannot read `" + Place.display(path) + "`: " + Fault.reason(e));
                }
            }

            boolean isFolderWith(String className) {
                return folder != null && Files.isRegularFile(folder.resolve(fileOf(className)));
            }

            /** The bytes of a file in it, or null. */
            byte[] read(String name) throws IOException {
                if (folder != null) {
                    Path file = folder.resolve(name);
                    return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
                }
                JarEntry entry = jar.getJarEntry(name);
                if (entry == null) return null;
                try (InputStream in = jar.getInputStream(entry)) {
                    return in.readAllBytes();
                }
            }

            Manifest manifest() throws IOException {
                return jar == null ? null : jar.getManifest();
            }
        }

        /** Lets libraries find the classes of the application over them, as a flat class path would. */
        void serve(CodeLoader application) {
            this.application = application;
        }

        @Override public void close() throws IOException {
            super.close();
            for (Container container : containers) if (container.jar() != null) container.jar().close();
            synchronized (containers) {
                if (written != null) Scratch.delete(written);
            }
        }

        /** Closes the jars; one that cannot be is left to the garbage collector. */
        static void close(URLClassLoader loader) {
            try {
                loader.close();
            } catch (IOException e) {
                return;
            }
        }

        private static URL[] urls(List<Path> paths) {
            return paths.stream().map(CodeLoader::url).toArray(URL[]::new);
        }

        private static URL url(Path path) {
            try {
                return path.toUri().toURL();
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            return isOwn(name) ? loadOwn(name) : super.loadClass(name, resolve);
        }

        /** Without a look at the parent, which may be looking here at the same time. */
        private Class<?> loadOwn(String name) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : findClass(name);
            }
        }

        /** Whether a class was compiled or lies in a folder here, and so comes before the parent's. */
        private boolean isOwn(String name) {
            if (classes.containsKey(name)) return true;
            return !name.startsWith("java.") && containers.stream().anyMatch(container -> container.isFolderWith(name));
        }

        @Override protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] own = classes.get(name);
            if (own != null) return define(name, own, super.getURLs()[0]);
            try {
                for (Container container : containers) {
                    byte[] bytes = container.read(fileOf(name));
                    if (bytes != null) return define(name, bytes, container);
                }
            } catch (IOException | IllegalStateException e) {
                throw new ClassNotFoundException(name, e);
            }
            return inApplication(name);
        }

        /** With the version and vendor that a jar's manifest gives its packages. */
        private Class<?> define(String name, byte[] bytes, Container container) throws IOException {
            String packageName = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "";
            Manifest manifest = container.manifest();
            if (manifest != null && !packageName.isEmpty() && getDefinedPackage(packageName) == null) {
                definePackageOnce(packageName, manifest, container.url());
            }
            return define(name, bytes, container.url());
        }

        private void definePackageOnce(String name, Manifest manifest, URL url) {
            try {
                definePackage(name, manifest, url);
            } catch (IllegalArgumentException e) {
                return; // another thread was faster
            }
        }

        private Class<?> define(String name, byte[] classFile, URL location) {
            byte[] bytes = rewritten(classFile);
            return defineClass(name, bytes, 0, bytes.length, new CodeSource(location, (CodeSigner[]) null));
        }

        private Class<?> inApplication(String name) throws ClassNotFoundException {
            if (application != null && application.isOwn(name)) return application.loadOwn(name);
            return super.findClass(name); // finds nothing, and says so in the frames that handlers see on AWS
        }

        /** Defines a copy of one of this program's classes here, for what the JDK decides by the caller's loader. */
        Class<?> adopt(Class<?> type) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(type.getName())) {
                Class<?> loaded = findLoadedClass(type.getName());
                if (loaded != null) return loaded;
                byte[] bytes = classFile(type.getName());
                return defineClass(type.getName(), bytes, 0, bytes.length);
            }
        }

        /** The class file of one of this program's classes. */
        static byte[] classFile(String name) throws ClassNotFoundException {
            try (InputStream in = ServerLocal.class.getResourceAsStream(name + ".class")) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private static String fileOf(String className) {
            return className.replace('.', '/') + ".class";
        }

        @Override public URL getResource(String name) {
            URL own = findResource(name);
            return own != null ? own : super.getResource(name);
        }

        @Override public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> found = Collections.list(findResources(name));
            found.addAll(Collections.list(getParent().getResources(name)));
            return Collections.enumeration(found);
        }

        /** Frameworks read class files as resources: what was compiled is found there too. */
        @Override public URL findResource(String name) {
            String className = name.replaceFirst("\\.class$", "").replace('/', '.');
            byte[] own = name.endsWith(".class") ? classes.get(className) : null;
            if (own != null) return MemoryUrl.of(name, own);
            URL found = super.findResource(name);
            if (found == null && hasPackage(name)) return packageFolder(name);
            return found != null || application == null ? found : application.findResource(name);
        }

        @Override public Enumeration<URL> findResources(String name) throws IOException {
            Set<URL> found = new LinkedHashSet<>();
            if (hasPackage(name)) found.add(packageFolder(name));
            found.addAll(Collections.list(super.findResources(name)));
            if (found.isEmpty()) Stream.ofNullable(findResource(name)).forEach(found::add);
            return Collections.enumeration(found);
        }

        /** Also that with what was compiled, for frameworks that look for classes there. */
        @Override public URL[] getURLs() {
            URL[] given = super.getURLs();
            return classes.isEmpty() ? given
                    : Stream.concat(Stream.of(packageFolder("")), Stream.of(given)).toArray(URL[]::new);
        }

        /** Whether compiled classes lie in a folder of the class path, or below it. */
        private boolean hasPackage(String folder) {
            String prefix = folder.replaceFirst("/+$", "").replace('/', '.');
            return classes.keySet().stream().anyMatch(name -> prefix.isEmpty()
                    || name.startsWith(prefix) && name.indexOf('.', prefix.length()) == prefix.length());
        }

        /** Frameworks find classes by listing folders: what was compiled is written to one when it is asked for. */
        private URL packageFolder(String name) {
            synchronized (containers) {
                try {
                    if (written == null) written = Scratch.folder(classes);
                    return written.toUri().resolve(name).toURL();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        /** The names of variables that a class, and those that it refers to, read by a literal. */
        static Set<String> variablesRead(String className, Map<String, byte[]> classes) {
            Set<String> names = new TreeSet<>();
            Set<String> seen = new HashSet<>();
            Deque<String> open = new ArrayDeque<>(List.of(className));
            while (!open.isEmpty()) {
                byte[] bytes = classes.get(open.peek());
                if (!seen.add(open.pop()) || bytes == null) continue;
                ClassReader reader = new ClassReader(bytes);
                reader.accept(new VariableReads(names), ClassReader.SKIP_DEBUG);
                open.addAll(classesIn(reader));
            }
            return names;
        }

        /** The classes in the constant pool (Java Virtual Machine Specification, 4.4.1). */
        private static List<String> classesIn(ClassReader reader) {
            char[] buffer = new char[reader.getMaxStringLength()];
            return IntStream.range(1, reader.getItemCount()).map(reader::getItem)
                    .filter(offset -> offset > 0 && reader.readByte(offset - 1) == 7)
                    .mapToObj(offset -> reader.readUTF8(offset, buffer).replace('/', '.')).toList();
        }

        private static byte[] rewritten(byte[] classFile) {
            if (PROCESS_CALLS.stream().noneMatch(word -> contains(classFile, word))) return classFile;
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new ProcessCalls(writer), 0);
            return writer.toByteArray();
        }

        private static boolean contains(byte[] bytes, byte[] word) {
            for (int i = 0; i <= bytes.length - word.length; i++) {
                if (bytes[i] == word[0] && Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) return true;
            }
            return false;
        }

        /** Collects the literals that are passed to {@code System.getenv}. */
        private static final class VariableReads extends ClassVisitor {
            private final Set<String> names;

            VariableReads(Set<String> names) {
                super(Opcodes.ASM9);
                this.names = names;
            }

            @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                    private Object last;

                    @Override public void visitLdcInsn(Object constant) {
                        last = constant;
                    }

                    @Override public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                            boolean face) {
                        boolean isRead = owner.equals("java/lang/System") && name.equals("getenv");
                        boolean isNamed = last instanceof String && descriptor.startsWith("(L");
                        if (isRead && isNamed) names.add((String) last);
                        last = null;
                    }
                };
            }
        }

        /** Turns the calls, and the handles that method references are made of. */
        private static final class ProcessCalls extends ClassVisitor {
            private static final String TARGET = LambdaSystem.class.getName();
            private static final String STREAM = "Ljava/io/PrintStream;";
            /** What is called to the descriptor of the static method that takes its place. */
            private static final Map<String, String> TURNED = Map.of(
                    "java/lang/System.getenv(Ljava/lang/String;)Ljava/lang/String;",
                    "(Ljava/lang/String;)Ljava/lang/String;",
                    "java/lang/System.getenv()Ljava/util/Map;", "()Ljava/util/Map;",
                    "java/lang/System.exit(I)V", "(I)V",
                    "java/lang/System.setOut(Ljava/io/PrintStream;)V", "(Ljava/io/PrintStream;)V",
                    "java/lang/System.setErr(Ljava/io/PrintStream;)V", "(Ljava/io/PrintStream;)V",
                    "java/lang/Runtime.exit(I)V", "(Ljava/lang/Runtime;I)V",
                    "java/lang/Runtime.halt(I)V", "(Ljava/lang/Runtime;I)V",
                    "java/lang/Runtime.addShutdownHook(Ljava/lang/Thread;)V",
                    "(Ljava/lang/Runtime;Ljava/lang/Thread;)V",
                    "java/lang/Runtime.removeShutdownHook(Ljava/lang/Thread;)Z",
                    "(Ljava/lang/Runtime;Ljava/lang/Thread;)Z");

            ProcessCalls(ClassVisitor next) {
                super(Opcodes.ASM9, next);
            }

            @Override public MethodVisitor visitMethod(int access, String name, String descriptor, String signature,
                    String[] exceptions) {
                MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                return new MethodVisitor(Opcodes.ASM9, next) {
                    @Override public void visitMethodInsn(int opcode, String owner, String name, String descriptor,
                            boolean face) {
                        boolean isTrace = name.equals("printStackTrace") && descriptor.equals("()V")
                                && owner.startsWith("java/lang/");
                        String turned = isTrace ? "(Ljava/lang/Throwable;)V"
                                : TURNED.get(owner + "." + name + descriptor);
                        if (turned == null) super.visitMethodInsn(opcode, owner, name, descriptor, face);
                        else super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, turned, false);
                    }

                    @Override public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
                        boolean isStream = opcode == Opcodes.GETSTATIC && owner.equals("java/lang/System")
                                && descriptor.equals(STREAM) && !name.equals("in");
                        if (!isStream) super.visitFieldInsn(opcode, owner, name, descriptor);
                        else super.visitMethodInsn(Opcodes.INVOKESTATIC, TARGET, name, "()" + STREAM, false);
                    }

                    @Override public void visitInvokeDynamicInsn(String name, String descriptor, Handle method,
                            Object... arguments) {
                        super.visitInvokeDynamicInsn(name, descriptor, method,
                                Arrays.stream(arguments).map(ProcessCalls::turned).toArray());
                    }
                };
            }

            private static Object turned(Object constant) {
                if (!(constant instanceof Handle handle)) return constant;
                String turned = TURNED.get(handle.getOwner() + "." + handle.getName() + handle.getDesc());
                return turned == null ? constant
                        : new Handle(Opcodes.H_INVOKESTATIC, TARGET, handle.getName(), turned, false);
            }
        }

        /** A URL over bytes in memory. */
        private static final class MemoryUrl extends URLStreamHandler {
            private final byte[] bytes;

            private MemoryUrl(byte[] bytes) {
                this.bytes = bytes;
            }

            @SuppressWarnings("deprecation") // what replaces it came with Java 20
            static URL of(String name, byte[] bytes) {
                try {
                    return new URL("memory", "", -1, "/" + name, new MemoryUrl(bytes));
                } catch (MalformedURLException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override protected URLConnection openConnection(URL url) {
                return new URLConnection(url) {
                    @Override public void connect() {
                    }

                    @Override public InputStream getInputStream() {
                        return new ByteArrayInputStream(bytes);
                    }
                };
            }
        }
    }

    /**
     * What {@code java.lang.System} and {@code Runtime} are to a process, for one execution environment: a copy of
     * this class is loaded for each, which is why its state is static.
     */
    public static final class LambdaSystem {
        private static Map<String, String> variables = Map.of();
        private static PrintStream out;
        private static PrintStream err;
        private static Consumer<Error> exited;

        private LambdaSystem() {
        }

        /** Gives the environment its variables and its log, before any of the function's code runs. */
        public static void start(Map<String, String> environment, OutputStream log, Consumer<Error> exit) {
            variables = environment;
            out = new PrintStream(log, true, UTF_8);
            err = new PrintStream(log, true, UTF_8);
            exited = exit;
        }

        public static void printStackTrace(Throwable error) {
            error.printStackTrace(err);
        }

        public static PrintStream out() {
            return out;
        }

        public static PrintStream err() {
            return err;
        }

        public static void setOut(PrintStream stream) {
            out = stream;
        }

        public static void setErr(PrintStream stream) {
            err = stream;
        }

        public static String getenv(String name) {
            return variables.get(Objects.requireNonNull(name));
        }

        public static Map<String, String> getenv() {
            return variables;
        }

        /** Ends the execution environment instead of this program. */
        public static void exit(int status) {
            RuntimeFault fault =
                    new RuntimeFault("Runtime.ExitError", "Runtime exited with error: exit status " + status);
            exited.accept(fault);
            throw fault;
        }

        public static void exit(Runtime runtime, int status) {
            exit(status);
        }

        public static void halt(Runtime runtime, int status) {
            exit(status);
        }

        /** Not run, and not kept: this process outlives the environment, and Lambda gives hooks no time either. */
        public static void addShutdownHook(Runtime runtime, Thread hook) {
            Objects.requireNonNull(hook);
        }

        public static boolean removeShutdownHook(Runtime runtime, Thread hook) {
            return false;
        }
    }

    /** The JDBC drivers of an execution environment: the JDK looks for them once in a process. Runs in its loader. */
    public static final class Drivers {
        private Drivers() {
        }

        /** Lets the drivers register themselves; one that cannot be loaded is left out, as the JDK does. */
        public static void load() {
            Iterator<Driver> drivers = ServiceLoader.load(Driver.class, Drivers.class.getClassLoader()).iterator();
            while (true) {
                try {
                    if (!drivers.hasNext()) return;
                    drivers.next();
                } catch (ServiceConfigurationError | LinkageError e) {
                    continue;
                }
            }
        }

        /** Takes them out of the JDK's register, which would keep their code in memory. */
        public static void unload() {
            ClassLoader own = Drivers.class.getClassLoader();
            DriverManager.drivers().filter(driver -> driver.getClass().getClassLoader() == own
                    || driver.getClass().getClassLoader() == own.getParent()).toList().forEach(Drivers::unload);
        }

        private static void unload(Driver driver) {
            try {
                DriverManager.deregisterDriver(driver);
            } catch (SQLException e) {
                return; // it stays in memory, and does no harm
            }
        }
    }

    // ---- LambdaRuntime: the seam to what runs handlers --------------------------------------------------------------

    /**
     * One request to a runtime: {@code deadline} in milliseconds since 1970, {@code clientContext} in JSON or null,
     * {@code stream} for an answer that goes on its way bit by bit, or null.
     */
    public record Invocation(String requestId, byte[] event, long deadline, String functionArn, String clientContext,
            OutputStream stream) {
        /** Of an event, and of an answer ("Lambda quotas"). */
        static final int MOST_BYTES = (6 << 20) + 100;
    }

    /** The seam to what runs handlers; it crosses class loaders, so only types of the JDK stand in it. */
    public interface LambdaRuntime {
        /**
         * Runs the handler on an event in JSON; what it throws is thrown. Its answer, most often JSON, is written to
         * the invocation's stream if there is one, else it is returned.
         */
        byte[] invoke(Invocation invocation) throws Throwable;
    }

    /** A failure that AWS itself reports, such as a handler that is not there; {@code type} may be null. */
    public static final class RuntimeFault extends Error {
        static final String TIMEOUT = "Sandbox.Timedout";
        static final String NO_CLASS = "Class not found: ";
        private static final long serialVersionUID = 1;
        private final String type;

        public RuntimeFault(String type, String message) {
            this(type, message, null);
        }

        public RuntimeFault(String type, String message, Throwable cause) {
            super(message, cause, false, true);
            this.type = type;
            setStackTrace(new StackTraceElement[0]);
        }

        public String type() {
            return type;
        }

        /** Whether it is told by the platform, which names the request, and not by the runtime in the process. */
        public boolean isPlatforms() {
            return type != null && type.matches("(Runtime|Sandbox)\\..*");
        }

        /** The frames of a function's code, and of what that called: those above the runtime's first one. */
        public static StackTraceElement[] ownFrames(StackTraceElement[] frames) {
            return Arrays.stream(frames)
                    .takeWhile(frame -> !frame.getClassName().startsWith("ServerLocal$JavaRuntime"))
                    .filter(frame -> !frame.getClassName().startsWith("ServerLocal$"))
                    .toArray(StackTraceElement[]::new);
        }

        @Override public String toString() {
            return getMessage();
        }
    }

    // ---- Dependencies: what is on a function's class path besides its classes ---------------------------------------

    /** Puts class paths together; knows AWS's libraries, which come with this program and are lent to handlers. */
    static final class Dependencies {
        private static final String RUNTIME = "com/amazonaws/services/lambda/runtime/";
        private static final Jar EVENTS = lent(RUNTIME + "events/SQSEvent.class");
        private static final Jar DATES = lent("org/joda/time/DateTime.class");

        private Dependencies() {
        }

        /** The function's jars, and AWS's libraries for events and their dates where they are not among them. */
        static List<Jar> jars(Sources.Snapshot sources) {
            return withLent(sources, Recipe::runtime);
        }

        /** The same for the compiler, which also needs what others provide when the function runs. */
        static List<Jar> compileJars(Sources.Snapshot sources) {
            return withLent(sources, Recipe::compile);
        }

        private static List<Jar> withLent(Sources.Snapshot sources, Function<Recipe, List<Path>> libraries) {
            List<Jar> jars = new ArrayList<>(sources.jars());
            sources.recipes().stream().flatMap(recipe -> libraries.apply(recipe).stream()).distinct()
                    .map(path -> new Jar(path, Stamp.of(path))).forEach(jars::add);
            boolean hasEvents = !isMissing("aws-lambda-java-events", jars);
            boolean hasDates = !isMissing("joda-time", jars);
            if (!hasEvents) jars.add(EVENTS);
            if (!hasDates) jars.add(DATES);
            return jars;
        }

        private static boolean isMissing(String library, List<Jar> jars) {
            return jars.stream().noneMatch(jar -> jar.path().getFileName().toString()
                    .matches(library + "-\\d.*\\.jar"));
        }

        /** AWS's library of event types and what it needs, for functions that bring none. */
        static List<Jar> lent() {
            return List.of(EVENTS, DATES);
        }

        /** AWS's interfaces for handlers: as on AWS the runtime's own copy, whichever the function brings. */
        static Path core() {
            return jarOf(RUNTIME + "Context.class");
        }

        /** AWS's library for events and answers. */
        static Path serialization() {
            return jarOf(RUNTIME + "serialization/PojoSerializer.class");
        }

        private static Jar lent(String classFile) {
            return new Jar(jarOf(classFile), Stamp.of(jarOf(classFile)));
        }

        private static Path jarOf(String classFile) {
            String url = ServerLocal.class.getClassLoader().getResource(classFile).toString();
            return Path.of(URI.create(url.substring("jar:".length(), url.indexOf("!/"))));
        }
    }

    // ---- Sources: what is on disk now ------------------------------------------------------------------------------

    /**
     * Finds the sources, resources and jars below a CodeUri and its layers. Where there is a {@code src/main/java}, as
     * Maven and Gradle have it, that counts; elsewhere every Java file does, less JBang scripts such as this one.
     */
    static final class Sources {
        /**
         * Everything that a build depends on: equal snapshots need no new build.
         *
         * @param java sources and their texts
         * @param foreign sources of other languages of the JVM and their texts
         * @param others resources and jars
         * @param folders to be on the class path
         * @param recipes of the modules among the roots
         */
        record Snapshot(Map<Path, String> java, Map<Path, String> foreign, Map<Path, Stamp> others,
                List<Path> folders, List<Jar> jars, List<Recipe> recipes) {
            /** All sources and their texts. */
            Map<Path, String> texts() {
                if (foreign.isEmpty()) return java;
                Map<Path, String> texts = new TreeMap<>(java);
                texts.putAll(foreign);
                return texts;
            }

            /** What the build files tell a tool. */
            List<String> told(String tool) {
                return recipes.stream().flatMap(recipe -> recipe.tools().getOrDefault(tool, List.of()).stream())
                        .distinct().toList();
            }

            /** What the build files ask for and could not be had. */
            List<Problem> problems() {
                return recipes.stream().flatMap(recipe -> recipe.problems().stream()).toList();
            }
        }

        private static final int DEEPEST = 64;
        private static final Pattern SOURCE = Pattern.compile(".*\\.(java|kt|scala|groovy)");
        private static final Pattern OUTSIDE = Pattern.compile(".*\\.class|lombok\\.config");
        /** What editors and systems write beside the files that are edited. */
        private static final Pattern PASSING = Pattern.compile("\\..*|.*~|\\d+|.*\\.(swp|tmp|bak|log)|.*___jb_\\w+___");
        private final Path code;
        private final List<Path> layers;
        private final Builds builds;
        private final Archives archives = new Archives();
        private volatile Look last;
        private volatile FileEvents.Folders folders;

        Sources(Path code, List<Path> layers, Builds builds) {
            this.code = code;
            this.layers = layers;
            this.builds = builds;
        }

        /**
         * What was found at one look.
         *
         * @param without the snapshot without its texts
         * @param pins files and folders whose changes the system does not tell
         */
        private record Look(Map<Path, FileText> texts, Snapshot without, Snapshot snapshot, Map<Path, Stamp> pins) {
        }

        /**
         * Looks at the disk; only texts that may have changed are read.
         *
         * @throws Fault if a root is gone
         */
        Snapshot scan() {
            FileEvents.Changes changes = folders == null ? FileEvents.Changes.UNKNOWN : folders.take();
            Set<Path> paths = new HashSet<>(changes.paths());
            paths.removeIf(this::isPassing);
            boolean areTexts = last != null && !changes.areUnknown() && last.texts().keySet().containsAll(paths);
            Look next = areTexts ? reread(paths) : null;
            last = next != null ? next : look(folders);
            return last.snapshot();
        }

        /** The last look, with some of the texts as they are now; null if one of them is gone. */
        private Look reread(Set<Path> changed) {
            Map<Path, FileText> now = new HashMap<>(last.texts());
            for (Path path : changed) {
                Stamp stamp = Stamp.of(path);
                if (stamp == null || !Files.isRegularFile(path)) return null;
                try {
                    now.put(path, FileText.read(path, stamp, null));
                } catch (IOException e) {
                    return null;
                }
            }
            return look(now, last.without(), last.pins());
        }

        private boolean isPassing(Path path) {
            boolean isKnown = last == null || last.snapshot().others().containsKey(path)
                    || last.snapshot().recipes().stream().anyMatch(recipe -> recipe.files().contains(path));
            return !isKnown && PASSING.matcher(path.getFileName().toString()).matches() && !Files.isDirectory(path);
        }

        /** Whether the system tells for sure that nothing has happened since the last scan. */
        boolean isUnchanged() {
            FileEvents.Folders heard = folders;
            return heard != null && heard.areUntouched() && last.pins().entrySet().stream()
                    .allMatch(pin -> Objects.equals(Stamp.of(pin.getKey()), pin.getValue()));
        }

        /** Whether something has happened, and has come to an end. */
        boolean hasSettled() {
            return folders != null && folders.haveSettled();
        }

        boolean hearsEvents() {
            return folders != null;
        }

        /** Makes the next scan a full one. */
        void forget() {
            if (folders != null) folders.mistrust();
        }

        /** Whether a full look finds what was not told; hears of events from then on where the system tells them. */
        boolean differs(FileEvents events) {
            boolean isNew = folders == null && events.isOpen();
            FileEvents.Folders listening = isNew ? events.folders() : folders;
            boolean differs = !look(listening).snapshot().equals(last.snapshot());
            if (isNew && listening.areTold()) folders = listening;
            if (listening != null && !listening.areTold()) folders = null;
            if (differs) forget();
            return differs;
        }

        private Look look(FileEvents.Folders listening) {
            Walk walk = new Walk(last == null ? Map.of() : last.texts(), listening);
            walk.root(code, List.of("lib", "java/lib"));
            layers.forEach(layer -> walk.root(layer, List.of("", "lib", "java/lib")));
            return look(walk.texts, new Snapshot(Map.of(), Map.of(), walk.others, walk.folders, walk.jars,
                    walk.recipes), walk.pins);
        }

        /** The texts of JBang scripts do not count; what others declare in comments does. */
        private Look look(Map<Path, FileText> texts, Snapshot without, Map<Path, Stamp> pins) {
            Map<Path, String> java = new TreeMap<>();
            Map<Path, String> foreign = new TreeMap<>();
            texts.forEach((path, text) -> {
                boolean isScript = text.content().startsWith("///usr/bin/env jbang")
                        && text.content().contains(" main(");
                boolean isJava = path.toString().endsWith(".java");
                if (!isScript) (isJava ? java : foreign).put(path, text.content());
            });
            List<Recipe> recipes = Stream.concat(without.recipes().stream(), builds.declared(java).stream()).toList();
            return new Look(texts, without, new Snapshot(java, foreign, without.others(), without.folders(),
                    without.jars(), recipes), pins);
        }

        /** One look at the disk, root by root. */
        private final class Walk extends SimpleFileVisitor<Path> {
            private final Map<Path, FileText> known;
            private final FileEvents.Folders listening;
            private final Map<Path, FileText> texts = new HashMap<>();
            private final Map<Path, Stamp> others = new HashMap<>();
            private final Map<Path, Stamp> pins = new HashMap<>();
            private final List<Path> folders = new ArrayList<>();
            private final List<Jar> jars = new ArrayList<>();
            private final List<Recipe> recipes = new ArrayList<>();
            private Path root;

            /** With {@code listening}, which may be null, to be told of what happens from here on. */
            Walk(Map<Path, FileText> known, FileEvents.Folders listening) {
                this.known = known;
                this.listening = listening;
            }

            /** Where there is no such folder, to the one in which it or a folder above it would appear. */
            private void listen(Path folder) {
                if (listening == null) return;
                Path there = folder;
                while (there != null && !Files.isDirectory(there)) there = there.getParent();
                if (there != null) listening.add(there);
            }

            /** What is outside of the folders that are listened to has to be looked at. */
            private void pin(Path path) {
                if (listening != null) pins.put(path, Stamp.of(path));
            }

            void root(Path place, List<String> jarFolders) {
                pin(place);
                root = Files.isDirectory(place) ? place : archives.unpacked(place).orElse(place);
                if (!Files.isDirectory(root)) {
                    jar(root);
                    return;
                }
                folders.add(root);
                List.of("", "src", "src/main", "java", "src/main/java").forEach(each -> listen(root.resolve(each)));
                Recipe recipe = builds.of(root);
                if (recipe != null) module(recipe);
                if (recipe == null || !hasSources(recipe)) {
                    Path main = root.resolve("src/main");
                    walk(Files.isDirectory(main.resolve("java")) ? main : root);
                }
                jarFolders.forEach(folder -> jarsIn(root.resolve(folder)));
            }

            private static boolean hasSources(Recipe recipe) {
                return recipe.sources().stream().anyMatch(Files::isDirectory);
            }

            private void module(Recipe recipe) {
                recipes.add(recipe);
                recipe.files().forEach(file -> listen(file.getParent()));
                Stream.of(recipe.resources(), recipe.sources()).flatMap(List::stream).forEach(this::listen);
                recipe.resources().stream().filter(Files::isDirectory).forEach(folders::add);
                Stream.of(recipe.resources(), recipe.sources()).flatMap(List::stream).filter(Files::isDirectory)
                        .distinct().forEach(this::walk);
            }

            private void walk(Path folder) {
                try {
                    Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
                } catch (IOException e) {
                    throw Fault.project("cannot read `" + Place.display(folder) + "`: " + Fault.reason(e));
                }
            }

            private void jarsIn(Path folder) {
                listen(folder);
                File[] files = folder.toFile().listFiles((parent, name) -> name.endsWith(".jar"));
                if (files != null) Arrays.stream(files).sorted().map(File::toPath).forEach(this::jar);
            }

            private void jar(Path file) {
                Stamp stamp = Stamp.of(file);
                if (stamp == null && file.equals(root)) throw Fault.project("`" + Place.display(file) + "` is gone");
                if (listening != null && Files.isSymbolicLink(file)) pin(file);
                Jar jar = new Jar(file, stamp);
                if (stamp != null && !jars.contains(jar)) jars.add(jar);
            }

            @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                if (isPassedOver(folder)) return FileVisitResult.SKIP_SUBTREE;
                listen(folder);
                if (folder.endsWith("src/main/resources") && !folders.contains(folder)) folders.add(folder);
                return FileVisitResult.CONTINUE;
            }

            /** Tests, what a build wrote, and hidden folders are no part of a function. */
            private boolean isPassedOver(Path folder) {
                if (folder.equals(root)) return false;
                String name = folder.getFileName().toString();
                Path parent = folder.getParent();
                if (name.startsWith(".") || name.equals("node_modules")) return true;
                if (name.equals("target")) return Files.exists(parent.resolve("pom.xml"));
                if (name.equals("build") || name.equals("bin")) return isGradle(parent);
                return parent.endsWith("src") && !name.equals("main") && Files.isDirectory(parent.resolve("main"));
            }

            private static boolean isGradle(Path folder) {
                return Files.exists(folder.resolve("build.gradle")) || Files.exists(folder.resolve("build.gradle.kts"));
            }

            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (listening != null && Files.isSymbolicLink(file)) pin(file);
                if (!attributes.isRegularFile() || name.startsWith(".")) return FileVisitResult.CONTINUE;
                if (SOURCE.matcher(name).matches()) source(file, attributes);
                else if (OUTSIDE.matcher(name).matches() || isResource(file)) others.put(file, Stamp.of(attributes));
                return FileVisitResult.CONTINUE;
            }

            private void source(Path file, BasicFileAttributes attributes) {
                if (file.endsWith("module-info.java")) return;
                try {
                    texts.put(file, FileText.read(file, Stamp.of(attributes), known.get(file)));
                } catch (IOException e) {
                    texts.remove(file);
                }
            }

            private boolean isResource(Path file) {
                return folders.stream().anyMatch(folder -> folder != root && file.startsWith(folder));
            }

            /** A file or folder that cannot be read, or is gone since it was listed, is as good as not there. */
            @Override public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (file.equals(root)) throw e;
                return FileVisitResult.CONTINUE;
            }
        }
    }

    // ---- Packages: which library has a package ----------------------------------------------------------------------

    /** Guesses which library is missing, from what could not be had and from what lies in Maven's local repository. */
    static final class Packages {
        private static final Pattern MISSING = Pattern.compile("package (\\S+) does not exist");
        private static final Pattern FOLLOWING = Pattern.compile("package \\S+ does not exist|cannot find symbol"
                + "|static import only|does not override or implement");
        private static final Pattern COORDINATES = Pattern.compile("`([\\w.-]+):([\\w.-]+)(?::[^`]*)?`");
        private static final int MOST_JARS = 300;
        private final Path repository;
        private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

        /** Over a repository in Maven's layout, which may not be there. */
        Packages(Path repository) {
            this.repository = repository;
        }

        static Packages here() {
            String home = System.getProperty("user.home");
            return new Packages(Path.of(System.getProperty("maven.repo.local", home + "/.m2/repository")));
        }

        /**
         * Errors of a compiler with hints at libraries that are missing. What could not be had comes first, and most
         * errors about names only follow from it.
         */
        List<Problem> explained(List<Problem> errors, List<Problem> notHad) {
            boolean isWhole = errors.isEmpty() || notHad.isEmpty();
            if (isWhole) return errors.stream().map(each -> explained(each, notHad)).toList();
            List<Problem> others = errors.stream().filter(error -> !FOLLOWING.matcher(error.message()).find()).toList();
            int following = errors.size() - others.size();
            Problem rest = new Problem(Console.count(following, "error") + " about names that are not known "
                    + (following == 1 ? "follows" : "follow") + " from this", null, null);
            return Stream.of(notHad, following == 0 ? List.<Problem>of() : List.of(rest), others)
                    .flatMap(List::stream).toList();
        }

        /** The error of a compiler, with a hint if it is about a package of a library that is not on the class path. */
        Problem explained(Problem error, List<Problem> notHad) {
            Matcher missing = MISSING.matcher(error.message());
            if (error.hint() != null || !missing.matches()) return error;
            String name = missing.group(1);
            return notHad.stream().filter(problem -> concerns(problem, name)).findFirst()
                    .map(problem -> problem.message() + (problem.place() == null ? "" : ", " + problem.place()))
                    .or(() -> known.computeIfAbsent(name, this::find).map(library ->
                            "`" + library + "` has it: add it to the dependencies of the build"))
                    .map(hint -> new Problem(error.message(), error.place(), hint)).orElse(error);
        }

        private static boolean concerns(Problem problem, String name) {
            Matcher coordinates = COORDINATES.matcher(problem.message());
            return coordinates.find() && start(coordinates.group(1)).equals(start(name));
        }

        /** The first two parts of a package or a group: those of one publisher. */
        private static String start(String name) {
            return name.replaceFirst("^([^.]+\\.[^.]+)\\..*", "$1");
        }

        private Optional<String> find(String name) {
            Path top = repository.resolve(start(name).replace('.', '/'));
            if (!name.contains(".") || !Files.isDirectory(top)) return Optional.empty();
            String folder = name.replace('.', '/') + "/";
            try (Stream<Path> files = Files.walk(top, 6)) {
                List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")
                        && !file.toString().matches(".*-(sources|javadoc|tests)\\.jar")).limit(MOST_JARS).toList();
                return jars.stream().filter(jar -> has(jar, folder)).max(Comparator.naturalOrder())
                        .map(this::coordinates);
            } catch (IOException | UncheckedIOException e) {
                return Optional.empty();
            }
        }

        private static boolean has(Path jar, String folder) {
            try (ZipFile zip = new ZipFile(jar.toFile())) {
                return zip.stream().anyMatch(entry -> entry.getName().startsWith(folder)
                        && entry.getName().indexOf('/', folder.length()) < 0 && entry.getName().endsWith(".class"));
            } catch (IOException e) {
                return false;
            }
        }

        private String coordinates(Path jar) {
            Path version = jar.getParent();
            Path artifact = version.getParent();
            String group = repository.relativize(artifact.getParent()).toString().replace(File.separatorChar, '.');
            return group + ":" + artifact.getFileName() + ":" + version.getFileName();
        }
    }

    // ---- Archives: deployment packages -----------------------------------------------------------------------------

    /**
     * Unpacks deployment packages as Lambda does, classes at the top and jars in {@code lib} (Lambda Developer Guide,
     * "Deploy Java Lambda functions with .zip or JAR file archives"). A jar without jars in it stays as it is.
     */
    static final class Archives {
        private static final long MOST_BYTES = 2L << 30;
        private static final int MOST_FILES = 200_000;
        private final Map<Jar, Path> unpacked = new HashMap<>();

        /**
         * The folder with an archive's files, or nothing if it can be used as it is, or is not there.
         *
         * @throws Fault if it cannot be read, or is no honest archive
         */
        synchronized Optional<Path> unpacked(Path archive) {
            Jar now = new Jar(archive, Stamp.of(archive));
            if (now.stamp() == null) return Optional.empty();
            if (unpacked.containsKey(now)) return Optional.of(unpacked.get(now));
            try (ZipFile zip = new ZipFile(archive.toFile())) {
                boolean isPlain = archive.toString().endsWith(".jar") && zip.stream().noneMatch(entry ->
                        entry.getName().matches("(java/)?lib/[^/]+\\.jar"));
                if (isPlain) return Optional.empty();
                Path folder = Scratch.folder();
                unpack(zip, folder);
                unpacked.put(now, folder);
                return Optional.of(folder);
            } catch (IOException | IllegalArgumentException e) {
                throw Fault.project("cannot read `" + Place.display(archive) + "`: " + e.getMessage());
            }
        }

        private static void unpack(ZipFile zip, Path folder) throws IOException {
            if (zip.size() > MOST_FILES) throw new IOException("more than " + MOST_FILES + " files");
            long left = MOST_BYTES;
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) throw new IOException("`" + entry.getName() + "` leads out of it");
                if (entry.isDirectory() || file.equals(folder)) continue;
                Files.createDirectories(file.getParent());
                try (InputStream in = zip.getInputStream(entry); OutputStream out = Files.newOutputStream(file)) {
                    left -= copy(in, out, left);
                }
            }
        }

        private static long copy(InputStream in, OutputStream out, long most) throws IOException {
            byte[] buffer = new byte[1 << 16];
            long copied = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                copied += read;
                if (copied > most) throw new IOException("more than " + MOST_BYTES + " bytes");
                out.write(buffer, 0, read);
            }
            return copied;
        }
    }

    // ---- Builds: what a module's build files say --------------------------------------------------------------------

    /** Recipes of modules, each read again when one of its build files has changed; kept on disk for the next start. */
    static final class Builds {
        private static final long PATIENCE = TimeUnit.SECONDS.toMillis(30);
        private final Maven maven;
        private final GradleBuild gradle;
        private final Console console;
        private final Map<Path, Known> known = new ConcurrentHashMap<>();
        private final Map<List<String>, Recipe> libraries = new ConcurrentHashMap<>();

        /** With {@code offline}, nothing is downloaded; {@code console} is told what is. */
        Builds(boolean offline, Console console) {
            this.maven = new Maven(offline, console);
            this.gradle = new GradleBuild(offline, maven, console);
            this.console = console;
        }

        /** The recipe of a folder as its build files are saved now, or null if it has none. */
        Recipe of(Path folder) {
            return Modules.buildFile(folder).map(file -> known.computeIfAbsent(file, Known::new).current())
                    .orElse(null);
        }

        /**
         * Libraries by their coordinates, with what they need.
         *
         * @param who needs them, for messages
         */
        Recipe libraries(List<String> coordinates, String who) {
            Recipe known = libraries.get(coordinates);
            if (known != null) return known;
            RecipeFile stored = RecipeFile.of(String.join("\n", coordinates));
            Recipe found = stored.read().orElseGet(() -> maven.read(coordinates.stream()
                    .flatMap(each -> Library.of(each).stream()).toList(), List.of(), who));
            if (!found.problems().isEmpty()) return found;
            stored.write(found);
            libraries.put(coordinates, found);
            return found;
        }

        /** The libraries that {@code //DEPS} comments of sources name, as JBang has them, if any do. */
        Optional<Recipe> declared(Map<Path, String> sources) {
            Map<String, Place> places = new LinkedHashMap<>();
            sources.forEach((path, text) -> {
                if (text.contains("//DEPS ")) declared(path, text.lines().toList(), places);
            });
            if (places.isEmpty()) return Optional.empty();
            Recipe found = libraries(List.copyOf(places.keySet()), "//DEPS");
            List<Problem> problems = new ArrayList<>();
            places.keySet().stream().filter(each -> Library.of(each).isEmpty()).forEach(each -> problems.add(
                    new Problem("cannot read `" + each + "`", places.get(each), "write it as group:name:version")));
            found.problems().forEach(problem -> problems.add(places.entrySet().stream()
                    .filter(each -> problem.message().contains(each.getKey())).findFirst()
                    .map(each -> new Problem(problem.message(), each.getValue(), problem.hint())).orElse(problem)));
            return Optional.of(found.withProblems(problems));
        }

        private static void declared(Path path, List<String> lines, Map<String, Place> places) {
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).startsWith("//DEPS ")) continue;
                for (String each : lines.get(i).substring("//DEPS ".length()).strip().split("[\\s,]+")) {
                    places.putIfAbsent(each, new Place(Place.display(path), lines, i + 1,
                            lines.get(i).indexOf(each) + 1, each.length()));
                }
            }
        }

        /** What was read of one build file. */
        private final class Known {
            private final Path file;
            private Watched watched;
            private Recipe recipe;
            private long retry;

            Known(Path file) {
                this.file = file;
            }

            synchronized Recipe current() {
                boolean isStale = recipe == null || !recipe.problems().isEmpty() && retry < System.currentTimeMillis();
                if (isStale) watched = new Watched(read());
                else watched.ifChanged(files -> read());
                return recipe;
            }

            private List<Path> read() {
                RecipeFile stored = RecipeFile.of(file);
                recipe = stored.read().orElseGet(() -> resolve(stored));
                retry = System.currentTimeMillis() + PATIENCE;
                return recipe.files();
            }

            private Recipe resolve(RecipeFile stored) {
                long started = System.nanoTime();
                boolean isMavens = file.endsWith("pom.xml");
                Recipe resolved = isMavens ? maven.read(file) : gradle.read(file);
                console.reportNow("libraries  " + resolved.runtime().size() + " for " + Place.display(file) + " in "
                        + Console.millis(System.nanoTime() - started));
                if (resolved.problems().isEmpty()) stored.write(resolved);
                return resolved;
            }
        }
    }

    /**
     * A recipe on disk, in the user's cache folder, under a name made of the build file's place and text. It counts
     * as long as all that it was read from has the same content and all that it lists is there.
     */
    static final class RecipeFile {
        private static final String FORMAT = "2";
        private static final int MOST_FILES = 1000;
        private static final long MOST_BYTES = 20 << 20;
        private final Path path;

        private RecipeFile(Path path) {
            this.path = path;
        }

        static RecipeFile of(Path buildFile) {
            return of(buildFile + "\n" + text(buildFile));
        }

        /** A recipe that is made from a text alone. */
        static RecipeFile of(String text) {
            String name = Cache.hash(FORMAT + "\n" + Runtime.version().feature() + "\n" + text);
            return new RecipeFile(Cache.folder().resolve("libraries").resolve(name + ".json"));
        }

        /** The recipe, if it is there, whole, and still true. */
        Optional<Recipe> read() {
            try {
                Map<?, ?> json = (Map<?, ?>) Json.read(Files.readString(path));
                Map<?, ?> files = (Map<?, ?>) json.get("files");
                long expires = ((Number) json.get("expires")).longValue();
                boolean isTrue = files.entrySet().stream().allMatch(file ->
                        file.getValue().equals(Cache.hash(text(Path.of((String) file.getKey())))))
                        && (expires == 0 || expires > System.currentTimeMillis());
                Recipe recipe = new Recipe(paths(json, "sources"), paths(json, "resources"), paths(json, "compile"),
                        paths(json, "runtime"), paths(json, "processors"), texts(json, "options"), tools(json),
                        ((Number) json.get("release")).intValue(),
                        files.keySet().stream().map(file -> Path.of((String) file)).toList(), expires, List.of());
                boolean isThere = Stream.of(recipe.compile(), recipe.runtime(), recipe.processors())
                        .flatMap(List::stream).distinct().allMatch(Files::exists);
                return isTrue && isThere ? Optional.of(recipe) : Optional.empty();
            } catch (IOException | ClassCastException | NullPointerException | InvalidPathException e) {
                return Optional.empty(); // none, or damaged
            }
        }

        private static Map<String, List<String>> tools(Map<?, ?> json) {
            Map<?, ?> tools = (Map<?, ?>) json.get("tools");
            return tools.keySet().stream().map(String.class::cast)
                    .collect(Collectors.toMap(tool -> tool, tool -> texts(tools, tool)));
        }

        private static List<String> texts(Map<?, ?> json, String key) {
            return ((List<?>) json.get(key)).stream().map(String.class::cast).toList();
        }

        private static List<Path> paths(Map<?, ?> json, String key) {
            return texts(json, key).stream().map(Path::of).toList();
        }

        /** Writes it whole or not at all; a cache that cannot be written is no failure. */
        void write(Recipe recipe) {
            Map<String, Object> json = new LinkedHashMap<>();
            Map<String, Object> files = new LinkedHashMap<>();
            recipe.files().forEach(file -> files.put(file.toString(), Cache.hash(text(file))));
            json.put("files", files);
            json.put("expires", recipe.expires());
            json.put("release", recipe.release());
            json.put("options", recipe.options());
            json.put("tools", recipe.tools());
            Map<String, List<Path>> lists = Map.of("sources", recipe.sources(), "resources", recipe.resources(),
                    "compile", recipe.compile(), "runtime", recipe.runtime(), "processors", recipe.processors());
            lists.forEach((key, paths) -> json.put(key, paths.stream().map(Path::toString).toList()));
            try {
                Cache.write(path, Json.writePretty(json).getBytes(UTF_8));
                Cache.tidy(path.getParent(), MOST_FILES, MOST_BYTES);
            } catch (IOException e) {
                return;
            }
        }

        private static String text(Path file) {
            try {
                return Files.readString(file, ISO_8859_1);
            } catch (IOException e) {
                return "";
            }
        }
    }

    // ---- GradleBuild: a build.gradle by Gradle itself, where it must be run to be understood ------------------------

    /**
     * Reads build files as {@link Gradle} does, and where they compute what they need, asks the project's own
     * {@code gradlew}, or a {@code gradle} on the path, by a task that an init script adds. Nothing is built, and what
     * Gradle writes goes to a folder of ours.
     */
    static final class GradleBuild {
        private static final long PATIENCE = TimeUnit.MINUTES.toSeconds(10);
        private static final int MOST_OUTPUT = 8 << 20;
        private static final String MARK = "samlocal\t";
        private static final String SCRIPT = """
                def wanted = new File(System.getenv('SAMLOCAL_MODULE')).canonicalFile
                def scratch = new File(System.getenv('SAMLOCAL_SCRATCH'))
                def tell = { kind, value -> println 'samlocal' + '\\t' + kind + '\\t' + value }
                allprojects { p ->
                    p.buildDir = new File(scratch, 'build' + p.path.replace(':', '/'))
                    if (p.projectDir.canonicalFile != wanted) return
                    p.tasks.create('samlocalRecipe') { task ->
                        doLast {
                            def modules = [p] as LinkedHashSet
                            def paths = { name, kind ->
                                def all = p.configurations.findByName(name)
                                if (all == null) return
                                all.incoming.resolutionResult.allComponents.each { c ->
                                    if (!c.id.hasProperty('projectPath')) return
                                    modules << p.rootProject.findProject(c.id.projectPath)
                                }
                                all.incoming.artifactView { view ->
                                    view.lenient(true)
                                    view.componentFilter { id -> !id.hasProperty('projectPath') }
                                }.files.each { tell(kind, it) }
                                all.incoming.resolutionResult.allDependencies.each { d ->
                                    if (d.hasProperty('failure')) tell('missing', d.attempted)
                                }
                            }
                            paths('compileClasspath', 'compile')
                            paths('runtimeClasspath', 'runtime')
                            paths('annotationProcessor', 'processor')
                            paths('aspect', 'aspect')
                            modules.findAll { it != null && it.plugins.hasPlugin('java') }.each { m ->
                                m.sourceSets.main.allSource.srcDirs.each { tell('source', it) }
                                m.sourceSets.main.resources.srcDirs.each { tell('resource', it) }
                                tell('file', m.buildFile)
                            }
                            def compile = p.tasks.findByName('compileJava')
                            compile?.options?.compilerArgs?.each { tell('option', it) }
                            if (compile != null) tell('release', compile.targetCompatibility)
                        }
                    }
                }
                """;
        private final boolean offline;
        private final Maven maven;
        private final Console console;

        GradleBuild(boolean offline, Maven maven, Console console) {
            this.offline = offline;
            this.maven = maven;
            this.console = console;
        }

        /** The recipe of a build file; what cannot be had is among its problems. */
        Recipe read(Path file) {
            Gradle.Read read = Gradle.read(file, maven);
            if (read.unread().isEmpty()) return read.recipe();
            Optional<Path> program = program(file.getParent());
            if (program.isEmpty()) return withProblems(read, read.unread());
            try {
                return run(program.get(), file, read.recipe());
            } catch (IOException e) {
                return withProblems(read, List.of(new Problem("Gradle cannot tell what " + Place.display(file)
                        + " needs: " + Fault.reason(e), read.unread().get(0).place(), "try: " + program.get()
                        + " dependencies")));
            }
        }

        private static Recipe withProblems(Gradle.Read read, List<Problem> more) {
            return read.recipe().withProblems(Stream.concat(more.stream(), read.recipe().problems().stream()).toList());
        }

        private static Optional<Path> program(Path module) {
            boolean isWindows = File.separatorChar == '\\';
            Stream<Path> wrappers = Stream.iterate(module, Objects::nonNull, Path::getParent).limit(5)
                    .map(folder -> folder.resolve(isWindows ? "gradlew.bat" : "gradlew"));
            String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
            Stream<Path> installed = Arrays.stream(path.split(File.pathSeparator)).filter(each -> !each.isBlank())
                    .map(folder -> Path.of(folder, isWindows ? "gradle.bat" : "gradle"));
            return Stream.concat(wrappers, installed).filter(Files::isRegularFile).findFirst();
        }

        private Recipe run(Path program, Path file, Recipe literal) throws IOException {
            console.reportNow("asking " + Place.display(program) + " what " + Place.display(file) + " needs");
            Path scratch = Scratch.folder();
            Path script = Files.writeString(scratch.resolve("recipe.gradle"), SCRIPT);
            boolean isExecutable = Files.isExecutable(program);
            List<String> command = new ArrayList<>(isExecutable ? List.of() : List.of("sh"));
            command.addAll(List.of(program.toString(), "-q", "--console=plain", "--no-daemon", "-I", script.toString(),
                    "-p", file.getParent().toString(), "--project-cache-dir", scratch.resolve("cache").toString()));
            if (offline) command.add("--offline");
            command.add("samlocalRecipe");
            ProcessBuilder builder = new ProcessBuilder(command).directory(file.getParent().toFile());
            builder.environment().put("SAMLOCAL_MODULE", file.getParent().toString());
            builder.environment().put("SAMLOCAL_SCRATCH", scratch.toString());
            return recipe(output(builder, scratch), literal, file);
        }

        private static List<String> output(ProcessBuilder builder, Path scratch) throws IOException {
            Path log = scratch.resolve("log");
            Path out = scratch.resolve("out");
            Process process = builder.redirectError(log.toFile()).redirectOutput(out.toFile()).start();
            process.getOutputStream().close();
            try {
                boolean isDone = process.waitFor(PATIENCE, TimeUnit.SECONDS);
                if (!isDone) process.destroyForcibly();
                if (!isDone) throw new IOException("no answer in " + PATIENCE + " s");
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw new InterruptedIOException();
            }
            if (process.exitValue() != 0) throw new IOException(reason(head(log), process.exitValue()));
            return head(out);
        }

        private static List<String> head(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                return new String(in.readNBytes(MOST_OUTPUT), UTF_8).lines().toList();
            }
        }

        /** What Gradle says below its heading. */
        private static String reason(List<String> log, int status) {
            int heading = log.indexOf("* What went wrong:");
            return log.stream().skip(heading + 1).filter(line -> !line.isBlank()).findFirst().map(String::strip)
                    .orElse("it ended with status " + status);
        }

        private static Recipe recipe(List<String> output, Recipe literal, Path file) {
            Map<String, List<String>> told = output.stream().filter(line -> line.startsWith(MARK))
                    .map(line -> line.split("\t", 3)).filter(parts -> parts.length == 3).collect(Collectors.groupingBy(
                    parts -> parts[1], Collectors.mapping(parts -> parts[2], Collectors.toList())));
            List<Path> processors = paths(told, "processor");
            List<String> options = new ArrayList<>(told.getOrDefault("option", List.of()));
            if (processors.isEmpty()) options.add("-proc:none");
            List<Path> resources = paths(told, "resource");
            List<Path> sources = paths(told, "source").stream().filter(path -> !resources.contains(path)).toList();
            Map<String, List<String>> tools = literal.tools().containsKey("aspectj")
                    ? Map.of("aspectj", told.getOrDefault("aspect", List.of())) : literal.tools();
            List<Problem> problems = told.getOrDefault("missing", List.of()).stream().distinct().map(each ->
                    new Problem("cannot find `" + each + "`", new Place(Place.display(file), List.of(), 0, 0, 0), null))
                    .toList();
            int release = told.getOrDefault("release", List.of()).stream().map(each -> each.replaceFirst("^1\\.", ""))
                    .filter(each -> each.matches("\\d+")).map(Integer::valueOf).findFirst().orElse(literal.release());
            return new Recipe(sources, resources, paths(told, "compile"), paths(told, "runtime"), processors, options,
                    tools, release, Stream.concat(literal.files().stream(), paths(told, "file").stream()).distinct()
                    .toList(), 0, problems);
        }

        private static List<Path> paths(Map<String, List<String>> told, String kind) {
            return told.getOrDefault(kind, List.of()).stream().map(Path::of).distinct().toList();
        }
    }

    // ---- Gradle: a build.gradle to a pom, as far as it is literal ---------------------------------------------------

    /**
     * Reads build.gradle and build.gradle.kts without running them: coordinates written out or by variables, platforms,
     * version catalogs, sibling projects, jars of folders ("Declaring dependencies", "Version catalogs" of the Gradle
     * user manual). What is not literal is told by its line. The libraries are then found by {@link Maven}, through a
     * pom that says the same.
     */
    static final class Gradle {
        /** Configurations and what Maven calls them; those that are not here are for tests and tools. */
        private static final Map<String, String> SCOPES = Map.ofEntries(Map.entry("implementation", "compile"),
                Map.entry("api", "compile"), Map.entry("compile", "compile"), Map.entry("aspect", "compile"),
                Map.entry("runtimeOnly", "runtime"), Map.entry("runtime", "runtime"),
                Map.entry("compileOnly", "provided"), Map.entry("compileOnlyApi", "provided"),
                Map.entry("annotationProcessor", "processor"));
        private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m)(?<![:\"'])//[^\n]*$");
        private static final Pattern DECLARED = Pattern.compile("(?m)^[ \\t]*(\\w+)[ (]+(\\S[^\n]*)$");
        private static final Pattern VARIABLE = Pattern.compile(
                "(?m)(?:^|[\\s{;.])(\\w+)\\s*(?:=|by\\s+extra\\()\\s*['\"]([^'\"\\n]*)['\"]");
        private static final Pattern REFERENCE =
                Pattern.compile("\\$\\{?(?:rootProject\\.|project\\.|ext\\.|extra\\.)*(\\w+)}?");
        private static final Pattern COORDINATES =
                Pattern.compile("['\"]([^'\":\\s]+):([^'\":\\s]+)(?::([^'\":@\\s]*))?(?::([^'\"@]+))?"
                        + "(?:@\\w+)?['\"].*");
        private static final Pattern NAMED =
                Pattern.compile("(group|name|version)\\s*[:=]\\s*['\"]?([^'\",)\\s]+)['\"]?");
        private static final Pattern PLATFORM = Pattern.compile("(?:enforcedPlatform|platform)\\s*\\((.*)\\).*");
        private static final Pattern PROJECT =
                Pattern.compile("project\\s*\\(\\s*(?:path\\s*[:=]\\s*)?['\"]([^'\"]+)['\"].*");
        private static final Pattern FILES = Pattern.compile("(?:fileTree|files)\\s*\\(.*?['\"]([^'\"]+)['\"].*");
        private static final Pattern CATALOG =
                Pattern.compile("libs\\.([\\w.]+?)(?:\\.get\\(\\))?\\s*[)},]*\\s*(?:\\{.*)?");
        private static final Pattern RELEASE = Pattern.compile("(?:languageVersion\\s*(?:=|\\.set\\()\\s*"
                + "JavaLanguageVersion\\.of\\(|options\\.release(?:\\.set\\(|\\s*=)\\s*|(?:source|target)Compatibility"
                + "\\s*=?\\s*(?:JavaVersion\\.VERSION_|['\"])?)(?:1[._])?(\\d+)");
        private static final Pattern ARGUMENT = Pattern.compile("['\"](-A[^'\"]+)['\"]");
        private static final Pattern REPOSITORY =
                Pattern.compile("maven\\s*(?:\\{[^}]*?url\\s*=?\\s*(?:uri\\()?|\\()\\s*['\"](https?://[^'\"]+)['\"]");
        private static final Pattern BOM = Pattern.compile("mavenBom[ (]+['\"]([^'\"]+)['\"]");
        private static final Pattern PLUGIN =
                Pattern.compile("id[ (]+['\"]([\\w.-]+)['\"]\\)?\\s*version[ (]*['\"]([^'\"]+)['\"]");
        private static final Pattern KOTLIN = Pattern.compile(
                "(?:kotlin\\(\\s*[\"']jvm[\"']\\s*\\)|id[ (]+['\"]org\\.jetbrains\\.kotlin\\.jvm['\"]\\)?)"
                + "\\s*version[ (]*['\"]([^'\"]+)['\"]");
        private static final Pattern KOTLIN_PROCESSORS = Pattern.compile(
                "(?:id[ (]+['\"](?:org\\.jetbrains\\.kotlin\\.|com\\.google\\.devtools\\.)|kotlin\\(\\s*[\"'])"
                + "(kapt|ksp)['\"]");
        private static final Pattern APPLIED =
                Pattern.compile("apply\\s*\\(?\\s*from\\s*[:=]\\s*(?:file\\()?[\"']([^\"':]+)[\"']");
        private static final Pattern BUILDSCRIPT = Pattern.compile("buildscript\\s*\\{");
        private static final Pattern SHARED = Pattern.compile("(?:subprojects|allprojects)\\s*\\{");

        private final Path file;
        private final Path root;
        private final Maven maven;
        private final Map<String, String> variables = new HashMap<>();
        private final List<Library> libraries = new ArrayList<>();
        private final Set<String> aspects = new HashSet<>();
        private final Set<Path> siblings = new LinkedHashSet<>();
        private final Set<Path> jars = new LinkedHashSet<>();
        private final List<Path> files = new ArrayList<>();
        private final List<Problem> problems = new ArrayList<>();
        private final List<Problem> unread = new ArrayList<>();
        private String text = "";

        private Gradle(Path file, Maven maven) {
            this.file = file;
            this.maven = maven;
            this.root = Stream.iterate(file.getParent(), Objects::nonNull, Path::getParent).limit(5)
                    .filter(folder -> Stream.of("settings.gradle", "settings.gradle.kts").anyMatch(name ->
                            Files.isRegularFile(folder.resolve(name)))).findFirst().orElse(file.getParent());
        }

        /** What could be read: a recipe, and what of the build file is not literal. */
        record Read(Recipe recipe, List<Problem> unread) {
            Read with(Read other) {
                return new Read(recipe.with(other.recipe), Stream.concat(unread.stream(), other.unread.stream())
                        .toList());
            }
        }

        /** Reads a build file; what cannot be had is among the recipe's problems. */
        static Read read(Path file, Maven maven) {
            return new Gradle(file, maven).read(new HashSet<>());
        }

        private Read read(Set<Path> seen) {
            seen.add(file.getParent());
            readAll();
            Recipe found = maven.read(libraries, repositories(), Place.display(file));
            found.problems().forEach(problem -> problems.add(atHome(problem)));
            List<String> options = ARGUMENT.matcher(text).results().map(argument -> argument.group(1))
                    .collect(Collectors.toCollection(ArrayList::new));
            boolean hasProcessors = libraries.stream().anyMatch(each -> each.scope().equals("processor"));
            if (!hasProcessors) options.add("-proc:none");
            Read own = new Read(new Recipe(sources(), List.of(file.resolveSibling("src/main/resources")),
                    joined(found.compile(), jars), joined(found.runtime(), jars), found.processors(), options,
                    tools(found.compile()), release(), files, found.expires(), problems), unread);
            for (Path sibling : siblings) {
                Path build = Modules.buildFile(sibling).orElse(null);
                boolean isNew = build != null && !build.endsWith("pom.xml") && seen.add(sibling);
                if (isNew) own = own.with(new Gradle(build, maven).read(seen));
            }
            return own;
        }

        private List<Path> sources() {
            Path module = file.getParent();
            return Stream.concat(Recipe.sources(module).stream(),
                    Modules.children(module.resolve("build/generated/sources")).stream()
                            .filter(kind -> !kind.endsWith("annotationProcessor"))
                            .map(kind -> kind.resolve("java/main"))).toList();
        }

        private static List<Path> joined(Collection<Path> some, Collection<Path> more) {
            return Stream.concat(some.stream(), more.stream()).distinct().toList();
        }

        private void readAll() {
            Path properties = root.resolve("gradle.properties");
            lines(properties).forEach(line -> {
                String[] pair = line.split("=", 2);
                if (pair.length == 2) variables.put(pair[0].strip(), pair[1].strip());
            });
            Path top = Modules.buildFile(root).orElse(file);
            String shared = top.equals(file) ? "" : shared(plain(top));
            text = plain(file);
            Stream.of(plain(top), text).forEach(each -> VARIABLE.matcher(each).results().forEach(variable ->
                    variables.put(variable.group(1), variable.group(2))));
            files.addAll(Stream.of(file, top, properties, catalog(), root.resolve("settings.gradle"),
                    root.resolve("settings.gradle.kts")).distinct().toList());
            text = shared + "\n" + text;
            applied();
            BOM.matcher(text).results().forEach(bom -> coordinates("'" + bom.group(1) + "'", "platform"));
            PLUGIN.matcher(text).results().filter(plugin -> plugin.group(1).equals("org.springframework.boot"))
                    .filter(plugin -> text.contains("io.spring.dependency-management")).forEach(plugin ->
                    libraries.add(new Library("platform", "org.springframework.boot", "spring-boot-dependencies",
                            plugin.group(2), "")));
            micronaut();
            kotlin();
            dependencies(blocks(text));
        }

        /** Scripts that are applied count as if they stood here; plugins of the project's own must be run. */
        private void applied() {
            StringBuilder more = new StringBuilder();
            APPLIED.matcher(text).results().forEach(script -> {
                String name = script.group(1).replaceAll("^\\$\\{?root(Dir|Project\\.projectDir)}?/", "");
                Path path = (name.equals(script.group(1)) ? file.getParent() : root).resolve(name).normalize();
                files.add(path);
                more.append('\n').append(plain(path));
            });
            VARIABLE.matcher(more).results().forEach(variable -> variables.put(variable.group(1), variable.group(2)));
            text += more;
            boolean hasOwnPlugins = Files.isDirectory(root.resolve("buildSrc"))
                    || Files.isDirectory(root.resolve("build-logic"));
            if (hasOwnPlugins) {
                unread.add(new Problem("plugins of the project's own take part in its build", place("plugins"),
                        "their dependencies are known only where there is a `gradlew` or a `gradle`"));
            }
        }

        /** Micronaut's plugin brings its platform unasked. */
        private void micronaut() {
            String version = variables.get("micronautVersion");
            if (version == null || !text.contains("io.micronaut.")) return;
            boolean isNew = !version.matches("[0-3]\\..*");
            libraries.add(new Library("platform", isNew ? "io.micronaut.platform" : "io.micronaut",
                    isNew ? "micronaut-platform" : "micronaut-bom", version, ""));
        }

        /** So does Kotlin's, its library; its processors of annotations are plugins of the compiler, and not run. */
        private void kotlin() {
            KOTLIN.matcher(text).results().map(plugin -> expanded(plugin.group(1))).findFirst().ifPresent(version ->
                    libraries.add(new Library("compile", "org.jetbrains.kotlin", "kotlin-stdlib", version, "")));
            Matcher processors = KOTLIN_PROCESSORS.matcher(text);
            if (!processors.find()) return;
            problems.add(new Problem("Kotlin's annotation processing by `" + processors.group(1) + "` does not run",
                    place(processors.group()), "build the project, and let `CodeUri` name its jar"));
        }

        private static List<String> lines(Path file) {
            try {
                return Files.readString(file, UTF_8).lines().toList();
            } catch (IOException e) {
                return List.of();
            }
        }

        private static String plain(Path file) {
            return COMMENT.matcher(String.join("\n", lines(file))).replaceAll("");
        }

        /** What a root project says for those below it. */
        private static String shared(String text) {
            return SHARED.matcher(text).results().map(start -> block(text, start.end()))
                    .collect(Collectors.joining("\n"));
        }

        /** What stands in all blocks of dependencies but those of the build itself. */
        private static String blocks(String text) {
            Matcher build = BUILDSCRIPT.matcher(text);
            String rest = build.find() ? text.replace(block(text, build.end()), "") : text;
            return Pattern.compile("\\bdependencies\\s*\\{").matcher(rest).results()
                    .map(start -> block(rest, start.end())).collect(Collectors.joining("\n"));
        }

        /** The text up to the brace that closes. */
        private static String block(String text, int start) {
            int depth = 1;
            int end = start;
            for (; end < text.length() && depth > 0; end++) {
                if (text.charAt(end) == '{') depth++;
                if (text.charAt(end) == '}') depth--;
            }
            return text.substring(start, depth > 0 ? end : end - 1);
        }

        private void dependencies(String block) {
            DECLARED.matcher(block).results().filter(line -> SCOPES.containsKey(line.group(1))).forEach(line -> {
                int before = libraries.size();
                dependency(line.group(2).strip(), SCOPES.get(line.group(1)));
                if (!line.group(1).equals("aspect")) return;
                libraries.subList(before, libraries.size()).forEach(library -> aspects.add(library.name()));
            });
        }

        private void dependency(String written, String scope) {
            Matcher platform = PLATFORM.matcher(written);
            Matcher project = PROJECT.matcher(written);
            Matcher folder = FILES.matcher(written);
            Matcher catalog = CATALOG.matcher(written);
            if (platform.matches()) dependency(platform.group(1).strip(), "platform");
            else if (project.matches()) siblings.add(projectFolder(project.group(1)));
            else if (folder.matches()) addJars(file.resolveSibling(folder.group(1)).normalize());
            else if (catalog.matches()) fromCatalog(catalog.group(1), scope, written);
            else if (!coordinates(written, scope) && !named(written, scope)) notLiteral(written);
        }

        private boolean coordinates(String written, String scope) {
            Matcher parts = COORDINATES.matcher(expanded(written));
            if (!parts.matches()) return false;
            libraries.add(new Library(scope, parts.group(1), parts.group(2), text(parts.group(3)),
                    text(parts.group(4))));
            return true;
        }

        private boolean named(String written, String scope) {
            Map<String, String> parts = new HashMap<>();
            NAMED.matcher(written).results().forEach(part -> parts.put(part.group(1),
                    expanded(variables.getOrDefault(part.group(2), part.group(2)))));
            if (!parts.containsKey("group") || !parts.containsKey("name")) return false;
            libraries.add(new Library(scope, parts.get("group"), parts.get("name"), text(parts.get("version")), ""));
            return true;
        }

        private static String text(String text) {
            return text == null ? "" : text;
        }

        private String expanded(String written) {
            String joined = written.replaceAll("['\"]\\s*\\+\\s*(\\w+)", "\\${$1}\"");
            return REFERENCE.matcher(joined).replaceAll(name -> Matcher.quoteReplacement(
                    variables.getOrDefault(name.group(1), name.group())));
        }

        private void notLiteral(String written) {
            String start = written.split("[\\n{]")[0].strip();
            unread.add(new Problem("cannot read the dependency `" + start + "`", place(start),
                    "write it as 'group:name:version', or put its jar into a lib folder beside the sources"));
        }

        private Path projectFolder(String path) {
            return root.resolve(path.replaceFirst("^:", "").replace(':', '/')).normalize();
        }

        private void addJars(Path place) {
            File[] children = place.toFile().listFiles((folder, name) -> name.endsWith(".jar"));
            if (children != null) Stream.of(children).sorted().map(File::toPath).forEach(jars::add);
            else if (Files.isRegularFile(place)) jars.add(place);
        }

        private Path catalog() {
            return root.resolve("gradle/libs.versions.toml");
        }

        private void fromCatalog(String alias, String scope, String written) {
            Catalog catalog = Catalog.read(lines(catalog()));
            List<String> found = alias.startsWith("bundles.") ? catalog.bundle(alias.substring("bundles.".length()))
                    : catalog.library(alias).stream().toList();
            if (found.isEmpty()) notLiteral(written);
            found.forEach(each -> coordinates("'" + each + "'", scope));
        }

        private Map<String, List<String>> tools(List<Path> compile) {
            if (!text.contains("io.freefair.aspectj")) return Map.of();
            return Map.of("aspectj", compile.stream().filter(jar -> jar.getNameCount() > 2
                    && aspects.contains(jar.getParent().getParent().getFileName().toString()))
                    .map(Path::toString).toList());
        }

        private List<String> repositories() {
            return REPOSITORY.matcher(text).results().map(url -> url.group(1)).distinct().toList();
        }

        private int release() {
            return RELEASE.matcher(text).results().map(version -> Integer.valueOf(version.group(1)))
                    .max(Comparator.naturalOrder()).orElse(0);
        }

        /** A problem with a library, at its line of the build file. */
        private Problem atHome(Problem problem) {
            String message = problem.message();
            return libraries.stream().filter(each -> message.contains(each.group() + ":" + each.name())).findFirst()
                    .map(each -> new Problem(message, place(each.name()), problem.hint()))
                    .orElse(new Problem(message, place(""), problem.hint()));
        }

        private Place place(String part) {
            List<String> lines = lines(file);
            int line = (int) lines.stream().takeWhile(each -> !each.contains(part)).count() + 1;
            boolean isFound = !part.isEmpty() && line <= lines.size();
            return isFound ? new Place(Place.display(file), lines, line, lines.get(line - 1).indexOf(part) + 1,
                    part.length()) : new Place(Place.display(file), lines, 0, 0, 0);
        }

        /** A version catalog, of which only the forms that people write are read; aliases by their dotted names. */
        private record Catalog(Map<String, String> versions, Map<String, String> libraries,
                Map<String, List<String>> bundles) {
            private static final Pattern ENTRY = Pattern.compile("\\s*([\\w.-]+)\\s*=\\s*(.+?)\\s*(?:#.*)?");
            private static final Pattern FIELD = Pattern.compile("([\\w.]+)\\s*=\\s*[\"']([^\"']*)[\"']");
            private static final Pattern TEXT = Pattern.compile("[\"']([^\"']*)[\"']");

            static Catalog read(List<String> lines) {
                Catalog catalog = new Catalog(new HashMap<>(), new HashMap<>(), new HashMap<>());
                String section = "";
                for (String line : joined(lines)) {
                    Matcher entry = ENTRY.matcher(line);
                    if (line.strip().startsWith("[")) section = line.strip();
                    else if (entry.matches()) catalog.add(section, entry.group(1), entry.group(2));
                }
                return catalog;
            }

            /** Lists may go over several lines. */
            private static List<String> joined(List<String> lines) {
                List<String> joined = new ArrayList<>();
                StringBuilder open = new StringBuilder();
                for (String line : lines) {
                    open.append(line.replaceFirst("^\\s*#.*", ""));
                    boolean isOpen = open.indexOf("= [") > 0 && open.indexOf("]") < 0;
                    if (isOpen) continue;
                    joined.add(open.toString());
                    open.setLength(0);
                }
                return joined;
            }

            private void add(String section, String name, String value) {
                Map<String, String> fields = new HashMap<>();
                FIELD.matcher(value).results().forEach(field -> fields.put(field.group(1), field.group(2)));
                Matcher text = TEXT.matcher(value);
                String first = text.find() ? text.group(1) : "";
                switch (section) {
                    case "[versions]" -> versions.put(name, fields.getOrDefault("strictly",
                            fields.getOrDefault("require", first)));
                    case "[libraries]" -> libraries.put(dotted(name), fields.isEmpty() ? first : coordinates(fields));
                    case "[bundles]" -> bundles.put(dotted(name), TEXT.matcher(value).results()
                            .map(each -> dotted(each.group(1))).toList());
                    default -> { }
                }
            }

            private String coordinates(Map<String, String> fields) {
                String module = fields.getOrDefault("module", fields.get("group") + ":" + fields.get("name"));
                String version = fields.containsKey("version.ref") ? versions.get(fields.get("version.ref"))
                        : fields.get("version");
                return version == null ? module : module + ":" + version;
            }

            private static String dotted(String alias) {
                return alias.replaceAll("[-_]", ".");
            }

            Optional<String> library(String alias) {
                return Optional.ofNullable(libraries.get(dotted(alias)));
            }

            List<String> bundle(String alias) {
                return bundles.getOrDefault(dotted(alias), List.of()).stream().flatMap(each -> library(each).stream())
                        .toList();
            }
        }
    }

    // ---- Maven: a pom.xml to a recipe, by Maven's own model and resolver --------------------------------------------

    /**
     * Reads poms as Maven does, with its parents, BOMs, profiles, settings.xml and local repository; modules beside
     * the one that is read stand in for their artifacts. Its libraries are loaded when the first pom is read.
     */
    static final class Maven {
        private final boolean offline;
        private final Console console;

        Maven(boolean offline, Console console) {
            this.offline = offline;
            this.console = console;
        }

        /**
         * Finds libraries, and what those need.
         *
         * @param repositories addresses besides those of Maven's settings
         * @param who needs them, for messages
         */
        Recipe read(List<Library> libraries, List<String> repositories, String who) {
            try {
                Path pom = Scratch.folder().resolve("pom.xml");
                if (libraries.isEmpty()) return Recipe.standard(pom.getParent(), List.of(), List.of());
                Files.writeString(pom, Library.pom(libraries, repositories));
                Recipe found = read(pom, who, Reactor.none());
                return found.readFrom(found.files().stream().filter(file -> !file.equals(pom)).toList());
            } catch (IOException e) {
                throw Fault.project("cannot write to the folder for temporary files: " + Fault.reason(e));
            }
        }

        /** Reads a pom.xml; what is wrong with it, or cannot be had, is among the recipe's problems. */
        Recipe read(Path pom) {
            return read(pom, Place.display(pom), Reactor.around(pom.getParent()));
        }

        private Recipe read(Path pom, String who, Reactor reactor) {
            Path module = pom.getParent();
            Downloads downloads = new Downloads(console, who);
            ContextOverrides overrides = ContextOverrides.create().withUserSettings(true).withBasedirOverride(module)
                    .offline(offline).transferListener(downloads).build();
            try (eu.maveniverse.maven.mima.context.Context context = Runtimes.INSTANCE.getRuntime().create(overrides)) {
                List<Path> files = new ArrayList<>(List.of(pom, context.mavenUserHome().settingsXml()));
                try {
                    return new Reading(context, reactor, files, offline).recipe(pom);
                } catch (Fault fault) {
                    return Recipe.standard(module, files, fault.problems());
                }
            } catch (IllegalStateException e) {
                Problem problem = new Problem("Maven's settings cannot be read: " + root(e).getMessage(), null, null);
                return Recipe.standard(module, List.of(pom), List.of(problem));
            } finally {
                downloads.end();
            }
        }

        private static Throwable root(Throwable error) {
            return error.getCause() == null ? error : root(error.getCause());
        }

        /** The poms around a module: each stands in for its artifact, in the form of its folder. */
        private record Reactor(Map<String, Path> folders, Map<String, String> versions) implements WorkspaceReader {
            private static final int HIGHEST = 4;
            private static final int MOST_FOLDERS = 2000;
            private static final int DEEPEST = 5;

            static Reactor none() {
                return new Reactor(new HashMap<>(), new HashMap<>());
            }

            static Reactor around(Path module) {
                Reactor reactor = none();
                Modules.below(top(module), DEEPEST, MOST_FOLDERS).stream().map(folder -> folder.resolve("pom.xml"))
                        .filter(Files::isRegularFile).forEach(reactor::add);
                reactor.add(module.resolve("pom.xml"));
                return reactor;
            }

            /** The highest folder near by that has a pom or a template, but none beyond the checkout. */
            private static Path top(Path module) {
                Path top = module;
                Path folder = module;
                for (int i = 0; i < HIGHEST && folder != null && !Files.exists(folder.resolve(".git")); i++) {
                    folder = folder.getParent();
                    if (folder != null && Modules.isProject(folder)) top = folder;
                }
                return top;
            }

            private void add(Path pom) {
                try (InputStream in = Files.newInputStream(pom)) {
                    Model model = new MavenXpp3Reader().read(in, false);
                    Parent parent = model.getParent();
                    String group = model.getGroupId() == null && parent != null ? parent.getGroupId()
                            : model.getGroupId();
                    String version = model.getVersion() == null && parent != null ? parent.getVersion()
                            : model.getVersion();
                    folders.put(group + ":" + model.getArtifactId(), pom.getParent());
                    versions.put(group + ":" + model.getArtifactId(), String.valueOf(version));
                } catch (IOException | XmlPullParserException e) {
                    return; // not a pom; where it is needed, that will be told
                }
            }

            @Override public WorkspaceRepository getRepository() {
                return new WorkspaceRepository("checkout");
            }

            @Override public File findArtifact(Artifact artifact) {
                String name = artifact.getGroupId() + ":" + artifact.getArtifactId();
                String version = versions.get(name);
                boolean isHere = version != null
                        && (version.contains("${") || version.equals(artifact.getBaseVersion()));
                if (!isHere || !artifact.getClassifier().isEmpty()) return null;
                if (artifact.getExtension().equals("pom")) return folders.get(name).resolve("pom.xml").toFile();
                return artifact.getExtension().equals("jar") ? folders.get(name).toFile() : null;
            }

            @Override public List<String> findVersions(Artifact artifact) {
                String version = versions.get(artifact.getGroupId() + ":" + artifact.getArtifactId());
                return version == null || version.contains("${") ? List.of() : List.of(version);
            }
        }

        /** One reading of a module and the siblings that it needs. */
        private static final class Reading {
            private static final Pattern COORDINATES = Pattern.compile("[\\w.-]+:([\\w.-]+):(?:pom|jar)");
            private final eu.maveniverse.maven.mima.context.Context context;
            private final DefaultRepositorySystemSession session;
            private final List<Path> files;
            private final boolean offline;
            private final List<Problem> problems = new ArrayList<>();
            private final Set<Path> sources = new LinkedHashSet<>();
            private final Set<Path> resources = new LinkedHashSet<>();
            private final Set<Path> compile = new LinkedHashSet<>();
            private final Set<Path> runtime = new LinkedHashSet<>();
            private final Set<Path> processors = new LinkedHashSet<>();
            private final Map<String, Path> jars = new HashMap<>();
            private boolean changes;

            Reading(eu.maveniverse.maven.mima.context.Context context, WorkspaceReader reactor, List<Path> files,
                    boolean offline) {
                this.context = context;
                this.session = new DefaultRepositorySystemSession(context.repositorySystemSession());
                this.session.setWorkspaceReader(reactor);
                this.session.setArtifactDescriptorPolicy(new SimpleArtifactDescriptorPolicy(true, true));
                this.files = files;
                this.offline = offline;
            }

            Recipe recipe(Path pom) {
                ModelResponse read = model(pom);
                Model model = read.getEffectiveModel();
                CompilerSettings settings = CompilerSettings.of(model);
                for (Path sibling : libraries(read)) {
                    Model other = model(sibling.resolve("pom.xml")).getEffectiveModel();
                    addSources(other, sibling);
                    processors(CompilerSettings.of(other), other);
                }
                addSources(model, pom.getParent());
                processors(settings, model);
                long expires = changes ? System.currentTimeMillis() + TimeUnit.DAYS.toMillis(1) : 0;
                return new Recipe(List.copyOf(sources), List.copyOf(resources), List.copyOf(compile),
                        List.copyOf(runtime), List.copyOf(processors), settings.options(), tools(model),
                        settings.release(),
                        files.stream().distinct().toList(), expires, problems);
            }

            /** AspectJ's and Kotlin's plugins, whichever organisation's. */
            private Map<String, List<String>> tools(Model model) {
                Map<String, List<String>> tools = new TreeMap<>();
                for (Plugin plugin : model.getBuild().getPlugins()) {
                    Stream<Object> configurations = Stream.concat(Stream.of(plugin.getConfiguration()),
                            plugin.getExecutions().stream().map(PluginExecution::getConfiguration))
                            .filter(Objects::nonNull);
                    if (plugin.getArtifactId().equals("aspectj-maven-plugin")) {
                        tools.put("aspectj", configurations.flatMap(each -> aspects(each)).distinct().toList());
                    } else if (plugin.getArtifactId().equals("kotlin-maven-plugin")) {
                        tools.put("kotlin", configurations.flatMap(each -> texts(each, "compilerPlugins").stream())
                                .distinct().toList());
                    }
                }
                return tools;
            }

            private Stream<String> aspects(Object configuration) {
                Xpp3Dom libraries = ((Xpp3Dom) configuration).getChild("aspectLibraries");
                if (libraries == null) return Stream.of();
                return Arrays.stream(libraries.getChildren()).map(library ->
                        jars.get(CompilerSettings.text(library, "groupId") + ":"
                        + CompilerSettings.text(library, "artifactId"))).filter(Objects::nonNull).map(Path::toString);
            }

            private ModelResponse model(Path pom) {
                files.add(pom);
                try {
                    ModelResponse read = new MavenModelReader(context).getImpl()
                            .readModel(session, ModelRequest.builder().setPomFile(pom).build());
                    read.getLineage().stream().map(read::getLineageModel).filter(Objects::nonNull)
                            .map(Model::getPomFile).filter(Objects::nonNull).map(File::toPath)
                            .map(Path::normalize).forEach(files::add);
                    return read;
                } catch (VersionResolutionException | ArtifactResolutionException e) {
                    throw Fault.project("cannot read `" + Place.display(pom) + "`: " + e.getMessage());
                } catch (ArtifactDescriptorException e) {
                    throw invalid(pom, e);
                }
            }

            private Fault invalid(Path pom, ArtifactDescriptorException e) {
                if (!(e.getCause() instanceof ModelBuildingException invalid)) {
                    Matcher artifact = COORDINATES.matcher(String.valueOf(root(e).getMessage()));
                    String named = artifact.find() ? "<artifactId>" + artifact.group(1) + "</artifactId>" : "<parent>";
                    return Fault.project(why(e), place(pom, named), advice());
                }
                List<Problem> found = invalid.getProblems().stream()
                        .filter(problem -> problem.getSeverity() != ModelProblem.Severity.WARNING)
                        .map(problem -> new Problem(reason(problem.getMessage()), place(problem, pom), advice()))
                        .toList();
                return new Fault(found, Fault.PROJECT);
            }

            private static Place place(ModelProblem problem, Path pom) {
                Path file = problem.getSource().startsWith("/") ? Path.of(problem.getSource()) : pom;
                List<String> lines = lines(file);
                int line = Math.max(0, problem.getLineNumber());
                return line == 0 || line > lines.size() ? new Place(Place.display(file), lines, 0, 0, 0)
                        : new Place(Place.display(file), lines, line, Math.max(1, problem.getColumnNumber()), 1);
            }

            private String advice() {
                return offline ? "this runs with `--offline`: start once without it" : null;
            }

            /** The deepest reason; that of an unknown host is but its name. */
            private static String why(Throwable error) {
                Throwable root = root(error);
                return root instanceof UnknownHostException ? "there is no host `" + reason(root.getMessage()) + "`"
                        : reason(String.valueOf(root.getMessage()));
            }

            /** Maven's reasons repeat themselves and end in addresses. */
            private static String reason(String message) {
                return message.lines().findFirst().orElse("").strip();
            }

            private void addSources(Model model, Path module) {
                sources.add(Path.of(model.getBuild().getSourceDirectory()));
                sources.addAll(Recipe.sources(module));
                model.getBuild().getPlugins().stream()
                        .filter(plugin -> plugin.getArtifactId().equals("build-helper-maven-plugin"))
                        .flatMap(plugin -> plugin.getExecutions().stream())
                        .filter(execution -> execution.getGoals().contains("add-source"))
                        .flatMap(execution -> texts(execution.getConfiguration(), "sources").stream())
                        .map(folder -> module.resolve(folder).normalize()).forEach(sources::add);
                Path generated = Path.of(model.getBuild().getDirectory(), "generated-sources");
                Modules.children(generated).stream().filter(folder -> !folder.endsWith("annotations"))
                        .forEach(sources::add);
                model.getBuild().getResources().stream().map(resource -> Path.of(resource.getDirectory()))
                        .forEach(resources::add);
            }

            /** The folders of the siblings that the module needs; jars go to the class paths. */
            private List<Path> libraries(ModelResponse read) {
                Model model = read.getEffectiveModel();
                ArtifactDescriptorResult described = read.toArtifactDescriptorResult(model);
                Map<String, Place> places = new HashMap<>();
                model.getDependencies().forEach(dependency -> places.put(
                        dependency.getGroupId() + ":" + dependency.getArtifactId(), place(dependency)));
                CollectRequest request = new CollectRequest(described.getDependencies(),
                        described.getManagedDependencies(), repositories(described));
                request.setRootArtifact(new DefaultArtifact(model.getGroupId(), model.getArtifactId(), "pom",
                        model.getVersion()));
                Set<Path> siblings = new LinkedHashSet<>();
                resolve(request, places).forEach((path, scope) -> {
                    if (Files.isDirectory(path)) siblings.add(path);
                    else if (!scope.equals("runtime")) compile.add(path);
                    if (!Files.isDirectory(path) && !scope.equals("provided")) runtime.add(path);
                });
                return List.copyOf(siblings);
            }

            private List<RemoteRepository> repositories(ArtifactDescriptorResult described) {
                List<RemoteRepository> own = context.repositorySystem()
                        .newResolutionRepositories(session, described.getRepositories());
                Map<String, RemoteRepository> byId = new LinkedHashMap<>();
                Stream.of(context.remoteRepositories(), own).flatMap(List::stream)
                        .forEach(repository -> byId.putIfAbsent(repository.getId(), repository));
                return List.copyOf(byId.values());
            }

            /** Files of all that is not for tests alone, each with its scope, in the order of Maven's class path. */
            private Map<Path, String> resolve(CollectRequest request, Map<String, Place> places) {
                List<DependencyNode> nodes = new ArrayList<>();
                Map<DependencyNode, String> origins = new IdentityHashMap<>();
                for (DependencyNode direct : collect(request).getChildren()) {
                    String origin = name(direct.getArtifact());
                    preorder(direct).filter(node -> !node.getDependency().getScope().equals("test")).forEach(node -> {
                        nodes.add(node);
                        origins.put(node, origin);
                    });
                }
                Map<Path, String> found = new LinkedHashMap<>();
                List<ArtifactResult> results = artifacts(nodes.stream().map(ArtifactRequest::new).toList());
                for (ArtifactResult result : results) {
                    DependencyNode node = result.getRequest().getDependencyNode();
                    changes |= node.getArtifact().isSnapshot() || node.getVersionConstraint() != null
                            && node.getVersionConstraint().getRange() != null;
                    if (!result.isResolved()) problems.add(missing(result, origins.get(node), places));
                    else if (isOnClassPath(result.getArtifact())) {
                        jars.put(name(result.getArtifact()), result.getArtifact().getFile().toPath());
                        found.putIfAbsent(result.getArtifact().getFile().toPath(), node.getDependency().getScope());
                    }
                }
                return found;
            }

            private static Stream<DependencyNode> preorder(DependencyNode node) {
                return Stream.concat(Stream.of(node), node.getChildren().stream().flatMap(Reading::preorder));
            }

            private static boolean isOnClassPath(Artifact artifact) {
                return artifact.getExtension().equals("jar");
            }

            private DependencyNode collect(CollectRequest request) {
                try {
                    return context.repositorySystem().collectDependencies(session, request).getRoot();
                } catch (DependencyCollectionException e) {
                    DependencyNode found = e.getResult().getRoot();
                    DependencyNode root = found != null ? found : new DefaultDependencyNode(request.getRootArtifact());
                    Set<String> wanted = preorder(root).map(DependencyNode::getArtifact).filter(Objects::nonNull)
                            .map(Artifact::toString).collect(Collectors.toSet());
                    e.getResult().getExceptions().stream().filter(error -> concerns(error, wanted)).forEach(error ->
                            problems.add(new Problem(unread(error) + why(error), null, advice())));
                    return root;
                }
            }

            /** Versions that lost against others, or were only candidates of a range, may be described badly. */
            private static boolean concerns(Exception error, Set<String> wanted) {
                return !(error instanceof ArtifactDescriptorException unread)
                        || wanted.contains(unread.getResult().getArtifact().toString());
            }

            private static String unread(Exception error) {
                if (!(error instanceof ArtifactDescriptorException unread)) return "";
                Artifact artifact = unread.getResult().getArtifact();
                return "cannot read what `" + name(artifact) + ":" + artifact.getVersion() + "` needs: ";
            }

            private List<ArtifactResult> artifacts(List<ArtifactRequest> requests) {
                try {
                    return context.repositorySystem().resolveArtifacts(session, requests);
                } catch (ArtifactResolutionException e) {
                    return e.getResults();
                }
            }

            private Problem missing(ArtifactResult result, String origin, Map<String, Place> places) {
                Artifact artifact = result.getRequest().getArtifact();
                String through = name(artifact).equals(origin) ? "" : ", which `" + origin + "` needs";
                boolean isAbsent = result.getExceptions().stream()
                        .allMatch(ArtifactNotFoundException.class::isInstance);
                String message = "cannot " + (isAbsent || offline ? "find" : "fetch") + " `" + artifact.getGroupId()
                        + ":" + artifact.getArtifactId() + ":" + artifact.getVersion() + "`" + through;
                String why = result.getExceptions().stream().map(Throwable::getMessage).filter(Objects::nonNull)
                        .map(Reading::reason).findFirst().orElse(null);
                return new Problem(message, places.get(origin), offline ? advice() : isAbsent
                        ? "no repository has it: look at its name and version" : why);
            }

            private static String name(Artifact artifact) {
                return artifact.getGroupId() + ":" + artifact.getArtifactId();
            }

            private static Place place(org.apache.maven.model.Dependency dependency) {
                InputLocation location = dependency.getLocation("artifactId");
                String file = location == null || location.getSource() == null ? null
                        : location.getSource().getLocation();
                if (file == null || file.contains("://") || !Files.exists(Path.of(file))) return null;
                return place(Path.of(file), location.getLineNumber(), dependency.getArtifactId());
            }

            private static Place place(Path file, String text) {
                List<String> lines = lines(file);
                int line = (int) lines.stream().takeWhile(each -> !each.contains(text)).count() + 1;
                return place(file, line > lines.size() ? 0 : line, text);
            }

            private static Place place(Path file, int line, String text) {
                List<String> lines = lines(file);
                int column = line < 1 || line > lines.size() ? 0 : lines.get(line - 1).indexOf(text) + 1;
                return new Place(Place.display(file), lines, column == 0 ? 0 : line, column, text.length());
            }

            private static List<String> lines(Path file) {
                try {
                    return Files.readString(file, UTF_8).lines().toList();
                } catch (IOException e) {
                    return List.of();
                }
            }

            /** The processor path of maven-compiler-plugin, if it has one. */
            private void processors(CompilerSettings settings, Model model) {
                if (settings.processors().isEmpty()) return;
                List<Dependency> wanted = settings.processors().stream().map(artifact -> artifact.getVersion().isEmpty()
                        ? managed(artifact, model) : artifact).map(artifact -> new Dependency(artifact, "runtime"))
                        .toList();
                Map<String, Place> places = new HashMap<>();
                wanted.forEach(each -> places.put(name(each.getArtifact()), place(model.getPomFile().toPath(),
                        "<artifactId>" + each.getArtifact().getArtifactId() + "</artifactId>")));
                resolve(new CollectRequest(wanted, List.of(), context.remoteRepositories()), places).keySet()
                        .forEach(processors::add);
            }

            private static Artifact managed(Artifact artifact, Model model) {
                return Stream.concat(model.getDependencies().stream(), model.getDependencyManagement() == null
                        ? Stream.of() : model.getDependencyManagement().getDependencies().stream())
                        .filter(each -> name(artifact).equals(each.getGroupId() + ":" + each.getArtifactId()))
                        .findFirst().map(each -> artifact.setVersion(each.getVersion())).orElse(artifact);
            }
        }

        /** The values of the elements in a list of a plugin's configuration. */
        private static List<String> texts(Object configuration, String list) {
            Xpp3Dom found = configuration instanceof Xpp3Dom dom ? dom.getChild(list) : null;
            return found == null ? List.of() : Arrays.stream(found.getChildren()).map(Xpp3Dom::getValue)
                    .filter(Objects::nonNull).map(String::strip).toList();
        }

        /** What maven-compiler-plugin is told (Apache Maven Compiler Plugin, compiler:compile). */
        private record CompilerSettings(int release, List<String> options, List<Artifact> processors) {
            static CompilerSettings of(Model model) {
                Xpp3Dom settings = configuration(model);
                return new CompilerSettings(release(settings, model), options(settings), processors(settings));
            }

            private static Xpp3Dom configuration(Model model) {
                Plugin plugin = model.getBuild().getPluginsAsMap()
                        .get("org.apache.maven.plugins:maven-compiler-plugin");
                PluginManagement managed = model.getBuild().getPluginManagement();
                if (plugin == null && managed != null) {
                    plugin = managed.getPluginsAsMap().get("org.apache.maven.plugins:maven-compiler-plugin");
                }
                if (plugin == null) return new Xpp3Dom("configuration");
                Xpp3Dom own = plugin.getConfiguration() instanceof Xpp3Dom dom ? dom : new Xpp3Dom("configuration");
                return plugin.getExecutions().stream().filter(execution -> execution.getId().equals("default-compile")
                        || execution.getGoals().contains("compile")).map(PluginExecution::getConfiguration)
                        .filter(Xpp3Dom.class::isInstance).map(Xpp3Dom.class::cast).findFirst()
                        .map(more -> Xpp3Dom.mergeXpp3Dom(new Xpp3Dom(more), own)).orElse(own);
            }

            private static int release(Xpp3Dom settings, Model model) {
                Properties properties = model.getProperties();
                return Stream.of(text(settings, "release"), properties.getProperty("maven.compiler.release"),
                        text(settings, "target"), properties.getProperty("maven.compiler.target"),
                        text(settings, "source"), properties.getProperty("maven.compiler.source"))
                        .filter(Objects::nonNull).map(version -> version.replaceFirst("^1\\.", "").strip())
                        .filter(version -> version.matches("\\d{1,3}")).map(Integer::valueOf).findFirst().orElse(0);
            }

            private static String text(Xpp3Dom settings, String name) {
                Xpp3Dom found = settings.getChild(name);
                return found == null || found.getValue() == null ? null : found.getValue().strip();
            }

            private static List<String> options(Xpp3Dom settings) {
                List<String> options = new ArrayList<>(texts(settings, "compilerArgs"));
                Optional.ofNullable(text(settings, "compilerArgument")).ifPresent(options::add);
                Optional.ofNullable(settings.getChild("compilerArguments")).ifPresent(arguments ->
                        Arrays.stream(arguments.getChildren()).forEach(each -> options.add("-" + each.getName()
                                + (each.getValue() == null ? "" : "=" + each.getValue()))));
                Optional.ofNullable(text(settings, "proc")).ifPresent(proc -> options.add("-proc:" + proc));
                List<String> named = texts(settings, "annotationProcessors");
                if (!named.isEmpty()) options.addAll(List.of("-processor", String.join(",", named)));
                return options;
            }

            private static List<Artifact> processors(Xpp3Dom settings) {
                Xpp3Dom paths = settings.getChild("annotationProcessorPaths");
                if (paths == null) return List.of();
                return Arrays.stream(paths.getChildren()).map(path -> (Artifact) new DefaultArtifact(
                        text(path, "groupId"), text(path, "artifactId"), text(path, "classifier"), "jar",
                        Objects.requireNonNullElse(text(path, "version"), ""))).toList();
            }
        }

        /** Tells what is being downloaded, now and then. */
        private static final class Downloads extends AbstractTransferListener {
            private static final long EVERY = TimeUnit.SECONDS.toNanos(2);
            private final Console console;
            private final String who;
            private int files;
            private long bytes;
            private long told;

            Downloads(Console console, String who) {
                this.console = console;
                this.who = who;
            }

            @Override public synchronized void transferInitiated(TransferEvent event) {
                String name = event.getResource().getResourceName();
                if (told == 0) console.report("fetching what " + who + " needs");
                boolean isDue = told != 0 && System.nanoTime() - told > EVERY;
                if (isDue) console.report("  " + progress() + ", now " + name.substring(name.lastIndexOf('/') + 1));
                if (told == 0 || isDue) told = System.nanoTime();
            }

            @Override public synchronized void transferSucceeded(TransferEvent event) {
                files++;
                bytes += event.getTransferredBytes();
            }

            private String progress() {
                return Console.count(files, "file") + String.format(Locale.ROOT, ", %.1f MB", bytes / 1e6);
            }

            synchronized void end() {
                if (told != 0) console.report("  fetched " + progress());
            }
        }
    }

    // ---- Library: coordinates as a pom -----------------------------------------------------------------------------

    /** One library; {@code scope} is Maven's, or processor, or platform. */
    record Library(String scope, String group, String name, String version, String classifier) {
        private static final Set<String> FOR_COMPILER_ONLY = Set.of("platform", "processor");

        /** From {@code group:name:version} and perhaps {@code :classifier} or {@code @pom}, which is a platform. */
        static Optional<Library> of(String coordinates) {
            String[] parts = coordinates.replaceFirst("@\\w+$", "").split(":");
            if (parts.length < 2 || parts.length > 4 || Stream.of(parts).anyMatch(String::isEmpty)) {
                return Optional.empty();
            }
            return Optional.of(new Library(coordinates.endsWith("@pom") ? "platform" : "compile", parts[0], parts[1],
                    parts.length > 2 ? parts[2] : "", parts.length == 4 ? parts[3] : ""));
        }

        /** Says in Maven's words what is needed, and from where besides the usual repositories. */
        static String pom(List<Library> libraries, List<String> repositories) {
            StringBuilder pom = new StringBuilder("<project><modelVersion>4.0.0</modelVersion>"
                    + "<groupId>samlocal</groupId><artifactId>libraries</artifactId><version>1</version>");
            pom.append("<repositories>");
            for (int i = 0; i < repositories.size(); i++) {
                pom.append("<repository><id>r").append(i).append("</id><url>").append(escaped(repositories.get(i)))
                        .append("</url></repository>");
            }
            pom.append("</repositories><dependencyManagement><dependencies>");
            libraries.stream().filter(each -> each.scope().equals("platform")).forEach(each -> pom.append(
                    each.dependency("<type>pom</type><scope>import</scope>")));
            pom.append("</dependencies></dependencyManagement><dependencies>");
            libraries.stream().filter(each -> !FOR_COMPILER_ONLY.contains(each.scope()) && !each.isBeaten(libraries))
                    .forEach(each -> pom.append(each.dependency("<scope>" + each.scope() + "</scope>")));
            pom.append("</dependencies><build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>"
                    + "<configuration><annotationProcessorPaths>");
            libraries.stream().filter(each -> each.scope().equals("processor")).forEach(each -> pom.append("<path>")
                    .append(each.elements()).append("</path>"));
            return pom.append("</annotationProcessorPaths></configuration></plugin></plugins></build></project>")
                    .toString();
        }

        /** Maven takes the last of two scopes, where Gradle joins them. */
        private boolean isBeaten(List<Library> libraries) {
            return !scope.equals("compile") && libraries.stream().anyMatch(each -> each.scope().equals("compile")
                    && each.group().equals(group) && each.name().equals(name));
        }

        private String dependency(String more) {
            return "<dependency>" + elements() + more + "</dependency>\n";
        }

        private String elements() {
            return element("groupId", group) + element("artifactId", name) + element("version", version)
                    + element("classifier", classifier);
        }

        private static String element(String name, String text) {
            return text.isEmpty() ? "" : "<" + name + ">" + escaped(text) + "</" + name + ">";
        }

        private static String escaped(String text) {
            return text.replace("&", "&amp;").replace("<", "&lt;");
        }
    }

    // ---- Recipe: how a module is made -----------------------------------------------------------------------------

    /**
     * How to compile and run a module.
     *
     * @param sources folders of Java files, those of sibling modules that it needs included
     * @param resources folders that are on the class path as they are
     * @param compile libraries to compile with
     * @param runtime libraries to run with: what a build would put into the function's package
     * @param processors where annotation processors are; where it is empty, they are looked for on the class path
     * @param options for javac
     * @param tools what else has a hand in the classes, each with what it is told: {@code aspectj} with jars of
     *     aspects, {@code kotlin} with names of compiler plugins
     * @param release of Java, 0 if the build files name none
     * @param files all that this was read from; a change of one makes it obsolete
     * @param expires in milliseconds since 1970, for snapshots and version ranges; else 0
     * @param problems what could not be had
     */
    record Recipe(List<Path> sources, List<Path> resources, List<Path> compile, List<Path> runtime,
            List<Path> processors, List<String> options, Map<String, List<String>> tools, int release,
            List<Path> files, long expires, List<Problem> problems) {
        /** The same with what a module that it needs has. */
        Recipe with(Recipe other) {
            Map<String, List<String>> allTools = new TreeMap<>(tools);
            other.tools.forEach((tool, told) -> allTools.merge(tool, told, Recipe::joined));
            return new Recipe(joined(sources, other.sources), joined(resources, other.resources),
                    joined(compile, other.compile), joined(runtime, other.runtime),
                    joined(processors, other.processors), options, allTools, release, joined(files, other.files),
                    expires, joined(problems, other.problems));
        }

        /** The same with other problems. */
        Recipe withProblems(List<Problem> others) {
            return new Recipe(sources, resources, compile, runtime, processors, options, tools, release, files,
                    expires, others);
        }

        /** The same, obsolete when one of these files changes. */
        Recipe readFrom(List<Path> others) {
            return new Recipe(sources, resources, compile, runtime, processors, options, tools, release, others,
                    expires, problems);
        }

        private static <T> List<T> joined(List<T> some, List<T> more) {
            return Stream.concat(some.stream(), more.stream()).distinct().toList();
        }

        /** Where Maven and Gradle look where nothing else is said. */
        static List<Path> sources(Path module) {
            return Stream.of("java", "kotlin", "scala", "groovy")
                    .map(language -> module.resolve("src/main").resolve(language)).toList();
        }

        /** What Maven and Gradle do where nothing else is said. */
        static Recipe standard(Path module, List<Path> files, List<Problem> problems) {
            return new Recipe(sources(module), List.of(module.resolve("src/main/resources")),
                    List.of(), List.of(), List.of(), List.of(), Map.of(), 0, files, 0, problems);
        }
    }

    // ---- FileEvents: what the system tells of folders ---------------------------------------------------------------

    /**
     * What happens in folders, told by the system. Where that is inotify, an event waits in the system's queue before
     * the call that changed the file returns. So whoever causes an event and waits until it comes through that queue
     * knows that all that was saved before has come through too; it takes some ten microseconds, however many files
     * there are. Other systems' events are late, or there are none, and those who ask have to look at the files.
     */
    static final class FileEvents implements AutoCloseable {
        /** Changed files, or unknown ones. */
        record Changes(Set<Path> paths, boolean areUnknown) {
            static final Changes UNKNOWN = new Changes(Set.of(), true);
        }

        private static final int MARKERS = 8;
        private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);
        private static final int MOST_FOLDERS = 20_000;
        private static final Set<String> TOLD = Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "overlay",
                "zfs", "f2fs", "bcachefs");
        private final WatchService service;
        private final Path marked;
        private final Map<WatchKey, Map<Folders, Path>> listeners = new ConcurrentHashMap<>();
        private int round;
        private volatile long heard = System.nanoTime();

        private FileEvents(WatchService service, Path marked) {
            this.service = service;
            this.marked = marked;
        }

        /** Events as they come, or none at all where they do not come at once. */
        static FileEvents open() {
            boolean isLinux = System.getProperty("os.name").equals("Linux");
            try {
                FileEvents events = new FileEvents(isLinux ? FileSystems.getDefault().newWatchService() : null,
                        isLinux ? Scratch.folder() : null);
                if (isLinux) events.mark();
                return events;
            } catch (IOException e) {
                return new FileEvents(null, null); // too many users of it
            }
        }

        private void mark() throws IOException {
            for (int i = 0; i < MARKERS; i++) Files.createFile(marked.resolve(String.valueOf(i)));
            marked.register(service, StandardWatchEventKinds.ENTRY_MODIFY);
        }

        boolean isOpen() {
            return service != null;
        }

        /** Folders for a new listener. */
        Folders folders() {
            return new Folders();
        }

        /** Takes note of what was told so far. */
        synchronized void poll() {
            if (service == null) return;
            for (WatchKey key = service.poll(); key != null; key = service.poll()) tell(key);
        }

        /** Takes note of all that happened before this call; false if that cannot be known. */
        private boolean hear() {
            long asked = System.nanoTime();
            synchronized (this) {
                if (heard - asked > 0) return true;
                long begun = System.nanoTime();
                try {
                    if (!hearsMark()) return false;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                } catch (ClosedWatchServiceException e) {
                    return false;
                }
                heard = begun;
                return true;
            }
        }

        /** What was queued before the mark may still follow it, behind an earlier event of the same folder. */
        private boolean hearsMark() throws InterruptedException {
            String mark = String.valueOf(round++ % MARKERS);
            if (!marked.resolve(mark).toFile().setLastModified(System.currentTimeMillis())) return false;
            long deadline = System.nanoTime() + PATIENCE;
            boolean isHeard = false;
            while (true) {
                WatchKey key = isHeard ? service.poll()
                        : service.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) return isHeard;
                isHeard |= tell(key).contains(mark);
            }
        }

        /** Tells the listeners of a folder; returns the names of the marks if it is theirs. */
        private Set<String> tell(WatchKey key) {
            Map<Folders, Path> told = listeners.getOrDefault(key, Map.of());
            Set<String> marks = new HashSet<>();
            for (WatchEvent<?> event : key.pollEvents()) {
                if (event.kind() == StandardWatchEventKinds.OVERFLOW) lose();
                else if (key.watchable().equals(marked)) marks.add(event.context().toString());
                else told.forEach((each, folder) -> each.touch(folder.resolve(event.context().toString())));
            }
            if (!key.reset()) {
                told.keySet().forEach(Folders::mistrust);
                listeners.remove(key);
            }
            return marks;
        }

        /** The system has told so much that some of it was lost. */
        private void lose() {
            listeners.values().forEach(each -> each.keySet().forEach(Folders::mistrust));
        }

        @Override public void close() {
            try {
                if (service != null) service.close();
            } catch (IOException e) {
                return;
            }
        }

        /** The folders of one listener. */
        final class Folders {
            private final Set<Path> touched = new HashSet<>();
            private final Set<Path> checked = ConcurrentHashMap.newKeySet();
            private boolean isUnknown;
            private boolean isMoving;
            private volatile boolean isTouched;
            private volatile boolean areTold = true;

            /** Listens to a folder from now on, if it is there. */
            void add(Path folder) {
                if (!areTold || !checked.add(folder)) return;
                try {
                    boolean isTold = checked.contains(folder.getParent())
                            || TOLD.contains(Files.getFileStore(folder).type());
                    areTold = isTold && listeners.size() < MOST_FOLDERS;
                    WatchKey key = folder.register(service, StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_DELETE, StandardWatchEventKinds.ENTRY_MODIFY);
                    listeners.computeIfAbsent(key, each -> new ConcurrentHashMap<>()).put(this, folder);
                } catch (NoSuchFileException e) {
                    checked.remove(folder);
                } catch (IOException | ClosedWatchServiceException e) {
                    areTold = false;
                }
            }

            /** False once there were too many folders, or one of a kind that the system tells nothing of. */
            boolean areTold() {
                return areTold;
            }

            /** Whether it is sure that nothing has happened in them before this call that was not taken note of. */
            boolean areUntouched() {
                return !isTouched && hear() && !isTouched;
            }

            private void touch(Path path) {
                synchronized (touched) {
                    touched.add(path);
                    isMoving = true;
                    isTouched = true;
                }
            }

            /** Takes anything for possible. */
            void mistrust() {
                synchronized (touched) {
                    isUnknown = true;
                    isTouched = true;
                }
            }

            /** Whether something has happened, but nothing since this was asked last. */
            boolean haveSettled() {
                synchronized (touched) {
                    boolean hasSettled = isTouched && !isMoving;
                    isMoving = false;
                    return hasSettled;
                }
            }

            /** What has happened since the last take. */
            Changes take() {
                if (!hear()) mistrust();
                synchronized (touched) {
                    Changes changes = new Changes(Set.copyOf(touched), isUnknown);
                    touched.clear();
                    isUnknown = false;
                    isTouched = false;
                    return changes;
                }
            }
        }
    }

    // ---- Cache, Scratch: folders for what can be made again ---------------------------------------------------------

    /** Files that are written whole or not at all, read by any number of processes, and thrown away when old. */
    static final class Cache {
        private static final long KEPT = TimeUnit.DAYS.toMillis(60);

        private Cache() {
        }

        /** The user's folder for what can be made again, as the system has it (XDG Base Directory Specification). */
        static Path folder() {
            String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            String set = System.getenv(system.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME");
            boolean isSet = set != null && Path.of(set).isAbsolute();
            Path home = Path.of(System.getProperty("user.home"));
            Path caches = isSet ? Path.of(set) : home.resolve(system.startsWith("mac") ? "Library/Caches" : ".cache");
            return caches.resolve("samlocal");
        }

        /** Writes a file for all others to see at once. */
        static void write(Path file, byte[] content) throws IOException {
            Files.createDirectories(file.getParent());
            Path whole = Files.createTempFile(file.getParent(), "new", ".tmp");
            Files.write(whole, content);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }

        /** Deletes what has not been used for long, and all that is too many or too much, the oldest first. */
        static void tidy(Path folder, int mostFiles, long mostBytes) throws IOException {
            Map<Path, Stamp> files = new HashMap<>();
            try (Stream<Path> all = Files.list(folder)) {
                all.forEach(file -> files.put(file, Stamp.of(file)));
            }
            files.values().removeIf(Objects::isNull);
            List<Path> newestFirst = files.keySet().stream()
                    .sorted(Comparator.comparing(file -> -files.get(file).modified())).toList();
            long oldest = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - KEPT);
            long bytes = 0;
            for (Path file : newestFirst) {
                bytes += files.get(file).size();
                boolean isKept = --mostFiles >= 0 && bytes <= mostBytes && files.get(file).modified() > oldest;
                if (!isKept) Files.deleteIfExists(file);
            }
        }

        static String hash(String text) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e); // every JVM has it
            }
        }
    }

    /** Folders for files that this process needs; they end with it. */
    static final class Scratch {
        private Scratch() {
        }

        /** The folder around them all, from the first one on. */
        private static final class Root {
            static final Path FOLDER = make();

            private static Path make() {
                try {
                    Path folder = Files.createTempDirectory("samlocal");
                    Thread end = new Thread(() -> delete(folder));
                    end.setContextClassLoader(null); // it stays, and the caller may be a function's thread
                    Runtime.getRuntime().addShutdownHook(end);
                    return folder;
                } catch (IOException e) {
                    return Path.of(System.getProperty("java.io.tmpdir"));
                }
            }
        }

        static Path folder() throws IOException {
            return Files.createTempDirectory(Root.FOLDER, "");
        }

        /** A folder with class files, by their binary names. */
        static Path folder(Map<String, byte[]> classes) throws IOException {
            Path folder = folder();
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                Path file = folder.resolve(each.getKey().replace('.', '/') + ".class");
                Files.createDirectories(file.getParent());
                Files.write(file, each.getValue());
            }
            return folder;
        }

        /** Deletes a folder before the process ends. */
        static void delete(Path folder) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
            } catch (IOException | UncheckedIOException e) {
                return; // the system tidies its folder of temporary files
            }
        }
    }

    // ---- Watched: files that are looked at again and again ----------------------------------------------------------

    /** A library as it is on disk now: another jar once it is replaced. */
    record Jar(Path path, Stamp stamp) {
    }

    /** A file's time in nanoseconds since 1970, and its size. */
    record Stamp(long modified, long size) {
        private static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);

        static Stamp of(BasicFileAttributes attributes) {
            return new Stamp(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS), attributes.size());
        }

        /** The stamp of a file now, or null if there is none. */
        static Stamp of(Path file) {
            try {
                return of(Files.readAttributes(file, BasicFileAttributes.class));
            } catch (IOException e) {
                return null;
            }
        }

        /** False while the file could be saved once more and bear the same time, which ticks in steps. */
        boolean isSettled() {
            return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - modified > TICK;
        }
    }

    /** What a file said when it was read, nothing if it is huge; {@code isSettled}: an equal stamp means equal text. */
    record FileText(Stamp stamp, boolean isSettled, String content) {
        private static final long MOST_BYTES = 32 << 20;

        /** The text of a file that has this stamp now; the file is read only if it may differ from what is known. */
        static FileText read(Path file, Stamp stamp, FileText known) throws IOException {
            if (known != null && known.isSettled() && known.stamp().equals(stamp)) return known;
            boolean isSettled = stamp.isSettled();
            if (stamp.size() > MOST_BYTES) return new FileText(stamp, isSettled, "");
            String text = new String(Files.readAllBytes(file), UTF_8);
            boolean isKnown = known != null && known.content().equals(text);
            return new FileText(stamp, isSettled, isKnown ? known.content() : text);
        }
    }

    /** Some files that are looked at again and again. */
    static final class Watched {
        private volatile Map<Path, FileText> seen;

        Watched(Collection<Path> files) {
            this.seen = look(files, Map.of());
        }

        /** What the files say now, an empty text where one cannot be read. */
        private static Map<Path, FileText> look(Collection<Path> files, Map<Path, FileText> known) {
            Map<Path, FileText> now = new HashMap<>();
            files.forEach(file -> now.put(file, look(file, known.get(file))));
            return now;
        }

        private static FileText look(Path file, FileText known) {
            Stamp stamp = Stamp.of(file);
            try {
                return FileText.read(file, stamp == null ? new Stamp(0, 0) : stamp, known);
            } catch (IOException e) {
                return new FileText(new Stamp(0, 0), true, "");
            }
        }

        /**
         * Runs a step if a text has changed since the last one; whoever asks meanwhile waits for it.
         *
         * @param step from the files that are watched to those that are watched from then on
         */
        void ifChanged(UnaryOperator<Collection<Path>> step) {
            if (isUnchanged(look(seen.keySet(), seen))) return;
            synchronized (this) {
                Map<Path, FileText> now = look(seen.keySet(), seen);
                Collection<Path> files = isUnchanged(now) ? now.keySet() : step.apply(now.keySet());
                Map<Path, FileText> next = look(files, now);
                next.replaceAll((file, text) -> now.getOrDefault(file, text));
                seen = next;
            }
        }

        private boolean isUnchanged(Map<Path, FileText> now) {
            Map<Path, FileText> before = seen;
            return now.entrySet().stream().allMatch(entry -> before.containsKey(entry.getKey())
                    && before.get(entry.getKey()).content().equals(entry.getValue().content()));
        }
    }

    // ---- Project: what SAM makes of the template -------------------------------------------------------------------

    /**
     * The functions, layers and routes of a template and its nested stacks, as the SAM specification (version
     * 2016-10-31) and the references of API Gateway and Lambda in the CloudFormation User Guide have them.
     *
     * @param functions those of nested stacks as {@code Stack/Function}
     * @param warnings what is served differently from what the template may lead one to expect
     * @param dangling references to nothing, with which AWS deploys nothing
     * @param obstacles what does not keep the routes from being known, but some function from being run
     * @param files all templates and documents that were read
     */
    record Project(List<FunctionDefinition> functions, List<Layer> layers, List<Route> routes, List<Problem> warnings,
            List<Problem> dangling, List<Problem> obstacles, Set<Path> files) {
        /** All that a person should hear of before the first request. */
        List<Problem> remarks() {
            return Stream.of(dangling, obstacles, warnings).flatMap(List::stream).toList();
        }

        /** What only direct invocation reaches. */
        List<FunctionDefinition> functionsWithoutRoute() {
            Set<String> reached = routes.stream().map(Route::function).collect(Collectors.toSet());
            return functions.stream().filter(function -> !reached.contains(function.id())).toList();
        }

        /** @throws Fault if there is anything in the way of running each of the functions */
        Project requireRunnable() {
            boolean isRunnable = functions.stream().anyMatch(function -> function.obstacle() == null);
            if (!obstacles.isEmpty() && !isRunnable) throw new Fault(obstacles, Fault.PROJECT);
            return this;
        }

        /**
         * Reads a template file, what it nests, and what it says.
         *
         * @param overrides values of parameters in the place of their defaults
         * @throws Fault with all that SAM refuses and that matters here
         */
        static Project read(Path file, Map<String, String> overrides) {
            Problems problems = new Problems();
            List<Stack> stacks = new ArrayList<>();
            List<Route> routes = new ArrayList<>();
            problems.attempt(() ->
                    read(new Stack(file.toAbsolutePath().normalize(), "", overrides, problems), stacks, routes));
            problems.throwIfAny();
            warnOfShadowed(routes, problems);
            return new Project(all(stacks, Stack::functions), all(stacks, Stack::layers), routes, problems.warnings(),
                    problems.dangling(), all(stacks, Stack::obstacles), new LinkedHashSet<>(all(stacks, Stack::files)));
        }

        /** All APIs are on one port here: of those that have the same path, the first answers. */
        private static void warnOfShadowed(List<Route> routes, Problems problems) {
            Map<String, List<Route>> bySpan = new HashMap<>();
            routes.stream().filter(route -> !route.api().isUrl()).forEach(route -> {
                List<Route> before = bySpan.computeIfAbsent(span(route), span -> new ArrayList<>());
                before.stream().filter(first -> isClaimedByBoth(first, route)).findFirst()
                        .ifPresent(first -> warnOfShadowed(route, first, problems));
                before.add(route);
            });
        }

        /** The path, whatever its parameters are called. */
        private static String span(Route route) {
            return route.path().replaceAll("\\{[^{}+]+(\\+?)}", "{$1}").replaceFirst("(.)/$", "$1");
        }

        private static boolean isClaimedByBoth(Route first, Route second) {
            boolean isSameMethod = first.method().equals(second.method());
            boolean isAny = first.method().equals("ANY") || second.method().equals("ANY");
            return !first.api().id().equals(second.api().id()) && (isSameMethod || isAny);
        }

        private static void warnOfShadowed(Route route, Route first, Problems problems) {
            boolean isInPart = !first.method().equals(route.method()) && !first.method().equals("ANY");
            problems.warn("`" + route + "` of " + route.api().id() + (isInPart ? " is reached in part: " : " is not "
                    + "reached: ") + first.api().id() + " has " + (first.toString().equals(route.toString()) ? "it too"
                    : "`" + first + "`"), route.source(), "all of it is served under the name `"
                    + route.api().name() + ".localhost`");
        }

        private static void read(Stack stack, List<Stack> stacks, List<Route> routes) {
            stacks.add(stack.read());
            routes.addAll(new Apis(stack).routes());
            stack.nested().forEach(nested -> stack.problems().attempt(() -> read(nested.get(), stacks, routes)));
        }

        private static <T> List<T> all(List<Stack> stacks, Function<Stack, Collection<T>> part) {
            return stacks.stream().flatMap(stack -> part.apply(stack).stream()).toList();
        }
    }

    // ---- Apis: APIs and events to routes ---------------------------------------------------------------------------

    /** Derives the routes of one stack as SAM's translator does, from events, OpenAPI documents and plain resources. */
    static final class Apis {
        private static final String REST = "AWS::Serverless::Api";
        private static final String HTTP = "AWS::Serverless::HttpApi";
        private static final String PLAIN_REST = "AWS::ApiGateway::RestApi";
        private static final String PLAIN_HTTP = "AWS::ApiGatewayV2::Api";
        private static final Set<String> EVENT_TYPES = Set.of("S3", "SNS", "Kinesis", "DynamoDB", "SQS", "Api",
                "Schedule",
                "ScheduleV2", "CloudWatchEvent", "EventBridgeRule", "CloudWatchLogs", "IoTRule", "AlexaSkill",
                "Cognito",
                "HttpApi", "MSK", "MQ", "SelfManagedKafka", "DocumentDB");

        /** An API with the routes of its own document, and those that events claim. */
        private static final class Draft {
            private final Api api;
            private final Auth auth;
            private final Models models;
            private final boolean hasBody;
            private final boolean hasUri;
            private final boolean merges;
            private final Map<String, Route> routes = new LinkedHashMap<>();
            private final Map<String, Place> claims = new HashMap<>();

            Draft(Api api, Mapping properties, Auth auth, Models models) {
                this.api = api;
                this.auth = auth;
                this.models = models;
                this.hasBody = properties.value("DefinitionBody").isPresent();
                this.hasUri = properties.value("DefinitionUri").isPresent();
                this.merges = Intrinsics.text(properties.entries().get("MergeDefinitions")).equals("true");
            }

            boolean isRest() {
                return api.isRest();
            }

            /** Whether SAM adds an event's route: not to a file, to a REST API's body only where it is merged. */
            boolean takesEvents() {
                return !hasUri && (!hasBody || merges || !isRest());
            }
        }

        private final Stack stack;
        private final Intrinsics intrinsics;
        private final Problems problems;
        private final Backends backends;
        private final Map<String, Draft> drafts = new LinkedHashMap<>();

        Apis(Stack stack) {
            this.backends = new Backends(stack);
            this.stack = stack;
            this.intrinsics = stack.intrinsics();
            this.problems = stack.problems();
        }

        /** All routes in the order of the template. */
        List<Route> routes() {
            stack.each(this::api, REST, HTTP, PLAIN_REST, PLAIN_HTTP);
            stack.each(this::events, Stack.FUNCTION, "AWS::Serverless::StateMachine");
            stack.each(this::restMethod, "AWS::ApiGateway::Method");
            stack.each(this::httpRoute, "AWS::ApiGatewayV2::Route");
            stack.each(this::functionUrl, Stack.FUNCTION, "AWS::Lambda::Url");
            return drafts.values().stream().flatMap(draft -> draft.routes.values().stream())
                    .sorted(Comparator.comparing(route -> route.source().line())).toList();
        }

        private void api(Stack.Resource resource) {
            Mapping properties = resource.properties();
            if (properties.text("ProtocolType").orElse("").equals("WEBSOCKET")) {
                problems.warn("API " + resource + " is left out: WebSockets are not served", resource.place(), null);
                return;
            }
            boolean isRest = resource.is(REST, PLAIN_REST);
            checkDefinition(resource);
            Optional<Mapping> known = document(resource);
            Draft draft = draft(resource.id(), isRest ? "rest" : "http", properties,
                    known.orElse(Mapping.empty(properties.place())));
            known.ifPresent(document -> OpenApi.operations(document, resource.toString(), problems)
                    .forEach(operation -> problems.attempt(() -> add(draft, operation))));
            if (resource.is(PLAIN_HTTP)) quickCreate(draft, resource);
        }

        private void checkDefinition(Stack.Resource resource) {
            Mapping properties = resource.properties();
            Value uri = properties.value("DefinitionUri").orElse(null);
            if (uri == null) return;
            boolean hasBody = resource.attributes().mapping("Properties").value("DefinitionBody").isPresent();
            if (hasBody) {
                throw Fault.project("API " + resource + " has both `DefinitionUri` and `DefinitionBody`", uri.place());
            }
            if (resource.is(REST) && Intrinsics.text(properties.entries().get("MergeDefinitions")).equals("true")) {
                throw Fault.project("API " + resource + " cannot have `MergeDefinitions` with a `DefinitionUri`",
                        uri.place());
            }
        }

        private Draft draft(String id, String type, Mapping properties) {
            return draft(id, type, properties, Mapping.empty(properties.place()));
        }

        /** What the API's own document says besides its operations counts where the resource is silent. */
        private Draft draft(String id, String type, Mapping properties, Mapping document) {
            boolean isRest = type.equals("rest");
            Auth auth = new Auth(stack, isRest, properties, document);
            Mapping stage = stage(id).orElse(properties);
            String name = Intrinsics.text(stage.entries().get("StageName"));
            Value variables = stage.value("Variables").or(() -> stage.value("StageVariables")).orElse(null);
            Object cors = plain(properties, "Cors", "CorsConfiguration");
            Api api = new Api(stack.qualified(id), type, name.isEmpty() ? isRest ? "Prod" : "$default" : name,
                    texts(variables), binaryMediaTypes(properties, document), CorsRules.of(isRest,
                    cors != null || isRest ? cors : plain(document, "x-amazon-apigateway-cors")),
                    auth.ofPreflight(), isRest ? backends.responses(id, properties, document) : Map.of());
            Draft draft = new Draft(api, properties, auth, new Models(stack, properties, document));
            drafts.put(id, draft);
            return draft;
        }

        /** The stage of a plain API is a resource of its own, or part of its deployment. */
        private Optional<Mapping> stage(String api) {
            return Stream.of("AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Stage", "AWS::ApiGateway::Deployment")
                    .flatMap(type -> stack.resources().values().stream().filter(resource -> resource.is(type)))
                    .map(Stack.Resource::properties)
                    .filter(stage -> Stream.of("RestApiId", "ApiId").anyMatch(key ->
                            Intrinsics.text(stage.entries().get(key)).equals(api))
                            && !Intrinsics.text(stage.entries().get("StageName")).isEmpty()).findFirst();
        }

        private static Map<String, String> texts(Value variables) {
            Map<String, String> texts = new LinkedHashMap<>();
            if (variables instanceof Mapping map) {
                map.entries().forEach((name, value) -> texts.put(name, Intrinsics.text(value)));
            }
            return texts;
        }

        /** Those of the template and its document; in a template a slash is written as {@code ~1}. */
        private static List<String> binaryMediaTypes(Mapping properties, Mapping document) {
            return Stream.of(properties.value("BinaryMediaTypes"),
                    document.value("x-amazon-apigateway-binary-media-types")).flatMap(Optional::stream)
                    .flatMap(types -> types instanceof Sequence list ? list.items().stream() : Stream.empty())
                    .map(item -> Intrinsics.text(item).replace("~1", "/")).distinct().toList();
        }

        private static Object plain(Mapping properties, String... keys) {
            return Arrays.stream(keys).flatMap(key -> properties.value(key).stream()).findFirst().map(Value::plain)
                    .orElse(null);
        }

        private Optional<Mapping> document(Stack.Resource resource) {
            Mapping properties = resource.properties();
            Value body = properties.value(resource.is(REST, HTTP) ? "DefinitionBody" : "Body").orElse(null);
            if (body instanceof Mapping document) return Optional.of(document);
            Value uri = properties.value("DefinitionUri").orElse(null);
            if (uri == null) return Optional.empty();
            String path = Intrinsics.text(uri);
            boolean isLocal = !path.isEmpty() && !path.contains("://")
                    && Files.isRegularFile(stack.folder().resolve(path));
            if (isLocal) return Optional.of(stack.document(stack.folder().resolve(path).normalize()));
            problems.warn("API " + resource + " has no routes: its definition is not a file here", uri.place(), null);
            return Optional.empty();
        }

        private void add(Draft draft, OpenApi.Operation operation) {
            Mapping integration = operation.integration();
            String payload = Intrinsics.text(integration.entries().get("payloadFormatVersion"));
            backends.of(draft.api, integration, operation.method() + " " + operation.path(), operation.place())
                    .ifPresent(backend -> add(draft, new Route(draft.api, operation.method(), operation.path(), backend,
                            draft.isRest() ? "1.0" : payload.isEmpty() ? "2.0" : payload, operation.operationId(),
                            draft.auth.ofOperation(operation.written()), draft.isRest()
                            ? draft.models.ofOperation(operation.written()) : null, operation.place())));
        }

        private static final Pattern INNER_PROXY = Pattern.compile("\\{[^/{}]+\\+}/.*");

        private static void add(Draft draft, Route route) {
            if (INNER_PROXY.matcher(route.path()).find()) {
                throw Fault.project("path `" + route.path() + "` goes on after a greedy parameter", route.source(),
                        "`{name+}` can only be the last part of a path");
            }
            draft.routes.put(route.toString(), route);
        }

        private void events(Stack.Resource resource) {
            Value events = resource.properties().value("Events").orElse(null);
            if (events == null) return;
            if (!(events instanceof Mapping map)) {
                throw Fault.project("`Events` of " + resource + " must be a map", events.place());
            }
            boolean isFunction = resource.is(Stack.FUNCTION);
            map.entries().forEach((name, value) -> problems.attempt(() -> event(resource, name, value, isFunction)));
        }

        private void event(Stack.Resource resource, String name, Value value, boolean isFunction) {
            String where = resource + ", event `" + name + "`";
            Mapping event = value instanceof Mapping map ? map : Mapping.empty(value.place());
            String type = Intrinsics.text(event.entries().get("Type"));
            if (isFunction && !EVENT_TYPES.contains(type)) {
                throw Fault.project(where + ": `" + type + "` is no type of event", event.value("Type")
                        .map(Value::place)
                        .orElse(value.place()), Nearest.to(type, EVENT_TYPES)
                        .map(near -> "did you mean `" + near + "`?").orElse(null));
            }
            if (!type.equals("Api") && !(isFunction && type.equals("HttpApi"))) return;
            Value properties = event.value("Properties").orElse(Mapping.empty(event.place()));
            if (!(properties instanceof Mapping map)) {
                throw Fault.project(where + ": `Properties` must be a map", properties.place());
            }
            Mapping written = written(resource, name, map);
            Claim claim = new Claim(where, type.equals("Api"), map, written);
            claim(resource, claim);
        }

        private static Mapping written(Stack.Resource resource, String event, Mapping otherwise) {
            Value events = resource.written().entries().get("Events");
            Value one = events instanceof Mapping map ? map.entries().get(event) : null;
            Value properties = one instanceof Mapping map ? map.entries().get("Properties") : null;
            return properties instanceof Mapping map ? map : otherwise;
        }

        /** What an event asks for, with its values known and as written. */
        private record Claim(String where, boolean isRest, Mapping properties, Mapping written) {
        }

        private void claim(Stack.Resource resource, Claim claim) {
            Draft draft = target(claim);
            String path = text(claim, "Path");
            String method = text(claim, "Method").toUpperCase(Locale.ROOT);
            if (method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD")) method = "ANY";
            Place place = claim.properties().value("Path").map(Value::place).orElse(claim.properties().place());
            if (claim.isRest() || !path.isEmpty() || !method.isEmpty()) {
                require(claim, "Path", path);
                require(claim, "Method", method);
            }
            boolean isDefault = path.isEmpty() || path.equals("$default") && !claim.isRest();
            Route route = route(draft, isDefault ? "ANY" : method, isDefault ? defaultPath(draft) : path, resource,
                    claim, place);
            Place first = draft.claims.putIfAbsent(route.toString(), place);
            if (first != null) {
                throw Fault.project(claim.where() + ": method `" + route.method() + "` of path `" + route.path()
                        + "` is defined"
                        + " twice", place, "the first is in line " + first.line());
            }
            if (resource.is(Stack.FUNCTION)) take(draft, claim, route);
        }

        /** SAM writes the default route with a slash where the API fails on warnings. */
        private String defaultPath(Draft draft) {
            Stack.Resource api = stack.resources().get(draft.api.id());
            boolean fails = api != null && Intrinsics.text(api.properties().entries().get("FailOnWarnings"))
                    .equals("true");
            return fails ? "/$default" : "$default";
        }

        private void take(Draft draft, Claim claim, Route route) {
            boolean isTaken = !draft.isRest() && draft.routes.containsKey(route.toString());
            if (draft.takesEvents()) {
                if (!isTaken) add(draft, route);
            } else if (!draft.routes.containsKey(route.toString())) {
                problems.warn(claim.where() + " has no effect: the API's own definition counts, and does not have "
                        + route, route.source(), "add it there, or set `MergeDefinitions: true` on the API");
            }
        }

        private Route route(Draft draft, String method, String path, Stack.Resource resource, Claim claim,
                Place place) {
            Backend backend = stack.functionNamed(resource.id())
                    .<Backend>map(function -> Backends.lambda(draft.api, function, claim.properties(), ""))
                    .orElse(new Backend.Lambda(resource.id(), "", 0, false));
            String payload = Intrinsics.text(claim.properties().entries().get("PayloadFormatVersion"));
            String operation = Intrinsics.text(claim.properties().entries().get("OperationName"));
            String version = payload.isEmpty() ? "2.0" : payload;
            Mapping own = claim.properties().value("Auth").orElse(null) instanceof Mapping map ? map
                    : Mapping.empty(place);
            return new Route(draft.api, method, path, backend, draft.isRest() ? "1.0" : version,
                    operation.isEmpty() ? null : operation, draft.auth.ofEvent(own),
                    draft.isRest() ? draft.models.ofEvent(claim.properties()) : null, place);
        }

        private String text(Claim claim, String key) {
            Value written = claim.written().value(key).orElse(null);
            if (written == null) return "";
            boolean isText = written instanceof Scalar || intrinsics.isExtended() && claim.properties().value(key)
                    .orElse(null) instanceof Scalar;
            if (!isText) {
                throw Fault.project(claim.where() + ": `" + key + "` must be a text", written.place(),
                        Intrinsics.isUnknown(written)
                        ? "SAM takes a function here with `Transform: AWS::LanguageExtensions`"
                        : null);
            }
            intrinsics.missingIn(written).ifPresent(parameter -> {
                throw Fault.project(claim.where() + ": `" + key + "` needs a value for parameter `" + parameter + "`",
                        written.place(), Intrinsics.adviceFor(parameter));
            });
            return Intrinsics.text(claim.properties().entries().get(key));
        }

        private static void require(Claim claim, String key, String text) {
            if (text.isEmpty()) {
                throw Fault.project(claim.where() + ": `" + key + "` is required", claim.properties().place());
            }
        }

        /** The API that an event names, or the implicit one of its kind. */
        private Draft target(Claim claim) {
            String key = claim.isRest() ? "RestApiId" : "ApiId";
            Value written = claim.written().value(key).orElse(null);
            if (written == null) return implicit(claim.isRest());
            Value known = claim.properties().value(key).orElse(written);
            if (!(known instanceof Scalar)) {
                throw Fault.project(claim.where() + ": `" + key + "` must be a text", written.place());
            }
            String id = Intrinsics.text(known);
            Stack.Resource api = stack.resources().get(id);
            boolean isPlain = api != null && api.is(PLAIN_REST, PLAIN_HTTP);
            boolean fits = api != null && api.is(claim.isRest() ? REST : HTTP) || isPlain
                    || id.equals(implicitId(claim.isRest()));
            if (!fits) throw noSuchApi(claim, key, id, written.place());
            if (api == null) return implicit(claim.isRest());
            Draft draft = drafts.get(id);
            return isPlain || draft == null
                    ? new Draft(new Api(id, "", "", Map.of(), List.of(), null, Guard.OPEN, Map.of()), api.properties(),
                            new Auth(stack, claim.isRest(), api.properties(), Mapping.empty(null)),
                            new Models(stack, api.properties(), Mapping.empty(null))) : draft;
        }

        private Fault noSuchApi(Claim claim, String key, String id, Place place) {
            String type = claim.isRest() ? REST : HTTP;
            List<String> ids = stack.resources().values().stream().filter(resource -> resource.is(type))
                    .map(Stack.Resource::id).toList();
            return Fault.project(claim.where() + ": `" + key + "` must be the id of an " + type
                    + " of this template, `" + id + "` is not",
                    place, Nearest.to(id, ids).map(near -> "did you mean `" + near + "`?").orElse(null));
        }

        private static String implicitId(boolean isRest) {
            return isRest ? "ServerlessRestApi" : "ServerlessHttpApi";
        }

        /** What SAM generates for events that name no API; it overwrites a resource of that id. */
        private Draft implicit(boolean isRest) {
            String id = implicitId(isRest);
            Draft draft = drafts.get(id);
            boolean isImplicit = draft != null && !draft.hasBody && !draft.hasUri;
            return isImplicit ? draft : draft(id, isRest ? "rest" : "http", intrinsics.resolve(
                    stack.globals().ofImplicit(isRest)) instanceof Mapping map ? map : Mapping.empty(null));
        }

        /** Resources of a REST API form its paths, from parent to child. */
        private void restMethod(Stack.Resource resource) {
            Mapping properties = resource.properties();
            Draft draft = drafts.get(Intrinsics.text(properties.entries().get("RestApiId")));
            if (draft == null) return;
            String method = Intrinsics.text(properties.entries().get("HttpMethod")).toUpperCase(Locale.ROOT);
            String operation = Intrinsics.text(properties.entries().get("OperationName"));
            String path = path(Intrinsics.text(properties.entries().get("ResourceId")), 0);
            backends.of(draft.api, properties.mapping("Integration"), method + " " + path, resource.place())
                    .ifPresent(backend -> add(draft, new Route(draft.api, method, path, backend, "1.0",
                            operation.isEmpty() ? null : operation, draft.auth.ofResource(properties),
                            draft.models.ofResource(properties), resource.place())));
        }

        private String path(String resourceId, int depth) {
            Stack.Resource resource = stack.resources().get(resourceId);
            if (resource == null || depth > 32) return "/";
            String parent = path(Intrinsics.text(resource.properties().entries().get("ParentId")), depth + 1);
            return (parent.equals("/") ? "" : parent) + "/"
                    + Intrinsics.text(resource.properties().entries().get("PathPart"));
        }

        private void httpRoute(Stack.Resource resource) {
            Mapping properties = resource.properties();
            Draft draft = drafts.get(Intrinsics.text(properties.entries().get("ApiId")));
            String key = Intrinsics.text(properties.entries().get("RouteKey"));
            if (draft == null) return;
            if (!key.equals("$default") && !key.matches("[A-Za-z]+ /\\S*")) {
                throw Fault.project("route " + resource + " has no `RouteKey` such as `GET /path` or `$default`",
                        resource.place());
            }
            Stack.Resource integration = stack.resources().get(
                    Intrinsics.text(properties.entries().get("Target")).replaceFirst("^integrations/", ""));
            if (integration == null || !integration.is("AWS::ApiGatewayV2::Integration")) return;
            integrated(draft, key, integration.properties(), resource);
        }

        private void quickCreate(Draft draft, Stack.Resource resource) {
            Mapping properties = resource.properties();
            String key = Intrinsics.text(properties.entries().get("RouteKey"));
            Value target = properties.entries().get("Target");
            if (Intrinsics.text(target).isEmpty()) return;
            boolean isAddress = Intrinsics.text(target).matches("(?i)https?://.*");
            Map<String, Value> written = Map.of("IntegrationUri", target, "IntegrationType",
                    new Scalar(isAddress ? "HTTP_PROXY" : "AWS_PROXY", isAddress ? "HTTP_PROXY" : "AWS_PROXY", null));
            integrated(draft, key.isEmpty() ? "$default" : key, new Mapping(written, Map.of(), target.place()),
                    resource);
        }

        private void integrated(Draft draft, String key, Mapping written, Stack.Resource resource) {
            String method = key.equals("$default") ? "ANY" : key.replaceFirst(" .*", "").toUpperCase(Locale.ROOT);
            String payload = Intrinsics.text(written.entries().get("PayloadFormatVersion"));
            backends.of(draft.api, written, key, resource.place()).ifPresent(backend -> add(draft, new Route(draft.api,
                    method, key.replaceFirst("^.* ", ""), backend, payload.isEmpty() ? "2.0" : payload, null,
                    draft.auth.ofResource(resource.properties()), resource.place())));
        }

        /** A function's own address is an API with one route. */
        private void functionUrl(Stack.Resource resource) {
            boolean isOwn = resource.is(Stack.FUNCTION);
            Value url = isOwn ? resource.properties().value("FunctionUrlConfig").orElse(null) : resource.properties();
            if (!(url instanceof Mapping config)) return;
            String name = isOwn ? resource.id() : Intrinsics.text(config.entries().get("TargetFunctionArn"));
            backends.function(name, Map.of()).ifPresent(function -> {
                Draft draft = draft(isOwn ? resource.id() + "Url" : resource.id(), "url", config);
                add(draft, new Route(draft.api, "ANY", "$default", Backends.lambda(draft.api, function, config, ""),
                        "2.0", null,
                        Auth.ofUrl(config), url.place()));
            });
        }
    }

    // ---- Backends: integrations to what answers --------------------------------------------------------------------

    /** Reads integrations as SAM, OpenAPI documents and CloudFormation write them. */
    static final class Backends {
        private static final Pattern INVOCATION =
                Pattern.compile("functions/(.+?)/(?:response-streaming-)?invocations");
        private static final Pattern STAGE_VARIABLE = Pattern.compile("\\$\\{stageVariables\\.(\\w+)}");
        private static final Pattern SERVICE =
                Pattern.compile("arn:[\\w-]+:apigateway:[\\w-]*:(?!lambda:)([\\w.-]+):.*");
        private static final Pattern DIRECTIVE =
                Pattern.compile("#\\{?(set|if|elseif|else|end|foreach|macro|parse|include|define|break|stop)\\b");
        private static final Pattern REFERENCE = Pattern.compile("\\$!?\\{?(input|util)\\b[^\\s\"]*");
        private static final Set<String> RESPONSE_TYPES = Set.of("ACCESS_DENIED", "API_CONFIGURATION_ERROR",
                "AUTHORIZER_CONFIGURATION_ERROR", "AUTHORIZER_FAILURE", "BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS",
                "DEFAULT_4XX", "DEFAULT_5XX", "EXPIRED_TOKEN", "INTEGRATION_FAILURE", "INTEGRATION_TIMEOUT",
                "INVALID_API_KEY", "INVALID_SIGNATURE", "MISSING_AUTHENTICATION_TOKEN", "QUOTA_EXCEEDED",
                "REQUEST_TOO_LARGE", "RESOURCE_NOT_FOUND", "THROTTLED", "UNAUTHORIZED", "UNSUPPORTED_MEDIA_TYPE",
                "WAF_FILTERED");

        private final Stack stack;

        Backends(Stack stack) {
            this.stack = stack;
        }

        /**
         * What an integration leads to, if there is one.
         *
         * @param written of which the keys begin with capitals or not
         * @param route stands in messages
         */
        Optional<Backend> of(Api api, Mapping written, String route, Place place) {
            String type = anyCase(written, "IntegrationType").isEmpty() ? anyCase(written, "Type")
                    : anyCase(written, "IntegrationType");
            String uri = anyCase(written, "IntegrationUri").isEmpty() ? anyCase(written, "Uri")
                    : anyCase(written, "IntegrationUri");
            String service = Stream.of(anyCase(written, "IntegrationSubtype"), SERVICE.matcher(uri).replaceFirst("$1"))
                    .filter(text -> !text.isEmpty() && !text.equals(uri)).findFirst().orElse("");
            Backend backend = switch (type.toUpperCase(Locale.ROOT)) {
                case "MOCK" -> mock(written);
                case "HTTP_PROXY", "HTTP" -> http(api, written, uri, type.equalsIgnoreCase("HTTP_PROXY"));
                case "AWS" -> new Backend.Unsupported("AWS integration of " + (service.isEmpty() ? "Lambda"
                        : service) + " with mapping templates");
                case "AWS_PROXY" -> service.isEmpty() ? null : new Backend.Unsupported("integration of " + service);
                case "" -> null;
                default -> new Backend.Unsupported("integration of type " + type);
            };
            boolean isFunction = backend == null && (type.isEmpty() ? !uri.isEmpty() : true);
            if (isFunction) return ofFunction(api, written, uri, route, place);
            if (backend instanceof Backend.Unsupported unsupported) {
                stack.problems().warn(route + " is answered 501: its " + unsupported.reason() + " is not served", place,
                        "Lambda proxy, MOCK and HTTP integrations are");
            }
            return Optional.ofNullable(backend);
        }

        private Optional<Backend> ofFunction(Api api, Mapping written, String uri, String route, Place place) {
            Optional<FunctionDefinition> function = function(uri, api.variables());
            if (function.isPresent()) return Optional.of(lambda(api, function.get(), written, uri));
            stack.problems().warn(route + " is answered 502: no function of this template is behind it", place, null);
            return Optional.of(new Backend.Missing());
        }

        /** What stands between {@code functions/} and {@code /invocations}, or the whole, is a function's ARN. */
        Optional<FunctionDefinition> function(String uri, Map<String, String> variables) {
            String known = STAGE_VARIABLE.matcher(uri).replaceAll(match ->
                    Matcher.quoteReplacement(variables.getOrDefault(match.group(1), match.group())));
            Matcher invocation = INVOCATION.matcher(known);
            String arn = invocation.find() ? invocation.group(1) : known;
            String name = arn.replaceFirst("^.*:function:", "").replaceFirst("[:/].*$", "");
            return stack.functionNamed(name);
        }

        /** {@code written} says how long the gateway waits, and whether the answer is streamed. */
        static Backend.Lambda lambda(Api api, FunctionDefinition function, Mapping written, String uri) {
            boolean isStreamed = api.isUrl() ? "RESPONSE_STREAM".equals(anyCase(written, "InvokeMode"))
                    : api.isRest() && ("STREAM".equals(anyCase(written, "ResponseTransferMode"))
                    || uri.endsWith("/response-streaming-invocations"));
            int millis = api.isUrl() || isStreamed && anyCase(written, "TimeoutInMillis").isEmpty() ? 0
                    : timeout(api, written);
            return new Backend.Lambda(function.id(), function.handler(), millis, isStreamed);
        }

        private static int timeout(Api api, Mapping written) {
            String millis = anyCase(written, "TimeoutInMillis");
            return millis.matches("[1-9]\\d{0,6}") ? Integer.parseInt(millis)
                    : api.isRest() ? Backend.REST_MILLIS : Backend.HTTP_MILLIS;
        }

        /** CloudFormation writes a name with a capital, OpenAPI without. */
        static String anyCase(Mapping written, String name) {
            return Intrinsics.text(valueOf(written, name));
        }

        static Value valueOf(Mapping written, String name) {
            Value small = written.entries().get(Character.toLowerCase(name.charAt(0)) + name.substring(1));
            return small == null ? written.entries().get(name) : small;
        }

        static Map<String, String> texts(Value value) {
            Map<String, String> texts = new LinkedHashMap<>();
            if (value instanceof Mapping map) map.entries().forEach((key, text) -> texts.put(key, textOf(text)));
            return texts;
        }

        /** A template may be written as the JSON that it is to make. */
        private static String textOf(Value value) {
            return value instanceof Scalar ? Intrinsics.text(value) : Json.write(value.plain());
        }

        private static Backend mock(Mapping written) {
            Map<String, String> requests = texts(valueOf(written, "RequestTemplates"));
            List<Backend.Mapped> answers = answers(written);
            return orUnsupported(new Backend.Mock(requests, answers), requests, answers);
        }

        private static Backend http(Api api, Mapping written, String uri, boolean isProxy) {
            Map<String, String> requests = isProxy ? Map.of() : texts(valueOf(written, "RequestTemplates"));
            List<Backend.Mapped> answers = isProxy ? List.of() : answers(written);
            String method = Stream.of(anyCase(written, "IntegrationHttpMethod"), anyCase(written, "IntegrationMethod"),
                    anyCase(written, "HttpMethod")).filter(text -> !text.isEmpty()).findFirst().orElse("ANY");
            return orUnsupported(new Backend.Http(isProxy, method.toUpperCase(Locale.ROOT), uri,
                    texts(valueOf(written, "RequestParameters")), requests, answers, timeout(api, written)), requests,
                    answers);
        }

        /** A map by pattern in OpenAPI, a list in CloudFormation. */
        private static List<Backend.Mapped> answers(Mapping written) {
            List<Backend.Mapped> answers = new ArrayList<>();
            if (valueOf(written, "Responses") instanceof Mapping map) {
                map.entries().forEach((pattern, value) -> {
                    if (value instanceof Mapping answer) answers.add(mapped(pattern, answer));
                });
            } else if (valueOf(written, "IntegrationResponses") instanceof Sequence list) {
                list.items().forEach(value -> {
                    if (!(value instanceof Mapping answer)) return;
                    answers.add(mapped(anyCase(answer, "SelectionPattern"), answer));
                });
            }
            return answers;
        }

        private static Backend.Mapped mapped(String pattern, Mapping answer) {
            boolean isDefault = pattern.isEmpty() || pattern.equals("default");
            String status = anyCase(answer, "StatusCode");
            try {
                return new Backend.Mapped(isDefault ? null : Pattern.compile(pattern),
                        status.matches("[2-5]\\d\\d") ? Integer.parseInt(status) : 200,
                        texts(valueOf(answer, "ResponseParameters")), texts(valueOf(answer, "ResponseTemplates")));
            } catch (PatternSyntaxException e) {
                throw Fault.project("`" + pattern + "` is no regular expression: " + e.getDescription(),
                        answer.place());
            }
        }

        private static Backend orUnsupported(Backend backend, Map<String, String> requests,
                List<Backend.Mapped> answers) {
            return Stream.concat(requests.values().stream(), answers.stream().flatMap(answer ->
                    answer.templates().values().stream())).flatMap(template -> unsupported(template).stream())
                    .findFirst().<Backend>map(part -> new Backend.Unsupported("mapping template with `" + part + "`"))
                    .orElse(backend);
        }

        /** The first part of a template that is beyond plain references. */
        private static Optional<String> unsupported(String template) {
            Matcher directive = DIRECTIVE.matcher(template);
            if (directive.find()) return Optional.of(directive.group());
            return REFERENCE.matcher(template).results().filter(reference -> !Backend.REFERENCE.matcher(template)
                    .region(reference.start(), template.length()).lookingAt()).map(MatchResult::group).findFirst();
        }

        /** Those of an API, by type: SAM's, its document's, and resources of their own. */
        Map<String, GatewayResponse> responses(String api, Mapping properties, Mapping document) {
            Map<String, GatewayResponse> all = new LinkedHashMap<>();
            Stream.of(document.entries().get("x-amazon-apigateway-gateway-responses"),
                    properties.entries().get("GatewayResponses")).forEach(written -> {
                        if (!(written instanceof Mapping map)) return;
                        map.entries().forEach((type, value) -> put(type, value, all));
                    });
            stack.resources().values().stream().filter(each -> each.is("AWS::ApiGateway::GatewayResponse"))
                    .map(Stack.Resource::properties)
                    .filter(each -> Intrinsics.text(each.entries().get("RestApiId")).equals(api))
                    .forEach(each -> put(Intrinsics.text(each.entries().get("ResponseType")), each, all));
            return all;
        }

        private static void put(String type, Value value, Map<String, GatewayResponse> all) {
            if (!(value instanceof Mapping written) || Intrinsics.isUnknown(value)) return;
            if (!RESPONSE_TYPES.contains(type)) {
                throw Fault.project("`" + type + "` is no type of gateway response", written.place(),
                        Nearest.to(type, RESPONSE_TYPES).map(near -> "did you mean `" + near + "`?").orElse(null));
            }
            Map<String, String> headers = new LinkedHashMap<>();
            Map<String, String> parameters = texts(valueOf(written, "ResponseParameters"));
            parameters.forEach((name, source) -> {
                if (name.startsWith("gatewayresponse.header.")) headers.put(name.substring(23), source);
            });
            if (valueOf(written, "ResponseParameters") instanceof Mapping map) {
                headers.putAll(texts(map.entries().get("Headers")));
            }
            String status = anyCase(written, "StatusCode");
            all.put(type, new GatewayResponse(status.matches("[1-5]\\d\\d") ? Integer.parseInt(status) : 0, headers,
                    texts(valueOf(written, "ResponseTemplates"))));
        }
    }

    // ---- Auth: who may call, as a template says it -----------------------------------------------------------------

    /**
     * The authorizers of one API and what its routes ask for: SAM's Auth ("ApiAuth", "HttpApiAuth"), an OpenAPI
     * document's security ("x-amazon-apigateway-authorizer"), and CloudFormation's resources.
     */
    static final class Auth {
        private static final Pattern SOURCE = Pattern.compile(
                "\\$?(?:method\\.)?(?:request\\.)?(header|querystring|context|stageVariables)\\.(\\S+)");
        private static final Pattern POOL = Pattern.compile("arn:[\\w-]+:cognito-idp:([\\w-]+):\\d*:userpool/(.+)");
        private static final String AUTHORIZER = "x-amazon-apigateway-authorizer";

        /** An authorizer as it is written, whatever the form. */
        private record Written(String name, String type, String function, List<AuthorizerRules.Source> sources,
                String expression, String seconds, String payload, boolean isSimple, Mapping tokens, Value pools,
                Place place) {
        }

        private final Stack stack;
        private final boolean isRest;
        private final Mapping auth;
        private final Mapping document;
        private final boolean isKeyFromAuthorizer;
        private final Map<String, AuthorizerRules> known = new LinkedHashMap<>();
        private final Set<String> keySchemes = new HashSet<>();

        /** @throws Fault if an authorizer is none that API Gateway would take */
        Auth(Stack stack, boolean isRest, Mapping properties, Mapping document) {
            this.stack = stack;
            this.isRest = isRest;
            this.document = document;
            this.auth = mapping(properties, "Auth");
            this.isKeyFromAuthorizer = text(properties, "ApiKeySourceType").equals("AUTHORIZER");
            known.put("AWS_IAM", AuthorizerRules.OF_IAM);
            Mapping schemes = document.value("components").isPresent()
                    ? mapping(mapping(document, "components"), "securitySchemes")
                    : mapping(document, "securityDefinitions");
            schemes.entries().forEach((name, scheme) -> {
                if (scheme instanceof Mapping map) scheme(name, map);
            });
            mapping(auth, "Authorizers").entries().forEach((name, value) -> {
                if (value instanceof Mapping map) known.put(name, rules(isRest ? sam(name, map) : samHttp(name, map)));
            });
        }

        private static Mapping mapping(Mapping within, String key) {
            return within.value(key).orElse(null) instanceof Mapping map ? map : Mapping.empty(within.place());
        }

        private static String text(Mapping within, String key) {
            return Intrinsics.text(within.entries().get(key));
        }

        private static List<String> texts(Value value) {
            if (value instanceof Sequence list) return list.items().stream().map(Intrinsics::text).toList();
            return value == null || Intrinsics.text(value).isEmpty() ? List.of() : List.of(Intrinsics.text(value));
        }

        /** What a SAM event asks for, or all routes of its API do. */
        Guard ofEvent(Mapping own) {
            String name = Stream.of(text(own, "Authorizer"), text(auth, "DefaultAuthorizer"))
                    .filter(each -> !each.isEmpty()).findFirst().orElse("NONE");
            String key = Stream.of(text(own, "ApiKeyRequired"), text(auth, "ApiKeyRequired"))
                    .filter(each -> !each.isEmpty()).findFirst().orElse("");
            Mapping authorizer = mapping(mapping(auth, "Authorizers"), name);
            Value scopes = own.value("AuthorizationScopes").or(() -> authorizer.value("AuthorizationScopes"))
                    .orElse(null);
            Place place = own.value("Authorizer").or(() -> auth.value("DefaultAuthorizer")).map(Value::place)
                    .orElse(null);
            return new Guard(named(name, place), key.equals("true"), isKeyFromAuthorizer, texts(scopes));
        }

        private AuthorizerRules named(String name, Place place) {
            if (name.equals("NONE")) return null;
            AuthorizerRules rules = known.get(name);
            if (rules == null) {
                throw Fault.project("authorizer `" + name + "` is not defined", place,
                        Nearest.to(name, known.keySet()).map(near -> "did you mean `" + near + "`?").orElse(null));
            }
            return rules;
        }

        /** SAM lets a REST API's default authorizer answer preflight requests too, unless it is told not to. */
        Guard ofPreflight() {
            boolean isOpen = !isRest || text(auth, "AddDefaultAuthorizerToCorsPreflight").equals("false");
            return isOpen ? Guard.OPEN : new Guard(ofEvent(Mapping.empty(null)).authorizer(), false, false, List.of());
        }

        /** What an OpenAPI operation asks for, its document, or SAM for all. */
        Guard ofOperation(Mapping operation) {
            Value security = operation.value("security").or(() -> document.value("security")).orElse(null);
            if (!(security instanceof Sequence requirements)) return ofEvent(Mapping.empty(operation.place()));
            AuthorizerRules rules = null;
            List<String> scopes = List.of();
            boolean needsKey = false;
            for (Value requirement : requirements.items()) {
                if (!(requirement instanceof Mapping names)) continue;
                for (Map.Entry<String, Value> name : names.entries().entrySet()) {
                    needsKey |= keySchemes.contains(name.getKey());
                    if (rules != null || !known.containsKey(name.getKey())) continue;
                    rules = known.get(name.getKey());
                    scopes = texts(name.getValue());
                }
            }
            return new Guard(rules, needsKey, isKeyFromAuthorizer, scopes);
        }

        /** What a plain method or route asks for. */
        Guard ofResource(Mapping properties) {
            String type = text(properties, "AuthorizationType");
            boolean needsKey = isRest && text(properties, "ApiKeyRequired").equals("true");
            List<String> scopes = texts(properties.entries().get("AuthorizationScopes"));
            if (type.isEmpty() || type.equals("NONE")) {
                return new Guard(null, needsKey, isKeyFromAuthorizer, scopes);
            }
            if (type.equals("AWS_IAM")) {
                return new Guard(AuthorizerRules.OF_IAM, needsKey, isKeyFromAuthorizer, scopes);
            }
            String id = text(properties, "AuthorizerId");
            Stack.Resource resource = stack.resources().get(id);
            boolean isAuthorizer = resource != null
                    && resource.is("AWS::ApiGateway::Authorizer", "AWS::ApiGatewayV2::Authorizer");
            if (!isAuthorizer) throw Fault.project("`AuthorizerId` names no authorizer", properties.place());
            return new Guard(rules(plain(id, resource.properties())), needsKey, isKeyFromAuthorizer, scopes);
        }

        /** What a function's own address asks for. */
        static Guard ofUrl(Mapping config) {
            boolean isIam = text(config, "AuthType").equals("AWS_IAM");
            return isIam ? new Guard(AuthorizerRules.OF_IAM, false, false, List.of()) : Guard.OPEN;
        }

        private Written sam(String name, Mapping map) {
            Mapping identity = mapping(map, "Identity");
            boolean isPool = map.value("UserPoolArn").isPresent();
            boolean isRequest = text(map, "FunctionPayloadType").equals("REQUEST");
            String type = isPool ? "cognito_user_pools" : text(map, "FunctionPayloadType").isEmpty() ? "token"
                    : text(map, "FunctionPayloadType");
            List<AuthorizerRules.Source> sources = isRequest ? samSources(identity)
                    : List.of(new AuthorizerRules.Source("header", or(text(identity, "Header"), "Authorization")));
            return new Written(name, type, text(map, "FunctionArn"), sources, text(identity, "ValidationExpression"),
                    text(identity, "ReauthorizeEvery"), "1.0", false, Mapping.empty(null),
                    map.entries().get("UserPoolArn"), map.place());
        }

        private Written samHttp(String name, Mapping map) {
            Mapping identity = mapping(map, "Identity");
            boolean isJwt = map.value("JwtConfiguration").isPresent();
            List<AuthorizerRules.Source> sources = isJwt
                    ? sources(List.of(or(text(map, "IdentitySource"), "$request.header.Authorization")), map.place())
                    : samSources(identity);
            return new Written(name, isJwt ? "jwt" : "request", text(map, "FunctionArn"), sources, "",
                    text(identity, "ReauthorizeEvery"), text(map, "AuthorizerPayloadFormatVersion"),
                    text(map, "EnableSimpleResponses").equals("true"), mapping(map, "JwtConfiguration"), null,
                    map.place());
        }

        private static String or(String text, String otherwise) {
            return text.isEmpty() ? otherwise : text;
        }

        private static List<AuthorizerRules.Source> samSources(Mapping identity) {
            List<AuthorizerRules.Source> sources = new ArrayList<>();
            Map<String, String> kinds = new LinkedHashMap<>();
            kinds.put("Headers", "header");
            kinds.put("QueryStrings", "querystring");
            kinds.put("StageVariables", "stageVariables");
            kinds.put("Context", "context");
            kinds.forEach((key, where) -> texts(identity.entries().get(key)).forEach(name ->
                    sources.add(new AuthorizerRules.Source(where, name))));
            return sources;
        }

        private static List<AuthorizerRules.Source> sources(List<String> written, Place place) {
            return written.stream().flatMap(text -> Stream.of(text.split(","))).map(String::strip)
                    .filter(text -> !text.isEmpty()).map(text -> {
                        Matcher source = SOURCE.matcher(text);
                        if (source.matches()) return new AuthorizerRules.Source(source.group(1), source.group(2));
                        throw Fault.project("`" + text + "` is no identity source", place, "write such as"
                                + " `method.request.header.Authorization` or `$request.header.Authorization`");
                    }).toList();
        }

        /** A security scheme; one without an authorizer asks for an API key if it is in that header. */
        private void scheme(String name, Mapping scheme) {
            boolean isIam = text(scheme, "x-amazon-apigateway-authtype").equalsIgnoreCase("awsSigv4");
            if (isIam) known.put(name, AuthorizerRules.OF_IAM);
            if (!(scheme.value(AUTHORIZER).orElse(null) instanceof Mapping map)) {
                if (!isIam && text(scheme, "name").equalsIgnoreCase("x-api-key")) keySchemes.add(name);
                return;
            }
            List<String> sources = texts(map.entries().get("identitySource"));
            boolean isImplied = sources.isEmpty() && !text(map, "type").equalsIgnoreCase("request");
            String header = "request.header." + or(text(scheme, "name"), "Authorization");
            known.put(name, rules(new Written(name, text(map, "type"), text(map, "authorizerUri"),
                    sources(isImplied ? List.of(header) : sources, map.place()),
                    text(map, "identityValidationExpression"), text(map, "authorizerResultTtlInSeconds"),
                    text(map, "authorizerPayloadFormatVersion"), text(map, "enableSimpleResponses").equals("true"),
                    mapping(map, "jwtConfiguration"), map.entries().get("providerARNs"), map.place())));
        }

        private Written plain(String name, Mapping map) {
            return new Written(name, text(map, isRest ? "Type" : "AuthorizerType"), text(map, "AuthorizerUri"),
                    sources(texts(map.entries().get("IdentitySource")), map.place()),
                    text(map, "IdentityValidationExpression"), text(map, "AuthorizerResultTtlInSeconds"),
                    text(map, "AuthorizerPayloadFormatVersion"), text(map, "EnableSimpleResponses").equals("true"),
                    mapping(map, "JwtConfiguration"), map.entries().get("ProviderARNs"), map.place());
        }

        private AuthorizerRules rules(Written written) {
            AuthorizerRules.Kind kind = kind(written);
            boolean isLambda = kind == AuthorizerRules.Kind.TOKEN || kind == AuthorizerRules.Kind.REQUEST;
            if (isLambda) check(written);
            String function = written.function().replaceFirst(".*:function:([^:/]+).*", "$1");
            if (isLambda && stack.functionNamed(function).isEmpty()) {
                stack.problems().warn("authorizer " + written.name() + " has no function of this template, "
                        + "its requests are answered 500", written.place(), null);
            }
            String seconds = or(written.seconds(), isRest ? "300" : "0");
            return new AuthorizerRules(kind, written.name(), function, isRest ? "1.0" : or(written.payload(), "2.0"),
                    written.isSimple(), written.sources(), pattern(written),
                    seconds.matches("\\d{1,6}") ? Integer.parseInt(seconds) : 0,
                    kind == AuthorizerRules.Kind.POOL ? pools(written.pools()) : issuers(written.tokens()),
                    knownOnly(texts(anyCase(written.tokens(), "audience"))));
        }

        private AuthorizerRules.Kind kind(Written written) {
            String type = written.type().toUpperCase(Locale.ROOT);
            boolean isGood = (isRest ? Set.of("TOKEN", "REQUEST", "COGNITO_USER_POOLS") : Set.of("REQUEST", "JWT"))
                    .contains(type);
            if (isGood) return AuthorizerRules.Kind.valueOf(type.replace("COGNITO_USER_POOLS", "POOL"));
            throw Fault.project("authorizer " + written.name() + " is of no type that " + (isRest ? "a REST"
                    : "an HTTP") + " API has: `" + written.type() + "`", written.place(), isRest
                    ? "types are TOKEN, REQUEST and COGNITO_USER_POOLS" : "types are REQUEST and JWT");
        }

        private void check(Written written) {
            boolean isVersion = isRest || Set.of("", "1.0", "2.0").contains(written.payload());
            if (!isVersion) {
                throw Fault.project("authorizer " + written.name() + " has no valid `AuthorizerPayloadFormatVersion`: `"
                        + written.payload() + "`", written.place(), "it is `1.0` or `2.0`");
            }
            if (written.isSimple() && written.payload().equals("1.0")) {
                throw Fault.project("authorizer " + written.name() + " cannot have `EnableSimpleResponses` with payload"
                        + " format version 1.0", written.place(), "set `AuthorizerPayloadFormatVersion: '2.0'`");
            }
        }

        private static Pattern pattern(Written written) {
            try {
                return written.expression().isEmpty() ? null : Pattern.compile(written.expression());
            } catch (PatternSyntaxException e) {
                throw Fault.project("`ValidationExpression` of authorizer " + written.name()
                        + " is no regular expression: " + e.getDescription(), written.place());
            }
        }

        private static Value anyCase(Mapping map, String key) {
            return map.value(key).or(() -> map.value(Character.toUpperCase(key.charAt(0)) + key.substring(1)))
                    .orElse(null);
        }

        /** A resource of the template has no id here that a token could name: then any will do. */
        private List<String> knownOnly(List<String> names) {
            boolean isKnown = names.stream().noneMatch(name ->
                    stack.resources().containsKey(name.replaceFirst(".*/", "").replaceFirst("\\.Arn$", "")));
            return isKnown ? names : List.of();
        }

        private List<String> issuers(Mapping tokens) {
            return knownOnly(texts(anyCase(tokens, "issuer")));
        }

        private List<String> pools(Value arns) {
            List<String> issuers = texts(arns).stream().map(POOL::matcher).filter(Matcher::matches).map(pool ->
                    "https://cognito-idp." + pool.group(1) + ".amazonaws.com/" + pool.group(2)).toList();
            return issuers.size() == texts(arns).size() ? knownOnly(issuers) : List.of();
        }
    }

    // ---- Models: what requests must have, as a template says it ----------------------------------------------------

    /**
     * Request validation of one REST API: SAM's RequestModel and RequestParameters, an OpenAPI document's
     * "x-amazon-apigateway-request-validator", RequestValidator and Model of CloudFormation.
     */
    static final class Models {
        private static final String VALIDATOR = "x-amazon-apigateway-request-validator";
        private static final Pattern NAMED =
                Pattern.compile("(?:method\\.request\\.)?((?:header|querystring|path)\\..+)");

        /** Which of the two a validator looks at. */
        private record Scrutiny(boolean parameters, boolean body) {
            static final Scrutiny NONE = new Scrutiny(false, false);
        }

        private final Stack stack;
        private final Mapping properties;
        private final Mapping document;

        Models(Stack stack, Mapping properties, Mapping document) {
            this.stack = stack;
            this.properties = properties;
            this.document = document;
        }

        private static Mapping mapping(Mapping within, String key) {
            return within.value(key).orElse(null) instanceof Mapping map ? map : Mapping.empty(within.place());
        }

        private static String text(Mapping within, String key) {
            return Intrinsics.text(within.entries().get(key));
        }

        private static boolean isTrue(Mapping within, String key) {
            return text(within, key).equals("true");
        }

        private static Checks orNull(List<String> parameters, Map<String, String> schemas, boolean isBodyRequired) {
            return parameters.isEmpty() && schemas.isEmpty() ? null : new Checks(parameters, schemas, isBodyRequired);
        }

        /** What a SAM event asks for, or null. */
        Checks ofEvent(Mapping event) {
            Mapping wanted = mapping(event, "RequestModel");
            List<String> parameters = new ArrayList<>();
            if (isTrue(wanted, "ValidateParameters") && event.value("RequestParameters").orElse(null)
                    instanceof Sequence list) {
                list.items().forEach(item -> {
                    if (!(item instanceof Mapping map)) return; // a name alone is not required
                    map.entries().forEach((name, value) -> {
                        if (value instanceof Mapping rules && isTrue(rules, "Required")) add(name, parameters);
                    });
                });
            }
            Map<String, String> schemas = new LinkedHashMap<>();
            if (isTrue(wanted, "ValidateBody")) {
                schemas.put("application/json", model(text(wanted, "Model"), wanted.place()));
            }
            return orNull(parameters, schemas, isTrue(wanted, "Required"));
        }

        private static void add(String name, List<String> parameters) {
            Matcher named = NAMED.matcher(name);
            if (named.matches()) parameters.add(named.group(1));
        }

        private String model(String name, Place place) {
            Mapping models = mapping(properties, "Models");
            Value model = models.value(name).orElse(null);
            if (model == null) {
                throw Fault.project("model `" + name + "` is not defined", place,
                        Nearest.to(name, models.entries().keySet()).map(near -> "did you mean `" + near + "`?")
                        .orElse(null));
            }
            return schema(model, models);
        }

        /** A schema in which references to the others are known. */
        private static String schema(Value schema, Mapping definitions) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("allOf", List.of(schema.plain()));
            all.put("definitions", definitions.plain());
            return Json.write(all).replaceAll("https://apigateway\\.amazonaws\\.com/restapis/[^/\"]+/models/",
                    "#/definitions/");
        }

        /** What an OpenAPI operation asks for, or null. */
        Checks ofOperation(Mapping operation) {
            Scrutiny scrutiny = scrutiny(operation);
            List<String> parameters = new ArrayList<>();
            Map<String, String> schemas = new LinkedHashMap<>();
            boolean isBodyRequired = false;
            List<Value> written = operation.value("parameters").orElse(null) instanceof Sequence list ? list.items()
                    : List.of();
            for (Value value : written) {
                if (!(resolved(value) instanceof Mapping parameter)) continue;
                String where = text(parameter, "in");
                if (where.equals("body") && scrutiny.body()) {
                    parameter.value("schema").ifPresent(schema -> schemas.put("application/json", ofDocument(schema)));
                    isBodyRequired = isTrue(parameter, "required");
                }
                String name = (where.equals("query") ? "querystring" : where) + "." + text(parameter, "name");
                if (scrutiny.parameters() && isTrue(parameter, "required")) add(name, parameters);
            }
            Mapping body = mapping(operation, "requestBody");
            if (scrutiny.body()) {
                mapping(body, "content").entries().forEach((type, value) -> {
                    if (!(value instanceof Mapping content)) return;
                    content.value("schema").ifPresent(schema -> schemas.put(type, ofDocument(schema)));
                });
            }
            return orNull(parameters, schemas, isBodyRequired || isTrue(body, "required"));
        }

        private Scrutiny scrutiny(Mapping operation) {
            String name = text(operation, VALIDATOR).isEmpty() ? text(document, VALIDATOR) : text(operation, VALIDATOR);
            if (name.isEmpty()) return Scrutiny.NONE;
            Mapping validators = mapping(document, VALIDATOR + "s");
            if (validators.value(name).isEmpty()) {
                throw Fault.project("request validator `" + name + "` is not defined", operation.place(),
                        Nearest.to(name, validators.entries().keySet()).map(near -> "did you mean `" + near + "`?")
                        .orElse(null));
            }
            Mapping validator = mapping(validators, name);
            return new Scrutiny(isTrue(validator, "validateRequestParameters"),
                    isTrue(validator, "validateRequestBody"));
        }

        /** A parameter may be a reference to one that all operations share. */
        private Value resolved(Value value) {
            String reference = value instanceof Mapping map ? text(map, "$ref") : "";
            Value found = document;
            if (!reference.startsWith("#/")) return value;
            for (String step : reference.substring(2).split("/")) {
                found = found instanceof Mapping map ? map.entries().get(step) : null;
            }
            return found;
        }

        private String ofDocument(Value schema) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("allOf", List.of(schema.plain()));
            Stream.of("definitions", "components").forEach(key ->
                    document.value(key).ifPresent(value -> all.put(key, value.plain())));
            return Json.write(all);
        }

        /** What a plain method asks for, or null. */
        Checks ofResource(Mapping method) {
            Stack.Resource resource = stack.resources().get(text(method, "RequestValidatorId"));
            if (resource == null) return null;
            List<String> parameters = new ArrayList<>();
            if (isTrue(resource.properties(), "ValidateRequestParameters")) {
                mapping(method, "RequestParameters").entries().forEach((name, required) -> {
                    if (Intrinsics.text(required).equals("true")) add(name, parameters);
                });
            }
            Map<String, String> schemas = new LinkedHashMap<>();
            if (isTrue(resource.properties(), "ValidateRequestBody")) {
                mapping(method, "RequestModels").entries().forEach((type, name) -> {
                    Stack.Resource model = stack.resources().get(Intrinsics.text(name));
                    if (model == null) return; // such as the Empty that each API has
                    model.properties().value("Schema").ifPresent(schema ->
                            schemas.put(type, schema(schema, Mapping.empty(null))));
                });
            }
            return orNull(parameters, schemas, !schemas.isEmpty());
        }
    }

    // ---- Api, Route: what a template says of them ------------------------------------------------------------------

    /**
     * An API: all that its routes have in common.
     *
     * @param type {@code rest}, {@code http} or {@code url}, a function's own address
     * @param stage name of its stage
     * @param variables the stage's
     * @param cors who may read its answers from other sites, or null
     * @param preflight who may ask that
     * @param responses what its own answers are made of, by gateway response type
     */
    record Api(String id, String type, String stage, Map<String, String> variables, List<String> binaryMediaTypes,
            CorsRules cors, Guard preflight, Map<String, GatewayResponse> responses) {
        boolean isRest() {
            return type.equals("rest");
        }

        boolean isUrl() {
            return type.equals("url");
        }

        /** The logical id in its own stack. */
        String name() {
            return id.replaceFirst(".*/", "");
        }
    }

    /**
     * Cors, CorsConfiguration, or what says the same in an OpenAPI document.
     *
     * @param origins such as {@code https://example.com}, {@code https://*} or {@code *}
     * @param methods, headers, exposed as header values, null where nothing is said
     */
    record CorsRules(List<String> origins, String methods, String headers, String exposed, String maxAge,
            boolean credentials) {
        /** For any API, by what a person asked for here. */
        static CorsRules ofAnyRequest(String origin) {
            return new CorsRules(List.of(origin), "*", "*", "*", null, !origin.equals("*"));
        }

        /** What is written for an API, as plain values: true, an origin, or a map; null where it says nothing. */
        static CorsRules of(boolean isRest, Object written) {
            if (Boolean.TRUE.equals(written) || "true".equals(written)) {
                return new CorsRules(List.of("*"), null, null, null, null, false);
            }
            if (written instanceof String origin) return of(isRest, Map.of("AllowOrigin", origin));
            boolean isUnknown = !(written instanceof Map<?, ?> map) || map.keySet().stream()
                    .anyMatch(key -> key.equals("Ref") || key.toString().startsWith("Fn::"));
            return isUnknown ? null : ofMap(isRest, (Map<?, ?>) written);
        }

        /** The names are those of SAM; OpenAPI's begin with small letters. */
        private static CorsRules ofMap(boolean isRest, Map<?, ?> written) {
            Map<String, Object> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            written.forEach((name, value) -> map.put(name.toString(), value));
            Object origins = map.get(isRest ? "AllowOrigin" : "AllowOrigins");
            List<String> list = origins instanceof List<?> many ? many.stream().map(CorsRules::text).toList()
                    : origins == null ? isRest ? List.of("*") : List.of() : List.of(text(origins));
            return new CorsRules(list, joined(map.get("AllowMethods")), joined(map.get("AllowHeaders")),
                    joined(map.get("ExposeHeaders")), joined(map.get("MaxAge")),
                    "true".equals(text(map.get("AllowCredentials"))));
        }

        private static String joined(Object value) {
            if (value == null) return null;
            return value instanceof List<?> list ? list.stream().map(CorsRules::text).collect(Collectors.joining(","))
                    : text(value);
        }

        /** A REST API's values are quoted twice. */
        private static String text(Object value) {
            return String.valueOf(value).replaceAll("^'+|'+$", "");
        }
    }

    /**
     * One method and path of an API.
     *
     * @param method in capitals, {@code ANY} for any
     * @param path with {@code {parameters}}, {@code $default} for all that no other route takes
     * @param backend what answers
     * @param payload payload format version, {@code 1.0} or {@code 2.0}
     * @param operation OperationName or operationId, or null
     * @param guard who may call it
     * @param checks what requests must have, or null
     * @param source where it is declared
     */
    record Route(Api api, String method, String path, Backend backend, String payload, String operation,
            Guard guard, Checks checks, Place source) {
        Route(Api api, String method, String path, Backend backend, String payload, String operation, Guard guard,
                Place source) {
            this(api, method, path, backend, payload, operation, guard, null, source);
        }

        /** The logical id of the function behind it, {@code -} if there is none. */
        String function() {
            return backend instanceof Backend.Lambda lambda ? lambda.function() : "-";
        }

        /** The function's handler, or what is there in its place. */
        String handler() {
            return backend.toString();
        }

        /** The same route with other callers. */
        Route withGuard(Guard other) {
            return new Route(api, method, path, backend, payload, operation, other, checks, source);
        }

        /** The same route with another payload format version. */
        Route withPayload(String version) {
            return new Route(api, method, path, backend, version, operation, guard, checks, source);
        }

        @Override public String toString() {
            return method + " " + path;
        }
    }

    /**
     * Of one route.
     *
     * @param parameters such as {@code header.X-Id} or {@code querystring.page}
     * @param schemas of the body by media type, in JSON
     */
    record Checks(List<String> parameters, Map<String, String> schemas, boolean isBodyRequired) {
    }

    /**
     * Who may call a route.
     *
     * @param authorizer that is asked, or null
     * @param needsKey whether an API key must be there
     * @param isKeyFromAuthorizer whether the authorizer names that key, rather than the request
     * @param scopes of which a token must have one
     */
    record Guard(AuthorizerRules authorizer, boolean needsKey, boolean isKeyFromAuthorizer, List<String> scopes) {
        static final Guard OPEN = new Guard(null, false, false, List.of());
    }

    /**
     * An authorizer of a template.
     *
     * @param function its logical id or name, for Lambda authorizers
     * @param payload format version of its event
     * @param isSimple whether it answers {@code isAuthorized} rather than a policy
     * @param sources what must be in a request, such as {@code header.Authorization}
     * @param token what a token must match, or null
     * @param seconds for which an answer counts
     * @param issuers, audience of tokens, empty where any will do
     */
    record AuthorizerRules(Kind kind, String name, String function, String payload, boolean isSimple,
            List<Source> sources, Pattern token, int seconds, List<String> issuers, List<String> audience) {
        /** Lambda functions that get a token or a request; an HTTP API's tokens; user pools; AWS's own. */
        enum Kind { TOKEN, REQUEST, JWT, POOL, IAM }

        /** A part of a request; {@code where} is header, querystring, stageVariables or context. */
        record Source(String where, String name) {
        }

        static final AuthorizerRules OF_IAM = new AuthorizerRules(Kind.IAM, "AWS_IAM", null, "1.0", false, List.of(),
                null, 0, List.of(), List.of());
    }

    /** What answers a route ("Choose an API Gateway API integration type"). */
    sealed interface Backend permits Backend.Lambda, Backend.Mock, Backend.Http, Backend.Unsupported, Backend.Missing {
        /** API Gateway's longest wait in milliseconds, "Amazon API Gateway quotas". */
        int REST_MILLIS = 29_000;
        int HTTP_MILLIS = 30_000;
        /** What a mapping template may refer to here. */
        Pattern REFERENCE = Pattern.compile("\\$!?(?<open>\\{)?(?:(?<whole>input\\.body)|"
                + "input\\.(?<function>json|params)\\(['\"](?<argument>[^'\"]*)['\"]\\)|"
                + "(?<scope>context|stageVariables)\\.(?<name>\\w+(?:\\.\\w+)*))(?<close>})?");

        /**
         * A function as proxy.
         *
         * @param timeoutMillis for which the gateway waits for an answer, 0 for as long as the function may take
         * @param isStreamed whether the client sees what the function writes at once
         */
        record Lambda(String function, String handler, int timeoutMillis, boolean isStreamed) implements Backend {
            @Override public String toString() {
                return handler;
            }
        }

        /**
         * One way to answer.
         *
         * @param pattern of the statuses that it is for, null for all others
         * @param parameters the answer's headers and where they come from
         * @param templates by media type
         */
        record Mapped(Pattern pattern, int status, Map<String, String> parameters, Map<String, String> templates) {
        }

        /** The gateway itself, by templates. */
        record Mock(Map<String, String> requests, List<Mapped> answers) implements Backend {
            @Override public String toString() {
                return "MOCK";
            }
        }

        /**
         * Another server.
         *
         * @param isProxy whether request and answer are passed on as they are
         * @param method {@code ANY} for the request's
         * @param parameters what is put into the request there, and where it comes from
         */
        record Http(boolean isProxy, String method, String uri, Map<String, String> parameters,
                Map<String, String> requests, List<Mapped> answers, int timeoutMillis) implements Backend {
            @Override public String toString() {
                return (isProxy ? "HTTP_PROXY " : "HTTP ") + uri;
            }
        }

        /** A function that is none of this template's. */
        record Missing() implements Backend {
            @Override public String toString() {
                return "no function of this template";
            }
        }

        /** What cannot be served here, and is refused by name. */
        record Unsupported(String reason) implements Backend {
            @Override public String toString() {
                return "not served: " + reason;
            }
        }
    }

    /**
     * What a REST API's own answer is made of ("Gateway responses in API Gateway").
     *
     * @param status 0 for the usual one
     * @param headers and where they come from
     * @param templates by media type
     */
    record GatewayResponse(int status, Map<String, String> headers, Map<String, String> templates) {
    }

    // ---- OpenApi: a document to operations -------------------------------------------------------------------------

    /** Reads OpenAPI 2 and 3 as API Gateway does (API Gateway Developer Guide, "OpenAPI extensions"). */
    static final class OpenApi {
        /** One operation, {@code written}, and its integration, an empty map if it has none. */
        record Operation(String method, String path, Mapping written, Mapping integration, String operationId,
                Place place) {
        }

        private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "options", "head", "patch",
                "x-amazon-apigateway-any-method");
        private static final Set<String> OF_ALL_METHODS = Set.of("parameters", "summary", "description", "servers");

        private OpenApi() {
        }

        /** All operations of a document; {@code api} stands in messages. */
        static List<Operation> operations(Mapping document, String api, Problems problems) {
            List<Operation> operations = new ArrayList<>();
            Value paths = document.value("paths").orElse(null);
            if (!(paths instanceof Mapping map)) return operations;
            map.entries().forEach((path, item) -> problems.attempt(() -> {
                if (!(item instanceof Mapping methods)) {
                    throw Fault.project("API " + api + ": path `" + path + "` must be a map", place(item, map, path));
                }
                if (!Intrinsics.isUnknown(methods)) operations.addAll(ofPath(path, methods, api));
            }));
            return operations;
        }

        private static Place place(Value item, Mapping within, String key) {
            return item.place() != null ? item.place() : within.keys().get(key);
        }

        private static List<Operation> ofPath(String path, Mapping methods, String api) {
            List<Operation> operations = new ArrayList<>();
            methods.entries().forEach((key, value) -> {
                boolean isExtension = key.startsWith("x-") && !METHODS.contains(key.toLowerCase(Locale.ROOT));
                if (OF_ALL_METHODS.contains(key) || isExtension) return;
                if (!(value instanceof Mapping operation)) {
                    throw Fault.project("API " + api + ": method `" + key + "` of path `" + path + "` must be a map",
                            place(value, methods, key));
                }
                if (METHODS.contains(key.toLowerCase(Locale.ROOT))) {
                    operations.add(operation(path, key, operation, methods.keys().get(key)));
                }
            });
            return operations;
        }

        private static Operation operation(String path, String key, Mapping operation, Place place) {
            String method = key.toUpperCase(Locale.ROOT);
            Value integration = operation.entries().get("x-amazon-apigateway-integration");
            String operationId = Intrinsics.text(operation.entries().get("operationId"));
            return new Operation(method.equals("X-AMAZON-APIGATEWAY-ANY-METHOD") ? "ANY" : method, path,
                    operation, integration instanceof Mapping map ? map : Mapping.empty(place),
                    operationId.isEmpty() ? null : operationId, place);
        }
    }

    // ---- Stack: one template file, resource by resource ------------------------------------------------------------

    /** One template: its resources with the Globals merged in and all that can be known resolved. */
    static final class Stack {
        /** A resource that the conditions let stand: as written with the Globals, and with its values known. */
        record Resource(String id, String type, Mapping attributes, Mapping written, Mapping properties, Place place) {
            boolean is(String... types) {
                return List.of(types).contains(type);
            }

            @Override public String toString() {
                return "`" + id + "`";
            }
        }

        static final String FUNCTION = "AWS::Serverless::Function";
        private static final String PLAIN_FUNCTION = "AWS::Lambda::Function";
        private static final int DEEPEST = 16;
        private final Path file;
        private final Path folder;
        private final String prefix;
        private final Problems problems;
        private final Intrinsics intrinsics;
        private final Globals globals;
        private final Map<String, Resource> resources = new LinkedHashMap<>();
        private final Map<String, FunctionDefinition> functions = new LinkedHashMap<>();
        private final Map<String, Layer> layers = new LinkedHashMap<>();
        private final List<Problem> obstacles = new ArrayList<>();
        private final Set<Path> files = new LinkedHashSet<>();

        /** Reads the file; what is wrong with it, and with all that follows from it, goes to {@code problems}. */
        Stack(Path file, String prefix, Map<String, String> overrides, Problems problems) {
            this.file = file;
            this.folder = real(file).getParent();
            this.prefix = prefix;
            this.problems = problems;
            Template template = Template.read(file);
            template.warnings().forEach(warning -> problems.warn(warning.message(), warning.place(), warning.hint()));
            this.intrinsics = Intrinsics.of(template, folder, overrides, problems);
            this.globals = new Globals(intrinsics.root(), problems);
        }

        /** Paths start from where a link leads to, as with {@code sam local}. */
        private static Path real(Path file) {
            return Files.isSymbolicLink(file) ? file.resolveSibling(readLink(file)).normalize() : file;
        }

        private static Path readLink(Path link) {
            try {
                return Files.readSymbolicLink(link);
            } catch (IOException e) {
                return link;
            }
        }

        /** Reads the resources, layers and functions. */
        Stack read() {
            files.add(file);
            Mapping written = intrinsics.root().mapping("Resources");
            if (written.entries().isEmpty()) {
                throw Fault.project("'Resources' section is required", intrinsics.root().place());
            }
            written.entries().forEach((id, value) -> problems.attempt(() -> add(id, value, written.keys().get(id))));
            each(this::layer, "AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion");
            boolean namesLayers = resources.values().stream().anyMatch(resource ->
                    resource.is(FUNCTION, PLAIN_FUNCTION) && resource.properties().value("Layers").isPresent());
            each(resource -> function(resource, namesLayers), FUNCTION, PLAIN_FUNCTION);
            intrinsics.warnOfMissingValues();
            return this;
        }

        Intrinsics intrinsics() {
            return intrinsics;
        }

        Globals globals() {
            return globals;
        }

        Problems problems() {
            return problems;
        }

        Collection<FunctionDefinition> functions() {
            return functions.values();
        }

        Collection<Layer> layers() {
            return layers.values();
        }

        /** What keeps functions from being run. */
        List<Problem> obstacles() {
            return obstacles;
        }

        /** The template and all that it includes. */
        Set<Path> files() {
            files.addAll(intrinsics.included());
            return files;
        }

        private void add(String id, Value value, Place place) {
            if (!(value instanceof Mapping attributes)) {
                throw Fault.project("resource `" + id + "` must be a map", value.place(), id.startsWith("Fn::ForEach::")
                        ? "`Fn::ForEach` needs `Transform: AWS::LanguageExtensions`" : "look at its indentation");
            }
            Value condition = attributes.value("Condition").orElse(null);
            if (condition != null && !(condition instanceof Scalar)) {
                throw Fault.project("the `Condition` of resource `" + id + "` must be a text", condition.place());
            }
            Value properties = attributes.value("Properties").orElse(null);
            if (properties != null && !(properties instanceof Mapping)) {
                throw Fault.project("`Properties` of resource `" + id + "` must be a map", properties.place());
            }
            if (condition != null && Boolean.FALSE.equals(intrinsics.holds(Intrinsics.text(condition)))) return;
            String type = Intrinsics.text(attributes.entries().get("Type"));
            Mapping written = globals.merge(id, type, attributes);
            Mapping known = intrinsics.resolve(written) instanceof Mapping mapping ? mapping : Mapping.empty(place);
            resources.put(id, new Resource(id, type, attributes, written, known, place));
            Schema.check(id, type, attributes.mapping("Properties"), problems);
        }

        /** The resources by logical id. */
        Map<String, Resource> resources() {
            return resources;
        }

        /** Reads each resource of some types; what is wrong with one does not keep from reading the next. */
        void each(Consumer<Resource> read, String... types) {
            resources.values().stream().filter(resource -> resource.is(types))
                    .forEach(resource -> problems.attempt(() -> read.accept(resource)));
        }

        /** What messages and routes call something of this stack. */
        String qualified(String id) {
            return prefix + id;
        }

        /** The folder that relative paths start from. */
        Path folder() {
            return folder;
        }

        /** A local document of the template, noted as one of its files. */
        Mapping document(Path path) {
            files.add(path);
            return Template.read(path).root();
        }

        /** The function that an ARN, a name or a logical id means. */
        Optional<FunctionDefinition> functionNamed(String name) {
            if (functions.containsKey(name)) return Optional.of(functions.get(name));
            return functions.values().stream().filter(function -> function.name().equals(name)).findFirst();
        }

        private void layer(Resource resource) {
            Value content = resource.properties().value("ContentUri").or(() -> resource.properties().value("Content"))
                    .orElse(null);
            if (content != null && isRemote(content)) {
                problems.warn("layer " + resource + " is left out: its content is in S3", content.place(), null);
                return;
            }
            Path path = folder.resolve(content == null ? "." : Intrinsics.text(content)).normalize();
            Path found = Modules.locate(path, "");
            if (found == null) {
                obstacles.add(missing("ContentUri", path, content == null ? resource.place() : content.place()));
                return;
            }
            layers.put(resource.id(), new Layer(qualified(resource.id()), found));
        }

        private static boolean isRemote(Value location) {
            return location instanceof Mapping || Intrinsics.text(location).startsWith("s3://");
        }

        private static Problem missing(String key, Path path, Place place) {
            boolean isBuilt = path.toString().matches(".*\\.(jar|zip)");
            return new Problem("`" + key + "` names `" + Place.display(path) + "`, which does not exist", place,
                    isBuilt ? "build it first, or let it name the folder of the sources" : null);
        }

        private void function(Resource resource, boolean namesLayers) {
            Mapping properties = resource.properties();
            String runtime = Intrinsics.text(properties.entries().get("Runtime"));
            String handler = Intrinsics.text(properties.entries().get("Handler"));
            boolean isImage = Intrinsics.text(properties.entries().get("PackageType")).equals("Image")
                    || properties.value("ImageUri").isPresent();
            if (resource.is(FUNCTION) && !isImage && handler.isEmpty()) {
                throw Fault.project("function " + resource + " has no `Handler`", resource.place());
            }
            Value code = properties.value(resource.is(FUNCTION) ? "CodeUri" : "Code").orElse(null);
            String obstacle = isImage ? "is a container image, which is not served"
                    : obstacle(resource, code, handler, runtime);
            int before = obstacles.size();
            Path found = obstacle == null ? code(resource, code, handler) : folder;
            if (obstacles.size() > before) obstacle = "has no code";
            else if (obstacle == null) obstacle = Modules.obstacle(handler, found).orElse(null);
            functions.put(resource.id(),
                    new FunctionDefinition(qualified(resource.id()), name(resource), handler, runtime, found,
                    namesLayers ? named(resource) : allLayers(), number(properties, "Timeout", 3),
                    number(properties, "MemorySize", 128), environment(resource),
                    logging(properties.mapping("LoggingConfig")), Map.of(), obstacle, place(resource)));
        }

        private static Place place(Resource resource) {
            Value handler = resource.written().entries().get("Handler");
            return handler == null ? resource.place() : handler.place();
        }

        private static String name(Resource resource) {
            return resource.properties().entries().get("FunctionName") instanceof Scalar scalar ? scalar.text()
                    : resource.id();
        }

        private static String obstacle(Resource resource, Value code, String handler, String runtime) {
            if (code instanceof Sequence || code instanceof Mapping map && !isKnownLocation(map)) {
                throw Fault.project("the code of " + resource + " must be a path, or a map with a bucket and a key",
                        code.place());
            }
            boolean isInline = resource.properties().value("InlineCode").isPresent()
                    || code instanceof Mapping map && map.value("ZipFile").isPresent();
            if (!runtime.isEmpty() && !FunctionDefinition.isJava(runtime)) {
                return FunctionDefinition.needs(runtime);
            }
            if (isInline) return "has inline code, which is not served";
            if (handler.isEmpty()) return "has no handler";
            if (code != null && Intrinsics.isUnknown(code)) return "has code whose place only AWS knows";
            return code != null && isRemote(code) ? "has its code in S3, not in this project" : null;
        }

        private static boolean isKnownLocation(Mapping code) {
            boolean isObject = code.value("Bucket").isPresent() && code.value("Key").isPresent();
            boolean isPlain = code.entries().keySet().stream()
                    .anyMatch(Set.of("ZipFile", "S3Bucket", "ImageUri")::contains);
            return isObject || isPlain
                    || Intrinsics.isUnknown(code);
        }

        private Path code(Resource resource, Value code, String handler) {
            Path path = folder.resolve(code == null ? "." : Intrinsics.text(code)).normalize();
            Path found = Modules.locate(path, handler);
            if (found == null) {
                obstacles.add(missing("CodeUri", path, code == null ? resource.place() : code.place()));
            }
            for (String key : List.of("Handler", "CodeUri", "Runtime")) {
                Value written = resource.written().entries().get(key);
                Optional<String> parameter = written == null ? Optional.empty() : intrinsics.missingIn(written);
                parameter.ifPresent(name -> obstacles.add(new Problem("`" + key + "` of " + resource
                        + " needs a value for parameter `" + name + "`", written.place(),
                        Intrinsics.adviceFor(name))));
            }
            return found == null ? path : found;
        }

        private List<Path> allLayers() {
            return layers.values().stream().map(Layer::content).toList();
        }

        private List<Path> named(Resource resource) {
            Value value = resource.properties().value("Layers").orElse(null);
            if (value == null) return List.of();
            if (!(value instanceof Sequence list)) {
                throw Fault.project("`Layers` of " + resource + " must be a list", value.place());
            }
            return list.items().stream().flatMap(item -> content(item).stream()).toList();
        }

        private Optional<Path> content(Value item) {
            Layer layer = layers.get(Intrinsics.text(item));
            boolean isElsewhere = layer == null && !resources.containsKey(Intrinsics.text(item));
            if (isElsewhere) {
                problems.warn("no layer of this template: " + Json.write(item.plain()) + ", left out", item.place(),
                        null);
            }
            return Optional.ofNullable(layer).map(Layer::content);
        }

        private static int number(Mapping properties, String key, int otherwise) {
            Value value = properties.value(key).orElse(null);
            if (value == null || Intrinsics.isUnknown(value)) return otherwise;
            String text = Intrinsics.text(value);
            return text.matches("\\d{1,7}") ? Integer.parseInt(text) : otherwise;
        }

        private Map<String, String> environment(Resource resource) {
            Value variables = resource.properties().mapping("Environment").entries().get("Variables");
            Map<String, String> environment = new LinkedHashMap<>();
            if (!(variables instanceof Mapping mapping)) return environment;
            mapping.entries().forEach((name, value) -> {
                environment.put(name, Intrinsics.text(value));
                if (name.equals("JAVA_TOOL_OPTIONS")) {
                    problems.warn("`" + name + "` of " + resource + " has no effect: functions run in this JVM",
                            value.place(), null);
                }
                if (!isKnown(value)) {
                    problems.warn("variable `" + name + "` of " + resource + " has a value that only AWS knows",
                            value.place(), "give it one with `--env-vars FILE`");
                }
            });
            return environment;
        }

        /** Lambda Developer Guide, "Configuring advanced logging controls". */
        private static Map<String, String> logging(Mapping config) {
            Map<String, String> variables = new LinkedHashMap<>();
            config.text("LogFormat").ifPresent(format -> variables.put("AWS_LAMBDA_LOG_FORMAT", format));
            config.text("ApplicationLogLevel").ifPresent(level -> variables.put("AWS_LAMBDA_LOG_LEVEL", level));
            config.text("LogGroup").ifPresent(group -> variables.put("AWS_LAMBDA_LOG_GROUP_NAME", group));
            return variables;
        }

        private static boolean isKnown(Value value) {
            return !Intrinsics.isUnknown(value) && !Intrinsics.text(value).contains("{{resolve:");
        }

        /** The stacks that this one nests, to be read in their turn; a template in AWS is passed over. */
        List<Supplier<Stack>> nested() {
            List<Supplier<Stack>> stacks = new ArrayList<>();
            each(resource -> nested(resource).ifPresent(stacks::add), "AWS::Serverless::Application",
                    "AWS::CloudFormation::Stack");
            return stacks;
        }

        private Optional<Supplier<Stack>> nested(Resource resource) {
            Mapping properties = resource.properties();
            String key = properties.value("Location").isPresent() ? "Location" : "TemplateURL";
            Value location = properties.entries().get(key);
            String text = Intrinsics.text(location).replaceFirst("^file://", "");
            if (text.isEmpty() || text.contains("://") || text.contains("{{resolve:")) {
                String message = "nested stack " + resource + " is left out: its template is not a file here";
                problems.warn(message, resource.place(), null);
                return Optional.empty();
            }
            Path template = folder.resolve(text).normalize();
            boolean isCycle = template.equals(file) || prefix.split("/").length > DEEPEST;
            if (isCycle) throw Fault.project("nested stack " + resource + " contains itself", location.place());
            if (!Files.isRegularFile(template)) {
                obstacles.add(missing(key, template, location.place()));
                return Optional.empty();
            }
            Map<String, String> values = new HashMap<>();
            values.put(Intrinsics.REGION_PARAMETER, intrinsics.region());
            properties.mapping("Parameters").entries().forEach((name, value) -> values.put(name, joined(value)));
            return Optional.of(() -> new Stack(template, qualified(resource.id()) + "/", values, problems));
        }

        private static String joined(Value value) {
            return value instanceof Sequence list
                    ? list.items().stream().map(Intrinsics::text).collect(Collectors.joining(","))
                    : Intrinsics.text(value);
        }
    }

    /**
     * A function of the template with the Globals merged in.
     *
     * @param id logical id
     * @param name FunctionName, else the logical id
     * @param handler as written, such as {@code pkg.Class::method}
     * @param runtime as written, or an empty text
     * @param code folder or jar of CodeUri
     * @param layers contents of its layers, in their order
     * @param environment Environment.Variables as text
     * @param logging the variables that LoggingConfig stands for
     * @param overrides variables that come from elsewhere and beat the template's
     * @param obstacle why it cannot be run here, or null
     * @param place where its handler is named
     */
    record FunctionDefinition(String id, String name, String handler, String runtime, Path code, List<Path> layers,
            int timeoutSeconds, int memoryMegabytes, Map<String, String> environment, Map<String, String> logging,
            Map<String, String> overrides, String obstacle, Place place) {
        private static final Pattern JAVA_RUNTIME = Pattern.compile("java(\\d{1,3})(\\..*)?");

        static boolean isJava(String runtime) {
            return JAVA_RUNTIME.matcher(runtime).matches();
        }

        /** The Java release to compile for: 8, 11, 17, … by Runtime, 0 where there is none. */
        int release() {
            Matcher matcher = JAVA_RUNTIME.matcher(runtime);
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
        }

        /** Whether its code may need a newer Java than this. */
        boolean isTooNew() {
            return obstacle == null && release() > Runtime.version().feature();
        }

        /** Whether all is the same but the place. */
        boolean isSameAs(FunctionDefinition other) {
            return other.at(place).equals(this);
        }

        private FunctionDefinition at(Place other) {
            return new FunctionDefinition(id, name, handler, runtime, code, layers, timeoutSeconds, memoryMegabytes,
                    environment, logging, overrides, obstacle, other);
        }

        /** A function that is not among those that there are. */
        static Fault unknown(String name, Collection<String> known) {
            return Fault.project("no function `" + name + "`", null, Nearest.to(name, known)
                    .map(near -> "did you mean `" + near + "`?")
                    .orElse("this template has " + String.join(", ", known)));
        }

        /** Whether it is meant by a logical id, with or without those of its stacks, or by its FunctionName. */
        boolean isNamed(String wanted) {
            return id.equals(wanted) || name.equals(wanted) || id.endsWith("/" + wanted);
        }

        /** Why a runtime that is not Java's cannot be had. */
        static String needs(String runtime) {
            return "needs " + runtime + "; java8 to java25 are served";
        }

        /** With another Runtime than the template's. */
        FunctionDefinition withRuntime(String other) {
            boolean isFree = obstacle == null || obstacle.equals(needs(runtime));
            String newObstacle = !isFree ? obstacle : isJava(other) ? null : needs(other);
            return new FunctionDefinition(id, name, handler, other, code, layers, timeoutSeconds, memoryMegabytes,
                    environment, logging, overrides, newObstacle, place);
        }

        /** With variables that beat those of the template and the shell. */
        FunctionDefinition with(Map<String, String> variables) {
            return new FunctionDefinition(id, name, handler, runtime, code, layers, timeoutSeconds, memoryMegabytes,
                    environment, logging, variables, obstacle, place);
        }

        String arn() {
            return Intrinsics.functionArn(name);
        }
    }

    /** A layer with local content. */
    record Layer(String id, Path content) {
    }

    // ---- Schema: the properties that SAM's resources have ----------------------------------------------------------

    /** Refuses properties that SAM does not know, most likely mistyped (SAM specification, resource types). */
    static final class Schema {
        private static final Map<String, Set<String>> OTHERS = Map.of(
                "Function", Set.of(("FunctionName ImageUri PackageType InlineCode Role Policies Events"
                        + " AutoPublishCodeSha256 VersionDescription ImageConfig").split(" ")),
                "Api", Set.of(("StageName Tags DefinitionBody Models FailOnWarnings Description Mode"
                        + " DisableExecuteApiEndpoint ApiKeySourceType Policy").split(" ")),
                "HttpApi", Set.of(("Name StageName DefinitionBody DefinitionUri Description"
                        + " DisableExecuteApiEndpoint").split(" ")),
                "LayerVersion", Set.of(("LayerName Description ContentUri CompatibleArchitectures CompatibleRuntimes"
                        + " LicenseInfo RetentionPolicy").split(" ")));

        private Schema() {
        }

        /** Notes each property of a resource that its type does not have. */
        static void check(String id, String type, Mapping own, Problems problems) {
            String kind = type.replaceFirst("^AWS::Serverless::", "");
            Set<String> others = OTHERS.get(kind);
            if (others == null || kind.equals(type)) return;
            Set<String> known = new TreeSet<>(others);
            known.addAll(Globals.SECTIONS.get(kind));
            own.entries().keySet().stream().filter(key -> !known.contains(key) && !key.startsWith("Fn::"))
                    .forEach(key ->
                    problems.error("property `" + key + "` of resource `" + id + "` is not defined for " + type,
                            own.keys().get(key),
                            Nearest.to(key, known).map(near -> "did you mean `" + near + "`?").orElse(null)));
        }
    }

    // ---- Globals: properties that resources share ------------------------------------------------------------------

    /** Merges the Globals section into resources (SAM Developer Guide, "Globals section of the AWS SAM template"). */
    static final class Globals {
        /** Section to the properties that it may have. */
        private static final Map<String, Set<String>> SECTIONS = Map.of(
                "Function", Set.of(("Handler Runtime CodeUri MemorySize Timeout Environment Layers Architectures"
                        + " FunctionUrlConfig AutoPublishAlias Description DeadLetterQueue VpcConfig Tags"
                        + " PropagateTags Tracing KmsKeyArn AutoPublishAliasAllProperties DeploymentPreference"
                        + " RolePath PermissionsBoundary ReservedConcurrentExecutions"
                        + " ProvisionedConcurrencyConfig AssumeRolePolicyDocument EventInvokeConfig"
                        + " FileSystemConfigs CodeSigningConfigArn SnapStart EphemeralStorage"
                        + " RuntimeManagementConfig LoggingConfig RecursiveLoop SourceKMSKeyArn TenancyConfig"
                        + " DurableConfig CapacityProviderConfig FunctionScalingConfig"
                        + " PublishToLatestPublished VersionDeletionPolicy").split(" ")),
                "Api", Set.of(("Auth DefinitionUri MergeDefinitions Variables BinaryMediaTypes"
                        + " MinimumCompressionSize Cors GatewayResponses OpenApiVersion Name"
                        + " CacheClusterEnabled CacheClusterSize EndpointConfiguration MethodSettings"
                        + " AccessLogSetting CanarySetting TracingEnabled Domain AlwaysDeploy PropagateTags"
                        + " SecurityPolicy EndpointAccessMode").split(" ")),
                "HttpApi", Set.of(("Auth StageVariables CorsConfiguration FailOnWarnings AccessLogSettings Tags"
                        + " DefaultRouteSettings Domain RouteSettings PropagateTags").split(" ")),
                "SimpleTable", Set.of("SSESpecification"),
                "StateMachine", Set.of("PropagateTags"),
                "LayerVersion", Set.of("PublishLambdaVersion"),
                "CapacityProvider", Set.of("VpcConfig", "OperatorRole", "Tags", "InstanceRequirements", "ScalingConfig",
                        "KmsKeyArn", "PropagateTags"),
                "WebSocketApi", Set.of(("AccessLogSettings ApiKeySelectionExpression DefaultRouteSettings"
                        + " DisableExecuteApiEndpoint DisableSchemaValidation Domain FailOnWarnings"
                        + " IpAddressType PropagateTags RouteSelectionExpression RouteSettings StageVariables"
                        + " Tags").split(" ")));

        private final Mapping globals;

        /** Reads the section; what is wrong in it is noted. */
        Globals(Mapping root, Problems problems) {
            Value section = root.entries().get("Globals");
            if (section != null && !(section instanceof Mapping)) {
                problems.error("`Globals` must be a map", root.keys().get("Globals"), null);
            }
            this.globals = section instanceof Mapping map ? map : Mapping.empty(root.place());
            globals.entries().forEach((name, value) -> problems.attempt(() -> check(name, value)));
        }

        private void check(String name, Value section) {
            Set<String> allowed = SECTIONS.get(name);
            Place place = globals.keys().get(name);
            if (allowed == null) {
                throw Fault.project("`" + name + "` is not supported in `Globals`", place, "supported are "
                        + String.join(", ", new TreeSet<>(SECTIONS.keySet())));
            }
            if (!(section instanceof Mapping properties)) {
                throw Fault.project("`" + name + "` in `Globals` must be a map", place);
            }
            properties.entries().keySet().stream().filter(key -> !allowed.contains(key)).findFirst().ifPresent(key -> {
                throw Fault.project("`" + key + "` is not a supported property of `" + name + "` in `Globals`",
                        properties.keys().get(key), "supported are " + String.join(", ", new TreeSet<>(allowed)));
            });
        }

        /** A resource's properties with those of its kind's Globals, less what it wants to ignore. */
        Mapping merge(String id, String type, Mapping resource) {
            Mapping own = resource.mapping("Properties");
            Mapping section = type.startsWith("AWS::Serverless::")
                    ? section(type.substring("AWS::Serverless::".length())) : null;
            Value ignored = resource.value("IgnoreGlobals").orElse(null);
            if (section == null || "*".equals(Intrinsics.text(ignored))) return own;
            Map<String, Value> used = new LinkedHashMap<>(section.entries());
            if (ignored instanceof Sequence names) names.items().forEach(name -> ignore(id, name, section, used));
            return merge(new Mapping(used, section.keys(), section.place()), own);
        }

        /** What an API that SAM generates has. */
        Mapping ofImplicit(boolean isRest) {
            Mapping section = section(isRest ? "Api" : "HttpApi");
            Map<String, Value> used = new LinkedHashMap<>(section.entries());
            used.remove("DefinitionUri");
            return new Mapping(used, section.keys(), section.place());
        }

        private Mapping section(String kind) {
            return globals.entries().get(kind) instanceof Mapping section ? section : Mapping.empty(globals.place());
        }

        private static void ignore(String id, Value name, Mapping section, Map<String, Value> used) {
            String property = Intrinsics.text(name);
            if (used.remove(property) == null && !section.entries().containsKey(property)) {
                throw Fault.project("`IgnoreGlobals` of resource `" + id + "` names `" + property
                        + "`, which Globals do not have",
                        name.place());
            }
        }

        /** Maps key by key, lists joined; of all else, intrinsic functions among it, the resource's own. */
        private static Mapping merge(Mapping global, Mapping own) {
            Map<String, Value> merged = new LinkedHashMap<>(global.entries());
            own.entries().forEach((key, value) -> merged.merge(key, value, Globals::merge));
            return new Mapping(merged, own.keys(), own.place());
        }

        private static Value merge(Value global, Value own) {
            boolean isFunction = isFunction(global) || isFunction(own);
            if (!isFunction && global instanceof Mapping a && own instanceof Mapping b) return merge(a, b);
            if (!(global instanceof Sequence a) || !(own instanceof Sequence b)) return own;
            return new Sequence(Stream.concat(a.items().stream(), b.items().stream()).toList(), b.place());
        }

        private static boolean isFunction(Value value) {
            return value instanceof Mapping mapping && mapping.singleEntry()
                    .filter(entry -> entry.getKey().equals("Ref")
                    || entry.getKey().equals("Condition") || entry.getKey().startsWith("Fn::")).isPresent();
        }
    }

    // ---- Intrinsics: the functions of the template language, resolved as far as can be known here -------------------

    /**
     * Replaces intrinsic functions by their values (CloudFormation User Guide, "Intrinsic function reference" and
     * "Template parameters"). What only a deployment could tell has the value that {@code sam local} gives it; what
     * nobody could tell stays as it is written.
     */
    static final class Intrinsics {
        /** One function: its argument as written to its value, or null where that cannot be known. */
        private interface Intrinsic {
            Value apply(Intrinsics scope, Value argument);
        }

        private static final Map<String, Intrinsic> FUNCTIONS = Map.ofEntries(
                Map.entry("Ref", Intrinsics::ref),
                Map.entry("Fn::Sub", Intrinsics::sub),
                Map.entry("Fn::GetAtt", Intrinsics::getAtt),
                Map.entry("Fn::FindInMap", Intrinsics::findInMap),
                Map.entry("Fn::Join", Intrinsics::join),
                Map.entry("Fn::Select", Intrinsics::select),
                Map.entry("Fn::Split", Intrinsics::split),
                Map.entry("Fn::If", Intrinsics::ifThenElse),
                Map.entry("Fn::Equals", Intrinsics::equalTo),
                Map.entry("Fn::And", Intrinsics::and),
                Map.entry("Fn::Or", Intrinsics::or),
                Map.entry("Fn::Not", Intrinsics::not),
                Map.entry("Fn::Base64", Intrinsics::base64),
                Map.entry("Fn::Cidr", Intrinsics::cidr),
                Map.entry("Fn::GetAZs", Intrinsics::getAZs),
                Map.entry("Fn::Transform", Intrinsics::transform));

        /** Those that come with the transform {@code AWS::LanguageExtensions}. */
        private static final Map<String, Intrinsic> EXTENSIONS = Map.of(
                "Fn::Length", Intrinsics::length,
                "Fn::ToJsonString", Intrinsics::toJsonString);

        /** Given among the values of parameters, it is the region. */
        static final String REGION_PARAMETER = "AWS::Region";
        private static final String REGION = "us-east-1";
        private static final Map<String, String> PSEUDO_PARAMETERS = Map.of(
                "AWS::AccountId", "123456789012",
                "AWS::Partition", "aws",
                REGION_PARAMETER, REGION,
                "AWS::StackId",
                "arn:aws:cloudformation:us-east-1:123456789012:stack/local/51af3dc0-da77-11e4-872e-1234567db123",
                "AWS::StackName", "local",
                "AWS::URLSuffix", "localhost");
        /** The letters of a region's zones where they are not a, b and c. */
        private static final Map<String, String> ZONES = Map.of("us-east-1", "abcdef", "us-west-1", "ac",
                "us-west-2", "abcd", "ap-northeast-1", "acd", "ap-northeast-2", "abcd", "ca-central-1", "abd");

        private static final Scalar NO_VALUE = new Scalar(null, "", null);
        private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");
        /** Resources that SAM makes without being asked by name. */
        private static final Pattern GENERATED = Pattern.compile(
                "Serverless(RestApi|HttpApi|DeploymentApplication)|CodeDeployServiceRole");
        private static final int DEEPEST_INCLUDE = 8;

        private final Path folder;
        private final Map<String, String> overrides;
        private final Problems problems;
        private final boolean extended;
        private final Mapping root;
        private final Mapping parameters;
        private final Mapping resources;
        private final Map<String, Boolean> conditions = new HashMap<>();
        private final Map<String, Set<Integer>> usesWithoutValue = new TreeMap<>();
        private final Set<Path> included = new LinkedHashSet<>();
        private int includeDepth;

        /**
         * Prepares a template for resolving; what is wrong with its parameters is noted.
         *
         * @param folder that relative paths start from
         * @param overrides values of parameters in the place of their defaults
         */
        static Intrinsics of(Template template, Path folder, Map<String, String> overrides, Problems problems) {
            Intrinsics written = new Intrinsics(template.root(), folder, overrides, problems);
            written.parameters.entries().keySet().forEach(name ->
                    problems.attempt(() -> written.checkParameter(name)));
            if (!written.extended) return written;
            Mapping expanded = (Mapping) written.new Loops().expand(template.root(), Map.of());
            return new Intrinsics(expanded, folder, overrides, problems);
        }

        private Intrinsics(Mapping root, Path folder, Map<String, String> overrides, Problems problems) {
            this.folder = folder;
            this.overrides = overrides;
            this.problems = problems;
            this.extended = transforms(root).contains("AWS::LanguageExtensions");
            this.root = root;
            this.parameters = root.mapping("Parameters");
            this.resources = root.mapping("Resources");
        }

        private static List<Object> transforms(Mapping root) {
            Value transform = root.value("Transform").orElse(null);
            if (transform instanceof Sequence list) return list.items().stream().map(Value::plain).toList();
            return transform == null ? List.of() : List.of(transform.plain());
        }

        /** The template as written, with loops written out where it has language extensions. */
        Mapping root() {
            return root;
        }

        /** Tells whether names and paths may be intrinsic functions, which then are resolved before SAM sees them. */
        boolean isExtended() {
            return extended;
        }

        /** The files that were included. */
        Set<Path> included() {
            return included;
        }

        /** The whole template with all that can be known replaced. */
        Mapping resolveAll() {
            return resolveEntries(root);
        }

        /** A part of the template with all that can be known replaced. */
        Value resolve(Value value) {
            if (value instanceof Sequence sequence) return new Sequence(resolveItems(sequence), sequence.place());
            if (!(value instanceof Mapping mapping)) return value;
            Map.Entry<String, Value> single = mapping.singleEntry().orElse(null);
            Intrinsic function = single == null ? null : function(single.getKey());
            if (function == null) return resolveEntries(mapping);
            Value result = function.apply(this, single.getValue());
            if (result != null) return result;
            return new Mapping(Map.of(single.getKey(), resolve(single.getValue())), mapping.keys(), mapping.place());
        }

        private Intrinsic function(String name) {
            return FUNCTIONS.getOrDefault(name, extended ? EXTENSIONS.get(name) : null);
        }

        /** Tells whether a value is still an intrinsic function, that is, could not be resolved. */
        static boolean isUnknown(Value value) {
            return value instanceof Mapping mapping && mapping.singleEntry()
                    .filter(entry -> FUNCTIONS.containsKey(entry.getKey()) || entry.getKey().startsWith("Fn::"))
                    .isPresent();
        }

        private List<Value> resolveItems(Sequence sequence) {
            return sequence.items().stream().map(this::resolve).filter(item -> item != NO_VALUE).toList();
        }

        private Mapping resolveEntries(Mapping mapping) {
            Map<String, Value> entries = new LinkedHashMap<>();
            mapping.entries().forEach((key, value) -> {
                Value resolved = key.equals("Fn::Transform") ? transform(value) : resolve(value);
                if (key.equals("Fn::Transform") && resolved instanceof Mapping snippet) {
                    entries.putAll(snippet.entries());
                }
                else if (resolved != NO_VALUE) entries.put(key, resolved == null ? value : resolved);
            });
            return new Mapping(entries, mapping.keys(), mapping.place());
        }

        private Value ref(Value argument) {
            return resolve(argument) instanceof Scalar scalar && scalar != NO_VALUE
                    ? reference(scalar.text(), scalar.place()) : null;
        }

        /** A parameter's value, a pseudo parameter's, else the name itself: the logical id stands for the resource. */
        private Value reference(String name, Place place) {
            if (name.equals("AWS::NoValue")) return NO_VALUE;
            if (name.equals("AWS::NotificationARNs")) return new Sequence(List.of(), place);
            if (parameters.entries().containsKey(name)) return parameter(name, place);
            String pseudo = name.equals(REGION_PARAMETER) ? region() : PSEUDO_PARAMETERS.get(name);
            if (pseudo != null) return Scalar.ofText(pseudo, place);
            noteUnknown(name, place);
            return Scalar.ofText(qualifies(name).map(Intrinsics::functionArn).orElse(name), place);
        }

        /** The region that the template is for. */
        String region() {
            return overrides.getOrDefault(REGION_PARAMETER, REGION);
        }

        /** The function that an alias or a version stands for, by the ids of the template and those that SAM makes. */
        private Optional<String> qualifies(String name) {
            Mapping resource = asMapping(resources.entries().get(name));
            String type = resource.text("Type").orElse("");
            if (type.equals("AWS::Lambda::Alias") || type.equals("AWS::Lambda::Version")) {
                Value function = resource.mapping("Properties").value("FunctionName").map(this::resolve).orElse(null);
                return function instanceof Scalar scalar ? Optional.of(scalar.text().replaceFirst(".*:", ""))
                        : Optional.empty();
            }
            return resources.entries().keySet().stream().filter(id -> isGeneratedQualifier(name, id)).findFirst()
                    .map(this::functionName);
        }

        private boolean isGeneratedQualifier(String name, String id) {
            boolean fits = name.startsWith(id + "Alias") || name.startsWith(id + "Version")
                    || name.equals(id + ".Alias")
                    || name.equals(id + ".Version");
            return fits && !resources.entries().containsKey(name)
                    && asMapping(resources.entries().get(id)).text("Type").orElse("")
                    .equals("AWS::Serverless::Function");
        }

        private static Mapping asMapping(Value value) {
            return value instanceof Mapping mapping ? mapping : Mapping.empty(null);
        }

        /** The ARN of a function by its name. */
        static String functionArn(String name) {
            return "arn:aws:lambda:us-east-1:123456789012:function:" + name;
        }

        private Value parameter(String name, Place place) {
            Mapping parameter = parameters.mapping(name);
            String text = parameterText(name).orElse(null);
            if (text == null) {
                usesWithoutValue.computeIfAbsent(name, key -> new TreeSet<>()).add(place == null ? 0 : place.line());
                return Scalar.ofText(name, place);
            }
            return isList(parameter) ? list(text, place) : Scalar.ofText(text, place);
        }

        private Optional<String> parameterText(String name) {
            if (overrides.containsKey(name)) return Optional.of(overrides.get(name));
            Value value = parameters.mapping(name).entries().get("Default");
            if (value instanceof Sequence list) {
                return Optional.of(list.items().stream().map(Intrinsics::text).collect(Collectors.joining(",")));
            }
            return value instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
        }

        private static boolean isList(Mapping parameter) {
            String type = parameter.text("Type").orElse("String");
            return type.contains("CommaDelimitedList") || type.contains("List<");
        }

        private static Sequence list(String text, Place place) {
            Stream<Value> items = Arrays.stream(text.split(",")).map(item -> Scalar.ofText(item.trim(), place));
            return new Sequence(items.toList(), place);
        }

        /** What CloudFormation checks before it deploys: the values and limits that a parameter allows. */
        private void checkParameter(String name) {
            Mapping parameter = parameters.mapping(name);
            String text = parameterText(name).orElse(null);
            if (text == null || parameter.text("Type").orElse("").startsWith("AWS::SSM::")) return;
            List<String> values = isList(parameter) ? list(text, null).items().stream().map(Intrinsics::text).toList()
                    : List.of(text);
            for (String value : values) wrong(parameter, value).ifPresent(wanted -> {
                throw Fault.project("parameter `" + name + "` is `" + value + "`, it must " + wanted, parameters.keys()
                        .get(name));
            });
        }

        private Optional<String> wrong(Mapping parameter, String value) {
            List<String> allowed = parameter.value("AllowedValues").map(this::resolve).stream()
                    .flatMap(list -> list instanceof Sequence items ? items.items().stream() : Stream.of())
                    .map(Intrinsics::text).toList();
            if (!allowed.isEmpty() && !allowed.contains(value)) {
                return Optional.of("be one of " + String.join(", ", allowed));
            }
            String pattern = parameter.text("AllowedPattern").orElse(null);
            if (pattern != null && !fits(pattern, value)) return Optional.of("match " + pattern);
            boolean isNumber = parameter.text("Type").orElse("").contains("Number");
            if (isNumber && !value.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)")) return Optional.of("be a number");
            BigDecimal size = isNumber ? new BigDecimal(value) : BigDecimal.valueOf(value.length());
            String kind = isNumber ? "Value" : "Length";
            Optional<String> least = limit(parameter, "Min" + kind).filter(min -> size.compareTo(min) < 0)
                    .map(min -> "have a " + kind.toLowerCase(Locale.ROOT) + " of at least " + min.toPlainString());
            return least.or(() -> limit(parameter, "Max" + kind).filter(max -> size.compareTo(max) > 0)
                    .map(max -> "have a " + kind.toLowerCase(Locale.ROOT) + " of at most " + max.toPlainString()));
        }

        private static Optional<BigDecimal> limit(Mapping parameter, String key) {
            return parameter.text(key).filter(text -> text.matches("-?\\d+(\\.\\d+)?")).map(BigDecimal::new);
        }

        /** A pattern of another dialect than Java's is left to AWS. */
        private static boolean fits(String pattern, String value) {
            try {
                return value.matches(pattern);
            } catch (PatternSyntaxException e) {
                return true;
            }
        }

        /** Notes the parameters that are used and have no value, each with its uses. */
        void warnOfMissingValues() {
            usesWithoutValue.forEach((name, lines) -> {
                String uses = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
                problems.warn("parameter `" + name + "` has no value, its name stands for it in line " + uses,
                        parameters.keys().get(name), adviceFor(name));
            });
        }

        /** How to give a parameter a value. */
        static String adviceFor(String parameter) {
            return "give it one with `--parameter-overrides " + parameter + "=VALUE`";
        }

        /** A parameter without a value that this part of the template depends on. */
        Optional<String> missingIn(Value written) {
            if (written instanceof Sequence sequence) {
                return sequence.items().stream().flatMap(item -> missingIn(item).stream()).findFirst();
            }
            if (!(written instanceof Mapping mapping)) return Optional.empty();
            Optional<String> name = mapping.singleEntry().filter(entry -> entry.getKey().equals("Ref"))
                    .map(entry -> text(entry.getValue())).filter(parameters.entries()::containsKey);
            if (name.isPresent()) return name.filter(parameter -> parameterText(parameter).isEmpty());
            return mapping.entries().values().stream().flatMap(item -> missingIn(item).stream()).findFirst();
        }

        private void noteUnknown(String name, Place place) {
            boolean isGenerated = name.contains(".") || GENERATED.matcher(name).lookingAt()
                    || resources.entries().keySet().stream().anyMatch(name::startsWith);
            if (isGenerated) return;
            Set<String> known = new TreeSet<>(resources.entries().keySet());
            known.addAll(parameters.entries().keySet());
            problems.dangling("`" + name + "` names nothing in this template", place,
                    Nearest.to(name, known).map(nearest -> "did you mean `" + nearest + "`?").orElse(null));
        }

        private Value sub(Value argument) {
            if (argument instanceof Scalar scalar) return Scalar.ofText(substitute(scalar, Map.of()), scalar.place());
            List<Value> parts = items(argument);
            if (parts.isEmpty() || !(resolve(parts.get(0)) instanceof Scalar text)) return null;
            Map<String, Value> variables = new HashMap<>();
            if (parts.size() > 1) {
                asMapping(parts.get(1)).entries().forEach((name, value) -> variables.put(name, resolve(value)));
            }
            variables.values().stream().filter(Sequence.class::isInstance).findFirst().ifPresent(list -> {
                throw Fault.project("a variable of `Fn::Sub` must be a text, this is a list", list.place());
            });
            return Scalar.ofText(substitute(text, variables), text.place());
        }

        private String substitute(Scalar text, Map<String, Value> variables) {
            return VARIABLE.matcher(text.text()).replaceAll(match -> Matcher.quoteReplacement(
                    variable(match.group(1).strip(), variables, text.place()).orElse(match.group())));
        }

        private Optional<String> variable(String name, Map<String, Value> variables, Place place) {
            if (name.startsWith("!")) return Optional.of("${" + name.substring(1) + "}");
            Value value = variables.containsKey(name) ? variables.get(name) : lookUp(name, place);
            return value instanceof Scalar scalar && value != NO_VALUE ? Optional.of(text(scalar)) : Optional.empty();
        }

        private Value lookUp(String name, Place place) {
            int dot = name.indexOf('.');
            return dot < 0 ? reference(name, place) : attribute(name.substring(0, dot), name.substring(dot + 1), place);
        }

        private Value getAtt(Value argument) {
            List<Value> parts = items(argument).stream().map(this::resolve).toList();
            if (parts.size() != 2 || !(parts.get(0) instanceof Scalar id) || !(parts.get(1) instanceof Scalar name)) {
                return null;
            }
            return attribute(id.text(), name.text(), id.place());
        }

        private Value attribute(String id, String attribute, Place place) {
            if (attribute.equals("RootResourceId")) return Scalar.ofText("/", place);
            if (attribute.equals("Alias") || attribute.equals("Version")) return reference(id + "." + attribute, place);
            if (resources.value(id).isEmpty()) noteUnknown(id, place);
            if (!attribute.equals("Arn")) return null;
            return Scalar.ofText(functionArn(qualifies(id).orElseGet(() -> functionName(id))), place);
        }

        private String functionName(String id) {
            Value name = asMapping(resources.entries().get(id)).entries()
                    .get("Properties") instanceof Mapping properties
                    ? properties.entries().get("FunctionName") : null;
            return name != null && resolve(name) instanceof Scalar scalar ? scalar.text() : id;
        }

        private Value findInMap(Value argument) {
            List<Value> parts = items(argument);
            if (parts.size() < 3 || parts.size() > 4) {
                throw Fault.project("`Fn::FindInMap` takes the names of a map and of two keys", argument.place());
            }
            List<String> names = parts.subList(0, 3).stream().map(this::resolve).map(Intrinsics::text).toList();
            Value map = root.mapping("Mappings").entries().get(names.get(0));
            if (map != null && !isTwoLevel(map)) {
                throw Fault.project("`" + names.get(0) + "` is used by `Fn::FindInMap`, but is not a map of maps",
                        map.place());
            }
            Value found = asMapping(asMapping(map).entries().get(names.get(1))).entries().get(names.get(2));
            if (found != null) return resolve(found);
            return parts.size() < 4 ? null : asMapping(parts.get(3)).value("DefaultValue").map(this::resolve)
                    .orElse(null);
        }

        private static boolean isTwoLevel(Value map) {
            return map instanceof Mapping mapping && mapping.entries().values().stream()
                    .allMatch(Mapping.class::isInstance);
        }

        private Value join(Value argument) {
            List<Value> parts = items(argument);
            if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Sequence list)) return null;
            if (list.items().stream().anyMatch(item -> !(item instanceof Scalar))) return null;
            String delimiter = text(resolve(parts.get(0)));
            return Scalar.ofText(list.items().stream().map(Intrinsics::text).collect(Collectors.joining(delimiter)),
                    argument.place());
        }

        private Value select(Value argument) {
            List<Value> parts = items(argument);
            if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Sequence list)) return null;
            String index = text(resolve(parts.get(0)));
            boolean isInside = index.matches("\\d{1,6}") && Integer.parseInt(index) < list.items().size();
            return isInside ? list.items().get(Integer.parseInt(index)) : null;
        }

        private Value split(Value argument) {
            List<Value> parts = items(argument);
            if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Scalar text)) return null;
            String delimiter = text(resolve(parts.get(0)));
            if (delimiter.isEmpty()) return null;
            Stream<Value> pieces = Arrays.stream(text.text().split(Pattern.quote(delimiter), -1))
                    .map(piece -> Scalar.ofText(piece, text.place()));
            return new Sequence(pieces.toList(), text.place());
        }

        private Value base64(Value argument) {
            if (!(resolve(argument) instanceof Scalar text)) return null;
            return Scalar.ofText(Base64.getEncoder().encodeToString(text(text).getBytes(UTF_8)), text.place());
        }

        /** As many blocks as asked for, each with that many bits for hosts, from the beginning of a block. */
        private Value cidr(Value argument) {
            List<String> parts = items(argument).stream().map(this::resolve).map(Intrinsics::text).toList();
            if (parts.size() < 2 || !parts.get(0).matches("[0-9a-fA-F.:]+/\\d{1,3}") || !parts.get(1)
                    .matches("\\d{1,3}")) {
                return null;
            }
            boolean isShort = parts.get(0).contains(":");
            int bits = parts.size() > 2 && parts.get(2).matches("\\d{1,3}") ? Integer.parseInt(parts.get(2)) : isShort
                    ? 64 : 8;
            try {
                byte[] start = InetAddress.getByName(parts.get(0).replaceFirst("/.*", "")).getAddress();
                List<Value> blocks = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(parts.get(1)); i++) blocks.add(Scalar.ofText(block(start, i,
                        bits), argument.place()));
                return new Sequence(blocks, argument.place());
            } catch (UnknownHostException e) {
                return null;
            }
        }

        private static String block(byte[] start, int index, int bits) throws UnknownHostException {
            BigInteger address = new BigInteger(1, start).add(BigInteger.valueOf(index).shiftLeft(bits));
            byte[] bytes = new byte[start.length];
            byte[] value = address.toByteArray();
            for (int i = 0; i < Math.min(bytes.length,
                    value.length); i++) bytes[bytes.length - 1 - i] = value[value.length - 1 - i];
            return InetAddress.getByAddress(bytes).getHostAddress() + "/" + (start.length * 8 - bits);
        }

        private Value getAZs(Value argument) {
            if (!(resolve(argument) instanceof Scalar scalar)) return null;
            String region = scalar.text().isEmpty() ? region() : scalar.text();
            Stream<Value> zones = ZONES.getOrDefault(region, "abc").chars()
                    .mapToObj(letter -> Scalar.ofText(region + (char) letter, scalar.place()));
            return new Sequence(zones.toList(), scalar.place());
        }

        private Value length(Value argument) {
            if (!(resolve(argument) instanceof Sequence list)) return null;
            return new Scalar((long) list.items().size(), String.valueOf(list.items().size()), argument.place());
        }

        private Value toJsonString(Value argument) {
            return Scalar.ofText(Json.write(resolve(argument).plain()), argument.place());
        }

        /** {@code AWS::Include} of a local file; other macros run in AWS only. */
        private Value transform(Value argument) {
            Mapping call = asMapping(resolve(argument));
            String location = asMapping(call.entries().get("Parameters")).entries()
                    .get("Location") instanceof Scalar scalar
                    ? scalar.text() : "";
            boolean isLocal = text(call.entries().get("Name")).equals("AWS::Include") && !location.isEmpty()
                    && !location.contains("://");
            if (!isLocal || !Files.isRegularFile(folder.resolve(location))) {
                problems.warn("`Fn::Transform` is left out: "
                        + (isLocal ? "no file `" + location + "`" : "only AWS can run it"),
                        argument.place(), null);
                return null;
            }
            return include(folder.resolve(location).normalize(), argument.place());
        }

        private Value include(Path file, Place place) {
            if (includeDepth == DEEPEST_INCLUDE) throw Fault.project("files include each other without end", place);
            included.add(file);
            includeDepth++;
            try {
                return resolve(Template.read(file).root());
            } finally {
                includeDepth--;
            }
        }

        private Value ifThenElse(Value argument) {
            List<Value> parts = items(argument);
            if (parts.size() != 3) {
                problems.warn("`Fn::If` takes a condition and two values, it is left as it is", argument.place(), null);
                return null;
            }
            Boolean holds = holds(text(parts.get(0)));
            return holds == null ? null : resolve(parts.get(holds ? 1 : 2));
        }

        /** Whether a condition of the Conditions section holds, or null if there is none of that name. */
        Boolean holds(String name) {
            if (conditions.containsKey(name)) return conditions.get(name);
            conditions.put(name, null);
            Value condition = root.mapping("Conditions").entries().get(name);
            Boolean holds = condition == null ? null : evaluate(condition);
            conditions.put(name, holds);
            return holds;
        }

        private Boolean evaluate(Value condition) {
            Map.Entry<String, Value> single = asMapping(condition).singleEntry().orElse(null);
            if (single != null && single.getKey().equals("Condition")) return holds(text(single.getValue()));
            String result = text(resolve(condition));
            return result.equals("true") ? Boolean.TRUE : result.equals("false") ? Boolean.FALSE : null;
        }

        /** CloudFormation compares text: 5 and '5' are equal, and so are true and 'true'. */
        private Value equalTo(Value argument) {
            List<Value> parts = items(argument).stream().map(this::resolve).toList();
            if (parts.size() != 2) return null;
            boolean areTexts = parts.get(0) instanceof Scalar && parts.get(1) instanceof Scalar;
            boolean areEqual = areTexts ? text(parts.get(0)).equals(text(parts.get(1)))
                    : parts.get(0).plain().equals(parts.get(1).plain());
            return truth(areEqual, argument);
        }

        private Value and(Value argument) {
            List<Boolean> all = items(argument).stream().map(this::evaluate)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (all.contains(false)) return truth(false, argument);
            return all.contains(null) || all.isEmpty() ? null : truth(true, argument);
        }

        private Value or(Value argument) {
            List<Boolean> all = items(argument).stream().map(this::evaluate)
                    .collect(Collectors.toCollection(ArrayList::new));
            if (all.contains(true)) return truth(true, argument);
            return all.contains(null) || all.isEmpty() ? null : truth(false, argument);
        }

        private Value not(Value argument) {
            List<Value> parts = items(argument);
            Boolean value = parts.size() == 1 ? evaluate(parts.get(0)) : null;
            return value == null ? null : truth(!value, argument);
        }

        private static Scalar truth(boolean value, Value argument) {
            return new Scalar(value, String.valueOf(value), argument.place());
        }

        private static List<Value> items(Value value) {
            return value instanceof Sequence sequence ? sequence.items() : List.of();
        }

        /** A scalar as CloudFormation passes it on: as written, booleans in lower case; nothing for lists and maps. */
        static String text(Value value) {
            if (!(value instanceof Scalar scalar) || scalar.plain() == null) return "";
            return scalar.plain() instanceof Boolean ? scalar.plain().toString() : scalar.text();
        }

        /** Writes out {@code Fn::ForEach} (CloudFormation User Guide, "Fn::ForEach"). */
        private final class Loops {
            Value expand(Value value, Map<String, String> bound) {
                if (value instanceof Scalar scalar) return bound.isEmpty() ? scalar : expand(scalar, bound);
                if (value instanceof Sequence list) {
                    return new Sequence(list.items().stream().map(item -> expand(item, bound)).toList(), list.place());
                }
                Mapping mapping = (Mapping) value;
                String name = mapping.singleEntry().filter(entry -> entry.getKey().equals("Ref"))
                        .map(entry -> text(entry.getValue())).orElse(null);
                if (name != null && bound.containsKey(name)) return Scalar.ofText(bound.get(name), mapping.place());
                return expandEntries(mapping, bound);
            }

            private Scalar expand(Scalar scalar, Map<String, String> bound) {
                String text = expand(scalar.text(), bound);
                return text.equals(scalar.text()) ? scalar : Scalar.ofText(text, scalar.place());
            }

            private String expand(String text, Map<String, String> bound) {
                String result = text;
                for (Map.Entry<String, String> entry : bound.entrySet()) {
                    result = result.replace("${" + entry.getKey() + "}", entry.getValue())
                            .replace("&{" + entry.getKey() + "}", entry.getValue().replaceAll("[^A-Za-z0-9]", ""));
                }
                return result;
            }

            private Mapping expandEntries(Mapping mapping, Map<String, String> bound) {
                Map<String, Value> entries = new LinkedHashMap<>();
                Map<String, Place> keys = new LinkedHashMap<>();
                mapping.entries().forEach((key, value) -> {
                    Place place = mapping.keys().get(key);
                    Mapping expanded = key.startsWith("Fn::ForEach::") ? loop(key, value, place, bound)
                            : Mapping.of(expand(key, bound), expand(value, bound), place);
                    expanded.entries().forEach((name, item) -> {
                        if (entries.put(name, item) != null) {
                            throw Fault.project("key `" + name + "` is made twice", place);
                        }
                        keys.put(name, place);
                    });
                });
                return new Mapping(entries, keys, mapping.place());
            }

            private Mapping loop(String key, Value argument, Place place, Map<String, String> bound) {
                List<Value> parts = items(argument);
                boolean isWellFormed = parts.size() == 3 && parts.get(0) instanceof Scalar
                        && parts.get(2) instanceof Mapping;
                if (!isWellFormed) throw Fault.project("`" + key + "` takes a name, a list and a map", place);
                if (!(resolve(expand(parts.get(1), bound)) instanceof Sequence list)) {
                    throw Fault.project("the list of `" + key + "` is not known before it is deployed",
                            parts.get(1).place(), missingIn(parts.get(1)).map(Intrinsics::adviceFor).orElse(null));
                }
                Map<String, Value> entries = new LinkedHashMap<>();
                Map<String, Place> keys = new LinkedHashMap<>();
                for (Value item : list.items()) {
                    Map<String, String> inner = new LinkedHashMap<>(bound);
                    inner.put(text(parts.get(0)), text(item));
                    Mapping body = expandEntries((Mapping) parts.get(2), inner);
                    body.entries().forEach((name, value) -> {
                        if (entries.put(name, value) != null) {
                            throw Fault.project("key `" + name + "` is made twice", place);
                        }
                    });
                    keys.putAll(body.keys());
                }
                return new Mapping(entries, keys, argument.place());
            }
        }
    }

    // ---- Problems: what is wrong with a template, all at once ------------------------------------------------------

    /** Collects errors and warnings, so that one run tells all of them. */
    static final class Problems {
        private final List<Problem> errors = new ArrayList<>();
        private final Map<String, Problem> warnings = new LinkedHashMap<>();
        private final Map<String, Problem> dangling = new LinkedHashMap<>();

        void error(String message, Place place, String hint) {
            errors.add(new Problem(message, place, hint));
        }

        /** Notes a warning once. */
        void warn(String message, Place place, String hint) {
            warnings.putIfAbsent(message + place, new Problem(message, place, hint));
        }

        /** Notes a reference to nothing once: AWS refuses to deploy it, here it may not matter. */
        void dangling(String message, Place place, String hint) {
            dangling.putIfAbsent(message + place, new Problem(message, place, hint));
        }

        List<Problem> warnings() {
            return List.copyOf(warnings.values());
        }

        List<Problem> dangling() {
            return List.copyOf(dangling.values());
        }

        /** Runs a step; a fault in it is noted, and the next step can run. */
        void attempt(Runnable step) {
            try {
                step.run();
            } catch (Fault fault) {
                errors.addAll(fault.problems());
            } catch (InvalidPathException e) {
                error("no file can be called `" + e.getInput() + "`: " + e.getReason(), null, null);
            }
        }

        /** @throws Fault with all errors, if there are any */
        void throwIfAny() {
            if (!errors.isEmpty()) throw new Fault(errors.stream().distinct().toList(), Fault.PROJECT);
        }
    }

    // ---- Toml: a TOML document as values, each with its place ------------------------------------------------------

    /** Reads TOML 1.0 (toml.io, "Specification"); dates and times stay text. */
    static final class Toml {
        private static final int DEEPEST = 100;
        private static final Pattern INTEGER = Pattern.compile(
                "[-+]?(?:0|[1-9](?:_?\\d)*)|0x\\p{XDigit}(?:_?\\p{XDigit})*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*");
        private static final Pattern REAL = Pattern.compile(
                "[-+]?(?:0|[1-9](?:_?\\d)*)(?:\\.\\d(?:_?\\d)*)?(?:[eE][-+]?\\d(?:_?\\d)*)?|[-+]?(?:inf|nan)");
        private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d(?:[Tt ]\\d\\d:\\d\\d(?::\\d\\d"
                + "(?:\\.\\d+)?)?(?:[Zz]|[-+]\\d\\d:\\d\\d)?)?|\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?");
        private static final Pattern DAY = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");
        private static final Pattern HOUR = Pattern.compile(" \\d\\d:");
        private static final Pattern LINE_END = Pattern.compile("\\\\[ \\t]*\\r?\\n");
        private static final Map<Character, String> ESCAPES = Map.of('b', "\b", 't', "\t", 'n', "\n", 'f', "\f",
                'r', "\r", '"', "\"", '\\', "\\");
        private final String name;
        private final String text;
        private final List<String> lines;
        private final int[] starts;
        private int at;
        private int depth;

        private Toml(String name, String text) {
            this.name = name;
            this.text = text;
            this.lines = text.lines().toList();
            this.starts = IntStream.concat(IntStream.of(0), IntStream.range(0, text.length())
                    .filter(i -> text.charAt(i) == '\n').map(i -> i + 1)).toArray();
        }

        /** How a table came to be, which decides what may still be added to it. */
        private enum Origin {
            IMPLICIT, HEADER, DOTTED, INLINE
        }

        /** A table that grows. */
        private static final class Table {
            private final Map<String, Object> entries = new LinkedHashMap<>();
            private final Map<String, Place> keys = new LinkedHashMap<>();
            private final Place place;
            private Origin origin;

            Table(Place place, Origin origin) {
                this.place = place;
                this.origin = origin;
            }

            Mapping mapping() {
                Map<String, Value> values = new LinkedHashMap<>();
                entries.forEach((key, value) -> values.put(key, value(value)));
                return new Mapping(values, keys, place);
            }

            private Value value(Object entry) {
                if (entry instanceof Table table) return table.mapping();
                if (entry instanceof Tables tables) {
                    List<Value> items = tables.items.stream().map(table -> (Value) table.mapping()).toList();
                    return new Sequence(items, items.get(0).place());
                }
                return (Value) entry;
            }
        }

        /** Tables under one header in double brackets. */
        private record Tables(List<Table> items) {
        }

        /**
         * The document as one map; {@code name} stands in messages.
         *
         * @throws Fault with the first place that is no TOML
         */
        static Mapping read(String name, String text) {
            return new Toml(name, text.startsWith("\uFEFF") ? text.substring(1) : text).document().mapping();
        }

        private Table document() {
            Table root = new Table(place(0, 1), Origin.HEADER);
            Table current = root;
            for (skipLines(); at < text.length(); skipLines()) {
                if (peek() == '[') current = header(root);
                else pair(current);
                endLine();
            }
            return root;
        }

        private Table header(Table root) {
            boolean isList = text.startsWith("[[", at);
            at += isList ? 2 : 1;
            List<Key> path = path();
            expect(isList ? "]]" : "]");
            Table parent = root;
            for (Key key : path.subList(0, path.size() - 1)) parent = below(parent, key);
            Key last = path.get(path.size() - 1);
            return isList ? another(parent, last) : table(parent, last);
        }

        /** The table that a header goes through. */
        private Table below(Table parent, Key key) {
            Object found = parent.entries.get(key.text());
            if (found instanceof Table table && table.origin != Origin.INLINE) return table;
            if (found instanceof Tables tables) return tables.items.get(tables.items.size() - 1);
            if (found != null) throw wrong("`" + key.text() + "` is no table that can be added to", key.place());
            return put(parent, key, new Table(key.place(), Origin.IMPLICIT));
        }

        private Table table(Table parent, Key key) {
            Object found = parent.entries.get(key.text());
            if (found == null) return put(parent, key, new Table(key.place(), Origin.HEADER));
            if (!(found instanceof Table table) || table.origin != Origin.IMPLICIT) throw twice(parent, key);
            table.origin = Origin.HEADER;
            parent.keys.put(key.text(), key.place());
            return table;
        }

        private Table another(Table parent, Key key) {
            Object found = parent.entries.get(key.text());
            if (found != null && !(found instanceof Tables)) throw twice(parent, key);
            Tables tables = found == null ? put(parent, key, new Tables(new ArrayList<>())) : (Tables) found;
            Table table = new Table(key.place(), Origin.HEADER);
            tables.items.add(table);
            return table;
        }

        private void pair(Table table) {
            List<Key> path = path();
            expect("=");
            Table parent = table;
            for (Key key : path.subList(0, path.size() - 1)) parent = dotted(parent, key);
            Key last = path.get(path.size() - 1);
            if (parent.entries.containsKey(last.text())) throw twice(parent, last);
            skipBlanks();
            put(parent, last, value());
        }

        private Table dotted(Table parent, Key key) {
            Object found = parent.entries.get(key.text());
            if (found == null) return put(parent, key, new Table(key.place(), Origin.DOTTED));
            if (found instanceof Table table && table.origin == Origin.DOTTED) return table;
            throw twice(parent, key);
        }

        private static <T> T put(Table table, Key key, T value) {
            table.entries.put(key.text(), value);
            table.keys.put(key.text(), key.place());
            return value;
        }

        private Fault twice(Table table, Key key) {
            return new Fault(new Problem("`" + key.text() + "` is defined twice", key.place(),
                    "the first is in line " + table.keys.get(key.text()).line()), Fault.PROJECT);
        }

        /** One part of a key. */
        private record Key(String text, Place place) {
        }

        private List<Key> path() {
            List<Key> path = new ArrayList<>();
            do {
                skipBlanks();
                int start = at;
                String part = key();
                path.add(new Key(part, place(start, at - start)));
                skipBlanks();
            } while (path.size() <= DEEPEST && take("."));
            if (path.size() > DEEPEST) throw wrong("more than " + DEEPEST + " levels deep", place(at, 1));
            return path;
        }

        private String key() {
            if (peek() == '"') return basic();
            if (peek() == '\'') return literal();
            int start = at;
            while (at < text.length() && String.valueOf(peek()).matches("[A-Za-z0-9_-]")) at++;
            if (at == start) throw wrong("a key was expected here", place(at, 1));
            return text.substring(start, at);
        }

        private Object value() {
            int start = at;
            if (++depth > DEEPEST) throw wrong("more than " + DEEPEST + " levels deep", place(at, 1));
            Object value = switch (peek()) {
                case '"' -> text.startsWith("\"\"\"", at) ? multiline("\"\"\"") : basic();
                case '\'' -> text.startsWith("'''", at) ? multiline("'''") : literal();
                case '[' -> list();
                case '{' -> inline();
                default -> bare();
            };
            depth--;
            if (!(value instanceof String string)) return value;
            int length = text.substring(start, at).contains("\n") ? 1 : at - start;
            return new Scalar(string, string, place(start, length));
        }

        private Sequence list() {
            int start = at++;
            List<Value> items = new ArrayList<>();
            for (skipLines(); !take("]"); skipLines()) {
                Object item = value();
                items.add(item instanceof Table table ? table.mapping() : (Value) item);
                skipLines();
                if (!take(",") && peek() != ']') throw wrong("`,` or `]` was expected here", place(at, 1));
            }
            return new Sequence(items, place(start, 1));
        }

        private Table inline() {
            Table table = new Table(place(at++, 1), Origin.DOTTED);
            skipBlanks();
            if (!take("}")) {
                do pair(table); while (isFollowed());
            }
            close(table);
            return table;
        }

        private boolean isFollowed() {
            skipBlanks();
            if (take(",")) return true;
            expect("}");
            return false;
        }

        private static void close(Table table) {
            table.origin = Origin.INLINE;
            table.entries.values().forEach(entry -> {
                if (entry instanceof Table inner) close(inner);
            });
        }

        private Scalar bare() {
            int start = at;
            while (at < text.length() && "+-._:".indexOf(peek()) >= 0 || Character.isLetterOrDigit(peek())) at++;
            if (DAY.matcher(text).region(start, at).matches() && isNext(HOUR)) {
                at++;
                while (at < text.length() && "+-.:Zz".indexOf(peek()) >= 0 || Character.isDigit(peek())) at++;
            }
            String word = text.substring(start, at);
            Place place = place(start, Math.max(1, at - start));
            if (word.equals("true") || word.equals("false")) return new Scalar(word.equals("true"), word, place);
            if (INTEGER.matcher(word).matches()) return new Scalar(integer(word.replace("_", "")), word, place);
            boolean isText = DATE.matcher(word).matches() || word.matches("[-+]?(?:inf|nan)");
            if (isText) return Scalar.ofText(word, place);
            if (REAL.matcher(word).matches()) return new Scalar(new BigDecimal(word.replace("_", "")), word, place);
            throw new Fault(new Problem("a value was expected here", place, "text stands in quotes"), Fault.PROJECT);
        }

        private static BigInteger integer(String digits) {
            String prefix = digits.length() > 1 ? digits.substring(0, 2) : "";
            int radix = switch (prefix) {
                case "0x" -> 16;
                case "0o" -> 8;
                case "0b" -> 2;
                default -> 10;
            };
            return new BigInteger(radix == 10 ? digits : digits.substring(2), radix);
        }

        private String basic() {
            int start = at++;
            StringBuilder result = new StringBuilder();
            while (peek() != '"') {
                if (peek() == '\\') result.append(escape());
                else result.append(plain(start, false));
            }
            at++;
            return result.toString();
        }

        private String literal() {
            int start = at++;
            StringBuilder result = new StringBuilder();
            while (peek() != '\'') result.append(plain(start, false));
            at++;
            return result.toString();
        }

        /** Text over several lines; one or two quotes may stand before those that end it. */
        private String multiline(String quotes) {
            int start = at;
            at += 3;
            if (!take("\n")) take("\r\n");
            StringBuilder result = new StringBuilder();
            while (!text.startsWith(quotes, at)) {
                boolean isEscape = peek() == '\\' && quotes.startsWith("\"");
                if (isEscape) result.append(isNext(LINE_END) ? joined() : escape());
                else result.append(plain(start, true));
            }
            at += 3;
            for (int i = 0; i < 2 && take(quotes.substring(0, 1)); i++) result.append(quotes.charAt(0));
            return result.toString();
        }

        private boolean isNext(Pattern pattern) {
            return pattern.matcher(text).region(at, text.length()).lookingAt();
        }

        private String joined() {
            at++;
            while (at < text.length() && Character.isWhitespace(peek())) at++;
            return "";
        }

        private char plain(int start, boolean overLines) {
            char character = peek();
            boolean ends = at >= text.length() || !overLines && (character == '\n' || character == '\r');
            if (ends) throw wrong("this text does not end", place(start, 1));
            return checked(text.charAt(at++));
        }

        private char checked(char character) {
            boolean isReturn = character == '\r' && peek() == '\n';
            boolean isBlank = character == '\t' || character == '\n' || isReturn;
            if (character < ' ' && !isBlank || character == 127) {
                throw wrong("a control character must be written as an escape", place(at - 1, 1));
            }
            return character;
        }

        private String escape() {
            int start = at++;
            char kind = peek();
            at++;
            if (kind != 'u' && kind != 'U') {
                String known = ESCAPES.get(kind);
                if (known == null) throw wrong("unknown escape", place(start, 2));
                return known;
            }
            int length = kind == 'u' ? 4 : 8;
            String digits = text.substring(at, Math.min(text.length(), at + length));
            at += digits.length();
            long code = digits.matches("\\p{XDigit}{" + length + "}") ? Long.parseLong(digits, 16) : -1;
            boolean isCharacter = code >= 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
            if (!isCharacter) throw wrong("this is no character", place(start, 2 + digits.length()));
            return Character.toString((int) code);
        }

        private void skipBlanks() {
            while (peek() == ' ' || peek() == '\t') at++;
        }

        private void skipLines() {
            for (skipBlanks(); at < text.length(); skipBlanks()) {
                if (peek() == '#') skipComment();
                else if (!take("\n") && !take("\r\n")) return;
            }
        }

        private void skipComment() {
            while (at < text.length() && peek() != '\n') {
                at++;
                checked(text.charAt(at - 1));
            }
        }

        private void endLine() {
            skipBlanks();
            if (peek() == '#') skipComment();
            boolean ends = at >= text.length() || take("\n") || take("\r\n");
            if (!ends) throw wrong("the end of the line was expected here", place(at, 1));
        }

        private char peek() {
            return at < text.length() ? text.charAt(at) : '\0';
        }

        private boolean take(String expected) {
            boolean isNext = text.startsWith(expected, at);
            if (isNext) at += expected.length();
            return isNext;
        }

        private void expect(String expected) {
            if (!take(expected)) throw wrong("`" + expected + "` was expected here", place(at, 1));
        }

        private static Fault wrong(String message, Place place) {
            return Fault.project(message, place);
        }

        private Place place(int position, int length) {
            int found = Arrays.binarySearch(starts, position);
            int line = found >= 0 ? found : -found - 2;
            return new Place(name, lines, line + 1, position - starts[line] + 1, length);
        }
    }

    // ---- Template: the file as values, each with its place ---------------------------------------------------------

    /**
     * A template as it was written: YAML 1.1 or JSON, short tags turned into their long form, nothing resolved.
     * Values are typed as PyYAML types them, which is what SAM and CloudFormation read templates with:
     * {@code 010} is 8, {@code yes} is true, {@code 2010-09-09} stays text. Each keeps its text as written too.
     *
     * @param root the whole document
     * @param warnings what is legal and still most likely a mistake: duplicate keys
     */
    record Template(Mapping root, List<Problem> warnings) {
        static final int MOST_BYTES = 10 << 20;
        /** SnakeYAML takes a time for a line that grows with the square of its length. */
        private static final int MOST_LINE = 1_000_000;
        private static final int MOST_VALUES = 1_000_000;
        private static final int DEEPEST = 200;

        /**
         * Reads a template.
         *
         * @throws Fault if it cannot be read, is not YAML, or is more than a template may be
         */
        static Template read(Path file) {
            return parse(Place.display(file), text(file));
        }

        /** Reads a template from its text; {@code name} stands in messages. */
        static Template parse(String name, String text) {
            return new Parser(name, text).read();
        }

        /** Reads any YAML as values, by the rules of templates. */
        static Value values(String name, String text) {
            return new Parser(name, text).values();
        }

        private static String text(Path file) {
            if (Files.isDirectory(file)) {
                throw Fault.project("`" + Place.display(file) + "` is a folder, not a template");
            }
            if (!Files.exists(file)) throw Fault.project("template file not found: `" + Place.display(file) + "`");
            if (!Files.isRegularFile(file)) throw Fault.project("`" + Place.display(file) + "` is not a file");
            try {
                if (Files.size(file) > MOST_BYTES) throw tooLarge(file);
                String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
                return text.startsWith("\uFEFF") ? text.substring(1) : text;
            } catch (CharacterCodingException e) {
                throw Fault.project("`" + Place.display(file) + "` is not UTF-8 text");
            } catch (IOException e) {
                throw Fault.project("cannot read `" + Place.display(file) + "`: " + Fault.reason(e));
            }
        }

        private static Fault tooLarge(Path file) {
            return Fault.project("`" + Place.display(file) + "` has more than " + (MOST_BYTES >> 20) + " MB");
        }

        /** Turns SnakeYAML's nodes into values. */
        private static final class Parser {
            private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\.");
            private final String name;
            private final String text;
            private final List<String> lines;
            private final List<Problem> warnings = new ArrayList<>();
            private int values;

            Parser(String name, String text) {
                this.name = name;
                this.text = text.stripLeading().startsWith("{") ? asYaml(text) : text;
                this.lines = text.lines().toList();
            }

            /** YAML 1.1 does not quite contain JSON: it takes no tabs for blanks, and no escaped slash. */
            private static String asYaml(String json) {
                String blank = json.replace('\t', ' ');
                return !Json.isObject(json) ? blank : JSON_ESCAPE.matcher(blank).replaceAll(escape ->
                        escape.group().equals("\\/") ? "/" : Matcher.quoteReplacement(escape.group()));
            }

            Template read() {
                Value root = values();
                if (root instanceof Mapping mapping) return new Template(mapping, warnings);
                throw Fault.project("a template is a map with `Resources`, this file is not", root.place());
            }

            Value values() {
                for (int i = 0; i < lines.size(); i++) {
                    if (lines.get(i).length() > MOST_LINE) {
                        throw Fault.project("a line of `" + name + "` has more than " + MOST_LINE + " characters",
                                new Place(name, List.of(), i + 1, 1, 1));
                    }
                }
                return value(compose(), 0);
            }

            private Node compose() {
                try {
                    StreamReader reader = new StreamReader(text);
                    Node node = new Composer(new ParserImpl(reader, limits()), new Types(), limits()).getSingleNode();
                    if (node == null) throw Fault.project("`" + name + "` is empty");
                    return node;
                } catch (MarkedYAMLException e) {
                    throw syntaxError(e);
                } catch (ReaderException e) {
                    throw Fault.project("a template has no control characters", place(e.getPosition()));
                } catch (YAMLException e) {
                    String reason = e.getMessage().lines().findFirst().orElse("");
                    throw Fault.project("`" + name + "` cannot be read: " + reason, new Place(name, lines, 0, 0, 0));
                }
            }

            private Place place(int position) {
                String before = text.substring(0, Math.min(position, text.length()));
                int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
                return new Place(name, lines, line, before.length() - before.lastIndexOf('\n'), 1);
            }

            private static LoaderOptions limits() {
                LoaderOptions options = new LoaderOptions();
                options.setNestingDepthLimit(DEEPEST);
                options.setCodePointLimit(MOST_BYTES);
                options.setMergeOnCompose(true);
                options.setMaxAliasesForCollections(MOST_VALUES);
                return options;
            }

            private Fault syntaxError(MarkedYAMLException e) {
                boolean isAtEnd = e.getProblemMark() == null || e.getProblemMark().getLine() >= lines.size();
                Mark mark = isAtEnd && e.getContextMark() != null ? e.getContextMark() : e.getProblemMark();
                String context = e.getContext() == null ? "" : e.getContext() + ": ";
                Place place = mark == null ? new Place(name, lines, 1, 1, 1) : place(mark, 1);
                String hint = e.getMessage().contains("\\t") ? "YAML indents with spaces, never with tabs" : null;
                return new Fault(new Problem(context + e.getProblem(), place, hint), Fault.PROJECT);
            }

            private Value value(Node node, int depth) {
                if (++values > MOST_VALUES) {
                    throw Fault.project("aliases make more than a million values of it", place(node));
                }
                if (depth > DEEPEST) throw Fault.project("more than " + DEEPEST + " levels deep", place(node));
                return Tags.isOn(node) ? tagged(node, depth) : untagged(node, depth);
            }

            private Value tagged(Node node, int depth) {
                Tags.check(node, place(node));
                String name = Tags.longName(node);
                Value argument = Tags.attributeAsList(name, untagged(node, depth + 1));
                return Mapping.of(name, argument, argument.place());
            }

            private Value untagged(Node node, int depth) {
                if (node instanceof ScalarNode scalar) return scalar(scalar);
                if (node instanceof SequenceNode sequence) return sequence(sequence, depth);
                return mapping((MappingNode) node, depth);
            }

            private Scalar scalar(ScalarNode node) {
                return new Scalar(Types.typed(node), node.getValue(), place(node));
            }

            private Sequence sequence(SequenceNode node, int depth) {
                List<Value> items = node.getValue().stream().map(item -> value(item, depth + 1)).toList();
                return new Sequence(items, place(node));
            }

            private Value mapping(MappingNode node, int depth) {
                Map<String, Value> entries = new LinkedHashMap<>();
                Map<String, Place> keys = new LinkedHashMap<>();
                for (NodeTuple tuple : node.getValue()) {
                    String key = key(tuple.getKeyNode());
                    Place place = place(tuple.getKeyNode());
                    warnOfDuplicate(key, keys.put(key, place), place);
                    entries.put(key, Tags.attributeAsList(key, value(tuple.getValueNode(), depth + 1)));
                }
                return new Mapping(entries, keys, place(node));
            }

            private String key(Node node) {
                if (node instanceof ScalarNode scalar) return scalar.getValue();
                throw Fault.project("a key must be a text", place(node));
            }

            private void warnOfDuplicate(String key, Place first, Place second) {
                if (first == null) return;
                String message = "duplicate key `" + key + "`, the last one counts";
                warnings.add(new Problem(message, second, "the first is in line " + first.line()));
            }

            Place place(Node node) {
                Mark start = node.getStartMark();
                Mark end = node.getEndMark();
                boolean oneLine = node instanceof ScalarNode && start.getLine() == end.getLine();
                return place(start, oneLine ? Math.max(1, end.getColumn() - start.getColumn()) : 1);
            }

            private Place place(Mark mark, int length) {
                return new Place(name, lines, mark.getLine() + 1, mark.getColumn() + 1, length);
            }
        }

        /** Which scalars are not text: the rules of YAML 1.1 as PyYAML has them, less dates. */
        private static final class Types extends Resolver {
            private static final Pattern BOOLEAN = Pattern.compile("(?:[yY]es|YES|[nN]o|NO"
                    + "|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF)");
            private static final Pattern INTEGER = Pattern.compile("[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)"
                    + "|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
            private static final Pattern REAL = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                    + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

            @Override protected void addImplicitResolvers() {
                addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
                addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
                addImplicitResolver(Tag.FLOAT, REAL, "-+0123456789.");
                addImplicitResolver(Tag.MERGE, MERGE, "<");
                addImplicitResolver(Tag.NULL, NULL, "~nN\0");
                addImplicitResolver(Tag.NULL, EMPTY, null);
            }

            static Object typed(ScalarNode node) {
                try {
                    return converted(node);
                } catch (NumberFormatException e) {
                    return node.getValue();
                }
            }

            private static Object converted(ScalarNode node) {
                String text = node.getValue();
                if (node.getTag().equals(Tag.NULL)) return null;
                if (node.getTag().equals(Tag.BOOL)) return text.matches("(?i)yes|true|on");
                if (node.getTag().equals(Tag.INT)) return integer(text.replace("_", ""));
                if (node.getTag().equals(Tag.FLOAT)) return real(text.replace("_", ""));
                return text;
            }

            private static Number integer(String text) {
                boolean negative = text.startsWith("-");
                String digits = text.replaceFirst("^[-+]", "");
                BigInteger value = digits.contains(":") ? sexagesimal(digits)
                        : new BigInteger(digits(digits), radix(digits));
                return number(negative ? value.negate() : value);
            }

            private static BigInteger sexagesimal(String digits) {
                return Arrays.stream(digits.split(":")).map(BigInteger::new)
                        .reduce(BigInteger.ZERO, (sum, part) -> sum.multiply(BigInteger.valueOf(60)).add(part));
            }

            private static int radix(String digits) {
                if (digits.startsWith("0x")) return 16;
                if (digits.startsWith("0b")) return 2;
                return digits.startsWith("0") ? 8 : 10;
            }

            private static String digits(String digits) {
                String bare = digits.startsWith("0x") || digits.startsWith("0b") ? digits.substring(2) : digits;
                return bare.isEmpty() ? "0" : bare;
            }

            private static Number number(BigInteger value) {
                if (value.bitLength() < Long.SIZE) return value.longValue();
                return value;
            }

            /** JSON has no infinity and no NaN: those stay text. */
            private static Object real(String text) {
                try {
                    return new BigDecimal(text);
                } catch (NumberFormatException e) {
                    return text;
                }
            }
        }

        /** CloudFormation's tags, {@code !X y} for {@code {Fn::X: y}}: their long names and what each one takes. */
        private static final class Tags {
            private static final Map<String, String> TAKEN = Map.ofEntries(
                    Map.entry("Ref", "a text"), Map.entry("Condition", "a text"),
                    Map.entry("Fn::GetAtt", "a text or a list"), Map.entry("Fn::Sub", "a text or a list"),
                    Map.entry("Fn::Join", "a list"), Map.entry("Fn::Select", "a list"),
                    Map.entry("Fn::Split", "a list"), Map.entry("Fn::FindInMap", "a list"),
                    Map.entry("Fn::Cidr", "a list"), Map.entry("Fn::If", "a list"),
                    Map.entry("Fn::Equals", "a list"), Map.entry("Fn::And", "a list"), Map.entry("Fn::Or", "a list"),
                    Map.entry("Fn::Not", "a list"), Map.entry("Fn::Transform", "a map"));

            static boolean isOn(Node node) {
                String tag = node.getTag().getValue();
                return tag.startsWith("!") && tag.length() > 1;
            }

            static String longName(Node node) {
                String name = node.getTag().getValue().substring(1);
                return name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
            }

            /** Refuses a node of a kind that its tag does not take. */
            static void check(Node node, Place place) {
                String taken = TAKEN.getOrDefault(longName(node), kind(node));
                if (taken.contains(kind(node))) return;
                String tag = node.getTag().getValue();
                throw Fault.project("`" + tag + "` takes " + taken + ", this is " + kind(node), place);
            }

            private static String kind(Node node) {
                if (node instanceof ScalarNode) return "a text";
                return node instanceof SequenceNode ? "a list" : "a map";
            }

            /** {@code Fn::GetAtt: A.B.C} is {@code Fn::GetAtt: [A, B.C]}: one form for all that follows. */
            static Value attributeAsList(String name, Value argument) {
                if (!name.equals("Fn::GetAtt") || !(argument instanceof Scalar scalar)) return argument;
                List<Value> parts = Arrays.stream(scalar.text().split("\\.", 2))
                        .map(part -> (Value) Scalar.ofText(part, scalar.place())).toList();
                return new Sequence(parts, scalar.place());
            }
        }
    }

    /** A part of the template. */
    sealed interface Value permits Scalar, Sequence, Mapping {
        Place place();

        /** As JSON takes it: {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} or null. */
        Object plain();
    }

    /** One value; {@code text} is how it was written, the empty text for a missing one. */
    record Scalar(Object plain, String text, Place place) implements Value {
        static Scalar ofText(String text, Place place) {
            return new Scalar(text, text, place);
        }
    }

    /** A list. */
    record Sequence(List<Value> items, Place place) implements Value {
        @Override public Object plain() {
            return items.stream().map(Value::plain).collect(Collectors.toCollection(ArrayList::new));
        }
    }

    /** A map in the order of the file; {@code keys} has the place of each key. */
    record Mapping(Map<String, Value> entries, Map<String, Place> keys, Place place) implements Value {
        static Mapping of(String key, Value value, Place place) {
            return new Mapping(Map.of(key, value), Map.of(key, place), place);
        }

        static Mapping empty(Place place) {
            return new Mapping(Map.of(), Map.of(), place);
        }

        @Override public Object plain() {
            Map<String, Object> plain = new LinkedHashMap<>();
            entries.forEach((key, value) -> plain.put(key, value.plain()));
            return plain;
        }

        /** The value under a key, if it is there and not null. */
        Optional<Value> value(String key) {
            return Optional.ofNullable(entries.get(key)).filter(value -> value.plain() != null);
        }

        /** The map under a key, an empty one if it is missing; anything else there is a fault. */
        Mapping mapping(String key) {
            return value(key).map(value -> asMapping(key, value)).orElseGet(() -> empty(place));
        }

        /** The text under a key as it was written; a list or map there is a fault. */
        Optional<String> text(String key) {
            return value(key).map(value -> asScalar(key, value).text());
        }

        private static Mapping asMapping(String key, Value value) {
            if (value instanceof Mapping mapping) return mapping;
            throw Fault.project("`" + key + "` must be a map", value.place());
        }

        private static Scalar asScalar(String key, Value value) {
            if (value instanceof Scalar scalar) return scalar;
            throw Fault.project("`" + key + "` must be a text", value.place());
        }

        /** The only entry, where there is just one: this may be an intrinsic function such as {@code {Ref: X}}. */
        Optional<Map.Entry<String, Value>> singleEntry() {
            return entries.size() == 1 ? entries.entrySet().stream().findFirst() : Optional.empty();
        }
    }

    // ---- Modules: the folder that a function's code is made from ----------------------------------------------------

    /** Finds modules: folders with a build file of Maven or Gradle. */
    static final class Modules {
        private static final List<String> BUILD_FILES = List.of("pom.xml", "build.gradle", "build.gradle.kts");
        private static final Set<String> OUTPUT = Set.of("target", "build", "out", "bin", "bazel-bin");
        private static final List<String> LANGUAGES = List.of("java", "kt", "kts", "scala", "groovy");
        private static final int HIGHEST = 6;
        private static final int DEEPEST = 5;
        private static final int MOST_FOLDERS = 2000;

        private Modules() {
        }

        /** The file that says how a folder is built. */
        static Optional<Path> buildFile(Path folder) {
            return BUILD_FILES.stream().map(folder::resolve).filter(Files::isRegularFile).findFirst();
        }

        /** Whether a folder has a build file or a template. */
        static boolean isProject(Path folder) {
            return buildFile(folder).isPresent() || Stream.of("template.yaml", "template.yml", "settings.gradle",
                    "settings.gradle.kts").anyMatch(name -> Files.isRegularFile(folder.resolve(name)));
        }

        /**
         * Where the code of a CodeUri is on disk: a folder of sources or classes, or a jar or zip as it is. A module
         * that declares the handler beats an artifact that was made from it, and stands in for one that was not made.
         *
         * @return null if there is nothing
         */
        static Path locate(Path code, String handler) {
            String type = handler.replaceFirst("(::|\\$).*", "");
            Path module = Files.isDirectory(code) ? code : above(code.getParent());
            if (Files.isDirectory(code) && isOutput(code) && above(code) != null) module = above(code);
            if (Files.isDirectory(code) && code.endsWith("src/main/java") && above(code) != null) module = above(code);
            if (module == null || !Files.exists(code) && !isArchive(code) && !isOutput(code)) {
                return Files.exists(code) ? code : null;
            }
            boolean isPlain = Files.isDirectory(code) && (declares(module, type) || !hasModules(module));
            if (isPlain) return module;
            boolean isForeign = Files.isRegularFile(code) && !isOutput(code);
            if (isForeign) return code;
            List<Path> modules = below(module, DEEPEST, MOST_FOLDERS);
            Optional<Path> declaring = modules.stream().filter(folder -> declares(folder, type)).findFirst()
                    .or(() -> modules.stream().filter(folder -> holds(folder.resolve("src"), type)).findFirst());
            if (declaring.isPresent()) return declaring.get();
            if (Files.exists(code)) return code;
            return hasSources(module) ? module : null;
        }

        /** Why a handler cannot run from sources, if it cannot. */
        static Optional<String> obstacle(String handler, Path code) {
            boolean isGenerated = handler.startsWith("io.quarkus.") && Files.isDirectory(code)
                    && !Files.isDirectory(code.resolve("lib")) && buildFile(code).isPresent();
            return isGenerated ? Optional.of("is started by classes that Quarkus's build writes: run that build and let"
                    + " `CodeUri` name its function.zip, which is then served") : Optional.empty();
        }

        private static boolean isArchive(Path path) {
            return path.toString().matches(".*\\.(jar|zip)");
        }

        private static boolean isOutput(Path path) {
            return path.normalize().toString().contains("bazel-bin") || Stream.iterate(path, Objects::nonNull,
                    Path::getParent).limit(HIGHEST).anyMatch(folder -> folder.getParent() != null
                    && OUTPUT.contains(folder.getFileName().toString()) && buildFile(folder.getParent()).isPresent());
        }

        /** The nearest module at or above a folder that may not exist. */
        private static Path above(Path folder) {
            return Stream.iterate(folder, Objects::nonNull, Path::getParent).limit(HIGHEST)
                    .filter(each -> buildFile(each).isPresent()).findFirst().orElse(null);
        }

        private static boolean hasModules(Path folder) {
            return below(folder, DEEPEST, MOST_FOLDERS).stream().anyMatch(each -> !each.equals(folder));
        }

        private static boolean hasSources(Path module) {
            return LANGUAGES.stream().anyMatch(language -> Files.isDirectory(module.resolve("src/main/" + language)));
        }

        private static boolean declares(Path module, String type) {
            String file = type.replace('.', '/');
            String inOrder = "src/main/";
            return LANGUAGES.stream().anyMatch(language -> Stream.of(inOrder + language + "/", "src/", "")
                    .anyMatch(start -> Files.isRegularFile(module.resolve(start + file + "." + language))));
        }

        /** Whether a file of the class's name is anywhere below a folder: Kotlin's need not lie in their package's. */
        private static boolean holds(Path folder, String type) {
            String name = type.substring(type.lastIndexOf('.') + 1);
            Set<String> files = LANGUAGES.stream().map(language -> name + "." + language).collect(Collectors.toSet());
            if (name.isEmpty() || !Files.isDirectory(folder)) return false;
            try (Stream<Path> found = Files.find(folder, DEEPEST * 3, (file, attributes) ->
                    attributes.isRegularFile() && files.contains(file.getFileName().toString()))) {
                return found.findAny().isPresent();
            } catch (IOException | UncheckedIOException e) {
                return false;
            }
        }

        /** The modules at and below a folder, those near by first; what builds wrote is passed over. */
        static List<Path> below(Path folder, int deepest, int mostFolders) {
            List<Path> modules = new ArrayList<>();
            Deque<Path> open = new ArrayDeque<>(List.of(folder));
            for (int seen = 0; !open.isEmpty() && seen < mostFolders; seen++) {
                Path next = open.poll();
                if (buildFile(next).isPresent()) modules.add(next);
                if (next.getNameCount() - folder.getNameCount() < deepest) {
                    children(next).stream().filter(child -> !isPassedOver(child)).forEach(open::add);
                }
            }
            return modules;
        }

        private static boolean isPassedOver(Path folder) {
            String name = folder.getFileName().toString();
            return name.startsWith(".") || name.equals("node_modules") || name.equals("src") || OUTPUT.contains(name);
        }

        /** The folders in a folder, by name. */
        static List<Path> children(Path folder) {
            File[] children = folder.toFile().listFiles(File::isDirectory);
            return children == null ? List.of() : Arrays.stream(children).sorted().map(File::toPath).toList();
        }
    }

    // ---- SampleEvents: what AWS's services send to a function ------------------------------------------------------

    /**
     * Events as AWS's services send them, by the names that {@code sam local generate-event} gives to services, types
     * and options; only {@code cloudwatch logs --message} is an option of our own. The keys are those of AWS's
     * documentation, whose page each text names; the values are made up.
     *
     * <p>A text is JSON in which these stand for what an event is asked to hold:
     * <pre>
     * "… ${option} …"              the option's value
     * "… ${option:encoding} …"     the same, encoded: url, base64, md5 (in hex) or relative (no slash in front)
     * "${option:object}"           the JSON object that the value is
     * "${option:objectOfLists}"    that object, each member in a list
     * {"${text}": any}             a string: the JSON of what is inside
     * {"${gzip}": any}             a string: the same, compressed, in base64
     * </pre>
     */
    static final class SampleEvents {
        private static final String ACCOUNT = "account-id=123456789012";
        private static final String PARTITION = "partition=aws";
        private static final String REGION = "region=us-east-1";

        private static final List<Sample> ALL = List.of(
                sample("alb", "request", "a request to a load balancer (ApplicationLoadBalancerRequestEvent)",
                        Texts.ALB_REQUEST, "body={\"order\":42}", "method=POST", "path=orders/42", ACCOUNT,
                        "dns-suffix=us-east-1.elb.amazonaws.com"),
                sample("apigateway", "authorizer", "a token to be checked (APIGatewayCustomAuthorizerEvent)",
                        Texts.TOKEN_AUTHORIZER, ACCOUNT, PARTITION, REGION, "stage=prod", "method=POST",
                        "resource=orders/42", "restApiId=shop1234ab"),
                sample("apigateway", "aws-proxy", "a request to a REST API (APIGatewayProxyRequestEvent)",
                        Texts.REST_REQUEST, "body={\"order\":42}", "stage=prod", "method=POST", "resource=/{proxy+}",
                        "path=orders/42", "querystringparameters={\"color\":\"blue\"}", ACCOUNT,
                        "dns-suffix=us-east-1.amazonaws.com"),
                sample("apigateway", "http-api-proxy", "a request to an HTTP API (APIGatewayV2HTTPEvent)",
                        Texts.HTTP_REQUEST, "body={\"order\":42}", "stage=$default", "method=POST", "path=orders/42",
                        ACCOUNT, "dns-suffix=us-east-1.amazonaws.com"),
                sample("apigateway", "request-authorizer", "a request to be checked (APIGatewayCustomAuthorizerEvent)",
                        Texts.REQUEST_AUTHORIZER, ACCOUNT, PARTITION, REGION, "stage=prod", "method=GET",
                        "resource=orders", "restApiId=shop1234ab"),
                sample("appsync", "resolver", "a field of a GraphQL query to be resolved", Texts.APPSYNC_RESOLVER),
                sample("cloudformation", "create-request",
                        "a custom resource to be created (CloudFormationCustomResourceEvent)", Texts.CUSTOM_RESOURCE,
                        ACCOUNT, PARTITION, REGION, "stack=shop"),
                sample("cloudwatch", "logs", "lines of a log group (CloudWatchLogsEvent)", Texts.LOGS,
                        "message=ERROR order 42 was refused"),
                sample("cloudwatch", "scheduled-event", "a schedule's time has come (ScheduledEvent)", Texts.SCHEDULED,
                        ACCOUNT, PARTITION, REGION, "rule=every-morning"),
                sample("codecommit", "repository", "a push to a repository (CodeCommitEvent)", Texts.CODECOMMIT,
                        ACCOUNT, PARTITION, REGION, "repository=shop", "trigger=on-push", "custom-data=main only"),
                sample("codepipeline", "job", "a pipeline's step to be done", Texts.CODEPIPELINE, ACCOUNT,
                        "input-bucket=shop-artifacts", "input-key=sources/shop.zip", "output-bucket=shop-artifacts",
                        "output-key=builds/shop.zip"),
                sample("cognito", "sync-trigger", "a dataset is synchronized (CognitoEvent)", Texts.COGNITO_SYNC,
                        REGION),
                sample("config", "item-change-notification", "a resource's settings changed (ConfigEvent)",
                        Texts.CONFIG_CHANGE, REGION, PARTITION, ACCOUNT),
                sample("config", "periodic-rule", "a rule is due (ConfigEvent)", Texts.CONFIG_PERIODIC, REGION,
                        PARTITION, ACCOUNT),
                sample("connect", "contact-flow-event", "a caller reached a step of a flow (ConnectEvent)",
                        Texts.CONNECT, REGION, PARTITION, ACCOUNT, "contact-id=0f6d2a34-7b15-4c7e-9d43-5a1be8c60d21",
                        "phone-number=+12025550142"),
                sample("dynamodb", "update", "items were added, changed and removed (DynamodbEvent)", Texts.DYNAMODB,
                        ACCOUNT, PARTITION, REGION, "table=orders"),
                sample("kinesis", "analytics",
                        "records to be preprocessed (KinesisAnalyticsStreamsInputPreprocessingEvent)", Texts.ANALYTICS,
                        PARTITION, REGION, ACCOUNT, "application=sales", "stream=orders", "data={\"order\":42}"),
                sample("kinesis", "cloudwatch-logs-processor",
                        "log lines in a delivery stream (KinesisFirehoseEvent)", Texts.FIREHOSE_LOGS, REGION,
                        PARTITION, ACCOUNT),
                sample("kinesis", "get-records", "records of a data stream (KinesisEvent)", Texts.KINESIS, REGION,
                        PARTITION, "sequence=49650000000000000000000000000000000000000000000000000042",
                        "data={\"order\":42}", "partition-key=customer-7"),
                sample("kinesis", "kinesis-firehose",
                        "records of a delivery stream, data in base64 (KinesisFirehoseEvent)", Texts.FIREHOSE,
                        PARTITION, REGION, "data=eyJvcmRlciI6NDJ9Cg=="),
                sample("kinesis", "streams-as-source",
                        "records delivered from a data stream, data in base64 (KinesisFirehoseEvent)",
                        Texts.FIREHOSE_FROM_STREAM, PARTITION, REGION, "partition-key=customer-7",
                        "data=eyJvcmRlciI6NDJ9Cg==",
                        "sequence=49650000000000000000000000000000000000000000000000000042"),
                sample("lex", "book-hotel", "a Lex V1 bot's intent (LexEvent)", Texts.LEX),
                sample("lex-v2", "book-hotel", "a Lex V2 bot's intent", Texts.LEX_V2),
                sample("rekognition", "s3-request", "an image was put into a bucket (S3Event)", Texts.S3_PUT, REGION,
                        PARTITION, "bucket=shop-photos", "key=2025/red hat.jpg"),
                sample("s3", "batch-invocation", "a batch job's object (S3BatchEvent)", Texts.S3_BATCH,
                        "bucket-arn=arn:aws:s3:::shop-photos", "key=2025/red hat.jpg"),
                sample("s3", "delete", "an object was deleted (S3Event)", Texts.S3_DELETE, REGION, PARTITION,
                        "bucket=shop-photos", "key=2025/red hat.jpg"),
                sample("s3", "put", "an object was put into a bucket (S3Event)", Texts.S3_PUT, REGION, PARTITION,
                        "bucket=shop-photos", "key=2025/red hat.jpg"),
                sample("ses", "email-receiving", "an e-mail arrived", Texts.SES, REGION, PARTITION, ACCOUNT,
                        "dns-suffix=us-east-1.amazonaws.com"),
                sample("sns", "notification", "a message was published (SNSEvent)", Texts.SNS, ACCOUNT, PARTITION,
                        REGION, "topic=orders", "subject=a new order", "message=order 42 was placed"),
                sample("sqs", "receive-message", "messages of a queue (SQSEvent)", Texts.SQS, PARTITION, REGION,
                        ACCOUNT, "queue-name=orders", "body=order 42 was placed"),
                sample("stepfunctions", "error", "what a state machine caught", Texts.STEP_ERROR,
                        "error=PaymentRefused", "cause=the card has expired"));

        private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([\\w-]+)(?::(\\w+))?}");

        private static final Map<String, Encoding> ENCODINGS = Map.of(
                "url", SampleEvents::url,
                "base64", value -> Base64.getEncoder().encodeToString(value.getBytes(UTF_8)),
                "md5", SampleEvents::md5,
                "relative", value -> value.startsWith("/") ? value.substring(1) : value,
                "object", SampleEvents::object,
                "objectOfLists", SampleEvents::objectOfLists);

        private SampleEvents() {
        }

        /**
         * One kind of event.
         *
         * @param service one of AWS's services, such as {@code s3}
         * @param type what the service tells of, such as {@code put}
         * @param description what happened, and AWS's class for it if there is one
         * @param options what can be asked for: name to default value, in order
         * @param json the text, with placeholders
         */
        record Sample(String service, String type, String description, Map<String, String> options, String json) {
            /**
             * The event as JSON, with the values given and the defaults of other options.
             *
             * @throws Fault if a value is for no option of this event, or is not of its option's form
             */
            String render(Map<String, String> given) {
                given.keySet().forEach(this::require);
                Map<String, String> values = new LinkedHashMap<>(options);
                values.putAll(given);
                try {
                    return Json.writePretty(fill(Json.read(json), values));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            private void require(String name) {
                if (options.containsKey(name)) return;
                throw Fault.usage("`" + service + " " + type + "` has no option `--" + name + "`",
                        Nearest.to(name, options.keySet()).map(near -> "did you mean `--" + near + "`?").orElse(null));
            }
        }

        /** Makes of an option's value what the event holds. */
        private interface Encoding {
            Object of(String value) throws IOException;
        }

        /** Every kind of event, in order of service, then type. */
        static List<Sample> all() {
            return ALL;
        }

        /** The one kind of event of that name, if there is one. */
        static Optional<Sample> of(String service, String type) {
            return ALL.stream().filter(one -> one.service().equals(service) && one.type().equals(type)).findFirst();
        }

        /** An option is a name and its default, joined by the first equals sign. */
        private static Sample sample(String service, String type, String description, String json, String... options) {
            Map<String, String> defaults = new LinkedHashMap<>();
            for (String option : options) {
                String[] parts = option.split("=", 2);
                defaults.put(parts[0], parts[1]);
            }
            return new Sample(service, type, description, Collections.unmodifiableMap(defaults), json);
        }

        private static Object fill(Object value, Map<String, String> values) {
            if (value instanceof Map<?, ?> object) return fillObject(object, values);
            if (value instanceof List<?> items) return items.stream().map(item -> fill(item, values)).toList();
            return value instanceof String text ? fillText(text, values) : value;
        }

        private static Object fillObject(Map<?, ?> object, Map<String, String> values) {
            Map<Object, Object> filled = new LinkedHashMap<>();
            object.forEach((key, value) -> filled.put(key, fill(value, values)));
            if (filled.containsKey("${text}")) return Json.write(filled.get("${text}"));
            if (filled.containsKey("${gzip}")) return gzip(Json.write(filled.get("${gzip}")));
            return filled;
        }

        private static Object fillText(String text, Map<String, String> values) {
            Matcher found = PLACEHOLDER.matcher(text);
            if (found.matches()) return encoded(found.group(1), found.group(2), values);
            return found.replaceAll(part ->
                    Matcher.quoteReplacement(encoded(part.group(1), part.group(2), values).toString()));
        }

        private static Object encoded(String name, String encoding, Map<String, String> values) {
            String value = Objects.requireNonNull(values.get(name), name);
            try {
                return encoding == null ? value : ENCODINGS.get(encoding).of(value);
            } catch (IOException | NumberFormatException e) {
                throw Fault.usage("`--" + name + "` must be a JSON object: " + value, null);
            }
        }

        /** As S3 encodes keys: a blank is a plus sign, a slash stays. */
        private static String url(String value) {
            return URLEncoder.encode(value, UTF_8).replace("%2F", "/");
        }

        private static String md5(String value) {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(value.getBytes(UTF_8)));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has MD5", e);
            }
        }

        private static Map<?, ?> object(String json) throws IOException {
            if (Json.read(json) instanceof Map<?, ?> object) return object;
            throw new IOException("not an object");
        }

        private static Map<String, Object> objectOfLists(String json) throws IOException {
            Map<String, Object> lists = new LinkedHashMap<>();
            object(json).forEach((name, value) -> lists.put(name.toString(), Collections.singletonList(value)));
            return lists;
        }

        private static String gzip(String text) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(bytes)) {
                out.write(text.getBytes(UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Base64.getEncoder().encodeToString(bytes.toByteArray());
        }

        /** The events' JSON; before each, the page of AWS's documentation that describes its keys. */
        private static final class Texts {
            /** Elastic Load Balancing, "Use Lambda functions as targets of an Application Load Balancer". */
            static final String ALB_REQUEST = """
                    {"requestContext": {"elb": {"targetGroupArn":
                        "arn:aws:elasticloadbalancing:us-east-1:${account-id}:targetgroup/orders/a70c51e94bd2f386"}},
                     "httpMethod": "${method}", "path": "/${path:relative}", "queryStringParameters": {"color": "blue"},
                     "headers": {"accept": "application/json", "content-type": "application/json",
                        "host": "shop-1234567890.${dns-suffix}",
                        "x-amzn-trace-id": "Root=1-67d3f69d-0a1b2c3d4e5f60718293a4b5", "x-forwarded-for": "192.0.2.10",
                        "x-forwarded-port": "80", "x-forwarded-proto": "http"},
                     "body": "${body:base64}", "isBase64Encoded": true}
                    """;

            /** API Gateway, "Input to an API Gateway Lambda authorizer". */
            static final String TOKEN_AUTHORIZER = """
                    {"type": "TOKEN", "authorizationToken": "Bearer example-token", "methodArn":
                        "arn:${partition}:execute-api:${region}:${account-id}:${restApiId}/${stage}/${method}/\
                    ${resource:relative}"}
                    """;

            /** API Gateway, "Lambda proxy integrations in API Gateway". */
            static final String REST_REQUEST = """
                    {"resource": "${resource}", "path": "/${path:relative}", "httpMethod": "${method}",
                     "headers": {"Accept": "application/json", "Content-Type": "application/json",
                        "Host": "shop1234ab.execute-api.${dns-suffix}", "X-Forwarded-For": "192.0.2.10",
                        "X-Forwarded-Port": "443", "X-Forwarded-Proto": "https"},
                     "multiValueHeaders": {"Accept": ["application/json"], "Content-Type": ["application/json"],
                        "Host": ["shop1234ab.execute-api.${dns-suffix}"], "X-Forwarded-For": ["192.0.2.10"],
                        "X-Forwarded-Port": ["443"], "X-Forwarded-Proto": ["https"]},
                     "queryStringParameters": "${querystringparameters:object}",
                     "multiValueQueryStringParameters": "${querystringparameters:objectOfLists}",
                     "pathParameters": {"proxy": "${path:relative}"}, "stageVariables": {"currency": "EUR"},
                     "requestContext": {"accountId": "${account-id}", "apiId": "shop1234ab",
                        "domainName": "shop1234ab.execute-api.${dns-suffix}", "domainPrefix": "shop1234ab",
                        "extendedRequestId": "HcQ7eGx1oAMFqzA=", "httpMethod": "${method}",
                        "identity": {"accessKey": null, "accountId": null, "apiKey": null, "caller": null,
                            "cognitoAuthenticationProvider": null, "cognitoAuthenticationType": null,
                            "cognitoIdentityId": null, "cognitoIdentityPoolId": null, "principalOrgId": null,
                            "sourceIp": "192.0.2.10", "user": null, "userAgent": "curl/8.5.0", "userArn": null},
                        "path": "/${stage}/${path:relative}", "protocol": "HTTP/1.1",
                        "requestId": "5b6c1f0e-93f4-4d0a-8a37-2d1f6c9e7b42",
                        "requestTime": "14/Mar/2025:09:26:53 +0000", "requestTimeEpoch": 1741944413589,
                        "resourceId": "r4s0ur", "resourcePath": "${resource}", "stage": "${stage}"},
                     "body": "${body:base64}", "isBase64Encoded": true}
                    """;

            /** API Gateway, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway", format 2.0. */
            static final String HTTP_REQUEST = """
                    {"version": "2.0", "routeKey": "${method} /{proxy+}", "rawPath": "/${path:relative}",
                     "rawQueryString": "color=red&color=blue&size=m", "cookies": ["cart=17", "theme=dark"],
                     "headers": {"accept": "application/json", "content-type": "application/json",
                        "host": "shop1234ab.execute-api.${dns-suffix}", "x-forwarded-for": "192.0.2.10",
                        "x-forwarded-port": "443", "x-forwarded-proto": "https"},
                     "queryStringParameters": {"color": "red,blue", "size": "m"},
                     "requestContext": {"accountId": "${account-id}", "apiId": "shop1234ab", "authentication": null,
                        "authorizer": {"jwt": {"claims": {"sub": "customer-7", "scope": "orders:read orders:write"},
                            "scopes": ["orders:read", "orders:write"]}},
                        "domainName": "shop1234ab.execute-api.${dns-suffix}", "domainPrefix": "shop1234ab",
                        "http": {"method": "${method}", "path": "/${path:relative}", "protocol": "HTTP/1.1",
                            "sourceIp": "192.0.2.10", "userAgent": "curl/8.5.0"},
                        "requestId": "HcQ7eGx1oAMEPzA=", "routeKey": "${method} /{proxy+}", "stage": "${stage}",
                        "time": "14/Mar/2025:09:26:53 +0000", "timeEpoch": 1741944413589},
                     "body": "${body:base64}", "pathParameters": {"proxy": "${path:relative}"},
                     "isBase64Encoded": true, "stageVariables": {"currency": "EUR"}}
                    """;

            /** API Gateway, "Input to an API Gateway Lambda authorizer". */
            static final String REQUEST_AUTHORIZER = """
                    {"type": "REQUEST", "methodArn":
                        "arn:${partition}:execute-api:${region}:${account-id}:${restApiId}/${stage}/${method}/\
                    ${resource:relative}",
                     "resource": "/${resource:relative}", "path": "/${resource:relative}", "httpMethod": "${method}",
                     "headers": {"Accept": "application/json", "Authorization": "Bearer example-token"},
                     "queryStringParameters": {"color": "blue"}, "pathParameters": {},
                     "stageVariables": {"currency": "EUR"},
                     "requestContext": {"path": "/${resource:relative}", "accountId": "${account-id}",
                        "resourceId": "r4s0ur", "stage": "${stage}",
                        "requestId": "5b6c1f0e-93f4-4d0a-8a37-2d1f6c9e7b42",
                        "identity": {"apiKey": "example-key", "sourceIp": "192.0.2.10"},
                        "resourcePath": "/${resource:relative}", "httpMethod": "${method}", "apiId": "${restApiId}"}}
                    """;

            /** AppSync, "AWS AppSync JavaScript resolver context object reference", the caller signed with IAM. */
            static final String APPSYNC_RESOLVER = """
                    {"arguments": {"id": "42"},
                     "identity": {"accountId": "123456789012", "cognitoIdentityAuthProvider": null,
                        "cognitoIdentityAuthType": null, "cognitoIdentityId": null, "cognitoIdentityPoolId": null,
                        "sourceIp": ["192.0.2.10"], "userArn": "arn:aws:iam::123456789012:user/clerk",
                        "username": "AIDAEXAMPLECLERK"},
                     "source": null, "request": {"headers": {"accept": "application/json",
                        "content-type": "application/json", "host": "shop1234ab.appsync-api.us-east-1.amazonaws.com",
                        "x-forwarded-for": "192.0.2.10"}, "domainName": null},
                     "prev": null, "info": {"selectionSetList": ["id", "total"],
                        "selectionSetGraphQL": "{\\n  id\\n  total\\n}", "parentTypeName": "Query",
                        "fieldName": "order", "variables": {}}, "stash": {}}
                    """;

            /** CloudFormation, "Custom resource request objects". */
            static final String CUSTOM_RESOURCE = """
                    {"RequestType": "Create",
                     "ServiceToken": "arn:${partition}:lambda:${region}:${account-id}:function:seed",
                     "ResponseURL": "https://cloudformation-custom-resource-response.example.com/answer",
                     "StackId": "arn:${partition}:cloudformation:${region}:${account-id}:stack/${stack}/\
                    8c1d5a70-00b8-11f0-9f5e-0a58a9feac02",
                     "RequestId": "d35a9f0b-6c1e-4f27-8c53-7be0214a96dc", "ResourceType": "Custom::Seed",
                     "LogicalResourceId": "OrdersSeed",
                     "ResourceProperties": {"StackName": "${stack}", "Items": ["hat", "scarf"]}}
                    """;

            /** Lambda, "Using Lambda with Amazon CloudWatch Logs". */
            static final String LOGS = """
                    {"awslogs": {"data": {"${gzip}": {"messageType": "DATA_MESSAGE", "owner": "123456789012",
                        "logGroup": "/aws/lambda/orders",
                        "logStream": "2025/03/14/[$LATEST]0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                        "subscriptionFilters": ["errors"], "logEvents": [{
                            "id": "38840000000000000000000000000000000000000000000000000042",
                            "timestamp": 1741944413589, "message": "${message}"}]}}}}
                    """;

            /** Lambda, "Invoke a Lambda function on a schedule". */
            static final String SCHEDULED = """
                    {"version": "0", "id": "2f4e9c70-1a6b-4d3c-b5e8-90d7c6a1f352", "detail-type": "Scheduled Event",
                     "source": "aws.events", "account": "${account-id}", "time": "2025-03-14T09:26:53Z",
                     "region": "${region}", "detail": {},
                     "resources": ["arn:${partition}:events:${region}:${account-id}:rule/${rule}"]}
                    """;

            /** Lambda, "Using AWS Lambda with AWS CodeCommit". */
            static final String CODECOMMIT = """
                    {"Records": [{"awsRegion": "${region}", "codecommit": {"references": [{
                        "commit": "1f0e5d2c3b4a59687706f5e4d3c2b1a0f9e8d7c6", "ref": "refs/heads/main"}]},
                     "customData": "${custom-data}", "eventId": "7d0c4b1e-52a9-4f68-a3e1-c8b7065d9f24",
                     "eventName": "ReferenceChanges", "eventPartNumber": 1, "eventSource": "aws:codecommit",
                     "eventSourceARN": "arn:${partition}:codecommit:${region}:${account-id}:${repository}",
                     "eventTime": "2025-03-14T09:26:53.589+0000", "eventTotalParts": 1,
                     "eventTriggerConfigId": "b94f1c63-0e7d-45a8-92d6-3fc8e51a7b09", "eventTriggerName": "${trigger}",
                     "eventVersion": "1.0", "userIdentityARN": "arn:${partition}:iam::${account-id}:user/clerk"}]}
                    """;

            /** Lambda, "Using AWS Lambda with AWS CodePipeline". */
            static final String CODEPIPELINE = """
                    {"CodePipeline.job": {"id": "c81e4f2a-6d37-4b90-8e15-f07a93b2d6c4", "accountId": "${account-id}",
                     "data": {"actionConfiguration": {"configuration": {"FunctionName": "check-build",
                            "UserParameters": {"${text}": {"environment": "test"}}}},
                        "inputArtifacts": [{"name": "Sources", "revision": "1f0e5d2c3b4a59687706f5e4d3c2b1a0f9e8d7c6",
                            "location": {"type": "S3", "s3Location": {"bucketName": "${input-bucket}",
                                "objectKey": "${input-key}"}}}],
                        "outputArtifacts": [{"name": "Build", "revision": null,
                            "location": {"type": "S3", "s3Location": {"bucketName": "${output-bucket}",
                                "objectKey": "${output-key}"}}}],
                        "artifactCredentials": {"accessKeyId": "EXAMPLE-KEY-ID",
                            "secretAccessKey": "EXAMPLE-KEY", "sessionToken": "EXAMPLE-TOKEN",
                            "expirationTime": 1741948013000}}}}
                    """;

            /** Lambda, "Using AWS Lambda with Amazon Cognito". */
            static final String COGNITO_SYNC = """
                    {"version": 2, "eventType": "SyncTrigger", "region": "${region}",
                     "identityPoolId": "${region}:4a7f0c92-1e5d-4b38-8c6a-d0e9f1b2a375",
                     "identityId": "${region}:93b6d1e8-5c0f-4a27-b7d4-2e8f60a1c95d", "datasetName": "preferences",
                     "datasetRecords": {"theme": {"oldValue": "light", "newValue": "dark", "op": "replace"}}}
                    """;

            /** Config, "Example Events for AWS Config Rules", of a configuration change. */
            static final String CONFIG_CHANGE = """
                    {"version": "1.0", "invokingEvent": {"${text}": {"configurationItem": {
                        "configurationItemCaptureTime": "2025-03-14T09:26:53.589Z", "awsAccountId": "${account-id}",
                        "configurationItemStatus": "OK", "resourceId": "i-0123456789abcdef0", "resourceName": null,
                        "ARN": "arn:${partition}:ec2:${region}:${account-id}:instance/i-0123456789abcdef0",
                        "awsRegion": "${region}", "availabilityZone": "${region}a",
                        "configurationStateMd5Hash": "5e83c0a7d1f2946b8ac07e35d9b61f42",
                        "resourceCreationTime": "2025-03-14T09:20:00.000Z", "configurationStateId": 0,
                        "configurationItemVersion": "1.2", "resourceType": "AWS::EC2::Instance",
                        "tags": {"team": "shop"}, "relationships": [{"resourceId": "vol-0123456789abcdef0",
                            "resourceType": "AWS::EC2::Volume", "name": "Is attached to Volume"}],
                        "configuration": {"instanceType": "t3.small"}},
                        "messageType": "ConfigurationItemChangeNotification"}},
                     "ruleParameters": {"${text}": {"requiredTag": "team"}}, "resultToken": "example-result-token",
                     "eventLeftScope": false, "executionRoleArn": "arn:${partition}:iam::${account-id}:role/config",
                     "configRuleArn": "arn:${partition}:config:${region}:${account-id}:config-rule/config-rule-tags",
                     "configRuleName": "instances-have-tags", "configRuleId": "config-rule-tags",
                     "accountId": "${account-id}"}
                    """;

            /** Config, "Example Events for AWS Config Rules", of a periodic trigger. */
            static final String CONFIG_PERIODIC = """
                    {"version": "1.0", "invokingEvent": {"${text}": {"awsAccountId": "${account-id}",
                        "notificationCreationTime": "2025-03-14T09:26:53.589Z", "messageType": "ScheduledNotification",
                        "recordVersion": "1.0"}},
                     "ruleParameters": {"${text}": {"maximumUsers": "20"}}, "resultToken": "example-result-token",
                     "eventLeftScope": false, "executionRoleArn": "arn:${partition}:iam::${account-id}:role/config",
                     "configRuleArn": "arn:${partition}:config:${region}:${account-id}:config-rule/config-rule-users",
                     "configRuleName": "not-too-many-users", "configRuleId": "config-rule-users",
                     "accountId": "${account-id}"}
                    """;

            /** Lambda, "Using Lambda with Amazon Connect". */
            static final String CONNECT = """
                    {"Name": "ContactFlowEvent", "Details": {"ContactData": {"Attributes": {"language": "en"},
                        "Channel": "VOICE", "ContactId": "${contact-id}",
                        "CustomerEndpoint": {"Address": "${phone-number}", "Type": "TELEPHONE_NUMBER"},
                        "InitialContactId": "${contact-id}", "InitiationMethod": "INBOUND",
                        "InstanceARN": "arn:${partition}:connect:${region}:${account-id}:instance/\
                    61d0b8a3-7f2c-4e95-a046-b3c9d8e7f512",
                        "PreviousContactId": "${contact-id}", "Queue": {"ARN":
                            "arn:${partition}:connect:${region}:${account-id}:instance/\
                    61d0b8a3-7f2c-4e95-a046-b3c9d8e7f512/queue/e2a47c19-83f0-4d6b-95ba-70c1f4d28e36",
                            "Name": "Orders"},
                        "SystemEndpoint": {"Address": "+18005550199", "Type": "TELEPHONE_NUMBER"}},
                        "Parameters": {"order": "42"}}}
                    """;

            /** Lambda, "Using AWS Lambda with Amazon DynamoDB". */
            static final String DYNAMODB = """
                    {"Records": [
                     {"eventID": "4f1d6a0b9c2e83750d6e1f2a3b4c5d61", "eventName": "INSERT", "eventVersion": "1.1",
                      "eventSource": "aws:dynamodb", "awsRegion": "${region}",
                      "dynamodb": {"ApproximateCreationDateTime": 1741944413, "Keys": {"id": {"N": "42"}},
                        "NewImage": {"id": {"N": "42"}, "state": {"S": "placed"}},
                        "SequenceNumber": "100000000042000000000001", "SizeBytes": 22,
                        "StreamViewType": "NEW_AND_OLD_IMAGES"},
                      "eventSourceARN": "arn:${partition}:dynamodb:${region}:${account-id}:table/${table}/stream/\
                    2025-01-01T00:00:00.000"},
                     {"eventID": "4f1d6a0b9c2e83750d6e1f2a3b4c5d62", "eventName": "MODIFY", "eventVersion": "1.1",
                      "eventSource": "aws:dynamodb", "awsRegion": "${region}",
                      "dynamodb": {"ApproximateCreationDateTime": 1741944414, "Keys": {"id": {"N": "42"}},
                        "NewImage": {"id": {"N": "42"}, "state": {"S": "paid"}},
                        "OldImage": {"id": {"N": "42"}, "state": {"S": "placed"}},
                        "SequenceNumber": "100000000042000000000002", "SizeBytes": 42,
                        "StreamViewType": "NEW_AND_OLD_IMAGES"},
                      "eventSourceARN": "arn:${partition}:dynamodb:${region}:${account-id}:table/${table}/stream/\
                    2025-01-01T00:00:00.000"},
                     {"eventID": "4f1d6a0b9c2e83750d6e1f2a3b4c5d63", "eventName": "REMOVE", "eventVersion": "1.1",
                      "eventSource": "aws:dynamodb", "awsRegion": "${region}",
                      "dynamodb": {"ApproximateCreationDateTime": 1741944415, "Keys": {"id": {"N": "42"}},
                        "OldImage": {"id": {"N": "42"}, "state": {"S": "paid"}},
                        "SequenceNumber": "100000000042000000000003", "SizeBytes": 20,
                        "StreamViewType": "NEW_AND_OLD_IMAGES"},
                      "eventSourceARN": "arn:${partition}:dynamodb:${region}:${account-id}:table/${table}/stream/\
                    2025-01-01T00:00:00.000"}]}
                    """;

            /** Kinesis Data Analytics, "Preprocessing Data Using a Lambda Function", the source a data stream. */
            static final String ANALYTICS = """
                    {"invocationId": "0d9c8b7a-6f5e-4d3c-a2b1-09f8e7d6c5b4", "applicationArn":
                        "arn:${partition}:kinesisanalytics:${region}:${account-id}:application/${application}",
                     "streamArn": "arn:${partition}:kinesis:${region}:${account-id}:stream/${stream}",
                     "records": [{"recordId": "49650000000000000000000000000000000000000000000000000042",
                        "kinesisStreamRecordMetadata": {"shardId": "shardId-000000000000",
                            "partitionKey": "customer-7",
                            "sequenceNumber": "49650000000000000000000000000000000000000000000000000042",
                            "approximateArrivalTimestamp": 1741944413589},
                        "data": "${data:base64}"}]}
                    """;

            /** Firehose, "Transform source data in Amazon Data Firehose", the source a log group. */
            static final String FIREHOSE_LOGS = """
                    {"invocationId": "0d9c8b7a-6f5e-4d3c-a2b1-09f8e7d6c5b4",
                     "deliveryStreamArn": "arn:${partition}:firehose:${region}:${account-id}:deliverystream/logs",
                     "region": "${region}",
                     "records": [{"recordId": "49650000000000000000000000000000000000000000000000000042000000",
                        "approximateArrivalTimestamp": 1741944413589,
                        "data": {"${gzip}": {"messageType": "DATA_MESSAGE", "owner": "${account-id}",
                            "logGroup": "/aws/lambda/orders",
                            "logStream": "2025/03/14/[$LATEST]0a1b2c3d4e5f60718293a4b5c6d7e8f9",
                            "subscriptionFilters": ["errors"], "logEvents": [{
                                "id": "38840000000000000000000000000000000000000000000000000042",
                                "timestamp": 1741944413589, "message": "ERROR order 42 was refused"}]}}}]}
                    """;

            /** Lambda, "Using Lambda to process records from Amazon Kinesis Data Streams". */
            static final String KINESIS = """
                    {"Records": [{"kinesis": {"kinesisSchemaVersion": "1.0", "partitionKey": "${partition-key}",
                        "sequenceNumber": "${sequence}", "data": "${data:base64}",
                        "approximateArrivalTimestamp": 1741944413.589},
                     "eventSource": "aws:kinesis", "eventVersion": "1.0",
                     "eventID": "shardId-000000000000:${sequence}", "eventName": "aws:kinesis:record",
                     "invokeIdentityArn": "arn:${partition}:iam::123456789012:role/orders",
                     "awsRegion": "${region}",
                     "eventSourceARN": "arn:${partition}:kinesis:${region}:123456789012:stream/orders"}]}
                    """;

            /** Lambda, "Using AWS Lambda with Amazon Kinesis Data Firehose". */
            static final String FIREHOSE = """
                    {"invocationId": "0d9c8b7a-6f5e-4d3c-a2b1-09f8e7d6c5b4",
                     "deliveryStreamArn": "arn:${partition}:firehose:${region}:123456789012:deliverystream/orders",
                     "region": "${region}",
                     "records": [{"recordId": "49650000000000000000000000000000000000000000000000000042000000",
                        "approximateArrivalTimestamp": 1741944413589, "data": "${data}"}]}
                    """;

            /** Lambda, "Using AWS Lambda with Amazon Kinesis Data Firehose", the source a data stream. */
            static final String FIREHOSE_FROM_STREAM = """
                    {"invocationId": "0d9c8b7a-6f5e-4d3c-a2b1-09f8e7d6c5b4",
                     "deliveryStreamArn": "arn:${partition}:firehose:${region}:123456789012:deliverystream/orders",
                     "sourceKinesisStreamArn": "arn:${partition}:kinesis:${region}:123456789012:stream/orders",
                     "region": "${region}",
                     "records": [{"recordId": "49650000000000000000000000000000000000000000000000000042000000",
                        "approximateArrivalTimestamp": 1741944413589, "data": "${data}",
                        "kinesisRecordMetadata": {"shardId": "shardId-000000000000",
                            "partitionKey": "${partition-key}", "approximateArrivalTimestamp": 1741944413589,
                            "sequenceNumber": "${sequence}", "subsequenceNumber": ""}}]}
                    """;

            /** Lex V1, "Lambda Function Input Event and Response Format". */
            static final String LEX = """
                    {"messageVersion": "1.0", "invocationSource": "DialogCodeHook", "userId": "customer-7",
                     "sessionAttributes": {}, "requestAttributes": null,
                     "bot": {"name": "Travel", "alias": "$LATEST", "version": "$LATEST"}, "outputDialogMode": "Text",
                     "inputTranscript": "two nights in Lisbon",
                     "currentIntent": {"name": "BookHotel", "slots": {"Location": "Lisbon",
                        "CheckInDate": "2025-03-21", "Nights": "2", "RoomType": null}, "confirmationStatus": "None"}}
                    """;

            /** Lex V2, "AWS Lambda input event format for Lex V2". */
            static final String LEX_V2 = """
                    {"messageVersion": "1.0", "invocationSource": "DialogCodeHook", "inputMode": "Text",
                     "responseContentType": "text/plain; charset=utf-8", "sessionId": "customer-7",
                     "inputTranscript": "a hotel in Lisbon",
                     "bot": {"id": "BOT1234567", "name": "Travel", "localeId": "en_US", "version": "DRAFT",
                        "aliasId": "TSTALIASID", "aliasName": "TestBotAlias"},
                     "interpretations": [{"intent": {"name": "BookHotel", "slots": {"Location": {"shape": "Scalar",
                            "value": {"originalValue": "Lisbon", "interpretedValue": "Lisbon",
                                "resolvedValues": ["Lisbon"]}}, "CheckInDate": null, "Nights": null, "RoomType": null},
                        "state": "InProgress", "confirmationState": "None"}, "nluConfidence": 0.93}],
                     "proposedNextState": {"dialogAction": {"type": "ElicitSlot", "slotToElicit": "CheckInDate"},
                        "intent": {"name": "BookHotel", "slots": {"Location": {"shape": "Scalar",
                            "value": {"originalValue": "Lisbon", "interpretedValue": "Lisbon",
                                "resolvedValues": ["Lisbon"]}}, "CheckInDate": null, "Nights": null, "RoomType": null},
                        "state": "InProgress", "confirmationState": "None"}, "prompt": {"attempt": "Initial"}},
                     "sessionState": {"sessionAttributes": {}, "activeContexts": [],
                        "intent": {"name": "BookHotel", "slots": {"Location": {"shape": "Scalar",
                            "value": {"originalValue": "Lisbon", "interpretedValue": "Lisbon",
                                "resolvedValues": ["Lisbon"]}}, "CheckInDate": null, "Nights": null, "RoomType": null},
                        "state": "InProgress", "confirmationState": "None"},
                        "originatingRequestId": "5b6c1f0e-93f4-4d0a-8a37-2d1f6c9e7b42"},
                     "transcriptions": [{"transcription": "a hotel in Lisbon", "transcriptionConfidence": 1.0,
                        "resolvedContext": {"intent": "BookHotel"}, "resolvedSlots": {"Location": {"shape": "Scalar",
                            "value": {"originalValue": "Lisbon", "resolvedValues": ["Lisbon"]}}}}]}
                    """;

            /** S3, "Invoke AWS Lambda function", format 1.0. */
            static final String S3_BATCH = """
                    {"invocationSchemaVersion": "1.0", "invocationId": "ZXhhbXBsZS1pbnZvY2F0aW9u",
                     "job": {"id": "3e9a5d17-c046-4b82-9f70-a1d8e6b2c354"},
                     "tasks": [{"taskId": "ZXhhbXBsZS10YXNr", "s3Key": "${key:url}", "s3VersionId": null,
                        "s3BucketArn": "${bucket-arn}"}]}
                    """;

            /** S3, "Event message structure", of a deletion. */
            static final String S3_DELETE = """
                    {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "${region}",
                     "eventTime": "2025-03-14T09:26:53.589Z", "eventName": "ObjectRemoved:Delete",
                     "userIdentity": {"principalId": "AWS:AIDAEXAMPLECLERK"},
                     "requestParameters": {"sourceIPAddress": "192.0.2.10"},
                     "responseElements": {"x-amz-request-id": "S3REQUEST0000042", "x-amz-id-2": "c2FtcGxlLWhvc3Q="},
                     "s3": {"s3SchemaVersion": "1.0", "configurationId": "photos",
                        "bucket": {"name": "${bucket}", "ownerIdentity": {"principalId": "A1EXAMPLEOWNER"},
                            "arn": "arn:${partition}:s3:::${bucket}"},
                        "object": {"key": "${key:url}", "sequencer": "0067D3F69D8E42C1A7"}}}]}
                    """;

            /** S3, "Event message structure", of an upload. */
            static final String S3_PUT = """
                    {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "${region}",
                     "eventTime": "2025-03-14T09:26:53.589Z", "eventName": "ObjectCreated:Put",
                     "userIdentity": {"principalId": "AWS:AIDAEXAMPLECLERK"},
                     "requestParameters": {"sourceIPAddress": "192.0.2.10"},
                     "responseElements": {"x-amz-request-id": "S3REQUEST0000042", "x-amz-id-2": "c2FtcGxlLWhvc3Q="},
                     "s3": {"s3SchemaVersion": "1.0", "configurationId": "photos",
                        "bucket": {"name": "${bucket}", "ownerIdentity": {"principalId": "A1EXAMPLEOWNER"},
                            "arn": "arn:${partition}:s3:::${bucket}"},
                        "object": {"key": "${key:url}", "size": 20480, "eTag": "b7a1e04c92d85f3660c4d81e7f25a93b",
                            "sequencer": "0067D3F69D8E42C1A7"}}}]}
                    """;

            /** Simple Email Service, "Sample incoming email event". */
            static final String SES = """
                    {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": {
                     "mail": {"timestamp": "2025-03-14T09:26:53.589Z", "source": "ada@example.com",
                        "messageId": "o3vrexamplemessage0000000000000000000042", "destination": ["shop@example.com"],
                        "headersTruncated": false, "headers": [
                            {"name": "Return-Path", "value": "<ada@example.com>"},
                            {"name": "Received",
                                "value": "from mail.example.com by inbound-smtp.${dns-suffix} for shop@example.com"},
                            {"name": "From", "value": "Ada <ada@example.com>"},
                            {"name": "To", "value": "shop@example.com"},
                            {"name": "Subject", "value": "Where is order 42?"}],
                        "commonHeaders": {"returnPath": "ada@example.com", "from": ["Ada <ada@example.com>"],
                            "date": "Fri, 14 Mar 2025 10:26:50 +0100", "to": ["shop@example.com"],
                            "messageId": "<42@mail.example.com>", "subject": "Where is order 42?"}},
                     "receipt": {"timestamp": "2025-03-14T09:26:53.589Z", "processingTimeMillis": 314,
                        "recipients": ["shop@example.com"], "spamVerdict": {"status": "PASS"},
                        "virusVerdict": {"status": "PASS"}, "spfVerdict": {"status": "PASS"},
                        "dkimVerdict": {"status": "PASS"}, "dmarcVerdict": {"status": "PASS"},
                        "action": {"type": "Lambda", "invocationType": "Event",
                            "functionArn": "arn:${partition}:lambda:${region}:${account-id}:function:inbox"}}}}]}
                    """;

            /** Lambda, "Invoking Lambda functions with Amazon SNS notifications". */
            static final String SNS = """
                    {"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn":
                        "arn:${partition}:sns:${region}:${account-id}:${topic}:a6d1f0c3-48b7-4e29-95fc-d27b80e3a614",
                     "Sns": {"Type": "Notification", "MessageId": "7b20e5d4-c813-5a9f-96e0-41f7d8a3c62b",
                        "TopicArn": "arn:${partition}:sns:${region}:${account-id}:${topic}",
                        "Subject": "${subject}", "Message": "${message}", "Timestamp": "2025-03-14T09:26:53.589Z",
                        "SignatureVersion": "1", "Signature": "RVhBTVBMRQ==",
                        "SigningCertUrl": "https://sns.${region}.amazonaws.com/SimpleNotificationService-EXAMPLE.pem",
                        "UnsubscribeUrl": "https://sns.${region}.amazonaws.com/?Action=Unsubscribe",
                        "MessageAttributes": {"priority": {"Type": "String", "Value": "high"},
                            "digest": {"Type": "Binary", "Value": "AQIDBA=="}}}}]}
                    """;

            /** Lambda, "Using Lambda with Amazon SQS". */
            static final String SQS = """
                    {"Records": [{"messageId": "e40c7a92-5d1b-4f86-b3a7-8d02f6c1e954",
                     "receiptHandle": "RVhBTVBMRS1SRUNFSVBU", "body": "${body}",
                     "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1741944413589",
                        "SenderId": "AIDAEXAMPLECLERK", "ApproximateFirstReceiveTimestamp": "1741944413601"},
                     "messageAttributes": {}, "md5OfBody": "${body:md5}", "eventSource": "aws:sqs",
                     "eventSourceARN": "arn:${partition}:sqs:${region}:${account-id}:${queue-name}",
                     "awsRegion": "${region}"}]}
                    """;

            /** Step Functions, "Handling errors in Step Functions workflows", what a catcher passes on. */
            static final String STEP_ERROR = """
                    {"Error": "${error}", "Cause": "${cause}"}
                    """;

            private Texts() {
            }
        }
    }

    // ---- InspectorPage: the page itself -----------------------------------------------------------------------------

    /**
     * The inspector's page: one document with nothing from elsewhere, so that it works without a network and under a
     * policy that lets nothing else in. Texts become elements' texts, never markup: what is shown is not to be trusted.
     */
    static final class InspectorPage {
        private static final String HTML = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>samlocal</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E
        %3Crect width='16' height='16' rx='4' fill='%230b62d6'/%3E
        %3Cpath d='M4 5l3 3-3 3M8.5 11H12' stroke='%23fff' stroke-width='1.7' fill='none'/%3E%3C/svg%3E">
        <style nonce="{nonce}">
        {style}
        </style>
        </head>
        <body>
        <a class="skip" href="#" id="skip">Skip to requests</a>
        <header>
          <h1>samlocal</h1>
          <p id="title"></p>
          <p id="status" class="state">connecting</p>
          <p id="said" role="status"></p>
        </header>
        <div id="broken" role="alert" hidden></div>
        <div class="frame">
          <nav aria-label="Routes and functions">
            <details id="targets" open>
              <summary>Routes and functions</summary>
              <div id="routes"></div>
            </details>
          </nav>
          <main id="requests" aria-label="Requests">
            <form class="bar" role="search" id="search">
              <label class="unseen" for="filter">Filter requests</label>
              <input id="filter" type="search" autocomplete="off" spellcheck="false" aria-describedby="hint"
                placeholder="Filter: path, status, body, log; -word excludes">
              <span class="unseen" id="hint">All words must be in a request, its bodies, event or log;
                press / to come here</span>
              <label class="check"><input id="failed" type="checkbox"> Failed</label>
              <span id="count"></span>
              <button type="button" id="clear">Clear</button>
            </form>
            <div class="scroll" id="scroll">
              <table>
                <caption class="unseen">The last requests, the newest first</caption>
                <thead><tr><th scope="col">Time</th><th scope="col">Method</th><th scope="col">Path</th>
                  <th scope="col">Status</th><th scope="col" class="number">Duration</th>
                  <th scope="col" class="wide">Function</th><th scope="col" class="wide">Notes</th></tr></thead>
                <tbody id="rows"></tbody>
              </table>
              <div id="empty" hidden></div>
            </div>
          </main>
          <section id="panel" aria-label="Details" hidden></section>
        </div>
        <script nonce="{nonce}">
        {script}
        </script>
        </body>
        </html>
        """;

        private static final String STYLE = """
        :root {
          color-scheme: light dark;
          --back: #fff; --side: #f6f7f9; --text: #1c2128; --dim: #59636e; --line: #dde1e6; --field: #8c959f;
          --link: #0b5cc4; --hover: #eef1f5; --chosen: #dcebff; --good: #18733a; --warn: #8a5a00; --bad: #b91c26;
          --badly: #fdecec; --key: #0b5cc4; --string: #18733a; --atom: #8250c4;
          --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --back: #16191d; --side: #1c2025; --text: #dfe3e8; --dim: #9aa4af; --line: #30363d; --field: #6b7580;
            --link: #74b0ff; --hover: #242a31; --chosen: #1d3557; --good: #5fcf80; --warn: #e0b050; --bad: #ff8a80;
            --badly: #3b2023; --key: #8cc0ff; --string: #8fd6a0; --atom: #c9a6ff;
          }
        }
        * { box-sizing: border-box }
        [hidden] { display: none !important }
        html, body { height: 100% }
        body {
          margin: 0; display: flex; flex-direction: column; background: var(--back); color: var(--text);
          font: .8125rem/1.45 system-ui, "Segoe UI", "Liberation Sans", sans-serif;
        }
        h1, h2, h3, p, ul { margin: 0; padding: 0; font-size: inherit }
        a { color: var(--link); text-decoration: none }
        a:hover { text-decoration: underline }
        :focus-visible { outline: 2px solid var(--link); outline-offset: 1px; border-radius: 3px }
        .unseen {
          position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
        }
        .skip {
          position: absolute; left: -99rem; top: .25rem; background: var(--back); padding: .3rem .6rem; z-index: 9;
        }
        .skip:focus { left: .25rem }
        code, pre, textarea, .mono { font-family: var(--mono); font-size: .75rem }

        header {
          display: flex; align-items: baseline; gap: .75rem; padding: .45rem .9rem;
          border-bottom: 1px solid var(--line);
          background: var(--side);
        }
        header h1 { font-weight: 650 }
        #title { color: var(--dim); overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
        .state { color: var(--dim) }
        .state::before {
          content: ""; display: inline-block; width: .5rem; height: .5rem; border-radius: 50%; margin-right: .35rem;
          background: var(--field);
        }
        .state.live::before { background: var(--good) }
        .state.lost { color: var(--bad) }
        .state.lost::before { background: var(--bad) }
        #said { margin-left: auto; color: var(--dim); white-space: nowrap; overflow: hidden; text-overflow: ellipsis }

        .frame { flex: 1; min-height: 0; display: grid; grid-template-columns: 17rem minmax(0, 1fr) }
        .open .frame { grid-template-columns: 17rem minmax(20rem, 5fr) minmax(0, 7fr) }
        nav { overflow: auto; border-right: 1px solid var(--line); background: var(--side); padding-bottom: 1rem }
        nav summary { display: none }
        nav h2 { font-weight: 600; color: var(--dim); padding: .7rem .9rem .2rem }
        nav h2 small { font-weight: 400; font-size: inherit }
        nav ul { list-style: none }
        nav a { display: flex; gap: .5rem; padding: .16rem .9rem; color: inherit; text-decoration: none }
        nav a:hover { background: var(--hover); text-decoration: none }
        nav a[aria-current] { background: var(--chosen) }
        nav .name { min-width: 0; overflow-wrap: anywhere }
        nav .off { color: var(--dim) }
        .method { font: 600 .6875rem/1.6 var(--mono); color: var(--dim); flex: none; width: 3.6rem }
        nav .method { text-align: right; width: 3.3rem }

        main { display: flex; flex-direction: column; min-width: 0; min-height: 0; container-type: inline-size }
        .bar {
          display: flex; align-items: center; gap: .6rem; padding: .4rem .6rem; border-bottom: 1px solid var(--line);
        }
        .bar input[type=search] { flex: 1; min-width: 4rem }
        .check { display: flex; align-items: center; gap: .3rem; white-space: nowrap }
        #count { color: var(--dim); white-space: nowrap; font-variant-numeric: tabular-nums }
        input:not([type=checkbox]), select, textarea, button, .button {
          font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 5px;
          padding: .22rem .5rem;
        }
        input:not([type=checkbox]), select, textarea { border-color: var(--field) }
        input.mono, textarea { font-family: var(--mono); font-size: .75rem }
        button, .button { background: var(--side); cursor: pointer; white-space: nowrap }
        button:hover, .button:hover { background: var(--hover); text-decoration: none }
        button.main { background: var(--link); border-color: var(--link); color: var(--back); font-weight: 600 }
        button.main:hover { filter: brightness(1.08) }
        button:disabled { opacity: .55; cursor: default }
        .scroll { overflow: auto; flex: 1; min-height: 0 }

        table { border-collapse: collapse; width: 100% }
        main table { table-layout: fixed }
        main th, main td {
          text-align: left; vertical-align: baseline; padding: .2rem .5rem; white-space: nowrap; overflow: hidden;
          text-overflow: ellipsis;
        }
        main thead th {
          position: sticky; top: 0; background: var(--back); font-weight: 500; color: var(--dim); z-index: 1;
          box-shadow: inset 0 -1px var(--line);
        }
        main th:nth-child(1) { width: 5rem } main th:nth-child(2) { width: 4.6rem }
        main th:nth-child(4) { width: 3.8rem } main th:nth-child(5) { width: 5rem }
        main th:nth-child(6) { width: 20% } main th:nth-child(7) { width: 28% }
        main tbody tr { border-bottom: 1px solid color-mix(in srgb, var(--line) 55%, transparent); cursor: pointer }
        main tbody tr:hover { background: var(--hover) }
        main tbody tr.chosen { background: var(--chosen) }
        main td a { color: inherit; font-family: var(--mono); font-size: .75rem }
        main td:nth-child(1), main td.wide { color: var(--dim) }
        main td:nth-child(1), .number { font-variant-numeric: tabular-nums }
        main .number { text-align: right }
        main td.wide.bad { color: var(--bad) } main td.wide.warn { color: var(--warn) }
        main td:has(a:focus-visible) { overflow: visible }
        main td a:focus-visible { outline-offset: 2px }
        @container (max-width: 46rem) { .wide { display: none } }
        @container (max-width: 25rem) {
          main th:nth-child(1), main td:nth-child(1) { display: none }
          main th:nth-child(4) { width: 3.8rem } main th:nth-child(5) { width: 4.6rem }
        }
        .good { color: var(--good) } .warn { color: var(--warn) } .bad { color: var(--bad) }
        .status { font-weight: 600; font-variant-numeric: tabular-nums }
        .tag {
          font-size: .6875rem; border: 1px solid var(--line); border-radius: 3px; padding: 0 .3rem; color: var(--dim);
          white-space: nowrap;
        }
        #empty { padding: 2rem 1rem; color: var(--dim); text-align: center }
        #empty code { user-select: all }

        #panel { overflow: auto; border-left: 1px solid var(--line); min-width: 0; outline: none }
        .head { padding: .6rem .9rem .5rem; position: relative }
        .head h2 { font: 600 .875rem/1.4 var(--mono); overflow-wrap: anywhere; padding-right: 2rem; outline: none }
        .head .facts { display: flex; flex-wrap: wrap; gap: .15rem .8rem; color: var(--dim); padding-top: .15rem }
        .close { position: absolute; right: .7rem; top: .5rem; border: 0; background: none; padding: .1rem .45rem }
        .close .back { display: none }
        .actions { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0 .9rem .6rem }
        [role=tablist] {
          display: flex; gap: .1rem; padding: 0 .6rem; border-bottom: 1px solid var(--line); position: sticky; top: 0;
          background: var(--back); z-index: 1; overflow-x: auto;
        }
        [role=tab] {
          border: 0; border-bottom: 2px solid transparent; border-radius: 0; background: none; padding: .35rem .55rem;
        }
        [role=tab][aria-selected=true] { border-color: var(--link); font-weight: 600 }
        [role=tab] small { color: var(--dim); font-size: .6875rem; font-weight: 400 }
        [role=tab].bad small { color: inherit }
        [role=tabpanel] { padding: .7rem .9rem 1.5rem; outline-offset: -3px }
        .part { display: flex; align-items: baseline; gap: .5rem; padding-bottom: .3rem }
        .part h3 { font-weight: 600 }
        .part small { color: var(--dim); font-size: inherit }
        .part .tools { margin-left: auto; display: flex; gap: .3rem }
        .part .tools > * { padding: .05rem .45rem; font-size: .75rem }
        pre {
          margin: 0 0 1rem; padding: .5rem .65rem; background: var(--side); border: 1px solid var(--line);
          border-radius: 5px; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; line-height: 1.5;
        }
        .k { color: var(--key) } .s { color: var(--string) } .a { color: var(--atom) }
        .none { color: var(--dim); padding-bottom: 1rem }
        table.heads { margin-bottom: 1rem; table-layout: auto }
        .heads th, .heads td {
          font: .75rem/1.5 var(--mono); text-align: left; vertical-align: top; padding: .05rem .6rem .05rem 0;
        }
        .heads th { color: var(--dim); font-weight: 400; white-space: nowrap }
        .heads td { overflow-wrap: anywhere; width: 100% }
        .problem { margin-bottom: 1rem }
        .problem p { overflow-wrap: anywhere }
        .problem .what { color: var(--bad); font-weight: 600 }
        .excerpt { white-space: pre; overflow-x: auto; padding: .4rem 0 }
        .excerpt span { display: block; padding: 0 .65rem; min-width: max-content }
        .excerpt .here { background: var(--badly) }
        .excerpt i { font-style: normal; color: var(--dim); user-select: none }
        .excerpt .here i { color: var(--bad); font-weight: 700 }
        .caret { color: var(--bad); font-weight: 700 }

        .ask { padding: 0 .9rem 1rem; display: grid; grid-template-columns: minmax(0, 1fr); gap: .6rem }
        .ask label { display: grid; gap: .2rem }
        .ask label > span, .ask legend { color: var(--dim) }
        .ask label > span b { color: inherit; font-weight: 600 }
        .ask textarea {
          width: 100%; resize: vertical; field-sizing: content; min-height: 2.6rem; max-height: 24rem; line-height: 1.5;
        }
        .ask textarea.tall { min-height: 12rem; max-height: 30rem }
        .ask fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: .35rem }
        .ask fieldset label { grid-template-columns: minmax(5rem, 9rem) 1fr; align-items: center }
        .ask .line { display: flex; flex-wrap: wrap; gap: .5rem; align-items: end }
        .ask select { max-width: 100% }
        .ask output { font: .75rem/1.5 var(--mono); color: var(--dim); overflow-wrap: anywhere }
        .ask .error { color: var(--bad) }
        .result { border-top: 1px solid var(--line) }
        #broken {
          padding: .5rem .9rem; background: var(--badly); border-bottom: 1px solid var(--line); max-height: 40vh;
          overflow: auto;
        }
        #broken pre { margin-bottom: 0 }

        @media (max-width: 62rem) {
          .frame, .open .frame { grid-template-columns: minmax(0, 1fr); grid-template-rows: auto minmax(0, 1fr) }
          nav { border-right: 0; border-bottom: 1px solid var(--line); max-height: 45vh; padding: 0 }
          nav summary { display: list-item; padding: .4rem .9rem; cursor: pointer; color: var(--dim) }
          nav details[open] { padding-bottom: .5rem }
          .open nav, .open main { display: none }
          .open .frame { grid-template-rows: minmax(0, 1fr) }
          #panel { border-left: 0 }
          .close { position: static; display: block; padding-left: 0; color: var(--link) }
          .close .back { display: inline } .close .x { display: none }
          .head h2 { padding-right: 0 }
        }
        @media (max-width: 30rem) {
          header { flex-wrap: wrap; gap: .1rem .6rem; padding: .4rem .6rem }
          #said:empty { display: none }
          #said { margin-left: 0 }
          .bar { flex-wrap: wrap }
          .bar input[type=search] { flex-basis: 100% }
          #count { margin-left: auto }
          [role=tablist] { flex-wrap: wrap; position: static }
          pre { tab-size: 2 }
          .ask fieldset label { grid-template-columns: 1fr }
        }
        @media (prefers-reduced-motion: no-preference) {
          main tbody tr.new { animation: new 1.2s }
          @keyframes new { from { background: var(--chosen) } }
        }
        """;

        private static final String SCRIPT = """
        'use strict';
        const $ = id => document.getElementById(id);
        const narrow = matchMedia('(max-width: 62rem)');
        let project = {routes: [], functions: [], samples: [], problems: [], address: location.origin};
        let rows = new Map(), drafts = new Map(), tab = 'response', process = null, shown = null;

        // ---- elements and words

        /** An element: properties (class, on…, data) and children; texts are texts, never markup. */
        function el(name, properties, ...children) {
          const element = document.createElement(name);
          for (const [key, value] of Object.entries(properties || {})) {
            if (value == null || value === false) continue;
            if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
            else if (key === 'value') element.value = value;
            else element.setAttribute(key, value === true ? '' : value);
          }
          element.append(...children.flat(Infinity).filter(child => child != null && child !== ''));
          return element;
        }
        const say = text => { $('said').textContent = ''; setTimeout(() => $('said').textContent = text, 30) };
        const count = (number, noun) => number + ' ' + noun + (number === 1 ? '' : 's');
        const time = millis => new Date(millis).toLocaleTimeString([], {hour12: false});
        const duration = millis => millis < 10 ? millis.toFixed(1) + ' ms'
          : millis < 1000 ? Math.round(millis) + ' ms' : (millis / 1000).toFixed(2) + ' s';
        const size = bytes => bytes < 1024 ? bytes + ' B'
          : bytes < 1048576 ? (bytes / 1024).toFixed(1) + ' KB' : (bytes / 1048576).toFixed(1) + ' MB';
        const tone = row => row.status >= 500 || row.failed && row.status < 400 ? 'bad' : row.status >= 400 ? 'warn'
          : row.status < 300 ? 'good' : '';
        const isCall = row => row.kind !== 'request';
        const name = row => isCall(row) ? row.function : row.path;
        const verb = row => isCall(row) ? row.kind : row.method;

        // ---- the server

        async function ask(path, body) {
          const options = body === undefined ? {} : {method: 'POST', body: JSON.stringify(body),
            headers: {'X-Samlocal-Inspector': '1', 'Content-Type': 'application/json'}};
          const response = await fetch('api/' + path, options);
          const answer = await response.json();
          if (!response.ok) throw new Error(answer.message || 'status ' + response.status);
          return answer;
        }

        async function attempt(work) {
          try { return await work() } catch (error) { say(error.message); return null }
        }

        function listen() {
          const live = new EventSource('api/live');
          const state = (text, type) => { $('status').textContent = text; $('status').className = 'state ' + type };
          live.addEventListener('hello', event => {
            state('live', 'live');
            process = JSON.parse(event.data).process;
            loadProject();
            loadRows();
          });
          live.addEventListener('news', event => news(JSON.parse(event.data)));
          live.addEventListener('busy', () => {
            live.close();
            state('too many pages are open: reload to see more', 'lost');
          });
          live.onerror = () => state('no server, trying again', 'lost');
        }

        function news(data) {
          if (data.revision !== project.revision) loadProject();
          for (const number of rows.keys()) if (number < data.first) rows.delete(number);
          if (filters()) return loadRows();
          data.requests.forEach(row => rows.set(row.number, row));
          showRows(data.requests.map(row => row.number));
          const last = data.requests[data.requests.length - 1];
          if (last) say(data.requests.length > 1 ? count(data.requests.length, 'new request')
            : verb(last) + ' ' + name(last) + ' ' + last.status + ', ' + duration(last.millis));
        }

        async function loadProject() {
          const found = await attempt(() => ask('project'));
          if (!found) return;
          project = found;
          showProject();
          if (/^#(call|invoke)/.test(location.hash) && !$('panel').contains(document.activeElement)) route();
        }

        async function loadRows() {
          const query = '?q=' + encodeURIComponent($('filter').value) + ($('failed').checked ? '&errors=1' : '');
          const found = await attempt(() => ask('requests' + query));
          if (!found) return;
          rows = new Map(found.requests.reverse().map(row => [row.number, row]));
          showRows([]);
        }
        const filters = () => $('filter').value.trim() || $('failed').checked;

        // ---- routes and functions

        const key = route => encodeURIComponent(route.api + ' ' + route.method + ' ' + route.path);

        function showProject() {
          document.title = 'samlocal – ' + project.title;
          $('title').textContent = project.title;
          $('title').title = project.address;
          const apis = new Map();
          project.routes.forEach(route => apis.set(route.api, [...apis.get(route.api) || [], route]));
          const lists = [...apis].map(([api, routes]) => [
            el('h2', {}, apis.size > 1 ? api : 'Routes', ' ', el('small', {}, routes[0].type)),
            el('ul', {}, routes.map(route => el('li', {}, el('a', {href: '#call/' + key(route),
              title: route.method + ' ' + route.path + '  ' + route.function},
              el('span', {class: 'method'}, route.method), el('span', {class: 'name'}, route.path)))))]);
          const functions = el('ul', {}, project.functions.map(each => el('li', {}, el('a',
            {href: '#invoke/' + encodeURIComponent(each.id), title: each.handler},
            el('span', {class: 'method'}, 'call'),
            el('span', {class: each.obstacle ? 'name off' : 'name'}, each.id)))));
          $('routes').replaceChildren(...lists.flat(), el('h2', {}, 'Functions'),
            project.functions.length ? functions : el('p', {class: 'none'}, 'none'));
          $('broken').hidden = !project.problems.length;
          const words = 'The template as it is saved has a fault; what it last said is served.';
          $('broken').replaceChildren(el('p', {}, words), ...project.problems.map(problem));
          mark();
          showEmpty();
        }

        // ---- the list of requests

        function line(row, isNew) {
          return el('tr', {class: isNew ? 'new' : null, 'data-number': row.number},
            el('td', {}, time(row.time)),
            el('td', {class: 'mono'}, verb(row)),
            el('td', {title: name(row)}, el('a', {href: '#requests/' + row.number}, name(row))),
            el('td', {class: 'status ' + tone(row)}, String(row.status)),
            el('td', {class: 'number'}, duration(row.millis)),
            el('td', {class: 'wide', title: row.function}, row.function),
            el('td', {class: 'wide ' + (row.failed ? tone(row) : ''), title: row.notes.join('\\n')},
              row.notes.join(', ')));
        }

        /** Keeps the rows that are there: one of them may have the focus. */
        function showRows(fresh) {
          const body = $('rows'), known = new Map([...body.rows].map(row => [Number(row.dataset.number), row]));
          const numbers = [...rows.keys()].sort((a, b) => b - a);
          known.forEach((row, number) => { if (!rows.has(number)) row.remove() });
          let next = body.firstElementChild;
          for (const number of numbers) {
            if (next && Number(next.dataset.number) === number) { next = next.nextElementSibling; continue }
            body.insertBefore(known.get(number) || line(rows.get(number), fresh.includes(number)), next);
          }
          $('count').textContent = count(numbers.length, filters() ? 'match' : 'request').replace('matchs', 'matches');
          mark();
          showEmpty();
        }

        function showEmpty() {
          $('empty').hidden = rows.size > 0;
          $('empty').replaceChildren(...filters() ? ['Nothing fits the filter.']
            : ['No requests yet. Choose a route, or send one to ', el('code', {}, project.address)]);
        }

        /** Shows which request, route or function the panel is about. */
        function mark() {
          const number = (location.hash.match(/^#requests\\/(\\d+)/) || [])[1];
          for (const row of $('rows').rows) {
            const isChosen = row.dataset.number === number;
            row.classList.toggle('chosen', isChosen);
            row.querySelector('a').toggleAttribute('aria-current', isChosen);
          }
          document.querySelectorAll('nav a').forEach(link => {
            if (link.getAttribute('href') === location.hash) link.setAttribute('aria-current', 'page');
            else link.removeAttribute('aria-current');
          });
        }

        $('rows').addEventListener('click', event => {
          const row = event.target.closest('tr');
          const isMeant = row && !event.target.closest('a') && !String(getSelection());
          if (isMeant) location.hash = 'requests/' + row.dataset.number;
        });

        $('rows').addEventListener('keydown', event => {
          const row = event.target.closest('tr'), all = $('rows').rows;
          const to = {ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: all[0],
            End: all[all.length - 1]}[event.key];
          if (!to || event.altKey || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          to.querySelector('a').focus();
          to.scrollIntoView({block: 'nearest'});
          if (/^#requests/.test(location.hash)) location.replace('#requests/' + to.dataset.number);
        });

        let typing;
        $('filter').addEventListener('input', () => { clearTimeout(typing); typing = setTimeout(loadRows, 120) });
        $('failed').addEventListener('change', loadRows);
        $('search').addEventListener('submit', event => { event.preventDefault(); loadRows() });
        $('clear').addEventListener('click', async () => {
          await attempt(() => ask('clear', {}));
          loadRows();
          say('cleared');
        });
        $('skip').addEventListener('click', event => {
          event.preventDefault();
          ($('rows').querySelector('a') || $('filter')).focus();
        });

        document.addEventListener('keydown', event => {
          const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
          if (event.key === '/' && !isTyping) { event.preventDefault(); $('filter').focus() }
          if (event.key === 'Escape' && document.body.classList.contains('open') && !isTyping) close();
        });

        function close() {
          const before = location.hash;
          location.hash = '';
          const number = (before.match(/^#requests\\/(\\d+)/) || [])[1];
          const row = number ? $('rows').querySelector('[data-number="' + number + '"] a')
            : document.querySelector('nav a[href="' + CSS.escape(before) + '"]');
          setTimeout(() => (row || $('filter')).focus());
        }

        // ---- the panel

        function open(...children) {
          document.body.classList.add('open');
          $('panel').hidden = false;
          $('panel').replaceChildren(...children);
          $('panel').scrollTop = 0;
        }

        function head(title, ...facts) {
          return el('div', {class: 'head'},
            el('button', {type: 'button', class: 'close', onclick: close, 'aria-label': 'Back to the requests'},
              el('span', {class: 'back'}, '← Requests'), el('span', {class: 'x', 'aria-hidden': 'true'}, '✕')),
            el('h2', {tabindex: -1}, title), el('p', {class: 'facts'}, facts));
        }

        async function route() {
          const [kind, what, more] = location.hash.slice(1).split('/');
          mark();
          shown = location.hash;
          if (kind === 'requests') return showRequest(Number(what));
          if (kind === 'edit') return edit(Number(what));
          if (kind === 'call') {
            const found = project.routes.find(each => key(each) === what);
            if (found) return showForm(call(found));
          }
          if (kind === 'invoke') {
            const found = project.functions.find(each => encodeURIComponent(each.id) === what);
            if (found) return showForm(invoke(found, more));
          }
          document.body.classList.remove('open');
          $('panel').hidden = true;
        }

        async function showRequest(number) {
          const wanted = location.hash;
          const isOpen = document.body.classList.contains('open');
          const row = await attempt(() => ask('requests/' + number));
          if (location.hash !== wanted) return;
          if (!row) return open(head('Request ' + number), el('p', {class: 'ask none'}, 'It is no longer kept.'));
          open(...detail(row, head(verb(row) + ' ' + name(row), facts(row))));
          if (narrow.matches && !isOpen) $('panel').querySelector('h2').focus();
        }

        function facts(row) {
          const cold = row.cold ? 'cold start, ' + duration(row.invoked.initMillis) : 'warm';
          return [el('span', {class: 'status ' + tone(row)}, String(row.status)), el('span', {}, duration(row.millis)),
            el('span', {}, time(row.time)), row.function !== '-' && !isCall(row) ? el('span', {}, row.function) : '',
            row.cold == null ? '' : el('span', {class: 'tag'}, cold),
            ...row.notes.filter(note => note !== 'cold start').map(note => el('span', {}, note))];
        }

        /** The panel's content for a request: what can be done with it, and its parts. */
        function detail(row, title) {
          const of = row.invoked, fails = row.problems.length || of && of.trace;
          const link = (text, href, more) => el('a', {class: 'button', href, ...more}, text);
          const button = (text, onclick) => el('button', {type: 'button', onclick}, text);
          const actions = el('div', {class: 'actions'},
            row.body.isCut ? '' : button('Replay', () => replay(row.number)),
            isCall(row) ? '' : link('Edit and replay', '#edit/' + row.number),
            of ? link(isCall(row) ? 'Edit and call again' : 'Call with this event',
              '#invoke/' + encodeURIComponent(row.function) + '/' + row.number) : '',
            row.curl ? button('Copy as curl', () => copy(row.curl, 'curl command')) : '',
            of && !of.event.isCut ? link('Save event', 'api/requests/' + row.number + '/event', {download: true,
              title: 'a file for: samlocal invoke ' + row.function + ' --event FILE'}) : '');
          const parts = [
            fails ? ['error', 'Error', null, () => error(row)] : null,
            ['response', 'Response', row.response.length > 0 ? size(row.response.length) : null,
              () => message(row, row.responseHeaders, row.response, 'response')],
            of ? ['event', 'Event', size(of.event.length), () => content(row, of.event, 'event')] : null,
            of ? ['answer', 'Answer', of.answer.length > 0 ? size(of.answer.length) : null,
              () => content(row, of.answer, 'answer')] : null,
            of ? ['log', 'Log', of.log ? count(lines(of.log).length, 'line') : null, () => log(row)] : null,
            ['request', 'Request', row.body.length > 0 ? size(row.body.length) : null,
              () => message(row, row.headers, row.body, 'body')]].filter(Boolean);
          return [title, actions, ...tabs(parts, fails ? 'error' : tab)];
        }

        async function replay(number) {
          const sent = await attempt(() => ask('requests/' + number + '/replay', {}));
          if (sent) location.hash = 'requests/' + sent.number;
        }

        async function copy(text, what) {
          try {
            await navigator.clipboard.writeText(text);
            say(what + ' copied');
          } catch (error) {
            say('the browser does not let the page copy');
          }
        }

        /** Tabs as in the ARIA Authoring Practices: arrows move between them, the panel is next. */
        function tabs(parts, wanted) {
          const panel = el('div', {role: 'tabpanel', id: 'part', tabindex: 0});
          const list = el('div', {role: 'tablist', 'aria-label': 'Parts of the request'});
          const choose = (id, byHand) => {
            const part = parts.find(each => each[0] === id) || parts[0];
            if (byHand) tab = part[0];
            for (const each of list.children) {
              const isChosen = each.id === 'tab-' + part[0];
              each.setAttribute('aria-selected', isChosen);
              each.tabIndex = isChosen ? 0 : -1;
            }
            panel.setAttribute('aria-labelledby', 'tab-' + part[0]);
            panel.replaceChildren(...[part[3]()].flat().filter(Boolean));
          };
          for (const [id, title, note] of parts) {
            list.append(el('button', {type: 'button', role: 'tab', id: 'tab-' + id, 'aria-controls': 'part',
              class: id === 'error' ? 'bad' : null, onclick: () => choose(id, true)},
              title, note ? el('small', {}, ' ' + note) : ''));
          }
          list.addEventListener('keydown', event => {
            const all = [...list.children], at = all.indexOf(document.activeElement);
            const to = {ArrowRight: all[(at + 1) % all.length], ArrowLeft: all[(at + all.length - 1) % all.length],
              Home: all[0], End: all[all.length - 1]}[event.key];
            if (!to) return;
            event.preventDefault();
            to.focus();
            to.click();
          });
          choose(wanted, false);
          return [list, panel];
        }

        function message(row, headers, body, part) {
          const first = part === 'body' ? row.method + ' ' + row.path + ' ' + row.protocol : 'Status ' + row.status;
          return [el('div', {class: 'part'}, el('h3', {class: 'mono'}, first)),
            el('table', {class: 'heads'}, el('tbody', {}, headers.map(([key, value]) =>
              el('tr', {}, el('th', {scope: 'row'}, key), el('td', {}, value))))),
            content(row, body, part)].flat();
        }

        function content(row, kept, part) {
          const title = {body: 'Body', response: 'Body', event: 'Event', answer: 'Answer of the handler'}[part];
          const none = text => [el('p', {class: 'none'}, text)];
          if (kept.length === 0) return none(part === 'answer' ? 'The handler gave no answer.' : 'No body.');
          if (kept.isCut && !kept.text && !kept.hex) return none(size(kept.length) + ' of a file, not kept.');
          const json = kept.text == null || kept.isCut ? null : pretty(kept.text);
          const text = json ? json.textContent : kept.text;
          const tools = el('span', {class: 'tools'},
            text == null ? '' : el('button', {type: 'button', onclick: () => copy(text, title.toLowerCase())}, 'Copy'),
            kept.isCut ? '' : el('a', {class: 'button', download: true,
              href: 'api/requests/' + row.number + '/' + part}, 'Save'));
          const note = (kept.text == null ? 'not text' : json ? 'JSON' : 'text') + ', ' + size(kept.length)
            + (kept.isCut ? ', of which the first 256 KB are kept' : '');
          return [el('div', {class: 'part'}, el('h3', {}, title), el('small', {}, note), tools),
            el('pre', {tabindex: 0, 'aria-label': title}, json || (text == null ? kept.hex + ' …' : text))];
        }

        function log(row) {
          const of = row.invoked;
          if (!of.log) return el('p', {class: 'none'}, 'The function printed nothing.');
          return [el('div', {class: 'part'}, el('h3', {}, 'Log'),
            el('small', {}, of.isLogCut ? 'the newest of it, ' : '', 'request id ' + of.requestId),
            el('span', {class: 'tools'}, el('button', {type: 'button', onclick: () => copy(of.log, 'log')}, 'Copy'))),
            el('pre', {tabindex: 0, 'aria-label': 'Log'}, of.log)];
        }

        function error(row) {
          const trace = row.invoked && row.invoked.trace.replace(/^ *-->.*\\n/, '');
          return [...row.problems.map(problem),
            trace ? el('pre', {tabindex: 0, 'aria-label': 'Stack trace'}, trace) : null];
        }

        /** A fault, its place in the source, and what helps. */
        function problem(each) {
          const lines = (each.lines || []).map((text, i) => {
            const number = each.first + i, isHere = number === each.line;
            const gutter = String(number).padStart(String(each.first + each.lines.length).length) + '  ';
            return [el('span', {class: isHere ? 'here' : null}, el('i', {}, gutter), text || ' '),
              isHere && each.caret ? el('span', {class: 'caret'}, ' '.repeat(gutter.length) + each.caret) : null];
          }).flat().filter(Boolean);
          return el('div', {class: 'problem'}, el('p', {class: 'what'}, each.message),
            each.place ? el('p', {class: 'mono'}, each.place, each.isChanged ? ' (changed since)' : '') : null,
            lines.length ? el('pre', {class: 'excerpt', tabindex: 0, 'aria-label': 'Source'}, lines) : null,
            each.hint ? el('p', {}, 'help: ' + each.hint) : null);
        }

        /** Whether an array has but plain values, and few. */
        function isShort(tokens, at) {
          let length = 0;
          for (let i = at + 1; length < 70 && i < tokens.length; i++) {
            if (tokens[i] === ']') return true;
            if (tokens[i] === '{' || tokens[i] === '[') return false;
            length += tokens[i].length + 1;
          }
          return false;
        }

        /** JSON laid out with its own numbers and texts, as coloured elements; null for what is no JSON. */
        function pretty(text) {
          try { JSON.parse(text) } catch (error) { return null }
          const result = el('code', {});
          const tokens = text.match(/"(?:\\\\.|[^"\\\\])*"|[{}[\\],:]|[^\\s{}[\\],:"]+/g) || [];
          const isColoured = text.length < 200000;
          let plain = '', depth = 0, isInline = false;
          const add = (token, type) => {
            if (!isColoured) { plain += token; return }
            result.append(plain, el('span', {class: type}, token));
            plain = '';
          };
          tokens.forEach((token, i) => {
            const next = tokens[i + 1], before = tokens[i - 1];
            if (token === '[' && isShort(tokens, i)) isInline = true;
            if (isInline && token === '[') plain += token;
            else if (isInline && token === ']') { plain += token; isInline = false }
            else if (isInline && token === ',') plain += ', ';
            else if (token === '{' || token === '[') {
              const isEmpty = next === '}' || next === ']';
              plain += token + (isEmpty ? '' : '\\n' + '  '.repeat(++depth));
            } else if (token === '}' || token === ']') {
              plain += (before === '{' || before === '[' ? '' : '\\n' + '  '.repeat(--depth)) + token;
            } else if (token === ',') plain += ',\\n' + '  '.repeat(depth);
            else if (token === ':') plain += ': ';
            else add(token, token[0] !== '"' ? 'a' : next === ':' ? 'k' : 's');
          });
          result.append(plain);
          return result;
        }

        // ---- forms

        function showForm(parts) {
          const isOpen = document.body.classList.contains('open');
          open(...parts);
          const first = $('panel').querySelector(narrow.matches ? 'h2' : 'input, textarea');
          if (!isOpen || document.activeElement === document.body) first.focus();
        }

        /** What was typed, kept for as long as the page is. */
        function draft(id, initial) {
          if (!drafts.has(id)) drafts.set(id, initial);
          return drafts.get(id);
        }

        function field(values, name, label, properties = {}, tag = 'input') {
          const input = el(tag, {value: values[name], autocomplete: 'off', spellcheck: 'false', class: 'mono',
            ...properties, oninput: event => {
              values[name] = event.target.value;
              if (values.changed) values.changed();
            }});
          return el('label', {}, el('span', {}, label), input);
        }

        function area(values, name, label, properties = {}) {
          return field(values, name, label, {rows: 2, ...properties}, 'textarea');
        }

        const lines = text => text.split('\\n').map(line => line.trim()).filter(Boolean);
        const pairs = (text, mark) => lines(text).map(line => {
          const at = line.indexOf(mark);
          return at < 0 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
        });

        function call(of) {
          const needed = part => of.needs.filter(each => each.startsWith(part + '.'))
            .map(each => each.slice(part.length + 1));
          const initial = {method: of.method === 'ANY' ? 'GET' : of.method, rest: '',
            query: needed('querystring').map(each => each + '=').join('\\n'),
            headers: needed('header').map(each => each + ': ').join('\\n'), body: ''};
          of.parameters.forEach(each => initial['{' + each] = '');
          const values = draft('call/' + key(of), initial), isDefault = /\\$default$/.test(of.path);
          const path = () => {
            const filled = of.path.replace(/\\{([^{}]+)\\}/g, (all, each) => values['{' + each] === '' ? all
              : /\\+$/.test(each) ? encodeURI(values['{' + each]) : encodeURIComponent(values['{' + each]));
            const query = pairs(values.query, '=').map(pair => pair.map(encodeURIComponent).join('=')).join('&');
            return (isDefault ? '/' + encodeURI(values.rest.replace(/^\\//, '')) : filled) + (query ? '?' + query : '');
          };
          const inPath = of.parameters.map(each =>
            field(values, '{' + each, each.replace(/\\+$/, ''), {required: true}));
          const fields = [inPath.length ? el('fieldset', {}, el('legend', {}, 'Path'), inPath) : null,
            isDefault ? field(values, 'rest', 'Path', {placeholder: '/'}) : null,
            area(values, 'query', 'Query, one name=value a line')];
          const host = of.host ? [['Host', of.host]] : [];
          const facts = [of.function === '-' ? of.handler : of.function, of.api, of.place];
          return form(of.method + ' ' + of.path, facts, values, of.method === 'ANY', fields, path, host);
        }

        /** The form of one request; {@code path} makes its path, with the query. */
        function form(title, facts, values, hasMethod, fields, path, host, bodyOf) {
          const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
          if (!methods.includes(values.method)) methods.unshift(values.method);
          const url = el('output', {}), result = el('div', {class: 'result', hidden: true});
          const server = host.length ? project.address.replace(/\\/\\/.*/, '//' + host[0][1]) : project.address;
          values.changed = () => url.textContent = values.method + ' ' + server + path();
          values.changed();
          const send = () => perform(result, {method: values.method, path: path(),
            headers: [...host, ...pairs(values.headers, ':')], ...bodyOf ? {bodyOf} : {body: values.body}});
          const body = area(values, 'body', 'Body', {class: 'mono'});
          return [head(title, facts.filter(Boolean).map(each => el('span', {}, each))), submits(send,
            hasMethod ? el('label', {}, el('span', {}, 'Method'), el('select', {onchange: event => {
              values.method = event.target.value;
              values.changed();
            }}, methods.map(each => el('option', {selected: each === values.method}, each)))) : null,
            ...fields, area(values, 'headers', 'Headers, one Name: value a line'),
            bodyOf ? el('p', {class: 'none'}, 'The body is no text: that of request ' + bodyOf + ' is sent as it was.')
              : body,
            url, el('div', {class: 'line'}, el('button', {class: 'main'}, 'Send'))), result];
        }

        /** A form that is sent by its button, Enter in a field, or Ctrl+Enter anywhere. */
        function submits(send, ...children) {
          const button = form => form.querySelector('button.main');
          const element = el('form', {class: 'ask', onsubmit: async event => {
            event.preventDefault();
            button(element).disabled = true;
            await send();
            button(element).disabled = false;
          }, onkeydown: event => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) element.requestSubmit(button(element));
          }}, children);
          return element;
        }

        async function perform(result, request) {
          const wanted = shown;
          const show = (...children) => { result.hidden = false; result.replaceChildren(...children) };
          try {
            const sent = await ask('send', request);
            const row = await ask('requests/' + sent.number);
            if (shown !== wanted) return;
            const title = el('a', {href: '#requests/' + row.number}, 'Request ' + row.number);
            tab = 'response';
            show(...detail(row, el('div', {class: 'head'}, el('h2', {}, title),
              el('p', {class: 'facts'}, facts(row)))));
            say('status ' + row.status + ', ' + duration(row.millis));
            result.scrollIntoView({block: 'nearest'});
          } catch (error) {
            show(el('p', {class: 'ask error', role: 'alert'}, error.message));
          }
        }

        async function edit(number) {
          const wanted = location.hash;
          const row = await attempt(() => ask('requests/' + number));
          if (location.hash !== wanted) return;
          if (!row) return showRequest(number);
          const own = ['Content-Length', 'Host'];
          const usual = project.address.split('//')[1];
          const host = row.headers.filter(([key, value]) => key === 'Host' && value !== usual);
          const values = draft(location.hash.slice(1), {method: row.method, path: row.path, body: row.body.text || '',
            headers: row.headers.filter(([key]) => !own.includes(key)).map(pair => pair.join(': ')).join('\\n')});
          const isText = row.body.text != null && !row.body.isCut;
          const path = field(values, 'path', 'Path and query');
          showForm(form('Edit request ' + number, [row.function], values, true, [path], () => values.path, host,
            row.body.length && !isText ? number : 0));
        }

        /** A function called without any API, with an event: a sample, that of a request, or whatever is typed. */
        function invoke(of, number) {
          const values = draft('invoke/' + of.id + '/' + (number || ''),
            {event: number ? '' : '{}', type: 'RequestResponse'});
          const event = area(values, 'event', 'Event', {class: 'mono tall', rows: 12, 'aria-describedby': 'fault'});
          const input = event.querySelector('textarea');
          const fault = el('p', {class: 'error', id: 'fault', role: 'alert'});
          const fill = text => {
            const json = pretty(text);
            input.value = values.event = json ? json.textContent : text;
          };
          const services = [...new Set(project.samples.map(each => each.service))];
          const samples = el('select', {onchange: async event => {
            const [service, type] = event.target.value.split(' ');
            if (!service) return;
            const query = '?service=' + encodeURIComponent(service) + '&type=' + encodeURIComponent(type);
            const found = await attempt(() => ask('sample' + query));
            if (found) fill(JSON.stringify(found));
          }}, el('option', {value: ''}, 'a sample event…'), services.map(service => el('optgroup', {label: service},
            project.samples.filter(each => each.service === service).map(each =>
              el('option', {value: service + ' ' + each.type, title: each.description}, service + ' ' + each.type)))));
          const way = el('select', {onchange: event => values.type = event.target.value},
            [['RequestResponse', 'wait for the answer'], ['Event', 'do not wait']].map(([value, text]) =>
              el('option', {value, selected: value === values.type}, text)));
          if (number && !values.event) attempt(async () => {
            const row = await ask('requests/' + number);
            if (row.invoked && row.invoked.event.text != null) fill(row.invoked.event.text);
          });
          const result = el('div', {class: 'result', hidden: true});
          const send = async () => {
            fault.textContent = '';
            try {
              JSON.parse(values.event || '{}');
            } catch (error) {
              fault.textContent = error.message;
              input.focus();
              return;
            }
            await perform(result, {method: 'POST', body: values.event,
              headers: [['Content-Type', 'application/json'], ['X-Amz-Invocation-Type', values.type]],
              path: '/2015-03-31/functions/' + encodeURIComponent(of.id) + '/invocations'});
          };
          return [head('call ' + of.id, el('span', {}, of.handler), el('span', {}, of.runtime),
            of.obstacle ? el('span', {class: 'warn'}, of.obstacle) : ''),
            submits(send, el('div', {class: 'line'}, el('label', {}, el('span', {}, 'Start from'), samples),
              el('label', {}, el('span', {}, 'Invocation'), way)), event, fault,
            el('div', {class: 'line'}, el('button', {class: 'main'}, 'Call'))), result];
        }

        const fold = () => $('targets').open = !narrow.matches;
        narrow.addEventListener('change', fold);
        fold();
        addEventListener('hashchange', route);
        addEventListener('focus', loadProject);
        loadProject().then(route);
        listen();
        """;

        private InspectorPage() {
        }

        /** The page; styles and script have the nonce that its policy names. */
        static String of(String nonce) {
            return HTML.replace("{nonce}", nonce).replace("{style}", STYLE).replace("{script}", SCRIPT);
        }
    }

    // ---- Json: text to plain values and back -----------------------------------------------------------------------

    /** JSON as {@code Map}, {@code List}, {@code String}, {@code Number}, {@code Boolean} and null, in their order. */
    static final class Json {
        private Json() {
        }

        /** What keeps a payload from being JSON; nothing at all is allowed. */
        static Optional<String> faultIn(byte[] body) {
            if (body.length == 0) return Optional.empty();
            try {
                read(UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
                return Optional.empty();
            } catch (CharacterCodingException e) {
                return Optional.of("it is not UTF-8 text");
            } catch (IOException e) {
                return Optional.of(Fault.reason(e));
            }
        }

        /**
         * Reads one JSON document, strictly by RFC 8259.
         *
         * @throws IOException if it is not one; the message says where
         */
        static Object read(String text) throws IOException {
            try (JsonReader reader = new JsonReader(new StringReader(text))) {
                reader.setStrictness(Strictness.STRICT);
                Object value = value(reader);
                if (reader.peek() != JsonToken.END_DOCUMENT) throw new IOException("more follows after the JSON value");
                return value;
            } catch (MalformedJsonException e) {
                throw new IOException("malformed at " + e.getMessage()
                        .replaceFirst("(?s).*? at (line .*?) path.*", "$1"), e);
            } catch (EOFException | IllegalStateException | NumberFormatException e) {
                throw new IOException(e.getMessage().lines().findFirst().orElse(""), e);
            }
        }

        /** Tells whether a text is one JSON object. */
        static boolean isObject(String text) {
            if (!text.stripLeading().startsWith("{")) return false;
            try (JsonReader reader = new JsonReader(new StringReader(text))) {
                reader.setStrictness(Strictness.STRICT);
                reader.skipValue();
                return reader.peek() == JsonToken.END_DOCUMENT;
            } catch (IOException e) {
                return false;
            }
        }

        private static Object value(JsonReader reader) throws IOException {
            switch (reader.peek()) {
                case BEGIN_OBJECT: return object(reader);
                case BEGIN_ARRAY: return array(reader);
                case STRING: return reader.nextString();
                case BOOLEAN: return reader.nextBoolean();
                case NUMBER: return number(reader.nextString());
                default: reader.nextNull(); return null;
            }
        }

        private static Map<String, Object> object(JsonReader reader) throws IOException {
            Map<String, Object> object = new LinkedHashMap<>();
            reader.beginObject();
            while (reader.hasNext()) object.put(reader.nextName(), value(reader));
            reader.endObject();
            return object;
        }

        private static List<Object> array(JsonReader reader) throws IOException {
            List<Object> array = new ArrayList<>();
            reader.beginArray();
            while (reader.hasNext()) array.add(value(reader));
            reader.endArray();
            return array;
        }

        private static Number number(String text) {
            BigDecimal number = new BigDecimal(text);
            boolean fits = number.scale() == 0 && number.precision() < 19;
            return fits ? (Number) number.longValueExact() : number;
        }

        /** Writes a value on one line. */
        static String write(Object value) {
            return write(value, "");
        }

        /** Writes a value over several lines, two blanks a level. */
        static String writePretty(Object value) {
            return write(value, "  ");
        }

        private static String write(Object value, String indent) {
            StringWriter text = new StringWriter();
            try {
                JsonWriter writer = new JsonWriter(text);
                writer.setIndent(indent);
                writer.setSerializeNulls(true);
                write(value, writer);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text.toString();
        }

        private static void write(Object value, JsonWriter writer) throws IOException {
            if (value instanceof Map<?, ?> map) writeObject(map, writer);
            else if (value instanceof Collection<?> items) writeArray(items, writer);
            else if (value instanceof Number number) writer.value(number);
            else if (value instanceof Boolean flag) writer.value(flag);
            else writer.value(value == null ? null : value.toString());
        }

        private static void writeObject(Map<?, ?> map, JsonWriter writer) throws IOException {
            writer.beginObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                writer.name(entry.getKey().toString());
                write(entry.getValue(), writer);
            }
            writer.endObject();
        }

        private static void writeArray(Collection<?> items, JsonWriter writer) throws IOException {
            writer.beginArray();
            for (Object item : items) write(item, writer);
            writer.endArray();
        }
    }

    // ---- Nearest: what a mistyped name was most likely meant to be -------------------------------------------------

    /** Finds the nearest known name by edit distance. */
    static final class Nearest {
        private Nearest() {
        }

        /** The candidate that differs in the fewest letters, if those are at most a third of the name's, or two. */
        static Optional<String> to(String name, Collection<String> candidates) {
            int most = Math.max(2, name.length() / 3);
            return candidates.stream()
                    .filter(candidate -> distance(name, candidate) <= most)
                    .min(Comparator.comparingInt(candidate -> distance(name, candidate)));
        }

        private static int distance(String a, String b) {
            int[] row = IntStream.rangeClosed(0, b.length()).toArray();
            for (int i = 1; i <= a.length(); i++) {
                int diagonal = row[0];
                row[0] = i;
                for (int j = 1; j <= b.length(); j++) {
                    int change = diagonal + (lower(a, i) == lower(b, j) ? 0 : 1);
                    diagonal = row[j];
                    row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
                }
            }
            return row[b.length()];
        }

        private static char lower(String text, int position) {
            return Character.toLowerCase(text.charAt(position - 1));
        }
    }

    // ---- Table: plain columns --------------------------------------------------------------------------------------

    /** Lays out rows in columns, for people, grep and awk. */
    static final class Table {
        private Table() {
        }

        /** The rows, a line each after an indent, two blanks between columns as wide as their longest cell. */
        static String of(List<List<String>> rows, String indent) {
            StringBuilder text = new StringBuilder();
            for (List<String> row : rows) {
                StringBuilder line = new StringBuilder(indent);
                for (int column = 0; column < row.size(); column++) {
                    line.append(row.get(column)).append(" ".repeat(width(rows, column) - row.get(column).length() + 2));
                }
                text.append(line.toString().stripTrailing()).append('\n');
            }
            return text.toString();
        }

        private static int width(List<List<String>> rows, int column) {
            return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        }
    }

    // ---- Console: the only writer to the terminal ------------------------------------------------------------------

    /** Prints whole blocks, so that two threads never mix their lines; decides once whether there is colour. */
    static final class Console {
        /** What a text is, hence its colour. */
        enum Style {
            PLAIN(""), BOLD("1"), DIM("2"), ERROR("1;31"), WARNING("33"), HELP("36"), SUCCESS("32");

            private final String code;

            Style(String code) {
                this.code = code;
            }
        }

        private static final int MOST_ERRORS = 5;
        private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
        private final Printer out;
        private final Printer err;
        private final boolean colour;
        private final boolean arrows;
        private final ZoneId zone = ZoneId.systemDefault();
        private volatile Printer copy;
        private volatile Second now = new Second(0, "");

        /** A console over two streams; {@code when} is {@code always}, {@code never} or {@code auto}. */
        Console(PrintStream out, PrintStream err, String when) {
            this.out = new Printer(out);
            this.err = out == err ? this.out : new Printer(err);
            this.colour = when.equals("always") || when.equals("auto") && terminalTakesColour();
            this.arrows = charset().newEncoder().canEncode('→');
        }

        /** What System.out is encoded in, which Java 17 does not tell by the property of later versions. */
        private static Charset charset() {
            String name = System.getProperty("stdout.encoding", System.getProperty("native.encoding", "UTF-8"));
            return Charset.forName(name);
        }

        /** Tells by NO_COLOR, CLICOLOR_FORCE, TERM and the terminal itself whether colour is wanted. */
        static boolean terminalTakesColour() {
            if (isSet("NO_COLOR")) return false;
            if (isSet("CLICOLOR_FORCE") && !"0".equals(System.getenv("CLICOLOR_FORCE"))) return true;
            return System.console() != null && isTerminal() && !"dumb".equals(System.getenv("TERM"));
        }

        private static boolean isSet(String variable) {
            return System.getenv(variable) != null && !System.getenv(variable).isEmpty();
        }

        /** From JDK 22 on there is a console without a terminal too, and a method that tells. */
        private static boolean isTerminal() {
            try {
                return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(System.console());
            } catch (NoSuchMethodException e) {
                return true;
            } catch (ReflectiveOperationException e) {
                return false;
            }
        }

        /** The results that were asked for, as they are. */
        void print(String text) {
            out.print(text);
            out.await();
        }

        /** A running report of the server: one block, ended by one line break. */
        void report(String text) {
            out.print((arrows ? text : text.replace("→", "->")).stripTrailing() + "\n");
        }

        /** A line of the report with the time of day before it. */
        void reportNow(String text) {
            report(paint(Style.DIM, now()) + "  " + text);
        }

        private String now() {
            long second = System.currentTimeMillis() / 1000;
            Second known = now;
            if (known.second() != second) {
                known = new Second(second, LocalTime.now(zone).format(TIME));
                now = known;
            }
            return known.text();
        }

        /** The time of day, which is written once a second. */
        private record Second(long second, String text) {
        }

        /** Lines of a log, each with a mark before it. */
        void reportLines(String mark, String lines) {
            report(lines.lines().map(line -> mark + line).collect(Collectors.joining("\n")));
        }

        /** Whatever functions print goes to this too, as they print it. */
        void copyFunctionsTo(PrintStream file) {
            copy = new Printer(file);
        }

        /** What a function has printed or answered, for the copy. */
        void copyFunctions(String text) {
            Printer file = copy;
            if (file != null) file.print(text);
        }

        /** What is worth knowing, and no fault, beside a command's results. */
        void note(String text) {
            err.print(paint(Style.HELP, "note") + ": " + text + "\n");
            err.await();
        }

        /** A warning of a command, beside its results. */
        void warn(Problem problem) {
            err.print(render("warning", Style.WARNING, problem));
            err.await();
        }

        /** The failure that ends a command. */
        void fail(Problem problem) {
            err.print(render("error", Style.ERROR, problem));
            err.await();
        }

        /**
         * Texts in the order in which they came. Who comes while another one writes leaves his text with that one, who
         * writes all of it at once; only where a lot waits for a slow terminal, all wait.
         */
        private static final class Printer {
            private static final int MOST_CHARACTERS = 1 << 20;
            private final PrintStream stream;
            private StringBuilder texts = new StringBuilder();
            private boolean isBusy;

            Printer(PrintStream stream) {
                this.stream = stream;
            }

            void print(String text) {
                synchronized (this) {
                    if (texts.length() > MOST_CHARACTERS) await();
                    texts.append(text);
                    if (isBusy) return;
                    isBusy = true;
                }
                try {
                    for (String next = next(); next != null; next = next()) {
                        stream.print(next);
                        stream.flush();
                    }
                } catch (Throwable error) {
                    free();
                    throw error;
                }
            }

            /** What has come meanwhile, null if nothing has. */
            private synchronized String next() {
                String next = texts.length() == 0 ? null : texts.toString();
                texts = new StringBuilder();
                if (next == null) free();
                return next;
            }

            private synchronized void free() {
                isBusy = false;
                notifyAll();
            }

            /** Until all is written. */
            synchronized void await() {
                boolean isInterrupted = false;
                while (isBusy) {
                    try {
                        wait();
                    } catch (InterruptedException e) {
                        isInterrupted = true;
                    }
                }
                if (isInterrupted) Thread.currentThread().interrupt();
            }
        }

        /** A text in its style, as it is where there is no colour. */
        String paint(Style style, String text) {
            return colour && style != Style.PLAIN ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
        }

        /** An error in the layout of rustc: message, place, source line, caret, hint; ends in a line break. */
        String error(Problem problem) {
            return render("error", Style.ERROR, problem);
        }

        /** A warning in the same layout. */
        String warning(Problem problem) {
            return render("warning", Style.WARNING, problem);
        }

        /** Several errors, at most {@link #MOST_ERRORS}, and how many more there are. */
        String errors(List<Problem> errors) {
            String shown = errors.stream().limit(MOST_ERRORS).map(this::error).collect(Collectors.joining());
            int more = errors.size() - MOST_ERRORS;
            return more > 0 ? shown + "and " + count(more, "more error") + "\n" : shown;
        }

        /** {@code 1 file}, {@code 2 files}. */
        static String count(int number, String noun) {
            return number + " " + noun + (number == 1 ? "" : "s");
        }

        /** A duration in whole milliseconds. */
        static String millis(long nanos) {
            return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
        }

        private String render(String kind, Style style, Problem problem) {
            StringBuilder text = new StringBuilder(paint(style, kind) + ": " + problem.message() + "\n");
            if (problem.place() != null) renderPlace(problem.place(), style, text);
            if (problem.hint() != null) {
                text.append(paint(Style.HELP, "help")).append(": ").append(problem.hint()).append('\n');
            }
            return text.toString();
        }

        private void renderPlace(Place place, Style style, StringBuilder text) {
            text.append("  --> ").append(place).append('\n');
            if (place.source().isBlank()) return;
            String number = String.valueOf(place.line());
            String gutter = " ".repeat(number.length()) + " |";
            text.append(gutter).append('\n').append(number).append(" | ").append(place.source()).append('\n');
            text.append(gutter).append(' ').append(paint(style, place.caret())).append('\n');
        }
    }

    // ---- Fault: an expected failure, its place and its remedy ------------------------------------------------------

    /**
     * A place in a file of the user's.
     *
     * @param lines all lines of that file, shared by its places
     * @param line counted from 1, 0 where only the file is known
     * @param column counted from 1, a tab is one
     * @param length how many characters a caret marks
     */
    record Place(String file, List<String> lines, int line, int column, int length) {
        /** A path as a person would type it here: relative where it lies below the working folder. */
        static String display(Path path) {
            Path here = Path.of("").toAbsolutePath();
            Path absolute = path.toAbsolutePath().normalize();
            boolean isBelow = absolute.startsWith(here) && !absolute.equals(here);
            return (isBelow ? here.relativize(absolute) : absolute).toString();
        }

        /** The source line, or an empty text. */
        String source() {
            return line >= 1 && line <= lines.size() ? lines.get(line - 1) : "";
        }

        /** The line below the source line: carets under what is meant, tabs kept so that they stand there. */
        String caret() {
            String source = source();
            String before = source.substring(0, Math.min(column - 1, source.length())).replaceAll("[^\t]", " ");
            return before + "^".repeat(Math.max(1, Math.min(length, source.length() - before.length())));
        }

        @Override public String toString() {
            return line == 0 ? file : file + ":" + line + ":" + column;
        }
    }

    /** What is wrong, where (null if it has no place) and what helps (null if nothing certain does). */
    record Problem(String message, Place place, String hint) {
    }

    /** A failure that the user can cause and mend: thrown anywhere, printed in one place, never with a stack trace. */
    static final class Fault extends RuntimeException {
        /** Exit status: the project is wrong. */
        static final int PROJECT = 1;
        /** Exit status: the command line is wrong. */
        static final int USAGE = 2;
        private static final long serialVersionUID = 1;

        private final transient List<Problem> problems;
        private final int status;

        Fault(Problem problem, int status) {
            this(List.of(problem), status);
        }

        /** Several at once; there must be one at least. */
        Fault(List<Problem> problems, int status) {
            super(problems.get(0).message(), null, false, false);
            this.problems = problems;
            this.status = status;
        }

        static Fault project(String message) {
            return project(message, null, null);
        }

        static Fault project(String message, Place place) {
            return project(message, place, null);
        }

        static Fault project(String message, Place place, String hint) {
            return new Fault(new Problem(message, place, hint), PROJECT);
        }

        static Fault usage(String message, String hint) {
            return new Fault(new Problem(message, null, hint), USAGE);
        }

        /** A defect of this program, in one line all the same. */
        static Fault ofOurOwn(Throwable error) {
            StackTraceElement[] trace = error.getStackTrace();
            String where = trace.length == 0 ? "" : " at " + trace[0];
            return project("this should not have happened: " + error + where, null, "please report it");
        }

        /** What went wrong in reading a file, without the path, which the message names already. */
        static String reason(IOException e) {
            if (e instanceof NoSuchFileException) return "no such file";
            if (e instanceof AccessDeniedException) return "permission denied";
            return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        }

        List<Problem> problems() {
            return problems;
        }

        int status() {
            return status;
        }
    }
}
