package notes

import com.amazonaws.services.lambda.runtime.Context
import com.amazonaws.services.lambda.runtime.RequestHandler
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent

/** Counts the words of a note. */
class Notes : RequestHandler<APIGatewayProxyRequestEvent, APIGatewayProxyResponseEvent> {
    override fun handleRequest(event: APIGatewayProxyRequestEvent, context: Context): APIGatewayProxyResponseEvent {
        val words = event.body.orEmpty().split(Regex("\\s+")).filter { it.isNotBlank() }
        return APIGatewayProxyResponseEvent().withStatusCode(200).withBody("""{"words": ${words.size}}""")
    }
}
