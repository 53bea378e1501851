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

    /** Reads names off a YAML template in the usual form; the template may be named on the command line. */
    private static final String FUNCTIONS = """
            %1$s
              awk '/^[^ #]/ { inside = /^Resources:/; indent = 0; next }
                inside && match($0, /^ +[A-Za-z0-9]+:/) {
                  match($0, /^ +/)
                  if (indent == 0) indent = RLENGTH
                  if (RLENGTH == indent) { name = $1; sub(/:.*/, "", name) }
                }
                inside && /Type: *.?AWS::(Serverless|Lambda)::Function/ { print name }' %2$s 2>/dev/null
            %3$s
            """;

    /** The whole script. */
    String script(Shell shell) {
        return switch (shell) {
            case bash -> bash();
            case zsh -> zsh();
            case fish -> fish();
        };
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
    private static String eventCases(String assignment) {
        return events().entrySet().stream().map(each -> "    " + each.getKey() + ") "
                + assignment.formatted(each.getValue()) + ";;\n").collect(Collectors.joining());
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private String bash() {
        StringBuilder script = new StringBuilder("# samlocal completion bash\n");
        script.append(FUNCTIONS.formatted("_samlocal_functions() {", "\"$1\"", "}"));
        script.append("_samlocal_events() {\n  case $1 in\n").append(eventCases("echo '%s'"))
                .append("  esac\n}\n");
        script.append("_samlocal() {\n").append(BASH_START.formatted(names().replace(' ', '|')));
        Stream.concat(Stream.of(root.getCommandSpec()), commands().stream()).forEach(command ->
                options(command).stream().filter(Completion::takesValue).forEach(option ->
                        script.append(bashValue(command, option))));
        script.append("  esac\n  case $command in\n");
        Stream.concat(commands().stream(), Stream.of(root.getCommandSpec())).forEach(command ->
                script.append("    ").append(bashName(command)).append(") options=")
                        .append(quoted(longNames(command))).append(" words=").append(bashWords(command))
                        .append(";;\n"));
        return script.append(BASH_END).toString();
    }

    private String bashName(CommandSpec command) {
        return command == root.getCommandSpec() ? "''" : command.name();
    }

    private static String longNames(CommandSpec command) {
        return options(command).stream().map(OptionSpec::longestName).collect(Collectors.joining(" "));
    }

    private String bashWords(CommandSpec command) {
        if (command == root.getCommandSpec()) return quoted(names());
        return switch (kind(command)) {
            case FUNCTION -> "$(_samlocal_functions \"$template\")";
            case COMMAND -> quoted(names());
            case EVENT -> "$(_samlocal_events \"$prev\")";
            default -> quoted(values(command));
        };
    }

    private String bashValue(CommandSpec command, OptionSpec option) {
        String pattern = Arrays.stream(option.names()).map(name -> bashName(command) + ":" + name)
                .collect(Collectors.joining("|"));
        String reply = switch (kind(option)) {
            case FILE -> "IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
            case FOLDER -> "IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))";
            default -> values(option).isEmpty() ? ":"
                    : "COMPREPLY=($(compgen -W " + quoted(values(option)) + " -- \"$cur\"))";
        };
        return "    " + pattern + ") " + reply + "; return;;\n";
    }

    private static final String BASH_START = """
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
              local command= template=template.yaml options= words= i IFS=$' \\t\\n'
              if [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi
              if [[ $cur == = ]]; then cur=; fi
              for ((i = 1; i < COMP_CWORD; i++)); do
                case ${COMP_WORDS[i]} in
                  -t|--template|--template-file) template=${COMP_WORDS[i+1]}
                    if [[ $template == = ]]; then template=${COMP_WORDS[i+2]}; fi;;
                  %s) if [[ -z $command ]]; then command=${COMP_WORDS[i]}; fi;;
                esac
              done
              COMPREPLY=()
              case $command:$prev in
            """;

    private static final String BASH_END = """
              esac
              if [[ $cur == -* ]]; then words=$options; fi
              COMPREPLY=($(compgen -W "$words" -- "$cur"))
            }
            complete -F _samlocal samlocal
            """;

    private String zsh() {
        StringBuilder script = new StringBuilder("#compdef samlocal\n");
        script.append(FUNCTIONS.formatted("_samlocal_functions() {\n  local -a functions\n  functions=(${(f)\"$(",
                "${${opt_args[-t]:-${opt_args[--template]:-${opt_args[--template-file]:-template.yaml}}}}",
                "  )\"})\n  compadd -a functions\n}"));
        script.append("_samlocal_events() {\n  local -a events\n  case ${words[CURRENT-1]} in\n")
                .append(eventCases("events=(%s)")).append("  esac\n  compadd -a events\n}\n");
        script.append("_samlocal_commands() {\n  local -a commands\n  commands=(\n");
        commands().forEach(command -> script.append("    ")
                .append(quoted(command.name() + ":" + description(command).replace(":", "\\:"))).append('\n'));
        script.append("  )\n  _describe command commands\n}\n_samlocal() {\n  local word command=\n");
        script.append("  for word in ${words[2,CURRENT-1]}; do\n    case $word in\n      ")
                .append(names().replace(' ', '|')).append(") command=$word; break;;\n    esac\n  done\n");
        script.append("  case $command in\n");
        Stream.concat(commands().stream(), Stream.of(root.getCommandSpec())).forEach(command ->
                script.append(zshCommand(command)));
        return script.append(ZSH_END).toString();
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
        return text.append("      '1: :_samlocal_commands'").append(words.isEmpty() ? "" : " " + quoted(words))
                .append(";;\n").toString();
    }

    private static boolean isRepeated(CommandSpec command) {
        return command.positionalParameters().stream().anyMatch(each -> each.arity().max() > 1);
    }

    private static String zshOption(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(name -> takesValue(option) && name.startsWith("--")
                ? name + "=" : name).collect(Collectors.joining(","));
        String spelled = option.names().length == 1 ? names
                : quoted("(" + String.join(" ", option.names()) + ")") + "{" + names + "}";
        String description = String.join(" ", option.description()).replaceAll("([\\[\\]:\\\\])", "\\\\$1");
        String value = switch (kind(option)) {
            case FILE -> ":file:_files";
            case FOLDER -> ":folder:_files -/";
            default -> values(option).isEmpty() ? ": : " : ":value:(" + values(option) + ")";
        };
        return spelled + quoted("[" + description + "]" + (takesValue(option) ? value : ""));
    }

    private static final String ZSH_END = """
              esac
            }
            if [[ $funcstack[1] == _samlocal ]]; then _samlocal "$@"; else compdef _samlocal samlocal; fi
            """;

    private String fish() {
        StringBuilder script = new StringBuilder("# samlocal completion fish\n");
        script.append(FISH_START.formatted(FUNCTIONS.formatted("", "$template", "").strip()));
        script.append("function __samlocal_events\n  switch (commandline -opc)[-1]\n");
        events().forEach((word, words) -> script.append("    case ").append(word).append("\n      printf '%s\\n' ")
                .append(words).append('\n'));
        script.append("  end\nend\ncomplete -c samlocal -f\n");
        commands().forEach(command -> script.append(fishCommand(command)));
        fishOptions(root.getCommandSpec(), "not __fish_seen_subcommand_from " + names(), script);
        commands().forEach(command ->
                fishOptions(command, "__fish_seen_subcommand_from " + command.name(), script));
        return script.toString();
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

    private static void fishOptions(CommandSpec command, String condition, StringBuilder script) {
        for (OptionSpec option : options(command)) {
            script.append("complete -c samlocal -n ").append(fishQuoted(condition));
            for (String name : option.names()) {
                script.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("-+", ""));
            }
            script.append(fishValue(option)).append(" -d ")
                    .append(fishQuoted(String.join(" ", option.description()))).append('\n');
        }
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

    private static final String FISH_START = """
            function __samlocal_functions
              set -l words (commandline -opc)
              set -l template template.yaml
              for i in (seq (count $words))
                switch $words[$i]
                  case -t --template --template-file
                    set -q words[(math $i + 1)]; and set template $words[(math $i + 1)]
                  case '--template=*' '--template-file=*'
                    set template (string replace -r '^[^=]*=' '' -- $words[$i])
                end
              end
              %s
            end
            """;
}
