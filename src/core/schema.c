/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "schema.h"

#include "builder.h"
#include "failure.h"
#include "names.h"
#include "number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct reading
{
  const iwf_schema * schema;
  iwf_arena *        arena;
  const char *       prefix;
  unsigned char *    info;
  const iwf_value ** payload_values;
  iwf_error *        error;
} reading;

/* "expected …, found …", with the key's path and place. `value` is NULL where the key is missing. */
static iwf_status
reject(const reading * r, iwf_status status, const char * key, const iwf_value * value, const char * expected)
{
  char path[IWF_KEY_PATH];
  char found[IWF_DESCRIPTION] = "no such key";
  (void)snprintf(path, sizeof(path), "%s%s", r->prefix, key);
  if (value != NULL)
  {
    (void)iwf_describe(value, found);
  }
  return iwf_fail(
    r->error, status, value != NULL ? value->offset : IWF_NO_OFFSET, path, "expected %s, found %s", expected, found);
}

static uint32_t
dimension_of(const iwf_schema * schema, const void * info)
{
  uint32_t dimension = 0;
  memcpy(&dimension, (const unsigned char *)info + schema->dimension, sizeof(dimension));
  return dimension;
}

iwf_status
iwf_check_finite(const char * key, double value, iwf_error * error)
{
  if (!isfinite(value))
  {
    return iwf_fail(error, IWF_ERROR_VALUE, IWF_NO_OFFSET, key, "expected finite numbers, found the number %g", value);
  }
  return IWF_OK;
}

static iwf_status
read_component_type(const reading * r, const char * key, const iwf_value * value, iwf_component_type * type)
{
  if (value->kind == IWF_TEXT && iwf_component_from_name(value->of.text, (size_t)value->count, type))
  {
    return IWF_OK;
  }
  /* One peer writes some types as their position in the list of names. */
  if (value->kind == IWF_UNSIGNED && value->of.unsigned_value < IWF_COMPONENT_TYPE_COUNT)
  {
    *type = (iwf_component_type)value->of.unsigned_value;
    return IWF_OK;
  }
  return reject(r, IWF_ERROR_VALUE, key, value, "a component type, int8 to float64");
}

/* Checks an array with one number per axis. */
static iwf_status
check_axes(const reading * r, const char * key, const iwf_value * value)
{
  const uint32_t dimension = dimension_of(r->schema, r->info);
  if (dimension > IWF_MAX_DIMENSION)
  {
    return iwf_fail(r->error,
                    IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    "imageType.dimension", /* only images have axes */
                    "expected at most %d dimensions, found %" PRIu32,
                    IWF_MAX_DIMENSION,
                    dimension);
  }
  if (value->kind != IWF_BYTES && (value->kind != IWF_ARRAY || value->count != dimension))
  {
    char expected[64];
    (void)snprintf(expected, sizeof(expected), "an array of %" PRIu32 " numbers, one per dimension", dimension);
    return reject(r, value->kind == IWF_ARRAY ? IWF_ERROR_LENGTH : IWF_ERROR_VALUE, key, value, expected);
  }
  return IWF_OK;
}

/* Numbers per axis that are a typed array (RFC 8746): some encoders make one of every array of theirs. */
static iwf_status
read_typed_array(const reading * r, const char * key, const iwf_value * value, iwf_component_type type, void * numbers)
{
  char        path[IWF_KEY_PATH];
  iwf_payload array = { .fixed_type = true };
  (void)snprintf(path, sizeof(path), "%s%s", r->prefix, key);
  IWF_TRY(iwf_payload_expect(&array, path, type, dimension_of(r->schema, r->info), 1, r->error));
  IWF_TRY(iwf_payload_accept(&array, path, value, r->error));
  return iwf_payload_read(&array, 0, numbers, array.bytes, r->error);
}

static iwf_status
read_reals(const reading * r, const char * key, const iwf_value * value, double * reals)
{
  const uint32_t dimension = dimension_of(r->schema, r->info);
  IWF_TRY(check_axes(r, key, value));
  if (value->kind == IWF_BYTES)
  {
    IWF_TRY(read_typed_array(r, key, value, IWF_FLOAT64, reals));
  }
  for (uint32_t i = 0; i < dimension; ++i)
  {
    const iwf_value * item = value->kind == IWF_ARRAY ? &value->of.items[i] : value;
    if ((item != value && !iwf_number_to_double(item, &reals[i])) || !isfinite(reals[i]))
    {
      return reject(r, IWF_ERROR_VALUE, key, item, "a finite number");
    }
  }
  return IWF_OK;
}

static iwf_status
read_sizes(const reading * r, const char * key, const iwf_value * value, uint64_t * sizes)
{
  IWF_TRY(check_axes(r, key, value));
  if (value->kind == IWF_BYTES)
  {
    return read_typed_array(r, key, value, IWF_UINT64, sizes);
  }
  for (uint64_t i = 0; i < value->count; ++i)
  {
    if (!iwf_number_to_uint64(&value->of.items[i], &sizes[i]))
    {
      return reject(r, IWF_ERROR_VALUE, key, &value->of.items[i], "a whole number that is not negative");
    }
  }
  return IWF_OK;
}

static bool
is_empty_array(const iwf_value * value)
{
  return value == NULL || ((value->kind == IWF_ARRAY || value->kind == IWF_BYTES) && value->count == 0);
}

/* A buffered region other than the whole object means that `data` holds a part of it only. */
static iwf_status
read_region(const reading * r, const char * key, const iwf_value * value)
{
  if (value->kind != IWF_MAP)
  {
    return reject(r, IWF_ERROR_VALUE, key, value, "a map of index and size");
  }
  const iwf_value * index = iwf_value_get(value, "index");
  const iwf_value * size = iwf_value_get(value, "size");
  const uint32_t    dimension = dimension_of(r->schema, r->info);
  uint64_t          numbers[IWF_MAX_DIMENSION] = { 0 };
  if (!is_empty_array(size))
  {
    IWF_TRY(read_sizes(r, key, size, numbers));
    if (memcmp(numbers, r->info + r->schema->size, dimension * sizeof(uint64_t)) != 0)
    {
      return reject(r, IWF_ERROR_VALUE, key, size, "the whole image, as files hold no parts of images");
    }
  }
  if (!is_empty_array(index))
  {
    IWF_TRY(read_sizes(r, key, index, numbers));
    for (uint32_t i = 0; i < dimension; ++i)
    {
      if (numbers[i] != 0)
      {
        return reject(r, IWF_ERROR_VALUE, key, index, "the index 0, as files hold no parts of images");
      }
    }
  }
  return IWF_OK;
}

/* Metadata is a map, or an array of [key, value] pairs; it becomes a map. */
static iwf_status
read_metadata(const reading * r, const char * key, const iwf_value * value, const iwf_value ** metadata)
{
  if (value->kind == IWF_MAP)
  {
    *metadata = value;
    return IWF_OK;
  }
  if (value->kind == IWF_NULL)
  {
    return IWF_OK;
  }
  if (value->kind != IWF_ARRAY)
  {
    return reject(r, IWF_ERROR_VALUE, key, value, "a map or an array of [key, value] pairs");
  }
  iwf_limits  limits = { .depth = 1 };
  iwf_builder builder;
  IWF_TRY(iwf_builder_init(&builder, r->arena, &limits, r->error));
  iwf_status status = iwf_builder_open(&builder, IWF_MAP, value->count, value->offset, r->error);
  for (uint64_t i = 0; i < value->count && status == IWF_OK; ++i)
  {
    const iwf_value * pair = &value->of.items[i];
    if (pair->kind != IWF_ARRAY || pair->count != 2 || pair->of.items[0].kind != IWF_TEXT)
    {
      status = reject(r, IWF_ERROR_VALUE, key, pair, "a pair of a text and a value");
    }
    for (int half = 0; half < 2 && status == IWF_OK; ++half)
    {
      status = iwf_builder_add(&builder, pair->of.items[half], r->error);
    }
  }
  iwf_builder_free(&builder);
  IWF_TRY(status);
  void * memory = NULL;
  IWF_TRY(iwf_arena_alloc(r->arena, 1, sizeof(iwf_value), &memory, r->error));
  *(iwf_value *)memory = builder.root;
  *metadata = memory;
  return IWF_OK;
}

static iwf_status
read_record(const reading * r, const iwf_record * record, const iwf_value * map);

/* Reads a record in a record: its keys' paths begin with the outer key. */
static iwf_status
read_nested(const reading * r, const iwf_field * field, const iwf_value * map)
{
  char    prefix[IWF_KEY_PATH];
  reading nested = *r;
  (void)snprintf(prefix, sizeof(prefix), "%s%s.", r->prefix, field->key);
  nested.prefix = prefix;
  return read_record(&nested, field->record, map);
}

static iwf_status
read_field(const reading * r, const iwf_field * field, const iwf_value * value)
{
  void * const place = field->type == IWF_FIELD_PAYLOAD ? NULL : r->info + field->place;
  uint64_t     number = 0;
  switch (field->type)
  {
    case IWF_FIELD_RECORD:
      if (value->kind != IWF_MAP)
      {
        return reject(r, IWF_ERROR_VALUE, field->key, value, "a map");
      }
      return read_nested(r, field, value);
    case IWF_FIELD_UINT32:
      if (!iwf_number_to_uint64(value, &number) || number > UINT32_MAX)
      {
        return reject(r, IWF_ERROR_VALUE, field->key, value, "a whole number of 32 bits");
      }
      *(uint32_t *)place = (uint32_t)number;
      return IWF_OK;
    case IWF_FIELD_UINT64:
      if (!iwf_number_to_uint64(value, place))
      {
        return reject(r, IWF_ERROR_VALUE, field->key, value, "a whole number that is not negative");
      }
      return IWF_OK;
    case IWF_FIELD_COMPONENT_TYPE:
      return read_component_type(r, field->key, value, place);
    case IWF_FIELD_PIXEL_TYPE:
      if (value->kind != IWF_TEXT || !iwf_pixel_from_name(value->of.text, (size_t)value->count, place))
      {
        return reject(r, IWF_ERROR_VALUE, field->key, value, "a pixel type such as Scalar or RGB");
      }
      return IWF_OK;
    case IWF_FIELD_TEXT:
      if (value->kind != IWF_TEXT)
      {
        return reject(r, IWF_ERROR_VALUE, field->key, value, "text");
      }
      *(iwf_text *)place = (iwf_text){ .data = value->of.text, .length = (size_t)value->count };
      return IWF_OK;
    case IWF_FIELD_REALS:
      return read_reals(r, field->key, value, place);
    case IWF_FIELD_SIZES:
      return read_sizes(r, field->key, value, place);
    case IWF_FIELD_PAYLOAD:
      r->payload_values[field->place] = value;
      return IWF_OK;
    case IWF_FIELD_METADATA:
      return read_metadata(r, field->key, value, place);
    case IWF_FIELD_REGION:
      return read_region(r, field->key, value);
  }
  return IWF_OK;
}

static iwf_status
read_record(const reading * r, const iwf_record * record, const iwf_value * map)
{
  for (size_t i = 0; i < record->count; ++i)
  {
    const iwf_field * field = &record->fields[i];
    const iwf_value * value = iwf_value_get(map, field->key);
    const iwf_value * alias = field->alias != NULL ? iwf_value_get(map, field->alias) : NULL;
    if (value != NULL && alias != NULL)
    {
      return reject(r, IWF_ERROR_DUPLICATE, field->alias, alias, "only one of two keys of the same meaning");
    }
    value = value != NULL ? value : alias;
    if (value != NULL)
    {
      IWF_TRY(read_field(r, field, value));
    }
    else if ((field->flags & IWF_FIELD_REQUIRED) != 0 && field->type != IWF_FIELD_PAYLOAD)
    {
      return reject(r, IWF_ERROR_MISSING, field->key, NULL, "a value");
    }
  }
  return IWF_OK;
}

iwf_status
iwf_schema_read(const iwf_schema * schema,
                const iwf_value *  header,
                iwf_arena *        arena,
                const char *       prefix,
                void *             info,
                iwf_payload *      payloads,
                const iwf_value ** payload_values,
                iwf_error *        error)
{
  const reading r = {
    .schema = schema, .arena = arena, .prefix = prefix, .info = info, .payload_values = payload_values, .error = error
  };
  if (header->kind != IWF_MAP)
  {
    return reject(&r, IWF_ERROR_VALUE, schema->name, header, "a map");
  }
  schema->init(info);
  IWF_TRY(read_record(&r, &schema->root, header));
  return schema->describe(info, payloads, error);
}

/* Writing. */

static void
write_text(iwf_encoder * encoder, const char * text)
{
  encoder->text(encoder, text, strlen(text));
}

static void
fail_metadata(iwf_encoder * encoder, const char * expected)
{
  if (encoder->status == IWF_OK)
  {
    encoder->status = iwf_fail(encoder->error, IWF_ERROR_ARGUMENT, IWF_NO_OFFSET, "metadata", "expected %s", expected);
  }
}

/* A value of metadata. `depth` is what a reader still accepts. */
static void
write_value(iwf_encoder * encoder, const iwf_value * value, int depth)
{
  if (depth == 0)
  {
    fail_metadata(encoder, "arrays and maps that are nested less deep");
    return;
  }
  switch (value->kind)
  {
    case IWF_NULL:
      encoder->null(encoder);
      break;
    case IWF_BOOL:
      encoder->boolean(encoder, value->of.boolean != 0);
      break;
    case IWF_UNSIGNED:
      encoder->integer(encoder, value->of.unsigned_value);
      break;
    case IWF_NEGATIVE:
      encoder->negative(encoder, value->of.negative_value);
      break;
    case IWF_FLOAT:
      encoder->real(encoder, value->of.float_value);
      break;
    case IWF_TEXT:
      encoder->text(encoder, value->of.text, (size_t)value->count);
      break;
    case IWF_BYTES:
      fail_metadata(encoder, "no byte strings");
      break;
    case IWF_ARRAY:
      encoder->open_array(encoder, value->count);
      for (uint64_t i = 0; i < value->count && encoder->status == IWF_OK; ++i)
      {
        write_value(encoder, &value->of.items[i], depth - 1);
      }
      encoder->close_array(encoder);
      break;
    case IWF_MAP:
      encoder->open_map(encoder, value->count);
      for (uint64_t i = 0; i < value->count && encoder->status == IWF_OK; ++i)
      {
        encoder->key(encoder, value->of.members[i].key, value->of.members[i].key_length);
        write_value(encoder, &value->of.members[i].value, depth - 1);
      }
      encoder->close_map(encoder);
      break;
  }
}

enum
{
  METADATA_DEPTH = 16
};

static void
write_metadata(iwf_encoder * encoder, const iwf_value * metadata)
{
  static const iwf_value none = { .kind = IWF_MAP };
  const iwf_value *      map = metadata != NULL ? metadata : &none;
  if (map->kind != IWF_MAP)
  {
    fail_metadata(encoder, "a map");
    return;
  }
  if (!encoder->is_json)
  {
    write_value(encoder, map, METADATA_DEPTH);
    return;
  }
  encoder->open_array(encoder, map->count);
  for (uint64_t i = 0; i < map->count && encoder->status == IWF_OK; ++i)
  {
    encoder->open_array(encoder, 2);
    encoder->text(encoder, map->of.members[i].key, map->of.members[i].key_length);
    write_value(encoder, &map->of.members[i].value, METADATA_DEPTH - 1);
    encoder->close_array(encoder);
  }
  encoder->close_array(encoder);
}

static bool
is_written(const iwf_field *     field,
           const unsigned char * info,
           const iwf_payload *   payloads,
           const iwf_encoder *   encoder)
{
  if (encoder->is_json)
  {
    return true; /* also of payloads without a file: readers expect their URIs */
  }
  if (field->type == IWF_FIELD_PAYLOAD)
  {
    return payloads[field->place].has_array;
  }
  if ((field->flags & IWF_FIELD_OMIT_EMPTY_IN_CBOR) != 0 && field->type == IWF_FIELD_METADATA)
  {
    const iwf_value * metadata = NULL;
    memcpy(&metadata, info + field->place, sizeof(metadata));
    return metadata != NULL && metadata->count > 0;
  }
  return true;
}

typedef struct writing
{
  const iwf_schema *    schema;
  const unsigned char * info;
  iwf_payload *         payloads;
  iwf_encoder *         encoder;
} writing;

static void
write_record(const writing * w, const iwf_record * record);

/* Text without data stands for the default that init() sets. */
static void
write_name(const writing * w, const iwf_field * field, const iwf_text * text)
{
  iwf_image_info defaults; /* the largest of the info structs */
  if (text->data == NULL)
  {
    w->schema->init(&defaults);
    text = (const iwf_text *)((const unsigned char *)&defaults + field->place);
  }
  w->encoder->text(w->encoder, text->data, text->length);
}

static void
write_field(const writing * w, const iwf_field * field)
{
  iwf_encoder * const encoder = w->encoder;
  const void * const  place = field->type == IWF_FIELD_PAYLOAD ? NULL : w->info + field->place;
  const uint32_t      dimension = dimension_of(w->schema, w->info);
  switch (field->type)
  {
    case IWF_FIELD_RECORD:
      write_record(w, field->record);
      break;
    case IWF_FIELD_UINT32:
      encoder->uint32(encoder, *(const uint32_t *)place);
      break;
    case IWF_FIELD_UINT64:
      encoder->uint64(encoder, *(const uint64_t *)place);
      break;
    case IWF_FIELD_COMPONENT_TYPE:
      write_text(encoder, iwf_component_name(*(const iwf_component_type *)place));
      break;
    case IWF_FIELD_PIXEL_TYPE:
      write_text(encoder, iwf_pixel_name(*(const iwf_pixel_type *)place));
      break;
    case IWF_FIELD_TEXT:
      write_name(w, field, place);
      break;
    case IWF_FIELD_REALS:
      encoder->open_array(encoder, dimension);
      for (uint32_t i = 0; i < dimension; ++i)
      {
        encoder->real(encoder, ((const double *)place)[i]);
      }
      encoder->close_array(encoder);
      break;
    case IWF_FIELD_SIZES:
      encoder->open_array(encoder, dimension);
      for (uint32_t i = 0; i < dimension; ++i)
      {
        encoder->uint64(encoder, ((const uint64_t *)place)[i]);
      }
      encoder->close_array(encoder);
      break;
    case IWF_FIELD_PAYLOAD:
      encoder->payload(encoder, &w->payloads[field->place]);
      break;
    case IWF_FIELD_METADATA:
      write_metadata(encoder, *(const iwf_value * const *)place);
      break;
    case IWF_FIELD_REGION:
      encoder->open_map(encoder, 2);
      encoder->key(encoder, "index", 5);
      encoder->open_array(encoder, 0);
      encoder->close_array(encoder);
      encoder->key(encoder, "size", 4);
      encoder->open_array(encoder, 0);
      encoder->close_array(encoder);
      encoder->close_map(encoder);
      break;
  }
}

static void
write_record(const writing * w, const iwf_record * record)
{
  const unsigned char * order = w->encoder->is_json ? record->json_order : record->cbor_order;
  uint64_t              members = 0;
  for (const unsigned char * i = order; *i != IWF_ORDER_END; ++i)
  {
    members += is_written(&record->fields[*i], w->info, w->payloads, w->encoder);
  }
  w->encoder->open_map(w->encoder, members);
  for (const unsigned char * i = order; *i != IWF_ORDER_END; ++i)
  {
    const iwf_field * field = &record->fields[*i];
    if (is_written(field, w->info, w->payloads, w->encoder))
    {
      w->encoder->key(w->encoder, field->key, strlen(field->key));
      write_field(w, field);
    }
  }
  w->encoder->close_map(w->encoder);
}

iwf_status
iwf_schema_write(const iwf_schema * schema,
                 const void *       info,
                 const char *       raw_folder,
                 iwf_payload *      payloads,
                 iwf_encoder *      encoder)
{
  IWF_TRY(schema->describe(info, payloads, encoder->error));
  for (size_t i = 0; i < schema->payload_count; ++i)
  {
    (void)snprintf(payloads[i].raw_path,
                   sizeof(payloads[i].raw_path),
                   "data/%s%s",
                   raw_folder,
                   iwf_schema_payload_field(schema, i)->raw_name);
  }
  const writing w = { .schema = schema, .info = info, .payloads = payloads, .encoder = encoder };
  write_record(&w, &schema->root);
  return encoder->status;
}

const iwf_field *
iwf_schema_payload_field(const iwf_schema * schema, size_t payload)
{
  for (size_t i = 0; i < schema->root.count; ++i)
  {
    if (schema->root.fields[i].type == IWF_FIELD_PAYLOAD && schema->root.fields[i].place == payload)
    {
      return &schema->root.fields[i];
    }
  }
  return NULL;
}

const iwf_schema *
iwf_schema_of_family(iwf_family family)
{
  switch (family)
  {
    case IWF_FAMILY_IMAGE:
      return &iwf_image_schema;
    case IWF_FAMILY_MESH:
      return &iwf_mesh_schema;
    case IWF_FAMILY_TRANSFORM:
      break;
  }
  return &iwf_transform_schema;
}
