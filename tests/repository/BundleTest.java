import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bundler: its output compiles to the same program, and unsupported sources are errors. */
class BundleTest {
    private static final String MAIN = """
            ///usr/bin/env jbang "$0" "$@" ; exit $?
            //JAVA 17+
            //SOURCES */*.java
            //FILES samlocal/base/=base/*.txt

            package samlocal;

            import samlocal.cli.Cli;

            /** The program. */
            public class ServerLocal {
                public static String main() {
                    return Cli.text();
                }
            }
            """;
    private static final String CLI = """
            package samlocal.cli;

            import java.util.List;
            import samlocal.base.Words;

            /** Says it. */
            @Deprecated
            public final class Cli {
                private Cli() {
                }

                public static String text() {
                    return String.join(" ", List.of(Words.WORDS, Kind.one.name()));
                }

                enum Kind {
                    one
                }
            }
            """;
    private static final String WORDS = """
            package samlocal.base;

            public class Words {
                public static final String WORDS = Resource.text(Words.class, "words.txt");
            }
            """;
    private static final String RESOURCE = """
            package samlocal.base;

            public final class Resource {
                public static String text(Class<?> beside, String name) {
                    throw new AssertionError();
                }
            }
            """;
    private static final Map<String, String> TREE = Map.of("ServerLocal.java", MAIN, "cli/Cli.java", CLI,
            "base/Words.java", WORDS, "base/Resource.java", RESOURCE, "base/words.txt", "caf\u00e9");

    @TempDir private Path folder;

    @Test void a_tree_becomes_one_class_with_everything_nested() throws Exception {
        String bundle = bundle();
        assertTrue(bundle.startsWith("///usr/bin/env jbang"), bundle);
        assertTrue(bundle.indexOf("//JAVA 17+") < bundle.indexOf("// GENERATED"), bundle);
        assertTrue(bundle.contains("// ---- src/samlocal/cli/Cli.java ---"), bundle);
        assertTrue(Stream.of("//SOURCES", "//FILES", "package ").noneMatch(bundle::contains), bundle);
        try (URLClassLoader loader = compiled("ServerLocal", bundle)) {
            assertEquals("caf\u00e9 one", loader.loadClass("ServerLocal").getMethod("main").invoke(null));
        }
    }

    @Test void the_bytes_depend_on_the_sources_alone() throws IOException {
        String first = bundle();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals(first, bundle());
        } finally {
            Locale.setDefault(before);
        }
        assertEquals(first, bundle("cli/Cli.java", CLI.replace("\n", "\r\n")));
    }

    @Test void a_difference_is_reported_by_its_first_line() {
        assertEquals(null, Bundle.difference("a\nb\n", "a\nb\n"));
        assertEquals("line 2\n  committed: b\n  from src:  c", Bundle.difference("a\nb\n", "a\nc\n"));
        assertEquals("line 2\n  committed: (end of file)\n  from src:  b", Bundle.difference("a", "a\nb"));
    }

    @Test void awkward_strings_survive() throws Exception {
        String big = "line \u2026 \\u0041 \"\"\" end\n".repeat(5000);
        List<String> texts = List.of("", "x", "no newline at the end", "a\\n\\u0041 \\\\u0041 \\s\n", "\\", "\"", "\"\"",
                "\"\"\" and \"\"\"\" and \"\n", "ends with a quote\"", "trailing  \nblank \n \n\n  indented\n",
                "tab\there\r\nCR LF\r\n\r", "\t\n\f\n\u2003\nspace\u2003\nend\u2003", "\u0000\b\u001b[0m\u007f\u0085\n",
                "\u2013 \u2026 \ud83d\ude00\n", "   all\n   indented\n", "blanks at the end   ", "\n", "\n\n a", big,
                "\ud83d\ude00".repeat(40_000), "\u0000".repeat(70_000), "x".repeat(65_535) + "\n" + "y".repeat(65_536));
        String source = texts.stream().map(Bundle::literal).collect(Collectors.joining(",\n",
                "public class Texts {\n    public static final String[] TEXTS = {\n", "\n    };\n}\n"));
        try (URLClassLoader loader = compiled("Texts", ascii(source))) {
            String[] read = (String[]) loader.loadClass("Texts").getField("TEXTS").get(null);
            assertArrayEquals(texts.toArray(), read, () -> "first difference at text " + Arrays.mismatch(
                    texts.toArray(), read));
        }
    }

    @Test void sources_that_would_change_meaning_are_rejected() {
        assertFails("samlocal/base/Cli.java: another type named `Cli` is in samlocal/cli/Cli.java",
                "base/Cli.java", "package samlocal.base;\nclass Cli {\n}\n");
        assertFails("samlocal/base/List.java: the type would shadow `import java.util.List;` of another file",
                "base/List.java", "package samlocal.base;\nclass List {\n}\n");
        assertFails("samlocal/base/A.java:2: wildcard import",
                "base/A.java", "package samlocal.base;\nimport java.util.*;\nclass A {\n}\n");
        assertFails("samlocal/base/A.java:3: fully qualified name `samlocal.cli.Cli`; import the type",
                "base/A.java", "package samlocal.base;\nclass A {\n    samlocal.cli.Cli cli;\n}\n");
        assertFails("samlocal/base/A.java:2: import only top-level types of ours, not their members",
                "base/A.java", "package samlocal.base;\nimport samlocal.cli.Cli.Kind;\nclass A {\n}\n");
        assertFails("samlocal/base/A.java:3: no file samlocal/base/none.txt",
                "base/A.java", reading("A.class, \"none.txt\""));
        assertFails("samlocal/base/A.java:3: write Resource.text(A.class, \"NAME\")",
                "base/A.java", reading("Words.class, \"words.txt\""));
        assertFails("samlocal/base/A.java: must declare exactly one top-level type, `A`",
                "base/A.java", "package samlocal.base;\nclass A {\n}\nclass B {\n}\n");
        assertFails("samlocal/other: not one of the packages (Bundle.PACKAGES has the list)",
                "other/A.java", "package samlocal.other;\nclass A {\n}\n");
        assertFails("`import java.awt.List;`, but another file has `import java.util.List;`",
                "server/A.java", "package samlocal.server;\nimport java.awt.List;\nclass A {\n    List list;\n}\n");
        assertFails("samlocal/base/A.java:3: `Module` would be hidden by samlocal/server/Module.java",
                "server/Module.java", "package samlocal.server;\nclass Module {\n}\n",
                "base/A.java", "package samlocal.base;\nclass A {\n    Module ofJavaLang;\n}\n");
        assertFails("samlocal/base/A.java:3: `Override` would be hidden by import x.Override;",
                "server/B.java", "package samlocal.server;\nimport x.Override;\nclass B {\n}\n",
                "base/A.java", "package samlocal.base;\nclass A {\n    @Override public int hashCode() { return 0; }\n}\n");
        assertFails("samlocal/base/A.java:2: ", "base/A.java", "package samlocal.base;\nclass A {");
    }

    private static String reading(String arguments) {
        return "package samlocal.base;\nclass A {\n    String a = Resource.text(" + arguments + ");\n}\n";
    }

    private void assertFails(String message, String... pathsAndTexts) {
        String reported = assertThrows(Bundle.BundleException.class, () -> bundle(pathsAndTexts)).getMessage();
        assertTrue(reported.contains(message), reported);
    }

    /** The bundle of the tree with these files added: path, text, path, text. */
    private String bundle(String... pathsAndTexts) throws IOException {
        Path sources = Files.createTempDirectory(folder, "src");
        for (Map.Entry<String, String> file : TREE.entrySet()) write(sources, file.getKey(), file.getValue());
        for (int i = 0; i < pathsAndTexts.length; i += 2) write(sources, pathsAndTexts[i], pathsAndTexts[i + 1]);
        return Bundle.of(sources);
    }

    private static void write(Path sources, String path, String text) throws IOException {
        Path file = sources.resolve("samlocal").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private URLClassLoader compiled(String name, String source) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-nowarn", "-d",
                folder.toString(), file.toString()));
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    }

    private static String ascii(String text) {
        return text.chars().mapToObj(c -> c < 0x80 ? String.valueOf((char) c)
                : String.format(Locale.ROOT, "\\u%04x", c)).collect(Collectors.joining());
    }
}
