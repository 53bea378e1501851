package samlocal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Objects;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Place;
import samlocal.files.UserText;
import samlocal.gateway.Integration;
import samlocal.lambda.Call;
import samlocal.lambda.LambdaFunction;
import samlocal.lambda.SampleEvents;
import samlocal.runtime.Invocation;
import samlocal.sam.FunctionDefinition;
import samlocal.server.Config;
import samlocal.server.DevServer;
import samlocal.terminal.Console;

/** Invokes one function. */
@Command(name = "invoke", description = "invoke one function and print its response",
        footer = {"", "Example:", "  samlocal invoke CreateOrder --event events/order.json", DockerOptions.FOOTER})
final class InvokeCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(arity = "0..1", paramLabel = "FUNCTION",
            description = "logical ID or name, with :VERSION or :ALIAS; optional if the template has one function")
    private String function;

    @Option(names = {"-e", "--event"}, paramLabel = "FILE",
            description = "JSON file with the event, - for standard input (default: {})")
    private Path event;

    @Option(names = "--event-type", paramLabel = "SERVICE/TYPE", completionCandidates = EventTypes.class,
            description = "send a sample event, such as s3/put (see generate-event)")
    private String eventType;

    @Option(names = "--no-event", description = "send {}")
    private boolean noEvent;

    @Option(names = {"-r", "--runtime"}, paramLabel = "RUNTIME", completionCandidates = Runtimes.class,
            description = "override the template's Runtime, such as java17")
    private String runtime;

    @Option(names = "--tenant-id", paramLabel = "ID",
            description = "the tenant, for a function with TenancyConfig")
    private String tenant;

    @Option(names = "--watch", description = "invoke again after each save, and print what has changed in the response")
    private boolean watch;

    @Mixin private ProjectOptions project = new ProjectOptions();
    @Mixin private FunctionOptions functions = new FunctionOptions();

    /** The values of {@code --event-type}. */
    static final class EventTypes implements Iterable<String> {
        @Override public Iterator<String> iterator() {
            return SampleEvents.all().stream().map(one -> one.service() + "/" + one.type()).iterator();
        }
    }

    /** The values of {@code --runtime}. */
    static final class Runtimes implements Iterable<String> {
        @Override public Iterator<String> iterator() {
            return FunctionDefinition.RUNTIMES.iterator();
        }
    }

    String function() {
        return Objects.requireNonNullElse(function, "");
    }

    @Override public Integer call() throws IOException {
        Console console = cli.besideResults();
        functions.log().ifPresent(console::copyFunctionsTo);
        DevServer server = new DevServer(config(), console, project.builds(console, true), cli.sandboxes);
        Responses responses = new Responses(cli.console(), console);
        byte[] first = event(console);
        if (!watch) return responses.print(server.invoke(function, sent(first)).outcome());
        console.note("watching for changes; press CTRL+C to quit");
        boolean isFile = event != null && !noEvent && eventType == null && !isStandardInput();
        server.invokeOnSave(function, () -> sent(isFile ? file(event) : first), responses::printChange);
        return 0;
    }

    /** @throws Fault if the event is not JSON */
    private Call sent(byte[] event) {
        requireJson(event);
        return new Call(UUID.randomUUID().toString(), event.length == 0 ? "{}".getBytes(UTF_8) : event,
                new Invocation.Headers("", null, tenant));
    }

    private Config config() {
        return new Config(project.inputs(functions.variables()), Config.Address.LOOPBACK,
                new LambdaFunction.Limits(1, false), new Integration.Rules(true, false, null), false,
                Config.Front.PLAIN, functions.ofInvocation(project, function(), runtime));
    }

    private byte[] event(Console console) throws IOException {
        if (eventType != null) return GenerateEventCommand.sample("/", eventType.split("[/: ]", 2)).getBytes(UTF_8);
        if (event == null || noEvent) return "{}".getBytes(UTF_8);
        if (!isStandardInput()) return file(event);
        console.note("reading the event from standard input");
        return System.in.readAllBytes();
    }

    private boolean isStandardInput() {
        return event.equals(Path.of("-"));
    }

    private void requireJson(byte[] sent) {
        String message = "the event is not JSON: ";
        boolean isFile = event != null && !isStandardInput();
        try {
            Json.require(sent);
        } catch (Json.Malformed e) {
            throw isFile ? new Fault(e.in(event, new String(sent, UTF_8), message), Fault.PROJECT)
                    : Fault.project(message + e.getMessage());
        } catch (IOException e) {
            throw Fault.project(message + Fault.reason(e), isFile ? Place.of(event) : null);
        }
    }

    private static byte[] file(Path file) {
        try {
            if (Files.isDirectory(file)) throw Fault.project("`" + file + "` is a folder, not an event");
            return UserText.readNamed(file).getBytes(UTF_8);
        } catch (IOException e) {
            throw Fault.project("cannot read the event `" + file + "`: " + Fault.reason(e));
        }
    }
}
