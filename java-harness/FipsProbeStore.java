/* SPDX-License-Identifier: Apache-2.0
 *
 * Key stores, certificates and their paths, parameters of algorithms.
 */
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.AlgorithmParameterGenerator;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import javax.crypto.spec.DHParameterSpec;

final class FipsProbeStore extends FipsProbe {
    FipsProbeStore(String[] parameters) {
        super(parameters);
    }

    @Override
    void run(String op) throws Exception {
        switch (op) {
        case "keystore":
            keyStore();
            break;
        case "cacerts":
            cacerts();
            break;
        case "certpath":
            certPath();
            break;
        case "parameters":
            parameters();
            break;
        default:
            generateParameters();
        }
    }

    /* ---- key stores ----------------------------------------------------------------------------- */

    /* In memory: nothing is written anywhere. */
    private void keyStore() throws Exception {
        String type = word("type", null), certificate = word("certificate");
        char[] password = word("password", "").toCharArray();
        KeyStore store;

        about("KeyStore", type == null ? KeyStore.getDefaultType() : type);
        answer[ANSWER] = type == null ? cut(algorithm) : null;
        store = KeyStore.getInstance(algorithm);
        offered = true;
        served(store.getProvider());
        step("KeyStore.load");
        store.load(null, certificate == null ? null : password);
        answer[CHECK] = "none";
        if (word("store") != null)
            loadKnown(store, password);
        else if (certificate == null) /* a token's: there is nothing to be written */
            note(store.size() + " entries");
        else
            storeAndLoad(store, password);
    }

    /* A store that others made, with a certificate and its key. */
    private void loadKnown(KeyStore store, char[] password) throws Exception {
        step("KeyStore.load (known)");
        store.load(new ByteArrayInputStream(bytes("store")), password);
        answer[CHECK] = "known-answer";
        compare(store, password);
    }

    private void compare(KeyStore store, char[] password) throws Exception {
        byte[] key = bytes("private-key"), got;

        if (!certificate(bytes("certificate")).equals(store.getCertificate("one"))) {
            wrong("the certificate is not what was stored");
            return;
        }
        if (key == null)
            return;
        step("KeyStore.getKey");
        got = store.getKey("one", password) == null ? new byte[0]
                : store.getKey("one", password).getEncoded();
        if (got == null)
            note("the key's value stays in the provider");
        else if (!Arrays.equals(got, key))
            wrong("the key is not what was stored");
    }

    private void storeAndLoad(KeyStore store, char[] password) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        X509Certificate certificate = certificate(bytes("certificate"));
        KeyStore again;
        PrivateKey key;

        if (word("private-key") == null) {
            step("KeyStore.setCertificateEntry");
            store.setCertificateEntry("one", certificate);
        } else {
            step("KeyFactory.generatePrivate");
            key = KeyFactory.getInstance("RSA").generatePrivate(
                    new PKCS8EncodedKeySpec(bytes("private-key")));
            step("KeyStore.setKeyEntry");
            store.setKeyEntry("one", key, password, new Certificate[] {certificate});
        }
        step("KeyStore.store");
        store.store(out, password);
        again = KeyStore.getInstance(algorithm, store.getProvider());
        step("KeyStore.load (again)");
        again.load(new ByteArrayInputStream(out.toByteArray()), password);
        answer[CHECK] = "round-trip";
        compare(again, password);
        if (isWrong())
            return;
        password[0] ^= 1;
        step("KeyStore.load (wrong password)");
        try {
            KeyStore.getInstance(algorithm, store.getProvider())
                    .load(new ByteArrayInputStream(out.toByteArray()), password);
            wrong("a wrong password was accepted");
        } catch (IOException e) {
            return;
        }
    }

    private static X509Certificate certificate(byte[] encoded) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encoded));
    }

    /* The certificates that the JDK trusts, as its own TLS loads them. */
    private void cacerts() throws Exception {
        String home = System.getProperty("java.home");
        KeyStore store;

        about("KeyStore", KeyStore.getDefaultType());
        if (word("type") != null)
            about("KeyStore", word("type"));
        store = KeyStore.getInstance(algorithm);
        offered = true;
        served(store.getProvider());
        step("KeyStore.load");
        try (InputStream in = new FileInputStream(home.concat("/lib/security/cacerts"))) {
            store.load(in, null);
        }
        answer[CHECK] = "plausible";
        answer[ANSWER] = store.size() + " entries";
        if (store.size() == 0)
            note("there is no certificate in it");
    }

    /* ---- certificates --------------------------------------------------------------------------- */

    private void certPath() throws Exception {
        byte[] encoded = bytes("certificate");
        CertPathValidator validator;
        PKIXParameters parameters;
        X509Certificate leaf, root;

        about("CertPathValidator", word("algorithm"));
        validator = CertPathValidator.getInstance(algorithm);
        offered = true;
        served(validator.getProvider());
        step("CertificateFactory.generateCertificate");
        leaf = certificate(encoded);
        root = certificate(bytes("issuer"));
        parameters = new PKIXParameters(Collections.singleton(new TrustAnchor(root, null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(new Date(leaf.getNotBefore().getTime() + 1000));
        step("CertPathValidator.validate");
        validator.validate(path(leaf), parameters);
        answer[CHECK] = "known-answer";
        encoded[encoded.length - 1] ^= 1;
        step("CertificateFactory.generateCertificate (changed)");
        leaf = certificate(encoded);
        step("CertPathValidator.validate (changed)");
        try {
            validator.validate(path(leaf), parameters);
            wrong("a changed certificate was accepted");
        } catch (CertPathValidatorException e) {
            return;
        }
    }

    private static CertPath path(X509Certificate leaf) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertPath(Collections.singletonList(leaf));
    }

    /* ---- parameters ----------------------------------------------------------------------------- */

    private void parameters() throws Exception {
        byte[] encoded = bytes("encoded");
        AlgorithmParameters parameters;

        about("AlgorithmParameters", word("algorithm"));
        parameters = AlgorithmParameters.getInstance(algorithm);
        offered = true;
        served(parameters.getProvider());
        step("AlgorithmParameters.init");
        if (word("curve") == null)
            parameters.init(encoded);
        else
            parameters.init(new ECGenParameterSpec(word("curve")));
        step("AlgorithmParameters.getEncoded");
        answer[CHECK] = word("curve") == null ? "round-trip" : "known-answer";
        if (!Arrays.equals(parameters.getEncoded(), encoded))
            wrong("the parameters have another encoding");
    }

    private void generateParameters() throws Exception {
        AlgorithmParameterGenerator generator;
        DHParameterSpec spec;

        about("AlgorithmParameterGenerator", word("algorithm"));
        generator = AlgorithmParameterGenerator.getInstance(algorithm);
        offered = true;
        served(generator.getProvider());
        step("AlgorithmParameterGenerator.init");
        generator.init(number("key-bits"));
        step("AlgorithmParameterGenerator.generateParameters");
        spec = generator.generateParameters().getParameterSpec(DHParameterSpec.class);
        answer[CHECK] = "plausible";
        if (spec.getP().bitLength() != number("key-bits") || !spec.getP().isProbablePrime(20))
            wrong("the prime is none of that size");
    }
}
