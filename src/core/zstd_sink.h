/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_ZSTD_SINK_H
#define IWF_ZSTD_SINK_H

/* Compresses a stream of bytes into a file: one frame with content size and checksum, by as many threads as there are. */

#include "iwf/status.h"

typedef struct iwf_zstd_sink iwf_zstd_sink;

/* `content_bytes` is what will be appended in all; `descriptor` is borrowed. */
iwf_status
iwf_zstd_sink_open(iwf_zstd_sink ** sink, int descriptor, uint64_t content_bytes, int level, iwf_error * error);

iwf_status
iwf_zstd_sink_append(iwf_zstd_sink * sink, const void * data, uint64_t bytes, iwf_error * error);

/* Ends the frame. */
iwf_status
iwf_zstd_sink_finish(iwf_zstd_sink * sink, iwf_error * error);

/* Safe on NULL. */
void
iwf_zstd_sink_close(iwf_zstd_sink * sink);

#endif
