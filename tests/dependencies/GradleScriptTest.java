import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Gradle build scripts, parsed without Gradle. The forms are from the Gradle user manual and the Kotlin DSL primer. */
class GradleScriptTest {
    /** Each statement as its path, operator and arguments. */
    private static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        add("", ServerLocal.GradleScript.parse(Path.of("build.gradle"), text), statements);
        return statements;
    }

    private static void add(String prefix, List<List<ServerLocal.GradleToken>> parsed, List<String> statements) {
        parsed.forEach(tokens -> {
            ServerLocal.GradleStatement statement = ServerLocal.GradleStatement.of(tokens);
            List<String> arguments = statement.arguments().stream().map(each -> String.join("", each.stream()
                    .flatMap(ServerLocal.GradleToken::flat).map(ServerLocal.GradleToken::text).toList())).toList();
            boolean isLeaf = statement.block().isEmpty() || !arguments.isEmpty();
            if (isLeaf) statements.add(prefix + statement.path() + statement.operator() + arguments);
            add(prefix + statement.call() + ".", statement.block(), statements);
        });
    }

    @Test void statements_of_both_languages_have_paths() {
        String[][] cases = {
            {"dependencies { api 'a:b:1', \"c:d:2\" }", "dependencies.api[a:b:1, c:d:2]"},
            {"dependencies {\n  \"api\"(\"a:b:1\")\n}", "dependencies.api[a:b:1]"},
            {"dependencies { add(\"api\", \"a:b:1\"); api(libs.x) }", "dependencies.add[api, a:b:1]",
                "dependencies.api[libs.x]"},
            {"dependencies { api group: 'a', name: 'b' }", "dependencies.api[group:a, name:b]"},
            {"sourceSets { main { java { srcDir(\"x\") } } }", "sourceSets.main.java.srcDir[x]"},
            {"sourceSets[\"main\"].java.srcDir(\"x\")", "sourceSets.main.java.srcDir[x]"},
            {"sourceSets.named(\"main\") { java.srcDirs = ['x'] }", "sourceSets.main.java.srcDirs=[x]"},
            {"tasks.named<JavaCompile>(\"compileJava\") { options.encoding = 'UTF-8' }",
                "tasks.compileJava.options.encoding=[UTF-8]"},
            {"tasks.withType<JavaCompile>().configureEach { options.encoding = \"UTF-8\" }",
                "tasks.withType(JavaCompile).configureEach.options.encoding=[UTF-8]"},
            {"val x: String = \"1\" // '", "def.x=[1]"},
            {"def x = '1' /* { */", "def.x=[1]"},
            {"val x by extra(\"1\")", "def.xby[extra1]"},
            {"ext { set('x', \"1\")\n y = '2' }", "ext.set[x, 1]", "ext.y=[2]"},
            {"project(':x').projectDir =\n    file('y')", "project(:x).projectDir=[filey]"},
            {"include ':a',\n  ':b'", "include[:a, :b]"},
            {"a\n  .b()\n  .c('d')", "a.b().c[d]"},
            {"if (x) { api 'a' } else { api 'b' }", "if[x]", "if(x).api[a]", "if(x).api[b]"},
            {"s = /}'\"/\nt = \"${u(\"v\")}\"", "s=[}'\"]", "t=[${u(\"v\")}]"},
        };
        for (String[] each : cases) {
            assertEquals(List.of(each).subList(1, each.length), statements(each[0]), each[0]);
        }
    }

    @Test @Timeout(value = 60, unit = SECONDS) void any_text_is_parsed_in_reasonable_time() {
        int many = 50_000;
        for (String part : List.of("(", "{\n", "[", ")", "}", "'", "\"${", "\"\"\"", "/*", "a<", "a.", "a(b).", "a[b]",
                "/ ", "`", "a = ", "a,", "\\", "\n{", "x -> ", "'${", "if (a) ", "api 'a:b:1'\n", "val x = \"$x$x\"\n",
                "dependencies { ", "srcDir(x) + ")) {
            try {
                statements(part.repeat(many));
            } catch (ServerLocal.Fault fault) {
                assertEquals("brackets are nested too deeply", fault.getMessage(), part);
            }
        }
        assertThrows(ServerLocal.Fault.class, () -> statements("{".repeat(101)));
        String doubling = "def x = 'aaaaaaaaaa'\n" + "x = \"$x$x\"\n".repeat(100) + "dependencies { api \"$x\" }";
        assertTrue(problems("build.gradle", doubling).size() > 0);
        assertTrue(problems("build.gradle", "a.".repeat(many) + "\ndependencies { api " + "x + ".repeat(many) + "y }")
                .size() > 0);
        for (String nested : List.of("${\"", "$a.", "${a.")) {
            assertTrue(problems("build.gradle", "dependencies { api \"" + nested.repeat(many) + "\n }").size() > 0);
        }
    }

    private static ServerLocal.BuildModel model(TestProject project) {
        return model(project, true);
    }

    private static ServerLocal.BuildModel model(TestProject project, boolean mayRunGradle) {
        PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
        return new ServerLocal.Builds(true, mayRunGradle, new ServerLocal.Console(silent, silent, "never"))
                .of(project.path("fn"));
    }

    /** Places and messages of the problems of a script of which only literal parts are evaluated. */
    private static List<String> problems(String name, String script) {
        try (TestProject project = TestProject.of("fn/" + name, script)) {
            return model(project).problems().stream().map(each -> each.place().line() + ": " + each.message()).toList();
        }
    }

    @Test void harmless_statements_are_not_reported() {
        assertEquals(List.of(), problems("build.gradle", """
                import org.x.Y
                buildscript { repositories { mavenCentral() } dependencies { classpath 'a:b:1' } }
                plugins { id 'java'; id 'com.diffplug.spotless' version '6.1' apply false }
                group = 'x'
                version = '1'
                repositories { mavenLocal(); mavenCentral { content { includeGroup 'x' } } }
                configurations { testImplementation.extendsFrom(compileOnly); zip { canBeConsumed = false } }
                dependencies { testImplementation platform('a:b:' + computed()); testRuntimeOnly libs.none }
                java { withSourcesJar(); toolchain { vendor = JvmVendorSpec.AMAZON } }
                test { useJUnitPlatform(); dependsOn jar }
                tasks.register('zip', Zip) { into('lib') { from configurations.runtimeClasspath } }
                task other(type: Copy) { from sourceSets.main.output }
                spotless { java { googleJavaFormat() } }
                shadowJar { dependencies { exclude(dependency('a:b')) } }
                publishing { publications { maven(MavenPublication) { from components.java } } }
                sourceSets { integration { java.srcDir file(computed()) } }
                """));
    }

    @Test void what_only_gradle_can_evaluate_names_the_way_to_let_it() {
        String script = "dependencies {\n  implementation 'a:b:' + computed()\n  implementation 'c:d' }";
        String none = "let Gradle evaluate it: add a `gradlew` to the project with `gradle wrapper`; samlocal runs it";
        String forbidden = "let Gradle evaluate it: `start-api` and `invoke` run `gradlew`, unless `--no-gradle` or"
                + " SAMLOCAL_GRADLE=never is set";
        for (String way : List.of(none, forbidden)) {
            try (TestProject project = TestProject.of("fn/build.gradle", script)) {
                if (way.equals(forbidden)) project.write("gradlew", "exit 1");
                List<String> hints = model(project, way.equals(none)).problems().stream()
                        .map(ServerLocal.Problem::hint).toList();
                assertEquals(2, hints.size(), hints.toString());
                hints.forEach(hint -> assertTrue(hint.endsWith(way), hint));
            }
        }
    }

    @Test void unsupported_statements_are_reported_with_their_line() {
        String[][] cases = {
            {"if (x) {\n  dependencies { implementation 'a:b:1' }\n}", "2: cannot evaluate `implementation 'a:b:1'`"},
            {"\nconfigurations.all { resolutionStrategy.eachDependency { useVersion '1' } }",
                "2: cannot evaluate `useVersion '1'`"},
            {"sourceSets.main.java.srcDir(computed())", "1: cannot evaluate `sourceSets.main.java.srcDir(computed())`"},
            {"dependencies {\n  lambda 'a:b:1' }", "2: cannot evaluate `lambda 'a:b:1'`"},
            {"dependencies { implementation 'a:b:1.+' }", "1: cannot evaluate the dependency `'a:b:1.+'`"},
            {"apply from: 'none.gradle'", "1: cannot evaluate `apply from: 'none.gradle'`"},
            {"repositories { ivy { url 'x' } }", "1: cannot evaluate `url 'x'`"},
            {"java { registerFeature('x') { usingSourceSet(y) } }", "1: cannot evaluate `usingSourceSet(y)`"},
        };
        for (String[] each : cases) assertEquals(List.of(each[1]), problems("build.gradle", each[0]), each[0]);
        try (TestProject project = TestProject.of("fn/build.gradle", "processResources {\n  expand(a: 1) }")) {
            String ignored = model(project).tools().get("ignored").toString();
            assertTrue(ignored.contains("`expand(a: 1)` of processResources is not applied"), ignored);
            assertTrue(ignored.contains("build.gradle:2:3"), ignored);
        }
    }

    /** Gradle DSL reference, {@code ProcessResources}, a {@code Copy} task, by any of the ways to refer to a task. */
    @Test void what_changes_resources_is_reported_however_the_task_is_named() {
        for (String[] each : new String[][] {
            {"tasks.named<ProcessResources>(\"processResources\") { expand(\"a\" to 1) }", "expand(\"a\" to 1)"},
            {"tasks.withType<ProcessResources> { filter { it.trim() } }", "filter { it.trim() }"},
            {"tasks.withType(ProcessResources::class).configureEach { rename { \"x\" } }", "rename { \"x\" }"},
            {"tasks { processResources { filesMatching(\"a\") { expand(properties) } } }", "expand(properties)"}}) {
            try (TestProject project = TestProject.of("fn/build.gradle.kts", each[0])) {
                String ignored = String.valueOf(model(project).tools().get("ignored"));
                assertTrue(ignored.contains("`" + each[1] + "` of processResources is not applied"), each[0] + ignored);
            }
        }
    }

    @Test void source_folders_are_those_of_the_script() {
        String[][] cases = {
            {"sourceSets { main { java { srcDir 'x' } } }", "src/main/java", "x"},
            {"sourceSets.main.java.srcDirs = ['x', \"$rootDir/y\"]", "x", "y"},
            {"sourceSets { named(\"main\") { java.setSrcDirs(listOf(\"x\")) } }", "x"},
            {"kotlin.sourceSets[\"main\"].java.srcDir(file(\"x\"))", "src/main/java", "x"},
            {"sourceSets.main { java.srcDirs(files('x', 'y')) }", "src/main/java", "x", "y"},
            {"sourceSets.main.java.srcDir(layout.buildDirectory.dir(\"x\"))", "src/main/java", "build/x"},
            {"subprojects { sourceSets.main.java.srcDirs = [] }\nallprojects { sourceSets.main.java.srcDirs 'x' }",
                "src/main/java", "x"},
        };
        for (String[] each : cases) {
            try (TestProject project = TestProject.of("fn/build.gradle.kts", each[0])) {
                List<String> folders = model(project).folders().sources().stream()
                        .map(path -> project.path("fn").relativize(path).toString()).filter(path -> !path.matches("src/main/(kotlin|scala|groovy)")).toList();
                assertEquals(List.of(each).subList(1, each.length), folders, each[0]);
            }
        }
    }

    @Test void complex_gradle_dependencies_are_resolved() {
        String settings = """
                include("fn", "my-core")
                pluginManagement { plugins { id("org.jetbrains.kotlin.jvm") version "2.2.21" } }
                dependencyResolutionManagement { versionCatalogs { create("tools") {
                    version("gson", "2.13.2")
                    library("gson", "com.google.code.gson", "gson", "2.13.2") } } }
                """;
        String root = "subprojects { dependencies { \"implementation\"(\"org.slf4j:slf4j-api:${property(\"slf4j\")}\") } }";
        String build = """
                plugins { java }
                sourceSets { main { resources { srcDir("conf") }; java { srcDir("extra") } } }
                dependencies {
                    add("implementation", tools.gson)
                    "implementation"(projects.myCore)
                }
                """;
        try (TestProject project = TestProject.of("template.yaml", TestProject.function("Fn", "shop.App::handle", "fn",
                "/x"), "settings.gradle.kts", settings, "gradle.properties", "slf4j=2.0.17\n", "build.gradle.kts", root,
                "fn/build.gradle.kts", build, "gradlew", "#!/bin/sh\nexit 1\n", "my-core/build.gradle.kts",
                "plugins { `java-library` }", "my-core/src/main/java/shop/Core.java",
                "package shop; public interface Core { int ONE = 1; }", "fn/extra/shop/Extra.java",
                "package shop; class Extra { static int two() { return 2; } }", "fn/conf/word.txt", "word",
                "fn/src/main/java/shop/App.java", "package shop;\n" + TestProject.handler("App",
                "new com.google.gson.Gson().toJson(Core.ONE + Extra.two()) + org.slf4j.Logger.class.getSimpleName()"
                + " + (App.class.getResource(\"/word.txt\") != null)"))
                .start()) {
            assertEquals("3Loggertrue", project.body("/x"));
            assertTrue(!project.console().contains(" to read "), project.console());
        }
    }
}
