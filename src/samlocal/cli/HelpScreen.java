package samlocal.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine;
import samlocal.base.Resource;

/** Help for a terminal of 80 columns, with options in groups; the root command shows only the most common options. */
final class HelpScreen {
    private static final int WIDTH = 80;
    private static final Set<String> FIRST_SHOWN = Set.of("--template-file", "--port", "--env-vars",
            "--parameter-overrides", "--profile", "--debug-port", "--quiet", "--log", "--help", "--version");
    /** Names of options by the heading of their group. */
    private static final Map<String, List<String>> GROUPS = groups();

    private HelpScreen() {
    }

    private static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        Resource.text(HelpScreen.class, "option-groups.txt").lines().map(line -> line.split(": ", 2))
                .forEach(group -> groups.put(group[0], List.of(group[1].split(" "))));
        return groups;
    }

    /** Descriptions of options that differ in one command. */
    private static final class CommandTexts extends ListResourceBundle {
        @Override protected Object[][] getContents() {
            return new Object[][] {
                {"samlocal.start-lambda.port", "port; 0 picks a free one (default: 3001)"},
                {"samlocal.invoke.debug-port", "wait for a debugger on this port"},
                {"samlocal.invoke.quiet", "print only the response, function output and errors"}
            };
        }
    }

    static void layOut(CommandLine commands) {
        commands.setResourceBundle(new CommandTexts());
        layOut(commands.getCommandSpec());
        commands.getSubcommands().values().forEach(command -> {
            layOut(command.getCommandSpec());
            command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help ->
                    inGroups(help, help.commandSpec().options()));
        });
        commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help ->
                inGroups(help, help.commandSpec().options().stream()
                        .filter(option -> FIRST_SHOWN.contains(option.longestName())).toList()));
        List<String> sections = new ArrayList<>(commands.getHelpSectionKeys());
        List<String> ofCommands = List.of(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        sections.removeAll(ofCommands);
        sections.addAll(sections.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING), ofCommands);
        commands.setHelpSectionKeys(sections);
    }

    private static void layOut(CommandSpec command) {
        command.usageMessage().width(WIDTH).sortOptions(false).abbreviateSynopsis(true)
                .parameterListHeading("%nArguments:%n").commandListHeading("%nCommands:%n").sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, HelpScreen::sentence);
    }

    /** The description as a sentence; the list of commands shows it without capital and period. */
    private static String sentence(CommandLine.Help help) {
        String text = String.join(" ", help.commandSpec().usageMessage().description());
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
                + (text.endsWith(".") ? "\n" : ".\n");
    }

    private static String inGroups(CommandLine.Help help, List<OptionSpec> options) {
        StringBuilder text = new StringBuilder();
        GROUPS.forEach((heading, names) -> {
            List<OptionSpec> group = names.stream().flatMap(name -> options.stream().filter(option -> !option.hidden()
                    && option.longestName().equals(name))).toList();
            if (!group.isEmpty()) text.append(section(heading, help, group));
        });
        Set<String> known = GROUPS.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        List<OptionSpec> others = options.stream().filter(option -> !option.hidden()
                && !known.contains(option.longestName())).toList();
        return text + (others.isEmpty() ? "" : section("Options", help, others));
    }

    private static String section(String heading, CommandLine.Help help, List<OptionSpec> options) {
        CommandLine.Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(options, help.createDefaultParamLabelRenderer());
        return "\n" + heading + ":\n" + layout;
    }
}
