/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_SCHEMA_H
#define IWF_SCHEMA_H

/*
 * Schemas: each kind of object is described once, as tables of fields, and the functions here read and write its header
 * by these tables, for JSON and CBOR alike. A new kind of object is a new table.
 */

#include "arena.h"
#include "encoder.h"
#include "iwf/image.h"
#include "payload.h"

typedef enum iwf_field_type
{
  IWF_FIELD_RECORD,         /* a map of further fields of the same struct */
  IWF_FIELD_UINT32,         /* uint32_t */
  IWF_FIELD_UINT64,         /* uint64_t */
  IWF_FIELD_COMPONENT_TYPE, /* iwf_component_type */
  IWF_FIELD_PIXEL_TYPE,     /* iwf_pixel_type */
  IWF_FIELD_TEXT,           /* iwf_text */
  IWF_FIELD_REALS,          /* double[dimension] */
  IWF_FIELD_SIZES,          /* uint64_t[dimension] */
  IWF_FIELD_PAYLOAD,        /* an array that lies apart; `place` is its number */
  IWF_FIELD_METADATA,       /* const iwf_value *, a map */
  IWF_FIELD_REGION          /* {index, size}: written empty; read only to refuse a part of the object */
} iwf_field_type;

enum
{
  IWF_FIELD_REQUIRED = 1, /* the key must be there; for a payload: unless it has no elements */
  IWF_FIELD_OMIT_EMPTY_IN_CBOR = 2
};

struct iwf_record;

typedef struct iwf_field
{
  const char *              key;
  iwf_field_type            type;
  size_t                    place; /* offset in the info struct, or number of the payload */
  unsigned                  flags;
  const char *              alias;     /* another key of the same meaning, or NULL */
  const struct iwf_record * record;    /* of IWF_FIELD_RECORD */
  const char *              raw_name;  /* of IWF_FIELD_PAYLOAD: the raw file's name */
  const char *              raw_alias; /* the name that an older writer gave it, or NULL */
} iwf_field;

/* Ends an order. */
#define IWF_ORDER_END 255

typedef struct iwf_record
{
  const iwf_field *     fields; /* in an order for reading: what others depend on comes first */
  size_t                count;
  const unsigned char * cbor_order; /* indices of fields, as upstream writes them, to IWF_ORDER_END */
  const unsigned char * json_order;
} iwf_record;

typedef struct iwf_schema
{
  iwf_family   family;
  const char * name; /* what messages call it: "image" */
  iwf_record   root;
  size_t       info_size;
  size_t       dimension; /* offset of the uint32_t that counts axes */
  size_t       size;      /* offset of the uint64_t[dimension] that a region must cover, if there is such a field */
  size_t       payload_count;
  void (*init)(void * info);
  /* Checks a whole info struct and sets what its payloads must be. Serves reading and writing. */
  iwf_status (*describe)(const void * info, iwf_payload * payloads, iwf_error * error);
} iwf_schema;

extern const iwf_schema iwf_image_schema;
extern const iwf_schema iwf_mesh_schema;
extern const iwf_schema iwf_polydata_schema;
extern const iwf_schema iwf_transform_schema;

/* The one that writes, and that reads unless the header says polydata. */
const iwf_schema *
iwf_schema_of_family(iwf_family family);

/* Largest payload_count. */
#define IWF_MAX_PAYLOADS 8

/* Longest key path in a message. */
#define IWF_KEY_PATH 96

/*
 * Fills `info` and `payloads` from a header; `payload_values[i]` becomes the value of payload i's key, NULL if absent.
 * `prefix` begins the key paths in messages: "" or "[3].". What `info` points to lives in the arena.
 */
iwf_status
iwf_schema_read(const iwf_schema * schema,
                const iwf_value *  header,
                iwf_arena *        arena,
                const char *       prefix,
                void *             info,
                iwf_payload *      payloads,
                const iwf_value ** payload_values,
                iwf_error *        error);

/* Describes and writes `info`. The raw paths of `payloads` are "data/" `raw_folder` and the field's raw name. */
iwf_status
iwf_schema_write(const iwf_schema * schema,
                 const void *       info,
                 const char *       raw_folder,
                 iwf_payload *      payloads,
                 iwf_encoder *      encoder);

/* The field of payload number `payload`. */
const iwf_field *
iwf_schema_payload_field(const iwf_schema * schema, size_t payload);

/* Fails with IWF_ERROR_VALUE unless `value` is finite. */
iwf_status
iwf_check_finite(const char * key, double value, iwf_error * error);

#endif
