package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import samlocal.base.Fault;
import samlocal.files.Scratch;

/**
 * A server certificate with its chain and private key.
 *
 * @param chain the server's certificate comes first
 */
public record Tls(List<X509Certificate> chain, PrivateKey key) {
    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final int MOST_BYTES = 1 << 20;
    private static final int SEQUENCE = 0x30;
    private static final String PASSWORD = "changeit";
    /** Host names and addresses that keytool accepts. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*.-]+");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /**
     * Reads two PEM files (RFC 7468), which may be the same. Keys are PKCS#8 or, from older tools, PKCS#1 for RSA and
     * SEC 1 for elliptic curves.
     *
     * @throws Fault if they cannot be read or do not match
     */
    public static Tls of(Path certificate, Path key) {
        List<X509Certificate> chain = blocks(certificate).filter(block -> block.group(1).equals("CERTIFICATE"))
                .map(block -> certificate(block.group(), certificate)).toList();
        if (chain.isEmpty()) {
            throw Fault.project("no certificate in `" + certificate + "`", null,
                    "a PEM file contains `-----BEGIN CERTIFICATE-----`");
        }
        Tls tls = new Tls(chain, key(key, chain.get(0).getPublicKey(), certificate));
        tls.requireChain(certificate);
        return tls;
    }

    private static Stream<MatchResult> blocks(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` is larger than 1 MB");
            return PEM.matcher(Files.readString(file, ISO_8859_1)).results();
        } catch (IOException e) {
            throw Fault.project("cannot read `" + file + "`: " + Fault.reason(e));
        }
    }

    private static X509Certificate certificate(String pem, Path file) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(ISO_8859_1)));
        } catch (CertificateException e) {
            throw Fault.project("cannot read a certificate in `" + file + "`: " + e.getMessage());
        }
    }

    private static PrivateKey key(Path file, PublicKey other, Path certificate) {
        MatchResult block = blocks(file).filter(each -> each.group(1).endsWith("PRIVATE KEY")).findFirst()
                .orElseThrow(() -> Fault.project("no private key in `" + file + "`", null,
                        "a PEM file contains `-----BEGIN PRIVATE KEY-----`"));
        if (block.group().contains("ENCRYPTED")) {
            throw Fault.project("the private key in `" + file + "` is encrypted", null,
                    "decrypt it: openssl pkey -in " + file + " -out plain.pem");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(block.group(2));
            if (encoded.length == 0 || encoded[0] != SEQUENCE) throw new IllegalArgumentException("not DER");
            return matching(block.group(1).equals("PRIVATE KEY") ? encoded : pkcs8(encoded, other), other);
        } catch (IllegalArgumentException e) {
            throw Fault.project("cannot read the private key in `" + file + "`");
        } catch (GeneralSecurityException e) {
            String reason = e instanceof InvalidKeySpecException ? "the algorithms differ" : e.getMessage();
            throw Fault.project("the private key in `" + file + "` does not match the first certificate in `"
                    + certificate + "`: " + reason);
        }
    }

    /** Decodes the private key and verifies that it matches the public key. */
    private static PrivateKey matching(byte[] encoded, PublicKey other) throws GeneralSecurityException {
        String algorithm = other.getAlgorithm();
        if (!algorithm.equals("RSA") && !algorithm.equals("EC")) {
            throw new InvalidKeyException("only RSA and EC keys are supported, not " + algorithm);
        }
        PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        Signature signature = Signature.getInstance(algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        byte[] proof = signature.sign();
        signature.initVerify(other);
        if (!signature.verify(proof)) throw new InvalidKeyException("it belongs to another certificate");
        return key;
    }

    /** Wraps PKCS#1 or SEC 1 in PKCS#8 (RFC 5208): version 0, the algorithm of the public key, the private key. */
    private static byte[] pkcs8(byte[] key, PublicKey other) {
        byte[] algorithm = other.getEncoded(); // a sequence of the algorithm, shorter than 128 bytes, and the key
        int start = algorithm[1] > 0 ? 2 : 2 + (algorithm[1] & 0x7f);
        byte[] version = {0x02, 1, 0};
        return der(SEQUENCE, version, Arrays.copyOfRange(algorithm, start, start + 2 + algorithm[start + 1]),
                der(0x04, key));
    }

    /** Encodes a tag, a length of at most 65,535 in as few bytes as possible, and the content (ITU-T X.690). */
    private static byte[] der(int tag, byte[]... parts) {
        int length = Stream.of(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length > 127) out.write(length > 255 ? 0x82 : 0x81);
        if (length > 255) out.write(length >> 8);
        out.write(length);
        Stream.of(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }

    private void requireChain(Path file) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                throw Fault.project("certificate " + (i + 1) + " in `" + file + "` is not issued by the next one",
                        null, "put the server's certificate first, each followed by its issuer");
            }
        }
    }

    /**
     * Generates a certificate for host names and addresses, valid for a year.
     *
     * @throws Fault if the running JDK has no keytool, or it fails
     */
    public static Tls selfSigned(List<String> hosts) {
        String names = hosts.stream().filter(host -> NAME.matcher(host).matches() || ADDRESS.matcher(host).matches())
                .map(host -> (ADDRESS.matcher(host).matches() ? "ip:" : "dns:") + host)
                .collect(Collectors.joining(","));
        try {
            Path folder = Scratch.folder();
            Path file = folder.resolve("server.p12");
            Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname", "secp256r1",
                    "-sigalg", "SHA256withECDSA", "-dname", "CN=samlocal", "-startdate", "-1d", "-validity", "366",
                    "-ext", "san=" + names, "-ext", "eku=serverAuth", "-storetype", "PKCS12",
                    "-keystore", file.toString(), "-storepass", PASSWORD).redirectErrorStream(true).start();
            String output = new String(keytool.getInputStream().readAllBytes(), ISO_8859_1);
            if (!Files.exists(file)) throw new IOException(output.strip());
            KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
            Scratch.delete(folder);
            return new Tls(List.of((X509Certificate) store.getCertificate("server")),
                    (PrivateKey) store.getKey("server", PASSWORD.toCharArray()));
        } catch (IOException | GeneralSecurityException e) {
            throw Fault.project("cannot create a certificate with the JDK's keytool: " + e.getMessage(), null,
                    "specify a certificate with `--ssl-cert-file` and `--ssl-key-file`");
        }
    }

    /** The context for {@link WebServer}. */
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], chain.toArray(new X509Certificate[0]));
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Fault.project("cannot serve HTTPS with this certificate: " + e.getMessage());
        }
    }
}
