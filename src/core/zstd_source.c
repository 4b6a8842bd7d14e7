/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "checked.h"
#include "failure.h"
#include "fresh_memory.h"
#include "source.h"
#include "zstd_frames.h"

#include <zstd.h>
#include <zstd_errors.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * A zstd stream has no random access: reading goes forward, and back only by beginning again. Who goes back often gets
 * all of the content into memory, or a file whose arrays lie in the wrong order would take the square of its size.
 */
typedef struct zstd_source
{
  iwf_source      interface;
  iwf_source *    compressed;
  ZSTD_DCtx *     decoder;
  uint64_t        position;            /* of the next decompressed byte */
  uint64_t        compressed_position; /* of the next byte to load */
  ZSTD_inBuffer   input;
  size_t          hint; /* what the decoder said last: 0 after the end of a frame */
  unsigned char * scratch;
  unsigned char * loaded;
  unsigned        rewinds;
  unsigned char * content; /* all of it, or NULL */
} zstd_source;

enum
{
  LOAD_BYTES = 256 * 1024,
  SCRATCH_BYTES = 128 * 1024,
  MOST_REWINDS = 16
};

#define LARGEST_CONTENT (UINT64_C(512) << 20)

static iwf_status
fail_zstd(const zstd_source * zstd, size_t code, iwf_error * error)
{
  return iwf_fail(error,
                  ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation ? IWF_ERROR_MEMORY : IWF_ERROR_SYNTAX,
                  zstd->compressed_position - (zstd->input.size - zstd->input.pos),
                  NULL,
                  "expected zstd data: %s",
                  ZSTD_getErrorName(code));
}

static void
rewind_source(zstd_source * zstd)
{
  (void)ZSTD_DCtx_reset(zstd->decoder, ZSTD_reset_session_only);
  zstd->position = 0;
  zstd->compressed_position = 0;
  zstd->input = (ZSTD_inBuffer){ .src = zstd->loaded };
  zstd->hint = 0;
}

/* Decompresses more into `output`. `*ended` is set when the file has no more. */
static iwf_status
advance(zstd_source * zstd, ZSTD_outBuffer * output, bool * ended, iwf_error * error)
{
  const uint64_t left = zstd->compressed->size - zstd->compressed_position;
  if (zstd->input.pos == zstd->input.size && left > 0)
  {
    const size_t load = left < LOAD_BYTES ? (size_t)left : LOAD_BYTES;
    IWF_TRY(iwf_source_read(zstd->compressed, zstd->compressed_position, zstd->loaded, load, error));
    zstd->compressed_position += load;
    zstd->input = (ZSTD_inBuffer){ .src = zstd->loaded, .size = load };
  }
  const size_t written = output->pos;
  const size_t consumed = zstd->input.pos;
  const size_t hint = ZSTD_decompressStream(zstd->decoder, output, &zstd->input);
  if (ZSTD_isError(hint))
  {
    return fail_zstd(zstd, hint, error);
  }
  zstd->position += output->pos - written;
  *ended = output->pos == written && zstd->input.pos == consumed && zstd->compressed_position == zstd->compressed->size;
  if (!*ended)
  {
    zstd->hint = hint;
  }
  else if (zstd->hint != 0 && output->pos < output->size)
  {
    return iwf_fail(error,
                    IWF_ERROR_TRUNCATED,
                    zstd->compressed->size,
                    NULL,
                    "expected the rest of a zstd frame, found the end of the file");
  }
  return IWF_OK;
}

/* Takes in what follows the last byte: only then has zstd compared the checksum. */
static iwf_status
finish(zstd_source * zstd, iwf_error * error)
{
  bool ended = false;
  while (!ended)
  {
    unsigned char  none;
    ZSTD_outBuffer output = { .dst = &none };
    IWF_TRY(advance(zstd, &output, &ended, error));
  }
  return IWF_OK;
}

/* Decompresses from where the stream is, or from a later offset on. */
static iwf_status
decompress(zstd_source *      zstd,
           uint64_t           offset,
           unsigned char *    target,
           uint64_t           bytes,
           iwf_fresh_memory * memory,
           iwf_error *        error)
{
  iwf_source * source = &zstd->interface;
  bool         ended = false;
  while (bytes > 0 && !ended)
  {
    const bool       skip = zstd->position < offset;
    const uint64_t   wanted = skip ? offset - zstd->position : bytes;
    const uint64_t   most = skip ? SCRATCH_BYTES : UINT64_C(1) << 30;
    ZSTD_outBuffer   output = { .dst = skip ? zstd->scratch : target, .size = (size_t)(wanted < most ? wanted : most) };
    const iwf_status status = advance(zstd, &output, &ended, error);
    if (status != IWF_OK)
    {
      rewind_source(zstd); /* the decoder is of no use after an error */
      return status;
    }
    if (!skip)
    {
      target += output.pos;
      bytes -= output.pos;
      offset += output.pos;
      iwf_fresh_memory_reach(memory, (uint64_t)(target - memory->buffer));
    }
  }
  if (bytes > 0)
  {
    source->size = zstd->position;
    source->size_is_exact = true;
    return iwf_fail(error,
                    IWF_ERROR_TRUNCATED,
                    zstd->position,
                    NULL,
                    "expected %" PRIu64 " more bytes, found the end of the decompressed data",
                    bytes);
  }
  /* Also where the size is a bound: there cannot be more, so what follows must be the end. */
  return zstd->position == source->size ? finish(zstd, error) : IWF_OK;
}

static iwf_status
read_forward(zstd_source * zstd, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  iwf_fresh_memory memory;
  iwf_fresh_memory_start(&memory, buffer, bytes);
  const iwf_status status = decompress(zstd, offset, buffer, bytes, &memory, error);
  iwf_fresh_memory_stop(&memory);
  return status;
}

/* Reads all of the content into memory; leaves things as they are where there is too much of it. */
static iwf_status
load_content(zstd_source * zstd, iwf_error * error)
{
  iwf_source *    source = &zstd->interface;
  unsigned char * content = source->size <= LARGEST_CONTENT ? malloc((size_t)source->size + 1) : NULL;
  if (content == NULL)
  {
    return IWF_OK;
  }
  rewind_source(zstd);
  iwf_status status = read_forward(zstd, 0, content, source->size, error);
  if (status == IWF_ERROR_TRUNCATED && source->size_is_exact && zstd->position == source->size)
  {
    status = IWF_OK; /* the size was a bound, and the end is known now */
  }
  if (status != IWF_OK)
  {
    free(content);
    return status;
  }
  zstd->content = content;
  return IWF_OK;
}

static iwf_status
read_zstd(iwf_source * source, uint64_t offset, void * buffer, uint64_t bytes, iwf_error * error)
{
  zstd_source * zstd = (zstd_source *)source;
  if (zstd->content == NULL && offset < zstd->position)
  {
    rewind_source(zstd);
    if (++zstd->rewinds == MOST_REWINDS)
    {
      IWF_TRY(load_content(zstd, error));
    }
  }
  if (zstd->content == NULL)
  {
    return read_forward(zstd, offset, buffer, bytes, error);
  }
  if (!iwf_within(offset, bytes, source->size)) /* the size was a bound when the caller compared */
  {
    return iwf_fail(error,
                    IWF_ERROR_TRUNCATED,
                    source->size,
                    NULL,
                    "expected %" PRIu64 " more bytes, found the end of the decompressed data",
                    bytes);
  }
  memcpy(buffer, zstd->content + offset, (size_t)bytes);
  return IWF_OK;
}

static void
free_all(zstd_source * zstd)
{
  free(zstd->content);
  (void)ZSTD_freeDCtx(zstd->decoder);
  free(zstd->scratch);
  free(zstd->loaded);
  free(zstd);
}

static void
close_zstd(iwf_source * source)
{
  zstd_source * zstd = (zstd_source *)source;
  iwf_source_close(zstd->compressed);
  free_all(zstd);
}

iwf_status
iwf_source_open_zstd(iwf_source ** source, iwf_source * compressed, const iwf_limits * limits, iwf_error * error)
{
  iwf_zstd_frames frames;
  IWF_TRY(iwf_zstd_frames_check(compressed, limits, &frames, error));
  zstd_source * zstd = calloc(1, sizeof(zstd_source));
  if (zstd == NULL)
  {
    return iwf_fail_memory(error);
  }
  zstd->decoder = ZSTD_createDCtx();
  zstd->scratch = malloc(SCRATCH_BYTES);
  zstd->loaded = malloc(LOAD_BYTES);
  if (zstd->decoder == NULL || zstd->scratch == NULL || zstd->loaded == NULL)
  {
    free_all(zstd);
    return iwf_fail_memory(error);
  }
  const int largest = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax).upperBound;
  (void)ZSTD_DCtx_setParameter(zstd->decoder,
                               ZSTD_d_windowLogMax,
                               limits->zstd_window_log < (uint32_t)largest ? (int)limits->zstd_window_log : largest);
  zstd->interface = (iwf_source){ .read = read_zstd,
                                  .close = close_zstd,
                                  .size = frames.content_bytes,
                                  .size_is_exact = frames.content_is_exact,
                                  .descriptor = -1 };
  zstd->compressed = compressed;
  rewind_source(zstd);
  *source = &zstd->interface;
  return IWF_OK;
}
