package todo.shared;

/** One thing to do. */
public record Todo(int id, String title, boolean done) {
    public Todo finished() {
        return new Todo(id, title, true);
    }

    public String toJson() {
        return "{\"id\": " + id + ", \"title\": " + Json.quote(title) + ", \"done\": " + done + "}";
    }
}
