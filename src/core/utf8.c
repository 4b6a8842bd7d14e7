/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "utf8.h"

/* Bytes of the well-formed sequence at the start of `s`, 0 if there is none. Ranges: RFC 3629 section 4. */
static size_t
sequence_length(const unsigned char * s, size_t length)
{
  const unsigned char first = s[0];
  if (first < 0x80)
  {
    return 1;
  }
  size_t        count = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (first >= 0xc2 && first <= 0xdf)
  {
    count = 2;
  }
  else if (first >= 0xe0 && first <= 0xef)
  {
    count = 3;
    low = first == 0xe0 ? 0xa0 : 0x80;
    high = first == 0xed ? 0x9f : 0xbf;
  }
  else if (first >= 0xf0 && first <= 0xf4)
  {
    count = 4;
    low = first == 0xf0 ? 0x90 : 0x80;
    high = first == 0xf4 ? 0x8f : 0xbf;
  }
  if (count == 0 || count > length || s[1] < low || s[1] > high)
  {
    return 0;
  }
  for (size_t i = 2; i < count; ++i)
  {
    if (s[i] < 0x80 || s[i] > 0xbf)
    {
      return 0;
    }
  }
  return count;
}

size_t
iwf_utf8_valid(const char * text, size_t length)
{
  const unsigned char * s = (const unsigned char *)text;
  size_t                position = 0;
  while (position < length)
  {
    const size_t count = sequence_length(s + position, length - position);
    if (count == 0)
    {
      break;
    }
    position += count;
  }
  return position;
}
