/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#include "zstd_frames.h"

#include "checked.h"
#include "failure.h"

#include <zstd.h>

#include <inttypes.h>
#include <string.h>

enum
{
  LARGEST_BLOCK = 128 * 1024,
  BLOCK_HEADER = 3,
  LONGEST_FRAME_HEADER = 18,
  BLOCK_RLE = 1,
  BLOCK_COMPRESSED = 2,
  BLOCK_RESERVED = 3,
  SMALLEST_COMPRESSED = 2
};

typedef struct frame_header
{
  bool     skippable;
  uint64_t bytes;   /* of the header, and of the content of a skippable frame */
  uint64_t window;  /* bytes of history that the decoder keeps */
  uint64_t content; /* bytes; if known */
  bool     content_known;
  bool     checksum;
} frame_header;

static uint64_t
little_endian(const unsigned char * bytes, size_t count)
{
  uint64_t value = 0;
  for (size_t i = count; i > 0; --i)
  {
    value = value << 8 | bytes[i - 1];
  }
  return value;
}

static iwf_status
truncated(uint64_t offset, iwf_error * error)
{
  return iwf_fail(
    error, IWF_ERROR_TRUNCATED, offset, NULL, "expected the rest of a zstd frame, found the end of the file");
}

static iwf_status
parse_frame_header(const unsigned char * bytes,
                   size_t                available,
                   uint64_t              offset,
                   frame_header *        header,
                   iwf_error *           error)
{
  *header = (frame_header){ 0 };
  if (available < 5)
  {
    return truncated(offset, error);
  }
  const uint64_t magic = little_endian(bytes, 4);
  if ((magic & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START)
  {
    if (available < 8)
    {
      return truncated(offset, error);
    }
    header->skippable = true;
    header->bytes = 8 + little_endian(bytes + 4, 4);
    return IWF_OK;
  }
  if (magic != ZSTD_MAGICNUMBER)
  {
    return iwf_fail(error,
                    IWF_ERROR_SYNTAX,
                    offset,
                    NULL,
                    "expected a zstd frame (28 b5 2f fd), found %02x %02x %02x %02x",
                    bytes[0],
                    bytes[1],
                    bytes[2],
                    bytes[3]);
  }
  if ((bytes[4] & 8u) != 0)
  {
    return iwf_fail(error,
                    IWF_ERROR_SYNTAX,
                    offset + 4,
                    NULL,
                    "expected a zstd frame header, found a reserved bit in 0x%02x",
                    bytes[4]);
  }
  static const size_t dictionary_bytes[] = { 0, 1, 2, 4 };
  static const size_t content_bytes[] = { 0, 2, 4, 8 };
  const unsigned      descriptor = bytes[4];
  const bool          single_segment = (descriptor & 0x20u) != 0;
  size_t              position = 5 + (single_segment ? 0 : 1);
  const size_t        dictionary = dictionary_bytes[descriptor & 3u];
  size_t              content = content_bytes[descriptor >> 6];
  if (content == 0 && single_segment)
  {
    content = 1;
  }
  if (available < position + dictionary + content)
  {
    return truncated(offset, error);
  }
  if (!single_segment)
  {
    const uint64_t base = UINT64_C(1) << (10 + (bytes[5] >> 3));
    header->window = base + base / 8 * (bytes[5] & 7u);
  }
  position += dictionary;
  header->content_known = content > 0;
  header->content = little_endian(bytes + position, content) + (content == 2 ? 256 : 0);
  header->checksum = (descriptor & 4u) != 0;
  header->bytes = position + content;
  if (single_segment)
  {
    header->window = header->content;
  }
  return IWF_OK;
}

/* What was read last: many small blocks must not cost a system call each. */
typedef struct lookahead
{
  uint64_t      start;
  size_t        bytes;
  unsigned char data[1024];
} lookahead;

/* Reads a few bytes that lie within the file. */
static iwf_status
look(iwf_source *    compressed,
     lookahead *     ahead,
     uint64_t        position,
     unsigned char * bytes,
     size_t          count,
     iwf_error *     error)
{
  if (position < ahead->start || !iwf_within(position - ahead->start, count, ahead->bytes))
  {
    const uint64_t left = compressed->size - position;
    const size_t   fill = left < sizeof(ahead->data) ? (size_t)left : sizeof(ahead->data);
    ahead->bytes = 0;
    IWF_TRY(iwf_source_read(compressed, position, ahead->data, fill, error));
    ahead->start = position;
    ahead->bytes = fill;
  }
  memcpy(bytes, ahead->data + (position - ahead->start), count);
  return IWF_OK;
}

/* Walks over a frame's blocks; `*most` becomes the most bytes that they can hold. */
static iwf_status
walk_blocks(iwf_source * compressed, lookahead * ahead, uint64_t * position, uint64_t * most, iwf_error * error)
{
  *most = 0;
  for (;;)
  {
    unsigned char bytes[BLOCK_HEADER];
    if (!iwf_within(*position, sizeof(bytes), compressed->size))
    {
      return truncated(*position, error);
    }
    IWF_TRY(look(compressed, ahead, *position, bytes, sizeof(bytes), error));
    const uint64_t block = little_endian(bytes, sizeof(bytes));
    const unsigned type = (block >> 1) & 3u;
    const uint64_t size = block >> 3;
    /* zstd itself takes an empty compressed block when it decodes a stream, but not when it decodes a whole frame. */
    if (type == BLOCK_RESERVED || size > LARGEST_BLOCK || (type == BLOCK_COMPRESSED && size < SMALLEST_COMPRESSED))
    {
      return iwf_fail(error, IWF_ERROR_SYNTAX, *position, NULL, "expected a zstd block, found 0x%06" PRIx64, block);
    }
    *most += type == BLOCK_COMPRESSED ? LARGEST_BLOCK : size; /* no overflow: at least 3 bytes of file each */
    *position += sizeof(bytes);
    const uint64_t stored = type == BLOCK_RLE ? 1 : size;
    if (!iwf_within(*position, stored, compressed->size))
    {
      return truncated(*position, error);
    }
    *position += stored;
    if ((block & 1u) != 0)
    {
      return IWF_OK;
    }
  }
}

static iwf_status
walk_frame(iwf_source *       compressed,
           lookahead *        ahead,
           const iwf_limits * limits,
           uint64_t *         position,
           iwf_zstd_frames *  frames,
           iwf_error *        error)
{
  unsigned char  bytes[LONGEST_FRAME_HEADER];
  const uint64_t left = compressed->size - *position;
  const size_t   available = left < sizeof(bytes) ? (size_t)left : sizeof(bytes);
  frame_header   header;
  IWF_TRY(look(compressed, ahead, *position, bytes, available, error));
  IWF_TRY(parse_frame_header(bytes, available, *position, &header, error));
  if (!iwf_within(*position, header.bytes, compressed->size))
  {
    return truncated(*position, error);
  }
  const uint64_t start = *position;
  *position += header.bytes;
  if (header.skippable)
  {
    return IWF_OK;
  }
  if (limits->zstd_window_log < 63 && header.window > UINT64_C(1) << limits->zstd_window_log)
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    start,
                    NULL,
                    "the zstd frame needs a window of %" PRIu64
                    " bytes, more than the limit zstd_window_log = %" PRIu32,
                    header.window,
                    limits->zstd_window_log);
  }
  uint64_t most = 0;
  IWF_TRY(walk_blocks(compressed, ahead, position, &most, error));
  if (header.content_known && header.content > most)
  {
    return iwf_fail(error,
                    IWF_ERROR_LENGTH,
                    start,
                    NULL,
                    "expected the %" PRIu64 " bytes that the zstd frame promises, found blocks of at most %" PRIu64,
                    header.content,
                    most);
  }
  if (header.checksum)
  {
    if (!iwf_within(*position, 4, compressed->size))
    {
      return truncated(*position, error);
    }
    *position += 4;
  }
  frames->content_is_exact = frames->content_is_exact && header.content_known;
  frames->content_bytes += header.content_known ? header.content : most;
  return IWF_OK;
}

iwf_status
iwf_zstd_frames_check(iwf_source * compressed, const iwf_limits * limits, iwf_zstd_frames * frames, iwf_error * error)
{
  *frames = (iwf_zstd_frames){ .content_is_exact = true };
  lookahead ahead = { 0 };
  uint64_t  position = 0;
  do
  {
    IWF_TRY(walk_frame(compressed, &ahead, limits, &position, frames, error));
  } while (position < compressed->size);
  uint64_t allowed = 0;
  if (!iwf_multiply(compressed->size, limits->zstd_expansion_ratio, &allowed))
  {
    allowed = UINT64_MAX;
  }
  if (frames->content_bytes > limits->zstd_expanded_bytes && frames->content_bytes > allowed)
  {
    return iwf_fail(error,
                    IWF_ERROR_LIMIT,
                    IWF_NO_OFFSET,
                    NULL,
                    "%" PRIu64 " bytes decompress to %" PRIu64 ", more than the limits zstd_expanded_bytes = %" PRIu64
                    " and zstd_expansion_ratio = %" PRIu64,
                    compressed->size,
                    frames->content_bytes,
                    limits->zstd_expanded_bytes,
                    limits->zstd_expansion_ratio);
  }
  return IWF_OK;
}
