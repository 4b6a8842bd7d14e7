/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_NUMBER_H
#define IWF_NUMBER_H

/* Numbers of headers and payloads, converted by value; false where the value does not fit. */

#include "iwf/types.h"
#include "iwf/value.h"

#include <stdbool.h>

/* Accepts an integer of any width, and a float that is a whole number below 2^53. */
bool
iwf_number_to_uint64(const iwf_value * value, uint64_t * number);

bool
iwf_number_to_double(const iwf_value * value, double * number);

/* Stores the number at `element` as `type`; integers must fit exactly, floats are rounded to the type unless they overflow it. */
bool
iwf_number_store(const iwf_value * value, iwf_component_type type, void * element);

/* The number at `element`, of `type` and in the host's byte order. */
iwf_value
iwf_number_load(const void * element, iwf_component_type type);

#endif
