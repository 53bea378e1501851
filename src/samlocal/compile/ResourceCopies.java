package samlocal.compile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.codehaus.plexus.util.DirectoryScanner;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.dependencies.CopiedResources;
import samlocal.files.Cache;
import samlocal.files.Scratch;
import samlocal.files.Stamp;
import samlocal.files.Watched;

/**
 * Copies resources to folders outside the project as a build does. A file is written again when it has changed, or what
 * it is filtered with. The same as maven-filtering 3.3.1, which Maven 3.9 uses.
 */
final class ResourceCopies {
    /** Where a copy came from. */
    private record Origin(Path file, Stamp stamp, boolean isFiltered) {
    }

    /** The copies of a module: names, with {@code /}, to their origins. */
    private static final class Copies {
        private final Path folder;
        private CopiedResources resources;
        private Map<String, Origin> origins = Map.of();

        Copies(Path folder) {
            this.folder = folder;
        }
    }

    private final Map<Path, Copies> modules = new HashMap<>();
    private final Consumer<String> notes;

    /** @param notes takes what is done differently from a build */
    ResourceCopies(Consumer<String> notes) {
        this.notes = notes;
    }

    /**
     * A folder with copies of the resources as they are now. It is the same folder for each module.
     *
     * @param look watches the originals
     * @throws Fault if they cannot be read
     */
    Path folder(CopiedResources resources, Watched.Look look) {
        try {
            Copies copies = modules.get(resources.module());
            if (copies == null) modules.put(resources.module(), copies = new Copies(Scratch.folder()));
            update(copies, resources, look);
            return copies.folder;
        } catch (IOException e) {
            throw Fault.project("cannot copy the resources of `" + Place.display(resources.module()) + "`: "
                    + Fault.reason(e));
        }
    }

    private void update(Copies copies, CopiedResources resources, Watched.Look look) throws IOException {
        Map<String, Origin> before = copies.origins;
        boolean isSame = resources.equals(copies.resources);
        Map<String, Origin> now = origins(resources, look);
        copies.resources = null; // all are written again if this fails
        copies.origins = now;
        for (String name : before.keySet()) {
            if (!now.containsKey(name)) Files.deleteIfExists(copies.folder.resolve(name));
        }
        for (Map.Entry<String, Origin> each : now.entrySet()) {
            Origin origin = each.getValue();
            boolean isCurrent = isSame && origin.equals(before.get(each.getKey())) && origin.stamp.isSettled();
            if (!isCurrent) Cache.write(copies.folder.resolve(each.getKey()), content(origin, resources));
        }
        copies.resources = resources;
    }

    /** Of originals for the same copy the first counts, unless a later one is filtered. */
    private static Map<String, Origin> origins(CopiedResources resources, Watched.Look look) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        for (CopiedResources.Group group : resources.groups()) {
            if (!Files.isDirectory(group.folder())) continue;
            for (String name : names(group)) {
                Path file = group.folder().resolve(name);
                Path copy = Path.of(group.target()).resolve(name).normalize();
                boolean isOutside = copy.isAbsolute() || copy.startsWith("..");
                Stamp stamp = look.stamp(file);
                if (isOutside || stamp == null) continue;
                Origin origin = new Origin(file, stamp, group.isFiltered() && isText(name, resources));
                origins.merge(copy.toString().replace('\\', '/'), origin,
                        (earlier, later) -> later.isFiltered ? later : earlier);
            }
        }
        return origins;
    }

    private static String[] names(CopiedResources.Group group) {
        DirectoryScanner scanner = new DirectoryScanner();
        scanner.setBasedir(group.folder().toFile());
        if (!group.includes().isEmpty()) scanner.setIncludes(group.includes().toArray(String[]::new));
        scanner.setExcludes(group.excludes().toArray(String[]::new));
        scanner.addDefaultExcludes();
        scanner.scan();
        return scanner.getIncludedFiles();
    }

    private static boolean isText(String name, CopiedResources resources) {
        String file = name.replaceFirst(".*[/\\\\]", "");
        String extension = file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return !resources.syntax().unfiltered().contains(extension);
    }

    private byte[] content(Origin origin, CopiedResources resources) throws IOException {
        byte[] bytes = Files.readAllBytes(origin.file);
        if (!origin.isFiltered) return bytes;
        CopiedResources.Syntax syntax = resources.syntax();
        boolean isProperties = origin.file.toString().toLowerCase(Locale.ROOT).endsWith(".properties");
        String encoding = isProperties ? syntax.propertiesEncoding() : syntax.encoding();
        try {
            Charset charset = Charset.forName(encoding);
            String text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new ResourceFilter(resources).filtered(text).getBytes(charset);
        } catch (CharacterCodingException | IllegalCharsetNameException | UnsupportedCharsetException e) {
            notes.accept(Place.display(origin.file) + " is not filtered, because it is not text in " + encoding
                    + ": exclude it from filtering, or name its encoding in project.build.sourceEncoding");
            return bytes;
        }
    }
}
