/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "failure.h"

#include "utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Makes text one line of UTF-8: names from files may hold anything, and a cut may go through a character. */
static void
clean(char * text)
{
  text[iwf_utf8_valid(text, strlen(text))] = '\0';
  for (char * c = text; *c != '\0'; ++c)
  {
    if ((unsigned char)*c < 0x20 || *c == 0x7f)
    {
      *c = '?';
    }
  }
}

/* Writes "key 'size' at byte 93: " into the message and returns its length. */
static size_t
begin(iwf_error * error, iwf_status status, uint64_t offset, const char * key)
{
  memset(error, 0, sizeof(*error));
  error->status = status;
  error->offset = offset;
  if (key != NULL)
  {
    (void)snprintf(error->key, sizeof(error->key), "%s", key);
    clean(error->key);
  }
  int length = 0;
  if (error->key[0] != '\0' && offset != IWF_NO_OFFSET)
  {
    length = snprintf(error->message, sizeof(error->message), "key '%s' at byte %" PRIu64 ": ", error->key, offset);
  }
  else if (error->key[0] != '\0')
  {
    length = snprintf(error->message, sizeof(error->message), "key '%s': ", error->key);
  }
  else if (offset != IWF_NO_OFFSET)
  {
    length = snprintf(error->message, sizeof(error->message), "at byte %" PRIu64 ": ", offset);
  }
  return length > 0 ? (size_t)length : 0;
}

void
iwf_set_error(iwf_error * error, iwf_status status, uint64_t offset, const char * key, const char * format, ...)
{
  if (error != NULL)
  {
    const size_t length = begin(error, status, offset, key);
    va_list      arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->message + length, sizeof(error->message) - length, format, arguments);
    va_end(arguments);
    clean(error->message);
  }
}

void
iwf_set_system_error(iwf_error * error, iwf_status status, int system_errno, const char * format, ...)
{
  if (error != NULL)
  {
    begin(error, status, IWF_NO_OFFSET, NULL);
    error->system_errno = system_errno;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    const size_t length = strlen(error->message);
    char         buffer[128] = "";
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
    const char * reason = strerror_r(system_errno, buffer, sizeof(buffer));
#else
    const char * reason = buffer;
    (void)strerror_r(system_errno, buffer, sizeof(buffer));
#endif
    (void)snprintf(error->message + length, sizeof(error->message) - length, ": %s", reason);
    clean(error->message);
  }
}

const char *
iwf_quote(const char * text, size_t length, char buffer[IWF_DESCRIPTION])
{
  const size_t shown = length < 40 ? length : 40;
  const size_t valid = iwf_utf8_valid(text, shown);
  size_t       n = 0;
  buffer[n++] = '"';
  for (size_t i = 0; i < valid; ++i)
  {
    const unsigned char c = (unsigned char)text[i];
    buffer[n++] = text[i];
    if (c < 0x20 || c == 0x7f)
    {
      buffer[n - 1] = '?';
    }
  }
  (void)snprintf(buffer + n, IWF_DESCRIPTION - n, "%s\"", valid < length ? "..." : "");
  return buffer;
}

const char *
iwf_describe(const iwf_value * value, char buffer[IWF_DESCRIPTION])
{
  switch (value->kind)
  {
    case IWF_NULL:
      (void)snprintf(buffer, IWF_DESCRIPTION, "null");
      break;
    case IWF_BOOL:
      (void)snprintf(buffer, IWF_DESCRIPTION, "%s", value->of.boolean ? "true" : "false");
      break;
    case IWF_UNSIGNED:
      (void)snprintf(buffer, IWF_DESCRIPTION, "%" PRIu64, value->of.unsigned_value);
      break;
    case IWF_NEGATIVE:
      (void)snprintf(buffer, IWF_DESCRIPTION, "%" PRId64, value->of.negative_value);
      break;
    case IWF_FLOAT:
      (void)snprintf(buffer, IWF_DESCRIPTION, "the number %g", value->of.float_value);
      break;
    case IWF_TEXT:
    {
      char quoted[IWF_DESCRIPTION];
      (void)snprintf(buffer, IWF_DESCRIPTION, "text %s", iwf_quote(value->of.text, (size_t)value->count, quoted));
      break;
    }
    case IWF_BYTES:
      (void)snprintf(buffer, IWF_DESCRIPTION, "%" PRIu64 " bytes", value->count);
      break;
    case IWF_ARRAY:
      (void)snprintf(buffer, IWF_DESCRIPTION, "an array of %" PRIu64, value->count);
      break;
    case IWF_MAP:
      (void)snprintf(buffer, IWF_DESCRIPTION, "a map of %" PRIu64, value->count);
      break;
  }
  return buffer;
}
