package samlocal.cli;

import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine;

/** Help fits a terminal of 80 columns; that of the program itself shows what is looked for first. */
final class HelpScreen {
    private static final int WIDTH = 80;
    private static final Set<String> FIRST_SHOWN = Set.of("--template-file", "--port", "--env-vars",
            "--parameter-overrides", "--debug-port", "--config-file", "--config-env", "--color", "--quiet", "--log",
            "--debug", "--help", "--version");

    private HelpScreen() {
    }

    static void layOut(CommandLine commands) {
        layOut(commands.getCommandSpec());
        commands.getSubcommands().values().forEach(command -> layOut(command.getCommandSpec()));
        commands.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpScreen::firstOptions);
    }

    private static void layOut(CommandSpec command) {
        command.usageMessage().width(WIDTH).sortOptions(false).abbreviateSynopsis(true)
                .parameterListHeading("%nArguments:%n").optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n").sectionMap()
                .put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, HelpScreen::sentence);
    }

    /** What is in small letters in the list of commands. */
    private static String sentence(CommandLine.Help help) {
        String text = String.join(" ", help.commandSpec().usageMessage().description());
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1)
                + (text.endsWith(".") ? "\n" : ".\n");
    }

    private static String firstOptions(CommandLine.Help help) {
        CommandLine.Help.Layout layout = help.createDefaultLayout();
        layout.addOptions(help.commandSpec().options().stream()
                .filter(option -> FIRST_SHOWN.contains(option.longestName())).toList(),
                help.createDefaultParamLabelRenderer());
        return layout.toString();
    }
}
