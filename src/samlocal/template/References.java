package samlocal.template;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import samlocal.base.Nearest;
import samlocal.base.Place;

/**
 * Finds references to resources, parameters and conditions that do not exist, even in resources whose conditions are
 * false: AWS does not deploy such a template.
 */
final class References {
    /** Resources that SAM generates implicitly. */
    private static final Pattern GENERATED = Pattern.compile("Serverless(RestApi|HttpApi|DeploymentApplication)"
            + "|CodeDeployServiceRole|ApiGatewayDomainName|RecordSetGroup");
    /** Suffixes that SAM appends to the id of a resource for generated resources that belong to it. */
    private static final Pattern GENERATED_ENDS = Pattern.compile("(Alias|Version|Url|EventInvokeConfig|Deployment"
            + "|UsagePlan|ApiKey|DomainName|Destination)\\w*|\\w*(Role|Stage|Permission\\w*|Policy|Queue|Topic)"
            + "|[0-9a-f]{10}");

    /** Properties that SAM replaces; it accepts null values in them. */
    private static final Set<String> READ_BY_SAM = Set.of("Events", "DefinitionBody", "Body");

    private final Mapping resources;
    private final Mapping outputs;
    private final Set<String> conditions;
    private final Set<String> parameters;
    private final Set<String> pseudoParameters;
    private final Problems problems;

    References(Mapping root, Set<String> pseudoParameters, Problems problems) {
        this.resources = root.map("Resources");
        this.outputs = root.map("Outputs");
        this.conditions = root.map("Conditions").entries().keySet();
        this.parameters = root.map("Parameters").entries().keySet();
        this.pseudoParameters = new TreeSet<>(pseudoParameters);
        this.pseudoParameters.addAll(List.of("AWS::NoValue", "AWS::NotificationARNs"));
        this.problems = problems;
    }

    /** Checks all resources and outputs. */
    void check() {
        resources.entries().values().forEach(resource -> {
            Value first = Mapping.orEmpty(resource).get("DependsOn");
            Stream.concat(Stream.ofNullable(first), Value.items(first).stream()).filter(Scalar.class::isInstance)
                    .forEach(id -> checkName(Value.text(id), id.place(), Set.of()));
        });
        Stream.of(resources, outputs).flatMap(section -> section.entries().values().stream())
                .forEach(each -> checkCondition(Mapping.orEmpty(each).get("Condition")));
        resources.entries().values().forEach(resource -> {
            Mapping properties = Mapping.orEmpty(resource).map("Properties");
            properties.entries().forEach((name, value) -> {
                if (!READ_BY_SAM.contains(name)) refuseNulls(name, value, properties.keys().get(name));
            });
        });
        check(resources);
        check(outputs);
    }

    private void refuseNulls(String name, Value value, Place place) {
        if (value instanceof Scalar && value.plain() == null) {
            problems.refuse("`" + name + "` has no value: CloudFormation does not accept null", place,
                    "remove it, or set it to `!Ref AWS::NoValue`");
        }
        if (value instanceof Mapping mapping) {
            mapping.entries().forEach((key, each) -> refuseNulls(key, each, mapping.keys().get(key)));
        }
        Value.items(value).forEach(item -> refuseNulls(name, item, item.place()));
    }

    private void checkCondition(Value name) {
        if (!(name instanceof Scalar) || conditions.contains(Value.text(name))) return;
        problems.refuse("no condition named `" + Value.text(name) + "`", name.place(),
                Nearest.hint(Value.text(name), conditions));
    }

    /** Checks a value recursively. */
    void check(Value value) {
        if (value instanceof Mapping mapping) {
            mapping.singleEntry().ifPresent(entry -> checkFunction(entry.getKey(), entry.getValue()));
            mapping.entries().values().forEach(this::check);
        }
        Value.items(value).forEach(this::check);
    }

    private void checkFunction(String function, Value argument) {
        List<Value> parts = Value.items(argument);
        Value first = parts.isEmpty() ? argument : parts.get(0);
        if (function.equals("Ref") && argument instanceof Scalar id) checkName(id.text(), id.place(), parameters);
        else if (function.equals("Fn::GetAtt") && !parts.isEmpty() && first instanceof Scalar id) {
            checkName(id.text(), id.place(), Set.of());
        } else if (function.equals("Fn::If") && !parts.isEmpty()) {
            checkCondition(first);
        } else if (function.equals("Fn::Sub")) {
            Set<String> own = parts.size() < 2 ? Set.of() : Mapping.orEmpty(parts.get(1)).entries().keySet();
            IntrinsicFunctions.VARIABLE.matcher(Value.text(first)).results().map(found -> found.group(1).strip())
                    .filter(name -> !name.startsWith("!") && !own.contains(name))
                    .forEach(name -> checkName(name, first.place(), parameters));
        }
    }

    /** Checks a name, which may be followed by a dot and an attribute or generated resource. */
    private void checkName(String name, Place place, Set<String> others) {
        String id = name.replaceFirst("\\..*", "");
        Set<String> ids = resources.entries().keySet();
        boolean isKnown = ids.contains(id) || others.contains(name) || pseudoParameters.contains(name)
                || GENERATED.matcher(id).lookingAt() || ids.stream().anyMatch(resource -> isMadeFor(resource, id));
        if (isKnown) return;
        Set<String> known = new TreeSet<>(ids);
        known.addAll(others);
        if (name.startsWith("AWS::")) known.addAll(pseudoParameters);
        problems.refuse("no resource or parameter named `" + id + "`", place, Nearest.hint(id, known));
    }

    private boolean isMadeFor(String resource, String id) {
        Mapping attributes = resources.map(resource);
        if (!id.startsWith(resource) || !attributes.string("Type").startsWith("AWS::Serverless::")) return false;
        String rest = id.substring(resource.length());
        Set<String> events = attributes.map("Properties").map("Events").entries().keySet();
        return GENERATED_ENDS.matcher(rest).matches() || events.stream().anyMatch(rest::startsWith);
    }
}
