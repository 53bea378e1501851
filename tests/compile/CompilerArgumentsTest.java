import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The arguments that builds give to javac (maven-compiler-plugin's goal "compile", Gradle's JavaCompile). */
class CompilerArgumentsTest {
    private static final int HERE = Runtime.version().feature();
    /** A preview feature of Java 17 (JEP 406), and one of Java 23 to 25 (JEP 455, 488 and 507). */
    private static final String PREVIEW = HERE == 17 ? "switch ((Object) event) { case java.util.Map m -> 1; default -> 2; }"
            : "switch (event.size() + 1L) { case int i -> 1; default -> 2; }";

    private static ServerLocal.BuildModel.Javac javac(String name, String build) {
        try (TestProject project = TestProject.of("fn/" + name, build)) {
            PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
            ServerLocal.BuildModel model = new ServerLocal.Builds(true, false,
                    new ServerLocal.Console(silent, silent, "never")).of(project.path("fn"));
            assertEquals(List.of(), model.problems(), build);
            return model.javac();
        }
    }

    private static String pom(String properties, String configuration) {
        return "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>fn</artifactId>"
                + "<version>1</version><properties>" + properties + "</properties><build><plugins><plugin>"
                + "<artifactId>maven-compiler-plugin</artifactId><version>3.14.0</version><configuration>"
                + configuration + "</configuration></plugin></plugins></build></project>";
    }

    @Test void arguments_in_two_pieces_are_one_option() {
        String exports = "--add-exports=java.base/sun.security.x509=ALL-UNNAMED";
        String pieces = exports.replaceFirst("=", "</arg><arg>");
        for (String configuration : List.of("<compilerArgs><arg>" + exports + "</arg></compilerArgs>",
                "<compilerArgs><arg>-parameters</arg><arg>" + pieces + "</arg></compilerArgs>",
                "<compilerArgument>" + exports + "</compilerArgument>")) {
            assertTrue(javac("pom.xml", pom("", configuration)).options().contains(exports), configuration);
        }
        String list = "\"" + exports.replaceFirst("=", "\", \"") + "\"";
        for (String script : List.of("tasks.compileJava { options.compilerArgs.addAll(listOf(" + list + ")) }",
                "tasks.withType<JavaCompile>().configureEach { options.compilerArgs.addAll(arrayOf(" + list + ")) }",
                "tasks.withType<JavaCompile> { options.compilerArgs.add(\"" + exports + "\") }",
                "tasks.named<JavaCompile>(\"compileJava\") { options.compilerArgs = listOf(" + list + ") }",
                "tasks { compileJava { options.compilerArgs.plusAssign(\"" + exports + "\") } }",
                "tasks { compileJava { options.compilerArgs += \"" + exports + "\" } }")) {
            assertTrue(javac("build.gradle.kts", script).options().contains(exports), script);
        }
        for (String script : List.of("compileJava.options.compilerArgs << '" + exports + "'",
                "compileJava { options.compilerArgs += [" + list + "] }",
                "tasks.withType(JavaCompile) { options.compilerArgs.addAll([" + list + "]) }",
                "[compileJava, compileTestJava]*.options*.compilerArgs = [" + list + "]")) {
            assertTrue(javac("build.gradle", script).options().contains(exports), script);
        }
        assertEquals(11, javac("build.gradle", "compileJava.options.compilerArgs += ['--release', '11']").release());
        assertEquals(8, javac("pom.xml", pom("", "<compilerArgs><arg>-source</arg><arg>1.8</arg></compilerArgs>"))
                .release());
    }

    @Test void sources_are_read_in_the_encoding_of_the_build() throws IOException {
        String groovy = "[compileJava, compileTestJava]*.options*.encoding = 'ISO-8859-1'";
        String[][] builds = {
            {"pom.xml", pom("<project.build.sourceEncoding>ISO-8859-1</project.build.sourceEncoding>", "")},
            {"pom.xml", pom("<encoding>ISO-8859-1</encoding>", "")},
            {"pom.xml", pom("", "<encoding>ISO-8859-1</encoding>")},
            {"pom.xml", pom("", "<compilerArgs><arg>-encoding</arg><arg>ISO-8859-1</arg></compilerArgs>")},
            {"build.gradle", groovy},
            {"build.gradle", "tasks.withType(JavaCompile) { options.encoding = 'ISO-8859-1' }"},
            {"build.gradle", "compileJava.options.compilerArgs += ['-encoding', 'ISO-8859-1']"},
            {"build.gradle.kts", "tasks.withType<JavaCompile> { options.encoding = \"ISO-8859-1\" }"},
            {"build.gradle.kts", "tasks.compileJava { options.encoding = Charsets.ISO_8859_1.name() }"},
            {"build.gradle.kts", "tasks.named<JavaCompile>(\"compileJava\") { options.encoding = \"ISO-8859-1\" }"}};
        for (String[] build : builds) {
            try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "shop.App::handle",
                    "fn", "/x"), "fn/" + build[0], build[1], "fn/src/main/java/shop/App.java", "")) {
                Files.writeString(project.path("fn/src/main/java/shop/App.java"), "package shop;\n"
                        + TestProject.handler("App", "\"gr\u00fc\u00dfe\""), StandardCharsets.ISO_8859_1);
                assertEquals("gr\u00fc\u00dfe", project.start().body("/x"), build[1]);
            }
        }
    }

    private static String[] previewing(String build, String code) {
        return new String[] {"template.yaml", TestProject.function("Fn", "shop.App::handle", "fn", "/x"),
            "fn/" + (build.startsWith("<") ? "pom.xml" : "build.gradle"), build, "fn/src/main/java/shop/App.java",
            "package shop; public class App { public int handle(java.util.Map<String, Object> event) { return " + code
            + "; } }"};
    }

    @Test void preview_features_run_on_the_jvm_of_their_release() throws IOException, InterruptedException {
        for (String build : List.of(
                pom("", "<release>" + HERE + "</release><compilerArgs><arg>--enable-preview</arg></compilerArgs>"),
                pom("<maven.compiler.release>" + HERE + "</maven.compiler.release>",
                "<enablePreview>true</enablePreview>"),
                "tasks.withType(JavaCompile) { options.compilerArgs += '--enable-preview'; options.release = " + HERE
                + " }")) {
            try (TestProject project = TestProject.of(previewing(build, PREVIEW))) {
                List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(), "-cp", System.getProperty("java.class.path"), "ServerLocal", "invoke", "Fn", "-t",
                        project.path("template.yaml").toString()));
                TestProject.Ran enabled = TestProject.run(project.folder(),
                        Map.of("JAVA_TOOL_OPTIONS", "--enable-preview"), "{}", command.toArray(String[]::new));
                assertEquals("1", enabled.out().strip(), enabled.err());
                TestProject.Ran disabled = TestProject.run(project.folder(), Map.of("JAVA_TOOL_OPTIONS", ""), "{}",
                        command.toArray(String[]::new));
                assertTrue(disabled.err().contains("the build enables preview features, and this JVM was started without"
                        + " them") && disabled.err().contains("JAVA_TOOL_OPTIONS=--enable-preview"), disabled.err());
            }
        }
    }

    @Test void preview_features_of_another_release_are_explained() {
        String build = pom("", "<release>11</release><compilerArgs><arg>--enable-preview</arg></compilerArgs>");
        try (TestProject project = TestProject.of(previewing(build, "switch (1) { case 1 -> 1; default -> 2; }")).start()) {
            String body = project.get("/x").body();
            assertTrue(body.contains("the build enables preview features of Java 11, and this is Java " + HERE), body);
        }
        try (TestProject project = TestProject.of(previewing(build, "1")).start()) {
            assertEquals("1", TestProject.cli("invoke", "Fn", "-t", project.path("template.yaml").toString()).out().strip());
        }
    }
}
