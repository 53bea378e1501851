package samlocal.sam;

import java.util.Map;

/**
 * A gateway response of a REST API ("Gateway responses in API Gateway").
 *
 * @param status 0 for the default
 * @param headers headers and the sources of their values
 * @param templates mapping templates by media type
 */
public record GatewayResponse(int status, Map<String, String> headers, Map<String, String> templates) {
}
