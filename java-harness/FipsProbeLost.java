/* SPDX-License-Identifier: Apache-2.0
 *
 * Providers that the configuration names and that are not in the list. Java passes over what throws
 * anything but a ProviderException, and says nothing (sun.security.jca.ProviderConfig); here the
 * same is done once more, and what it throws is kept.
 */
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

final class FipsProbeLost {
    private static final int MOST = 64; /* entries of a list */
    private static final int LONGEST = 65536; /* of a configuration */

    private FipsProbeLost() {}

    /** The entry and the chain of exceptions of each, by turns. Last: it may load libraries. */
    static String[] find(Provider[] list) {
        String[] told = new String[2 * MOST], found;
        boolean fewer = configured() > loaded(list), ended = false;
        int n = 0, gap = 0;

        for (int i = 1; i <= MOST; i++) {
            String entry = Security.getProperty("security.provider." + i), error = null;

            if (entry == null) {
                gap = gap == 0 ? i : gap;
                continue;
            }
            entry = entry.trim();
            ended |= gap == 0 && entry.isEmpty(); /* an empty one ends the list on purpose */
            if (ended)
                break;
            if (gap == 0)
                error = lost(list, entry, fewer);
            else if (!entry.isEmpty())
                error = "it is behind a gap: there is no security.provider." + gap
                        + ", and Java reads the list up to the first number that is missing";
            if (error != null) {
                told[n++] = "security.provider." + i + "=" + entry;
                told[n++] = error;
            }
        }
        found = new String[n];
        System.arraycopy(told, 0, found, 0, n);
        return found;
    }

    /* NAME or NAME ARGUMENT, by one blank. One that is in the list is not asked again: NSS cannot be
     * configured twice. */
    private static String lost(Provider[] list, String entry, boolean fewer) {
        int blank = entry.indexOf(' ');
        String name = blank < 0 ? entry : entry.substring(0, blank);
        String argument = blank < 0 ? null : entry.substring(blank + 1).trim();

        if (isPkcs11(entry)) {
            String configured = name(argument);

            if (configured == null ? !fewer : isIn(list, "SunPKCS11-".concat(configured)))
                return null;
            if (name.indexOf('.') > 0 && isThere("configure"))
                return "since 9 its name is SunPKCS11; the name of the class cannot be used";
            return error(name, argument);
        }
        return isIn(list, name) || argument == null && isOwn(name) ? null : error(name, argument);
    }

    private static boolean isPkcs11(String entry) {
        return entry.startsWith("SunPKCS11 ") || entry.startsWith("sun.security.pkcs11.SunPKCS11 ");
    }

    /* A runtime that jlink made lists the JDK's own providers although their modules are left
     * out. 8 knows classes only. */
    private static boolean isOwn(String name) {
        return name.startsWith("sun.") || name.startsWith("com.sun.")
                || isThere("configure") && (" SUN SunRsaSign SunEC SunJSSE SunJCE SunJGSS "
                + "SunSASL XMLDSig SunPCSC JdkLDAP JdkSASL SunPKCS11 Apple SunMSCAPI "
                + "OracleUcrypto ")
                .contains(" " + name + " ");
    }

    /* The name that a configuration of SunPKCS11 gives; null: it could not be told. */
    private static String name(String argument) {
        String text;

        try {
            text = argument.startsWith("--") ? argument.substring(2).replace("\\n", "\n")
                    : read(expanded(argument));
        } catch (Exception e) {
            return null; /* the provider says why */
        }
        for (int from = 0, to; from < text.length(); from = to + 1) {
            String value;

            to = text.indexOf('\n', from);
            to = to < 0 ? text.length() : to;
            value = value(text.substring(from, to).trim());
            if (value != null)
                return value.contains("${") ? null : value;
        }
        return null;
    }

    /* Of a line "name = VALUE", VALUE in quotes or not. */
    private static String value(String line) {
        String value = line.startsWith("name") ? line.substring(4).trim() : "";

        if (!value.startsWith("="))
            return null;
        value = value.substring(1).trim();
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1) : value;
    }

    private static String expanded(String path) {
        StringBuilder text = new StringBuilder();

        for (int at = 0; at < path.length(); at++) {
            int end = path.startsWith("${", at) ? path.indexOf('}', at) : -1;

            if (end < 0) {
                text.append(path.charAt(at));
                continue;
            }
            text.append(path.startsWith("${/}", at) ? File.separator
                    : System.getProperty(path.substring(at + 2, end)));
            at = end;
        }
        return text.toString();
    }

    private static String read(String path) throws IOException {
        byte[] bytes = new byte[LONGEST];
        int n = 0, more;

        if (!new File(path).isFile())
            throw new IOException(path);
        try (FileInputStream in = new FileInputStream(path)) {
            while (n < bytes.length && (more = in.read(bytes, n, bytes.length - n)) > 0)
                n += more;
        }
        return new String(bytes, 0, n, StandardCharsets.ISO_8859_1); /* as SunPKCS11 does */
    }

    private static int configured() {
        int n = 0;

        for (int i = 1; i <= MOST; i++) {
            String entry = Security.getProperty("security.provider." + i);

            if (entry == null || entry.trim().isEmpty())
                break;
            if (isPkcs11(entry.trim()))
                n++;
        }
        return n;
    }

    private static int loaded(Provider[] list) {
        int n = 0;

        for (Provider p : list)
            if (p.getName().startsWith("SunPKCS11-"))
                n++;
        return n;
    }

    private static boolean isIn(Provider[] list, String name) {
        for (Provider p : list)
            if (p.getName().equals(name) || p.getClass().getName().equals(name))
                return true;
        return false;
    }

    private static String error(String name, String argument) {
        FipsProbe.tell("Provider.configure");
        try {
            Provider provider = byName(name);

            if (provider == null && argument != null && !isThere("configure"))
                provider = (Provider) Class.forName(name, true, ClassLoader.getSystemClassLoader())
                        .getConstructor(String.class).newInstance(argument); /* 8 */
            else if (provider == null)
                provider = (Provider) Class.forName(name, true, ClassLoader.getSystemClassLoader())
                        .getConstructor().newInstance();
            else if (argument != null)
                Provider.class.getMethod("configure", String.class).invoke(provider, argument);
            return null;
        } catch (InvocationTargetException e) {
            return FipsProbe.chain(e.getCause() == null ? e : e.getCause());
        } catch (Throwable t) {
            return FipsProbe.chain(t);
        }
    }

    private static boolean isThere(String method) {
        try {
            return Provider.class.getMethod(method, String.class) != null;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    /* 9 and later: of the modules, and of the class path. */
    private static Provider byName(String name) {
        Iterator<Provider> all;

        if (!isThere("configure"))
            return null;
        all = ServiceLoader.load(Provider.class, ClassLoader.getSystemClassLoader()).iterator();
        for (;;)
            try {
                Provider provider;

                if (!all.hasNext())
                    return null;
                provider = all.next();
                if (provider.getName().equals(name))
                    return provider;
            } catch (ServiceConfigurationError e) {
                continue; /* another one's trouble */
            }
    }
}
