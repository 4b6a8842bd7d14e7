/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_UTF8_H
#define IWF_UTF8_H

#include <stddef.h>

/* Length of the longest prefix of `text` that is well-formed UTF-8 (RFC 3629: shortest forms, no surrogates). */
size_t
iwf_utf8_valid(const char * text, size_t length);

#endif
