import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * AWS's runtime interface client and samlocal must give the same responses for the same handlers and payloads. In
 * payloads a single quote stands for a double one; all are JSON, since Lambda passes nothing else to a runtime.
 */
class OracleTest {
    private static final Path CHECKOUT = Checkout.folder();
    private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:";
    private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
    private static final int MEMORY = 256;
    private static final int TIMEOUT = 30;
    private static final int PARALLEL = 3;
    private static final String IMPORTS = "import com.amazonaws.services.lambda.runtime.*;"
            + " import com.amazonaws.services.lambda.runtime.events.*;"
            + " import java.io.*; import java.lang.reflect.Type; import java.math.*; import java.time.*;"
            + " import java.util.*; import java.util.concurrent.*; import java.util.stream.*;\n";

    private static final List<Row> VALUES = List.of(
            typed("Strings", "String", "String",
                    "in + \"|\" + (in == null ? -1 : in.length()) + \"|\\u00e9\\ud83d\\ude00\\u2028\"", "'text'",
                    "'\u00fc\u20ac\ud83d\ude00'", "'\\u0041\\n\\u0000\\ud83d'", "''", "null", "5", "true", "1.50", "[]",
                    "['x']", "[1, 2]", "{'a': 1}"),
            typed("Integers", "Integer", "Integer", "in + 1", "41", "'41'", "' 7 '", "null", "''", "2147483648", "1.9",
                    "true", "'x'", "[1]", "[1, 2]", "{}", "1e2"),
            typed("Longs", "Long", "List<Object>", "Arrays.asList(in, String.valueOf(in))", "9007199254740993",
                    "9223372036854775807", "1e3", "9223372036854775808", "'9'", "0.5"),
            typed("Doubles", "Double", "List<Object>", "Arrays.asList(in, -in, in.floatValue(), 1 / in)", "0.1",
                    "1e400", "'NaN'", "'-INF'", "1", "-0.0", "0", "123456789012345678", "1e-7", "null"),
            typed("Booleans", "Boolean", "Boolean", "in == null ? null : !in", "true", "'true'", "0", "1", "'yes'",
                    "null", "1.0", "'FALSE'"),
            typed("Words", "List<String>", "List<String>",
                    "in.stream().map(word -> word == null ? null : word + word.length()).toList()", "['a', 'bc']",
                    "[null, 1, true]", "'one'", "[]", "''", "null", "[['x']]", "[{'a': 1}]", "{}"),
            typed("Numbers", "List<Integer>", "List<String>",
                    "((List<?>) in).stream().map(n -> n == null ? null : n.getClass().getSimpleName() + n).toList()",
                    "[1, '2', 3.7, null]", "[2147483648]", "5", "['x']"),
            typed("Bytes", "byte[]", "byte[]", "in == null ? null : Arrays.copyOf(in, in.length + 1)", "'AQID'", "''",
                    "'%'", "null", "[1]", "'YQ'"),
            typed("Anything", "Object", "Object", "Arrays.asList(in == null ? null : in.getClass().getName(), in)",
                    "{'b': 1, 'a': null}", "[1, null]", "1", "12345678901", "123456789012345678901", "1.5", "'x'",
                    "true", "null", "{'a': 1, 'a': 2}"),
            typed("Maps", "Map<String, Object>", "Map<String, Object>",
                    "{ in.put(\"types\", in.values().stream().map(v -> v == null ? null : v.getClass())"
                    + ".map(String::valueOf).toList()); in.put(\"nothing\", null); return in; }",
                    "{'n': null, 's': 'x', 'i': 1, 'l': 9999999999, 'd': 1.0, 'm': {'n': null}, 'a': [null]}", "{}",
                    "[]", "''", "[{'a': 1}]", "'x'", "null"),
            coded("Bags::handle", """
                public class Bags {
                    public static class Bag {
                        public Instant instant; public LocalDate date; public LocalDateTime time;
                        public ZonedDateTime zoned; public OffsetDateTime offset; public Duration duration;
                        public Period period; public Year year; public Set<String> set;
                        public Date old; public Calendar calendar; public TimeZone zone; public Locale locale;
                        public UUID uuid; public java.net.URI uri; public BigInteger big; public BigDecimal decimal;
                        public float real; public OptionalInt some; public Optional<List<String>> maybe;
                        public Character letter; public char[] letters; public Integer[] numbers;
                        public TreeMap<Date, Long> tree; public Class<?> type; public List<? extends Number> any;
                        public Color color; public Map<Color, Integer> byColor; public Map<Integer, Color> colors;
                    }
                    public enum Color {
                        RED("rot"), GREEN("gruen") { public String more() { return "more"; } };
                        private final String name; Color(String name) { this.name = name; }
                        @Override public String toString() { return name; } public String getName() { return name; }
                    }
                    public Bag handle(Bag in) { return in; }
                }
                """, "{}", "{'instant': '2020-01-02T03:04:05.000000006Z', 'date': '2020-01-02', 'duration': 'PT1.5S',"
                    + " 'time': '2020-01-02T03:04', 'zoned': '2020-01-02T03:04:05+02:00', 'period': 'P1D'}",
                    "{'instant': 1577934245.5, 'date': [2020, 1, 2], 'time': [2020, 1, 2, 3, 4], 'duration': 90,"
                    + " 'year': 2020}",
                    "{'offset': '2020-01-02T03:04:05+02:00', 'zone': 'UTC', 'calendar': 0}", "{'date': 'x'}",
                    "{'duration': 'x'}", "{'old': '2020-01-02T03:04:05.678Z'}", "{'old': 1577934245000}",
                    "{'old': '2020-01-02'}", "{'old': 'x'}", "{'old': 'Thu, 02 Jan 2020 03:04:05 GMT'}",
                    "{'old': '2020-01-02T03:04:05+0200'}", "{'old': ''}",
                    "{'uuid': '00000000-0000-0001-0000-000000000002', 'uri': 'a:b', 'locale': 'de_CH', 'big': 1e3}",
                    "{'uuid': 1}", "{'big': 123456789012345678901234567890, 'decimal': 1.10, 'real': 0.1}",
                    "{'decimal': '2.50', 'big': 1.5}",
                    "{'some': 5, 'maybe': ['x'], 'type': 'java.lang.String', 'any': [1, 2.5, 9999999999]}",
                    "{'maybe': null}",
                    "{'letter': 'x', 'letters': 'ab', 'numbers': [1, null], 'set': ['b', 'a', 'b'], 'tree': {'0': 1}}",
                    "{'letter': 65}", "{'letter': 'xy'}", "{'letters': ['a', 'b']}", "{'any': ['x']}",
                    "{'color': 'GREEN', 'byColor': {'RED': 1, 'GREEN': 2}, 'colors': {'1': 'GREEN'}}",
                    "{'color': 'rot'}", "{'color': 'red'}", "{'color': 0}", "{'color': 5}", "{'color': ''}",
                    "{'byColor': {'red': 1}}", "{'colors': {'x': 'RED'}}"),
            typed("Nothing", "Void", "Void", "null", "{}", "5", "null"),
            coded("Odd::handle", """
                public class Odd {
                    public static class Failing {
                        public String getName() { throw new IllegalStateException("getter"); }
                    }
                    public static class Loop { public Loop self = this; public String name = "n"; }
                    public static class Ring { public Ring next; }
                    public Object handle(String in) {
                        switch (in) {
                            case "iterator": return List.of(1, 2).iterator();
                            case "stream": return Stream.of(1, 2);
                            case "builder": return new StringBuilder("text");
                            case "entry": return Map.entry("k", "v");
                            case "optional": return Optional.of(Optional.empty());
                            case "chars": return new char[] {'a'};
                            case "object": return new Object();
                            case "keys": return Map.of(List.of(1), 2, 1.5, 3, new Date(0), 4, Instant.EPOCH, 5);
                            case "null key": Map<Object, Object> map = new HashMap<>(); map.put(null, 1); return map;
                            case "bytes": return new ByteArrayInputStream(new byte[] {1});
                            case "buffer": return java.nio.ByteBuffer.wrap(new byte[] {1, 2});
                            case "state": return Thread.State.NEW;
                            case "numbers": return new Object[] {Float.NaN, -1.0 / 0, 1e21, 1e-7, 1f, (byte) -1, 'c',
                                    1L << 62};
                            case "surrogate": return "a\\ud83d";
                            case "lambda": return (Comparator<String>) String::compareTo;
                            case "failing": return new Failing();
                            case "nested": return Map.of("list", List.of(1, new Failing()));
                            case "loop": return new Loop();
                            case "list": List<Object> list = new ArrayList<>(); list.add(list); return list;
                            default: Ring ring = new Ring(); ring.next = new Ring(); ring.next.next = ring; return ring;
                        }
                    }
                }
                """, "'iterator'", "'stream'", "'builder'", "'entry'", "'optional'", "'chars'", "'object'", "'keys'",
                    "'null key'", "'bytes'", "'buffer'", "'state'", "'numbers'", "'surrogate'", "'lambda'", "'failing'",
                    "'nested'", "'loop'", "'list'", "'ring'"));

    private static final List<Row> POJOS = List.of(
            coded("Beans::handle", """
                public class Beans {
                    public static class In {
                        private String name = "none"; private int age = -1; private boolean active; private String url;
                        private List<In> parts; private Map<String, In> byName; private String secret = "s";
                        private Boolean boxed; private List<String> fixed = new ArrayList<>(List.of("f"));
                        public String getName() { return name; } public void setName(String name) { this.name = name; }
                        public int getAge() { return age; } public void setAge(int age) { this.age = age; }
                        public boolean isActive() { return active; } public void setActive(boolean to) { active = to; }
                        public List<In> getParts() { return parts; } public void setParts(List<In> to) { parts = to; }
                        public Map<String, In> getByName() { return byName; }
                        public void setByName(Map<String, In> to) { byName = to; }
                        public String getURL() { return url; } public void setURL(String url) { this.url = url; }
                        public Boolean isBoxed() { return boxed; } public void setBoxed(Boolean to) { boxed = to; }
                        public List<String> getFixed() { return fixed; }
                        public String getUpper() { return name == null ? null : name.toUpperCase(); }
                        private String getSecret() { return secret; } String getHidden() { return "h"; }
                        public static String getStatic() { return "static"; } public String get() { return "get"; }
                        public String getaB() { return "ab"; } public String getX1() { return "x"; }
                    }
                    public In handle(In in) { return in; }
                }
                """, "{}", "{'name': 'n', 'age': 7, 'active': true, 'URL': 'u', 'url': 'v', 'boxed': true}",
                    "{'Name': 'n', 'AGE': 7, 'Active': true}",
                    "{'name': null, 'age': null, 'parts': null, 'unknown': {'a': []}}",
                    "{'parts': [{'name': 'p', 'parts': [null, {}]}], 'byName': {'k': {'age': 1}, 'n': null}}", "null",
                    "{'fixed': ['g'], 'secret': 't', 'hidden': 'u', 'upper': 'x', 'static': 1, 'aB': 2, 'x1': 3}",
                    "{'age': 'seven'}", "{'age': '7', 'active': 'true', 'name': 5}", "[]", "''", "'text'", "5",
                    "[{'name': 'single'}]", "{'parts': {'name': 'single'}}", "{'age': 1.9}", "{'age': 99999999999}",
                    "{'name': {'a': 1}}", "{'active': 'maybe'}", "{'age': {}}", "{'name': 'a', 'name': 'b'}",
                    "{'byName': [1]}"),
            coded("Fields::handle", """
                public class Fields {
                    public static class Base { public String inherited = "base"; protected String guarded = "g"; }
                    public static class In extends Base {
                        public String text; public int number; public final String fixed = String.valueOf("f");
                        public final List<String> list = new ArrayList<>(List.of("l"));
                        public transient String passing = "p"; public String aBc;
                        public static String shared = "s"; private String own = "o"; String inPackage = "i";
                        public In next; public Object any; public double real; public long big; public short small;
                        public byte tiny; public char letter; public Integer boxed; public String ABC;
                        public String read() { return own + inPackage + guarded; }
                    }
                    public Map<String, Object> handle(In in, Context context) {
                        Map<String, Object> out = new HashMap<>();
                        out.put("in", in); out.put("own", in == null ? null : in.read() + (int) in.letter); return out;
                    }
                }
                """, "{}", "{'text': 't', 'number': 1, 'fixed': 'x', 'list': ['m'], 'passing': 'q', 'shared': 't'}",
                    "{'own': 1, 'inPackage': 2, 'guarded': 3, 'inherited': 4}",
                    "{'next': {'next': {'text': '\u00e9'}}}",
                    "{'any': [1, {'a': null}], 'real': 'NaN', 'big': 1e2, 'small': 1, 'tiny': 200, 'letter': 'x'}",
                    "{'small': 70000}", "{'tiny': 300}", "{'boxed': null, 'number': null, 'letter': ''}",
                    "{'ABC': 'a', 'aBc': 'b'}", "{'abc': 'a', 'Text': 'x', 'real': '1,5'}",
                    "{'TEXT': 'x', 'boxed': ''}", "null"),
            coded("Records::handle", """
                public class Records {
                    public record Item(String name, int count, List<Item> parts, Optional<String> note) {
                        public Item { if (count < 0) throw new IllegalArgumentException("negative: " + count); }
                        public String getLabel() { return name + "*" + count; }
                        public boolean isMany() { return count > 1; }
                    }
                    record Hidden(Item item, Map<String, Item> byName, Empty empty, Own own) { }
                    private record Own(String name) { } private record Empty() { }
                    public Hidden handle(Item in) { return new Hidden(in, Map.of("k", in), new Empty(), new Own("o")); }
                }
                """, "{}", "{'name': 'a', 'count': 2, 'note': 'n'}", "{'name': null, 'parts': [{'name': 'b'}, null]}",
                    "{'count': -1}", "{'Name': 'a', 'extra': 1}", "{'count': 'x'}", "[1]", "null", "''"),
            coded("Pages::handle", """
                public class Pages {
                    public static class Page<T> {
                        public List<T> items; public T first; public Map<String, Page<T>> more;
                    }
                    public static class Item { public int id; }
                    public Map<String, Page<Item>> handle(Map<String, Page<Item>> in) {
                        in.values().stream().filter(Objects::nonNull).forEach(page -> page.first = page.items.get(0));
                        return in;
                    }
                }
                """, "{'a': {'items': [{'id': 1}, {'id': '2'}, null]}, 'b': null}", "{'a': {'items': []}}", "{'a': 5}",
                    "{'a': {'items': [{}], 'more': {'b': {'first': {'id': 7}}}}}", "{'a': {'items': {'id': 1}}}",
                    "{'a': ''}", "[]"),
            coded("Inheritance::handle", """
                public class Inheritance {
                    public static class Animal { public String name = "animal"; public Object self() { return this; } }
                    public static class Dog extends Animal { public String sound = "wuff"; public Animal friend; }
                    public Animal handle(String in) { Dog dog = new Dog(); dog.friend = new Dog(); return dog; }
                }
                """, "''"),
            coded("Constructors::handle", """
                public class Constructors {
                    public static class NoDefault {
                        public String name; public NoDefault(String name) { this.name = name; }
                    }
                    public static class Private { public String name = "d"; private Private() { } }
                    public static class Failing {
                        public String name; public Failing() { throw new IllegalStateException("f"); }
                    }
                    public static class Setter {
                        public void setName(String to) { throw new IllegalArgumentException("s"); }
                    }
                    public static class Two {
                        public String got; public void setName(String to) { got = "s" + to; }
                        public void setName(int to) { got = "i" + to; }
                    }
                    public static class Fluent {
                        private String name; public Fluent setName(String to) { name = to; return this; }
                        public String getName() { return name; }
                        public Fluent withName(String to) { return setName("w" + to); }
                    }
                    public class Inner { public String name; }
                    public static class Bag {
                        public NoDefault noDefault; public Private own; public Failing failing; public Setter setter;
                        public Two two; public Fluent fluent; public Inner inner; public AbstractIn abstractIn;
                        public Face face;
                    }
                    public abstract static class AbstractIn { public String name; }
                    public interface Face { String getName(); }
                    public Bag handle(Bag in) { return in; }
                }
                """, "{'noDefault': {'name': 'x'}}", "{'noDefault': 'x'}", "{'own': {'name': 'x'}}", "{'own': {}}",
                    "{'failing': {}}", "{'setter': {'name': 'x'}}", "{'two': {'name': 'x'}}", "{'two': {'name': 1}}",
                    "{'fluent': {'name': 'x'}}", "{'fluent': {'withName': 'x'}}", "{'inner': {'name': 'x'}}",
                    "{'abstractIn': {'name': 'x'}}", "{'face': {'name': 'x'}}"));

    private static final List<Row> STREAMS = List.of(
            coded("Writer", """
                public class Writer implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        byte[] bytes = in.readAllBytes();
                        switch (new String(bytes).replace('"', ' ').strip()) {
                            case "nothing": break;
                            case "plain": out.write("hello, no JSON".getBytes()); break;
                            case "bytes": out.write(new byte[] {(byte) 0xff, 0, 1, (byte) 0xc3}); break;
                            case "closed": out.write("{}".getBytes()); out.close(); in.close(); out.flush(); break;
                            case "after": out.close(); out.write("[1]".getBytes()); break;
                            case "partial": out.write("{".getBytes()); throw new IOException("partial");
                            case "checked": throw new CharConversionException();
                            case "buffered": new BufferedOutputStream(out).write(1); break;
                            case "printed": new PrintStream(out, true).print("5"); break;
                            case "type":
                                out.write(List.of(in instanceof ByteArrayInputStream, in.available(), in.read(),
                                        out instanceof ByteArrayOutputStream).toString().getBytes());
                                break;
                            default: out.write(bytes);
                        }
                    }
                }
                """, "{'a': [1, 2.50, '\u00fc\ud83d\ude00'], 'a': 2}", "5", "null", " [1] ",
                    "['" + "x".repeat(300_000) + "']",
                    "'nothing'", "'plain'", "'bytes'", "'closed'", "'after'", "'partial'", "'nothing'", "'checked'",
                    "'buffered'", "'printed'", "'type'"),
            coded("Both", """
                public class Both implements RequestHandler<String, String>, RequestStreamHandler {
                    public String handleRequest(String in, Context context) { return "object"; }
                    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
                        out.write("'stream'".replace('\\'', '"').getBytes());
                    }
                }
                """, "'x'"));

    private static final String SHAPES = """
            public class Shapes {
                private static final byte[] TEXT = "{\\"by\\": \\"stream\\"}".getBytes();
                public String none() { return "none"; }
                public String context(Context c) { return c.getFunctionVersion(); }
                public void nothing(String in) { }
                public String pojoAndContext(String in, Context c) { return in + c.getFunctionVersion(); }
                public Object in(InputStream in) throws IOException { return in.readAllBytes().length; }
                public void out(OutputStream out) throws IOException { out.write(TEXT); }
                public void inOut(InputStream in, OutputStream out) throws IOException { out.write(in.readAllBytes()); }
                public String inContext(InputStream in, Context c) { return "ignored"; }
                public int outContext(OutputStream out, Context c) throws IOException { out.write(TEXT); return 1; }
                public void all(InputStream in, OutputStream out, Context c) throws IOException { in.transferTo(out); }
                public static String fixed(String in) { return in + " fixed"; }
                public String two(String a, String b) { return "never"; }
                public String varargs(String... in) { return in.length + in[0]; }
                public <T> T generic(T in) { return in; }
                public String over() { return "none"; }
                public String over(String in) { return "string"; }
                public String over(Context c) { return "context"; }
                public String over(String in, Context c) { return "string, context"; }
                public String skipped(String a, String b, Context c) { return "never"; }
                public String skipped(String in) { return "string"; }
            }
            """;

    private static final List<Row> SHAPED = Stream.of("none", "context", "nothing", "pojoAndContext", "in", "out",
            "inOut", "inContext", "outContext", "all", "fixed", "two", "varargs", "generic", "over", "skipped")
            .map(method -> coded("Shapes::" + method, method.equals("none") ? SHAPES : null, "'7'")).toList();

    private static final List<Row> METHODS = List.of(
            coded("a.b.Bridges::apply", """
                package a.b;
                public class Bridges implements java.util.function.Function<Map<String, Integer>, Integer> {
                    public Integer apply(Map<String, Integer> in) { return in.get("a") + 1; }
                }
                """, "{'a': 1}", "{'a': '1'}"),
            coded("Outer$Nested::handle", """
                public class Outer {
                    public interface Greets<T> { default String handle(String in) { return "hello " + in; } }
                    public static class Nested implements Greets<Integer> { }
                    public static class Inner implements RequestHandler<Integer, Integer> {
                        public Integer handleRequest(Integer in, Context context) { return in * 2; }
                    }
                }
                """, "'x'"),
            coded("Sub::handleRequest", """
                public class Sub extends Base<Sub.In> {
                    public static class In { public String name; }
                    String text(In in) { return in.name; }
                }
                abstract class Base<E> implements RequestHandler<E, String> {
                    abstract String text(E event);
                    public String handleRequest(E event, Context context) { return text(event); }
                }
                """, "{'name': 'x'}", "null"),
            coded("Sub", null, "{'name': 'x'}", "null", "5"),
            coded("Outer$Inner", null, "4"),
            coded("Swapping", """
                public class Swapping implements Swaps<String, Integer> {
                    public String handleRequest(Integer in, Context context) { return "got " + in; }
                }
                interface Swaps<O, I> extends RequestHandler<I, O> { }
                """, "5"),
            coded("Half", """
                public class Half implements Halves<Integer> {
                    public String handleRequest(Integer in, Context context) { return "got " + in; }
                }
                interface Halves<I> extends RequestHandler<I, String> { }
                """, "5"),
            coded("Deep", """
                public class Deep extends Middle<Integer, String> {
                    public String handleRequest(List<Integer> in, Context c) { return "got " + (in.get(0) + 1); }
                }
                abstract class Middle<A, B> extends Top<B, List<A>> { }
                abstract class Top<O, I> implements Serializable, RequestHandler<I, O> { }
                """, "['5']"),
            coded("Bounded", """
                public class Bounded<T extends Number> implements RequestHandler<T, String> {
                    public String handleRequest(T in, Context context) { return in.getClass().getSimpleName() + in; }
                }
                """, "5", "1.5", "'x'"));

    private static final List<Row> EVENTS = List.of(
            event("APIGatewayProxyRequestEvent", "in.getPath(), in.getHttpMethod(), in.getHeaders(), in.getBody(),"
                    + " in.getIsBase64Encoded(), in.getRequestContext().getIdentity().getSourceIp(),"
                    + " in.getMultiValueQueryStringParameters(), in.getRequestContext().getAuthorizer()", """
                {'resource': '/{p+}', 'path': '/a', 'httpMethod': 'POST', 'headers': {'X-A': '1', 'x-a': '2'},
                'body': 'b', 'multiValueHeaders': {'X-A': ['1', '2']}, 'queryStringParameters': null,
                'pathParameters': {'p': 'a'}, 'multiValueQueryStringParameters': {'q': ['1', '2']},
                'stageVariables': {'s': 'v'}, 'isBase64Encoded': false, 'version': '1.0', 'unknown': 1,
                'requestContext': {'accountId': '1', 'stage': 'Prod', 'requestId': 'r',
                'identity': {'sourceIp': '127.0.0.1', 'new': 1}, 'requestTimeEpoch': 1577934245000,
                'authorizer': {'claims': {'sub': 's'}, 'n': 1}, 'httpMethod': 'POST', 'protocol': 'HTTP/1.1'}}
                """),
            event("APIGatewayProxyResponseEvent", "in.getStatusCode(), in.getHeaders(), in.getBody()", """
                {'statusCode': 201, 'headers': {'A': 'b'}, 'multiValueHeaders': {'A': ['b']}, 'body': '\u00e9',
                'isBase64Encoded': false}
                """),
            typed("Replies", "APIGatewayV2HTTPEvent", "APIGatewayV2HTTPResponse", "APIGatewayV2HTTPResponse.builder()"
                    + ".withStatusCode(201).withCookies(in.getCookies()).withHeaders(in.getHeaders())"
                    + ".withBody(in.getRawPath() + in.getRequestContext()).withIsBase64Encoded(in.getIsBase64Encoded())"
                    + ".build()", """
                {'version': '2.0', 'routeKey': 'ANY /a', 'rawPath': '/a', 'rawQueryString': 'q=1&q=2',
                'cookies': ['a=b'], 'headers': {'x-a': '1,2'}, 'queryStringParameters': {'q': '1,2'},
                'pathParameters': {'p': 'a'}, 'body': 'b', 'stageVariables': null, 'isBase64Encoded': true,
                'requestContext': {'accountId': '1', 'apiId': 'i', 'authorizer': {'jwt': {'claims': {'c': '1'},
                'scopes': ['s']}, 'lambda': {'k': 1}}, 'timeEpoch': 1577934245000, 'http': {'method': 'GET',
                'path': '/a', 'sourceIp': '::1'}, 'time': '02/Jan/2020:03:04:05 +0000'}}
                """, "{'requestContext': {'authorizer': {'iam': {'accountId': '1', 'principalOrgId': 'o'}}}}", "{}"),
            event("S3Event", "in.getRecords().get(0).getS3().getObject().getUrlDecodedKey(),"
                    + " in.getRecords().get(0).getEventTime().getMillis(), in.getRecords().get(0).getEventName(),"
                    + " in.getRecords().get(0).getS3().getObject().getSizeAsLong()", """
                {'Records': [{'eventVersion': '2.1', 'eventSource': 'aws:s3', 'awsRegion': 'eu-central-1',
                'eventTime': '2020-01-02T03:04:05.678Z', 'eventName': 'ObjectCreated:Put',
                'userIdentity': {'principalId': 'E'}, 'requestParameters': {'sourceIPAddress': '127.0.0.1'},
                'responseElements': {'x-amz-request-id': 'R', 'x-amz-id-2': 'I'}, 's3': {'s3SchemaVersion': '1.0',
                'configurationId': 'c', 'bucket': {'name': 'b', 'ownerIdentity': {'principalId': 'E'},
                'arn': 'arn:aws:s3:::b'}, 'object': {'key': 'a+b%2Fc', 'size': 1024, 'eTag': 'e', 'versionId': '',
                'sequencer': '0A'}}}]}
                """),
            event("SNSEvent", "in.getRecords().get(0).getSNS().getMessage(),"
                    + " in.getRecords().get(0).getSNS().getTimestamp(),"
                    + " in.getRecords().get(0).getSNS().getMessageAttributes().get(\"n\").getValue()", """
                {'Records': [{'EventSource': 'aws:sns', 'EventVersion': '1.0', 'EventSubscriptionArn': 'arn:s',
                'Sns': {'Type': 'Notification', 'MessageId': 'm', 'TopicArn': 'arn:t', 'Subject': 's', 'Message': '{}',
                'Timestamp': '2020-10-08T16:06:14.656Z', 'SignatureVersion': '1', 'Signature': 'g',
                'SigningCertUrl': 'u', 'UnsubscribeUrl': 'v', 'MessageAttributes': {'n': {'Type': 'String',
                'Value': 'Bob'}}}}]}
                """),
            event("SQSEvent", "in.getRecords().get(0).getBody(), in.getRecords().get(0).getAttributes(),"
                    + " in.getRecords().get(0).getMessageAttributes().get(\"a\").getStringValue(),"
                    + " in.getRecords().get(0).getMessageAttributes().get(\"b\").getBinaryValue().get(0)", """
                {'Records': [{'messageId': 'm', 'receiptHandle': 'h', 'body': 'b', 'attributes': {'SentTimestamp': '1'},
                'messageAttributes': {'a': {'stringValue': 's', 'stringListValues': [], 'dataType': 'String'},
                'b': {'binaryValue': 'AQID', 'dataType': 'Binary'}}, 'md5OfBody': '5', 'md5OfMessageAttributes': '6',
                'eventSource': 'aws:sqs', 'eventSourceARN': 'arn:q', 'awsRegion': 'eu-central-1'}]}
                """),
            event("DynamodbEvent", "in.getRecords().get(0).getDynamodb().getNewImage(),"
                    + " in.getRecords().get(0).getEventSourceARN(),"
                    + " in.getRecords().get(0).getDynamodb().getApproximateCreationDateTime().getTime(),"
                    + " in.getRecords().get(0).getDynamodb().getKeys().get(\"Id\").getN()", """
                {'Records': [{'eventID': 'i', 'eventName': 'INSERT', 'eventVersion': '1.1',
                'eventSource': 'aws:dynamodb', 'awsRegion': 'eu-central-1', 'dynamodb': {'Keys': {'Id': {'N': '101'}},
                'NewImage': {'M': {'S': 'New!'}, 'B': {'B': 'AQID'}, 'L': {'L': [{'BOOL': true}, {'NULL': true}]},
                'O': {'M': {'k': {'NS': ['1', '2']}}}}, 'ApproximateCreationDateTime': 1428537600.5,
                'SequenceNumber': '44', 'SizeBytes': 26, 'StreamViewType': 'NEW_AND_OLD_IMAGES'},
                'eventSourceARN': 'arn:d', 'userIdentity': {'principalId': 'd', 'type': 'Service'}}]}
                """),
            event("KinesisEvent", "new String(in.getRecords().get(0).getKinesis().getData().array()),"
                    + " in.getRecords().get(0).getKinesis().getApproximateArrivalTimestamp().getTime()", """
                {'Records': [{'kinesis': {'partitionKey': 'p', 'kinesisSchemaVersion': '1.0', 'data': 'SGVsbG8=',
                'sequenceNumber': '49545115243490985018280067714973144582180062593244200961', 'encryptionType': 'NONE',
                'approximateArrivalTimestamp': 1428537600.123}, 'eventSource': 'aws:kinesis', 'eventID': 'e',
                'eventVersion': '1.0', 'invokeIdentityArn': 'arn:i', 'eventName': 'aws:kinesis:record',
                'eventSourceARN': 'arn:k', 'awsRegion': 'x'}]}
                """),
            event("ScheduledEvent", "in.getTime().getMillis(), in.getDetailType(), in.getDetail(), in.getResources()",
                    """
                {'version': '0', 'id': 'i', 'detail-type': 'Scheduled Event', 'source': 'aws.events', 'account': '1',
                'time': '2020-09-30T15:58:34Z', 'region': 'eu-central-1', 'resources': ['arn:r'],
                'detail': {'a': [1.5]}}
                """),
            event("CloudFormationCustomResourceEvent",
                    "in.getRequestType(), in.getResourceProperties(), in.getResponseUrl()", """
                {'RequestType': 'Update', 'ResponseURL': 'u', 'StackId': 's', 'RequestId': 'r',
                'ResourceType': 'Custom::T', 'LogicalResourceId': 'l', 'PhysicalResourceId': 'p', 'ServiceToken': 't',
                'ResourceProperties': {'List': ['1']}, 'OldResourceProperties': {'N': 1}}
                """),
            event("CognitoUserPoolPreSignUpEvent", "in.getUserName(), in.getRequest().getUserAttributes(),"
                    + " in.getResponse().getAutoConfirmUser(), in.getCallerContext().getClientId()", """
                {'version': '1', 'triggerSource': 'PreSignUp_SignUp', 'region': 'x', 'userPoolId': 'p', 'userName': 'u',
                'callerContext': {'awsSdkVersion': '2', 'clientId': 'c'}, 'request': {'userAttributes': {'email': 'e'},
                'validationData': {'k': 'v'}, 'clientMetadata': {'m': 'n'}}, 'response': {'autoConfirmUser': true,
                'autoVerifyPhone': false, 'autoVerifyEmail': null}}
                """),
            event("KafkaEvent", "in.getRecords().get(\"t-0\").get(0).getOffset(),"
                    + " in.getRecords().get(\"t-0\").get(0).getValue(),"
                    + " in.getBootstrapServers(),"
                    + " in.getRecords().get(\"t-0\").get(0).getHeaders().get(0).get(\"k\").length", """
                {'eventSource': 'aws:kafka', 'eventSourceArn': 'arn:k', 'bootstrapServers': 'b-1:9092,b-2:9092',
                'records': {'t-0': [{'topic': 't', 'partition': 0, 'offset': 15, 'timestamp': 1596480920837,
                'timestampType': 'CREATE_TIME', 'key': 'aw==', 'value': 'SGVsbG8=', 'headers': [{'k': [104, 101,
                -1]}]}]}}
                """),
            event("CloudWatchLogsEvent", "in.getAwsLogs().getData()", "{'awslogs': {'data': 'H4sIAAAA'}}"),
            event("ConnectEvent", "in.getName(), in.getDetails().getContactData().getQueue().getARN(),"
                    + " in.getDetails().getContactData().getCustomerEndpoint().getAddress(),"
                    + " in.getDetails().getParameters()", """
                {'Name': 'ContactFlowEvent', 'Details': {'ContactData': {'Attributes': {'a': 'b'}, 'Channel': 'VOICE',
                'ContactId': 'c', 'CustomerEndpoint': {'Address': '+1', 'Type': 'TELEPHONE_NUMBER'},
                'InitialContactId': 'i', 'InitiationMethod': 'API', 'InstanceARN': 'arn:i', 'PreviousContactId': 'p',
                'Queue': {'Name': 'n', 'ARN': 'arn:q'}, 'SystemEndpoint': {'Address': '+2',
                'Type': 'TELEPHONE_NUMBER'}}, 'Parameters': {'k': 'v'}}}
                """),
            event("LexEvent", "in.getCurrentIntent().getSlots(), in.getBot().getName()", """
                {'messageVersion': '1.0', 'invocationSource': 'DialogCodeHook', 'userId': 'John',
                'bot': {'name': 'b', 'alias': 'a', 'version': '1'},
                'outputDialogMode': 'Text', 'currentIntent': {'name': 'n', 'slots': {'Location': 'Chicago',
                'Nights': 4}, 'confirmationStatus': 'None'}}
                """),
            event("KinesisFirehoseEvent", "new String(in.getRecords().get(0).getData().array()),"
                    + " in.getRecords().get(0).getApproximateArrivalTimestamp(), in.getInvocationId()", """
                {'invocationId': 'i', 'deliveryStreamArn': 'arn:f', 'region': 'x', 'records': [{'recordId': '4',
                'approximateArrivalTimestamp': 1495072949453, 'data': 'SGVsbG8=',
                'kinesisRecordMetadata': {'shardId': 's'}}]}
                """),
            typed("Batches", "SQSEvent", "SQSBatchResponse", "new SQSBatchResponse(in.getRecords().stream()"
                    + ".map(record -> new SQSBatchResponse.BatchItemFailure(record.getMessageId())).toList())",
                    "{'Records': [{'messageId': 'a'}, {'messageId': 'b'}]}", "{'Records': []}", "{}", "null", "[]",
                    "'x'"),
            typed("Kept", "ScheduledEvent", "Map<String, Object>",
                    "Map.of(\"time\", in.getTime(), \"date\", new Date(0),"
                    + " \"event\", in, \"instant\", Instant.EPOCH)",
                    "{'time': '2020-09-30T15:58:34+02:00', 'detail-type': 'd'}"));

    private static final List<Row> CONTEXTS = List.of(
            coded("Contexts", """
                public class Contexts implements RequestHandler<String, List<Object>> {
                    public List<Object> handleRequest(String in, Context context) {
                        ClientContext client = context.getClientContext();
                        if (client != null) {
                            return Arrays.asList(client.getCustom(), client.getEnvironment(), app(client.getClient()));
                        }
                        return Arrays.asList(context.getFunctionName(), context.getFunctionVersion(),
                                context.getMemoryLimitInMB(), context.getLogGroupName(), context.getIdentity(),
                                context.getInvokedFunctionArn(), context.getAwsRequestId().length(),
                                context.getTenantId(), context.getLogStreamName().isEmpty(),
                                context.getLogger() == LambdaRuntime.getLogger(),
                                context.getXrayTraceId().replaceAll("[0-9a-f]", "x"),
                                context.getRemainingTimeInMillis() / 20_000, Thread.currentThread().getName(),
                                System.getenv("_HANDLER"), System.getenv("AWS_LAMBDA_FUNCTION_NAME"),
                                context.getXrayTraceId().equals(System.getProperty("com.amazonaws.xray.traceHeader")),
                                Thread.currentThread().getContextClassLoader() == getClass().getClassLoader());
                    }
                    private static List<String> app(Client app) {
                        return app == null ? null : Arrays.asList(app.getInstallationId(), app.getAppTitle(),
                                app.getAppVersionName(), app.getAppVersionCode(), app.getAppPackageName());
                    }
                }
                """, "''", "null").from("''", "{'custom': {'a': 'b', 'n': null}}", "{'client': {'installation_id': 'i',"
                    + " 'app_title': 't', 'app_version_name': 'n', 'app_version_code': 'c', 'app_package_name': 'p',"
                    + " 'x': 1}, 'env': {'platform': 'x', 'make': '\u00e9'}, 'custom': {}, 'x': {}}", "{'client': {}}",
                    "{'custom': {'n': 1, 'b': true, 'd': 2.50}}", "{'custom': {'a': [1], 'o': {'x': 1}}}", "{}",
                    "{'custom': null, 'client': null, 'env': null}",
                    "{'client': {'installationId': 'i', 'app_title': 5}}", "{'environment': {}, 'Custom': {'a': 'b'}}"),
            coded("Threads::handle", """
                public class Threads {
                    public Map<String, Object> handle(String in) throws Exception {
                        Map<String, Object> seen = new TreeMap<>();
                        CompletableFuture<Object> late = new CompletableFuture<>();
                        CompletableFuture<Object> done = late.exceptionally(error -> seen());
                        late.orTimeout(1, TimeUnit.MILLISECONDS);
                        seen.put("orTimeout", done.get());
                        CompletableFuture<Object> later = new CompletableFuture<>();
                        CompletableFuture<Object> then = later.thenApply(value -> seen());
                        later.completeOnTimeout("", 1, TimeUnit.MILLISECONDS);
                        seen.put("completeOnTimeout", then.get());
                        seen.put("delayed", CompletableFuture.supplyAsync(Threads::seen,
                                CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)).get());
                        seen.put("async", CompletableFuture.supplyAsync(Threads::seen).get());
                        seen.put("asyncOfAsync", CompletableFuture.supplyAsync(() -> CompletableFuture.supplyAsync(Threads::seen).join()).get());
                        CompletableFuture<Object> timed = new CompletableFuture<>();
                        new Timer(true).schedule(new TimerTask() {
                            public void run() { timed.complete(seen()); }
                        }, 1);
                        seen.put("timer", timed.get());
                        CompletableFuture<Object> pooled = new CompletableFuture<>();
                        new ForkJoinPool(2).execute(() -> pooled.complete(seen()));
                        seen.put("pool", pooled.get());
                        return seen;
                    }
                    private static List<Object> seen() {
                        Thread thread = Thread.currentThread();
                        ClassLoader own = thread.getContextClassLoader();
                        thread.setContextClassLoader(own);
                        Object restored = thread.getContextClassLoader() == own;
                        long services = ServiceLoader.load(Runnable.class).stream().count();
                        return List.of(own == Threads.class.getClassLoader(), own == ClassLoader.getSystemClassLoader(),
                                restored, services);
                    }
                    public static class Service implements Runnable { public void run() { } }
                }
                """, "''", "''").file("META-INF/services/java.lang.Runnable", "Threads$Service"),
            coded("Reflected::handle", """
                public class Reflected {
                    public String handle(String in, Context context) throws ReflectiveOperationException {
                        return fields(context);
                    }
                    private static String fields(Object object) throws ReflectiveOperationException {
                        List<java.lang.reflect.Field> fields = new ArrayList<>();
                        for (Class<?> type = object.getClass(); type != Object.class; type = type.getSuperclass()) {
                            fields.addAll(Arrays.asList(type.getDeclaredFields()));
                        }
                        StringBuilder text = new StringBuilder("{");
                        for (java.lang.reflect.Field field : fields) {
                            int unseen = java.lang.reflect.Modifier.STATIC | java.lang.reflect.Modifier.TRANSIENT;
                            if ((field.getModifiers() & unseen) != 0) continue;
                            field.setAccessible(true);
                            Object value = field.get(object);
                            boolean isPlain = value == null || value instanceof Number || value instanceof Enum;
                            text.append(field.getName()).append(": ").append(value instanceof String ? "text" : value
                                    instanceof Long ? "number" : isPlain ? value : fields(value)).append(", ");
                        }
                        return text + "}";
                    }
                }
                """, "''"),
            coded("Androids", """
                public class Androids implements RequestHandler<Androids.In, Androids.In> {
                    public static class In {
                        private String extra = "x"; public String getExtra() { return "by getter " + extra; }
                        public String getName() { return "n"; } public void setName(String to) { }
                    }
                    public In handleRequest(In in, Context context) { return in; }
                }
                """, "{'name': 'a', 'extra': 'e'}").from("{'name': 'a', 'extra': 'e'}",
                    "{'env': {'platform': 'Android'}}", "{'env': {'platform': 'iPhoneOS'}}"));

    private static final List<Row> SERIALIZERS = List.of(
            coded("Own", """
                public class Own implements RequestHandler<Own.In, Own.Out> {
                    public static class In { String name; } public static class Out { String name; }
                    public Out handleRequest(In in, Context context) {
                        if (in.name.contains("boom")) throw new IllegalStateException("boom");
                        Out out = new Out(); out.name = in.name + "!"; return out;
                    }
                }
                """, "{'name': 'x'}", "5", "'boom'", "'unreadable'", "'unwritable'").file("OwnSerializer.java", """
                public class OwnSerializer implements CustomPojoSerializer {
                    @SuppressWarnings("unchecked") public <T> T fromJson(InputStream input, Type type) {
                        try { return fromJson(new String(input.readAllBytes()), type); }
                        catch (IOException e) { throw new UncheckedIOException(e); }
                    }
                    @SuppressWarnings("unchecked") public <T> T fromJson(String input, Type type) {
                        if (input.contains("unreadable")) throw new IllegalArgumentException("unreadable");
                        Own.In in = new Own.In(); in.name = input + " as " + type.getTypeName(); return (T) in;
                    }
                    public <T> void toJson(T value, OutputStream output, Type type) {
                        String name = ((Own.Out) value).name;
                        if (name.contains("unwritable")) throw new IllegalArgumentException("unwritable");
                        new PrintStream(output, true).print("[" + type.getTypeName() + ": " + name + "]");
                    }
                }
                """).file("META-INF/services/com.amazonaws.services.lambda.runtime.CustomPojoSerializer",
                    "OwnSerializer\n"),
            coded("TwoSerializers", """
                public class TwoSerializers implements RequestHandler<String, String> {
                    public String handleRequest(String in, Context context) { return in; }
                    public static class First implements CustomPojoSerializer {
                        public <T> T fromJson(InputStream input, Type type) { return null; }
                        public <T> T fromJson(String input, Type type) { return null; }
                        public <T> void toJson(T value, OutputStream output, Type type) { }
                    }
                    public static class Second extends First { }
                }
                """, "'x'").file("META-INF/services/com.amazonaws.services.lambda.runtime.CustomPojoSerializer",
                    "TwoSerializers$First\nTwoSerializers$Second\n"));

    private static final List<Row> ERRORS = List.of(
            coded("Errors::handle", """
                public class Errors {
                    static class Own extends Exception {
                        Own(String message) { super(message); }
                        @Override public String getLocalizedMessage() { return "local " + getMessage(); }
                    }
                    static class Silent extends RuntimeException {
                        Silent() { super("silent", null, false, false); }
                    }
                    static class Named extends RuntimeException {
                        @Override public String getMessage() { return "by method"; }
                        @Override public String toString() { return "as text"; }
                    }
                    record Pair(Object a, Object b) { }
                    public Object handle(String in, Context context) throws Throwable {
                        switch (in) {
                            case "checked": throw new IOException("checked");
                            case "unchecked": throw new IllegalStateException("unchecked");
                            case "error": throw new AssertionError("error");
                            case "throwable": throw new Throwable("throwable");
                            case "cause": throw new IllegalStateException("outer", new IOException("inner"));
                            case "only cause": throw new RuntimeException(new IOException("inner"));
                            case "wordless": throw new IllegalStateException();
                            case "empty": throw new IllegalStateException("");
                            case "own": throw new Own("own");
                            case "own null": throw new Own(null);
                            case "silent": throw new Silent();
                            case "named": throw new Named();
                            case "called": return called(1);
                            case "library": return List.of(1).get(5);
                            case "parse": return Integer.parseInt("x");
                            case "cast": return (Integer) (Object) in;
                            case "null": return ((String) null).length();
                            case "array": return new int[] {1}[in.length()];
                            case "lambda": return Stream.of(1).map(i -> i / 0).toList();
                            case "record": return new Pair(1, Objects.requireNonNull(null, "b"));
                            case "reflected": return Errors.class.getMethod("boom").invoke(null);
                            case "thread": return inThread();
                            case "unicode": throw new RuntimeException("\\u00fc\\u20ac \\ud83d\\ude00 \\n\\t\\"q\\"");
                            case "long": throw new IllegalStateException("x".repeat(70_000));
                            case "suppressed": try (Reader reader = failing()) { throw new Error("first"); }
                            case "trace": throw traced();
                            case "interrupt": Thread.currentThread().interrupt(); return "interrupted";
                            case "interrupted": return Thread.currentThread().isInterrupted();
                            case "missing": return Class.forName("Nowhere");
                            case "linkage": throw new NoClassDefFoundError("a/b/C");
                            default: return over(1) + 1;
                        }
                    }
                    static Object called(int n) { throw new UnsupportedOperationException("called " + n); }
                    public static void boom() { throw new IllegalStateException("boom"); }
                    static int over(int n) { return over(n + 1) + 1; }
                    static Reader failing() {
                        return new StringReader("") {
                            @Override public void close() { throw new IllegalArgumentException("close"); }
                        };
                    }
                    static Object inThread() throws Exception {
                        return java.util.concurrent.CompletableFuture.supplyAsync(() -> called(2)).get();
                    }
                    static Exception traced() {
                        Exception traced = new Exception("traced");
                        traced.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "D.java", 7)});
                        return traced;
                    }
                }
                """, "'checked'", "'unchecked'", "'error'", "'throwable'", "'cause'", "'only cause'", "'wordless'",
                    "'empty'", "'own'", "'own null'", "'silent'", "'named'", "'called'", "'library'", "'parse'",
                    "'cast'", "'null'", "'array'", "'lambda'", "'record'", "'reflected'", "'thread'", "'unicode'",
                    "'long'", "'suppressed'", "'trace'", "'missing'", "'linkage'", "'interrupt'", "'interrupted'",
                    "null", "'overflow'"));

    private static final List<Row> FAULTS = List.of(
            coded("a.b.Missing::handle", null, "{}"), coded("Errors::nowhere", null, "{}"),
            coded("Errors", null, "{}"), coded("Errors::", null, "{}"),
            fault("BadConstructor", "public BadConstructor() { throw new IllegalStateException(\"bad\"); }"),
            fault("BadStatic", "static { if (true) throw new IllegalStateException(\"in static\"); }"),
            fault("LinkageStatic", "static { if (true) throw new NoClassDefFoundError(\"own\"); }"),
            fault("PrivateConstructor", "private PrivateConstructor() { }"),
            coded("Hides::handle", """
                class Hides { public Hides() { } public String handle(String in) { return in; } }
                """, "'x'"),
            coded("HidesToo::fixed", """
                class HidesToo { public static String fixed(String in) { return in; } }
                """, "'x'"),
            coded("Outside$Inside", """
                public class Outside {
                    public class Inside implements RequestHandler<String, String> {
                        public String handleRequest(String in, Context context) { return in; }
                    }
                }
                """, "'x'"),
            coded("Unfinished", """
                public abstract class Unfinished implements RequestHandler<String, String> { public Unfinished() { } }
                """, "'x'"),
            coded("Raw", """
                @SuppressWarnings("rawtypes") public class Raw implements RequestHandler {
                    public Object handleRequest(Object in, Context context) { return in; }
                }
                """, "{'a': 1}"),
            coded("Open", """
                public class Open<T, R> implements RequestHandler<T, R> {
                    public R handleRequest(T in, Context context) { return null; }
                }
                """, "{'a': 1}"),
            coded("Conflicting::handle", """
                public class Conflicting {
                    public static class In { public void setName(List<String> to) { }
                    public void setName(Map<String, String> to) { } }
                    public String handle(In in) { return "read"; }
                }
                """, "{'name': []}", "{}"),
            coded("NoParent::handle", """
                public class NoParent extends Gone { public String handle(String in) { return in; } }
                class Gone { }
                """, "'x'").without("Gone"),
            coded("NoParameter::handle", """
                public class NoParameter { public String handle(Lost in) { return "x"; } }
                class Lost { }
                """, "{}").without("Lost"),
            coded("NoBody::handle", """
                public class NoBody { public String handle(String in) { return new Absent().toString(); } }
                class Absent { }
                """, "'x'", "'x'").without("Absent"));

    private static final List<List<Row>> ALL =
            List.of(VALUES, POJOS, STREAMS, SHAPED, METHODS, EVENTS, CONTEXTS, SERIALIZERS, ERRORS, FAULTS);
    private static final List<Row> ROWS = ALL.stream().flatMap(List::stream).toList();
    private static final Row WARM_UP = EVENTS.get(0);
    private static final Map<Row, Future<List<Pair>>> ANSWERS = new HashMap<>();
    private static final ExecutorService WORKERS = Executors.newFixedThreadPool(PARALLEL);
    private static TestProject project;
    private static String classPath;

    /** A handler with its code, if no other row has it, and its payloads. */
    private record Row(String handler, String code, List<Call> calls, Map<String, String> files, List<String> missing) {
        /** More members for the class. */
        Row inside(String members) {
            return new Row(handler, code.replaceFirst("\\{", Matcher.quoteReplacement("{ " + members)), calls, files,
                    missing);
        }

        /** A payload with client contexts. */
        Row from(String payload, String... clients) {
            Stream<Call> more = Arrays.stream(clients).map(client -> new Call(quoted(payload), quoted(client)));
            return new Row(handler, code, Stream.concat(calls.stream(), more).toList(), files, missing);
        }

        Row file(String path, String text) {
            Map<String, String> more = new LinkedHashMap<>(files);
            more.put(path, path.endsWith(".java") ? IMPORTS + text : text);
            return new Row(handler, code, calls, more, missing);
        }

        /** Classes that exist when the handler is compiled but not when it runs. */
        Row without(String... classes) {
            return new Row(handler, code, calls, files, List.of(classes));
        }

        boolean isAlone() {
            return !files.isEmpty() || !missing.isEmpty();
        }

        String id() {
            return "Fn" + ROWS.indexOf(this);
        }

        /** The folder of the classes or sources of this row. */
        String folder(String shared) {
            return isAlone() ? shared + id() : shared;
        }

        /** Path and text of the sources and other files. */
        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>(files);
            String file = handler.replaceFirst("(\\$|::).*", "").replace('.', '/') + ".java";
            if (code != null) texts.put(file, code.replaceFirst("^(package [^;]+;)?", "$1 " + IMPORTS));
            return texts;
        }
    }

    private record Call(String payload, String client) {
    }

    private record Pair(Answer ours, Answer theirs) {
    }

    private record Answer(boolean isError, byte[] body) {
        /**
         * Removes details of each runtime: class loaders and calling classes in messages of the JVM, and the numbers of
         * classes generated for reflection.
         */
        private static final Pattern OWN = Pattern.compile("(?<=\\bloader )[\\w.$]+ @\\w+"
                + "|(?<=\"class )\\S+(?= cannot access a member)|(?<=GeneratedMethodAccessor)\\d+");

        Object comparable() {
            String text = OWN.matcher(new String(body, StandardCharsets.UTF_8)).replaceAll("...");
            try {
                return ServerLocal.Json.read(text);
            } catch (IOException e) {
                return new String(body, StandardCharsets.ISO_8859_1);
            }
        }
    }

    private static Row coded(String handler, String code, String... payloads) {
        List<Call> calls = Arrays.stream(payloads).map(payload -> new Call(quoted(payload), null)).toList();
        return new Row(handler, code, calls, Map.of(), List.of());
    }

    /** A RequestHandler that returns an expression of its input {@code in}, or runs a block. */
    private static Row typed(String name, String in, String out, String expression, String... payloads) {
        String body = expression.startsWith("{") ? expression : "{ return " + expression + "; }";
        return coded(name, """
                public class %s implements RequestHandler<%s, %s> {
                    public %s handleRequest(%s in, Context context)
                    %s
                }
                """.formatted(name, in, out, out, in, body), payloads);
    }

    /** Returns the event first, then throws an exception with its content. */
    private static Row event(String type, String reads, String json) {
        return coded("Of" + type + "::handle", """
                public class Of%1$s {
                    static int calls;
                    public %1$s handle(%1$s in) {
                        if (calls++ %% 2 == 0) return in;
                        throw new IllegalStateException(String.valueOf(Arrays.asList(%2$s)));
                    }
                }
                """.formatted(type, reads), json, json, "{}", "{}");
    }

    private static Row fault(String name, String member) {
        return typed(name, "String", "String", "in", "'x'").inside(member);
    }

    private static String quoted(String text) {
        return text.replace('\'', '"');
    }

    @BeforeAll static void start() throws Exception {
        boolean runs = System.getProperty("os.name").equals("Linux")
                && (isArm() || System.getProperty("os.arch").equals("amd64"));
        assumeTrue(runs, "AWS's runtime interface client has a native library for Linux on x86_64 and aarch64 only");
        classPath = classPath();
        project = TestProject.of("template.yaml", template());
        unpackLibrary();
        for (Row row : ROWS) write(row);
        compile("src", "classes");
        for (Row row : ROWS) if (row.isAlone()) compileAlone(row);
        project.start();
        warmUp();
        for (Row row : ROWS) ANSWERS.put(row, WORKERS.submit(() -> answers(row)));
    }

    @AfterAll static void stop() throws InterruptedException {
        WORKERS.shutdownNow();
        WORKERS.awaitTermination(20, TimeUnit.SECONDS);
        if (project != null) project.close();
    }

    @TestFactory Stream<DynamicTest> values_are_read_and_written_alike() {
        return tests(VALUES);
    }

    @TestFactory Stream<DynamicTest> pojos_and_records_are_read_and_written_alike() {
        return tests(POJOS);
    }

    @TestFactory Stream<DynamicTest> stream_handlers_answer_alike() {
        return tests(STREAMS);
    }

    @TestFactory Stream<DynamicTest> methods_of_every_shape_are_called_alike() {
        return tests(SHAPED);
    }

    @TestFactory Stream<DynamicTest> inherited_and_generic_handlers_are_found_alike() {
        return tests(METHODS);
    }

    @TestFactory Stream<DynamicTest> event_types_are_read_and_written_alike() {
        return tests(EVENTS);
    }

    @TestFactory Stream<DynamicTest> contexts_are_alike() {
        return tests(CONTEXTS);
    }

    @TestFactory Stream<DynamicTest> a_serializer_of_the_functions_own_is_used_alike() {
        return tests(SERIALIZERS);
    }

    @TestFactory Stream<DynamicTest> errors_are_told_alike() {
        return tests(ERRORS);
    }

    @TestFactory Stream<DynamicTest> faults_of_initialization_are_told_alike() {
        return tests(FAULTS);
    }

    private static Stream<DynamicTest> tests(List<Row> rows) {
        return rows.stream().flatMap(row -> IntStream.range(0, row.calls().size()).mapToObj(i -> test(row, i)));
    }

    private static DynamicTest test(Row row, int i) {
        Call call = row.calls().get(i);
        String payload = call.payload().lines().findFirst().orElse("");
        String start = payload.substring(0, Math.min(80, payload.length()));
        String name = row.handler() + " of " + start + (call.client() == null ? "" : " from " + call.client());
        return DynamicTest.dynamicTest(name, () -> {
            Pair pair = pairs(row).get(i);
            assertEquals(pair.theirs().comparable(), pair.ours().comparable());
            assertEquals(pair.theirs().isError(), pair.ours().isError());
        });
    }

    private static List<Pair> pairs(Row row) throws Throwable {
        try {
            return ANSWERS.get(row).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    /** Responses of both sides, payload by payload. */
    private static List<Pair> answers(Row row) throws Exception {
        List<Pair> pairs = new ArrayList<>();
        try (Client client = new Client(row, "-XX:SharedArchiveFile=" + archive())) {
            for (Call call : row.calls()) pairs.add(new Pair(invoke(row, call), client.invoke(call)));
        }
        return pairs;
    }

    private static Answer invoke(Row row, Call call) {
        String[] headers = call.client() == null ? new String[0] : new String[] {"X-Amz-Client-Context",
            Base64.getEncoder().encodeToString(call.client().getBytes(StandardCharsets.UTF_8))};
        HttpResponse<byte[]> response = project.send("POST", "/2015-03-31/functions/" + row.id() + "/invocations",
                call.payload().getBytes(StandardCharsets.UTF_8), HttpResponse.BodyHandlers.ofByteArray(), headers);
        boolean isError = response.headers().firstValue("X-Amz-Function-Error").isPresent();
        return new Answer(isError || response.statusCode() != 200, response.body());
    }

    static String classPath() throws Exception {
        TestProject.Ran ran = TestProject.run(CHECKOUT, Map.of(), "", "./jbang", "info", "classpath",
                "tests/runtime/Oracle.java");
        assertEquals(0, ran.status(), ran.err());
        return ran.out().strip();
    }

    /** Its classes are in an archive, which halves the JVM's start time. */
    private static void warmUp() throws Exception {
        try (Client client = new Client(WARM_UP, "-XX:ArchiveClassesAtExit=" + archive())) {
            for (Call call : WARM_UP.calls()) client.invoke(call);
            client.end();
        }
    }

    private static Path archive() {
        return project.path("oracle.jsa");
    }

    /** The client writes its library to a fixed path, which does not work for several processes at a time. */
    private static Path library() {
        return project.path("oracle.so");
    }

    private static void unpackLibrary() throws IOException {
        String name = "libaws-lambda-jni.linux-" + (isArm() ? "aarch_64" : "x86_64") + ".so";
        String path = Stream.of(classPath.split(File.pathSeparator))
                .filter(jar -> jar.contains("runtime-interface-client")).findFirst().orElseThrow();
        try (ZipFile jar = new ZipFile(path); InputStream in = jar.getInputStream(jar.getEntry("jni/" + name))) {
            Files.copy(in, library());
        }
    }

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    private static String template() {
        StringBuilder template = new StringBuilder("Globals: {Function: {Runtime: java" + Runtime.version().feature()
                + ", Timeout: " + TIMEOUT
                + ", MemorySize: " + MEMORY + "}}\nResources:\n");
        for (Row row : ROWS) {
            String code = row.missing().isEmpty() ? row.folder("src") : row.folder("classes");
            template.append("  ").append(row.id()).append(": {Type: AWS::Serverless::Function, Properties: {Handler: '")
                    .append(row.handler()).append("', CodeUri: ").append(code).append("}}\n");
        }
        return template.toString();
    }

    private static void write(Row row) {
        row.texts().forEach((path, text) -> project.write(row.folder("src") + "/" + path, text));
        row.files().forEach((path, text) -> {
            if (!path.endsWith(".java")) project.write(row.folder("classes") + "/" + path, text);
        });
    }

    private static void compileAlone(Row row) throws IOException {
        compile(row.folder("src"), row.folder("classes"));
        for (String name : row.missing()) Files.delete(project.path(row.folder("classes") + "/" + name + ".class"));
    }

    private static void compile(String sources, String classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-g", "-nowarn", "-Xlint:none", "-cp", classPath, "-d",
                project.path(classes).toString()));
        try (Stream<Path> files = Files.walk(project.path(sources))) {
            files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
        }
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertEquals(0, status, sources + " does not compile");
    }

    /** AWS's client in a separate JVM, and the runtime API that serves it. */
    private static final class Client implements AutoCloseable {
        private static final String NEXT = "/2018-06-01/runtime/invocation/next";
        private static final String LIBRARY =
                "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
        private static final Call END = new Call("", null);
        private static final int PATIENCE = 20_000;
        private final Row row;
        private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
        private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
        private final ExecutorService threads = Executors.newCachedThreadPool();
        private final HttpServer api;
        private final Process process;
        private final Path log;

        Client(Row row, String archive) throws IOException {
            this.row = row;
            this.log = Files.createTempFile("oracle", ".log");
            this.api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            api.setExecutor(threads);
            api.createContext("/", this::serve);
            api.start();
            this.process = launch(archive);
        }

        private Process launch(String archive) throws IOException {
            String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
            ProcessBuilder builder = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m",
                    archive, "-D" + LIBRARY + "=" + library(), "-cp", classPath, MAIN, row.handler());
            builder.directory(project.path(row.folder("classes")).toFile()).redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + api.getAddress().getPort(),
                    "AWS_LAMBDA_FUNCTION_NAME", row.id(), "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(MEMORY), "_HANDLER", row.handler(),
                    "AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/" + row.id(), "AWS_LAMBDA_LOG_STREAM_NAME", "stream"));
            return builder.start();
        }

        /** The response; an initialization error counts as the response to the first payload. */
        Answer invoke(Call call) throws IOException, InterruptedException {
            calls.add(call);
            for (int waited = 0; waited < PATIENCE; waited += 50) {
                boolean wasAlive = process.isAlive();
                Answer answer = answers.poll(50, TimeUnit.MILLISECONDS);
                if (answer != null) return answer;
                if (!wasAlive) break;
            }
            String printed = Files.readString(log);
            assumeTrue(!printed.contains("UnsatisfiedLinkError"), "the client's native library does not load here");
            throw new AssertionError("no answer: " + process + "\n" + printed);
        }

        /** Waits until the process exits. */
        void end() throws InterruptedException {
            calls.add(END);
            process.waitFor(PATIENCE, TimeUnit.MILLISECONDS);
        }

        private void serve(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.equals(NEXT)) {
                next(exchange);
            } else {
                exchange.sendResponseHeaders(202, -1);
                answers.add(new Answer(path.endsWith("/error"), body));
            }
            exchange.close();
        }

        private void next(HttpExchange exchange) throws IOException {
            try {
                Call call = calls.take();
                var headers = exchange.getResponseHeaders();
                headers.set("Content-Type", "application/json"); // the client crashes without one
                headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
                headers.set("Lambda-Runtime-Deadline-Ms", String.valueOf(System.currentTimeMillis() + TIMEOUT * 1000));
                headers.set("Lambda-Runtime-Invoked-Function-Arn", ARN + row.id());
                headers.set("Lambda-Runtime-Trace-Id", TRACE);
                if (call.client() != null) headers.set("Lambda-Runtime-Client-Context", asBytes(call.client()));
                byte[] payload = call.payload().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(call == END ? 403 : 200, payload.length == 0 ? -1 : payload.length);
                exchange.getResponseBody().write(payload);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** The server writes a header's characters as bytes. */
        private static String asBytes(String text) {
            return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }

        @Override public void close() throws IOException {
            process.destroyForcibly().onExit().join();
            threads.shutdownNow();
            api.stop(0);
            Files.delete(log);
        }
    }
}
