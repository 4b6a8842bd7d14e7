/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "directory.h"
#include "failure.h"
#include "file.h"
#include "reader_payload.h"
#include "writer_state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
is_same_file(int a, int b)
{
  struct stat first;
  struct stat second;
  return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/* Opens the file that has the pixels once more, for writing. */
static iwf_status
open_for_pasting(iwf_writer * writer, const char * path, iwf_error * error)
{
  if (writer->container == IWF_CONTAINER_DIRECTORY)
  {
    int directory = -1;
    IWF_TRY(iwf_directory_open(path, &directory, error));
    iwf_status status = IWF_OK;
    if (faccessat(directory, "data/data.raw", F_OK, 0) == 0) /* else the pixels are elsewhere */
    {
      status = iwf_file_open_below(directory, "data/data.raw", true, &writer->pasted, NULL, error);
    }
    (void)close(directory);
    return status;
  }
  writer->pasted = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return writer->pasted >= 0 ? IWF_OK
                             : iwf_fail_system(error, IWF_ERROR_OPEN, errno, "could not open the file for writing");
}

static iwf_status
begin_paste(iwf_writer * writer, const char * path, const iwf_reader * reader, iwf_error * error)
{
  const iwf_image_info * wanted = &writer->image;
  const iwf_image_info * found = iwf_reader_image(reader);
  if (found->dimension != wanted->dimension || found->component_type != wanted->component_type ||
      found->components != wanted->components || found->pixel_type != wanted->pixel_type ||
      memcmp(found->size, wanted->size, wanted->dimension * sizeof(wanted->size[0])) != 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected an image of the same size and pixel type to paste into, found another one");
  }
  iwf_slot * s = &writer->slots[IWF_IMAGE_DATA];
  int        descriptor = -1;
  s->payload = *iwf_reader_payload(reader, 0, IWF_IMAGE_DATA);
  IWF_TRY(iwf_payload_plain_place(&s->payload, &descriptor, &s->position, error));
  IWF_TRY(open_for_pasting(writer, path, error));
  if (writer->pasted < 0 || !is_same_file(descriptor, writer->pasted))
  {
    return iwf_fail(
      error, IWF_ERROR_UNSUPPORTED, IWF_NO_OFFSET, NULL, "expected the pixels in data/data.raw to paste into");
  }
  return IWF_OK;
}

iwf_status
iwf_writer_open_paste(iwf_writer ** writer, const char * path, const iwf_image_info * info, iwf_error * error)
{
  if (writer == NULL || path == NULL || info == NULL)
  {
    return iwf_fail(error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, NULL, "expected a writer, a path and information");
  }
  iwf_writer * created = NULL;
  iwf_reader * reader = NULL;
  *writer = NULL;
  IWF_TRY(iwf_writer_create(&created, path, IWF_FAMILY_IMAGE, 1, error));
  created->image = *info;
  iwf_status status = iwf_reader_open(&reader, path, NULL, error);
  if (status == IWF_OK)
  {
    status = begin_paste(created, path, reader, error);
  }
  iwf_reader_close(reader);
  if (status != IWF_OK)
  {
    iwf_writer_close(created);
    return status;
  }
  *writer = created;
  return IWF_OK;
}
