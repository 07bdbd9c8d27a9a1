/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs, and what is done with them: signatures, agreements, ciphers, encapsulation, import.
 */
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
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
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
import javax.crypto.interfaces.DHKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

class FipsProbePair extends FipsProbe {
    /* What is slow to make is made once: all rows share the pairs of one kind and size. */
    private static final Map<String, KeyPair> pairs = new HashMap<String, KeyPair>();

    FipsProbePair(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "signature":
            signature();
            break;
        case "verify":
            verify();
            break;
        case "import-private":
            importPrivate();
            break;
        case "keypair":
            keypair();
            break;
        case "agreement":
            agreement();
            break;
        case "pair-cipher":
            cipher();
            break;
        default:
            encapsulate();
        }
    }

    /* ---- the pairs ---------------------------------------------------------------------------- */

    /* The n-th pair of the row's kind; generated once. */
    KeyPair shared(int n) throws Exception {
        return shared(word("key-algorithm"), word("curve"), number("key-bits"), n);
    }

    KeyPair shared(String name, String curve, int bits, int n) throws Exception {
        String kind = name + " " + curve + " " + bits + " " + word("prime") + " " + n;
        KeyPair pair = pairs.get(kind);

        if (pair == null) {
            KeyPairGenerator generator = generator(name, curve, bits);

            step("KeyPairGenerator.generateKeyPair");
            pair = generator.generateKeyPair();
            pairs.put(kind, pair);
        }
        return pair;
    }

    private KeyPairGenerator generator(String name, String curve, int bits) throws Exception {
        byte[] prime = "DH".equals(name) ? bytes("prime") : null;
        KeyPairGenerator generator;

        step("KeyPairGenerator.getInstance");
        generator = KeyPairGenerator.getInstance(name);
        step("KeyPairGenerator.initialize");
        if (curve != null)
            generator.initialize(new ECGenParameterSpec(curve));
        else if (prime != null)
            generator.initialize(new DHParameterSpec(unsigned(prime), unsigned(bytes("base"))));
        else if (bits > 0)
            generator.initialize(bits);
        return generator;
    }

    private void keypair() throws Exception {
        String curve = word("curve");
        KeyPairGenerator generator;
        KeyPair pair;
        int bits = number("key-bits"), got;

        about("KeyPairGenerator", word("key-algorithm"));
        generator = generator(algorithm, curve, bits);
        offered = true;
        step("KeyPairGenerator.generateKeyPair");
        pair = generator.generateKeyPair();
        pairs.put(algorithm + " " + curve + " " + bits + " " + word("prime") + " 0", pair);
        served(generator.getProvider());
        note("private key: " + pair.getPrivate().getClass().getName());
        if (curve != null)
            bits = Integer.parseInt(curve.substring(4, 7)); /* secp256r1 */
        got = size(pair.getPublic());
        if (got < 0) {
            reencode(pair.getPublic(), generator.getProvider());
            return;
        }
        answer[CHECK] = "plausible";
        if (got != bits)
            wrong("the key has not " + bits + " bits but " + got);
    }

    private static int size(PublicKey key) {
        if (key instanceof RSAKey)
            return ((RSAKey) key).getModulus().bitLength();
        if (key instanceof ECKey)
            return ((ECKey) key).getParams().getOrder().bitLength();
        if (key instanceof DSAKey)
            return ((DSAKey) key).getParams().getP().bitLength();
        if (key instanceof DHKey)
            return ((DHKey) key).getParams().getP().bitLength();
        return -1;
    }

    /* What of a key without a size can be checked: that its encoding is one. */
    private void reencode(PublicKey key, Provider provider) throws Exception {
        KeyFactory factory;

        step("KeyFactory.generatePublic");
        factory = KeyFactory.getInstance(word("key-algorithm"), provider);
        answer[CHECK] = "round-trip";
        if (!key.equals(factory.generatePublic(new X509EncodedKeySpec(key.getEncoded()))))
            wrong("the public key is another one after it was encoded");
    }

    /* ---- signatures --------------------------------------------------------------------------- */

    private void signature() throws Exception {
        byte[] message = bytes("message"), signed;
        Signature signature;
        KeyPair pair;

        about("Signature", word("algorithm"));
        signature = Signature.getInstance(algorithm);
        offered = true;
        pair = word("private-key") == null ? null : givenPair();
        if (pair == null || !signs(signature, pair)) {
            if (pair != null) /* it is bound to whoever took that key */
                signature = Signature.getInstance(algorithm);
            answer[CHECK] = null;
            pair = shared(0);
            parameters(signature);
            step("Signature.initSign");
            signature.initSign(pair.getPrivate());
            note("private key: " + pair.getPrivate().getClass().getName());
        } else {
            note("given private key: " + pair.getPrivate().getClass().getName());
        }
        served(signature.getProvider());
        step("Signature.sign");
        signature.update(message);
        signed = signature.sign();
        if (answer[CHECK] == null)
            answer[CHECK] = "round-trip";
        else if (!Arrays.equals(signed, bytes("answer")))
            wrong("the signature with the known key is wrong");
        if (!verifies(signature, pair.getPublic(), message, signed)) {
            wrong("the signature does not verify");
            return;
        }
        message[0] ^= 1;
        if (verifies(signature, pair.getPublic(), message, signed))
            wrong("the signature of a changed message verifies");
    }

    /* PSS: the other hash and the length of the salt are the row's. */
    private void parameters(Signature signature) throws Exception {
        String hash = word("hash");

        if (hash == null)
            return;
        step("Signature.setParameter");
        signature.setParameter(new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash),
                number("salt-bytes"), 1));
    }

    /* The row's own RSA key (PKCS#8), where the provider that comes first takes it: generating one
     * is what costs most of all rows. Null where it does not: a token that takes no plain keys
     * makes its own. */
    private KeyPair givenPair() {
        Provider provider = firstOffering("Signature", algorithm);
        String name = word("key-algorithm");

        tell("KeyFactory.generatePrivate");
        try {
            return rsaPair(provider == null ? KeyFactory.getInstance(name)
                    : KeyFactory.getInstance(name, provider));
        } catch (Exception e) {
            note("the first provider takes no plain key: " + chain(e));
            return null;
        }
    }

    private KeyPair rsaPair(KeyFactory factory) throws GeneralSecurityException {
        byte[] encoded = bytes("private-key");
        int at = inside(encoded, 0);                              /* PrivateKeyInfo */

        at = inside(encoded, after(encoded, after(encoded, at))); /* privateKey */
        at = after(encoded, inside(encoded, at));                 /* RSAPrivateKey: version, n, e */
        return new KeyPair(
                factory.generatePublic(new RSAPublicKeySpec(integer(encoded, at),
                        integer(encoded, after(encoded, at)))),
                factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    }

    /* Is it taken, and by the first provider, not by another one behind it? */
    private boolean signs(Signature signature, KeyPair pair) {
        Provider first;

        try {
            parameters(signature);
            step("Signature.initSign (given key)");
            signature.initSign(pair.getPrivate());
        } catch (Exception e) {
            note("the given key is not taken: " + chain(e));
            return false;
        }
        answer[CHECK] = word("answer") == null ? null : "known-answer";
        first = firstOffering("Signature", algorithm); /* null: it is offered as a cipher */
        return first == null || first == signature.getProvider();
    }

    private boolean verifies(Signature signature, PublicKey key, byte[] message, byte[] signed)
            throws Exception {
        parameters(signature);
        step("Signature.initVerify");
        signature.initVerify(key);
        step("Signature.verify");
        signature.update(message);
        return signature.verify(signed);
    }

    /* A signature that others made. */
    private void verify() throws Exception {
        byte[] message = bytes("message"), signed = bytes("answer");
        Signature signature;
        PublicKey key;

        about("Signature", word("algorithm"));
        signature = Signature.getInstance(algorithm);
        offered = true;
        key = givenPublic();
        note("public key: " + key.getClass().getName());
        if (key instanceof ECKey || key instanceof DSAKey)
            signed = sequence(signed);
        answer[CHECK] = "known-answer";
        if (!verifies(signature, key, message, signed)) {
            served(signature.getProvider());
            wrong("a good signature does not verify");
            return;
        }
        served(signature.getProvider());
        message[0] ^= 1;
        if (verifies(signature, key, message, signed))
            wrong("the signature of a changed message verifies");
    }

    /* Of the catalogue's values, which are those of PKCS #11; public-head is what SubjectPublicKeyInfo
     * has before a point. */
    private PublicKey givenPublic() throws Exception {
        String name = word("key-algorithm");
        byte[] point = bytes("point"), head = bytes("public-head"), spki;
        KeyFactory factory;
        KeySpec spec;

        if (point != null) {
            boolean octets = point[0] == 4 && (point[1] & 255) == point.length - 2;
            int from = octets ? 2 : 0; /* DER around it */

            spki = Arrays.copyOf(head, head.length + point.length - from);
            System.arraycopy(point, from, spki, head.length, point.length - from);
            spec = new X509EncodedKeySpec(spki);
        } else if (word("modulus") != null) {
            spec = new RSAPublicKeySpec(unsigned(bytes("modulus")), unsigned(bytes("exponent")));
        } else {
            spec = new DSAPublicKeySpec(unsigned(bytes("key")), unsigned(bytes("prime")),
                    unsigned(bytes("subprime")), unsigned(bytes("base")));
        }
        step("KeyFactory.getInstance");
        factory = KeyFactory.getInstance(name);
        step("KeyFactory.generatePublic");
        return factory.generatePublic(spec);
    }

    /* A private key whose value the program has. The JCA asks one provider after the other until one
     * takes it, so who did tells more than that it worked. */
    private void importPrivate() throws Exception {
        byte[] message = bytes("message"), signed;
        KeyFactory factory;
        Signature signature;
        PrivateKey key;

        about("KeyFactory", word("key-algorithm"));
        factory = KeyFactory.getInstance(algorithm);
        offered = true;
        step("KeyFactory.generatePrivate");
        key = factory.generatePrivate(new PKCS8EncodedKeySpec(bytes("private-key")));
        served(factory.getProvider());
        note("private key: " + key.getClass().getName());
        step("Signature.getInstance");
        signature = Signature.getInstance(word("algorithm"));
        step("Signature.initSign");
        signature.initSign(key);
        note("signed by " + signature.getProvider().getName());
        step("Signature.sign");
        signature.update(message);
        signed = signature.sign();
        answer[CHECK] = "known-answer";
        if (word("answer") != null && !Arrays.equals(signed, bytes("answer")))
            wrong("the signature with the known key is wrong");
        else if (word("point") != null
                && !verifies(Signature.getInstance(word("algorithm")), givenPublic(), message,
                        signed))
            wrong("the signature with the known key does not verify");
    }

    /* ---- agreement, transport, encapsulation --------------------------------------------------- */

    private void agreement() throws Exception {
        KeyAgreement one, other;
        KeyPair mine, theirs;
        byte[] secret;

        about("KeyAgreement", word("algorithm"));
        one = KeyAgreement.getInstance(algorithm);
        offered = true;
        mine = shared(0);
        theirs = shared(1);
        note("private key: " + mine.getPrivate().getClass().getName());
        step("KeyAgreement.init");
        one.init(mine.getPrivate());
        served(one.getProvider());
        step("KeyAgreement.doPhase");
        one.doPhase(theirs.getPublic(), true);
        step("KeyAgreement.generateSecret");
        secret = one.generateSecret();
        other = KeyAgreement.getInstance(algorithm, one.getProvider());
        step("KeyAgreement.init (other party)");
        other.init(theirs.getPrivate());
        step("KeyAgreement.doPhase (other party)");
        other.doPhase(mine.getPublic(), true);
        step("KeyAgreement.generateSecret (other party)");
        answer[CHECK] = "agreement";
        if (secret == null || secret.length == 0 || !Arrays.equals(secret, other.generateSecret()))
            wrong("the two parties have different secrets");
    }

    private void cipher() throws Exception {
        byte[] plaintext = bytes("plaintext"), ciphertext;
        KeyPair pair = null;
        Cipher cipher, back;

        about("Cipher", word("transformation"));
        cipher = Cipher.getInstance(algorithm);
        offered = true;
        if (word("private-key") != null)
            pair = deciphers();
        if (pair == null)
            pair = shared(0);
        note("private key: " + pair.getPrivate().getClass().getName());
        step("Cipher.init");
        init(cipher, Cipher.ENCRYPT_MODE, pair.getPublic());
        step("Cipher.doFinal");
        ciphertext = cipher.doFinal(plaintext);
        back = Cipher.getInstance(algorithm);
        step("Cipher.init (decrypt)");
        init(back, Cipher.DECRYPT_MODE, pair.getPrivate());
        served(back.getProvider());
        step("Cipher.doFinal (decrypt)");
        if (answer[CHECK] == null)
            answer[CHECK] = "round-trip";
        if (!Arrays.equals(back.doFinal(ciphertext), plaintext))
            wrong("decryption did not give the plaintext back");
    }

    /* The row's own key, where the first provider takes it: then its answer is known. */
    private KeyPair deciphers() {
        tell("Cipher.init (given key)");
        try {
            KeyPair pair = rsaPair(KeyFactory.getInstance(word("key-algorithm")));
            /* its own choice: a provider that lists RSA alone need not have the padding */
            Provider first = Cipher.getInstance(algorithm).getProvider();
            Cipher cipher = Cipher.getInstance(algorithm, first);

            init(cipher, Cipher.DECRYPT_MODE, pair.getPrivate());
            if (!Arrays.equals(cipher.doFinal(bytes("ciphertext")), bytes("plaintext")))
                wrong("the known ciphertext was decrypted to something else");
            answer[CHECK] = "known-answer";
            return pair;
        } catch (GeneralSecurityException | ProviderException e) {
            note("the first provider takes no plain key: " + chain(e));
            return null;
        }
    }

    private void init(Cipher cipher, int mode, Key key) throws GeneralSecurityException {
        String hash = word("hash");

        if (hash == null)
            cipher.init(mode, key);
        else
            cipher.init(mode, key, new OAEPParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash),
                    PSource.PSpecified.DEFAULT));
    }

    /* javax.crypto.KEM came with Java 21: by reflection, so that this class is one for all. */
    private void encapsulate() throws Exception {
        Class<?> kemClass, oneClass, otherClass, pairClass;
        Object kem, one, other, capsule;
        KeyPair pair;
        Key secret;

        step("Class.forName");
        kemClass = Class.forName("javax.crypto.KEM");
        oneClass = Class.forName("javax.crypto.KEM$Encapsulator");
        otherClass = Class.forName("javax.crypto.KEM$Decapsulator");
        pairClass = Class.forName("javax.crypto.KEM$Encapsulated");
        about("KEM", word("algorithm"));
        kem = call(kemClass, "getInstance", null, algorithm);
        offered = true;
        pair = shared(0);
        note("private key: " + pair.getPrivate().getClass().getName());
        step("KEM.newEncapsulator");
        one = call(kemClass, "newEncapsulator", kem, pair.getPublic());
        answer[PROVIDER] = cut((String) call(oneClass, "providerName", one));
        step("KEM.Encapsulator.encapsulate");
        capsule = call(oneClass, "encapsulate", one);
        secret = (Key) call(pairClass, "key", capsule);
        step("KEM.newDecapsulator");
        other = call(kemClass, "newDecapsulator", kem, pair.getPrivate());
        step("KEM.Decapsulator.decapsulate");
        answer[CHECK] = "agreement";
        if (!Arrays.equals(secret.getEncoded(), ((Key) call(otherClass, "decapsulate", other,
                call(pairClass, "encapsulation", capsule))).getEncoded()))
            wrong("the two parties have different secrets");
    }

    /* ---- DER ----------------------------------------------------------------------------------- */

    static BigInteger unsigned(byte[] bytes) {
        return new BigInteger(1, bytes);
    }

    /* Two numbers of the same length, as PKCS #11 has a signature, as Java wants them. */
    private static byte[] sequence(byte[] both) {
        int half = both.length / 2;
        byte[] r = unsigned(Arrays.copyOf(both, half)).toByteArray();
        byte[] s = unsigned(Arrays.copyOfRange(both, half, both.length)).toByteArray();

        return element(0x30, element(2, r), element(2, s));
    }

    /* An element of DER; its content is all of parts, one behind the other. */
    static byte[] element(int tag, byte[]... parts) {
        int length = 0, head, at;
        byte[] out;

        for (byte[] part : parts)
            length += part.length;
        head = length < 128 ? 2 : length < 256 ? 3 : 4;
        out = new byte[head + length];
        out[0] = (byte) tag;
        if (head > 2)
            out[1] = (byte) (126 + head);
        if (head > 3)
            out[2] = (byte) (length >> 8);
        out[head - 1] = (byte) length;
        at = head;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    /* DER: where the content of the element at a place starts, and where the next one is. */
    private static int inside(byte[] der, int at) {
        int length = der[at + 1] & 255;

        return at + 2 + (length < 128 ? 0 : length - 128);
    }

    private static int after(byte[] der, int at) {
        int length = der[at + 1] & 255, start = inside(der, at);

        if (length >= 128) {
            length = 0;
            for (int i = at + 2; i < start; i++)
                length = length << 8 | der[i] & 255;
        }
        return start + length;
    }

    private static BigInteger integer(byte[] der, int at) {
        return new BigInteger(Arrays.copyOfRange(der, inside(der, at), after(der, at)));
    }
}
