package samlocal.runtime;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Resolves a handler string by reflection on types, without running the handler's code. */
final class HandlerTypes {
    private static final Comparator<Method> PREFERENCE =
            Comparator.comparing(Method::isBridge).thenComparing(HandlerTypes::weight, Comparator.reverseOrder());

    private HandlerTypes() {
    }

    /** The parameter and return type of a handler; empty if it reads and writes streams. */
    static List<Type> of(ClassLoader code, String handler) throws ReflectiveOperationException {
        int separator = handler.lastIndexOf("::");
        Class<?> type = Class.forName(separator < 0 ? handler : handler.substring(0, separator), false, code);
        if (separator < 0) {
            checkIsMade(type);
            return RequestStreamHandler.class.isAssignableFrom(type) ? List.of()
                    : List.of(ofInterface(type));
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

    /** The type arguments of a {@code RequestHandler}. */
    static Type[] ofInterface(Class<?> type) {
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

    /** The first method of that name, in the runtime's order of preference, with a supported signature. */
    static Method preferred(Class<?> type, String name) {
        return methods(type, name).filter(method -> method.getName().equals(name)).sorted(PREFERENCE)
                .filter(HandlerTypes::isAccepted).findFirst().orElseThrow(() -> new RuntimeFault(null,
                "No public method named " + name + " with appropriate method signature found on class "
                + type.getName()).about(type.getName() + "::" + name));
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

    /** {@code ()}, {@code (Context)}, {@code (X)}, {@code (X, Context)}, and with streams instead of X. */
    private static boolean isAccepted(Method method) {
        List<Type> types = new ArrayList<>(List.of(method.getGenericParameterTypes()));
        if (types.size() > 1 && types.get(types.size() - 1) == Context.class) types.remove(types.size() - 1);
        if (types.isEmpty()) return true;
        if (types.size() == 1) return types.get(0) != Context.class || method.getParameterCount() == 1;
        return types.equals(List.of(InputStream.class, OutputStream.class));
    }

    /** Finds the type arguments of an interface in the type hierarchy. */
    private static final class Generics {
        /** The type arguments; null if the type does not implement the interface, or as a raw type. */
        static Type[] argumentsOf(Class<?> wanted, Type type, Map<Type, Type> known) {
            ParameterizedType generic = type instanceof ParameterizedType parameterized ? parameterized : null;
            Class<?> raw = (Class<?>) (generic == null ? type : generic.getRawType());
            Type[] arguments = generic == null ? null : bound(generic.getActualTypeArguments(), known);
            // Like AWS's runtime, uses the arguments of an interface that extends the wanted one.
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
}
