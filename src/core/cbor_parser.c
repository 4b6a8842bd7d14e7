/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "cbor_parser.h"

#include "checked.h"
#include "failure.h"
#include "location.h"

#include <cbor.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum
{
  WINDOW_BYTES = 8192,
  LONGEST_HEAD = 9, /* initial byte and 8 bytes of argument */
  MAJOR_BYTES = 2,
  MAJOR_TEXT = 3,
  ADDITIONAL_INDEFINITE = 31,
  FIRST_SIMPLE = 0xe0,
  SIMPLE_IN_A_BYTE = 0xf8,
  BREAK = 0xff
};

typedef struct parser
{
  iwf_source *       source;
  const iwf_limits * limits;
  iwf_builder *      builder;
  iwf_error *        error;
  uint64_t           position; /* of the next item's head */
  uint64_t           header;   /* bytes of the header so far, payloads not counted */
  uint64_t           window_start;
  size_t             window_bytes;
  unsigned char      window[WINDOW_BYTES];
} parser;

static iwf_status
truncated(const parser * p, const char * what)
{
  return iwf_fail(p->error,
                  IWF_ERROR_TRUNCATED,
                  p->position,
                  NULL,
                  "expected %s, found the end of the file (%" PRIu64 " bytes)",
                  what,
                  p->source->size);
}

/* Bytes from the position to the end of the source; the source may learn meanwhile that it is shorter. */
static uint64_t
remaining(const parser * p)
{
  return p->position < p->source->size ? p->source->size - p->position : 0;
}

static bool
in_window(const parser * p, uint64_t bytes)
{
  return p->position >= p->window_start && iwf_within(p->position - p->window_start, bytes, p->window_bytes);
}

/* Makes up to `wanted` bytes at the position visible; fewer only at the end of the source. */
static iwf_status
look(parser * p, size_t wanted, const unsigned char ** bytes, size_t * available)
{
  iwf_status status = IWF_OK;
  while (!in_window(p, remaining(p) < wanted ? remaining(p) : wanted))
  {
    const size_t fill = remaining(p) < WINDOW_BYTES ? (size_t)remaining(p) : WINDOW_BYTES;
    p->window_bytes = 0;
    status = iwf_source_read(p->source, p->position, p->window, fill, p->error);
    if (status == IWF_OK)
    {
      p->window_start = p->position;
      p->window_bytes = fill;
    }
    else if (status != IWF_ERROR_TRUNCATED || remaining(p) >= fill)
    {
      return status;
    }
  }
  *available = remaining(p) < wanted ? (size_t)remaining(p) : wanted;
  *bytes = p->window + (*available > 0 ? p->position - p->window_start : 0);
  return IWF_OK;
}

static iwf_status
count_header(parser * p, uint64_t bytes)
{
  if (bytes > p->limits->header_bytes - p->header)
  {
    return iwf_fail(p->error,
                    IWF_ERROR_LIMIT,
                    p->position,
                    NULL,
                    "the header is longer than the limit header_bytes = %" PRIu64,
                    p->limits->header_bytes);
  }
  p->header += bytes;
  return IWF_OK;
}

typedef struct head
{
  unsigned major;
  unsigned additional;
  uint64_t argument;
  size_t   bytes;
} head;

/*
 * Decodes the head of a string. libcbor's decoder is not asked for those: it wants the whole string in memory, and its
 * arithmetic wraps for lengths near 2^64.
 */
static iwf_status
string_head(parser * p, head * h)
{
  const unsigned char * bytes = NULL;
  size_t                available = 0;
  IWF_TRY(look(p, LONGEST_HEAD, &bytes, &available));
  if (available == 0)
  {
    return truncated(p, "a string");
  }
  h->major = bytes[0] >> 5;
  h->additional = bytes[0] & 0x1fu;
  h->argument = h->additional;
  h->bytes = 1;
  if (h->additional >= 24 && h->additional <= 27)
  {
    h->bytes += (size_t)1 << (h->additional - 24);
    if (available < h->bytes)
    {
      return truncated(p, "the length of a string");
    }
    h->argument = 0;
    for (size_t i = 1; i < h->bytes; ++i)
    {
      h->argument = h->argument << 8 | bytes[i];
    }
  }
  else if (h->additional > 27 && h->additional != ADDITIONAL_INDEFINITE)
  {
    return iwf_fail(p->error, IWF_ERROR_SYNTAX, p->position, NULL, "expected CBOR, found the byte 0x%02x", bytes[0]);
  }
  return IWF_OK;
}

/* Moves behind a string's head after checking that its content is there. */
static iwf_status
enter_string(parser * p, const head * h)
{
  IWF_TRY(count_header(p, h->bytes));
  const uint64_t left = remaining(p) - h->bytes;
  if (h->argument > left)
  {
    return iwf_fail(p->error,
                    IWF_ERROR_TRUNCATED,
                    p->position,
                    NULL,
                    "expected a string of %" PRIu64 " bytes, found %" PRIu64 " bytes until the end of the file",
                    h->argument,
                    left);
  }
  p->position += h->bytes;
  return IWF_OK;
}

/* A chunk of an indefinite string, or its end (`*more` false). */
static iwf_status
next_chunk(parser * p, unsigned major, head * h, bool * more)
{
  const unsigned char * bytes = NULL;
  size_t                available = 0;
  IWF_TRY(look(p, 1, &bytes, &available));
  if (available == 0)
  {
    return truncated(p, "the next chunk of a string");
  }
  *more = bytes[0] != BREAK;
  if (!*more)
  {
    IWF_TRY(count_header(p, 1));
    p->position += 1;
    return IWF_OK;
  }
  if (bytes[0] >> 5 != major || (bytes[0] & 0x1fu) == ADDITIONAL_INDEFINITE)
  {
    return iwf_fail(p->error,
                    IWF_ERROR_SYNTAX,
                    p->position,
                    NULL,
                    "expected a chunk of a %s string, found the byte 0x%02x",
                    major == MAJOR_TEXT ? "text" : "byte",
                    bytes[0]);
  }
  IWF_TRY(string_head(p, h));
  return enter_string(p, h);
}

/* Appends `bytes` bytes at the position to `*text`. */
static iwf_status
append_text(parser * p, uint64_t bytes, char ** text, size_t * length)
{
  IWF_TRY(count_header(p, bytes));
  IWF_TRY(iwf_arena_check(p->builder->arena, *length + bytes, p->error));
  char * longer = realloc(*text, *length + (size_t)bytes + 1);
  if (longer == NULL)
  {
    return iwf_fail_memory(p->error);
  }
  *text = longer;
  if (in_window(p, bytes))
  {
    memcpy(longer + *length, p->window + (p->position - p->window_start), (size_t)bytes);
  }
  else
  {
    IWF_TRY(iwf_source_read(p->source, p->position, longer + *length, bytes, p->error));
  }
  *length += (size_t)bytes;
  p->position += bytes;
  return IWF_OK;
}

static iwf_status
collect_text(parser * p, const head * first, char ** text, size_t * length)
{
  if (first->additional != ADDITIONAL_INDEFINITE)
  {
    IWF_TRY(enter_string(p, first));
    return append_text(p, first->argument, text, length);
  }
  IWF_TRY(count_header(p, 1));
  p->position += 1;
  for (;;)
  {
    head chunk;
    bool more = false;
    IWF_TRY(next_chunk(p, MAJOR_TEXT, &chunk, &more));
    if (!more)
    {
      return IWF_OK;
    }
    IWF_TRY(append_text(p, chunk.argument, text, length));
  }
}

static iwf_status
parse_text(parser * p, const head * h)
{
  const uint64_t offset = p->position;
  char *         text = NULL;
  size_t         length = 0;
  iwf_status     status = collect_text(p, h, &text, &length);
  if (status == IWF_OK)
  {
    status = iwf_builder_add_text(p->builder, text != NULL ? text : "", length, offset, p->error);
  }
  free(text);
  return status;
}

/* Moves over payload bytes. Where the size of the source is only a bound, finds out that they are there. */
static iwf_status
skip_payload(parser * p, uint64_t bytes)
{
  p->position += bytes;
  if (bytes > 0 && !p->source->size_is_exact)
  {
    unsigned char last;
    return iwf_source_read(p->source, p->position - 1, &last, 1, p->error);
  }
  return IWF_OK;
}

static iwf_status
add_location(parser * p, uint64_t offset, uint64_t total, const iwf_extent * extents, size_t count)
{
  const iwf_location * location = NULL;
  IWF_TRY(iwf_location_make(p->builder->arena, p->source, extents, count, &location, p->error));
  const iwf_value value = { .kind = IWF_BYTES, .offset = offset, .count = total, .of.location = location };
  return iwf_builder_add(p->builder, value, p->error);
}

static iwf_status
collect_chunks(parser * p, iwf_extent ** extents, size_t * count, uint64_t * total)
{
  size_t capacity = 0;
  IWF_TRY(count_header(p, 1));
  p->position += 1;
  for (;;)
  {
    head chunk;
    bool more = false;
    IWF_TRY(next_chunk(p, MAJOR_BYTES, &chunk, &more));
    if (!more)
    {
      return IWF_OK;
    }
    if (*count == capacity)
    {
      capacity = capacity == 0 ? 16 : capacity * 2;
      IWF_TRY(iwf_arena_check(p->builder->arena, (uint64_t)capacity * sizeof(iwf_extent), p->error));
      iwf_extent * longer = realloc(*extents, capacity * sizeof(iwf_extent));
      if (longer == NULL)
      {
        return iwf_fail_memory(p->error);
      }
      *extents = longer;
    }
    if (chunk.argument > 0)
    {
      (*extents)[(*count)++] = (iwf_extent){ .offset = p->position, .bytes = chunk.argument, .first = *total };
    }
    *total += chunk.argument; /* cannot overflow: every chunk lies in the file */
    IWF_TRY(skip_payload(p, chunk.argument));
  }
}

static iwf_status
parse_bytes(parser * p, const head * h)
{
  const uint64_t offset = p->position;
  if (h->additional != ADDITIONAL_INDEFINITE)
  {
    IWF_TRY(enter_string(p, h));
    const iwf_extent extent = { .offset = p->position, .bytes = h->argument };
    IWF_TRY(skip_payload(p, h->argument));
    return add_location(p, offset, h->argument, &extent, 1);
  }
  iwf_extent * extents = NULL;
  size_t       count = 0;
  uint64_t     total = 0;
  iwf_status   status = collect_chunks(p, &extents, &count, &total);
  if (status == IWF_OK)
  {
    status = add_location(p, offset, total, extents, count);
  }
  free(extents);
  return status;
}

/* One item other than a string, as libcbor's decoder reports it. */
typedef struct item
{
  enum
  {
    ITEM_VALUE,
    ITEM_TAG,
    ITEM_CONTAINER,
    ITEM_BREAK
  } what;
  iwf_value value;  /* of ITEM_VALUE; its kind of ITEM_CONTAINER */
  uint64_t  number; /* the tag, or the container's count */
  bool      indefinite;
} item;

static void
on_unsigned(void * context, uint64_t value)
{
  *(item *)context = (item){ .value = { .kind = IWF_UNSIGNED, .of.unsigned_value = value } };
}

static void
on_negative(void * context, uint64_t minus_one_minus_value)
{
  if (minus_one_minus_value > INT64_MAX)
  {
    *(item *)context = (item){ .value = { .kind = IWF_FLOAT, .of.float_value = -1.0 - (double)minus_one_minus_value } };
    return;
  }
  *(item *)context =
    (item){ .value = { .kind = IWF_NEGATIVE, .of.negative_value = -1 - (int64_t)minus_one_minus_value } };
}

static void
on_double(void * context, double value)
{
  *(item *)context = (item){ .value = { .kind = IWF_FLOAT, .of.float_value = value } };
}

static void
on_uint8(void * context, uint8_t value)
{
  on_unsigned(context, value);
}

static void
on_uint16(void * context, uint16_t value)
{
  on_unsigned(context, value);
}

static void
on_uint32(void * context, uint32_t value)
{
  on_unsigned(context, value);
}

static void
on_negint8(void * context, uint8_t value)
{
  on_negative(context, value);
}

static void
on_negint16(void * context, uint16_t value)
{
  on_negative(context, value);
}

static void
on_negint32(void * context, uint32_t value)
{
  on_negative(context, value);
}

static void
on_float(void * context, float value)
{
  on_double(context, (double)value);
}

static void
on_null(void * context)
{
  *(item *)context = (item){ .value = { .kind = IWF_NULL } };
}

static void
on_boolean(void * context, bool value)
{
  *(item *)context = (item){ .value = { .kind = IWF_BOOL, .of.boolean = value } };
}

static void
on_tag(void * context, uint64_t tag)
{
  *(item *)context = (item){ .what = ITEM_TAG, .number = tag };
}

static void
on_array(void * context, size_t count)
{
  *(item *)context = (item){ .what = ITEM_CONTAINER, .value = { .kind = IWF_ARRAY }, .number = count };
}

static void
on_map(void * context, size_t count)
{
  *(item *)context = (item){ .what = ITEM_CONTAINER, .value = { .kind = IWF_MAP }, .number = count };
}

static void
on_indefinite_array(void * context)
{
  *(item *)context = (item){ .what = ITEM_CONTAINER, .value = { .kind = IWF_ARRAY }, .indefinite = true };
}

static void
on_indefinite_map(void * context)
{
  *(item *)context = (item){ .what = ITEM_CONTAINER, .value = { .kind = IWF_MAP }, .indefinite = true };
}

static void
on_break(void * context)
{
  *(item *)context = (item){ .what = ITEM_BREAK };
}

/* The string members stay empty: strings never reach libcbor. */
static const struct cbor_callbacks callbacks = {
  .uint8 = on_uint8,
  .uint16 = on_uint16,
  .uint32 = on_uint32,
  .uint64 = on_unsigned,
  .negint8 = on_negint8,
  .negint16 = on_negint16,
  .negint32 = on_negint32,
  .negint64 = on_negative,
  .array_start = on_array,
  .indef_array_start = on_indefinite_array,
  .map_start = on_map,
  .indef_map_start = on_indefinite_map,
  .tag = on_tag,
  .float2 = on_float,
  .float4 = on_float,
  .float8 = on_double,
  .undefined = on_null,
  .null = on_null,
  .boolean = on_boolean,
  .indef_break = on_break,
};

static iwf_status
open_container(parser * p, const item * decoded, uint64_t offset)
{
  if (decoded->indefinite)
  {
    return iwf_builder_open(p->builder, decoded->value.kind, IWF_INDEFINITE, offset, p->error);
  }
  /* Every item takes at least a byte, every member of a map two. */
  const uint64_t left = remaining(p);
  if (decoded->number > (decoded->value.kind == IWF_MAP ? left / 2 : left))
  {
    return iwf_fail(p->error,
                    IWF_ERROR_TRUNCATED,
                    offset,
                    NULL,
                    "expected %" PRIu64 " items, found %" PRIu64 " bytes until the end of the file",
                    decoded->number,
                    left);
  }
  return iwf_builder_open(p->builder, decoded->value.kind, decoded->number, offset, p->error);
}

/* Tells whether a byte begins a simple value that is neither a boolean nor null: libcbor's decoder refuses those. */
static bool
is_simple(unsigned char first)
{
  return first == SIMPLE_IN_A_BYTE || (first >= FIRST_SIMPLE && first < FIRST_SIMPLE + 20);
}

/* A simple value without a meaning here: well-formed (RFC 8949 section 3.3), so where nobody asks for it, it is skipped. */
static iwf_status
parse_simple(parser * p, const unsigned char * bytes, size_t available)
{
  const size_t length = bytes[0] == SIMPLE_IN_A_BYTE ? 2 : 1;
  if (available < length)
  {
    return truncated(p, "the rest of a CBOR item");
  }
  if (length == 2 && bytes[1] < 32)
  {
    return iwf_fail(p->error, IWF_ERROR_SYNTAX, p->position, NULL, "expected CBOR, found the bytes 0xf8%02x", bytes[1]);
  }
  IWF_TRY(count_header(p, length));
  const iwf_value value = { .kind = IWF_NULL, .offset = p->position };
  p->position += length;
  return iwf_builder_add(p->builder, value, p->error);
}

static iwf_status
parse_item(parser * p)
{
  const unsigned char * bytes = NULL;
  size_t                available = 0;
  IWF_TRY(look(p, LONGEST_HEAD, &bytes, &available));
  if (available == 0)
  {
    return truncated(p, "a CBOR item");
  }
  const unsigned major = bytes[0] >> 5;
  if (major == MAJOR_BYTES || major == MAJOR_TEXT)
  {
    head h;
    IWF_TRY(string_head(p, &h));
    return major == MAJOR_BYTES ? parse_bytes(p, &h) : parse_text(p, &h);
  }
  if (is_simple(bytes[0]))
  {
    return parse_simple(p, bytes, available);
  }
  item                             decoded = { .what = ITEM_VALUE };
  const struct cbor_decoder_result result = cbor_stream_decode(bytes, available, &callbacks, &decoded);
  if (result.status == CBOR_DECODER_NEDATA)
  {
    return truncated(p, "the rest of a CBOR item");
  }
  if (result.status != CBOR_DECODER_FINISHED)
  {
    return iwf_fail(p->error, IWF_ERROR_SYNTAX, p->position, NULL, "expected CBOR, found the byte 0x%02x", bytes[0]);
  }
  IWF_TRY(count_header(p, result.read));
  const uint64_t offset = p->position;
  p->position += result.read;
  switch (decoded.what)
  {
    case ITEM_VALUE:
      decoded.value.offset = offset;
      return iwf_builder_add(p->builder, decoded.value, p->error);
    case ITEM_TAG:
      iwf_builder_tag(p->builder, decoded.number);
      return IWF_OK;
    case ITEM_CONTAINER:
      return open_container(p, &decoded, offset);
    case ITEM_BREAK:
      break;
  }
  return iwf_builder_close(p->builder, offset, p->error);
}

iwf_status
iwf_cbor_parse(iwf_source * source, const iwf_limits * limits, iwf_builder * builder, iwf_error * error)
{
  parser * p = calloc(1, sizeof(parser));
  if (p == NULL)
  {
    return iwf_fail_memory(error);
  }
  p->source = source;
  p->limits = limits;
  p->builder = builder;
  p->error = error;
  iwf_status status = IWF_OK;
  while (status == IWF_OK && !builder->done)
  {
    status = parse_item(p);
  }
  free(p);
  return status;
}
