/* SPDX-License-Identifier: Apache-2.0
 *
 * Witness.java: what the rows of the jca door do, as a plain Java program would do it, for
 * comparison with fipsprobe: its answers, and what they cost. It shares no code with the program;
 * for Java 8 and later.
 *
 *     java Witness [all] [VECTORS]   id TAB outcome TAB provider TAB exception, one line for each
 *                                    row; all: those on request too
 *     java Witness providers         the names of the providers
 *
 * This class has the rows, the others of its name do them. VECTORS has lines "id key value" of the
 * catalogue (vectors.sh). Rows that cannot do without one are left out where it is not there.
 */
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

public class Witness {
    static class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1;

        Wrong(String how) {
            super(how);
        }
    }

    static final byte[] TEXT = "sample".getBytes(StandardCharsets.US_ASCII);
    static final Map<String, String> vectors = new HashMap<String, String>();
    static String id;

    public static void main(String[] args) throws Exception {
        boolean all = args.length > 0 && args[0].equals("all");

        if (args.length > 0 && args[0].equals("providers")) {
            for (Provider p : Security.getProviders())
                System.out.println(p.getName());
            return;
        }
        if (args.length > (all ? 1 : 0))
            for (String line : Files.readAllLines(Paths.get(args[all ? 1 : 0]))) {
                int second = line.indexOf(' ', line.indexOf(' ') + 1);

                vectors.put(line.substring(0, second), line.substring(second + 1));
            }
        row("provider.primary", "primary");
        rows();
        if (all)
            rowsOnRequest();
    }

    static void row(String name, String what, String... a) {
        String outcome = "done", provider = "-", code = "-";

        id = name;
        try {
            provider = run(what, a);
            if (provider == null)
                return; /* it needs a vector */
        } catch (Wrong w) {
            outcome = "wrong";
            code = w.getMessage();
        } catch (Throwable t) {
            outcome = "failed";
            code = describe(t);
        }
        System.out.println(name + "\t" + outcome + "\t" + provider + "\t" + code);
    }

    static String describe(Throwable t) {
        String outer = t.getClass().getName(), deepest = outer, ckr = "";
        boolean caused = false;

        for (Throwable c = t; c != null; c = c.getCause()) {
            String m = c.getMessage();
            int at = m == null ? -1 : m.indexOf("CKR_");

            deepest = c.getClass().getName();
            caused |= c != t;
            if (at >= 0)
                ckr = "/" + m.substring(at).split("[^A-Z0-9_]")[0];
        }
        return (caused ? outer + " <- " + deepest : outer) + ckr;
    }

    static void expect(boolean good, String how) {
        if (!good)
            throw new Wrong(how);
    }

    static byte[] hex(String text) {
        byte[] bytes;

        if (text == null)
            return null;
        if (text.startsWith("text:"))
            return text.substring(5).getBytes(StandardCharsets.US_ASCII);
        bytes = new BigInteger("01" + text, 16).toByteArray();
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }

    static byte[] vector(String key) {
        return hex(vectors.get(id + " " + key));
    }

    static BigInteger number(String key) {
        return new BigInteger(1, vector(key));
    }

    static void rows() {
        row("digest.md2", "digest", "MD2", "da853b0d3f88d99b30283a69e6ded6bb");
        row("digest.md5", "digest", "MD5", "900150983cd24fb0d6963f7d28e17f72");
        row("digest.sha-1", "digest", "SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d");
        row("digest.sha-256", "digest", "SHA-256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        row("digest.sha-384", "digest", "SHA-384",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc"
                + "2358baeca134c825a7");
        row("digest.sha-512", "digest", "SHA-512",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1"
                + "a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
        row("digest.sha3-256", "digest", "SHA3-256",
                "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
        row("digest.sha-224", "digest", "SHA-224",
                "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
        row("digest.sha-512-224", "digest", "SHA-512/224",
                "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa");
        row("digest.sha-512-256", "digest", "SHA-512/256",
                "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
        row("digest.sha3-224", "digest", "SHA3-224",
                "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf");
        row("digest.sha3-384", "digest", "SHA3-384",
                "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7"
                + "f539f1edf228376d25");
        row("digest.sha3-512", "digest", "SHA3-512",
                "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3"
                + "c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0");
        row("digest.ripemd-160", "digest", "RIPEMD160", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc");
        row("mac.hmac-sha-256", "mac", "HmacSHA256", "256");
        row("mac.hmac-md5", "mac", "HmacMD5", "128");
        row("mac.hmac-sha-256.key-64", "mac", "HmacSHA256", "64");
        row("mac.hmac-sha-256.plain-key", "plainmac", "HmacSHA256");
        row("mac.hmac-sha-1", "mac", "HmacSHA1", "160");
        row("mac.hmac-sha-224", "mac", "HmacSHA224", "224");
        row("mac.hmac-sha-384", "mac", "HmacSHA384", "256");
        row("mac.hmac-sha-512", "mac", "HmacSHA512", "256");
        row("mac.hmac-sha-512-256", "mac", "HmacSHA512/256", "256");
        row("mac.hmac-sha3-224", "mac", "HmacSHA3-224", "256");
        row("mac.hmac-sha3-256", "mac", "HmacSHA3-256", "256");
        row("mac.hmac-sha3-384", "mac", "HmacSHA3-384", "256");
        row("mac.hmac-sha3-512", "mac", "HmacSHA3-512", "256");
        row("mac.hmac-sha-1.key-80", "mac", "HmacSHA1", "80");
        row("mac.hmac-sha-224.key-112", "mac", "HmacSHA224", "112");
        row("mac.hmac-sha-512.key-128", "mac", "HmacSHA512", "128");
        row("cipher.aes-256-gcm.caller-iv", "cipher", "AES/GCM/NoPadding", "AES", "256", "gcm",
                "12", "60");
        row("cipher.aes-256-gcm.plain-key", "plain", "AES/GCM/NoPadding", "AES", "32", "gcm", "12");
        row("cipher.aes-256-gcm.module-iv", "cipher", "AES/GCM/NoPadding", "AES", "256", "own",
                "12", "60");
        row("cipher.aes-256-cbc", "cipher", "AES/CBC/NoPadding", "AES", "256", "iv", "16", "64");
        row("cipher.aes-256-cbc.plain-key", "plain", "AES/CBC/NoPadding", "AES", "32", "iv", "16");
        row("cipher.aes-128-ecb", "cipher", "AES/ECB/NoPadding", "AES", "128", "none", "0", "64");
        row("cipher.3des-cbc", "cipher", "DESede/CBC/NoPadding", "DESede", "168", "iv", "8", "24");
        row("cipher.3des-cbc.plain-key", "plain", "DESede/CBC/NoPadding", "DESede", "24", "iv",
                "8");
        row("cipher.des-cbc", "cipher", "DES/CBC/NoPadding", "DES", "56", "iv", "8", "24");
        row("cipher.rc2-cbc", "cipher", "RC2/CBC/NoPadding", "RC2", "128", "iv", "8", "8");
        row("cipher.rc4", "cipher", "ARCFOUR", "ARCFOUR", "128", "none", "0", "32");
        row("cipher.blowfish-cbc", "cipher", "Blowfish/CBC/NoPadding", "Blowfish", "128", "iv",
                "8", "32");
        row("cipher.camellia-cbc", "cipher", "Camellia/CBC/NoPadding", "Camellia", "256", "iv",
                "16", "64");
        row("cipher.chacha20-poly1305", "cipher", "ChaCha20-Poly1305", "ChaCha20", "0", "aead",
                "12", "114");
        row("cipher.aes-128-cbc", "cipher", "AES/CBC/NoPadding", "AES", "128", "iv", "16", "64");
        row("cipher.aes-128-ctr", "cipher", "AES/CTR/NoPadding", "AES", "128", "iv", "16", "64");
        row("cipher.aes-192-ecb", "cipher", "AES/ECB/NoPadding", "AES", "192", "none", "0", "64");
        row("cipher.aes-192-cbc", "cipher", "AES/CBC/NoPadding", "AES", "192", "iv", "16", "64");
        row("cipher.aes-192-ctr", "cipher", "AES/CTR/NoPadding", "AES", "192", "iv", "16", "64");
        row("cipher.aes-256-ecb", "cipher", "AES/ECB/NoPadding", "AES", "256", "none", "0", "64");
        row("cipher.aes-256-ctr", "cipher", "AES/CTR/NoPadding", "AES", "256", "iv", "16", "64");
        row("cipher.aes-128-cbc-pad", "cipher", "AES/CBC/PKCS5Padding", "AES", "128", "iv", "16",
                "61");
        row("cipher.aes-128-cts", "cipher", "AES/CTS/NoPadding", "AES", "128", "iv", "16", "57");
        row("cipher.aes-128-cfb", "cipher", "AES/CFB/NoPadding", "AES", "128", "iv", "16", "64");
        row("cipher.aes-128-ofb", "cipher", "AES/OFB/NoPadding", "AES", "128", "iv", "16", "64");
        row("cipher.aes-128-gcm.caller-iv", "cipher", "AES/GCM/NoPadding", "AES", "128", "gcm",
                "12", "60");
        row("cipher.aes-128-gcm.module-iv", "cipher", "AES/GCM/NoPadding", "AES", "128", "own",
                "12", "60");
        row("cipher.3des-ecb", "cipher", "DESede/ECB/NoPadding", "DESede", "168", "none", "0",
                "24");
        row("cipher.des-ecb", "cipher", "DES/ECB/NoPadding", "DES", "56", "none", "0", "24");
        row("cipher.rc2-ecb", "cipher", "RC2/ECB/NoPadding", "RC2", "128", "none", "0", "8");
        row("cipher.rc5-ecb", "cipher", "RC5/ECB/NoPadding", "RC5", "128", "none", "0", "8");
        row("cipher.rsa-2048-oaep.sha-1", "rsa", "RSA/ECB/OAEPWithSHA-1AndMGF1Padding", "SHA-1");
        row("wrap.aes-128-kw", "wrap", "AES/KW/NoPadding", "AESWrap", "AES", "128", "0");
        row("wrap.aes-128-kwp", "wrap", "AES/KWP/NoPadding", "AES/KWP/NoPadding", "AES", "128",
                "0");
        row("wrap.aes-256-kw", "wrap", "AES/KW/NoPadding", "AESWrap", "AES", "256", "0");
        row("wrap.aes-256-kwp", "wrap", "AES/KWP/NoPadding", "AES/KWP/NoPadding", "AES", "256",
                "0");
        row("signature.rsa-2048", "sign", "SHA256withRSA", "RSA", "2048", "", "given", "", "");
        row("signature.ecdsa-p256", "sign", "SHA256withECDSA", "EC", "0", "secp256r1", "", "", "");
        row("signature.ed25519", "sign", "Ed25519", "Ed25519", "0", "", "", "", "");
        row("signature.rsa-2048.sha-1", "sign", "SHA1withRSA", "RSA", "2048", "", "given", "", "");
        row("signature.rsa-512", "sign", "SHA256withRSA", "RSA", "512", "", "given", "", "");
        row("signature.rsa-1024", "sign", "SHA256withRSA", "RSA", "1024", "", "given", "", "");
        row("signature.rsa-2048-pss", "sign", "RSASSA-PSS", "RSA", "2048", "", "given", "SHA-256",
                "32");
        row("verify.rsa-2048.sha-1", "verify", "SHA1withRSA", "RSA");
        row("verify.rsa-2048.sha-256", "verify", "SHA256withRSA", "RSA");
        row("verify.rsa-1024.sha-1", "verify", "SHA1withRSA", "RSA");
        row("verify.ecdsa-p256", "verify", "SHA256withECDSA", "EC");
        row("verify.ecdsa-p256.sha-1", "verify", "SHA1withECDSA", "EC");
        row("cipher.aes-192-gcm.caller-iv", "cipher", "AES/GCM/NoPadding", "AES", "192", "gcm",
                "12", "60");
        row("cipher.aes-192-gcm.module-iv", "cipher", "AES/GCM/NoPadding", "AES", "192", "own",
                "12", "60");
        row("cipher.aes-192-cbc-pad", "cipher", "AES/CBC/PKCS5Padding", "AES", "192", "iv", "16",
                "61");
        row("cipher.aes-256-cbc-pad", "cipher", "AES/CBC/PKCS5Padding", "AES", "256", "iv", "16",
                "61");
        row("cipher.aes-128-cfb8", "cipher", "AES/CFB8/NoPadding", "AES", "128", "iv", "16", "18");
        row("cipher.3des-cbc-pad", "cipher", "DESede/CBC/PKCS5Padding", "DESede", "168", "iv", "8",
                "61");
        row("cipher.des-cbc-pad", "cipher", "DES/CBC/PKCS5Padding", "DES", "56", "iv", "8", "61");
        row("cipher.chacha20", "cipher", "ChaCha20", "ChaCha20", "256", "chacha20", "12", "114");
        row("keygen.rsa-512", "pair", "RSA", "512", "");
        row("keygen.rsa-1024", "pair", "RSA", "1024", "");
        row("keygen.aes-128", "secret", "AES", "128");
        row("keygen.aes-192", "secret", "AES", "192");
        row("keygen.aes-256", "secret", "AES", "256");
        row("keygen.3des", "secret", "DESede", "168");
        row("keygen.des", "secret", "DES", "56");
        row("keygen.rc4", "secret", "ARCFOUR", "128");
        row("keygen.blowfish", "secret", "Blowfish", "128");
        row("keygen.chacha20", "secret", "ChaCha20", "256");
        row("keygen.hmac-sha-256", "secret", "HmacSHA256", "256");
        row("keygen.hmac-sha-1", "secret", "HmacSHA1", "160");
        row("agreement.ecdh-p256", "agree", "ECDH", "EC", "0", "secp256r1");
        row("agreement.x25519", "agree", "X25519", "X25519", "0", "");
        row("agreement.dh-1024", "agree", "DH", "DH", "1024", "");
        row("kdf.hkdf-sha-256", "hkdf", "HKDF-SHA256", "80");
        row("kdf.hkdf-sha-384", "hkdf", "HKDF-SHA384", "80");
        row("kdf.hkdf-sha-512", "hkdf", "HKDF-SHA512", "80");
        row("kdf.hkdf-sha-256.short-salt", "hkdf", "HKDF-SHA256", "13");
        row("kdf.pbkdf2-sha-256.few-iterations", "password", "PBKDF2WithHmacSHA256", "1", "256");
        row("key.import", "plain", "AES/ECB/NoPadding", "AES", "16", "none", "0");
        row("key.factory.3des", "factory", "DESede");
        row("key.factory.des", "factory", "DES");
        row("random.generate", "random", "");
        row("random.sha1prng", "random", "SHA1PRNG");
        row("random.drbg", "random", "DRBG");
        row("random.native-prng", "random", "NativePRNG");
        row("random.pkcs11", "random", "PKCS11");
        row("keystore.default-type", "store", "", "");
        row("keystore.pkcs11", "store", "PKCS11", "");
        row("parameters.ec-p256", "parameters", "EC", "secp256r1", "06082a8648ce3d030107");
        row("parameters.gcm", "parameters", "GCM", "", "3011040ccafebabefacedbaddecaf888020110");
        row("parameters.aes", "parameters", "AES", "", "0410000102030405060708090a0b0c0d0e0f");
        row("parameters.pss", "parameters", "RSASSA-PSS", "",
                "3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d060960"
                + "86480165030402010500a203020120");
        row("tls.protocols", "tls", "TLS", "", "");
        row("tls.suites", "tls", "TLS", "", "");
    }

    static void rowsOnRequest() {
        row("cipher.rsa-1024-pkcs", "rsa", "RSA/ECB/PKCS1Padding", "", "1024");
        row("cipher.rsa-1024-oaep", "rsa", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "SHA-256",
                "1024");
        for (String n : new String[] {"224", "384", "512"})
            row("cipher.rsa-2048-oaep.sha-" + n, "rsa",
                    "RSA/ECB/OAEPWithSHA-" + n + "AndMGF1Padding", "SHA-" + n);
        row("wrap.rsa-2048-pkcs", "pairwrap", "RSA/ECB/PKCS1Padding", "");
        row("wrap.rsa-2048-oaep", "pairwrap", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "SHA-256");
        row("signature.rsa-2048.md2", "sign", "MD2withRSA", "RSA", "2048", "", "given", "", "");
        row("signature.rsa-1024.sha-1", "sign", "SHA1withRSA", "RSA", "1024", "", "given", "", "");
        row("signature.rsa-4096", "sign", "SHA256withRSA", "RSA", "4096", "", "given", "", "");
        row("signature.rsa-1024-pss", "sign", "RSASSA-PSS", "RSA", "1024", "", "given", "SHA-256",
                "32");
        row("signature.rsa-2048-pss.sha-224", "sign", "RSASSA-PSS", "RSA", "2048", "", "given",
                "SHA-224", "28");
        row("signature.rsa-2048-pss.of-message", "sign", "SHA256withRSASSA-PSS", "RSA", "2048", "",
                "given", "SHA-256", "32");
        row("signature.dsa-1024.sha-1", "sign", "SHA1withDSA", "DSA", "1024", "", "", "", "");
        row("signature.ecdsa-p256.digest-given", "sign", "NONEwithECDSA", "EC", "0", "secp256r1",
                "", "", "");
        row("signature.ecdsa-p256.p1363", "sign", "SHA256withECDSAinP1363Format", "EC", "0",
                "secp256r1", "", "", "");
        row("verify.dsa-1024.sha-1", "verify", "SHA1withDSA", "DSA");
        row("verify.ecdsa-p384", "verify", "SHA384withECDSA", "EC");
        row("kdf.pbkdf2-sha-224", "password", "PBKDF2WithHmacSHA224", "1000", "224");
        row("kdf.pbkdf2-sha-384", "password", "PBKDF2WithHmacSHA384", "1000", "384");
        row("keystore.pkcs12.rc2", "load", "PKCS12");
        row("keystore.pkcs12.pbes2", "load", "PKCS12");
        row("keystore.pkcs12.key", "keep", "PKCS12");
        for (String n : new String[] {"md5", "sha-1", "rsa-1024"})
            row("certpath.pkix." + n, "path", "PKIX");
        row("tls.handshake.tls10", "tls", "TLS", "TLSv1", "");
        row("tls.handshake.tls12.chacha20", "tls", "TLS", "TLSv1.2",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
        row("tls.handshake.tls12.3des", "tls", "TLS", "TLSv1.2",
                "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA");
        row("tls.handshake.tls13.x25519", "tls", "TLS", "TLSv1.3", "", "x25519");
        row("tls.handshake.tls13.p256", "tls", "TLS", "TLSv1.3", "", "secp256r1");
        row("cipher.pbes2-sha-256-aes-256", "pbe", "PBEWithHmacSHA256AndAES_256", "16");
        row("cipher.pbe-sha-1-3des", "pbe", "PBEWithSHA1AndDESede", "8");
        row("cipher.pbes1-md5-des", "pbe", "PBEWithMD5AndDES", "8");
        row("cipher.rsa-2048-pkcs", "rsa", "RSA/ECB/PKCS1Padding", "");
        row("cipher.rsa-2048-oaep", "rsa", "RSA/ECB/OAEPWithSHA-256AndMGF1Padding", "SHA-256");
        row("cipher.rsa-2048-raw", "rsa", "RSA/ECB/NoPadding", "");
        row("wrap.aes-192-kw", "wrap", "AES/KW/NoPadding", "AESWrap", "AES", "192", "0");
        row("wrap.aes-192-kwp", "wrap", "AES/KWP/NoPadding", "AES/KWP/NoPadding", "AES", "192",
                "0");
        row("wrap.aes-256-cbc-pad", "wrap", "AES/CBC/PKCS5Padding", "AES/CBC/PKCS5Padding", "AES",
                "256", "16");
        row("wrap.3des-cbc-pad", "wrap", "DESede/CBC/PKCS5Padding", "DESede/CBC/PKCS5Padding",
                "DESede", "168", "8");
        row("wrap.3des-cms", "wrap", "DESedeWrap", "DESedeWrap", "DESede", "168", "0");
        row("signature.ed448", "sign", "Ed448", "Ed448", "0", "", "", "", "");
        row("signature.rsa-2048.sha-224", "sign", "SHA224withRSA", "RSA", "2048", "", "given", "",
                "");
        row("signature.rsa-2048.sha-384", "sign", "SHA384withRSA", "RSA", "2048", "", "given", "",
                "");
        row("signature.rsa-2048.sha-512", "sign", "SHA512withRSA", "RSA", "2048", "", "given", "",
                "");
        row("signature.rsa-2048.sha3-256", "sign", "SHA3-256withRSA", "RSA", "2048", "", "given",
                "", "");
        row("signature.rsa-2048.md5", "sign", "MD5withRSA", "RSA", "2048", "", "given", "", "");
        row("signature.rsa-3072", "sign", "SHA256withRSA", "RSA", "3072", "", "given", "", "");
        row("signature.rsa-2048-pss.sha-384", "sign", "RSASSA-PSS", "RSA", "2048", "", "given",
                "SHA-384", "48");
        row("signature.rsa-2048-pss.sha-512", "sign", "RSASSA-PSS", "RSA", "2048", "", "given",
                "SHA-512", "64");
        row("signature.rsa-2048-pss.sha-1", "sign", "RSASSA-PSS", "RSA", "2048", "", "given",
                "SHA-1", "20");
        row("signature.rsa-2048.digest-given", "sign", "NONEwithRSA", "RSA", "2048", "", "given",
                "", "");
        row("signature.dsa-2048", "sign", "SHA256withDSA", "DSA", "2048", "", "", "", "");
        row("signature.ecdsa-p256.sha-224", "sign", "SHA224withECDSA", "EC", "0", "secp256r1", "",
                "", "");
        row("signature.ecdsa-p256.sha-384", "sign", "SHA384withECDSA", "EC", "0", "secp256r1", "",
                "", "");
        row("signature.ecdsa-p256.sha-512", "sign", "SHA512withECDSA", "EC", "0", "secp256r1", "",
                "", "");
        row("signature.ecdsa-p256.sha3-256", "sign", "SHA3-256withECDSA", "EC", "0", "secp256r1",
                "", "", "");
        row("signature.ecdsa-p256.sha-1", "sign", "SHA1withECDSA", "EC", "0", "secp256r1", "", "",
                "");
        row("signature.ecdsa-p384", "sign", "SHA384withECDSA", "EC", "0", "secp384r1", "", "", "");
        row("signature.ecdsa-p521", "sign", "SHA512withECDSA", "EC", "0", "secp521r1", "", "", "");
        row("signature.ecdsa-p224", "sign", "SHA256withECDSA", "EC", "0", "secp224r1", "", "", "");
        row("signature.ecdsa-p192", "sign", "SHA256withECDSA", "EC", "0", "secp192r1", "", "", "");
        row("signature.ecdsa-secp256k1", "sign", "SHA256withECDSA", "EC", "0", "secp256k1", "",
                "", "");
        row("signature.ml-dsa-65", "sign", "ML-DSA", "ML-DSA-65", "0", "", "", "", "");
        row("signature.ml-dsa-87", "sign", "ML-DSA", "ML-DSA-87", "0", "", "", "", "");
        row("signature.ml-dsa-44", "sign", "ML-DSA", "ML-DSA-44", "0", "", "", "", "");
        row("verify.rsa-4096", "verify", "SHA256withRSA", "RSA");
        row("verify.dsa-2048", "verify", "SHA256withDSA", "DSA");
        row("verify.ed25519", "verify", "Ed25519", "Ed25519");
        row("keygen.rsa-2048", "pair", "RSA", "2048", "");
        row("keygen.rsa-3072", "pair", "RSA", "3072", "");
        row("keygen.rsa-4096", "pair", "RSA", "4096", "");
        row("keygen.ec-p256", "pair", "EC", "0", "secp256r1");
        row("keygen.ec-p384", "pair", "EC", "0", "secp384r1");
        row("keygen.ec-p521", "pair", "EC", "0", "secp521r1");
        row("keygen.ec-secp256k1", "pair", "EC", "0", "secp256k1");
        row("keygen.dsa-1024", "pair", "DSA", "1024", "");
        row("keygen.dsa-2048", "pair", "DSA", "2048", "");
        row("keygen.dh-2048", "pair", "DH", "2048", "");
        row("keygen.dh-3072", "pair", "DH", "3072", "");
        row("keygen.x25519", "pair", "X25519", "0", "");
        row("keygen.x448", "pair", "X448", "0", "");
        row("keygen.ed25519", "pair", "Ed25519", "0", "");
        row("keygen.ed448", "pair", "Ed448", "0", "");
        row("keygen.ml-kem-768", "pair", "ML-KEM-768", "0", "");
        row("keygen.ml-dsa-65", "pair", "ML-DSA-65", "0", "");
        row("agreement.x448", "agree", "X448", "X448", "0", "");
        row("agreement.ecdh-p384", "agree", "ECDH", "EC", "0", "secp384r1");
        row("agreement.ecdh-p521", "agree", "ECDH", "EC", "0", "secp521r1");
        row("agreement.ecdh-secp256k1", "agree", "ECDH", "EC", "0", "secp256k1");
        row("agreement.ffdhe2048", "agree", "DH", "DH", "0", "");
        row("agreement.ffdhe3072", "agree", "DH", "DH", "0", "");
        row("agreement.ffdhe4096", "agree", "DH", "DH", "0", "");
        row("agreement.dh-2048.unknown-group", "agree", "DH", "DH", "0", "");
        row("agreement.dhkem-x25519", "kem", "DHKEM", "X25519");
        row("agreement.ml-kem-512", "kem", "ML-KEM", "ML-KEM-512");
        row("agreement.ml-kem-768", "kem", "ML-KEM", "ML-KEM-768");
        row("agreement.ml-kem-1024", "kem", "ML-KEM", "ML-KEM-1024");
        row("kdf.pbkdf2-sha-256", "password", "PBKDF2WithHmacSHA256", "1000", "256");
        row("kdf.pbkdf2-sha-1", "password", "PBKDF2WithHmacSHA1", "4096", "200");
        row("kdf.pbkdf2-sha-512", "password", "PBKDF2WithHmacSHA512", "1000", "512");
        row("kdf.pbkdf2-sha-256.short-salt", "password", "PBKDF2WithHmacSHA256", "1000", "256");
        row("kdf.pbkdf2-sha-256.short-password", "password", "PBKDF2WithHmacSHA256", "1000", "256");
        row("key.import.rsa-private", "private", "SHA256withRSA", "RSA");
        row("key.import.ec-private", "private", "SHA256withECDSA", "EC");
        row("key.import.ed25519-private", "private", "Ed25519", "Ed25519");
        row("random.strong", "random", "strong");
        row("keystore.pkcs12", "store", "PKCS12", "x");
        row("keystore.jks", "store", "JKS", "x");
        row("keystore.jceks", "store", "JCEKS", "x");
        row("keystore.cacerts", "cacerts");
        row("certpath.pkix", "path", "PKIX");
        row("parameters.dh.generate", "group", "DH", "512");
        row("tls.default", "tls", "Default", "", "");
        row("tls.groups", "tls", "TLS", "", "");
        row("tls.signatures", "tls", "TLS", "", "");
        row("tls.handshake.tls13", "tls", "TLS", "TLSv1.3", "");
        row("tls.handshake.tls12", "tls", "TLS", "TLSv1.2", "");
        row("tls.handshake.tls13.chacha20", "tls", "TLS", "TLSv1.3",
                "TLS_CHACHA20_POLY1305_SHA256");
        row("tls.handshake.tls12.cbc", "tls", "TLS", "TLSv1.2",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA");
        row("tls.handshake.tls11", "tls", "TLS", "TLSv1.1", "");
    }

    static String run(String what, String[] a) throws Exception {
        switch (what) {
        case "primary":
            return Security.getProviders()[0].getName();
        case "digest":
            return WitnessWork.digest(a[0], a[1]);
        case "mac":
            return WitnessWork.mac(a[0], Integer.parseInt(a[1]));
        case "plainmac":
            return WitnessWork.plainMac(a[0]);
        case "cipher":
            return WitnessWork.cipher(a[0], a[1], Integer.parseInt(a[2]), a[3],
                    Integer.parseInt(a[4]),
                    Integer.parseInt(a[5]));
        case "plain":
            return WitnessWork.plain(a[0], a[1], Integer.parseInt(a[2]), a[3],
                    Integer.parseInt(a[4]));
        case "secret":
            return WitnessWork.secret(a[0], Integer.parseInt(a[1]));
        case "wrap":
            return WitnessWork.wrap(a[0], a[1], a[2], Integer.parseInt(a[3]),
                    Integer.parseInt(a[4]));
        case "sign":
            return WitnessPair.sign(a[0], a[1], Integer.parseInt(a[2]), a[3], a[4].equals("given"),
                    a[5], a[6]);
        case "verify":
            return WitnessPair.verify(a[0], a[1]);
        case "private":
            return WitnessPair.importPrivate(a[0], a[1]);
        case "pair":
            return WitnessPair.pair(a[0], Integer.parseInt(a[1]), a[2]);
        case "agree":
            return WitnessPair.agree(a[0], a[1], Integer.parseInt(a[2]), a[3]);
        case "rsa":
            return WitnessPair.rsaCipher(a[0], a[1], a.length < 3 ? 2048 : Integer.parseInt(a[2]),
                    false);
        case "pairwrap":
            return WitnessPair.rsaCipher(a[0], a[1], 2048, true);
        case "kem":
            return WitnessPair.kem(a[0], a[1]);
        case "hkdf":
            return WitnessWork.hkdf(a[0], Integer.parseInt(a[1]));
        case "random":
            return WitnessWork.random(a[0]);
        case "pbe":
            return WitnessWork.pbe(a[0], Integer.parseInt(a[1]));
        case "password":
            return WitnessWork.password(a[0], Integer.parseInt(a[1]), Integer.parseInt(a[2]));
        case "factory":
            return WitnessWork.factory(a[0]);
        case "store":
            return WitnessWork.store(a[0], !a[1].isEmpty());
        case "load":
            return WitnessWork.load(a[0]);
        case "keep":
            return WitnessWork.keep(a[0]);
        case "cacerts":
            return WitnessWork.cacerts();
        case "path":
            return WitnessWork.path(a[0]);
        case "parameters":
            return WitnessWork.parameters(a[0], a[1], hex(a[2]));
        case "group":
            return WitnessWork.group(a[0], Integer.parseInt(a[1]));
        default:
            return WitnessTls.run(a[0], a[1], a[2], a.length < 4 ? "" : a[3]);
        }
    }
}
