package samlocal.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import samlocal.base.Fault;

/**
 * What a server shows to its clients: a certificate, those that it was issued by, and its private key.
 *
 * @param chain the server's own certificate first
 */
public record Tls(List<X509Certificate> chain, PrivateKey key) {
    /** One part of a PEM file (RFC 7468); {@code bytes} are null where they are no base64. */
    private record Block(String type, byte[] bytes, boolean isEncrypted) {
    }

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final int MOST_BYTES = 1 << 20;

    /**
     * From two PEM files, which may be one and the same. Keys are PKCS#8, or what older tools write: PKCS#1 for
     * RSA, SEC 1 for elliptic curves.
     *
     * @throws Fault if they cannot be read, or do not belong together
     */
    public static Tls of(Path certificate, Path key) {
        List<X509Certificate> chain = blocks(certificate).stream().filter(block ->
                block.type().equals("CERTIFICATE")).map(block -> certificate(block, certificate)).toList();
        if (chain.isEmpty()) {
            throw Fault.project("no certificate in `" + certificate + "`", null,
                    "it must be PEM: `-----BEGIN CERTIFICATE-----`");
        }
        Tls tls = new Tls(chain, key(key, chain.get(0).getPublicKey(), certificate));
        tls.requireChain(certificate);
        return tls;
    }

    private static List<Block> blocks(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) throw Fault.project("`" + file + "` has more than 1 MB");
            return BLOCK.matcher(Files.readString(file, ISO_8859_1)).results().map(found ->
                    block(found.group(1), found.group(2))).toList();
        } catch (IOException e) {
            throw Fault.project("cannot read `" + file + "`: " + Fault.reason(e));
        }
    }

    private static Block block(String type, String text) {
        boolean isEncrypted = type.startsWith("ENCRYPTED") || text.contains("ENCRYPTED");
        try {
            return new Block(type, isEncrypted ? null : Base64.getMimeDecoder().decode(text), isEncrypted);
        } catch (IllegalArgumentException e) {
            return new Block(type, null, false);
        }
    }

    private static X509Certificate certificate(Block block, Path file) {
        try {
            if (block.bytes() == null) throw new CertificateException("no base64");
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()));
        } catch (CertificateException e) {
            throw Fault.project("cannot read a certificate in `" + file + "`: " + e.getMessage());
        }
    }

    private static PrivateKey key(Path file, PublicKey other, Path certificate) {
        Block block = blocks(file).stream().filter(each -> each.type().endsWith("PRIVATE KEY")).findFirst()
                .orElseThrow(() -> Fault.project("no private key in `" + file + "`", null,
                        "it must be PEM: `-----BEGIN PRIVATE KEY-----`"));
        if (block.isEncrypted()) {
            throw Fault.project("the private key in `" + file + "` is encrypted", null,
                    "make a plain copy: openssl pkey -in " + file + " -out plain.pem");
        }
        if (block.bytes() == null || block.bytes().length < 2 || block.bytes()[0] != Der.SEQUENCE) {
            throw Fault.project("cannot read the private key in `" + file + "`");
        }
        try {
            return keyOf(block, other);
        } catch (GeneralSecurityException e) {
            String reason = e instanceof InvalidKeySpecException ? "it is of another kind" : e.getMessage();
            throw Fault.project("the private key in `" + file + "` does not fit the first certificate in `"
                    + certificate + "`: " + reason);
        }
    }

    private static Signature signature(PublicKey key) throws NoSuchAlgorithmException {
        return switch (key.getAlgorithm()) {
            case "RSA" -> Signature.getInstance("SHA256withRSA");
            case "EC" -> Signature.getInstance("SHA256withECDSA");
            default -> throw new NoSuchAlgorithmException("RSA and EC are served, not " + key.getAlgorithm());
        };
    }

    /** The key, which must be the counterpart of another. */
    private static PrivateKey keyOf(Block block, PublicKey other) throws GeneralSecurityException {
        Signature signature = signature(other);
        byte[] encoded = block.type().equals("PRIVATE KEY") ? block.bytes() : Der.of(Der.SEQUENCE,
                Der.of(Der.INTEGER, new byte[1]), Der.firstIn(other.getEncoded()),
                Der.of(Der.OCTETS, block.bytes()));
        PrivateKey key = KeyFactory.getInstance(other.getAlgorithm())
                .generatePrivate(new PKCS8EncodedKeySpec(encoded));
        signature.initSign(key);
        byte[] proof = signature.sign();
        signature.initVerify(other);
        if (!signature.verify(proof)) throw new InvalidKeyException("it belongs to another one");
        return key;
    }

    private void requireChain(Path file) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            if (!chain.get(i).getIssuerX500Principal().equals(chain.get(i + 1).getSubjectX500Principal())) {
                throw Fault.project("certificate " + (i + 1) + " in `" + file + "` is not issued by the next one",
                        null, "begin with the server's own; the issuer of each comes next");
            }
        }
    }

    /** A new one, good for a year, for names and addresses. */
    public static Tls selfSigned(List<String> hosts) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] content = content(pair.getPublic(), hosts);
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(content);
            byte[] encoded = Der.of(Der.SEQUENCE, content, Der.ECDSA_WITH_SHA256, Der.bits(signature.sign()));
            return new Tls(List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(encoded))), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw Fault.project("cannot make a certificate: " + e.getMessage(), null,
                    "name one with `--ssl-cert-file` and `--ssl-key-file`");
        }
    }

    /** RFC 5280, section 4.1: TBSCertificate of version 3. */
    private static byte[] content(PublicKey key, List<String> hosts) {
        byte[] name = Der.of(Der.SEQUENCE, Der.of(Der.SET, Der.of(Der.SEQUENCE, Der.hex("0603550403"),
                Der.of(Der.TEXT, "samlocal".getBytes(UTF_8)))));
        byte[] serial = new byte[8];
        new SecureRandom().nextBytes(serial);
        serial[0] = 1;
        Instant now = Instant.now();
        byte[] validity = Der.of(Der.SEQUENCE, Der.time(now.minus(1, ChronoUnit.DAYS)),
                Der.time(now.plus(365, ChronoUnit.DAYS)));
        return Der.of(Der.SEQUENCE, Der.of(0xa0, Der.of(Der.INTEGER, new byte[] {2})),
                Der.of(Der.INTEGER, serial), Der.ECDSA_WITH_SHA256, name, validity, name, key.getEncoded(),
                Der.of(0xa3, Der.of(Der.SEQUENCE, Der.SERVER_ONLY, names(hosts))));
    }

    /** Section 4.2.1.6: the names that it is for. */
    private static byte[] names(List<String> hosts) {
        byte[][] names = hosts.stream().map(Tls::name).toArray(byte[][]::new);
        return Der.of(Der.SEQUENCE, Der.hex("0603551d11"), Der.of(Der.OCTETS, Der.of(Der.SEQUENCE, names)));
    }

    private static byte[] name(String host) {
        try {
            boolean isAddress = host.contains(":") || host.matches("[0-9.]+");
            if (isAddress) return Der.of(0x87, InetAddress.getByName(host).getAddress());
        } catch (UnknownHostException e) {
            // that nothing can listen there is told by who tries
        }
        return Der.of(0x82, host.getBytes(UTF_8));
    }

    /** What {@link WebServer} takes. */
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
            throw Fault.project("cannot serve https with this certificate: " + e.getMessage());
        }
    }

    /** Distinguished encoding rules (ITU-T X.690): a tag, a length of 65,535 at most, the content. */
    private static final class Der {
        static final int INTEGER = 0x02;
        static final int OCTETS = 0x04;
        static final int TEXT = 0x0c;
        static final int SEQUENCE = 0x30;
        static final int SET = 0x31;
        static final byte[] ECDSA_WITH_SHA256 = of(SEQUENCE, hex("06082a8648ce3d040302"));
        /** The extension extKeyUsage with serverAuth. */
        static final byte[] SERVER_ONLY = of(SEQUENCE, hex("0603551d25"),
                of(OCTETS, of(SEQUENCE, hex("06082b06010505070301"))));

        private Der() {
        }

        static byte[] of(int tag, byte[]... parts) {
            int length = Stream.of(parts).mapToInt(part -> part.length).sum();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(tag);
            if (length > 255) out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8)});
            else if (length > 127) out.write(0x81);
            out.write(length);
            Stream.of(parts).forEach(out::writeBytes);
            return out.toByteArray();
        }

        static byte[] hex(String digits) {
            return HexFormat.of().parseHex(digits);
        }

        static byte[] bits(byte[] bytes) {
            return of(0x03, new byte[1], bytes);
        }

        static byte[] time(Instant instant) {
            String text = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(instant);
            return of(0x17, text.getBytes(UTF_8));
        }

        /** The first element of a sequence, tag and length included; none here is longer than 127 bytes. */
        static byte[] firstIn(byte[] sequence) {
            int start = sequence[1] > 0 ? 2 : 2 + (sequence[1] & 0x7f);
            return Arrays.copyOfRange(sequence, start, start + 2 + sequence[start + 1]);
        }
    }
}
