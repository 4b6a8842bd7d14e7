/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "zstd_sink.h"

#include "failure.h"
#include "file.h"
#include "parallel.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <stdlib.h>

enum
{
  DEFAULT_LEVEL = 3,
  OUTPUT_BYTES = 1 << 20
};

struct iwf_zstd_sink
{
  ZSTD_CCtx *     encoder;
  int             descriptor;
  uint64_t        position; /* in the file */
  unsigned char * output;
};

static iwf_status
fail_zstd(size_t code, iwf_error * error)
{
  return iwf_fail(error,
                  ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation ? IWF_ERROR_MEMORY : IWF_ERROR_WRITE,
                  IWF_NO_OFFSET,
                  NULL,
                  "could not compress: %s",
                  ZSTD_getErrorName(code));
}

static iwf_status
set_parameters(iwf_zstd_sink * sink, uint64_t content_bytes, int level, iwf_error * error)
{
  const ZSTD_bounds levels = ZSTD_cParam_getBounds(ZSTD_c_compressionLevel);
  if (level < levels.lowerBound || level > levels.upperBound)
  {
    return iwf_fail(error,
                    IWF_ERROR_ARGUMENT,
                    IWF_NO_OFFSET,
                    NULL,
                    "expected a compression level from %d to %d, found %d",
                    levels.lowerBound,
                    levels.upperBound,
                    level);
  }
  const size_t codes[] = {
    ZSTD_CCtx_setParameter(sink->encoder, ZSTD_c_compressionLevel, level == 0 ? DEFAULT_LEVEL : level),
    ZSTD_CCtx_setParameter(sink->encoder, ZSTD_c_checksumFlag, 1),
    /* Readers of the one-shot kind need the content's size in the frame. */
    ZSTD_CCtx_setPledgedSrcSize(sink->encoder, content_bytes),
  };
  for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); ++i)
  {
    if (ZSTD_isError(codes[i]))
    {
      return fail_zstd(codes[i], error);
    }
  }
  /*
   * At least one worker: the bytes that several make are the same for any number of them, but not for none. A library
   * without threads refuses, and makes its own.
   */
  (void)ZSTD_CCtx_setParameter(sink->encoder, ZSTD_c_nbWorkers, (int)iwf_processors());
  return IWF_OK;
}

iwf_status
iwf_zstd_sink_open(iwf_zstd_sink ** sink, int descriptor, uint64_t content_bytes, int level, iwf_error * error)
{
  iwf_zstd_sink * created = calloc(1, sizeof(iwf_zstd_sink));
  if (created == NULL)
  {
    return iwf_fail_memory(error);
  }
  created->descriptor = descriptor;
  created->encoder = ZSTD_createCCtx();
  created->output = malloc(OUTPUT_BYTES);
  const iwf_status status = created->encoder == NULL || created->output == NULL
                              ? iwf_fail_memory(error)
                              : set_parameters(created, content_bytes, level, error);
  if (status != IWF_OK)
  {
    iwf_zstd_sink_close(created);
    return status;
  }
  *sink = created;
  return IWF_OK;
}

/* Compresses until all of the input is taken, or at the end until all of the output is written. */
static iwf_status
compress(iwf_zstd_sink * sink, ZSTD_inBuffer * input, ZSTD_EndDirective directive, iwf_error * error)
{
  size_t left = 1;
  while (directive == ZSTD_e_end ? left > 0 : input->pos < input->size)
  {
    ZSTD_outBuffer output = { .dst = sink->output, .size = OUTPUT_BYTES };
    left = ZSTD_compressStream2(sink->encoder, &output, input, directive);
    if (ZSTD_isError(left))
    {
      return fail_zstd(left, error);
    }
    IWF_TRY(iwf_file_write(sink->descriptor, sink->position, sink->output, output.pos, error));
    sink->position += output.pos;
  }
  return IWF_OK;
}

iwf_status
iwf_zstd_sink_append(iwf_zstd_sink * sink, const void * data, uint64_t bytes, iwf_error * error)
{
  ZSTD_inBuffer input = { .src = data, .size = (size_t)bytes };
  return compress(sink, &input, ZSTD_e_continue, error);
}

iwf_status
iwf_zstd_sink_finish(iwf_zstd_sink * sink, iwf_error * error)
{
  ZSTD_inBuffer none = { 0 };
  return compress(sink, &none, ZSTD_e_end, error);
}

void
iwf_zstd_sink_close(iwf_zstd_sink * sink)
{
  if (sink != NULL)
  {
    (void)ZSTD_freeCCtx(sink->encoder);
    free(sink->output);
    free(sink);
  }
}
