package samlocal.lambda;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
    private final List<GarbageCollectorMXBean> collectors =
            ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP || pool.getName().equals("Metaspace")).toList();
    private long collections;
    private boolean isReported;

    public MemoryLimit(Supplier<Collection<LambdaFunction>> functions, Console console) {
        this.functions = functions;
        this.console = console;
    }

    /** Ends idle environments if memory is short. Cheap unless garbage has been collected since the last call. */
    public synchronized void enforce() {
        long now = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
        if (now == collections) return;
        collections = now;
        if (afterCollection() <= mostBytes) return;
        List<Environments.Idle> idle = functions.get().stream().flatMap(LambdaFunction::idle)
                .sorted(Comparator.comparingLong(Environments.Idle::nanos).reversed()).toList();
        if (idle.isEmpty()) return;
        System.gc(); // the last collection may have left garbage
        if (sum(MemoryPoolMXBean::getUsage) <= mostBytes) return;
        long ended = idle.stream().limit((idle.size() + PARTS - 1) / PARTS).filter(Environments.Idle::release).count();
        if (ended > 0 && !isReported) report();
        isReported |= ended > 0;
    }

    /** The bytes in use after the last collection. */
    private long afterCollection() {
        return collectors.stream().map(GarbageCollectorMXBean::getLastGcInfo).filter(Objects::nonNull)
                .max(Comparator.comparingLong(GcInfo::getEndTime)).map(GcInfo::getMemoryUsageAfterGc)
                .map(after -> sum(pool -> after.get(pool.getName()))).orElse(0L);
    }

    private long sum(Function<MemoryPoolMXBean, MemoryUsage> usage) {
        return pools.stream().map(usage).mapToLong(MemoryUsage::getUsed).sum();
    }

    private void report() {
        console.note("memory is short: idle functions are ended, and start again on their next request; for more memory"
                + ", set JAVA_TOOL_OPTIONS=-Xmx" + (Runtime.getRuntime().maxMemory() >> 19) + "m");
    }
}
