package samlocal.sam;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import samlocal.base.Fault;
import samlocal.base.Nearest;
import samlocal.files.Modules;
import samlocal.template.Intrinsics;
import samlocal.template.Mapping;
import samlocal.template.ResourceMetadata;
import samlocal.template.Scalar;
import samlocal.template.Sequence;
import samlocal.template.TemplateParameters;
import samlocal.template.Value;

/** Reads one function of a stack. */
record FunctionReader(Stack stack, Stack.Resource resource) {
    /** Reads the function and reports its errors. */
    FunctionDefinition read(FunctionDefinition.Layers layers) {
        boolean isImage = properties().string("PackageType").equals("Image")
                || properties().value("ImageUri").or(() -> properties().map("Code").value("ImageUri")).isPresent();
        Image image = isImage ? Image.of(resource.attributes(), properties(), stack) : null;
        String runtime = image != null ? image.runtime() : properties().string("Runtime");
        String handler = image != null ? image.handler() : properties().string("Handler");
        requireWhole(isImage);
        if (!isImage) checkRuntime(runtime);
        Value code = image != null ? image.context() : properties().value(codeKey()).orElse(null);
        Unsupported unsupported = isImage && image == null ? Unsupported.of(Image.NOT_SERVED)
                : unsupported(code, handler, runtime);
        Optional<Path> module = unsupported == null ? module(code, handler, runtime) : Optional.empty();
        Path found = unsupported != null ? stack.folder() : module.orElseGet(() -> code(code, handler, runtime));
        if (found == null) unsupported = new Unsupported(Unsupported.Kind.REPORTED, "has no code");
        else if (unsupported == null) {
            unsupported = Modules.unsupported(handler, found).map(Unsupported::of).orElse(null);
        }
        if (found == null) found = stack.path(code);
        Value named = resource.written().get("Handler");
        return new FunctionDefinition(
                new FunctionDefinition.Identity(stack.aws(), stack.qualified(resource.id()), name(),
                        ResourceMetadata.functionId(resource.id(), resource.attributes())),
                new FunctionDefinition.Code(handler, runtime, found, module.isPresent(), layers,
                        packaging(code, handler)), settings(), Map.of(), qualifiers(), unsupported,
                named == null ? resource.place() : named.place());
    }

    private Mapping properties() {
        return resource.properties();
    }

    private String name() {
        return properties().get("FunctionName") instanceof Scalar scalar ? scalar.text() : resource.id();
    }

    private String codeKey() {
        return resource.is(Stack.FUNCTION) ? "CodeUri" : "Code";
    }

    /** Checks the properties required for its package type (SAM, {@code sam_resources.py}, validate_package_type). */
    private void requireWhole(boolean isImage) {
        if (!resource.is(Stack.FUNCTION)) return;
        boolean isBuilt = resource.attributes().mapping("Metadata").value("DockerContext").isPresent();
        String missing = "function " + resource + " has no ";
        for (String key : isImage ? List.of("Handler", "Runtime", "Layers") : List.<String>of()) {
            properties().value(key).ifPresent(value -> stack.problems().refuse("function " + resource
                    + " is a container image and cannot have `" + key + "`", value.place(), null));
        }
        if (!isImage && lacks("Handler")) stack.problems().error(missing + "`Handler`", resource.place(), null);
        if (!isImage && lacks("Runtime")) stack.problems().refuse(missing + "`Runtime`", resource.place(), null);
        if (isImage && !isBuilt && lacks("ImageUri")) {
            stack.problems().refuse(missing + "`ImageUri`", resource.place(),
                    "`sam build` sets it if `Metadata` has a `DockerContext`");
        }
    }

    private boolean lacks(String key) {
        return properties().string(key).isEmpty() && !Intrinsics.isUnknown(properties().get(key));
    }

    private void checkRuntime(String runtime) {
        boolean isGood = runtime.isEmpty() || FunctionDefinition.isRuntime(runtime)
                || stack.intrinsics().hasNoValue(runtime);
        if (isGood) return;
        stack.problems().refuse("`" + runtime + "` is not a Lambda runtime", properties().get("Runtime").place(),
                FunctionDefinition.isJava(runtime)
                ? "the Java runtimes are " + String.join(", ", FunctionDefinition.JAVA_RUNTIMES)
                : Nearest.hint(runtime, FunctionDefinition.RUNTIMES));
    }

    private Unsupported unsupported(Value code, String handler, String runtime) {
        Mapping location = Mapping.orEmpty(code);
        boolean isLocation = location.value("Bucket").isPresent() && location.value("Key").isPresent()
                || Set.of("ZipFile", "S3Bucket", "ImageUri").stream().anyMatch(location.entries()::containsKey);
        if (code instanceof Sequence || code instanceof Mapping && !isLocation && !Intrinsics.isUnknown(code)) {
            throw Fault.project("the code of " + resource + " must be a path, or a map with a bucket and a key",
                    code.place());
        }
        Unsupported ofRuntime = Unsupported.ofRuntime(runtime);
        if (ofRuntime != null) return ofRuntime;
        RuntimeFamily family = RuntimeFamily.of(runtime).orElseThrow();
        if (inlineCode(code) != null) {
            return family.hasInlineCode() ? null
                    : Unsupported.of("has inline code, which only Python and Node can have");
        }
        if (handler.isEmpty() && family != RuntimeFamily.PROVIDED) return Unsupported.of("has no handler");
        if (code != null && Intrinsics.isUnknown(code)) return Unsupported.of("has code whose location only AWS knows");
        return code != null && stack.isRemote(code) ? Unsupported.of("has its code in S3, not in this project") : null;
    }

    /** The code in the template, or null. */
    private String inlineCode(Value code) {
        return properties().value("InlineCode").or(() -> Mapping.orEmpty(code).value("ZipFile")).map(Value::text)
                .orElse(null);
    }

    private Packaging packaging(Value code, String handler) {
        Mapping metadata = resource.attributes().mapping("Metadata");
        boolean isBundled = metadata.string("BuildMethod").equals("esbuild");
        return new Packaging(inlineCode(code), isBundled ? esbuild(metadata, handler) : null,
                stack.folder().resolve(".aws-sam/build").resolve(resource.id()));
    }

    /** The entry point is by default the handler's file (SAM CLI, {@code bundler.py}). */
    @SuppressWarnings("unchecked")
    private static Map<String, Object> esbuild(Mapping metadata, String handler) {
        Map<String, Object> properties = (Map<String, Object>) metadata.map("BuildProperties").plain();
        int name = handler.lastIndexOf('/') + 1;
        int dot = handler.indexOf('.', name);
        properties.putIfAbsent("EntryPoints", List.of(dot < 0 ? handler : handler.substring(0, dot)));
        return properties;
    }

    private static boolean isJava(String runtime) {
        return RuntimeFamily.of(runtime).filter(RuntimeFamily.JAVA::equals).isPresent();
    }

    /** The module that the code of a CDK app was built from. */
    private Optional<Path> module(Value code, String handler, String runtime) {
        boolean isAsset = isJava(runtime)
                && resource.attributes().mapping("Metadata").value("aws:asset:path").isPresent();
        return isAsset ? Modules.ofAsset(stack.path(code), handler) : Optional.empty();
    }

    /** The folder or archive of the code; null, with an error, if it or a parameter is missing. */
    private Path code(Value code, String handler, String runtime) {
        Path found = inlineCode(code) != null ? stack.folder()
                : isJava(runtime) ? stack.located(codeKey(), code, handler, resource)
                : stack.existing(codeKey(), code, resource);
        for (String key : List.of("Handler", codeKey(), "Runtime")) {
            Value written = resource.written().get(key);
            Optional<String> parameter = stack.intrinsics().missingIn(written);
            if (parameter.isEmpty()) continue;
            found = null;
            stack.problems().block("`" + key + "` of " + resource + " needs a value for parameter `"
                    + parameter.get() + "`", written.place(), TemplateParameters.adviceFor(parameter.get()));
        }
        return found;
    }

    private FunctionDefinition.Settings settings() {
        boolean isInAdvance = Set.of("ProvisionedConcurrencyConfig", "SnapStart").stream().anyMatch(this::isSet);
        return new FunctionDefinition.Settings(number("Timeout", 3), number("MemorySize", 128), environment(),
                logging(), asynchronous(), new FunctionDefinition.Lifecycle(isPerTenant(), isInAdvance),
                eventTypes());
    }

    private boolean isSet(String key) {
        return properties().value(key).filter(value -> !Mapping.orEmpty(value).string("ApplyOn").equals("None"))
                .isPresent();
    }

    /** Lambda Developer Guide, "Tenant isolation"; SAM's SamFunction class has the rules for other properties. */
    private boolean isPerTenant() {
        if (!properties().map("TenancyConfig").string("TenantIsolationMode").equals("PER_TENANT")) return false;
        for (String key : List.of("ProvisionedConcurrencyConfig", "FunctionUrlConfig", "SnapStart")) {
            properties().value(key).ifPresent(value ->
                    refuseForTenants("`" + key + "`", value, "remove one of the two"));
        }
        properties().map("Events").entries().values().stream().filter(Mapping.class::isInstance).forEach(event -> {
            String type = ((Mapping) event).string("Type");
            if (Set.of("Api", "HttpApi").contains(type)) return;
            refuseForTenants("an event of type `" + type + "`", event, "use events of type Api or HttpApi");
        });
        return true;
    }

    private void refuseForTenants(String what, Value value, String hint) {
        stack.problems().refuse(resource + " has `TenancyConfig` and cannot have " + what, value.place(), hint);
    }

    private List<String> eventTypes() {
        return properties().map("Events").entries().values().stream()
                .map(event -> Mapping.orEmpty(event).string("Type")).distinct().toList();
    }

    private EventInvokeConfig asynchronous() {
        List<String> names = List.of(resource.id(), stack.qualified(resource.id()), name());
        Mapping config = stack.resources().values().stream().filter(each -> each.is("AWS::Lambda::EventInvokeConfig"))
                .map(Stack.Resource::properties)
                .filter(each -> names.contains(Stack.functionName(each.string("FunctionName")))).findFirst()
                .orElseGet(() -> properties().map("EventInvokeConfig"));
        Mapping destinations = config.map("DestinationConfig");
        for (String key : List.of("DeadLetterQueue", "DeadLetterConfig")) {
            properties().value(key).ifPresent(queue -> stack.problems().warn("`" + key + "` of " + resource
                    + " is not supported: failed events are dropped", queue.place(), null));
        }
        return new EventInvokeConfig(number(config, "MaximumRetryAttempts", EventInvokeConfig.DEFAULT.retries()),
                number(config, "MaximumEventAgeInSeconds", EventInvokeConfig.DEFAULT.maxAgeSeconds()),
                destination(destinations, "OnSuccess"), destination(destinations, "OnFailure"),
                properties().string("RecursiveLoop").equals("Allow"));
    }

    /** The ARN of a destination that is a function; other destinations are reported. */
    private String destination(Mapping destinations, String key) {
        Mapping destination = destinations.map(key);
        String arn = destination.string("Destination");
        boolean isFunction = arn.contains(":function:");
        if (!destination.entries().isEmpty() && !isFunction) {
            stack.problems().warn("`" + key + "` of " + resource + " is not supported: its destination is not a"
                    + " function", destination.place(), null);
        }
        return isFunction ? arn : "";
    }

    private static int number(Mapping map, String key, int otherwise) {
        String text = map.string(key);
        return text.matches("\\d{1,7}") ? Integer.parseInt(text) : otherwise;
    }

    private int number(String key, int otherwise) {
        return number(properties(), key, otherwise);
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        Mapping written = resource.written().map("Environment").map("Variables");
        properties().mapping("Environment").map("Variables").entries().forEach((name, value) -> {
            String text = Value.text(value);
            environment.put(name, text);
            if (name.equals("JAVA_TOOL_OPTIONS")) {
                stack.problems().warn("`" + name + "` has no effect: functions run in this JVM", value.place(), null);
            }
            if (Intrinsics.isUnknown(value) || text.contains("{{resolve:")) {
                stack.problems().warnOfVariable(name, "variable `" + name + "` has a value that only AWS knows",
                        value.place());
            }
            stack.intrinsics().guessIn(written.get(name)).ifPresent(reference -> stack.problems()
                    .warnOfVariable(name, "variable `" + name + "` has a placeholder for `" + reference
                            + "`, which only AWS knows", value.place()));
        });
        return environment;
    }

    /** Lambda Developer Guide, "Configuring advanced logging controls". */
    private Map<String, String> logging() {
        Mapping config = properties().mapping("LoggingConfig");
        Map<String, String> variables = new LinkedHashMap<>();
        config.text("LogFormat").ifPresent(format -> variables.put("AWS_LAMBDA_LOG_FORMAT", format));
        config.text("ApplicationLogLevel").ifPresent(level -> variables.put("AWS_LAMBDA_LOG_LEVEL", level));
        config.text("LogGroup").ifPresent(group -> variables.put("AWS_LAMBDA_LOG_GROUP_NAME", group));
        return variables;
    }

    /** The aliases and versions of the function, published by SAM or by separate resources. */
    private Set<String> qualifiers() {
        Set<String> qualifiers = new TreeSet<>();
        properties().value("AutoPublishAlias").map(Value::text).ifPresent(qualifiers::add);
        List<Stack.Resource> own = stack.resources().values().stream().filter(each ->
                List.of(resource.id(), stack.qualified(resource.id()), name())
                        .contains(Stack.functionName(each.properties().string("FunctionName")))).toList();
        long versions = qualifiers.size() + own.stream().filter(each -> each.is("AWS::Lambda::Version")).count();
        LongStream.rangeClosed(1, versions).mapToObj(String::valueOf).forEach(qualifiers::add);
        own.stream().filter(each -> each.is("AWS::Lambda::Alias")).map(each -> each.properties().string("Name"))
                .forEach(qualifiers::add);
        if (properties().isTrue("PublishToLatestPublished")) qualifiers.add("$LATEST.PUBLISHED");
        return qualifiers;
    }
}
