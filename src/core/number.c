/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "number.h"

#include <math.h>
#include <string.h>

/* Whole numbers below this are exact in a double. */
#define EXACT_DOUBLE 9007199254740992.0

bool
iwf_number_to_uint64(const iwf_value * value, uint64_t * number)
{
  if (value->kind == IWF_UNSIGNED)
  {
    *number = value->of.unsigned_value;
    return true;
  }
  if (value->kind == IWF_FLOAT && value->of.float_value >= 0.0 && value->of.float_value < EXACT_DOUBLE &&
      floor(value->of.float_value) == value->of.float_value)
  {
    *number = (uint64_t)value->of.float_value;
    return true;
  }
  return false;
}

bool
iwf_number_to_double(const iwf_value * value, double * number)
{
  switch (value->kind)
  {
    case IWF_UNSIGNED:
      *number = (double)value->of.unsigned_value;
      return true;
    case IWF_NEGATIVE:
      *number = (double)value->of.negative_value;
      return true;
    case IWF_FLOAT:
      *number = value->of.float_value;
      return true;
    default:
      return false;
  }
}

/* Signed whole number, of any kind of value. */
static bool
to_int64(const iwf_value * value, int64_t * number)
{
  if (value->kind == IWF_NEGATIVE)
  {
    *number = value->of.negative_value;
    return true;
  }
  if (value->kind == IWF_FLOAT && value->of.float_value < 0.0 && value->of.float_value > -EXACT_DOUBLE &&
      floor(value->of.float_value) == value->of.float_value)
  {
    *number = (int64_t)value->of.float_value;
    return true;
  }
  uint64_t positive = 0;
  if (!iwf_number_to_uint64(value, &positive) || positive > INT64_MAX)
  {
    return false;
  }
  *number = (int64_t)positive;
  return true;
}

/* Stores `number` as TYPE if it fits. */
#define STORE(TYPE, number)                     \
  do                                            \
  {                                             \
    const TYPE narrow_ = (TYPE)(number);        \
    fits = fits && narrow_ == (number);         \
    memcpy(element, &narrow_, sizeof(narrow_)); \
  } while (0)

bool
iwf_number_store(const iwf_value * value, iwf_component_type type, void * element)
{
  bool     fits = false;
  int64_t  whole = 0;
  uint64_t positive = 0;
  double   real = 0.0;
  switch (type)
  {
    case IWF_INT8:
      fits = to_int64(value, &whole);
      STORE(int8_t, whole);
      break;
    case IWF_INT16:
      fits = to_int64(value, &whole);
      STORE(int16_t, whole);
      break;
    case IWF_INT32:
      fits = to_int64(value, &whole);
      STORE(int32_t, whole);
      break;
    case IWF_INT64:
      fits = to_int64(value, &whole);
      STORE(int64_t, whole);
      break;
    case IWF_UINT8:
      fits = iwf_number_to_uint64(value, &positive);
      STORE(uint8_t, positive);
      break;
    case IWF_UINT16:
      fits = iwf_number_to_uint64(value, &positive);
      STORE(uint16_t, positive);
      break;
    case IWF_UINT32:
      fits = iwf_number_to_uint64(value, &positive);
      STORE(uint32_t, positive);
      break;
    case IWF_UINT64:
      fits = iwf_number_to_uint64(value, &positive);
      STORE(uint64_t, positive);
      break;
    case IWF_FLOAT32:
    {
      fits = iwf_number_to_double(value, &real);
      const float single = (float)real;
      fits = fits && isinf(single) == isinf(real);
      memcpy(element, &single, sizeof(single));
      break;
    }
    case IWF_FLOAT64:
      fits = iwf_number_to_double(value, &real);
      memcpy(element, &real, sizeof(real));
      break;
  }
  return fits;
}

/* The number at `element` as TYPE. */
#define LOAD(TYPE) \
  TYPE number;     \
  memcpy(&number, element, sizeof(number))

static iwf_value
from_signed(int64_t number)
{
  if (number < 0)
  {
    return (iwf_value){ .kind = IWF_NEGATIVE, .tag = IWF_NO_TAG, .of.negative_value = number };
  }
  return (iwf_value){ .kind = IWF_UNSIGNED, .tag = IWF_NO_TAG, .of.unsigned_value = (uint64_t)number };
}

static iwf_value
from_unsigned(uint64_t number)
{
  return (iwf_value){ .kind = IWF_UNSIGNED, .tag = IWF_NO_TAG, .of.unsigned_value = number };
}

static iwf_value
from_double(double number)
{
  return (iwf_value){ .kind = IWF_FLOAT, .tag = IWF_NO_TAG, .of.float_value = number };
}

iwf_value
iwf_number_load(const void * element, iwf_component_type type)
{
  switch (type)
  {
    case IWF_INT8:
    {
      LOAD(int8_t);
      return from_signed(number);
    }
    case IWF_INT16:
    {
      LOAD(int16_t);
      return from_signed(number);
    }
    case IWF_INT32:
    {
      LOAD(int32_t);
      return from_signed(number);
    }
    case IWF_INT64:
    {
      LOAD(int64_t);
      return from_signed(number);
    }
    case IWF_UINT8:
    {
      LOAD(uint8_t);
      return from_unsigned(number);
    }
    case IWF_UINT16:
    {
      LOAD(uint16_t);
      return from_unsigned(number);
    }
    case IWF_UINT32:
    {
      LOAD(uint32_t);
      return from_unsigned(number);
    }
    case IWF_UINT64:
    {
      LOAD(uint64_t);
      return from_unsigned(number);
    }
    case IWF_FLOAT32:
    {
      LOAD(float);
      return from_double((double)number);
    }
    case IWF_FLOAT64:
      break;
  }
  LOAD(double);
  return from_double(number);
}
