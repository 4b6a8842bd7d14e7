/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "source.h"

#include "checked.h"
#include "failure.h"
#include "file.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

iwf_status
iwf_source_read(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  if (!iwf_within(offset, bytes, source->size))
  {
    return iwf_fail(error,
                    IWF_ERROR_TRUNCATED,
                    offset,
                    NULL,
                    "expected %" PRIu64 " bytes, found the end of the file at byte %" PRIu64,
                    bytes,
                    source->size);
  }
  return bytes > 0 ? source->read(source, offset, buffer, bytes, error) : IWF_OK;
}

void
iwf_source_close(iwf_source * source)
{
  if (source != NULL)
  {
    source->close(source);
  }
}

static iwf_status
read_file(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  return iwf_file_read(source->descriptor, offset, buffer, bytes, error);
}

static void
close_file(iwf_source * source)
{
  (void)close(source->descriptor);
  free(source);
}

iwf_status
iwf_source_open_file(iwf_source ** source, int descriptor, iwf_error * error)
{
  uint64_t size = 0;
  IWF_TRY(iwf_file_size(descriptor, &size, error));
  iwf_source * file = malloc(sizeof(iwf_source));
  if (file == NULL)
  {
    return iwf_fail_memory(error);
  }
  *file = (iwf_source){
    .read = read_file, .close = close_file, .size = size, .size_is_exact = true, .descriptor = descriptor
  };
  *source = file;
  return IWF_OK;
}

typedef struct memory_source
{
  iwf_source            interface;
  const unsigned char * data;
} memory_source;

static iwf_status
read_memory(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  (void)error;
  memcpy(buffer, ((memory_source *)source)->data + offset, (size_t)bytes);
  return IWF_OK;
}

static void
close_memory(iwf_source * source)
{
  free(source);
}

iwf_status
iwf_source_open_memory(iwf_source ** source, const void * data, size_t size, iwf_error * error)
{
  memory_source * memory = malloc(sizeof(memory_source));
  if (memory == NULL)
  {
    return iwf_fail_memory(error);
  }
  *memory = (memory_source){
    .interface = { .read = read_memory, .close = close_memory, .size = size, .size_is_exact = true, .descriptor = -1 },
    .data = data
  };
  *source = &memory->interface;
  return IWF_OK;
}
