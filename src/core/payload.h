/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_PAYLOAD_H
#define IWF_PAYLOAD_H

/*
 * A payload: an array of numbers that a header describes and that is read and written apart from it. The schema says
 * what it must be, the container where it lies.
 */

#include "iwf/types.h"
#include "location.h"

#include "iwf/value.h"

IWF_BEGIN_DECLS

/* Raw file names relative to index.json are short: "data/12345/fixed-parameters.raw". */
#define IWF_RAW_PATH 64

typedef struct iwf_payload
{
  /* What the schema demands. */
  iwf_component_type component_type;
  uint64_t           count;      /* elements */
  uint64_t           bytes;      /* count times the size of component_type */
  bool               has_array;  /* false: no array in CBOR and no raw file, whatever the URI */
  bool               fixed_type; /* the type is not the object's choice: a typed array of another type is converted */
  uint64_t           tolerated_bytes; /* another length that a peer is known to write; 0 if none */

  /* Reading: where it lies. One of the two, or none where count is 0. */
  const iwf_location * location;
  const iwf_value *    numbers; /* a plain array of numbers */
  iwf_component_type   stored_type;
  bool                 swap; /* stored in the other byte order than the host's */

  /* Writing: its raw file, or the position in the CBOR text where its bytes belong. */
  char     raw_path[IWF_RAW_PATH];
  uint64_t text_position;
} iwf_payload;

/* Sets type, count and bytes. `key` is for the message when the product overflows. */
iwf_status
iwf_payload_expect(iwf_payload *      payload,
                   const char *       key,
                   iwf_component_type type,
                   uint64_t           count,
                   uint64_t           per_count,
                   iwf_error *        error);

/* The RFC 8746 tag of a little-endian typed array. */
uint32_t
iwf_payload_tag(iwf_component_type type);

/*
 * Accepts what a CBOR header holds for the payload: a byte string, tagged (RFC 8746) or not, or an array of numbers.
 * Checks its length and type against what the schema demands.
 */
iwf_status
iwf_payload_accept(iwf_payload * payload, const char * key, const iwf_value * value, iwf_error * error);

/* Reads `bytes` bytes from `first` on (within the payload, in whole elements), in the host's byte order. */
iwf_status
iwf_payload_read(const iwf_payload * payload, uint64_t first, void * buffer, uint64_t bytes, iwf_error * error);

/*
 * The place of a payload that lies in its file exactly as in memory: in one piece, uncompressed, in the host's byte
 * order. IWF_ERROR_UNSUPPORTED for any other.
 */
iwf_status
iwf_payload_plain_place(const iwf_payload * payload, int * descriptor, uint64_t * offset, iwf_error * error);

IWF_END_DECLS

#endif
