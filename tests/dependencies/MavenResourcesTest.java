import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Functions find the resources that Maven's {@code process-resources} makes of the same project, byte for byte. Maven
 * itself runs in a copy of the project; without an {@code mvn} on the path these tests are skipped.
 */
class MavenResourcesTest {
    private static final String POM = """
            <project><modelVersion>4.0.0</modelVersion>
              <parent><groupId>shop</groupId><artifactId>all</artifactId><version>1.4.2</version></parent>
              <artifactId>fn</artifactId><description>The shop</description>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                <greeting>hello ${project.artifactId}</greeting><late>@greeting@!</late>
              </properties>
              <build>
                <filters><filter>filter.properties</filter></filters>
                <resources>
                  %s
                </resources>
                <testResources><testResource><directory>only-tests</directory></testResource></testResources>
                <plugins><plugin><artifactId>maven-resources-plugin</artifactId><version>3.3.1</version>
                  <configuration>%s</configuration></plugin></plugins>
              </build>
              <profiles>
                <profile><id>dev</id><activation><activeByDefault>true</activeByDefault></activation>
                  <properties><stage.name>dev-stage</stage.name></properties></profile>
                <profile><id>prod</id><properties><stage.name>prod-stage</stage.name></properties></profile>
              </profiles>
            </project>
            """;
    private static final String PARENT = """
            <project><modelVersion>4.0.0</modelVersion>
              <groupId>shop</groupId><artifactId>all</artifactId><version>1.4.2</version><packaging>pom</packaging>
              <properties><from.parent>of the parent</from.parent></properties>
            </project>
            """;
    private static final String FILTERED =
            "<resource><directory>src/main/resources</directory><filtering>true</filtering></resource>";
    private static final String NAMES = """
            version=${project.version} ${version} ${pom.version} @project.version@
            who=${project.groupId} ${artifactId} ${project.name} ${project.description} ${project.parent.artifactId}
            stage=${stage.name} parent=${from.parent} late=${late} filter=${of.filter} @of.filter@
            unknown=${nobody} @nobody@ ${} @@ ${unclosed
            mail=someone@example.com, other@example.com @stage.name@
            escaped=\\${stage.name} \\@stage.name@ \\x $${stage.name} \\\\${stage.name}
            """;
    private static final String READ = """
            Optional.ofNullable(App.class.getResourceAsStream("/" + ((Map<?, ?>) event.get("queryStringParameters"))
                .get("name"))).map(in -> { try { return Base64.getEncoder().encodeToString(in.readAllBytes()); }
                catch (java.io.IOException e) { throw new IllegalStateException(e); } }).orElse("none")""";

    private static TestProject project(String resources, String configuration) {
        return TestProject.of("template.yaml", TestProject.function("Fn", "shop.App::handle", "fn", "/x"),
                "pom.xml", PARENT, "fn/pom.xml", POM.formatted(resources, configuration),
                "fn/src/main/java/shop/App.java", "package shop;\n" + TestProject.handler("App", READ),
                "fn/filter.properties", "of.filter=value of ${stage.name}\n",
                "fn/only-tests/test.txt", "test");
    }

    /** All files that Maven writes for a project. */
    private static Map<String, byte[]> ofMaven(TestProject project) throws IOException, InterruptedException {
        Path copy = Files.createTempDirectory("maven");
        try (Stream<Path> files = Files.walk(project.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(project.folder().relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        Process maven = new ProcessBuilder("mvn", "-q", "-B", "process-resources").directory(copy.resolve("fn").toFile())
                .redirectErrorStream(true).start();
        String printed = new String(maven.getInputStream().readAllBytes());
        assertEquals(0, maven.waitFor(), printed);
        Map<String, byte[]> made = new TreeMap<>();
        Path classes = copy.resolve("fn/target/classes");
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                made.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return made;
    }

    private static void assertLikeMaven(TestProject project, String... absent) throws IOException, InterruptedException {
        Map<String, byte[]> made = ofMaven(project);
        assertTrue(!made.isEmpty());
        made.forEach((name, bytes) -> assertEquals(new String(bytes, ISO_8859_1), resource(project, name), name));
        for (String name : absent) {
            assertTrue(!made.containsKey(name), name);
            assertEquals("none", resource(project, name), name);
        }
    }

    /** What the function reads, a character for each byte. */
    private static String resource(TestProject project, String name) {
        String body = project.body("/x?name=" + name);
        return body.equals("none") ? body : new String(Base64.getDecoder().decode(body), ISO_8859_1);
    }

    private static void assumeMaven() {
        boolean isThere = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mvn")));
        assumeTrue(isThere, "mvn, which is compared with, is not on the path");
    }

    @Test void names_are_replaced_by_values_of_the_pom() throws IOException, InterruptedException {
        assumeMaven();
        try (TestProject project = project(FILTERED, "").with("fn/src/main/resources/names.properties", NAMES)
                .with("fn/src/main/resources/deep/names.txt", NAMES).with("fn/src/main/resources/end.txt", "a ${")
                .with("fn/src/main/resources/far.txt", "a@b" + " filler".repeat(60) + " @stage.name@ ${stage.name}\r\n")
                .with("fn/src/main/resources/image.png", "${stage.name}")
                .with("fn/src/main/resources/.gitignore", "x").with("fn/src/main/resources/old.txt~", "x").start()) {
            assertLikeMaven(project, "old.txt~", "test.txt");
        }
    }

    @Test void escapes_and_delimiters_are_those_of_the_plugin() throws IOException, InterruptedException {
        assumeMaven();
        String[] configurations = {"<escapeString>\\</escapeString>",
                "<supportMultiLineFiltering>true</supportMultiLineFiltering>",
                "<delimiters><delimiter>#</delimiter><delimiter>[*]</delimiter></delimiters>",
                "<useDefaultDelimiters>false</useDefaultDelimiters><delimiters><delimiter>@</delimiter></delimiters>",
                "<nonFilteredFileExtensions><nonFilteredFileExtension>properties</nonFilteredFileExtension>"
                + "</nonFilteredFileExtensions>"};
        for (String configuration : configurations) {
            try (TestProject project = project(FILTERED, configuration)
                    .with("fn/src/main/resources/names.properties", NAMES)
                    .with("fn/src/main/resources/names.txt", NAMES + "#stage.name# [stage.name] [x] #stage.name\n")
                    .start()) {
                assertLikeMaven(project);
            }
        }
    }

    @Test void folders_includes_excludes_and_targets() throws IOException, InterruptedException {
        assumeMaven();
        String resources = """
                <resource><directory>src/main/resources</directory><filtering>true</filtering>
                  <includes><include>**/*.txt</include></includes><excludes><exclude>secret*</exclude></excludes></resource>
                <resource><directory>src/main/resources</directory><includes><include>raw/</include></includes></resource>
                <resource><directory>conf</directory><targetPath>cfg/deep</targetPath></resource>
                <resource><directory>src/main/java</directory><includes><include>**/*.xml</include></includes></resource>
                <resource><directory>missing</directory></resource>
                <resource><directory>${project.basedir}</directory><includes><include>LICENSE</include></includes></resource>
                <resource><directory>conf</directory><filtering>true</filtering>
                  <targetPath>cfg/deep</targetPath><includes><include>both.txt</include></includes></resource>
                <resource><directory>other</directory><targetPath>cfg/deep</targetPath></resource>
                """;
        try (TestProject project = project(resources, "").with("fn/src/main/resources/a/names.txt", NAMES)
                .with("fn/src/main/resources/secret.txt", "s").with("fn/src/main/resources/no.xml", "no")
                .with("fn/src/main/resources/raw/names.html", NAMES).with("fn/conf/c.txt", NAMES).with("fn/LICENSE", "free")
                .with("fn/conf/both.txt", NAMES).with("fn/other/both.txt", "other").with("fn/other/o.txt", "other")
                .with("fn/src/main/java/shop/Mapper.xml", "<mapper/>").start()) {
            assertLikeMaven(project, "secret.txt", "no.xml", "c.txt", "both.txt");
        }
    }

    @Test void encodings() throws IOException, InterruptedException {
        assumeMaven();
        try (TestProject project = project(FILTERED, "<encoding>UTF-8</encoding>"
                + "<propertiesEncoding>ISO-8859-1</propertiesEncoding>")
                .with("fn/src/main/resources/names.txt", "gr\u00fc\u00dfe \u20ac ${stage.name}")) {
            Files.write(project.path("fn/src/main/resources/names.properties"),
                    "gr\u00fc\u00dfe=${stage.name}".getBytes(ISO_8859_1));
            assertLikeMaven(project.start());
        }
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) i;
        try (TestProject project = project(FILTERED.replace("<filtering>true</filtering>", ""), "")
                .with("fn/src/main/resources/x.bin", "")) {
            Files.write(project.path("fn/src/main/resources/x.bin"), bytes);
            assertLikeMaven(project.start());
        }
    }

    /** The parent filters only application*.yml, .yaml and .properties, and only {@code @...@}. */
    @Test void projects_of_spring_boot() throws IOException, InterruptedException {
        assumeMaven();
        try (TestProject project = project("", "")
                .with("fn/src/main/resources/application.yml", NAMES)
                .with("fn/src/main/resources/application-dev.properties", NAMES)
                .with("fn/src/main/resources/config/application.yaml", NAMES)
                .with("fn/src/main/resources/other.yml", NAMES)
                .with("fn/pom.xml", """
                <project><modelVersion>4.0.0</modelVersion>
                  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>
                    <version>3.3.5</version><relativePath/></parent>
                  <groupId>shop</groupId><artifactId>fn</artifactId><version>1.4.2</version>
                  <properties><java.version>17</java.version><stage.name>dev</stage.name></properties>
                </project>
                """).start()) {
            assertLikeMaven(project);
        }
    }

    @Test void edits_of_resources_and_of_the_pom_are_live() {
        try (TestProject project = project(FILTERED, "").with("fn/src/main/resources/a.txt", "${stage.name}")
                .start()) {
            assertEquals("dev-stage", resource(project, "a.txt"));
            project.write("fn/src/main/resources/a.txt", "now ${stage.name} ${project.version}");
            project.write("fn/src/main/resources/b.txt", "${of.filter}");
            assertEquals("now dev-stage 1.4.2", resource(project, "a.txt"));
            assertEquals("value of dev-stage", resource(project, "b.txt"));
            project.write("fn/filter.properties", "of.filter=other\n");
            assertEquals("other", resource(project, "b.txt"));
            project.write("fn/pom.xml", POM.formatted(FILTERED, "").replace("dev-stage", "late"));
            assertEquals("now late 1.4.2", resource(project, "a.txt"));
            project.write("pom.xml", PARENT.replace("1.4.2", "1.5"));
            project.write("fn/pom.xml", POM.formatted(FILTERED, "").replace("1.4.2", "1.5"));
            assertEquals("now dev-stage 1.5", resource(project, "a.txt"));
            project.write("fn/pom.xml", POM.formatted("<resource><directory>src/main/resources</directory></resource>", "")
                    .replace("1.4.2", "1.5"));
            assertEquals("now ${stage.name} ${project.version}", resource(project, "a.txt"));
            assertTrue(!Files.exists(project.path("fn/target")));
        }
    }

    @Test void the_task_root_has_the_filtered_ones() {
        String read = "Files.readString(Path.of(System.getenv(\"LAMBDA_TASK_ROOT\"), \"a.txt\"))"
                .replace("Files", "java.nio.file.Files").replace("Path.of", "java.nio.file.Path.of");
        try (TestProject project = project(FILTERED, "").with("fn/src/main/resources/a.txt", "${stage.name}")
                .with("fn/src/main/java/shop/App.java", "package shop;\n" + TestProject.handler("App", read)).start()) {
            assertEquals("dev-stage", project.body("/x"));
            project.write("fn/src/main/resources/a.txt", "at ${stage.name}");
            assertEquals("at dev-stage", project.body("/x"));
        }
    }
}
