package samlocal.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import samlocal.inspector.InspectorData;

/**
 * What the inspector shows of the served project.
 *
 * @param title of the page
 * @param scheme of the APIs
 * @param port of the APIs
 * @param changes the number of changes so far
 */
record InspectorSubject(String title, String scheme, int port, Supplier<Gateway.Deployment> deployment,
        IntSupplier changes) {
    InspectorData.Subject current() {
        deployment.get(); // reads a changed template, which counts as a change
        int revision = changes.getAsInt(); // before the data, so that the page loads a later change with the next one
        Gateway.Deployment current = deployment.get();
        return new InspectorData.Subject(title, scheme, port, targets(current), current.functions().values(),
                current.problems(), revision);
    }

    private List<InspectorData.Target> targets(Gateway.Deployment current) {
        List<InspectorData.Target> targets = new ArrayList<>();
        current.byName().forEach((name, router) -> router.routes().forEach(route -> {
            String called = route.api().isUrl() ? route.function().replaceFirst(".*/", "") : route.api().name();
            if (!name.equalsIgnoreCase(called)) return;
            boolean isReached = current.router().routes().stream().filter(other ->
                    other.toString().equals(route.toString())).findFirst().filter(route::equals).isPresent();
            targets.add(new InspectorData.Target(route, isReached ? null : name + ".localhost:" + port));
        }));
        return targets;
    }
}
