/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "failure.h"
#include "file.h"
#include "writer_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static iwf_status
write_whole_file(int directory, const char * path, const void * data, uint64_t bytes, iwf_error * error)
{
  int descriptor = -1;
  IWF_TRY(iwf_file_open_below(directory, path, true, &descriptor, NULL, error));
  iwf_status status = iwf_file_write(descriptor, 0, data, bytes, error);
  if (close(descriptor) != 0 && status == IWF_OK)
  {
    status = iwf_fail_system(error, IWF_ERROR_WRITE, errno, "could not finish writing '%s'", path);
  }
  return status;
}

static iwf_status
make_folder(int directory, const char * path, iwf_error * error)
{
  if (mkdirat(directory, path, 0777) != 0 && errno != EEXIST)
  {
    return iwf_fail_system(error, IWF_ERROR_WRITE, errno, "could not create the folder '%s'", path);
  }
  return IWF_OK;
}

iwf_status
iwf_writer_close_raw(iwf_writer * writer, iwf_error * error)
{
  const int raw = writer->raw;
  writer->raw = -1;
  if (raw >= 0 && close(raw) != 0)
  {
    return iwf_fail_system(
      error, IWF_ERROR_WRITE, errno, "could not finish writing '%s'", writer->slots[writer->raw_slot].payload.raw_path);
  }
  return IWF_OK;
}

/* Opens a payload's raw file, creating it. */
static iwf_status
open_raw(iwf_writer * writer, size_t number, iwf_error * error)
{
  if (writer->raw >= 0 && writer->raw_slot == number)
  {
    return IWF_OK;
  }
  IWF_TRY(iwf_writer_close_raw(writer, error));
  const iwf_payload * payload = &writer->slots[number].payload;
  char                folder[IWF_RAW_PATH];
  (void)snprintf(folder, sizeof(folder), "%s", payload->raw_path);
  char * slash = strrchr(folder, '/');
  *slash = '\0';
  if (strchr(folder, '/') != NULL)
  {
    IWF_TRY(make_folder(writer->target.descriptor, folder, error));
  }
  IWF_TRY(iwf_file_open_below(writer->target.descriptor, payload->raw_path, true, &writer->raw, NULL, error));
  writer->raw_slot = number;
  return writer->slots[number].written.count == 0 ? iwf_file_allocate(writer->raw, payload->bytes, error) : IWF_OK;
}

iwf_status
iwf_writer_begin_directory(iwf_writer * writer, iwf_error * error)
{
  const iwf_buffer * text = writer->header->text_buffer;
  IWF_TRY(make_folder(writer->target.descriptor, "data", error));
  IWF_TRY(write_whole_file(writer->target.descriptor, "index.json", text->data, text->length, error));
  for (size_t i = 0; i < writer->slot_count; ++i)
  {
    if (writer->slots[i].payload.has_array && writer->slots[i].payload.bytes == 0)
    {
      IWF_TRY(open_raw(writer, i, error)); /* an empty array is an empty file */
    }
  }
  return iwf_writer_close_raw(writer, error);
}

iwf_status
iwf_writer_write_raw(iwf_writer * writer,
                     size_t       number,
                     uint64_t     first,
                     const void * buffer,
                     uint64_t     bytes,
                     iwf_error *  error)
{
  IWF_TRY(open_raw(writer, number, error));
  return iwf_file_write(writer->raw, first, buffer, bytes, error);
}
