package samlocal.compile;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.dependencies.Builds;
import samlocal.dependencies.Recipe;
import samlocal.files.FileEvents;
import samlocal.files.FileText;
import samlocal.files.Jar;
import samlocal.files.Modules;
import samlocal.files.Stamp;

/**
 * Finds the sources, resources and jars below a CodeUri and its layers. Where there is a {@code src/main/java}, as
 * Maven and Gradle have it, that counts; elsewhere every Java file does, less JBang scripts such as this one.
 */
final class Sources {
    /**
     * Everything that a build depends on: equal snapshots need no new build.
     *
     * @param java sources and their texts
     * @param foreign sources of other languages of the JVM and their texts
     * @param others resources and jars
     * @param folders to be on the class path
     * @param recipes of the modules among the roots
     */
    record Snapshot(Map<Path, String> java, Map<Path, String> foreign, Map<Path, Stamp> others,
            List<Path> folders, List<Jar> jars, List<Recipe> recipes) {
        @Override public boolean equals(Object other) {
            return other instanceof Snapshot same && java.equals(same.java) && foreign.equals(same.foreign)
                    && others.equals(same.others) && folders.equals(same.folders) && jars.equals(same.jars)
                    && recipes.equals(same.recipes);
        }

        @Override public int hashCode() {
            return java.keySet().hashCode();
        }

        /** All sources and their texts. */
        Map<Path, String> texts() {
            if (foreign.isEmpty()) return java;
            Map<Path, String> texts = new TreeMap<>(java);
            texts.putAll(foreign);
            return texts;
        }

        /** What the build files tell a tool. */
        List<String> told(String tool) {
            return recipes.stream().flatMap(recipe -> recipe.tools().getOrDefault(tool, List.of()).stream())
                    .distinct().toList();
        }

        /** What the build files ask for and could not be had. */
        List<Problem> problems() {
            return recipes.stream().flatMap(recipe -> recipe.problems().stream()).toList();
        }
    }

    private static final int DEEPEST = 64;
    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|kt|scala|groovy)");
    private static final Pattern OUTSIDE = Pattern.compile(".*\\.class|lombok\\.config");
    /** What editors and systems write beside the files that are edited. */
    private static final Pattern PASSING = Pattern.compile("\\..*|.*~|\\d+|.*\\.(swp|tmp|bak|log)|.*___jb_\\w+___");
    private final Path code;
    private final List<Path> layers;
    private final Builds builds;
    private final Archives archives = new Archives();
    private volatile Look last;
    private volatile FileEvents.Folders folders;
    private volatile Few few;

    Sources(Path code, List<Path> layers, Builds builds) {
        this.code = code;
        this.layers = layers;
        this.builds = builds;
    }

    /**
     * What was found at one look.
     *
     * @param without the snapshot without its texts
     * @param pins files and folders whose changes the system does not tell
     */
    private record Look(Map<Path, FileText> texts, Snapshot without, Snapshot snapshot, Map<Path, Stamp> pins) {
        boolean isPinned() {
            return pins.entrySet().stream().allMatch(pin -> Objects.equals(Stamp.of(pin.getKey()), pin.getValue()));
        }
    }

    /**
     * Looks at the disk; only texts that may have changed are read.
     *
     * @throws Fault if a root is gone
     */
    Snapshot scan() {
        FileEvents.Changes changes = folders == null ? FileEvents.Changes.UNKNOWN : folders.take();
        Set<Path> paths = new HashSet<>(changes.paths());
        paths.removeIf(this::isPassing);
        boolean areTexts = last != null && !changes.areUnknown() && last.isPinned()
                && last.texts().keySet().containsAll(paths);
        Look next = areTexts ? reread(paths) : null;
        last = next != null ? next : look(folders);
        return last.snapshot();
    }

    /** The last look, with some of the texts as they are now; null if one of them is gone. */
    private Look reread(Set<Path> changed) {
        Map<Path, FileText> now = new HashMap<>(last.texts());
        for (Path path : changed) {
            Stamp stamp = Stamp.of(path);
            if (stamp == null || !Files.isRegularFile(path)) return null;
            try {
                now.put(path, FileText.read(path, stamp, null));
            } catch (IOException e) {
                return null;
            }
        }
        return look(now, last.without(), last.pins());
    }

    private boolean isPassing(Path path) {
        boolean isKnown = last == null || last.snapshot().others().containsKey(path)
                || last.snapshot().recipes().stream().anyMatch(recipe -> recipe.files().contains(path));
        return !isKnown && PASSING.matcher(path.getFileName().toString()).matches() && !Files.isDirectory(path);
    }

    /** Whether it is sure that nothing has happened since the last scan. */
    boolean isUnchanged() {
        FileEvents.Folders heard = folders;
        if (heard == null || heard.areTouched()) return false;
        Few known = few;
        Look look = last;
        boolean isKnown = known != null && known.look() == look;
        if (isKnown && known.areAsTheyWere()) return !heard.areTouched();
        Few now = isKnown && known.areMany() ? known : Few.of(look, heard);
        boolean isUnchanged = heard.areUntouched() && look.isPinned();
        if (isUnchanged) few = now;
        return isUnchanged;
    }

    /**
     * All files and folders of a look, where they are so few that looking at them is faster than to be told. They
     * are as they were if their stamps are, which are old enough to change with the next save.
     */
    private record Few(Look look, Map<Path, Stamp> stamps) {
        private static final int MOST = 16;

        /** Without stamps if they are many; null if one of them has just changed. */
        static Few of(Look look, FileEvents.Folders folders) {
            Snapshot snapshot = look.snapshot();
            List<Path> paths = Stream.of(folders.paths().stream(), look.texts().keySet().stream(),
                    look.pins().keySet().stream(), snapshot.others().keySet().stream(),
                    snapshot.jars().stream().map(Jar::path),
                    snapshot.recipes().stream().flatMap(recipe -> recipe.files().stream()))
                    .flatMap(each -> each).distinct().limit(MOST + 1).toList();
            if (paths.size() > MOST) return new Few(look, null);
            Map<Path, Stamp> stamps = new HashMap<>();
            paths.forEach(path -> stamps.put(path, Stamp.of(path)));
            boolean areOld = stamps.values().stream().allMatch(stamp -> stamp == null || stamp.isSettled());
            return areOld ? new Few(look, stamps) : null;
        }

        boolean areMany() {
            return stamps == null;
        }

        boolean areAsTheyWere() {
            if (areMany()) return false;
            for (Map.Entry<Path, Stamp> each : stamps.entrySet()) {
                // What is not there is asked for in a way that throws nothing.
                boolean isSame = each.getValue() == null ? !each.getKey().toFile().exists()
                        : each.getValue().equals(Stamp.of(each.getKey()));
                if (!isSame) return false;
            }
            return true;
        }
    }

    /** Whether something has happened, and has come to an end. */
    boolean hasSettled() {
        return folders != null && folders.haveSettled();
    }

    boolean hearsEvents() {
        return folders != null;
    }

    /** Makes the next scan a full one. */
    void forget() {
        if (folders != null) folders.mistrust();
    }

    /**
     * Whether another scan is needed: a full look finds what was not told, or events are heard from now on, where
     * the system tells them, and what they do not tell has to be pinned.
     */
    boolean differs(FileEvents events) {
        boolean isNew = folders == null && events.isOpen();
        FileEvents.Folders listening = isNew ? events.folders() : folders;
        boolean differs = differs(listening);
        boolean begins = isNew && listening.areTold();
        if (begins) folders = listening;
        if (listening != null && !listening.areTold()) folders = null;
        if (differs || begins) forget();
        return differs || begins;
    }

    private boolean differs(FileEvents.Folders listening) {
        try {
            return !look(listening).snapshot().equals(last.snapshot());
        } catch (Fault gone) {
            return true;
        }
    }

    private Look look(FileEvents.Folders listening) {
        Walk walk = new Walk(last == null ? Map.of() : last.texts(), listening);
        walk.root(code, List.of("lib", "java/lib"));
        layers.forEach(layer -> walk.root(layer, List.of("", "lib", "java/lib")));
        return look(walk.texts, new Snapshot(Map.of(), Map.of(), walk.others, walk.folders, walk.jars,
                walk.recipes), walk.pins);
    }

    /** The texts of JBang scripts do not count; what others declare in comments does. */
    private Look look(Map<Path, FileText> texts, Snapshot without, Map<Path, Stamp> pins) {
        Map<Path, String> java = new TreeMap<>();
        Map<Path, String> foreign = new TreeMap<>();
        Charset encoding = Recipe.encoding(without.recipes());
        texts.forEach((path, text) -> {
            boolean isScript = text.content().startsWith("///usr/bin/env jbang")
                    && text.content().contains(" main(");
            boolean isJava = path.toString().endsWith(".java");
            if (!isScript) (isJava ? java : foreign).put(path, text.in(encoding));
        });
        List<Recipe> recipes = Stream.concat(without.recipes().stream(), builds.declared(List.of(java, foreign))
                .stream()).toList();
        return new Look(texts, without, new Snapshot(java, foreign, without.others(), without.folders(),
                without.jars(), recipes), pins);
    }

    /** One look at the disk, root by root. */
    private final class Walk extends SimpleFileVisitor<Path> {
        private final Map<Path, FileText> known;
        private final FileEvents.Folders listening;
        private final Map<Path, FileText> texts = new HashMap<>();
        private final Map<Path, Stamp> others = new HashMap<>();
        private final Map<Path, Stamp> pins = new HashMap<>();
        private final List<Path> folders = new ArrayList<>();
        private final List<Jar> jars = new ArrayList<>();
        private final List<Recipe> recipes = new ArrayList<>();
        private Path root;

        /** With {@code listening}, which may be null, to be told of what happens from here on. */
        Walk(Map<Path, FileText> known, FileEvents.Folders listening) {
            this.known = known;
            this.listening = listening;
        }

        /** Where there is no such folder, to the one in which it or a folder above it would appear. */
        private void listen(Path folder) {
            if (listening == null) return;
            Path there = folder;
            while (there != null && !Files.isDirectory(there)) there = there.getParent();
            if (there != null) listening.add(there);
        }

        /** What is outside of the folders that are listened to has to be looked at. */
        private void pin(Path path) {
            if (listening != null) pins.put(path, Stamp.of(path));
        }

        void root(Path place, List<String> jarFolders) {
            pin(place);
            root = Files.isDirectory(place) ? place : archives.unpacked(place).orElse(place);
            if (!Files.isDirectory(root)) {
                jar(root);
                return;
            }
            folders.add(root);
            List.of("", "src", "src/main", "java", "src/main/java").forEach(each -> listen(root.resolve(each)));
            Recipe recipe = builds.of(root);
            if (recipe != null) module(recipe);
            if (recipe == null || !hasSources(recipe)) {
                Path main = root.resolve("src/main");
                walk(Files.isDirectory(main.resolve("java")) ? main : root);
            }
            jarFolders.forEach(folder -> jarsIn(root.resolve(folder)));
        }

        private static boolean hasSources(Recipe recipe) {
            return recipe.sources().stream().anyMatch(Files::isDirectory);
        }

        private void module(Recipe recipe) {
            recipes.add(recipe);
            recipe.files().forEach(this::listen);
            Stream.of(recipe.resources(), recipe.sources()).flatMap(List::stream).forEach(this::listen);
            recipe.resources().stream().filter(Files::isDirectory).forEach(folders::add);
            Stream.of(recipe.resources(), recipe.sources()).flatMap(List::stream).filter(Files::isDirectory)
                    .distinct().forEach(this::walk);
        }

        private void walk(Path folder) {
            try {
                Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), DEEPEST, this);
            } catch (IOException e) {
                throw Fault.project("cannot read `" + Place.display(folder) + "`: " + Fault.reason(e));
            }
        }

        private void jarsIn(Path folder) {
            listen(folder);
            File[] files = folder.toFile().listFiles((parent, name) -> name.endsWith(".jar"));
            if (files != null) Arrays.stream(files).sorted().map(File::toPath).forEach(this::jar);
        }

        private void jar(Path file) {
            Stamp stamp = Stamp.of(file);
            if (stamp == null && file.equals(root)) throw Fault.project("`" + Place.display(file) + "` is gone");
            if (listening != null && Files.isSymbolicLink(file)) pin(file);
            Jar jar = new Jar(file, stamp);
            if (stamp != null && !jars.contains(jar)) jars.add(jar);
        }

        @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (isPassedOver(folder)) return FileVisitResult.SKIP_SUBTREE;
            listen(folder);
            if (folder.endsWith("src/main/resources") && !folders.contains(folder)) folders.add(folder);
            return FileVisitResult.CONTINUE;
        }

        /** Tests, what a build wrote, and hidden folders are no part of a function. */
        private boolean isPassedOver(Path folder) {
            if (folder.equals(root)) return false;
            String name = folder.getFileName().toString();
            Path parent = folder.getParent();
            if (name.startsWith(".") || name.equals("node_modules")) return true;
            if (name.equals("target")) return Files.exists(parent.resolve("pom.xml"));
            if (name.equals("build") || name.equals("bin")) return isGradle(parent);
            boolean isTests = name.equals("test") && parent.endsWith("src")
                    && Modules.buildFile(parent.getParent()).isPresent();
            return isTests || parent.endsWith("src") && !name.equals("main")
                    && Files.isDirectory(parent.resolve("main"));
        }

        private static boolean isGradle(Path folder) {
            return Files.exists(folder.resolve("build.gradle")) || Files.exists(folder.resolve("build.gradle.kts"));
        }

        @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = file.getFileName().toString();
            if (listening != null && Files.isSymbolicLink(file)) pin(file);
            if (!attributes.isRegularFile() || name.startsWith(".")) return FileVisitResult.CONTINUE;
            if (SOURCE.matcher(name).matches()) source(file, attributes);
            else if (OUTSIDE.matcher(name).matches() || isResource(file)) others.put(file, Stamp.of(attributes));
            return FileVisitResult.CONTINUE;
        }

        private void source(Path file, BasicFileAttributes attributes) {
            if (file.endsWith("module-info.java")) return;
            try {
                texts.put(file, FileText.read(file, Stamp.of(attributes), known.get(file)));
            } catch (IOException e) {
                texts.remove(file);
            }
        }

        private boolean isResource(Path file) {
            return folders.stream().anyMatch(folder -> folder != root && file.startsWith(folder));
        }

        /** A file or folder that cannot be read, or is gone since it was listed, is as good as not there. */
        @Override public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) throw e;
            return FileVisitResult.CONTINUE;
        }
    }
}
