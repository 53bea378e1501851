import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyResponseEvent;

public class Orders {
    public APIGatewayProxyResponseEvent handle(APIGatewayProxyRequestEvent event) {
        Object name = event.getRequestContext().getAuthorizer().get("principalId");
        return new APIGatewayProxyResponseEvent().withStatusCode(200).withBody("2 orders of " + name);
    }
}
