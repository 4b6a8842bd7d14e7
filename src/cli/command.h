/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_COMMAND_H
#define IWF_COMMAND_H

/*
 * What the subcommands of iwf have in common. Each has a file of its own and a cli_command; everything they know of the
 * formats they know from the library's public headers.
 */

#include <iwf/iwf.h>

#include <stdbool.h>
#include <stdio.h>

/* Exit codes, as of diff and grep. */
enum
{
  CLI_OK = 0,
  CLI_FOUND = 1,  /* the answer: validate found a problem, diff a difference */
  CLI_TROUBLE = 2 /* no answer: wrong usage, or something could not be read or written */
};

typedef struct cli_command
{
  const char * name;
  const char * summary; /* for the list of commands */
  const char * help;
  int (*run)(int argc, char ** argv); /* argv[0] is the command's name; returns an exit code */
} cli_command;

extern const cli_command cli_info;
extern const cli_command cli_validate;
extern const cli_command cli_convert;
extern const cli_command cli_diff;

/* Prints "iwf: …" to stderr, in one line. Returns CLI_TROUBLE. */
int
cli_fail(const char * format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what the library reported about `path`. */
int
cli_fail_at(const char * path, const iwf_error * error);

/* The next option of `options`, a list as of getopt_long(): prints help and complaints. -1 after the last option. */
struct option;
int
cli_next_option(int                   argc,
                char **               argv,
                const cli_command *   command,
                const char *          letters,
                const struct option * options);

/* What cli_next_option() returns when the command has to end: with CLI_OK after --help, else with CLI_TROUBLE. */
enum
{
  CLI_END_OK = 1000,
  CLI_END_TROUBLE = 1001
};

#define CLI_HELP_OPTION            \
  {                                \
    "help", no_argument, NULL, 'h' \
  }

/* An open object and what its header says. */
typedef struct cli_object
{
  const char *               path;
  iwf_reader *               reader;
  iwf_family                 family;
  iwf_container              container;
  const iwf_image_info *     image;
  const iwf_mesh_info *      mesh;
  const iwf_transform_info * transforms;
  size_t                     transform_count;
} cli_object;

/* Close with cli_object_close() also after a failure. */
iwf_status
cli_object_open(cli_object * object, const char * path, iwf_error * error);

void
cli_object_close(cli_object * object);

/* "image", "cbor" and so on, for people and programs alike. */
const char *
cli_family_name(iwf_family family);
const char *
cli_container_name(iwf_container container);

/* One of the arrays of an object. */
typedef struct cli_payload
{
  size_t             record; /* with `number`: for iwf_reader_read() */
  int                number;
  char               name[64]; /* such as "data" or "[2].parameters" */
  iwf_component_type type;
  uint64_t           bytes;
} cli_payload;

/* Number of arrays; in the order of cli_object_payload(), which is that of the file, they can be copied. */
size_t
cli_object_payload_count(const cli_object * object);
void
cli_object_payload(const cli_object * object, size_t i, cli_payload * payload);

/* Bytes of all arrays. */
uint64_t
cli_object_bytes(const cli_object * object);

/* Bytes that are in memory at a time of an array that is read from one end to the other: a multiple of 8. */
#define CLI_CHUNK_BYTES ((size_t)8 << 20)

/* Printing in JSON's notation, which is also what people read: nothing in it controls a terminal. */
void
cli_print_real(FILE * stream, double value);
void
cli_print_text(FILE * stream, const char * text, size_t length);
void
cli_print_value(FILE * stream, const iwf_value * value);

/* A line on stderr that tells how far long work is: only on a terminal, and only after half a second. */
typedef struct cli_progress
{
  const char * what;
  uint64_t     total;
  uint64_t     done;
  double       begun;
  double       shown; /* when; 0 if never */
  bool         enabled;
} cli_progress;

void
cli_progress_begin(cli_progress * progress, const char * what, uint64_t total);
void
cli_progress_add(cli_progress * progress, uint64_t bytes);
void
cli_progress_end(cli_progress * progress);

#endif
