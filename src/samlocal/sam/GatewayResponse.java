package samlocal.sam;

import java.util.Map;

/**
 * What a REST API's own answer is made of ("Gateway responses in API Gateway").
 *
 * @param status 0 for the usual one
 * @param headers and where they come from
 * @param templates by media type
 */
public record GatewayResponse(int status, Map<String, String> headers, Map<String, String> templates) {
}
