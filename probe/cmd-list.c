/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd-list.c: `list` and `explain`: the data that the program is built from, for people.
 */
#include "cmd.h"

#include "base/own.h"
#include "base/text.h"

#include <limits.h>
#include <string.h>

const struct cmd_option cmd_list_options[] = {
    {"catalogue", 0, "FILE", "probes from there instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

const struct cmd_option cmd_explain_options[] = {
    {"catalogue", 0, "FILE", "probes from there instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

static int load(const char *name, int argc, char **argv, int *i, struct catalogue *catalogue,
                struct diagnoses *diagnoses, struct err *err)
{
    const struct cmd_option *option;
    const char *value, *path = NULL;

    *i = 1;
    while ((option = cmd_next(cmd_named(name), argc, argv, i, &value, err)) != NULL)
        path = value;
    if (err->kind != ERR_NONE || cmd_catalogue(path, &(struct strings){0}, catalogue, err) < 0)
        return -1;
    return cmd_diagnoses(diagnoses, err);
}

static const char *doors_of(const struct probe *probe)
{
    return probe->unasked.n > 0 ? "none" : probe->pkcs11.n == 0 ? "Java" : probe->jca.n == 0 ? "NSS" : "NSS, Java";
}

static const char *request_of(const struct probe *probe)
{
    bool nss = probe_on_request(probe, DOOR_NSS), java = probe_on_request(probe, DOOR_JCA);

    if (!nss && !java)
        return "";
    if ((nss || probe->pkcs11.n == 0) && (java || probe->jca.n == 0))
        return " (on request: --only)";
    return nss ? " (NSS on request: --only)" : " (Java on request: --only)";
}

static void list_all(const struct catalogue *catalogue, const struct diagnoses *diagnoses,
                     struct buf *out)
{
    buf_puts(out, "Probes\n");
    for (size_t i = 0; i < catalogue->n; i++)
        buf_printf(out, "  %-34s %-10s %s%s\n", catalogue->items[i].id,
                   doors_of(&catalogue->items[i]), catalogue->items[i].title,
                   request_of(&catalogue->items[i]));
    buf_puts(out, "\nFindings\n");
    for (size_t i = 0; i < diagnoses->n; i++)
        buf_printf(out, "  %-34s %-10s %s\n", diagnoses->items[i].id,
                   severity_word(diagnoses->items[i].severity), diagnoses->items[i].title);
}

int cmd_list(int argc, char **argv, char *const *env, struct err *err)
{
    struct catalogue catalogue = {0};
    struct diagnoses diagnoses = {0};
    own_buf struct buf out = {0};
    int i, status = load("list", argc, argv, &i, &catalogue, &diagnoses, err);

    (void)env;
    if (status == 0 && i < argc)
        status = err_set(err, ERR_USAGE, "list takes no operand; see 'fipsprobe list --help'");
    if (status == 0) {
        list_all(&catalogue, &diagnoses, &out);
        status = cmd_write(&out, NULL, err);
    }
    diagnoses_free(&diagnoses);
    catalogue_free(&catalogue);
    return status;
}

/* Keys have thousands of digits: lines of them, which a terminal does not break anywhere. */
static void explain_params(const struct params *params, struct buf *out)
{
    enum { DIGITS = 80 };

    for (size_t i = 0; i < params->n; i++) {
        const char *key = params->items[i].key, *value = params->items[i].value;
        bool digits = strchr(value, ' ') == NULL;

        do {
            buf_printf(out, "  %-14s %.*s\n", key, digits ? DIGITS : INT_MAX, value);
            value += digits && strlen(value) > DIGITS ? DIGITS : strlen(value);
            key = "";
        } while (*value != '\0');
    }
}

static void explain_part(const char *title, const struct probe *probe, enum door door,
                         const struct op *op, struct buf *out)
{
    struct spec spec = probe_spec(probe, door);

    if (op == NULL)
        return;
    buf_printf(out, "\n%s: %s\n", title, op->what);
    explain_params(spec.own, out);
}

/* Worded so that nobody takes it for what a module's indicator said. */
static void explain_standard(const struct probe *probe, struct buf *out)
{
    struct spec spec = {&probe->standard, NULL};
    const char *condition = spec_get(&spec, "condition");

    if (probe->standard.n == 0)
        return;
    buf_puts(out, "\nWhat standards say of the algorithm (no statement about any module: whether a "
                  "service was\napproved is told by the module's own indicator alone)\n");
    buf_printf(out, "  %-14s %s\n", "defined in", spec_word(&spec, "reference", ""));
    buf_printf(out, "  %-14s %s\n", "there", spec_word(&spec, "status", ""));
    if (condition != NULL)
        buf_printf(out, "  %-14s %s\n", "condition", condition);
    buf_printf(out, "  %-14s %s\n", "read in", spec_word(&spec, "source", ""));
}

/* A row may be for some of NSS's doors. */
static void explain_nss_doors(const struct probe *probe, struct buf *out)
{
    static const enum door doors[] = {DOOR_SOFTOKN_FIPS, DOOR_SOFTOKN_DEFAULT, DOOR_NSS};
    own_buf struct buf title = {0};

    buf_puts(&title, "At the doors");
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (probe_at(probe, doors[i]))
            buf_printf(&title, " %s", door_word(doors[i]));
    explain_part(title.data, probe, DOOR_NSS, probe->pkcs11_op, out);
}

static void explain_probe(const struct probe *probe, struct buf *out)
{
    buf_printf(out, "%s: %s\n", probe->id, probe->title);
    if (probe->unasked.n > 0)
        buf_puts(out, "\nAsked at no door\n");
    explain_params(&probe->unasked, out);
    explain_nss_doors(probe, out);
    explain_part("At the door jca", probe, DOOR_JCA, probe->jca_op, out);
    explain_standard(probe, out);
    if (probe->vector.n > 0)
        buf_puts(out, "\nTest vector\n");
    explain_params(&probe->vector, out);
}

static void explain_diagnosis(const struct diagnosis *d, struct buf *out)
{
    buf_printf(out, "%s: %s (%s)\n\n%s\n\nWhat to do: %s\nWho can: %s\n", d->id, d->title,
               severity_word(d->severity), d->meaning, d->remedy, d->who);
}

/* The words of the vocabularies that stand in a report. */
static bool explain_word(const char *id, struct buf *out)
{
    enum outcome outcome;
    enum dependence dependence;
    enum determinant determinant;
    enum context context;
    enum door door;

    if (outcome_parse(id, &outcome) == 0)
        buf_printf(out, "%s (an outcome): %s\n", id, outcome_text(outcome));
    else if (dependence_parse(id, &dependence) == 0)
        buf_printf(out, "%s (a dependence): %s\n", id, dependence_text(dependence));
    else if (determinant_parse(id, &determinant) == 0)
        buf_printf(out, "%s (what determines a result): %s\n", id, determinant_text(determinant));
    else if (context_parse(id, &context) == 0)
        buf_printf(out, "%s (a context): %s\n", id, context_text(context));
    else if (door_parse(id, &door) == 0)
        buf_printf(out, "%s (a door): %s\n", id, door_text(door));
    else
        return false;
    return true;
}

static int explain(const char *id, const struct catalogue *catalogue,
                   const struct diagnoses *diagnoses, struct buf *out, struct err *err)
{
    const struct probe *probe = catalogue_find(catalogue, id);
    const struct diagnosis *diagnosis = diagnoses_find(diagnoses, id);
    own_free char *clean = NULL;

    if (probe != NULL)
        explain_probe(probe, out);
    else if (diagnosis != NULL)
        explain_diagnosis(diagnosis, out);
    else if (!explain_word(id, out)) {
        clean = text_clean(id, strlen(id));
        return err_set(err, ERR_USAGE,
                       "'%s' is no probe, finding or outcome; 'fipsprobe list' names them", clean);
    }
    return 0;
}

int cmd_explain(int argc, char **argv, char *const *env, struct err *err)
{
    struct catalogue catalogue = {0};
    struct diagnoses diagnoses = {0};
    own_buf struct buf out = {0};
    int i, status = load("explain", argc, argv, &i, &catalogue, &diagnoses, err);

    (void)env;
    if (status == 0 && argc - i != 1)
        status = err_set(err, ERR_USAGE, "explain takes one id; 'fipsprobe list' names them");
    if (status == 0)
        status = explain(argv[i], &catalogue, &diagnoses, &out, err);
    if (status == 0)
        status = cmd_write(&out, NULL, err);
    diagnoses_free(&diagnoses);
    catalogue_free(&catalogue);
    return status;
}
