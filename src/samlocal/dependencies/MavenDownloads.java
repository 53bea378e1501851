package samlocal.dependencies;

import java.util.Locale;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import samlocal.terminal.Console;
import samlocal.terminal.Progress;

/** Shows the progress of resolving and downloading, and reports the total. */
final class MavenDownloads extends AbstractTransferListener {
    private final Console console;
    private final String who;
    private final Progress progress;
    private String current = "";
    private int files;
    private long bytes;

    /** {@code who} names in messages what needs the libraries. */
    MavenDownloads(Console console, String who) {
        this.console = console;
        this.who = who;
        this.progress = new Progress(console, "libraries of " + who, this::text);
    }

    private synchronized String text() {
        return current.isEmpty() ? "resolving the libraries of " + who
                : "downloading for " + who + ": " + amount() + ", now " + current;
    }

    @Override public synchronized void transferInitiated(TransferEvent event) {
        String name = event.getResource().getResourceName();
        current = name.substring(name.lastIndexOf('/') + 1);
    }

    @Override public synchronized void transferSucceeded(TransferEvent event) {
        files++;
        bytes += event.getTransferredBytes();
    }

    private String amount() {
        return Console.count(files, "file") + String.format(Locale.ROOT, ", %.1f MB", bytes / 1e6);
    }

    void end() {
        progress.close();
        if (files > 0) console.tell("download", "downloaded " + amount() + " for " + who);
    }
}
