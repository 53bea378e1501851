package samlocal.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.UnmatchedArgumentException;
import picocli.CommandLine;

/** Prints the same help as {@code --help}. */
@Command(name = "help", description = "show help for a command")
final class HelpCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "the command; without it, lists all commands")
    private List<String> names = List.of();

    @Override public Integer call() {
        String name = names.isEmpty() ? "" : names.get(0);
        Map<String, CommandLine> known = cli.commands.getSubcommands();
        if (!name.isEmpty() && !known.containsKey(name)) {
            throw new UnmatchedArgumentException(cli.commands, List.of(name));
        }
        cli.console().print(known.getOrDefault(name, cli.commands).getUsageMessage());
        return 0;
    }
}
