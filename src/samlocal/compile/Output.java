package samlocal.compile;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Classes and the sources that they were compiled from.
 *
 * @param texts sources; a text that is no longer known is null
 * @param classes binary names to class files
 * @param origins binary names to the files that declare the classes; a generated class has none
 * @param folders folders with further generated resources and classes
 * @param isSeparable whether a file's classes depend only on that file and what it refers to, so files can be compiled
 *        separately
 */
record Output(Map<Path, String> texts, Map<String, byte[]> classes, Map<String, Path> origins,
        List<Path> folders, boolean isSeparable) {
    static final Output NONE = new Output(Map.of(), Map.of(), Map.of(), List.of(), true);

    /** Removes the classes of some files. */
    Output without(Set<Path> files) {
        Map<String, byte[]> fewer = new HashMap<>(classes);
        fewer.keySet().removeIf(name -> files.contains(origins.get(name)));
        return new Output(texts, fewer, origins, folders, isSeparable);
    }

    /** Adds the classes of the other files, so that the result is the output of all texts. */
    Output joined(Output other, Map<Path, String> all) {
        Map<String, byte[]> more = new HashMap<>(classes);
        more.putAll(other.classes);
        Map<String, Path> from = new HashMap<>(origins);
        from.keySet().retainAll(classes.keySet());
        from.putAll(other.origins);
        return new Output(all, more, from, Stream.concat(folders.stream(), other.folders.stream()).toList(),
                isSeparable && other.isSeparable);
    }

    /** Replaces the class files of the same texts. */
    Output woven(Map<String, byte[]> others) {
        return new Output(texts, others, origins, folders, false);
    }
}
