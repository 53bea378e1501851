import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
    private static final String SAN = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    @TempDir static Path pems;

    /** Files created with OpenSSL, named after algorithm and form. */
    @BeforeAll static void make() throws Exception {
        boolean hasOpenssl = List.of(System.getenv("PATH").split(java.io.File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "openssl")));
        Assumptions.assumeTrue(hasOpenssl, "no openssl");
        openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa8.key");
        openssl("rsa -in rsa8.key -traditional -out rsa1.key");
        openssl("ecparam -name prime256v1 -genkey -out ec1.key");
        openssl("pkcs8 -topk8 -nocrypt -in ec1.key -out ec8.key");
        openssl("ecparam -name prime256v1 -genkey -noout -out ca.key");
        openssl("ecparam -name secp521r1 -genkey -noout -out large1.key");
        openssl("ecparam -name secp256k1 -genkey -noout -out odd.key");
        for (String each : List.of("rsa8.key rsa.crt", "ec1.key ec.crt", "large1.key large.crt", "ca.key ca.crt",
                "odd.key odd.crt")) {
            String[] names = each.split(" ");
            openssl("req -x509 -key " + names[0] + " -out " + names[1] + " -subj /CN=" + names[1] + " -addext " + SAN);
        }
        Files.writeString(pems.resolve("san"), SAN);
        openssl("req -new -key rsa8.key -out leaf.csr -subj /CN=leaf");
        openssl("x509 -req -in leaf.csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile san -out leaf.crt");
        write("chain.crt", read("leaf.crt") + read("ca.crt"));
        write("reversed.crt", read("ca.crt") + read("leaf.crt"));
        write("broken-chain.crt", read("leaf.crt") + read("large.crt"));
        write("both.pem", "a bundle\n" + read("rsa8.key") + read("rsa.crt"));
        openssl("pkcs8 -topk8 -in ec1.key -passout pass:x -out encrypted8.key");
        openssl("rsa -in rsa8.key -traditional -aes128 -passout pass:x -out encrypted1.key");
        openssl("x509 -in rsa.crt -outform DER -out der.crt");
        openssl("req -x509 -newkey ed25519 -nodes -keyout ed.key -out ed.crt -subj /CN=ed");
        write("rubbish.key", "-----BEGIN PRIVATE KEY-----\nrubbish*\n-----END PRIVATE KEY-----\n");
        write("rubbish.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        write("empty", "");
    }

    private static void openssl(String arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ")));
        TestProject.Ran ran = TestProject.run(pems, Map.of(), "", command.toArray(new String[0]));
        assertEquals(0, ran.status(), arguments + "\n" + ran.err());
    }

    private static void write(String name, String text) throws IOException {
        Files.writeString(pems.resolve(name), text);
    }

    private static String read(String name) throws IOException {
        return Files.readString(pems.resolve(name));
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        try (var in = Files.newInputStream(certificate)) {
            return trusting((X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
    }

    private static SSLContext trusting(X509Certificate certificate) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("it", certificate);
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** A handshake in which the client verifies host name and chain, and data is transferred. */
    private static void assertServes(ServerLocal.Tls tls, SSLContext client, String host) throws Exception {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (SSLServerSocket server = (SSLServerSocket) tls.context().getServerSocketFactory()
                .createServerSocket(0, 1, here)) {
            Thread accepting = new Thread(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write(socket.getInputStream().read() + 1);
                } catch (IOException e) {
                    // the client reports it
                }
            });
            accepting.start();
            try (Socket plain = new Socket(here, server.getLocalPort()); SSLSocket socket = (SSLSocket) client
                    .getSocketFactory().createSocket(plain, host, server.getLocalPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.getOutputStream().write(7);
                assertEquals(8, socket.getInputStream().read());
            }
            accepting.join();
        }
    }

    private static ServerLocal.Tls tls(String certificate, String key) {
        return ServerLocal.Tls.of(pems.resolve(certificate), pems.resolve(key));
    }

    @Test void every_form_of_key_serves_its_certificate() throws Exception {
        for (String pair : List.of("rsa.crt rsa8.key", "rsa.crt rsa1.key", "ec.crt ec1.key", "ec.crt ec8.key",
                "large.crt large1.key", "both.pem both.pem")) {
            String[] files = pair.split(" ");
            String trusted = files[0].equals("both.pem") ? "rsa.crt" : files[0];
            assertServes(tls(files[0], files[1]), trusting(pems.resolve(trusted)), "localhost");
        }
    }

    @Test void a_client_that_trusts_only_the_root_accepts_the_chain() throws Exception {
        assertServes(tls("chain.crt", "rsa1.key"), trusting(pems.resolve("ca.crt")), "127.0.0.1");
    }

    @Test void startup_failures_are_one_message() {
        String misfit = "the private key in `%s` does not match the first certificate in `%s`: ";
        assertRejected("ec.crt", "rsa8.key", misfit.formatted("rsa8.key", "ec.crt") + "the algorithms differ");
        assertRejected("rsa.crt", "ec1.key", misfit.formatted("ec1.key", "rsa.crt") + "the algorithms differ");
        assertRejected("ca.crt", "ec1.key", misfit.formatted("ec1.key", "ca.crt") + "it belongs to another certificate");
        assertRejected("ec.crt", "large1.key", misfit.formatted("large1.key", "ec.crt"));
        assertRejected("reversed.crt", "rsa8.key", misfit.formatted("rsa8.key", "reversed.crt"));
        assertRejected("ed.crt", "ed.key", misfit.formatted("ed.key", "ed.crt") + "only RSA and EC keys are supported, not Ed");
        assertRejected("odd.crt", "odd.key", misfit.formatted("odd.key", "odd.crt"));
        assertRejected("broken-chain.crt", "rsa8.key",
                "certificate 1 in `broken-chain.crt` is not issued by the next one");
        assertRejected("ec.crt", "encrypted8.key", "the private key in `encrypted8.key` is encrypted");
        assertRejected("rsa.crt", "encrypted1.key", "the private key in `encrypted1.key` is encrypted");
        assertRejected("ec.crt", "rubbish.key", "cannot read the private key in `rubbish.key`");
        assertRejected("ec.crt", "ec.crt", "no private key in `ec.crt`");
        assertRejected("ec1.key", "ec1.key", "no certificate in `ec1.key`");
        assertRejected("der.crt", "rsa8.key", "no certificate in `der.crt`");
        assertRejected("empty", "empty", "no certificate in `empty`");
        assertTrue(assertThrows(ServerLocal.Fault.class, () -> tls("rubbish.crt", "ec1.key")).getMessage()
                .contains("cannot read a certificate in `"));
    }

    private static void assertRejected(String certificate, String key, String message) {
        ServerLocal.Fault fault = assertThrows(ServerLocal.Fault.class, () -> tls(certificate, key));
        String reported = fault.getMessage().replace(pems + java.io.File.separator, "");
        assertTrue(reported.startsWith(message), reported);
        assertEquals(1, fault.problems().size());
    }

    @Test void a_generated_certificate_covers_the_names_of_this_machine() throws Exception {
        List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
        for (int i = 0; i < 100; i++) names.add("function" + i + ".localhost");
        ServerLocal.Tls tls = ServerLocal.Tls.selfSigned(names);
        X509Certificate certificate = tls.chain().get(0);
        certificate.verify(certificate.getPublicKey());
        certificate.checkValidity();
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        assertEquals(new TreeSet<>(List.of("0:0:0:0:0:0:0:1", "127.0.0.1", "function99.localhost", "localhost")),
                certificate.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString())
                        .filter(name -> !name.matches("function\\d\\.local.*|function[0-8]\\d\\.local.*|function9[0-8].*"))
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
        assertServes(tls, trusting(certificate), "localhost");
        assertServes(tls, trusting(certificate), "function7.localhost");
        assertServes(tls, trusting(certificate), "127.0.0.1");
        assertThrows(IOException.class, () -> assertServes(tls, trusting(certificate), "example.com"));
    }

    private static TestProject secured(ServerLocal.Config.Front front) {
        return TestProject.of("template.yaml", TestProject.function("Fn", "App::handle", "src", "/{proxy+}"),
                "src/App.java", TestProject.handler("App", "((Map) event.get(\"headers\")).get(\"X-Forwarded-Proto\")"))
                .withFront(front).start();
    }

    private static String get(TestProject project, HttpClient client) throws Exception {
        HttpResponse<String> response = client.send(HttpRequest.newBuilder(URI.create("https://localhost:"
                + project.port() + "/x")).timeout(Duration.ofSeconds(20)).build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(200, response.statusCode(), response.body());
        return response.body();
    }

    @Test void a_server_serves_https_and_functions_see_it() throws Exception {
        var front = new ServerLocal.Config.Front(null, false, pems.resolve("chain.crt"), pems.resolve("rsa1.key"),
                ServerLocal.Inspector.BESIDE, ServerLocal.Config.Exposure.LOCAL);
        try (TestProject project = secured(front)) {
            HttpClient client = HttpClient.newBuilder().sslContext(trusting(pems.resolve("ca.crt"))).build();
            assertEquals("https", get(project, client));
            assertTrue(project.console().contains("\u2192 https://127.0.0.1:" + project.port()), project.console());
        }
    }

    @Test void clients_that_fail_or_stall_in_the_handshake_do_not_affect_others() throws Exception {
        var front = new ServerLocal.Config.Front(null, false, pems.resolve("ec.crt"), pems.resolve("ec1.key"),
                ServerLocal.Inspector.BESIDE, ServerLocal.Config.Exposure.LOCAL);
        List<Socket> stalled = new ArrayList<>();
        try (TestProject project = secured(front)) {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket("127.0.0.1", project.port());
                socket.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1});
                stalled.add(socket);
            }
            String plain = project.raw("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertFalse(plain.startsWith("HTTP/1.1 2"), plain);
            assertThrows(IOException.class, () -> get(project, HttpClient.newHttpClient()));
            HttpClient client = HttpClient.newBuilder().sslContext(trusting(pems.resolve("ec.crt"))).build();
            assertEquals("https", get(project, client));
            String after = project.console().split("CTRL\\+C to quit\\)\n")[1];
            assertTrue(after.matches("[0-9:]+  200 .* GET +/x .*\n"), after);
        } finally {
            for (Socket socket : stalled) socket.close();
        }
    }

    @Test void certificate_and_key_must_be_given_together_and_exist() throws Exception {
        Path there = pems.resolve("ec.crt");
        try (TestProject project = TestProject.of("template.yaml", "Resources: {}")) {
            String template = project.path("template.yaml").toString();
            TestProject.Ran one = TestProject.cli("-t", template, "--ssl-cert-file", there.toString());
            assertEquals(2, one.status());
            assertTrue(one.err().contains("error: `--ssl-cert-file` and `--ssl-key-file` must be given together"), one.err());
            TestProject.Ran missing = TestProject.cli("-t", template, "--ssl-cert-file", there.toString(),
                    "--ssl-key-file", "nowhere.pem");
            assertEquals(2, missing.status());
            assertTrue(missing.err().contains("error: `--ssl-key-file`: no such file `nowhere.pem`"), missing.err());
        }
    }
}
