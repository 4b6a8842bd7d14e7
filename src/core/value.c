/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "iwf/value.h"

#include <string.h>

const iwf_value *
iwf_value_get(const iwf_value * map, const char * key)
{
  const size_t length = strlen(key);
  if (map != NULL && map->kind == IWF_MAP)
  {
    for (uint64_t i = 0; i < map->count; ++i)
    {
      const iwf_member * member = &map->of.members[i];
      if (member->key_length == length && memcmp(member->key, key, length) == 0)
      {
        return &member->value;
      }
    }
  }
  return NULL;
}
