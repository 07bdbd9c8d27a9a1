/* SPDX-License-Identifier: Apache-2.0
 *
 * WitnessPair.java: the part of Witness that does key pairs.
 */
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.DSAPublicKeySpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.KeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

class WitnessPair {
    static final Map<String, KeyPair> pairs = new HashMap<String, KeyPair>();

    /* ---- key pairs ---------------------------------------------------------------------------- */

    static KeyPairGenerator generator(String name, int bits, String curve) throws Exception {
        KeyPairGenerator g = KeyPairGenerator.getInstance(name);

        if (!curve.isEmpty())
            g.initialize(new ECGenParameterSpec(curve));
        else if (name.equals("DH") && Witness.vector("prime") != null)
            g.initialize(new DHParameterSpec(Witness.number("prime"), Witness.number("base")));
        else if (bits > 0)
            g.initialize(bits);
        return g;
    }

    static KeyPair made(String name, int bits, String curve, int n) throws Exception {
        String kind = name.equals("DH") ? Witness.id + n : name + bits + curve + n;
        KeyPair pair = pairs.get(kind);

        if (pair == null)
            pairs.put(kind, pair = generator(name, bits, curve).generateKeyPair());
        return pair;
    }

    static String pair(String name, int bits, String curve) throws Exception {
        KeyPairGenerator g = generator(name, bits, curve);
        KeyPair pair = g.generateKeyPair();
        PublicKey k = pair.getPublic();
        Signature s;

        Witness.expect(!k.equals(g.generateKeyPair().getPublic()), "the same pair");
        Witness.expect(!(k instanceof RSAKey) || ((RSAKey) k).getModulus().bitLength() == bits,
                    "size");
        if (name.equals("RSA")) {
            s = Signature.getInstance("SHA256withRSA");
            try {
                s.initSign(pair.getPrivate());
                s.update(Witness.TEXT);
                check(s, k, Witness.TEXT, s.sign(), "", "");
            } catch (GeneralSecurityException | ProviderException e) {
                return g.getProvider().getName(); /* too small for it */
            }
        }
        return g.getProvider().getName();
    }

    /* The key of the vector, where the first provider takes it; null: it does not. */
    static KeyPair given(String name, String algorithm) throws Exception {
        Provider p = name == null ? null : Signature.getInstance(name).getProvider();
        byte[] encoded = Witness.vector("private-key");
        RSAPrivateCrtKey k;
        KeyFactory f;

        if (encoded == null)
            return null;
        try {
            f = p == null || p.getService("KeyFactory", algorithm) == null
                    ? KeyFactory.getInstance(algorithm) : KeyFactory.getInstance(algorithm, p);
            k = (RSAPrivateCrtKey) f.generatePrivate(new PKCS8EncodedKeySpec(encoded));
            return new KeyPair(f.generatePublic(
                    new RSAPublicKeySpec(k.getModulus(), k.getPublicExponent())), k);
        } catch (GeneralSecurityException | ProviderException e) {
            return null;
        }
    }

    static void pss(Signature s, String hash, String salt) throws Exception {
        if (!hash.isEmpty())
            s.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash),
                    Integer.parseInt(salt), 1));
    }

    static String sign(String name, String keyName, int bits, String curve, boolean given,
            String hash, String salt) throws Exception {
        Signature s = Signature.getInstance(name);
        KeyPair pair = given ? given(name, keyName) : null;
        String first = s.getProvider().getName();
        byte[] signed;

        if (pair != null)
            try {
                pss(s, hash, salt);
                s.initSign(pair.getPrivate());
            } catch (GeneralSecurityException | ProviderException e) {
                pair = null;
            }
        if (pair == null || !s.getProvider().getName().equals(first)) {
            s = Signature.getInstance(name);
            pair = made(keyName, bits, curve, 0);
            pss(s, hash, salt);
            s.initSign(pair.getPrivate());
        }
        s.update(Witness.TEXT);
        signed = s.sign();
        return check(s, pair.getPublic(), Witness.TEXT, signed, hash, salt);
    }

    static String check(Signature s, PublicKey key, byte[] text, byte[] signed, String hash,
            String salt) throws Exception {
        pss(s, hash, salt);
        s.initVerify(key);
        s.update(text);
        Witness.expect(s.verify(signed), "verify");
        pss(s, hash, salt);
        s.initVerify(key);
        s.update(text, 0, text.length - 1);
        Witness.expect(!s.verify(signed), "changed message");
        return s.getProvider().getName();
    }

    static byte[] der(BigInteger a, BigInteger b) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        for (BigInteger n : new BigInteger[] {a, b}) {
            out.write(2);
            out.write(n.toByteArray().length);
            out.write(n.toByteArray(), 0, n.toByteArray().length);
        }
        return wrapped(0x30, out.toByteArray());
    }

    static byte[] wrapped(int tag, byte[] content) {
        int n = content.length;
        byte[] head = n < 128 ? new byte[] {(byte) tag, (byte) n}
                : n < 256 ? new byte[] {(byte) tag, (byte) 0x81, (byte) n}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};

        return both(head, content);
    }

    static byte[] both(byte[] a, byte[] b) {
        byte[] c = Arrays.copyOf(a, a.length + b.length);

        System.arraycopy(b, 0, c, a.length, b.length);
        return c;
    }

    static KeySpec publicSpec(String keyName) {
        switch (keyName) {
        case "RSA":
            return new RSAPublicKeySpec(Witness.number("modulus"), Witness.number("exponent"));
        case "DSA":
            return new DSAPublicKeySpec(Witness.number("key"), Witness.number("prime"),
                    Witness.number("subprime"),
                    Witness.number("base"));
        case "EC":
            return new X509EncodedKeySpec(both(Witness.hex(Witness.vector("point").length > 70
                    ? "3076301006072a8648ce3d020106052b81040022036200"
                    : "3059301306072a8648ce3d020106082a8648ce3d030107034200"),
                    Arrays.copyOfRange(Witness.vector("point"), 2,
                            Witness.vector("point").length)));
        default:
            return new X509EncodedKeySpec(both(Witness.hex("302a300506032b6570032100"),
                    Witness.vector("point")));
        }
    }

    static String verify(String name, String keyName) throws Exception {
        byte[] signed = Witness.vector("answer"), text = Witness.vector("message");
        Signature s;
        int half;

        if (signed == null)
            return null;
        s = Signature.getInstance(name);
        half = signed.length / 2;
        if (keyName.equals("EC") || keyName.equals("DSA"))
            signed = der(new BigInteger(1, Arrays.copyOf(signed, half)),
                    new BigInteger(1, Arrays.copyOfRange(signed, half, 2 * half)));
        return check(s, KeyFactory.getInstance(keyName).generatePublic(publicSpec(keyName)), text,
                signed, "", "");
    }

    static String importPrivate(String name, String keyName) throws Exception {
        KeyFactory f;
        Signature s;
        PrivateKey k;

        if (Witness.vector("private-key") == null)
            return null;
        f = KeyFactory.getInstance(keyName);
        k = f.generatePrivate(new PKCS8EncodedKeySpec(Witness.vector("private-key")));
        s = Signature.getInstance(name);
        s.initSign(k);
        s.update(Witness.vector("message"));
        Witness.expect(s.sign().length > 60, "length");
        return f.getProvider().getName();
    }

    static String agree(String name, String keyName, int bits, String curve) throws Exception {
        KeyAgreement a = KeyAgreement.getInstance(name), b;
        KeyPair one, two;
        byte[] secret;

        if (keyName.equals("DH") && bits == 0 && Witness.vector("prime") == null)
            return null;
        one = made(keyName, bits, curve, 0);
        two = made(keyName, bits, curve, 1);
        a.init(one.getPrivate());
        a.doPhase(two.getPublic(), true);
        secret = a.generateSecret();
        b = KeyAgreement.getInstance(name, a.getProvider());
        b.init(two.getPrivate());
        b.doPhase(one.getPublic(), true);
        Witness.expect(Arrays.equals(secret, b.generateSecret()), "secrets");
        return a.getProvider().getName();
    }

    static String rsaCipher(String name, String hash, int bits, boolean wrap) throws Exception {
        AlgorithmParameterSpec spec = hash.isEmpty() ? null : new OAEPParameterSpec(hash, "MGF1",
                new MGF1ParameterSpec(hash), PSource.PSpecified.DEFAULT);
        Cipher c = Cipher.getInstance(name), back = Cipher.getInstance(name);
        KeyPair pair = given(null, "RSA");
        String first = c.getProvider().getName();
        byte[] out, text = Witness.TEXT;

        if (name.endsWith("NoPadding")) {
            text = new byte[256];
            text[100] = 1;
        }
        if (pair != null)
            try {
                back.init(Cipher.DECRYPT_MODE, pair.getPrivate(), spec);
            } catch (GeneralSecurityException | ProviderException e) {
                pair = null;
            }
        if (pair == null || !back.getProvider().getName().equals(first)) {
            pair = made("RSA", bits, "", 0);
            back = Cipher.getInstance(name);
        }
        if (wrap) {
            Key key = WitnessWork.generate("AES", 128);

            c.init(Cipher.WRAP_MODE, pair.getPublic(), spec);
            out = c.wrap(key);
            back = Cipher.getInstance(name);
            back.init(Cipher.UNWRAP_MODE, pair.getPrivate(), spec);
            Witness.expect(back.unwrap(out, "AES", Cipher.SECRET_KEY) != null, "no key");
            return back.getProvider().getName();
        }
        c.init(Cipher.ENCRYPT_MODE, pair.getPublic(), spec);
        out = c.doFinal(text);
        back.init(Cipher.DECRYPT_MODE, pair.getPrivate(), spec);
        Witness.expect(Arrays.equals(back.doFinal(out), text), "round trip");
        return back.getProvider().getName();
    }

    static String kem(String name, String keyName) throws Exception {
        Class<?> kem = Class.forName("javax.crypto.KEM");
        Class<?> in = Class.forName("javax.crypto.KEM$Encapsulator");
        Object k = WitnessWork.invoke(kem.getMethod("getInstance", String.class), null, name);
        KeyPair pair = made(keyName, 0, "", 0);
        Object e = WitnessWork.invoke(kem.getMethod("newEncapsulator", PublicKey.class), k,
                    pair.getPublic());

        WitnessWork.invoke(in.getMethod("encapsulate"), e);
        WitnessWork.invoke(kem.getMethod("newDecapsulator", PrivateKey.class), k,
                    pair.getPrivate());
        return (String) WitnessWork.invoke(in.getMethod("providerName"), e);
    }
}
