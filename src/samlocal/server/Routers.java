package samlocal.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import samlocal.gateway.Router;
import samlocal.sam.Route;

/**
 * The routers of a deployment.
 *
 * @param all of all APIs together; of function URLs only without APIs, since a function URL matches every path
 * @param byName of each API, and of each function with a URL, by its logical id in small letters
 */
record Routers(Router all, Map<String, Router> byName) {
    static Routers of(List<Route> routes) {
        List<Route> ofApis = routes.stream().filter(route -> !route.api().isUrl()).toList();
        return new Routers(new Router(ofApis.isEmpty() ? routes : ofApis), byName(routes));
    }

    private static Map<String, Router> byName(List<Route> routes) {
        Map<String, List<Route>> byName = new LinkedHashMap<>();
        for (Route route : routes) {
            boolean isUrl = route.api().isUrl();
            Stream.of(route.api().id(), isUrl ? route.function() : route.api().id()).distinct().forEach(id ->
                    byName.computeIfAbsent(id.replaceFirst(".*/", "").toLowerCase(Locale.ROOT),
                            name -> new ArrayList<>()).add(route));
        }
        Map<String, Router> routers = new HashMap<>();
        byName.forEach((name, own) -> routers.put(name, new Router(own)));
        return routers;
    }
}
