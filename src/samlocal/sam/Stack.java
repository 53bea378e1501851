package samlocal.sam;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Fault;
import samlocal.base.Json;
import samlocal.base.Nearest;
import samlocal.base.Place;
import samlocal.files.LocalFiles;
import samlocal.files.Modules;
import samlocal.template.AwsEnvironment;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.NestedStacks;
import samlocal.template.Problems;
import samlocal.template.Scalar;
import samlocal.template.Site;
import samlocal.template.Value;

/** One template: its resources with Globals merged and references resolved. */
final class Stack {
    /** A resource whose condition is not false: with Globals merged, as written and resolved. */
    record Resource(String id, String type, Mapping attributes, Mapping written, Mapping properties, Place place) {
        boolean is(String... types) {
            return List.of(types).contains(type);
        }

        @Override public String toString() {
            return "`" + id + "`";
        }
    }

    /**
     * What the stacks of a project share.
     *
     * @param functions in the order of their stacks
     * @param layers by id, empty if the content is not local
     * @param named ids of the layers that functions name
     * @param given what stands for layers that are not here, by their ARNs, names or ids
     */
    private record Common(List<FunctionDefinition> functions, Map<String, Optional<Layer>> layers,
            Set<String> named, Map<String, Path> given) {
    }

    static final String FUNCTION = "AWS::Serverless::Function";
    private static final String PLAIN_FUNCTION = "AWS::Lambda::Function";
    /** Types that are APIs or invoke functions on AWS, but are not supported. */
    private static final String[] UNSERVED = {"AWS::Serverless::WebSocketApi", "AWS::Serverless::GraphQLApi",
        "AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine", "AWS::AppSync::GraphQLApi"};
    /** With its name and version, and its name alone, as groups. */
    private static final Pattern LAYER_ARN = Pattern.compile("arn:[^:]*:lambda:[^:]*:[^:]*:layer:(([^:]+)(?::\\d+)?)");
    private static final Pattern FUNCTION_ADDRESS = Pattern.compile(
            "(?s)(?:.*:function:|.*/functions/)?(.+?)(?::.*)?(?:/(?:response-streaming-)?invocations.*)?");
    private final Site site;
    private final Path folder;
    private final Problems problems;
    private final Intrinsics intrinsics;
    private final Globals globals;
    private final Common common;
    private final Map<String, Resource> resources = new LinkedHashMap<>();
    private final Map<String, FunctionDefinition> functions = new LinkedHashMap<>();
    private final Map<String, Layer> layers = new LinkedHashMap<>();
    private final Set<Path> files = new LinkedHashSet<>();

    /** Opens a template; all problems found in it now or later go to {@code problems}. */
    static Stack of(Site site, Map<String, Path> layers, Problems problems) {
        return new Stack(Intrinsics.of(site, problems), problems,
                new Common(new ArrayList<>(), new HashMap<>(), new HashSet<>(), layers));
    }

    private Stack(Intrinsics intrinsics, Problems problems, Common common) {
        this.site = intrinsics.site();
        this.folder = site.folder();
        this.problems = problems;
        this.intrinsics = intrinsics;
        this.globals = new Globals(intrinsics.root(), problems);
        this.common = common;
    }

    /** Reads the resources and layers. */
    Stack read() {
        files.add(site.file());
        Mapping written = intrinsics.root().mapping("Resources");
        Schema.sections(intrinsics.root(), problems);
        if (written.entries().isEmpty()) throw Schema.withoutResources(intrinsics.root());
        written.entries().forEach((id, value) -> problems.attempt(() -> add(id, value, written.keys().get(id))));
        resources.values().stream().filter(resource -> resource.type().startsWith(Schema.SAM)).findFirst()
                .ifPresent(this::requireTransform);
        each(this::warnOfUnserved, UNSERVED);
        each(this::layer, "AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion");
        each(resource -> Value.items(resource.properties().get("Layers")).stream().map(Value::text)
                .forEach(common.named()::add), FUNCTION, PLAIN_FUNCTION);
        return this;
    }

    /** Reads the functions. The layers of all stacks must have been read before. */
    void readFunctions() {
        boolean namesLayers = resources.values().stream().anyMatch(resource ->
                resource.is(FUNCTION, PLAIN_FUNCTION) && resource.properties().value("Layers").isPresent());
        each(resource -> problems.about(qualified(resource.id()), () -> function(resource, namesLayers)),
                FUNCTION, PLAIN_FUNCTION);
        if (!namesLayers && !functions.isEmpty()) unnamed().forEach(this::warnOfUnnamed);
        intrinsics.warnOfMissingValues();
        intrinsics.noteDangling();
    }

    private void warnOfUnserved(Resource resource) {
        problems.about(qualified(resource.id()), () -> problems.warn(resource
                + " is skipped: samlocal does not run " + resource.type(), resource.place(), null));
    }

    private void requireTransform(Resource first) {
        List<Value> transforms = Intrinsics.transforms(intrinsics.root()).toList();
        Set<String> known = Set.of(Schema.TRANSFORM);
        if (transforms.stream().map(Value::text).anyMatch(known::contains)) return;
        Optional<Value> near = transforms.stream()
                .filter(each -> Nearest.to(Value.text(each), known).isPresent()).findFirst();
        problems.omit("AWS does not deploy `" + first.type() + "` without `Transform: " + Schema.TRANSFORM + "`",
                near.orElse(first.attributes().get("Type")).place(),
                near.map(each -> Nearest.hint(Schema.TRANSFORM)).orElse(null));
    }

    Intrinsics intrinsics() {
        return intrinsics;
    }

    Globals globals() {
        return globals;
    }

    Problems problems() {
        return problems;
    }

    Collection<FunctionDefinition> functions() {
        return functions.values();
    }

    Collection<Layer> layers() {
        return layers.values();
    }

    /** The template and the files that it includes. */
    Set<Path> files() {
        files.addAll(intrinsics.included());
        return files;
    }

    private void add(String id, Value value, Place place) {
        if (!(value instanceof Mapping attributes)) {
            throw Fault.project("resource `" + id + "` must be a map", value.place(), id.startsWith("Fn::ForEach::")
                    ? "`Fn::ForEach` needs `Transform: AWS::LanguageExtensions`" : "check its indentation");
        }
        Value condition = attributes.value("Condition").orElse(null);
        if (condition != null && !(condition instanceof Scalar)) {
            throw Fault.project("the `Condition` of resource `" + id + "` must be a string", condition.place());
        }
        if (condition != null && Boolean.FALSE.equals(intrinsics.holds(Value.text(condition)))) return;
        Schema schema = new Schema(id, problems);
        Schema.requireAlphanumeric(id, place, problems);
        add(schema, schema.attributes(attributes, place), place);
    }

    private void add(Schema schema, Mapping attributes, Place place) {
        Value properties = attributes.value("Properties").orElse(null);
        if (properties != null && !(properties instanceof Mapping)) {
            throw Fault.project("`Properties` of resource `" + schema.id() + "` must be a map", properties.place());
        }
        String type = attributes.string("Type");
        Mapping whole = schema.named(type, attributes);
        Mapping written = globals.merge(schema.id(), type, whole);
        Mapping known = intrinsics.resolve(written) instanceof Mapping mapping ? mapping : Mapping.empty(place);
        Predicate<String> hasValue = key -> intrinsics.missingIn(written.get(key)).isEmpty();
        Mapping typed = schema.typed(type, known, hasValue);
        Resource resource = new Resource(schema.id(), type, whole, written, typed, place);
        if (resource.is(FUNCTION, PLAIN_FUNCTION)) schema.refuse(typed, hasValue);
        resources.put(schema.id(), resource);
    }

    /** The resources by logical id. */
    Map<String, Resource> resources() {
        return resources;
    }

    /** Reads each resource of the given types; a fault in one does not prevent reading the next. */
    void each(Consumer<Resource> read, String... types) {
        resources.values().stream().filter(resource -> resource.is(types))
                .forEach(resource -> problems.attempt(() -> read.accept(resource)));
    }

    /** An id of this stack as it appears in messages and routes. */
    String qualified(String id) {
        return site.prefix() + id;
    }

    AwsEnvironment aws() {
        return site.aws();
    }

    /** The folder that relative paths start from. */
    Path folder() {
        return folder;
    }

    /** Records a file that the template depends on. */
    Path dependsOn(Path file) {
        files.add(file);
        return file;
    }

    /**
     * The function that a name, an ARN or an invocation URI refers to, in this stack or else in another.
     *
     * @param place the place of the address, for a warning if it is ambiguous
     */
    Optional<FunctionDefinition> functionNamed(String address, Place place) {
        String name = functionName(address);
        if (functions.containsKey(name)) return Optional.of(functions.get(name));
        List<FunctionDefinition> own = FunctionDefinition.named(name, functions.values());
        List<FunctionDefinition> named = own.isEmpty() ? FunctionDefinition.named(name, common.functions()) : own;
        FunctionDefinition.ambiguity(name, named, place).ifPresent(problems::warn);
        return named.stream().findFirst();
    }

    /** The function name in an ARN or invocation URI. */
    static String functionName(String address) {
        Matcher parts = FUNCTION_ADDRESS.matcher(address);
        return parts.matches() ? parts.group(1) : address;
    }

    private void layer(Resource resource) {
        String id = qualified(resource.id());
        common.layers().put(id, Optional.empty());
        Value content = resource.properties().value("ContentUri").or(() -> resource.properties().value("Content"))
                .orElse(null);
        if (content != null && isRemote(content)) {
            problems.warn("layer " + resource + " is skipped: its content is in S3", content.place(), null);
            return;
        }
        String key = resource.is("AWS::Lambda::LayerVersion") ? "Content" : "ContentUri";
        Path found = located(key, content, "", resource);
        if (found == null) return;
        Layer layer = new Layer(id, found);
        layers.put(resource.id(), layer);
        common.layers().put(id, Optional.of(layer));
    }

    /** Whether code or a layer is not a local file. */
    boolean isRemote(Value location) {
        return location instanceof Mapping || !Value.text(location).isEmpty() && file(location).isEmpty();
    }

    /** The local file that a value names; empty if it is in AWS. */
    Optional<Path> file(Value location) {
        return LocalFiles.find(folder, Value.text(location), location.place());
    }

    /** The path of code or a layer, by default the folder of the template. */
    Path path(Value location) {
        return location == null ? folder : file(location).orElse(folder);
    }

    /** The file or folder of a location; null, with an error, if it does not exist. */
    Path existing(String key, Value location, Resource resource) {
        Path found = path(location);
        if (Files.exists(found)) return found;
        addMissing(key, found, location == null ? resource.place() : location.place());
        return null;
    }

    /** The folder or archive with Java code at the path of a property; null, with an error, if there is none. */
    Path located(String key, Value location, String handler, Resource resource) {
        Path found = Modules.locate(path(location), handler);
        if (found == null) addMissing(key, path(location), location == null ? resource.place() : location.place());
        return found;
    }

    /** Reports a missing file, and watches it because it may be created later. */
    private void addMissing(String key, Path path, Place place) {
        files.add(path);
        boolean isBuilt = path.toString().matches(".*\\.(jar|zip)");
        List<String> beside = path.getParent() == null ? List.of() : Modules.children(path.getParent()).stream()
                .map(folder -> folder.getFileName().toString()).toList();
        problems.block("`" + key + "` names `" + Place.display(path) + "`, which does not exist", place,
                isBuilt ? "build it first, or use the folder of the sources"
                : Nearest.hint(path.getFileName().toString(), beside));
    }

    private void function(Resource resource, boolean namesLayers) {
        FunctionDefinition.Layers content = namesLayers ? named(resource)
                : new FunctionDefinition.Layers(unnamed().stream().map(Layer::content).toList(), true);
        FunctionDefinition function = new FunctionReader(this, resource).read(content);
        functions.put(resource.id(), function);
        common.functions().add(function);
    }

    private void warnOfUnnamed(Layer layer) {
        Resource resource = resources.get(layer.id().substring(site.prefix().length()));
        problems.warn("no function uses layer " + resource + ": all functions get it here, none on AWS",
                resource.place(), "add it to `Layers` of the functions that need it");
    }

    /** The layers of this stack that no function names. */
    private List<Layer> unnamed() {
        return layers.values().stream().filter(layer -> !common.named().contains(layer.id())).toList();
    }

    private FunctionDefinition.Layers named(Resource resource) {
        List<Optional<Path>> contents = Value.items(resource.properties().get("Layers")).stream().map(this::content)
                .toList();
        return new FunctionDefinition.Layers(contents.stream().flatMap(Optional::stream).toList(),
                contents.stream().allMatch(Optional::isPresent));
    }

    /** What is given for a layer beats the template. */
    private Optional<Path> content(Value item) {
        String id = Value.text(item);
        Matcher arn = LAYER_ARN.matcher(id);
        Optional<Path> given = (arn.matches() ? Stream.of(id, arn.group(1), arn.group(2)) : Stream.of(id))
                .map(common.given()::get).filter(Objects::nonNull).findFirst();
        if (given.isPresent()) return given;
        Optional<Path> content = common.layers().getOrDefault(id, Optional.ofNullable(layers.get(id)))
                .map(Layer::content);
        boolean isElsewhere = !common.layers().containsKey(id) && !resources.containsKey(id);
        if (content.isEmpty() && isElsewhere) problems.warn("the content of layer " + (id.isEmpty()
                ? Json.write(item.plain()) : "`" + id + "`") + " is not here: libraries of the scope `provided` (in "
                + "Gradle `compileOnly`) replace it", item.place(), "specify it with `--layer ARN=PATH`: a jar, folder "
                + "or zip");
        return content;
    }

    /** The nested stacks of this one, not yet read; templates in AWS are skipped. */
    List<Stack> nested() {
        List<Stack> stacks = new ArrayList<>();
        each(resource -> nested(resource).ifPresent(stacks::add), "AWS::Serverless::Application",
                "AWS::CloudFormation::Stack");
        return stacks;
    }

    private Optional<Stack> nested(Resource resource) {
        String key = NestedStacks.locationKey(resource.properties());
        Path template = NestedStacks.template(resource.properties(), folder).orElse(null);
        if (template == null) {
            String message = "nested stack " + resource + " is skipped: its template is not a local file";
            problems.warn(message, resource.place(), null);
            return Optional.empty();
        }
        if (!Files.isRegularFile(template)) {
            addMissing(key, template, resource.properties().get(key).place());
        }
        return intrinsics.nested(resource.id()).map(inner -> new Stack(inner, problems, common));
    }
}
