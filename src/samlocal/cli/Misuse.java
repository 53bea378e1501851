package samlocal.cli;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.base.Problem;

/** Turns errors of the command line parser into messages that state what is wrong and what to write instead. */
final class Misuse {
    /** Commands of sam that build, deploy, or work on AWS. */
    private static final Set<String> SAM_ONLY = Set.of("build", "package", "deploy", "sync", "delete", "logs", "traces",
            "list", "pipeline", "publish", "remote");
    private final CommandLine commands;
    private final List<String> words;

    /** {@code words} is the command line. */
    Misuse(CommandLine commands, List<String> words) {
        this.commands = commands;
        this.words = words;
    }

    /** {@code place} is the place of the value in a samconfig file, null for the command line. */
    Problem problem(ParameterException e, Place place) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        if (e instanceof UnmatchedArgumentException none) return unknown(none.getUnmatched().get(0), command);
        if (e instanceof MissingParameterException missing) return missing(missing.getMissing().get(0), command);
        if (e instanceof OverwrittenOptionException twice) {
            return new Problem("`" + name(twice.getOverwritten()) + "` is given twice", null, "write it once");
        }
        return e.getArgSpec() == null ? new Problem(e.getMessage().replace('\'', '`'), place, null)
                : wrong(e.getArgSpec(), e.getValue(), place);
    }

    private Problem unknown(String word, CommandSpec command) {
        boolean isOption = word.startsWith("-") && !word.equals("-");
        if (isOption) return unknownOption(word.replaceFirst("=.*", ""), command);
        if (command == commands.getCommandSpec()) {
            return new Problem("unknown command `" + word + "`", null, SAM_ONLY.contains(word)
                    ? "samlocal runs your sources directly; for AWS, use `sam " + word + "`"
                    : Nearest.hint(word, commands.getSubcommands().keySet()));
        }
        String synopsis = command.commandLine().getHelp().synopsis(0).strip();
        return new Problem("`" + command.name() + "` does not take `" + word + "`", null,
                "write `" + synopsis + "`");
    }

    private Problem unknownOption(String name, CommandSpec command) {
        String others = commands.getSubcommands().values().stream().map(CommandLine::getCommandSpec).distinct()
                .filter(other -> other.findOption(name) != null && !other.findOption(name).hidden())
                .map(other -> "`" + other.name() + "`").collect(Collectors.joining(", "));
        return new Problem("unknown option `" + name + "`", null, others.isEmpty()
                ? Nearest.hint(name, Arguments.shownNames(command)) : "it is an option of " + others);
    }

    private Problem missing(ArgSpec argument, CommandSpec command) {
        String write = argument.isOption() ? name(argument) + " " + argument.paramLabel()
                : command.qualifiedName() + " " + argument.paramLabel();
        String wanted = wanted(argument);
        return new Problem("no value for `" + name(argument) + "`", null,
                "write `" + write + "`" + (wanted.isEmpty() ? "" : ": " + wanted));
    }

    private Problem wrong(ArgSpec argument, String value, Place place) {
        if (argument.arity().max() == 0) {
            return new Problem("`" + name(argument) + "` takes no value, not `" + value + "`", place,
                    "write `" + name(argument) + "` alone");
        }
        String wanted = argument.type() == Path.class ? "a path" : wanted(argument);
        return new Problem("`" + name(argument) + "` must be " + wanted + ", not "
                + (value == null || value.isEmpty() ? "empty" : "`" + value + "`"), place,
                Nearest.hint(String.valueOf(value), choices(argument)));
    }

    /** The name of an option as the user wrote it. */
    private String name(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) return argument.paramLabel();
        return Arrays.stream(option.names()).filter(name -> words.stream().anyMatch(word ->
                word.equals(name) || word.startsWith(name + "=")
                || name.length() == 2 && word.startsWith(name))).findFirst().orElse(option.longestName());
    }

    /** A description of the accepted values, empty if any text is accepted. */
    private static String wanted(ArgSpec argument) {
        if (argument.converters().length > 0) return argument.converters()[0].toString();
        List<String> choices = choices(argument);
        int last = choices.size() - 1;
        return last < 0 ? "" : String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }

    private static List<String> choices(ArgSpec argument) {
        Object[] constants = argument.type().getEnumConstants();
        return constants == null ? List.of() : Arrays.stream(constants).map(Object::toString).toList();
    }
}
