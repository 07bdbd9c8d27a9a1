/* SPDX-License-Identifier: Apache-2.0
 *
 * WitnessTls.java: the part of Witness that does TLS with itself. The certificate is one of the
 * catalogue's with another key in it, signed again.
 */
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.KeyPair;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;

class WitnessTls {
    static class One extends X509ExtendedKeyManager implements X509TrustManager {
        PrivateKey key;
        X509Certificate certificate;

        public String chooseEngineServerAlias(String type, Principal[] p, SSLEngine e) {
            return type.startsWith("EC") ? "one" : null;
        }

        public String chooseServerAlias(String type, Principal[] p, Socket s) {
            return null;
        }

        public String chooseClientAlias(String[] types, Principal[] p, Socket s) {
            return null;
        }

        public String[] getClientAliases(String type, Principal[] p) {
            return null;
        }

        public String[] getServerAliases(String type, Principal[] p) {
            return null;
        }

        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        public PrivateKey getPrivateKey(String alias) {
            return key;
        }

        public void checkClientTrusted(X509Certificate[] chain, String how) {
        }

        public void checkServerTrusted(X509Certificate[] chain, String how) {
        }

        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    static String run(String name, String version, String suite, String group) throws Exception {
        SSLContext c = SSLContext.getInstance(name);
        One one = new One();

        if (name.equals("Default"))
            return c.getProvider().getName();
        c.init(new KeyManager[] {one}, new TrustManager[] {one}, null);
        if (version.isEmpty()) {
            Witness.expect(c.createSSLEngine().getEnabledProtocols().length > 0, "protocols");
            return c.getProvider().getName();
        }
        if (!Arrays.asList(c.getSupportedSSLParameters().getProtocols()).contains(version)
                || !suite.isEmpty() && !Arrays.asList(
                        c.getSupportedSSLParameters().getCipherSuites()).contains(suite))
            throw new NoSuchAlgorithmException(version + " " + suite);
        if (Witness.hex(Witness.vectors.get("keystore.jks certificate")) == null)
            return null;
        sign(one, WitnessPair.made("EC", 0, "secp256r1", 0));
        talk(engine(c, version, suite, group, true), engine(c, version, suite, group, false));
        return c.getProvider().getName();
    }

    static void sign(One one, KeyPair pair) throws Exception {
        X509Certificate old = WitnessWork.certificate(
                Witness.hex(Witness.vectors.get("keystore.jks certificate")));
        byte[] body = old.getTBSCertificate(), from = old.getPublicKey().getEncoded();
        byte[] to = pair.getPublic().getEncoded();
        Signature s = Signature.getInstance("SHA256withECDSA");

        for (int i = 0; i + from.length <= body.length; i++)
            if (Arrays.equals(Arrays.copyOfRange(body, i, i + from.length), from))
                System.arraycopy(to, 0, body, i, to.length);
        s.initSign(pair.getPrivate());
        s.update(body);
        one.key = pair.getPrivate();
        one.certificate = WitnessWork.certificate(WitnessPair.wrapped(0x30,
                    WitnessPair.both(WitnessPair.both(body,
                Witness.hex("300a06082a8648ce3d040302")),
                WitnessPair.wrapped(3, WitnessPair.both(new byte[1], s.sign())))));
    }

    static SSLEngine engine(SSLContext c, String version, String suite, String group,
            boolean client) throws Exception {
        SSLEngine e = c.createSSLEngine();

        e.setUseClientMode(client);
        e.setEnabledProtocols(new String[] {version});
        if (!suite.isEmpty())
            e.setEnabledCipherSuites(new String[] {suite});
        if (!group.isEmpty()) {
            SSLParameters p = e.getSSLParameters();

            try {
                WitnessWork.invoke(SSLParameters.class.getMethod("setNamedGroups",
                        String[].class), p, (Object) new String[] {group});
            } catch (NoSuchMethodException x) {
                throw new NoSuchAlgorithmException("before Java 20");
            }
            e.setSSLParameters(p);
        }
        return e;
    }

    /* Each says what it has to say, until a word of the client's has come through. */
    static void talk(SSLEngine client, SSLEngine server) throws Exception {
        ByteBuffer up = ByteBuffer.allocate(1 << 17), down = ByteBuffer.allocate(1 << 17);
        ByteBuffer got = ByteBuffer.allocate(1 << 17);

        for (int i = 0; i < 200; i++) {
            step(client, up, down, ByteBuffer.allocate(1 << 17));
            step(server, down, up, got);
            if (got.position() > 0)
                return;
        }
        throw new SSLException("no end");
    }

    static void step(SSLEngine e, ByteBuffer out, ByteBuffer in, ByteBuffer data)
            throws Exception {
        SSLEngineResult r;

        for (Runnable task = e.getDelegatedTask(); task != null; task = e.getDelegatedTask())
            task.run();
        in.flip();
        r = e.unwrap(in, data);
        in.compact();
        for (Runnable task = e.getDelegatedTask(); task != null; task = e.getDelegatedTask())
            task.run();
        do
            r = e.wrap(ByteBuffer.wrap(e.getUseClientMode() ? Witness.TEXT : new byte[0]), out);
        while (r.bytesProduced() > 0 && r.getHandshakeStatus()
                == SSLEngineResult.HandshakeStatus.NEED_WRAP);
    }
}
