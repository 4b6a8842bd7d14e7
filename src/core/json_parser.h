/*
 * Copyright the itk-webassemblyinterface contributors.
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef IWF_JSON_PARSER_H
#define IWF_JSON_PARSER_H

#include "builder.h"

IWF_BEGIN_DECLS

/* Parses a JSON text (RFC 8259) that lies in memory. A byte order mark is skipped; NaN and Infinity are refused. */
iwf_status
iwf_json_parse(const char * text, size_t length, iwf_builder * builder, iwf_error * error);

IWF_END_DECLS

#endif
