package samlocal.inspector;

import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import samlocal.base.Json;
import samlocal.base.Resource;
import samlocal.lambda.LambdaFunction;
import samlocal.sam.FunctionDefinition;
import samlocal.sam.RuntimeFamily;

/**
 * A JUnit test of a request in Java: calls the handler with the event and asserts the recorded response.
 *
 * @param source of the test class, or null
 * @param reason why no test can be generated, or null
 */
record JUnitTest(String source, String reason) {
    private static final Pattern QUALIFIED = Pattern.compile("((?:[a-z_]\\w*\\.)+)([A-Z]\\w*)");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
    private static final String RUNTIME = "com.amazonaws.services.lambda.runtime.";
    private static final String CONTEXT = RUNTIME + "Context";
    private static final List<String> USED = List.of(CONTEXT, RUNTIME + "ClientContext", RUNTIME + "CognitoIdentity",
            RUNTIME + "LambdaLogger", RUNTIME + "serialization.PojoSerializer",
            RUNTIME + "serialization.factories.JacksonFactory", "java.io.ByteArrayInputStream",
            "java.io.ByteArrayOutputStream", "org.junit.jupiter.api.Test");
    private static final String INPUT = "java.io.InputStream";
    private static final String OUTPUT = "java.io.OutputStream";
    /** The first Java with text blocks, JEP 378. */
    private static final int TEXT_BLOCKS = 15;
    /** A string constant has at most 65,535 bytes (Java Virtual Machine Specification, 4.4.7). */
    private static final int MOST_BYTES = 60_000;
    private static final String INDENT = "            ";

    /** Creates the test for a request to a function whose types are known. */
    static JUnitTest of(History.Entry entry, LambdaFunction function) {
        History.Invoked invoked = entry.invoked();
        Optional<String> event = invoked.event().text();
        Optional<String> response = invoked.answer().text();
        String reason = function.definition().family() != RuntimeFamily.JAVA
                ? "the function is not in Java, so JUnit cannot call it"
                : !invoked.trace().isEmpty() ? "the function failed, so there is no response to assert"
                : invoked.answer().length() == 0 ? "the response was streamed or is missing, so it cannot be asserted"
                : event.isEmpty() || response.isEmpty() ? "the event or the response is not text"
                : Math.max(invoked.event().length(), invoked.answer().length()) > MOST_BYTES
                        ? "the event or the response is over 60 KB, too long for a Java string literal" : null;
        return reason != null ? new JUnitTest(null, reason)
                : new JUnitTest(new Writer(function, entry.number()).write(event.get(), response.get()), null);
    }

    Map<String, Object> fields() {
        return Json.object("test", source, "testReason", reason);
    }

    /** Fills the template. */
    private static final class Writer {
        private final FunctionDefinition function;
        private final long number;
        private final String type;
        private final String method;
        private final List<String> parameters;
        private final String result;
        /** Simple name to qualified name. */
        private final Map<String, String> imports = new TreeMap<>();

        Writer(LambdaFunction invoked, long number) {
            this.function = invoked.definition();
            this.number = number;
            String handler = function.handler();
            int separator = handler.lastIndexOf("::");
            List<String> types = invoked.types();
            this.type = (separator < 0 ? handler : handler.substring(0, separator)).replace('$', '.');
            this.method = separator < 0 ? "handleRequest" : handler.substring(separator + 2);
            this.result = types.isEmpty() ? "void" : types.get(types.size() - 1);
            this.parameters = types.isEmpty() ? List.of(INPUT, OUTPUT, CONTEXT)
                    : separator < 0 ? List.of(types.get(0), CONTEXT) : types.subList(0, types.size() - 1);
        }

        String write(String event, String response) {
            USED.forEach(name -> imports.put(name.substring(name.lastIndexOf('.') + 1), name));
            String call = call();
            String variables = String.join(", ", function.environment().keySet());
            Map<String, String> values = Map.of(
                    "variables", variables.isEmpty() ? "" : "\n * The template sets environment variables that"
                            + " a test must set itself: " + variables + ".",
                    "class", type.substring(type.lastIndexOf('.') + 1) + "Request" + number + "Test",
                    "call", call,
                    "context", call.contains("new TestContext()")
                            ? Resource.text(JUnitTest.class, "TestContext.java.txt") : "",
                    "event", literal(event),
                    "response", literal(response));
            String body = PLACEHOLDER.matcher(Resource.text(JUnitTest.class, "JUnitTest.java.txt"))
                    .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1))));
            return head(packageOf(type), body) + body;
        }

        /** The package declaration and the imports that a body needs. */
        private String head(String folder, String body) {
            String imported = imports.entrySet().stream()
                    .filter(each -> Pattern.compile("\\b" + each.getKey() + "\\b").matcher(body).find())
                    .map(Map.Entry::getValue)
                    .filter(name -> !packageOf(name).equals(folder) && !packageOf(name).equals("java.lang"))
                    .sorted().map(name -> "import " + name + ";\n").collect(Collectors.joining());
            return (folder.isEmpty() ? "" : "package " + folder + ";\n\n")
                    + "import static java.nio.charset.StandardCharsets.UTF_8;\n"
                    + "import static org.junit.jupiter.api.Assertions.assertEquals;\n\n" + imported + "\n";
        }

        private static String packageOf(String type) {
            Matcher qualified = QUALIFIED.matcher(type);
            return qualified.lookingAt() ? qualified.group(1).replaceFirst("\\.$", "") : "";
        }

        private String call() {
            String handler = "new " + simple(type) + "()";
            boolean hasStreams = parameters.contains(INPUT) || parameters.contains(OUTPUT);
            List<String> arguments = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (String parameter : parameters) {
                arguments.add(switch (parameter) {
                    case CONTEXT -> "new TestContext()";
                    case INPUT -> "new ByteArrayInputStream(EVENT.getBytes(UTF_8))";
                    case OUTPUT -> "output";
                    default -> "event";
                });
                if (arguments.contains("event") && lines.isEmpty()) lines.add(read(parameter));
            }
            String invocation = handler + "." + method + "(" + String.join(", ", arguments) + ")";
            if (hasStreams) lines.add("ByteArrayOutputStream output = new ByteArrayOutputStream();");
            boolean isVoid = result.equals("void") || result.equals("java.lang.Void");
            if (hasStreams || isVoid) lines.add(invocation + ";");
            else lines.add("Object response = " + invocation + ";");
            String written = parameters.contains(OUTPUT) ? "new String(output.toByteArray(), UTF_8)"
                    : hasStreams || isVoid ? "" : written();
            if (!written.isEmpty()) lines.add("assertEquals(json(RESPONSE), json(" + written + "));");
            return String.join("\n        ", lines);
        }

        /** A statement that reads the event as Lambda's runtime does. */
        private String read(String parameter) {
            String name = simple(parameter.replace('$', '.'));
            if (LambdaEventSerializers.isLambdaSupportedEvent(parameter)) {
                imports.put("LambdaEventSerializers", LambdaEventSerializers.class.getName());
                return name + " event = LambdaEventSerializers.serializerFor(" + name + ".class,\n                "
                        + simple(type) + ".class.getClassLoader()).fromJson(EVENT);";
            }
            boolean isGeneric = parameter.contains("<");
            if (!isGeneric) return name + " event = JacksonFactory.getInstance().getSerializer(" + name
                    + ".class).fromJson(EVENT);";
            return "class Holder {\n            " + name + " event;\n        }\n"
                    + "        @SuppressWarnings(\"unchecked\")\n"
                    + "        " + name + " event = (" + name + ") JacksonFactory.getInstance()\n                "
                    + ".getSerializer(Holder.class.getDeclaredField(\"event\").getGenericType()).fromJson(EVENT);";
        }

        /** An expression for the response as Lambda's runtime writes it. */
        private String written() {
            if (!LambdaEventSerializers.isLambdaSupportedEvent(result)) return "written(response)";
            imports.put("LambdaEventSerializers", LambdaEventSerializers.class.getName());
            String name = simple(result.replace('$', '.'));
            return "written(LambdaEventSerializers.serializerFor(" + name + ".class, " + simple(type)
                    + ".class.getClassLoader()), (" + name + ") response)";
        }

        /** The simple name of a type, imported unless its name clashes. */
        private String simple(String qualified) {
            return QUALIFIED.matcher(qualified).replaceAll(found -> {
                String known = imports.computeIfAbsent(found.group(2), name -> found.group());
                return Matcher.quoteReplacement(known.equals(found.group()) ? found.group(2) : found.group());
            });
        }

        /** A Java expression for a string; JSON is formatted. */
        private String literal(String text) {
            String laidOut = text;
            boolean isJson = true;
            try {
                laidOut = Json.writePretty(Json.read(text)).strip();
            } catch (IOException e) {
                isJson = false; // kept unformatted
            }
            String escaped = laidOut.replace("\\", "\\\\").replace("\r", "\\r").replace("\t", "\\t");
            boolean hasTextBlocks = function.release() == 0 || function.release() >= TEXT_BLOCKS;
            if (isJson && hasTextBlocks) {
                return "\"\"\"\n" + INDENT + escaped.replace("\"\"\"", "\\\"\\\"\\\"").replace("\n", "\n" + INDENT)
                        + "\n" + INDENT + "\"\"\"";
            }
            return Arrays.stream(escaped.replace("\"", "\\\"").split("\n", -1)).map(line -> "\"" + line)
                    .collect(Collectors.joining("\\n\"\n" + INDENT + "+ ")) + "\"";
        }
    }
}
