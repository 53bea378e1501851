package samlocal.template;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;

/**
 * Replaces intrinsic functions by their values (CloudFormation User Guide, "Intrinsic function reference" and
 * "Template parameters"). What only a deployment could tell has the value that {@code sam local} gives it; what
 * nobody could tell stays as it is written.
 */
public final class Intrinsics {
    /** One function: its argument as written to its value, or null where that cannot be known. */
    private interface Intrinsic {
        Value apply(Intrinsics scope, Value argument);
    }

    private static final Map<String, Intrinsic> FUNCTIONS = Map.ofEntries(
            Map.entry("Ref", Intrinsics::ref),
            Map.entry("Fn::Sub", Intrinsics::sub),
            Map.entry("Fn::GetAtt", Intrinsics::getAtt),
            Map.entry("Fn::FindInMap", Intrinsics::findInMap),
            Map.entry("Fn::Join", Intrinsics::join),
            Map.entry("Fn::Select", Intrinsics::select),
            Map.entry("Fn::Split", Intrinsics::split),
            Map.entry("Fn::If", Intrinsics::ifThenElse),
            Map.entry("Fn::Equals", Intrinsics::equalTo),
            Map.entry("Fn::And", Intrinsics::and),
            Map.entry("Fn::Or", Intrinsics::or),
            Map.entry("Fn::Not", Intrinsics::not),
            Map.entry("Fn::Base64", Intrinsics::base64),
            Map.entry("Fn::Cidr", Intrinsics::cidr),
            Map.entry("Fn::GetAZs", Intrinsics::getAZs),
            Map.entry("Fn::Transform", Intrinsics::transform));

    /** Those that come with the transform {@code AWS::LanguageExtensions}. */
    private static final Map<String, Intrinsic> EXTENSIONS = Map.of(
            "Fn::Length", Intrinsics::length,
            "Fn::ToJsonString", Intrinsics::toJsonString);

    /** The letters of a region's zones where they are not a, b and c. */
    private static final Map<String, String> ZONES = Map.of("us-east-1", "abcdef", "us-west-1", "ac",
            "us-west-2", "abcd", "ap-northeast-1", "acd", "ap-northeast-2", "abcd", "ca-central-1", "abd");

    private static final Scalar NO_VALUE = new Scalar(null, "", null);
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}]*)}");
    /** Resources that SAM makes without being asked by name. */
    private static final Pattern GENERATED = Pattern.compile("Serverless(RestApi|HttpApi|DeploymentApplication)"
            + "|CodeDeployServiceRole|ApiGatewayDomainName|RecordSetGroup");
    /** What it puts behind the id of a resource for another that belongs to it. */
    private static final Pattern GENERATED_ENDS = Pattern.compile("(Alias|Version|Url|EventInvokeConfig|Deployment"
            + "|UsagePlan|ApiKey|DomainName|Destination)\\w*|\\w*(Role|Stage|Permission\\w*|Policy|Queue|Topic)"
            + "|[0-9a-f]{10}");
    private static final int DEEPEST_INCLUDE = 8;
    private static final Set<String> NESTED = Set.of("AWS::Serverless::Application", "AWS::CloudFormation::Stack");
    private static final Set<String> LAYERS = Set.of("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion");
    private static final Set<String> FUNCTION_TYPES = Set.of("AWS::Serverless::Function", "AWS::Lambda::Function");
    private static final String OUTPUTS = "Outputs.";
    private static final int DEEPEST_STACK = 16;
    private static final int LONGEST_OUTPUT = 1 << 16;
    /** So many stacks of a template may wait for each other's outputs, fewer of those further down. */
    private static final int LONGEST_CHAIN = 64;

    private final Site site;
    private final Path folder;
    private final Map<String, String> overrides;
    private final Map<String, String> pseudoParameters;
    private final Problems problems;
    private final boolean extended;
    private final Mapping root;
    private final Mapping parameters;
    private final Mapping resources;
    private final Map<String, Boolean> conditions = new HashMap<>();
    private final Map<String, Set<Integer>> usesWithoutValue = new TreeMap<>();
    private final Set<Path> included = new LinkedHashSet<>();
    private final Set<String> naming = new HashSet<>();
    private final Set<String> opening = new HashSet<>();
    private final Map<String, Optional<Intrinsics>> nested = new HashMap<>();
    private final Map<String, Optional<String>> outputs = new HashMap<>();
    private int includeDepth;

    /** Reads a template and prepares it for resolving. */
    public static Intrinsics of(Site site, Problems problems) {
        Template template = Template.read(site.file());
        template.warnings().forEach(warning -> problems.warn(warning.message(), warning.place(), warning.hint()));
        return of(template, site, problems);
    }

    /** Prepares a template for resolving; what is wrong with its parameters is noted. */
    public static Intrinsics of(Template template, Site site, Problems problems) {
        Intrinsics written = new Intrinsics(template.root(), site, problems);
        written.parameters.entries().keySet().forEach(name ->
                problems.attempt(() -> written.checkParameter(name)));
        if (!written.extended) return written;
        Mapping expanded = (Mapping) written.new Loops().expand(template.root(), Map.of());
        return new Intrinsics(expanded, site, problems);
    }

    private Intrinsics(Mapping root, Site site, Problems problems) {
        this.site = site;
        this.folder = site.folder();
        this.overrides = site.values();
        this.pseudoParameters = site.aws().pseudoParameters();
        this.problems = problems;
        this.extended = transforms(root).anyMatch(each -> text(each).equals("AWS::LanguageExtensions"));
        this.root = root;
        this.parameters = root.mapping("Parameters");
        this.resources = root.mapping("Resources");
    }

    /** The names of what AWS applies to the whole template. */
    public static Stream<Value> transforms(Mapping root) {
        Stream<Value> all = root.value("Transform").stream()
                .flatMap(value -> value instanceof Sequence list ? list.items().stream() : Stream.of(value));
        return all.map(each -> each instanceof Mapping map ? map.value("Name").orElse(each) : each);
    }

    /** Where the template stands. */
    public Site site() {
        return site;
    }

    /** The template as written, with loops written out where it has language extensions. */
    public Mapping root() {
        return root;
    }

    /** Tells whether names and paths may be intrinsic functions, which then are resolved before SAM sees them. */
    public boolean isExtended() {
        return extended;
    }

    /** The names of the template's parameters. */
    public Set<String> parameters() {
        return parameters.entries().keySet();
    }

    /** The files that were included. */
    public Set<Path> included() {
        return included;
    }

    /** The whole template with all that can be known replaced. */
    public Mapping resolveAll() {
        return resolveEntries(root);
    }

    /** A part of the template with all that can be known replaced. */
    public Value resolve(Value value) {
        if (value instanceof Sequence sequence) return new Sequence(resolveItems(sequence), sequence.place());
        if (!(value instanceof Mapping mapping)) return value;
        Map.Entry<String, Value> single = mapping.singleEntry().orElse(null);
        Intrinsic function = single == null ? null : function(single.getKey());
        if (function == null) return resolveEntries(mapping);
        Value result = function.apply(this, single.getValue());
        if (result != null) return result;
        return new Mapping(Map.of(single.getKey(), resolve(single.getValue())), mapping.keys(), mapping.place());
    }

    private Intrinsic function(String name) {
        return FUNCTIONS.getOrDefault(name, extended ? EXTENSIONS.get(name) : null);
    }

    /** Tells whether a value is still an intrinsic function, that is, could not be resolved. */
    public static boolean isUnknown(Value value) {
        return value instanceof Mapping mapping && mapping.singleEntry()
                .filter(entry -> FUNCTIONS.containsKey(entry.getKey()) || entry.getKey().startsWith("Fn::"))
                .isPresent();
    }

    private List<Value> resolveItems(Sequence sequence) {
        return sequence.items().stream().map(this::resolve).filter(item -> item != NO_VALUE).toList();
    }

    private Mapping resolveEntries(Mapping mapping) {
        Map<String, Value> entries = new LinkedHashMap<>();
        mapping.entries().forEach((key, value) -> {
            Value resolved = key.equals("Fn::Transform") ? transform(value) : resolve(value);
            if (key.equals("Fn::Transform") && resolved instanceof Mapping snippet) {
                entries.putAll(snippet.entries());
            }
            else if (resolved != NO_VALUE) entries.put(key, resolved == null ? value : resolved);
        });
        return new Mapping(entries, mapping.keys(), mapping.place());
    }

    private Value ref(Value argument) {
        return resolve(argument) instanceof Scalar scalar && scalar != NO_VALUE
                ? reference(scalar.text(), scalar.place()) : null;
    }

    /**
     * A parameter's value, a pseudo parameter's, else the name itself: the logical id stands for the resource, that
     * of a layer with those of its stacks, so that other stacks can use it.
     */
    private Value reference(String name, Place place) {
        if (name.equals("AWS::NoValue")) return NO_VALUE;
        if (name.equals("AWS::NotificationARNs")) return new Sequence(List.of(), place);
        if (parameters.entries().containsKey(name)) return parameter(name, place);
        String pseudo = pseudoParameters.get(name);
        if (pseudo != null) return Scalar.ofText(pseudo, place);
        String id = LAYERS.contains(typeOf(name)) ? site.prefix() + name : name;
        return Scalar.ofText(qualifies(name).map(site.aws()::functionArn).orElse(id), place);
    }

    private String typeOf(String id) {
        return text(asMapping(resources.entries().get(id)).entries().get("Type"));
    }

    /** The function that an alias or a version stands for, by the ids of the template and those that SAM makes. */
    private Optional<String> qualifies(String name) {
        Mapping resource = asMapping(resources.entries().get(name));
        String type = resource.text("Type").orElse("");
        if (type.equals("AWS::Lambda::Alias") || type.equals("AWS::Lambda::Version")) {
            return namedFunction(name).map(named -> named.replaceFirst(".*:", ""))
                    .map(named -> resources.entries().containsKey(named) ? site.prefix() + named : named);
        }
        return resources.entries().keySet().stream().filter(id -> isGeneratedQualifier(name, id)).findFirst()
                .map(this::functionName);
    }

    private boolean isGeneratedQualifier(String name, String id) {
        boolean fits = name.startsWith(id + "Alias") || name.startsWith(id + "Version")
                || name.equals(id + ".Alias")
                || name.equals(id + ".Version");
        return fits && !resources.entries().containsKey(name)
                && asMapping(resources.entries().get(id)).text("Type").orElse("")
                .equals("AWS::Serverless::Function");
    }

    private static Mapping asMapping(Value value) {
        return value instanceof Mapping mapping ? mapping : Mapping.empty(null);
    }

    /** Null where the stack around this one cannot know it. */
    private Value parameter(String name, Place place) {
        if (site.unknown().contains(name)) return null;
        Mapping parameter = parameters.mapping(name);
        String text = parameterText(name).orElse(null);
        if (text == null) {
            usesWithoutValue.computeIfAbsent(name, key -> new TreeSet<>()).add(place == null ? 0 : place.line());
            return Scalar.ofText(name, place);
        }
        return isList(parameter) ? list(text, place) : Scalar.ofText(text, place);
    }

    private Optional<String> parameterText(String name) {
        if (site.unknown().contains(name)) return Optional.empty();
        if (overrides.containsKey(name)) return Optional.of(overrides.get(name));
        Value value = parameters.mapping(name).entries().get("Default");
        if (value instanceof Sequence list) {
            return Optional.of(list.items().stream().map(Intrinsics::text).collect(Collectors.joining(",")));
        }
        return value instanceof Scalar scalar ? Optional.of(scalar.text()) : Optional.empty();
    }

    private static boolean isList(Mapping parameter) {
        String type = parameter.text("Type").orElse("String");
        return type.contains("CommaDelimitedList") || type.contains("List<");
    }

    private static Sequence list(String text, Place place) {
        Stream<Value> items = Arrays.stream(text.split(",")).map(item -> Scalar.ofText(item.trim(), place));
        return new Sequence(items.toList(), place);
    }

    /** What CloudFormation checks before it deploys: the values and limits that a parameter allows. */
    private void checkParameter(String name) {
        Mapping parameter = parameters.mapping(name);
        String text = parameterText(name).orElse(null);
        if (text == null || parameter.text("Type").orElse("").startsWith("AWS::SSM::")) return;
        List<String> values = isList(parameter) ? list(text, null).items().stream().map(Intrinsics::text).toList()
                : List.of(text);
        for (String value : values) wrong(parameter, value).ifPresent(wanted -> {
            throw Fault.project("parameter `" + name + "` is `" + value + "`, it must " + wanted, parameters.keys()
                    .get(name));
        });
    }

    private Optional<String> wrong(Mapping parameter, String value) {
        List<String> allowed = parameter.value("AllowedValues").map(this::resolve).stream()
                .flatMap(list -> list instanceof Sequence items ? items.items().stream() : Stream.of())
                .map(Intrinsics::text).toList();
        if (!allowed.isEmpty() && !allowed.contains(value)) {
            return Optional.of("be one of " + String.join(", ", allowed));
        }
        String pattern = parameter.text("AllowedPattern").orElse(null);
        if (pattern != null && !fits(pattern, value)) return Optional.of("match " + pattern);
        boolean isNumber = parameter.text("Type").orElse("").contains("Number");
        if (isNumber && !value.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)")) return Optional.of("be a number");
        BigDecimal size = isNumber ? new BigDecimal(value) : BigDecimal.valueOf(value.length());
        String kind = isNumber ? "Value" : "Length";
        Optional<String> least = limit(parameter, "Min" + kind).filter(min -> size.compareTo(min) < 0)
                .map(min -> "have a " + kind.toLowerCase(Locale.ROOT) + " of at least " + min.toPlainString());
        return least.or(() -> limit(parameter, "Max" + kind).filter(max -> size.compareTo(max) > 0)
                .map(max -> "have a " + kind.toLowerCase(Locale.ROOT) + " of at most " + max.toPlainString()));
    }

    private static Optional<BigDecimal> limit(Mapping parameter, String key) {
        return parameter.text(key).filter(text -> text.matches("-?\\d+(\\.\\d+)?")).map(BigDecimal::new);
    }

    /** A pattern of another dialect than Java's is left to AWS. */
    private static boolean fits(String pattern, String value) {
        try {
            return value.matches(pattern);
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** Notes the parameters that are used and have no value, each with its uses. */
    public void warnOfMissingValues() {
        usesWithoutValue.forEach((name, lines) -> {
            String uses = lines.stream().map(String::valueOf).collect(Collectors.joining(", "));
            problems.warn("parameter `" + name + "` has no value, its name stands for it in line " + uses,
                    parameters.keys().get(name), adviceFor(name));
        });
    }

    /** How to give a parameter a value. */
    public static String adviceFor(String parameter) {
        return "give it one with `--parameter-overrides " + parameter + "=VALUE`";
    }

    /** Whether a text is but the name of a parameter, which stands for the value that it has not. */
    public boolean hasNoValue(String text) {
        return parameters.entries().containsKey(text) && isMissing(text);
    }

    private boolean isMissing(String parameter) {
        return parameterText(parameter).isEmpty() && !site.unknown().contains(parameter);
    }

    /** A parameter without a value that this part of the template depends on. */
    public Optional<String> missingIn(Value written) {
        if (written instanceof Sequence sequence) {
            return sequence.items().stream().flatMap(item -> missingIn(item).stream()).findFirst();
        }
        if (!(written instanceof Mapping mapping)) return Optional.empty();
        Optional<String> name = mapping.singleEntry().filter(entry -> entry.getKey().equals("Ref"))
                .map(entry -> text(entry.getValue())).filter(parameters.entries()::containsKey);
        if (name.isPresent()) return name.filter(this::isMissing);
        return mapping.entries().values().stream().flatMap(item -> missingIn(item).stream()).findFirst();
    }

    /** Notes references to nothing wherever a deployment follows them, in what its conditions leave out too. */
    public void noteDangling() {
        Mapping outputs = asMapping(root.entries().get("Outputs"));
        resources.entries().values().forEach(resource -> {
            Value first = asMapping(resource).entries().get("DependsOn");
            Stream.concat(Stream.ofNullable(first), items(first).stream())
                    .filter(Scalar.class::isInstance).forEach(id -> noteUnknown(text(id), id.place(), Set.of()));
        });
        Stream.of(resources, outputs).flatMap(section -> section.entries().values().stream())
                .forEach(each -> noteCondition(asMapping(each).entries().get("Condition")));
        noteDangling(resources);
        noteDangling(outputs);
    }

    private void noteCondition(Value name) {
        Set<String> known = asMapping(root.entries().get("Conditions")).entries().keySet();
        if (!(name instanceof Scalar) || known.contains(text(name))) return;
        problems.refuse("`" + text(name) + "` is no condition of this template", name.place(),
                Nearest.to(text(name), known).map(nearest -> "did you mean `" + nearest + "`?").orElse(null));
    }

    private void noteDangling(Value value) {
        if (value instanceof Mapping mapping) {
            mapping.singleEntry().ifPresent(entry -> noteReference(entry.getKey(), entry.getValue()));
            mapping.entries().values().forEach(this::noteDangling);
        }
        items(value).forEach(this::noteDangling);
    }

    private void noteReference(String function, Value argument) {
        List<Value> parts = items(argument);
        if (function.equals("Ref") && argument instanceof Scalar) {
            noteUnknown(text(argument), argument.place(), parameters.entries().keySet());
        } else if (function.equals("Fn::GetAtt") && !parts.isEmpty() && parts.get(0) instanceof Scalar id) {
            noteUnknown(id.text(), id.place(), Set.of());
        } else if (function.equals("Fn::If") && !parts.isEmpty()) {
            noteCondition(parts.get(0));
        } else if (function.equals("Fn::Sub")) {
            Value text = parts.isEmpty() ? argument : parts.get(0);
            Set<String> own = parts.size() < 2 ? Set.of() : asMapping(parts.get(1)).entries().keySet();
            VARIABLE.matcher(text(text)).results().map(found -> found.group(1).strip())
                    .filter(name -> !name.startsWith("!") && !own.contains(name)).forEach(name ->
                            noteUnknown(name, text.place(), parameters.entries().keySet()));
        }
    }

    /** A name may go on after a dot, with what SAM makes for a resource or with an attribute. */
    private void noteUnknown(String name, Place place, Set<String> others) {
        String id = name.replaceFirst("\\..*", "");
        boolean isKnown = resources.entries().containsKey(id) || others.contains(name) || isPseudo(name)
                || GENERATED.matcher(id).lookingAt()
                || resources.entries().keySet().stream().anyMatch(resource -> isMadeFor(resource, id));
        if (isKnown) return;
        Set<String> known = new TreeSet<>(resources.entries().keySet());
        known.addAll(others);
        if (name.startsWith("AWS::")) known.addAll(pseudoParameters.keySet());
        problems.refuse("`" + id + "` names nothing in this template", place,
                Nearest.to(id, known).map(nearest -> "did you mean `" + nearest + "`?").orElse(null));
    }

    private boolean isPseudo(String name) {
        return pseudoParameters.containsKey(name) || name.equals("AWS::NoValue")
                || name.equals("AWS::NotificationARNs");
    }

    private boolean isMadeFor(String resource, String id) {
        Mapping attributes = asMapping(resources.entries().get(resource));
        if (!id.startsWith(resource) || !text(attributes.entries().get("Type")).startsWith("AWS::Serverless::")) {
            return false;
        }
        String rest = id.substring(resource.length());
        Value events = asMapping(attributes.entries().get("Properties")).entries().get("Events");
        return GENERATED_ENDS.matcher(rest).matches()
                || asMapping(events).entries().keySet().stream().anyMatch(rest::startsWith);
    }

    private Value sub(Value argument) {
        if (argument instanceof Scalar scalar) return Scalar.ofText(substitute(scalar, Map.of()), scalar.place());
        List<Value> parts = items(argument);
        if (parts.isEmpty() || !(resolve(parts.get(0)) instanceof Scalar text)) return null;
        Map<String, Value> variables = new HashMap<>();
        if (parts.size() > 1) {
            asMapping(parts.get(1)).entries().forEach((name, value) -> variables.put(name, resolve(value)));
        }
        variables.values().stream().filter(Sequence.class::isInstance).findFirst().ifPresent(list -> {
            throw Fault.project("a variable of `Fn::Sub` must be a text, this is a list", list.place());
        });
        return Scalar.ofText(substitute(text, variables), text.place());
    }

    private String substitute(Scalar text, Map<String, Value> variables) {
        return VARIABLE.matcher(text.text()).replaceAll(match -> Matcher.quoteReplacement(
                variable(match.group(1).strip(), variables, text.place()).orElse(match.group())));
    }

    private Optional<String> variable(String name, Map<String, Value> variables, Place place) {
        if (name.startsWith("!")) return Optional.of("${" + name.substring(1) + "}");
        Value value = variables.containsKey(name) ? variables.get(name) : lookUp(name, place);
        return value instanceof Scalar scalar && value != NO_VALUE ? Optional.of(text(scalar)) : Optional.empty();
    }

    private Value lookUp(String name, Place place) {
        int dot = name.indexOf('.');
        return dot < 0 ? reference(name, place) : attribute(name.substring(0, dot), name.substring(dot + 1), place);
    }

    private Value getAtt(Value argument) {
        List<Value> parts = items(argument).stream().map(this::resolve).toList();
        if (parts.size() != 2 || !(parts.get(0) instanceof Scalar id) || !(parts.get(1) instanceof Scalar name)) {
            return null;
        }
        return attribute(id.text(), name.text(), id.place());
    }

    private Value attribute(String id, String attribute, Place place) {
        if (attribute.startsWith(OUTPUTS)) {
            return nested(id).flatMap(stack -> stack.output(attribute.substring(OUTPUTS.length())))
                    .map(text -> Scalar.ofText(text, place)).orElse(null);
        }
        if (attribute.equals("RootResourceId")) return Scalar.ofText("/", place);
        if (attribute.equals("Alias") || attribute.equals("Version")) return reference(id + "." + attribute, place);
        if (!attribute.equals("Arn")) return null;
        return Scalar.ofText(site.aws().functionArn(qualifies(id).orElseGet(() -> functionName(id))), place);
    }

    /** Its FunctionName, else its logical id, in which a function of a nested stack differs from others. */
    private String functionName(String id) {
        return namedFunction(id).orElseGet(() -> FUNCTION_TYPES.contains(typeOf(id)) ? site.prefix() + id : id);
    }

    /** The FunctionName of a resource, unless it depends on itself. */
    private Optional<String> namedFunction(String id) {
        Value properties = asMapping(resources.entries().get(id)).entries().get("Properties");
        Value name = asMapping(properties).entries().get("FunctionName");
        if (name == null || !naming.add(id)) return Optional.empty();
        try {
            return Optional.of(text(resolve(name))).filter(known -> !known.isEmpty());
        } finally {
            naming.remove(id);
        }
    }

    /** A nested stack, which is opened when it is first asked for; none where its template is not a file here. */
    public Optional<Intrinsics> nested(String id) {
        if (nested.containsKey(id)) return nested.get(id);
        if (!canBeOpened(id)) return Optional.empty();
        opening.add(id);
        Optional<Intrinsics> opened = problems.tried(() -> open(id));
        opening.remove(id);
        nested.put(id, opened);
        return opened;
    }

    private boolean canBeOpened(String id) {
        boolean isCycle = opening.contains(id);
        boolean isTooLong = opening.size() >= LONGEST_CHAIN / site.above().size();
        Place place = resources.keys().get(id);
        if (isCycle) {
            problems.refuse("nested stack `" + id + "` is given what depends on its own outputs", place, null);
        } else if (isTooLong) {
            problems.warn("outputs of nested stack `" + id + "` are taken as unknown: too many stacks wait for "
                    + "each other", place, null);
        }
        return !isCycle && !isTooLong;
    }

    private Intrinsics open(String id) {
        Mapping resource = asMapping(resources.entries().get(id));
        if (!NESTED.contains(typeOf(id)) || isLeftOut(resource)) return null;
        Mapping properties = asMapping(resolve(resource.mapping("Properties")));
        Path template = template(properties).filter(Files::isRegularFile).orElse(null);
        if (template == null) return null;
        if (site.above().contains(template) || site.above().size() > DEEPEST_STACK) {
            throw Fault.project("nested stack `" + id + "` contains itself",
                    properties.entries().get(locationKey(properties)).place());
        }
        return of(site.nested(template, id, valuesOf(properties), unknownOf(properties)), problems);
    }

    private Map<String, String> valuesOf(Mapping nested) {
        Map<String, String> values = new HashMap<>();
        asMapping(nested.entries().get("Parameters")).entries().forEach((name, value) ->
                values.put(name, joined(value)));
        return values;
    }

    private static Set<String> unknownOf(Mapping nested) {
        return asMapping(nested.entries().get("Parameters")).entries().entrySet().stream()
                .filter(parameter -> parameter.getValue() instanceof Mapping || items(parameter.getValue()).stream()
                        .anyMatch(Mapping.class::isInstance))
                .map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private boolean isLeftOut(Mapping attributes) {
        return attributes.entries().get("Condition") instanceof Scalar name
                && Boolean.FALSE.equals(holds(text(name)));
    }

    private static String joined(Value value) {
        return value instanceof Sequence list
                ? list.items().stream().map(Intrinsics::text).collect(Collectors.joining(",")) : text(value);
    }

    /** Which property of a nested stack has the place of its template. */
    public static String locationKey(Mapping properties) {
        return properties.value("Location").isPresent() ? "Location" : "TemplateURL";
    }

    /** The template that the properties of a nested stack name, unless it is in AWS. */
    public Optional<Path> template(Mapping properties) {
        String location = text(properties.entries().get(locationKey(properties))).replaceFirst("^file://", "");
        boolean isElsewhere = location.isEmpty() || location.contains("://") || location.contains("{{resolve:");
        return isElsewhere ? Optional.empty() : Optional.of(folder.resolve(location).normalize());
    }

    /** What this stack tells the one that nests it, if all of it can be known. */
    private Optional<String> output(String name) {
        Mapping all = asMapping(root.entries().get("Outputs"));
        return outputs.computeIfAbsent(name, key ->
                problems.tried(() -> outputOf(asMapping(all.entries().get(key)))));
    }

    private String outputOf(Mapping output) {
        Value written = output.entries().get("Value");
        if (written == null || isLeftOut(output)) return null;
        Value value = resolve(written);
        boolean isKnown = value instanceof Scalar && value != NO_VALUE && text(value).length() <= LONGEST_OUTPUT
                && !VARIABLE.matcher(text(value)).find();
        return isKnown ? text(value) : null;
    }

    private Value findInMap(Value argument) {
        List<Value> parts = items(argument);
        if (parts.size() < 3 || parts.size() > 4) {
            throw Fault.project("`Fn::FindInMap` takes the names of a map and of two keys", argument.place());
        }
        List<String> names = parts.subList(0, 3).stream().map(this::resolve).map(Intrinsics::text).toList();
        Value map = root.mapping("Mappings").entries().get(names.get(0));
        if (map != null && !isTwoLevel(map)) {
            throw Fault.project("`" + names.get(0) + "` is used by `Fn::FindInMap`, but is not a map of maps",
                    map.place());
        }
        Value found = asMapping(asMapping(map).entries().get(names.get(1))).entries().get(names.get(2));
        if (found != null) return resolve(found);
        return parts.size() < 4 ? null : asMapping(parts.get(3)).value("DefaultValue").map(this::resolve)
                .orElse(null);
    }

    private static boolean isTwoLevel(Value map) {
        return map instanceof Mapping mapping && mapping.entries().values().stream()
                .allMatch(Mapping.class::isInstance);
    }

    private Value join(Value argument) {
        List<Value> parts = items(argument);
        if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Sequence list)) return null;
        if (list.items().stream().anyMatch(item -> !(item instanceof Scalar))) return null;
        String delimiter = text(resolve(parts.get(0)));
        return Scalar.ofText(list.items().stream().map(Intrinsics::text).collect(Collectors.joining(delimiter)),
                argument.place());
    }

    private Value select(Value argument) {
        List<Value> parts = items(argument);
        if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Sequence list)) return null;
        String index = text(resolve(parts.get(0)));
        boolean isInside = index.matches("\\d{1,6}") && Integer.parseInt(index) < list.items().size();
        return isInside ? list.items().get(Integer.parseInt(index)) : null;
    }

    private Value split(Value argument) {
        List<Value> parts = items(argument);
        if (parts.size() != 2 || !(resolve(parts.get(1)) instanceof Scalar text)) return null;
        String delimiter = text(resolve(parts.get(0)));
        if (delimiter.isEmpty()) return null;
        Stream<Value> pieces = Arrays.stream(text.text().split(Pattern.quote(delimiter), -1))
                .map(piece -> Scalar.ofText(piece, text.place()));
        return new Sequence(pieces.toList(), text.place());
    }

    private Value base64(Value argument) {
        if (!(resolve(argument) instanceof Scalar text)) return null;
        return Scalar.ofText(Base64.getEncoder().encodeToString(text(text).getBytes(UTF_8)), text.place());
    }

    /** As many blocks as asked for, each with that many bits for hosts, from the beginning of a block. */
    private Value cidr(Value argument) {
        List<String> parts = items(argument).stream().map(this::resolve).map(Intrinsics::text).toList();
        if (parts.size() < 2 || !parts.get(0).matches("[0-9a-fA-F.:]+/\\d{1,3}") || !parts.get(1)
                .matches("\\d{1,3}")) {
            return null;
        }
        boolean isShort = parts.get(0).contains(":");
        int bits = parts.size() > 2 && parts.get(2).matches("\\d{1,3}") ? Integer.parseInt(parts.get(2)) : isShort
                ? 64 : 8;
        try {
            byte[] start = InetAddress.getByName(parts.get(0).replaceFirst("/.*", "")).getAddress();
            List<Value> blocks = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(parts.get(1)); i++) blocks.add(Scalar.ofText(block(start, i,
                    bits), argument.place()));
            return new Sequence(blocks, argument.place());
        } catch (UnknownHostException e) {
            return null;
        }
    }

    private static String block(byte[] start, int index, int bits) throws UnknownHostException {
        BigInteger address = new BigInteger(1, start).add(BigInteger.valueOf(index).shiftLeft(bits));
        byte[] bytes = new byte[start.length];
        byte[] value = address.toByteArray();
        for (int i = 0; i < Math.min(bytes.length,
                value.length); i++) bytes[bytes.length - 1 - i] = value[value.length - 1 - i];
        return InetAddress.getByAddress(bytes).getHostAddress() + "/" + (start.length * 8 - bits);
    }

    private Value getAZs(Value argument) {
        if (!(resolve(argument) instanceof Scalar scalar)) return null;
        String region = scalar.text().isEmpty() ? site.aws().region() : scalar.text();
        Stream<Value> zones = ZONES.getOrDefault(region, "abc").chars()
                .mapToObj(letter -> Scalar.ofText(region + (char) letter, scalar.place()));
        return new Sequence(zones.toList(), scalar.place());
    }

    private Value length(Value argument) {
        if (!(resolve(argument) instanceof Sequence list)) return null;
        return new Scalar((long) list.items().size(), String.valueOf(list.items().size()), argument.place());
    }

    private Value toJsonString(Value argument) {
        return Scalar.ofText(Json.write(resolve(argument).plain()), argument.place());
    }

    /** {@code AWS::Include} of a local file; other macros run in AWS only. */
    private Value transform(Value argument) {
        Mapping call = asMapping(resolve(argument));
        String location = asMapping(call.entries().get("Parameters")).entries()
                .get("Location") instanceof Scalar scalar
                ? scalar.text() : "";
        boolean isLocal = text(call.entries().get("Name")).equals("AWS::Include") && !location.isEmpty()
                && !location.contains("://");
        if (!isLocal || !Files.isRegularFile(folder.resolve(location))) {
            problems.warn("`Fn::Transform` is left out: "
                    + (isLocal ? "no file `" + location + "`" : "only AWS can run it"),
                    argument.place(), null);
            return null;
        }
        return include(folder.resolve(location).normalize(), argument.place());
    }

    private Value include(Path file, Place place) {
        if (includeDepth == DEEPEST_INCLUDE) throw Fault.project("files include each other without end", place);
        included.add(file);
        includeDepth++;
        try {
            Mapping document = Template.read(file).root();
            noteDangling(document);
            return resolve(document);
        } finally {
            includeDepth--;
        }
    }

    private Value ifThenElse(Value argument) {
        List<Value> parts = items(argument);
        if (parts.size() != 3) {
            problems.warn("`Fn::If` takes a condition and two values, it is left as it is", argument.place(), null);
            return null;
        }
        Boolean holds = holds(text(parts.get(0)));
        return holds == null ? null : resolve(parts.get(holds ? 1 : 2));
    }

    /** Whether a condition of the Conditions section holds, or null if there is none of that name. */
    public Boolean holds(String name) {
        if (conditions.containsKey(name)) return conditions.get(name);
        conditions.put(name, null);
        Value condition = root.mapping("Conditions").entries().get(name);
        Boolean holds = condition == null ? null : evaluate(condition);
        conditions.put(name, holds);
        return holds;
    }

    private Boolean evaluate(Value condition) {
        Map.Entry<String, Value> single = asMapping(condition).singleEntry().orElse(null);
        if (single != null && single.getKey().equals("Condition")) return holds(text(single.getValue()));
        String result = text(resolve(condition));
        return result.equals("true") ? Boolean.TRUE : result.equals("false") ? Boolean.FALSE : null;
    }

    /** CloudFormation compares text: 5 and '5' are equal, and so are true and 'true'. */
    private Value equalTo(Value argument) {
        List<Value> parts = items(argument).stream().map(this::resolve).toList();
        if (parts.size() != 2) return null;
        boolean areTexts = parts.get(0) instanceof Scalar && parts.get(1) instanceof Scalar;
        boolean areEqual = areTexts ? text(parts.get(0)).equals(text(parts.get(1)))
                : parts.get(0).plain().equals(parts.get(1).plain());
        return truth(areEqual, argument);
    }

    private Value and(Value argument) {
        List<Boolean> all = items(argument).stream().map(this::evaluate)
                .collect(Collectors.toCollection(ArrayList::new));
        if (all.contains(false)) return truth(false, argument);
        return all.contains(null) || all.isEmpty() ? null : truth(true, argument);
    }

    private Value or(Value argument) {
        List<Boolean> all = items(argument).stream().map(this::evaluate)
                .collect(Collectors.toCollection(ArrayList::new));
        if (all.contains(true)) return truth(true, argument);
        return all.contains(null) || all.isEmpty() ? null : truth(false, argument);
    }

    private Value not(Value argument) {
        List<Value> parts = items(argument);
        Boolean value = parts.size() == 1 ? evaluate(parts.get(0)) : null;
        return value == null ? null : truth(!value, argument);
    }

    private static Scalar truth(boolean value, Value argument) {
        return new Scalar(value, String.valueOf(value), argument.place());
    }

    private static List<Value> items(Value value) {
        return value instanceof Sequence sequence ? sequence.items() : List.of();
    }

    /** A scalar as CloudFormation passes it on: as written, booleans in lower case; nothing for lists and maps. */
    public static String text(Value value) {
        if (!(value instanceof Scalar scalar) || scalar.plain() == null) return "";
        return scalar.plain() instanceof Boolean ? scalar.plain().toString() : scalar.text();
    }

    /** Writes out {@code Fn::ForEach} (CloudFormation User Guide, "Fn::ForEach"). */
    private final class Loops {
        Value expand(Value value, Map<String, String> bound) {
            if (value instanceof Scalar scalar) return bound.isEmpty() ? scalar : expand(scalar, bound);
            if (value instanceof Sequence list) {
                return new Sequence(list.items().stream().map(item -> expand(item, bound)).toList(), list.place());
            }
            Mapping mapping = (Mapping) value;
            String name = mapping.singleEntry().filter(entry -> entry.getKey().equals("Ref"))
                    .map(entry -> text(entry.getValue())).orElse(null);
            if (name != null && bound.containsKey(name)) return Scalar.ofText(bound.get(name), mapping.place());
            return expandEntries(mapping, bound);
        }

        private Scalar expand(Scalar scalar, Map<String, String> bound) {
            String text = expand(scalar.text(), bound);
            return text.equals(scalar.text()) ? scalar : Scalar.ofText(text, scalar.place());
        }

        private String expand(String text, Map<String, String> bound) {
            String result = text;
            for (Map.Entry<String, String> entry : bound.entrySet()) {
                result = result.replace("${" + entry.getKey() + "}", entry.getValue())
                        .replace("&{" + entry.getKey() + "}", entry.getValue().replaceAll("[^A-Za-z0-9]", ""));
            }
            return result;
        }

        private Mapping expandEntries(Mapping mapping, Map<String, String> bound) {
            Map<String, Value> entries = new LinkedHashMap<>();
            Map<String, Place> keys = new LinkedHashMap<>();
            mapping.entries().forEach((key, value) -> {
                Place place = mapping.keys().get(key);
                Mapping expanded = key.startsWith("Fn::ForEach::") ? loop(key, value, place, bound)
                        : Mapping.of(expand(key, bound), expand(value, bound), place);
                expanded.entries().forEach((name, item) -> {
                    if (entries.put(name, item) != null) {
                        throw Fault.project("key `" + name + "` is made twice", place);
                    }
                    keys.put(name, place);
                });
            });
            return new Mapping(entries, keys, mapping.place());
        }

        private Mapping loop(String key, Value argument, Place place, Map<String, String> bound) {
            List<Value> parts = items(argument);
            boolean isWellFormed = parts.size() == 3 && parts.get(0) instanceof Scalar
                    && parts.get(2) instanceof Mapping;
            if (!isWellFormed) throw Fault.project("`" + key + "` takes a name, a list and a map", place);
            if (!(resolve(expand(parts.get(1), bound)) instanceof Sequence list)) {
                throw Fault.project("the list of `" + key + "` is not known before it is deployed",
                        parts.get(1).place(), missingIn(parts.get(1)).map(Intrinsics::adviceFor).orElse(null));
            }
            Map<String, Value> entries = new LinkedHashMap<>();
            Map<String, Place> keys = new LinkedHashMap<>();
            for (Value item : list.items()) {
                Map<String, String> inner = new LinkedHashMap<>(bound);
                inner.put(text(parts.get(0)), text(item));
                Mapping body = expandEntries((Mapping) parts.get(2), inner);
                body.entries().forEach((name, value) -> {
                    if (entries.put(name, value) != null) {
                        throw Fault.project("key `" + name + "` is made twice", place);
                    }
                });
                keys.putAll(body.keys());
            }
            return new Mapping(entries, keys, argument.place());
        }
    }
}
