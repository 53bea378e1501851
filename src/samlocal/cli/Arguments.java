package samlocal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.template.Value;

/**
 * The words of a command line in the order picocli expects, the command first, followed by the options that are not
 * given there: from environment variables, else from a samconfig file.
 */
final class Arguments {
    private static final Map<String, List<String>> VARIABLES = Map.of(
            "--template-file", List.of("SAM_TEMPLATE_FILE"), "--debug", List.of("SAM_DEBUG"),
            "--debug-port", List.of("SAM_DEBUG_PORT"), "--debug-args", List.of("DEBUGGER_ARGS"),
            "--region", List.of("AWS_REGION", "AWS_DEFAULT_REGION"));
    /** The section names of {@code sam} by command; commands without one use the section of start-api. */
    private static final Map<String, String> SECTIONS = Map.of("samlocal", "local_start_api",
            "start-api", "local_start_api", "start-lambda", "local_start_lambda", "invoke", "local_invoke");
    /** Options that choose where to save, which are not saved themselves. */
    private static final Set<String> NEVER_SAVED = Set.of("--save-params", "--config-file", "--config-env");
    private final CommandLine commands;
    private final Map<String, String> environment;
    private final List<Problem> warnings = new ArrayList<>();
    private final Map<OptionSpec, Setting> settings = new LinkedHashMap<>();
    private ParseResult given;

    /**
     * The values of an option that is not on the command line; {@code place} is null if they come from the environment.
     */
    private record Setting(OptionSpec option, List<String> texts, Place place, String origin) {
        Stream<String> words() {
            if (option.arity().max() > 0) return texts.stream().flatMap(text -> Stream.of(option.longestName(), text));
            return SamConfig.isTrue(texts.get(0)) ? Stream.of(option.longestName()) : Stream.empty();
        }

        @Override public String toString() {
            return option.longestName() + " " + String.join(" ", texts) + " from " + origin;
        }
    }

    Arguments(CommandLine commands, Map<String, String> environment) {
        this.commands = commands;
        this.environment = environment;
    }

    /** The parse result of the innermost command. */
    static ParseResult last(ParseResult parsed) {
        return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
    }

    /** All long names of the options shown by help. */
    static List<String> shownNames(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden())
                .flatMap(Arguments::longNames).toList();
    }

    /** The innermost command, as far as the words could be parsed. */
    CommandSpec command() {
        return given == null ? commands.getCommandSpec() : given.commandSpec();
    }

    /** Problems that do not stop a command. */
    List<Problem> warnings() {
        return warnings;
    }

    /** The origin of each option, for {@code --debug}. */
    List<String> origins() {
        return settings.values().stream().map(Setting::toString).toList();
    }

    /** The place of an option's value in a samconfig file. */
    Optional<Place> origin(ArgSpec option) {
        return settings.values().stream().filter(each -> each.option().equals(option)).findFirst()
                .map(Setting::place);
    }

    /**
     * Parses the words and adds options from the environment and from samconfig files.
     *
     * @throws ParameterException if the words are not a valid command line
     * @throws Fault if a samconfig file cannot be used
     */
    ParseResult parse(List<String> words) {
        List<String> ordered = commandFirst(words);
        ParseResult parsed = commands.parseArgs(ordered.toArray(new String[0]));
        given = last(parsed);
        boolean asksForHelp = given.isUsageHelpRequested() || given.isVersionHelpRequested();
        if (asksForHelp || ProjectOptions.of(given.commandSpec()).isEmpty()) return parsed;
        given.commandSpec().options().forEach(this::fromEnvironment);
        fromFile();
        int end = ordered.indexOf("--") < 0 ? ordered.size() : ordered.indexOf("--");
        ordered.addAll(end, settings.values().stream().flatMap(Setting::words).toList());
        return settings.isEmpty() ? parsed : commands.parseArgs(ordered.toArray(new String[0]));
    }

    /**
     * Moves the command to the front, so that options before it belong to it, and drops the {@code local} of {@code
     * sam}.
     */
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

    /** The position after the word and, if it is an option, after its values. */
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

    private void fromEnvironment(OptionSpec option) {
        if (given.hasMatchedOption(option)) return;
        VARIABLES.getOrDefault(option.longestName(), List.of()).stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty()).findFirst()
                .ifPresent(name -> settings.put(option,
                        new Setting(option, List.of(environment.get(name)), null, "the environment variable " + name)));
    }

    private void fromFile() {
        Path set = settings.values().stream().filter(each -> each.option().longestName().equals("--template-file"))
                .findFirst().map(each -> Path.of(each.texts().get(0))).orElse(null);
        Path file = given.matchedOptionValue("--config-file", null);
        String name = given.matchedOptionValue("--config-env", "default");
        String command = given.commandSpec().name();
        String section = SECTIONS.getOrDefault(command, "local_start_api");
        SamConfig.find(given.matchedOptionValue("--template-file", set), file, warnings).ifPresent(config -> {
            config.settings(name, section, warnings).forEach((key, value) -> fromFile(config, key, value));
            if (SECTIONS.containsKey(command)) config.warnOfUnknown(name, section, keys(), warnings);
            config.warnOfUnread(name, warnings);
        });
    }

    private List<String> keys() {
        return given.commandSpec().options().stream().flatMap(Arguments::longNames).map(Arguments::key).toList();
    }

    private static String key(String option) {
        return option.substring(2).replace('-', '_');
    }

    private void fromFile(SamConfig config, String key, Value value) {
        given.commandSpec().options().stream().filter(each -> longNames(each).anyMatch(name -> key(name).equals(key)))
                .filter(option -> !given.hasMatchedOption(option) && !settings.containsKey(option)).findFirst()
                .ifPresent(option ->
                        settings.put(option, new Setting(option, config.texts(key, value, option),
                                value.place(), String.valueOf(value.place()))));
    }

    private static Stream<String> longNames(OptionSpec option) {
        return Arrays.stream(option.names()).filter(name -> name.startsWith("--"));
    }

    /** Writes the options of the command line to a samconfig file and returns the file's name. */
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
