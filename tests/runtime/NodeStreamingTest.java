import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Node functions that stream ({@code awslambda.streamifyResponse}). */
class NodeStreamingTest {
    private static final String STREAM = """
            import { existsSync } from 'fs';
            import { pipeline } from 'stream/promises';
            import { Readable } from 'stream';
            export const handler = awslambda.streamifyResponse(async (event, stream, context) => {
              if (event.rawPath === '/early') throw new Error('early');
              if (event.rawPath === '/head') {
                stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201,
                  headers: { 'Content-Type': 'text/plain' } });
              }
              if (event.rawPath === '/pipe') return pipeline(Readable.from(['a', 'b']), stream);
              stream.write('first\\n');
              while (event.rawPath === '/wait' && !existsSync(process.env.GO)) {
                await new Promise(resolve => setTimeout(resolve, 5));
              }
              if (event.rawPath === '/late') throw new TypeError('late');
              if (event.rawPath === '/open') return;
              if (event.rawPath === '/big') for (let i = 0; i < 3000; i++) stream.write(Buffer.alloc(10000));
              stream.write({ json: true });
              stream.end('last');
            });
            """;

    @Test void a_response_is_streamed() throws IOException {
        NodeTest.assumeNode();
        TestProject streaming = TestProject.of("src/app.mjs", STREAM);
        String more = "Environment: {Variables: {GO: '" + streaming.path("go") + "'}}\n"
                + "      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}";
        try (streaming) {
            streaming.with("template.yaml", "Resources:\n"
                    + NodeTest.function("Fn", "app.handler", "src", more)).start();
            HttpResponse<InputStream> response = stream(streaming, "/wait");
            BufferedReader lines = new BufferedReader(new InputStreamReader(response.body()));
            assertEquals("first", lines.readLine());
            streaming.write("go", "");
            assertEquals("{\"json\":true}last", lines.readLine());
            HttpResponse<String> head = streaming.get("/head");
            assertEquals(201, head.statusCode());
            assertEquals(List.of("text/plain"), head.headers().allValues("content-type"));
            assertEquals("first\n{\"json\":true}last", head.body());
            assertEquals("ab", streaming.get("/pipe").body());
            assertEquals(30_000_023, stream(streaming, "/big").body().readAllBytes().length);
            assertEquals(502, streaming.get("/early").statusCode());
            HttpResponse<InputStream> late = stream(streaming, "/late");
            assertThrows(IOException.class, () -> late.body().readAllBytes());
            assertTrue(streaming.console().contains("TypeError: late"), streaming.console());
            assertTrue(streaming.console().contains("|   if (event.rawPath === '/late')"), streaming.console());
            HttpResponse<InputStream> open = stream(streaming, "/open");
            if (open.statusCode() != 502) assertThrows(IOException.class, () -> open.body().readAllBytes());
            assertTrue(streaming.console().contains("Response stream is not finished."), streaming.console());
            assertEquals("ab", streaming.get("/pipe").body());
        }
    }

    private static HttpResponse<InputStream> stream(TestProject project, String path) {
        return project.send("GET", path, null, HttpResponse.BodyHandlers.ofInputStream());
    }
}
