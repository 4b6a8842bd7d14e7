/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_WRITER_STATE_H
#define IWF_WRITER_STATE_H

/* A writer's inside, shared by the files that its work is divided into. */

#include "coverage.h"
#include "encoder.h"
#include "iwf/writer.h"
#include "payload.h"
#include "schema.h"
#include "target.h"
#include "zstd_sink.h"

/* A payload on its way to the file. */
typedef struct iwf_slot
{
  iwf_payload  payload;
  uint64_t     position; /* of its first byte in its file */
  iwf_coverage written;
} iwf_slot;

struct iwf_writer
{
  iwf_target         target;
  const iwf_schema * schema;
  iwf_container      container;
  iwf_image_info     image; /* of an image: for regions */
  iwf_slot *         slots; /* payload_count for each record, in the order of the file */
  size_t             slot_count;
  iwf_encoder *      header;
  uint64_t           total; /* bytes of a CBOR file, before compression */
  iwf_zstd_sink *    zstd;
  size_t             zstd_slot;   /* the payload that a compressed file is at */
  uint64_t           header_sent; /* bytes of the header that the compressed file has */
  int                raw;         /* the raw file that is open, of slot raw_slot; -1 if none */
  size_t             raw_slot;
  int                pasted; /* an existing file that is written in place; -1 if none */
  bool               failed;
};

/* Makes a writer that has nothing open yet; fails unless the path's suffix is one of the family's. */
iwf_status
iwf_writer_create(iwf_writer ** writer, const char * path, iwf_family family, size_t count, iwf_error * error);

/* The directory form (writer_directory.c). */

/* Writes index.json, and the raw files of arrays without elements. */
iwf_status
iwf_writer_begin_directory(iwf_writer * writer, iwf_error * error);

/* Writes bytes of a payload to its raw file. */
iwf_status
iwf_writer_write_raw(iwf_writer * writer,
                     size_t       number,
                     uint64_t     first,
                     const void * buffer,
                     uint64_t     bytes,
                     iwf_error *  error);

/* Closes the raw file that is open, if there is one. */
iwf_status
iwf_writer_close_raw(iwf_writer * writer, iwf_error * error);

#endif
