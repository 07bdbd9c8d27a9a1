/* SPDX-License-Identifier: Apache-2.0
 *
 * The Java side of java-harness: does what a row of the catalogue says, with the public classes of
 * the JCA only, and tells what happened as strings. This class has what every row needs; what the
 * rows do stands in its subclasses, each of which is loaded where the first of its rows is asked.
 * Compiled with --release 8, embedded in the program, defined by JNI. No lambdas, no inner classes,
 * no regular expressions, no String.format: what is not loaded costs nothing at start.
 */
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Cipher;

class FipsProbe {
    /* The places of ask's answer; enum answer_place in ask.c is the same list. */
    static final int RESULT = 0, LISTED = 1, CHECK = 2, STEP = 3, CODE = 4, DETAIL = 5,
            PROVIDER = 6, ANSWER = 7, AGAIN = 8, ANSWERS = 9;
    /* The places of what is told of a provider; fact_providers in ask.c has the same. */
    private static final int NAME = 0, VERSION = 1, INFO = 2, SERVICES = 3, TYPES = 4, CLASS = 5,
            TOLD = 6;

    /* An exception of the list of providers itself is thrown on every access, but not for ever:
     * sun.security.jca.ProviderConfig (OpenJDK 8 to 25) gives up after 30 tries and then passes
     * the provider over. A row must see what a fresh program would see, so after this many the
     * rest is asked in a fresh VM; no row makes more than two accesses. */
    private static final int MOST_THROWN = 24;

    private static final String GET = ".getInstance";
    private static final int LONGEST = 4000; /* of one string for C */
    private static final int DEEPEST = 24;   /* a chain of causes may be a ring */

    private static Provider[] list;      /* as Security.getProviders() gave it the first time */
    private static String providerError; /* the chain of the first exception of the list itself */
    private static boolean primaryThrew;
    private static String then;          /* what the next access did after primaryThrew */
    private static int thrown;           /* how often providerError was seen */

    /** The call that comes next, for whoever finds this process dead. */
    static native void tell(String call);

    /** Defines another class of these, by its name; nothing where that was done. */
    static native void load(String name);

    private final String[] parameters; /* key, value, key, value ... */
    final String[] answer = new String[ANSWERS];
    String service, algorithm; /* what the row is about, for listed() */
    boolean offered;           /* getInstance of it succeeded */
    private String step;
    private final StringBuilder notes = new StringBuilder();

    FipsProbe(String[] parameters) {
        this.parameters = parameters;
    }

    /* Which class does it. Verified, as -Xverify:all wants it, a method that gives one of them for
     * this class would need that class before the method ever ran; a cast is checked when it runs. */
    private static FipsProbe row(String op, String[] parameters) {
        switch (op) {
        case "primary-provider":
            return new FipsProbe(parameters);
        case "digest":
        case "mac":
        case "cipher":
        case "import":
        case "random":
        case "secret-key":
            load("FipsProbeSecret");
            return (FipsProbe) (Object) new FipsProbeSecret(parameters);
        case "wrap":
        case "pbe":
        case "password-key":
        case "key-factory":
        case "derive":
            load("FipsProbeDerive");
            return (FipsProbe) (Object) new FipsProbeDerive(parameters);
        case "signature":
        case "verify":
        case "import-private":
        case "pair-cipher":
        case "pair-wrap":
            load("FipsProbePair");
            return (FipsProbe) (Object) new FipsProbePair(parameters);
        case "keypair":
        case "agreement":
        case "encapsulate":
            load("FipsProbePair");
            load("FipsProbeAgree");
            return (FipsProbe) (Object) new FipsProbeAgree(parameters);
        case "keystore":
        case "cacerts":
        case "certpath":
        case "parameters":
        case "generate-parameters":
            load("FipsProbeStore");
            return (FipsProbe) (Object) new FipsProbeStore(parameters);
        default:
            load("FipsProbePair");
            load("FipsProbeTls");
            return (FipsProbe) (Object) new FipsProbeTls(parameters);
        }
    }

    /** Called from C: one row. Never throws. */
    static String[] ask(String op, String[] parameters) {
        FipsProbe row = null;
        String[] answer;
        boolean ofTheList = false, error = false;

        try {
            row = row(op, parameters);
        } catch (Throwable t) { /* its class cannot be had */
            answer = new String[ANSWERS];
            answer[RESULT] = "failed";
            answer[STEP] = "DefineClass";
            answer[CODE] = code(t);
            answer[DETAIL] = chain(t);
            return answer;
        }
        answer = row.answer;
        try {
            row.run(op);
            if (answer[RESULT] == null)
                answer[RESULT] = "done";
            if (row.notes.length() > 0)
                answer[DETAIL] = cut(row.notes.toString());
        } catch (Throwable t) {
            boolean wrong = "wrong".equals(answer[RESULT]); /* that stays what there is to say */

            row.uncover(t);
            answer[RESULT] = wrong ? "wrong" : "failed";
            answer[CODE] = code(t);
            answer[DETAIL] = wrong ? cut(row.notes.append("; ").append(chain(t)).toString())
                    : chain(t);
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

    /** Called from C, last: what is configured and not in the list, and why, by turns. */
    static String[] lost() {
        if (list == null)
            return null;
        load("FipsProbeLost");
        return FipsProbeLost.find(list);
    }

    private static String[] describe(Provider[] providers) {
        String[] told = new String[providers.length * TOLD];

        for (int i = 0; i < providers.length; i++) {
            Provider p = providers[i];
            int at = i * TOLD;

            try {
                told[at + NAME] = cut(p.getName());
                told[at + VERSION] = version(p);
                told[at + INFO] = cut(p.getInfo());
                told[at + TYPES] = types(p);
                told[at + CLASS] = ofJdk(p.getClass()) ? cut(p.getClass().getName()) : null;
                told[at + SERVICES] = Integer.toString(p.getServices().size());
            } catch (Throwable t) {
                told[at + INFO] = chain(t);
            }
        }
        return told;
    }

    /* Is it of the JDK itself? What an application or -classpath brings may have any name; its loader
     * is the system's, or another one below that. */
    private static boolean ofJdk(Class<?> c) {
        ClassLoader of = c.getClassLoader();

        return of == null || of == ClassLoader.getSystemClassLoader().getParent();
    }

    /* "Cipher 12;Mac 5": how many of each type. */
    private static String types(Provider p) {
        TreeMap<String, int[]> counts = new TreeMap<String, int[]>();
        StringBuilder text = new StringBuilder();

        for (Provider.Service s : p.getServices()) {
            int[] n = counts.get(s.getType());

            if (n == null)
                counts.put(s.getType(), n = new int[1]);
            n[0]++;
        }
        for (Map.Entry<String, int[]> e : counts.entrySet()) {
            if (text.length() > 0)
                text.append(';');
            text.append(e.getKey()).append(' ').append(e.getValue()[0]);
        }
        return cut(text.toString());
    }

    /* getVersionStr() came with 9; before, toString() and getVersion() are all there is. */
    private static String version(Provider p) {
        String text = p.toString(), before = p.getName() + " version ";

        return text != null && text.startsWith(before) ? cut(text.substring(before.length()))
                                                       : Double.toString(p.getVersion());
    }

    /* A subclass does its own. */
    void run(String op) throws Exception {
        if (!op.equals("primary-provider"))
            throw new IllegalArgumentException(op);
        step("Security.getProviders");
        try {
            list = Security.getProviders();
        } catch (RuntimeException | Error e) { /* Error: a library of the JDK is missing */
            primaryThrew = true;
            throw e;
        }
        if (list.length == 0) {
            answer[RESULT] = "failed";
            answer[CODE] = "no-providers";
            note("the list of providers is empty");
            return;
        }
        answer[PROVIDER] = answer[ANSWER] = cut(list[0].getName());
        if (answer[ANSWER] == null)
            note("it has no name: its class is ".concat(list[0].getClass().getName()));
        else if (answer[ANSWER].startsWith("SunPKCS11")
                && !(ofJdk(list[0].getClass())
                && list[0].getClass().getName().equals("sun.security.pkcs11.SunPKCS11")))
            note("its class is ".concat(list[0].getClass().getName()));
        answer[CHECK] = "none";
    }

    /* ---- the row ------------------------------------------------------------------------------ */

    void about(String service, String algorithm) {
        this.service = service;
        this.algorithm = algorithm;
        step(service.concat(GET));
    }

    void step(String call) {
        step = call;
        tell(call);
    }

    void served(Provider provider) {
        answer[PROVIDER] = provider == null ? null : cut(provider.getName());
    }

    void wrong(String how) {
        answer[RESULT] = "wrong";
        note(how);
    }

    void note(String text) {
        if (notes.length() > 0)
            notes.append("; ");
        notes.append(text);
    }

    /* A key that a generator made, of the size that was asked for; of DES, with its parity. Where a
     * token keeps the value there is nothing to be seen. */
    void sized(Key key, String name, int bits) {
        byte[] value = key.getEncoded();
        int wanted = !name.startsWith("DES") ? (bits + 7) / 8 : bits <= 64 ? 8 : 24;

        if (bits > 0 && value != null && value.length != wanted)
            wrong("the generated key has " + value.length + " bytes, not " + wanted);
    }

    /* Keys of AES: by their value where it can be had, else by what they encrypt. */
    static boolean same(Key a, Key b) throws GeneralSecurityException {
        byte[] block = new byte[16], of = a.getEncoded();
        Cipher one, other;

        if (of != null && b.getEncoded() != null)
            return Arrays.equals(of, b.getEncoded());
        one = Cipher.getInstance("AES/ECB/NoPadding");
        other = Cipher.getInstance("AES/ECB/NoPadding");
        one.init(Cipher.ENCRYPT_MODE, a);
        other.init(Cipher.ENCRYPT_MODE, b);
        return Arrays.equals(one.doFinal(block), other.doFinal(block));
    }

    boolean isWrong() {
        return answer[RESULT] != null;
    }

    String word(String key) {
        for (int i = 0; i + 1 < parameters.length; i += 2)
            if (parameters[i].equals(key))
                return parameters[i + 1];
        return null;
    }

    String word(String key, String otherwise) {
        String value = word(key);

        return value == null ? otherwise : value;
    }

    int number(String key) {
        String value = word(key);

        return value == null ? 0 : Integer.parseInt(value);
    }

    byte[] bytes(String key) {
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

    /* A method of a class that older Java has not; the only one of that name and number. */
    static Object call(Class<?> of, String name, Object target, Object... arguments)
            throws Exception {
        for (Method method : of.getMethods())
            if (method.getName().equals(name) && fits(method.getParameterTypes(), arguments))
                try {
                    return method.invoke(target, arguments);
                } catch (InvocationTargetException e) {
                    if (e.getCause() instanceof Exception)
                        throw (Exception) e.getCause();
                    throw e;
                }
        throw new NoSuchMethodException(of.getName().concat(".").concat(name));
    }

    private static boolean fits(Class<?>[] types, Object[] arguments) {
        if (types.length != arguments.length)
            return false;
        for (int i = 0; i < types.length; i++)
            if (!(types[i] == int.class && arguments[i] instanceof Integer)
                    && !types[i].isInstance(arguments[i]))
                return false;
        return true;
    }

    /* ---- who offers what ------------------------------------------------------------------- */

    static String listed(String service, String algorithm) {
        try {
            return firstOffering(service, algorithm) != null ? "yes" : "no";
        } catch (Throwable t) {
            return "unknown";
        }
    }

    static Provider firstOffering(String service, String algorithm) {
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

    /* KeyGenerator.getInstance goes on to the next provider whatever the first one threw, and in the
     * end says only "X KeyGenerator not available" (javax.crypto.KeyGenerator.nextSpi, OpenJDK 8 to
     * 25). Where a provider lists the service, what it says when it is asked itself is the cause. */
    private void uncover(Throwable t) {
        String message = message(t), type, end;
        Provider[] providers;

        if (!(t instanceof NoSuchAlgorithmException) || cause(t) != null || message == null
                || step == null || !step.endsWith(GET))
            return;
        type = step.substring(0, step.length() - GET.length());
        end = " ".concat(type).concat(" not available");
        if (!message.endsWith(end))
            return;
        message = message.substring(0, message.length() - end.length());
        try {
            providers = Security.getProviders();
            for (int i = 0; i < providers.length && cause(t) == null; i++) {
                Provider.Service s = providers[i].getService(type, message);

                if (s != null)
                    whatItSays(s, t);
            }
        } catch (Throwable other) { /* the list itself cannot be had: nothing more to say */
            return;
        }
    }

    private static void whatItSays(Provider.Service s, Throwable t) {
        try {
            s.newInstance(null);
        } catch (Throwable cause) {
            t.initCause(cause);
        }
    }

    /* Was an operation refused, or is what it was given no good? SunPKCS11 throws the same for both
     * (P11RSACipher.implDoFinal: BadPaddingException); the token's own word tells. */
    static boolean refused(Throwable t) {
        String code = code(t);

        return code.contains("CKR_") && !code.contains("CKR_ENCRYPTED_DATA")
                && !code.contains("CKR_WRAPPED_KEY");
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

    static String cut(String text) {
        return text == null || text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
