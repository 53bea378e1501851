package samlocal.sam;

import java.util.List;
import java.util.Map;

/**
 * The request validation of one route.
 *
 * @param parameters required parameters, such as {@code header.X-Id} or {@code querystring.page}
 * @param schemas JSON schemas of the body, by media type
 */
public record Checks(List<String> parameters, Map<String, String> schemas, boolean isBodyRequired) {
}
