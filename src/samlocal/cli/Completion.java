package samlocal.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine;
import samlocal.base.Resource;
import samlocal.base.ShellWord;
import samlocal.lambda.SampleEvents;

/** Turns commands and their options into a script for a shell; functions come from the template as it is then. */
record Completion(CommandLine root) {
    /** A shell whose scripts are known. */
    enum Shell {
        bash, zsh, fish
    }

    private static final String GENERATE = "generate-event";

    /** What may stand for an option's value, or for a command's own words. */
    private enum Kind {
        NOTHING, FILE, FOLDER, FUNCTION, COMMAND, EVENT
    }

    /** Prints the names of the functions of a YAML template in the usual form. */
    private static final String FUNCTIONS = Resource.text(Completion.class, "completion/functions.awk").strip();
    private static final String BASH = Resource.text(Completion.class, "completion/bash.sh");
    private static final String ZSH = Resource.text(Completion.class, "completion/zsh.sh");
    private static final String FISH = Resource.text(Completion.class, "completion/fish.sh");

    /** The whole script: the shell's template, in which {@code @name@} stands for what the commands determine. */
    String script(Shell shell) {
        return switch (shell) {
            case bash -> bash();
            case zsh -> zsh();
            case fish -> fish();
        };
    }

    private Collection<CommandSpec> all() {
        return Stream.concat(commands().stream(), Stream.of(root.getCommandSpec())).toList();
    }

    private Collection<CommandSpec> commands() {
        return root.getSubcommands().values().stream().map(CommandLine::getCommandSpec).distinct().toList();
    }

    private String names() {
        return commands().stream().map(CommandSpec::name).collect(Collectors.joining(" "));
    }

    private static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    private static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static Kind kind(OptionSpec option) {
        boolean isFile = option.paramLabel().equals("FILE");
        boolean isFolder = option.paramLabel().equals("DIR");
        return isFolder ? Kind.FOLDER : isFile ? Kind.FILE : Kind.NOTHING;
    }

    private static Kind kind(CommandSpec command) {
        return switch (command.name()) {
            case "invoke", "start-lambda" -> Kind.FUNCTION;
            case "help" -> Kind.COMMAND;
            case GENERATE -> Kind.EVENT;
            case "init" -> Kind.FOLDER;
            default -> Kind.NOTHING;
        };
    }

    /** Words that are all there is, or none. */
    private static String values(ArgSpec argument) {
        Iterable<String> words = argument.completionCandidates();
        return words == null ? "" : String.join(" ", words);
    }

    private static String values(CommandSpec command) {
        return command.positionalParameters().stream().map(Completion::values).collect(Collectors.joining());
    }

    /** Each service, and the types of its events; behind the command itself the services. */
    private static Map<String, String> events() {
        Map<String, String> types = new LinkedHashMap<>();
        SampleEvents.all().forEach(sample -> types.merge(sample.service(), sample.type(), (a, b) -> a + " " + b));
        Map<String, String> events = new LinkedHashMap<>(Map.of(GENERATE, String.join(" ", types.keySet())));
        events.putAll(types);
        return events;
    }

    /** The branches of a shell's {@code case} over the word before. */
    private static String eventCases(String format) {
        return events().entrySet().stream().map(each -> format.formatted(each.getKey(), each.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    private String bash() {
        String values = all().stream().flatMap(command -> options(command).stream().filter(Completion::takesValue)
                .map(option -> bashValue(command, option))).collect(Collectors.joining("\n"));
        String cases = all().stream().map(command -> "    " + bashName(command) + ") options="
                + ShellWord.quoted(longNames(command)) + " words=" + bashWords(command) + ";;")
                .collect(Collectors.joining("\n"));
        return BASH.replace("@awk@", FUNCTIONS).replace("@events@", eventCases("    %s) echo '%s';;"))
                .replace("@names@", names().replace(' ', '|')).replace("@values@", values)
                .replace("@commands@", cases);
    }

    private String bashName(CommandSpec command) {
        return command == root.getCommandSpec() ? "''" : command.name();
    }

    private static String longNames(CommandSpec command) {
        return options(command).stream().map(OptionSpec::longestName).collect(Collectors.joining(" "));
    }

    private String bashWords(CommandSpec command) {
        if (command == root.getCommandSpec()) return ShellWord.quoted(names());
        return switch (kind(command)) {
            case FUNCTION -> "$(_samlocal_functions \"$template\")";
            case COMMAND -> ShellWord.quoted(names());
            case EVENT -> "$(_samlocal_events \"$prev\")";
            default -> ShellWord.quoted(values(command));
        };
    }

    private String bashValue(CommandSpec command, OptionSpec option) {
        String pattern = Arrays.stream(option.names()).map(name -> bashName(command) + ":" + name)
                .collect(Collectors.joining("|"));
        String reply = switch (kind(option)) {
            case FILE -> "IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
            case FOLDER -> "IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))";
            default -> values(option).isEmpty() ? ":"
                    : "COMPREPLY=($(compgen -W " + ShellWord.quoted(values(option)) + " -- \"$cur\"))";
        };
        return "    " + pattern + ") " + reply + "; return;;";
    }

    private String zsh() {
        String descriptions = commands().stream().map(command -> "    "
                + ShellWord.quoted(command.name() + ":" + description(command).replace(":", "\\:")))
                .collect(Collectors.joining("\n"));
        return ZSH.replace("@awk@", FUNCTIONS).replace("@events@", eventCases("    %s) events=(%s);;"))
                .replace("@descriptions@", descriptions).replace("@names@", names().replace(' ', '|'))
                .replace("@commands@", all().stream().map(this::zshCommand).collect(Collectors.joining("\n")));
    }

    private String zshCommand(CommandSpec command) {
        StringBuilder text = new StringBuilder("    " + bashName(command) + ") _arguments -s \\\n");
        options(command).forEach(option -> text.append("      ").append(zshOption(option)).append(" \\\n"));
        String words = switch (kind(command)) {
            case FUNCTION -> (isRepeated(command) ? "*" : "2") + ":function:_samlocal_functions";
            case COMMAND -> "*:command:_samlocal_commands";
            case EVENT -> "*:event:_samlocal_events";
            case FOLDER -> "*:folder:_files -/";
            default -> values(command).isEmpty() ? "" : "*:word:(" + values(command) + ")";
        };
        return text.append("      '1: :_samlocal_commands'").append(words.isEmpty() ? ""
                : " " + ShellWord.quoted(words)).append(";;").toString();
    }

    private static boolean isRepeated(CommandSpec command) {
        return command.positionalParameters().stream().anyMatch(each -> each.arity().max() > 1);
    }

    private static String zshOption(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(name -> takesValue(option) && name.startsWith("--")
                ? name + "=" : name).collect(Collectors.joining(","));
        String spelled = option.names().length == 1 ? names
                : ShellWord.quoted("(" + String.join(" ", option.names()) + ")") + "{" + names + "}";
        String description = String.join(" ", option.description()).replaceAll("([\\[\\]:\\\\])", "\\\\$1");
        String value = switch (kind(option)) {
            case FILE -> ":file:_files";
            case FOLDER -> ":folder:_files -/";
            default -> values(option).isEmpty() ? ": : " : ":value:(" + values(option) + ")";
        };
        return spelled + ShellWord.quoted("[" + description + "]" + (takesValue(option) ? value : ""));
    }

    private String fish() {
        String options = fishOptions(root.getCommandSpec(), "not __fish_seen_subcommand_from " + names())
                + commands().stream().map(command -> fishOptions(command, "__fish_seen_subcommand_from "
                + command.name())).collect(Collectors.joining());
        return FISH.replace("@awk@", FUNCTIONS).replace("@events@", eventCases("    case %s\n      printf '%%s\\n' %s"))
                .replace("@commands@\n", commands().stream().map(this::fishCommand).collect(Collectors.joining()))
                .replace("@options@\n", options);
    }

    private String fishCommand(CommandSpec command) {
        String words = switch (kind(command)) {
            case FUNCTION -> "(__samlocal_functions)";
            case COMMAND -> names();
            case EVENT -> "(__samlocal_events)";
            case FOLDER -> "(__fish_complete_directories)";
            default -> values(command);
        };
        return "complete -c samlocal -n " + fishQuoted("not __fish_seen_subcommand_from " + names()) + " -a "
                + command.name() + " -d " + fishQuoted(description(command)) + "\n"
                + (words.isEmpty() ? "" : "complete -c samlocal -n " + fishQuoted("__fish_seen_subcommand_from "
                        + command.name()) + " -a " + fishQuoted(words) + "\n");
    }

    private static String fishOptions(CommandSpec command, String condition) {
        return options(command).stream().map(option -> "complete -c samlocal -n " + fishQuoted(condition)
                + Arrays.stream(option.names()).map(name -> (name.startsWith("--") ? " -l " : " -s ")
                + name.replaceFirst("-+", "")).collect(Collectors.joining()) + fishValue(option) + " -d "
                + fishQuoted(String.join(" ", option.description())) + "\n").collect(Collectors.joining());
    }

    private static String fishValue(OptionSpec option) {
        if (!takesValue(option)) return "";
        if (kind(option) == Kind.FILE) return " -rF";
        if (kind(option) == Kind.FOLDER) return " -xa '(__fish_complete_directories)'";
        return values(option).isEmpty() ? " -x" : " -xa " + fishQuoted(values(option));
    }

    private static String fishQuoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
