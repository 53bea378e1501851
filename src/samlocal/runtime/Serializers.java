package samlocal.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.GsonFactory;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Type;
import java.util.List;
import java.util.ServiceLoader;

/** Chooses serializers as AWS's runtime does: the function's own, AWS's for its events, else Jackson's. */
final class Serializers {
    private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.";
    private final ClassLoader code;
    private final CustomPojoSerializer customSerializer;

    Serializers(ClassLoader code) {
        this.code = code;
        this.customSerializer = customSerializer(code);
    }

    /** The function's serializer service, or null. */
    private static CustomPojoSerializer customSerializer(ClassLoader code) {
        List<CustomPojoSerializer> found = ServiceLoader.load(CustomPojoSerializer.class, code).stream()
                .map(ServiceLoader.Provider::get).toList();
        if (found.size() > 1) {
            throw new RuntimeFault(CLIENT + "TooManyServiceProvidersFoundException",
                    "Too many serializers provided inside the META-INF/services folder, only one is allowed");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /** Loads the classes that a type needs, see {@link JavaRuntime#warmUp}. */
    static void warmUp(String type, ClassLoader libraries) {
        String sample = "{\"Records\": [{\"body\": \"\", \"attributes\": {\"a\": \"b\"}}]}";
        try {
            PojoSerializer<Object> serializer = of(Class.forName(type, true, libraries), libraries);
            serializer.toJson(serializer.fromJson(new ByteArrayInputStream(sample.getBytes(UTF_8))),
                    new ByteArrayOutputStream());
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            return; // a type of the function, or of a library with another type of that name
        }
    }

    static boolean isAndroid(ClientContext client) {
        return client != null && client.getEnvironment() != null
                && "Android".equalsIgnoreCase(client.getEnvironment().get("platform"));
    }

    /** The function's own, AWS's for its events, else Jackson's; Android clients get Gson's format. */
    PojoSerializer<Object> of(Type type, boolean isAndroid) {
        if (customSerializer != null) return new Custom(customSerializer, type);
        boolean isEvent = type instanceof Class<?> known && LambdaEventSerializers
                .isLambdaSupportedEvent(known.getName());
        return isAndroid && !isEvent ? GsonFactory.getInstance().getSerializer(type) : of(type, code);
    }

    @SuppressWarnings("unchecked")
    private static PojoSerializer<Object> of(Type type, ClassLoader code) {
        if (type instanceof Class<?> known && LambdaEventSerializers.isLambdaSupportedEvent(known.getName())) {
            return LambdaEventSerializers.serializerFor((Class<Object>) known, code);
        }
        return JacksonFactory.getInstance().getSerializer(type);
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
}
