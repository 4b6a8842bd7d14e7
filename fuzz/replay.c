/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include <dirent.h>
#include <sys/stat.h>

/* Runs a fuzz target over files and folders of files: without libFuzzer, with any compiler. */

static unsigned long inputs;

static void
replay_file(const char * path)
{
  FILE * file = fopen(path, "rb");
  FUZZ_CHECK(file != NULL);
  FUZZ_CHECK(fseek(file, 0, SEEK_END) == 0);
  const long size = ftell(file);
  FUZZ_CHECK(size >= 0 && fseek(file, 0, SEEK_SET) == 0);
  uint8_t * data = malloc(size > 0 ? (size_t)size : 1);
  FUZZ_CHECK(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
  (void)fclose(file);
  if (getenv("FUZZ_VERBOSE") != NULL)
  {
    (void)fprintf(stderr, "%s\n", path);
  }
  (void)LLVMFuzzerTestOneInput(data, (size_t)size);
  free(data);
  ++inputs;
}

static void
replay(const char * path)
{
  struct stat status;
  if (stat(path, &status) != 0)
  {
    return; /* a target need not have crashers */
  }
  if (!S_ISDIR(status.st_mode))
  {
    replay_file(path);
    return;
  }
  DIR * folder = opendir(path);
  FUZZ_CHECK(folder != NULL);
  for (struct dirent * entry = readdir(folder); entry != NULL; entry = readdir(folder))
  {
    if (entry->d_name[0] != '.')
    {
      char below[4096];
      (void)snprintf(below, sizeof(below), "%s/%s", path, entry->d_name);
      replay(below);
    }
  }
  (void)closedir(folder);
}

int
main(int count, char ** arguments)
{
  for (int i = 1; i < count; ++i)
  {
    replay(arguments[i]);
  }
  printf("%lu inputs\n", inputs);
  return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
