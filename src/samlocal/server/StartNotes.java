package samlocal.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import samlocal.base.Place;
import samlocal.http.ServerAddress;
import samlocal.http.StaticFiles;
import samlocal.sam.Api;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.Project;
import samlocal.sam.Route;

/** What the first screen shows below the routes: how to reach what has no route, and where the rest comes from. */
record StartNotes(Config config, ServerAddress address, StaticFiles files, Optional<String> inspector) {
    List<String> of(Project project) {
        List<String> notes = new ArrayList<>();
        List<String> direct = !config.servesApis() ? List.of() : project.functionsWithoutRoute().stream()
                .filter(function -> function.unsupportedReason() == null).map(FunctionDefinition::id).toList();
        if (!direct.isEmpty()) {
            notes.add("functions without a route: " + String.join(", ", direct) + "   try: samlocal invoke "
                    + direct.get(0));
        }
        List<String> apis = project.routes().stream().map(Route::api).filter(api -> !api.isUrl()).map(Api::name)
                .distinct().map(address::urlOf).toList();
        if (apis.size() > 1) notes.add("separate APIs: " + String.join(", ", apis));
        files.shown().ifPresent(folder -> notes.add("static files: " + Place.display(folder)));
        project.layers().forEach(layer -> notes.add("layer " + layer.id() + ": " + Place.display(layer.content())));
        project.modulesOfAssets().forEach(module -> notes.add("sources instead of the asset in the CDK's output: "
                + Place.display(module)));
        inspector.ifPresent(page -> notes.add("inspector: " + page));
        if (config.variables() != null) notes.add("variables: " + Place.display(config.variables()));
        if (config.servesApis() && !config.rules().authorizes()) notes.add("authorizers: disabled");
        return notes;
    }
}
