/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "fuzz.h"

#include "file.h"
#include "iwf/reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The input is a path, and what a directory image's URI says. Whatever it is, no file outside is opened. */

static char root[64];
static char image[sizeof(root) + 16];

static void
put(const char * name, const char * content)
{
  char path[256];
  (void)snprintf(path, sizeof(path), "%s/%s", root, name);
  FILE * file = fopen(path, "wb");
  FUZZ_CHECK(file != NULL && fputs(content, file) >= 0 && fclose(file) == 0);
}

static void
make_folder(const char * name)
{
  char path[256];
  (void)snprintf(path, sizeof(path), "%s/%s", root, name);
  FUZZ_CHECK(mkdir(path, 0700) == 0);
}

static void
remove_all(void)
{
  char command[256];
  (void)snprintf(command, sizeof(command), "rm -rf '%s'", root);
  FUZZ_CHECK(system(command) == 0);
}

static void
set_up(void)
{
  /* Files in memory, where the system has a place for them. */
  (void)snprintf(root, sizeof(root), "%s/iwf-fuzz-path-XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
  FUZZ_CHECK(mkdtemp(root) != NULL);
  (void)atexit(remove_all);
  (void)snprintf(image, sizeof(image), "%s/x.iwi", root);
  make_folder("x.iwi");
  make_folder("x.iwi/data");
  make_folder("x.iwi/a");
  make_folder("x.iwi/a/b");
  make_folder("out");
  put("secret", "S");
  put("out/secret", "S");
  put("x.iwi/f", "i");
  put("x.iwi/data/data.raw", "i");
  put("x.iwi/a/b/c", "i");
  char path[256];
  (void)snprintf(path, sizeof(path), "%s/link", image);
  FUZZ_CHECK(symlink("../out", path) == 0);
  (void)snprintf(path, sizeof(path), "%s/a/up", image);
  FUZZ_CHECK(symlink("../..", path) == 0);
  (void)snprintf(path, sizeof(path), "%s/a/s", image);
  FUZZ_CHECK(symlink("../../secret", path) == 0);
}

static void
check_inside(int descriptor)
{
  char link[64];
  char target[1024];
  (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, target, sizeof(target) - 1);
  if (length > 0)
  {
    target[length] = '\0';
    FUZZ_CHECK(strncmp(target, image, strlen(image)) == 0 && target[strlen(image)] == '/');
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t * data, size_t size)
{
  if (image[0] == '\0')
  {
    set_up();
  }
  if (size > 2000)
  {
    return 0;
  }
  char * path = malloc(size + 1);
  FUZZ_CHECK(path != NULL);
  memcpy(path, data, size);
  path[size] = '\0';

  iwf_family    family = IWF_FAMILY_IMAGE;
  iwf_container container = IWF_CONTAINER_CBOR;
  (void)iwf_path_format(path, &family, &container);

  const int directory = open(image, O_RDONLY | O_DIRECTORY);
  FUZZ_CHECK(directory >= 0);
  int        descriptor = -1;
  bool       missing = false;
  iwf_error  error = { .status = IWF_OK };
  iwf_status status = iwf_file_open_below(directory, path, false, &descriptor, &missing, &error);
  FUZZ_CHECK((status == IWF_OK) == (descriptor >= 0));
  if (status == IWF_OK)
  {
    check_inside(descriptor);
    (void)close(descriptor);
  }
  (void)close(directory);

  /* The same as a URI. */
  char * index = malloc(6 * size + 400);
  FUZZ_CHECK(index != NULL);
  size_t length =
    (size_t)sprintf(index,
                    "{\"imageType\":{\"dimension\":1,\"componentType\":\"uint8\",\"pixelType\":\"Scalar\","
                    "\"components\":1},\"size\":[1],\"data\":\"data:application/vnd.itk.path,");
  for (size_t i = 0; i < size; ++i)
  {
    length += (size_t)sprintf(index + length, data[i] < 128 ? "\\u%04x" : "?", data[i]);
  }
  (void)sprintf(index + length, "\"}");
  put("x.iwi/index.json", index);
  iwf_reader * reader = NULL;
  if (iwf_reader_open(&reader, image, NULL, &error) == IWF_OK)
  {
    char pixel = 0;
    FUZZ_CHECK(iwf_reader_read(reader, 0, IWF_IMAGE_DATA, 0, 1, &pixel, &error) == IWF_OK);
    FUZZ_CHECK(pixel == 'i');
  }
  else
  {
    FUZZ_CHECK(error.message[0] != '\0' && strchr(error.message, '\n') == NULL);
  }
  iwf_reader_close(reader);
  free(index);
  free(path);
  return 0;
}
