import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RouterTest {
    @Test void a_literal_path_matches_itself_only() {
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

    @Test void a_proxy_is_the_rest_of_the_path_and_not_empty() {
        assertRoute("ANY /p/{proxy+}", "GET /p/a/b/c", "proxy=a/b/c");
        assertRoute("ANY /{proxy+}", "POST /a", "proxy=a");
        assertNoRoute("ANY /p/{proxy+}", "GET /p");
        assertNoRoute("ANY /p/{proxy+}", "GET /p/");
    }

    @Test void a_trailing_slash_makes_no_difference() {
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

    @Test void a_method_comes_before_any() {
        assertMatches("ANY /a; GET /a", "GET /a", "GET /a");
        assertMatches("ANY /a; GET /a", "PUT /a", "ANY /a");
    }

    @Test void a_path_without_the_method_falls_to_a_less_specific_one() {
        assertMatches("GET /a/b; ANY /a/{id}", "POST /a/b", "ANY /a/{id}");
        assertMatches("GET /test; ANY /{proxy+}", "OPTIONS /test", "ANY /{proxy+}");
        assertNoRoute("GET /a", "POST /a");
        assertNoRoute("GET /a", "HEAD /a");
    }

    @Test void a_literal_that_must_be_encoded_matches_both_ways() {
        assertRoute("GET /caf\u00e9", "GET /caf%C3%A9", "");
        assertRoute("GET /caf\u00e9", "GET /caf%c3%a9", "");
        assertRoute("GET /a b", "GET /a%20b", "");
    }

    @Test void the_nearest_routes_are_the_same_path_or_one_spelt_alike() {
        assertEquals("[GET /orders]", router("GET /orders; GET /x").nearest("GET", "/ordres").toString());
        assertEquals("[GET /a, PUT /a]", router("GET /a; PUT /a; GET /b").nearest("POST", "/a").toString());
        assertEquals("[]", router("GET /orders").nearest("GET", "/something/else").toString());
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
