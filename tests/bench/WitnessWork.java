/* SPDX-License-Identifier: Apache-2.0
 *
 * WitnessWork.java: the part of Witness that does secret keys, passwords, stores and parameters.
 */
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.AlgorithmParameterGenerator;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.cert.CertPathValidator;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.DESKeySpec;
import javax.crypto.spec.DESedeKeySpec;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

class WitnessWork {
    /* ---- secret keys -------------------------------------------------------------------------- */

    static String digest(String name, String answer) throws Exception {
        MessageDigest d = MessageDigest.getInstance(name);

        Witness.expect(Arrays.equals(d.digest(Witness.hex("text:abc")), Witness.hex(answer)),
                    "digest");
        return d.getProvider().getName();
    }

    static SecretKey generate(String name, int bits) throws Exception {
        KeyGenerator g = KeyGenerator.getInstance(name);

        if (bits > 0)
            g.init(bits);
        return g.generateKey();
    }

    static String mac(String name, int bits) throws Exception {
        Mac m = Mac.getInstance(name), k;
        byte[] first;

        m.init(generate(name, bits));
        first = m.doFinal(Witness.TEXT);
        Witness.expect(Arrays.equals(first, m.doFinal(Witness.TEXT)), "repeated");
        Witness.expect(!Arrays.equals(first, m.doFinal(first)), "changed");
        try {
            k = Mac.getInstance(name, m.getProvider());
            k.init(new SecretKeySpec(new byte[20], name));
            k.doFinal(Witness.TEXT);
        } catch (GeneralSecurityException | ProviderException e) {
            return m.getProvider().getName(); /* no plain keys here */
        }
        return m.getProvider().getName();
    }

    static String plainMac(String name) throws Exception {
        Mac m = Mac.getInstance(name);

        m.init(new SecretKeySpec(new byte[20], name));
        Witness.expect(m.doFinal(Witness.TEXT).length == m.getMacLength(), "length");
        return m.getProvider().getName();
    }

    static void init(Cipher c, int mode, Key key, String how, byte[] iv) throws Exception {
        if (how.equals("gcm"))
            c.init(mode, key, new GCMParameterSpec(128, iv));
        else if (how.equals("chacha20"))
            c.init(mode, key, (AlgorithmParameterSpec) Class
                    .forName("javax.crypto.spec.ChaCha20ParameterSpec")
                    .getConstructor(byte[].class, int.class).newInstance(iv, 1));
        else if (iv.length > 0)
            c.init(mode, key, new IvParameterSpec(iv));
        else
            c.init(mode, key);
        if (how.equals("gcm") || how.equals("aead"))
            c.updateAAD(Witness.TEXT);
    }

    static byte[] opened(Cipher like, Key key, String how, byte[] iv, byte[] text)
            throws Exception {
        Cipher c = Cipher.getInstance(like.getAlgorithm(), like.getProvider());

        init(c, Cipher.DECRYPT_MODE, key, how, iv);
        return c.doFinal(text);
    }

    static String cipher(String name, String keyName, int bits, String how, int ivLength, int n)
            throws Exception {
        byte[] text = new byte[n], iv = new byte[ivLength], out;
        Cipher c = Cipher.getInstance(name);
        SecretKey k = generate(keyName, bits);

        if (how.equals("own")) {
            c.init(Cipher.ENCRYPT_MODE, k);
            c.updateAAD(Witness.TEXT);
            out = c.doFinal(text);
            iv = c.getIV();
            how = "gcm";
        } else {
            init(c, Cipher.ENCRYPT_MODE, k, how, iv);
            out = c.doFinal(text);
        }
        Witness.expect(Arrays.equals(opened(c, k, how, iv, out), text), "round trip");
        if (how.equals("gcm") || how.equals("aead"))
            try {
                out[out.length - 1] ^= 1;
                opened(c, k, how, iv, out);
                throw new Witness.Wrong("changed text");
            } catch (GeneralSecurityException | ProviderException e) {
                return c.getProvider().getName();
            }
        return c.getProvider().getName();
    }

    static String plain(String name, String keyName, int n, String how, int ivLength)
            throws Exception {
        byte[] key = new byte[n], iv = new byte[ivLength], text = new byte[48];
        Cipher c = Cipher.getInstance(name);

        for (int i = 0; i < n; i++)
            key[i] = (byte) (i + 1);
        init(c, Cipher.ENCRYPT_MODE, new SecretKeySpec(key, keyName), how, iv);
        Witness.expect(!Arrays.equals(c.doFinal(text), text), "plain");
        return c.getProvider().getName();
    }

    static String secret(String name, int bits) throws Exception {
        KeyGenerator g = KeyGenerator.getInstance(name);
        SecretKey one, two;

        g.init(bits);
        one = g.generateKey();
        two = g.generateKey();
        Witness.expect(one.getEncoded() == null || !Arrays.equals(one.getEncoded(),
                    two.getEncoded()), "");
        return g.getProvider().getName();
    }

    static String wrap(String name, String older, String keyName, int bits, int ivLength)
            throws Exception {
        AlgorithmParameterSpec iv = ivLength == 0 ? null : new IvParameterSpec(new byte[ivLength]);
        SecretKey with, key;
        Cipher c, back;
        byte[] wrapped;
        Key got;

        try {
            c = Cipher.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            c = Cipher.getInstance(older);
        }
        with = generate(keyName, bits);
        key = generate("AES", 128);
        if (iv == null)
            c.init(Cipher.WRAP_MODE, with);
        else
            c.init(Cipher.WRAP_MODE, with, iv);
        wrapped = c.wrap(key);
        back = Cipher.getInstance(c.getAlgorithm(), c.getProvider());
        if (iv == null)
            back.init(Cipher.UNWRAP_MODE, with);
        else
            back.init(Cipher.UNWRAP_MODE, with, iv);
        got = back.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
        Witness.expect(Arrays.equals(got.getEncoded(), key.getEncoded()), "another key");
        return c.getProvider().getName();
    }

    static String random(String name) throws Exception {
        SecureRandom r = name.isEmpty() ? new SecureRandom() : name.equals("strong")
                ? SecureRandom.getInstanceStrong() : SecureRandom.getInstance(name);
        byte[] one = new byte[32], two = new byte[32];

        r.nextBytes(one);
        r.nextBytes(two);
        Witness.expect(!Arrays.equals(one, two), "repeated");
        return r.getProvider().getName();
    }

    /* ---- passwords and derivation ------------------------------------------------------------- */

    static String pbe(String name, int salt) throws Exception {
        AlgorithmParameterSpec spec = salt == 8 ? new PBEParameterSpec(new byte[8], 1000)
                : new PBEParameterSpec(new byte[16], 1000, new IvParameterSpec(new byte[16]));
        Cipher c = Cipher.getInstance(name), back;
        SecretKey k = SecretKeyFactory.getInstance(name)
                .generateSecret(new PBEKeySpec("passwordPASSWORDpassword".toCharArray()));
        byte[] out;

        c.init(Cipher.ENCRYPT_MODE, k, spec);
        out = c.doFinal(Witness.TEXT);
        back = Cipher.getInstance(name, c.getProvider());
        back.init(Cipher.DECRYPT_MODE, k, spec);
        Witness.expect(Arrays.equals(back.doFinal(out), Witness.TEXT), "round trip");
        return c.getProvider().getName();
    }

    static String password(String name, int iterations, int bits) throws Exception {
        SecretKeyFactory f = SecretKeyFactory.getInstance(name);
        SecretKey k = f.generateSecret(new PBEKeySpec("passwordPASSWORDpassword".toCharArray(),
                new byte[16], iterations, bits));

        Witness.expect(k.getEncoded() == null || k.getEncoded().length == bits / 8, "length");
        return f.getProvider().getName();
    }

    static String factory(String name) throws Exception {
        SecretKeyFactory f = SecretKeyFactory.getInstance(name);
        byte[] key = Witness.hex("0123456789abcdef23456789abcdef01456789abcdef0123");

        f.generateSecret(name.equals("DES") ? new DESKeySpec(key) : new DESedeKeySpec(key));
        return f.getProvider().getName();
    }

    static Object invoke(Method m, Object target, Object... a) throws Exception {
        try {
            return m.invoke(target, a);
        } catch (InvocationTargetException e) {
            throw (Exception) e.getCause();
        }
    }

    static String hkdf(String name, int salt) throws Exception {
        Class<?> kdf = Class.forName("javax.crypto.KDF");
        Class<?> spec = Class.forName("javax.crypto.spec.HKDFParameterSpec");
        Class<?> builder = Class.forName("javax.crypto.spec.HKDFParameterSpec$Builder");
        Object k = invoke(kdf.getMethod("getInstance", String.class), null, name);
        Object b = invoke(spec.getMethod("ofExtract"), null);

        invoke(builder.getMethod("addIKM", SecretKey.class), b,
                new SecretKeySpec(new byte[22], "Generic"));
        invoke(builder.getMethod("addSalt", byte[].class), b, new byte[salt]);
        b = invoke(builder.getMethod("thenExpand", byte[].class, int.class), b, Witness.TEXT, 42);
        invoke(kdf.getMethod("deriveKey", String.class, AlgorithmParameterSpec.class), k,
                "Generic", b);
        return (String) invoke(kdf.getMethod("getProviderName"), k);
    }

    /* ---- stores, paths, parameters -------------------------------------------------------------- */

    static String store(String type, boolean write) throws Exception {
        KeyStore s = KeyStore.getInstance(type.isEmpty() ? KeyStore.getDefaultType() : type), t;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        char[] password = "sample-password".toCharArray();

        if (write && Witness.vector("certificate") == null)
            return null;
        s.load(null, write ? password : null);
        if (!write)
            return s.getProvider().getName();
        s.setCertificateEntry("a", certificate(Witness.vector("certificate")));
        s.store(out, password);
        t = KeyStore.getInstance(type, s.getProvider());
        t.load(new ByteArrayInputStream(out.toByteArray()), password);
        Witness.expect(t.containsAlias("a"), "not stored");
        return s.getProvider().getName();
    }

    static KeyStore.PasswordProtection secret() {
        return new KeyStore.PasswordProtection("sample-password".toCharArray());
    }

    static String load(String type) throws Exception {
        KeyStore s = KeyStore.getInstance(type);

        if (Witness.vector("store") == null)
            return null;
        s.load(new ByteArrayInputStream(Witness.vector("store")), secret().getPassword());
        Witness.expect(s.getEntry("one", secret()) instanceof KeyStore.PrivateKeyEntry, "entry");
        return s.getProvider().getName();
    }

    static String keep(String type) throws Exception {
        KeyStore s = KeyStore.getInstance(type), t;
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        if (Witness.vector("private-key") == null)
            return null;
        s.load(null, secret().getPassword());
        s.setEntry("one", new KeyStore.PrivateKeyEntry(KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Witness.vector("private-key"))),
                new Certificate[] {certificate(Witness.vector("certificate"))}), secret());
        s.store(out, secret().getPassword());
        t = KeyStore.getInstance(type, s.getProvider());
        t.load(new ByteArrayInputStream(out.toByteArray()), secret().getPassword());
        Witness.expect(t.isKeyEntry("one"), "not stored");
        return s.getProvider().getName();
    }

    static String cacerts() throws Exception {
        KeyStore s = KeyStore.getInstance(KeyStore.getDefaultType());

        try (InputStream in = new FileInputStream(System.getProperty("java.home")
                + "/lib/security/cacerts")) {
            s.load(in, null);
        }
        Witness.expect(s.size() > 0, "empty");
        return s.getProvider().getName();
    }

    static X509Certificate certificate(byte[] der) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
    }

    static String path(String name) throws Exception {
        CertPathValidator v = CertPathValidator.getInstance(name);
        PKIXParameters p;

        if (Witness.vector("certificate") == null)
            return null;
        p = new PKIXParameters(Collections.singleton(
                new TrustAnchor(certificate(Witness.vector("issuer")), null)));
        p.setRevocationEnabled(false);
        p.setDate(new Date(certificate(
                Witness.vector("certificate")).getNotBefore().getTime() + 5000));
        v.validate(CertificateFactory.getInstance("X.509").generateCertPath(
                Collections.singletonList(certificate(Witness.vector("certificate")))), p);
        return v.getProvider().getName();
    }

    static String parameters(String name, String curve, byte[] encoded) throws Exception {
        AlgorithmParameters p = AlgorithmParameters.getInstance(name);

        if (curve.isEmpty())
            p.init(encoded);
        else
            p.init(new ECGenParameterSpec(curve));
        Witness.expect(Arrays.equals(p.getEncoded(), encoded), "encoding");
        return p.getProvider().getName();
    }

    static String group(String name, int bits) throws Exception {
        AlgorithmParameterGenerator g = AlgorithmParameterGenerator.getInstance(name);

        g.init(bits);
        Witness.expect(g.generateParameters().getParameterSpec(DHParameterSpec.class).getP()
                .bitLength() == bits, "size");
        return g.getProvider().getName();
    }
}
