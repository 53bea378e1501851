import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Node projects with packages, layers and TypeScript. esbuild is installed with npm for the tests that need it. */
class NodeProjectsTest {
    private static Path esbuild;

    @BeforeAll static void requireNode() {
        NodeTest.assumeNode();
    }

    // ---- Layers ----------------------------------------------------------------------------------------------------

    /** Lambda Developer Guide, "Working with layers for Node.js"; SAM also builds layers from their sources. */
    @Test void layers_have_packages_for_both_kinds_of_modules() {
        String layers = """
                  Built:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: layer}
                  Unbuilt:
                    Type: AWS::Serverless::LayerVersion
                    Properties: {ContentUri: sources}
                    Metadata: {BuildMethod: nodejs20.x}
                """;
        String names = "Layers: [!Ref Built, !Ref Unbuilt]";
        try (TestProject layered = TestProject.of(
                "template.yaml", "Resources:\n" + layers + NodeTest.function("Common", "common.handler", "src", names)
                        + NodeTest.function("Module", "module.handler", "src", names),
                "src/common.js", "const own = require('/opt/nodejs/own');\n"
                        + "exports.handler = async () => [require('one'), require('two'), require('three'), own];",
                "src/module.mjs", "import one from 'one';\nimport { esm } from 'esm';\nimport own from"
                        + " '/opt/nodejs/own.js';\nexport const handler = async () => [one, esm, own];",
                "layer/nodejs/node_modules/one/index.js", "module.exports = 1;",
                "layer/nodejs/node20/node_modules/two/index.js", "module.exports = 2;",
                "layer/nodejs/node_modules/esm/package.json", "{\"exports\": {\"import\": \"./a.mjs\"}}",
                "layer/nodejs/node_modules/esm/a.mjs", "export const esm = 'esm';",
                "sources/package.json", "{}", "sources/own.js", "module.exports = 'own';",
                "sources/node_modules/three/index.js", "module.exports = 3;").start()) {
            assertEquals("[1,2,3,\"own\"]", NodeTest.call(layered, "Common", "{}").body());
            assertEquals("[1,\"esm\",\"own\"]", NodeTest.call(layered, "Module", "{}").body());
        }
    }

    @Test void a_file_of_variables_may_set_the_search_path() {
        try (TestProject made = TestProject.of("src/app.js", "exports.handler = async () => require('found');",
                "own/found.js", "module.exports = 'found';").with("template.yaml", "Resources:\n"
                + NodeTest.function("Fn", "app.handler", "src", "Environment: {Variables: {NODE_PATH: nowhere}}"))) {
            made.write("env.json", "{\"Fn\": {\"NODE_PATH\": \"" + made.path("own") + "\"}}");
            made.withVariables("env.json").start();
            assertEquals("\"found\"", NodeTest.call(made, "Fn", "{}").body());
        }
    }

    // ---- esbuild ---------------------------------------------------------------------------------------------------

    /** A folder with esbuild, which is installed once. */
    private static synchronized Path esbuild() throws IOException, InterruptedException {
        if (esbuild == null) {
            assumeTrue(NodeTest.find("npm").isPresent(), "no npm on the PATH");
            Path folder = Files.createTempDirectory("esbuild");
            Files.writeString(folder.resolve("package.json"), "{}");
            TestProject.Ran npm = TestProject.run(folder, Map.of(), "", "npm", "install", "--no-audit", "esbuild");
            assumeTrue(npm.status() == 0, "npm cannot install esbuild: " + npm.err());
            esbuild = folder;
        }
        return esbuild;
    }

    private static TestProject typeScript(String properties, String... pathsAndTexts) throws IOException,
            InterruptedException {
        TestProject made = TestProject.of(pathsAndTexts);
        Files.createSymbolicLink(made.path("node_modules"), esbuild().resolve("node_modules"));
        return made.with("package.json", "{}").with("template.yaml", "Resources:\n"
                + NodeTest.function("Fn", "app.handler", "src", "") + "    Metadata:\n      BuildMethod: esbuild\n"
                + "      BuildProperties: " + properties + "\n");
    }

    @Test void esbuild_bundles_what_the_template_says() throws Exception {
        try (TestProject made = typeScript("{EntryPoints: [handlers/app.ts], Loader: [.txt=text], Minify: false,"
                + " Format: esm, OutExtension: [.js=.mjs], MainFields: 'module,main', Target: es2022,"
                + " External: [outside], Banner: ['js=const banner = 7;'], Define: ['ANSWER=42'],"
                + " outdir: ../elsewhere, EntryNames: '../../elsewhere', 'watch=forever': true}",
                "src/handlers/app.ts", """
                import { twice } from '../../shared/twice';
                import text from './text.txt';
                import { outside } from 'outside';
                declare const banner: number;
                declare const ANSWER: number;
                export const handler = async (event: { value: number }): Promise<unknown> => {
                  if (event.value < 0) {
                    throw new RangeError(`negative: ${event.value}`);
                  }
                  return [twice(event.value), text, outside, banner, ANSWER];
                };
                """, "src/handlers/text.txt", "text", "shared/twice.ts", "export const twice = (x: number) => 2 * x;",
                "src/node_modules/outside/index.mjs", "export const outside = 'outside';",
                "src/node_modules/outside/package.json", "{\"exports\": \"./index.mjs\"}").start()) {
            assertEquals("[4,\"text\",\"outside\",7,42]", NodeTest.call(made, "Fn", "{\"value\": 2}").body());
            NodeTest.call(made, "Fn", "{\"value\": -1}");
            assertTrue(made.console().contains("8 |     throw new RangeError(`negative: ${event.value}`);"),
                    made.console());
            made.write("shared/twice.ts", "export const twice = (x: number) => 200 * x;");
            assertEquals("[400,\"text\",\"outside\",7,42]", NodeTest.call(made, "Fn", "{\"value\": 2}").body());
            made.write("src/handlers/app.ts", "export const handler = async () => {\n  return {{;\n}\n");
            made.get("/");
            HttpResponse<String> broken = NodeTest.call(made, "Fn", "{}");
            assertTrue(made.console().contains("app.ts:2:11"), broken.body() + made.console());
            assertEquals(List.of("node_modules", "package.json", "shared", "src", "template.yaml"),
                    NodeTest.names(made.folder()));
        }
    }

    @Test void a_bundle_is_common_js_and_minified_by_default() throws Exception {
        try (TestProject made = typeScript("{}", "src/app.ts", "import { missing } from 'nowhere';\n"
                + "export const handler = async () => missing;\n").start()) {
            NodeTest.call(made, "Fn", "{}");
            String console = made.console();
            assertTrue(console.contains("Could not resolve \"nowhere\"") && console.contains("app.ts:1:25")
                    && console.contains("`nowhere` is not installed: run `npm install nowhere` in "), console);
            made.write("src/app.ts", "export const handler = async function aLongName() {\n"
                    + "  return [typeof require, aLongName.name];\n}\n");
            assertEquals("[\"function\",\"\"]", NodeTest.call(made, "Fn", "{}").body().replaceAll("\"\\w\"]", "\"\"]"));
        }
    }

    /** Node's documentation, "Modules: TypeScript": from 22.6. */
    @Test void node_may_replace_a_missing_esbuild() throws Exception {
        assumeTrue(NodeTest.find("esbuild").isEmpty(), "esbuild is on the PATH");
        String version = TestProject.run(Path.of("."), Map.of(), "", "node", "-p", "process.versions.node").out();
        int major = Integer.parseInt(version.split("\\.")[0]);
        try (TestProject made = TestProject.of("template.yaml", NodeTest.one("app.handler")
                + "    Metadata: {BuildMethod: esbuild, BuildProperties: {EntryPoints: [in/app.ts]}}\n",
                "src/in/app.ts", "export const handler = async (event: { a: number }): Promise<number> => event.a;")
                .start()) {
            String body = NodeTest.call(made, "Fn", "{\"a\": 1}").body();
            if (major > 22) assertEquals("1", body);
            else if (major < 22) assertTrue(made.console().contains("esbuild is not installed")
                    && made.console().contains("run `npm install esbuild` in "), made.console());
        }
    }

    @Test void type_script_without_esbuild_is_explained() {
        try (TestProject made = TestProject.of("template.yaml", NodeTest.one("app.handler"),
                "src/app.ts", "export const handler = async () => 1;").start()) {
            NodeTest.call(made, "Fn", "{}");
            assertTrue(made.console().contains("app.ts` is TypeScript, which AWS's Node does not run")
                    && made.console().contains("add `Metadata: {BuildMethod: esbuild}`"), made.console());
        }
    }

    // ---- check -----------------------------------------------------------------------------------------------------

    @Test void check_reports_handlers_that_do_not_exist() {
        try (TestProject checked = TestProject.of("template.yaml", "Resources:\n"
                + NodeTest.function("good", "app.run", "src", "")
                + NodeTest.function("listed", "list.second", "src", "")
                + NodeTest.function("wrong", "app.rum", "src", "") + NodeTest.function("nowhere", "apt.run", "src", "")
                + NodeTest.function("none", "app", "src", "") + NodeTest.function("open", "open.anything", "src", "")
                + NodeTest.function("typed", "typed.handler", "src", "")
                + NodeTest.function("broken", "broken.run", "src", ""),
                "src/broken.js", "\nexports.run = async () => 1 1;\n",
                "src/app.js", "// exports.rum = 1\nexports.run = async () => 1;\n",
                "src/list.mjs", "const first = 1;\nexport { first as second };\n",
                "src/open.js", "module.exports = require('./app');", "src/typed.ts", "export const handler = 1;")) {
            String out = TestProject.cli("check", "-t", checked.path("template.yaml").toString()).out();
            for (String text : List.of("wrong: `" + checked.path("src/app.js") + "` does not export `rum`",
                    "did you mean `run`?", "nowhere: no module `apt` in " + checked.path("src"), "did you mean `app`?",
                    "none: `app` names no function", "typed: `" + checked.path("src/typed.ts") + "` is TypeScript",
                    "broken: " + checked.path("src/broken.js") + ":2 cannot be parsed: Unexpected number")) {
                assertTrue(out.contains(text), text + "\n" + out);
            }
            for (String name : List.of("good", "listed", "open")) assertFalse(out.contains(name + ": "), out);
        }
    }
}
