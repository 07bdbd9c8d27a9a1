/* SPDX-License-Identifier: Apache-2.0
 *
 * Providers that the configuration names and that are not in the list. Java passes over what throws
 * anything but a ProviderException, and says nothing (sun.security.jca.ProviderConfig); here the
 * same is done once more, and what it throws is kept.
 */
import java.lang.reflect.InvocationTargetException;
import java.security.Provider;
import java.security.Security;
import java.util.Iterator;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

final class FipsProbeLost {
    private static final int MOST = 64; /* entries of a list */

    private FipsProbeLost() {}

    /** The entry and the chain of exceptions of each, by turns. Last: it may load libraries. */
    static String[] find(Provider[] list) {
        String[] told = new String[2 * MOST], found;
        boolean pkcs11 = configured() > loaded(list);
        int n = 0;

        for (int i = 1; i <= MOST; i++) {
            String entry = Security.getProperty("security.provider." + i), error = null;
            int blank;

            if (entry == null || entry.trim().isEmpty())
                break;
            entry = entry.trim();
            blank = entry.indexOf(' ');
            if (isPkcs11(entry) && pkcs11)
                error = error(entry.substring(0, blank), entry.substring(blank + 1).trim());
            else if (blank < 0 && isForeign(entry) && !isIn(list, entry))
                error = error(entry, null);
            if (error != null) {
                told[n++] = "security.provider." + i + "=" + entry;
                told[n++] = error;
            }
        }
        found = new String[n];
        System.arraycopy(told, 0, found, 0, n);
        return found;
    }

    private static boolean isPkcs11(String entry) {
        return entry.startsWith("SunPKCS11 ") || entry.startsWith("sun.security.pkcs11.SunPKCS11 ");
    }

    /* A runtime that jlink made lists the JDK's own providers although their modules are left
     * out. */
    private static boolean isForeign(String name) {
        return name.indexOf('.') > 0 && !name.startsWith("sun.") && !name.startsWith("com.sun.");
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
