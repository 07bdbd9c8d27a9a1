/* SPDX-License-Identifier: Apache-2.0
 *
 * Key pairs as such, and secrets that two parties have in common: agreement, encapsulation.
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
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import javax.crypto.interfaces.DHKey;
import javax.crypto.interfaces.DHPrivateKey;
import javax.crypto.interfaces.DHPublicKey;

final class FipsProbeAgree extends FipsProbePair {
    FipsProbeAgree(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "keypair":
            keypair();
            break;
        case "agreement":
            agreement();
            break;
        default:
            encapsulate();
        }
    }

    /* ---- pairs -------------------------------------------------------------------------------- */

    private void keypair() throws Exception {
        String curve = word("curve");
        KeyPairGenerator generator;
        KeyPair pair, other;
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
        if (got < 0)
            reencode(pair.getPublic(), generator.getProvider());
        else
            answer[CHECK] = "plausible";
        if (got >= 0 && got != bits)
            wrong("the key has not " + bits + " bits but " + got);
        else if (!isOn(pair.getPublic(), curve))
            wrong("the key is not on " + curve);
        if (isWrong())
            return;
        /* Of the largest RSA keys one takes seconds; those of 2048 bits show what there is. */
        step("KeyPairGenerator.generateKeyPair (another)");
        other = algorithm.equals("RSA") && bits > 2048 ? null : generator.generateKeyPair();
        if (other == null)
            compareUse(pair, null);
        else if (Arrays.equals(pair.getPublic().getEncoded(), other.getPublic().getEncoded()))
            wrong("two pairs are the same");
        else
            compareUse(pair, other);
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

    /* Two curves may have the same size: the encoded key has the curve's object identifier (SEC 2). */
    private static boolean isOn(PublicKey key, String curve) {
        byte[] encoded = curve == null ? null : key.getEncoded(), oid;

        if (encoded == null)
            return true;
        switch (curve) {
        case "secp192r1":
            oid = new byte[] {42, (byte) 134, 72, (byte) 206, 61, 3, 1, 1};
            break;
        case "secp256r1":
            oid = new byte[] {42, (byte) 134, 72, (byte) 206, 61, 3, 1, 7};
            break;
        case "secp256k1":
            oid = new byte[] {43, (byte) 129, 4, 0, 10};
            break;
        case "secp224r1":
            oid = new byte[] {43, (byte) 129, 4, 0, 33};
            break;
        case "secp384r1":
            oid = new byte[] {43, (byte) 129, 4, 0, 34};
            break;
        case "secp521r1":
            oid = new byte[] {43, (byte) 129, 4, 0, 35};
            break;
        default:
            return true;
        }
        oid = element(6, oid);
        for (int i = 0; i + oid.length <= encoded.length && i < 40; i++)
            if (Arrays.equals(Arrays.copyOfRange(encoded, i, i + oid.length), oid))
                return true;
        return false;
    }

    /* What of a key without a size can be checked: that its encoding is one. */
    private void reencode(PublicKey key, Provider provider) throws Exception {
        KeyFactory factory;

        step("KeyFactory.generatePublic");
        factory = factory(provider);
        answer[CHECK] = "round-trip";
        if (!key.equals(factory.generatePublic(new X509EncodedKeySpec(key.getEncoded()))))
            wrong("the public key is another one after it was encoded");
    }

    /* Do the two halves of a pair belong together? By what they are for; a token may refuse that. */
    private void compareUse(KeyPair pair, KeyPair other) {
        String name = signatureOf(algorithm);

        tell("Signature.sign");
        try {
            if (pair.getPublic() instanceof RSAPublicKey
                    && ((RSAPublicKey) pair.getPublic()).getPublicExponent().bitLength() < 2)
                wrong("the public exponent is 1");
            else if (name != null)
                sign(name, pair);
            else if (!algorithm.startsWith("ML-KEM"))
                agree(pair, other);
        } catch (GeneralSecurityException | ProviderException e) {
            note("not used: " + chain(e));
        }
    }

    private static String signatureOf(String name) {
        switch (name) {
        case "RSA":
            return "SHA256withRSA";
        case "EC":
            return "SHA256withECDSA";
        case "DSA":
            return "SHA256withDSA";
        default:
            return name.startsWith("ML-DSA") ? "ML-DSA" : name.startsWith("Ed") ? name : null;
        }
    }

    private void sign(String name, KeyPair pair) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(name);
        byte[] signed;

        signature.initSign(pair.getPrivate());
        signature.update((byte) 1);
        signed = signature.sign();
        signature.initVerify(pair.getPublic());
        signature.update((byte) 1);
        if (!signature.verify(signed))
            wrong("the two halves of the pair do not belong together");
    }

    private void agree(KeyPair pair, KeyPair other) throws GeneralSecurityException {
        KeyAgreement one = KeyAgreement.getInstance(algorithm);
        byte[] secret;

        one.init(pair.getPrivate());
        one.doPhase(other.getPublic(), true);
        secret = one.generateSecret();
        one = KeyAgreement.getInstance(algorithm);
        one.init(other.getPrivate());
        one.doPhase(pair.getPublic(), true);
        if (!Arrays.equals(secret, one.generateSecret()))
            wrong("the two halves of the pair do not belong together");
    }

    /* ---- agreement ---------------------------------------------------------------------------- */

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
        else if (!isPower(secret, mine.getPrivate(), theirs.getPublic()))
            wrong("the secret is not what the keys give");
        else if (word("answer") == null || !agreesAsKnown(one.getProvider()))
            compareWithOwn(secret, mine, one.getProvider());
    }

    /* Diffie-Hellman can be computed again, where the private value can be had. */
    private static boolean isPower(byte[] secret, PrivateKey mine, PublicKey theirs) {
        BigInteger p;

        if (!(mine instanceof DHPrivateKey) || ((DHPrivateKey) mine).getX() == null)
            return true;
        p = ((DHPrivateKey) mine).getParams().getP();
        return ((DHPublicKey) theirs).getY().modPow(((DHPrivateKey) mine).getX(), p)
                .equals(unsigned(secret));
    }

    /* With the known keys, where the provider that served takes them. False: it does not. */
    private boolean agreesAsKnown(Provider provider) {
        byte[] secret;

        tell("KeyAgreement.generateSecret (known keys)");
        try {
            KeyFactory factory = factory(provider);
            KeyAgreement agreement = KeyAgreement.getInstance(algorithm, provider);

            agreement.init(factory.generatePrivate(
                    new PKCS8EncodedKeySpec(bytes("private-key"))));
            agreement.doPhase(factory.generatePublic(
                    new X509EncodedKeySpec(bytes("peer-key"))), true);
            secret = agreement.generateSecret();
        } catch (GeneralSecurityException | ProviderException e) {
            note("it takes no plain key: " + chain(e));
            return false;
        }
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(secret, bytes("answer")))
            wrong("the secret of the known keys is wrong");
        return true;
    }

    /* Another party has another secret. */
    private void compareWithOwn(byte[] secret, KeyPair mine, Provider provider) {
        tell("KeyAgreement.generateSecret (own key)");
        try {
            KeyAgreement agreement = KeyAgreement.getInstance(algorithm, provider);

            agreement.init(mine.getPrivate());
            agreement.doPhase(mine.getPublic(), true);
            if (Arrays.equals(secret, agreement.generateSecret()))
                wrong("another party has the same secret");
        } catch (GeneralSecurityException | ProviderException e) {
            note("not with its own key: " + chain(e));
        }
    }

    /* ---- encapsulation ------------------------------------------------------------------------ */

    /* javax.crypto.KEM came with Java 21: by reflection, so that this class is one for all. */
    private void encapsulate() throws Exception {
        Class<?> kemClass, oneClass, otherClass, pairClass;
        Object kem, one, other, capsule, another;
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
        another = call(oneClass, "encapsulate", one);
        secret = (Key) call(pairClass, "key", capsule);
        step("KEM.newDecapsulator");
        other = call(kemClass, "newDecapsulator", kem, pair.getPrivate());
        step("KEM.Decapsulator.decapsulate");
        answer[CHECK] = "agreement";
        if (!Arrays.equals(secret.getEncoded(), ((Key) call(otherClass, "decapsulate", other,
                call(pairClass, "encapsulation", capsule))).getEncoded()))
            wrong("the two parties have different secrets");
        else if (Arrays.equals(secret.getEncoded(), ((Key) call(pairClass, "key", another))
                .getEncoded()))
            wrong("two secrets are the same");
    }
}
