package samlocal.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads what the AWS CDK writes to the {@code Metadata} of resources, as SAM CLI does
 * ({@code resource_metadata_normalizer.py}).
 */
public final class ResourceMetadata {
    private static final String METADATA = "Metadata";
    private static final String IMAGE = "Code.ImageUri";

    private ResourceMetadata() {
    }

    /** The template with paths of local assets instead of the locations of their copies in S3. */
    static Mapping applied(Mapping root) {
        Mapping resources = root.map("Resources");
        Map<String, Value> entries = new LinkedHashMap<>(resources.entries());
        entries.replaceAll((id, resource) -> resource instanceof Mapping map ? withAsset(map) : resource);
        return entries.equals(resources.entries()) ? root : root.with("Resources", resources.with(entries));
    }

    private static Mapping withAsset(Mapping resource) {
        Mapping metadata = resource.map(METADATA);
        String property = metadata.string("aws:asset:property");
        Value path = metadata.get("aws:asset:path");
        if (property.isEmpty() || Value.text(path).isEmpty()) return resource;
        if (!property.equals(IMAGE)) {
            return resource.with("Properties", resource.map("Properties").with(property, path));
        }
        Value file = metadata.get("aws:asset:dockerfile-path");
        Mapping image = metadata.with("DockerContext", path);
        return resource.with(METADATA, file == null ? image : image.with("Dockerfile", file));
    }

    /**
     * SAM CLI's name for a function: its {@code SamResourceId}, else the construct id in an {@code aws:cdk:path} of two
     * or three parts, else the logical id.
     */
    public static String functionId(String logicalId, Mapping resource) {
        Mapping metadata = resource.map(METADATA);
        boolean isNamed = metadata.get("SamResourceId") instanceof Scalar id && id.plain() instanceof String;
        if (isNamed && !metadata.string("SamResourceId").isEmpty()) return metadata.string("SamResourceId");
        List<String> path = List.of(metadata.string("aws:cdk:path").split("/", -1));
        if (path.size() < 2 || path.size() > 3) return logicalId;
        String last = path.get(path.size() - 1);
        String parent = path.get(path.size() - 2);
        return last.equals("Resource") ? parent : last;
    }
}
