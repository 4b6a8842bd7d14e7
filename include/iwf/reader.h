/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_READER_H
#define IWF_READER_H

/**
 * \file
 * Reading an object: open it (which reads the header and locates the payloads, never reading them), look at its
 * information, read payloads or regions straight into the caller's memory.
 *
 * An open reader holds the object as it was when it was opened, also when a writer replaces it meanwhile. One reader
 * may be used by one thread at a time; different readers are independent.
 */

#include "iwf/image.h"
#include "iwf/mesh.h"
#include "iwf/transform.h"

IWF_BEGIN_DECLS

/** An open object. */
typedef struct iwf_reader iwf_reader;

/**
 * Opens an object by its path; family and container follow from the suffix (iwf_path_format()).
 * \param[out] reader set to NULL on failure; close with iwf_reader_close()
 * \param limits NULL for the defaults
 * \param error may be NULL
 */
IWF_API IWF_MUST_USE iwf_status
iwf_reader_open(iwf_reader ** reader, const char * path, const iwf_limits * limits, iwf_error * error);

/**
 * Opens an object that lies in memory, as CBOR or compressed CBOR.
 * \param data borrowed until the reader is closed
 */
IWF_API IWF_MUST_USE iwf_status
iwf_reader_open_memory(iwf_reader **      reader,
                       const void *       data,
                       size_t             size,
                       iwf_family         family,
                       iwf_container      container,
                       const iwf_limits * limits,
                       iwf_error *        error);

/** What the reader's object is. */
IWF_API iwf_family
iwf_reader_family(const iwf_reader * reader);

/** The image's information, owned by the reader; NULL if the object is not an image. */
IWF_API const iwf_image_info *
iwf_reader_image(const iwf_reader * reader);

/** The mesh's information, owned by the reader; NULL if the object is not a mesh. */
IWF_API const iwf_mesh_info *
iwf_reader_mesh(const iwf_reader * reader);

/** The transforms' information, \a count of them, owned by the reader; NULL if the object is not a transform list. */
IWF_API const iwf_transform_info *
iwf_reader_transforms(const iwf_reader * reader, size_t * count);

/**
 * Length of a payload in bytes.
 * \param record 0, or the index of the transform
 * \param payload an ::iwf_image_payload, ::iwf_mesh_payload or ::iwf_transform_payload
 */
IWF_API uint64_t
iwf_reader_payload_bytes(const iwf_reader * reader, size_t record, int payload);

/**
 * Reads bytes of a payload, in the host's byte order. Large reads of uncompressed files use several threads.
 * \param first,bytes multiples of the component size, within the payload
 * \param[out] buffer \a bytes bytes; undefined after a failure
 */
IWF_API IWF_MUST_USE iwf_status
iwf_reader_read(iwf_reader * reader,
                size_t       record,
                int          payload,
                uint64_t     first,
                uint64_t     bytes,
                void *       buffer,
                iwf_error *  error);

/**
 * Reads a region of an image, x fastest, without gaps.
 * \param[out] buffer iwf_image_region_bytes() bytes
 */
IWF_API IWF_MUST_USE iwf_status
iwf_reader_read_region(iwf_reader * reader, const iwf_region * region, void * buffer, iwf_error * error);

/** A private, writable map of a payload: pages are read when touched, changes never reach the file. */
typedef struct iwf_mapping
{
  void *   data;  /**< the payload's first byte */
  uint64_t bytes; /**< its length */
  void *   base;  /**< of the library */
  size_t   span;  /**< of the library */
} iwf_mapping;

/**
 * Maps a payload into memory. The mapping outlives the reader; release it with iwf_mapping_release(). When somebody
 * truncates the file in place while it is mapped, touching the lost pages kills the process with SIGBUS.
 * \return ::IWF_ERROR_UNSUPPORTED where the payload is compressed, in pieces, byte-swapped, or not aligned to its
 *         component size: read it instead.
 */
IWF_API IWF_MUST_USE iwf_status
iwf_reader_map(iwf_reader * reader, size_t record, int payload, iwf_mapping * mapping, iwf_error * error);

/** Releases a mapping. Safe on a zeroed struct. */
IWF_API void
iwf_mapping_release(iwf_mapping * mapping);

/** Closes the reader and frees all that it owns. Safe on NULL. */
IWF_API void
iwf_reader_close(iwf_reader * reader);

IWF_END_DECLS

#endif
