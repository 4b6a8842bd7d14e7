/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_WRITER_H
#define IWF_WRITER_H

/**
 * \file
 * Writing an object: open a writer with the object's information, hand over the payloads from the caller's memory,
 * commit. Until the commit the target is untouched; closing without a commit rolls back.
 *
 * What is written is deterministic: the same information and payloads give the same bytes.
 */

#include "iwf/image.h"
#include "iwf/mesh.h"
#include "iwf/transform.h"

IWF_BEGIN_DECLS

/** An object that is being written. */
typedef struct iwf_writer iwf_writer;

/** What a caller may choose; all zero means the defaults. */
typedef struct iwf_write_options
{
  int compression_level; /**< zstd level for .zst: 1 … 22, negative for the fast ones; 0 means the default, 3 */
} iwf_write_options;

/**
 * Begins to write an image, a mesh or a list of transforms. The path's suffix names family and container
 * (iwf_path_format()); an existing object of that name stays as it is until iwf_writer_commit().
 * \param[out] writer set to NULL on failure; close with iwf_writer_close()
 * \param info borrowed during the call only
 * \param options NULL for the defaults
 */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_open_image(iwf_writer **             writer,
                      const char *              path,
                      const iwf_image_info *    info,
                      const iwf_write_options * options,
                      iwf_error *               error);

/** \copydoc iwf_writer_open_image() */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_open_mesh(iwf_writer **             writer,
                     const char *              path,
                     const iwf_mesh_info *     info,
                     const iwf_write_options * options,
                     iwf_error *               error);

/** The same for \a count transforms, at least 1. \see iwf_writer_open_image() */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_open_transforms(iwf_writer **              writer,
                           const char *               path,
                           const iwf_transform_info * infos,
                           size_t                     count,
                           const iwf_write_options *  options,
                           iwf_error *                error);

/**
 * Writes bytes of a payload from memory in the host's byte order. In directories and plain CBOR the calls may come in
 * any order and cover any part; a compressed file takes the payloads in the order of the file and each one from its
 * first byte to its last. Every byte of every payload must be written before the commit.
 * \param record 0, or the index of the transform
 * \param payload an ::iwf_image_payload, ::iwf_mesh_payload or ::iwf_transform_payload
 * \param first,bytes multiples of the component size, within the payload
 */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_write(iwf_writer * writer,
                 size_t       record,
                 int          payload,
                 uint64_t     first,
                 uint64_t     bytes,
                 const void * buffer,
                 iwf_error *  error);

/** Writes a region of an image from memory without gaps, x fastest. */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_write_region(iwf_writer * writer, const iwf_region * region, const void * buffer, iwf_error * error);

/**
 * Puts the object in its place, atomically: a reader sees the old object or the new one, never a mix.
 * \return ::IWF_ERROR_STATE when payload bytes are missing. After any failure the target is as it was before.
 */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_commit(iwf_writer * writer, iwf_error * error);

/** Closes the writer; without a commit, removes all that it has written. Safe on NULL. */
IWF_API void
iwf_writer_close(iwf_writer * writer);

/**
 * Opens a committed image for replacing pixels in place, as pasting a region into a file does: the header stays as it
 * is. This is the one operation that is not atomic. iwf_writer_commit() ends it.
 * \param info must agree with the file in size and pixel type
 * \return ::IWF_ERROR_UNSUPPORTED for compressed files
 */
IWF_API IWF_MUST_USE iwf_status
iwf_writer_open_paste(iwf_writer ** writer, const char * path, const iwf_image_info * info, iwf_error * error);

IWF_END_DECLS

#endif
