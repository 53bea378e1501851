import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/** Changes on disk are detected, with or without system notifications; unchanged files cost nothing. */
class ChangesTest {
    private static final PrintStream SILENT = new PrintStream(PrintStream.nullOutputStream());

    /** Code in a folder and the codebase that watches it. */
    private static final class Code implements AutoCloseable {
        private final TestProject project;
        private final List<ServerLocal.Problem> reported = new ArrayList<>();
        private ServerLocal.Codebase codebase;

        Code(String... pathsAndTexts) {
            project = TestProject.of(pathsAndTexts);
            restart();
        }

        /** The state that a new process finds. */
        Code restart() {
            ServerLocal.Builds builds = new ServerLocal.Builds(true, true, new ServerLocal.Console(SILENT, SILENT, "never"));
            codebase = new ServerLocal.JavaCode(new ServerLocal.Codebase.Key(project.path("src"), List.of(), 0), builds,
                    reported::addAll);
            return this;
        }

        ServerLocal.Codebase.Build build() {
            return codebase.current();
        }

        Set<String> classes() {
            assertEquals(List.of(), build().errors());
            return new TreeSet<>(build().classes().keySet());
        }

        int filesRead() {
            return build().compiled().files();
        }

        Code keepUp() {
            codebase.keepUp(build -> { });
            return this;
        }

        @Override public void close() {
            project.close();
        }
    }

    /** A change on disk. */
    private interface Change {
        void make(TestProject project) throws IOException;
    }

    private static void assertSeen(Code code, Change change, String... classes) throws IOException {
        change.make(code.project);
        assertEquals(new TreeSet<>(Set.of(classes)), code.classes());
    }

    private static String type(String name) {
        return "class " + name + " { }";
    }

    @Test void added_removed_and_moved_files_are_detected_at_once() throws IOException {
        for (boolean areTold : List.of(true, false)) {
            try (Code code = new Code("src/A.java", type("A"), "away/L.java", type("L"), "away2/L.java", type("L2"))) {
                assertEquals(Set.of("A"), code.classes());
                if (areTold) code.keepUp();
                assertSeen(code, project -> project.write("src/B.java", type("B")), "A", "B");
                assertSeen(code, project -> project.write("src/p/q/C.java", type("C")), "A", "B", "C");
                assertSeen(code, project -> project.write("src/p/q/C.java", type("C2")), "A", "B", "C2");
                assertSeen(code, project -> Files.delete(project.path("src/B.java")), "A", "C2");
                assertSeen(code, project -> Files.move(project.path("src/p"), project.path("src/r")), "A", "C2");
                assertSeen(code, project -> project.write("src/r/q/C.java", type("C3")), "A", "C3");
                assertSeen(code, project -> Files.move(project.path("src/r"), project.path("r")), "A");
                assertSeen(code, project -> Files.move(project.path("r"), project.path("src/r")), "A", "C3");
                assertSeen(code, project -> Files.createSymbolicLink(project.path("src/L.java"),
                        project.path("away/L.java")), "A", "C3", "L");
                assertSeen(code, project -> project.write("away/L.java", type("L9")), "A", "C3", "L9");
                assertSeen(code, project -> Files.delete(project.path("src/L.java")), "A", "C3");
                assertSeen(code, project -> Files.createSymbolicLink(project.path("src/link"), project.path("away2")),
                        "A", "C3", "L2");
                assertSeen(code, project -> project.write("away2/L.java", type("L3")), "A", "C3", "L3");
                assertSeen(code, project -> {
                    Files.move(project.path("src"), project.path("old"));
                    project.write("src/N.java", type("N"));
                }, "N");
                assertSeen(code, project -> project.write("src/N.java", type("N2")), "N2");
                assertSeen(code, project -> {
                    Files.delete(project.path("src/N.java"));
                    Files.delete(project.path("src"));
                    project.write("src/M.java", type("M"));
                }, "M");
                assertSeen(code, project -> project.write("src/M.java", type("M2")), "M2");
            }
        }
    }

    /**
     * The state that {@code sed -i} with {@code touch -d}, {@code rsync -t}, {@code cp -p} and {@code git checkout} may
     * leave.
     */
    @Test void a_change_that_keeps_size_and_time_is_detected() throws IOException {
        FileTime old = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
        try (Code code = new Code("src/A.java", type("A"))) {
            Path file = code.project.path("src/A.java");
            Files.setLastModifiedTime(file, old);
            assertEquals(Set.of("A"), settled(code, file));
            assertSeen(code, project -> {
                project.write("next", type("B"));
                Files.setLastModifiedTime(project.path("next"), old);
                Files.move(project.path("next"), file, StandardCopyOption.ATOMIC_MOVE);
            }, "B");
            assertEquals(Set.of("B"), settled(code, file));
            assertSeen(code, project -> {
                project.write("src/A.java", type("C"));
                Files.setLastModifiedTime(file, old);
            }, "C");
        }
    }

    /** The classes, read once the file's time can be trusted. */
    private static Set<String> settled(Code code, Path file) {
        while (!ServerLocal.Stamp.of(file).isSettled()) Thread.onSpinWait();
        return code.classes();
    }

    @Test void rapid_saves_are_detected() throws IOException {
        try (Code code = new Code("src/A.java", type("A"))) {
            code.classes();
            code.keepUp();
            for (int i = 0; i < 40; i++) {
                code.project.write("src/A.java", type("A" + i));
                assertEquals(Set.of("A" + i), code.classes());
                code.project.write("next", type("B" + i));
                Files.move(code.project.path("next"), code.project.path("src/A.java"),
                        StandardCopyOption.ATOMIC_MOVE);
                assertEquals(Set.of("B" + i), code.classes());
            }
        }
    }

    @Test void changed_resources_and_jars_need_no_compilation() throws IOException {
        try (Code code = new Code("src/src/main/java/A.java", type("A"), "src/src/main/resources/a.txt", "1",
                "src/lib/y.txt", "")) {
            Jars.write(code.project.path("src/lib/x.jar"), Map.of("y.txt", "yy".getBytes()));
            ServerLocal.Codebase.Build first = code.build();
            code.keepUp();
            assertSame(first, code.build());
            code.project.write("src/src/main/resources/a.txt", "22");
            ServerLocal.Codebase.Build second = code.build();
            assertNotSame(first, second);
            assertEquals(0, second.compiled().files());
            assertEquals(Set.of("A"), second.classes().keySet());
            code.project.write("src/src/main/resources/deep/b.txt", "1");
            assertNotSame(second, code.build());
            ServerLocal.Codebase.Build third = code.build();
            code.project.write("src/src/main/java/A.java~", "what an editor leaves");
            code.project.write("src/src/main/java/.A.java.swp", "what an editor leaves");
            assertSame(third, code.build());
            Jars.write(code.project.path("src/lib/x.jar"), Map.of("x.txt", "x".getBytes()));
            assertNotSame(third.jars(), code.build().jars());
            assertFalse(third.jars().equals(code.build().jars()));
        }
    }

    @Test void saved_code_is_compiled_before_the_next_request() {
        try (Code code = new Code("src/A.java", type("A"))) {
            code.classes();
            code.keepUp();
            code.project.write("src/A.java", "//DEPS nonsense\n" + type("A"));
            for (int i = 0; i < 100 && code.reported.isEmpty(); i++) {
                sleep();
                code.keepUp();
            }
            assertEquals("cannot read `nonsense`", code.reported.get(0).message());
            assertEquals(1, code.filesRead());
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test void a_second_start_compiles_only_changes() throws IOException {
        try (Code code = new Code("src/A.java", "class A { int a() { return 1; } }", "src/B.java", type("B"),
                "src/C.java", "class C { Object c = new A().a(); }")) {
            assertEquals(3, code.filesRead());
            code.codebase.store();
            assertEquals(0, code.restart().filesRead());
            assertEquals(Set.of("A", "B", "C"), code.classes());
            assertEquals(null, code.build().news());
            code.project.write("src/A.java", "class A { int a() { return 2; } }");
            assertEquals(1, code.filesRead());
            code.codebase.store();
            code.project.write("src/A.java", "class A { int a() { return 3; } }");
            Files.delete(code.project.path("src/B.java"));
            assertEquals(1, code.restart().filesRead());
            assertEquals(Set.of("A", "C"), code.classes());
            code.codebase.store();
            Files.delete(code.project.path("src/C.java"));
            assertEquals(Set.of("A"), code.restart().classes());
        }
    }

    @Test void stored_output_is_valid_for_its_setup_unless_corrupt() throws IOException {
        try (TestProject project = TestProject.of("made/r.txt", "r")) {
            Path file = project.path("store/classes");
            ServerLocal.ClassStore store = new ServerLocal.ClassStore(file);
            Map<Path, String> texts = Map.of(Path.of("A.java"), type("A"));
            store.write("setup", new ServerLocal.Output(texts, Map.of("A", new byte[] {1}),
                    Map.of("A", Path.of("A.java")), List.of(project.path("made")), true));
            ServerLocal.Output read = store.read("setup", texts);
            assertEquals(texts, read.texts());
            assertEquals(1, read.classes().get("A")[0]);
            assertEquals("r", Files.readString(read.folders().get(0).resolve("r.txt")));
            assertSame(ServerLocal.Output.NONE, store.read("another setup", texts));
            assertSame(ServerLocal.Output.NONE, new ServerLocal.ClassStore(project.path("none")).read("setup", texts));
            byte[] whole = Files.readAllBytes(file);
            for (int i = 0; i < whole.length; i += 7) {
                byte[] damaged = whole.clone();
                damaged[i] ^= 1;
                Files.write(file, damaged);
                assertSame(ServerLocal.Output.NONE, store.read("setup", texts), "byte " + i);
                Files.write(file, java.util.Arrays.copyOf(whole, i));
                assertSame(ServerLocal.Output.NONE, store.read("setup", texts), i + " bytes");
            }
            assertTrue(Files.list(file.getParent()).count() == 1, "no partial file is left");
        }
    }

    @Test void a_cache_keeps_the_most_recent_entries() throws IOException {
        try (TestProject project = TestProject.of("a", "12345", "b", "12345", "c", "12345", "d", "12345")) {
            for (String name : List.of("b", "d", "a", "c")) {
                int age = List.of("c", "a", "d", "b").indexOf(name);
                Files.setLastModifiedTime(project.path(name), java.nio.file.attribute.FileTime.fromMillis(
                        System.currentTimeMillis() - age * 60_000L));
            }
            ServerLocal.Cache.tidy(project.folder(), 3, 1000);
            assertFalse(Files.exists(project.path("b")));
            ServerLocal.Cache.tidy(project.folder(), 3, 10);
            assertTrue(Files.exists(project.path("c")) && Files.exists(project.path("a")));
            assertFalse(Files.exists(project.path("d")));
        }
    }
}
