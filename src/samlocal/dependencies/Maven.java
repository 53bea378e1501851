package samlocal.dependencies;

import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.Runtimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.files.Scratch;
import samlocal.terminal.Console;

/**
 * Reads poms as Maven does, with parents, BOMs, profiles, settings.xml and the local repository. The folders of sibling
 * modules are used instead of their artifacts. Maven's own libraries are loaded when the first pom is read.
 */
final class Maven {
    private final boolean offline;
    private final Path project;
    private final Console console;

    /** @param project the folder of the template, or null */
    Maven(boolean offline, Path project, Console console) {
        this.offline = offline;
        this.project = project;
        this.console = console;
    }

    /**
     * Resolves libraries with their dependencies. Each library is on its own line of a generated pom, so a problem with
     * a line is reported at the place of its library. The others are resolved even if one of them is incomplete, such
     * as one without a version.
     *
     * @param repositories URLs of repositories in addition to those of Maven's settings
     * @param who names in messages what needs the libraries
     */
    BuildModel read(List<Library> libraries, List<String> repositories, String who) {
        try {
            Path pom = Scratch.folder().resolve("pom.xml");
            if (libraries.isEmpty()) return BuildModel.standard(pom.getParent(), List.of(), List.of());
            Files.writeString(pom, Library.pom(libraries, repositories));
            BuildModel found = read(pom, who, MavenReactor.none());
            Set<Library> wrong = new HashSet<>();
            List<Problem> problems = found.problems().stream().map(problem -> {
                boolean isOurs = problem.place() != null && problem.place().file().equals(Place.display(pom));
                Optional<Library> library = libraries.stream()
                        .filter(each -> isOurs && each.isIn(problem.place().source())).findFirst();
                library.ifPresent(wrong::add);
                return new Problem(problem.message(), library.map(Library::place).orElse(isOurs ? null
                        : problem.place()), problem.hint());
            }).toList();
            List<Library> others = libraries.stream().filter(each -> !wrong.contains(each)).toList();
            boolean isNothing = found.libraries().all().findAny().isEmpty();
            if (isNothing && others.size() < libraries.size()) {
                BuildModel rest = read(others, repositories, who);
                return rest.withProblems(Stream.concat(problems.stream(), rest.problems().stream()).toList());
            }
            return found.withProblems(problems).readFrom(found.origin().files().stream()
                    .filter(file -> !file.startsWith(pom.getParent())).toList());
        } catch (IOException e) {
            throw Fault.project("cannot write to the folder for temporary files: " + Fault.reason(e));
        }
    }

    /** Reads a pom.xml; errors in it and libraries that cannot be found are among the model's problems. */
    BuildModel read(Path pom) {
        return read(pom, Place.display(pom), MavenReactor.around(pom.getParent(), project));
    }

    private BuildModel read(Path pom, String who, MavenReactor reactor) {
        Path module = pom.getParent();
        MavenDownloads downloads = new MavenDownloads(console, who);
        ContextOverrides overrides = ContextOverrides.create().withUserSettings(true).withBasedirOverride(module)
                .offline(offline).transferListener(downloads).build();
        try (eu.maveniverse.maven.mima.context.Context context = Runtimes.INSTANCE.getRuntime().create(overrides)) {
            List<Path> files = new ArrayList<>(List.of(pom, context.mavenUserHome().settingsXml()));
            BuildModel found;
            try {
                found = new MavenModule(MavenSession.of(context, reactor, offline), files).model(pom);
            } catch (Fault fault) {
                found = BuildModel.standard(module, files, fault.problems());
            }
            return found.problems().isEmpty() ? found : found.readFrom(Stream.concat(found.origin().files().stream(),
                    reactor.poms().stream()).distinct().toList());
        } catch (IllegalStateException e) {
            Problem problem = new Problem("cannot read Maven's settings: " + root(e).getMessage(), null, null);
            return BuildModel.standard(module, List.of(pom), List.of(problem));
        } finally {
            downloads.end();
        }
    }

    /** The root cause of an error. */
    static Throwable root(Throwable error) {
        return error.getCause() == null ? error : root(error.getCause());
    }
}
