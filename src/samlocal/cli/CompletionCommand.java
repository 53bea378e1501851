package samlocal.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Prints a completion script. */
@Command(name = "completion", description = "print a completion script for a shell",
        footer = {"", "Examples:", "  source <(samlocal completion bash)    in ~/.bashrc",
            "  source <(samlocal completion zsh)     in ~/.zshrc, after compinit",
            "  samlocal completion fish > ~/.config/fish/completions/samlocal.fish"})
final class CompletionCommand implements Callable<Integer> {
    @ParentCommand private Cli cli;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish")
    private Completion.Shell shell;

    @Override public Integer call() {
        cli.console().print(new Completion(cli.commands).script(shell));
        return 0;
    }
}
