package samlocal.compile;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compiles the files affected by an edit, so that the class files are the same as after compiling all files.
 *
 * <p>A file depends on the types whose simple names it mentions in any way (inlined constants and unused imports leave
 * no trace in a class file, but their names are in the text), and on the types reachable from those: a type's {@link
 * Header} contains the names of all types reachable through it. So an edit that changes a header, or adds or removes a
 * type, affects the files that mention its name or the name of a type through which it is reachable. Names are compared
 * regardless of packages and scopes, so moves, imports and shadowing need no special cases. Affected files are compiled
 * together with the edited ones, repeatedly until no further header changes. If that fails, all headers of affected
 * files count as changed before errors are reported.
 */
final class Increment {
    private final Compiler compiler;
    private final Output before;
    private final Map<Path, String> now;
    private final Set<Path> touched = new HashSet<>();
    private final Set<String> names = new HashSet<>();
    private final Map<String, Header> headersBefore = new HashMap<>();
    private int files;

    /** {@code before} is the last output, {@code now} the current sources. */
    Increment(Compiler compiler, Output before, Map<Path, String> now) {
        this.compiler = compiler;
        this.before = before.isSeparable() ? before : Output.NONE;
        this.now = now;
        Map<Path, String> texts = this.before.texts();
        Stream.of(texts, now).flatMap(each -> each.keySet().stream())
                .filter(path -> texts.get(path) == null || !texts.get(path).equals(now.get(path)))
                .forEach(touched::add);
    }

    /** Compiles, and returns the whole output or the errors. */
    Compiler.Result run() {
        while (true) {
            Output rest = before.without(touched);
            Map<Path, String> sources = new TreeMap<>(now);
            sources.keySet().retainAll(touched);
            Compiler.Result result = compiler.compile(sources, rest.classes());
            files += sources.size();
            boolean isAll = sources.size() == now.size();
            if (isAll || result.isSyntax() || !spreads(sources, rest, result)) return result.over(rest, now, files);
        }
    }

    /** The number of files that the compiler read, repeated reads included. */
    int files() {
        return files;
    }

    private boolean spreads(Map<Path, String> sources, Output rest, Compiler.Result result) {
        int size = touched.size();
        Map<String, byte[]> made = result.output().classes();
        Map<String, Header> headers = new HashMap<>();
        made.forEach((name, classFile) -> headers.put(name, Header.of(classFile)));
        if (!result.errors().isEmpty()) {
            suspectAll(sources);
        } else if (!result.output().isSeparable()) {
            touched.addAll(now.keySet());
        } else {
            findChanged(rest, headers);
            made.keySet().stream().filter(rest.classes()::containsKey).map(rest.origins()::get)
                    .forEach(touched::add);
        }
        touch(headers.values());
        return touched.size() > size;
    }

    /** Treats all types of the affected files as changed; a file without types may be the only one of its package. */
    private void suspectAll(Map<Path, String> sources) {
        names.addAll(compiler.declared(sources));
        before.origins().forEach((name, path) -> {
            if (touched.contains(path)) names.addAll(Header.words(name));
        });
        now.keySet().stream().filter(path -> !before.origins().containsValue(path)).forEach(touched::add);
    }

    private void findChanged(Output rest, Map<String, Header> made) {
        Set<String> was = new HashSet<>(before.classes().keySet());
        was.removeAll(rest.classes().keySet());
        Stream.of(was, made.keySet()).flatMap(Set::stream).distinct().forEach(name -> {
            Header old = was.contains(name) ? headerBefore(name) : null;
            Header young = made.get(name);
            if (!Objects.equals(old, young)) {
                Stream.of(old, young).filter(Objects::nonNull).forEach(each -> names.addAll(each.own()));
            }
        });
        Set<String> packages = packages(Stream.of(rest.classes().keySet(), made.keySet()));
        Set<String> packagesBefore = packages(Stream.of(before.classes().keySet()));
        Stream.of(packages, packagesBefore).flatMap(Set::stream)
                .filter(each -> packages.contains(each) != packagesBefore.contains(each))
                .forEach(each -> names.addAll(Header.words(each)));
    }

    private static Set<String> packages(Stream<Set<String>> classes) {
        Set<String> packages = new HashSet<>();
        classes.flatMap(Set::stream).forEach(name -> {
            int end = name.lastIndexOf('.');
            while (end > 0 && packages.add(name.substring(0, end))) end = name.lastIndexOf('.', end - 1);
        });
        return packages;
    }

    private Header headerBefore(String name) {
        return headersBefore.computeIfAbsent(name, each -> Header.of(before.classes().get(each)));
    }

    /** Adds the files that mention a changed name, or a type whose header leads to one. */
    private void touch(Collection<Header> made) {
        if (names.isEmpty()) return;
        Set<String> reached = new HashSet<>(names);
        List<Header> unreached = Stream.concat(before.classes().keySet().stream().map(this::headerBefore),
                made.stream()).filter(Objects::nonNull).toList();
        boolean grows = true;
        while (grows) {
            Map<Boolean, List<Header>> byLeading = unreached.stream().collect(Collectors.partitioningBy(header ->
                    !Collections.disjoint(header.mentioned(), reached)));
            byLeading.get(true).forEach(header -> reached.addAll(header.own()));
            unreached = byLeading.get(false);
            grows = !byLeading.get(true).isEmpty();
        }
        now.forEach((path, text) -> {
            if (!touched.contains(path) && Header.mentions(text, reached)) touched.add(path);
        });
    }
}
