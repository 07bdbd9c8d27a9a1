/* SPDX-License-Identifier: Apache-2.0
 *
 * The Java side of java-harness: does what a row of the catalogue says, with the public classes of
 * the JCA only, and tells what happened as strings. Compiled with --release 8, embedded in the
 * program, defined by JNI. One class, no lambdas, no regular expressions, no String.format: what
 * is not loaded costs nothing at start.
 */
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Security;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

final class FipsProbe {
    /* The places of ask's answer; enum answer_place in ask.c is the same list. */
    private static final int RESULT = 0, LISTED = 1, CHECK = 2, STEP = 3, CODE = 4, DETAIL = 5,
            PROVIDER = 6, ANSWER = 7, AGAIN = 8, ANSWERS = 9;

    /* An exception of the list of providers itself is thrown on every access, but not for ever:
     * sun.security.jca.ProviderConfig (OpenJDK 8 to 25) gives up after 30 tries and then passes
     * the provider over. A row must see what a fresh program would see, so after this many the
     * rest is asked in a fresh VM; no row makes more than two accesses. */
    private static final int MOST_THROWN = 24;

    private static final int LONGEST = 4000; /* of one string for C */
    private static final int DEEPEST = 24;   /* a chain of causes may be a ring */

    private static Provider[] list;      /* as Security.getProviders() gave it the first time */
    private static String providerError; /* the chain of the first exception of the list itself */
    private static boolean primaryThrew;
    private static String then;          /* what the next access did after primaryThrew */
    private static int thrown;           /* how often providerError was seen */

    /** The call that comes next, for whoever finds this process dead. */
    private static native void tell(String call);

    private final String[] parameters; /* key, value, key, value ... */
    private final String[] answer = new String[ANSWERS];
    private String service, algorithm; /* what the row is about, for listed() */
    private boolean offered;           /* getInstance of it succeeded */
    private String step;
    private StringBuilder notes = new StringBuilder();

    private FipsProbe(String[] parameters) {
        this.parameters = parameters;
    }

    /** Called from C: one row. Never throws. */
    static String[] ask(String op, String[] parameters) {
        FipsProbe row = new FipsProbe(parameters);
        String[] answer = row.answer;
        boolean ofTheList = false, error = false;

        try {
            row.run(op);
            if (answer[RESULT] == null)
                answer[RESULT] = "done";
            if (row.notes.length() > 0)
                answer[DETAIL] = cut(row.notes.toString());
        } catch (Throwable t) {
            answer[RESULT] = "failed";
            answer[CODE] = code(t);
            answer[DETAIL] = chain(t);
            ofTheList = row.ofTheList(t);
            error = t instanceof Error;
            if (!ofTheList && row.service != null && !row.offered)
                answer[LISTED] = listed(row.service, row.algorithm);
        }
        if (primaryThrew && then == null && !"primary-provider".equals(op))
            then = ofTheList ? "thrown again"
                    : error ? "thrown again, as " + answer[CODE] : "skipped from the 2nd access on";
        if (row.offered)
            answer[LISTED] = "yes";
        answer[STEP] = row.step;
        answer[AGAIN] = thrown >= MOST_THROWN ? "yes" : null;
        return answer;
    }

    /** Called from C: version of Java; name and version of the VM. */
    static String[] about() {
        return new String[] {System.getProperty("java.version"), System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version")};
    }

    /** Called from C: name, version, info, number of services of each; null: there is no list. */
    static String[] providers() {
        return list == null ? null : describe(list);
    }

    /** Called from C: how it went on after Security.getProviders() threw; null: it did not. */
    static String afterError() {
        return then;
    }

    /** Called from C, last: what is left where the provider was passed over. */
    static String[] providersAfterError() {
        try {
            return describe(Security.getProviders());
        } catch (Throwable t) {
            return null;
        }
    }

    private static String[] describe(Provider[] providers) {
        String[] told = new String[providers.length * 4];

        for (int i = 0; i < providers.length; i++) {
            Provider p = providers[i];

            try {
                told[i * 4] = cut(p.getName());
                told[i * 4 + 1] = version(p);
                told[i * 4 + 2] = cut(p.getInfo());
                told[i * 4 + 3] = Integer.toString(p.getServices().size());
            } catch (Throwable t) {
                told[i * 4 + 2] = chain(t);
            }
        }
        return told;
    }

    /* getVersionStr() came with 9; before, toString() and getVersion() are all there is. */
    private static String version(Provider p) {
        String text = p.toString(), before = p.getName() + " version ";

        return text != null && text.startsWith(before) ? cut(text.substring(before.length()))
                                                       : Double.toString(p.getVersion());
    }

    private void run(String op) throws Exception {
        if (op.equals("primary-provider"))
            primary();
        else if (op.equals("digest"))
            digest();
        else if (op.equals("cipher"))
            cipher();
        else if (op.equals("mac"))
            mac();
        else if (op.equals("signature"))
            signature();
        else if (op.equals("keypair"))
            keypair();
        else if (op.equals("agreement"))
            agreement();
        else if (op.equals("random"))
            random();
        else if (op.equals("import"))
            importKey();
        else
            throw new IllegalArgumentException(op);
    }

    /* ---- operations ----------------------------------------------------------------------- */

    private void primary() {
        step("Security.getProviders");
        try {
            list = Security.getProviders();
        } catch (RuntimeException | Error e) { /* Error: a library of the JDK is missing */
            primaryThrew = true;
            throw e;
        }
        if (list.length == 0) {
            wrong("the list of providers is empty");
            return;
        }
        answer[PROVIDER] = answer[ANSWER] = cut(list[0].getName());
        answer[CHECK] = "none";
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
        key = secretKey(word("key-algorithm"));
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
        if (!own && bytes("key") != null && bytes("ciphertext") != null)
            knownCiphertext(cipher.getProvider());
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
        key = secretKey(word("key-algorithm") == null ? algorithm : word("key-algorithm"));
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

    private void signature() throws Exception {
        byte[] message = bytes("message"), signed;
        Signature signature;
        KeyPair pair;

        about("Signature", word("algorithm"));
        signature = Signature.getInstance(algorithm);
        offered = true;
        pair = word("private-key") == null ? null
                : givenPair(firstOffering("Signature", algorithm));
        if (pair == null || !signs(signature, pair)) {
            if (pair != null) /* it is bound to whoever took that key */
                signature = Signature.getInstance(algorithm);
            answer[CHECK] = null;
            pair = generator().generateKeyPair();
            step("Signature.initSign");
            signature.initSign(pair.getPrivate());
        }
        note("private key: " + pair.getPrivate().getClass().getName());
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

    /* The row's own RSA key (PKCS#8), where the provider that comes first takes it: the answer is
     * known then, and generating one is what costs most of all rows. Null where it does not: a
     * token that takes no plain keys makes its own. */
    private KeyPair givenPair(Provider provider) {
        byte[] encoded = bytes("private-key");

        tell("KeyFactory.generatePrivate");
        try {
            KeyFactory factory = KeyFactory.getInstance(word("key-algorithm"), provider);
            int at = inside(encoded, 0);                    /* PrivateKeyInfo */

            at = inside(encoded, after(encoded, after(encoded, at))); /* privateKey */
            at = after(encoded, inside(encoded, at));       /* RSAPrivateKey: version, n, e */
            return new KeyPair(
                    factory.generatePublic(new RSAPublicKeySpec(integer(encoded, at),
                            integer(encoded, after(encoded, at)))),
                    factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (Exception e) {
            note("the first provider takes no plain key: " + chain(e));
            return null;
        }
    }

    /* Is it taken, and by the first provider, not by another one behind it? */
    private boolean signs(Signature signature, KeyPair pair) {
        step("Signature.initSign (given key)");
        try {
            signature.initSign(pair.getPrivate());
        } catch (Exception e) {
            note("the given key is not taken: " + chain(e));
            return false;
        }
        answer[CHECK] = "known-answer";
        return signature.getProvider() == firstOffering("Signature", algorithm);
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

    private boolean verifies(Signature signature, PublicKey key, byte[] message, byte[] signed)
            throws Exception {
        step("Signature.initVerify");
        signature.initVerify(key);
        step("Signature.verify");
        signature.update(message);
        return signature.verify(signed);
    }

    private void keypair() throws Exception {
        KeyPairGenerator generator;
        KeyPair pair;
        int bits = number("key-bits");

        about("KeyPairGenerator", word("key-algorithm"));
        generator = generator();
        offered = true;
        pair = generator.generateKeyPair();
        served(generator.getProvider());
        note("private key: " + pair.getPrivate().getClass().getName());
        answer[CHECK] = "none";
        if (bits > 0 && pair.getPublic() instanceof RSAKey) {
            answer[CHECK] = "plausible";
            if (((RSAKey) pair.getPublic()).getModulus().bitLength() != bits)
                wrong("the key has not " + bits + " bits");
        }
    }

    private void agreement() throws Exception {
        KeyPairGenerator generator;
        KeyAgreement one, other;
        KeyPair mine, theirs;
        byte[] secret;

        about("KeyAgreement", word("algorithm"));
        one = KeyAgreement.getInstance(algorithm);
        offered = true;
        generator = generator();
        mine = generator.generateKeyPair();
        theirs = generator.generateKeyPair();
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

    private void random() throws Exception {
        int n = number("bytes");
        byte[] one = new byte[n], other = new byte[n];
        String name = word("algorithm");
        SecureRandom random;

        about("SecureRandom", name);
        if (name == null) /* as nearly all programs do */
            step("new SecureRandom");
        random = name == null ? new SecureRandom() : SecureRandom.getInstance(name);
        offered = true;
        step("SecureRandom.nextBytes");
        random.nextBytes(one);
        random.nextBytes(other);
        served(random.getProvider());
        note("algorithm " + random.getAlgorithm());
        answer[CHECK] = "plausible";
        if (Arrays.equals(one, other) || constant(one) || constant(other))
            wrong("the bytes repeat");
    }

    private static boolean constant(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++)
            if (bytes[i] != bytes[0])
                return false;
        return true;
    }

    /* A key whose bytes the program has, as applications use them. The JCA asks one provider after
     * the other until one takes the key, so who served tells more than that it worked. */
    private void importKey() throws Exception {
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
            note("not by the first provider that offers it: " + why(before));
    }

    private String why(Provider provider) {
        tell("Cipher.init (" + provider.getName() + ")");
        try {
            Cipher cipher = Cipher.getInstance(algorithm, provider);

            initCipher(cipher, Cipher.ENCRYPT_MODE, plainKey(), bytes("iv"));
            return provider.getName() + " takes it when it is named";
        } catch (Exception e) {
            return provider.getName() + " says " + chain(e);
        }
    }

    /* ---- what the operations share --------------------------------------------------------- */

    private Key plainKey() {
        return new SecretKeySpec(bytes("key"), word("key-algorithm"));
    }

    /* Made by a provider, so that a token that takes no plain keys really serves it. */
    private Key secretKey(String name) throws Exception {
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
        return key;
    }

    private KeyPairGenerator generator() throws Exception {
        int bits = number("key-bits");
        String curve = word("curve");
        KeyPairGenerator generator;

        step("KeyPairGenerator.getInstance");
        generator = KeyPairGenerator.getInstance(word("key-algorithm"));
        step("KeyPairGenerator.initialize");
        if (curve != null)
            generator.initialize(new ECGenParameterSpec(curve));
        else if (bits > 0)
            generator.initialize(bits);
        step("KeyPairGenerator.generateKeyPair");
        return generator;
    }

    private void initCipher(Cipher cipher, int mode, Key key, byte[] iv) throws Exception {
        byte[] aad = bytes("aad");
        AlgorithmParameterSpec spec;

        if (iv == null) {
            cipher.init(mode, key);
        } else {
            spec = "gcm".equals(word("parameters")) ? new GCMParameterSpec(number("tag-bits"), iv)
                                                    : new IvParameterSpec(iv);
            cipher.init(mode, key, spec);
        }
        if (aad != null && aad.length > 0)
            cipher.updateAAD(aad);
    }

    private void about(String service, String algorithm) {
        this.service = service;
        this.algorithm = algorithm;
        step(service.concat(".getInstance"));
    }

    private void step(String call) {
        step = call;
        tell(call);
    }

    private void served(Provider provider) {
        answer[PROVIDER] = provider == null ? null : cut(provider.getName());
    }

    private void wrong(String how) {
        answer[RESULT] = "wrong";
        note(how);
    }

    private void note(String text) {
        if (notes.length() > 0)
            notes.append("; ");
        notes.append(text);
    }

    private String word(String key) {
        for (int i = 0; i + 1 < parameters.length; i += 2)
            if (parameters[i].equals(key))
                return parameters[i + 1];
        return null;
    }

    private int number(String key) {
        String value = word(key);

        return value == null ? 0 : Integer.parseInt(value);
    }

    private byte[] bytes(String key) {
        String hex = word(key);
        byte[] bytes;

        if (hex == null)
            return null;
        bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++)
            bytes[i] = (byte) (Character.digit(hex.charAt(2 * i), 16) << 4
                    | Character.digit(hex.charAt(2 * i + 1), 16));
        return bytes;
    }

    /* ---- who offers what ------------------------------------------------------------------- */

    private static String listed(String service, String algorithm) {
        try {
            return firstOffering(service, algorithm) != null ? "yes" : "no";
        } catch (Throwable t) {
            return "unknown";
        }
    }

    private static Provider firstOffering(String service, String algorithm) {
        Provider[] providers = Security.getProviders();

        for (int i = 0; i < providers.length; i++)
            if (algorithm == null || offers(providers[i], service, algorithm))
                return providers[i];
        return null;
    }

    /* A provider may list a transformation whole, by algorithm and mode, by algorithm and padding,
     * or by algorithm alone, then with modes and paddings as attributes (Cipher's own rules). */
    private static boolean offers(Provider p, String service, String algorithm) {
        int slash = algorithm.indexOf('/'), last = algorithm.lastIndexOf('/');
        String name, mode, padding;

        if (p.getService(service, algorithm) != null)
            return true;
        if (slash < 0 || slash == last)
            return false;
        name = algorithm.substring(0, slash);
        mode = algorithm.substring(slash + 1, last);
        padding = algorithm.substring(last + 1);
        return has(p.getService(service, name + "/" + mode), null, padding)
                || has(p.getService(service, name + "//" + padding), mode, null)
                || has(p.getService(service, name), mode, padding);
    }

    private static boolean has(Provider.Service s, String mode, String padding) {
        return s != null && (mode == null || among(s.getAttribute("SupportedModes"), mode))
                && (padding == null || among(s.getAttribute("SupportedPaddings"), padding));
    }

    private static boolean among(String names, String name) {
        return names == null
                || ("|" + names.toUpperCase() + "|").contains("|" + name.toUpperCase() + "|");
    }

    /* ---- exceptions ------------------------------------------------------------------------ */

    /* Is it the exception of a provider that could not be loaded, so that any access throws it? */
    private boolean ofTheList(Throwable t) {
        String chain;

        if (!(t instanceof ProviderException) || step == null || offered)
            return false;
        chain = chain(t);
        if (providerError == null)
            providerError = chain;
        if (!providerError.equals(chain))
            return false;
        thrown++;
        return true;
    }

    static String code(Throwable t) {
        String outer = t.getClass().getName(), deepest = null, ckr = null;

        for (int i = 0; t != null && i < DEEPEST; i++) {
            String found = ckr(message(t));

            if (i > 0)
                deepest = t.getClass().getName();
            if (found != null)
                ckr = found;
            t = cause(t);
        }
        return cut(outer + (deepest == null ? "" : " <- " + deepest)
                + (ckr == null ? "" : "/" + ckr));
    }

    static String chain(Throwable t) {
        StringBuilder text = new StringBuilder();

        for (int i = 0; t != null && i < DEEPEST; i++) {
            String message = message(t);

            if (i > 0)
                text.append(" <- ");
            text.append(t.getClass().getName());
            if (message != null)
                text.append(": ").append(message);
            t = cause(t);
        }
        return cut(text.toString());
    }

    private static String message(Throwable t) {
        try {
            return t.getMessage();
        } catch (Throwable other) {
            return null;
        }
    }

    private static Throwable cause(Throwable t) {
        try {
            Throwable cause = t.getCause();

            return cause == t ? null : cause;
        } catch (Throwable other) {
            return null;
        }
    }

    private static String ckr(String message) {
        int from = message == null ? -1 : message.indexOf("CKR_"), to = from;

        if (from < 0)
            return null;
        while (to < message.length() && to < from + 60 && isOfName(message.charAt(to)))
            to++;
        return message.substring(from, to);
    }

    private static boolean isOfName(char c) {
        return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
