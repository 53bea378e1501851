package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogFormat;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Stream;
import java.util.Map;
import java.util.Set;

/**
 * Runs one handler as AWS's Java runtime does (Lambda Developer Guide, "Define Lambda function handler in Java"). A
 * copy of this class is loaded in each execution environment.
 */
public final class JavaRuntime implements LambdaRuntime {
    /** A handler of bytes, which may throw anything. */
    private interface Handler {
        void handle(InputStream event, OutputStream answer, Context context) throws Throwable;
    }

    /** A handler of objects. */
    private interface Body {
        Object apply(Object event, Context context) throws Throwable;
    }

    private static final int MOST_CAUSES = 100;
    private final ClassLoader code;
    private final Map<String, String> environment;
    private final RuntimeLogger logger;
    private final Serializers serializers;
    private final Handler handler;

    /** Finds and constructs the handler that {@code _HANDLER} names; its code may throw anything. */
    public JavaRuntime(ClassLoader code, Map<String, String> environment, OutputStream log) throws Throwable {
        this.code = code;
        this.environment = environment;
        this.logger = new RuntimeLogger(new PrintStream(log, true, UTF_8),
                LogFormat.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_FORMAT", "TEXT")),
                LogLevel.fromString(environment.getOrDefault("AWS_LAMBDA_LOG_LEVEL", "UNDEFINED")));
        shareLogger();
        this.serializers = new Serializers(code);
        this.handler = handler(environment.get("_HANDLER"));
    }

    /**
     * Loads the classes that serialization needs for types of {@code libraries}, null for those of the JDK. Types with
     * a mixin get their own mapper, so nothing changes for other types; types without one add a date module to the
     * shared mapper.
     */
    public static void warmUp(ClassLoader libraries, List<String> types) {
        for (String type : types) Serializers.warmUp(type, libraries);
    }

    /** The problem with a handler and perhaps advice, empty if it can be called; its code is loaded but not run. */
    public static List<String> inspect(ClassLoader code, String handler) {
        try {
            HandlerTypes.of(code, handler);
            return List.of();
        } catch (ClassNotFoundException e) {
            return List.of(RuntimeFault.NO_CLASS + e.getMessage());
        } catch (NoSuchMethodException e) {
            return List.of("The handler's class has no public zero-argument constructor");
        } catch (InstantiationException e) {
            return List.of("The handler's class is abstract");
        } catch (RuntimeFault | LinkageError | ReflectiveOperationException e) {
            Stream<Throwable> causes = Stream.of(e, e.getCause()).filter(each -> each != null);
            return Stream.concat(Stream.of(String.valueOf(e.getMessage())), RuntimeFault.adviceOn(causes).stream())
                    .toList();
        }
    }

    /** The names of a handler's parameter and return type, or null if it is not a handler. */
    public static List<String> types(ClassLoader code, String handler) {
        try {
            return HandlerTypes.of(code, handler).stream().map(Type::getTypeName).toList();
        } catch (ReflectiveOperationException | RuntimeFault | LinkageError e) {
            return null;
        }
    }

    @Override public byte[] invoke(Invocation invocation) throws Throwable {
        Limited answer = new Limited();
        OutputStream target = invocation.stream() == null ? answer : invocation.stream();
        try {
            LambdaSystem.begin(invocation.headers().trace());
            if (LambdaRuntimeInternal.getUseLog4jAppender()) setLog4jRequestId(invocation.requestId());
            RuntimeLogger log = logger.of(invocation.requestId(), invocation.headers().tenant());
            Context context = new InvocationContext(invocation, environment, log);
            handler.handle(new ByteArrayInputStream(invocation.event()), target, context);
        } catch (Throwable error) {
            throw withoutOurFrames(error);
        }
        Thread.interrupted(); // must not affect the next request
        return answer.bytes();
    }

    /** Gives the request id to Log4j 1 and 2, as AWS's client does once their appenders for Lambda are in use. */
    private void setLog4jRequestId(String requestId) {
        putInto("org.apache.log4j.MDC", Object.class, requestId);
        putInto("org.apache.logging.log4j.ThreadContext", String.class, requestId);
    }

    private void putInto(String type, Class<?> value, String requestId) {
        try {
            Class.forName(type, true, code).getMethod("put", String.class, value)
                    .invoke(null, "AWSRequestId", requestId);
        } catch (ReflectiveOperationException | LinkageError e) {
            return; // this version is not in use
        }
    }

    /**
     * Removes the frames of this program, as AWS's runtime removes its own, also from causes and suppressed exceptions.
     */
    private static Throwable withoutOurFrames(Throwable error) {
        cutFrames(error, Collections.newSetFromMap(new IdentityHashMap<>()));
        return error;
    }

    private static void cutFrames(Throwable error, Set<Throwable> seen) {
        if (error == null || !seen.add(error) || seen.size() > MOST_CAUSES) return;
        try {
            error.setStackTrace(RuntimeFault.ownFrames(error.getStackTrace()));
            cutFrames(error.getCause(), seen);
            for (Throwable suppressed : error.getSuppressed()) cutFrames(suppressed, seen);
        } catch (RuntimeException | Error inTheError) {
            return; // the handler's exception class misbehaves
        }
    }

    /** A response up to Lambda's limit; bytes beyond it are only counted ("Lambda quotas"). */
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
            throw Invocation.tooLarge(size);
        }
    }

    /** {@code LambdaRuntime.getLogger()} of AWS's core library, which its log4j2 appender uses. */
    private void shareLogger() throws ReflectiveOperationException {
        Field field = com.amazonaws.services.lambda.runtime.LambdaRuntime.class.getDeclaredField("logger");
        field.setAccessible(true);
        field.set(null, logger);
    }

    private Handler handler(String name) throws Throwable {
        int separator = name.lastIndexOf("::");
        if (name.isEmpty() || separator == 0 || name.endsWith("::")) {
            throw new RuntimeFault(null, "Invalid handler: `" + name + "'");
        }
        Class<?> type = load(separator < 0 ? name : name.substring(0, separator));
        return separator < 0 ? ofInterface(type)
                : ofMethod(type, HandlerTypes.preferred(type, name.substring(separator + 2)));
    }

    private Class<?> load(String name) {
        try {
            return Class.forName(name, true, code);
        } catch (ClassNotFoundException e) {
            boolean isAnother = e.getCause() != null || !name.equals(e.getMessage());
            throw new RuntimeFault(e.getClass().getName(), RuntimeFault.NO_CLASS + name, isAnother ? e : null)
                    .about(isAnother ? null : name);
        } catch (RuntimeFault fault) {
            throw fault;
        } catch (RuntimeException | Error error) {
            withoutOurFrames(error);
            throw new RuntimeFault(error.getClass().getName(), "Error loading class " + name
                    + (error.getMessage() == null ? "" : ": " + error.getMessage()), error);
        }
    }

    private Handler ofInterface(Class<?> type) throws Throwable {
        if (RequestStreamHandler.class.isAssignableFrom(type)) {
            return ((RequestStreamHandler) instance(type))::handleRequest;
        }
        Type[] types = HandlerTypes.ofInterface(type);
        @SuppressWarnings("unchecked")
        RequestHandler<Object, Object> handler = (RequestHandler<Object, Object>) instance(type);
        return typed(types[0], types[1], handler::handleRequest);
    }

    private static Object instance(Class<?> type) throws Throwable {
        try {
            return type.getConstructor().newInstance();
        } catch (NoSuchMethodException e) {
            boolean isInner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
            throw new RuntimeFault(Exception.class.getName(), "Class " + type.getName() + (isInner
                    ? " cannot be instantiated because it is a non-static inner class"
                    : " has no public zero-argument constructor")).about(isInner ? null : type.getName());
        } catch (IllegalAccessException | InstantiationException e) {
            throw new RuntimeFault(e.getClass().getName(),
                    e.getMessage() == null ? e.getClass().getName() : e.getMessage());
        } catch (InvocationTargetException e) {
            throw withoutOurFrames(e.getCause());
        }
    }

    private Handler ofMethod(Class<?> type, Method method) throws Throwable {
        Object target = Modifier.isStatic(method.getModifiers()) ? null : instance(type);
        List<Type> parameters = List.of(method.getGenericParameterTypes());
        boolean hasStream = parameters.contains(InputStream.class) || parameters.contains(OutputStream.class);
        if (hasStream) return streaming(target, method, parameters);
        Type input = parameters.isEmpty() || parameters.get(0) == Context.class ? null : parameters.get(0);
        return typed(input, method.getGenericReturnType(), (event, context) ->
                call(target, method, arguments(parameters, Map.of(Context.class, context), event)));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The arguments: known ones by their type, the event for all others. */
    private static Object[] arguments(List<Type> types, Map<?, ?> known, Object event) {
        return types.stream().map(type -> known.containsKey(type) ? known.get(type) : event).toArray();
    }

    /** A handler that reads and writes streams. */
    private static Handler streaming(Object target, Method method, List<Type> parameters) {
        return (event, answer, context) -> {
            Map<Object, Object> known =
                    Map.of(InputStream.class, event, OutputStream.class, answer, Context.class, context);
            call(target, method, arguments(parameters, known, null));
            if (!parameters.contains(OutputStream.class)) answer.write("null".getBytes(UTF_8));
        };
    }

    /** A handler of objects with AWS's serialization; {@code input} is null if it takes no event. */
    private Handler typed(Type input, Type output, Body body) {
        boolean isVoid = output == void.class || output == Void.class;
        PojoSerializer<Object> reader = input == null ? null : serializers.of(input, false);
        PojoSerializer<Object> writer = isVoid ? null : serializers.of(output, false);
        return (event, answer, context) -> {
            boolean isAndroid = Serializers.isAndroid(context.getClientContext());
            Object argument = input == null ? null : read(isAndroid ? serializers.of(input, true) : reader, event);
            Object result = body.apply(argument, context);
            if (isVoid) answer.write("null".getBytes(UTF_8));
            else write(isAndroid ? serializers.of(output, true) : writer, result, answer);
        };
    }

    private static Object read(PojoSerializer<Object> serializer, InputStream event) {
        try {
            return serializer.fromJson(event);
        } catch (RuntimeException | Error error) {
            throw new RuntimeException("An error occurred during JSON parsing", error);
        }
    }

    private static void write(PojoSerializer<Object> serializer, Object result, OutputStream answer) {
        try {
            serializer.toJson(result, answer);
        } catch (RuntimeException | Error error) {
            throw new RuntimeException("An error occurred during JSON serialization of response", error);
        }
    }
}
