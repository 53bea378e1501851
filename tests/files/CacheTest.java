import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The cache folder, and what happens if it is not writable. */
class CacheTest {
    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }

    @Test void a_file_that_cannot_be_written_leaves_nothing() throws IOException {
        Path folder = Files.createTempDirectory("cache");
        Path taken = Files.createDirectories(folder.resolve("entry/inside")).getParent();
        assertThrows(IOException.class, () -> ServerLocal.Cache.write(taken, new byte[10]));
        assertEquals(List.of("", "entry", "entry/inside"), files(folder));
    }

    /**
     * {@code ?} is the JVM's user home in a container without an entry for the user; a file cannot contain a folder.
     */
    @Test void without_a_home_functions_run_and_the_project_is_unchanged() throws Exception {
        try (TestProject project = TestProject.of("template.yaml", """
                Resources:
                  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: 'App::handle', CodeUri: src, Runtime: java17}}
                """, "src/App.java", "public class App { public String handle() { return \"ok\"; } }")) {
            List<String> before = files(project.folder());
            for (String home : List.of("?", project.path("template.yaml").toString())) {
                TestProject.Ran ran = TestProject.run(project.folder(), Map.of("XDG_CACHE_HOME", "", "HOME", home), "",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Duser.home=" + home,
                        "-cp", System.getProperty("java.class.path"), "ServerLocal", "invoke", "Fn");
                assertEquals("\"ok\"", ran.out(), ran.err());
                assertTrue(!ran.err().contains("\tat "), ran.err());
                assertEquals(before, files(project.folder()), home);
            }
        }
    }
}
