/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_FAILURE_H
#define IWF_FAILURE_H

/* Filling an iwf_error in one line: "return iwf_fail(error, IWF_ERROR_VALUE, at, key, "expected …, found …", …);" */

#include "iwf/value.h"

IWF_BEGIN_DECLS

#if defined(__GNUC__)
#  define IWF_PRINTF(text, arguments) __attribute__((format(printf, text, arguments)))
#else
#  define IWF_PRINTF(text, arguments)
#endif

/* Ends the calling function with the status of `call` unless that is IWF_OK. */
#define IWF_TRY(call)                   \
  do                                    \
  {                                     \
    const iwf_status iwf_try_ = (call); \
    if (iwf_try_ != IWF_OK)             \
    {                                   \
      return iwf_try_;                  \
    }                                   \
  } while (0)

/*
 * Fills `error` (may be NULL) and is `status`. `key` may be NULL, `offset` IWF_NO_OFFSET. A macro, so that compilers and
 * analyzers see that a failure is never IWF_OK.
 */
#define iwf_fail(error, status, ...) (iwf_set_error(error, status, __VA_ARGS__), (iwf_status)(status))

/* The same for a failed system call: appends what errno means. */
#define iwf_fail_system(error, status, ...) (iwf_set_system_error(error, status, __VA_ARGS__), (iwf_status)(status))

#define iwf_fail_memory(error) \
  (iwf_set_error(error, IWF_ERROR_MEMORY, IWF_NO_OFFSET, NULL, "out of memory"), (iwf_status)IWF_ERROR_MEMORY)

void
iwf_set_error(iwf_error * error, iwf_status status, uint64_t offset, const char * key, const char * format, ...)
  IWF_PRINTF(5, 6);

void
iwf_set_system_error(iwf_error * error, iwf_status status, int system_errno, const char * format, ...) IWF_PRINTF(4, 5);

/* Length of a buffer for iwf_describe() and iwf_quote(). */
#define IWF_DESCRIPTION 80

/* Names a value for "found …" in a message: 'text "abc"', 'array of 3', …. Returns `buffer`. */
const char *
iwf_describe(const iwf_value * value, char buffer[IWF_DESCRIPTION]);

/* Quotes text from a file for a message: cut, control characters and broken UTF-8 replaced. Returns `buffer`. */
const char *
iwf_quote(const char * text, size_t length, char buffer[IWF_DESCRIPTION]);

IWF_END_DECLS

#endif
