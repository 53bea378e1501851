package samlocal.lambda;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import samlocal.compile.Codebase;

/**
 * The execution environments of a function, those of each tenant apart: none serves two tenants (Lambda Developer
 * Guide, "Tenant isolation"). A function without tenant isolation has one tenant, an empty string.
 */
final class TenantEnvironments {
    /** Limit of tenants whose idle environments are kept: the most recent ones. */
    private static final int MOST_TENANTS = 20;
    private final Supplier<Environments> pools;
    private final Map<String, Environments> byTenant = new LinkedHashMap<>(16, 0.75f, true);
    private boolean isRetired;

    TenantEnvironments(Supplier<Environments> pools) {
        this.pools = pools;
    }

    /** The environments of a tenant, which may be null. */
    Environments of(String tenant) {
        String key = tenant == null ? "" : tenant;
        Environments found;
        Environments superfluous = null;
        synchronized (this) {
            found = byTenant.computeIfAbsent(key, each -> pools.get());
            if (isRetired) {
                superfluous = byTenant.remove(key);
            } else if (byTenant.size() > MOST_TENANTS) {
                Iterator<Environments> eldest = byTenant.values().iterator();
                superfluous = eldest.next();
                eldest.remove();
            }
        }
        if (superfluous != null) superfluous.retire();
        return found;
    }

    synchronized boolean areNone() {
        return byTenant.values().stream().allMatch(Environments::areNone);
    }

    Stream<Environments.Idle> idle() {
        return pools().flatMap(each -> each.idle().stream());
    }

    private synchronized Stream<Environments> pools() {
        return List.copyOf(byTenant.values()).stream();
    }

    /** Ends idle environments whose code is older than a build. */
    void renew(Codebase.Build build) {
        pools().forEach(each -> each.renew(build));
    }

    /** Ends idle environments; busy ones end after their request. */
    void retire() {
        Map<String, Environments> ended;
        synchronized (this) {
            isRetired = true;
            ended = Map.copyOf(byTenant);
            byTenant.clear();
        }
        ended.values().forEach(Environments::retire);
    }
}
