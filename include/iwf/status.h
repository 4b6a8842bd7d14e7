/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_STATUS_H
#define IWF_STATUS_H

/**
 * \file
 * How every function of this library reports what happened.
 *
 * Functions return an ::iwf_status and fill an optional, caller-owned ::iwf_error. Nothing is printed, nothing is
 * global, no exception leaves the library.
 */

#include <stddef.h>
#include <stdint.h>

/** \cond */
#ifdef __cplusplus
#  define IWF_BEGIN_DECLS \
    extern "C"            \
    {
#  define IWF_END_DECLS }
#else
#  define IWF_BEGIN_DECLS
#  define IWF_END_DECLS
#endif

#if defined(__GNUC__)
#  define IWF_MUST_USE __attribute__((warn_unused_result))
#  define IWF_API      __attribute__((visibility("default")))
#else
#  define IWF_MUST_USE
#  define IWF_API
#endif
/** \endcond */

IWF_BEGIN_DECLS

/** What happened. The hundreds tell whose fault it is: the caller's, the system's, the file's, or a limit's. */
typedef enum iwf_status
{
  IWF_OK = 0,

  IWF_ERROR_ARGUMENT = 1, /**< an argument is outside of what the function documents */
  IWF_ERROR_STATE = 2,    /**< the call is out of order, or the handle failed before */

  IWF_ERROR_MEMORY = 100, /**< the system has no memory left */
  IWF_ERROR_OPEN = 101,   /**< a file or directory could not be opened or created */
  IWF_ERROR_READ = 102,   /**< the system failed to read */
  IWF_ERROR_WRITE = 103,  /**< the system failed to write: disk full, size limit, … */
  IWF_ERROR_COMMIT = 104, /**< the finished object could not be put in its place */

  IWF_ERROR_TRUNCATED = 200, /**< the file ends before what it promised */
  IWF_ERROR_SYNTAX = 201,    /**< not well-formed CBOR (RFC 8949), JSON (RFC 8259) or zstd (RFC 8878) */
  IWF_ERROR_VALUE = 202,     /**< a key's value has the wrong type or is out of range */
  IWF_ERROR_MISSING = 203,   /**< a required key or raw file is missing */
  IWF_ERROR_DUPLICATE = 204, /**< a key appears twice in one map */
  IWF_ERROR_LENGTH = 205,    /**< an array is longer or shorter than the header says */
  IWF_ERROR_PATH = 206,      /**< a URI or raw file is not a plain file inside of the object's directory */

  IWF_ERROR_LIMIT = 300,      /**< within the format, but beyond an ::iwf_limits */
  IWF_ERROR_UNSUPPORTED = 301 /**< within the format, but this library cannot represent it */
} iwf_status;

/** Value of iwf_error::offset where no byte offset applies. */
#define IWF_NO_OFFSET UINT64_MAX

/** What went wrong, and where. Plain data owned by the caller; valid until it is passed to another call. */
typedef struct iwf_error
{
  iwf_status status;       /**< what the function returned */
  int        system_errno; /**< errno of the failed system call, else 0 */
  uint64_t   offset;       /**< byte offset in the CBOR or JSON text, else ::IWF_NO_OFFSET */
  char       key[96];      /**< path of the key, such as "imageType.dimension", else "" */
  char       message[512]; /**< one line, UTF-8: where, what was expected and what was found; not the object's path */
} iwf_error;

/** Returns the name of a status, such as "IWF_ERROR_TRUNCATED". Never NULL. */
IWF_API const char *
iwf_status_name(iwf_status status);

IWF_END_DECLS

#endif
