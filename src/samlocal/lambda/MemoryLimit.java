package samlocal.lambda;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import samlocal.terminal.Console;

/**
 * Ends idle execution environments when memory is short: when objects and classes in use take more than three quarters
 * of the maximum heap size. Those that have been idle longest end first, a quarter of them at a time; the next request
 * for such a function is a cold start.
 */
public final class MemoryLimit {
    private static final double SHARE = 0.75;
    private static final int PARTS = 4;
    private final Supplier<Collection<LambdaFunction>> functions;
    private final Console console;
    private final long mostBytes = (long) (Runtime.getRuntime().maxMemory() * SHARE);
    /** The pools without those of new objects, which may be full of garbage. */
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported()
                    || pool.getName().equals("Metaspace")).toList();
    private boolean isReported;

    public MemoryLimit(Supplier<Collection<LambdaFunction>> functions, Console console) {
        this.functions = functions;
        this.console = console;
    }

    /** Ends idle environments if memory is short. */
    public synchronized void enforce() {
        if (usedBytes() <= mostBytes) return;
        List<Environments.Idle> idle = functions.get().stream().flatMap(LambdaFunction::idle)
                .sorted(Comparator.comparingLong(Environments.Idle::nanos).reversed()).toList();
        if (idle.isEmpty()) return;
        System.gc(); // part of it may be garbage, such as that of environments that have ended
        if (usedBytes() <= mostBytes) return;
        long ended = idle.stream().limit((idle.size() + PARTS - 1) / PARTS).filter(Environments.Idle::release).count();
        if (ended > 0 && !isReported) report();
        isReported |= ended > 0;
    }

    private long usedBytes() {
        return pools.stream().mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    private void report() {
        console.note("memory is short: idle functions are ended, and start again on their next request; for more memory"
                + ", set JAVA_TOOL_OPTIONS=-Xmx" + (Runtime.getRuntime().maxMemory() >> 19) + "m");
    }
}
