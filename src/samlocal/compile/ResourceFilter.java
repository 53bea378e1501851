package samlocal.compile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.codehaus.plexus.interpolation.AbstractValueSource;
import org.codehaus.plexus.interpolation.InterpolationException;
import org.codehaus.plexus.interpolation.PrefixAwareRecursionInterceptor;
import org.codehaus.plexus.interpolation.multi.DelimiterSpecification;
import org.codehaus.plexus.interpolation.multi.MultiDelimiterStringSearchInterpolator;
import samlocal.dependencies.CopiedResources;

/**
 * Replaces names in the text of a resource as maven-filtering does (MultiDelimiterInterpolatorFilterReaderLineEnding).
 * Names without a value stay. System properties and {@code env.*} win over the values of the pom.
 */
final class ResourceFilter {
    private static final String ENVIRONMENT = "env.";
    private final List<DelimiterSpecification> delimiters;
    private final String escape;
    private final int longest;
    private final boolean isMultiLine;
    private final MultiDelimiterStringSearchInterpolator interpolator = new MultiDelimiterStringSearchInterpolator();

    ResourceFilter(CopiedResources resources) {
        List<String> specifications = resources.syntax().delimiters();
        this.delimiters = specifications.stream().map(DelimiterSpecification::parse).toList();
        this.escape = resources.syntax().escape();
        this.isMultiLine = resources.syntax().isMultiLine();
        this.longest = longest(specifications);
        interpolator.setDelimiterSpecs(new LinkedHashSet<>(specifications));
        interpolator.setEscapeString(escape.isEmpty() ? null : escape);
        interpolator.setCacheAnswers(true);
        interpolator.addValueSource(new AbstractValueSource(false) {
            @Override public Object getValue(String name) {
                return value(name, resources.values());
            }
        });
    }

    /** A delimiter without its counterpart in this many characters is plain text. */
    private int longest(List<String> specifications) {
        return escape.isEmpty() ? 258 + specifications.stream().mapToInt(each -> 2 * each.length()).sum()
                : 255 + escape.length() + delimiters.stream()
                .mapToInt(each -> each.getBegin().length() + each.getEnd().length()).sum();
    }

    private static String value(String name, Map<String, String> values) {
        String system = name.startsWith(ENVIRONMENT) ? System.getenv(name.substring(ENVIRONMENT.length()))
                : name.isEmpty() ? null : System.getProperty(name);
        return system != null ? system : values.get(name);
    }

    String filtered(String text) {
        StringBuilder filtered = new StringBuilder();
        for (int at = 0; at < text.length();) {
            boolean isEscape = !escape.isEmpty() && text.startsWith(escape, at);
            int start = isEscape ? at + escape.length() : at;
            Optional<DelimiterSpecification> delimiter = delimiter(text, start);
            String key = isEscape ? null : delimiter.map(each -> key(text, start, each)).orElse(null);
            if (key != null) {
                filtered.append(interpolated(key));
                at = start + key.length();
            } else {
                int end = Math.min(start + 1, text.length());
                filtered.append(text, delimiter.isPresent() ? start : at, end);
                at = end;
            }
        }
        return filtered.toString();
    }

    /** The longest delimiter that begins here. */
    private Optional<DelimiterSpecification> delimiter(String text, int start) {
        DelimiterSpecification found = null;
        for (DelimiterSpecification each : delimiters) {
            boolean isLonger = found == null || each.getBegin().length() >= found.getBegin().length();
            if (isLonger && text.startsWith(each.getBegin(), start)) found = each;
        }
        return Optional.ofNullable(found);
    }

    /** A name with its delimiters, or null. */
    private String key(String text, int start, DelimiterSpecification delimiter) {
        int end = text.indexOf(delimiter.getEnd(), start + delimiter.getBegin().length());
        int length = end + delimiter.getEnd().length() - start;
        if (end < 0 || length > longest) return null;
        String key = text.substring(start, start + length);
        return isMultiLine || key.indexOf('\n') < 0 ? key : null;
    }

    private String interpolated(String key) {
        try {
            return Objects.requireNonNullElse(interpolator.interpolate(key,
                    new PrefixAwareRecursionInterceptor(List.of("pom", "project"), true)), key);
        } catch (InterpolationException e) {
            return key; // a value that contains itself; it ends Maven's build
        }
    }
}
