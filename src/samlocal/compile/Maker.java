package samlocal.compile;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.dependencies.BuildModel;
import samlocal.dependencies.Builds;
import samlocal.dependencies.KotlinPlugins;
import samlocal.files.Jar;
import samlocal.files.Stamp;

/** Creates classes from stored output, from the last output and an edit, or from all sources. */
final class Maker {
    private static final Pattern INVOLVED = Pattern.compile(".*\\.class|lombok\\.config");
    private static final long QUIET_MILLIS = 1000;
    /** Number of files to compile in preparation for an edit. */
    private static final int MOST_PREPARED = 5;
    private final Executor later = CompletableFuture.delayedExecutor(QUIET_MILLIS, TimeUnit.MILLISECONDS);
    private final Languages languages;
    private final Lombok lombok;
    private final Weaver weaver;
    private final ClassStore store;
    private final int release;
    private Compiler compiler;
    private Compiler.Setup setup;
    private Output good = Output.NONE;
    private Runnable unstored;

    /** {@code name} identifies the stored output. */
    Maker(String name, int release, Builds builds) {
        this.languages = new Languages(builds);
        this.lombok = new Lombok(builds);
        this.weaver = new Weaver(builds);
        this.store = ClassStore.of(name);
        this.release = release;
    }

    /** The classes of the current sources. */
    Compiler.Result make(Sources.Snapshot found) {
        Compiler.Setup wanted = setup(found);
        if (setup == null || !wanted.equals(setup)) {
            renew(wanted);
            good = store.read(wanted.toString(), found.texts());
        }
        if (good.texts().equals(found.texts())) return new Compiler.Result(good, List.of(), false, 0);
        return found.foreign().isEmpty() ? edited(found) : mixed(found);
    }

    /** Prepares for the next edit: compiles some files, so that the libraries that they use are cached. */
    void prepare() {
        if (compiler == null || !good.isSeparable()) return;
        Map<Path, String> some = new TreeMap<>();
        good.texts().entrySet().stream().filter(each -> each.getValue() != null).limit(MOST_PREPARED)
                .forEach(each -> some.put(each.getKey(), each.getValue()));
        compiler.compile(some, good.without(some.keySet()).classes());
    }

    /** A compiler caches parsed jars, so changed jars need a new compiler. */
    private void renew(Compiler.Setup wanted) {
        if (compiler != null) compiler.close();
        compiler = new Compiler(wanted);
        setup = wanted;
    }

    private Compiler.Result edited(Sources.Snapshot found) {
        return kept(found, new Increment(compiler, good, found.java()).run());
    }

    /** Compilers of other languages read all sources at once. */
    private Compiler.Result mixed(Sources.Snapshot found) {
        Compiler.Result foreign = languages.compile(found);
        if (!foreign.errors().isEmpty()) return foreign;
        try (Compiler both = new Compiler(setup.with(foreign.output().folders().get(0)))) {
            return kept(found, both.compile(found.java(), Map.of())
                    .over(foreign.output(), found.texts(), foreign.files()));
        }
    }

    private Compiler.Result kept(Sources.Snapshot found, Compiler.Result result) {
        if (!result.errors().isEmpty()) return result;
        keep(woven(found, result.output()));
        return new Compiler.Result(good, List.of(), false, result.files());
    }

    private Output woven(Sources.Snapshot found, Output output) {
        boolean isWoven = found.models().stream().anyMatch(model -> model.tools().containsKey("aspectj"));
        if (!isWoven || output.classes().isEmpty()) return output;
        List<Path> classPath = Stream.concat(setup.folders().stream(), setup.jars().stream().map(Jar::path))
                .toList();
        return output.woven(weaver.weave(output.classes(), classPath,
                found.settings("aspectj").stream().map(Path::of).toList()));
    }

    private void keep(Output output) {
        String madeFor = setup.toString();
        Runnable writing = () -> store.write(madeFor, output);
        good = output;
        synchronized (store) {
            unstored = writing;
        }
        later.execute(() -> storeIf(writing));
    }

    /** Delays storing while edits follow one another. */
    private void storeIf(Runnable writing) {
        synchronized (store) {
            if (unstored == writing) store();
        }
    }

    /** Stores the last output, unless it is stored already. */
    void store() {
        synchronized (store) {
            if (unstored != null) unstored.run();
            unstored = null;
        }
    }

    private Compiler.Setup setup(Sources.Snapshot found) {
        List<BuildModel> models = found.models();
        int wanted = models.stream().mapToInt(model -> model.javac().release()).filter(each -> each > 0).findFirst()
                .orElse(release);
        Map<Path, Stamp> involved = new TreeMap<>(found.others());
        involved.keySet().removeIf(path -> !INVOLVED.matcher(path.getFileName().toString()).matches());
        List<String> options = models.stream().flatMap(model -> model.javac().options().stream()).distinct().toList();
        List<String> others = new ArrayList<>(found.settings(KotlinPlugins.TOOL));
        if (options.contains(Preview.OPTION)) others.add("preview " + Preview.isEnabled());
        return new Compiler.Setup(found.folders().compile(), involved,
                Dependencies.compileJars(found).stream().map(lombok::fitting).toList(),
                models.stream().flatMap(model -> model.libraries().processors().stream()).distinct().map(Jar::of)
                        .map(lombok::fitting).distinct().toList(),
                options, wanted, others);
    }
}
