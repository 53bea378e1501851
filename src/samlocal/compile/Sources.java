package samlocal.compile;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.base.Problem;
import samlocal.dependencies.Builds;
import samlocal.dependencies.BuildModel;
import samlocal.files.LocalFiles;
import samlocal.files.FileText;
import samlocal.files.Jar;
import samlocal.files.Modules;
import samlocal.files.Stamp;
import samlocal.files.Watched;

/**
 * Finds the sources, resources and jars below a CodeUri and its layers. If there is a {@code src/main/java}, as in
 * Maven and Gradle, only its sources count; otherwise every Java file except JBang scripts.
 */
final class Sources {
    /**
     * Everything that a build depends on: equal snapshots need no new build.
     *
     * @param java sources and their texts
     * @param foreign sources of other languages of the JVM and their texts
     * @param others resources and jars
     * @param models of the modules among the roots
     */
    record Snapshot(Map<Path, String> java, Map<Path, String> foreign, Map<Path, Stamp> others,
            Folders folders, List<Jar> jars, List<BuildModel> models) {
        /** All sources and their texts. */
        Map<Path, String> texts() {
            if (foreign.isEmpty()) return java;
            Map<Path, String> texts = new TreeMap<>(java);
            texts.putAll(foreign);
            return texts;
        }

        /** The settings of a tool in the build files. */
        List<String> settings(String tool) {
            return models.stream().flatMap(model -> model.tools().getOrDefault(tool, List.of()).stream())
                    .distinct().toList();
        }

        /** The unresolved dependencies of the build files. */
        List<Problem> problems() {
            return models.stream().flatMap(model -> model.problems().stream()).toList();
        }
    }

    /**
     * Folders that a build depends on.
     *
     * @param classPath to run with
     * @param copies those of them that have only copies of resources
     * @param contents folders or a jar with what the deployed package has at its root, besides classes
     */
    record Folders(List<Path> classPath, List<Path> copies, List<Path> contents) {
        /** To compile with. */
        List<Path> compile() {
            return classPath.stream().filter(folder -> !copies.contains(folder)).toList();
        }
    }

    private static final int DEEPEST = 64;
    private static final int MAX_FILES = 100_000;
    private static final Pattern SOURCE = Pattern.compile(".*\\.(java|kt|scala|groovy)");
    private static final Pattern OUTSIDE = Pattern.compile(".*\\.class|lombok\\.config");
    private final Path code;
    private final List<Path> layers;
    private final Builds builds;
    private final Archives archives = new Archives();
    private final ResourceCopies copies;

    Sources(Path code, List<Path> layers, Builds builds) {
        this.code = code;
        this.layers = layers;
        this.builds = builds;
        this.copies = new ResourceCopies(builds::note);
    }

    /**
     * Scans the files on disk.
     *
     * @param look watches each file and folder that the result depends on
     * @throws Fault if a root does not exist
     */
    Snapshot scan(Watched.Look look) {
        Walk walk = new Walk(look);
        walk.root(code, List.of("lib", "java/lib"));
        walk.contents = walk.contents();
        layers.forEach(layer -> walk.root(layer, List.of("", "lib", "java/lib")));
        return walk.snapshot();
    }

    /** The folder of a snapshot's content; a jar is unpacked. */
    Path folder(Path content) {
        return Files.isDirectory(content) ? content : archives.files(content);
    }

    /** One walk through the roots. */
    private final class Walk extends SimpleFileVisitor<Path> {
        private final Watched.Look look;
        private final Map<Path, FileText> texts = new TreeMap<>();
        private final Map<Path, Stamp> others = new TreeMap<>();
        private final List<Path> folders = new ArrayList<>();
        private final List<Path> copied = new ArrayList<>();
        private final Set<Path> originals = new HashSet<>();
        private final List<Jar> jars = new ArrayList<>();
        private final List<BuildModel> models = new ArrayList<>();
        private final Set<Object> walked = new HashSet<>();
        private int found;
        private Path root;
        private List<Path> contents;

        Walk(Watched.Look look) {
            this.look = look;
        }

        /**
         * Creates the snapshot. JBang scripts are not part of the function, but libraries declared in comments of other
         * sources are.
         */
        Snapshot snapshot() {
            Map<Path, String> java = new TreeMap<>();
            Map<Path, String> foreign = new TreeMap<>();
            Charset encoding = BuildModel.encoding(models);
            texts.forEach((path, text) -> {
                boolean isScript = text.content().startsWith("///usr/bin/env jbang")
                        && text.content().contains(" main(");
                boolean isJava = path.toString().endsWith(".java");
                if (!isScript) (isJava ? java : foreign).put(path, text.in(encoding));
            });
            builds.declared(List.of(java, foreign)).ifPresent(models::add);
            return new Snapshot(java, foreign, others, new Folders(folders, copied, contents), jars, models);
        }

        /** Watches a folder or, if it does not exist, its nearest existing ancestor. */
        private void watch(Path folder) {
            Path existing = folder;
            while (existing != null && !Files.isDirectory(existing)) existing = existing.getParent();
            if (existing != null) look.text(existing);
        }

        void root(Path place, List<String> jarFolders) {
            if (!Files.isDirectory(place)) look.stamp(place);
            root = Files.isDirectory(place) ? place : archives.unpacked(place).orElse(place);
            if (!Files.isDirectory(root)) {
                jar(root);
                return;
            }
            List.of("", "src/main/java", "java").forEach(each -> watch(root.resolve(each)));
            BuildModel model = builds.of(root);
            if (model != null) copy(model);
            folders.add(root);
            if (model != null) module(model);
            if (model == null || !hasSources(model)) {
                Path main = root.resolve("src/main");
                walk(Files.isDirectory(main.resolve("java")) ? main : root);
            }
            jarFolders.forEach(folder -> jarsIn(root.resolve(folder)));
        }

        /** The content of the first root: its resources if it has a build file, else the folder itself. */
        private List<Path> contents() {
            if (folders.isEmpty()) return List.of(root);
            return models.isEmpty() ? List.copyOf(folders)
                    : folders.stream().filter(folder -> !folder.equals(root)).toList();
        }

        /** Before the module's folder, which may have the originals. */
        private void copy(BuildModel model) {
            originals.addAll(model.folders().originals());
            List<Path> made = model.folders().copied().stream().map(each -> copies.folder(each, look)).toList();
            copied.addAll(made);
            folders.addAll(made);
        }

        private static boolean hasSources(BuildModel model) {
            return model.folders().sources().stream().anyMatch(Files::isDirectory);
        }

        private void module(BuildModel model) {
            models.add(model);
            look.addAll(model.origin().files());
            model.folders().all().forEach(this::watch);
            model.folders().resources().stream().filter(Files::isDirectory).forEach(folders::add);
            model.folders().all().filter(Files::isDirectory)
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
            watch(folder);
            String[] names = folder.toFile().list((parent, name) -> name.endsWith(".jar"));
            if (names != null) Stream.of(names).sorted().map(folder::resolve).forEach(this::jar);
        }

        private void jar(Path file) {
            Stamp stamp = look.stamp(file);
            if (stamp == null && file.equals(root)) throw Fault.project("`" + Place.display(file) + "` is gone");
            Jar jar = new Jar(file, stamp);
            if (stamp != null && !jars.contains(jar)) jars.add(jar);
        }

        /** Visits each folder once, even if links lead to it several times. */
        @Override public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean isNew = attributes.fileKey() == null || walked.add(attributes.fileKey());
            if (!isNew || isPassedOver(folder)) return FileVisitResult.SKIP_SUBTREE;
            count();
            look.text(folder);
            boolean isResources = folder.endsWith("src/main/resources") && !originals.contains(folder);
            if (isResources && !folders.contains(folder)) folders.add(folder);
            return FileVisitResult.CONTINUE;
        }

        private void count() {
            if (++found > MAX_FILES) {
                throw Fault.project("`" + Place.display(root) + "` has more than " + MAX_FILES + " files and folders",
                        null, "set `CodeUri` to the function's own folder");
            }
        }

        /** Tests, build output and hidden folders are not part of a function. */
        private boolean isPassedOver(Path folder) {
            if (folder.equals(root) || folder.getFileName() == null) return false;
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
            count();
            if (!attributes.isRegularFile() || name.startsWith(".")) return FileVisitResult.CONTINUE;
            if (SOURCE.matcher(name).matches()) source(file);
            else if (OUTSIDE.matcher(name).matches() || isResource(file)) others.put(file, look.stamp(file));
            return FileVisitResult.CONTINUE;
        }

        private void source(Path file) {
            if (file.endsWith("module-info.java")) return;
            LocalFiles.require(file.getFileName().toString());
            FileText text = look.text(file);
            if (text.exists()) texts.put(file, text);
        }

        private boolean isResource(Path file) {
            return originals.stream().anyMatch(file::startsWith)
                    || folders.stream().anyMatch(folder -> folder != root && file.startsWith(folder));
        }

        /** A file or folder that cannot be read, or was deleted since it was listed, counts as missing. */
        @Override public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) throw e;
            LocalFiles.require(file.toString());
            return FileVisitResult.CONTINUE;
        }
    }
}
