/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "command.h"

#include <errno.h>
#include <string.h>

static const cli_command * const commands[] = { &cli_info, &cli_validate, &cli_convert, &cli_diff };

enum
{
  COMMAND_COUNT = sizeof(commands) / sizeof(commands[0])
};

static void
print_help(void)
{
  (void)puts(
    "Usage: iwf COMMAND …\n"
    "\n"
    "Images (.iwi), meshes (.iwm) and transforms (.iwt) in the ITK-Wasm formats: directories, .cbor and .cbor.zst.\n"
    "\n"
    "Commands:");
  for (size_t i = 0; i < COMMAND_COUNT; ++i)
  {
    (void)printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
  }
  (void)puts("\n"
             "  -h, --help     this help; after a command: the command's\n"
             "  -V, --version  the version\n"
             "\n"
             "Exit codes: 0 for yes, 1 for no (validate: a problem, diff: a difference), 2 when there is no answer.");
}

static int
run(int argc, char ** argv)
{
  const char * const name = argc > 1 ? argv[1] : "";
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (strcmp(name, "help") == 0 && argc == 2))
  {
    print_help();
    return CLI_OK;
  }
  if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0)
  {
    (void)printf("iwf %s\n", iwf_version());
    return CLI_OK;
  }
  if (strcmp(name, "help") == 0) /* "iwf help X" is "iwf X --help" */
  {
    static char option[] = "--help";
    char *      arguments[] = { argv[0], argv[2], option, NULL };
    return run(3, arguments);
  }
  for (size_t i = 0; i < COMMAND_COUNT; ++i)
  {
    if (strcmp(name, commands[i]->name) == 0)
    {
      return commands[i]->run(argc - 1, argv + 1);
    }
  }
  return *name == '\0' ? cli_fail("expected a command (see 'iwf --help')")
                       : cli_fail("unknown command '%s' (see 'iwf --help')", name);
}

int
main(int argc, char ** argv)
{
  const int code = run(argc, argv);
  if (fflush(stdout) != 0 || ferror(stdout) != 0)
  {
    return cli_fail("could not write the output: %s", strerror(errno));
  }
  return code;
}
