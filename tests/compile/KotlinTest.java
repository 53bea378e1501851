import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Kotlin with its compiler plugins, as its plugins for Maven and Gradle apply them (Kotlin documentation). */
class KotlinTest {
    private static final String TEMPLATE = TestProject.function("Fn", "shop.App::handle", "fn", "/x");
    /** The presets of spring and jpa go by the names of annotations. */
    private static final List<String> ANNOTATIONS = List.of(
            "fn/src/main/java/org/springframework/stereotype/Component.java",
            "package org.springframework.stereotype; public @interface Component { }",
            "fn/src/main/java/jakarta/persistence/Entity.java",
            "package jakarta.persistence; public @interface Entity { }",
            "fn/src/main/java/shop/Open.java", "package shop; public @interface Open { }",
            "fn/src/main/java/shop/Bare.java", "package shop; public @interface Bare { }");
    private static final String APP = """
            package shop
            import java.lang.reflect.Modifier
            @org.springframework.stereotype.Component class Bean
            @jakarta.persistence.Entity class Row(val id: Int)
            @Open class Opened
            @Bare class Empty(val id: Int) { val started = "started" }
            class Plain(val id: Int)
            class App {
                fun handle(event: Map<String, Any>): Map<String, Any> =
                    mapOf("statusCode" to 200, "body" to listOf(Bean::class, Row::class, Opened::class, Empty::class,
                        Plain::class).map { it.java }.joinToString(" ") {
                            (if (Modifier.isFinal(it.modifiers)) "f" else "o") + it.declaredConstructors.map {
                                it.parameterCount }.filter { it == 0 }.size })
            }
            """;

    private static TestProject project(String... files) {
        List<String> all = new ArrayList<>(List.of("template.yaml", TEMPLATE));
        all.addAll(ANNOTATIONS);
        all.addAll(List.of(files));
        return TestProject.of(all.toArray(String[]::new));
    }

    @Test void gradles_plugins_open_classes_and_add_constructors() {
        String build = """
                plugins {
                    kotlin("jvm") version "2.2.21"
                    kotlin("plugin.spring") version "2.2.21"
                    kotlin("plugin.jpa") version "2.2.21"
                    id("org.jetbrains.kotlin.plugin.allopen") version "2.2.21"
                    id("org.jetbrains.kotlin.plugin.noarg") version "2.2.21"
                }
                allOpen { annotation("shop.Open") }
                noArg {
                    annotations("shop.Bare", "shop.Other")
                    invokeInitializers = true
                }
                """;
        try (TestProject project = project("fn/build.gradle.kts", build, "fn/src/main/kotlin/shop/App.kt", APP).start()) {
            assertEquals("o1 f1 o1 f1 f0", project.body("/x"));
            project.write("fn/build.gradle.kts", build.replace("annotation(\"shop.Open\")", ""));
            assertEquals("o1 f1 f1 f1 f0", project.body("/x"));
        }
    }

    /** Before 1.9.0, the plugins were published as {@code kotlin-allopen}, {@code kotlin-noarg} and so on (Maven Central). */
    @Test void the_plugins_of_older_compilers_are_found() {
        assumeTrue(Runtime.version().feature() <= 21, "these compilers do not run on newer versions of Java");
        for (String version : List.of("1.6.21", "1.8.22")) {
            try (TestProject project = project("fn/build.gradle.kts", """
                    plugins {
                        kotlin("jvm") version "%1$s"
                        kotlin("plugin.spring") version "%1$s"
                        kotlin("plugin.noarg") version "%1$s"
                    }
                    noArg { annotation("shop.Bare") }
                    """.formatted(version), "fn/src/main/kotlin/shop/App.kt", APP).start()) {
                assertEquals("o1 f0 f1 f1 f0", project.body("/x"), version);
            }
        }
    }

    @Test void mavens_plugins_open_classes_and_add_constructors() {
        try (TestProject project = project("fn/pom.xml", pom("<compilerPlugins><plugin>spring</plugin>"
                + "<plugin>jpa</plugin><plugin>all-open</plugin><plugin>no-arg</plugin></compilerPlugins><pluginOptions>"
                + "<option>all-open:annotation=shop.Open</option><option>no-arg:annotation=shop.Bare</option>"
                + "</pluginOptions>"), "fn/src/main/kotlin/shop/App.kt", APP).start()) {
            assertEquals("o1 f1 o1 f1 f0", project.body("/x"));
        }
    }

    private static String pom(String configuration) {
        return "<project><modelVersion>4.0.0</modelVersion><groupId>shop</groupId><artifactId>fn</artifactId>"
                + "<version>1</version><dependencies>" + dependency("org.jetbrains.kotlin", "kotlin-stdlib", "2.2.21")
                + dependency("org.jetbrains.kotlinx", "kotlinx-serialization-json", "1.9.0")
                + "</dependencies><build><plugins><plugin><groupId>org.jetbrains.kotlin</groupId>"
                + "<artifactId>kotlin-maven-plugin</artifactId><version>2.2.21</version><configuration>" + configuration
                + "</configuration></plugin></plugins></build></project>";
    }

    private static String dependency(String group, String name, String version) {
        return "<dependency><groupId>" + group + "</groupId><artifactId>" + name + "</artifactId><version>" + version
                + "</version></dependency>";
    }

    @Test void serializers_are_generated() {
        String app = """
                package shop
                import kotlinx.serialization.*
                import kotlinx.serialization.json.*
                @Serializable data class Reply(val greeting: String, val n: Int = Util.two())
                class App {
                    @OptIn(ExperimentalSerializationApi::class)
                    fun handle(event: Map<String, Any>): Map<String, Any> = mapOf("statusCode" to 200,
                        "body" to Json { encodeDefaults = true }.encodeToString(Reply("hi")))
                }
                """;
        String gradle = """
                plugins {
                    kotlin("jvm") version "2.2.21"
                    kotlin("plugin.serialization") version "2.2.21"
                }
                dependencies { implementation("org.jetbrains.kotlinx:kotlinx-serialization-json:1.9.0") }
                """;
        for (List<String> build : List.of(List.of("fn/build.gradle.kts", gradle), List.of("fn/pom.xml",
                pom("<compilerPlugins><plugin>kotlinx-serialization</plugin></compilerPlugins>")))) {
            try (TestProject project = project(Stream.concat(build.stream(), Stream.of("fn/src/main/java/shop/Util.java",
                    "package shop; public class Util { public static int two() { return 2; } }",
                    "fn/src/main/kotlin/shop/App.kt", app)).toArray(String[]::new)).start()) {
                assertEquals("{\"greeting\":\"hi\",\"n\":2}", project.body("/x"), build.get(0));
            }
        }
    }

    @Test void arguments_of_the_build_are_the_compilers() {
        String app = """
                package shop
                @RequiresOptIn annotation class Risky
                @Risky fun risky() = "risky"
                class App {
                    fun handle(event: Map<String, Any>): Map<String, Any> = mapOf("statusCode" to 200, "body" to risky())
                }
                """;
        for (String options : List.of("kotlin { compilerOptions { optIn.add(\"shop.Risky\") } }",
                "kotlin { compilerOptions { freeCompilerArgs.addAll(\"-opt-in=shop.Risky\", \"-Werror\") } }",
                "tasks.withType<KotlinCompile>().configureEach { compilerOptions.freeCompilerArgs.add("
                + "\"-opt-in=shop.Risky\") }", "tasks.compileKotlin { kotlinOptions { freeCompilerArgs ="
                + " listOf(\"-opt-in=shop.Risky\") } }", "tasks.withType<KotlinCompile> { kotlinOptions {"
                + " freeCompilerArgs += \"-opt-in=shop.Risky\" } }")) {
            try (TestProject project = project("fn/build.gradle.kts", options)) {
                PrintStream silent = new PrintStream(OutputStream.nullOutputStream());
                ServerLocal.BuildModel model = new ServerLocal.Builds(true, false,
                        new ServerLocal.Console(silent, silent, "never")).of(project.path("fn"));
                assertEquals(List.of("argument=-opt-in=shop.Risky"), model.tools().get("kotlin"), options);
                assertEquals(List.of(), model.problems(), options);
            }
        }
        try (TestProject project = project("fn/pom.xml", pom("<args><arg>-opt-in=shop.Risky</arg></args>"),
                "fn/src/main/kotlin/shop/App.kt", app).start()) {
            assertEquals("risky", project.body("/x"));
        }
    }

    @Test void plugins_that_are_not_applied_are_reported_with_their_line() {
        for (String[] each : new String[][] {
            {"fn/build.gradle.kts", "plugins {\n  kotlin(\"jvm\") version \"2.2.21\"\n  kotlin(\"plugin.parcelize\")\n}\n",
                "Kotlin's compiler plugin `kotlin(\"plugin.parcelize\")` is not applied", "build.gradle.kts:3"},
            {"fn/pom.xml", pom("\n<compilerPlugins><plugin>own</plugin></compilerPlugins>"),
                "Kotlin's compiler plugin `own` is not applied", "pom.xml:2"}}) {
            try (TestProject project = project(each[0], each[1], "fn/src/main/kotlin/shop/App.kt", APP).start()) {
                project.get("/x");
                assertTrue(project.console().contains(each[2]) && project.console().contains(each[3]), project.console());
            }
        }
    }

    @Test void errors_that_follow_from_a_missing_library_are_counted() {
        try (TestProject project = project("fn/build.gradle.kts", "plugins { kotlin(\"jvm\") version \"2.2.21\" }\n"
                + "dependencies { implementation(\"shop.none:none:1\") }\n", "fn/src/main/kotlin/shop/App.kt",
                "package shop\nimport none.Thing\nclass App : Thing() {\n  override fun handle() = Thing().it() }\n")
                .start()) {
            String body = project.get("/x").body();
            assertTrue(body.contains("shop.none:none:1") && body.contains("about unknown names follow from this"), body);
            assertTrue(!body.contains("nresolved reference"), body);
        }
    }
}
