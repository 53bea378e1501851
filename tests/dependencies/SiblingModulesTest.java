import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Modules of one checkout that need each other are found by what build files say of them (Maven's POM reference,
 * "Aggregation (or Multi-Module)"; Gradle's user manual, "Multi-Project Build Basics"), whatever their folders are called.
 */
class SiblingModulesTest {
    private static final String POM = """
            <project><modelVersion>4.0.0</modelVersion>
              <groupId>shop</groupId><artifactId>%s</artifactId><version>1</version>
              <properties><maven.compiler.release>17</maven.compiler.release></properties>
              %s
            </project>
            """;
    private static final String NEEDS = "<dependencies><dependency><groupId>shop</groupId><artifactId>common</artifactId>"
            + "<version>1</version></dependency></dependencies>";
    private static final String APP = "package shop;\n" + TestProject.handler("App", "Word.say()");
    private static final String WORD = "package shop; public class Word { public static String say() { return \"hi\"; } }";

    private static TestProject maven(String template, String code, String function, String common) {
        return TestProject.of(template, TestProject.function("Fn", "shop.App::handle", code, "/x"),
                function + "/pom.xml", POM.formatted("fn", NEEDS), function + "/src/main/java/shop/App.java", APP,
                common + "/pom.xml", POM.formatted("common", ""), common + "/src/main/java/shop/Word.java", WORD);
    }

    private static String aggregator(String... modules) {
        return POM.formatted("all", "<packaging>pom</packaging><modules><module>" + String.join("</module>\n<module>", modules)
                + "</module></modules>");
    }

    private static void assertServes(TestProject unstarted, String template, String common) {
        try (TestProject project = unstarted.start(template)) {
            assertEquals("hi", project.body("/x"), common + "\n" + project.console());
            project.write(common + "/src/main/java/shop/Word.java", WORD.replace("hi", "ho"));
            assertEquals("ho", project.body("/x"), common);
        }
    }

    @Test void folders_may_have_any_name() {
        for (String parent : List.of("src", "build", "out", "bin", "target")) {
            assertServes(maven("template.yaml", parent + "/fn", parent + "/fn", parent + "/common")
                    .with("pom.xml", aggregator(parent + "/fn", parent + "/common")), "template.yaml",
                    parent + "/common");
        }
        for (String parent : List.of("src", "build")) {
            assertServes(maven("template.yaml", parent + "/fn", parent + "/fn", parent + "/common"), "template.yaml",
                    parent + "/common");
            assertServes(TestProject.of("template.yaml", TestProject.function("Fn", "shop.App::handle", parent + "/fn", "/x"),
                    "settings.gradle", "include '" + parent + ":fn',\n  \"" + parent + ":common\"\n",
                    parent + "/fn/build.gradle", "dependencies { implementation project(':" + parent + ":common') }",
                    parent + "/fn/src/main/java/shop/App.java", APP, parent + "/common/build.gradle", "dependencies { }",
                    parent + "/common/src/main/java/shop/Word.java", WORD), "template.yaml", parent + "/common");
        }
    }

    @Test void a_module_may_lie_deep_or_beside_the_aggregator() {
        assertServes(maven("template.yaml", "a/fn", "a/fn", "libs/a/b/c/d/e/f/common")
                .with("pom.xml", aggregator("a/fn", "libs/a/b/c/d/e/f/common/pom.xml")), "template.yaml",
                "libs/a/b/c/d/e/f/common");
        assertServes(maven("all/template.yaml", "../fn", "fn", ".common")
                .with("all/pom.xml", aggregator("../fn", "../.common")), "all/template.yaml", ".common");
    }

    @Test void the_template_may_have_any_name_and_place() throws IOException {
        assertServes(maven("sam.yaml", "functions/fn", "functions/fn", "libs/common"), "sam.yaml", "libs/common");
        assertServes(maven("deploy/template.yaml", "../functions/fn", "functions/fn", "libs/common"),
                "deploy/template.yaml", "libs/common");
        TestProject checkout = maven("services/shop/deploy/sam.yaml", "../fn", "services/shop/fn", "libs/common");
        Files.createDirectories(checkout.path(".git"));
        assertServes(checkout, "services/shop/deploy/sam.yaml", "libs/common");
    }

    /**
     * A module whose parent is in the checkout in another version is not part of its build (POM reference, "Inheritance":
     * the version must be that of the {@code relativePath}): the published library is used.
     */
    @Test void a_module_that_was_left_behind_does_not_replace_the_published_library() {
        String parent = "<parent><groupId>shop</groupId><artifactId>all</artifactId><version>%s</version></parent>";
        String left = "<project><modelVersion>4.0.0</modelVersion>" + parent + "<groupId>com.google.code.gson</groupId>"
                + "<artifactId>gson</artifactId><version>2.13.1</version></project>";
        String app = "package shop;\n" + TestProject.handler("App", "new com.google.gson.Gson().toJson(List.of(1))");
        TestProject checkout = TestProject.of("template.yaml", TestProject.function("Fn", "shop.App::handle", "fn", "/x"),
                "pom.xml", aggregator("fn"), "fn/src/main/java/shop/App.java", app, "fn/pom.xml",
                POM.formatted("fn", NEEDS.replace("shop", "com.google.code.gson").replace("common", "gson")
                        .replace("<version>1<", "<version>2.13.1<")),
                "old/pom.xml", left.formatted("0.9"), "old/src/main/java/Old.java", "class Old { }");
        try (TestProject project = checkout.start()) {
            assertEquals("[1]", project.body("/x"), project.console());
        }
    }

    /** An artifact of a module that is not built stands for the module, wherever it is. */
    @Test void an_artifact_of_a_listed_module() {
        assertServes(maven("template.yaml", "target/fn.jar", "src/fn", "src/common")
                .with("pom.xml", aggregator("src/fn", "src/common")), "template.yaml", "src/common");
    }
}
