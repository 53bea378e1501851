import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RouterTest {
    @Test void a_literal_path_matches_only_itself() {
        assertRoute("GET /hello", "GET /hello", "");
        assertNoRoute("GET /hello", "GET /hello/x");
        assertNoRoute("GET /hello", "GET /hell");
        assertNoRoute("GET /hello", "GET /Hello");
        assertNoRoute("GET /a.c", "GET /abc");
        assertRoute("GET /", "GET /", "");
    }

    @Test void a_parameter_is_one_segment() {
        assertRoute("GET /a/{id}", "GET /a/7", "id=7");
        assertNoRoute("GET /a/{id}", "GET /a/7/b");
        assertNoRoute("GET /a/{id}", "GET /a");
        assertNoRoute("GET /a/{id}", "GET /a/");
        assertRoute("GET /{a}/x/{b}", "GET /1/x/2", "a=1, b=2");
    }

    @Test void a_parameter_has_any_name_that_aws_allows() {
        assertRoute("GET /u/{user-id}/{a.b}/{c_d}", "GET /u/1/2/3", "user-id=1, a.b=2, c_d=3");
    }

    @Test void a_parameter_keeps_its_encoding() {
        assertRoute("GET /a/{id}", "GET /a/x%2Fy%20z", "id=x%2Fy%20z");
    }

    @Test void a_proxy_matches_a_nonempty_rest_of_the_path() {
        assertRoute("ANY /p/{proxy+}", "GET /p/a/b/c", "proxy=a/b/c");
        assertRoute("ANY /{proxy+}", "POST /a", "proxy=a");
        assertNoRoute("ANY /p/{proxy+}", "GET /p");
        assertNoRoute("ANY /p/{proxy+}", "GET /p/");
    }

    @Test void a_trailing_slash_is_ignored() {
        assertRoute("GET /hello", "GET /hello/", "");
        assertRoute("GET /hello/", "GET /hello", "");
        assertRoute("GET /a/{id}", "GET /a/7/", "id=7");
    }

    @Test void literal_comes_before_parameter_before_proxy_in_each_segment() {
        String table = "GET /{proxy+}; GET /a/{id}; GET /a/b; GET /a/{id}/c; GET /{x}/b; GET /a/{rest+}";
        assertMatches(table, "GET /a/b", "GET /a/b");
        assertMatches(table, "GET /a/7", "GET /a/{id}");
        assertMatches(table, "GET /a/7/c", "GET /a/{id}/c");
        assertMatches(table, "GET /a/7/d", "GET /a/{rest+}");
        assertMatches(table, "GET /z/b", "GET /{x}/b");
        assertMatches(table, "GET /z/y", "GET /{proxy+}");
    }

    @Test void a_method_precedes_any() {
        assertMatches("ANY /a; GET /a", "GET /a", "GET /a");
        assertMatches("ANY /a; GET /a", "PUT /a", "ANY /a");
    }

    @Test void a_path_without_the_method_falls_back_to_a_less_specific_one() {
        assertMatches("GET /a/b; ANY /a/{id}", "POST /a/b", "ANY /a/{id}");
        assertMatches("GET /test; ANY /{proxy+}", "OPTIONS /test", "ANY /{proxy+}");
        assertNoRoute("GET /a", "POST /a");
        assertNoRoute("GET /a", "HEAD /a");
    }

    @Test void an_http_api_prefers_a_full_match_to_a_greedy_one() {
        String table = "GET /a/{rest+}; GET /{x}/b; ANY /{proxy+}; ANY $default";
        assertFound("GET /{x}/b x=a", httpRouter(table), "GET /a/b");
        assertFound("GET /a/{rest+} rest=c", httpRouter(table), "GET /a/c");
        assertFound("ANY /{proxy+} proxy=a/b", httpRouter(table), "PUT /a/b");
        assertFound("ANY $default ", httpRouter(table), "GET /");
        assertMatches("GET /a/{rest+}; GET /{x}/b", "GET /a/b", "GET /a/{rest+}");
    }

    @Test void an_http_api_leaves_the_slash_at_the_end_to_a_proxy() {
        assertFound("GET /a/{rest+} rest=b/", httpRouter("GET /a/{rest+}"), "GET /a/b/");
        assertRoute("GET /a/{rest+}", "GET /a/b/", "rest=b");
    }

    @Test void the_most_specific_path_of_several_apis_wins_then_the_first() {
        ServerLocal.Router router = new ServerLocal.Router(List.of(of("One", "rest", "ANY /x"),
                of("Two", "http", "GET /x"), of("Two", "http", "GET /{a}/b"), of("One", "rest", "ANY /{proxy+}"),
                of("Two", "http", "GET /y/{rest+}")));
        assertFound("ANY /x ", router, "GET /x");
        assertFound("GET /{a}/b a=z", router, "GET /z/b");
        assertFound("GET /y/{rest+} rest=c", router, "GET /y/c");
        assertFound("ANY /{proxy+} proxy=q", router, "GET /q");
    }

    @Test void segments_after_a_proxy_must_match() {
        assertRoute("GET /a/{rest+}/end", "GET /a/x/y/end", "rest=x/y");
        assertNoRoute("GET /a/{rest+}/end", "GET /a/x/y");
        assertMatches("GET /a/{rest+}; GET /a/{rest+}/end", "GET /a/x/end", "GET /a/{rest+}/end");
    }

    @Test void matching_backtracks_to_a_less_specific_path() {
        assertMatches("GET /a/b/c; GET /a/{x}/d; GET /{p}/{q}/e", "GET /a/b/d", "GET /a/{x}/d");
        assertMatches("GET /a/b/c; GET /a/{x}/d; GET /{p}/{q}/e", "GET /a/b/e", "GET /{p}/{q}/e");
    }

    @Test void parameters_of_one_place_keep_their_own_names() {
        assertMatches("GET /a/{id}; PUT /a/{name}", "PUT /a/1", "PUT /a/{name}");
        assertRoute("PUT /a/{name}", "PUT /a/1", "name=1");
    }

    @Test void a_literal_matches_encoded_and_decoded() {
        assertRoute("GET /caf\u00e9", "GET /caf%C3%A9", "");
        assertRoute("GET /caf\u00e9", "GET /caf%c3%a9", "");
        assertRoute("GET /a b", "GET /a%20b", "");
    }

    @Test void similar_routes_are_suggested() {
        assertEquals("[GET /orders]", ServerLocal.NearestRoutes.to("/ordres", router("GET /orders; GET /x")).toString());
        assertEquals("[GET /a, PUT /a]", ServerLocal.NearestRoutes.to("/a", router("GET /a; PUT /a; GET /b")).toString());
        assertEquals("[]", ServerLocal.NearestRoutes.to("/something/else", router("GET /orders")).toString());
    }

    private static void assertRoute(String route, String request, String parameters) {
        ServerLocal.Router.Match match = match(route, request);
        assertEquals(route, match == null ? "no route" : match.route().toString());
        assertEquals(parameters, match.parameters().entrySet().stream()
                .map(Object::toString).collect(Collectors.joining(", ")));
    }

    private static void assertMatches(String table, String request, String route) {
        ServerLocal.Router.Match match = match(table, request);
        assertEquals(route, match == null ? "no route" : match.route().toString());
        String reversed = Arrays.stream(table.split("; ")).reduce((all, next) -> next + "; " + all).orElseThrow();
        assertEquals(route, match(reversed, request).route().toString(), "in the other order");
    }

    private static void assertFound(String expected, ServerLocal.Router router, String request) {
        assertEquals(expected, router.match(request.split(" ")[0], request.split(" ")[1]).map(match -> match.route()
                + " " + match.parameters().entrySet().stream().map(Object::toString).collect(Collectors.joining(", ")))
                .orElse("no route"));
    }

    private static ServerLocal.Router httpRouter(String table) {
        return new ServerLocal.Router(Arrays.stream(table.split("; ")).map(line -> of("Http", "http", line)).toList());
    }

    private static ServerLocal.Route of(String id, String type, String line) {
        ServerLocal.Api.Stage deployed = new ServerLocal.Api.Stage(ServerLocal.AwsEnvironment.DEFAULT, "v1", Map.of());
        ServerLocal.Api api = new ServerLocal.Api(id, type, deployed, List.of(), null, ServerLocal.Guard.OPEN, Map.of());
        return new ServerLocal.Route(api, line.split(" ")[0], line.split(" ")[1],
                new ServerLocal.Backend.Lambda("Fn", "h", "", "", 0, false), "1.0", ServerLocal.Guard.OPEN,
                new ServerLocal.Route.Declaration(null, null, null));
    }

    private static void assertNoRoute(String table, String request) {
        assertEquals(null, match(table, request));
    }

    private static ServerLocal.Router.Match match(String table, String request) {
        return router(table).match(request.split(" ")[0], request.split(" ", 2)[1]).orElse(null);
    }

    private static ServerLocal.Router router(String table) {
        List<ServerLocal.Route> routes = Arrays.stream(table.split("; "))
                .map(line -> line.split(" ", 2))
                .map(line -> EventsTest.route(line[0], line[1])).toList();
        return new ServerLocal.Router(routes);
    }
}
