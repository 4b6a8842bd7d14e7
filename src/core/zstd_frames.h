/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_ZSTD_FRAMES_H
#define IWF_ZSTD_FRAMES_H

#include "source.h"

/* What a compressed file says about its content, from its frame and block headers alone (RFC 8878 section 3.1). */
typedef struct iwf_zstd_frames
{
  uint64_t content_bytes; /* exact if every frame tells it, else the most that the blocks can hold */
  bool     content_is_exact;
} iwf_zstd_frames;

/*
 * Walks over the frames: fails unless they are complete, possible, and within the limits. This is what a compressed
 * file's real size is to an uncompressed one: a bound on what its header may claim.
 */
iwf_status
iwf_zstd_frames_check(iwf_source * compressed, const iwf_limits * limits, iwf_zstd_frames * frames, iwf_error * error);

#endif
