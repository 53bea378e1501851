package todo.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The todos of the table that the variable TABLE names: a file in the temporary folder, so that no database is needed. */
public final class Todos {
    private static final Path FILE = Path.of(System.getProperty("java.io.tmpdir"), System.getenv("TABLE") + ".todos");

    private Todos() {
    }

    public static List<Todo> all() {
        try {
            return Files.exists(FILE) ? Files.readAllLines(FILE).stream().map(Todos::parse).toList() : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Optional<Todo> find(int id) {
        return all().stream().filter(todo -> todo.id() == id).findFirst();
    }

    public static Todo add(String title) {
        List<Todo> todos = new ArrayList<>(all());
        Todo added = new Todo(todos.stream().mapToInt(Todo::id).max().orElse(0) + 1, title, false);
        todos.add(added);
        write(todos);
        return added;
    }

    public static void replace(Todo todo) {
        write(all().stream().map(old -> old.id() == todo.id() ? todo : old).toList());
    }

    public static void remove(int id) {
        write(all().stream().filter(todo -> todo.id() != id).toList());
    }

    private static Todo parse(String line) {
        String[] columns = line.split("\t", 3);
        return new Todo(Integer.parseInt(columns[0]), columns[2], columns[1].equals("done"));
    }

    private static void write(List<Todo> todos) {
        try {
            Files.write(FILE, todos.stream()
                    .map(todo -> todo.id() + "\t" + (todo.done() ? "done" : "open") + "\t" + todo.title().replaceAll("\\s+", " "))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
