import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What build.gradle.kts declares, in the forms of Gradle's user manual ("Kotlin DSL primer", "Using plugins", "Version
 * catalogs", "Declaring dependencies between subprojects", "Pre-compiled script plugins") and of public builds.
 */
class GradleKotlinDslTest {
    private static final String BUILD = "fn/build.gradle.kts";
    private static final String ROOT = "build.gradle.kts";
    private static final String SETTINGS = "settings.gradle.kts";
    private static final String CATALOG = "gradle/libs.versions.toml";
    private static final String PROPERTIES = "gradle.properties";
    private static final String STDLIB = "compile org.jetbrains.kotlin:kotlin-stdlib:2.2.21";

    /** What a project declares: scope and coordinates of libraries, and folders of other projects. */
    private static List<String> declared(String... files) {
        try (TestProject project = TestProject.of(files)) {
            ServerLocal.GradleProject read = new ServerLocal.GradleProject(project.path(BUILD));
            List<String> declared = new ArrayList<>();
            read.dependencies().libraries().forEach(each -> declared.add(each.scope() + " " + each.group() + ":"
                    + each.name() + ":" + each.version()));
            read.dependencies().projects().keySet().forEach(folder -> declared.add("project "
                    + project.path("").relativize(folder).toString().replace('\\', '/')));
            return declared;
        }
    }

    private static String[] build(String script) {
        return new String[] {SETTINGS, "include(\"fn\")", BUILD, script};
    }

    @Test void plugins_have_versions_in_every_literal_form() {
        String toml = "[versions]\nkotlin = \"2.2.21\"\n[plugins]\nkotlin-jvm = { id = \"org.jetbrains.kotlin.jvm\","
                + " version.ref = \"kotlin\" }\n";
        for (String plugin : List.of("id(\"org.jetbrains.kotlin.jvm\").version(\"2.2.21\")",
                "id(\"org.jetbrains.kotlin.jvm\") version \"2.2.21\"", "kotlin(\"jvm\") version \"2.2.21\"",
                "kotlin(\"jvm\").version(\"2.2.21\")", "kotlin(\"jvm\", \"2.2.21\")",
                "kotlin(\"jvm\") version(\"2.2.21\")", "kotlin(\"jvm\").version(\"2.2.21\").apply(true)",
                "alias(libs.plugins.kotlin.jvm)", "id(libs.plugins.kotlin.jvm.get().pluginId)",
                "kotlin(\"jvm\") version libs.versions.kotlin.get()", "kotlin(\"jvm\") version libs.versions.kotlin")) {
            assertEquals(List.of(STDLIB), declared(SETTINGS, "", CATALOG, toml, BUILD, "plugins { " + plugin + " }"),
                    plugin);
        }
        for (String management : List.of("plugins { kotlin(\"jvm\") version \"2.2.21\" }",
                "plugins { id(\"org.jetbrains.kotlin.jvm\").version(\"2.2.21\") }",
                "val v: String by settings\nplugins { kotlin(\"jvm\") version v }",
                "val v = extra[\"v\"] as String\nplugins { kotlin(\"jvm\").version(v) }",
                "plugins { kotlin(\"jvm\") version \"${extra[\"v\"]}\" }")) {
            assertEquals(List.of(STDLIB), declared(PROPERTIES, "v=2.2.21", SETTINGS, "pluginManagement { " + management
                    + " }", BUILD, "plugins { kotlin(\"jvm\") }"), management);
        }
        for (String root : List.of("plugins { kotlin(\"jvm\") version \"2.2.21\" apply false }",
                "plugins { alias(libs.plugins.kotlin.jvm) apply false }",
                "buildscript { dependencies { classpath(\"org.jetbrains.kotlin:kotlin-gradle-plugin:2.2.21\") } }",
                "buildscript { dependencies { classpath(kotlin(\"gradle-plugin\", version = \"2.2.21\")) } }")) {
            for (String own : List.of("plugins { kotlin(\"jvm\") }", "apply(plugin = \"org.jetbrains.kotlin.jvm\")",
                    "apply { plugin(\"kotlin\") }")) {
                assertEquals(List.of(STDLIB), declared(SETTINGS, "", CATALOG, toml, ROOT, root, BUILD, own), root + own);
            }
        }
    }

    @Test void the_bom_of_spring_has_the_version_of_its_plugin() {
        String plugin = "plugins { java; id(\"org.springframework.boot\").version(\"3.5.0\")%s }\n";
        String managed = plugin.formatted("; id(\"io.spring.dependency-management\") version \"1.1.7\"");
        String applied = plugin.formatted(" apply false");
        for (String script : List.of(managed,
                "import org.springframework.boot.gradle.plugin.SpringBootPlugin\n" + applied
                + "dependencies { implementation(platform(SpringBootPlugin.BOM_COORDINATES)) }", applied
                + "dependencies { implementation(platform(org.springframework.boot.gradle.plugin.SpringBootPlugin"
                + ".BOM_COORDINATES)) }", applied + "the<DependencyManagementExtension>().apply {"
                + " imports { mavenBom(SpringBootPlugin.BOM_COORDINATES) } }", applied
                + "configure<DependencyManagementExtension> { imports { mavenBom(SpringBootPlugin.BOM_COORDINATES) } }")) {
            assertEquals(List.of("platform org.springframework.boot:spring-boot-dependencies:3.5.0"),
                    declared(build(script)), script);
        }
    }

    @Test void catalogs_are_files_or_statements_of_the_settings() {
        for (String file : List.of("files(\"gradle/x.toml\")", "files(file(\"gradle/x.toml\"))",
                "files(rootDir.resolve(\"gradle/x.toml\"))", "files(\"$rootDir/gradle/x.toml\")",
                "files(layout.rootDirectory.file(\"gradle/x.toml\"))")) {
            assertEquals(List.of("compile a:b:1"), declared("gradle/x.toml", "[libraries]\na-b = \"a:b:1\"\n", SETTINGS,
                    "dependencyResolutionManagement { versionCatalogs { create(\"libs\") { from(" + file + ") } } }",
                    BUILD, "dependencies { implementation(libs.a.b) }"), file);
        }
        for (String library : List.of("library(\"ab\", \"a:b:1\")", "library(\"ab\", \"a\", \"b\").version(\"1\")",
                "val v = version(\"v\", \"1\"); library(\"ab\", \"a\", \"b\").versionRef(v)",
                "version(\"v\", \"1\"); library(\"ab\", \"a\", \"b\").versionRef(\"v\")",
                "library(\"ab\", \"a\", \"b\").version { strictly(\"[1,2[\"); prefer(\"1\") }",
                "library(\"ab\", \"a:b:1\"); bundle(\"all\", listOf(\"ab\"))")) {
            String accessor = library.contains("bundle") ? "bundles.all" : "ab";
            assertEquals(List.of("compile a:b:1"), declared(SETTINGS, "dependencyResolutionManagement {"
                    + " versionCatalogs { create(\"tools\") { " + library + " } } }", BUILD,
                    "dependencies { implementation(tools." + accessor + ") }"), library);
        }
        String toml = "[versions]\nb = \"1\"\n[libraries]\na-b = { module = \"a:b\", version.ref = \"b\" }\n";
        assertEquals(List.of("compile a:b:2"), declared(CATALOG, toml, SETTINGS, "dependencyResolutionManagement {"
                + " versionCatalogs { create(\"libs\") { version(\"b\", \"2\") } } }", BUILD,
                "dependencies { implementation(libs.a.b) }"));
        assertEquals(List.of("compile a:b:1"), declared(CATALOG, toml, SETTINGS, "dependencyResolutionManagement {"
                + " defaultLibrariesExtensionName = \"deps\" }", BUILD, "dependencies { implementation(deps.a.b) }"));
        assertEquals(List.of("compile a:b:1", "compile c:d:1"), declared(CATALOG, toml, SETTINGS, "", BUILD,
                "val catalog = extensions.getByType<VersionCatalogsExtension>().named(\"libs\")\ndependencies {"
                + " implementation(catalog.findLibrary(\"a-b\").get())\n"
                + " implementation(\"c:d:${catalog.findVersion(\"b\").get()}\") }"));
    }

    @Test void projects_have_accessors() {
        for (String dependency : List.of("projects.libs.myCore", "projects.shop.libs.myCore",
                "project(projects.libs.myCore.path)", "project(\":libs:my-core\")",
                "project(path = \":libs:my-core\", configuration = \"default\")")) {
            assertEquals(List.of("project libs/my-core"), declared(SETTINGS, "rootProject.name = \"shop\"\n"
                    + "include(\":libs:my-core\", \":fn\")", BUILD, "dependencies { implementation(" + dependency
                    + ") }"), dependency);
        }
    }

    @Test void dependencies_are_found_wherever_they_are_declared() {
        for (String script : List.of("dependencies { \"implementation\"(\"a:b:1\") }",
                "dependencies { add(\"implementation\", \"a:b:1\") { isTransitive = false } }",
                "dependencies.add(\"implementation\", \"a:b:1\")", "project.dependencies { implementation(\"a:b:1\") }",
                "dependencies { \"implementation\"(group = \"a\", name = \"b\", version = \"1\") }",
                "val implementation by configurations\ndependencies { implementation(\"a:b:1\") }",
                "kotlin { dependencies { implementation(\"a:b:1\") } }",
                "kotlin { sourceSets { main { dependencies { implementation(\"a:b:1\") } } } }",
                "val versions = mapOf(\"b\" to \"1\")\ndependencies { implementation(\"a:b:${versions[\"b\"]}\") }",
                "object Versions { const val B = \"1\" }\ndependencies { implementation(\"a:b:${Versions.B}\") }",
                "dependencies { implementation(\"a:b\") { version { strictly(\"1\") } } }")) {
            assertEquals(List.of("compile a:b:1"), declared(build(script)), script);
        }
        for (String blocks : List.of("subprojects {", "allprojects {", "configure(subprojects) {", "project(\":fn\") {",
                "subprojects { afterEvaluate {", "subprojects { plugins.withType<JavaPlugin> {",
                "subprojects { plugins.withId(\"java\") {", "subprojects { pluginManager.withPlugin(\"java\") {")) {
            String end = blocks.replaceAll("[^{]", "").replace('{', '}');
            assertEquals(List.of("compile a:b:1"), declared(SETTINGS, "include(\"fn\")", ROOT, blocks
                    + " dependencies { add(\"implementation\", \"a:b:1\") } " + end, BUILD, "plugins { java }"), blocks);
        }
    }

    @Test void plugins_that_are_scripts_of_the_build_count_as_if_they_stood_there() {
        String script = "plugins { kotlin(\"jvm\") }\ndependencies { implementation(\"a:b:${Versions.B}\") }";
        for (String folder : List.of("buildSrc", "build-logic")) {
            for (String place : List.of("/src/main/kotlin/shop.conventions.gradle.kts",
                    "/src/main/kotlin/shop/conventions.gradle.kts", "/src/main/groovy/shop.conventions.gradle")) {
                assertEquals(List.of(STDLIB, "compile a:b:1", "compile c:d:1"), declared(SETTINGS, folder.equals("buildSrc")
                        ? "" : "pluginManagement { includeBuild(\"build-logic\") }", folder + "/build.gradle.kts",
                        "dependencies { implementation(\"org.jetbrains.kotlin:kotlin-gradle-plugin:2.2.21\") }",
                        folder + "/src/main/kotlin/Versions.kt", "internal object Versions {\n    const val B = \"1\"\n}\n",
                        folder + place, script, BUILD, "plugins { id(\"shop.conventions\") }\n"
                        + "dependencies { implementation(\"c:d:1\") }"), folder + place);
            }
        }
    }

    @Test void what_matters_and_is_not_known_is_reported_with_its_line() {
        String[][] cases = {
            {"plugins {\n  kotlin(\"jvm\") }", "2: the version of the plugin `org.jetbrains.kotlin.jvm` is not known"},
            {"dependencies {\n  implementation(helper(\"b\")) }", "2: cannot evaluate the dependency `helper(\"b\")`"},
            {"dependencies {\n  implementation(projects.none) }", "2: cannot evaluate the dependency `projects.none`"},
            {"listOf(\"a:b:1\").forEach {\n  dependencies { implementation(it) } }", "2: cannot evaluate `implementation(it)`"},
        };
        for (String[] each : cases) assertEquals(List.of(each[1]), problems(BUILD, each[0]), each[0]);
        assertEquals(List.of("0: the project builds plugins of its own in buildSrc"), problems(SETTINGS, "", BUILD,
                "plugins { id(\"own\") }", "buildSrc/src/main/kotlin/Own.kt", "class Own : Plugin<Project> { }"));
    }

    private static List<String> problems(String... files) {
        try (TestProject project = TestProject.of(files)) {
            PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
            return new ServerLocal.Builds(true, false, new ServerLocal.Console(silent, silent, "never"))
                    .of(project.path("fn")).problems().stream()
                    .map(each -> each.place().line() + ": " + each.message()).toList();
        }
    }
}
