package samlocal.compile;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Classes, and the texts that they were made from.
 *
 * @param texts sources, null where a text is not known any more
 * @param classes binary names to class files
 * @param origins binary names to the files that declare the classes; a generated class has none
 * @param folders with resources and classes that were made too
 * @param isSeparable whether a file's classes depend on that file and what it refers to, and can be made without
 *     the others
 */
record Output(Map<Path, String> texts, Map<String, byte[]> classes, Map<String, Path> origins,
        List<Path> folders, boolean isSeparable) {
    static final Output NONE = new Output(Map.of(), Map.of(), Map.of(), List.of(), true);

    /** Without the classes of some files. */
    Output without(Set<Path> files) {
        Map<String, byte[]> fewer = new HashMap<>(classes);
        fewer.keySet().removeIf(name -> files.contains(origins.get(name)));
        return new Output(texts, fewer, origins, folders, isSeparable);
    }

    /** With the classes that were made of the other files, which gives the classes of these texts. */
    Output joined(Output other, Map<Path, String> all) {
        Map<String, byte[]> more = new HashMap<>(classes);
        more.putAll(other.classes);
        Map<String, Path> from = new HashMap<>(origins);
        from.keySet().retainAll(classes.keySet());
        from.putAll(other.origins);
        return new Output(all, more, from, Stream.concat(folders.stream(), other.folders.stream()).toList(),
                isSeparable && other.isSeparable);
    }

    /** With other class files for the same texts. */
    Output woven(Map<String, byte[]> others) {
        return new Output(texts, others, origins, folders, false);
    }
}
