package samlocal.cli;

import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import samlocal.base.Resource;

/**
 * Completion scripts: a fixed script per shell that looks up commands and options in a table. A row is {@code
 * COMMAND|NAMES|KIND|VALUES|DESCRIPTION}; a row without names describes the command's arguments. The names of functions
 * are read from the template when the user presses Tab.
 */
record Completion(CommandLine root) {
    /** A supported shell. */
    enum Shell {
        bash, zsh, fish
    }

    private static final Map<Shell, String> SCRIPTS = Map.of(
            Shell.bash, Resource.text(Completion.class, "completion/bash.sh"),
            Shell.zsh, Resource.text(Completion.class, "completion/zsh.sh"),
            Shell.fish, Resource.text(Completion.class, "completion/fish.sh"));

    /** An awk program that prints the names of the functions in a YAML template of the usual layout. */
    private static final String FUNCTIONS = Resource.text(Completion.class, "completion/functions.awk").strip();

    String script(Shell shell) {
        String table = Stream.concat(Stream.of(root), root.getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec).distinct().flatMap(this::rows).collect(Collectors.joining("\n"));
        return SCRIPTS.get(shell).replace("@awk@", FUNCTIONS).replace("@table@", table.replace("'", "'\\''"));
    }

    private Stream<String> rows(CommandSpec command) {
        String name = command == root.getCommandSpec() ? "" : command.name();
        String values = name.equals("generate-event") ? words(new InvokeCommand.EventTypes())
                : command.positionalParameters().stream().map(Completion::values).collect(Collectors.joining());
        String own = String.join("|", name, "", kind(name), values,
                String.join(" ", command.usageMessage().description()));
        return Stream.concat(Stream.of(own), command.options().stream().filter(option -> !option.hidden())
                .map(option -> String.join("|", name, String.join(" ", option.names()), kind(option), values(option),
                        String.join(" ", option.description()))));
    }

    private static String kind(String command) {
        return switch (command) {
            case "", "help" -> "command";
            case "invoke" -> "function";
            case "start-lambda" -> "functions";
            case "generate-event" -> "event";
            case "init" -> "folder";
            default -> "word";
        };
    }

    private static String kind(OptionSpec option) {
        if (option.arity().max() == 0) return "flag";
        return Map.of("FILE", "file", "DIR", "folder").getOrDefault(option.paramLabel(), "word");
    }

    private static String values(ArgSpec argument) {
        return argument.completionCandidates() == null ? "" : words(argument.completionCandidates());
    }

    private static String words(Iterable<String> words) {
        return StreamSupport.stream(words.spliterator(), false).collect(Collectors.joining(" "));
    }
}
