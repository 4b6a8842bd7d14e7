/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "encoder.h"

#include "utf8.h"

#include <stdlib.h>
#include <string.h>

void
iwf_buffer_append(iwf_buffer * buffer, const void * data, size_t length)
{
  if (buffer->failed || length == 0)
  {
    return;
  }
  if (length > buffer->capacity - buffer->length)
  {
    size_t capacity = buffer->capacity == 0 ? 1024 : buffer->capacity;
    while (capacity - buffer->length < length)
    {
      if (capacity > SIZE_MAX / 2)
      {
        buffer->failed = true;
        return;
      }
      capacity *= 2;
    }
    unsigned char * longer = realloc(buffer->data, capacity);
    if (longer == NULL)
    {
      buffer->failed = true;
      return;
    }
    buffer->data = longer;
    buffer->capacity = capacity;
  }
  memcpy(buffer->data + buffer->length, data, length);
  buffer->length += length;
}

void
iwf_buffer_free(iwf_buffer * buffer)
{
  free(buffer->data);
  memset(buffer, 0, sizeof(*buffer));
}

void
iwf_encode_utf8(const char * text, size_t length, void (*sink)(void *, const char *, size_t), void * context)
{
  static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */
  while (length > 0)
  {
    const size_t valid = iwf_utf8_valid(text, length);
    if (valid > 0)
    {
      sink(context, text, valid);
    }
    text += valid;
    length -= valid;
    if (length > 0)
    {
      sink(context, replacement, sizeof(replacement) - 1);
      ++text;
      --length;
    }
  }
}
