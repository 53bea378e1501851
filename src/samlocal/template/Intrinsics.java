package samlocal.template;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Place;
import samlocal.files.LocalFiles;

/**
 * Replaces the intrinsic functions of one template with their values. A value that only a deployment would give is the
 * one that {@code sam local} uses; a function whose value is unknown remains unresolved.
 */
public final class Intrinsics {
    /** The value of {@code AWS::NoValue}: entries with it are removed. */
    static final Scalar NO_VALUE = new Scalar(null, "", null);
    private static final int DEEPEST_INCLUDE = 8;
    private static final Set<String> LAYERS = Set.of("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion");
    private static final Set<String> FUNCTION_TYPES = Set.of("AWS::Serverless::Function", "AWS::Lambda::Function");
    private static final Set<String> QUALIFIERS = Set.of("AWS::Lambda::Alias", "AWS::Lambda::Version");
    private static final Pattern SERVED = Pattern.compile("AWS::(Serverless|Lambda|ApiGateway(V2)?)::");
    private static final String OUTPUTS = "Outputs.";
    private static final int LONGEST_OUTPUT = 1 << 16;

    private final Site site;
    private final Problems problems;
    private final boolean extended;
    private final Mapping root;
    private final Mapping resources;
    private final Map<String, String> pseudoParameters;
    private final TemplateParameters parameters;
    private final NestedStacks nested;
    private final References references;
    private final GeneratedResources generated = new GeneratedResources(this);
    private final Map<String, Optional<Boolean>> conditions = new HashMap<>();
    private final Map<String, Optional<String>> outputs = new HashMap<>();
    private final Set<Path> included;
    private final Set<String> naming = new HashSet<>();
    private int includeDepth;

    /** Reads a template and prepares it for resolving. */
    public static Intrinsics of(Site site, Problems problems) {
        Template template = Template.read(site.file());
        template.warnings().forEach(problems::warn);
        return of(template, site, problems);
    }

    /** Prepares a template for resolving; invalid parameter values are reported. */
    public static Intrinsics of(Template template, Site site, Problems problems) {
        Intrinsics first = new Intrinsics(template.root(), site, problems, Set.of());
        Intrinsics written = new Intrinsics(ResourceMetadata.applied(new Includes(first).expand()), site,
                problems, first.included);
        written.parameters.names().forEach(name -> problems.attempt(() -> written.parameters.check(name)));
        if (!written.extended) return written;
        Mapping expanded = (Mapping) new ForEach(written).expand(written.root, Map.of());
        return new Intrinsics(expanded, site, problems, written.included);
    }

    private Intrinsics(Mapping root, Site site, Problems problems, Set<Path> included) {
        this.site = site;
        this.problems = problems;
        this.extended = transforms(root).anyMatch(each -> Value.text(each).equals("AWS::LanguageExtensions"));
        this.root = root;
        this.resources = root.mapping("Resources");
        this.pseudoParameters = site.aws().pseudoParameters();
        this.parameters = new TemplateParameters(root.mapping("Parameters"), site);
        this.nested = new NestedStacks(this);
        this.included = new LinkedHashSet<>(included);
        this.references = new References(root, pseudoParameters.keySet(), problems);
    }

    /** The names of the transforms that AWS applies to the whole template. */
    public static Stream<Value> transforms(Mapping root) {
        Stream<Value> all = root.value("Transform").stream()
                .flatMap(value -> value instanceof Sequence list ? list.items().stream() : Stream.of(value));
        return all.map(each -> each instanceof Mapping map ? map.value("Name").orElse(each) : each);
    }

    /** The template's location and context. */
    public Site site() {
        return site;
    }

    Problems problems() {
        return problems;
    }

    /** The unresolved template, with its loops expanded. */
    public Mapping root() {
        return root;
    }

    /** Whether names and paths may be intrinsic functions, which AWS then resolves before SAM sees them. */
    public boolean isExtended() {
        return extended;
    }

    /** The names of the template's parameters. */
    public Set<String> parameters() {
        return parameters.names();
    }

    /** The included files. */
    public Set<Path> included() {
        return included;
    }

    /** Whether a text is the name of a parameter without a value, which is used in place of the value. */
    public boolean hasNoValue(String text) {
        return parameters.isMissing(text);
    }

    /** Warns of parameters that are used and have no value, with the lines that use them. */
    public void warnOfMissingValues() {
        parameters.warnOfMissingValues(problems);
    }

    /** Reports references to names that do not exist. */
    public void noteDangling() {
        references.check();
    }

    /** The nested stack of a resource; empty if its template is not a local file. */
    public Optional<Intrinsics> nested(String id) {
        return nested.get(id);
    }

    /** The whole template with all known values. */
    public Mapping resolveAll() {
        return resolveEntries(root);
    }

    /** A part of the template with all known values. */
    public Value resolve(Value value) {
        if (value instanceof Sequence sequence) {
            return new Sequence(sequence.items().stream().map(this::resolve).filter(item -> !item.equals(NO_VALUE))
                    .toList(), sequence.place());
        }
        if (!(value instanceof Mapping mapping)) return value;
        Map.Entry<String, Value> single = mapping.singleEntry().orElse(null);
        var function = single == null ? null : IntrinsicFunctions.named(single.getKey(), extended);
        if (function == null) return resolveEntries(mapping);
        Value result = function.apply(this, single.getValue());
        return result != null ? result : mapping.with(Map.of(single.getKey(), resolve(single.getValue())));
    }

    /** Whether a value is an intrinsic function that could not be resolved. */
    public static boolean isUnknown(Value value) {
        return value instanceof Mapping mapping && mapping.singleEntry()
                .filter(entry -> entry.getKey().equals("Ref") || entry.getKey().startsWith("Fn::")).isPresent();
    }

    private Mapping resolveEntries(Mapping mapping) {
        Map<String, Value> entries = new LinkedHashMap<>();
        mapping.entries().forEach((key, value) -> {
            Value resolved = key.equals("Fn::Transform") ? transform(value) : resolve(value);
            if (key.equals("Fn::Transform") && resolved instanceof Mapping snippet) entries.putAll(snippet.entries());
            else if (!NO_VALUE.equals(resolved)) entries.put(key, resolved == null ? value : resolved);
        });
        return mapping.with(entries);
    }

    /**
     * The value of a parameter or pseudo parameter, else the {@code Ref} of the resource with that id: its value in
     * {@link ResourceValues}, its FunctionName, or its logical id. A layer's has the ids of its stacks as a prefix, so
     * that other stacks can use it.
     */
    Value reference(String name, Place place) {
        if (name.equals("AWS::NoValue")) return NO_VALUE;
        if (name.equals("AWS::NotificationARNs")) return new Sequence(List.of(), place);
        if (parameters.names().contains(name)) return parameters.value(name, place);
        if (pseudoParameters.containsKey(name)) return Scalar.ofText(pseudoParameters.get(name), place);
        return Scalar.ofText(qualifies(name).map(site.aws()::functionArn).or(() -> known(name, "Ref"))
                .or(() -> generated.find(name))
                .orElseGet(() -> LAYERS.contains(typeOf(name)) ? site.prefix() + name
                        : isFunction(name) ? namedFunction(name).orElse(name) : name), place);
    }

    /** The value of an attribute, or null if only AWS knows it. */
    Value attribute(String id, String attribute, Place place) {
        if (attribute.startsWith(OUTPUTS)) {
            return nested(id).flatMap(stack -> stack.output(attribute.substring(OUTPUTS.length())))
                    .map(text -> Scalar.ofText(text, place)).orElse(null);
        }
        Optional<String> known = known(id, attribute).or(() -> generated.find(id + "." + attribute));
        if (known.isPresent()) return Scalar.ofText(known.get(), place);
        return switch (attribute) {
            case "RootResourceId" -> Scalar.ofText("/", place);
            case "Arn" -> Scalar.ofText(site.aws().functionArn(qualifies(id).orElseGet(() -> functionName(id))), place);
            default -> null;
        };
    }

    /** A value of a resource that samlocal does not run. */
    private Optional<String> known(String id, String attribute) {
        return ResourceValues.find(typeOf(id), attribute, id, name -> property(id, name), site.aws());
    }

    private boolean isFunction(String id) {
        return FUNCTION_TYPES.contains(typeOf(id));
    }

    String typeOf(String id) {
        return resources.map(id).string("Type");
    }

    /**
     * The qualified name ({@code function:qualifier}) of an alias or version, by its id in the template or the id that
     * SAM generates.
     */
    private Optional<String> qualifies(String name) {
        if (QUALIFIERS.contains(typeOf(name))) {
            String qualifier = property(name, "Name").orElse(GeneratedResources.FIRST_VERSION);
            return namedFunction(name).map(named -> named.replaceFirst("^arn:.*:function:", ""))
                    .map(named -> resources.entries().containsKey(named) ? site.prefix() + named : named)
                    .map(named -> named + ":" + qualifier);
        }
        if (resources.entries().containsKey(name)) return Optional.empty();
        return resources.entries().keySet().stream().filter(id -> typeOf(id).equals("AWS::Serverless::Function"))
                .filter(id -> name.startsWith(id + "Alias") || name.startsWith(id + "Version")).findFirst()
                .map(id -> functionName(id) + ":" + (name.startsWith(id + "Version") ? GeneratedResources.FIRST_VERSION
                        : name.substring((id + "Alias").length())));
    }

    /** The FunctionName of a function, else its logical id with those of its stacks. */
    String functionName(String id) {
        return namedFunction(id).orElseGet(() -> isFunction(id) ? site.prefix() + id : id);
    }

    private Optional<String> namedFunction(String id) {
        return property(id, "FunctionName");
    }

    /** The text of a property of a resource; empty if it is unknown or depends on itself. */
    Optional<String> property(String id, String property) {
        Value written = resources.map(id).map("Properties").get(property);
        if (written == null || !naming.add(id)) return Optional.empty();
        try {
            return Optional.of(Value.text(resolve(written))).filter(known -> !known.isEmpty());
        } finally {
            naming.remove(id);
        }
    }

    /** The value of an output of this stack, if it is completely known. */
    private Optional<String> output(String name) {
        Mapping output = root.map("Outputs").map(name);
        return outputs.computeIfAbsent(name, key -> problems.tried(() -> outputOf(output)));
    }

    private String outputOf(Mapping output) {
        if (output.get("Value") == null || isLeftOut(output)) return null;
        Value value = resolve(output.get("Value"));
        String text = Value.text(value);
        boolean isKnown = value instanceof Scalar && !value.equals(NO_VALUE) && text.length() <= LONGEST_OUTPUT
                && !IntrinsicFunctions.VARIABLE.matcher(text).find();
        return isKnown ? text : null;
    }

    /** A parameter without a value that an unresolved part of the template depends on. */
    public Optional<String> missingIn(Value written) {
        if (written instanceof Sequence sequence) {
            return sequence.items().stream().flatMap(item -> missingIn(item).stream()).findFirst();
        }
        if (!(written instanceof Mapping mapping)) return Optional.empty();
        String name = mapping.entries().size() == 1 ? mapping.string("Ref") : "";
        if (parameters.names().contains(name)) return Optional.of(name).filter(parameters::isMissing);
        return mapping.entries().values().stream().flatMap(item -> missingIn(item).stream()).findFirst();
    }

    /** A reference in a value that is replaced with a placeholder: the {@code Ref} or ARN of an unknown type. */
    public Optional<String> guessIn(Value written) {
        if (written instanceof Sequence sequence) {
            return sequence.items().stream().flatMap(item -> guessIn(item).stream()).findFirst();
        }
        if (!(written instanceof Mapping mapping)) return Optional.empty();
        return Stream.concat(IntrinsicFunctions.references(mapping).filter(this::isGuess),
                mapping.entries().values().stream().flatMap(item -> guessIn(item).stream())).findFirst();
    }

    private boolean isGuess(String reference) {
        String id = reference.replaceFirst("\\.Arn$", "");
        boolean isServed = SERVED.matcher(typeOf(id)).lookingAt();
        return !typeOf(id).isEmpty() && !isServed && known(id, id.equals(reference) ? "Ref" : "Arn").isEmpty();
    }

    /** Resolves {@code AWS::Include} of a local file; other macros run only in AWS. */
    Value transform(Value argument) {
        Mapping document = snippet(argument);
        if (document == null) return null;
        if (includeDepth == DEEPEST_INCLUDE) {
            throw Fault.project("the included files include each other", argument.place());
        }
        includeDepth++;
        try {
            references.check(document);
            return resolve(document);
        } finally {
            includeDepth--;
        }
    }

    /** The unresolved document that {@code AWS::Include} names; null, with a warning, if it is not a local file. */
    Mapping snippet(Value argument) {
        Mapping call = Mapping.orEmpty(resolve(argument));
        String location = call.map("Parameters").string("Location");
        Optional<Path> file = call.string("Name").equals("AWS::Include")
                ? LocalFiles.find(site.folder(), location, argument.place()) : Optional.empty();
        if (file.filter(Files::isRegularFile).isPresent()) {
            included.add(file.get());
            return Template.read(file.get()).root();
        }
        problems.warn("`Fn::Transform` is ignored: "
                + (file.isPresent() ? "no file `" + location + "`" : "only AWS can run it"), argument.place(), null);
        return null;
    }

    /** The value of a condition in the Conditions section, or null if it is unknown. */
    public Boolean holds(String name) {
        if (!conditions.containsKey(name)) {
            conditions.put(name, Optional.empty());
            Value condition = root.mapping("Conditions").get(name);
            conditions.put(name, Optional.ofNullable(condition).map(this::evaluate));
        }
        return conditions.get(name).orElse(null);
    }

    /** The value of an unresolved condition, or null if it is unknown. */
    Boolean evaluate(Value condition) {
        Mapping mapping = Mapping.orEmpty(condition);
        if (mapping.singleEntry().isPresent() && mapping.get("Condition") != null) {
            return holds(mapping.string("Condition"));
        }
        String result = Value.text(resolve(condition));
        return result.equals("true") ? Boolean.TRUE : result.equals("false") ? Boolean.FALSE : null;
    }

    /** Whether the condition of a resource or output is false. */
    boolean isLeftOut(Mapping attributes) {
        return attributes.get("Condition") instanceof Scalar name && Boolean.FALSE.equals(holds(Value.text(name)));
    }
}
