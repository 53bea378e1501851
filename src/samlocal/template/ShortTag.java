package samlocal.template;

import java.util.Arrays;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import samlocal.base.Fault;
import samlocal.base.Place;

/** CloudFormation's short tags, {@code !X y} for {@code {Fn::X: y}}: their long names and accepted arguments. */
final class ShortTag {
    private ShortTag() {
    }

    static boolean isOn(Node node) {
        String tag = node.getTag().getValue();
        return tag.startsWith("!") && tag.length() > 1;
    }

    static String longName(Node node) {
        String name = node.getTag().getValue().substring(1);
        return name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
    }

    /** Throws a {@link Fault} if the tag does not accept this kind of node. */
    static void check(Node node, Place place) {
        String taken = IntrinsicFunctions.taken(longName(node));
        if (taken.contains(kind(node))) return;
        String tag = node.getTag().getValue();
        throw Fault.project("`" + tag + "` requires " + taken + ", not " + kind(node), place);
    }

    private static String kind(Node node) {
        if (node instanceof ScalarNode) return "a string";
        return node instanceof SequenceNode ? "a list" : "a map";
    }

    /** Converts {@code Fn::GetAtt: A.B.C} to {@code Fn::GetAtt: [A, B.C]}. */
    static Value attributeAsList(String name, Value argument) {
        if (!name.equals("Fn::GetAtt") || !(argument instanceof Scalar scalar)) return argument;
        List<Value> parts = Arrays.stream(scalar.text().split("\\.", 2))
                .map(part -> (Value) Scalar.ofText(part, scalar.place())).toList();
        return new Sequence(parts, scalar.place());
    }
}
