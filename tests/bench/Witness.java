/* SPDX-License-Identifier: Apache-2.0
 *
 * Witness.java: what the rows of the jca door do, as a plain Java program would do it, for
 * comparison with fipsprobe: its answers, and what they cost. It shares no code with the program.
 *
 *     java Witness             id TAB outcome TAB provider TAB exception, one line for each row
 *     java Witness providers   the names of the providers
 */
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
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

public class Witness {
    enum Kind { NONE, IV, AEAD, GCM, OWN }

    interface Work {
        String run() throws Exception; /* the provider; throws Wrong where the answer is wrong */
    }

    static class Wrong extends RuntimeException {
        Wrong(String how) {
            super(how);
        }
    }

    /* RFC 7515 A.2, as in data/catalogue.yaml */
    static final String RSA_MESSAGE =
            "65794a68624763694f694a53557a49314e694a392e65794a7063334d694f694a71623255694c4130"
            + "4b49434a6c654841694f6a457a4d4441344d546b7a4f44417344516f67496d6830644841364c7939"
            + "6c654746746347786c4c6d4e76625339706331397962323930496a7030636e566c6651";
    static final String RSA_KEY =
            "308204bd020100300d06092a864886f70d0101010500048204a7308204a30201000282010100a1f8"
            + "160ae2e3c9b465ce8d2d656263362b927dbe29e1f02477fc1625cc90a136e38bd93497c5b6ea63dd"
            + "7711e67c7429f956b0fb8a8f089adc4b69893cc1333f53edd019b87784252fec914fe4857769594b"
            + "ea4280d32c0f55bf62944f130396bc6e9bdf6ebdd2bda3678eeca0c668f701b38dbffb38c8342ce2"
            + "fe6d27fade4a5a4874979dd4b9cf9adec4c75b05852c2c0f5ef8a5c1750392f944e8ed64c110c6b6"
            + "47609aa4783aeb9c6c9ad755313050638b83665c6f6f7a82a396702a1f641b82d3ebf2392219491f"
            + "b686872c5716f50af8358d9a8b9d17c340728f7f87d89a18d8fcab67ad84590c2ecf759339363c07"
            + "034d6f606f9e21e05456cae5e9a102030100010282010012ae71a469cd0a2bc37e526c4500571f1d"
            + "61751d64e949707b62590f9d0ba57c963c401e3fcf2f2cd3bdec88e503bfc6439b0b28c82f7d3797"
            + "671f5213eed8c15a25d8d5cea0025ee3ab2e8b7f79216fc63bea562753b40644c6a15127d9b29545"
            + "40a0bbe1a30556982d4e9fde5f6425f14d4b713441b55dc73b9b4aedcc92ace3927e37f57d0cfd5e"
            + "7581fa512c8f4961a9eb0b80f8a80746728a55ff46471f3425063b9d53642f5ede1e84d613081afa"
            + "5c22d051285bd63b943b565d898a05685413e53c3c6c6525ff1fe34e3ddc70f0d56450fda48ba12e"
            + "104e9deb9fb81881e1c4bdf25d9247f450c865927968e77334f4414f75a750e139546e3a8a739d02"
            + "818100e01cc410eb48a6655d54464d0aa4bb6da0b872b774a6a9d11ffe480778f0ddb7311a7e902e"
            + "f9c4b5f75476262ba8176cb35979f014372a1a2829e4136bd001d07c3f3f2e4f25d4c934f63c7109"
            + "fba2e67628a0dc9a73c6058e6def22dcd50950e711ddc16d5586f2a7fa75ea8494c18083e0b65742"
            + "f8a0d5e73fb2d970f0194702818100b903c47e0995b632f4532cb1f3c199145d5f3ae9c7dfeedc7a"
            + "92a6b47e29c61b42a07aa95a64fc600999c5a7b01e01c08cb62ca756527bbcc56078fb0baba5ed38"
            + "de2d07990ff6300faeadeb6c039a97bf1e507e4e7040fa78db8257c8b112ed5e59c3cd092fe5d4e5"
            + "b51275d41281072a5e785ebaf3dae3709203133f5159d702818007029f577024ab9fcc1590c56429"
            + "d6fb0ce5f820a8f375a866f9cb430093783bfcbb396e4529e6ef52374022dd86ba84d9ef58931bee"
            + "c5d05fa53fcf23b633f8538a9eed51e87b097830a39f5d92937be6024b55db36f7e0c09dcbb72975"
            + "387f615afbb6cb36bbabe7793c2b03ceab66dbb931baf50b55ec9af9311d001d628d0281810087ff"
            + "7afa62b547fee0961b2e9bcd5d6718d39d8ca73db6691f38998de78771762c5da68cc243a5383b16"
            + "6bb23dc570e84706ca801ef5f6bae6236a0aafa3770e8f54d1a8da1c5f8d2899f082331ddb0f5c8f"
            + "3dfffa4c8d97102bdafe082a118da6633988880e4b55599ce67af26ebfa5b2c14a9de7b2c4dd96ab"
            + "ddd2d2224c7502818021877b0c73a1ad6bf19303d0b11336b4e82b8db72b7efb50262a5df8395cc7"
            + "256eb8cf6c40b7608d5936a32dba174126a527062ead8ca305fb7e177f409437c9dcb9718ed82018"
            + "bcef0f7720a2c475f9db26da0e3cb516d084eb25178e828d5cabd49bb3161ac0181fa7f821e80e7a"
            + "d37936f9943054ad092921ee2c592e4375";
    static final String RSA_ANSWER =
            "702e218943e88fd11eb5d82dbf7845f34106ae1b81fff7731116add1717d83656d420afd3c96eedd"
            + "73a2663e5166687b000b87226e0187ed1073f945e582adfcef16d85a798ee8c66ddb3db8975b17d0"
            + "9402beedd5d9d97007108db28160d5f8040ca7445762b81fbe7ff9d92e0ae76f24f25b33bbe6f44a"
            + "e61eb1040acb20044d3ef9128ed40130795bd4bd3b41eecad066ab651981fde48df77f372dc38b9f"
            + "afdd3befb18b5da3cc3c2eb02f9e3a41d612caad15911273a05f23b9e838faaf849d698429ef5a1e"
            + "88798236c3d40e604522a544c8f27a7a2db80663d16cf7caea56de405cb2215a45b2c25566b55ac1"
            + "a748a070dfc8a32a469543d019eefb47";

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("providers")) {
            for (Provider p : Security.getProviders())
                System.out.println(p.getName());
            return;
        }
        row("provider.primary", new Work() {
            public String run() {
                return Security.getProviders()[0].getName();
            }
        });
        digest("digest.md2", "MD2", "abc",
                "da853b0d3f88d99b30283a69e6ded6bb");
        digest("digest.md5", "MD5", "abc",
                "900150983cd24fb0d6963f7d28e17f72");
        digest("digest.sha-1", "SHA-1", "abc",
                "a9993e364706816aba3e25717850c26c9cd0d89d");
        digest("digest.sha-256", "SHA-256", "abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        digest("digest.sha-384", "SHA-384", "abc",
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc23"
                + "58baeca134c825a7");
        digest("digest.sha-512", "SHA-512", "abc",
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a8"
                + "36ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
        digest("digest.sha3-256", "SHA3-256", "abc",
                "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
        cipher("cipher.aes-256-gcm.caller-iv", "AES/GCM/NoPadding", "AES", 256, Kind.GCM,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c9595680953"
                + "2fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                + "a7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
        cipher("cipher.aes-256-gcm.module-iv", "AES/GCM/NoPadding", "AES", 256, Kind.OWN,
                "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c9595680953"
                + "2fcf0e2449a6b525b16aedf5aa0de657ba637b39",
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3d"
                + "a7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
        cipher("cipher.aes-256-cbc", "AES/CBC/NoPadding", "AES", 256, Kind.IV,
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "000102030405060708090a0b0c0d0e0f", null,
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
                + "e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacf"
                + "a530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b");
        cipher("cipher.aes-128-ecb", "AES/ECB/NoPadding", "AES", 128, Kind.NONE,
                "2b7e151628aed2a6abf7158809cf4f3c",
                null, null,
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
                + "e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
                "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf43b1cd7f598ece23"
                + "881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4");
        cipher("cipher.3des-cbc", "DESede/CBC/NoPadding", "DESede", 168, Kind.IV,
                "0123456789abcdef23456789abcdef01456789abcdef0123",
                "1234567890abcdef", null,
                "4e6f77206973207468652074696d6520666f7220616c6c20",
                "f3c0ff026c023089656fbb169def7edb30ba36075d6f0176");
        cipher("cipher.des-cbc", "DES/CBC/NoPadding", "DES", 56, Kind.IV,
                "0123456789abcdef",
                "1234567890abcdef", null,
                "4e6f77206973207468652074696d6520666f7220616c6c20",
                "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6");
        cipher("cipher.rc2-cbc", "RC2/CBC/NoPadding", "RC2", 128, Kind.IV,
                "88bca90e90875a7f0f79c384627bafb2",
                "0000000000000000", null,
                "0000000000000000",
                "2269552ab0f85ca6");
        cipher("cipher.rc4", "ARCFOUR", "ARCFOUR", 128, Kind.NONE,
                "0102030405060708090a0b0c0d0e0f10",
                null, null,
                "0000000000000000000000000000000000000000000000000000000000000000",
                "9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c");
        cipher("cipher.blowfish-cbc", "Blowfish/CBC/NoPadding", "Blowfish", 128, Kind.IV,
                "0123456789abcdeff0e1d2c3b4a59687",
                "fedcba9876543210", null,
                "37363534333231204e6f77206973207468652074696d6520666f722000000000",
                "6b77b4d63006dee605b156e27403979358deb9e7154616d959f1652bd5ff92cc");
        cipher("cipher.camellia-cbc", "Camellia/CBC/NoPadding", "Camellia", 256, Kind.IV,
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "000102030405060708090a0b0c0d0e0f", null,
                "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"
                + "e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
                "e6cfa35fc02b134a4d2c0b6737ac3eda36cbeb73bd504b4070b1b7de2b21eb50e31a6055297d96ca"
                + "3330cdf1b1860a835d563f6d1cccf236051c0c5c1c58f28f");
        cipher("cipher.chacha20-poly1305", "ChaCha20-Poly1305", "ChaCha20", 0, Kind.AEAD,
                "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
                "070000004041424344454647", "50515253c0c1c2c3c4c5c6c7",
                "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f6620273939"
                + "3a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220"
                + "746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca96712"
                + "82fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58"
                + "fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09"
                + "e26a7e902ecbd0600691");
        mac("mac.hmac-sha-256", "HmacSHA256", 256,
                "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
        mac("mac.hmac-md5", "HmacMD5", 128, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "Hi There",
                "9294727a3638bb1c13f48ef8158bfc9d");
        mac("mac.hmac-sha-256.key-64", "HmacSHA256", 64, "0102030405060708", "Hi There",
                "5223b80494f5cf781d986c2dc46fc7c3deff0eeebcf1c354c019c8d8ab4efa23");
        rsa("signature.rsa-2048", "SHA256withRSA", 2048, RSA_MESSAGE, RSA_KEY, RSA_ANSWER);
        sign("signature.ecdsa-p256", "SHA256withECDSA", "EC", "secp256r1", "sample");
        sign("signature.ed25519", "Ed25519", "Ed25519", null, "\u00af\u0082");
        keygen("keygen.rsa-1024", "RSA", 1024);
        agree("agreement.ecdh-p256", "ECDH", "EC", "secp256r1", 0);
        agree("agreement.x25519", "X25519", "X25519", null, 0);
        agree("agreement.dh-1024", "DH", "DH", null, 1024);
        random("random.generate", 32);
        importKey("key.import", "AES/ECB/NoPadding", "AES",
                "2b7e151628aed2a6abf7158809cf4f3c", "6bc1bee22e409f96e93d7e117393172a",
                "3ad77bb40d7a3660a89ecaf32466ef97");
    }

    static void row(String id, Work work) {
        String outcome = "done", provider = "-", code = "-";

        try {
            provider = work.run();
        } catch (Wrong w) {
            outcome = "wrong";
            code = w.getMessage();
        } catch (Throwable t) {
            outcome = "failed";
            code = describe(t);
        }
        System.out.println(id + "\t" + outcome + "\t" + provider + "\t" + code);
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
        return text == null ? null : text.isEmpty() ? new byte[0]
                : trim(new BigInteger("01" + text, 16).toByteArray());
    }

    static byte[] trim(byte[] bytes) {
        return Arrays.copyOfRange(bytes, 1, bytes.length);
    }

    static void digest(String id, final String name, final String message, final String answer) {
        row(id, new Work() {
            public String run() throws Exception {
                MessageDigest d = MessageDigest.getInstance(name);

                expect(Arrays.equals(d.digest(message.getBytes(StandardCharsets.US_ASCII)),
                        hex(answer)), "digest");
                return d.getProvider().getName();
            }
        });
    }

    static AlgorithmParameterSpec spec(Kind kind, byte[] iv) {
        return kind == Kind.NONE ? null
                : kind == Kind.GCM || kind == Kind.OWN ? new GCMParameterSpec(128, iv)
                : new IvParameterSpec(iv);
    }

    static byte[] crypt(Cipher c, int mode, SecretKey key, AlgorithmParameterSpec spec, byte[] aad,
            byte[] text) throws GeneralSecurityException {
        if (spec == null)
            c.init(mode, key);
        else
            c.init(mode, key, spec);
        if (aad != null)
            c.updateAAD(aad);
        return c.doFinal(text);
    }

    static void cipher(String id, final String name, final String keyName, final int bits,
            final Kind kind, final String key, final String iv, final String aad,
            final String plain, final String answer) {
        row(id, new Work() {
            public String run() throws Exception {
                Cipher c = Cipher.getInstance(name);
                KeyGenerator g = KeyGenerator.getInstance(keyName);
                byte[] ad = hex(aad), text = hex(plain), out;
                AlgorithmParameterSpec spec = kind == Kind.OWN ? null : spec(kind, hex(iv));
                SecretKey k;
                Provider p;

                if (bits > 0)
                    g.init(bits);
                k = g.generateKey();
                out = crypt(c, Cipher.ENCRYPT_MODE, k, spec, ad, text);
                p = c.getProvider();
                if (kind == Kind.OWN)
                    spec = spec(kind, c.getIV());
                expect(Arrays.equals(crypt(Cipher.getInstance(name, p), Cipher.DECRYPT_MODE, k,
                        spec, ad, out), text), "round trip");
                if (ad != null) {
                    boolean passed = true;

                    out[out.length - 1] ^= 1;
                    try {
                        crypt(Cipher.getInstance(name, p), Cipher.DECRYPT_MODE, k, spec, ad, out);
                    } catch (GeneralSecurityException | ProviderException e) {
                        passed = false;
                    }
                    expect(!passed, "changed text");
                }
                if (kind == Kind.OWN)
                    return p.getName();
                try {
                    out = crypt(Cipher.getInstance(name, p), Cipher.ENCRYPT_MODE,
                            new SecretKeySpec(hex(key), keyName), spec, ad, text);
                } catch (GeneralSecurityException | ProviderException e) {
                    return p.getName(); /* no plain keys here */
                }
                expect(Arrays.equals(out, hex(answer)), "known answer");
                return p.getName();
            }
        });
    }

    static void mac(String id, final String name, final int bits, final String key,
            final String text, final String answer) {
        row(id, new Work() {
            public String run() throws Exception {
                byte[] message = text.getBytes(StandardCharsets.US_ASCII), first;
                Mac m = Mac.getInstance(name);
                KeyGenerator g = KeyGenerator.getInstance(name);

                g.init(bits);
                m.init(g.generateKey());
                first = m.doFinal(message);
                expect(Arrays.equals(first, m.doFinal(message)), "repeated");
                message[0] ^= 1;
                expect(!Arrays.equals(first, m.doFinal(message)), "changed");
                message[0] ^= 1;
                try {
                    Mac k = Mac.getInstance(name, m.getProvider());

                    k.init(new SecretKeySpec(hex(key), name));
                    first = k.doFinal(message);
                } catch (GeneralSecurityException | ProviderException e) {
                    return m.getProvider().getName();
                }
                expect(Arrays.equals(first, hex(answer)), "known answer");
                return m.getProvider().getName();
            }
        });
    }

    static String check(Signature s, PublicKey key, byte[] message, byte[] signed)
            throws GeneralSecurityException {
        s.initVerify(key);
        s.update(message);
        expect(s.verify(signed), "verify");
        message[0] ^= 1;
        s.initVerify(key);
        s.update(message);
        expect(!s.verify(signed), "changed message");
        return s.getProvider().getName();
    }

    static byte[] sign(Signature s, PrivateKey key, byte[] message)
            throws GeneralSecurityException {
        s.initSign(key);
        s.update(message);
        return s.sign();
    }

    static void rsa(String id, final String name, final int bits, final String text,
            final String key, final String answer) {
        row(id, new Work() {
            public String run() throws Exception {
                Provider first = Signature.getInstance(name).getProvider();
                byte[] message = hex(text), encoded = hex(key), signed;
                Signature s = Signature.getInstance(name);
                KeyPairGenerator g;
                KeyPair pair;

                try {
                    KeyFactory f = KeyFactory.getInstance("RSA", first);
                    /* n stands 256 bytes before e = 010001, both where this key has them */
                    BigInteger n = new BigInteger(1, Arrays.copyOfRange(encoded, 38, 294));
                    PrivateKey given = f.generatePrivate(new PKCS8EncodedKeySpec(encoded));
                    PublicKey open = f.generatePublic(
                            new RSAPublicKeySpec(n, BigInteger.valueOf(65537)));

                    signed = sign(s, given, message);
                    if (s.getProvider() == first) {
                        expect(Arrays.equals(signed, hex(answer)), "known answer");
                        return check(s, open, message, signed);
                    }
                    s = Signature.getInstance(name);
                } catch (GeneralSecurityException | ProviderException e) {
                    s = Signature.getInstance(name); /* no plain keys here */
                }
                g = KeyPairGenerator.getInstance("RSA");
                g.initialize(bits);
                pair = g.generateKeyPair();
                signed = sign(s, pair.getPrivate(), message);
                return check(s, pair.getPublic(), message, signed);
            }
        });
    }

    static KeyPairGenerator generator(String name, String curve, int bits)
            throws GeneralSecurityException {
        KeyPairGenerator g = KeyPairGenerator.getInstance(name);

        if (curve != null)
            g.initialize(new ECGenParameterSpec(curve));
        else if (bits > 0)
            g.initialize(bits);
        return g;
    }

    static void sign(String id, final String name, final String keyName, final String curve,
            final String text) {
        row(id, new Work() {
            public String run() throws Exception {
                byte[] message = text.getBytes(StandardCharsets.ISO_8859_1);
                Signature s = Signature.getInstance(name);
                KeyPair pair = generator(keyName, curve, 0).generateKeyPair();

                return check(s, pair.getPublic(), message, sign(s, pair.getPrivate(), message));
            }
        });
    }

    static void keygen(String id, final String name, final int bits) {
        row(id, new Work() {
            public String run() throws Exception {
                KeyPairGenerator g = generator(name, null, bits);

                expect(((RSAKey) g.generateKeyPair().getPublic()).getModulus().bitLength() == bits,
                        "size");
                return g.getProvider().getName();
            }
        });
    }

    static void agree(String id, final String name, final String keyName, final String curve,
            final int bits) {
        row(id, new Work() {
            public String run() throws Exception {
                KeyAgreement a = KeyAgreement.getInstance(name);
                KeyPairGenerator g = generator(keyName, curve, bits);
                KeyPair one = g.generateKeyPair(), two = g.generateKeyPair();
                KeyAgreement b;
                byte[] secret;

                a.init(one.getPrivate());
                a.doPhase(two.getPublic(), true);
                secret = a.generateSecret();
                b = KeyAgreement.getInstance(name, a.getProvider());
                b.init(two.getPrivate());
                b.doPhase(one.getPublic(), true);
                expect(Arrays.equals(secret, b.generateSecret()), "secrets");
                return a.getProvider().getName();
            }
        });
    }

    static void random(String id, final int n) {
        row(id, new Work() {
            public String run() {
                SecureRandom r = new SecureRandom();
                byte[] one = new byte[n], two = new byte[n];

                r.nextBytes(one);
                r.nextBytes(two);
                expect(!Arrays.equals(one, two), "repeated");
                return r.getProvider().getName();
            }
        });
    }

    static void importKey(String id, final String name, final String keyName, final String key,
            final String plain, final String answer) {
        row(id, new Work() {
            public String run() throws Exception {
                Cipher c = Cipher.getInstance(name);

                expect(Arrays.equals(crypt(c, Cipher.ENCRYPT_MODE,
                        new SecretKeySpec(hex(key), keyName), null, null, hex(plain)),
                        hex(answer)), "known answer");
                return c.getProvider().getName();
            }
        });
    }
}
