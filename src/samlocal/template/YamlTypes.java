package samlocal.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** The types of scalars: PyYAML's rules for YAML 1.1, except that dates are strings. */
final class YamlTypes extends Resolver {
    private static final Pattern BOOLEAN = Pattern.compile("(?:[yY]es|YES|[nN]o|NO"
            + "|[tT]rue|TRUE|[fF]alse|FALSE|[oO]n|ON|[oO]ff|OFF)");
    private static final Pattern INTEGER = Pattern.compile("[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)"
            + "|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");
    private static final Pattern REAL = Pattern.compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
            + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
    private static final SafeConstructor CONSTRUCTOR = new SafeConstructor(new LoaderOptions());

    @Override protected void addImplicitResolvers() {
        addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
        addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
        addImplicitResolver(Tag.FLOAT, REAL, "-+0123456789.");
        addImplicitResolver(Tag.MERGE, MERGE, "<");
        addImplicitResolver(Tag.NULL, NULL, "~nN\0");
        addImplicitResolver(Tag.NULL, EMPTY, null);
    }

    /** The value of a scalar; infinity and NaN, which JSON lacks, remain strings. */
    static Object typed(ScalarNode node) {
        String text = node.getValue();
        if (node.getTag().equals(Tag.NULL)) return null;
        if (node.getTag().equals(Tag.BOOL)) return text.matches("(?i)yes|true|on");
        try {
            if (node.getTag().equals(Tag.INT)) return integer(node);
            return node.getTag().equals(Tag.FLOAT) ? new BigDecimal(text.replace("_", "")) : text;
        } catch (NumberFormatException e) {
            return text;
        }
    }

    private static Number integer(ScalarNode node) {
        Number value = (Number) CONSTRUCTOR.new ConstructYamlInt().construct(node);
        return value instanceof BigInteger ? value : Long.valueOf(value.longValue());
    }
}
