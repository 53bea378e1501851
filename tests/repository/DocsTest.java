import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Runs every command of the documentation, page by page, in a copy of the checkout. */
class DocsTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

    /** Replaces placeholders of the pages; servers continue in the background, and the last one ends first. */
    private static final String WORDS = """
            set -eu
            server=
            stop() { if [ -n "$server" ]; then kill "$server"; wait "$server" || true; server=; fi; }
            trap 'status=$?; stop; exit $status' EXIT
            mkdir words
            printf '#!/bin/sh\\nexec "$JAVA" -XX:TieredStopAtLevel=1 -cp "$PROGRAM" ServerLocal "$@"\\n' >words/samlocal
            chmod +x words/samlocal
            PATH=$PWD/words:$PATH
            program() { command samlocal "$@"; }
            serve() {
                stop
                command samlocal "$@" >server.log 2>&1 &
                server=$!
                for i in $(seq 600); do
                    if grep -q 'Press CTRL+C' server.log; then return; fi
                    kill -0 "$server" || { cat server.log; exit 1; }
                    sleep 0.1
                done
                cat server.log; exit 1
            }
            samlocal() {
                case " $* " in *" --help "*|*" --version "*|*" -h "*) program "$@"; return;; esac
                case "${1-}" in
                    ""|-*|start-api|start-lambda|local)
                        case " $* " in *" --port "*|*" -p "*) serve "$@";; *) serve "$@" --port "$PORT";; esac;;
                    *) program "$@";;
                esac
            }
            jbang() {
                script=$1; shift
                case $script in
                    ServerLocal.java) samlocal "$@";;
                    tests/*|bench/*|tools/*|src/*) test -f "$script";;
                    *) echo "no such script: $script"; exit 1;;
                esac
            }
            """;

    @TestFactory Stream<DynamicTest> the_commands_of_a_page_work() throws IOException {
        return pages().stream().filter(page -> !commands(page).isBlank()).map(page ->
                DynamicTest.dynamicTest(page.getFileName().toString(), () -> run(page)));
    }

    @Test void links_lead_to_files() throws IOException {
        for (Path page : pages()) {
            List<String> dead = LINK.matcher(Files.readString(page)).results().map(link -> link.group(1))
                    .filter(link -> !Files.exists(page.resolveSibling(link))).toList();
            assertEquals(List.of(), dead, page.toString());
        }
    }

    private static List<Path> pages() throws IOException {
        Path checkout = Checkout.folder();
        try (Stream<Path> docs = Files.list(checkout.resolve("docs"))) {
            List<Path> pages = Stream.concat(Stream.of(checkout.resolve("README.md")),
                    docs.filter(page -> page.toString().endsWith(".md")).sorted()).toList();
            assertTrue(pages.size() > 3, "pages found: " + pages);
            return pages;
        }
    }

    private static String commands(Path page) {
        try {
            return BLOCK.matcher(Files.readString(page)).results().map((MatchResult block) -> block.group(1))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void run(Path page) throws Exception {
        Path folder = Files.createTempDirectory("samlocal docs ");
        String port = freePort();
        String script = WORDS + commands(page).replace("./jbang ", "jbang ").replace(":3000", ":" + port);
        for (String name : List.of("examples", "tests", "bench", "tools", "src")) copy(Checkout.folder().resolve(name), folder);
        TestProject.Ran ran = TestProject.run(folder, Map.of("PORT", port, "JAVA", Path.of(System.getProperty("java.home"),
                "bin", "java").toString(), "PROGRAM", System.getProperty("java.class.path"), "NO_COLOR", "1"), "",
                "bash", "-c", script);
        assertEquals(0, ran.status(), ran.out() + ran.err());
        assertFalse(ran.err().contains("warning: "), ran.err());
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return String.valueOf(socket.getLocalPort());
        }
    }

    private static void copy(Path from, Path into) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path to = into.resolve(from.getParent().relativize(file));
                if (Files.isDirectory(file)) Files.createDirectories(to);
                else Files.copy(file, to);
            }
        }
    }
}
