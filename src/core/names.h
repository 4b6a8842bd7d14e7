/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_NAMES_H
#define IWF_NAMES_H

/* The formats' names, looked up. */

#include "iwf/types.h"

#include <stdbool.h>

bool
iwf_component_from_name(const char * name, size_t length, iwf_component_type * type);

bool
iwf_pixel_from_name(const char * name, size_t length, iwf_pixel_type * type);

static inline bool
iwf_component_is_float(iwf_component_type type)
{
  return type == IWF_FLOAT32 || type == IWF_FLOAT64;
}

#endif
