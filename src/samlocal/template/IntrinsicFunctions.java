package samlocal.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;

/** The intrinsic functions: one row and one method each (CloudFormation User Guide, "Intrinsic function reference"). */
final class IntrinsicFunctions {
    /** Maps the unresolved argument of a function to its value, or to null if only a deployment can tell the value. */
    interface IntrinsicFunction {
        Value apply(Intrinsics scope, Value argument);
    }

    /** What the short tag accepts, and the function; {@code Condition} has a tag but is not a function. */
    private record Row(String takes, IntrinsicFunction function) {
    }

    private static final String ANYTHING = "a string, a list or a map";
    private static final Map<String, Row> ALL = Map.ofEntries(
            Map.entry("Ref", new Row("a string", IntrinsicFunctions::ref)),
            Map.entry("Condition", new Row("a string", null)),
            Map.entry("Fn::Sub", new Row("a string or a list", IntrinsicFunctions::sub)),
            Map.entry("Fn::GetAtt", new Row("a string or a list", IntrinsicFunctions::getAtt)),
            Map.entry("Fn::FindInMap", new Row("a list", IntrinsicFunctions::findInMap)),
            Map.entry("Fn::Join", new Row("a list", IntrinsicFunctions::join)),
            Map.entry("Fn::Select", new Row("a list", IntrinsicFunctions::select)),
            Map.entry("Fn::Split", new Row("a list", IntrinsicFunctions::split)),
            Map.entry("Fn::If", new Row("a list", IntrinsicFunctions::ifThenElse)),
            Map.entry("Fn::Equals", new Row("a list", IntrinsicFunctions::equalTo)),
            Map.entry("Fn::And", new Row("a list", (scope, argument) -> combined(scope, argument, false))),
            Map.entry("Fn::Or", new Row("a list", (scope, argument) -> combined(scope, argument, true))),
            Map.entry("Fn::Not", new Row("a list", IntrinsicFunctions::not)),
            Map.entry("Fn::Base64", new Row(ANYTHING, IntrinsicFunctions::base64)),
            Map.entry("Fn::Cidr", new Row("a list", IntrinsicFunctions::cidr)),
            Map.entry("Fn::GetAZs", new Row(ANYTHING, IntrinsicFunctions::getAZs)),
            Map.entry("Fn::Transform", new Row("a map", Intrinsics::transform)),
            Map.entry("Fn::Length", new Row(ANYTHING, IntrinsicFunctions::length)),
            Map.entry("Fn::ToJsonString", new Row(ANYTHING, IntrinsicFunctions::toJsonString)));

    /** The functions of the transform {@code AWS::LanguageExtensions}. */
    private static final Set<String> EXTENSIONS = Set.of("Fn::Length", "Fn::ToJsonString");

    /** A variable of {@code Fn::Sub}. */
    static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");
    /** The letters of the availability zones in regions where they are not a, b and c. */
    private static final Map<String, String> ZONES = Map.of("us-east-1", "abcdef", "us-west-1", "ac",
            "us-west-2", "abcd", "ap-northeast-1", "acd", "ap-northeast-2", "abcd", "ca-central-1", "abd");

    private IntrinsicFunctions() {
    }

    /** The function with a name, or null. */
    static IntrinsicFunction named(String name, boolean isExtended) {
        return ALL.containsKey(name) && (isExtended || !EXTENSIONS.contains(name)) ? ALL.get(name).function() : null;
    }

    /** What the short tag of a function accepts. */
    static String taken(String name) {
        return ALL.containsKey(name) ? ALL.get(name).takes() : ANYTHING;
    }

    /** The literal references in a function: {@code ID} or {@code ID.ATTRIBUTE}. */
    static Stream<String> references(Mapping function) {
        Value sub = function.get("Fn::Sub");
        Value text = sub instanceof Sequence list && !list.items().isEmpty() ? list.items().get(0) : sub;
        return function.singleEntry().stream().flatMap(entry -> switch (entry.getKey()) {
            case "Ref" -> Stream.of(Value.text(entry.getValue()));
            case "Fn::GetAtt" -> Stream.of(String.join(".", Value.texts(entry.getValue())));
            case "Fn::Sub" -> VARIABLE.matcher(Value.text(text)).results().map(found -> found.group(1).strip());
            default -> Stream.<String>of();
        });
    }

    private static Value ref(Intrinsics scope, Value argument) {
        return scope.resolve(argument) instanceof Scalar scalar && !scalar.equals(Intrinsics.NO_VALUE)
                ? scope.reference(scalar.text(), scalar.place()) : null;
    }

    private static Value sub(Intrinsics scope, Value argument) {
        List<Value> parts = argument instanceof Scalar ? List.of(argument) : Value.items(argument);
        Value first = parts.isEmpty() || argument instanceof Scalar ? argument : scope.resolve(parts.get(0));
        if (!(first instanceof Scalar text)) return null;
        Map<String, Value> variables = new HashMap<>();
        if (parts.size() > 1) {
            Mapping.orEmpty(parts.get(1)).entries().forEach((name, value) -> variables.put(name, scope.resolve(value)));
        }
        variables.values().stream().filter(Sequence.class::isInstance).findFirst().ifPresent(list -> {
            throw Fault.project("a variable of `Fn::Sub` must be a string, not a list", list.place());
        });
        return Scalar.ofText(VARIABLE.matcher(text.text()).replaceAll(match -> Matcher.quoteReplacement(
                variable(scope, match.group(1).strip(), variables, text.place()).orElse(match.group()))), text.place());
    }

    private static Optional<String> variable(Intrinsics scope, String name, Map<String, Value> variables, Place place) {
        if (name.startsWith("!")) return Optional.of("${" + name.substring(1) + "}");
        String[] parts = name.split("\\.", 2);
        Value value = variables.containsKey(name) ? variables.get(name) : parts.length == 1
                ? scope.reference(name, place) : scope.attribute(parts[0], parts[1], place);
        boolean isKnown = value instanceof Scalar && !value.equals(Intrinsics.NO_VALUE);
        return isKnown ? Optional.of(Value.text(value)) : Optional.empty();
    }

    private static Value getAtt(Intrinsics scope, Value argument) {
        List<Value> parts = resolved(scope, argument);
        return parts.size() == 2 && parts.get(0) instanceof Scalar id && parts.get(1) instanceof Scalar name
                ? scope.attribute(id.text(), name.text(), id.place()) : null;
    }

    private static Value findInMap(Intrinsics scope, Value argument) {
        List<Value> parts = Value.items(argument);
        if (parts.size() < 3 || parts.size() > 4) {
            throw Fault.project("`Fn::FindInMap` requires a map name and two keys", argument.place());
        }
        List<String> names = parts.stream().limit(3).map(scope::resolve).map(Value::text).toList();
        Value map = scope.root().mapping("Mappings").get(names.get(0));
        boolean isTwoLevel = map instanceof Mapping mapping
                && mapping.entries().values().stream().allMatch(Mapping.class::isInstance);
        if (map != null && !isTwoLevel) {
            throw Fault.project("`" + names.get(0) + "` is used by `Fn::FindInMap`, but is not a map of maps",
                    map.place());
        }
        Value found = Mapping.orEmpty(map).map(names.get(1)).get(names.get(2));
        Value other = parts.size() < 4 ? null : Mapping.orEmpty(parts.get(3)).get("DefaultValue");
        if (found == null && other == null) refuseKeys(scope, names, argument.place());
        Value chosen = found == null ? other : found;
        return chosen == null ? null : scope.resolve(chosen);
    }

    /** AWS does not deploy a template if a mapping or key is missing. */
    private static void refuseKeys(Intrinsics scope, List<String> names, Place place) {
        if (names.contains("")) return; // known only after a deployment
        Mapping maps = scope.root().map("Mappings");
        boolean hasMap = maps.get(names.get(0)) != null;
        boolean hasKey = maps.map(names.get(0)).get(names.get(1)) != null;
        String message = !hasMap ? "no mapping named `" + names.get(0) + "`"
                : "mapping `" + names.get(0) + "` has no key `" + names.get(hasKey ? 2 : 1) + "`"
                + (hasKey ? " under `" + names.get(1) + "`" : "");
        Set<String> candidates = (!hasMap ? maps : !hasKey ? maps.map(names.get(0))
                : maps.map(names.get(0)).map(names.get(1))).entries().keySet();
        scope.problems().refuse(message, place, Nearest.hint(names.get(!hasMap ? 0 : hasKey ? 2 : 1), candidates));
    }

    private static Value join(Intrinsics scope, Value argument) {
        List<Value> parts = resolved(scope, argument);
        boolean isKnown = parts.size() == 2 && parts.get(1) instanceof Sequence list
                && list.items().stream().allMatch(Scalar.class::isInstance);
        return isKnown ? Scalar.ofText(String.join(Value.text(parts.get(0)), Value.texts(parts.get(1))),
                argument.place()) : null;
    }

    private static Value select(Intrinsics scope, Value argument) {
        List<Value> parts = resolved(scope, argument);
        if (parts.size() != 2) return null;
        String index = Value.text(parts.get(0));
        List<Value> list = Value.items(parts.get(1));
        boolean isInside = index.matches("\\d{1,6}") && Integer.parseInt(index) < list.size();
        boolean isKnown = parts.get(0) instanceof Scalar && parts.get(1) instanceof Sequence;
        if (isKnown && !isInside) {
            scope.problems().refuse("`Fn::Select` has no item " + index + " in a list of " + list.size(),
                    argument.place(), "the first item is 0");
        }
        return isInside ? list.get(Integer.parseInt(index)) : null;
    }

    private static Value split(Intrinsics scope, Value argument) {
        List<Value> parts = resolved(scope, argument);
        if (parts.size() != 2 || !(parts.get(1) instanceof Scalar text)) return null;
        String delimiter = Value.text(parts.get(0));
        return delimiter.isEmpty() ? null
                : list(Arrays.stream(text.text().split(Pattern.quote(delimiter), -1)), text.place());
    }

    private static Value base64(Intrinsics scope, Value argument) {
        if (!(scope.resolve(argument) instanceof Scalar text)) return null;
        return Scalar.ofText(Base64.getEncoder().encodeToString(Value.text(text).getBytes(UTF_8)), text.place());
    }

    /** The first {@code count} subnets of a block, each with the given number of host bits. */
    private static Value cidr(Intrinsics scope, Value argument) {
        List<String> parts = resolved(scope, argument).stream().map(Value::text).toList();
        boolean isKnown = parts.size() >= 2 && parts.get(0).matches("[0-9a-fA-F.:]+/\\d{1,3}")
                && parts.get(1).matches("\\d{1,3}");
        if (!isKnown) return null;
        boolean hasBits = parts.size() > 2 && parts.get(2).matches("\\d{1,3}");
        int bits = hasBits ? Integer.parseInt(parts.get(2)) : parts.get(0).contains(":") ? 64 : 8;
        List<String> blocks = new ArrayList<>();
        try {
            byte[] start = InetAddress.getByName(parts.get(0).replaceFirst("/.*", "")).getAddress();
            for (int i = 0; i < Integer.parseInt(parts.get(1)); i++) blocks.add(block(start, i, bits));
        } catch (UnknownHostException e) {
            return null;
        }
        return list(blocks.stream(), argument.place());
    }

    private static String block(byte[] start, int index, int bits) throws UnknownHostException {
        byte[] value = new BigInteger(1, start).add(BigInteger.valueOf(index).shiftLeft(bits)).toByteArray();
        byte[] address = new byte[start.length];
        int common = Math.min(address.length, value.length);
        System.arraycopy(value, value.length - common, address, address.length - common, common);
        return InetAddress.getByAddress(address).getHostAddress() + "/" + (start.length * 8 - bits);
    }

    private static Value getAZs(Intrinsics scope, Value argument) {
        if (!(scope.resolve(argument) instanceof Scalar scalar)) return null;
        String region = scalar.text().isEmpty() ? scope.site().aws().region() : scalar.text();
        return list(ZONES.getOrDefault(region, "abc").chars().mapToObj(letter -> region + (char) letter),
                scalar.place());
    }

    private static Value length(Intrinsics scope, Value argument) {
        if (!(scope.resolve(argument) instanceof Sequence list)) return null;
        return new Scalar((long) list.items().size(), String.valueOf(list.items().size()), argument.place());
    }

    private static Value toJsonString(Intrinsics scope, Value argument) {
        return Scalar.ofText(Json.write(scope.resolve(argument).plain()), argument.place());
    }

    private static Value ifThenElse(Intrinsics scope, Value argument) {
        List<Value> parts = Value.items(argument);
        if (parts.size() != 3) {
            scope.problems().refuse("`Fn::If` requires a list of a condition and two values", argument.place(), null);
            return null;
        }
        Boolean holds = scope.holds(Value.text(parts.get(0)));
        return holds == null ? null : scope.resolve(parts.get(holds ? 1 : 2));
    }

    /** CloudFormation compares strings: 5 equals '5', and true equals 'true'. */
    private static Value equalTo(Intrinsics scope, Value argument) {
        List<Value> parts = resolved(scope, argument);
        if (parts.size() != 2) return null;
        boolean areTexts = parts.get(0) instanceof Scalar && parts.get(1) instanceof Scalar;
        return truth(areTexts ? Value.text(parts.get(0)).equals(Value.text(parts.get(1)))
                : Objects.equals(parts.get(0).plain(), parts.get(1).plain()), argument);
    }

    /** {@code Fn::And} and {@code Fn::Or}: one condition with the decisive value is enough. */
    private static Value combined(Intrinsics scope, Value argument, boolean decisive) {
        List<Optional<Boolean>> all = Value.items(argument).stream()
                .map(part -> Optional.ofNullable(scope.evaluate(part))).toList();
        if (all.contains(Optional.of(decisive))) return truth(decisive, argument);
        return all.isEmpty() || all.contains(Optional.empty()) ? null : truth(!decisive, argument);
    }

    private static Value not(Intrinsics scope, Value argument) {
        List<Value> parts = Value.items(argument);
        Boolean value = parts.size() == 1 ? scope.evaluate(parts.get(0)) : null;
        return value == null ? null : truth(!value, argument);
    }

    private static Scalar truth(boolean value, Value argument) {
        return new Scalar(value, String.valueOf(value), argument.place());
    }

    private static List<Value> resolved(Intrinsics scope, Value argument) {
        return Value.items(argument).stream().map(scope::resolve).toList();
    }

    private static Sequence list(Stream<String> texts, Place place) {
        return new Sequence(texts.map(text -> (Value) Scalar.ofText(text, place)).toList(), place);
    }
}
