/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_VALUE_H
#define IWF_VALUE_H

/**
 * \file
 * Values of headers and metadata: what JSON and CBOR have in common.
 *
 * Values are read-only trees. Those of a reader are valid until the reader is closed. To write metadata, build the tree
 * in memory that outlives the call that takes it; text need not end with NUL.
 */

#include "iwf/status.h"

IWF_BEGIN_DECLS

/** Kinds of values. */
typedef enum iwf_kind
{
  IWF_NULL,
  IWF_BOOL,
  IWF_UNSIGNED, /**< 0 … 2^64-1, in unsigned_value */
  IWF_NEGATIVE, /**< -2^63 … -1, in negative_value */
  IWF_FLOAT,    /**< in float_value; may be non-finite where it comes from CBOR */
  IWF_TEXT,     /**< UTF-8, in text */
  IWF_BYTES,    /**< a byte string or raw file; only located, read through the reader */
  IWF_ARRAY,    /**< in items */
  IWF_MAP       /**< keys are text, unique within the map; in members */
} iwf_kind;

/** Value of iwf_value::tag where there is none. */
#define IWF_NO_TAG UINT32_MAX

typedef struct iwf_value  iwf_value;
typedef struct iwf_member iwf_member;
struct iwf_location;

/** One value. */
struct iwf_value
{
  iwf_kind kind;   /**< which member of \a of holds the value */
  uint32_t tag;    /**< CBOR tag, ::IWF_NO_TAG if none; ignored on writing */
  uint64_t offset; /**< where the value begins in its file; ignored on writing */
  uint64_t count;  /**< bytes of a text or byte string, items of an array, members of a map */
  union
  {
    int                         boolean;
    uint64_t                    unsigned_value;
    int64_t                     negative_value;
    double                      float_value;
    const char *                text;
    const struct iwf_location * location;
    const iwf_value *           items;
    const iwf_member *          members;
  } of; /**< the value itself, by \a kind */
};

/** One member of a map. */
struct iwf_member
{
  const char * key;        /**< UTF-8, not NUL terminated */
  size_t       key_length; /**< in bytes */
  iwf_value    value;      /**< what the key stands for */
};

/** Finds a member of a map by its NUL-terminated key. \return NULL if there is none or \a map is not a map. */
IWF_API const iwf_value *
iwf_value_get(const iwf_value * map, const char * key);

IWF_END_DECLS

#endif
