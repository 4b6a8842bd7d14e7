/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_LIMITS_H
#define IWF_LIMITS_H

/**
 * \file
 * What a reader is willing to spend on a file before it has proved itself. A file beyond a limit is refused with
 * ::IWF_ERROR_LIMIT and a message that names the limit. Pixels, points and other payloads are not limited here: their
 * sizes are compared with the bytes that are really in the file before anybody allocates for them.
 */

#include "iwf/status.h"

IWF_BEGIN_DECLS

/** Largest image, mesh or transform dimension that the library represents. */
#define IWF_MAX_DIMENSION 16

/** The limits of a reader. */
typedef struct iwf_limits
{
  uint64_t header_bytes;    /**< text of index.json, or CBOR without its byte strings; default 16 MiB */
  uint64_t header_memory;   /**< memory for the parsed header; default 32 MiB */
  uint32_t depth;           /**< nesting of maps and arrays; default 32 */
  uint32_t transforms;      /**< entries of a transform list; default 65536 */
  uint32_t zstd_window_log; /**< log2 of the largest zstd window in bytes; default 27 (128 MiB), as the zstd tool */
  /** Decompressed bytes that are fine whatever the compressed size; default 1 GiB. */
  uint64_t zstd_expanded_bytes;
  /** Beyond that, the most that one compressed byte may expand to; default 4096. */
  uint64_t zstd_expansion_ratio;
} iwf_limits;

/** Fills \a limits with the defaults. */
IWF_API void
iwf_limits_init(iwf_limits * limits);

/**
 * Changes limits by their names, as a command line or the environment gives them: "depth=64,transforms=100000".
 * \param text names of the members above with whole numbers; may be empty
 * \return ::IWF_ERROR_ARGUMENT, and \a limits as they were, for anything else
 */
IWF_API IWF_MUST_USE iwf_status
iwf_limits_parse(iwf_limits * limits, const char * text, iwf_error * error);

IWF_END_DECLS

#endif
