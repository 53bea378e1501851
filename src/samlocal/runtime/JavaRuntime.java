package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Runs one handler as AWS's Java runtime does (Lambda Developer Guide, "Define Lambda function handler in Java").
 * A copy of this class is loaded in each execution environment, see the overview.
 */
public final class JavaRuntime implements LambdaRuntime {
    private static final int MOST_CAUSES = 100;
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.";
    private static final Comparator<Method> PREFERENCE =
            Comparator.comparing(Method::isBridge).thenComparing(JavaRuntime::weight, Comparator.reverseOrder());
    private final ClassLoader code;
    private final Map<String, String> environment;
    private final Logger logger;
    private final CustomPojoSerializer customSerializer;
    private final RequestStreamHandler handler;

    /** Finds and constructs the handler that {@code _HANDLER} names; its own code may throw anything. */
    public JavaRuntime(ClassLoader code, Map<String, String> environment, OutputStream log) throws Throwable {
        this.code = code;
        this.environment = environment;
        this.logger = new Logger(new PrintStream(log, true, UTF_8),
                LogFormat.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT")),
                LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED")));
        shareLogger();
        this.customSerializer = customSerializer(code);
        this.handler = handler(environment.get("_HANDLER"));
    }

    /** The one that the function brings as a service, or null. */
    private static CustomPojoSerializer customSerializer(ClassLoader code) {
        List<CustomPojoSerializer> found = ServiceLoader.load(CustomPojoSerializer.class, code).stream()
                .map(ServiceLoader.Provider::get).toList();
        if (found.size() > 1) {
            throw new RuntimeFault(CLIENT + "TooManyServiceProvidersFoundException",
                    "Too many serializers provided inside the META-INF/services folder, only one is allowed");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * Loads what the serialization library needs for types of {@code libraries}, null for those of the JDK. That
     * changes nothing for types with a mixin, each of which gets a mapper of its own; others put a date module on
     * the mapper that all share.
     */
    public static void warmUp(ClassLoader libraries, List<String> types) {
        for (String type : types) warmUp(type, libraries);
    }

    private static void warmUp(String type, ClassLoader libraries) {
        String sample = "{\"Records\": [{\"body\": \"\", \"attributes\": {\"a\": \"b\"}}]}";
        try {
            PojoSerializer<Object> serializer = serializer(Class.forName(type, true, libraries), libraries);
            serializer.toJson(serializer.fromJson(new ByteArrayInputStream(sample.getBytes(UTF_8))),
                    new ByteArrayOutputStream());
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            return; // one of the function's own, or of a library that calls another type by that name
        }
    }

    /** What is wrong with a handler, or null; its code is loaded and not run. */
    public static String inspect(ClassLoader code, String handler) {
        try {
            typesOf(code, handler);
            return null;
        } catch (ClassNotFoundException e) {
            return RuntimeFault.NO_CLASS + e.getMessage();
        } catch (NoSuchMethodException e) {
            return "The handler's class has no public zero-argument constructor";
        } catch (InstantiationException e) {
            return "The handler's class is abstract";
        } catch (RuntimeFault | LinkageError | ReflectiveOperationException e) {
            return e.getMessage();
        }
    }

    /** The names of the types that a handler takes and returns, or null if it is not one. */
    public static List<String> types(ClassLoader code, String handler) {
        try {
            return typesOf(code, handler).stream().map(Type::getTypeName).toList();
        } catch (ReflectiveOperationException | RuntimeFault | LinkageError e) {
            return null;
        }
    }

    private static List<Type> typesOf(ClassLoader code, String handler) throws ReflectiveOperationException {
        int separator = handler.lastIndexOf("::");
        Class<?> type = Class.forName(separator < 0 ? handler : handler.substring(0, separator), false, code);
        if (separator < 0) {
            checkIsMade(type);
            return RequestStreamHandler.class.isAssignableFrom(type) ? List.of()
                    : List.of(requestHandlerTypes(type));
        }
        Method method = preferred(type, handler.substring(separator + 2));
        if (!Modifier.isStatic(method.getModifiers())) checkIsMade(type);
        return Stream.concat(Arrays.stream(method.getGenericParameterTypes()),
                Stream.of(method.getGenericReturnType())).toList();
    }

    private static void checkIsMade(Class<?> type) throws ReflectiveOperationException {
        type.getConstructor();
        if (Modifier.isAbstract(type.getModifiers())) throw new InstantiationException(type.getName());
    }

    @Override public byte[] invoke(Invocation invocation) throws Throwable {
        Limited answer = new Limited();
        OutputStream target = invocation.stream() == null ? answer : invocation.stream();
        try {
            LambdaSystem.begin(invocation.trace());
            Context context = new InvocationContext(invocation, environment, logger.of(invocation.requestId()));
            handler.handleRequest(new ByteArrayInputStream(invocation.event()), target, context);
        } catch (Throwable error) {
            throw withoutOurFrames(error, new HashSet<>());
        }
        Thread.interrupted(); // the next request is not to meet this one's
        return answer.bytes();
    }

    /** Cuts the frames of this program off, as AWS's runtime cuts its own; of causes and suppressed ones too. */
    private static Throwable withoutOurFrames(Throwable error, Set<Integer> seen) {
        if (error == null || !seen.add(System.identityHashCode(error)) || seen.size() > MOST_CAUSES) return error;
        try {
            error.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
            withoutOurFrames(error.getCause(), seen);
            for (Throwable suppressed : error.getSuppressed()) withoutOurFrames(suppressed, seen);
        } catch (Throwable inTheError) {
            return error; // an exception class of the handler's own that misbehaves
        }
        return error;
    }

    /** An answer up to Lambda's limit; what goes beyond is counted only ("Lambda quotas"). */
    private static final class Limited extends ByteArrayOutputStream {
        private long size;

        @Override public synchronized void write(int character) {
            write(new byte[] {(byte) character}, 0, 1);
        }

        @Override public synchronized void write(byte[] part, int offset, int length) {
            size += length;
            if (size <= Invocation.MOST_BYTES) super.write(part, offset, length);
        }

        byte[] bytes() {
            if (size <= Invocation.MOST_BYTES) return toByteArray();
            throw new RuntimeFault("Function.ResponseSizeTooLarge", "Response payload size (" + size
                    + " bytes) exceeded maximum allowed payload size (" + Invocation.MOST_BYTES + " bytes).");
        }
    }

    /** {@code LambdaRuntime.getLogger()} of AWS's core library, which its log4j2 appender uses. */
    private void shareLogger() throws ReflectiveOperationException {
        Field field = com.amazonaws.services.lambda.runtime.LambdaRuntime.class.getDeclaredField("logger");
        field.setAccessible(true);
        field.set(null, logger);
    }

    private RequestStreamHandler handler(String name) throws Throwable {
        int separator = name.lastIndexOf("::");
        if (name.isEmpty() || separator == 0 || name.endsWith("::")) {
            throw new RuntimeFault(null, "Invalid handler: `" + name + "'");
        }
        Class<?> type = load(separator < 0 ? name : name.substring(0, separator));
        return separator < 0 ? ofInterface(type) : ofMethod(type, preferred(type, name.substring(separator + 2)));
    }

    private Class<?> load(String name) {
        try {
            return Class.forName(name, true, code);
        } catch (ClassNotFoundException e) {
            boolean isAnother = e.getCause() != null || !name.equals(e.getMessage());
            throw new RuntimeFault(e.getClass().getName(), RuntimeFault.NO_CLASS + name, isAnother ? e : null);
        } catch (RuntimeFault fault) {
            throw fault;
        } catch (Throwable error) {
            withoutOurFrames(error, new HashSet<>());
            throw new RuntimeFault(error.getClass().getName(), "Error loading class " + name
                    + (error.getMessage() == null ? "" : ": " + error.getMessage()), error);
        }
    }

    private RequestStreamHandler ofInterface(Class<?> type) throws Throwable {
        if (RequestStreamHandler.class.isAssignableFrom(type)) return (RequestStreamHandler) instance(type);
        Type[] types = requestHandlerTypes(type);
        @SuppressWarnings("unchecked")
        RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) instance(type);
        return new Typed(types[0], types[1], handler::handleRequest);
    }

    private static Object instance(Class<?> type) throws Throwable {
        try {
            return type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            throw new RuntimeFault(Exception.class.getName(), "Class " + type.getName() + whyNotConstructed(type));
        } catch (IllegalAccessException | InstantiationException e) {
            throw new RuntimeFault(e.getClass().getName(),
                    e.getMessage() == null ? e.getClass().getName() : e.getMessage());
        } catch (InvocationTargetException e) {
            throw withoutOurFrames(e.getCause(), new HashSet<>());
        }
    }

    private static String whyNotConstructed(Class<?> type) {
        boolean isInner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
        return isInner ? " cannot be instantiated because it is a non-static inner class"
                : " has no public zero-argument constructor";
    }

    private static Type[] requestHandlerTypes(Class<?> type) {
        if (!RequestHandler.class.isAssignableFrom(type)) {
            throw new RuntimeFault(null, "Class does not implement an appropriate handler interface: "
                    + type.getName());
        }
        Type[] found = Generics.argumentsOf(RequestHandler.class, type, Map.of());
        String unfit = "Class " + type.getName()
                + " does not implement RequestHandler with concrete type parameters";
        if (found == null) throw new RuntimeFault(null, unfit);
        if (found.length != 2) {
            throw new RuntimeFault(null,
                    "Invalid class signature for RequestHandler. Expected two generic types, got " + found.length);
        }
        Arrays.stream(found).filter(Generics::isUnbounded).findFirst().ifPresent(parameter -> {
            throw new RuntimeFault(null, unfit + ": parameter " + parameter + " has no upper bound.");
        });
        return found;
    }

    /** The first method of that name, in the runtime's order of preference, whose parameters it can supply. */
    private static Method preferred(Class<?> type, String name) {
        return methods(type, name).filter(method -> method.getName().equals(name)).sorted(PREFERENCE)
                .filter(Shape::isAccepted).findFirst().orElseThrow(() -> new RuntimeFault(null,
                "No public method named " + name + " with appropriate method signature found on class "
                + type.getName()));
    }

    private static Stream<Method> methods(Class<?> type, String name) {
        try {
            return Arrays.stream(type.getMethods());
        } catch (NoClassDefFoundError e) {
            throw new RuntimeFault(e.getClass().getName(), "Error loading method " + name + " on class "
                    + type.getName(), e);
        }
    }

    private static int weight(Method method) {
        Class<?>[] types = method.getParameterTypes();
        boolean endsInContext = types.length > 0 && types[types.length - 1] == Context.class;
        return types.length + (endsInContext ? 1 : 0);
    }

    private RequestStreamHandler ofMethod(Class<?> type, Method method) throws Throwable {
        Object target = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
        List<Type> parameters = List.of(method.getGenericParameterTypes());
        if (Shape.hasStream(parameters)) return new Streamed(target, method, parameters);
        Type input = parameters.isEmpty() || parameters.get(0) == Context.class ? null : parameters.get(0);
        return new Typed(input, method.getGenericReturnType(), (event, context) ->
                call(target, method, Shape.arguments(parameters, Map.of(Context.class, context), event)));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Which parameters a method handler may have. */
    private static final class Shape {
        static boolean hasStream(List<Type> types) {
            return types.contains(InputStream.class) || types.contains(OutputStream.class);
        }

        /** {@code ()}, {@code (Context)}, {@code (X)}, {@code (X, Context)}, and with streams in the place of X. */
        static boolean isAccepted(Method method) {
            List<Type> types = new ArrayList<>(List.of(method.getGenericParameterTypes()));
            if (types.size() > 1 && types.get(types.size() - 1) == Context.class) types.remove(types.size() - 1);
            if (types.isEmpty()) return true;
            if (types.size() == 1) return types.get(0) != Context.class || method.getParameterCount() == 1;
            return types.equals(List.of(InputStream.class, OutputStream.class));
        }

        /** The known arguments by their type; the event is for all others. */
        static Object[] arguments(List<Type> types, Map<?, ?> known, Object event) {
            return types.stream().map(type -> known.containsKey(type) ? known.get(type) : event).toArray();
        }
    }

    /** A handler that reads and writes bytes itself. */
    private record Streamed(Object target, Method method, List<Type> parameters)
            implements RequestStreamHandler {
        @Override public void handleRequest(InputStream event, OutputStream answer, Context context) {
            Map<Object, Object> known =
                    Map.of(InputStream.class, event, OutputStream.class, answer, Context.class, context);
            try {
                call(target, method, Shape.arguments(parameters, known, null));
                if (!parameters.contains(OutputStream.class)) answer.write("null".getBytes(UTF_8));
            } catch (Throwable error) {
                throw Thrown.asIs(error);
            }
        }
    }

    /** What a typed handler does with its event. */
    private interface Body {
        Object apply(Object event, Context context) throws Throwable;
    }

    /** A handler of objects, with AWS's serialization on both sides. */
    private final class Typed implements RequestStreamHandler {
        private final Type inputType;
        private final Type outputType;
        private final PojoSerializer<Object> input;
        private final PojoSerializer<Object> output;
        private final Body body;

        /** {@code input} is null where the handler takes no event. */
        Typed(Type input, Type output, Body body) {
            this.inputType = input;
            this.outputType = output == void.class || output == Void.class ? null : output;
            this.input = input == null ? null : serializer(input, false);
            this.output = outputType == null ? null : serializer(outputType, false);
            this.body = body;
        }

        @Override public void handleRequest(InputStream event, OutputStream answer, Context context)
                throws IOException {
            boolean isAndroid = isAndroid(context.getClientContext());
            Object argument = input == null ? null
                    : read(isAndroid ? serializer(inputType, true) : input, event);
            Object result = run(argument, context);
            if (output == null) answer.write("null".getBytes(UTF_8));
            else write(isAndroid ? serializer(outputType, true) : output, result, answer);
        }

        private Object read(PojoSerializer<Object> serializer, InputStream event) {
            try {
                return serializer.fromJson(event);
            } catch (Throwable error) {
                throw new RuntimeException("An error occurred during JSON parsing", error);
            }
        }

        private Object run(Object argument, Context context) {
            try {
                return body.apply(argument, context);
            } catch (Throwable error) {
                throw Thrown.asIs(error);
            }
        }

        private void write(PojoSerializer<Object> serializer, Object result, OutputStream answer) {
            try {
                serializer.toJson(result, answer);
            } catch (Throwable error) {
                throw new RuntimeException("An error occurred during JSON serialization of response", error);
            }
        }
    }

    private static boolean isAndroid(ClientContext client) {
        return client != null && client.getEnvironment() != null
                && "Android".equalsIgnoreCase(client.getEnvironment().get("platform"));
    }

    /** The function's own, AWS's for its events, else Jackson's; Android's clients are answered by Gson's rules. */
    private PojoSerializer<Object> serializer(Type type, boolean isAndroid) {
        if (customSerializer != null) return new Custom(customSerializer, type);
        boolean isEvent = type instanceof Class<?> known && LambdaEventSerializers
                .isLambdaSupportedEvent(known.getName());
        return isAndroid && !isEvent ? GsonFactory.getInstance().getSerializer(type) : serializer(type, code);
    }

    /** The function's own serializer for one type. */
    private record Custom(CustomPojoSerializer serializer, Type type) implements PojoSerializer<Object> {
        @Override public Object fromJson(InputStream input) {
            return serializer.fromJson(input, type);
        }

        @Override public Object fromJson(String input) {
            return serializer.fromJson(input, type);
        }

        @Override public void toJson(Object value, OutputStream output) {
            serializer.toJson(value, output, type);
        }
    }

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Object> serializer(Type type, ClassLoader code) {
        if (type instanceof Class<?> known && LambdaEventSerializers.isLambdaSupportedEvent(known.getName())) {
            return LambdaEventSerializers.serializerFor((Class<Object>) known, code);
        }
        return JacksonFactory.getInstance().getSerializer(type);
    }

    /** Lets a checked exception of the handler's through where none is declared. */
    private static final class Thrown {
        @SuppressWarnings("unchecked")
        static <T extends Throwable> RuntimeException asIs(Throwable error) throws T {
            throw (T) error;
        }
    }

    /** The type arguments of an interface, looked for up the hierarchy. */
    private static final class Generics {
        /** Null where the type does not have the interface, or has it without arguments. */
        static Type[] argumentsOf(Class<?> wanted, Type type, Map<Type, Type> known) {
            ParameterizedType generic = type instanceof ParameterizedType parameterized ? parameterized : null;
            Class<?> raw = (Class<?>) (generic == null ? type : generic.getRawType());
            Type[] arguments = generic == null ? null : bound(generic.getActualTypeArguments(), known);
            // AWS's runtime takes the arguments of an interface that extends the wanted one for that one's own.
            boolean isFound = raw.isInterface() && wanted.isAssignableFrom(raw) && generic != null;
            if (isFound || raw == wanted) return arguments;
            return supertypes(raw).map(supertype -> argumentsOf(wanted, supertype, bindings(raw, arguments)))
                    .filter(Objects::nonNull).findFirst().orElse(null);
        }

        private static Type[] bound(Type[] arguments, Map<Type, Type> known) {
            return Arrays.stream(arguments).map(argument -> known.getOrDefault(argument, argument))
                    .toArray(Type[]::new);
        }

        private static Stream<Type> supertypes(Class<?> type) {
            return Stream.concat(Arrays.stream(type.getGenericInterfaces()),
                    Stream.ofNullable(type.getGenericSuperclass()));
        }

        private static Map<Type, Type> bindings(Class<?> raw, Type[] arguments) {
            Map<Type, Type> bindings = new HashMap<>();
            for (int i = 0; arguments != null && i < arguments.length; i++) {
                bindings.put(raw.getTypeParameters()[i], arguments[i]);
            }
            return bindings;
        }

        static boolean isUnbounded(Type type) {
            return type instanceof TypeVariable<?> variable
                    && List.of(variable.getBounds()).equals(List.of(Object.class));
        }
    }

    /**
     * Each call is one entry of the log (Lambda Developer Guide, "Log and monitor Java Lambda functions"). Its
     * fields, and those of the context, have the names of AWS's own: programs log a context as JSON by reflection.
     */
    private static final class Logger implements LambdaLogger {
        private final LogFormat logFormat;
        private final LogFiltering logFiltering;
        private final LogFormatter logFormatter;
        private final transient PrintStream sink;
        private transient String requestId;

        Logger(PrintStream sink, LogFormat format, LogLevel least) {
            this.logFormat = format;
            this.logFiltering = new LogFiltering(least);
            this.logFormatter = format == LogFormat.JSON ? new JsonLogFormatter() : new TextLogFormatter();
            this.sink = sink;
        }

        Logger of(String requestId) {
            this.requestId = requestId;
            return this;
        }

        @Override public void log(String message) {
            log(message, LogLevel.UNDEFINED);
        }

        @Override public void log(byte[] message) {
            log(message, LogLevel.UNDEFINED);
        }

        @Override public void log(String message, LogLevel level) {
            if (logFiltering.isWanted(level)) print(logFormatter.format(message, level, requestId));
        }

        @Override public void log(byte[] message, LogLevel level) {
            if (logFiltering.isWanted(level)) print(new String(message, UTF_8));
        }

        private void print(String entry) {
            sink.print(entry.endsWith("\n") ? entry : entry + "\n");
        }
    }

    /** Which entries are for the log. */
    private static final class LogFiltering {
        private final LogLevel minimumLogLevel;

        LogFiltering(LogLevel least) {
            this.minimumLogLevel = least;
        }

        boolean isWanted(LogLevel level) {
            return level == LogLevel.UNDEFINED || level.ordinal() >= minimumLogLevel.ordinal();
        }
    }

    /** An entry as the log has it; {@code requestId} may be null. */
    private interface LogFormatter {
        String format(String message, LogLevel level, String requestId);
    }

    /** A line, with its level if it has one. */
    private static final class TextLogFormatter implements LogFormatter {
        @Override public String format(String message, LogLevel level, String requestId) {
            return level == LogLevel.UNDEFINED ? String.valueOf(message) : "[" + level + "] " + message;
        }
    }

    /** An object with the time and the request. */
    private static final class JsonLogFormatter implements LogFormatter {
        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

        @Override public String format(String message, LogLevel level, String requestId) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("timestamp", TIME.format(Instant.now()));
            entry.put("message", message);
            entry.put("level", level);
            if (requestId != null) entry.put("AWSRequestId", requestId);
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            GsonFactory.getInstance().getSerializer(Map.class).toJson(entry, text);
            return text.toString(UTF_8);
        }
    }

    /** What a mobile application says of itself: the names are those of the JSON that AWS's mobile SDKs send. */
    private static final class ClientData implements ClientContext {
        private App client;
        private Map<String, String> custom;
        private Map<String, String> env;

        /** Null where there is none. */
        static ClientData read(String json) {
            if (json == null || json.isBlank()) return null;
            return GsonFactory.getInstance().getSerializer(ClientData.class).fromJson(json);
        }

        @Override public Client getClient() {
            return client;
        }

        @Override public Map<String, String> getCustom() {
            return custom;
        }

        @Override public Map<String, String> getEnvironment() {
            return env;
        }
    }

    /** The application. */
    private static final class App implements Client {
        private String installation_id;
        private String app_title;
        private String app_version_name;
        private String app_version_code;
        private String app_package_name;

        @Override public String getInstallationId() {
            return installation_id;
        }

        @Override public String getAppTitle() {
            return app_title;
        }

        @Override public String getAppVersionName() {
            return app_version_name;
        }

        @Override public String getAppVersionCode() {
            return app_version_code;
        }

        @Override public String getAppPackageName() {
            return app_package_name;
        }
    }

    /** The context object, complete (Lambda Developer Guide, "Using the Lambda context object"). */
    private static final class InvocationContext implements Context {
        private final int memoryLimit;
        private final String awsRequestId;
        private final String logGroupName;
        private final String logStreamName;
        private final String functionName;
        private final String functionVersion;
        private final String invokedFunctionArn;
        private final long deadlineTimeInMs;
        private final CognitoIdentity cognitoIdentity = null;
        private final ClientContext clientContext;
        private final String tenantId = null;
        private final String xrayTraceId;
        private final LambdaLogger logger;

        InvocationContext(Invocation invocation, Map<String, String> environment, LambdaLogger logger) {
            this.memoryLimit = Integer.parseInt(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
            this.awsRequestId = invocation.requestId();
            this.logGroupName = environment.get("AWS_LAMBDA_LOG_GROUP_NAME");
            this.logStreamName = environment.get("AWS_LAMBDA_LOG_STREAM_NAME");
            this.functionName = environment.get("AWS_LAMBDA_FUNCTION_NAME");
            this.functionVersion = environment.get("AWS_LAMBDA_FUNCTION_VERSION");
            this.invokedFunctionArn = invocation.functionArn();
            this.deadlineTimeInMs = invocation.deadline();
            this.clientContext = ClientData.read(invocation.clientContext());
            this.xrayTraceId = invocation.trace();
            this.logger = logger;
        }

        @Override public String getAwsRequestId() {
            return awsRequestId;
        }

        @Override public String getLogGroupName() {
            return logGroupName;
        }

        @Override public String getLogStreamName() {
            return logStreamName;
        }

        @Override public String getFunctionName() {
            return functionName;
        }

        @Override public String getFunctionVersion() {
            return functionVersion;
        }

        @Override public String getInvokedFunctionArn() {
            return invokedFunctionArn;
        }

        @Override public CognitoIdentity getIdentity() {
            return cognitoIdentity;
        }

        @Override public ClientContext getClientContext() {
            return clientContext;
        }

        @Override public int getRemainingTimeInMillis() {
            return (int) Math.max(0, deadlineTimeInMs - System.currentTimeMillis());
        }

        @Override public int getMemoryLimitInMB() {
            return memoryLimit;
        }

        @Override public LambdaLogger getLogger() {
            return logger;
        }

        @Override public String getTenantId() {
            return tenantId;
        }

        @Override public String getXrayTraceId() {
            return xrayTraceId;
        }
    }
}
