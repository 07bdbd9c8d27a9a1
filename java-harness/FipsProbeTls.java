/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS with itself, in memory: a client and a server of the same JDK, with a certificate made and
 * signed on the way. It trusts that one certificate and no other.
 */
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

final class FipsProbeTls extends FipsProbePair implements X509TrustManager {
    private static final int ROUNDS = 60; /* more than any handshake takes */
    private static final byte[] NOTHING = new byte[0];

    private X509Certificate certificate;

    FipsProbeTls(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "tls-default":
            ofJdk();
            break;
        case "tls-offer":
            offer();
            break;
        default:
            handshake();
        }
    }

    /* What most programs use: with the certificates that the JDK trusts. */
    private void ofJdk() throws Exception {
        SSLContext context;

        about("SSLContext", "Default");
        context = SSLContext.getInstance(algorithm);
        offered = true;
        served(context.getProvider());
        step("SSLContext.getDefaultSSLParameters");
        answer[ANSWER] = joined(context.getDefaultSSLParameters().getProtocols());
        answer[CHECK] = "none";
        step("TrustManagerFactory.init");
        if (trusted() == 0)
            note("it trusts no certificate");
    }

    /* How many certificates the JDK trusts. It says nothing where their file is missing, or may not
     * be read (sun.security.ssl.TrustStoreManager): then there are none. */
    private static int trusted() throws Exception {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(
                TrustManagerFactory.getDefaultAlgorithm());
        int n = 0;

        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers())
            if (manager instanceof X509TrustManager)
                n += ((X509TrustManager) manager).getAcceptedIssuers().length;
        return n;
    }

    /* What a client offers, by the first message that it sends. */
    private void offer() throws Exception {
        SSLContext context = context(null);
        SSLEngine client;
        ByteBuffer out;
        byte[] hello;
        String what = word("what");

        answer[CHECK] = "none";
        client = context.createSSLEngine("localhost", 443);
        client.setUseClientMode(true);
        if (what.equals("protocols")) {
            answer[ANSWER] = joined(client.getEnabledProtocols());
            return;
        }
        if (what.equals("suites")) {
            answer[ANSWER] = joined(client.getEnabledCipherSuites());
            return;
        }
        out = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        step("SSLEngine.wrap");
        client.wrap(ByteBuffer.wrap(NOTHING), out);
        hello = Arrays.copyOf(out.array(), out.position());
        answer[ANSWER] = extension(hello, what.equals("groups") ? 10 : 13);
        if (answer[ANSWER] == null)
            wrong("the ClientHello does not name them");
    }

    /* The list of numbers in one extension of a ClientHello (RFC 8446, 4.1.2): "001d 0017". */
    private static String extension(byte[] hello, int wanted) {
        int at = 5 + 4 + 2 + 32; /* record, message, version, random */
        StringBuilder text = new StringBuilder();

        at += 1 + (hello[at] & 255);   /* session */
        at += 2 + pair(hello, at);     /* suites */
        at += 1 + (hello[at] & 255);   /* compression */
        at += 2;
        for (int length; at + 4 <= hello.length; at += 4 + length) {
            length = pair(hello, at + 2);
            if (pair(hello, at) != wanted)
                continue;
            for (int i = at + 6; i + 1 < at + 4 + length; i += 2)
                text.append(text.length() == 0 ? "" : " ")
                        .append(Integer.toHexString(0x10000 | pair(hello, i)).substring(1));
            return text.toString();
        }
        return null;
    }

    private static int pair(byte[] bytes, int at) {
        return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
    }

    private static String joined(String[] words) {
        StringBuilder text = new StringBuilder();

        for (String word : words)
            text.append(text.length() == 0 ? "" : " ").append(word);
        return cut(text.toString());
    }

    private SSLContext context(KeyPair pair) throws Exception {
        SSLContext context;

        about("SSLContext", word("protocol"));
        context = SSLContext.getInstance(algorithm);
        offered = true;
        served(context.getProvider());
        step("SSLContext.init");
        load("FipsProbeTlsKeys");
        context.init(new KeyManager[] {new FipsProbeTlsKeys(pair == null ? null : pair.getPrivate(),
                certificate)}, new TrustManager[] {this}, null);
        return context;
    }

    /* ---- a handshake ----------------------------------------------------------------------------- */

    private void handshake() throws Exception {
        byte[] message = bytes("message"), got;
        SSLEngine client, server;
        SSLContext context;
        KeyPair pair;

        supported(); /* before there is a key, so that it is what fails */
        pair = shared("EC", "secp256r1", 0, 0);
        note("private key: " + pair.getPrivate().getClass().getName());
        certificate = selfSigned(pair);
        context = context(pair);
        client = engine(context, true);
        server = engine(context, false);
        meet(client, server);
        note("suite " + client.getSession().getCipherSuite());
        answer[ANSWER] = cut(client.getSession().getProtocol() + " "
                + client.getSession().getCipherSuite());
        step("SSLEngine (data)");
        got = send(client, server, message);
        answer[CHECK] = "round-trip";
        if (!client.getSession().getProtocol().equals(word("version")))
            wrong("the protocol is " + client.getSession().getProtocol());
        else if (!Arrays.equals(got, message) || !Arrays.equals(send(server, client, got), message))
            wrong("other data arrived than was sent");
    }

    /* What engines know, enabled or not. */
    private void supported() throws Exception {
        SSLParameters known = context(null).getSupportedSSLParameters();
        String version = word("version"), suite = word("suite");

        step("SSLContext.getSupportedSSLParameters");
        if (!Arrays.asList(known.getProtocols()).contains(version))
            throw new NoSuchAlgorithmException(version.concat(" is not supported"));
        if (suite != null && !Arrays.asList(known.getCipherSuites()).contains(suite))
            throw new NoSuchAlgorithmException(suite.concat(" is not supported"));
    }

    private SSLEngine engine(SSLContext context, boolean client) throws Exception {
        SSLEngine engine = context.createSSLEngine("localhost", 443);
        SSLParameters parameters = engine.getSSLParameters();

        parameters.setProtocols(new String[] {word("version")});
        if (word("suite") != null)
            parameters.setCipherSuites(new String[] {word("suite")});
        if (word("group") != null)
            choose(parameters, word("group"));
        engine.setUseClientMode(client);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /* Since 20; before, they can be chosen for the whole JVM only. */
    private static void choose(SSLParameters parameters, String group) throws Exception {
        try {
            call(SSLParameters.class, "setNamedGroups", parameters,
                    (Object) new String[] {group});
        } catch (NoSuchMethodException e) {
            throw new NoSuchAlgorithmException("this Java cannot choose groups");
        }
    }

    /* By turns, until both are done: what one has to say is what the other reads. */
    private void meet(SSLEngine client, SSLEngine server) throws SSLException {
        byte[] toServer = NOTHING, toClient = NOTHING;

        step("SSLEngine (handshake)");
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < ROUNDS; i++) {
            toServer = joined(toServer, said(client));
            toServer = heard(server, toServer);
            toClient = joined(toClient, said(server));
            toClient = heard(client, toClient);
            if (idle(client) && idle(server) && toServer.length == 0 && toClient.length == 0)
                return;
        }
        throw new SSLException("the handshake did not come to its end");
    }

    private static boolean idle(SSLEngine engine) {
        return engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void work(SSLEngine engine) {
        for (Runnable task; (task = engine.getDelegatedTask()) != null;)
            task.run();
    }

    private static byte[] said(SSLEngine engine) throws SSLException {
        byte[] all = NOTHING;

        work(engine);
        while (engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP) {
            all = joined(all, wrapped(engine, NOTHING));
            work(engine);
        }
        return all;
    }

    private static byte[] wrapped(SSLEngine engine, byte[] data) throws SSLException {
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());

        engine.wrap(ByteBuffer.wrap(data), out);
        return Arrays.copyOf(out.array(), out.position());
    }

    /* What is left of bytes. */
    private static byte[] heard(SSLEngine engine, byte[] bytes) throws SSLException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());

        while (in.hasRemaining()) {
            SSLEngineResult result = engine.unwrap(in, out);

            work(engine);
            if (result.bytesConsumed() == 0
                    && result.getStatus() != SSLEngineResult.Status.OK
                    || engine.getHandshakeStatus()
                            == SSLEngineResult.HandshakeStatus.NEED_WRAP)
                break;
        }
        return Arrays.copyOfRange(bytes, in.position(), bytes.length);
    }

    private byte[] send(SSLEngine from, SSLEngine to, byte[] data) throws SSLException {
        byte[] sent = wrapped(from, data);
        ByteBuffer in = ByteBuffer.wrap(sent);
        ByteBuffer out = ByteBuffer.allocate(to.getSession().getApplicationBufferSize());

        for (int i = 0; i + data.length <= sent.length; i++)
            if (Arrays.equals(Arrays.copyOfRange(sent, i, i + data.length), data))
                wrong("the data are sent as they are");
        while (in.hasRemaining() && to.unwrap(in, out).getStatus() == SSLEngineResult.Status.OK)
            work(to);
        return Arrays.copyOf(out.array(), out.position());
    }

    private static byte[] joined(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);

        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    /* ---- a certificate ---------------------------------------------------------------------------- */

    /* X.509 version 1, signed by itself with ECDSA and SHA-256. No certificate of a file would do:
     * a FIPS token takes no private key from outside. */
    private X509Certificate selfSigned(KeyPair pair) throws Exception {
        byte[] ecdsaWithSha256 = {0x30, 10, 6, 8, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3,
                2};
        byte[] commonName = {0x55, 4, 3};
        byte[] name = element(0x30, element(0x31, element(0x30, element(6, commonName),
                element(12, "localhost".getBytes("US-ASCII")))));
        byte[] validity = element(0x30, element(24, "20000101000000Z".getBytes("US-ASCII")),
                element(24, "99991231235959Z".getBytes("US-ASCII")));
        byte[] body = element(0x30, element(2, new byte[] {1}), ecdsaWithSha256, name, validity,
                name, pair.getPublic().getEncoded());
        Signature signature;

        step("Signature.sign (certificate)");
        signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        step("CertificateFactory.generateCertificate");
        return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(
                new ByteArrayInputStream(element(0x30, body, ecdsaWithSha256,
                        element(3, joined(new byte[] {0}, signature.sign())))));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String how)
            throws CertificateException {
        throw new CertificateException("no client is expected to have one");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String how)
            throws CertificateException {
        if (!chain[0].equals(certificate))
            throw new CertificateException("another certificate came than was made");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
