/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "builder.h"

#include "checked.h"
#include "failure.h"
#include "utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Tags that say nothing about the value: self-described CBOR (RFC 8949 section 3.4.6), JavaScript Map. */
enum
{
  TAG_SELF_DESCRIBED = 55799,
  TAG_JAVASCRIPT_MAP = 259
};

typedef struct iwf_builder_frame
{
  iwf_kind kind;
  uint32_t tag;
  uint64_t offset;
  uint64_t expected; /* pending values at the end: items, or keys and values of members; or IWF_INDEFINITE */
  size_t   first;    /* the first of them */
} frame;

iwf_status
iwf_builder_init(iwf_builder * builder, iwf_arena * arena, const iwf_limits * limits, iwf_error * error)
{
  memset(builder, 0, sizeof(*builder));
  builder->arena = arena;
  builder->depth_limit = limits->depth;
  builder->tag = IWF_NO_TAG;
  void * frames = NULL;
  IWF_TRY(iwf_arena_alloc(arena, limits->depth, sizeof(frame), &frames, error));
  builder->frames = frames;
  return IWF_OK;
}

void
iwf_builder_free(iwf_builder * builder)
{
  free(builder->pending);
  builder->pending = NULL;
}

static iwf_status
push(iwf_builder * builder, const iwf_value * value, iwf_error * error)
{
  if (builder->pending_count == builder->pending_capacity)
  {
    const size_t capacity = builder->pending_capacity == 0 ? 64 : builder->pending_capacity * 2;
    IWF_TRY(iwf_arena_check(builder->arena, (uint64_t)capacity * sizeof(iwf_value), error));
    iwf_value * pending = realloc(builder->pending, capacity * sizeof(iwf_value));
    if (pending == NULL)
    {
      return iwf_fail_memory(error);
    }
    builder->pending = pending;
    builder->pending_capacity = capacity;
  }
  builder->pending[builder->pending_count++] = *value;
  return IWF_OK;
}

static int
compare_keys(const void * a, const void * b)
{
  const iwf_member * left = *(const iwf_member * const *)a;
  const iwf_member * right = *(const iwf_member * const *)b;
  const size_t       shorter = left->key_length < right->key_length ? left->key_length : right->key_length;
  const int          order = memcmp(left->key, right->key, shorter);
  if (order != 0)
  {
    return order;
  }
  return (left->key_length > right->key_length) - (left->key_length < right->key_length);
}

/* A key that appears twice means that two readers may see two different objects: refuse. */
static iwf_status
check_unique_keys(iwf_builder * builder, const iwf_member * members, size_t count, iwf_error * error)
{
  if (count < 2)
  {
    return IWF_OK;
  }
  IWF_TRY(iwf_arena_check(builder->arena, (uint64_t)count * sizeof(iwf_member *), error));
  const iwf_member ** sorted = malloc(count * sizeof(iwf_member *));
  if (sorted == NULL)
  {
    return iwf_fail_memory(error);
  }
  for (size_t i = 0; i < count; ++i)
  {
    sorted[i] = &members[i];
  }
  qsort(sorted, count, sizeof(iwf_member *), compare_keys);
  iwf_status status = IWF_OK;
  for (size_t i = 1; i < count && status == IWF_OK; ++i)
  {
    if (compare_keys(&sorted[i - 1], &sorted[i]) == 0)
    {
      char quoted[IWF_DESCRIPTION];
      status = iwf_fail(error,
                        IWF_ERROR_DUPLICATE,
                        sorted[i]->value.offset,
                        NULL,
                        "expected each key once, found %s twice in one map",
                        iwf_quote(sorted[i]->key, sorted[i]->key_length, quoted));
    }
  }
  free(sorted);
  return status;
}

/* Turns the innermost container's pending values into one value of its parent. */
static iwf_status
finish(iwf_builder * builder, iwf_value * value, iwf_error * error)
{
  const frame       top = builder->frames[--builder->depth];
  const size_t      count = builder->pending_count - top.first;
  const iwf_value * pending = count > 0 ? builder->pending + top.first : NULL;
  void *            memory = NULL;
  *value = (iwf_value){ .kind = top.kind, .tag = top.tag, .offset = top.offset, .count = count };
  if (top.kind == IWF_ARRAY)
  {
    IWF_TRY(iwf_arena_alloc(builder->arena, count, sizeof(iwf_value), &memory, error));
    if (count > 0)
    {
      memcpy(memory, pending, count * sizeof(iwf_value));
    }
    value->of.items = memory;
  }
  else
  {
    IWF_TRY(iwf_arena_alloc(builder->arena, count / 2, sizeof(iwf_member), &memory, error));
    iwf_member * members = memory;
    size_t       kept = 0;
    for (size_t i = 0; i < count; i += 2)
    {
      /* All keys of these formats are text. CBOR has others: they are as unknown as unknown text. */
      if (pending[i].kind == IWF_TEXT)
      {
        members[kept].key = pending[i].of.text;
        members[kept].key_length = (size_t)pending[i].count;
        members[kept].value = pending[i + 1];
        ++kept;
      }
    }
    IWF_TRY(check_unique_keys(builder, members, kept, error));
    value->count = kept;
    value->of.members = members;
  }
  builder->pending_count = top.first;
  return IWF_OK;
}

static bool
is_full(const iwf_builder * builder)
{
  const frame * top = &builder->frames[builder->depth - 1];
  return top->expected == builder->pending_count - top->first;
}

/* Hands a finished value to its container, and finishes every definite container that is full now. */
static iwf_status
deliver(iwf_builder * builder, iwf_value value, iwf_error * error)
{
  for (;;)
  {
    if (builder->depth == 0)
    {
      builder->root = value;
      builder->done = true;
      return IWF_OK;
    }
    IWF_TRY(push(builder, &value, error));
    if (!is_full(builder))
    {
      return IWF_OK;
    }
    IWF_TRY(finish(builder, &value, error));
  }
}

static uint32_t
take_tag(iwf_builder * builder)
{
  const uint32_t tag = builder->tag;
  builder->tag = IWF_NO_TAG;
  builder->tagged = false;
  return tag;
}

iwf_status
iwf_builder_add(iwf_builder * builder, iwf_value value, iwf_error * error)
{
  value.tag = take_tag(builder);
  return deliver(builder, value, error);
}

iwf_status
iwf_builder_add_text(iwf_builder * builder, const char * text, size_t length, uint64_t offset, iwf_error * error)
{
  const size_t valid = iwf_utf8_valid(text, length);
  if (valid < length)
  {
    return iwf_fail(error,
                    IWF_ERROR_SYNTAX,
                    offset,
                    NULL,
                    "expected UTF-8 text, found an invalid byte 0x%02x after %zu bytes of it",
                    (unsigned)(unsigned char)text[valid],
                    valid);
  }
  void * copy = NULL;
  IWF_TRY(iwf_arena_alloc(builder->arena, (uint64_t)length + 1, 1, &copy, error));
  if (length > 0)
  {
    memcpy(copy, text, length);
  }
  const iwf_value value = { .kind = IWF_TEXT, .offset = offset, .count = length, .of.text = copy };
  return iwf_builder_add(builder, value, error);
}

iwf_status
iwf_builder_open(iwf_builder * builder, iwf_kind kind, uint64_t count, uint64_t offset, iwf_error * error)
{
  if (builder->depth == builder->depth_limit)
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    offset,
                    NULL,
                    "maps and arrays are nested deeper than the limit depth = %" PRIu32,
                    builder->depth_limit);
  }
  uint64_t expected = IWF_INDEFINITE;
  if (count != IWF_INDEFINITE)
  {
    uint64_t bytes = 0;
    expected = count;
    if ((kind == IWF_MAP && !iwf_multiply(count, 2, &expected)) || !iwf_multiply(expected, sizeof(iwf_value), &bytes))
    {
      bytes = UINT64_MAX;
    }
    IWF_TRY(iwf_arena_check(builder->arena, bytes, error));
  }
  builder->frames[builder->depth++] = (frame){
    .kind = kind, .tag = take_tag(builder), .offset = offset, .expected = expected, .first = builder->pending_count
  };
  if (expected == 0)
  {
    iwf_value value;
    IWF_TRY(finish(builder, &value, error));
    return deliver(builder, value, error);
  }
  return IWF_OK;
}

iwf_status
iwf_builder_close(iwf_builder * builder, uint64_t offset, iwf_error * error)
{
  const frame * top = builder->depth > 0 ? &builder->frames[builder->depth - 1] : NULL;
  if (top == NULL || top->expected != IWF_INDEFINITE)
  {
    return iwf_fail(error, IWF_ERROR_SYNTAX, offset, NULL, "expected a value, found the end of a container");
  }
  if (builder->tagged || (top->kind == IWF_MAP && (builder->pending_count - top->first) % 2 != 0))
  {
    return iwf_fail(error, IWF_ERROR_SYNTAX, offset, NULL, "expected a value, found the end of its container");
  }
  iwf_value value;
  IWF_TRY(finish(builder, &value, error));
  return deliver(builder, value, error);
}

void
iwf_builder_tag(iwf_builder * builder, uint64_t tag)
{
  builder->tagged = true;
  if (tag != TAG_SELF_DESCRIBED && tag != TAG_JAVASCRIPT_MAP)
  {
    builder->tag = tag < IWF_NO_TAG ? (uint32_t)tag : IWF_NO_TAG - 1;
  }
}
