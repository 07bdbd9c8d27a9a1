/* SPDX-License-Identifier: Apache-2.0
 *
 * Keys from keys, from passwords and from their own bytes: wrapping, passwords, factories,
 * derivation.
 */
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.DESKeySpec;
import javax.crypto.spec.DESedeKeySpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;

final class FipsProbeDerive extends FipsProbe {
    FipsProbeDerive(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "wrap":
            wrap();
            break;
        case "pbe":
            cipherOfPassword();
            break;
        case "password-key":
            keyOfPassword();
            break;
        case "key-factory":
            keyFactory();
            break;
        default:
            derive();
        }
    }

    /* ---- wrapping ------------------------------------------------------------------------------- */

    /* A generated key wrapped with another one; what comes out must be the key: where its value can
     * be had by that, else by what it encrypts. */
    private void wrap() throws Exception {
        String name = word("key-algorithm");
        Cipher cipher, back;
        byte[] wrapped;
        Key with, key, got;

        cipher = firstOf(word("transformation"));
        offered = true;
        with = generated(name, number("key-bits"));
        key = generated("AES", 128);
        if (isWrong())
            return;
        note("key: " + with.getClass().getName());
        step("Cipher.init (wrap)");
        init(cipher, Cipher.WRAP_MODE, with);
        served(cipher.getProvider());
        step("Cipher.wrap");
        wrapped = cipher.wrap(key);
        back = Cipher.getInstance(algorithm, cipher.getProvider());
        step("Cipher.init (unwrap)");
        init(back, Cipher.UNWRAP_MODE, with);
        step("Cipher.unwrap");
        got = back.unwrap(wrapped, "AES", Cipher.SECRET_KEY);
        step("Cipher.doFinal");
        answer[CHECK] = "round-trip";
        if (!same(key, got)) {
            wrong("another key came out than was wrapped");
            return;
        }
        if (opens(cipher, with, wrapped)) {
            wrong("a changed wrapped key was accepted");
            return;
        }
        if (bytes("key") != null && bytes("ciphertext") != null)
            knownWrapping(cipher.getProvider());
    }

    /* "A or B": the first that is there. */
    private Cipher firstOf(String names) throws GeneralSecurityException {
        int or = names.indexOf(" or ");

        if (or >= 0) {
            about("Cipher", names.substring(0, or));
            try {
                return Cipher.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                names = names.substring(or + 4);
            }
        }
        about("Cipher", names);
        return Cipher.getInstance(algorithm);
    }

    private Key generated(String name, int bits) throws Exception {
        KeyGenerator generator;
        Key key;

        step("KeyGenerator.getInstance");
        generator = KeyGenerator.getInstance(name);
        step("KeyGenerator.init");
        generator.init(bits);
        step("KeyGenerator.generateKey");
        key = generator.generateKey();
        sized(key, name, bits);
        return key;
    }

    private void init(Cipher cipher, int mode, Key key) throws GeneralSecurityException {
        if (bytes("iv") == null)
            cipher.init(mode, key);
        else
            cipher.init(mode, key, new IvParameterSpec(bytes("iv")));
    }

    /* Only wrapping that is meant for keys notices a change. */
    private boolean opens(Cipher cipher, Key with, byte[] wrapped) throws Exception {
        byte[] changed = wrapped.clone();
        Cipher back;

        if (word("iv") != null)
            return false;
        changed[0] ^= 1;
        back = Cipher.getInstance(algorithm, cipher.getProvider());
        step("Cipher.init (changed)");
        init(back, Cipher.UNWRAP_MODE, with);
        step("Cipher.unwrap (changed)");
        try {
            back.unwrap(changed, "AES", Cipher.SECRET_KEY);
            return true;
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }

    /* In both directions; but where wrapping is with an IV of the provider's own, in one. */
    private void knownWrapping(Provider provider) {
        Key with = new SecretKeySpec(bytes("key"), word("key-algorithm"));
        byte[] got = null, back;

        tell("Cipher.init (plain key)");
        try {
            Cipher cipher = Cipher.getInstance(algorithm, provider);

            if (!"module".equals(word("iv-source"))) {
                init(cipher, Cipher.WRAP_MODE, with);
                got = cipher.wrap(new SecretKeySpec(bytes("plaintext"), "AES"));
                cipher = Cipher.getInstance(algorithm, provider);
            }
            init(cipher, Cipher.UNWRAP_MODE, with);
            back = unwrapped(cipher);
        } catch (GeneralSecurityException | ProviderException e) {
            note("it takes no plain key: " + chain(e));
            return;
        }
        answer[CHECK] = "known-answer";
        if (got != null && !Arrays.equals(got, bytes("ciphertext")))
            wrong("the known key was wrapped to something else");
        else if (back != null && !Arrays.equals(back, bytes("plaintext")))
            wrong("the known wrapped key was unwrapped to something else");
    }

    private byte[] unwrapped(Cipher cipher) throws GeneralSecurityException {
        try {
            return cipher.unwrap(bytes("ciphertext"), "AES", Cipher.SECRET_KEY).getEncoded();
        } catch (InvalidKeyException e) { /* the key was taken: what it unwraps is not */
            if (refused(e))
                throw e;
            return new byte[0];
        }
    }

    /* ---- passwords ------------------------------------------------------------------------------ */

    private static char[] chars(byte[] text) {
        char[] chars = new char[text.length];

        for (int i = 0; i < chars.length; i++)
            chars[i] = (char) (text[i] & 255);
        return chars;
    }

    private void cipherOfPassword() throws Exception {
        byte[] plaintext = bytes("plaintext"), ciphertext, iv = bytes("iv");
        AlgorithmParameterSpec spec = iv == null
                ? new PBEParameterSpec(bytes("salt"), number("iterations"))
                : new PBEParameterSpec(bytes("salt"), number("iterations"),
                        new IvParameterSpec(iv));
        SecretKeyFactory factory;
        Cipher cipher, back;
        SecretKey key;

        about("Cipher", word("transformation"));
        cipher = Cipher.getInstance(algorithm);
        offered = true;
        step("SecretKeyFactory.getInstance");
        factory = SecretKeyFactory.getInstance(algorithm);
        step("SecretKeyFactory.generateSecret");
        key = factory.generateSecret(new PBEKeySpec(chars(bytes("password"))));
        note("key: " + key.getClass().getName());
        step("Cipher.init");
        cipher.init(Cipher.ENCRYPT_MODE, key, spec);
        served(cipher.getProvider());
        step("Cipher.doFinal");
        ciphertext = cipher.doFinal(plaintext);
        answer[CHECK] = "known-answer";
        if (!Arrays.equals(ciphertext, bytes("ciphertext"))) {
            wrong("the ciphertext of the known password is wrong");
            return;
        }
        back = Cipher.getInstance(algorithm, cipher.getProvider());
        step("Cipher.init (decrypt)");
        back.init(Cipher.DECRYPT_MODE, key, spec);
        step("Cipher.doFinal (decrypt)");
        if (!Arrays.equals(back.doFinal(ciphertext), plaintext))
            wrong("decryption did not give the plaintext back");
    }

    private void keyOfPassword() throws Exception {
        byte[] expected = bytes("answer");
        SecretKeyFactory factory;
        SecretKey key;

        about("SecretKeyFactory", word("algorithm"));
        factory = SecretKeyFactory.getInstance(algorithm);
        offered = true;
        step("SecretKeyFactory.generateSecret");
        key = factory.generateSecret(new PBEKeySpec(chars(bytes("password")), bytes("salt"),
                number("iterations"), expected.length * 8));
        served(factory.getProvider());
        checkValue(key, expected);
    }

    /* ---- other ways to a key -------------------------------------------------------------------- */

    private void keyFactory() throws Exception {
        SecretKeyFactory factory;
        SecretKey key;

        about("SecretKeyFactory", word("algorithm"));
        factory = SecretKeyFactory.getInstance(algorithm);
        offered = true;
        step("SecretKeyFactory.generateSecret");
        key = factory.generateSecret(algorithm.equals("DES")
                ? new DESKeySpec(bytes("key")) : new DESedeKeySpec(bytes("key")));
        served(factory.getProvider());
        checkValue(key, bytes("key"));
    }

    /* javax.crypto.KDF came with Java 24: by reflection, so that this class is one for all. */
    private void derive() throws Exception {
        Class<?> kdfClass, specClass, builderClass;
        byte[] expected = bytes("answer");
        Object kdf, builder, spec;
        SecretKey key;

        step("Class.forName");
        kdfClass = Class.forName("javax.crypto.KDF");
        specClass = Class.forName("javax.crypto.spec.HKDFParameterSpec");
        builderClass = Class.forName("javax.crypto.spec.HKDFParameterSpec$Builder");
        about("KDF", word("algorithm"));
        kdf = call(kdfClass, "getInstance", null, algorithm);
        offered = true;
        builder = call(specClass, "ofExtract", null);
        builder = call(builderClass, "addIKM", builder,
                new SecretKeySpec(bytes("key"), "Generic"));
        builder = call(builderClass, "addSalt", builder, bytes("salt"));
        spec = call(builderClass, "thenExpand", builder, bytes("info"), expected.length);
        step("KDF.deriveKey");
        key = (SecretKey) call(kdfClass, "deriveKey", kdf, "Generic", spec);
        answer[PROVIDER] = cut((String) call(kdfClass, "getProviderName", kdf));
        checkValue(key, expected);
    }

    private void checkValue(SecretKey key, byte[] expected) {
        byte[] got = key.getEncoded();

        note("key: " + key.getClass().getName());
        answer[CHECK] = "known-answer";
        if (got == null) {
            answer[CHECK] = "none";
            note("the key's value stays in the provider");
        } else if (!Arrays.equals(got, expected)) {
            wrong("the key is another one");
        }
    }
}
