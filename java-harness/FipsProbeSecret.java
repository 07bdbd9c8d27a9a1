/* SPDX-License-Identifier: Apache-2.0
 *
 * Digests, codes, ciphers with secret keys, random numbers: the rows of FipsProbe that most hosts
 * are asked.
 */
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

final class FipsProbeSecret extends FipsProbe {
    FipsProbeSecret(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "digest":
            digest();
            break;
        case "mac":
            mac();
            break;
        case "cipher":
            cipher();
            break;
        case "import":
            if (word("transformation") == null)
                importForMac();
            else
                importForCipher();
            break;
        case "secret-key":
            secretKey();
            break;
        default:
            random();
        }
    }

    private void digest() throws Exception {
        MessageDigest digest;
        byte[] got;

        about("MessageDigest", word("algorithm"));
        digest = MessageDigest.getInstance(algorithm);
        offered = true;
        step("MessageDigest.digest");
        got = digest.digest(bytes("message"));
        served(digest.getProvider());
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(got, bytes("answer")))
            wrong("the digest is wrong");
    }

    private void cipher() throws Exception {
        byte[] plaintext = bytes("plaintext"), iv = bytes("iv"), ciphertext;
        boolean own = "module".equals(word("iv-source"));
        Cipher cipher, back;
        Key key;

        about("Cipher", word("transformation"));
        cipher = Cipher.getInstance(algorithm);
        offered = true;
        key = made(word("key-algorithm"));
        if (isWrong())
            return;
        step("Cipher.init");
        initCipher(cipher, Cipher.ENCRYPT_MODE, key, own ? null : iv);
        served(cipher.getProvider());
        step("Cipher.doFinal");
        ciphertext = cipher.doFinal(plaintext);
        if (own) {
            step("Cipher.getIV");
            iv = cipher.getIV();
            if (iv == null || iv.length == 0) {
                wrong("the provider made no IV of its own");
                return;
            }
            note("the provider's own IV has " + iv.length + " bytes");
            if (repeats(cipher, key, iv)) {
                wrong("the provider made the same IV again");
                return;
            }
        }
        answer[CHECK] = "round-trip";
        if (Arrays.equals(plaintext, Arrays.copyOf(ciphertext, plaintext.length))) {
            wrong("the ciphertext is the plaintext");
            return;
        }
        step("Cipher.init (decrypt)");
        back = again(cipher, key, iv);
        step("Cipher.doFinal (decrypt)");
        if (!Arrays.equals(back.doFinal(ciphertext), plaintext)) {
            wrong("decryption did not give the plaintext back");
            return;
        }
        if (word("tag-bits") != null && acceptsChanged(cipher, key, iv, ciphertext)) {
            wrong("a changed ciphertext was accepted");
            return;
        }
        if (bytes("key") != null && bytes("ciphertext") != null)
            knownCiphertext(cipher.getProvider());
        if (own) /* what is known is known of the caller's IV */
            answer[CHECK] = "round-trip";
    }

    private boolean repeats(Cipher cipher, Key key, byte[] iv) throws Exception {
        Cipher other = Cipher.getInstance(algorithm, cipher.getProvider());

        step("Cipher.init (another IV)");
        initCipher(other, Cipher.ENCRYPT_MODE, key, null);
        return Arrays.equals(iv, other.getIV());
    }

    /* One of its own: SunJCE's ChaCha20-Poly1305 does not take the same key and nonce again in one
     * object, not even for decryption. */
    private Cipher again(Cipher cipher, Key key, byte[] iv) throws Exception {
        Cipher other = Cipher.getInstance(algorithm, cipher.getProvider());

        initCipher(other, Cipher.DECRYPT_MODE, key, iv);
        return other;
    }

    private boolean acceptsChanged(Cipher cipher, Key key, byte[] iv, byte[] ciphertext)
            throws Exception {
        byte[] changed = ciphertext.clone();
        Cipher other;

        changed[changed.length - 1] ^= 1;
        step("Cipher.init (changed)");
        other = again(cipher, key, iv);
        step("Cipher.doFinal (changed)");
        try {
            other.doFinal(changed);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        } catch (ProviderException e) {
            return false;
        }
    }

    /* Where the provider that served takes a plain key too, its answer is known. */
    private void knownCiphertext(Provider provider) {
        byte[] got;

        tell("Cipher.init (plain key)");
        try {
            Cipher cipher = Cipher.getInstance(algorithm, provider);

            initCipher(cipher, Cipher.ENCRYPT_MODE, plainKey(), bytes("iv"));
            got = cipher.doFinal(bytes("plaintext"));
        } catch (Exception e) {
            note("it takes no plain key: " + chain(e));
            return;
        }
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(got, bytes("ciphertext")))
            wrong("the ciphertext of the known key is wrong");
    }

    private void mac() throws Exception {
        byte[] message = bytes("message"), changed = message.clone(), first;
        Mac mac;
        Key key;

        about("Mac", word("algorithm"));
        mac = Mac.getInstance(algorithm);
        offered = true;
        key = made(word("key-algorithm", algorithm));
        if (isWrong())
            return;
        step("Mac.init");
        /* After a failed init, getProvider() throws something else (JAVA-REDHAT 7.1). */
        mac.init(key);
        served(mac.getProvider());
        step("Mac.doFinal");
        first = mac.doFinal(message);
        answer[CHECK] = "round-trip";
        changed[0] ^= 1;
        if (first == null || first.length == 0 || !Arrays.equals(first, mac.doFinal(message)))
            wrong("the same message gave another code");
        else if (Arrays.equals(first, mac.doFinal(changed)))
            wrong("a changed message gave the same code");
        else if (bytes("key") != null && bytes("answer") != null)
            knownMac(mac.getProvider());
    }

    private void knownMac(Provider provider) {
        byte[] got;

        tell("Mac.init (plain key)");
        try {
            Mac mac = Mac.getInstance(algorithm, provider);

            mac.init(new SecretKeySpec(bytes("key"), algorithm));
            got = mac.doFinal(bytes("message"));
        } catch (Exception e) {
            note("it takes no plain key: " + chain(e));
            return;
        }
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(got, bytes("answer")))
            wrong("the code with the known key is wrong");
    }

    /* A key whose bytes the program has, as applications use them. The JCA asks one provider after
     * the other until one takes the key, so who served tells more than that it worked. */
    private void importForCipher() throws Exception {
        Provider before;
        Cipher cipher;
        byte[] got;

        about("Cipher", word("transformation"));
        cipher = Cipher.getInstance(algorithm);
        offered = true;
        before = firstOffering("Cipher", algorithm);
        step("Cipher.init");
        initCipher(cipher, Cipher.ENCRYPT_MODE, plainKey(), bytes("iv"));
        served(cipher.getProvider());
        step("Cipher.doFinal");
        got = cipher.doFinal(bytes("plaintext"));
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(got, bytes("ciphertext")))
            wrong("the ciphertext of the known key is wrong");
        if (before != null && before != cipher.getProvider())
            note("not by the first provider that offers it: " + whyForCipher(before));
    }

    private void importForMac() throws Exception {
        Provider before;
        byte[] got;
        Mac mac;

        about("Mac", word("algorithm"));
        mac = Mac.getInstance(algorithm);
        offered = true;
        before = firstOffering("Mac", algorithm);
        step("Mac.init");
        mac.init(plainKey());
        served(mac.getProvider());
        step("Mac.doFinal");
        got = mac.doFinal(bytes("message"));
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(got, bytes("answer")))
            wrong("the code with the known key is wrong");
        if (before != null && before != mac.getProvider())
            note("not by the first provider that offers it: " + whyForMac(before));
    }

    private String whyForMac(Provider provider) {
        tell("Mac.init (" + provider.getName() + ")");
        try {
            Mac.getInstance(algorithm, provider).init(plainKey());
            return provider.getName() + " takes it when it is named";
        } catch (Exception e) {
            return provider.getName() + " says " + chain(e);
        }
    }

    private String whyForCipher(Provider provider) {
        tell("Cipher.init (" + provider.getName() + ")");
        try {
            Cipher cipher = Cipher.getInstance(algorithm, provider);

            initCipher(cipher, Cipher.ENCRYPT_MODE, plainKey(), bytes("iv"));
            return provider.getName() + " takes it when it is named";
        } catch (Exception e) {
            return provider.getName() + " says " + chain(e);
        }
    }

    /* Two keys of the size that was asked for. A token may keep their values to itself; then what
     * they do must differ. */
    private void secretKey() throws Exception {
        SecretKey one, other;
        KeyGenerator generator;
        byte[] value;

        about("KeyGenerator", word("key-algorithm"));
        generator = KeyGenerator.getInstance(algorithm);
        offered = true;
        step("KeyGenerator.init");
        generator.init(number("key-bits"));
        step("KeyGenerator.generateKey");
        one = generator.generateKey();
        other = generator.generateKey();
        served(generator.getProvider());
        note("key: " + one.getClass().getName());
        value = one.getEncoded();
        answer[CHECK] = "plausible";
        if (value == null) {
            note("the provider keeps its value");
            compareUse(one, other);
        } else if (value.length != number("bytes")) {
            wrong("the key has " + value.length + " bytes");
        } else if (Arrays.equals(value, other.getEncoded())) {
            wrong("two keys are the same");
        }
    }

    private void compareUse(SecretKey one, SecretKey other) {
        tell("Cipher.doFinal");
        try {
            if (Arrays.equals(used(one), used(other)))
                wrong("two keys do the same");
        } catch (GeneralSecurityException | ProviderException e) {
            answer[CHECK] = "none";
            note("not used: " + chain(e));
        }
    }

    private byte[] used(SecretKey key) throws GeneralSecurityException {
        byte[] block = new byte[16];
        Cipher cipher;
        Mac mac;

        if (algorithm.startsWith("Hmac")) {
            mac = Mac.getInstance(algorithm);
            mac.init(key);
            return mac.doFinal(block);
        }
        cipher = Cipher.getInstance(word("transformation", algorithm));
        cipher.init(Cipher.ENCRYPT_MODE, key);
        return cipher.doFinal(block);
    }

    private void random() throws Exception {
        int n = number("bytes");
        byte[] one = new byte[n], other = new byte[n];
        String name = word("algorithm");
        SecureRandom random;

        about("SecureRandom", name);
        if ("strong".equals(word("instance"))) {
            step("SecureRandom.getInstanceStrong");
            random = SecureRandom.getInstanceStrong();
        } else if (name == null) { /* as nearly all programs do */
            step("new SecureRandom");
            random = new SecureRandom();
        } else {
            random = SecureRandom.getInstance(name);
        }
        offered = true;
        step("SecureRandom.nextBytes");
        random.nextBytes(one);
        random.nextBytes(other);
        served(random.getProvider());
        note("algorithm " + random.getAlgorithm());
        answer[CHECK] = "plausible";
        if (Arrays.equals(one, other) || repeats(one) || repeats(other))
            wrong("the bytes repeat");
    }

    /* Eight times the same byte: with random ones, once in 2^51 times. */
    private static boolean repeats(byte[] bytes) {
        for (int i = 1, same = 0; i < bytes.length; i++) {
            same = bytes[i] == bytes[i - 1] ? same + 1 : 0;
            if (same == 7)
                return true;
        }
        return false;
    }

    /* ---- what these share --------------------------------------------------------------------- */

    private Key plainKey() {
        return new SecretKeySpec(bytes("key"), word("key-algorithm", algorithm));
    }

    /* Made by a provider, so that a token that takes no plain keys really serves it. */
    private Key made(String name) throws Exception {
        int bits = number("key-bits");
        KeyGenerator generator;
        SecretKey key;

        step("KeyGenerator.getInstance");
        generator = KeyGenerator.getInstance(name);
        if (bits > 0) {
            step("KeyGenerator.init");
            generator.init(bits);
        }
        step("KeyGenerator.generateKey");
        key = generator.generateKey();
        note("key: " + key.getClass().getName());
        sized(key, name, bits);
        return key;
    }

    private void initCipher(Cipher cipher, int mode, Key key, byte[] iv) throws Exception {
        byte[] aad = bytes("aad");
        AlgorithmParameterSpec spec;

        if (iv == null || "none".equals(word("parameters"))) {
            cipher.init(mode, key);
        } else {
            spec = "chacha20".equals(word("parameters")) ? chacha20(iv)
                    : "gcm".equals(word("parameters"))
                    ? new GCMParameterSpec(number("tag-bits"), iv) : new IvParameterSpec(iv);
            cipher.init(mode, key, spec);
        }
        if (aad != null && aad.length > 0)
            cipher.updateAAD(aad);
    }

    /* Counter and nonce. Its class came with Java 11: by reflection, so that this one is for all. */
    private static AlgorithmParameterSpec chacha20(byte[] iv) throws Exception {
        int counter = iv[0] & 255 | (iv[1] & 255) << 8 | (iv[2] & 255) << 16 | iv[3] << 24;

        return (AlgorithmParameterSpec) Class.forName("javax.crypto.spec.ChaCha20ParameterSpec")
                .getConstructor(byte[].class, int.class)
                .newInstance(Arrays.copyOfRange(iv, 4, 16), counter);
    }
}
