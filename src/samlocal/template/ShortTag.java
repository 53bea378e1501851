package samlocal.template;

import java.util.Arrays;
import java.util.List;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import samlocal.base.Fault;
import samlocal.base.Place;

/** CloudFormation's tags, {@code !X y} for {@code {Fn::X: y}}: their long names and what each one takes. */
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

    /** Refuses a node of a kind that its tag does not take. */
    static void check(Node node, Place place) {
        String taken = IntrinsicFunctions.taken(longName(node));
        if (taken.contains(kind(node))) return;
        String tag = node.getTag().getValue();
        throw Fault.project("`" + tag + "` takes " + taken + ", this is " + kind(node), place);
    }

    private static String kind(Node node) {
        if (node instanceof ScalarNode) return "a text";
        return node instanceof SequenceNode ? "a list" : "a map";
    }

    /** {@code Fn::GetAtt: A.B.C} is {@code Fn::GetAtt: [A, B.C]}: one form for all that follows. */
    static Value attributeAsList(String name, Value argument) {
        if (!name.equals("Fn::GetAtt") || !(argument instanceof Scalar scalar)) return argument;
        List<Value> parts = Arrays.stream(scalar.text().split("\\.", 2))
                .map(part -> (Value) Scalar.ofText(part, scalar.place())).toList();
        return new Sequence(parts, scalar.place());
    }
}
