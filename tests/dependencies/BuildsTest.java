import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** Unbuilt projects in the layout of their build tools, with the libraries of their build files. */
class BuildsTest {
    private static final String POM = """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>shop</groupId><artifactId>%s</artifactId><version>1</version>
              <properties><gson>2.13.2</gson><maven.compiler.release>17</maven.compiler.release></properties>
              <dependencies>
                %s
              </dependencies>
            </project>
            """;
    private static final String GSON = "<dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>"
            + "<version>${gson}</version></dependency>";
    private static final String JSON = handler("new com.google.gson.Gson().toJson(List.of(1, 2))");

    private static String handler(String expression) {
        return "package shop;\n" + TestProject.handler("App", expression);
    }

    private static String template(String code) {
        return TestProject.function("Fn", "shop.App::handle", code, "/x");
    }

    @Test void a_pom_gives_libraries_resources_and_sources() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", GSON),
                "fn/src/main/java/shop/App.java", handler("new com.google.gson.Gson().toJson(List.of(1, 2)) + new String("
                + "App.class.getResourceAsStream(\"/greeting.txt\").readAllBytes())"),
                "fn/src/main/resources/greeting.txt", "hello").start()) {
            assertEquals("[1,2]hello", project.body("/x"));
        }
    }

    @Test void sources_are_read_in_the_encoding_that_their_build_names() throws IOException {
        String pom = POM.formatted("fn", "");
        assertEquals(List.of(200, "gr\u00fc\u00dfe"), latin("pom.xml", pom.replace("<properties>",
                "<properties><project.build.sourceEncoding>ISO-8859-1</project.build.sourceEncoding>")));
        assertEquals(List.of(200, "gr\u00fc\u00dfe"), latin("build.gradle",
                "plugins { id 'java' }\ncompileJava.options.encoding = 'windows-1252'\n"));
        List<Object> refused = latin("pom.xml", pom);
        assertEquals(500, refused.get(0));
        assertTrue(refused.get(1).toString().contains("\"the file is not UTF-8 text: byte 0xFC; save it as UTF-8, or declare its"
                + " encoding in the build file\""), refused.toString());
        assertTrue(refused.get(1).toString().contains("\"line\":8,\"column\":46,"), refused.toString());
    }

    private static List<Object> latin(String buildFile, String build) throws IOException {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/" + buildFile, build)) {
            project.write("fn/src/main/java/shop/App.java", "");
            Files.writeString(project.path("fn/src/main/java/shop/App.java"), handler("\"gr\u00fc\u00dfe\""), ISO_8859_1);
            project.start();
            HttpResponse<String> answer = project.send("GET", "/x", null);
            return List.of(answer.statusCode(), answer.body());
        }
    }

    @Test void libraries_get_their_own_copy_of_the_serialization_library() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", GSON),
                "fn/src/main/java/shop/App.java", handler("Class.forName(\"com.amazonaws.services.lambda.runtime"
                + ".serialization.events.LambdaEventSerializers\").getClassLoader() == com.google.gson.Gson.class"
                + ".getClassLoader()")).start()) {
            assertEquals("true", project.body("/x"));
        }
    }

    @Test void a_container_image_runs_from_its_docker_context() {
        String template = """
                Resources:
                  Fn:
                    Type: AWS::Serverless::Function
                    Properties: {PackageType: Image, Events: {Any: {Type: Api, Properties: {Path: /x, Method: get}}}}
                    Metadata: {DockerContext: ./fn, Dockerfile: Dockerfile}
                """;
        try (TestProject project = TestProject.of("template.yaml", template, "fn/pom.xml", POM.formatted("fn", GSON),
                "fn/src/main/java/shop/App.java", JSON, "fn/Dockerfile", """
                FROM public.ecr.aws/sam/build-java17:latest as build-image
                RUN mvn -q clean install
                FROM public.ecr.aws/lambda/java:17
                CMD ["shop.Gone::handle"]
                """).start()) {
            assertEquals(502, project.get("/x").statusCode());
            project.write("fn/Dockerfile", "FROM public.ecr.aws/lambda/java:17\nCMD [ \"shop.App::handle\" ]\n");
            assertEquals("[1,2]", project.body("/x"));
            project.write("template.yaml", template.replace("Image,", "Image, ImageConfig: {Command: ['shop.App::gone']},"));
            assertEquals(502, project.get("/x").statusCode());
            project.write("fn/Dockerfile", "FROM public.ecr.aws/lambda/ruby:3.3\nCMD [\"app.handler\"]\n");
            assertEquals(501, project.get("/x").statusCode());
        }
    }

    @Test void an_unbuilt_artifact_is_compiled_from_its_module() {
        for (String code : List.of("fn/target/fn-1.jar", "fn/target/fn.zip", "fn/target/classes")) {
            try (TestProject project = TestProject.of("template.yaml", template(code), "fn/pom.xml",
                    POM.formatted("fn", GSON), "fn/src/main/java/shop/App.java", JSON).start()) {
                assertEquals("[1,2]", project.body("/x"), code);
            }
        }
    }

    @Test void required_modules_are_compiled_and_reloaded_too() {
        String core = "<dependency><groupId>shop</groupId><artifactId>core</artifactId><version>1</version></dependency>";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "pom.xml", POM.formatted("all", "")
                .replace("<properties>", "<packaging>pom</packaging><modules><module>fn</module><module>core</module>"
                + "</modules><properties>"), "fn/pom.xml", POM.formatted("fn", core), "core/pom.xml",
                POM.formatted("core", GSON), "core/src/main/java/shop/Core.java",
                "package shop; public class Core { public static String text() { return \"one\"; } }",
                "fn/src/main/java/shop/App.java", handler("Core.text() + new com.google.gson.Gson().toJson(1)")).start()) {
            assertEquals("one1", project.body("/x"));
            project.write("core/src/main/java/shop/Core.java",
                    "package shop; public class Core { public static String text() { return \"two\"; } }");
            assertEquals("two1", project.body("/x"));
        }
    }

    @Test void a_build_file_that_changes_is_read_again() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", ""),
                "fn/src/main/java/shop/App.java", JSON).start()) {
            assertEquals(500, project.get("/x").statusCode());
            project.write("fn/pom.xml", POM.formatted("fn", GSON));
            assertEquals("[1,2]", project.body("/x"));
        }
    }

    @Test void a_broken_pom_is_reported_and_reread_once_fixed() {
        String sibling = "<dependency><groupId>shop</groupId><artifactId>common</artifactId><version>1</version></dependency>";
        String common = POM.formatted("common", "");
        try (TestProject project = TestProject.of("template.yaml", template("fn"),
                "fn/pom.xml", POM.formatted("fn", sibling), "common/pom.xml", common,
                "common/src/main/java/shop/Word.java", "package shop; public class Word { public String say = \"hi\"; }",
                "fn/src/main/java/shop/App.java", handler("new Word().say")).start()) {
            assertEquals("hi", project.body("/x"));
            project.write("common/pom.xml", common.replace("<artifactId>common</", "<artifactId>common<"));
            String broken = project.get("/x").body();
            assertTrue(broken.contains("common/pom.xml\",\"line\":3"), broken);
            assertTrue(!broken.contains("cannot find"), broken);
            project.write("common/pom.xml", common);
            assertEquals("hi", project.body("/x"));
            project.write("common/pom.xml", common.replace("<version>1<", "<version>2<"));
            String other = project.get("/x").body();
            assertTrue(other.contains("common/pom.xml` is version 2 of it"), other);
            project.write("common/pom.xml", common);
            assertEquals("hi", project.body("/x"));
        }
    }

    @Test void a_restored_module_is_used_again() throws IOException {
        String sibling = "<dependency><groupId>shop</groupId><artifactId>lib</artifactId><version>1</version></dependency>";
        String root = POM.formatted("all", "").replace("<properties>",
                "<packaging>pom</packaging><modules><module>fn</module><module>lib</module></modules><properties>");
        String fn = POM.formatted("fn", sibling).replace("<groupId>shop</groupId><artifactId>fn", "<parent><groupId>shop"
                + "</groupId><artifactId>all</artifactId><version>1</version></parent><artifactId>fn");
        for (String[] files : new String[][] {
                {"pom.xml", root, "fn/pom.xml", fn, "lib/pom.xml", POM.formatted("lib", "")},
                {"settings.gradle", "include 'fn', 'lib'", "fn/build.gradle",
                    "dependencies {\n  implementation project(':lib')\n}", "lib/build.gradle", "dependencies { }"}}) {
            TestProject unstarted = TestProject.of(files).with("template.yaml", template("fn"))
                    .with("lib/src/main/java/shop/Word.java", "package shop; public class Word { public String say = \"hi\"; }")
                    .with("fn/src/main/java/shop/App.java", handler("new Word().say"));
            try (TestProject project = unstarted.start()) {
                assertEquals("hi", project.body("/x"));
                Files.move(project.path("lib"), project.path(".away"));
                String absent = project.get("/x").body();
                assertTrue(absent.contains("cannot find `shop:lib:1`") || absent.contains("no project at `"), absent);
                Files.move(project.path(".away"), project.path("lib"));
                assertEquals("hi", project.body("/x"));
                boolean isGradles = Files.exists(project.path("settings.gradle"));
                if (!isGradles) continue;
                Files.move(project.path("settings.gradle"), project.path("settings"));
                assertEquals(500, project.get("/x").statusCode());
                Files.move(project.path("settings"), project.path("settings.gradle"));
                assertEquals("hi", project.body("/x"));
            }
        }
    }

    @Test void a_gradle_project_configured_only_by_its_root_is_compiled() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "settings.gradle",
                "include 'fn', 'lib'", "build.gradle", "subprojects {\n  apply plugin: 'java'\n}", "fn/build.gradle",
                "dependencies {\n  implementation project(':lib')\n}", "lib/src/main/java/shop/Word.java",
                "package shop; public class Word { public String say = \"hi\"; }",
                "fn/src/main/java/shop/App.java", handler("new Word().say")).start()) {
            assertEquals("hi", project.body("/x"));
        }
    }

    @Test void generated_sources_are_used_once_they_exist() {
        String maven = POM.formatted("fn", "").replace("<dependencies>", "<build><plugins><plugin><groupId>org.apache.avro"
                + "</groupId><artifactId>avro-maven-plugin</artifactId><version>1.12.0</version><executions><execution><goals>"
                + "<goal>schema</goal></goals></execution></executions></plugin></plugins></build><dependencies>");
        String word = "package shop; public class Word { public String say = \"hi\"; }";
        for (String[] each : new String[][] {{"fn/pom.xml", maven, "fn/target/generated-sources/avro"},
                {"fn/build.gradle", "plugins { id 'java' }", "fn/build/generated/sources/avro/java/main"}}) {
            try (TestProject project = TestProject.of("template.yaml", template("fn"), each[0], each[1],
                    "fn/src/main/java/shop/App.java", handler("new Word().say")).start()) {
                assertEquals(500, project.get("/x").statusCode());
                assertEquals(each[1] == maven, project.console().contains("the sources that avro-maven-plugin generates"));
                project.write(each[2] + "/shop/Word.java", word);
                assertEquals("hi", project.body("/x"));
                project.write(each[2].replace("avro", "other") + "/shop/More.java", word.replace("Word", "More"));
                project.write("fn/src/main/java/shop/App.java", handler("new Word().say + new More().say"));
                assertEquals("hihi", project.body("/x"));
            }
        }
    }

    @Test void new_generated_sources_are_read_at_the_next_start() {
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", ""),
                "fn/src/main/java/shop/App.java", handler("new Word().say"))) {
            ServerLocal.Console console = new ServerLocal.Console(silent, silent, "never");
            assertTrue(new ServerLocal.Builds(true, true, console).of(project.path("fn")).problems().isEmpty());
            project.write("fn/target/generated-sources/avro/shop/Word.java", "package shop; public class Word { "
                    + "public String say = \"hi\"; }");
            assertEquals("hi", project.start().body("/x"));
        }
    }

    @Test void a_gradle_project_folder_comes_from_the_settings() {
        String groovy = "include 'core', 'fn'\nproject(':core').projectDir = ";
        for (String[] each : new String[][] {{"settings.gradle.kts",
                "include(\"core\", \"fn\")\nproject(\":core\").projectDir = file(\"libs/base\")"},
                {"settings.gradle", groovy + "new File(settingsDir, 'libs/base')"},
                {"settings.gradle", groovy + "new File( rootDir, \"libs/base\" )"},
                {"settings.gradle", groovy + "file(\"$rootDir/libs/base\")"}}) {
            try (TestProject project = TestProject.of("template.yaml", template("fn"), each[0], each[1],
                    "fn/build.gradle", "dependencies {\n  implementation project(':core')\n}",
                    "libs/base/build.gradle", "dependencies {\n  api 'com.google.code.gson:gson:2.13.2'\n}",
                    "libs/base/src/main/java/shop/Word.java", "package shop; public class Word { public String say = "
                    + "new com.google.gson.Gson().toJson(1); }", "fn/src/main/java/shop/App.java",
                    handler("new Word().say")).start()) {
                assertEquals("1", project.body("/x"), each[1]);
                assertTrue(!project.console().contains(" to read "), project.console());
            }
        }
    }

    @Test void a_module_with_only_tests_has_no_sources() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", ""),
                "fn/src/test/java/shop/AppTest.java", "package shop; class AppTest extends junit.None { }").start()) {
            assertEquals(502, project.get("/x").statusCode());
            assertTrue(project.console().contains("Class not found: shop.App"), project.console());
            project.write("fn/src/main/java/shop/App.java", handler("7"));
            assertEquals("7", project.body("/x"));
        }
    }

    @Test void errors_caused_by_a_missing_library_are_counted() {
        String none = GSON.replace("com.google.code.gson", "shop.none");
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml",
                POM.formatted("fn", none), "fn/src/main/java/shop/App.java", "package shop; import shop.none.*; import "
                + "com.none.Other; class App { Gson gson; int i = \"\"; }").start()) {
            String answer = project.get("/x").body();
            assertTrue(answer.contains("cannot find `shop.none:gson:2.13.2`"), answer);
            assertTrue(answer.contains("3 errors about unknown names follow from this"), answer);
            assertTrue(answer.contains("String cannot be converted to int"), answer);
        }
    }

    @Test void comments_in_a_source_declare_libraries() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/shop/App.java",
                "//DEPS com.google.code.gson:gson:2.13.2\n" + JSON).start()) {
            assertEquals("[1,2]", project.body("/x"));
            project.write("fn/shop/App.java", "//DEPS shop.none:none:1 odd\n" + handler("2"));
            assertEquals("2", project.body("/x"));
            assertTrue(project.console().contains("libraries missing for Fn"), project.console());
            assertTrue(project.console().contains("cannot find `shop.none:none:1`"), project.console());
            assertTrue(project.console().contains("fn/shop/App.java:1:25"), project.console());
        }
    }

    /** Groovy's release notes: {@code org.apache.groovy} since version 4, before that {@code org.codehaus.groovy}. */
    @Test void groovy_is_compiled_by_the_version_of_its_library() {
        for (String library : List.of("org.codehaus.groovy:groovy:3.0.21", "org.apache.groovy:groovy:4.0.22")) {
            try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", ".", "/x"),
                    "build.gradle", "plugins { id 'groovy' }\ndependencies { implementation '" + library + "' }\n",
                    "src/main/groovy/App.groovy",
                    "class App { Map handle(Map event) { [statusCode: 200, body: GroovySystem.version] } }").start()) {
                assertEquals(library.replaceFirst(".*:", ""), project.body("/x"), project.console());
            }
        }
    }

    @Test void scala_without_its_library_gets_advice_about_sbt() {
        String scala = "package shop\nclass App { def handle(event: String): String = event }\n";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.sbt", "name := \"fn\"\n",
                "fn/src/main/scala/shop/App.scala", scala, "fn/src/main/java/shop/Java.java", "package shop; class Java { }")
                .start()) {
            assertTrue(project.get("/x").body().contains("build.sbt is not read: declare libraries in `//DEPS"));
            project.write("fn/build.gradle", "plugins { id 'scala' }");
            assertTrue(project.get("/x").body().contains("add it to the dependencies of the build"));
        }
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.sbt", "name := \"fn\"\n",
                "fn/src/main/kotlin/shop/App.kt", "//DEPS org.jetbrains.kotlin:kotlin-stdlib:2.2.21\npackage shop\n"
                + "class App { fun handle(event: Map<String, Any>) = mapOf(\"statusCode\" to 200, \"body\" to \"k\") }\n")
                .start()) {
            assertEquals("k", project.body("/x"));
        }
    }

    @Test void a_built_package_is_used_directly() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", template("fn.zip"), "src/shop/Core.java",
                "package shop; public class Core { public static String TEXT = \"core\"; }", "src/shop/App.java",
                handler("Core.TEXT + new String(App.class.getResourceAsStream(\"/top.txt\").readAllBytes())"))) {
            Path library = project.path("library.jar");
            Path classes = project.path("classes");
            Jars.make(library, project.path("src/shop/Core.java"));
            Jars.compile(project.path("src/shop/App.java"), classes);
            Jars.write(project.path("fn.zip"), Map.of("shop/App.class", Files.readAllBytes(classes.resolve(
                    "shop/App.class")), "top.txt", "top".getBytes(), "lib/core.jar", Files.readAllBytes(library)));
            assertEquals("coretop", project.start().body("/x"));
        }
    }

    @Test void a_package_with_paths_outside_its_folder_is_rejected() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", template("fn.zip"))) {
            Jars.write(project.path("fn.zip"), Map.of("../out.txt", new byte[1]));
            String answer = project.start().get("/x").body();
            assertTrue((answer + project.console()).contains("`../out.txt` leads out of it"), project.console());
        }
    }

    /** A few hundred kilobytes; the unpacked files are deleted, and not unpacked again. */
    @Test void an_archive_over_lambdas_limit_is_rejected() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", template("fn.zip"))) {
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(project.path("fn.zip")))) {
                zip.putNextEntry(new ZipEntry("zeros"));
                for (int megabytes = 0; megabytes < 251; megabytes++) zip.write(new byte[1 << 20]);
            }
            Path scratch = ServerLocal.Scratch.folder().getParent();
            project.start();
            for (int tries = 0; tries < 3; tries++) {
                String answer = project.get("/x").body();
                assertTrue((answer + project.console()).contains("unpacks to more than 250 MB"), answer);
            }
            try (Stream<Path> files = Files.walk(scratch)) {
                assertEquals(List.of(), files.filter(file -> file.endsWith("zeros")).toList());
            }
        }
    }

    @Test void a_function_without_code_does_not_stop_others() {
        String none = template("none.jar").replace("Resources:\n", "").replace("Fn:", "None:").replace("'/x'", "'/none'");
        try (TestProject project = TestProject.of("template.yaml", template("fn") + none, "fn/shop/App.java",
                handler("1")).start()) {
            assertEquals("1", project.body("/x"));
            assertEquals(501, project.get("/none").statusCode());
            assertTrue(project.console().contains("`CodeUri` names `"), project.console());
        }
    }

    @Test void a_missing_library_is_reported_at_its_line_and_other_functions_run() {
        String none = "<dependency><groupId>shop.none</groupId><artifactId>none</artifactId><version>1</version>"
                + "</dependency>";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml",
                POM.formatted("fn", none + GSON), "fn/src/main/java/shop/App.java", JSON).start()) {
            assertEquals("[1,2]", project.body("/x"));
            assertTrue(project.console().contains("cannot find `shop.none:none:1`"), project.console());
            assertTrue(project.console().contains("fn/pom.xml:6:"), project.console());
        }
    }

    @Test void a_missing_bom_is_reported_at_its_declaration_or_import() {
        String management = "<dependencyManagement>\n<dependencies><dependency>\n<groupId>%s</groupId>\n<artifactId>%s"
                + "</artifactId>\n<version>1</version><type>pom</type>\n<scope>import</scope>\n</dependency></dependencies>"
                + "</dependencyManagement><dependencies>";
        String fn = POM.formatted("fn", "").replace("<dependencies>", management.formatted("shop", "bom"));
        String bom = POM.formatted("bom", "").replace("<dependencies>", management.formatted("shop.none", "none-bom"));
        for (String[] each : new String[][] {{fn.replace(">shop</groupId>\n", ">shop.none</groupId>\n"), "", "fn/pom.xml:8:"},
                {fn, bom, "bom/pom.xml:8:"}, {fn, bom.replace(">none-bom<", ">${bom}-bom<").replace("<gson>",
                "<bom>none</bom><gson>"), "fn/pom.xml:10:"}}) {
            try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", each[0],
                    "fn/src/main/java/shop/App.java", handler("1"), each[1].isEmpty() ? "bom/none" : "bom/pom.xml", each[1])
                    .start()) {
                assertEquals("1", project.body("/x"));
                assertTrue(project.console().contains("Could not find artifact shop.none:"), project.console());
                assertTrue(project.console().contains(each[2]), project.console());
                assertEquals(each[2].contains(":10:"), project.console().contains("a BOM or parent of this pom needs it"));
            }
        }
    }

    @Test void literal_gradle_files_are_read_without_gradle() {
        String groovy = """
                plugins { id 'java' }
                ext { set('nop', "2.0.17") }
                ext.versions = [ 'x': '1', gson: '2.13.2' ]
                // implementation 'a:comment:1'
                dependencies {
                    implementation 'org.slf4j:slf4j-api:2.0.17', "com.google.code.gson:gson:${versions.gson}"
                    runtimeOnly(
                        "org.slf4j:slf4j-nop:${nop}"
                    )
                    runtimeOnly('org.slf4j', 'slf4j-ext', '2.0.17')
                    implementation project(':core')
                    testImplementation 'org.junit:none:0'
                }
                java { toolchain { languageVersion = JavaLanguageVersion.of(17) } }
                """;
        String kotlin = """
                plugins { java }
                dependencies {
                    implementation(libs.bundles.json)
                    implementation(project(":core"))
                    compileOnly(libs.gson)
                }
                """;
        String catalog = """
                [versions]
                gson = "2.13.2"
                [libraries]
                gson = { module = "com.google.code.gson:gson", version.ref = "gson" }
                [bundles]
                json = [ "gson" ]
                """;
        for (String kind : List.of("build.gradle", "build.gradle.kts")) {
            try (TestProject project = TestProject.of("template.yaml", template("fn/build/distributions/fn.zip"),
                    "settings.gradle", "include 'fn', 'core'", "gradle/libs.versions.toml", catalog, "fn/" + kind,
                    kind.endsWith("kts") ? kotlin : groovy, "core/build.gradle", "plugins { id 'java-library' }",
                    "core/src/main/java/shop/Core.java", "package shop; public interface Core { int ONE = 1; }",
                    "fn/src/main/java/shop/App.java", handler("new com.google.gson.Gson().toJson(Core.ONE)")).start()) {
                assertEquals("1", project.body("/x"), kind);
            }
        }
    }

    @Test void a_gradle_library_without_version_is_reported_and_others_resolved() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle",
                "dependencies {\n    implementation 'shop.none:none'\n    implementation 'com.google.code.gson:gson:2.13.2'\n}\n",
                "fn/src/main/java/shop/App.java", JSON).start()) {
            assertEquals("[1,2]", project.body("/x"));
            assertTrue(project.console().contains("version' for shop.none:none:jar is missing"), project.console());
            assertTrue(project.console().contains("fn/build.gradle:2:"), project.console());
        }
    }

    @Test void dependencies_of_a_gradle_file_may_share_a_line() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "settings.gradle.kts", "",
                "gradle/libs.versions.toml", "[libraries]\njackson-bom = \"com.fasterxml.jackson:jackson-bom:2.19.2\"\n",
                "fn/build.gradle.kts", "plugins { `java-library` }\ndependencies { implementation(platform(libs.jackson.bom));"
                + " api(\"com.google.code.gson:gson:2.13.2\"); implementation(\"com.fasterxml.jackson.core:jackson-core\") }",
                "fn/src/main/java/shop/App.java", handler("new com.google.gson.Gson().toJson(1) + com.fasterxml.jackson.core"
                + ".json.PackageVersion.VERSION")).start()) {
            assertEquals("12.19.2", project.body("/x"));
        }
    }

    @Test void an_error_in_a_version_catalog_has_its_place() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "settings.gradle", "",
                "gradle/libs.versions.toml", "[libraries]\nnone = \n", "fn/build.gradle",
                "dependencies {\n    implementation 'com.google.code.gson:gson:2.13.2'\n}\n",
                "fn/src/main/java/shop/App.java", JSON).start()) {
            project.body("/x");
            assertTrue(project.console().contains("invalid TOML: premature end of file"), project.console());
            assertTrue(project.console().contains("gradle/libs.versions.toml:2:8"), project.console());
        }
    }

    @Test void values_that_are_not_literal_are_resolved_by_gradle() {
        String answer = "printf 'samlocal\\tsource\\t%s\\n' \"$SAMLOCAL_MODULE/java\"; echo noise\n"
                + "printf 'samlocal\\tresource\\t%s\\n' \"$SAMLOCAL_MODULE/texts\"\n"
                + "printf 'samlocal\\tmissing\\t%s\\n' shop:none:1\n";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle",
                "dependencies {\n    implementation versionOf('x')\n}\n", "gradlew", "#!/bin/sh\n" + answer,
                "fn/texts/word.txt", "word", "fn/java/shop/App.java",
                handler("new String(App.class.getResourceAsStream(\"/word.txt\").readAllBytes())")).start()) {
            assertEquals("word", project.body("/x"));
            assertTrue(project.console().contains("cannot find `shop:none:1`"), project.console());
        }
    }

    @Test void values_unknown_to_gradle_are_reported_at_their_line() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle",
                "dependencies {\n    implementation versionOf('x')\n}\n", "gradlew", "#!/bin/sh\n"
                + "printf '* What went wrong:\\nno such thing\\n' >&2; exit 1\n", "fn/src/main/java/shop/App.java",
                handler("1")).start()) {
            assertEquals("1", project.body("/x"));
            assertTrue(project.console().contains(": no such thing"), project.console());
            assertTrue(project.console().contains("fn/build.gradle:2:20"), project.console());
        }
    }

    @Test void a_project_unknown_to_gradle_is_reported_and_literals_are_used() {
        String build = "dependencies {\n    implementation versionOf('x')\n"
                + "    implementation 'com.google.code.gson:gson:2.13.2'\n}\n";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle", build, "gradlew",
                "#!/bin/sh\necho noise\n", "fn/src/main/java/shop/App.java", JSON).start()) {
            assertEquals("[1,2]", project.body("/x"));
            assertTrue(project.console().contains(": it found no Java project there"), project.console());
            assertTrue(project.console().contains("fn/build.gradle:2:20"), project.console());
        }
    }

    @Test void annotation_processors_run() {
        String lombok = "<dependency><groupId>org.projectlombok</groupId><artifactId>lombok</artifactId>"
                + "<version>1.18.42</version><scope>provided</scope></dependency>";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml",
                POM.formatted("fn", lombok), "fn/src/main/java/shop/Item.java",
                "package shop; @lombok.Value public class Item { String name; }", "fn/src/main/java/shop/App.java",
                handler("new Item(\"it\").getName()")).start()) {
            assertEquals("it", project.body("/x"));
        }
    }

    @Test void processor_paths_use_managed_versions_if_enabled() {
        String needed = "<groupId>com.google.errorprone</groupId><artifactId>error_prone_annotations</artifactId>";
        String managing = POM.formatted("fn", "").replace("<dependencies>", "<dependencyManagement><dependencies><dependency>"
                + needed + "<version>0-none</version></dependency></dependencies></dependencyManagement><build><plugins>"
                + "<plugin><artifactId>maven-compiler-plugin</artifactId><configuration><annotationProcessorPaths><path>"
                + "<groupId>com.google.code.gson</groupId><artifactId>gson</artifactId><version>${gson}</version></path>"
                + "</annotationProcessorPaths><annotationProcessorPathsUseDepMgmt>true</annotationProcessorPathsUseDepMgmt>"
                + "</configuration></plugin></plugins></build><dependencies>");
        String excluding = managing.replace("</path>", "<exclusions><exclusion>" + needed + "</exclusion></exclusions></path>");
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", managing,
                "fn/src/main/java/shop/App.java", handler("1")).start()) {
            assertEquals("1", project.body("/x"));
            String missing = "cannot find `com.google.errorprone:error_prone_annotations:0-none`, which"
                    + " `com.google.code.gson:gson` needs";
            assertTrue(project.console().contains(missing), project.console());
            for (String whole : List.of(excluding, managing.replace(">true<", ">false<"))) {
                project.write("fn/pom.xml", whole);
                int before = project.console().length();
                assertEquals("1", project.body("/x"));
                assertTrue(!project.console().substring(before).contains("cannot find"), project.console());
            }
        }
    }

    @Test void gradle_plugins_add_their_annotation_processors() {
        String lombok = "plugins {\n  id 'java'\n  id 'io.freefair.lombok' version '8.14'\n}\n";
        String micronaut = "plugins {\n  id('io.micronaut.minimal.application') version '4.6.1'\n}\n"
                + "micronaut {\n  version = '4.10.8'\n}\n"
                + "dependencies {\n  implementation 'io.micronaut:micronaut-inject'\n}\n";
        String bean = handler("io.micronaut.context.ApplicationContext.run().getBean(Word.class).say()")
                + "@jakarta.inject.Singleton class Word { String say() { return \"hi\"; } }";
        String value = handler("new Word(\"hi\").getSay()") + "@lombok.Value class Word { String say; }";
        for (String[] each : new String[][] {{lombok, value}, {micronaut, bean}, {"buildscript { }\n"
                + "apply plugin: 'io.freefair.lombok'\nlombok {\n  version = '1.18.2'\n}\n", value}}) {
            try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle", each[0],
                    "fn/src/main/java/shop/App.java", each[1]).start()) {
                assertEquals("hi", project.body("/x"), each[0]);
                assertEquals(each[0].contains("1.18.2'"), project.console().contains("lombok-1.18.2.jar does not run"));
            }
        }
    }

    @Test void an_annotation_processor_that_fails_is_an_error_of_the_code_with_its_name() throws IOException {
        assertProcessorFails("", "throw new IllegalStateException(\"no luck\");", "IllegalStateException: no luck");
        assertProcessorFails("throw new UnsupportedOperationException(\"too old\");", "return false;",
                "UnsupportedOperationException: too old");
    }

    private static void assertProcessorFails(String made, String run, String why) throws IOException {
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/x"),
                "src/App.java", TestProject.handler("App", "1"), "made/made/Bad.java", """
                package made;
                import java.util.Set;
                import javax.annotation.processing.*;
                import javax.lang.model.element.TypeElement;
                @SupportedAnnotationTypes("*")
                public class Bad extends AbstractProcessor {
                    public Bad() { %s }
                    public boolean process(Set<? extends TypeElement> types, RoundEnvironment round) { %s }
                }
                """.formatted(made, run))) {
            Jars.make(project.path("src/lib/bad.jar"), project.path("made/made/Bad.java"),
                    "META-INF/services/javax.annotation.processing.Processor", "made.Bad\n");
            project.start();
            String answer = project.get("/x").body();
            assertTrue(answer.contains("annotation processor `made.Bad` failed: java.lang." + why), answer);
            assertTrue(answer.contains("compile"), answer);
        }
    }

    @Test void a_module_is_compiled_with_its_own_dependencies() {
        String core = "<dependency><groupId>shop</groupId><artifactId>core</artifactId><version>1</version></dependency>";
        String lombok = "<dependency><groupId>org.projectlombok</groupId><artifactId>lombok</artifactId>"
                + "<version>1.18.42</version><scope>provided</scope></dependency>";
        String others = "</dependencies><build><plugins><plugin><artifactId>maven-compiler-plugin</artifactId>"
                + "<configuration><annotationProcessorPaths><path><groupId>com.google.code.gson</groupId>"
                + "<artifactId>gson</artifactId><version>${gson}</version></path></annotationProcessorPaths>"
                + "</configuration></plugin></plugins></build>";
        String item = "package shop; @lombok.Value public class Item { String name; }";
        String user = handler("new Item(\"it\").getName()");
        for (String fn : List.of(POM.formatted("fn", core), POM.formatted("fn", core).replace("</dependencies>", others))) {
            try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", fn, "core/pom.xml",
                    POM.formatted("core", lombok), "core/src/main/java/shop/Item.java", item,
                    "fn/src/main/java/shop/App.java", user).start()) {
                assertEquals("it", project.body("/x"));
            }
        }
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "settings.gradle",
                "include 'fn', 'core'", "fn/build.gradle", "plugins { id 'java' }\n"
                + "dependencies { implementation project(':core') }\n", "core/build.gradle", "plugins { id 'java' }\n"
                + "dependencies {\n  compileOnly 'org.projectlombok:lombok:1.18.42'\n"
                + "  annotationProcessor 'org.projectlombok:lombok:1.18.42'\n}\n",
                "core/src/main/java/shop/Item.java", item, "fn/src/main/java/shop/App.java", user).start()) {
            assertEquals("it", project.body("/x"));
        }
    }

    @Test void a_range_of_versions_is_for_modules_of_the_same_build() {
        String gson = "<dependency><groupId>com.google.code.gson</groupId><artifactId>gson</artifactId>"
                + "<version>[2.13.2,2.13.3)</version></dependency>";
        String here = POM.formatted("gson", "").replace("<groupId>shop</groupId><artifactId>gson</artifactId><version>1<",
                "<groupId>com.google.code.gson</groupId><artifactId>gson</artifactId><version>2.13.2.1<");
        String source = "package com.google.code; public class Here { }";
        String user = handler("new com.google.gson.Gson().toJson(1)");
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", POM.formatted("fn", gson),
                "gson/pom.xml", here, "gson/src/main/java/com/google/code/Here.java", source,
                "fn/src/main/java/shop/App.java", user).start()) {
            assertEquals("1", project.body("/x"));
            project.write("pom.xml", POM.formatted("all", "").replace("<properties>",
                    "<packaging>pom</packaging><modules><module>fn</module><module>gson</module></modules><properties>"));
            project.write("fn/pom.xml", POM.formatted("fn", gson) + "\n");
            project.write("fn/src/main/java/shop/App.java", handler("com.google.code.Here.class.getSimpleName()"));
            assertEquals("Here", project.body("/x"));
        }
    }

    @Test void a_layer_may_be_a_module_whose_artifact_is_not_built() {
        String layer = """
                  Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: shared/target/shared.zip}}
                """;
        try (TestProject project = TestProject.of("template.yaml", template("fn").replace("Runtime: java17",
                "Runtime: java17\n      Layers: [!Ref Shared]") + layer, "shared/pom.xml", POM.formatted("shared", GSON),
                "shared/src/main/java/shop/Shared.java", "package shop; public class Shared { public static String text() "
                + "{ return new com.google.gson.Gson().toJson(List.of(1)); } }".replace("List.of", "java.util.List.of"),
                "fn/shop/App.java", handler("Shared.text()")).start()) {
            assertEquals("[1]", project.body("/x"));
        }
    }

    @Test void an_outdated_lombok_is_replaced() {
        String lombok = "<dependency><groupId>org.projectlombok</groupId><artifactId>lombok</artifactId>"
                + "<version>1.18.2</version></dependency>";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml",
                POM.formatted("fn", lombok), "fn/src/main/java/shop/App.java",
                handler("new Item(\"it\").getName() + lombok.Value.class.getProtectionDomain().getCodeSource()"
                + ".getLocation().getPath().replaceFirst(\".*/\", \"\")")
                + "@lombok.Value class Item { String name; }").start()) {
            assertEquals("itlombok-1.18.2.jar", project.body("/x"));
            assertTrue(project.console().contains("lombok-1.18.2.jar does not run on Java "), project.console());
        }
        assertTrue(ServerLocal.Lombok.isTooOld("lombok-1.16.20.jar", 17));
        assertTrue(ServerLocal.Lombok.isTooOld("lombok-1.18.30.jar", 25));
        assertTrue(Stream.of("lombok-1.18.22.jar", "lombok-mapstruct-binding-0.2.0.jar", "lombok-edge-SNAPSHOT.jar")
                .noneMatch(file -> ServerLocal.Lombok.isTooOld(file, 17)));
    }

    @Test void aspects_are_woven_in() {
        String aspects = "<dependency><groupId>org.aspectj</groupId><artifactId>aspectjrt</artifactId>"
                + "<version>1.9.7</version></dependency>";
        String pom = POM.formatted("fn", aspects).replace("<dependencies>", "<build><plugins><plugin><groupId>dev.aspectj"
                + "</groupId><artifactId>aspectj-maven-plugin</artifactId><version>1.14</version></plugin></plugins></build>"
                + "<dependencies>");
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml", pom,
                "fn/src/main/java/shop/Twice.java", """
                package shop;
                import org.aspectj.lang.ProceedingJoinPoint;
                import org.aspectj.lang.annotation.*;
                @Aspect public class Twice {
                    @Around("execution(String shop.App.text())")
                    public Object twice(ProceedingJoinPoint point) throws Throwable {
                        return "" + point.proceed() + point.proceed();
                    }
                }
                """, "fn/src/main/java/shop/App.java", handler("text()").replace("public Map", "String text() { return "
                + "\"x\"; }\n    public Map")).start()) {
            assertEquals("xx", project.body("/x"));
        }
    }

    @Test void kotlins_own_libraries_have_the_version_of_its_gradle_plugin() {
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/build.gradle.kts", """
                plugins { kotlin("jvm") version "2.2.21" }
                dependencies {
                    implementation(kotlin("stdlib-jdk8"))
                    implementation("org.jetbrains.kotlin:kotlin-reflect")
                }
                """, "fn/src/main/java/shop/App.java",
                handler("kotlin.reflect.full.KClasses.class.getSimpleName()")).start()) {
            assertEquals("KClasses", project.body("/x"));
        }
    }

    @Test void kotlin_and_java_are_compiled_together() {
        String kotlin = "<dependency><groupId>org.jetbrains.kotlin</groupId><artifactId>kotlin-stdlib</artifactId>"
                + "<version>2.2.21</version></dependency>";
        try (TestProject project = TestProject.of("template.yaml", template("fn"), "fn/pom.xml",
                POM.formatted("fn", kotlin), "fn/src/main/java/shop/Text.java",
                "package shop; public class Text { public static String of(Object o) { return o + new Twice().two(); } }",
                "fn/src/main/kotlin/shop/Twice.kt", "package shop\nclass Twice { fun two() = \"2\" }\n",
                "fn/src/main/kotlin/shop/App.kt", """
                package shop
                class App {
                    fun handle(event: Map<String, Any>): Map<String, Any> =
                        mapOf("statusCode" to 200, "body" to Text.of(1))
                }
                """).start()) {
            assertEquals("12", project.body("/x"));
            project.write("fn/src/main/kotlin/shop/Twice.kt", "package shop\nclass Twice { fun two() = missing }\n");
            String broken = project.get("/x").body();
            assertTrue(broken.contains("Twice.kt") && broken.contains("\"line\":2"), broken);
        }
    }

    @Test void nothing_is_written_into_the_project() throws IOException {
        try (TestProject project = TestProject.of("template.yaml", template("fn/target/fn.jar"), "fn/pom.xml",
                POM.formatted("fn", GSON), "fn/src/main/java/shop/App.java", JSON)) {
            List<String> before = tree(project.folder());
            project.start();
            assertEquals("[1,2]", project.body("/x"));
            assertEquals(before, tree(project.folder()));
        }
    }

    private static List<String> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> file + " " + time(file)).sorted().toList();
        }
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** RFC 6761: names that end in {@code .invalid} do not resolve. */
    @Test void a_library_in_a_repository_that_cannot_be_reached_is_reported_once_with_the_host() {
        try (TestProject project = TestProject.of("template.yaml", "Transform: AWS::Serverless-2016-10-31\n"
                + TestProject.function("Fn", "App::handle", ".", "/x"),
                "src/main/java/App.java", TestProject.handler("App", "1"), "pom.xml", """
                        <project><modelVersion>4.0.0</modelVersion>
                          <groupId>t</groupId><artifactId>t</artifactId><version>1</version>
                          <repositories><repository><id>far</id><url>https://far.invalid/x</url></repository></repositories>
                          <dependencies>
                            <dependency><groupId>t</groupId><artifactId>far-away</artifactId><version>1</version></dependency>
                          </dependencies>
                        </project>
                        """)) {
            String report = TestProject.cli("check", "-t", project.path("template.yaml").toString()).out();
            assertTrue(report.contains("pom.xml:5:49"), report);
            assertTrue(report.contains("cannot fetch `t:far-away:1`"), report);
            assertTrue(report.contains("help: unknown host `far.invalid`"), report);
            assertTrue(report.contains("0 errors, 1 warning"), report);
        }
    }
}
