/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_BUILDER_H
#define IWF_BUILDER_H

/*
 * The one interface between parsers and everything above: parsers report events, the builder makes the tree of values.
 * Depth, memory and duplicate keys are checked here, once for JSON and CBOR.
 */

#include "arena.h"
#include "iwf/limits.h"
#include "iwf/value.h"

#include <stdbool.h>

IWF_BEGIN_DECLS

/* Count of a container that ends with iwf_builder_close(). */
#define IWF_INDEFINITE UINT64_MAX

typedef struct iwf_builder
{
  iwf_arena *                arena;
  uint32_t                   depth_limit;
  struct iwf_builder_frame * frames; /* open containers, outermost first */
  uint32_t                   depth;
  iwf_value *                pending; /* values, and keys as text, that wait for the end of their containers */
  size_t                     pending_count;
  size_t                     pending_capacity;
  uint32_t                   tag;    /* of the next value */
  bool                       tagged; /* a tag waits for its value, be it one that says nothing */
  bool                       done;
  iwf_value                  root;
} iwf_builder;

iwf_status
iwf_builder_init(iwf_builder * builder, iwf_arena * arena, const iwf_limits * limits, iwf_error * error);

/* A null, boolean, number, text or byte string; what it points to must live as long as the arena. */
iwf_status
iwf_builder_add(iwf_builder * builder, iwf_value value, iwf_error * error);

/* Copies text into the arena after checking that it is UTF-8; an event like iwf_builder_add(). */
iwf_status
iwf_builder_add_text(iwf_builder * builder, const char * text, size_t length, uint64_t offset, iwf_error * error);

/* Begins an array or a map (whose keys are events of their own) of `count` items or members, or IWF_INDEFINITE. */
iwf_status
iwf_builder_open(iwf_builder * builder, iwf_kind kind, uint64_t count, uint64_t offset, iwf_error * error);

/* Ends the innermost container, which must be indefinite. */
iwf_status
iwf_builder_close(iwf_builder * builder, uint64_t offset, iwf_error * error);

/* The next value has this CBOR tag. */
void
iwf_builder_tag(iwf_builder * builder, uint64_t tag);

/* Frees what the builder itself holds; the tree stays in the arena. */
void
iwf_builder_free(iwf_builder * builder);

IWF_END_DECLS

#endif
