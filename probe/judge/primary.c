/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/judge.h"

#include "base/text.h"

/* JAVA.md, sections 0.2 and 2. */
static const struct primary primaries[] = {
    {"SunPKCS11-NSS-FIPS", PRIMARY_NSS_FIPS,
     "NSS's FIPS token (Red Hat and SUSE up to 24, Semeru's 140-2 profile, a configuration by "
     "hand)"},
    {"SunPKCS11-FIPS", PRIMARY_NSS_FIPS,
     "NSS's FIPS token through libnssadapter (Red Hat 25 and later, SUSE 16)"},
    {"SUN", PRIMARY_STOCK, "the JDK's own Java code: not NSS, no validated module"},
    {"BCFIPS", PRIMARY_OTHER, "Bouncy Castle's FIPS module: not NSS"},
    {"AmazonCorrettoCryptoProvider", PRIMARY_OTHER, "Amazon's ACCP (AWS-LC): not NSS"},
    {"OpenSSLFIPSProvider", PRIMARY_OTHER, "OpenSSL's FIPS module (Canonical): not NSS"},
    {"JipherJCE", PRIMARY_OTHER, "Oracle's Jipher (OpenSSL): not NSS"},
    {"OpenJCEPlusFIPS", PRIMARY_OTHER, "IBM Semeru's 140-3 module: not NSS"},
    {"CCJ*", PRIMARY_OTHER, "SafeLogic's CryptoComply: not NSS"},
    {"SunPKCS11", PRIMARY_OTHER,
     "SunPKCS11 without a configuration: it offers nothing, and the next of the list serves"},
    {"SunPKCS11-*", PRIMARY_OTHER, "a PKCS#11 module that is not NSS's FIPS token by its name"},
    {"*", PRIMARY_OTHER, "not a provider that is known to be NSS's FIPS token"},
};

const struct primary *judge_primary(const char *provider)
{
    const struct primary *p = primaries;

    while (!text_match(p->name, provider))
        p++;
    return p;
}
