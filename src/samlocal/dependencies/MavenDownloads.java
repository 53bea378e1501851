package samlocal.dependencies;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import samlocal.terminal.Console;

/** Tells what is being downloaded, now and then. */
final class MavenDownloads extends AbstractTransferListener {
    private static final long EVERY = TimeUnit.SECONDS.toNanos(2);
    private final Console console;
    private final String who;
    private int files;
    private long bytes;
    private long told;

    MavenDownloads(Console console, String who) {
        this.console = console;
        this.who = who;
    }

    @Override public synchronized void transferInitiated(TransferEvent event) {
        String name = event.getResource().getResourceName();
        if (told == 0) console.tell("download", "fetching what " + who + " needs");
        boolean isDue = told != 0 && System.nanoTime() - told > EVERY;
        String file = name.substring(name.lastIndexOf('/') + 1);
        if (isDue) console.tell("download", "  " + progress() + ", now " + file);
        if (told == 0 || isDue) told = System.nanoTime();
    }

    @Override public synchronized void transferSucceeded(TransferEvent event) {
        files++;
        bytes += event.getTransferredBytes();
    }

    private String progress() {
        return Console.count(files, "file") + String.format(Locale.ROOT, ", %.1f MB", bytes / 1e6);
    }

    synchronized void end() {
        if (told != 0) console.tell("download", "  fetched " + progress());
    }
}
