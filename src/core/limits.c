/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/limits.h"

#include "failure.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

void
iwf_limits_init(iwf_limits * limits)
{
  limits->header_bytes = UINT64_C(16) << 20;
  limits->header_memory = UINT64_C(32) << 20;
  limits->depth = 32;
  limits->transforms = 65536;
  limits->zstd_window_log = 27;
  limits->zstd_expanded_bytes = UINT64_C(1) << 30;
  limits->zstd_expansion_ratio = 4096;
}

/* Reads the digits at `*text` and moves behind them. */
static bool
read_number(const char ** text, uint64_t most, uint64_t * number)
{
  const char * start = *text;
  *number = 0;
  for (; **text >= '0' && **text <= '9'; ++*text)
  {
    const uint64_t digit = (uint64_t)(**text - '0');
    if (*number > (most - digit) / 10)
    {
      return false;
    }
    *number = *number * 10 + digit;
  }
  return *text != start;
}

/* Sets the limit whose name begins `*text` and moves behind its value. */
static bool
read_limit(iwf_limits * limits, const char ** text)
{
  const struct
  {
    const char * name;
    uint32_t *   narrow;
    uint64_t *   wide;
  } members[] = {
    { "header_bytes=", NULL, &limits->header_bytes },
    { "header_memory=", NULL, &limits->header_memory },
    { "depth=", &limits->depth, NULL },
    { "transforms=", &limits->transforms, NULL },
    { "zstd_window_log=", &limits->zstd_window_log, NULL },
    { "zstd_expanded_bytes=", NULL, &limits->zstd_expanded_bytes },
    { "zstd_expansion_ratio=", NULL, &limits->zstd_expansion_ratio },
  };
  for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); ++i)
  {
    const size_t length = strlen(members[i].name);
    uint64_t     number = 0;
    if (strncmp(*text, members[i].name, length) != 0)
    {
      continue;
    }
    *text += length;
    if (!read_number(text, members[i].wide != NULL ? UINT64_MAX : UINT32_MAX, &number))
    {
      return false;
    }
    if (members[i].wide != NULL)
    {
      *members[i].wide = number;
    }
    else
    {
      *members[i].narrow = (uint32_t)number;
    }
    return true;
  }
  return false;
}

iwf_status
iwf_limits_parse(iwf_limits * limits, const char * text, iwf_error * error)
{
  iwf_limits changed = *limits;
  for (const char * rest = text; *rest != '\0';)
  {
    const bool valid = read_limit(&changed, &rest) && (*rest == '\0' || (*rest == ',' && rest[1] != '\0'));
    if (!valid)
    {
      char quoted[IWF_DESCRIPTION];
      return iwf_fail(error,
                      IWF_ERROR_ARGUMENT,
                      IWF_NO_OFFSET,
                      NULL,
                      "expected limits such as \"depth=64,header_bytes=33554432\", found %s",
                      iwf_quote(text, strlen(text), quoted));
    }
    rest += *rest == ',';
  }
  *limits = changed;
  return IWF_OK;
}
