package samlocal.sam;

import java.util.List;
import java.util.Map;

/**
 * Of one route.
 *
 * @param parameters such as {@code header.X-Id} or {@code querystring.page}
 * @param schemas of the body by media type, in JSON
 */
public record Checks(List<String> parameters, Map<String, String> schemas, boolean isBodyRequired) {
}
