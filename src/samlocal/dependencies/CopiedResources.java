package samlocal.dependencies;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import samlocal.base.Json;

/**
 * Resources that a build copies into one folder, some of them filtered: names in them are replaced by values.
 *
 * @param module the folder of the module
 * @param groups in the order in which they are copied
 * @param values of names in filtered files; system properties and {@code env.*} are not among them
 */
public record CopiedResources(Path module, List<Group> groups, Map<String, String> values, Syntax syntax) {
    /**
     * A {@code <resource>} of a pom.
     *
     * @param folder where the files are
     * @param target the folder among the copies, relative; empty for the topmost
     * @param includes patterns of Ant; if empty, all files
     */
    public record Group(Path folder, String target, boolean isFiltered, List<String> includes, List<String> excludes) {
        boolean isPlain() {
            return !isFiltered && target.isEmpty() && includes.isEmpty() && excludes.isEmpty();
        }
    }

    /**
     * How files are filtered.
     *
     * @param delimiters such as <code>${*}</code>, where the star stands for the name, or {@code @} for both ends
     * @param escape before a delimiter that is kept; empty if there is none
     * @param encoding of filtered files
     * @param propertiesEncoding of those that end in {@code .properties}
     * @param unfiltered extensions of files that are copied as they are
     * @param isMultiLine whether both ends of a name may be on different lines
     */
    public record Syntax(List<String> delimiters, String escape, String encoding, String propertiesEncoding,
            List<String> unfiltered, boolean isMultiLine) {
    }

    /** Whether the copies equal the originals, so that the folders themselves can be used. */
    boolean isPlain() {
        return groups.stream().allMatch(Group::isPlain);
    }

    /** For {@link #of}. */
    Map<String, Object> json() {
        return Json.object("module", module.toString(), "groups", groups.stream().map(group ->
                Json.object("folder", group.folder.toString(), "target", group.target, "isFiltered", group.isFiltered,
                        "includes", group.includes, "excludes", group.excludes)).toList(), "values", values,
                "delimiters", syntax.delimiters, "escape", syntax.escape, "encoding", syntax.encoding,
                "propertiesEncoding", syntax.propertiesEncoding, "unfiltered", syntax.unfiltered,
                "isMultiLine", syntax.isMultiLine);
    }

    /** @throws ClassCastException or a {@code NullPointerException} if it is not such a value */
    @SuppressWarnings("unchecked")
    static CopiedResources of(Object json) {
        Map<String, ?> all = (Map<String, ?>) json;
        List<Group> groups = ((List<Map<String, ?>>) all.get("groups")).stream().map(group -> new Group(
                Path.of((String) group.get("folder")), (String) group.get("target"),
                (Boolean) group.get("isFiltered"), (List<String>) group.get("includes"),
                (List<String>) group.get("excludes"))).toList();
        return new CopiedResources(Path.of((String) all.get("module")), groups,
                (Map<String, String>) all.get("values"),
                new Syntax((List<String>) all.get("delimiters"), (String) all.get("escape"),
                        (String) all.get("encoding"), (String) all.get("propertiesEncoding"),
                        (List<String>) all.get("unfiltered"), (Boolean) all.get("isMultiLine")));
    }
}
