import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a line at a time, and each is sent at once. */
public class Counter implements RequestStreamHandler {
    @Override public void handleRequest(InputStream event, OutputStream response, Context context) throws IOException {
        for (int i = 1; i <= 3; i++) {
            response.write((i + "\n").getBytes(StandardCharsets.UTF_8));
            response.flush();
        }
    }
}
