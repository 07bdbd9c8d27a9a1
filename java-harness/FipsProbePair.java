/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs, and what is done with them: signatures, ciphers, import; FipsProbeAgree has the rest.
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
import java.security.interfaces.RSAPublicKey;
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
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.DHParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

class FipsProbePair extends FipsProbe {
    /* What is slow to make is made once: all rows share the pairs of one kind and size. */
    static final Map<String, KeyPair> pairs = new HashMap<String, KeyPair>();

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
        case "pair-cipher":
            cipher();
            break;
        default:
            wrap();
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

    KeyPairGenerator generator(String name, String curve, int bits) throws Exception {
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
        if (word("answer") != null && !"known-answer".equals(answer[CHECK])
                && !sameEncoding(pair.getPublic(), signed)) {
            wrong("the signature is not of the encoded message");
            return;
        }
        message[0] ^= 1;
        if (verifies(signature, pair.getPublic(), message, signed))
            wrong("the signature of a changed message verifies");
        else if (word("signed") != null)
            verifyKnown(signature.getProvider());
    }

    /* Of PKCS #1 v1.5: what a signature encloses is the same for all keys of one size, so that the
     * known one tells what it must be where the token has made the key. */
    private boolean sameEncoding(PublicKey key, byte[] signed) {
        byte[] der = bytes("private-key");
        int at = numbers(der);
        BigInteger n = integer(der, at), e = integer(der, after(der, at));
        RSAPublicKey own;

        if (!(key instanceof RSAPublicKey))
            return true;
        own = (RSAPublicKey) key;
        return own.getModulus().bitLength() != n.bitLength()
                || unsigned(signed).modPow(own.getPublicExponent(), own.getModulus()).equals(
                        unsigned(bytes("answer")).modPow(e, n));
    }

    /* What others signed: a provider whose signatures only it takes for good does not take these. */
    private void verifyKnown(Provider provider) {
        tell("Signature.verify (known)");
        try {
            Signature signature = Signature.getInstance(algorithm, provider);
            PublicKey key = factory(provider).generatePublic(word("public-key") == null
                    ? rsaPublic(bytes("private-key"))
                    : new X509EncodedKeySpec(bytes("public-key")));

            if (!verifies(signature, key, bytes("message"), bytes("signed")))
                wrong("a signature that others made does not verify");
        } catch (Exception e) {
            note("the known signature is not taken: " + chain(e));
        }
    }

    /* Of this provider, where it has one. */
    KeyFactory factory(Provider provider) throws GeneralSecurityException {
        String name = word("key-algorithm");

        return provider.getService("KeyFactory", name) == null ? KeyFactory.getInstance(name)
                : KeyFactory.getInstance(name, provider);
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

        return new KeyPair(factory.generatePublic(rsaPublic(encoded)),
                factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    }

    private static RSAPublicKeySpec rsaPublic(byte[] encoded) {
        int at = numbers(encoded);

        return new RSAPublicKeySpec(integer(encoded, at), integer(encoded, after(encoded, at)));
    }

    /* Where in a private key the modulus starts, with the exponent behind it. */
    private static int numbers(byte[] encoded) {
        int at = inside(encoded, 0);                              /* PrivateKeyInfo */

        at = inside(encoded, after(encoded, after(encoded, at))); /* privateKey */
        return after(encoded, inside(encoded, at));               /* RSAPrivateKey: version, n, e */
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
        else if (word("point") != null)
            verifyWith(givenPublic(), message, signed);
    }

    private void verifyWith(PublicKey key, byte[] message, byte[] signed) throws Exception {
        if (!verifies(Signature.getInstance(word("algorithm")), key, message, signed)) {
            wrong("the signature with the known key does not verify");
            return;
        }
        message[0] ^= 1;
        if (verifies(Signature.getInstance(word("algorithm")), key, message, signed))
            wrong("the signature of a changed message verifies");
    }

    /* ---- transport ------------------------------------------------------------------------- */

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

    /* A generated key for the owner of a pair. */
    private void wrap() throws Exception {
        Cipher cipher, back;
        SecretKey key;
        KeyPair pair;
        byte[] wrapped;
        Key got;

        about("Cipher", word("transformation"));
        cipher = Cipher.getInstance(algorithm);
        offered = true;
        pair = word("private-key") == null ? null : deciphers();
        if (pair == null)
            pair = shared(0);
        note("private key: " + pair.getPrivate().getClass().getName());
        step("KeyGenerator.generateKey");
        key = KeyGenerator.getInstance("AES").generateKey();
        step("Cipher.init (wrap)");
        init(cipher, Cipher.WRAP_MODE, pair.getPublic());
        step("Cipher.wrap");
        wrapped = cipher.wrap(key);
        back = Cipher.getInstance(algorithm);
        step("Cipher.init (unwrap)");
        init(back, Cipher.UNWRAP_MODE, pair.getPrivate());
        served(back.getProvider());
        step("Cipher.unwrap");
        got = back.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
        step("Cipher.doFinal");
        if (answer[CHECK] == null)
            answer[CHECK] = "round-trip";
        if (!same(key, got))
            wrong("another key came out than was wrapped");
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
            answer[CHECK] = "known-answer";
            if (!decrypts(cipher))
                wrong("the known ciphertext was decrypted to something else");
            return pair;
        } catch (GeneralSecurityException | ProviderException e) {
            answer[CHECK] = null;
            note("the first provider takes no plain key: " + chain(e));
            return null;
        }
    }

    private boolean decrypts(Cipher cipher) throws GeneralSecurityException {
        try {
            return Arrays.equals(cipher.doFinal(bytes("ciphertext")), bytes("plaintext"));
        } catch (BadPaddingException e) { /* it took the key, and then found nothing in the text */
            if (refused(e))
                throw e;
            return false;
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
